"""Simulated data sets of the lessons, with the truth that made them.

Each generator takes a seed and returns a small frozen record: what you would measure (``X``, ``y``) and what
you would never know outside a simulation (``signal``, the noise-free targets, and the parameters). DNA comes as
codes 0, 1, 2, 3 for A, C, G, T, with ``X`` its one-hot encoding.

Lessons: ``notebooks/01-introduction-to-deep-learning.ipynb``, 02, 05 to 07 and 09, as each generator says.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = [
    "CubicData",
    "ExpressionProfiles",
    "KmerScores",
    "LinearData",
    "MarkovGenome",
    "PlantedMotif",
    "RecallData",
    "Split",
    "TwoClasses",
    "cubic",
    "expression_profiles",
    "kmer_scores",
    "line",
    "linear_regression",
    "markov_genome",
    "motif_log_odds",
    "planted_motif",
    "recall",
    "split",
    "two_gaussians",
    "xor",
]

Part = tuple[NDArray[Any], ...]
Codes = NDArray[np.uint8]

_LETTERS = np.frombuffer(b"ACGT", np.uint8)
_UNIFORM = (0.25, 0.25, 0.25, 0.25)
_TAT_GCG: Mapping[str, float] = MappingProxyType({"TAT": 10.0, "GCG": -10.0})


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


# --- lesson 02: scores of k-mers --------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class KmerScores:
    """All DNA sequences of one length, each with a score that its bases and motifs give it.

    Attributes
    ----------
    codes : ndarray of uint8, shape (4**k, k)
        The sequences, in alphabetic order.
    y : ndarray, shape (4**k,)
        ``signal`` plus normal noise.
    signal : ndarray, shape (4**k,)
        The mean of the bases' values, plus the value of each motif that the sequence holds, once or more.
    counts : ndarray of int, shape (4**k, motifs)
        How often each motif occurs, overlaps included.
    base_values : ndarray, shape (4,)
        Values of A, C, G, T.
    motifs : dict of str to float
        What each motif adds, in the order of the columns of `counts`.
    noise : float
        Standard deviation of the noise.
    seed : int
        The seed that made the noise.
    """

    codes: Codes
    y: Floats
    signal: Floats
    counts: NDArray[np.int64]
    base_values: Floats
    motifs: dict[str, float]
    noise: float
    seed: int

    @cached_property
    def X(self) -> NDArray[np.float32]:
        """One-hot sequences, shape (4**k, k, 4)."""
        return _one_hot(self.codes)

    @cached_property
    def sequences(self) -> list[str]:
        """The sequences as text."""
        return _texts(self.codes)


def kmer_scores(
    k: int = 8,
    *,
    base_values: ArrayLike = (20.0, 17.0, 14.0, 11.0),
    motifs: Mapping[str, float] = _TAT_GCG,
    noise: float = 0.0,
    seed: int = 42,
) -> KmerScores:
    """Score all DNA sequences of length `k` by their bases and by the motifs that they hold.

    Parameters
    ----------
    k : int
        Length of the sequences, from 1 to 10 (4**10 is a million).
    base_values : array_like, shape (4,)
        Values of A, C, G, T, which are averaged over the sequence.
    motifs : mapping of str to float
        What the presence of a motif adds, however often it occurs.
    noise : float
        Standard deviation of the normal noise, 0 or more.
    seed : int
        Seed of the noise.

    Returns
    -------
    KmerScores
        ``codes (4**k, k)``, ``y (4**k,)``, how often each motif occurs, and the truth.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Wilson (2022), *Modeling DNA sequences with PyTorch*. Lesson: notebook 02.

    Examples
    --------
    >>> data = kmer_scores(4)
    >>> row = data.sequences.index("TATC")
    >>> len(data.y), float(data.y[row]), data.counts[row].tolist()
    (256, 24.75, [1, 0])
    """
    if check.integer("k", k, 1) > 10:
        raise ValueError(f"k must be at most 10, got {k}")
    values = check.real_array("base_values", base_values, 1)
    if len(values) != 4:
        raise ValueError(f"base_values must be four numbers, for A, C, G, T, got {len(values)}")
    codes = np.array(list(itertools.product(range(4), repeat=k)), np.uint8)
    counts = np.stack([_occurrences(codes, motif) for motif in motifs], 1) if motifs else np.zeros((4**k, 0), np.int64)
    bonus = np.array([check.real("motifs", value) for value in motifs.values()])
    signal = values[codes].mean(1) + (counts > 0) @ bonus
    sd = check.non_negative("noise", noise)
    y = signal + sd * _rng(seed).normal(size=len(signal))
    return KmerScores(codes, y, signal, counts, values, dict(motifs), sd, seed)


# --- lesson 05: two classes -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class TwoClasses:
    """Points of two classes.

    Attributes
    ----------
    X : ndarray, shape (n, p)
        Features.
    y : ndarray of int, shape (n,)
        Class 0 or 1.
    log_odds : ndarray, shape (n,)
        The best possible score: the natural logarithm of the odds that the point is of class 1.
    accuracy : float
        The part of new points that the best possible classifier gets right.
    seed : int
        The seed that made the data.
    """

    X: Floats
    y: NDArray[np.int64]
    log_odds: Floats
    accuracy: float
    seed: int


def two_gaussians(n: int = 200, *, features: int = 2, distance: float = 2.0, seed: int = 42) -> TwoClasses:
    """Draw two clouds of points, standard normal around centers that lie apart along the first feature.

    Parameters
    ----------
    n : int
        Number of points; either class is as likely.
    features : int
        Number of features; all but the first are of no use.
    distance : float
        Distance of the centers, in standard deviations, above 0.
    seed : int
        Seed of the generator.

    Returns
    -------
    TwoClasses
        ``X (n, features)``, ``y (n,)``, and the best possible score and accuracy, ``Phi(distance / 2)``.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Hastie, Tibshirani and Friedman (2009), *The Elements of Statistical Learning*, section 4.3. Lesson:
    notebook 05.

    Examples
    --------
    >>> data = two_gaussians(100)
    >>> data.X.shape, data.y.shape, round(data.accuracy, 3)
    ((100, 2), (100,), 0.841)
    """
    rng, n = _rng(seed), check.integer("n", n, 1)
    distance = check.positive("distance", distance)
    y = rng.integers(2, size=n)
    X = rng.normal(size=(n, check.integer("features", features, 1)))
    X[:, 0] += distance * (y - 0.5)
    return TwoClasses(X, y, distance * X[:, 0], _normal_cdf(distance / 2), seed)


def xor(n: int = 200, *, noise: float = 0.2, seed: int = 42) -> TwoClasses:
    """Draw points around the corners of the unit square, with class 1 where just one coordinate is 1.

    Parameters
    ----------
    n : int
        Number of points; each corner is as likely.
    noise : float
        Standard deviation of the normal noise on both coordinates, above 0.
    seed : int
        Seed of the generator.

    Returns
    -------
    TwoClasses
        ``X (n, 2)``, ``y (n,)``, and the best possible score and accuracy.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    No line parts the classes. Source: Minsky and Papert (1969), *Perceptrons*. Lesson: notebook 05.

    Examples
    --------
    >>> data = xor(100)
    >>> data.X.shape, sorted(set(data.y.tolist())), round(data.accuracy, 3)
    ((100, 2), [0, 1], 0.988)
    """
    rng, n, sd = _rng(seed), check.integer("n", n, 1), check.positive("noise", noise)
    corner = rng.integers(2, size=(n, 2))
    X = corner + sd * rng.normal(size=(n, 2))
    # A coordinate x is of 1 with log odds (x - 1/2) / sd**2; the classes combine two coordinates.
    one, other = ((X[:, k] - 0.5) / sd**2 for k in (0, 1))
    log_odds = np.logaddexp(one, other) - np.logaddexp(0, one + other)
    right = _normal_cdf(0.5 / sd)  # of one coordinate; a point is right when both are, or neither
    return TwoClasses(X, corner[:, 0] ^ corner[:, 1], log_odds, right**2 + (1 - right) ** 2, seed)


# --- lesson 06: expression profiles -----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ExpressionProfiles:
    """Expression of genes that a few hidden programs drive.

    Attributes
    ----------
    X : ndarray, shape (n, genes)
        ``signal`` plus normal noise: one row a sample.
    signal : ndarray, shape (n, genes)
        ``activity @ loadings``.
    activity : ndarray, shape (n, programs)
        How active each program is in each sample, standard normal.
    loadings : ndarray, shape (programs, genes)
        What each program does to each gene, standard normal over the square root of the number of programs,
        so that the signal of a gene has a variance near 1.
    noise : float
        Standard deviation of the noise.
    seed : int
        The seed that made the data.
    """

    X: Floats
    signal: Floats
    activity: Floats
    loadings: Floats
    noise: float
    seed: int


def expression_profiles(
    n: int = 500, *, genes: int = 100, programs: int = 5, noise: float = 0.5, seed: int = 42
) -> ExpressionProfiles:
    """Draw expression profiles in which a few programs drive all genes.

    Parameters
    ----------
    n, genes : int
        Number of samples and of genes.
    programs : int
        Number of hidden programs, at most `genes`. The signal lies in a space of this many dimensions.
    noise : float
        Standard deviation of the normal noise on each value, 0 or more.
    seed : int
        Seed of the generator.

    Returns
    -------
    ExpressionProfiles
        ``X (n, genes)`` and the truth.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: MIT 6.047 (2020), lecture 12, on autoencoders. Lesson: notebook 06.

    Examples
    --------
    >>> data = expression_profiles(50, genes=20, programs=3)
    >>> data.X.shape, int(np.linalg.matrix_rank(data.signal))
    ((50, 20), 3)
    """
    rng, n, genes = _rng(seed), check.integer("n", n, 1), check.integer("genes", genes, 1)
    if check.integer("programs", programs, 1) > genes:
        raise ValueError(f"programs must be at most the {genes} genes, got {programs}")
    sd = check.non_negative("noise", noise)
    loadings = rng.normal(size=(programs, genes)) / math.sqrt(programs)
    activity = rng.normal(size=(n, programs))
    signal = activity @ loadings
    return ExpressionProfiles(signal + sd * rng.normal(size=signal.shape), signal, activity, loadings, sd, seed)


# --- lesson 07: sequences with memory ---------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class MarkovGenome:
    """A sequence in which each base depends on the `order` bases before it.

    Attributes
    ----------
    codes : ndarray of uint8, shape (length,)
        The sequence.
    transition : ndarray, shape (4**order, 4)
        The probability of each base after each context. Contexts are in alphabetic order.
    stationary : ndarray, shape (4**order,)
        How often each context occurs in the long run.
    entropy_rate : float
        Bits per base that no predictor can get below on average, however long its memory.
    bits : ndarray, shape (length - order,)
        What the true model pays for each base with a full context: minus log2 of its probability.
    order : int
        Number of bases that a base depends on.
    seed : int
        The seed that made the data.
    """

    codes: Codes
    transition: Floats
    stationary: Floats
    entropy_rate: float
    bits: Floats
    order: int
    seed: int

    @cached_property
    def sequence(self) -> str:
        """The sequence as text."""
        return _texts(self.codes[None])[0]


def markov_genome(length: int = 100_000, *, order: int = 5, concentration: float = 0.5, seed: int = 42) -> MarkovGenome:
    """Draw a sequence from a random Markov chain whose entropy rate is known.

    Parameters
    ----------
    length : int
        Number of bases, more than `order`.
    order : int
        Number of bases that a base depends on, from 0 to 8.
    concentration : float
        Of the Dirichlet distribution of the transition probabilities, 0.1 or more: small values make the next
        base easy to predict, large ones bring it near chance, 2 bits.
    seed : int
        Seed of the generator.

    Returns
    -------
    MarkovGenome
        ``codes (length,)`` and the truth.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    The first context is drawn from the stationary distribution. The entropy rate is the mean over it of the entropy
    of the next base. Source: Shannon (1948), *A mathematical theory of communication*. Lesson: notebook 07.

    Examples
    --------
    >>> genome = markov_genome(20_000, order=2)
    >>> genome.transition.shape, abs(float(genome.bits.mean()) - genome.entropy_rate) < 0.02
    ((16, 4), True)
    """
    if check.integer("order", order, 0) > 8:
        raise ValueError(f"order must be at most 8, got {order}")
    rng, length = _rng(seed), check.integer("length", length, order + 1)
    if check.real("concentration", concentration) < 0.1:
        raise ValueError(f"concentration must be at least 0.1, got {concentration}")
    transition = rng.dirichlet(np.full(4, concentration), size=4**order)
    stationary = _stationary(transition, order)
    log2 = np.log2(np.maximum(transition, np.finfo(float).tiny))
    contexts, codes = _walk_chain(transition, stationary, length, order, rng)
    bits = -log2[contexts, codes[order:]]
    entropy_rate = float(-stationary @ (transition * log2).sum(1))
    return MarkovGenome(codes, transition, stationary, entropy_rate, bits, order, seed)


@dataclass(frozen=True, eq=False)
class RecallData:
    """Sequences whose label is their first base, far from their end.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n, distance + 1)
        The sequences. All bases are drawn independently.
    y : ndarray of int, shape (n,)
        The code of the first base.
    distance : int
        Number of bases after the first.
    seed : int
        The seed that made the data.
    """

    codes: Codes
    y: NDArray[np.int64]
    distance: int
    seed: int

    @cached_property
    def X(self) -> NDArray[np.float32]:
        """One-hot sequences, shape (n, distance + 1, 4)."""
        return _one_hot(self.codes)


def recall(n: int = 1000, *, distance: int = 50, seed: int = 42) -> RecallData:
    """Draw a task of memory: read a sequence from its start, and at its end tell the first base.

    Parameters
    ----------
    n : int
        Number of sequences.
    distance : int
        Number of random bases between the first base and the question, 1 or more. A predictor that sees the last
        `distance` bases only is right one time in four.
    seed : int
        Seed of the generator.

    Returns
    -------
    RecallData
        ``codes (n, distance + 1)`` and ``y (n,)``.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Hochreiter and Schmidhuber (1997), *Long short-term memory*, on long time lags. Lesson: notebook 07.

    Examples
    --------
    >>> data = recall(100, distance=20)
    >>> data.X.shape, bool((data.codes[:, 0] == data.y).all())
    ((100, 21, 4), True)
    """
    distance = check.integer("distance", distance, 1)
    codes = _rng(seed).integers(4, size=(check.integer("n", n, 1), distance + 1), dtype=np.uint8)
    return RecallData(codes, codes[:, 0].astype(np.int64), distance, seed)


# --- lessons 03, 08 and 09: planted motifs ----------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class PlantedMotif:
    """Random sequences, some with one site of a motif in them.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n, length)
        The sequences.
    y : ndarray, shape (n,)
        1.0 with a site, 0.0 without.
    positions : ndarray of int, shape (n,)
        Where the site starts; -1 without one.
    strands : ndarray of int, shape (n,)
        1 when the site reads forward, -1 when it is on the other strand, 0 without one.
    optimal : ndarray, shape (n,)
        The best possible score, `motif_log_odds`: no other has a higher AUROC on new data.
    matrix : ndarray, shape (width, 4)
        The probabilities of A, C, G, T at each position of the site.
    background : ndarray, shape (4,)
        The probabilities elsewhere.
    both_strands : bool
        Whether sites lie on both strands.
    seed : int
        The seed that made the data.
    """

    codes: Codes
    y: Floats
    positions: NDArray[np.int64]
    strands: NDArray[np.int64]
    optimal: Floats
    matrix: Floats
    background: Floats
    both_strands: bool
    seed: int

    @cached_property
    def X(self) -> NDArray[np.float32]:
        """One-hot sequences, shape (n, length, 4)."""
        return _one_hot(self.codes)

    @cached_property
    def sequences(self) -> list[str]:
        """The sequences as text."""
        return _texts(self.codes)


def planted_motif(
    matrix: ArrayLike,
    n: int = 1000,
    length: int = 150,
    *,
    positives: float = 0.5,
    both_strands: bool = False,
    background: ArrayLike = _UNIFORM,
    seed: int = 42,
) -> PlantedMotif:
    """Draw sequences from a background and plant one site of a motif in some of them.

    Parameters
    ----------
    matrix : array_like, shape (width, 4)
        Probabilities of A, C, G, T at each position of the site.
    n, length : int
        Number of sequences, and of bases in each, at least the width.
    positives : float
        The part of the sequences that get a site, between 0 and 1, rounded to whole sequences; which ones is random.
        The place of a site is uniform.
    both_strands : bool
        Put the site on the other strand, as its reverse complement, half of the time.
    background : array_like, shape (4,)
        Probabilities of A, C, G, T elsewhere.
    seed : int
        Seed of the generator.

    Returns
    -------
    PlantedMotif
        ``codes (n, length)``, ``y (n,)``, where the sites are, and the best possible score.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: MIT 6.047 (2020), lecture 12, on regulatory genomics. Lessons: notebooks 03, 08 and 09.

    Examples
    --------
    >>> gata = np.full((4, 4), 0.01) + 0.96 * np.eye(4)[[2, 0, 3, 0]]
    >>> data = planted_motif(gata, n=10, length=30, seed=1)
    >>> first = int(data.y.argmax())
    >>> data.X.shape, data.sequences[first][data.positions[first]:][:4]
    ((10, 30, 4), 'GATA')
    """
    matrix = _probabilities("matrix", matrix, 2)
    background = _probabilities("background", background, 1)
    rng, n, length = _rng(seed), check.integer("n", n, 1), check.integer("length", length, len(matrix))
    share = check.share("positives", positives)
    y = rng.permutation((np.arange(n) < round(n * share)).astype(float))
    codes = _choose(np.broadcast_to(background, (n, length, 4)), rng)
    sites = _choose(np.broadcast_to(matrix, (n, *matrix.shape)), rng)
    backward = both_strands & (rng.random(n) < 0.5)
    sites[backward] = 3 - sites[backward, ::-1]
    starts = rng.integers(length - len(matrix) + 1, size=n)
    held = y == 1
    codes[held[:, None] & _covers(starts, len(matrix), length)] = sites[held].reshape(-1)
    positions, strands = np.where(held, starts, -1), np.where(held, np.where(backward, -1, 1), 0)
    optimal = motif_log_odds(codes, matrix, background=background, both_strands=both_strands)
    return PlantedMotif(codes, y, positions, strands, optimal, matrix, background, both_strands, seed)


def motif_log_odds(
    codes: NDArray[np.integer[Any]],
    matrix: ArrayLike,
    *,
    background: ArrayLike = _UNIFORM,
    both_strands: bool = False,
) -> Floats:
    """Return the logarithm of how much likelier each sequence is with one site somewhere than without.

    Parameters
    ----------
    codes : ndarray of int, shape (n, length)
        Sequences as codes 0, 1, 2, 3 for A, C, G, T.
    matrix : array_like, shape (width, 4)
        Probabilities of A, C, G, T at each position of the site.
    background : array_like, shape (4,)
        Probabilities elsewhere, above 0.
    both_strands : bool
        Whether the site is as likely on the other strand.

    Returns
    -------
    ndarray, shape (n,)
        Natural logarithm of the mean, over all places and strands, of the ratio of the site's probability under
        `matrix` to that under `background`; minus infinity where no place can hold the site. By the lemma of Neyman
        and Pearson no score tells the two kinds of sequence apart better.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Neyman and Pearson (1933), *On the problem of the most efficient tests of statistical hypotheses*.
    Lesson: notebook 09.

    Examples
    --------
    >>> certain_a = [[1.0, 0.0, 0.0, 0.0]]
    >>> motif_log_odds(np.array([[0, 3], [0, 0]]), certain_a).round(4).tolist()  # log 4/2, log 4
    [0.6931, 1.3863]
    """
    matrix = _probabilities("matrix", matrix, 2)
    background = _probabilities("background", background, 1)
    if (background == 0).any():
        raise ValueError(f"background must be above 0 everywhere, got {background.tolist()}")
    codes = _check_codes(codes, len(matrix))
    with np.errstate(divide="ignore"):
        weights = np.log(matrix) - np.log(background)
        turned = np.log(matrix[::-1, ::-1]) - np.log(background)
    scores = [_scan(codes, w) for w in ([weights, turned] if both_strands else [weights])]
    return _log_mean_exp(np.concatenate(scores, 1))


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


def _one_hot(codes: Codes) -> NDArray[np.float32]:
    return np.eye(4, dtype=np.float32)[codes]


def _texts(codes: Codes) -> list[str]:
    return [row.tobytes().decode() for row in _LETTERS[codes]]


def _occurrences(codes: Codes, motif: str) -> NDArray[np.int64]:
    """Count a motif in each row, overlaps included."""
    if not motif or set(motif) - set("ACGT"):
        raise ValueError(f"motifs must be written with A, C, G, T, got {motif!r}")
    if len(motif) > codes.shape[1]:
        raise ValueError(f"motifs must be no longer than the {codes.shape[1]} bases of a sequence, got {motif!r}")
    target = ["ACGT".index(letter) for letter in motif]
    windows = np.lib.stride_tricks.sliding_window_view(codes, len(motif), axis=1)
    return np.asarray((windows == target).all(2).sum(1))


def _normal_cdf(x: float) -> float:
    return (1 + math.erf(x / math.sqrt(2))) / 2


def _stationary(transition: Floats, order: int) -> Floats:
    """Return how often each context occurs in the long run: apply a step of the chain until nothing changes."""
    now = np.full(4**order, 1 / 4**order)
    for _ in range(100_000 if order else 0):
        # A context b1 b2 ... bk followed by b becomes b2 ... bk b: forget b1, append b.
        then = (now[:, None] * transition).reshape(4, -1).sum(0)
        if np.abs(then - now).sum() < 1e-12:
            break
        now = then / then.sum()
    return now


def _walk_chain(
    transition: Floats, stationary: Floats, length: int, order: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Codes]:
    """Return the context of each base that has a full one, and the whole sequence."""
    size = 4**order
    context = int(rng.choice(size, p=stationary))
    first = [context // 4**place % 4 for place in reversed(range(order))]
    ends, draws = transition.cumsum(1)[:, :3].tolist(), rng.random(length - order).tolist()
    contexts, bases = [], []
    for draw in draws:  # a base is the number of cumulative probabilities that a uniform number has passed
        low, middle, high = ends[context]
        base = (draw >= low) + (draw >= middle) + (draw >= high)
        contexts.append(context)
        bases.append(base)
        context = (context * 4 + base) % size
    return np.array(contexts), np.array(first + bases, np.uint8)


def _probabilities(name: str, value: ArrayLike, ndim: int) -> Floats:
    array = check.real_array(name, value, ndim)
    if array.shape[-1] != 4:
        raise ValueError(f"{name} must have 4 columns, for A, C, G, T, got shape {array.shape}")
    if (array < 0).any() or (np.abs(array.sum(-1) - 1) > 1e-6).any():
        raise ValueError(f"{name} must hold probabilities that sum to 1 in each row, got {array.tolist()}")
    return np.asarray(array / array.sum(-1, keepdims=True))


def _choose(probabilities: Floats, rng: np.random.Generator) -> Codes:
    """Draw one of four letters for each row of the last axis."""
    ends = probabilities.cumsum(-1)[..., :3]
    return np.asarray((rng.random(probabilities.shape[:-1])[..., None] >= ends).sum(-1).astype(np.uint8))


def _covers(starts: NDArray[np.int64], width: int, length: int) -> NDArray[np.bool_]:
    place = np.arange(length) - starts[:, None]
    return np.asarray((place >= 0) & (place < width))


def _check_codes(codes: NDArray[np.integer[Any]], width: int) -> NDArray[np.integer[Any]]:
    codes = np.asarray(codes)
    if codes.ndim != 2 or codes.dtype.kind not in "iu":
        raise ValueError(f"codes must be whole numbers of shape (n, length), got {codes.dtype} {codes.shape}")
    if codes.shape[1] < width or len(codes) == 0:
        raise ValueError(f"codes must be sequences no shorter than the {width} rows of matrix, got {codes.shape}")
    if codes.min() < 0 or codes.max() > 3:
        raise ValueError(f"codes must lie from 0 to 3, got values from {codes.min()} to {codes.max()}")
    return codes


def _scan(codes: NDArray[np.integer[Any]], weights: Floats) -> Floats:
    """Sum the weights of the letters under a window at each place, shape (n, length - width + 1)."""
    places = codes.shape[1] - len(weights) + 1
    return np.asarray(sum(row[codes[:, j : j + places]] for j, row in enumerate(weights)))


def _log_mean_exp(scores: Floats) -> Floats:
    highest = scores.max(1, keepdims=True)
    finite = np.where(np.isfinite(highest), highest, 0)
    with np.errstate(divide="ignore"):
        return np.asarray(finite[:, 0] + np.log(np.exp(scores - finite).mean(1)))
