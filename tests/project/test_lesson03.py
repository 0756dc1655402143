"""Lesson 3: its questions ask in each part, its numbers are right, and students get a version that runs."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from course_lib import _lesson03_checks
from site_builder.student_notebooks import without_solutions

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = json.loads((ROOT / "notebooks/03-tf-binding-prediction.ipynb").read_text("utf-8"))
TEXTS = ["".join(cell["source"]) for cell in NOTEBOOK["cells"]]
QUESTIONS = {name[1]: text for text in TEXTS if (name := re.match(r'<div class="question" id="(q-[\w-]+)"', text))}
OUTPUTS = {
    cell["id"]: "".join("".join(output.get("text", "")) for output in cell["outputs"])
    for cell in NOTEBOOK["cells"]
    if cell["cell_type"] == "code"
}
#: The numbers that the lesson asks for, computed; then the wrong ones that it names.
NUMBERS = {
    "q-hits": (2 * 100e6 * 1e-4, 100e6 * 1e-4, 1),
    "q-guess": (0.03, 0.5, 0),
    "q-replicates": (math.sqrt(0.64), 0.64, 1),
}


def matrices(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines() if re.match(r"[ACGT] +\[", line)]


def test_the_lesson_asks_in_each_part_that_teaches() -> None:
    lines = [line for text in TEXTS for line in text.split("\n") if line.startswith(("## Part", "<div class"))]
    parts = "".join("P" if line.startswith("##") else "q" for line in lines).split("P")[1:]
    assert len(parts) == 10
    assert all(parts[:8])  # then come the test chromosome and the hand-in


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_that_the_lesson_asks_for_are_right(name: str) -> None:
    stated = [float(text) for text in re.findall(r"\*\*(-?\d[\d.]*)", QUESTIONS[name])]
    assert stated == pytest.approx(list(NUMBERS[name]))


def test_only_these_questions_ask_for_a_number() -> None:
    assert {name for name, text in QUESTIONS.items() if "\n1. " not in text} == set(NUMBERS)


@pytest.mark.parametrize(("cell", "file"), [("genome", "MA0139.1"), ("baselines-code", "MA0138.2")])
def test_the_matrices_in_the_lesson_are_those_of_the_data(cell: str, file: str) -> None:
    source = next("".join(c["source"]) for c in NOTEBOOK["cells"] if c["id"] == cell)
    assert matrices(source) == matrices((ROOT / f"data/motifs/{file}.jaspar").read_text("utf-8"))


def test_three_seeds_reach_the_target_on_the_test_chromosome() -> None:
    rows = re.findall(r"^network, seed \d +([\d.]+) +([\d.]+)", OUTPUTS["open-test"], re.MULTILINE)
    assert len(rows) == 3
    assert all(float(value) >= 0.98 for row in rows for value in row)


def test_the_test_chromosome_is_opened_in_its_part_alone() -> None:
    order = [cell["id"] for cell in NOTEBOOK["cells"]]
    opened = [name for name, text in zip(order, TEXTS, strict=True) if re.search(r"\b(parts|hard)\.test\b", text)]
    assert opened == ["open-test", "open-hard-test"]
    assert order.index("part-9") < order.index(opened[0])


def test_students_get_every_exercise_and_no_solution() -> None:
    student = without_solutions(NOTEBOOK)
    code = ["".join(cell["source"]) for cell in student["cells"] if cell["cell_type"] == "code"]
    asked = re.findall(r'exercises\.check\("(\w+)", answer\)', "\n".join(code))
    assert sorted(asked) == sorted(_lesson03_checks.JUDGES)
    assert not any("class SameLength(" in text or "def turn_around" in text.replace("# def", "") for text in code)
    assert any("cnn.SameLengthCNN(both_strands=True" in text for text in code)
