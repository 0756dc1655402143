"""Re-executes notebooks and stores their outputs, all of a notebook or nothing."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from site_builder.errors import CourseError, UsageError, Where, raise_all
from site_builder.execute import ANSI, CELL_LINE, Report
from site_builder.files import read_text, write_atomic
from site_builder.kernels import noting_figures, run, run_to_end
from site_builder.project import Project

#: Metadata that changes from run to run or machine to machine and says nothing about the lesson.
VOLATILE_CELL = ("execution", "collapsed", "scrolled", "ExecuteTime")


def store_outputs(project: Project, paths: list[str], report: Report) -> int:
    """Run the notebooks side by side; store the outputs of each one that runs through to its end."""
    known = [path for path in project.documents if path.endswith(".ipynb")]
    unknown = [path for path in paths if path not in known]
    if unknown:
        raise UsageError(f"{unknown[0]}: not a notebook of the course; there are: {', '.join(known)}")
    results = run_to_end(_run_all(project, paths or known, report))
    raise_all([error for error in results if isinstance(error, CourseError)])
    return 0


async def _run_all(project: Project, paths: list[str], report: Report) -> list[CourseError | None]:
    limit = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(path: str) -> CourseError | None:
        async with limit:
            try:
                await _store(project.root, path, report)
            except CourseError as error:
                return error
        return None

    return list(await asyncio.gather(*(one(path) for path in paths)))


async def _store(root: Path, path: str, report: Report) -> None:
    report(f"  running {path}")
    started = time.perf_counter()
    try:
        notebook = nbformat.reads(read_text(root, path), as_version=4)
        nbformat.validate(notebook)
    except (ValueError, TypeError, AttributeError, KeyError, nbformat.ValidationError) as error:
        message = next(iter(str(error).splitlines()), "empty")
        raise CourseError(f"this is not a valid notebook: {message}", path) from None
    try:
        await run(notebook, (root / path).parent, noting_figures())
    except CellExecutionError:
        raise _failure(path, notebook) from None
    except (CellTimeoutError, DeadKernelError) as error:
        reason = "a cell ran too long" if isinstance(error, CellTimeoutError) else "the kernel died"
        raise CourseError(f"{reason}; the notebook is as it was", path) from None
    clean(notebook)
    write_atomic(root / path, nbformat.writes(notebook) + "\n")
    report(f"  stored  {path} ({time.perf_counter() - started:.0f} s)")


def clean(notebook: Any) -> None:
    """Take out of a notebook what differs from run to run without meaning anything."""
    if "language_info" in notebook.metadata:
        notebook.metadata.language_info = {"name": notebook.metadata.language_info.name}
    for cell in notebook.cells:
        for key in VOLATILE_CELL:
            cell.metadata.pop(key, None)


def _failure(path: str, notebook: Any) -> CourseError:
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                lines = CELL_LINE.findall(ANSI.sub("", "\n".join(output.traceback)))
                where = Where(path, int(lines[0]) if lines else 1, f"{number} ({cell.get('id', '')})")
                return CourseError(f"raised {output.ename}: {output.evalue}; the notebook is as it was", where)
    return CourseError("a cell failed; the notebook is as it was", path)
