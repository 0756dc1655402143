"""One way to run a notebook in a fresh kernel, for documents and lessons alike."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from site_builder.errors import UsageError

CELL_TIMEOUT = 600
START_TIMEOUT = 120
Result = TypeVar("Result")


class _Loop(asyncio.SelectorEventLoop):
    """Leaves signals alone: nbclient would take Ctrl-C for itself, and report a kernel that died."""

    def add_signal_handler(self, *_: object) -> None:
        raise NotImplementedError


def run_to_end(main: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine; Ctrl-C ends it in order, so that no kernel is left behind."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        return runner.run(main)


async def run(notebook: Any, folder: Path, **environment: str) -> None:
    """Run all cells of ``notebook`` in ``folder``, in the Python that runs the builder; outputs go into the cells.

    Raises what nbclient raises for a cell that fails, never ends, or takes its kernel along.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as private:
        manager = AsyncKernelManager(kernel_name="python3", **_sockets(Path(private)))
        client = NotebookClient(
            notebook,
            km=manager,
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


def _sockets(private: Path) -> dict[str, str]:
    """Return where kernel and builder talk: in a private folder where the system allows, not over a network port."""
    if sys.platform == "win32":
        return {}
    return {"transport": "ipc", "connection_file": str(private / "kernel.json")}
