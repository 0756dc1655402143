"""The header of every lesson in headless Chromium: its links work, it reads on a phone, its stamp is legible."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from site_builder.project import load_project, output_path
from tests.browser.axe_check import violations

ROOT = Path(__file__).resolve().parents[2]
LESSONS = [output_path(path) for path in load_project(ROOT).documents if path.endswith(".ipynb")]
STATES = ("passed", "failed", "incomplete", "changed", "unchecked")


@pytest.mark.parametrize("path", LESSONS)
def test_the_header_stands_before_the_text(visit, path: str) -> None:
    page = visit(path).page
    assert page.locator(".content > :first-child").get_attribute("class") == "lesson-header"
    assert page.locator(".lesson-header h2").count() == 1
    assert page.locator(".lesson-facts dt").all_inner_texts() == ["Time", "The cells run in", "You need"]
    assert page.locator(".lesson-stamp").get_attribute("data-state") in STATES


@pytest.mark.parametrize("path", LESSONS)
def test_its_downloads_are_notebooks(visit, path: str) -> None:
    page = visit(path).page
    links = page.locator(".lesson-links a[download]")
    assert links.count() == 2
    names = []
    for link in links.all():
        with page.expect_download() as started:
            link.click()
        names.append(started.value.suggested_filename)
        nbformat.validate(nbformat.read(started.value.path(), as_version=4))
    assert names[1] == names[0].replace(".ipynb", "-without-solutions.ipynb")


@pytest.mark.parametrize("path", LESSONS)
def test_its_slides_open(visit, path: str) -> None:
    page = visit(path).page
    link = page.locator("a.lesson-link-slides")
    if link.count():
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".reveal.ready")
        assert urlsplit(page.url).path.startswith("/slides/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_the_stamp_is_accessible(visit, scheme: str, state: str) -> None:
    page = visit(LESSONS[0], scheme=scheme, width=360).page
    page.evaluate("state => { document.querySelector('.lesson-stamp').dataset.state = state }", state)
    assert violations(page, ".lesson-header") == []


@pytest.mark.parametrize("path", LESSONS)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_it_is_wider_than_the_text(visit, path: str, width: int) -> None:
    page = visit(path, width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = page.evaluate(
        """() => {
          const header = document.querySelector('.lesson-header');
          const { left, right } = header.getBoundingClientRect();
          return [...header.querySelectorAll('*')]
            .filter((element) => {
              const box = element.getBoundingClientRect();
              return box.left < left - 0.5 || box.right > right + 0.5;
            })
            .map((element) => element.outerHTML);
        }"""
    )
    assert wide == []


@pytest.mark.parametrize("path", LESSONS)
def test_its_links_are_large_enough_for_a_finger(visit, path: str) -> None:
    boxes = [link.bounding_box() for link in visit(path, width=360).page.locator(".lesson-links a").all()]
    assert boxes
    assert min(box["height"] for box in boxes) >= 24
