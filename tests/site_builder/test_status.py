"""The page "Status": what it says of each document, of the run, of what was allowed, and of the checks themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest

from site_builder.document import read_document
from site_builder.project import load_project
from site_builder.status import TEXT, anchor, checked_documents, duration, write_status
from site_builder.validation import GPU_REPORT, fingerprint, write_report
from tests.site_builder.course import REPOSITORY, Course, front_matter, the_error

LESSON, DECK = "lessons/lesson.ipynb", "slides/deck.qmd"
ODD = "`x | y` <b>1 * 2 * 3</b> {{< a >}} $5$ [a](b) @c"


@pytest.fixture
def course_with_page(course: Course) -> Course:
    return add_page(course)


def add_page(course: Course, css: str = "theme/css/content.css") -> Course:
    """Add the page "Status" to a course, and a deck that has code."""
    course.configure("    - page.qmd\n", "    - page.qmd\n    - status.qmd\n")
    course.configure("format:\n", "filters:\n  - theme/filters/status.lua\n\nformat:\n")
    front = front_matter(f"format:\n  html:\n    css: {css}", title="Status")
    course.write("status.qmd", f"{front}Before.\n\n::: {{#status-text}}\n:::\n\nAfter.\n")
    course.write("page.qmd", front_matter() + "No code.\n")
    course.write(DECK, front_matter("format: revealjs", title="The slides") + "## One\n\n`{python} 1 + 1`\n")
    return course


def entry(root: Path, path: str, **changes: Any) -> dict[str, Any]:
    lesson = {
        "kind": "notebook" if path.endswith(".ipynb") else "deck", "title": "A | title", "result": "passed",
        "fingerprint": fingerprint(root, path), "cells": 12, "failed": 0, "skipped": 0, "numbers": 1234, "tables": 0,
        "figures": 1, "seconds": 83.4, "memory_mib": 610.2, "cached": False, "tolerances": [], "exemptions": [],
        "failures": [], "stored": path,
    }  # fmt: skip
    return lesson | changes


def report(root: Path, *, lesson: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    documents = {LESSON: entry(root, LESSON, **(lesson or {})), DECK: entry(root, DECK, title="The slides")}
    return {
        "date": "2026-11-02T10:05:00+00:00", "commit": "0123456789-dirty",
        "versions": {"python": "3.11.7", "torch": "2.13.0"}, "system": "Linux x86_64", "processor": "A <fast> one",
        "cores": 2, "device": "cpu", "gpu": None, "seconds": 60.0, "seconds_one_by_one": 100.0,
        "run": "reports/runs/1", "tolerance": {"rtol": 1e-6, "atol": 1e-12, "figure": 2e-4}, "documents": documents,
        **changes,
    }  # fmt: skip


def full_report(root: Path) -> dict[str, Any]:
    """Return a report with all that one can hold."""
    kinds = {"a digit": {"tried": 1200, "caught": 1199}, "blank axes": {"tried": 112, "caught": 112}}
    attacks = {"date": "2026-11-01T00:00:00+00:00", "scope": "all", "tried": 1312, "caught": 1311, "kinds": kinds}
    settings = [{"setting": "2 threads", "date": "2026-11-01T00:00:00+00:00", "result": "passed", "seconds": 7.25}]
    calm = {"date": "2026-11-01T00:00:00+00:00", "runs": 10, "failed": 0, "settings": settings}
    proof = {"attacks": {**attacks, "missed": ["digit in sum"]}, "calm": calm}
    sample = {**attacks, "scope": "sample", "tried": 20, "caught": 20}
    lesson = {
        "result": "failed",
        "failures": [{"cell": "sum", "message": ODD * 5}],
        "tolerances": [{"cell": "sum", "reason": ODD, "rtol": 0.01, "ignore": ["took `\\d+|x`"]}],
        "exemptions": [{"cell": "time", "exempt": ["numbers", "picture"], "reason": "A time."}],
    }
    return report(root, lesson=lesson, proof=proof, attacks=sample)


def page(course: Course, said: dict[str, Any] | None = None) -> lxml.html.HtmlElement:
    """Write the report, then its text, as both engines do; return the page."""
    if said is not None:
        write_report(course.root, said)
    write_status(course.root)
    return course.make(read_document(course.root, "status.qmd"))


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(made: lxml.html.HtmlElement, section: str) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in made.xpath(f"//section[@id='{section}']//tbody/tr")]


def summary(made: lxml.html.HtmlElement) -> tuple[str, str]:
    (box,) = made.xpath("//div[contains(@class, 'status-summary')]")
    return box.get("data-state"), words(box)


def test_without_a_report_it_says_so(course_with_page: Course) -> None:
    made = page(course_with_page)
    assert summary(made)[0] == "unchecked"
    assert "No full validation has run on this copy" in summary(made)[1]
    assert {row[1] for row in rows(made, "documents")} == {"not verified"}
    assert not made.xpath("//section[@id='run']")


def test_a_page_without_its_text_is_refused(course_with_page: Course) -> None:
    document = read_document(course_with_page.root, "status.qmd")
    error = the_error(lambda: course_with_page.make(document))
    assert error.message == f"{TEXT} is not there; render the whole site, which makes it"
    assert error.where.path == "status.qmd"


def test_it_lists_what_has_code_and_nothing_else(course_with_page: Course) -> None:
    assert checked_documents(load_project(course_with_page.root)) == [DECK, LESSON]


def test_each_document_has_its_result_and_a_link_and_a_place_of_its_own(course_with_page: Course) -> None:
    made = page(course_with_page, report(course_with_page.root))
    assert rows(made, "documents") == [
        ["The slides Slides", "verified", "12", "1,234 numbers, 1 figure", "1 min 23 s", "610 MiB"],
        ["A | title Lesson", "verified", "12", "1,234 numbers, 1 figure", "1 min 23 s", "610 MiB"],
    ]
    (link,) = made.xpath(f"//a[@id='{anchor(LESSON)}']")
    assert link.get("href") == "lessons/lesson.html"
    assert summary(made) == ("passed", "Verified on November 2, 2026: all 2 documents with code.")


def test_it_says_on_what_it_ran(course_with_page: Course) -> None:
    made = page(course_with_page, report(course_with_page.root))
    facts = dict(zip(map(words, made.xpath("//dl/dt")), map(words, made.xpath("//dl/dd")), strict=True))
    assert facts == {
        "Date": "November 2, 2026, 10:05 UTC",
        "Source": "commit 0123456789, with changes that are not committed",
        "Versions": "Python 3.11.7, PyTorch 2.13.0",
        "Machine": "A <fast> one, 2 cores, Linux x86_64",
        "Ran on": "the processor",
        "Time": "1 min; one document after the other: 1 min 40 s",
    }


@pytest.mark.parametrize(
    ("changes", "state", "said"),
    [
        ({"result": "failed", "failed": 1, "failures": [{"cell": "sum", "message": ODD}]}, "failed", "1 failed"),
        ({"result": "incomplete", "skipped": 1}, "incomplete", "1 incomplete"),
        ({"fingerprint": "of another version"}, "changed", "1 changed since"),
    ],
)
def test_one_document_that_is_not_verified_is_enough(
    course_with_page: Course, changes: dict[str, Any], state: str, said: str
) -> None:
    made = page(course_with_page, report(course_with_page.root, lesson=changes))
    assert summary(made)[0] == state
    assert summary(made)[1].startswith(f"Not all of it is verified. Of 2 documents with code: 1 verified, {said}.")
    assert rows(made, "documents")[1][1] != "verified"


def test_what_failed_is_quoted_as_it_is(course_with_page: Course) -> None:
    failed = {"result": "failed", "failed": 1, "failures": [{"cell": "a|b", "message": ODD}]}
    made = page(course_with_page, report(course_with_page.root, lesson=failed))
    assert rows(made, "failed") == [["Lesson: A | title", "a|b", ODD]]


def test_nothing_is_known_of_a_document_that_changed(course_with_page: Course) -> None:
    said = report(course_with_page.root, lesson={"fingerprint": "of another version"})
    assert rows(page(course_with_page, said), "documents")[1][2:] == ["–"] * 4


def test_tolerances_and_exemptions_stand_with_their_reasons(course_with_page: Course) -> None:
    lesson = {
        "tolerances": [{"cell": "sum", "reason": ODD, "rtol": 0.01, "integers": True, "ignore": ["took `\\d+|x`"]}],
        "exemptions": [{"cell": "time", "exempt": ["numbers", "picture"], "reason": "A time."}],
    }
    made = page(course_with_page, report(course_with_page.root, lesson=lesson))
    allowed = "numbers: 0.01 of their value; whole numbers, too; not compared: took `\\d+|x`"
    assert rows(made, "tolerances") == [["Lesson: A | title", "sum", allowed, ODD]]
    assert rows(made, "exemptions") == [["Lesson: A | title", "time", "numbers, picture", "A time."]]
    (section,) = made.xpath("//section[@id='tolerances']")
    assert "by 10−6 of its value (or 10−12), what a figure shows by 0.0002 of its axis" in words(section)


def test_without_any_it_says_none(course_with_page: Course) -> None:
    made = page(course_with_page, report(course_with_page.root))
    assert "No cell has one of its own." in words(made.xpath("//section[@id='tolerances']")[0])
    assert "None: all is compared." in words(made.xpath("//section[@id='exemptions']")[0])
    assert "is recorded in this copy" in words(made.xpath("//section[@id='proof']")[0])


def test_the_proof_has_attacks_by_kind_and_false_alarms(course_with_page: Course) -> None:
    made = page(course_with_page, full_report(course_with_page.root))
    said = words(made.xpath("//section[@id='proof']")[0])
    assert "Attacks: 1,311 of 1,312 caught (November 1, 2026)" in said
    assert "Not caught: digit in sum." in said
    assert "tried a sample of them again and caught 20 of 20 attacks" in said
    assert "False alarms: 0 in 10 runs" in said
    found = [
        ["a digit", "1,200", "1,199"],
        ["blank axes", "112", "112"],
        ["2 threads", "November 1, 2026", "passed", "7.2 s"],
    ]
    assert rows(made, "proof") == found


def test_a_run_on_a_gpu_is_told_apart(course_with_page: Course) -> None:
    root = course_with_page.root
    assert "No run on a GPU" in words(page(course_with_page, report(root)).xpath("//section[@id='gpu']")[0])
    failed = {"result": "failed"}
    write_report(root, report(root, device="cuda", gpu="A GPU", lesson=failed), GPU_REPORT)
    said = words(page(course_with_page).xpath("//section[@id='gpu']")[0])
    assert "November 2, 2026, A GPU, PyTorch 2.13.0: 1 of 2 documents verified in 1 min." in said
    assert "Failed: Lesson: A | title." in said


def test_a_new_report_makes_a_new_page(course_with_page: Course) -> None:
    course_with_page.write(DECK, front_matter("format: revealjs") + "## No code, so no kernel\n")
    assert course_with_page.render().returncode == 0
    before = (course_with_page.root / "_site/status.html").read_text("utf-8")
    write_report(course_with_page.root, report(course_with_page.root))
    assert course_with_page.render().returncode == 0
    after = (course_with_page.root / "_site/status.html").read_text("utf-8")
    assert "Not verified" in before
    assert "November 2, 2026" in after


def test_the_text_is_not_touched_when_it_stays_the_same(course_with_page: Course) -> None:
    page(course_with_page, report(course_with_page.root))
    before = (course_with_page.root / TEXT).stat().st_mtime_ns
    page(course_with_page, report(course_with_page.root))
    assert (course_with_page.root / TEXT).stat().st_mtime_ns == before


def test_a_course_without_the_page_gets_no_text(course: Course) -> None:
    write_status(course.root)
    assert not (course.root / TEXT).exists()


def test_a_source_that_cannot_be_read_is_named_by_the_engine_not_here(course_with_page: Course) -> None:
    course_with_page.write(DECK, "---\ntitle: x\nunknown-key: 1\n---\n\n`{python} 1`\n")
    write_status(course_with_page.root)
    assert "[slides\\/deck\\.qmd]" in (course_with_page.root / TEXT).read_text("utf-8")
    assert the_error(lambda: read_document(course_with_page.root, DECK)).message == "unknown key 'unknown-key'"


def test_the_course_has_the_page_and_links_lessons_to_it() -> None:
    assert "status.qmd" in load_project(REPOSITORY).documents
    assert "\n::: {#status-text}\n" in (REPOSITORY / "status.qmd").read_text("utf-8")
    assert "theme/filters/status.lua" in load_project(REPOSITORY).config["filters"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (60, "1 min"), (3599.7, "1 h"), (3725, "1 h 2 min")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said
