"""The file of a baseline: what a reviewer reads in `git diff`."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from site_builder.project import load_project
from tests.validation.documents import baseline_text, load, read_baseline, reduced, with_code

ROOT = Path(__file__).parents[2]
PROJECT = load_project(ROOT)
LARGEST = 1_000_000  # bytes; git keeps every version


@pytest.fixture(params=[path for path in with_code(PROJECT) if path.endswith(".qmd")])
def path(request: pytest.FixtureRequest) -> str:
    return request.param


def test_a_baseline_is_small_and_its_lists_of_numbers_take_one_line(path: str) -> None:
    text = (ROOT / load(PROJECT, path).stored).read_text(encoding="utf-8")
    assert len(text) < LARGEST
    assert not [line for line in text.splitlines() if line.strip().rstrip(",").replace(".", "").isdigit()]
    outputs = [output for cell in nbformat.reads(text, 4).cells for output in cell.outputs]
    assert not [output for output in outputs if " at 0x" in output.get("data", {}).get("text/plain", "")]


def test_a_baseline_is_read_as_it_was_written(path: str) -> None:
    document = load(PROJECT, path)
    before = read_baseline(ROOT / document.stored)
    outputs = {cell.id: reduced(cell.outputs) for cell in before.cells}
    written = json.loads(baseline_text(document, outputs, before))
    assert written == json.loads(nbformat.writes(before))
