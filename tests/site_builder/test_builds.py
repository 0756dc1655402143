"""Builds: all or nothing, one at a time or two, cached, of one page, in the place that was asked for."""

from __future__ import annotations

import asyncio
import contextlib
import platform
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat.v4 import new_output

from site_builder import execute, notebooks, quarto_engine
from site_builder.cli import main
from site_builder.errors import CourseError, UsageError
from site_builder.pandoc_engine import build
from site_builder.publish import MARKER, staged
from tests.site_builder.course import REPOSITORY, Course, all_errors, front_matter, process, the_error
from tests.site_builder.test_page_features import cell, text, texts

Report = list[str]


def make(course: Course, only: str | None = None, output: str = "_site") -> Report:
    """Build in this process; return what the build reports."""
    report: Report = []
    build(course.project, course.root / output, report.append, only)
    return report


class FakeKernel:
    """Stands in for the kernel: each cell gives `'run N'`."""

    def __init__(self) -> None:
        self.runs = 0

    async def __call__(self, notebook: Any, folder: Path, **environment: str) -> None:
        await asyncio.sleep(0)
        self.runs += 1
        for code in notebook.cells[1:]:
            code.execution_count = 1
            code.outputs = [new_output("execute_result", {"text/plain": f"'run {self.runs}'"}, execution_count=1)]


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    fake = FakeKernel()
    monkeypatch.setattr(execute, "run", fake)
    return fake


# -- the finished site --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(shared_course: Course) -> Course:
    result = shared_course.render()
    assert result.returncode == 0, result.stderr
    return shared_course


def test_pages_and_what_they_need(built: Course) -> None:
    site = built.root / "_site"
    for name in ("index.html", "page.html", "slides/deck.html", "lessons/lesson.html", "lessons/lesson.ipynb", MARKER):
        assert (site / name).is_file(), name
    assert (site / "theme/vendor/katex/katex.min.css").is_file()
    assert not list(site.rglob("*.j2"))
    assert not list(site.rglob("*.lua"))
    assert built.leftovers() == []


def test_sources_become_pages_once(built: Course) -> None:
    assert sorted(p.relative_to(built.root / "_site").as_posix() for p in (built.root / "_site").rglob("*.html")) == [
        "index.html",
        "lessons/lesson.html",
        "page.html",
        "slides/deck.html",
    ]


def test_reading_order(built: Course) -> None:
    page = built.html("page.html")
    assert page.xpath("//a[@rel='prev']/@href") == ["index.html"]
    assert page.xpath("//a[@rel='next']/@href") == ["slides/deck.html"]
    assert texts(page, "//a[@rel='prev']")[0].endswith("Home"), "an entry without a text takes the title of its page"
    lesson = built.html("lessons/lesson.html")
    assert lesson.xpath("//a[@rel='prev']/@href") == ["../slides/deck.html"]
    assert lesson.xpath("//a[@rel='next']") == []
    assert built.html("index.html").xpath("//a[@rel='prev']") == []


def test_breadcrumbs_and_the_current_page(built: Course) -> None:
    page = built.html("page.html")
    assert texts(page, "//nav[@aria-label='Breadcrumbs']//li") == ["Home", "Part one"]
    current = page.xpath("//nav[@id='sidebar']//a[@aria-current='page']")
    assert [text(link) for link in current] == ["The page"]
    assert texts(page, "//nav[@id='sidebar']//a") == ["Home", "The page", "Deck", "The lesson"]
    home = built.html("index.html")
    assert {text(link) for link in home.xpath("//a[@aria-current='page']")} == {"Home"}
    assert len(home.xpath("//nav[@aria-label='Main']//a[@aria-current='page']")) == 1
    assert page.xpath("//nav[@aria-label='Main']//a[@href='https://example.org/']")


def test_addresses_are_relative_to_each_page(built: Course) -> None:
    lesson = built.html("lessons/lesson.html")
    assert "../theme/css/content.css" in lesson.xpath("//link/@href")
    assert lesson.xpath("//nav[@id='sidebar']//a/@href")[1] == "../page.html"


# -- settings -----------------------------------------------------------------------------------------------------


FOLDER = """\
lang: de
author: Folder
execute:
  echo: false
  warning: false
format:
  html:
    css: two.css
    toc-depth: 2
"""


