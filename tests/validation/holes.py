"""What a stored cell must not be: a comparison would pass it by.

A cell that never ran, outputs without code, a stored error, a warning, cells run out of order, outputs that are too
large, and what makes nbval look away (its tags and comments) without a reason.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from nbval.plugin import comment_markers, metadata_tags

from site_builder.figure_record import KEY as FIGURE
from tests.validation.rules import Rules

#: Bytes, as JSON: a lesson loads all its outputs at once.
CELL_LIMIT = 300_000
DOCUMENT_LIMIT = 4_000_000
#: The fonts that come with Matplotlib, and of those the ones that the course uses.
OWN_FONTS = "DejaVuSans"
#: The stored notebook may say so beside the exemption: without the tag the run would stop at the error.
WITH_EXEMPTION = {"raises-exception": "error"}


def holes(cell: Any, expected_count: int | None, rules: Rules) -> list[str]:
    """Return what is wrong with a stored code cell.

    Parameters
    ----------
    cell : NotebookNode
        The cell.
    expected_count : int or None
        The execution count of a cell at its place, when all run once from first to last; None for an empty cell.
    rules : Rules
        What the cell may do.
    """
    return [*_execution(cell, expected_count), *_outputs(cell, rules), *_markers(cell, rules)]


def _execution(cell: Any, expected: int | None) -> list[str]:
    if not cell.source.strip():
        return ["it has outputs and no code"] if cell.outputs else []
    if cell.execution_count is None:
        return ["it was never executed; run `make notebooks`"]
    if expected is not None and cell.execution_count != expected:
        return [
            f"it was the {_ordinal(cell.execution_count)} to run and is the {_ordinal(expected)} in order; "
            "run `make notebooks`"
        ]
    return []


def _outputs(cell: Any, rules: Rules) -> list[str]:
    found = []
    for output in cell.outputs:
        if output.output_type == "error" and "error" not in rules.exempt:
            found.append(f"a stored error: {output.ename}: {output.evalue}")
        if output.output_type == "stream" and output.name == "stderr" and "stderr" not in rules.exempt:
            found.append(f"stored stderr: {output.text.strip().splitlines()[-1] if output.text.strip() else ''}")
        if output.output_type == "stream" and ("\r" in output.text or "\b" in output.text):
            found.append("stored text that overwrites itself (a progress bar?): pages show all of it")
        found += _foreign_drawing(output.get("metadata", {}).get(FIGURE))
    size = sum(len(json.dumps(output)) for output in cell.outputs)
    if size > CELL_LIMIT and "size" not in rules.exempt:
        found.append(f"outputs of {size:,} bytes; the limit is {CELL_LIMIT:,}")
    return found


def _foreign_drawing(note: Any) -> list[str]:
    """Return what is wrong with how a stored figure was drawn: otherwise than here, its picture is compared loosely."""
    drawn = note["drawn"] if note else {"matplotlib": pinned_matplotlib(), "fonts": []}
    if drawn["matplotlib"] != pinned_matplotlib():
        return [f"a figure drawn by Matplotlib {drawn['matplotlib']}; constraints.txt has {pinned_matplotlib()}"]
    foreign = [font for font in drawn["fonts"] if not font.startswith(OWN_FONTS)]
    return [f"a figure drawn with {font}; stored figures have the fonts that Matplotlib brings" for font in foreign[:1]]


@cache
def pinned_matplotlib() -> str:
    """Return the version of Matplotlib with which everything stored is drawn."""
    text = (Path(__file__).parents[2] / "constraints.txt").read_text("utf-8")
    return str(re.search(r"^matplotlib==(\S+)", text, re.MULTILINE)[1])  # type: ignore[index]


def _markers(cell: Any, rules: Rules) -> list[str]:
    allowed = {tag for tag, exemption in WITH_EXEMPTION.items() if exemption in rules.exempt}
    tags = [tag for tag in cell.metadata.get("tags", []) if tag in metadata_tags and tag not in allowed]
    comments = [line.strip().lstrip("# ") for line in cell.source.splitlines() if line.strip().startswith("#")]
    marks = [*(f"the tag {tag!r}" for tag in tags), *(f"the comment {c!r}" for c in comments if c in comment_markers)]
    return [
        f"{mark} leaves it out in silence; write `validation: {{exempt: ..., reason: ...}}` into its metadata"
        for mark in marks
    ]


def document_holes(cells: list[Any]) -> list[str]:
    """Return what is wrong with the cells of a document taken together."""
    size = sum(len(json.dumps(output)) for cell in cells for output in cell.get("outputs", []))
    return [f"outputs of {size:,} bytes in all; the limit is {DOCUMENT_LIMIT:,}"] if size > DOCUMENT_LIMIT else []


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 <= n % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
