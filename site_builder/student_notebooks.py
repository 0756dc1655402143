"""Makes the copy of a lesson that has no worked solutions: students work through it, and it still runs to its end.

A lesson may go on from a solution (plot the model that it trained, for example). Such a cell cannot run without the
solution, so the copy shows its code and what it gave as text; a hidden check of this kind is left out.
"""

from __future__ import annotations

import copy
import re
import symtable
from collections.abc import Iterator
from typing import Any

SOLUTION, EXERCISE = "solution", "exercise"
DETAILS = re.compile(r"<details\b(?P<attributes>[^>]*)>|</details>")
SOLUTION_CLASS = re.compile(r"\bclass=[\"'][^\"']*\bsolution\b")
OPTION_LINES = re.compile(r"\A(?:#\|[^\n]*\n?)+")
HIDDEN = re.compile(r"^#\|\s*include:\s*false\s*$", re.MULTILINE)
MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpeg"}
GOES_ON = "*This goes on from the worked solution, so here you see it and what it gave; it does not run.*"

Cell = dict[str, Any]


def without_solutions(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook (as JSON) without worked solutions and without outputs of exercise cells."""
    student = copy.deepcopy(notebook)
    student["cells"] = list(_cells(student["cells"]))
    return student


def _cells(cells: list[Cell]) -> Iterator[Cell]:
    missing: set[str] = set()  # names that only what was taken out defines
    known: set[str] = set()
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield from _text(cell)
        elif cell["cell_type"] != "code":
            yield cell
        else:
            used, made = names(source(cell))
            gone = SOLUTION in tags(cell)
            if gone or (used - made) & missing:
                missing |= made - known
                yield from [] if gone or HIDDEN.search(source(cell)) else [_shown(cell)]
            else:
                known |= made
                missing -= made
                yield _unanswered(cell)


def source(cell: Cell) -> str:
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def tags(cell: Cell) -> list[str]:
    """Return the tags of a cell."""
    return list(cell.get("metadata", {}).get("tags", []))


def names(code: str) -> tuple[set[str], set[str]]:
    """Return the names that the code of a cell reads from the notebook, and those that it gives to it."""
    try:
        table = symtable.symtable(MAGIC.sub("", code), "cell", "exec")
    except SyntaxError:
        return set(), set()
    made = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return set(_reads(table)), made


def _reads(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _reads(child)


def _text(cell: Cell) -> Iterator[Cell]:
    before = source(cell)
    after = without_solution_blocks(before)
    if SOLUTION in tags(cell) or (before.strip() and not after.strip()):
        return
    yield cell if after == before else {**cell, "source": after.splitlines(keepends=True)}


def without_solution_blocks(text: str) -> str:
    """Return Markdown without its ``<details class="solution">`` blocks, whatever is folded inside of them."""
    pieces, position, depth = [], 0, 0
    for tag in DETAILS.finditer(text):
        opening = tag["attributes"] is not None
        if depth:
            depth += 1 if opening else -1
            position = tag.end()
        elif opening and SOLUTION_CLASS.search(tag["attributes"]):
            pieces.append(text[position : tag.start()])
            depth = 1
    rest = "" if depth else text[position:]
    return "\n\n".join(piece.strip() for piece in (*pieces, rest) if piece.strip()) if pieces else text


def _unanswered(cell: Cell) -> Cell:
    return {**cell, "outputs": [], "execution_count": None} if EXERCISE in tags(cell) else cell


def _shown(cell: Cell) -> Cell:
    """Return a cell that cannot run as text: its code, its printed output, its images."""
    attachments: dict[str, Any] = {}
    code = OPTION_LINES.sub("", source(cell)).rstrip()
    parts = [GOES_ON, f"```python\n{code}\n```", *_outputs(cell, attachments)]
    text = "\n\n".join(parts)
    shown = {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}
    shown |= {"id": cell["id"]} if "id" in cell else {}
    return shown | ({"attachments": attachments} if attachments else {})


def _outputs(cell: Cell, attachments: dict[str, Any]) -> Iterator[str]:
    for output in cell["outputs"]:
        data = output.get("data", {})
        kind = next((kind for kind in IMAGES if kind in data), None)
        text = "".join(output.get("text", data.get("text/plain", ""))).rstrip()
        if kind:
            name = f"{cell.get('id', 'figure')}-{len(attachments) + 1}.{IMAGES[kind]}"
            attachments[name] = {kind: data[kind]}
            yield f"![Figure of the cell above](attachment:{name})"
        elif text:
            yield f"```text\n{text}\n```"
