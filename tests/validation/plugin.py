"""pytest, with `-p tests.validation.plugin --validate`: nbval runs the cells, `outputs` compares what came out.

Every notebook, and every deck and page with its baseline, is collected as a file with one test a cell. Documents come
first, the longest first, so that workers (`--dist loadscope --no-loadscope-reorder`) finish together.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from site_builder.errors import CourseError, CourseErrors
from site_builder.figure_record import KEY as FIGURE
from site_builder.files import write_atomic
from site_builder.kernels import START_TIMEOUT, start_blocking
from site_builder.project import Project, load_project
from site_builder.validation import RUNS, executed_copy, read_report
from tests.validation import alt_text, cache, gpu
from tests.validation.documents import Cell, Document, load, reduced, with_code
from tests.validation.holes import document_holes, holes
from tests.validation.order import seconds
from tests.validation.outputs import compare_outputs
from tests.validation.report import Recorder

#: Name under which a cell's facts travel from worker to reporter.
FACTS = "validation"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("validation", "published outputs of notebooks, decks and pages")
    group.addoption("--validate", action="store_true", help="run every document and compare its outputs")
    group.addoption("--validate-on", choices=("cpu", "cuda"), default="cpu", help="where the lessons run")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("validate"):
        return
    try:
        project = load_project(config.rootpath)
        documents = with_code(project)
    except (CourseError, CourseErrors) as error:
        raise pytest.UsageError(f"{error}\nThe site must have been built before: make site") from None
    config.stash[PROJECT] = project
    asked = [path for path in documents if _names(config, path)]
    if not asked:
        asked = documents
        tests = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else []
        config.args = [*tests, *asked]
    worker = getattr(config, "workerinput", None)
    config.stash[RUN] = worker[RUN_NAME] if worker else f"{RUNS}/{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    if worker is None:
        try:
            recorder = Recorder(project, asked, config.stash[RUN], config.getoption("validate_on"))
        except (CourseError, CourseErrors) as error:
            raise pytest.UsageError(str(error)) from None
        config.pluginmanager.register(recorder, "validation-report")


PROJECT: pytest.StashKey[Project] = pytest.StashKey()
RUN: pytest.StashKey[str] = pytest.StashKey()
RUN_NAME = "validation_run"


def _names(config: pytest.Config, path: str) -> bool:
    arguments = [str(argument).partition("::")[0] for argument in config.args]
    return any((config.invocation_params.dir / argument) == config.rootpath / path for argument in arguments)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell an xdist worker the name of the run."""
    if node.config.getoption("validate"):
        node.workerinput[RUN_NAME] = node.config.stash[RUN]


def pytest_collect_file(file_path: Path, parent: Any) -> pytest.Collector | None:
    project = parent.config.stash.get(PROJECT, None)
    if project is None or not file_path.is_relative_to(project.root):
        return None
    path = file_path.relative_to(project.root).as_posix()
    return DocumentFile.from_parent(parent, path=file_path) if path in with_code(project) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("validate"):
        report = read_report(config.rootpath)
        items.sort(key=lambda item: _order(item, report))


def _order(item: pytest.Item, report: dict[str, Any]) -> tuple[int, float, str]:
    if not isinstance(item.parent, DocumentFile):
        return (1, 0.0, "")
    path = item.parent.document.path
    return (0, -seconds(path, report), path)


class Kernel(RunningKernel):  # type: ignore[misc]
    """A kernel of the Python that runs the tests, which notes its figures."""

    def __init__(self, folder: Path, setup: str, device: str) -> None:
        self._private = tempfile.TemporaryDirectory(prefix="kernel-")
        self.km, self.kc = start_blocking(folder, Path(self._private.name), **_environment(device))
        self._ensure_iopub_up()
        reply = self.ask(setup)
        if reply["status"] != "ok":
            raise RuntimeError(f"preparing the kernel failed: {reply['ename']}: {reply['evalue']}")

    def ask(self, code: str) -> dict[str, Any]:
        """Run code of which the notebook knows nothing, and return the kernel's reply."""
        message = self.kc.execute(code, silent=True, store_history=False)
        while True:
            reply = self.kc.get_shell_msg(timeout=START_TIMEOUT)
            if reply["parent_header"].get("msg_id") == message:
                return dict(reply["content"])

    def stop(self) -> None:
        super().stop()
        with contextlib.suppress(OSError):
            self._private.cleanup()


