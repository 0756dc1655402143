"""Checks of arguments: each returns the clean value or says which argument is wrong and what was seen."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def real_array(name: str, value: ArrayLike, ndim: int) -> Floats:
    """Return `value` as a float64 array with `ndim` axes, not empty and finite."""
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must be an array of numbers, got {_short(value)}") from error
    if array.ndim != ndim:
        hint = f"; write {name}[:, None] for one feature" if (ndim, array.ndim) == (2, 1) else ""
        axes = "1 axis" if ndim == 1 else f"{ndim} axes"
        raise ValueError(f"{name} must have {axes}, got shape {array.shape}{hint}")
    if array.size == 0:
        raise ValueError(f"{name} is empty: shape {array.shape}")
    if not np.isfinite(array).all():
        where = np.argwhere(~np.isfinite(array))[0]
        position = ", ".join(str(i) for i in where)
        raise ValueError(f"{name} must be finite, got {array[tuple(where)]} at [{position}]")
    return array


def design(X: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """Return features ``(m, p)`` and targets ``(m,)`` that belong together."""
    features, targets = real_array("X", X, 2), real_array("y", y, 1)
    if len(features) != len(targets):
        raise ValueError(f"X and y must have as many rows: X has {len(features)}, y has {len(targets)}")
    return features, targets


def integer(name: str, value: Any, minimum: int) -> int:
    """Return a whole number of at least `minimum`."""
    if not isinstance(value, Integral) or isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, got {_short(value)}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}, got {value}")
    return int(value)


def real(name: str, value: Any) -> float:
    """Return a finite number."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number, got {_short(value)}")
    if not math.isfinite(value):
        raise ValueError(f"{name} must be finite, got {value}")
    return float(value)


def positive(name: str, value: Any) -> float:
    """Return a finite number above zero."""
    number = real(name, value)
    if number <= 0:
        raise ValueError(f"{name} must be above 0, got {value}")
    return number


def non_negative(name: str, value: Any) -> float:
    """Return a finite number of zero or more."""
    number = real(name, value)
    if number < 0:
        raise ValueError(f"{name} must be 0 or more, got {value}")
    return number


def share(name: str, value: Any) -> float:
    """Return a number between 0 and 1, both included."""
    number = real(name, value)
    if not 0 <= number <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, got {value}")
    return number


def choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    """Return one of the `allowed` words."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {_short(value)}")
    return str(value)


def _short(value: Any) -> str:
    text = f"{type(value).__name__} {value!r}"
    return text if len(text) <= 80 else text[:77] + "..."