def test_later_layers_win_and_lists_add_up(course: Course) -> None:
    course.write("deep/er/one.css", "")
    course.write("deep/two.css", "")
    course.write("deep/_metadata.yml", FOLDER)
    course.write("deep/er/_metadata.yml", "execute:\n  warning: true\nformat:\n  html:\n    css: [one.css]\n")
    document = course.source("", "author: Own\nformat:\n  html:\n    css: ../../page.css\n", "deep/er/x.qmd")
    course.write("page.css", "")
    settings = course.settings(document)
    assert settings.format["css"] == ["theme/css/content.css", "deep/two.css", "deep/er/one.css", "page.css"]
    assert (settings.meta["lang"], settings.meta["author"], settings.format["toc-depth"]) == ("de", "Own", 2)
    assert settings.execute == {"echo": False, "warning": True}


def test_bibliographies_of_all_layers_count(course: Course) -> None:
    course.write("slides/more.bib", "@book{hinton2012,\n  author = {Hinton, G.}, title = {T}, year = {2012}\n}\n")
    document = course.source("Both [@hinton2012; @rumelhart1986].\n", "bibliography: more.bib", "slides/deck.qmd")
    assert course.settings(document).meta["bibliography"] == ["references.bib", "slides/more.bib"]
    assert "Hinton 2012" in text(course.make(document))


def test_format_by_name(course: Course) -> None:
    document = course.source("## S\n", "format: revealjs", "page.qmd")
    assert course.settings(document).format_name == "revealjs"
    assert course.settings(document).execute["echo"] is False
    assert course.settings(course.source("", "format: html")).format["toc"] is True
    assert course.settings(course.source("", "format:\n  html: default")).format["toc"] is True


def test_a_missing_file_is_placed_where_it_is_named(course: Course) -> None:
    document = course.source("", "format:\n  html:\n    css: gone.css")
    error = the_error(lambda: course.settings(document))
    assert str(error.where) == "page.qmd:5"


