"""Linear regression: the closed form, the loss, its gradient and gradient descent.

The model is ``y = X beta + noise``. The loss is the mean squared error over the ``m`` rows of ``X``,

    L(beta) = 1/m * sum_i (x_i . beta - y_i)^2,

so its gradient carries a factor 2/m and its Hessian is ``2 X'X / m``. No intercept is added: put a column
of ones into ``X`` when you want one.

Lesson: ``notebooks/01-introduction-to-deep-learning.ipynb``; momentum, weight decay and schedules in
``slides/03-deep-learning-for-genomics.qmd``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = [
    "Descent",
    "cosine_schedule",
    "curvature",
    "exponential_schedule",
    "gradient_descent",
    "largest_stable_learning_rate",
    "mse",
    "mse_gradient",
    "normal_equation",
    "steps_to_tolerance",
]

Rows = slice | NDArray[np.int64]
Schedule = Callable[[int], float]


@dataclass(frozen=True, eq=False)
class Descent:
    """The path of a gradient descent.

    Attributes
    ----------
    betas : ndarray, shape (steps + 1, p)
        The coefficients before the first step and after each step.
    losses : ndarray, shape (steps + 1,)
        The mean squared error over all rows at each of `betas`, also for mini-batches.
    diverged : bool
        True when the loss stopped being finite, or ended above its start. With mini-batches a noisy loss may
        end a little higher, and with momentum a loss that swings, so there it has to exceed its start by the
        start plus the mean of ``y**2``. With weight decay the loss that counts here includes its penalty.
    steps_taken : int
        The steps that were made, less than ``steps`` only when the next loss was not finite. After them
        `betas` and `losses` repeat the last finite values, so that both stay finite and keep their shape.
    """

    betas: Floats
    losses: Floats
    diverged: bool
    steps_taken: int


def normal_equation(X: ArrayLike, y: ArrayLike) -> Floats:
    """Return the coefficients with the smallest mean squared error, in closed form.

    They solve the normal equation ``X'X beta = X'y``. The computation factors ``X`` itself and never forms
    the inverse of ``X'X``, which would square the rounding error.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features.
    y : array_like, shape (m,)
        Targets.

    Returns
    -------
    ndarray, shape (p,)
        The least-squares estimate of beta, float64.

    Raises
    ------
    ValueError
        When shapes do not match, a value is not finite, or the columns of ``X`` are linearly dependent, so
        that more than one beta is best.

    Notes
    -----
    Source: GENE 46100, Unit 0 (Haky Im, after Boxiang Liu). Lesson: notebook 01.

    Examples
    --------
    >>> normal_equation([[1.0, 0.0], [0.0, 2.0]], [3.0, 4.0]).round(6).tolist()
    [3.0, 2.0]
    """
    X, y = check.design(X, y)
    beta, _, rank, _ = np.linalg.lstsq(X, y, rcond=None)
    if rank < X.shape[1]:
        raise ValueError(
            f"X must have linearly independent columns: shape {X.shape} has rank {rank}, so no single beta is best"
        )
    return np.asarray(beta)


def mse(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the mean squared error of predictions.

    Parameters
    ----------
    y_hat, y : array_like, shape (m,)
        Predictions and targets, in the same unit.

    Returns
    -------
    float
        The mean of ``(y_hat - y)**2``, in the unit of ``y`` squared.

    Raises
    ------
    ValueError
        When the shapes differ (nothing is broadcast) or a value is not finite.

    Notes
    -----
    Source: GENE 46100, Unit 0. Lesson: notebook 01.

    Examples
    --------
    >>> mse([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    y_hat, y = check.real_array("y_hat", y_hat, 1), check.real_array("y", y, 1)
    if y_hat.shape != y.shape:
        raise ValueError(f"y_hat and y must have one shape, got {y_hat.shape} and {y.shape}")
    return _mean_square(y_hat - y)


def mse_gradient(X: ArrayLike, y: ArrayLike, beta: ArrayLike) -> Floats:
    """Return the gradient of the mean squared error of ``X @ beta``, with its factor 2/m.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features.
    y : array_like, shape (m,)
        Targets.
    beta : array_like, shape (p,)
        Where to take the gradient.

    Returns
    -------
    ndarray, shape (p,)
        ``2/m * X'(X beta - y)``. Without the factor 2 it is the gradient of half the loss, and the same steps
        take twice the learning rate.

    Raises
    ------
    ValueError
        When shapes do not match or a value is not finite.

    Notes
    -----
    Source: GENE 46100, Unit 0, corrected. Lesson: notebook 01.

    Examples
    --------
    >>> mse_gradient([[1.0], [2.0]], [0.0, 0.0], [1.0]).tolist()
    [5.0]
    """
    X, y = check.design(X, y)
    return _gradient(X, y, _coefficients("beta", beta, X.shape[1]))


def gradient_descent(
    X: ArrayLike,
    y: ArrayLike,
    *,
    learning_rate: float | Schedule,
    steps: int,
    beta0: ArrayLike | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
) -> Descent:
    """Walk down the mean squared error: ``beta <- beta - learning_rate * velocity``.

    Without momentum and weight decay the velocity is the gradient. With them it is, as in PyTorch's SGD,
    ``velocity <- momentum * velocity + gradient + weight_decay * beta``, and starts at 0.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features.
    y : array_like, shape (m,)
        Targets.
    learning_rate : float or callable
        Factor of the velocity, above 0. Full-batch descent converges below
        `largest_stable_learning_rate(X)`. A callable is a schedule: ``learning_rate(t)`` is the rate of
        update ``t``, counted from 0; it may be 0 (`exponential_schedule`, `cosine_schedule`, or your own).
    steps : int
        Number of updates, 0 or more.
    beta0 : array_like, shape (p,), optional
        Where to start; zeros by default.
    batch_size : int, optional
        Rows drawn for each step, without replacement (stochastic gradient descent). All rows by default.
    rng : numpy.random.Generator, optional
        Source of the mini-batches; needed with `batch_size`.
    momentum : float
        The part of its velocity that the walk keeps, from 0 up to, but not, 1.
    weight_decay : float
        Pull of every coefficient towards 0, 0 or more: the walk then goes down
        ``mse + weight_decay / 2 * sum(beta**2)`` (ridge regression). `Descent.losses` stays the plain error.

    Returns
    -------
    Descent
        ``betas (steps + 1, p)``, ``losses (steps + 1,)``, ``diverged`` and ``steps_taken``.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it. Divergence is no error: it is in the result.

    Notes
    -----
    Source: GENE 46100, Unit 0. Momentum: Polyak (1964), *Some methods of speeding up the convergence of
    iteration methods*. Lessons: notebook 01, deck 03.

    Examples
    --------
    >>> path = gradient_descent([[1.0], [1.0]], [2.0, 2.0], learning_rate=0.25, steps=2)
    >>> path.betas[:, 0].tolist(), path.losses.tolist(), path.diverged
    ([0.0, 1.0, 1.5], [4.0, 1.0, 0.25], False)
    >>> path = gradient_descent([[1.0]], [2.0], learning_rate=lambda t: 0.25 / (t + 1), steps=2)
    >>> path.betas[:, 0].tolist()
    [0.0, 1.0, 1.25]
    """
    X, y = check.design(X, y)
    rate = _schedule(learning_rate)
    steps = check.integer("steps", steps, 0)
    start = np.zeros(X.shape[1]) if beta0 is None else _coefficients("beta0", beta0, X.shape[1])
    draw = _row_draw(batch_size, rng, len(y))
    momentum, decay = _momentum(momentum), check.non_negative("weight_decay", weight_decay)
    with np.errstate(over="ignore", invalid="ignore"):
        betas, losses, taken = _walk(X, y, rate, steps, start, draw, momentum, decay)
        calm = batch_size is None and momentum == 0
        first, last = (losses[t] + decay / 2 * float(betas[t] @ betas[t]) for t in (0, -1))
        slack = (1e-9 if calm else 1.0) * (first + _mean_square(y))
    return Descent(betas, losses, taken < steps or bool(last > first + slack), taken)


def exponential_schedule(start: float, *, factor: float, every: int = 1) -> Schedule:
    """Return a learning rate that shrinks by a constant factor.

    Parameters
    ----------
    start : float
        The rate of the first updates, above 0.
    factor : float
        What the rate is multiplied with each time, above 0 and at most 1.
    every : int
        Updates between two multiplications. Above 1 the rate goes down in stairs.

    Returns
    -------
    callable
        ``rate(t) = start * factor**(t // every)`` for update ``t``, counted from 0.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: MIT 6.047 (2020), lecture 12, on learning rates. Lesson: deck 03.

    Examples
    --------
    >>> rate = exponential_schedule(0.8, factor=0.5, every=10)
    >>> rate(0), rate(9), rate(10), rate(25)
    (0.8, 0.8, 0.4, 0.2)
    """
    start, every = check.positive("start", start), check.integer("every", every, 1)
    if check.positive("factor", factor) > 1:
        raise ValueError(f"factor must be at most 1, got {factor}")
    return lambda t: float(start * factor ** (t // every))


def cosine_schedule(start: float, steps: int, *, warmup: int = 0) -> Schedule:
    """Return a learning rate that rises along a line, if asked to, and falls to 0 along half a cosine.

    Parameters
    ----------
    start : float
        The highest rate, above 0.
    steps : int
        Number of updates after which the rate is 0, 1 or more.
    warmup : int
        Updates of the rise, from ``start / warmup`` to `start`; fewer than `steps`.

    Returns
    -------
    callable
        ``rate(t)`` for update ``t``, counted from 0; 0 from ``t = steps`` on.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Loshchilov and Hutter (2017), *SGDR: stochastic gradient descent with warm restarts*. Lesson:
    notebook 09.

    Examples
    --------
    >>> rate = cosine_schedule(0.8, 6, warmup=2)
    >>> [round(rate(t), 3) for t in range(7)]
    [0.4, 0.8, 0.8, 0.683, 0.4, 0.117, 0.0]
    """
    start, steps = check.positive("start", start), check.integer("steps", steps, 1)
    if check.integer("warmup", warmup, 0) >= steps:
        raise ValueError(f"warmup must be below the {steps} steps, got {warmup}")

    def rate(t: int) -> float:
        if t < warmup:
            return start * (t + 1) / warmup
        done = min(1.0, (t - warmup) / (steps - warmup))
        return start / 2 * (1 + math.cos(math.pi * done))

    return rate


def curvature(X: ArrayLike) -> Floats:
    """Return the curvatures of the mean squared error: the eigenvalues of its Hessian ``2 X'X / m``.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features.

    Returns
    -------
    ndarray, shape (p,)
        Eigenvalues in ascending order, 0 or more. A step of gradient descent multiplies the distance to the
        minimum along each eigenvector by ``1 - learning_rate * eigenvalue``.

    Raises
    ------
    ValueError
        When ``X`` is not a finite matrix.

    Notes
    -----
    Source: Boyd and Vandenberghe, *Convex Optimization*, section 9.3. Lesson: notebook 01.

    Examples
    --------
    >>> curvature([[1.0, 0.0], [0.0, 2.0]]).tolist()
    [1.0, 4.0]
    """
    X = check.real_array("X", X, 2)
    return np.asarray(np.linalg.eigvalsh(2 / len(X) * X.T @ X).clip(min=0))


def largest_stable_learning_rate(X: ArrayLike, *, momentum: float = 0.0, weight_decay: float = 0.0) -> float:
    """Return the learning rate below which full-batch gradient descent on the mean squared error converges.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features, not all zero.
    momentum, weight_decay : float
        As in `gradient_descent`. Momentum allows nearly twice the rate, weight decay a little less of it.

    Returns
    -------
    float
        ``2 (1 + momentum) / (L + weight_decay)`` with ``L`` the largest of `curvature(X)`. Above it the descent
        diverges from almost every start; exactly at it, it neither shrinks nor grows along the steepest
        direction.

    Raises
    ------
    ValueError, TypeError
        When ``X`` is all zero (the loss is flat and every learning rate is stable), or an argument is wrong.

    Notes
    -----
    Source: Boyd and Vandenberghe, *Convex Optimization*, section 9.3. Lesson: notebook 01.

    Examples
    --------
    >>> largest_stable_learning_rate([[1.0, 0.0], [0.0, 2.0]])
    0.5
    """
    steepest = float(curvature(X)[-1])
    if steepest == 0:
        raise ValueError("X must not be all zero: the loss is flat")
    return 2 * (1 + _momentum(momentum)) / (steepest + check.non_negative("weight_decay", weight_decay))


def steps_to_tolerance(X: ArrayLike, *, learning_rate: float, tolerance: float) -> int:
    """Return how many full-batch steps bring beta close to the least-squares estimate, from any start.

    Parameters
    ----------
    X : array_like, shape (m, p)
        Features with linearly independent columns.
    learning_rate : float
        Factor of the gradient, above 0.
    tolerance : float
        The part of the starting distance that may remain, between 0 and 1 (both excluded).

    Returns
    -------
    int
        The smallest ``t`` with ``max_k |1 - learning_rate * curvature_k|**t <= tolerance``. The start that is
        worst needs just as many; a lucky one needs fewer.

    Raises
    ------
    ValueError
        When the learning rate does not converge on this ``X``.

    Notes
    -----
    Source: Boyd and Vandenberghe, *Convex Optimization*, section 9.3. Lesson: notebook 01.

    Examples
    --------
    >>> steps_to_tolerance([[1.0], [1.0]], learning_rate=0.25, tolerance=0.01)
    7
    """
    learning_rate = check.positive("learning_rate", learning_rate)
    if not 0 < check.real("tolerance", tolerance) < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, got {tolerance}")
    factor = float(np.abs(1 - learning_rate * curvature(X)).max())
    if factor >= 1:
        raise ValueError(
            f"learning_rate {learning_rate} does not converge: it must be below "
            f"{largest_stable_learning_rate(X):.6g} and the columns of X independent"
        )
    return 1 if factor <= tolerance else math.ceil(math.log(tolerance) / math.log(factor))


def _walk(
    X: Floats,
    y: Floats,
    rate: Schedule,
    steps: int,
    start: Floats,
    draw: Callable[[], Rows],
    momentum: float,
    decay: float,
) -> tuple[Floats, Floats, int]:
    betas = np.tile(start, (steps + 1, 1))
    losses = np.full(steps + 1, _mean_square(X @ start - y))
    velocity = np.zeros_like(start)
    for t in range(steps):
        rows = draw()
        velocity = momentum * velocity + _gradient(X[rows], y[rows], betas[t]) + decay * betas[t]
        beta = betas[t] - rate(t) * velocity
        loss = _mean_square(X @ beta - y)
        if not math.isfinite(loss):
            betas[t + 1 :], losses[t + 1 :] = betas[t], losses[t]
            return betas, losses, t
        betas[t + 1], losses[t + 1] = beta, loss
    return betas, losses, steps


def _gradient(X: Floats, y: Floats, beta: Floats) -> Floats:
    return np.asarray(2 / len(y) * (X @ beta - y) @ X)


def _mean_square(values: Floats) -> float:
    return float(values @ values) / len(values)


def _coefficients(name: str, value: ArrayLike, p: int) -> Floats:
    beta = check.real_array(name, value, 1)
    if len(beta) != p:
        raise ValueError(f"{name} must have {p} values, one for each column of X, got {len(beta)}")
    return beta


def _schedule(learning_rate: float | Schedule) -> Schedule:
    if not callable(learning_rate):
        constant = check.positive("learning_rate", learning_rate)
        return lambda t: constant
    return lambda t: check.non_negative(f"learning_rate({t})", learning_rate(t))


def _momentum(momentum: float) -> float:
    if check.non_negative("momentum", momentum) >= 1:
        raise ValueError(f"momentum must be below 1, got {momentum}")
    return float(momentum)


def _row_draw(batch_size: int | None, rng: object, m: int) -> Callable[[], Rows]:
    if batch_size is None:
        return lambda: slice(None)
    size = check.integer("batch_size", batch_size, 1)
    if size > m:
        raise ValueError(f"batch_size must be at most the {m} rows of X, got {size}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator when batch_size is given, got {rng!r}")
    return lambda: rng.choice(m, size, replace=False)
