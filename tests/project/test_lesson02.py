"""Lesson 2: its questions ask in each part, and the numbers that they state are right."""

from __future__ import annotations

import pytest

from course_lib import datasets, plots
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


def test_letters_of_positive_weights_stand_above_the_line_and_of_negative_ones_below() -> None:
    [cell] = [cell for cell in LESSON.notebook["cells"] if cell["id"] == "fig-filters"]
    [output] = [output for output in cell["outputs"] if "image/png" in output.get("data", {})]
    weights = output["metadata"]["figure"]["panels"][1]  # of the filter that found TAT
    letters = {
        one["facecolor"][0][:7]: one["data"]["points"] for one in weights["series"] if one["kind"] == "PathPatch"
    }
    tops = {base: [top for _, top in letters[color][1::2]] for base, color in plots.NUCLEOTIDE_COLORS.items()}
    assert sum(top > 0.5 for top in tops["T"]) == 2
    assert sum(top > 0.5 for top in tops["A"]) == 1
    assert max(tops["C"] + tops["G"]) <= 0
