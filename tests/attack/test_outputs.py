"""Every manipulation of a stored output is caught: a fixed sample in `make test`, all of them in `make test-attack`."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import nbformat
import pytest

from site_builder.project import load_project
from site_builder.validation import executed_copy, fingerprint, read_report
from tests.attack.outputs import KINDS, Attack, findings
from tests.attack.record import Record
from tests.validation.documents import Cell, Document, load, with_code
from tests.validation.plugin import alternative_text_problems
from tests.validation.text import NUMBER

ROOT = Path(__file__).resolve().parents[2]
PROJECT = load_project(ROOT)
PATHS = with_code(PROJECT)
#: How many manipulations of a kind a document gets in the sample.
SAMPLE = 6


def everything() -> bool:
    return os.environ.get("ATTACK") == "all"


def fresh_outputs(document: Document) -> dict[str, list[object]]:
    """Return what really came out: of the last run if it ran this version, else what is stored, which was validated."""
    report = read_report(ROOT)
    entry = report.get("documents", {}).get(document.path, {})
    copy_of_run = ROOT / executed_copy(report.get("run", ""), document.path)
    known = entry.get("fingerprint") == fingerprint(ROOT, document.path) and copy_of_run.is_file()
    if not known:
        return {cell.name: copy.deepcopy(cell.node.outputs) for cell in document.cells}
    nodes = [node for node in nbformat.read(copy_of_run, as_version=4).cells if node.cell_type == "code"]
    return {cell.name: node.outputs for cell, node in zip(document.cells, nodes, strict=True)}


def attacks(document: Document, kind: str) -> Iterator[Attack]:
    rng = random.Random(f"{document.path} {kind}")
    cells = [cell for cell in document.cells if "output" not in cell.rules.exempt]
    for cell in rng.sample(cells, len(cells)):
        for what, node in KINDS[kind](document, cell, rng):
            yield Attack(kind, document.path, Cell(cell.name, node, cell.options, [], cell.rules, cell.count), what)


@pytest.fixture(scope="module")
def documents() -> dict[str, tuple[Document, dict[str, list[object]]]]:
    loaded = {path: load(PROJECT, path) for path in PATHS}
    return {path: (document, fresh_outputs(document)) for path, document in loaded.items()}


@pytest.mark.parametrize("path", PATHS)
def test_the_truth_is_no_attack(path: str, documents: dict[str, tuple[Document, dict[str, list[object]]]]) -> None:
    document, fresh = documents[path]
    found = [finding for cell in document.cells for finding in judged(document, cell, fresh)]
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", PATHS)
def test_every_attack_is_caught(
    path: str, kind: str, documents: dict[str, tuple[Document, dict[str, list[object]]]], record: Record
) -> None:
    document, fresh = documents[path]
    for attack in islice(attacks(document, kind), None if everything() else SAMPLE):
        record.add(kind, attack.name, bool(judged(document, attack.cell, fresh)))
    assert record.missed(kind, path) == []


def changed_digits(cell: Cell) -> Iterator[Cell]:
    """Go through the cell with every other digit in each place of each number of its alternative texts."""
    texts = cell.alternatives
    for n, text in enumerate(texts):
        for match in NUMBER.finditer(text):
            for place in (match.start() + k for k, letter in enumerate(match[0]) if letter.isdigit()):
                for digit in "0123456789".replace(text[place], ""):
                    new = text[:place] + digit + text[place + 1 :]
                    yield replace(cell, options={**cell.options, "fig-alt": [*texts[:n], new, *texts[n + 1 :]]})


def test_nine_of_ten_changed_digits_of_alternative_texts_are_caught(
    documents: dict[str, tuple[Document, dict[str, list[object]]]],
) -> None:
    """Not all can be: 3 for 2 in "about 2" is near, and another number of the figure may be meant."""
    caught = []
    for document, _ in documents.values():
        for before, cell in zip([None, *document.cells], document.cells, strict=False):
            printed = before.node.outputs if before else []
            caught += [bool(alternative_text_problems(c, cell.node.outputs, printed)) for c in changed_digits(cell)]
    assert len(caught) > 4000
    assert sum(caught) / len(caught) > 0.9


def judged(document: Document, cell: Cell, fresh: dict[str, list[object]]) -> list[str]:
    position = next(n for n, other in enumerate(document.cells) if other.name == cell.name)
    before = fresh[document.cells[position - 1].name] if position else []
    nodes = [other.node for other in document.cells[:position]]
    count = sum(bool(node.source.strip()) for node in nodes) + bool(document.cells[position].node.source.strip())
    return findings(cell, fresh[cell.name], before, count if document.kind == "notebook" else None)  # type: ignore[arg-type]
