"""Cells run in real kernels; whatever goes wrong in one is told with file, cell, line and exception."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import lxml.html
import psutil
import pytest

from site_builder import execute, kernels
from site_builder.document import read_document
from site_builder.execute import execute_all
from site_builder.pandoc_engine import build
from tests.site_builder.course import Course, front_matter, make_course, process, the_error
from tests.site_builder.test_page_features import cell, text, texts

Element = lxml.html.HtmlElement


def run(course: Course, path: str = "page.qmd") -> None:
    document = read_document(course.root, path)
    execute_all(course.project, [(document, course.settings(document))], course.root / ".cache/x", print, 1)


# -- everything that works, in one kernel -------------------------------------------------------------------------

EVERYTHING = (
    "{{< include _first.qmd >}}\n\n"
    + cell("label: text\necho: false", "print(f'{x = }')\nimport os; print(os.path.basename(os.getcwd()))")
    + cell("label: never\neval: false", "raise SystemError('was run')")
    + cell("label: silent\ninclude: false", "y = x + 1\nprint('not shown')")
    + cell("label: markdown\noutput: asis", "print('* $y$ =', y)")
    + cell("label: warned\nwarning: false\necho: false", "import warnings; warnings.warn('careful'); 'after'")
    + cell(
        "label: fig-line\nfig-cap: A line\nfig-alt: A rising line.\nfig-width: 3\nfig-height: 2",
        "import matplotlib.pyplot as plt\nplt.plot([0, 1])\nplt.show()",
    )
    + cell("label: sizes", "print(plt.rcParams['figure.figsize'])")
    + cell("label: tbl-frame\ntbl-cap: Frame", "import pandas as pd; pd.DataFrame({'a': [1.5]})")
    + "\nWe have `{python} y` and `{python} f'{y / 3:.2f}'`; see @fig-line, @tbl-frame.\n"
)


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = make_course(tmp_path_factory.mktemp("executed") / "Kurs für Übung & Test (1)")
    course.write("_first.qmd", cell("label: first", "x = 41"))
    course.write("page.qmd", front_matter() + "## A part {#part}\n\n" + EVERYTHING)
    result = course.render()
    assert result.returncode == 0, result.stderr
    return course


@pytest.fixture(scope="module")
def page(executed: Course) -> Element:
    return executed.html("page.html")


def test_outputs_of_a_real_kernel(executed: Course, page: Element) -> None:
    assert "x = 41" in text(page)
    assert executed.root.name in text(page), "cells run in the folder of their source"
    assert "was run" in text(page), "code that is not run is shown"
    assert "not shown" not in text(page)
    assert "careful" not in text(page)
    assert "'after'" in text(page)
    assert "= 42" in texts(page, "//main//div[@class='content']//li")[0]
    assert "We have 42 and 14.00; see Figure\u00a01, Table\u00a01." in page.xpath("string(//main)")


def test_a_figure_has_the_size_that_its_cell_asks_for(executed: Course, page: Element) -> None:
    image = page.xpath("//figure[@id='fig-line']//img")[0]
    assert image.get("alt") == "A rising line."
    assert 150 < int(image.get("width")) <= 3 * 100
    assert (executed.root / "_site" / image.get("src")).stat().st_size > 500
    assert "7" in texts(page, "//main//pre[contains(., 'figsize')]/following::pre[1]")[0]


def test_a_site_that_is_built_again_starts_no_kernel_and_is_the_same(executed: Course) -> None:
    before = executed.snapshot()
    result = executed.render()
    assert result.returncode == 0
    assert "unchanged page.qmd" in result.stdout
    assert "running" not in result.stdout
    assert executed.snapshot() == before


def test_names_with_blanks_and_accents_reach_the_site(executed: Course) -> None:
    assert executed.leftovers() == []
    assert all((executed.root / "_site" / name).is_file() for name in page_files(executed))


def page_files(course: Course) -> list[str]:
    return [str(source) for source in course.html("page.html").xpath("//main//img/@src")]


# -- what goes wrong ----------------------------------------------------------------------------------------------


def test_a_cell_that_raises(course: Course) -> None:
    build(course.project, course.root / "_site", print)
    before = course.snapshot()
    good, bad = cell("label: good", "def f(n):\n    return 1 / n"), cell("label: bad\necho: true", "a = 1\n\nf(0)")
    course.write("page.qmd", front_matter() + good + "\nText\n\n" + bad)
    result = course.render()
    assert result.returncode == 1
    assert "page.qmd:17: cell 'bad' raised ZeroDivisionError: division by zero" in result.stderr
    assert "Traceback" not in result.stderr
    assert course.snapshot() == before
    assert course.leftovers() == []


def test_a_cell_of_an_included_file_that_raises(course: Course) -> None:
    course.write("parts/_bad.qmd", "Text\n\n" + cell("label: bad", "x = 1\nraise ValueError('no\\nnot at all')"))
    error = the_error(lambda: run_source(course, "\n\n{{< include parts/_bad.qmd >}}\n"))
    assert str(error.where) == "parts/_bad.qmd:6"
    assert "cell 'bad' raised ValueError: no" in error.message


def test_a_syntax_error(course: Course) -> None:
    error = the_error(lambda: run_source(course, cell("label: bad", "x = 1\nx = = 2")))
    assert "SyntaxError" in error.message
    assert str(error.where) == "page.qmd:7"


def test_an_inline_expression_that_raises(course: Course) -> None:
    error = the_error(lambda: run_source(course, "Text\n\nand `{python} unheard + 1`.\n"))
    assert "inline expression 'unheard + 1' raised NameError" in error.message
    assert str(error.where) == "page.qmd:6"


def test_an_inline_expression_without_a_value(course: Course) -> None:
    error = the_error(lambda: run_source(course, "`{python} None`\n"))
    assert "gives no value" in error.message
    assert str(error.where) == "page.qmd:4"


def test_a_cell_that_never_ends(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "CELL_TIMEOUT", 10)
    monkeypatch.setattr(execute, "CELL_TIMEOUT", 10)
    body = cell("label: fine") + cell("label: forever", "while True: pass")
    error = the_error(lambda: run_source(course, body))
    assert "cell 'forever' ran longer than 10 s" in error.message
    assert error.where.line == 9
    assert not psutil.Process().children(recursive=True)


def test_a_kernel_that_dies(course: Course) -> None:
    body = cell("label: fine") + cell("label: deadly", "import os\nos._exit(3)")
    error = the_error(lambda: run_source(course, body))
    assert "the kernel died in cell 'deadly'" in error.message
    assert error.where.line == 9


def run_source(course: Course, body: str) -> None:
    course.write("page.qmd", front_matter() + body)
    run(course)


# -- interruption while cells run ---------------------------------------------------------------------------------


def wait_for(condition: object, seconds: float = 40) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda kind: kind.name)
def test_interruption_while_cells_run(course: Course, tmp_path: Path, kind: signal.Signals) -> None:
    build(course.project, course.root / "_site", print)
    before = course.snapshot()
    pid = tmp_path / "pid"
    code = f"import os, time\nopen('{pid}_', 'w').write(str(os.getpid()))\nos.rename('{pid}_', '{pid}')\ntime.sleep(60)"
    course.write("page.qmd", front_matter() + cell("label: slow", code))
    if kind == signal.SIGINT:  # two kernels at once
        course.write(
            "slides/deck.qmd", front_matter() + "## S\n\n" + cell("label: slower", "import time\ntime.sleep(60)")
        )
    with process(course.command("render", "--engine", "pandoc")) as running:
        assert wait_for(pid.exists), "the cell did not begin"
        kernel = int(pid.read_text())
        running.send_signal(kind)
        running.wait(20)
        _, stderr = running.communicate(timeout=20)
    assert wait_for(lambda: not psutil.pid_exists(kernel) or is_gone(kernel), 15), "the kernel survives"
    assert course.snapshot() == before
    if kind == signal.SIGINT:
        assert running.returncode == 130
        assert "Interrupted" in stderr
    if kind != signal.SIGKILL:
        assert "Traceback" not in stderr
        assert course.leftovers() == []


def is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