# -- wrong courses change nothing ---------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, str]] = {
    "missing image": ("Text\n\n![A dot](images/none.png)\n", "page.qmd:6: 'images/none.png' leads to nothing"),
    "broken link to a page": ("[x](none.html)\n", "page.qmd:4: 'none.html' leads to nothing"),
    "broken anchor": ("[x](index.qmd#none)\n", "page.qmd:4: 'index.html#none': the page has no 'none'"),
    "broken anchor in the page": ("\n[x](#none)\n", "page.qmd:5: '#none': the page has no 'none'"),
    "broken slide": ("[x](slides/deck.qmd#/none)\n", "page.qmd:4: 'slides/deck.html#/none'"),
    "image of another host": ("![A](https://example.org/a.png)\n", "page.qmd:4: loads from another host"),
    "frame of another host": ('<iframe src="https://example.org"></iframe>\n', "page.qmd:4: loads from another host"),
    "image set of another host": ('<img alt="" src="dot.png" srcset="https://example.org/a.png 2x">\n', "page.qmd:4"),
    "style of another host": ('<p style="background: url(https://example.org/a.png)">x</p>\n', "page.qmd:4"),
    "style sheet of another host": ("<style>@import url(https://example.org/a.css);</style>\n", "page.qmd:4"),
    "drawing of another host": ('<svg><image href="https://example.org/a.png"/></svg>\n', "page.qmd:4"),
    "same id twice": ("## A {#x}\n\n## B {#x}\n", "page.qmd:4: Duplicate identifier 'x'"),
    "label that is the id of a heading": ("## A {#x}\n\n```{python}\n#| label: x\n1\n```\n", "page.qmd:4: the id 'x'"),
    "address from the root": ("[x](/index.html)\n", "page.qmd:4: '/index.html' begins at the root"),
    "file outside of the course": ("[x](../outside.txt)\n", "page.qmd:4: '../outside.txt' leads to nothing"),
    "hidden file": ("[x](.secret/key.txt)\n", "page.qmd:4: '.secret/key.txt' leads to nothing"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_page_leaves_the_site_as_it_was(shared_course: Course, name: str) -> None:
    course, (body, says) = shared_course, WRONG[name]
    course.write("dot.png", b"")
    course.write(".secret/key.txt", "secret")
    (course.root.parent / "outside.txt").write_text("outside")
    course.write("page.qmd", front_matter() + "## A part {#part}\n")
    make(course)
    before, around = course.snapshot(), sorted(p.name for p in course.root.parent.iterdir())
    course.write("page.qmd", front_matter() + body)
    course.write("slides/deck.qmd", front_matter() + "## A slide\n")
    errors = all_errors(lambda: make(course))
    course.write("slides/deck.qmd", front_matter() + "## A slide\n\n[p](../page.qmd)\n")
    assert len(errors) == 1, [str(error) for error in errors]
    assert says in str(errors[0])
    assert errors[0].where.path == "page.qmd"
    assert course.snapshot() == before
    assert course.leftovers() == []
    assert sorted(p.name for p in course.root.parent.iterdir()) == around
    assert not (course.root / "outside.txt").exists(), "a file outside was copied to outside of the site"


def test_files_of_the_course_that_a_page_links_to_are_published(course: Course) -> None:
    course.write("data/my table.csv", "a\n1\n")
    course.write("page.qmd", front_matter() + "## A part {#part}\n\n[data](<data/my table.csv>)\n")
    make(course)
    assert (course.root / "_site/data/my table.csv").read_text() == "a\n1\n"


def test_the_command_says_it_in_one_message(course: Course) -> None:
    make(course)
    before = course.snapshot()
    course.write("page.qmd", front_matter("colour: red") + "::: {.nope}\n:::\n")
    result = course.render()
    assert result.returncode == 1
    assert result.stderr.strip().splitlines()[-2:] == [
        "page.qmd:3: unknown key 'colour'",
        "  What is understood: `python -m site_builder vocabulary`.",
    ]
    assert course.snapshot() == before


# -- used wrongly -------------------------------------------------------------------------------------------------


def used(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, capsys.readouterr().err


def test_quarto_that_is_not_there(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarto_engine, "available", lambda: False)
    code, err = used(capsys, "--root", str(course.root), "render", "--engine", "quarto")
    assert code == 2
    assert len(err.strip().splitlines()) == 1
    assert "conda" in err
    assert "--engine pandoc" in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["render", "--only", "none.qmd"], "not a source of the course"),
        (["render", "--only", "page.qmd"], "build the whole first"),
        (["render", "--output", "{root}"], "holds the course"),
        (["render", "--output", "{root}/.."], "holds the course"),
        (["render", "--output", "/"], "holds the course"),
        (["render", "--output", "{root}/slides"], "did not make"),
        (["render", "--output", "{root}/theme/site"], "theme/"),
        (["render", "--output", "{root}/index.qmd"], "is a file"),
        (["render", "--output", "{root}/foreign"], "did not make"),
        (["render", "--engine", "latex"], "invalid choice"),
        (["check", "--output", "{root}/none"], "not a built site"),
        (["notebooks", "none.ipynb"], "not a notebook of the course"),
        ([], "COMMAND"),
    ],
)
def test_used_wrongly(course: Course, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    course.write("foreign/file.txt", "precious")
    before = course.snapshot(".")
    engine = ["--engine", "pandoc"] if arguments[:1] == ["render"] and "--engine" not in arguments else []
    code, err = used(
        capsys, "--root", str(course.root), *(part.format(root=course.root) for part in arguments), *engine
    )
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert course.snapshot(".") == before


def test_a_folder_without_a_course(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, err = used(capsys, "--root", str(tmp_path), "render")
    assert (code, "no _quarto.yml here" in err) == (2, True)


@pytest.mark.parametrize("name", ["_site.old", "_site.building-notes"])
def test_folders_beside_the_site_are_not_ours(course: Course, name: str) -> None:
    make(course)
    course.write(f"{name}/mine.txt", "precious")
    with contextlib.suppress(UsageError):
        make(course)
    assert (course.root / name / "mine.txt").read_text() == "precious"
    assert (course.root / "_site/index.html").is_file()


def test_an_output_elsewhere(course: Course) -> None:
    make(course, output="../built/deep site")
    assert (course.root / "../built/deep site/index.html").is_file()
    assert not (course.root / "_site").exists()


# -- one page -----------------------------------------------------------------------------------------------------


def test_only_changes_one_page(course: Course) -> None:
    make(course)
    before = course.snapshot()
    course.write("index.qmd", front_matter() + "Changed too\n")
    course.write("new.csv", "a")
    course.write("page.qmd", front_matter() + "## A part {#part}\n\nNew words, [file](new.csv)\n")
    make(course, only="page.qmd")
    after = course.snapshot()
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if not name.startswith("pagefind/")} == {"page.html", "new.csv"}
    assert b"New words" in after["page.html"]
    assert course.leftovers() == []


def test_only_with_a_broken_page_changes_nothing(course: Course, kernel: FakeKernel) -> None:
    course.write("page.qmd", front_matter() + "## A part {#part}\n\n![Dot](dot.png)\n")
    course.write("dot.png", b"old")
    make(course)
    before = course.snapshot()
    course.write("dot.png", b"new")
    course.write("page.qmd", front_matter() + "## A part {#part}\n\n![Dot](dot.png)\n\n[x](gone.html)\n")
    with pytest.raises(CourseError):
        make(course, only="page.qmd")
    assert course.snapshot() == before
    assert course.leftovers() == []


# -- the cache ----------------------------------------------------------------------------------------------------


def cell_page(code: str = "1 + 1", options: str = "label: a", words: str = "", front: str = "") -> str:
    return front_matter(front) + "## A part {#part}\n\n" + words + "\n" + cell(options, code)


def test_nothing_runs_again_unless_something_changed(course: Course, kernel: FakeKernel) -> None:
    course.write("page.qmd", cell_page())
    assert any("running" in line for line in make(course))
    course.write("page.qmd", cell_page(words="Other words"))
    course.write("elsewhere.txt", "x")
    assert any("unchanged page.qmd" in line for line in make(course))
    assert kernel.runs == 1
    assert "Other words" in text(course.html("page.html"))


CHANGES: dict[str, Callable[[Course], object]] = {
    "code": lambda course: course.write("page.qmd", cell_page("1 + 2")),
    "option": lambda course: course.write("page.qmd", cell_page(options="label: a\nfig-width: 3")),
    "inline": lambda course: course.write("page.qmd", cell_page(words="`{python} 1`")),
    "format": lambda course: course.write("page.qmd", cell_page(front="format:\n  html:\n    fig-width: 3")),
    "library": lambda course: course.write("course_lib/linear.py", "x = 2"),
    "new library file": lambda course: course.write("course_lib/deep/new.py", "x = 2"),
    "removed library file": lambda course: (course.root / "course_lib/linear.py").unlink(),
    "data": lambda course: course.write("data/deep/motif.txt", "ACGT"),
    "versions": lambda course: course.write("constraints.txt", "torch==9"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_makes_cells_run_again(course: Course, kernel: FakeKernel, name: str) -> None:
    course.write("course_lib/linear.py", "x = 1")
    course.write("data/deep/motif.txt", "AAAA")
    course.write("constraints.txt", "torch==1")
    course.write("page.qmd", cell_page())
    make(course)
    CHANGES[name](course)
    make(course)
    assert kernel.runs == 2
    assert "'run 2'" in text(course.html("page.html"))


def test_another_python_runs_cells_again(course: Course, kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    course.write("page.qmd", cell_page())
    make(course)
    monkeypatch.setattr(platform, "python_version", lambda: "3.99.0")
    make(course)
    assert kernel.runs == 2


def damaged(content: bytes) -> list[bytes]:
    other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("other") for _ in range(2)])
    other.cells[1].outputs = [new_output("execute_result", {"text/plain": "'of another page'"}, execution_count=1)]
    return [
        b"", content[: len(content) // 2], b"{}", b"null", b"\xff\xfe\x00", b'[{"html": "x"}]', b'{"title": "x"}',
        nbformat.writes(other).encode(),
    ]  # fmt: skip


@pytest.mark.parametrize("folder", ["executed", "converted", "math"])
def test_a_damaged_cache_is_made_again(course: Course, kernel: FakeKernel, folder: str) -> None:
    course.write("page.qmd", cell_page(words="Total $x + y$"))
    make(course)
    files = (course.root / ".cache/site_builder" / folder).iterdir()
    (stored,) = [file for file in files if folder != "converted" or b"Total" in file.read_bytes()]
    content, expected = stored.read_bytes(), course.snapshot()
    for number, wrong in enumerate(damaged(content), start=1):
        kernel.runs = 0
        stored.write_bytes(wrong)
        make(course, only="page.qmd")
        assert course.snapshot() == expected, wrong
        assert kernel.runs == (folder == "executed"), wrong
        assert stored.stat().st_size > 30, number


# -- interruption while files are written, and two builds at once -------------------------------------------------

SLOW_WRITER = """
import signal, sys, time
from pathlib import Path
from site_builder import cli, pandoc_engine, publish
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
place, ready = sys.argv[1], Path(sys.argv[2])
def wait(*_, **__):
    ready.touch()
    time.sleep(60)
if place == "copying":
    pandoc_engine._copy_files = wait
elif place == "checking":
    pandoc_engine.check_site = wait
else:
    replace = publish.os.replace
    def slow(source, target):
        replace(source, target)
        if str(target).endswith(".old"):
            wait()
    publish.os.replace = slow
    publish._exchange = lambda *_: False  # as where the system has no such call
sys.exit(cli.main(["--root", sys.argv[3], "render", "--engine", "pandoc"]))
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("copying", signal.SIGKILL),
        ("checking", signal.SIGINT),
        ("swapping", signal.SIGINT),
        ("swapping", signal.SIGKILL),
    ],
)
def test_interruption_while_files_are_written(course: Course, tmp_path: Path, place: str, kind: signal.Signals) -> None:
    make(course)
    before, ready = course.snapshot(), tmp_path / "ready"
    course.write("page.qmd", front_matter() + "## A part {#part}\n\nNew words\n")
    with process([sys.executable, "-c", SLOW_WRITER, place, str(ready), str(course.root)]) as running:
        while not ready.exists():
            assert running.poll() is None, running.communicate()
            time.sleep(0.05)
        running.send_signal(kind)
        running.wait(20)
        _, stderr = running.communicate()
    if kind == signal.SIGINT:
        assert running.returncode == 130
        assert "Traceback" not in stderr
        assert course.leftovers() == []
    if (place, kind) != ("swapping", signal.SIGKILL):
        assert course.snapshot() == before
    else:  # the one moment between two renames: the next build puts the site back, even if it fails
        course.write("page.qmd", front_matter() + "## A part {#part}\n\n[x](gone.html)\n")
        with pytest.raises(CourseError):
            make(course)
        assert course.snapshot() == before
        course.write("page.qmd", front_matter() + "## A part {#part}\n\nNew words\n")
    make(course)
    assert "New words" in text(course.html("page.html"))
    assert course.leftovers() == []


def test_a_build_that_begins_while_another_builds(course: Course) -> None:
    make(course)
    output = course.root / "_site"
    with staged(output, course.root) as slow:
        (slow / "slow.html").write_text("slow")
        make(course)
        assert (slow / "slow.html").read_text() == "slow", "the second build leaves the first one's folder alone"
        assert (output / "index.html").is_file()
    assert (output / "slow.html").is_file()
    assert course.leftovers() == []


def test_two_builds_at_once(course: Course) -> None:
    commands = [course.command("render", "--engine", "pandoc") for _ in range(2)]
    running = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    results = [(build.communicate(timeout=60), build.returncode) for build in running]
    assert [code for _, code in results] == [0, 0], results
    together = course.snapshot()
    shutil.rmtree(course.root / "_site")
    make(course)
    assert course.snapshot() == together
    assert course.leftovers() == []


def test_a_disk_that_is_full(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(course)
    before = course.snapshot()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("site_builder.pandoc_engine._copy_files", full)
    code, err = used(capsys, "--root", str(course.root), "render", "--engine", "pandoc")
    assert code == 2
    assert "No space left on device" in err
    assert "Traceback" not in err
    assert course.snapshot() == before
    assert course.leftovers() == []


# -- storing the outputs of notebooks -----------------------------------------------------------------------------


def test_a_failing_notebook_stays_as_it_was(course: Course) -> None:
    notebook = nbformat.reads((course.root / "lessons/lesson.ipynb").read_text(), as_version=4)
    notebook.cells[2].source = "#| label: sum\nx = 0\n1 / x"
    content = nbformat.writes(notebook)
    course.write("lessons/lesson.ipynb", content)
    result = course.run("notebooks")
    assert result.returncode == 1
    assert "lessons/lesson.ipynb, cell 3 (sum), line 3: raised ZeroDivisionError" in result.stderr
    assert (course.root / "lessons/lesson.ipynb").read_text() == content


def test_what_is_stored_does_not_tell_how_fast_the_machine_was(course: Course) -> None:
    path = course.root / "lessons/lesson.ipynb"
    notebook = nbformat.reads(path.read_text(), as_version=4)
    notebook.cells[2].source = "#| label: sum\nimport time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)"
    course.write("lessons/lesson.ipynb", nbformat.writes(notebook))
    assert course.run("notebooks").returncode == 0
    stored = nbformat.reads(path.read_text(), as_version=4)
    assert [output.text for output in stored.cells[2].outputs] == ["1\n2\n"]
    assert stored.metadata.language_info == {"name": "python"}


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_what_is_no_notebook_is_not_run(course: Course, capsys: pytest.CaptureFixture[str], text: str) -> None:
    course.write("lessons/lesson.ipynb", text)
    code, err = used(capsys, "--root", str(course.root), "notebooks")
    assert (code, "not a valid notebook" in err) == (1, True)
    assert (course.root / "lessons/lesson.ipynb").read_text() == text


@pytest.mark.parametrize("failure", [DeadKernelError("dead"), CellTimeoutError("late")], ids=["dead", "late"])
def test_a_notebook_whose_kernel_fails(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(notebooks, "run", fail)
    before = (course.root / "lessons/lesson.ipynb").read_bytes()
    code, err = used(capsys, "--root", str(course.root), "notebooks")
    assert (code, "the notebook is as it was" in err) == (1, True)
    assert (course.root / "lessons/lesson.ipynb").read_bytes() == before


def test_the_vocabulary_can_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vocabulary"]) == 0
    assert "callout-note" in capsys.readouterr().out
