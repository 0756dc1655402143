"""Reads a lesson as its tests ask about it: cells, printed outputs, self-check questions, matrices in the text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
QUESTION = re.compile(r'<div class="question" id="(q-[\w-]+)"')


class Lesson:
    """A notebook of the course, by the name of its file."""

    def __init__(self, name: str) -> None:
        self.notebook: dict[str, Any] = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
        cells = self.notebook["cells"]
        self.cells = {cell["id"]: "".join(cell["source"]) for cell in cells}
        self.outputs = {cell["id"]: _printed(cell) for cell in cells if cell["cell_type"] == "code"}
        self.questions = {name[1]: text for text in self.cells.values() if (name := QUESTION.match(text))}

    def numeric_questions(self) -> set[str]:
        """Return the questions that ask for a number: they have no list of choices."""
        return {name for name, text in self.questions.items() if "\n1. " not in text}

    def stated(self, question: str) -> list[float]:
        """Return the right number of a question, then the wrong ones that it explains."""
        return [float(text) for text in re.findall(r"\*\*(-?\d[\d.]*)", self.questions[question])]

    def asks_in_part(self) -> list[bool]:
        """Return for each part of the lesson whether it has a self-check question."""
        parts = re.split(r"^## Part", "\n".join(self.cells.values()), flags=re.MULTILINE)[1:]
        return ['<div class="question"' in part for part in parts]


def _printed(cell: dict[str, Any]) -> str:
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def matrices(text: str) -> list[list[str]]:
    """Return the rows of counts in the form of JASPAR that a text holds."""
    return [line.split() for line in text.splitlines() if re.match(r"[ACGT] +\[", line)]


def stored_matrices(identifier: str) -> list[list[str]]:
    """Return the rows of counts of a motif of the course's data."""
    return matrices((ROOT / "data" / "motifs" / f"{identifier}.jaspar").read_text("utf-8"))
