"""Runs the cells of `.qmd` sources in fresh kernels, documents side by side, and remembers the outcome.

A document's outcome is stored under a key made of everything it depends on: the code, `course_lib`, the data, the
pinned versions and the version of Python. The stored form is a notebook (JSON), which executes nothing when read.
"""

from __future__ import annotations

import asyncio
import json
import platform
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from site_builder.document import Code, Document, Markdown, inline_expressions
from site_builder.errors import CourseError, Where
from site_builder.files import digest, digest_files, read_sealed, write_sealed
from site_builder.kernels import CELL_TIMEOUT, run, run_to_end
from site_builder.lines import with_fences
from site_builder.project import Project, Settings

KERNEL_SETUP = Path(__file__).with_name("kernel_setup.py")
#: What a document's outcome may depend on besides its own code.
DEPENDENCIES = ("course_lib/**/*.py", "data/**/*", "constraints.txt")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: Where nbclient notes that the kernel answered.
REPLY = "shell.execute_reply"
#: A file of the course, or a pattern of files, that a cell names because it reads them.
FILE_NAME = re.compile(r"""["']((?:\w[\w.-]*/)*(?:\*|\w[\w.-]*)\.\w+)["']""")
CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")

Report = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One thing that the kernel runs: a cell, or an inline expression."""

    code: str
    where: Where
    name: str
    cell: Code | None = None


@dataclass
class Outcome:
    """What running a document gave: outputs are in its cells, inline results here, in order of appearance."""

    inline: list[Any]
    seconds: float
    cached: bool


def steps(document: Document, settings: Settings) -> list[Step]:
    """List what runs, in the order in which it stands in the source."""
    return [step for block in document.blocks for step in _block_steps(block, settings)]


def _block_steps(block: Markdown | Code, settings: Settings) -> Iterator[Step]:
    if isinstance(block, Code):
        if block.options.get("eval", settings.execute.get("eval", True)):
            label = block.options.get("label")
            yield Step(block.text, block.where, f"cell {label!r}" if label else "cell", block)
        return
    for line, fenced in with_fences(block.lines):
        for code in () if fenced else inline_expressions(line.text):
            yield Step(code, line.where, f"inline expression {code!r}")


def execute_all(
    project: Project, jobs: list[tuple[Document, Settings]], cache: Path, report: Report, workers: int
) -> dict[str, Outcome]:
    """Run all documents, at most ``workers`` at a time; the first failure ends the others.

    Outputs are put into the cells of each document. Returns the outcomes by path.
    """
    return run_to_end(_execute_all(project, jobs, cache, report, workers))


async def _execute_all(
    project: Project, jobs: list[tuple[Document, Settings]], cache: Path, report: Report, workers: int
) -> dict[str, Outcome]:
    limit = asyncio.Semaphore(max(1, workers))
    surroundings = _surroundings(project)

    async def one(document: Document, settings: Settings) -> tuple[str, Outcome]:
        async with limit:
            return document.path, await _execute(project, document, settings, surroundings, cache, report)

    tasks = [asyncio.create_task(one(*job)) for job in jobs]
    try:
        return dict([await task for task in asyncio.as_completed(tasks)])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _surroundings(project: Project) -> str:
    """Return the hash of what every document may use: library, data, versions."""
    paths = [path for pattern in DEPENDENCIES for path in project.glob(pattern) if "__pycache__" not in path]
    return digest(digest_files(project.root, paths), platform.python_version(), platform.machine())


def named_files(project: Project, code: list[str]) -> list[str]:
    """Return the hash of the files that the code names, if any: a page that reads a deck changes with it."""
    names = {name for text in code for name in FILE_NAME.findall(text)}
    paths = {path for name in names for path in project.glob(name)}
    return [digest_files(project.root, paths)] if paths else []


async def _execute(
    project: Project, document: Document, settings: Settings, surroundings: str, cache: Path, report: Report
) -> Outcome:
    todo = steps(document, settings)
    if not todo:
        return Outcome([], 0.0, True)
    setup = setup_code(settings)
    code = [step.code for step in todo]
    stored = cache / f"{digest(surroundings, *named_files(project, code), document.path, setup, *code)}.ipynb"
    notebook = _read_stored(stored, report)
    started = time.perf_counter()
    if cached := notebook is not None:
        report(f"  unchanged {document.path}")
    else:
        report(f"  running   {document.path} ({len(todo)} cells and expressions)")
        notebook = await _run(project, document, todo, setup)
        write_sealed(stored, nbformat.writes(notebook))
    outcome = Outcome([], time.perf_counter() - started, cached)
    for step, cell in zip(todo, notebook.cells[1:], strict=True):
        if step.cell is not None:
            step.cell.outputs = list(cell.outputs)
        else:
            outcome.inline.append(_inline_data(step, cell))
    return outcome


def setup_code(settings: Settings) -> str:
    """Return the code that prepares a kernel for a document with these settings."""
    options = settings.format
    arguments = {
        "figure_format": options.get("fig-format", "retina"),
        "width": float(options.get("fig-width", 7)),
        "height": float(options.get("fig-height", 5)),
    }
    return f"{KERNEL_SETUP.read_text('utf-8')}\n\n_course_kernel_setup(**{json.dumps(arguments)})\n"


def _read_stored(path: Path, report: Report) -> Any:
    """Return the stored outcome if it is there and whole; a damaged one is reported and made again."""
    text = read_sealed(path)
    if text is None and path.is_file():
        report(f"  the stored outcome {path.name} is damaged; running again")
    return None if text is None else nbformat.reads(text, as_version=4)


async def _run(project: Project, document: Document, todo: list[Step], setup: str) -> Any:
    cells = [nbformat.v4.new_code_cell(code) for code in (setup, *(step.code for step in todo))]
    notebook = nbformat.v4.new_notebook(cells=cells)
    try:
        # One thread a document: documents run side by side, and sums do not depend on the number of cores.
        await run(notebook, (project.root / document.path).parent, OMP_NUM_THREADS="1")
    except CellExecutionError as error:
        raise _failure(notebook, todo, error) from None
    except CellTimeoutError:
        step = _running(notebook, todo)
        raise CourseError(f"{step.name} ran longer than {CELL_TIMEOUT} s", step.where) from None
    except DeadKernelError:
        step = _running(notebook, todo)
        raise CourseError(f"the kernel died in {step.name} (out of memory?)", step.where) from None
    return notebook


def _running(notebook: Any, todo: list[Step]) -> Step:
    """Return the step that was running when the kernel fell silent: the first without a reply."""
    silent = (n for n, cell in enumerate(notebook.cells) if REPLY not in cell.metadata.get("execution", {}))
    return todo[max(0, next(silent, 1) - 1)]


def _failure(notebook: Any, todo: list[Step], error: CellExecutionError) -> CourseError:
    """Turn a cell's exception into a message that names file, cell, line and exception."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.outputs:
            if output.output_type != "error":
                continue
            message = f"{output.ename}: {output.evalue}".strip()
            if number == 0:
                return CourseError(f"preparing the kernel failed: {message}", todo[0].where.path)
            step = todo[number - 1]
            lines = CELL_LINE.findall(ANSI.sub("", "\n".join(output.traceback)))
            line = (step.where.line or 1) + (int(lines[0]) - 1 if lines and step.cell else 0)
            return CourseError(f"{step.name} raised {message}", step.where.at(line))
    return CourseError(f"a cell failed: {error}", todo[0].where.path)


def _inline_data(step: Step, cell: Any) -> Any:
    for output in cell.outputs:
        if output.output_type == "execute_result":
            return output.data
    raise CourseError(f"{step.name} gives no value", step.where)
