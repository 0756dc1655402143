"""Lesson 2: its questions ask in each part, and the numbers that they state are right."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from course_lib import datasets

NOTEBOOK = json.loads(
    (Path(__file__).resolve().parents[2] / "notebooks/02-cnn-for-dna-scoring.ipynb").read_text("utf-8")
)
TEXTS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"]]
QUESTIONS = {name[1]: text for text in TEXTS if (name := re.match(r'<div class="question" id="(q-[\w-]+)"', text))}
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
    lines = [line for text in TEXTS for line in text.split("\n") if line.startswith(("## Part", "<div class"))]
    parts = "".join("P" if line.startswith("##") else "q" for line in lines).split("P")[1:]
    assert len(parts) == 9
    assert all(parts)


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_that_the_lesson_asks_for_are_right(name: str) -> None:
    stated = [float(text) for text in re.findall(r"\*\*(-?\d[\d.]*)", QUESTIONS[name])]
    assert stated == pytest.approx(list(NUMBERS[name]))


def test_only_these_questions_ask_for_a_number() -> None:
    assert {name for name, text in QUESTIONS.items() if "\n1. " not in text} == set(NUMBERS)
