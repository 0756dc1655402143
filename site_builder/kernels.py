"""One way to start a kernel, for documents and notebooks alike."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

CELL_TIMEOUT = 600
#: The same order of sets and dictionaries in every run.
ENVIRONMENT = {"PYTHONHASHSEED": "0"}


def client(notebook: Any, folder: Path) -> NotebookClient:
    """Return a client that runs ``notebook`` in ``folder`` with the Python that runs the builder."""
    # Sockets of the file system, where there are any: what a cell says does not travel over a network port.
    transport = "tcp" if sys.platform == "win32" else "ipc"
    manager = AsyncKernelManager(kernel_name="python3", transport=transport)
    resources = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, km=manager, timeout=CELL_TIMEOUT, resources=resources)


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a kernel."""
    return {**os.environ, **ENVIRONMENT, **more}
