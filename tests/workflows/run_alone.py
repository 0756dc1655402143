"""Runs notebooks as somebody who has downloaded them does: each alone in an empty folder, `course_lib` installed.

No output is compared: versions differ. But every cell must run, and the assertions in them hold what lessons claim.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

TIMEOUT = 600


def run_alone(path: Path) -> str:
    """Run a copy of a notebook in an empty folder; return what went wrong, or nothing."""
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory(prefix="alone-") as folder:
        client = NotebookClient(notebook, timeout=TIMEOUT, kernel_name="python3")
        try:
            client.execute(cwd=folder, env=_environment())
        except CellExecutionError as error:
            return f"{path.name}, cell {_failed(notebook)}: {error.ename}: {error.evalue}"
        except (CellTimeoutError, DeadKernelError) as error:
            return f"{path.name}: {type(error).__name__}: {str(error).splitlines()[0]}"
    return ""


def _environment() -> dict[str, str]:
    """Return the environment without the repository in it: the installed `course_lib` is what is tried."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _failed(notebook: nbformat.NotebookNode) -> str:
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output["output_type"] == "error" for output in cell.get("outputs", [])):
            return f"{cell.get('id', number)!r}"
    return "unknown"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run notebooks one after the other; write a report in Markdown if one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.workflows.run_alone", description=__doc__)
    parser.add_argument("--report", type=Path, required=True, metavar="FILE", help="report to write, in Markdown")
    parser.add_argument("notebooks", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    wrong = []
    for path in options.notebooks:
        message = run_alone(path)
        print(message or f"{path.name}: every cell ran", flush=True)
        wrong += [message] if message else []
    options.report.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"* `{line}`\n" for line in wrong) or "Every cell of every lesson ran.\n"
    options.report.write_text(f"## Lessons with Colab's versions\n\n{text}", "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
