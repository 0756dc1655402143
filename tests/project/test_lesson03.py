"""Lesson 3: its questions ask in each part, its numbers are right, and students get a version that runs."""

from __future__ import annotations

import math
import re

import pytest

from course_lib import _lesson03_checks
from site_builder.student_notebooks import without_solutions
from tests.project.lessons import Lesson, matrices, stored_matrices

LESSON = Lesson("03-tf-binding-prediction")
#: The numbers that the lesson asks for, computed; then the wrong ones that it names.
NUMBERS = {
    "q-hits": (2 * 100e6 * 1e-4, 100e6 * 1e-4, 1),
    "q-guess": (0.03, 0.5, 0),
    "q-replicates": (math.sqrt(0.64), 0.64, 1),
}


def test_the_lesson_asks_in_each_part_that_teaches() -> None:
    asks = LESSON.asks_in_part()
    assert len(asks) == 10
    assert all(asks[:8])  # then come the test chromosome and the hand-in


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_that_the_lesson_asks_for_are_right(name: str) -> None:
    assert LESSON.stated(name) == pytest.approx(list(NUMBERS[name]))


def test_only_these_questions_ask_for_a_number() -> None:
    assert LESSON.numeric_questions() == set(NUMBERS)


@pytest.mark.parametrize(("cell", "file"), [("genome", "MA0139.1"), ("baselines-code", "MA0138.2")])
def test_the_matrices_in_the_lesson_are_those_of_the_data(cell: str, file: str) -> None:
    assert matrices(LESSON.cells[cell]) == stored_matrices(file)


def test_three_seeds_reach_the_target_on_the_test_chromosome() -> None:
    rows = re.findall(r"^network, seed \d +([\d.]+) +([\d.]+)", LESSON.outputs["open-test"], re.MULTILINE)
    assert len(rows) == 3
    assert all(float(value) >= 0.98 for row in rows for value in row)


def test_the_test_chromosome_is_opened_in_its_part_alone() -> None:
    order = list(LESSON.cells)
    opened = [name for name, text in LESSON.cells.items() if re.search(r"\b(parts|hard)\.test\b", text)]
    assert opened == ["open-test", "open-hard-test"]
    assert order.index("part-9") < order.index(opened[0])


def test_students_get_every_exercise_and_no_solution() -> None:
    student = without_solutions(LESSON.notebook)
    code = ["".join(cell["source"]) for cell in student["cells"] if cell["cell_type"] == "code"]
    asked = re.findall(r'exercises\.check\("(\w+)", answer\)', "\n".join(code))
    assert sorted(asked) == sorted(_lesson03_checks.JUDGES)
    assert not any("class SameLength(" in text or "def turn_around" in text.replace("# def", "") for text in code)
    assert any("cnn.SameLengthCNN(both_strands=True" in text for text in code)
