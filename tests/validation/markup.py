"""Compares two pieces of HTML or SVG: tables cell by cell, everything else element by element.

>>> row = "<table><tr><th>loss</th><td>{}</td></tr></table>"
>>> compare_markup(row.format(0.5), row.format(0.75), Rules())
['table 1, row 1, column 2: 0.5 is stored, 0.75 came out']
"""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

import lxml.html

from tests.validation.rules import Rules
from tests.validation.text import compare_line, mask, numbers

#: Attributes that name an element and may differ from run to run: pandas' Styler numbers its elements at random.
RANDOM_NAME = re.compile(r"\bT_[0-9a-f]{4,}")
NAMES = ("id", "for", "headers", "aria-labelledby", "aria-describedby", "clip-path")


def compare_markup(stored: str, fresh: str, rules: Rules) -> list[str]:
    """Return what differs between two pieces of markup; nothing if they say the same."""
    if stored == fresh:
        return []
    was, now = parse(stored), parse(fresh)
    tables = list(zip_longest(was.iter("table"), now.iter("table")))
    if any(a is None or b is None for a, b in tables):
        return [f"{_count(was)} stored, {_count(now)} came out"]
    found = [
        f"table {n}, {difference}"
        for n, (a, b) in enumerate(tables, start=1)
        for difference in _compare_table(a, b, rules)
    ]
    return found or _compare_elements(was, now, rules)


def parse(markup: str) -> Any:
    """Return the markup as a tree, whatever it begins with."""
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def tables(markup: str) -> int:
    """Return the number of tables."""
    return sum(1 for _ in parse(markup).iter("table"))


def _count(tree: Any) -> str:
    n = sum(1 for _ in tree.iter("table"))
    return "1 table is" if n == 1 else f"{n} tables are"


def rows(table: Any) -> list[list[str]]:
    """Return the texts of a table's cells."""
    return [[" ".join(cell.text_content().split()) for cell in row.iter("th", "td")] for row in table.iter("tr")]


def _compare_table(stored: Any, fresh: Any, rules: Rules) -> list[str]:
    was, now = rows(stored), rows(fresh)
    if (shape := [len(row) for row in was]) != [len(row) for row in now]:
        return [f"{len(was)} rows of up to {max(shape, default=0)} cells are stored, {len(now)} rows came out"]
    return [
        f"row {i}, column {j}: {difference}"
        for i, (left, right) in enumerate(zip(was, now, strict=True), start=1)
        for j, (a, b) in enumerate(zip(left, right, strict=True), start=1)
        if (difference := compare_line(mask(a, rules), mask(b, rules), rules))
    ]


def _compare_elements(stored: Any, fresh: Any, rules: Rules) -> list[str]:
    for a, b in zip_longest(stored.iter(), fresh.iter()):
        if a is None or b is None or a.tag != b.tag:
            return [f"{_shown(a)} is stored, {_shown(b)} came out"]
        if len(a) != len(b):
            return [f"{_shown(a)} holds {len(a)} elements, {len(b)} came out"]
        for was, now in [(a.text, b.text), (a.tail, b.tail), *_attributes(a, b)]:
            left, right = (_plain(text, a.tag, rules) for text in (was, now))
            if difference := compare_line(left, right, rules):
                return [f"in {_shown(a)}: {difference}"]
    return []


def _plain(text: str | None, tag: Any, rules: Rules) -> str:
    """Return a text without what differs from run to run; blanks count in `pre` alone."""
    spaced = (text or "") if tag == "pre" else " ".join((text or "").split())
    return mask(RANDOM_NAME.sub("T_", spaced), rules)


def _attributes(stored: Any, fresh: Any) -> list[tuple[str | None, str | None]]:
    keys = {*stored.keys(), *fresh.keys()} - set(NAMES)
    return [(stored.get(key), fresh.get(key)) for key in sorted(keys)]


def _shown(element: Any) -> str:
    return "nothing" if element is None else f"<{element.tag}>"


def count_numbers(markup: str) -> int:
    """Return how many numbers the texts of a piece of markup hold."""
    return len(numbers(parse(markup).text_content()))
