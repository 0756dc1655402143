"""Lesson 2: its questions ask in each part, and the numbers that they state are right."""

from __future__ import annotations

import pytest

from course_lib import datasets
from tests.project.lessons import Lesson

LESSON = Lesson("02-cnn-for-dna-scoring")
DATA = datasets.kmer_scores()
VARIANCE = round(DATA.y.var(), 1)
TRIPLE = DATA.sequences.index("TATATATA")
BOTH = DATA.sequences.index("TATGCGAA")
#: The numbers that the lesson asks for, computed; then the wrong ones that it names.
NUMBERS = {
    "q-rule": (DATA.y[BOTH], DATA.y[BOTH] + 10, DATA.y[BOTH] - 10, 8 * DATA.base_values[DATA.codes[BOTH]].mean()),
    "q-windows": (150 - 15 + 1, 150, 150 - 15, 150 // 15),
    "q-additive": (10 * (DATA.counts[TRIPLE, 0] - 1), 10 * DATA.counts[TRIPLE, 0], 10),
    "q-noise": (round(VARIANCE / (VARIANCE + 4), 2), round(VARIANCE / (VARIANCE + 2), 2), 1),
}


def test_the_lesson_asks_in_each_of_its_parts() -> None:
    asks = LESSON.asks_in_part()
    assert len(asks) == 9
    assert all(asks)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_that_the_lesson_asks_for_are_right(name: str) -> None:
    assert LESSON.stated(name) == pytest.approx(list(NUMBERS[name]))


def test_only_these_questions_ask_for_a_number() -> None:
    assert LESSON.numeric_questions() == set(NUMBERS)
