"""The header of a lesson, the copy without solutions, the stamp, and the report from which the stamp comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from site_builder import prerender
from site_builder.document import read_document
from site_builder.errors import CourseError
from site_builder.lessons import course_version, lesson_record, write_lessons
from site_builder.project import load_project
from site_builder.student_notebooks import names, source, without_solution_blocks, without_solutions
from site_builder.validation import REPORT, RUNS, fingerprint, read_report, stamp, write_report
from tests.site_builder.course import REPOSITORY, Course, all_errors, the_error
from tests.validation.report import Recorder

LESSON = "lessons/lesson.ipynb"
STUDENT = "downloads/lesson-without-solutions.ipynb"
ABOUT = """\
title: The lesson
lesson:
  objectives:
    - Add with `+`.
    - "Say why: it matters."
  minutes: 90
  exercise-minutes: 20
  requires: Counting.
  slides: ../slides/deck.qmd
"""


def notebook(front: str = ABOUT, *cells: Any) -> Any:
    first = new_raw_cell(f"---\n{front}---", id="front")
    return new_notebook(cells=[first, *(cells or (ran("1 + 1", id="sum"),))])


def ran(code: str, tags: tuple[str, ...] = (), **more: Any) -> Any:
    cell = new_code_cell(code, execution_count=1, **more)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def passed(root: Path, **changes: Any) -> dict[str, Any]:
    lesson = {"result": "passed", "cells": 1, "failed": 0, "skipped": 0, "seconds": 83.4}
    return {
        "date": "2026-11-02T10:00:00+00:00",
        "commit": None,
        "versions": {"python": "3.11.7", "numpy": "2.4.6", "torch": "2.13.0"},
        "processor": "A <fast> one",
        "cores": 2,
        "documents": {LESSON: {**lesson, "fingerprint": fingerprint(root, LESSON), **changes}},
    }


@pytest.fixture
def with_header(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    course.configure("lang: en\n", "filters:\n  - theme/filters/lesson-header.lua\n\nlang: en\n")
    course.write(LESSON, nbformat.writes(notebook()))
    return course


def make(course: Course) -> lxml.html.HtmlElement:
    """Write what the header is made from, as both engines do, and return the header."""
    lesson = read_document(course.root, LESSON)
    write_lessons(course.root, [lesson])
    (header,) = course.make(lesson).xpath("//div[@class='lesson-header']")
    return header


def words(element: lxml.html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


# ---------------------------------------------------------------------------------------------------------- the header


def test_the_header_says_what_the_front_matter_says(with_header: Course) -> None:
    header = make(with_header)
    assert [words(item) for item in header.xpath(".//ol/li")] == ["Add with +.", "Say why: it matters."]
    assert header.xpath(".//ol/li//code/text()") == ["+"]
    facts = dict(zip(map(words, header.xpath(".//dt")), map(words, header.xpath(".//dd")), strict=True))
    assert facts == {
        "Time": "1 h 30 min to read and run, and 20 min for the exercises",
        "The cells run in": "not measured for this version",
        "You need": "Counting.",
    }


def test_its_heading_can_be_linked_to(with_header: Course) -> None:
    assert make(with_header).xpath(".//*[@id='what-you-will-be-able-to-do']/h2")


def test_without_a_repository_it_links_to_slides_and_both_notebooks(with_header: Course) -> None:
    assert {words(a): a.get("href") for a in make(with_header).iter("a")} == {
        "View slides": "../slides/deck.html",
        "Download notebook": "lesson.ipynb?download=1",
        "Download without solutions": f"../{STUDENT}?download=1",
    }


def test_a_problem_is_reported_with_page_and_version(with_header: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    with_header.write("pyproject.toml", '[project]\nname = "x"\nversion = "1.2.3"\n')
    links = {words(a): a.get("href") for a in make(with_header).iter("a")}
    assert links["View source"] == f"https://github.com/owner/name/blob/main/{LESSON}"
    parts = urlsplit(links["Report a problem"])
    query = parse_qs(parts.query)
    assert parts.path == "/owner/name/issues/new"
    assert query["title"] == ["The lesson: "]
    assert query["body"][0].startswith(f"Page: The lesson ({LESSON})\nVersion: version 1.2.3\n")


def test_the_version_of_the_course_is_that_of_its_package() -> None:
    assert course_version(REPOSITORY).startswith("version 0.")


def test_a_whole_build_publishes_both_notebooks(with_header: Course) -> None:
    run = with_header.render()
    assert run.returncode == 0, run.stderr
    built = with_header.snapshot()
    assert LESSON in built
    assert STUDENT in built


def test_a_lesson_without_the_key_has_links_and_stamp_alone(with_header: Course) -> None:
    with_header.write(LESSON, nbformat.writes(notebook("title: The lesson\n")))
    header = make(with_header)
    assert header.xpath(".//h2 | .//dl") == []
    assert header.xpath(".//ul[@class='lesson-links']")
    assert header.xpath(".//div[@class='lesson-stamp']")


@pytest.mark.parametrize(
    ("old", "new", "message", "line"),
    [
        ("  minutes: 90\n", "", "'lesson' has no 'minutes'", 3),
        ("  minutes: 90\n", "  minutes: long\n", "'lesson.minutes' is a number above 0, not 'long'", 7),
        ("  requires:", "  required:", "unknown key 'lesson.required'", 9),
        ("deck.qmd", "dick.qmd", "the slides '../slides/dick.qmd' do not exist", 10),
        (
            '    - "Say why: it matters."\n',
            "    - Say why: it matters.\n",
            "'lesson.objectives' is a text or a list",
            4,
        ),
    ],
)
def test_a_mistake_in_it_is_named_with_its_line(
    with_header: Course, old: str, new: str, message: str, line: int
) -> None:
    assert old in ABOUT
    with_header.write(LESSON, nbformat.writes(notebook(ABOUT.replace(old, new))))
    errors = all_errors(lambda: make(with_header))
    (error,) = [error for error in errors if message in error.message]
    assert str(error.where) == f"{LESSON}, cell 1, line {line}"


def test_two_lessons_of_one_name_are_refused(with_header: Course) -> None:
    with_header.write("more/lesson.ipynb", nbformat.writes(notebook("title: Another\n")))
    lessons = [read_document(with_header.root, path) for path in (LESSON, "more/lesson.ipynb")]
    assert "rename one" in the_error(lambda: write_lessons(with_header.root, lessons)).message


def test_only_a_notebook_is_a_lesson(with_header: Course) -> None:
    page = with_header.source("Text.\n", "lesson:\n  objectives: x\n  minutes: 1\n  requires: y")
    assert "describes a notebook" in the_error(lambda: write_lessons(with_header.root, [page])).message


def test_every_lesson_of_the_course_says_what_its_header_needs() -> None:
    paths = [path for path in load_project(REPOSITORY).documents if path.endswith(".ipynb")]
    assert paths
    bare = [path for path in paths if "lesson" not in read_document(REPOSITORY, path).front.yaml.data]
    assert bare == []


def test_quarto_prepares_the_same(with_header: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert prerender.main(with_header.root) == 0
    assert (with_header.root / STUDENT).is_file()
    with_header.write(LESSON, nbformat.writes(notebook(ABOUT.replace("  minutes: 90\n", ""))))
    assert prerender.main(with_header.root) == 1
    assert "has no 'minutes'" in capsys.readouterr().err


# ----------------------------------------------------------------------------------------------------------- the stamp


def shown_stamp(course: Course) -> tuple[str, str]:
    (found,) = make(course).xpath(".//div[@class='lesson-stamp']")
    return found.get("data-state"), words(found)


def test_a_lesson_that_was_never_checked_says_so(with_header: Course) -> None:
    state, text = shown_stamp(with_header)
    assert state == "unchecked"
    assert text.startswith("Not verified: no full validation")


def test_a_lesson_that_passed_says_when_and_on_what(with_header: Course) -> None:
    write_report(with_header.root, passed(with_header.root))
    state, text = shown_stamp(with_header)
    assert state == "passed"
    assert text.startswith("Verified on November 2, 2026: all 1 code cell ran again")
    assert text.endswith("Python 3.11.7 · NumPy 2.4.6 · PyTorch 2.13.0 · A <fast> one · 2 cores · 1 min 23 s")
    assert "1 min 23 s on 2 CPU cores" in words(make(with_header))


def test_a_new_report_reaches_a_page_that_is_remembered(with_header: Course) -> None:
    assert shown_stamp(with_header)[0] == "unchecked"
    write_report(with_header.root, passed(with_header.root))
    assert shown_stamp(with_header)[0] == "passed"


@pytest.mark.parametrize(
    ("changes", "state", "text"),
    [
        ({"result": "failed", "failed": 1}, "failed", "Failed its validation on November 2, 2026: 1 of 1 code cell"),
        ({"result": "incomplete", "skipped": 1}, "incomplete", "Not fully verified: on November 2, 2026, 1 of 1"),
        ({"fingerprint": "of another version"}, "changed", "Changed since its last validation on November 2, 2026"),
    ],
)
def test_a_lesson_that_did_not_pass_says_so(
    with_header: Course, changes: dict[str, Any], state: str, text: str
) -> None:
    write_report(with_header.root, passed(with_header.root, **changes))
    shown = shown_stamp(with_header)
    assert shown[0] == state
    assert shown[1].startswith(text)
    assert "not measured for this version" in words(make(with_header))


@pytest.mark.parametrize("path", [LESSON, "course_lib/new.py", "data/new.tsv"])
def test_a_change_of_the_lesson_its_code_or_its_data_ends_the_stamp(with_header: Course, path: str) -> None:
    write_report(with_header.root, passed(with_header.root))
    file = with_header.root / path
    with_header.write(path, (file.read_text("utf-8") if file.is_file() else "") + "\n")
    assert shown_stamp(with_header)[0] == "changed"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 1, "documents": {}}', '{"schema": 2}'])
def test_a_report_of_another_form_is_none(with_header: Course, text: str) -> None:
    with_header.write(REPORT, text)
    assert read_report(with_header.root) == {}
    assert stamp(with_header.root, LESSON, read_report(with_header.root)) == {"state": "unchecked"}


# ---------------------------------------------------------------------------------------------------------- the report


class Result:
    longrepr = "the cell: Cell outputs differ\n0.5 is stored, 0.6 came out"
    start, stop = 10.0, 14.0

    def __init__(self, nodeid: str, outcome: str = "passed", when: str = "call", duration: float = 1.0) -> None:
        self.nodeid, self.outcome, self.when, self.duration = nodeid, outcome, when, duration
        self.user_properties = [("validation", {"numbers": 3, "tables": 0, "figures": 1, "memory_mib": 150.0})]


def recorder_of(course: Course) -> Recorder:
    return Recorder(load_project(course.root), [LESSON], f"{RUNS}/20261102T100000Z")


def recorded(course: Course, *results: Result) -> dict[str, Any]:
    recorder = recorder_of(course)
    for result in results:
        recorder.pytest_runtest_logreport(result)  # type: ignore[arg-type]
    recorder.pytest_sessionfinish()
    return read_report(course.root)


@pytest.fixture
def two_cells(with_header: Course) -> Course:
    with_header.write(LESSON, nbformat.writes(notebook(ABOUT, ran("1", id="a"), ran("2", id="b"))))
    return with_header


def test_a_run_of_all_cells_is_reported(two_cells: Course) -> None:
    first = Result(f"{LESSON}::a", when="setup", duration=0.5)
    report = recorded(two_cells, first, Result(f"{LESSON}::a"), Result(f"{LESSON}::b"), Result("t.py::t"))
    lesson = report["documents"][LESSON]
    assert (lesson["result"], lesson["cells"], lesson["seconds"]) == ("passed", 2, 2.5)
    assert lesson["fingerprint"] == fingerprint(two_cells.root, LESSON)
    assert {"python", "numpy", "torch", "matplotlib"} <= report["versions"].keys()
    assert (lesson["numbers"], lesson["figures"], lesson["memory_mib"]) == (6, 2, 150.0)
    assert (report["seconds"], report["seconds_one_by_one"]) == (4.0, 2.5)
    assert report["date"].endswith("+00:00")
    assert report["processor"]
    assert shown_stamp(two_cells)[0] == "passed"


def test_a_run_of_some_cells_leaves_the_report_alone(two_cells: Course) -> None:
    assert recorded(two_cells, Result(f"{LESSON}::a")) == {}


@pytest.mark.parametrize(("outcome", "result"), [("failed", "failed"), ("skipped", "incomplete")])
def test_a_cell_that_did_not_pass_is_counted(two_cells: Course, outcome: str, result: str) -> None:
    report = recorded(two_cells, Result(f"{LESSON}::a"), Result(f"{LESSON}::b", outcome))
    lesson = report["documents"][LESSON]
    assert lesson["result"] == result
    assert lesson[outcome] == 1
    failures = [{"cell": "b", "message": "the cell: Cell outputs differ; 0.5 is stored, 0.6 came out"}]
    assert lesson["failures"] == (failures if outcome == "failed" else [])


def test_a_cell_whose_teardown_fails_has_failed(two_cells: Course) -> None:
    ends = Result(f"{LESSON}::b", "failed", when="teardown")
    report = recorded(two_cells, Result(f"{LESSON}::a"), Result(f"{LESSON}::b"), ends)
    assert report["documents"][LESSON]["failed"] == 1


def test_what_changes_during_the_run_was_not_validated(two_cells: Course) -> None:
    recorder = recorder_of(two_cells)
    two_cells.write(LESSON, nbformat.writes(notebook(ABOUT, ran("1", id="a"), ran("3", id="b"))))
    for cell in "ab":
        recorder.pytest_runtest_logreport(Result(f"{LESSON}::{cell}"))  # type: ignore[arg-type]
    recorder.pytest_sessionfinish()
    assert shown_stamp(two_cells)[0] == "changed"


# ---------------------------------------------------------------------------------------------- without the solutions

FOLDED = '<details class="solution"><summary>Worked solution</summary>\n\nForty-two.\n\n</details>'
HINT = '<details class="hint"><summary>Hint</summary>\n\nSeven.\n\n</details>'


def a_lesson() -> Any:
    outcome = new_output("stream", name="stdout", text="42\n")
    picture = new_output("display_data", {"image/png": "aGVsbG8=", "text/plain": "<Figure>"})
    return notebook(
        ABOUT,
        ran("import math\nbase = 6", id="given"),
        ran("answer = ...", ("exercise",), id="exercise", outputs=[outcome]),
        new_markdown_cell(f"{HINT}\n\n{FOLDED}\n\nMore.", id="hint"),
        new_markdown_cell(FOLDED, id="folded"),
        ran("#| label: x\nanswer = base * 7\nproduct = answer", ("solution",), id="solution"),
        ran("#| echo: true\nprint(product)", id="goes-on", outputs=[outcome, picture]),
        ran("#| include: false\nassert product == 42", id="check"),
        ran("def area(product):\n    return math.pi * product\n\n\nprint(area(base))", id="free"),
        ran("product = 1\nprint(product)", id="anew", outputs=[outcome]),
    )


def test_solutions_go_and_everything_else_stays(with_header: Course) -> None:
    whole = a_lesson()
    student = without_solutions(whole)
    cells = {cell["id"]: cell for cell in student["cells"]}
    assert list(cells) == ["front", "given", "exercise", "hint", "goes-on", "free", "anew"]
    assert cells["hint"]["source"] == [line + "\n" for line in f"{HINT}\n\n".splitlines()] + ["More."]
    assert cells["exercise"]["outputs"] == []
    unchanged = ("front", "given", "free", "anew")
    assert [cells[name] for name in unchanged] == [cell for cell in whole.cells if cell["id"] in unchanged]
    assert whole == a_lesson()


def test_what_goes_on_from_a_solution_is_shown_as_text(with_header: Course) -> None:
    (shown,) = [cell for cell in without_solutions(a_lesson())["cells"] if cell["id"] == "goes-on"]
    assert shown["cell_type"] == "markdown"
    assert "```python\nprint(product)\n```\n\n```text\n42\n```\n\n![" in source(shown)
    assert shown["attachments"] == {"goes-on-1.png": {"image/png": "aGVsbG8="}}


def test_the_copy_is_valid_and_runs_to_its_end(with_header: Course) -> None:
    with_header.write(LESSON, nbformat.writes(a_lesson()))
    write_lessons(with_header.root, [read_document(with_header.root, LESSON)])
    student = nbformat.read(with_header.root / STUDENT, as_version=4)
    nbformat.validate(student)
    NotebookClient(student, timeout=60).execute()
    assert student.cells[-1].outputs[0].text == "1\n"


@pytest.mark.parametrize("path", [path for path in load_project(REPOSITORY).documents if path.endswith(".ipynb")])
def test_the_copy_of_each_lesson_is_valid_and_runs_to_its_end(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # threads of several workers wait for each other, four times as long
    whole = json.loads((REPOSITORY / path).read_text("utf-8"))
    student = nbformat.reads(json.dumps(without_solutions(whole)), as_version=4)
    nbformat.validate(student)
    assert "Worked solution</summary>" not in "".join(cell.source for cell in student.cells)
    NotebookClient(student, timeout=600, resources={"metadata": {"path": REPOSITORY / "notebooks"}}).execute()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("No fold.\n\n", "No fold.\n\n"),
        (f"{FOLDED}\n\nAfter.", "After."),
        (f"Before.\n\n{FOLDED}", "Before."),
        (f"A.\n\n{FOLDED}\n\nB.\n\n{FOLDED}\n\nC.", "A.\n\nB.\n\nC."),
        (f'<details class="big solution">\n\n{HINT}\n\n</details>\n\nC.', "C."),
        ("<details class='solution'>Never closed.", ""),
    ],
)
def test_folded_solutions_are_cut_out_of_text(text: str, left: str) -> None:
    assert without_solution_blocks(text) == left


def test_names_that_a_cell_reads_and_gives() -> None:
    used, made = names(
        "%matplotlib inline\nimport os.path as p\nfor i in rows:\n    t = i + K\ndef f(a):\n    return a + g\n"
    )
    assert {"rows", "K", "g"} <= used
    assert "a" not in used
    assert made == {"p", "i", "t", "f"}
    assert names("not python at all") == (set(), set())


def test_files_that_stay_the_same_are_not_touched_and_old_ones_go(with_header: Course) -> None:
    lesson = read_document(with_header.root, LESSON)
    write_lessons(with_header.root, [lesson])
    before = (with_header.root / STUDENT).stat().st_mtime_ns
    old = with_header.write("downloads/gone-without-solutions.ipynb", "{}")
    write_lessons(with_header.root, [lesson])
    assert (with_header.root / STUDENT).stat().st_mtime_ns == before
    assert not old.exists()
    assert lesson_record(with_header.root, "page.qmd") == ""


def test_a_notebook_that_is_no_json_is_a_mistake_of_the_course(with_header: Course) -> None:
    with_header.write(LESSON, "{")
    with pytest.raises(CourseError, match="not a valid notebook"):
        read_document(with_header.root, LESSON)
