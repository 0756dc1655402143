"""What a cell may say of its own validation, in its metadata; every departure from the default gives its reason.

``validation: {"rtol": 0.01, "reason": "..."}`` widens a tolerance, ``{"exempt": "numbers", "reason": "..."}`` leaves
something out. Nothing else does: the tags and comments of nbval are refused (`holes`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEY = "validation"
#: What a cell may be exempt from, and what is left out then.
EXEMPTIONS = {
    "output": "all outputs (the cell still runs, and its assertions hold)",
    "numbers": "the numbers of text and tables that are not whole; words, whole numbers and shape are compared",
    "figure": "what the figure shows, and the picture",
    "stderr": "the rule that nothing is written to stderr",
    "error": "the rule that no error is raised (the error itself is compared)",
    "alt": "the rule that the numbers of the alternative text are those of the figure",
    "size": "the limit on the size of outputs",
}
REASON_LENGTH = 15


class RuleError(ValueError):
    """A cell's metadata says something that is not understood, or gives no reason."""


@dataclass(frozen=True)
class Rules:
    """How the outputs of one cell are compared.

    Parameters
    ----------
    rtol, atol : float
        Relative and absolute tolerance of numbers that are not whole, in text and tables. The defaults forgive the
        last bits of a sum, not a digit that a reader would see.
    units : int
        By how many units of its last displayed digit a number may differ besides. Zero: ``0.25`` is not ``0.26``. A
        cell whose value lies near the edge between two roundings may allow 1.
    integers : bool
        Whether tolerances hold for whole numbers, too. Counts, labels and sizes are exact unless a cell says this.
    figure : float
        Tolerance of what a figure shows, as a part of the axis: 1e-4 is a tenth of a pixel of a figure 1,000 pixels
        wide.
    picture : float
        Share of the picture that may look different, in percent.
    ignore : tuple of patterns
        Parts of the text that are left out, for durations and the like.
    exempt : frozenset of str
        Keys of `EXEMPTIONS`.
    reason : str
        Why the cell departs from the default.
    """

    rtol: float = 1e-6
    atol: float = 1e-12
    units: int = 0
    integers: bool = False
    figure: float = 1e-4
    picture: float = 0.02
    ignore: tuple[re.Pattern[str], ...] = ()
    exempt: frozenset[str] = frozenset()
    reason: str = ""
    given: Mapping[str, Any] = field(default_factory=dict, compare=False)


TOLERANCES = ("rtol", "atol", "figure", "picture")
#: The most that a cell may allow; beyond, it says what it leaves out, with `exempt`.
LARGEST = {"rtol": 1.0, "atol": 1e9, "figure": 0.5, "picture": 10.0}
#: What no pattern of `ignore` may match as a whole: a result.
RESULT = "accuracy 0.99\nloss 12"
KEYS = (*TOLERANCES, "units", "integers", "ignore", "exempt", "reason")


def read_rules(metadata: Mapping[str, Any]) -> Rules:
    """Return the rules of a cell with this metadata.

    Raises
    ------
    RuleError
        If the metadata holds an unknown key, a value that makes no sense, or no reason.
    """
    given = metadata.get(KEY)
    if given is None:
        return Rules()
    if not isinstance(given, Mapping) or not given:
        raise RuleError(f"{KEY!r} is a mapping such as {{'rtol': 0.01, 'reason': '...'}}, not {given!r}")
    if unknown := sorted(set(given) - set(KEYS)):
        raise RuleError(f"{KEY!r} has no key {unknown[0]!r}; it knows {', '.join(KEYS)}")
    reason = str(given.get("reason") or "").strip()
    if len(reason) < REASON_LENGTH:
        raise RuleError(f"{KEY!r} departs from the default and gives no reason; write 'reason': '...' beside it")
    return Rules(
        **{key: _tolerance(key, given[key]) for key in TOLERANCES if key in given},
        units=_count("units", given.get("units", 0)),
        integers=_truth("integers", given.get("integers", False)),
        ignore=tuple(_pattern(text) for text in _listed(given.get("ignore", []))),
        exempt=frozenset(_exemption(name) for name in _listed(given.get("exempt", []))),
        reason=reason,
        given=dict(given),
    )


def _tolerance(key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise RuleError(f"{KEY}.{key} is a number from 0 up, not {value!r}")
    if value > LARGEST[key]:
        raise RuleError(f"{KEY}.{key} is at most {LARGEST[key]:g}, not {value!r}; write what is left out with 'exempt'")
    return float(value)


def _count(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RuleError(f"{KEY}.{key} is a whole number from 0 up, not {value!r}")
    return value


def _truth(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise RuleError(f"{KEY}.{key} is true or false, not {value!r}")
    return value


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _pattern(text: Any) -> re.Pattern[str]:
    try:
        pattern = re.compile(str(text))
    except re.error as error:
        raise RuleError(f"{KEY}.ignore: {text!r} is not a regular expression: {error}") from None
    if pattern.match("") or any(pattern.fullmatch(part) for part in (RESULT, *RESULT.split("\n"))):
        raise RuleError(f"{KEY}.ignore: {text!r} matches everything; say what is left out")
    return pattern


def _exemption(name: Any) -> str:
    if name not in EXEMPTIONS:
        raise RuleError(f"{KEY}.exempt: {name!r} is none of {', '.join(EXEMPTIONS)}")
    return str(name)
