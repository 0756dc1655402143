"""`make preview` in a browser: a change is shown, a mistake is shown until it is mended."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_builder.vendor import vendor
from tests.browser.previewing import Preview, previewing
from tests.site_builder.course import REPOSITORY, front_matter, make_course, process

BODY = "## A part {#part}\n\n"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(tmp_path / "course") as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_each_change_is_shown_in_the_browser(preview: Preview, page: Page) -> None:
    """How soon, in seconds, is measured by `python -m benchmarks.preview`."""
    page.goto(f"{preview.address}/page.html")
    for number in range(3):
        preview.course.write("page.qmd", front_matter() + BODY + f"Words number {number}.\n")
        page.get_by_text(f"Words number {number}.").first.wait_for(timeout=20_000)


def test_what_changes_all_pages_and_decks(preview: Preview, page: Page) -> None:
    page.goto(f"{preview.address}/slides/deck.html")
    preview.course.configure("Small course", "Renamed course")
    page.wait_for_function("() => document.title.includes('Renamed course')", timeout=20_000)
    page.goto(f"{preview.address}/page.html")
    sheet = preview.course.root / "theme/css/page.css"
    sheet.write_text(sheet.read_text() + "\nbody { outline: 7px solid red; }\n")
    page.wait_for_function("() => getComputedStyle(document.body).outlineWidth === '7px'", timeout=20_000)


def test_a_mistake_is_shown_until_it_is_mended(preview: Preview, page: Page) -> None:
    course, problems = preview.course, []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto(f"{preview.address}/page.html")
    course.write("page.qmd", front_matter() + BODY + "See [this](gone.html).\n")
    alert = page.get_by_role("alert")
    alert.wait_for(timeout=20_000)
    assert "page.qmd:6: 'gone.html' leads to nothing" in alert.inner_text()
    preview.says(r"page\.qmd:6: 'gone\.html' leads to nothing")
    assert "Text." in page.locator("main").inner_text(), "the last good page is still there"

    course.write("index.qmd", front_matter(title="Home") + "Another page is changed.\n")
    page.wait_for_timeout(1500)
    assert alert.is_visible(), "a good change elsewhere mends nothing"
    page.reload()
    alert.wait_for(timeout=20_000)

    course.write("page.qmd", front_matter() + BODY + "See [home](index.qmd).\n")
    page.get_by_text("See home.").wait_for(timeout=20_000)
    assert alert.count() == 0
    page.goto(f"{preview.address}/index.html")
    page.get_by_text("Another page is changed.").wait_for(timeout=20_000)
    assert problems == []


def test_a_course_that_is_wrong_from_the_start(tmp_path: Path, page: Page) -> None:
    vendor(REPOSITORY)
    course = make_course(tmp_path / "course")
    course.write("page.qmd", front_matter() + BODY + "$\\wrong$\n")
    with process(course.command("preview", "--engine", "pandoc", "--port", "0", "--no-browser")) as running:
        preview = Preview(course, running)
        preview.listen()
        page.goto(f"{preview.address}/page.html")
        page.get_by_role("alert").wait_for(timeout=20_000)
        assert "cannot be typeset" in page.get_by_role("alert").inner_text()
        course.write("page.qmd", front_matter() + BODY + "$\\alpha$ is right.\n")
        page.get_by_text("is right.").wait_for(timeout=20_000)
        assert page.get_by_role("alert").count() == 0


def test_nothing_of_the_preview_is_published_and_it_ends_quietly(preview: Preview) -> None:
    preview.running.send_signal(signal.SIGINT)
    assert preview.running.wait(20) == 0
    assert all(b"__preview__" not in data for data in preview.course.snapshot().values())
    shutil.rmtree(preview.course.root)
