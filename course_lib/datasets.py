"""Simulated data sets of the lessons, with the truth that made them.

Each generator takes a seed and returns a small frozen record: what you would measure (``X``, ``y``) and what
you would never know outside a simulation (``signal``, the noise-free targets, and the parameters).

Lesson: ``notebooks/01-introduction-to-deep-learning.ipynb``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = ["CubicData", "LinearData", "Split", "cubic", "line", "linear_regression", "split"]

Part = tuple[NDArray[Any], ...]


@dataclass(frozen=True, eq=False)
class LinearData:
    """Targets that depend linearly on the features.

    Attributes
    ----------
    X : ndarray, shape (n, p)
        Features.
    y : ndarray, shape (n,)
        ``signal`` plus normal noise.
    signal : ndarray, shape (n,)
        ``X @ beta + bias``, what is left when the noise is taken away.
    beta : ndarray, shape (p,)
        The true coefficients.
    bias : float
        The true intercept.
    noise : float
        Standard deviation of the noise, in the unit of ``y``.
    seed : int
        The seed that made the data.
    """

    X: Floats
    y: Floats
    signal: Floats
    beta: Floats
    bias: float
    noise: float
    seed: int

    @property
    def x(self) -> Floats:
        """The first feature, shape (n,): all there is when p is 1."""
        return self.X[:, 0]


@dataclass(frozen=True, eq=False)
class CubicData:
    """Targets that are the cube of one feature.

    Attributes
    ----------
    X : ndarray, shape (n, 1)
        The feature.
    y : ndarray, shape (n,)
        ``signal`` plus normal noise.
    signal : ndarray, shape (n,)
        ``x**3``.
    noise : float
        Standard deviation of the noise, in the unit of ``y``.
    distribution : str
        How the feature was drawn.
    seed : int
        The seed that made the data.
    """

    X: Floats
    y: Floats
    signal: Floats
    noise: float
    distribution: str
    seed: int

    @property
    def x(self) -> Floats:
        """The feature, shape (n,)."""
        return self.X[:, 0]


class Split(NamedTuple):
    """The three parts of a data set, each a tuple of the arrays in the order in which they came in."""

    train: Part
    validation: Part
    test: Part


def linear_regression(
    n: int = 1000,
    *,
    beta: ArrayLike = (40.0, 7.0),
    noise: float = 10.0,
    bias: float = 0.0,
    seed: int = 42,
) -> LinearData:
    """Draw a linear regression problem with standard normal features.

    Parameters
    ----------
    n : int
        Number of rows.
    beta : array_like, shape (p,)
        The true coefficients; their number is the number of features.
    noise : float
        Standard deviation of the normal noise, 0 or more.
    bias : float
        The true intercept.
    seed : int
        Seed of the generator.

    Returns
    -------
    LinearData
        ``X (n, p)``, ``y (n,)`` and the truth.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: GENE 46100, Unit 0, which calls scikit-learn's ``make_regression(n_samples=1000, n_features=2,
    noise=10)`` after seeding NumPy with 42 (its coefficients are then 40.7 and 6.6). Lesson: notebook 01.

    Examples
    --------
    >>> data = linear_regression(100, noise=1.0, seed=0)
    >>> data.X.shape, data.y.shape, data.beta.tolist()
    ((100, 2), (100,), [40.0, 7.0])
    """
    rng, n = _rng(seed), check.integer("n", n, 1)
    beta = check.real_array("beta", beta, 1)
    X = rng.normal(size=(n, len(beta)))
    return _linear(X, beta, check.real("bias", bias), noise, rng, seed)


def line(
    n: int = 50,
    *,
    slope: float = 0.8,
    bias: float = 0.0,
    noise: float = 0.5,
    distribution: str = "normal",
    low: float = -3.0,
    high: float = 3.0,
    seed: int = 42,
) -> LinearData:
    """Draw points around a straight line, ``y = slope * x + bias + noise``.

    Parameters
    ----------
    n : int
        Number of points.
    slope, bias : float
        The true line.
    noise : float
        Standard deviation of the normal noise, 0 or more.
    distribution : {"normal", "uniform", "grid"}
        How x is spread: standard normal, uniform between `low` and `high`, or evenly from `low` to `high`.
    low, high : float
        Ends of the range; not used by "normal".
    seed : int
        Seed of the generator.

    Returns
    -------
    LinearData
        ``X (n, 1)``, ``y (n,)`` and the truth; ``.x`` is the feature as a vector.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: GENE 46100, Unit 0, which draws slope 0.8 with noise 0.5. Lesson: deck 01.

    Examples
    --------
    >>> line(3, noise=0.0, distribution="grid").y.round(6).tolist()
    [-2.4, 0.0, 2.4]
    """
    rng = _rng(seed)
    X = _feature(rng, n, distribution, low, high)
    return _linear(X, np.array([check.real("slope", slope)]), check.real("bias", bias), noise, rng, seed)


def cubic(
    n: int = 1000,
    *,
    noise: float = 0.0,
    distribution: str = "normal",
    low: float = -3.0,
    high: float = 3.0,
    seed: int = 42,
) -> CubicData:
    """Draw points on the curve ``y = x**3``, or around it.

    Parameters
    ----------
    n : int
        Number of points.
    noise : float
        Standard deviation of the normal noise, 0 or more.
    distribution : {"normal", "uniform", "grid"}
        How x is spread: standard normal, uniform between `low` and `high`, or evenly from `low` to `high`.
    low, high : float
        Ends of the range; not used by "normal".
    seed : int
        Seed of the generator.

    Returns
    -------
    CubicData
        ``X (n, 1)``, ``y (n,)`` and the truth; ``.x`` is the feature as a vector.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: GENE 46100, Unit 0. Lesson: notebook 01.

    Examples
    --------
    >>> cubic(3, distribution="grid", low=-2, high=2).y.tolist()
    [-8.0, 0.0, 8.0]
    """
    rng = _rng(seed)
    X = _feature(rng, n, distribution, low, high)
    signal = X[:, 0] ** 3
    sd = check.non_negative("noise", noise)
    return CubicData(X, signal + sd * rng.normal(size=len(X)), signal, sd, distribution, seed)


def split(*arrays: ArrayLike, fractions: Sequence[float] = (0.6, 0.2, 0.2), seed: int = 42) -> Split:
    """Deal the rows at random into training, validation and test parts.

    Fit on the first, choose on the second, and look at the third once. Do not use it for genomic windows:
    those share sequence, and are split by chromosome.

    Parameters
    ----------
    *arrays : array_like, shape (n, ...)
        Arrays with the same rows, as in ``split(X, y)``.
    fractions : sequence of three floats
        Parts of the rows, each 0 or more, that sum to 1. Validation and test get their parts rounded to whole
        rows; training gets the rest. A part with a fraction above 0 never ends up empty.
    seed : int
        Seed of the shuffle.

    Returns
    -------
    Split
        ``train``, ``validation`` and ``test``, each a tuple of arrays.

    Raises
    ------
    ValueError, TypeError
        When arrays differ in their number of rows, fractions do not sum to 1, or a part would be empty.

    Notes
    -----
    Source: MIT 6.047 (2020), lecture 12, on validation and test sets. Lesson: notebook 01.

    Examples
    --------
    >>> (x_train,), (x_validation,), (x_test,) = split(range(10), seed=0)
    >>> len(x_train), len(x_validation), len(x_test)
    (6, 2, 2)
    """
    columns = [np.asarray(array) for array in arrays]
    n = _common_rows(columns)
    n_validation, n_test = _part_sizes(n, fractions)
    order = _rng(seed).permutation(n)
    ends = [n - n_validation - n_test, n - n_test]
    train, validation, test = np.split(order, ends)
    return Split(*(tuple(column[rows] for column in columns) for rows in (train, validation, test)))


def _linear(X: Floats, beta: Floats, bias: float, noise: float, rng: np.random.Generator, seed: int) -> LinearData:
    signal = X @ beta + bias
    sd = check.non_negative("noise", noise)
    return LinearData(X, signal + sd * rng.normal(size=len(X)), signal, beta, bias, sd, seed)


def _feature(rng: np.random.Generator, n: int, distribution: str, low: float, high: float) -> Floats:
    n = check.integer("n", n, 1)
    check.choice("distribution", distribution, ("normal", "uniform", "grid"))
    if check.real("low", low) >= check.real("high", high):
        raise ValueError(f"low must be below high, got {low} and {high}")
    if distribution == "normal":
        return rng.normal(size=(n, 1))
    x = rng.uniform(low, high, size=n) if distribution == "uniform" else np.linspace(low, high, n)
    return x[:, None]


def _common_rows(columns: list[NDArray[Any]]) -> int:
    if not columns:
        raise TypeError("arrays: split needs at least one array")
    if any(column.ndim == 0 for column in columns):
        raise ValueError("arrays must have rows, got a single value")
    rows = sorted({len(column) for column in columns})
    if len(rows) > 1:
        raise ValueError(f"arrays must have as many rows each, got {[len(column) for column in columns]}")
    return rows[0]


def _part_sizes(n: int, fractions: Sequence[float]) -> tuple[int, int]:
    if len(fractions) != 3:
        raise ValueError(f"fractions must be three numbers, got {fractions!r}")
    shares = [check.non_negative("fractions", fraction) for fraction in fractions]
    if abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"fractions must sum to 1, got {fractions!r}, which sum to {sum(shares):g}")
    n_validation, n_test = round(n * shares[1]), round(n * shares[2])
    sizes = (n - n_validation - n_test, n_validation, n_test)
    if any(share > 0 and size < 1 for share, size in zip(shares, sizes, strict=True)):
        raise ValueError(f"fractions {fractions!r} leave a part of {n} rows empty: {sizes}")
    return n_validation, n_test


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(check.integer("seed", seed, 0))
