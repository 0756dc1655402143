"""The page "Status" with all that a report can hold, and the page of changes: valid, and fit for everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_builder.changes import compare_sides
from site_builder.changes_page import comparison_page
from site_builder.executed import Side
from site_builder.status import write_status
from site_builder.validation import write_report
from tests.browser.axe_check import violations
from tests.browser.serving import serving
from tests.browser.test_html import invalid
from tests.site_builder.course import REPOSITORY, make_course, stream
from tests.site_builder.test_changes import cell, figure, table
from tests.site_builder.test_status import add_page, full_report

LONG = "a value of " + "many words and " * 12


def changes() -> str:
    old = [cell(stream(f"{LONG} 1 2 3\n"), figure(10), table(("loss", "0.5"), ("steps", "3"))), cell(name="gone")]
    new = [cell(stream(f"{LONG} 1 5 3\n"), figure(12), table(("loss", "0.25"), ("steps", "3")))]
    sides = [Side(name, {"x": cells}, {"date": "2026-11-02"}) for name, cells in (("a", old), ("b", new))]
    return comparison_page(REPOSITORY, *sides, compare_sides(*sides))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    course = make_course(tmp_path_factory.mktemp("reports") / "course")
    add_page(course, css="[theme/css/tokens.css, theme/css/boxes.css, theme/css/status.css]")
    write_report(course.root, full_report(course.root))
    write_status(course.root)
    run = course.render()
    assert run.returncode == 0, run.stderr
    site = course.root / "_site"
    (site / "changes.html").write_text(changes(), "utf-8")
    with serving(site) as address:
        yield site, address


@pytest.fixture(params=["status.html", "changes.html"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(browser: Browser, address: str, path: str, scheme: str, width: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/{path}", wait_until="networkidle")
    return page


def test_it_is_valid(pages: tuple[Path, str], path: str) -> None:
    assert invalid(pages[0] / path) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_everybody_can_read_it(browser: Browser, pages: tuple[Path, str], path: str, scheme: str, width: int) -> None:
    page = opened(browser, pages[1], path, scheme, width)
    try:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    finally:
        page.close()


def test_the_page_of_changes_loads_nothing(browser: Browser, pages: tuple[Path, str]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{pages[1]}/changes.html", wait_until="networkidle")
    page.close()
    assert [url for url in asked if not url.startswith("data:")] == [f"{pages[1]}/changes.html"]
    assert said == []
