"""Lesson 4: right answers pass, typical wrong ones get the hint that fits them, and nothing raises."""

import math

import numpy as np
import pytest

from course_lib import _lesson04_checks, exercises


def median_rule(below=True, middle=np.median, alone=False, equal=False):
    def give_up(value, others):
        if not len(others):
            return alone
        m = middle(others)
        return (value < m if below else value > m) or (equal and value == m)

    return give_up


RIGHT = [
    ("log_uniform", lambda u, low, high: low * (high / low) ** u),
    ("log_uniform", lambda u, low, high: math.exp(math.log(low) + u * math.log(high / low))),
    ("grid_trials", 3840),
    ("median_rule", median_rule()),
    ("choose_setting", lambda scores: scores.mean(1).argmax()),
    ("choose_setting", lambda scores: int(scores.sum(1).argmax())),
]

WRONG = [
    ("log_uniform", 0.1, "the name of your function"),
    ("log_uniform", lambda u, low, high: low + u * (high - low), "nine draws of ten"),
    ("log_uniform", lambda u, low, high: math.log(low) + u * math.log(high / low), "exponential function"),
    ("log_uniform", lambda u, low, high: math.log10(low) + u * math.log10(high / low), "Raise 10"),
    ("log_uniform", lambda u, low, high: u, "should give 0.00316"),
    ("log_uniform", lambda u: u, "raises TypeError"),
    ("grid_trials", 30, "You add"),
    ("grid_trials", 1920, "one strand or both"),
    ("grid_trials", 640, "learning rate is missing"),
    ("grid_trials", 5, "How many combinations"),
    ("grid_trials", 7, "Multiply"),
    ("median_rule", True, "the name of your function"),
    ("median_rule", median_rule(below=False), "wrong way round"),
    ("median_rule", median_rule(middle=np.mean), "You use the mean"),
    ("median_rule", median_rule(alone=True), "nothing to compare with"),
    ("median_rule", median_rule(equal=True), "is not below it"),
    ("median_rule", median_rule(middle=np.min), "0.4 is below 0.5"),
    ("median_rule", median_rule(middle=lambda others: 0.4 if len(others) == 4 else np.median(others)), "np.median"),
    ("median_rule", lambda value: True, "raises TypeError"),
    ("choose_setting", 2, "the name of your function"),
    ("choose_setting", lambda scores: scores.max(1).argmax(), "best single run"),
    ("choose_setting", lambda scores: scores.min(1).argmax(), "best worst seed"),
    ("choose_setting", lambda scores: 3, "the worst one"),
    ("choose_setting", lambda scores: scores.mean(1).max(), "the number of a row"),
    ("choose_setting", lambda scores: scores.argmax(0), "returns shape (3,)"),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_right_answers_pass(name, answer, capsys):
    assert exercises.judge(name, answer).passed
    assert exercises.check(name, answer) is None
    assert capsys.readouterr().out.startswith("PASS  ")


@pytest.mark.parametrize(("name", "answer", "hint"), WRONG)
def test_wrong_answers_get_their_hint(name, answer, hint, capsys):
    exercises.check(name, answer)
    out = capsys.readouterr().out
    assert out.startswith("Not yet.  ")
    assert hint in out


@pytest.mark.parametrize("name", _lesson04_checks.JUDGES)
@pytest.mark.parametrize("junk", [None, "", object(), [], float("nan"), {"a": 1}, lambda: None])
def test_junk_gets_a_hint_and_no_traceback(name, junk):
    verdict = exercises.judge(name, junk)
    assert not verdict.passed
    assert verdict.message


def test_every_exercise_has_a_right_and_two_wrong_answers_here():
    assert {name for name, _ in RIGHT} == set(_lesson04_checks.JUDGES)
    assert all(sum(wrong[0] == name for wrong in WRONG) >= 2 for name in _lesson04_checks.JUDGES)
