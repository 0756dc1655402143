"""What changed between two executions of the course, output by output: texts, tables, figures.

Nothing is judged here, and there is no tolerance: `tests/validation` says what may differ. This finds what does.
"""

from __future__ import annotations

import difflib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import lxml.html
from lxml.etree import ParserError

from site_builder.executed import Cell, Side, joined
from site_builder.pictures import PictureChange, compare_pictures

NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
TOKEN = re.compile(rf"{NUMBER.pattern}|\w+|\s+|.", re.DOTALL)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: Where Python shows an address, which is another in each run.
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]+")
#: Longer texts are compared by the line.
MANY_TOKENS = 4000
PICTURES = {"image/png": "png", "image/jpeg": "jpeg", "image/svg+xml": "svg"}


@dataclass(frozen=True)
class Piece:
    """One output in the form that a reader sees: ``text``, ``table`` or ``figure``."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    #: The picture's kind and data: base64, or the text of an SVG.
    picture: tuple[str, str] = ("", "")
    #: The same in PNG, where there is one, and the note of what the figure shows.
    png: str = ""
    note: Any = None


@dataclass(frozen=True)
class Mark:
    """A stretch of text: ``same``, ``old`` or ``new``; ``old-space`` and ``new-space`` around numbers that changed."""

    kind: str
    text: str


@dataclass(frozen=True)
class NumberChange:
    """A number that changed, as both sides print it, by how much, and by which part of itself."""

    old: str
    new: str
    by: float
    part: float | None


@dataclass
class Change:
    """An output that changed; one side is None where it came or went."""

    kind: str
    old: Piece | None
    new: Piece | None
    marks: list[Mark] = field(default_factory=list)
    numbers: list[NumberChange] = field(default_factory=list)
    rows: list[list[list[Mark]]] = field(default_factory=list)
    same_rows: int = 0
    picture: PictureChange | None = None
    notes: list[str] = field(default_factory=list)


@dataclass
class CellChange:
    """A cell with other outputs, or one that came or went."""

    name: str
    what: str
    code_changed: bool
    alternative: str
    outputs: list[Change]


@dataclass
class DocumentChange:
    """What changed in a document, its cells in order, and how many there are; one that came or went has none."""

    name: str
    what: str
    cells: list[CellChange]
    count: int

    @property
    def numbers(self) -> int:
        """Return how many numbers changed."""
        return sum(len(output.numbers) for cell in self.cells for output in cell.outputs)

    @property
    def figures(self) -> int:
        """Return how many figures changed."""
        return sum(output.kind == "figure" for cell in self.cells for output in cell.outputs)


def compare_sides(old: Side, new: Side) -> list[DocumentChange]:
    """Return what changed in each document, in the order of the new side, what is gone last."""
    names = [*new.documents, *(name for name in old.documents if name not in new.documents)]
    return [_compare_documents(name, old.documents.get(name), new.documents.get(name)) for name in names]


def _what(old: object, new: object) -> str:
    return "added" if old is None else "removed" if new is None else "changed"


def _compare_documents(name: str, old: list[Cell] | None, new: list[Cell] | None) -> DocumentChange:
    before = {cell.name: cell for cell in old or []}
    after = {cell.name: cell for cell in new or []}
    names = [*after, *(name for name in before if name not in after)]
    if old is None or new is None:
        return DocumentChange(name, _what(old, new), [], len(names))
    changes = [_compare_cells(cell, before.get(cell), after.get(cell)) for cell in names]
    return DocumentChange(name, "changed", [change for change in changes if change], len(names))


def _compare_cells(name: str, old: Cell | None, new: Cell | None) -> CellChange | None:
    """Compare the outputs of one cell; a cell whose code alone changed is none that changed."""
    was, now = pieces(old) if old else [], pieces(new) if new else []
    changes = [change for pair in _paired(was, now) if (change := _compare_pieces(*pair))]
    if not changes:
        return None
    code = [_code(cell) for cell in (old, new) if cell]
    code_changed = len(code) == 2 and all(code) and code[0] != code[1]
    alternative = next((text for cell in (new, old) if cell and (text := _alternative(cell.source))), "")
    return CellChange(name, _what(old, new), code_changed, alternative, changes)


def _code(cell: Cell) -> str:
    """Return the code without its options; empty for a cell of a baseline, which stores its options alone."""
    return "\n".join(line for line in cell.source.splitlines() if not line.startswith("#|")).strip()


def _alternative(source: str) -> str:
    found = re.search(r'^#\| fig-alt: "?(.+?)"?$', source, re.MULTILINE)
    return found[1] if found else ""


# --------------------------------------------------------------------------------------------------------------- pieces


def pieces(cell: Cell) -> list[Piece]:
    """Return the outputs of a cell as a reader sees them, texts that follow one another as one."""
    found: list[Piece] = []
    for piece in map(_piece, cell.outputs):
        if piece.kind == "text" and found and found[-1].kind == "text":
            piece = Piece("text", found.pop().text + piece.text)
        if piece != Piece("text"):
            found.append(piece)
    return found


def _piece(output: dict[str, Any]) -> Piece:
    if output["output_type"] == "stream":
        return Piece("text", joined(output["text"]))
    if output["output_type"] == "error":
        return Piece("text", f"{output['ename']}: {output['evalue']}\n")
    data, note = output["data"], output.get("metadata", {}).get("figure")
    for kind, name in PICTURES.items():
        if kind in data:
            text = joined(data[kind])
            png = "".join(text.split()) if name == "png" else str((note or {}).get("picture", ""))
            return Piece("figure", picture=(name, text), png=png, note=note)
    return _words(data)


def _words(data: dict[str, Any]) -> Piece:
    markup = joined(data.get("text/html", ""))
    if "<table" in markup and (rows := table_rows(markup)):
        return Piece("table", rows=rows)
    for kind in ("text/markdown", "text/latex", "text/plain"):
        if kind in data:
            return Piece("text", joined(data[kind]) + "\n")
    return Piece("text", (_text(markup) or json.dumps(data, sort_keys=True)) + "\n")


def table_rows(markup: str) -> tuple[tuple[str, ...], ...]:
    """Return the text of the cells of the first table of some HTML, row by row.

    Examples
    --------
    >>> table_rows("<table><tr><th>a</th><td> 1 </td></tr></table>")
    (('a', '1'),)
    """
    table = lxml.html.fromstring(f"<div>{markup}</div>").find(".//table")
    rows = [] if table is None else [[cell for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
    return tuple(tuple(" ".join(cell.text_content().split()) for cell in row) for row in rows)


def _text(markup: str) -> str:
    try:
        return html.unescape(" ".join(lxml.html.fromstring(markup).text_content().split()))
    except (ParserError, ValueError):
        return markup.strip()


def _paired(old: list[Piece], new: list[Piece]) -> Iterator[tuple[Piece | None, Piece | None]]:
    """Pair outputs in order; where their kinds do not match, align them by their kinds."""
    matcher = difflib.SequenceMatcher(a=[p.kind for p in old], b=[p.kind for p in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((piece, None) for piece in old[a:b])
            yield from ((None, piece) for piece in new[c:d])


# ------------------------------------------------------------------------------------------------------------- compare


def _compare_pieces(old: Piece | None, new: Piece | None) -> Change | None:
    if old is None or new is None:
        return Change((old or new or Piece("text")).kind, old, new)
    if old.kind == "text":
        return _compare_texts(old, new)
    return _compare_tables(old, new) if old.kind == "table" else _compare_figures(old, new)


def _plain(text: str) -> str:
    return ADDRESS.sub("at 0x…", ANSI.sub("", text)).rstrip("\n")


def _compare_texts(old: Piece, new: Piece) -> Change | None:
    was, now = _plain(old.text), _plain(new.text)
    if was == now:
        return None
    return Change("text", old, new, marks=marks(was, now), numbers=list(number_changes(was, now)))


def _compare_tables(old: Piece, new: Piece) -> Change | None:
    """Compare cell by cell where both have the same shape; the page shows both tables whole where not."""
    if old.rows == new.rows:
        return None
    if [len(row) for row in old.rows] != [len(row) for row in new.rows]:
        return Change("table", old, new)
    both = list(zip(old.rows, new.rows, strict=True))
    changed = [pair for n, pair in enumerate(both) if n == 0 or pair[0] != pair[1]]
    rows = [[marks(a, b) for a, b in zip(*pair, strict=True)] for pair in changed]
    numbers = [n for was, now in both for a, b in zip(was, now, strict=True) for n in number_changes(a, b)]
    return Change("table", old, new, rows=rows, numbers=numbers, same_rows=len(both) - len(changed))


def _compare_figures(old: Piece, new: Piece) -> Change | None:
    notes = list(note_changes(old.note, new.note)) if old.note and new.note else []
    if old.png and new.png:
        picture = compare_pictures(old.png, new.png)
        if not notes and picture.same:
            return None
        return Change("figure", old, new, picture=picture, notes=notes)
    return None if old.picture == new.picture and not notes else Change("figure", old, new, notes=notes)


def marks(old: str, new: str) -> list[Mark]:
    """Return the text with what went and what came marked, by words and numbers, by lines where it is long.

    Examples
    --------
    >>> [(mark.kind, mark.text) for mark in marks("loss 0.25", "loss 0.3")]
    [('same', 'loss '), ('old', '0.25'), ('new', '0.3')]
    """
    if _words_only(old) == _words_only(new):
        return list(_number_marks(old, new))
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    if max(len(a), len(b)) > MANY_TOKENS:
        a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    found: list[Mark] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Mark("same", "".join(a[i:j])))
        else:
            found += [Mark("old", "".join(a[i:j]))] * (j > i) + [Mark("new", "".join(b[k:m]))] * (m > k)
    return found


def _words_only(text: str) -> str:
    """Return what a text says besides its numbers; they may take more or less room."""
    return re.sub(r"\s+", " ", NUMBER.sub("#", text))


def _number_marks(old: str, new: str) -> Iterator[Mark]:
    """Mark the numbers alone, in two texts that say the same besides."""
    numbers = [*zip(NUMBER.findall(old), NUMBER.findall(new), strict=True), ("", "")]
    words = zip(NUMBER.split(old), NUMBER.split(new), strict=True)
    for (before, after), (was, now) in zip(words, numbers, strict=True):
        yield from _pair_of_marks(before, after, "-space")
        yield from _pair_of_marks(was, now, "")


def _pair_of_marks(old: str, new: str, kind: str) -> Iterator[Mark]:
    if old == new:
        yield from [Mark("same", old)] * bool(old)
    else:
        yield from [Mark(f"old{kind}", old)] * bool(old)
        yield from [Mark(f"new{kind}", new)] * bool(new)


def number_changes(old: str, new: str) -> Iterator[NumberChange]:
    """Go through the numbers that changed, if both texts say the same but for their numbers.

    Examples
    --------
    >>> [(change.old, change.new) for change in number_changes("3 of 4, 0.5", "3 of 5, 0.25")]
    [('4', '5'), ('0.5', '0.25')]
    >>> list(number_changes("loss 4", "error 5"))
    []
    """
    if _words_only(old) != _words_only(new):
        return
    for was, now in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
        if was != now:
            a, b = _value(was), _value(now)
            yield NumberChange(was, now, b - a, (b - a) / abs(a) if a else None)


def _value(number: str) -> float:
    return float(number.replace(",", "").replace("−", "-"))


def note_changes(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Go through the differences of two notes of what a figure shows, each in words."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted((old.keys() & new.keys()) - {"picture"}):  # a key of one alone: notes of another form
            yield from note_changes(old[key], new[key], f"{path}.{key}" if path else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for n, pair in enumerate(zip(old, new, strict=True), start=1):
            yield from note_changes(*pair, f"{path} {n}")
    elif old != new:
        yield f"{path}: {_short(old)} → {_short(new)}"


def _short(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
