"""The order in which documents run."""

from __future__ import annotations

from typing import Any

from site_builder.project import load_project
from tests.validation.__main__ import ROOT
from tests.validation.documents import with_code
from tests.validation.order import MEASURED, seconds


def ordered(paths: list[str], **told: float | None) -> list[str]:
    report: dict[str, Any] = {"documents": {path: {"seconds": value} for path, value in told.items()}}
    return sorted(paths, key=lambda path: -seconds(path, report))


def test_every_document_of_the_course_has_been_timed() -> None:
    assert sorted(MEASURED) == sorted(with_code(load_project(ROOT)))


def test_a_clone_without_a_report_begins_with_the_longest() -> None:
    assert ordered(sorted(MEASURED)) == list(MEASURED)


def test_a_report_of_some_documents_leaves_the_others_in_their_place() -> None:
    lesson, *others = MEASURED
    assert ordered(sorted(MEASURED), **{others[0]: 91.0, others[-1]: None}) == [lesson, *others]
    assert ordered(sorted(MEASURED), **{others[-1]: 200.0})[0] == others[-1]


def test_what_nobody_timed_comes_first() -> None:
    assert ordered([*MEASURED, "notebooks/new.ipynb"])[0] == "notebooks/new.ipynb"
