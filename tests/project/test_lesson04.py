"""Lesson 4: it asks in each part, its numbers are right, it says what it measured, and students can run it."""

from __future__ import annotations

import re

import pytest

from course_lib import _lesson04_checks
from site_builder.student_notebooks import without_solutions
from tests.project.lessons import Lesson, matrices, stored_matrices

LESSON = Lesson("04-hyperparameter-tuning")
CELLS, OUTPUTS = LESSON.cells, LESSON.outputs
#: Parts that teach and ask no question: the task, the log, and the test.
WITHOUT_QUESTION = {1, 6, 8, 10}


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_each_part_asks_a_question_an_exercise_or_a_prediction() -> None:
    parts = re.split(r"^## Part (\d+)", "\n".join(CELLS.values()), flags=re.MULTILINE)[1:]
    asked = dict(zip(map(int, parts[::2]), parts[1::2], strict=True))
    assert list(asked) == list(range(1, 11))
    for number, text in asked.items():
        assert ('<div class="question"' in text) == (number not in WITHOUT_QUESTION), number
        if number in WITHOUT_QUESTION - {6, 10}:
            assert "> **Predict.**" in text, number


def test_the_number_that_the_lesson_asks_for_is_right() -> None:
    expected = [(1e-3 - 1e-4) / (1e-1 - 1e-4), 1 / 3, 0.5]
    assert LESSON.stated("q-plain") == pytest.approx(expected, abs=5e-4)
    assert LESSON.numeric_questions() == {"q-plain"}


def test_the_matrix_in_the_lesson_is_that_of_the_data() -> None:
    assert matrices(CELLS["data"]) == stored_matrices("MA0139.1")


def test_the_search_does_not_see_the_test_chromosome() -> None:
    opened = [name for name, text in CELLS.items() if re.search(r"\bparts\.test\b|\bparts\[2\]|\bparts\[-1\]", text)]
    assert opened == ["open-test"]
    assert list(CELLS).index("open-test") > list(CELLS).index("choose")
    assert "train, val, _ = split(make_windows())" in CELLS["task-file"]
    for name in ("objective", "kill", "resume", "two-workers", "seeds", "choose", "bias"):
        assert not re.search(r"\btest\.|chr5|chromosome 5", CELLS[name]), name


def test_no_finished_trial_is_lost_and_none_is_done_twice() -> None:
    assert "finished trials: 36" in OUTPUTS["resume"]
    for cell in ("kill", "resume", "two-workers"):
        said = re.findall(r": (True|False)$", OUTPUTS[cell], re.MULTILINE)
        assert said, cell
        assert set(said) == {"True"}, cell


def test_each_candidate_has_five_seeds_and_the_one_with_the_best_mean_is_chosen() -> None:
    rows = {line[:18].strip(): numbers(line[18:]) for line in OUTPUTS["seeds"].split("\n\n")[0].splitlines()[1:]}
    assert set(rows) == {"best trial", "second", "third", "by hand", "library"}
    for *seeds, mean in rows.values():
        assert len(seeds) == 5
        assert mean == pytest.approx(sum(seeds) / 5, abs=1e-3)
    assert OUTPUTS["choose"] == f"chosen: {max(rows, key=lambda name: rows[name][-1])}\n"


def test_the_test_is_shown_with_its_spread_for_the_setting_and_its_baseline() -> None:
    rows = [line for line in OUTPUTS["open-test"].splitlines() if " to " in line and line[0] != "m"]
    assert [line[:11].strip() for line in rows] == ["best trial", "by hand"]
    for row in rows:
        *seeds, mean, low, high = numbers(row)
        assert len(seeds) == 5
        assert (low, high) == (min(seeds), max(seeds))
        assert mean == pytest.approx(sum(seeds) / 5, abs=1e-3)


def test_the_log_is_offline_and_the_package_for_it_is_not_needed() -> None:
    assert 'os.environ.get("WANDB_MODE", "offline")' in CELLS["log"]
    imports = [name for name, text in CELLS.items() if re.search(r"^import wandb|^from wandb", text, re.MULTILINE)]
    assert imports == []  # only inside the function, which runs where the package is
    assert 'find_spec("wandb")' in CELLS["log"]


def test_students_get_every_exercise_and_no_solution() -> None:
    student = without_solutions(LESSON.notebook)
    code = "\n".join("".join(cell["source"]) for cell in student["cells"] if cell["cell_type"] == "code")
    asked = re.findall(r'exercises\.check\("(\w+)", answer\)', code)
    assert sorted(asked) == sorted(_lesson04_checks.JUDGES)
    assert not re.search(r"^def (log_uniform|give_up|choose)\(", code, re.MULTILINE)
    assert "study = tuning.search(" in code
    assert "chosen = list(candidates)" in code
