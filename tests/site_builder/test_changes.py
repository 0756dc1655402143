"""What changed between two executions: how the sides are read, what is found, and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image, ImageDraw

from site_builder.changes import Change, compare_sides, marks, note_changes, number_changes, pieces, table_rows
from site_builder.changes_page import comparison_page, write_comparison
from site_builder.cli import main
from site_builder.errors import CourseError, UsageError
from site_builder.executed import Cell, Side, read_side
from site_builder.pictures import compare_pictures
from tests.site_builder.course import REPOSITORY, shown, stream


def png(x: int = 10, size: tuple[int, int] = (40, 30)) -> str:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((x, 5, x + 9, 14), fill="black")
    buffer = io.BytesIO()
    picture.save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode()


def figure(x: int = 10, note: dict[str, Any] | None = None) -> Any:
    return shown({"image/png": png(x), "text/plain": "<figure>"}, {"figure": note} if note else {})


def table(*rows: tuple[str, ...]) -> Any:
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    return shown({"text/html": f"<style>td {{}}</style><table>{body}</table>", "text/plain": "as text"})


def cell(*outputs: Any, name: str = "one", source: str = "f()") -> Cell:
    return Cell(name, source, [json.loads(json.dumps(output)) for output in outputs])


def compared(old: list[Cell], new: list[Cell]) -> Any:
    return compare_sides(Side("a", {"x.ipynb": old}), Side("b", {"x.ipynb": new}))[0]


def change(old: Any, new: Any) -> Change | None:
    """Return how one output changed, None if it did not."""
    (document,) = compare_sides(Side("a", {"x": [cell(old)]}), Side("b", {"x": [cell(new)]}))
    return document.cells[0].outputs[0] if document.cells else None


# ------------------------------------------------------------------------------------------------------ what is found


def test_what_is_the_same_is_not_listed() -> None:
    outputs = (stream("0.5"), figure(), table(("a", "1")))
    assert compared([cell(*outputs)], [cell(*outputs)]).cells == []


def test_numbers_that_changed_are_listed_with_their_difference() -> None:
    found = change(stream("loss 0.50, 1,000 steps\n"), stream("loss 0.25, 1,000 steps\n"))
    assert found
    assert [(n.old, n.new, n.by, n.part) for n in found.numbers] == [("0.50", "0.25", -0.25, -0.5)]
    assert [mark.text for mark in found.marks if mark.kind != "same"] == ["0.50", "0.25"]


def test_a_number_may_take_more_room_without_the_words_being_others() -> None:
    found = change(stream("a   9.5\nb   1\n"), stream("a  10.5\nb   1\n"))
    assert found
    assert [(n.old, n.new) for n in found.numbers] == [("9.5", "10.5")]
    assert "".join(mark.text for mark in found.marks if not mark.kind.startswith("new")) == "a   9.5\nb   1"
    assert "".join(mark.text for mark in found.marks if not mark.kind.startswith("old")) == "a  10.5\nb   1"


def test_of_zero_no_part_is_given() -> None:
    assert [n.part for n in number_changes("0", "2")] == [None]


def test_words_that_changed_are_marked_by_words() -> None:
    assert [(m.kind, m.text) for m in marks("it fell fast", "it rose fast")] == [
        ("same", "it "), ("old", "fell"), ("new", "rose"), ("same", " fast"),
    ]  # fmt: skip
    assert list(number_changes("it fell by 2", "it rose by 3")) == []


def test_both_texts_can_be_read_off_the_marks_also_long_ones() -> None:
    old, new = "\n".join(f"a {n} b" for n in range(2000)), "\n".join(f"a {n} c" for n in range(2000))
    found = marks(old, new)
    assert "".join(m.text for m in found if m.kind != "new") == old
    assert "".join(m.text for m in found if m.kind != "old") == new


def test_addresses_colors_and_last_empty_lines_are_no_change() -> None:
    assert change(stream("<f at 0x7f12>\n"), stream("\x1b[31m<f at 0xabc>\x1b[0m")) is None


def test_a_table_is_compared_cell_by_cell() -> None:
    found = change(table(("", "loss"), ("a", "1.5"), ("b", "2.5")), table(("", "loss"), ("a", "1.5"), ("b", "2.75")))
    assert found
    assert found.same_rows == 1
    assert [[[(m.kind, m.text) for m in marks] for marks in row] for row in found.rows] == [
        [[], [("same", "loss")]],
        [[("same", "b")], [("old", "2.5"), ("new", "2.75")]],
    ]
    assert [(n.old, n.new) for n in found.numbers] == [("2.5", "2.75")]


def test_a_table_of_another_shape_is_shown_whole() -> None:
    found = change(table(("a", "1")), table(("a", "1"), ("b", "2")))
    assert found
    assert found.rows == []
    assert found.new
    assert found.new.rows == (("a", "1"), ("b", "2"))


def test_table_rows_leave_markup_and_other_tables_behind() -> None:
    markup = "<p>x</p><table><thead><tr><th>a&amp;b</th></tr></thead><tr><td> 1\n 2 </td></tr></table><table></table>"
    assert table_rows(markup) == (("a&b",), ("1 2",))


def test_a_figure_is_compared_as_a_picture() -> None:
    assert change(figure(10), figure(10)) is None
    found = change(figure(10), figure(12))
    assert found
    assert found.picture
    assert found.picture.share == pytest.approx(40 / 1200)


def test_pictures_of_other_sizes_have_no_share() -> None:
    found = compare_pictures(png(), png(size=(50, 30)))
    assert (found.old_size, found.new_size, found.share, found.same) == ((40, 30), (50, 30), None, False)


def test_the_blur_of_an_edge_is_no_change() -> None:
    def gray(value: int) -> str:
        buffer = io.BytesIO()
        Image.new("RGB", (2, 2), (value,) * 3).save(buffer, "png")
        return base64.b64encode(buffer.getvalue()).decode()

    assert compare_pictures(gray(100), gray(124)).same
    assert compare_pictures(gray(100), gray(125)).share == 1


def test_the_third_picture_marks_the_points_that_differ_and_only_those() -> None:
    found = compare_pictures(png(10), png(12))
    picture = Image.open(io.BytesIO(base64.b64decode(found.where))).convert("RGB")
    orange = {(x, y) for x in range(40) for y in range(30) if picture.getpixel((x, y)) == (194, 65, 12)}
    assert orange == {(x, y) for x in (10, 11, 20, 21) for y in range(5, 15)}


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="a figure is not a picture"):
        compare_pictures("bm90IGEgcGljdHVyZQ==", png())


def test_what_a_figure_shows_is_compared_also_where_the_pictures_look_the_same() -> None:
    found = change(
        figure(note={"panels": [{"x": {"limits": [0, 1]}}]}), figure(note={"panels": [{"x": {"limits": [0, 2]}}]})
    )
    assert found
    assert found.notes == ["panels 1.x.limits 2: 1 → 2"]


def test_notes_of_another_form_are_no_change() -> None:
    assert list(note_changes({"a": 1, "new": 2}, {"a": 1, "old": 3})) == []


def test_an_svg_is_compared_by_its_noted_picture() -> None:
    def svg(text: str, x: int) -> Any:
        return shown({"image/svg+xml": f"<svg>{text}</svg>"}, {"figure": {"picture": png(x)}})

    assert change(svg("one", 10), svg("two", 10)) is None
    assert change(svg("one", 10), svg("one", 12))
    assert change(shown({"image/svg+xml": "<svg>a</svg>"}), shown({"image/svg+xml": "<svg>b</svg>"}))


def test_outputs_that_came_or_went_stand_alone() -> None:
    found = compared([cell(stream("a"), figure())], [cell(figure())]).cells[0].outputs
    assert [(each.kind, each.old is None, each.new is None) for each in found] == [("text", False, True)]


def test_cells_are_known_by_name_wherever_they_stand() -> None:
    one, two = cell(stream("1"), name="one"), cell(stream("2"), name="two")
    assert compared([one, two], [two, one]).cells == []
    (found,) = compared([one], [one, two]).cells
    assert (found.name, found.what) == ("two", "added")


def test_another_code_with_the_same_output_is_no_change_and_is_told_beside_one() -> None:
    assert compared([cell(stream("1"), source="1")], [cell(stream("1"), source="2 - 1")]).cells == []
    old = cell(stream("1"), source="#| label: x\n1")
    assert compared([old], [cell(stream("2"), source="#| label: x\n2")]).cells[0].code_changed
    assert not compared([old], [cell(stream("2"), source="#| label: y\n1")]).cells[0].code_changed
    assert (
        not compared([cell(stream("1"), source="#| label: x")], [cell(stream("2"), source="2")]).cells[0].code_changed
    )


def test_texts_that_follow_one_another_are_one() -> None:
    assert [piece.text for piece in pieces(cell(stream("a\n"), stream("b\n"), stream("")))] == ["a\nb\n"]


def test_counts_by_document() -> None:
    found = compared([cell(stream("1 2"), figure(10))], [cell(stream("3 4"), figure(12))])
    assert (found.numbers, found.figures, found.count) == (2, 1, 1)


# --------------------------------------------------------------------------------------------------------- the sides


def notebook(text: str) -> str:
    code = new_code_cell("f()", execution_count=1, id="one", outputs=[new_output("stream", text=text)])
    return str(nbformat.writes(new_notebook(cells=[code])))


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_qmd", ".qmd")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name(path.name + ".ipynb").write_text(notebook(text))
    return folder


def test_a_folder_has_lessons_and_baselines_under_the_names_of_their_sources(tmp_path: Path) -> None:
    names = {"notebooks__one": "1", "tests__baselines__slides__two_qmd": "2", "slides__three_qmd": "3"}
    others = {"downloads__four": "4", "_site__five": "5", ".cache__six": "6", "reports__runs__seven": "7"}
    side = read_side(write(tmp_path, **names, **others), ".")
    assert sorted(side.documents) == ["notebooks/one.ipynb", "slides/three.qmd", "slides/two.qmd"]


def test_a_report_stands_for_its_run(tmp_path: Path) -> None:
    write(tmp_path, reports__runs__r1__notebooks__one="1")
    report = {"schema": 2, "run": "reports/runs/r1", "date": "2026-11-02T10:00:00+00:00", "versions": {"numpy": "2"}}
    (tmp_path / "reports/validation.json").write_text(json.dumps({**report, "documents": {}, "gpu": None}))
    side = read_side(tmp_path, "reports/validation.json")
    assert list(side.documents) == ["notebooks/one.ipynb"]
    assert side.facts == {"date": report["date"], "versions": {"numpy": "2"}}


def test_a_run_brings_the_facts_of_its_report(tmp_path: Path) -> None:
    write(tmp_path, runs__r1__notebooks__one="1")
    (tmp_path / "runs/r1/validation.json").write_text(json.dumps({"commit": "abc", "documents": {}}))
    assert read_side(tmp_path, "runs/r1").facts == {"commit": "abc"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init", "--initial-branch", "main")
    for text in ("loss 1\n", "loss 2\n"):
        write(tmp_path, notebooks__one=text, tests__baselines__index_qmd="5")
        git("add", ".")
        git("commit", "--message", text)
    return tmp_path


def test_a_commit_has_what_it_stores(repository: Path) -> None:
    side = read_side(repository, "HEAD~1")
    assert side.documents["notebooks/one.ipynb"][0].outputs[0]["text"] == ["loss 1\n"]
    assert "index.qmd" in side.documents
    assert side.facts.keys() == {"date", "commit"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-thing", "no-such-thing is no folder, report or notebook, and no commit either"),
        ("--help", "no commit either"),
        ("empty", "empty holds no executed notebook"),
        ("other.json", "other.json is not the report of a validation"),
        ("lost.json", "the run reports/runs/gone, which is not kept any more"),
    ],
)
def test_what_is_no_side_is_named(repository: Path, name: str, message: str) -> None:
    (repository / "empty").mkdir()
    (repository / "other.json").write_text("[1]")
    lonely = repository / "lonely"
    lonely.mkdir()
    (lonely / "lost.json").write_text('{"run": "reports/runs/gone"}')
    with pytest.raises(UsageError, match=re.escape(message)):
        read_side(repository, f"lonely/{name}" if name == "lost.json" else name)


def test_a_damaged_notebook_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text('{"cells": [{}]}')
    with pytest.raises(CourseError, match="not a notebook") as caught:
        read_side(tmp_path, "x.ipynb")
    assert "x.ipynb" in str(caught.value)


# ----------------------------------------------------------------------------------------------------------- the page


def page(old: list[Cell], new: list[Cell], **facts: str) -> lxml.html.HtmlElement:
    sides = (
        Side("before <b>", {"x.ipynb": old, "same": [], "gone": []}, facts),
        Side("after", {"x.ipynb": new, "same": []}),
    )
    return lxml.html.document_fromstring(comparison_page(REPOSITORY, *sides, compare_sides(*sides)))


def test_the_page_shows_both_sides_and_names_what_stayed() -> None:
    source = '#| fig-alt: "A falling line."\nf()'
    old, new = (cell(stream(f"loss {n}\n"), figure(10 + n), source=source) for n in (1, 3))
    made = page([old], [new], commit="abc")
    assert made.xpath("//pre//del/text()") == ["1"]
    assert made.xpath("//pre//ins/text()") == ["3"]
    assert made.xpath("//img/@alt")[:2] == ["Before: A falling line.", "After: A falling line."]
    words = " ".join(made.text_content().split())
    assert "From before <b> to after. 1 cell has other outputs, in 1 of 2 documents that both have." in words
    assert "The same: same." in words
    assert "Only before: gone." in words
    assert [cell.text for cell in made.xpath("//tr[th='Commit']/td")] == ["abc", "not known"]


def test_the_page_needs_no_other_file_and_runs_nothing() -> None:
    made = page([cell(figure(10))], [cell(figure(12))])
    assert all(address.startswith("data:image/") for address in made.xpath("//@src"))
    assert not made.xpath("//script | //link")
    (policy,) = made.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    style = made.xpath("string(//style)")
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "url(" not in style


def test_what_outputs_say_stays_text() -> None:
    made = page([cell(stream("<script>1</script>"))], [cell(stream("<img src=x onerror=2>"))])
    assert not made.xpath("//script | //article//img")


def test_without_changes_the_page_says_so() -> None:
    assert "No output changed, in 2 documents." in " ".join(page([], []).text_content().split())


def test_the_command_writes_the_page(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "theme").symlink_to(REPOSITORY / "theme")
    target = repository / "out/changes.html"
    assert main(["--root", str(repository), "compare", "HEAD~1", ".", "--output", str(target)]) == 0
    assert "1 cell with other outputs, in 1 of 2 documents that both have" in capsys.readouterr().out
    assert lxml.html.parse(str(target)).xpath("//pre//ins/text()") == ["2"]


def test_a_folder_is_no_page(repository: Path) -> None:
    with pytest.raises(UsageError, match="is a folder"):
        write_comparison(repository, "HEAD~1", ".", repository)
    assert main(["--root", str(repository), "compare", "HEAD~1", "nothing"]) == 2
