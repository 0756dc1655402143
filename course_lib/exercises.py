"""Checks for the exercises of the lessons: is an answer right, and if not, what to look at next.

An answer cell of a lesson reads

    answer = ...
    exercises.check("parameters_mlp", answer)

and prints PASS, a hint that fits the mistake, or that nothing is answered yet. The right answers are computed
here, from the same seeded data as in the lesson, and are not stored.

Lesson: ``notebooks/01-introduction-to-deep-learning.ipynb``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_lib import linear

__all__ = ["Verdict", "check", "judge", "names"]

Floats = NDArray[np.float64]


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


def check(name: str, answer: object) -> None:
    """Print ``PASS`` and why, or a hint, or that the exercise is not answered yet.

    Parameters
    ----------
    name : str
        The name of the exercise, as its answer cell gives it; one of `names()`.
    answer : object
        A number, a pair of numbers or a function, as the exercise asks. ``...`` means not answered yet.

    Raises
    ------
    ValueError
        If there is no exercise of this name. A wrong answer raises nothing: it gets a hint.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> check("parameters_line", 1)
    PASS  One weight, and nothing else: this line has to go through the origin.
    >>> check("parameters_line", ...)
    Not answered yet: replace the ... by your answer and run the cell again.
    """
    verdict = judge(name, answer)
    prefix = "PASS  " if verdict.passed else "" if answer is ... else "Not yet.  "
    print(prefix + verdict.message)


def judge(name: str, answer: object) -> Verdict:
    """Return what `check` prints, without printing it.

    Parameters
    ----------
    name : str
        The name of the exercise; one of `names()`.
    answer : object
        The answer to judge.

    Returns
    -------
    Verdict
        Whether the answer is right, and the message.

    Raises
    ------
    ValueError
        If there is no exercise of this name.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> judge("parameters_line", 1).passed, judge("parameters_line", 2).passed
    (True, False)
    """
    if name not in _JUDGES:
        raise ValueError(f"no exercise is called {name!r}; the exercises are {', '.join(names())}")
    if answer is ...:
        return Verdict(False, "Not answered yet: replace the ... by your answer and run the cell again.")
    return _JUDGES[name](answer)


def names() -> list[str]:
    """Return the names of all exercises, in the order of the lessons.

    Examples
    --------
    >>> "parameters_mlp" in names()
    True
    """
    return list(_JUDGES)


# ------------------------------------------------------------------------------------- what answers look like


def _hint(message: str) -> Verdict:
    return Verdict(False, message)


def _number(answer: object) -> float | None:
    """Return a single real number as a float, None for anything else."""
    try:
        array = np.asarray(answer, dtype=float)
    except (TypeError, ValueError):
        return None
    return float(array.reshape(-1)[0]) if array.size == 1 and np.isfinite(array).all() else None


def _close(value: float, target: float, rel: float = 0.01) -> bool:
    return abs(value - target) <= rel * abs(target)


def _output(function: Callable[..., Any], shape: tuple[int, ...], *arguments: Floats) -> Floats | Verdict:
    """Call the student's function; a failure becomes a hint instead of a traceback."""
    try:
        result = np.asarray(function(*arguments), dtype=float)
    except Exception as error:
        return _hint(f"Your function raises {type(error).__name__}: {error}")
    if result.shape != shape:
        return _hint(f"Your function returns shape {result.shape}; it should be {shape}.")
    if not np.isfinite(result).all():
        return _hint("Your function returns values that are not finite.")
    return result


# -------------------------------------------------------------------------------------------------- lesson 01


@cache
def _lesson_data() -> tuple[Floats, Floats, Floats]:
    """Return X, y and the true beta of part 1: 1,000 rows, two features, noise with standard deviation 10."""
    from sklearn.datasets import make_regression

    X, y, beta = make_regression(n_samples=1000, n_features=2, noise=10, coef=True, random_state=42)
    return X, y, beta


@cache
def _small_problem() -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 3))
    return X, X @ np.array([1.0, -2.0, 0.5]) + rng.normal(size=40), rng.normal(size=3)


def _normal_equation(answer: object) -> Verdict:
    if not callable(answer):
        return _hint("Give the name of your function, without calling it: a function of X and y.")
    X, y, _ = _small_problem()
    beta = _output(answer, (3,), X, y)
    if isinstance(beta, Verdict):
        return beta
    if np.allclose(beta, linear.normal_equation(X, y), rtol=1e-6):
        return Verdict(True, "Your function finds the least-squares estimate, also with three features.")
    if np.allclose(beta, X.T @ y, rtol=1e-6):
        return _hint("That is X'y. The normal equation still asks you to solve X'X beta = X'y for beta.")
    return _hint("The result does not minimize the squared error: X'(X beta - y) should be zero.")


def _predicted_vs_observed(answer: object) -> Verdict:
    try:
        truth, estimate = (float(value) for value in answer)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return _hint("Give two numbers: (mse_with_true_beta, mse_with_estimate).")
    X, y, beta = _lesson_data()
    targets = linear.mse(X @ beta, y), linear.mse(X @ linear.normal_equation(X, y), y)
    if _close(truth, targets[0], 1e-4) and _close(estimate, targets[1], 1e-4):
        return Verdict(True, "On the data that it was fitted to, the estimate has the smaller error.")
    if _close(truth, targets[1], 1e-4) and _close(estimate, targets[0], 1e-4):
        return _hint("The two are swapped: the true beta comes first.")
    if _close(truth, targets[0] ** 0.5, 1e-4):
        return _hint("That is the root of the mean squared error. Leave the square.")
    if _close(truth, len(y) * targets[0], 1e-4):
        return _hint("That is the sum of the squared errors. Take the mean.")
    return _hint("Compute the mean of (y_hat - y)**2, once with X @ beta_true and once with X @ beta_hat.")


