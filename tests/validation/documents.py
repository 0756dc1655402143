"""Brings notebooks, decks and pages into one form: a notebook of code cells with the outputs that are published.

A notebook holds its outputs. Those of a `.qmd` are made when the site is built; what they should be stands in a
reviewed baseline, a notebook itself, in which figures are small PNGs (`tests/baselines`, written by `make baselines`).
"""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from site_builder.document import Document as Source
from site_builder.document import read_document
from site_builder.errors import CourseError
from site_builder.execute import setup_code, steps
from site_builder.figure_record import KEY as FIGURE
from site_builder.kernels import noting_figures
from site_builder.project import Project, as_list
from site_builder.validation import stored_outputs
from tests.validation.rules import KEY, RuleError, Rules, read_rules
from tests.validation.text import mask

SVG = "image/svg+xml"
#: A list of numbers in indented JSON. It is in no string: there, the end of a line is a backslash and an n.
NUMBERS = re.compile(r"\[\n\s*(?:(?:-?\d[\d.eE+-]*|null),?\n\s*)+\]")


@dataclass
class Cell:
    """A code cell, or an inline expression, with the outputs that are published."""

    name: str
    node: Any
    options: dict[str, Any] = field(default_factory=dict)
    #: What is wrong with what is stored, besides what `holes` finds.
    problems: list[str] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)
    count: int | None = None

    @property
    def alternatives(self) -> list[str]:
        """Return the alternative texts of its figures, none for a cell that shows nothing."""
        hidden = self.options.get("include") is False or self.options.get("output") is False
        return [] if hidden else [str(text) for text in as_list(self.options.get("fig-alt"))]

    @property
    def shown(self) -> bool:
        """Tell whether readers see its outputs."""
        return self.options.get("include") is not False and self.options.get("output") is not False


@dataclass
class Document:
    """A source with everything that validation needs to know of it."""

    path: str
    title: str
    cells: list[Cell]
    notebook: Any
    setup: str
    stored: str

    @property
    def kind(self) -> str:
        """Return notebook, deck or page."""
        return "notebook" if self.path.endswith(".ipynb") else "deck" if self.path.startswith("slides/") else "page"

    def executed(self, outputs: dict[str, list[Any]]) -> str:
        """Return the document as it ran: with these outputs, by the names of its cells, as a notebook's text."""
        notebook = copy.deepcopy(self.notebook)
        fresh = iter(self.cells)
        for node in notebook.cells:
            if node.cell_type == "code":
                node.outputs = nbformat.from_dict(outputs.get(next(fresh).name, []))
        return str(nbformat.writes(notebook)) + "\n"


def with_code(project: Project) -> list[str]:
    """Return the documents of the course that have code cells or inline expressions; not those that are built."""
    own = [path for path in project.documents if not path.startswith("reference/")]
    return [path for path in own if path.endswith(".ipynb") or _has_code(project, path)]


def _has_code(project: Project, path: str) -> bool:
    text = (project.root / path).read_text("utf-8")
    if "{python}" in text:
        return True
    source = read_document(project.root, path) if "{{< include" in text else None
    return source is not None and bool(source.cells or any(steps(source, project.settings(source.front))))


def load(project: Project, path: str) -> Document:
    """Read a document with its published outputs."""
    source = read_document(project.root, path)
    document = (_load_notebook if path.endswith(".ipynb") else _load_qmd)(project, source)
    for n, cell in enumerate(document.cells, start=1):
        cell.count = n
        try:
            cell.rules = read_rules(cell.node.metadata)
        except RuleError as error:
            cell.problems.append(str(error))
    return document


def _load_notebook(project: Project, source: Source) -> Document:
    notebook = nbformat.read(project.root / source.path, as_version=4)
    options = {cell.identifier: cell.options for cell in source.cells}
    nodes = [node for node in notebook.cells if node.cell_type == "code"]
    cells = [
        Cell(node.get("id") or f"cell-{n}", node, options.get(node.get("id"), {})) for n, node in enumerate(nodes, 1)
    ]
    return Document(source.path, _title(source), cells, notebook, noting_figures(), source.path)


def _title(source: Source) -> str:
    return str(source.front.yaml.data.get("title", source.path))


# ----------------------------------------------------------------------------------------------------- decks and pages


