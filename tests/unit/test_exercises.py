"""Right answers pass, typical wrong ones get the hint that fits them, and nothing raises but an unknown name."""

import doctest

import pytest
import torch
from torch import nn

from course_lib import cnn, exercises
from tests.answers import RIGHT, WRONG


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


def test_an_error_spread_evenly_gets_no_word_about_the_ends():
    assert "beyond" not in exercises.judge("better_cubic", lambda x: x**3 + 1).message


@pytest.mark.parametrize("name", exercises.names())
def test_an_untouched_answer_cell_says_so(name, capsys):
    exercises.check(name, ...)
    assert capsys.readouterr().out.startswith("Not answered yet")


@pytest.mark.parametrize("name", exercises.names())
@pytest.mark.parametrize("junk", [None, "", object(), [], float("nan"), {"a": 1}, lambda: None])
def test_junk_gets_a_hint_and_no_traceback(name, junk):
    verdict = exercises.judge(name, junk)
    assert not verdict.passed
    assert verdict.message


def test_every_exercise_has_a_right_and_two_wrong_answers():
    assert {name for name, _ in RIGHT} == set(exercises.names())
    assert all(sum(wrong[0] == name for wrong in WRONG) >= 2 for name in exercises.names())


def test_the_numbers_of_lesson_3_are_those_of_the_networks():
    model = cnn.SameLengthCNN(seed=0)
    x = torch.zeros(1, 4, 301, requires_grad=True)
    model(x)[0, 150].backward()
    assert exercises.judge("receptive_field", int((x.grad.abs().sum(1) > 0).sum())).passed
    dense = nn.Sequential(nn.Conv1d(4, 32, 8), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 293, 300))
    assert exercises.judge("parameters_dense", sum(p.numel() for p in dense.parameters())).passed


def test_an_unknown_name_lists_the_names():
    with pytest.raises(ValueError, match=r"'parameters_mpl'.*parameters_line, parameters_mlp, better_cubic"):
        exercises.check("parameters_mpl", 13)


def test_the_examples_of_the_docstrings_hold():
    result = doctest.testmod(exercises)
    assert result.attempted >= 2
    assert result.failed == 0
