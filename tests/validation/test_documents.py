"""Documents: the file of a baseline, which a reviewer reads in `git diff`, and code that must not escape."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from site_builder.errors import CourseError
from site_builder.project import Project, load_project
from site_builder.validation import fingerprint
from tests.validation import cache
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


# ----------------------------------------------------------------------------------------------- what escapes nothing

CONFIGURATION = "project:\n  type: website\n  render: [page.qmd]\nwebsite:\n  title: A course\n"
FRONT = "---\ntitle: The page\n---\n\n"
CELL = "```{python}\n#| label: sum\nprint(1 + 2)\n```\n"


def course(root: Path, page: str, part: str = "") -> Project:
    (root / "_quarto.yml").write_text(CONFIGURATION, "utf-8")
    (root / "page.qmd").write_text(FRONT + page, "utf-8")
    (root / "_part.qmd").write_text(part, "utf-8")
    return load_project(root)


def test_a_cell_in_an_included_file_makes_its_page_a_document_and_counts_for_its_hash(tmp_path: Path) -> None:
    project = course(tmp_path, "{{< include _part.qmd >}}\n", CELL)
    assert with_code(project) == ["page.qmd"]
    assert [cell.name for cell in load(project, "page.qmd").cells] == ["sum"]
    before = fingerprint(tmp_path, "page.qmd")
    (tmp_path / "_part.qmd").write_text(CELL.replace("2", "3"), "utf-8")
    assert fingerprint(tmp_path, "page.qmd") != before
    assert with_code(course(tmp_path, "{{< include _part.qmd >}}\n", "Words alone.\n")) == []


@pytest.mark.parametrize(
    "page", [CELL.replace("sum\n", "sum\n#| eval: false\n"), CELL + CELL.replace("sum\n", "two\n#| eval: false\n")]
)
def test_a_cell_that_does_not_run_is_refused(tmp_path: Path, page: str) -> None:
    with pytest.raises(CourseError, match="nothing checks this cell"):
        load(course(tmp_path, page), "page.qmd")


@pytest.mark.parametrize("change", ["setup", "code", "variable"])
def test_the_cache_knows_what_prepares_a_kernel_and_what_surrounds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    project = course(tmp_path, CELL)
    before = cache.key(project, load(project, "page.qmd"), "cpu")
    document = load(project, "page.qmd")
    assert cache.key(project, document, "cpu") == before
    if change == "setup":
        document.setup += "x = 1\n"
    elif change == "code":
        document.cells[0].node.source += "\nprint(4)"
    else:
        monkeypatch.setenv("PYTHONHASHSEED", "77")
    assert cache.key(project, document, "cpu") != before
