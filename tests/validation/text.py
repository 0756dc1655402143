"""Compares two texts: numbers within a tolerance, everything else exactly, after machine-dependent parts are masked.

>>> compare_text("loss 0.2500 after 10 epochs", "loss 0.2500 after 11 epochs", Rules())
['line 1: 10 is stored, 11 came out']
>>> compare_text("at 0x7f3a2b9c10", "at 0x7f00000010", Rules())
[]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from tests.validation.rules import Rules

#: What may differ between two runs without meaning anything, and what stands for it.
MASKS = (
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "ADDRESS"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "TIME"),
    (re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d (?:\w+ )?\d{4}\b"), "TIME"),
    (re.compile(r"\d+%\|[^|\n]*\| *\d+/\d+ \[[^\n]*"), "PROGRESS"),
    (re.compile(r"(?<![\w/.:])(?:/[\w.+@~-]+)+/(?=[\w.+@~-])"), "FOLDER/"),
    (re.compile(r"\b[A-Za-z]:\\(?:[^\\\s\"']+\\)+"), "FOLDER/"),
)
#: A number that stands alone: no part of a name such as x2, or of a version such as 2.13.0.
NUMBER = re.compile(
    r"(?:(?<![\w.)\]])[-+−])?(?<![\w.])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?!\d|\.\d|,\d)"
)


@dataclass(frozen=True)
class Number:
    """A number as it is displayed."""

    text: str

    @property
    def value(self) -> float:
        """Return what it says."""
        return float(self.text.replace(",", "").replace("−", "-"))

    @property
    def whole(self) -> bool:
        """Tell whether it is displayed without decimals and exponent."""
        return not re.search(r"[.eE]", self.text)

    @property
    def unit(self) -> float:
        """Return the worth of one in its last displayed digit."""
        digits, _, exponent = self.text.lower().partition("e")
        return 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))


def mask(text: str, rules: Rules) -> str:
    """Replace what differs from run to run, and what the cell leaves out."""
    for pattern, name in MASKS:
        text = pattern.sub(name, text)
    for pattern in rules.ignore:
        text = pattern.sub("IGNORED", text)
    return text


def numbers(text: str) -> list[Number]:
    """Return the numbers of a text in order."""
    return [Number(match[0]) for match in NUMBER.finditer(text)]


def close(stored: Number, fresh: Number, rules: Rules) -> bool:
    """Tell whether two displayed numbers are the same within the tolerance."""
    if stored.text == fresh.text:
        return True
    if stored.whole and fresh.whole and not rules.integers:
        return False
    if "numbers" in rules.exempt:
        return stored.whole == fresh.whole
    slack = rules.atol + rules.rtol * max(abs(stored.value), abs(fresh.value))
    slack += rules.units * min(stored.unit, fresh.unit) * (1 + 1e-9)
    return abs(stored.value - fresh.value) <= slack


def compare_text(stored: str, fresh: str, rules: Rules) -> list[str]:
    """Return what differs between two texts, line by line; nothing if they say the same."""
    was, now = (mask(text, rules).rstrip("\n").split("\n") for text in (stored, fresh))
    if len(was) != len(now):
        return [f"{_lines(was)} stored, {_lines(now).rpartition(' ')[0]} came out"]
    found = ((n, compare_line(a, b, rules)) for n, (a, b) in enumerate(zip(was, now, strict=True), start=1))
    return [f"line {n}: {difference}" for n, difference in found if difference]


def _lines(lines: list[str]) -> str:
    return "nothing is" if lines == [""] else "1 line is" if len(lines) == 1 else f"{len(lines)} lines are"


def compare_line(stored: str, fresh: str, rules: Rules) -> str:
    """Return the first difference between two lines, or nothing."""
    if stored == fresh:
        return ""
    was, now = numbers(stored), numbers(fresh)
    for a, b in zip_longest(was, now):
        if a is None or b is None:
            return f"{stored.strip()!r} is stored, {fresh.strip()!r} came out"
        if not close(a, b, rules):
            return f"{a.text} is stored, {b.text} came out"
    return "" if _words(stored, fresh) else f"{stored.strip()!r} is stored, {fresh.strip()!r} came out"


def _words(stored: str, fresh: str) -> bool:
    """Tell whether what stands between the numbers is the same; a number of another width may move the blanks by it."""
    was, now = (NUMBER.split(text) for text in (stored, fresh))
    pairs = zip(numbers(stored), numbers(fresh), strict=True)
    moved = sum(abs(len(a.text) - len(b.text)) for a, b in pairs)
    return all(
        a == b or (a.split() == b.split() and 0 < abs(len(a) - len(b)) <= moved) for a, b in zip(was, now, strict=True)
    )
