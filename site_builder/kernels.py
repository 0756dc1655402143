"""One way to run a notebook in a fresh kernel, for documents and lessons alike."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient import NotebookClient

from site_builder.errors import UsageError

CELL_TIMEOUT = 600
START_TIMEOUT = 120
FIGURE_RECORD = Path(__file__).with_name("figure_record.py")
Result = TypeVar("Result")


def noting_figures() -> str:
    """Return the code that makes a kernel note what its figures show; it leaves no name behind."""
    text = FIGURE_RECORD.read_text("utf-8") + "\n\nwatch(__import__('IPython').get_ipython())\n"
    return f"exec({text!r}, {{'__name__': 'figure_record'}})"


class _Loop(asyncio.SelectorEventLoop):
    """Leaves signals alone: nbclient would take Ctrl-C for itself, and report a kernel that died."""

    def add_signal_handler(self, *_: object) -> None:
        raise NotImplementedError


def run_to_end(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine; Ctrl-C ends it in order, so that no kernel is left behind."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


class _Client(NotebookClient):
    """Runs a piece of code in the new kernel before the first cell, of which the notebook knows nothing."""

    def __init__(self, notebook: Any, prepare: str, **settings: Any) -> None:
        super().__init__(notebook, **settings)
        self.prepare = prepare

    async def async_start_new_kernel_client(self) -> Any:
        client = await super().async_start_new_kernel_client()
        if self.prepare:
            execute: Any = client.execute
            answer = await execute(self.prepare, silent=True, store_history=False, reply=True, timeout=START_TIMEOUT)
            content = answer["content"]
            if content["status"] != "ok":
                raise UsageError(f"preparing the kernel failed: {content['ename']}: {content['evalue']}")
        return client


async def run(notebook: Any, folder: Path, prepare: str = "", **environment: str) -> None:
    """Run all cells of ``notebook`` in ``folder``, in the Python that runs the builder; outputs go into the cells.

    ``prepare`` is code that runs before.

    Raises what nbclient raises for a cell that fails, never ends, or takes its kernel along.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as private:
        manager = AsyncKernelManager(kernel_name="python3", **_sockets(Path(private)))
        client = _Client(
            notebook,
            prepare,
            km=manager,
            coalesce_streams=True,
            timeout=CELL_TIMEOUT,
            startup_timeout=START_TIMEOUT,
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            # PYTHONHASHSEED: the same order of sets in every run.
            await client.async_execute(env={**os.environ, "PYTHONHASHSEED": "0", **environment})
        except RuntimeError as error:
            if "Kernel didn't respond" not in str(error) and "Kernel died before" not in str(error):
                raise
            raise UsageError(f"the Python kernel does not start: {error}") from None
        finally:
            if await manager.is_alive():
                await manager.shutdown_kernel(now=True)


def start_blocking(folder: Path, private: Path, **environment: str) -> tuple[KernelManager, BlockingKernelClient]:
    """Start a kernel in ``folder`` for a caller that waits for each answer; ``private`` is a folder for its sockets."""
    manager = KernelManager(kernel_name="python3", **_sockets(private))
    with open(os.devnull, "w") as nowhere:
        manager.start_kernel(cwd=str(folder), env={**os.environ, **environment}, stderr=nowhere)
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=START_TIMEOUT)
    except RuntimeError:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        raise
    return manager, client


def _sockets(private: Path) -> dict[str, str]:
    """Return where kernel and builder talk: in a private folder where the system allows, not over a network port."""
    if sys.platform == "win32":
        return {}
    return {"transport": "ipc", "connection_file": str(private / "kernel.json")}