def _load_qmd(project: Project, source: Source) -> Document:
    settings = project.settings(source.front)
    _refuse_unrun(source, settings)
    stored = stored_outputs(source.path)
    baseline = read_baseline(project.root / stored)
    known = {node.id: node for node in baseline.cells}
    cells = [_with_baseline(name, step, known.get(name)) for name, step in named_steps(source, settings)]
    if gone := sorted(known.keys() - {cell.name for cell in cells}):
        cells[0].problems.append(
            f"the baseline holds {gone[0]!r}, which the document has no more; run `make baselines`"
        )
    for cell in cells:
        _inherit(baseline, cell)
    notebook = nbformat.v4.new_notebook(cells=[cell.node for cell in cells])
    setup = f"{noting_figures()}\n{_private(setup_code(settings))}"
    return Document(source.path, _title(source), cells, notebook, setup, stored)


def _refuse_unrun(source: Source, settings: Any) -> None:
    """Refuse a cell that does not run: nothing would check what it shows."""
    for cell in source.cells:
        if not cell.options.get("eval", settings.execute.get("eval", True)):
            raise CourseError("with `eval: false` nothing checks this cell; write a plain code block", cell.where)


def _private(code: str) -> str:
    """Return code that runs the same and leaves no name behind."""
    return f"exec({code!r}, {{}})"


def read_baseline(path: Path) -> Any:
    """Return a baseline, or an empty one if there is none."""
    return nbformat.read(path, as_version=4) if path.is_file() else nbformat.v4.new_notebook()


def named_steps(source: Source, settings: Any) -> Iterator[tuple[str, Any]]:
    """Go through what runs, each with a name: a cell's label, else its number, as for inline expressions."""
    counts = {"cell": 0, "inline": 0}
    for step in steps(source, settings):
        kind = "inline" if step.cell is None else "cell"
        counts[kind] += 1
        label = step.cell.options.get("label") if step.cell else None
        yield str(label or f"{kind}-{counts[kind]}"), step


def _with_baseline(name: str, step: Any, stored: Any) -> Cell:
    node = nbformat.v4.new_code_cell(step.code, id=name, execution_count=1)
    cell = Cell(name, node, step.cell.options if step.cell else {})
    if stored is None:
        cell.problems.append("its outputs are in no baseline; run `make baselines` and review it")
        return cell
    node.outputs, node.metadata = stored.outputs, stored.metadata
    if step.cell is None and stored.source != step.code:
        cell.problems.append(f"the baseline is of {stored.source!r}; run `make baselines` and review it")
    return cell


def _inherit(baseline: Any, cell: Cell) -> None:
    """Apply what a page says of all its cells, where a cell says nothing itself."""
    if KEY in baseline.metadata and KEY not in cell.node.metadata:
        cell.node.metadata[KEY] = baseline.metadata[KEY]


def baseline_text(document: Document, outputs: dict[str, list[Any]], before: Any) -> str:
    """Return the baseline of a `.qmd`: fresh outputs, and the metadata that reviewers wrote into the one before."""
    metadata = {node.id: node.metadata for node in before.cells}
    nodes = []
    for cell in document.cells:
        inline = cell.name.startswith("inline-")
        node = nbformat.v4.new_code_cell(cell.node.source if inline else f"#| label: {cell.name}", id=cell.name)
        node.metadata = metadata.get(cell.name, {})
        node.outputs = nbformat.from_dict(outputs[cell.name])
        nodes.append(node)
    notebook = nbformat.v4.new_notebook(cells=nodes, metadata={**before.metadata, "source": document.path})
    return _with_short_lists(nbformat.writes(notebook)) + "\n"


def _with_short_lists(text: str) -> str:
    """Return JSON with each list of numbers on one line: half as long, and a change of a note is a line of the diff."""
    return NUMBERS.sub(lambda found: " ".join(found[0].split()).replace("[ ", "[").replace(" ]", "]"), text)


def reduced(outputs: list[Any]) -> list[Any]:
    """Return the outputs of a `.qmd` in the form of its baseline: figures as the small PNGs of their notes."""
    return [_reduced(nbformat.from_dict(json.loads(json.dumps(output)))) for output in outputs]


def _reduced(output: Any) -> Any:
    picture = output.get("metadata", {}).get(FIGURE, {}).pop("picture", None)
    if picture is not None and SVG in output.data:
        from course_lib.display import palette_png  # brings plotnine, which takes a second in every worker

        del output.data[SVG]
        small = palette_png(base64.b64decode(picture), colors=32)
        output.data["image/png"] = base64.b64encode(small).decode("ascii")
        output.data["text/plain"] = mask(output.data.get("text/plain", ""), Rules())  # an address, new in every run
    if "execution_count" in output:
        output["execution_count"] = None
    return output
