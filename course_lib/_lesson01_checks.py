"""Checks of the exercises of lesson 01, `notebooks/01-introduction-to-deep-learning.ipynb`."""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib import linear
from course_lib._answers import Floats, Judge, Verdict, close, hint, number, output


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
        return hint("Give the name of your function, without calling it: a function of X and y.")
    X, y, _ = _small_problem()
    beta = output(answer, (3,), X, y)
    if isinstance(beta, Verdict):
        return beta
    if np.allclose(beta, linear.normal_equation(X, y), rtol=1e-6):
        return Verdict(True, "Your function finds the least-squares estimate, also with three features.")
    if np.allclose(beta, X.T @ y, rtol=1e-6):
        return hint("That is X'y. The normal equation still asks you to solve X'X beta = X'y for beta.")
    return hint("The result does not minimize the squared error: X'(X beta - y) should be zero.")


def _predicted_vs_observed(answer: object) -> Verdict:
    try:
        truth, estimate = (float(value) for value in answer)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return hint("Give two numbers: (mse_with_true_beta, mse_with_estimate).")
    X, y, beta = _lesson_data()
    targets = linear.mse(X @ beta, y), linear.mse(X @ linear.normal_equation(X, y), y)
    if close(truth, targets[0], 1e-4) and close(estimate, targets[1], 1e-4):
        return Verdict(True, "On the data that it was fitted to, the estimate has the smaller error.")
    if close(truth, targets[1], 1e-4) and close(estimate, targets[0], 1e-4):
        return hint("The two are swapped: the true beta comes first.")
    if close(truth, targets[0] ** 0.5, 1e-4):
        return hint("That is the root of the mean squared error. Leave the square.")
    if close(truth, len(y) * targets[0], 1e-4):
        return hint("That is the sum of the squared errors. Take the mean.")
    return hint("Compute the mean of (y_hat - y)**2, once with X @ beta_true and once with X @ beta_hat.")


def _mse_gradient(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function, without calling it: a function of X, y and beta.")
    X, y, beta = _small_problem()
    gradient = output(answer, (3,), X, y, beta)
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
    for factor, advice in hints.items():
        if np.allclose(gradient, factor * target, rtol=1e-6):
            return hint(advice) if advice else Verdict(True, "Error times input, times 2/m.")
    return hint("Compare with finite differences: (L(beta + h e_j) - L(beta - h e_j)) / (2 h), for each j.")


def _distance_to_estimate(answer: object) -> Verdict:
    value = number(answer)
    if value is None:
        return hint("Give one number, a distance.")
    X, y, beta = _lesson_data()
    estimate = linear.normal_equation(X, y)
    end = linear.gradient_descent(X, y, learning_rate=0.05, steps=50).betas[-1]
    if close(value, float(np.linalg.norm(end - estimate))):
        return Verdict(True, "Gradient descent is on its way to the estimate, and not quite there.")
    if close(value, float(np.linalg.norm(end - beta))):
        return hint("That is the distance to the true beta. The loss has its minimum at the estimate.")
    if close(value, float(np.linalg.norm(estimate - beta))):
        return hint("That is the distance from the estimate to the true beta. Use the last row of the path.")
    return hint("From the end of the path to the estimate, the distance is np.linalg.norm(path[-1] - beta_hat).")


def _larger_noise(answer: object) -> Verdict:
    value = number(answer)
    if value is not None and close(value, 5):
        return Verdict(True, "The error of the estimate is linear in the noise: five times as large.")
    if value is not None and close(value, 25):
        return hint("25 is the factor of the variance. A distance has the unit of the standard deviation.")
    if value is not None and close(value, 1):
        return hint("The number of steps does not change, but the distance to the true beta does.")
    return hint("Put y = X beta + epsilon into the normal equation: what is left of beta_hat - beta?")


def _parameters_line(answer: object) -> Verdict:
    value = number(answer)
    if value == 1:
        return Verdict(True, "One weight, and nothing else: this line has to go through the origin.")
    if value == 2:
        return hint("y = beta x + b has two. Is there a b in y = beta x?")
    return hint("Count the numbers that you may choose in y = beta x. Neither x nor y is one of them.")


def _parameters_mlp(answer: object) -> Verdict:
    value = number(answer)
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
    return hint(hints.get(value or 0, "Layer by layer: inputs x outputs weights, one bias for each output."))


def _better_cubic(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give a function: NumPy array x of shape (n,) in, predictions of shape (n,) out.")
    x = np.linspace(-3, 3, 601)
    y_hat = output(answer, x.shape, x)
    if isinstance(y_hat, Verdict):
        return y_hat
    squares = (y_hat - x**3) ** 2
    if squares.mean() <= 0.001:
        return Verdict(True, "The mean squared error from -3 to 3 is at most 0.001.")
    far = squares[np.abs(x) > 2].sum() / squares.sum()
    where = " Most of it lies beyond |x| = 2, where few examples are." if far > 0.5 else ""
    return hint(f"The mean squared error from -3 to 3 is {squares.mean():.2g}; the goal is 0.001.{where}")


JUDGES: dict[str, Judge] = {
    "normal_equation": _normal_equation,
    "predicted_vs_observed": _predicted_vs_observed,
    "mse_gradient": _mse_gradient,
    "distance_to_estimate": _distance_to_estimate,
    "larger_noise": _larger_noise,
    "parameters_line": _parameters_line,
    "parameters_mlp": _parameters_mlp,
    "better_cubic": _better_cubic,
}
