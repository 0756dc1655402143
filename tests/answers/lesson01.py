"""Answers to the exercises of lesson 1: right ones, and wrong ones with a part of their hint."""

import numpy as np
from sklearn.datasets import make_regression
from sklearn.linear_model import LinearRegression


def lesson():
    X, y, beta = make_regression(n_samples=1000, n_features=2, noise=10, coef=True, random_state=42)
    return X, y, beta, LinearRegression(fit_intercept=False).fit(X, y).coef_


def mse(X, y, beta):
    return float(np.mean((X @ beta - y) ** 2))


def descend(X, y, rate, steps):
    beta = np.zeros(2)
    for _ in range(steps):
        beta = beta - rate * 2 / len(y) * (X @ beta - y) @ X
    return beta


X, Y, BETA, ESTIMATE = lesson()
END = descend(X, Y, rate=0.05, steps=50)
TRUTH_MSE, ESTIMATE_MSE = mse(X, Y, BETA), mse(X, Y, ESTIMATE)


def gradient(X, y, beta):
    return 2 / len(y) * (X @ beta - y) @ X


RIGHT = [
    ("normal_equation", lambda X, y: np.linalg.inv(X.T @ X) @ X.T @ y),
    ("normal_equation", lambda X, y: LinearRegression(fit_intercept=False).fit(X, y).coef_),
    ("predicted_vs_observed", (TRUTH_MSE, ESTIMATE_MSE)),
    ("predicted_vs_observed", np.array([TRUTH_MSE, ESTIMATE_MSE])),
    ("mse_gradient", gradient),
    ("mse_gradient", lambda X, y, beta: [2 * np.mean((X @ beta - y) * column) for column in X.T]),
    ("distance_to_estimate", float(np.linalg.norm(END - ESTIMATE))),
    ("distance_to_estimate", 0.32),
    ("larger_noise", 5),
    ("larger_noise", np.float64(5.0)),
    ("parameters_line", 1),
    ("parameters_mlp", 13),
    ("better_cubic", lambda x: x**3),
    ("better_cubic", lambda x: x**3 + 0.03),
]

WRONG = [
    ("normal_equation", 3, "a function of X and y"),
    ("normal_equation", lambda X, y: X.T @ y, "solve X'X beta = X'y"),
    ("normal_equation", lambda X, y: X.T @ X, "returns shape (3, 3); it should be (3,)"),
    ("normal_equation", lambda X, y: np.ones(3), "does not minimize"),
    ("normal_equation", lambda X: X, "raises TypeError"),
    ("normal_equation", lambda X, y: np.full(3, np.nan), "not finite"),
    ("predicted_vs_observed", (ESTIMATE_MSE, TRUTH_MSE), "swapped"),
    ("predicted_vs_observed", (TRUTH_MSE**0.5, ESTIMATE_MSE**0.5), "root"),
    ("predicted_vs_observed", (1000 * TRUTH_MSE, 1000 * ESTIMATE_MSE), "sum"),
    ("predicted_vs_observed", (100.0, 100.0), "Compute the mean"),
    ("predicted_vs_observed", 97, "two numbers"),
    ("predicted_vs_observed", "truth", "two numbers"),
    ("mse_gradient", 2, "a function of X, y and beta"),
    ("mse_gradient", lambda X, y, beta: gradient(X, y, beta) / 2, "brings down a factor 2"),
    ("mse_gradient", lambda X, y, beta: -gradient(X, y, beta), "The sign is wrong: the error is"),
    ("mse_gradient", lambda X, y, beta: -gradient(X, y, beta) / 2, "and a factor 2 is missing"),
    ("mse_gradient", lambda X, y, beta: 2 * (X @ beta - y) @ X, "divide by their number"),
    ("mse_gradient", lambda X, y, beta: (X @ beta - y) @ X, "without the 2"),
    ("mse_gradient", lambda X, y, beta: np.zeros(3), "finite differences"),
    ("mse_gradient", lambda X, y, beta: 1.0, "returns shape ()"),
    ("distance_to_estimate", float(np.linalg.norm(END - BETA)), "distance to the true beta"),
    ("distance_to_estimate", float(np.linalg.norm(ESTIMATE - BETA)), "from the estimate to the true beta"),
    ("distance_to_estimate", 7.0, "np.linalg.norm"),
    ("distance_to_estimate", END, "one number"),
    ("larger_noise", 25, "variance"),
    ("larger_noise", 1, "number of steps does not change"),
    ("larger_noise", "five", "epsilon"),
    ("parameters_line", 2, "Is there a b"),
    ("parameters_line", 1000, "Count the numbers"),
    ("parameters_mlp", 9, "You counted the weights"),
    ("parameters_mlp", 10, "so has each hidden node"),
    ("parameters_mlp", 12, "so has the output node"),
    ("parameters_mlp", 15, "inputs have no bias"),
    ("parameters_mlp", 4, "You counted the biases"),
    ("parameters_mlp", 6, "You counted the nodes"),
    ("parameters_mlp", 0, "Layer by layer"),
    ("parameters_mlp", [1, 2], "Layer by layer"),
    ("better_cubic", 0.0005, "Give a function"),
    ("better_cubic", lambda x: x, "the goal is 0.001"),
    ("better_cubic", lambda x: x**3 + 0.035, "is 0.0012; the goal is 0.001"),
    ("better_cubic", lambda x: np.where(abs(x) > 2.5, 15 * np.sign(x), x**3), "beyond |x| = 2"),
    ("better_cubic", lambda x: x[:, None], "returns shape (601, 1)"),
    ("better_cubic", lambda x: 1 / 0, "raises ZeroDivisionError"),
]
