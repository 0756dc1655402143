"""Lines of Markdown and what opens and closes on them: code fences, divs, stray metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.errors import CourseError, Where

#: What follows backticks on their line holds none, else they are inline code.
FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)$")
DIV_OPENS = re.compile(r"^\s*:{3,}\s*(\{.*|[^\s:{}]+\s*:*\s*)$")
DIV_CLOSES = re.compile(r"^\s*:{3,}\s*$")
#: A cell behind the mark of a quote or a list item.
CELL_INSIDE = re.compile(r"^\s*(>|[-*+]\s|\d+[.)]\s)[\s>]*(`{3,}|~{3,})\s*\{[A-Za-z]")
DASHES = ("---", "...")
RAW_HTML = re.compile(r"^\s*\{=html\}\s*$")
TABLE = re.compile(r"<table\b", re.IGNORECASE)
#: Keeps Quarto from reading the tables of a raw block; with several of them it loses what stands before the second.
KEPT_RAW = "<!--| quarto-html-table-processing: none -->"


@dataclass(frozen=True)
class Line:
    """One line of a source with the place where its author finds it."""

    text: str
    where: Where


def with_fences(lines: list[Line]) -> Iterator[tuple[Line, bool]]:
    """Pair each line with whether it stands inside (or opens, or closes) a fenced code block."""
    fence: str | None = None
    for line in lines:
        match = FENCE.match(line.text)
        if fence is None:
            fence = match["fence"] if match else None
            yield line, match is not None
            continue
        yield line, True
        if match and match["fence"].startswith(fence) and not match["info"].strip():
            fence = None


def check_structure(stretches: list[list[Line]]) -> list[CourseError]:
    """Return an error for each thing that Pandoc would close, or read, in another way than its author meant.

    ``stretches`` are the pieces of Markdown between the cells of one document.
    """
    prose = [[line for line, fenced in with_fences(lines) if not fenced] for lines in stretches]
    return [
        *_unbalanced_divs([line for lines in prose for line in lines]),
        *(error for lines in prose for error in _metadata_inside(lines)),
        *(error for lines in stretches for error in _raw_tables(lines)),
        *(
            CourseError("a code cell begins at the left margin", line.where)
            for lines in prose
            for line in lines
            if CELL_INSIDE.match(line.text)
        ),
    ]


def _unbalanced_divs(lines: list[Line]) -> Iterator[CourseError]:
    opened: list[Line] = []
    for line in lines:
        if DIV_OPENS.match(line.text):
            opened.append(line)
        elif DIV_CLOSES.match(line.text):
            if not opened:
                yield CourseError("this closes a div, but opens nothing: no div is open here", line.where)
                return
            opened.pop()
    if opened:
        yield CourseError("the div that begins here is not closed", opened[-1].where)


def _opens_metadata(following: list[Line]) -> bool:
    """Tell whether what follows three dashes is what Pandoc would read as metadata."""
    texts = [line.text.strip() for line in following]
    return bool(texts and texts[0]) and any(text in DASHES for text in texts)


def _metadata_inside(lines: list[Line]) -> Iterator[CourseError]:
    before = ""
    for number, line in enumerate(lines):
        if line.text.rstrip() == "---" and not before.strip() and _opens_metadata(lines[number + 1 :]):
            hint = "For a horizontal rule, leave a blank line after it."
            yield CourseError("front matter stands only at the beginning of a source", line.where, hint)
            return
        before = line.text


def _raw_tables(lines: list[Line]) -> Iterator[CourseError]:
    for block in _fenced_blocks(lines):
        opening = FENCE.match(block[0].text)
        if not opening or not RAW_HTML.match(opening["info"]) or any(KEPT_RAW in line.text for line in block):
            continue
        for line in block:
            if TABLE.search(line.text):
                hint = f"Write {KEPT_RAW} into the block, else Quarto makes something else of it."
                yield CourseError("a raw block of HTML has a table", line.where, hint)
                break


def _fenced_blocks(lines: list[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line, fenced in with_fences(lines):
        closes = fenced and block and _closes(block[0], line)
        block = [*block, line] if fenced else []
        if closes:
            yield block
            block = []


def _closes(opening: Line, line: Line) -> bool:
    start, end = FENCE.match(opening.text), FENCE.match(line.text)
    return bool(start and end and end["fence"].startswith(start["fence"]) and not end["info"].strip())
