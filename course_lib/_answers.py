"""What the checks of all lessons share: a verdict, and reading what a student gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Judge = Callable[[object], "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """What a check finds.

    Attributes
    ----------
    passed : bool
        Whether the answer is right.
    message : str
        One or two sentences for the student: what is right, or where to look next.
    """

    passed: bool
    message: str


def hint(message: str) -> Verdict:
    return Verdict(False, message)


def number(answer: object) -> float | None:
    """Return a single real number as a float, None for anything else."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
    return float(array.reshape(-1)[0]) if array.size == 1 and np.isfinite(array).all() else None


def close(value: float, target: float, rel: float = 0.01) -> bool:
    return abs(value - target) <= rel * abs(target)


def output(function: Callable[..., Any], shape: tuple[int, ...], *arguments: Floats) -> Floats | Verdict:
    """Call the student's function; a failure becomes a hint instead of a traceback."""
    try:
        result = np.asarray(function(*arguments), dtype=float)
    except Exception as error:
        return hint(f"Your function raises {type(error).__name__}: {error}")
    if result.shape != shape:
        return hint(f"Your function returns shape {result.shape}; it should be {shape}.")
    if not np.isfinite(result).all():
        return hint("Your function returns values that are not finite.")
    return result