def _environment(device: str) -> dict[str, str]:
    """Return the kernel's environment: other than that of `make notebooks` in what must not matter."""
    settings = {"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "1"}
    chosen = {name: os.environ.get(name, value) for name, value in settings.items()}
    return chosen if device == "cuda" else {**chosen, "CUDA_VISIBLE_DEVICES": ""}


class DocumentFile(IPyNbFile):  # type: ignore[misc]
    """A notebook, or a deck or page with its baseline."""

    kernel: Kernel | None = None

    def collect(self) -> Iterator[pytest.Item]:
        project = self.config.stash[PROJECT]
        try:
            self.document = load(project, self.path.relative_to(project.root).as_posix())
        except (CourseError, CourseErrors) as error:
            raise self.CollectError(str(error)) from None
        self.device = self.config.getoption("validate_on")
        self.fresh: dict[str, list[Any]] = {}
        self.before = cache.find(project, self.document, self.device)
        if self.before:
            yield UnchangedDocument.from_parent(self, name="unchanged", facts=self.before)
            return
        for number, cell in enumerate(self.document.cells):
            yield DocumentCell.from_parent(self, name=cell.name, number=number, cell=cell)

    def setup(self) -> None:
        if not self.before:
            self.kernel = Kernel(self.path.parent, self.document.setup, self.device)

    def teardown(self) -> None:
        if self.kernel is not None and self.kernel.is_alive():
            self.kernel.stop()

    def facts(self) -> dict[str, Any]:
        """Return what is known of the document once its last cell ran; leave a copy of it as it ran."""
        run = self.config.stash[RUN]
        copy = executed_copy(run, self.document.path)
        write_atomic(self.config.rootpath / copy, self.document.executed(self.fresh))
        return {"memory_mib": peak_memory(self.kernel)}


def peak_memory(kernel: Kernel | None) -> float | None:
    """Return the peak resident memory of a kernel in MiB; on macOS that at its end; None where nothing tells."""
    import psutil

    if kernel is None or not kernel.is_alive():
        return None
    pid = kernel.km.provisioner.pid
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        line = next((line for line in status.read_text("utf-8").splitlines() if line.startswith("VmHWM:")), "")
        return round(int(line.split()[1]) / 1024, 1) if line else None
    memory = psutil.Process(pid).memory_info()
    return round(getattr(memory, "peak_wset", memory.rss) / 2**20, 1)


class UnchangedDocument(pytest.Item):
    """Stands for the cells of a document that passed before, and in which nothing has changed since."""

    def __init__(self, facts: dict[str, Any], **more: Any) -> None:
        super().__init__(**more)
        self.facts = facts

    def runtest(self) -> None:
        self.user_properties.append((FACTS, {"path": self.parent.document.path, "unchanged": self.facts}))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.parent.document.path}: unchanged"


class DocumentCell(IPyNbCell):  # type: ignore[misc]
    """A cell: runs by nbval, compared by `outputs`."""

    def __init__(self, name: str, parent: DocumentFile, number: int, cell: Cell) -> None:
        options = {"check": True, "check_exception": "error" in cell.rules.exempt}
        super().__init__(name, parent, number, cell.node, _Options(options))
        self.place, self.number = cell, number
        self.seen: dict[str, Any] = {}

    def runtest(self) -> None:
        document = self.parent.document
        problems = [*self.place.problems, *self._holes(document)]
        try:
            super().runtest()
        except NbCellError as error:
            self.raise_cell_error(str(error), "\n".join([*problems, str(error.inner_traceback or "").strip()]))
        finally:
            self.parent.fresh[self.name] = self.test_outputs or []
            last = self.place is document.cells[-1]
            facts = {"path": document.path, "cell": self.name, **self.seen, **(self.parent.facts() if last else {})}
            self.user_properties.append((FACTS, facts))
        if problems:
            self.raise_cell_error("The stored cell is not in order", "\n".join(problems))

    def _holes(self, document: Document) -> list[str]:
        count = self.place.count if document.kind == "notebook" else None
        nodes = [cell.node for cell in document.cells]
        whole = document_holes(nodes) if self.place is document.cells[0] else []
        return [*whole, *holes(self.place.node, self._count(count, nodes), self.place.rules)]

    def _count(self, count: int | None, nodes: list[Any]) -> int | None:
        """Return the execution count that the cell should have: empty cells do not count."""
        return None if count is None else sum(bool(node.source.strip()) for node in nodes[:count])

    def compare_outputs(self, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
        fresh = test if self.parent.document.kind == "notebook" else reduced(test)
        rules = gpu.widened(self.place.rules) if self.parent.device == "cuda" else self.place.rules
        result = compare_outputs(ref, fresh, rules)
        test[:] = fresh
        self.seen = {"numbers": result.numbers, "tables": result.tables, "figures": result.figures}
        self.comparison_traceback = [*result.differences, *self._alternatives(fresh)]
        return not self.comparison_traceback

    def _alternatives(self, fresh: list[Any]) -> list[str]:
        before = self.parent.document.cells[self.number - 1].name if self.number else ""
        return alternative_text_problems(self.place, fresh, self.parent.fresh.get(before, []))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
        """Say which cell it is, what is wrong, and the traceback of an error; the source is in the document."""
        error = excinfo.value
        if not isinstance(error, NbCellError):
            return f"{self.nodeid}: {type(error).__name__}: {error}"
        return "\n".join([f"{self.nodeid}: {error}", *str(error.inner_traceback or "").strip().splitlines()])

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"{self.parent.document.path}::{self.name}"


class _Options(dict[str, bool]):
    """Options as nbval looks them up: what is not there is off."""

    def __missing__(self, key: str) -> bool:
        return False


def alternative_text_problems(cell: Cell, outputs: list[Any], before: list[Any]) -> list[str]:
    """Return what the alternative texts of a cell say that its figures do not.

    ``before`` holds the outputs of the cell before it, which may print what the figure shows.
    """
    shown = [output for output in outputs if _is_figure(output)]
    if not shown or not cell.shown or "alt" in cell.rules.exempt:
        return []
    if len(cell.alternatives) not in (1, len(shown)):
        return [f"{len(shown)} figures have {len(cell.alternatives)} alternative texts; write `#| fig-alt:`"]
    notes = [output.metadata.get(FIGURE) for output in shown]
    rows = [
        *alt_text.asserted_rows(cell.node.source),
        *alt_text.printed_rows(_printed(output) for output in (*before, *outputs)),
        *(row for note in notes if note for row in alt_text.figure_rows(note)),
    ]
    problems = [
        f"the alternative text says {said}; neither figure, output nor assertion of the cell says so"
        for text in cell.alternatives
        for said in alt_text.unsupported(text, rows)
    ]
    for text, note in zip(cell.alternatives, notes, strict=False):
        counts = alt_text.wrong_panels(text, len(note["panels"])) if note else []
        problems += [f"the alternative text says {count!r}; the figure has {len(note['panels'])}" for count in counts]
    return problems


def _is_figure(output: Any) -> bool:
    return any(kind.startswith("image/") for kind in output.get("data", {}))


def _printed(output: Any) -> str:
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))
