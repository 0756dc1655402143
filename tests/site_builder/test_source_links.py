"""Places in notebooks have Quarto's addresses, and a page that reads a source runs again when that source changes."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

from site_builder.document import read_document
from site_builder.execute import execute_all
from tests.site_builder.course import Course, front_matter, stream
from tests.site_builder.test_page_features import cell


def test_a_cell_of_a_notebook_has_its_id_and_one_of_a_table_or_figure_its_label(shared_course: Course) -> None:
    cells = [
        new_code_cell("1 + 1", execution_count=1, id="plain"),
        new_code_cell("#| label: sum\n1 + 1", execution_count=2, id="labelled"),
        new_code_cell("#| label: tbl-sums\nprint(2)", execution_count=3, id="table", outputs=[stream("2")]),
        new_code_cell("#| include: false\n1 + 1", execution_count=4, id="hidden"),
    ]
    front = new_raw_cell("---\ntitle: Anchors\n---", id="front")
    shared_course.write("lessons/anchors.ipynb", nbformat.writes(new_notebook(cells=[front, *cells])))
    page = shared_course.make(read_document(shared_course.root, "lessons/anchors.ipynb"))
    assert page.xpath("//main//div[contains(concat(' ', @class, ' '), ' cell ')]/@id") == [
        "plain",
        "labelled",
        "cell-tbl-sums",
    ]


def test_a_cell_of_a_page_has_its_label_as_address(shared_course: Course) -> None:
    page = shared_course.page(cell("label: quiet") + cell(""))
    assert page.xpath("//main//div[contains(@class, 'cell')]/@id") == ["quiet"]


@pytest.mark.parametrize("name", ["slides/deck.qmd", "slides/*.qmd"])
def test_a_page_that_reads_a_source_runs_again_when_it_changes(course: Course, name: str) -> None:
    reading = f"from pathlib import Path\nprint(next(Path().glob('{name}')).read_text().splitlines()[-1])"
    course.write("page.qmd", front_matter() + cell("label: read", reading))

    def shown() -> tuple[str, bool]:
        document = read_document(course.root, "page.qmd")
        job = (document, course.settings(document))
        outcome = execute_all(course.project, [job], course.root / ".cache/x", print, 1)["page.qmd"]
        return document.cells[0].outputs[0].text.strip(), outcome.cached

    course.write("slides/deck.qmd", front_matter() + "one")
    assert shown() == ("one", False)
    assert shown() == ("one", True)
    course.write("slides/deck.qmd", front_matter() + "two")
    assert shown() == ("two", False)
