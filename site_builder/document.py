"""Reads `.qmd` and `.ipynb` sources into one internal form: front matter and a list of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

import nbformat

from site_builder import vocabulary
from site_builder.errors import CourseError, Where, raise_all
from site_builder.files import read_text, rows
from site_builder.lines import FENCE, Line, check_structure, with_fences
from site_builder.project import Layer, as_list, normalize
from site_builder.yaml_lines import YamlMap, load_yaml

#: Braces that look like those of a cell and are not.
NEARLY_A_CELL = re.compile(r"^\s*\{+\s*[A-Za-z]\w*\s*\}*\s*$")
LABEL = re.compile(r"[A-Za-z][\w-]*")
CELL_INFO = re.compile(r"^\s*\{(?P<language>[A-Za-z]\w*)(?P<rest>[^}]*)\}\s*$")
OPTION_LINE = re.compile(r"^#\|(?P<yaml>.*)$")
SHORTCODE = re.compile(r"\{\{<\s*(?P<name>[\w-]+)\s*(?P<arguments>.*?)\s*>\}\}")
INLINE_CODE = re.compile(r"`\{python\}\s+(?P<code>[^`\n]+?)\s*`")
ANY_INLINE = re.compile(r"(?<![`\\])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@dataclass
class Markdown:
    """A stretch of Markdown."""

    lines: list[Line]

    @property
    def text(self) -> str:
        """Return the lines as one text."""
        return "\n".join(line.text for line in self.lines)


@dataclass
class Code:
    """A code cell: the text that runs, the source that is shown, its options, and once it has run its outputs.

    ``text`` keeps the option lines, so that line ``k`` of what runs is line ``where.line + k - 1`` of the file.
    """

    text: str
    source: str
    options: dict[str, Any]
    where: Where
    outputs: list[Any] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    identifier: str = ""  # of a notebook's cell

    @property
    def name(self) -> str:
        """Return the label, or the place, by which messages name the cell."""
        return str(self.options.get("label") or self.where)


@dataclass
class Document:
    """A source: where it is, what its front matter says, and its blocks in order."""

    path: str
    front: Layer
    blocks: list[Markdown | Code]
    includes: list[str] = field(default_factory=list)

    @property
    def is_notebook(self) -> bool:
        """Tell whether the source is a notebook, which brings its outputs along."""
        return self.path.endswith(".ipynb")

    @property
    def cells(self) -> list[Code]:
        """Return the code cells in order."""
        return [block for block in self.blocks if isinstance(block, Code)]

    def lines(self) -> Iterator[Line]:
        """Go through all Markdown lines."""
        for block in self.blocks:
            if isinstance(block, Markdown):
                yield from block.lines

    def find(self, text: str) -> Where:
        """Return the place where ``text`` first stands in the Markdown or the cells, else the file."""
        whole = re.compile(rf"(?<![\w-])(?:{re.escape(text)}|{re.escape(unquote(text))})(?![\w-])")
        for line in self.lines():
            if whole.search(line.text):
                return line.where
        for line in self.lines():
            if text in line.text:
                return line.where
        for cell in self.cells:
            if any(text in str(value) for value in cell.options.values()) or text in cell.source:
                return cell.where
        return Where(self.path)

    def find_class(self, name: str) -> Where:
        """Return the place that gives something the class ``name``, else the file."""
        given = re.compile(rf"\.{re.escape(name)}(?![\w-])|^\s*:{{3,}}\s*{re.escape(name)}\s*$")
        places = [line.where for line in self.lines() if given.search(line.text)]
        places += [cell.where for cell in self.cells if cell.options.get("classes") == name]
        places += [cell.where for cell in self.cells if given.search(cell.source)]
        return places[0] if places else Where(self.path)


def read_document(root: Path, path: str) -> Document:
    """Read a source and check what it uses against the vocabulary."""
    text = read_text(root, path)
    read = _read_notebook if path.endswith(".ipynb") else _read_qmd
    document = read(root, path, text)
    errors = vocabulary.check_tree(document.front.yaml, vocabulary.FRONT_MATTER, document.front.where, "key")
    if "title" not in document.front.yaml.data:
        errors.append(CourseError("the front matter has no title", document.front.where))
    for cell in document.cells:
        errors += _check_options(cell)
    stretches = [block.lines for block in document.blocks if isinstance(block, Markdown)]
    raise_all([*errors, *_check_shortcodes(document), *_check_labels(document), *check_structure(stretches)])
    return document


def prose(text: str) -> str:
    """Blank out inline code, so that what it quotes is not taken for markup."""
    return ANY_INLINE.sub(lambda match: " " * len(match.group(0)), text)


def inline_expressions(text: str) -> list[str]:
    """Return the code of the inline expressions of a line; one that is quoted in longer backticks is none."""
    matches = (INLINE_CODE.fullmatch(span[0]) for span in ANY_INLINE.finditer(text))
    return [match["code"] for match in matches if match]


def replace_inline(text: str, values: Iterator[str]) -> str:
    """Put the values in the places of the inline expressions of a line."""
    return ANY_INLINE.sub(lambda span: next(values) if INLINE_CODE.fullmatch(span[0]) else span[0], text)


# -- Quarto Markdown ----------------------------------------------------------------------------------------------


def _read_qmd(root: Path, path: str, text: str) -> Document:
    lines = [Line(line, Where(path, number)) for number, line in enumerate(rows(text), start=1)]
    front, body = _split_front_matter(lines, path)
    includes: list[str] = []
    body = list(_expand_includes(root, body, includes, (path,)))
    return Document(path, front, list(_qmd_blocks(body)), includes)


def _split_front_matter(lines: list[Line], path: str) -> tuple[Layer, list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        raise CourseError("a source begins with front matter between two lines '---'", Where(path, 1))
    for end, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() in ("---", "..."):
            where = Where(path, 2)
            yaml = load_yaml("\n".join(line.text for line in lines[1:end]), where)
            return Layer(yaml, where.at(1)), lines[end + 1 :]
    raise CourseError("the front matter that begins here has no closing line '---'", Where(path, 1))


def _expand_includes(root: Path, lines: list[Line], includes: list[str], stack: tuple[str, ...]) -> Iterator[Line]:
    for line, fenced in with_fences(lines):
        match = None if fenced else SHORTCODE.fullmatch(line.text.strip())
        if not match or match["name"] != "include":
            yield line
            continue
        name = match["arguments"].strip("\"'")
        target = normalize(PurePosixPath(stack[-1]).parent / name)
        if target.startswith("..") or name.startswith("/"):
            raise CourseError(f"the included file {name!r} is outside of the course", line.where)
        if target in stack:
            raise CourseError(f"{name!r} includes itself", line.where)
        if not (root / target).is_file():
            raise CourseError(f"the included file {name!r} does not exist", line.where)
        includes.append(target)
        text = read_text(root, target)
        inner = [Line(row, Where(target, number)) for number, row in enumerate(rows(text), start=1)]
        yield from _expand_includes(root, inner, includes, (*stack, target))


def _qmd_blocks(lines: list[Line]) -> Iterator[Markdown | Code]:
    markdown: list[Line] = []
    cell: list[Line] | None = None
    fence = ""
    opened = Where("")
    for line in lines:
        match = FENCE.match(line.text)
        if cell is not None:
            if match and match["fence"].startswith(fence) and not match["info"].strip():
                yield _code(cell[1:], cell[0].where)
                cell, fence = None, ""
            else:
                cell.append(line)
        elif fence:
            markdown.append(line)
            if match and match["fence"].startswith(fence) and not match["info"].strip():
                fence = ""
        elif match and NEARLY_A_CELL.match(match["info"]) and not CELL_INFO.match(match["info"]):
            raise CourseError("a code cell begins with '```{python}', nothing more", line.where)
        elif match and (info := CELL_INFO.match(match["info"])):
            _check_cell_opening(line, match, info)
            if markdown:
                yield Markdown(markdown)
            markdown, cell, fence = [], [line], match["fence"]
        else:
            fence, opened = (match["fence"], line.where) if match else ("", opened)
            markdown.append(line)
    if cell is not None:
        raise CourseError("the code cell that begins here is not closed", cell[0].where)
    if fence:
        raise CourseError("the code block that begins here is not closed", opened)
    if markdown:
        yield Markdown(markdown)


def _check_cell_opening(line: Line, fence: re.Match[str], info: re.Match[str]) -> None:
    if info["language"] != "python":
        raise CourseError(f"cells are written in python, not {info['language']!r}", line.where)
    if info["rest"].strip():
        raise CourseError("write cell options as '#| key: value' lines inside the cell", line.where)
    if fence["indent"]:
        raise CourseError("a code cell begins at the left margin", line.where)


# -- notebooks ----------------------------------------------------------------------------------------------------


def _read_notebook(root: Path, path: str, text: str) -> Document:
    try:
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, TypeError, AttributeError, KeyError, nbformat.ValidationError) as error:
        message = next(iter(str(error).splitlines()), "empty")
        raise CourseError(f"this is not a valid notebook: {message}", path) from None
    if not notebook.cells or notebook.cells[0].cell_type != "raw":
        raise CourseError("the first cell of a notebook is a raw cell with its front matter", path)
    front_lines = [
        Line(row, Where(path, number, "1")) for number, row in enumerate(rows(notebook.cells[0].source), start=1)
    ]
    front, _ = _split_front_matter(front_lines, path)
    front = Layer(front.yaml, Where(path, 1, "1"))
    blocks = [
        _notebook_block(cell, Where(path, 1, f"{number} ({cell.get('id', '')})"))
        for number, cell in enumerate(notebook.cells[1:], start=2)
    ]
    return Document(path, front, blocks)


def _notebook_block(cell: Any, where: Where) -> Markdown | Code:
    lines = [Line(row, where.at(number)) for number, row in enumerate(rows(cell.source), start=1)]
    if cell.cell_type == "markdown":
        # A blank line on either side keeps a cell apart from its neighbours, as Jupyter does.
        blank = Line("", where)
        return Markdown([blank, *lines, blank])
    if cell.cell_type == "raw":
        raise CourseError("a raw cell has no meaning here; only the first cell may be raw", where)
    if cell.execution_count is None and cell.source.strip():
        raise CourseError("this cell was never executed; run `make notebooks`", where)
    code = _code(lines, where)
    code.outputs = list(cell.outputs)
    code.tags = list(cell.metadata.get("tags", []))
    code.identifier = str(cell.get("id", ""))
    return code


# -- code cells ---------------------------------------------------------------------------------------------------


def _code(lines: list[Line], where: Where) -> Code:
    count = 0
    while count < len(lines) and OPTION_LINE.match(lines[count].text):
        count += 1
    text = "\n".join(OPTION_LINE.sub(lambda match: match["yaml"], line.text, count=1) for line in lines[:count])
    yaml = _options_yaml(text, lines[0].where if lines else where)
    source = "\n".join(line.text for line in lines[count:]).strip("\n").rstrip()
    whole = "\n".join(line.text for line in lines)
    return Code(whole, source, dict(yaml.data), lines[0].where if lines else where)


def _options_yaml(text: str, where: Where) -> YamlMap:
    # Each option line begins with one blank; taking it away from all keeps the nesting.
    yaml = load_yaml("\n".join(row.removeprefix(" ") for row in rows(text)), where)
    raise_all(
        [
            CourseError(
                f"unknown cell option {key!r}",
                where.at(yaml.lines[(key,)]),
                vocabulary.suggestion(key, vocabulary.CELL_OPTIONS),
            )
            for key in yaml.data
            if key not in vocabulary.CELL_OPTIONS
        ]
    )
    return yaml


BOOLEAN_OPTIONS = ("echo", "eval", "include", "warning")


#: Tags with which Quarto hides parts of a notebook's cell; here a cell says so in its options.
HIDING_TAGS = {f"{verb}-{part}" for verb in ("remove", "hide") for part in ("cell", "input", "output")}


def _check_options(cell: Code) -> list[CourseError]:
    errors = [
        CourseError(f"cell option {key!r} is true or false, not {cell.options[key]!r}", cell.where)
        for key in BOOLEAN_OPTIONS
        if key in cell.options and not isinstance(cell.options[key], bool)
    ]
    if not re.fullmatch(r"[\w-]*", str(cell.options.get("classes", ""))):
        errors.append(CourseError("cell option 'classes' is the name of one class", cell.where))
    if hiding := HIDING_TAGS.intersection([*cell.tags, *as_list(cell.options.get("tags"))]):
        hint = "Use the cell options include, echo or output."
        errors.append(CourseError(f"the tag {min(hiding)!r} is not understood", cell.where, hint))
    if cell.options.get("output", True) not in (True, False, "asis"):
        errors.append(CourseError("cell option 'output' is true, false or asis", cell.where))
    for key in ("fig-width", "fig-height", "layout-ncol"):
        value = cell.options.get(key, 1)
        if not vocabulary.is_number(value):
            errors.append(CourseError(f"cell option {key!r} is a number above 0, not {value!r}", cell.where))
    label = cell.options.get("label", "none")
    if not LABEL.fullmatch(str(label)):
        errors.append(CourseError(f"a label is made of letters, digits and dashes, not {label!r}", cell.where))
    return errors


def _check_shortcodes(document: Document) -> list[CourseError]:
    errors = []
    for block in document.blocks:
        if not isinstance(block, Markdown):
            continue
        for line, fenced in with_fences(block.lines):
            for match in SHORTCODE.finditer(line.text if fenced else prose(line.text)):
                if fenced:
                    if match["name"] == "include" and SHORTCODE.fullmatch(line.text.strip()):
                        errors.append(CourseError("an include inside a code block is not understood", line.where))
                elif match["name"] not in vocabulary.SHORTCODES:
                    hint = vocabulary.suggestion(match["name"], vocabulary.SHORTCODES)
                    errors.append(CourseError(f"unknown shortcode {match['name']!r}", line.where, hint))
                else:
                    errors.append(CourseError("an include stands on a line of its own", line.where))
    return errors


def _check_labels(document: Document) -> list[CourseError]:
    seen: dict[str, Code] = {}
    errors = []
    for cell in document.cells:
        label = str(cell.options.get("label") or "")
        if label in seen:
            errors.append(CourseError(f"label {label!r} is taken by {seen[label].where}", cell.where))
        elif label:
            seen[label] = cell
    return errors
