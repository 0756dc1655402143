"""Every deck in headless Chromium: each slide fits with all its fragments shown, and the presenter's tools work."""

from __future__ import annotations

import pytest

from tests.browser.site_pages import DECKS
from tests.browser.visits import script

SMALLEST_TEXT = 28  # CSS pixels on the slide
INSPECT = script("inspect_deck.js")

pytestmark = pytest.mark.parametrize("path", DECKS)
#: The slide does not move (any more).
STILL = """() => new Promise((done) => {
  const before = getComputedStyle(document.body).transform;
  setTimeout(() => done(getComputedStyle(document.body).transform === before), 200);
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_slide_loads_fits_and_can_be_read(visit, path: str, scheme: str) -> None:
    seen = visit(path, scheme=scheme)
    found = seen.page.evaluate(INSPECT, SMALLEST_TEXT)
    assert found["slides"] == seen.page.evaluate("Reveal.getTotalSlides()") > 1
    assert found["overflowing"] == []
    assert found["small"] == []
    seen.page.wait_for_load_state("networkidle")
    assert seen.complaints == []
    assert seen.foreign == []
    assert [response.url for response in seen.responses if not response.ok] == []


def test_all_math_is_typeset(visit, path: str) -> None:
    page = visit(path).page
    assert page.locator(".katex-error").count() == 0
    assert page.locator("span.math").count() == page.locator("span.math:has(.katex)").count()


def test_every_content_slide_has_speaker_notes(visit, path: str) -> None:
    page = visit(path).page
    silent = page.evaluate(
        """() => Reveal.getSlides().filter(s => !s.matches('#title-slide, .level1, #references, #questions'))
                  .filter(s => !s.querySelector('aside.notes')).map(s => s.id)"""
    )
    assert silent == []


def test_speaker_notes_are_there_before_the_first_click(visit, path: str) -> None:
    page = visit(path).page
    assert page.locator("aside.notes").count() > 1
    assert page.locator(".fragment aside.notes").count() == 0


def test_print_view_shows_one_page_a_slide_with_all_fragments(visit, path: str) -> None:
    total = visit(path).page.evaluate("Reveal.getTotalSlides()")
    page = visit(f"{path}?print-pdf").page
    page.wait_for_selector(".pdf-page")
    page.wait_for_function("total => document.querySelectorAll('.pdf-page').length >= total", arg=total)
    assert page.locator(".pdf-page").count() == total
    hidden = page.evaluate(
        "[...document.querySelectorAll('.fragment')].filter(f => getComputedStyle(f).visibility === 'hidden').length"
    )
    assert hidden == 0


def test_menu_lists_the_slides_and_tools(visit, path: str) -> None:
    page = visit(path).page
    page.keyboard.press("m")
    page.wait_for_selector(".slide-menu.active")
    assert page.locator(".slide-menu-items .slide-menu-item, .slide-menu-items .slide-menu-item-vertical").count() > 1
    assert page.locator(".deck-tools button").count() >= 6


def test_chalkboard_opens_and_closes(visit, path: str) -> None:
    page = visit(path).page
    board = page.locator("#chalkboard")
    page.keyboard.press("b")
    page.wait_for_function("() => getComputedStyle(document.getElementById('chalkboard')).visibility === 'visible'")
    page.keyboard.press("b")
    page.wait_for_function("() => getComputedStyle(document.getElementById('chalkboard')).visibility === 'hidden'")
    assert board.count() == 1


def test_speaker_view_opens_with_the_notes(visit, path: str) -> None:
    seen = visit(path)
    with seen.page.expect_popup() as popup:
        seen.page.keyboard.press("s")
    seen.page.keyboard.press("ArrowRight")
    popup.value.wait_for_selector("#current-slide iframe")
    popup.value.wait_for_function(
        "() => document.querySelector('.speaker-controls-notes .value').textContent.trim().length > 20"
    )
    assert "notes" in popup.value.locator(".speaker-controls-notes").inner_text().lower()


def test_slide_number_and_code_copying(visit, path: str) -> None:
    page = visit(path, permissions=["clipboard-read", "clipboard-write"]).page
    assert page.locator(".slide-number").inner_text().replace(" ", "").startswith("1/")
    where = page.evaluate(
        """() => { const s = Reveal.getSlides().find(s => s.querySelector('div.sourceCode'));
                   const i = Reveal.getIndices(s); Reveal.slide(i.h, i.v, 999); return s.id; }"""
    )
    block = page.locator(f"section#{where} div.sourceCode").first
    block.locator(".copy-button").click(force=True)
    page.wait_for_selector(".copy-button.copied")
    assert page.evaluate("navigator.clipboard.readText()").strip() != ""


def test_zoom_comes_and_goes(visit, path: str) -> None:
    page = visit(path).page
    transform = "getComputedStyle(document.body).transform"
    page.keyboard.press("ArrowRight")
    heading = page.locator("section.present h2").first
    heading.click(modifiers=["Control"])
    page.wait_for_function(f"() => {transform} !== 'none'")
    page.wait_for_function(STILL)  # what moves while it is clicked may be missed
    page.keyboard.down("Control")
    page.mouse.click(640, 360)
    page.keyboard.up("Control")
    page.wait_for_function(f"() => ['none', 'matrix(1, 0, 0, 1, 0, 0)'].includes({transform})")
