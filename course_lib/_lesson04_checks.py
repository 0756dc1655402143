"""Checks of the exercises of lesson 04, `notebooks/04-hyperparameter-tuning.ipynb`."""

from __future__ import annotations

import numpy as np

from course_lib._answers import Judge, Verdict, hint, number, output

_GRID = 6 * 4 * 8 * 10 * 2


def _log_uniform(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function: log_uniform(u, low, high), which returns one number.")
    parts = (0.0, 0.25, 0.5, 1.0)
    drawn = output(lambda: np.array([answer(u, 1e-4, 1e-1) for u in parts], float), (len(parts),))
    if isinstance(drawn, Verdict):
        return drawn
    ends = np.array([1e-4, 1e-1])
    if np.allclose(drawn, ends[0] * (ends[1] / ends[0]) ** np.array(parts), rtol=1e-6):
        return Verdict(True, "Each power of ten gets the same share: a third of the draws lies between 1e-4 and 1e-3.")
    if np.allclose(drawn, ends[0] + (ends[1] - ends[0]) * np.array(parts)):
        return hint("That is uniform on the plain scale: nine draws of ten would lie above 0.01.")
    if np.allclose(drawn, np.log(ends[0]) + np.log(ends[1] / ends[0]) * np.array(parts)):
        return hint("Those are the logarithms. Turn them back with the exponential function.")
    if np.allclose(drawn, np.log10(ends[0]) + np.log10(ends[1] / ends[0]) * np.array(parts)):
        return hint("Those are the exponents. Raise 10 to them.")
    return hint(f"From 0.0001 to 0.1, u = 0.5 should give 0.00316, halfway between the exponents; got {drawn[2]:g}.")


def _grid_trials(answer: object) -> Verdict:
    value = number(answer)
    if value == _GRID:
        return Verdict(True, "6 x 4 x 8 x 10 x 2 = 3,840. Each further value multiplies, and most of it is wasted.")
    hints = {
        30.0: "You add the numbers of values. Each value of one is combined with each value of the others.",
        1920.0: "One of the five is missing: one strand or both.",
        640.0: "The learning rate is missing.",
        5.0: "That is the number of hyperparameters. How many combinations of their values are there?",
    }
    return hint(hints.get(value or 0, "Multiply the numbers of values: 6 rates, 4 batch sizes, and so on."))


def _median_rule(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function: give_up(value, others), which returns True or False.")
    cases = [(0.4, [0.1, 0.5, 0.9]), (0.6, [0.1, 0.5, 0.9]), (0.35, [0.1, 0.2, 0.9]), (0.38, [0.1, 0.25, 0.5, 0.9])]
    cases += [(0.5, [0.1, 0.5, 0.9]), (0.2, [])]
    given = output(lambda: np.array([bool(answer(*case)) for case in cases], float), (len(cases),))
    if isinstance(given, Verdict):
        return given
    if given.tolist() == [1, 0, 0, 0, 0, 0]:
        return Verdict(True, "Below the median of the others at the same epoch: given up. Alone: go on.")
    if given.tolist() == [0, 1, 1, 1, 0, 0]:
        return hint("The wrong way round: what is *below* the median is given up.")
    if given[2]:
        return hint("Of 0.1, 0.2, 0.9 the median is 0.2, the middle one, and 0.35 lies above it. You use the mean?")
    if given[5]:
        return hint("Without any others there is nothing to compare with: go on.")
    if given[4]:
        return hint("A value equal to the median is not below it: go on.")
    if not given[0]:
        return hint("0.4 is below 0.5, the median of 0.1, 0.5 and 0.9: give up.")
    return hint("Compare the value with np.median(others): give up when it is below.")


def _choose_setting(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function: choose(scores), for an array of shape (settings, seeds).")
    scores = np.array([[0.99, 0.10, 0.12], [0.80, 0.82, 0.84], [0.97, 0.99, 0.60], [0.70, 0.72, 0.74]])
    row = output(lambda: answer(scores), ())
    if isinstance(row, Verdict):
        return row
    hints = {
        0.0: "Setting 0 has the best single run. Its other two seeds fail: take the mean over the seeds.",
        1.0: "Setting 1 has the best worst seed. That is a good rule, too; here take the mean over the seeds.",
        3.0: "Setting 3 is the worst one. Look for the largest mean.",
    }
    if row == 2:
        return Verdict(True, "The largest mean. Look at the spread as well before you rely on it.")
    return hint(hints.get(float(row), "Return the number of a row, 0 to 3 here: the one with the largest mean."))


JUDGES: dict[str, Judge] = {
    "log_uniform": _log_uniform,
    "grid_trials": _grid_trials,
    "median_rule": _median_rule,
    "choose_setting": _choose_setting,
}