def _mse_gradient(answer: object) -> Verdict:
    if not callable(answer):
        return _hint("Give the name of your function, without calling it: a function of X, y and beta.")
    X, y, beta = _small_problem()
    gradient = _output(answer, (3,), X, y, beta)
    if isinstance(gradient, Verdict):
        return gradient
    target = linear.mse_gradient(X, y, beta)
    hints = {
        1.0: "",
        0.5: "It is half of the gradient: the derivative of a square brings down a factor 2.",
        -1.0: "The sign is wrong: the error is y_hat - y, so that the gradient points uphill.",
        -0.5: "The sign is wrong, and a factor 2 is missing.",
        float(len(y)): "You sum over the examples. The loss is a mean: divide by their number.",
        len(y) / 2: "You sum over the examples without the 2. The loss is a mean of squares: 2/m.",
    }
    for factor, hint in hints.items():
        if np.allclose(gradient, factor * target, rtol=1e-6):
            return _hint(hint) if hint else Verdict(True, "Error times input, times 2/m.")
    return _hint("Compare with finite differences: (L(beta + h e_j) - L(beta - h e_j)) / (2 h), for each j.")


def _distance_to_estimate(answer: object) -> Verdict:
    value = _number(answer)
    if value is None:
        return _hint("Give one number, a distance.")
    X, y, beta = _lesson_data()
    estimate = linear.normal_equation(X, y)
    end = linear.gradient_descent(X, y, learning_rate=0.05, steps=50).betas[-1]
    if _close(value, float(np.linalg.norm(end - estimate))):
        return Verdict(True, "Gradient descent is on its way to the estimate, and not quite there.")
    if _close(value, float(np.linalg.norm(end - beta))):
        return _hint("That is the distance to the true beta. The loss has its minimum at the estimate.")
    if _close(value, float(np.linalg.norm(estimate - beta))):
        return _hint("That is the distance from the estimate to the true beta. Use the last row of the path.")
    return _hint("From the end of the path to the estimate, the distance is np.linalg.norm(path[-1] - beta_hat).")


def _larger_noise(answer: object) -> Verdict:
    value = _number(answer)
    if value is not None and _close(value, 5):
        return Verdict(True, "The error of the estimate is linear in the noise: five times as large.")
    if value is not None and _close(value, 25):
        return _hint("25 is the factor of the variance. A distance has the unit of the standard deviation.")
    if value is not None and _close(value, 1):
        return _hint("The number of steps does not change, but the distance to the true beta does.")
    return _hint("Put y = X beta + epsilon into the normal equation: what is left of beta_hat - beta?")


def _parameters_line(answer: object) -> Verdict:
    value = _number(answer)
    if value == 1:
        return Verdict(True, "One weight, and nothing else: this line has to go through the origin.")
    if value == 2:
        return _hint("y = beta x + b has two. Is there a b in y = beta x?")
    return _hint("Count the numbers that you may choose in y = beta x. Neither x nor y is one of them.")


def _parameters_mlp(answer: object) -> Verdict:
    value = _number(answer)
    if value == 13:
        return Verdict(True, "2 x 3 weights + 3 biases, then 3 x 1 weights + 1 bias: 9 + 4 = 13.")
    hints = {
        9.0: "You counted the weights: 6 and 3. Each node that is not an input has a bias too.",
        10.0: "The output node has a bias, and so has each hidden node.",
        12.0: "The hidden nodes have a bias, and so has the output node.",
        15.0: "The inputs have no bias: there is nothing to add before the first layer.",
        4.0: "You counted the biases. Each connection has a weight.",
        6.0: "You counted the nodes. Count the connections (weights) and the nodes that compute (biases).",
    }
    return _hint(hints.get(value or 0, "Layer by layer: inputs x outputs weights, one bias for each output."))


def _better_cubic(answer: object) -> Verdict:
    if not callable(answer):
        return _hint("Give a function: NumPy array x of shape (n,) in, predictions of shape (n,) out.")
    x = np.linspace(-3, 3, 601)
    y_hat = _output(answer, x.shape, x)
    if isinstance(y_hat, Verdict):
        return y_hat
    squares = (y_hat - x**3) ** 2
    if squares.mean() <= 0.001:
        return Verdict(True, "The mean squared error from -3 to 3 is at most 0.001.")
    far = squares[np.abs(x) > 2].sum() / squares.sum()
    where = " Most of it lies beyond |x| = 2, where few examples are." if far > 0.5 else ""
    return _hint(f"The mean squared error from -3 to 3 is {squares.mean():.2g}; the goal is 0.001.{where}")


_JUDGES: dict[str, Callable[[object], Verdict]] = {
    "normal_equation": _normal_equation,
    "predicted_vs_observed": _predicted_vs_observed,
    "mse_gradient": _mse_gradient,
    "distance_to_estimate": _distance_to_estimate,
    "larger_noise": _larger_noise,
    "parameters_line": _parameters_line,
    "parameters_mlp": _parameters_mlp,
    "better_cubic": _better_cubic,
}
