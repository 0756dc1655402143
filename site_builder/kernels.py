"""One way to run a notebook in a fresh kernel, for documents and lessons alike."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from site_builder.errors import UsageError

CELL_TIMEOUT = 600
START_TIMEOUT = 120


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
