"""The playground opens over the slide that speaks of it, set as the slide says, and gives the slide back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe_check import violations
from tests.browser.site_pages import DECKS

LINKS = "a[data-preview-link]"
GO_TO_LINK = """(number) => {
  const link = document.querySelectorAll('a[data-preview-link]')[number];
  const { h, v } = Reveal.getIndices(link.closest('section'));
  Reveal.slide(h, v, Infinity);
  link.focus();
  return link.hash;
}"""
#: The scanner says when it is ready; the network playground has its first loss then.
READY = """() => document.querySelector('#scanner[data-ready]')
  ?? /[0-9]/.test(document.getElementById('pg-train')?.innerText)"""


@pytest.fixture(params=DECKS)
def deck(request: pytest.FixtureRequest, visit) -> tuple[Page, list[str]]:
    seen = visit(request.param, width=1280, height=720)
    seen.page.wait_for_function("window.Reveal?.isReady()")
    return seen.page, seen.complaints


def test_every_link_opens_its_playground_and_escape_gives_the_slide_back(deck) -> None:
    page, complaints = deck
    count = page.locator(LINKS).count()
    assert count >= 3
    for number in range(count):
        page.evaluate(GO_TO_LINK, number)
        slide = page.evaluate("Reveal.getIndices()")
        page.keyboard.press("Enter")
        frame = page.locator(".r-overlay-preview iframe").element_handle().content_frame()
        frame.wait_for_function(READY)
        frame.wait_for_function("document.documentElement.classList.contains('in-frame')")
        expect(frame.locator("#pg-notes, #mt-notes")).to_be_hidden()  # no part of the address is ignored
        assert frame.locator(".site-header, .sidebar, .site-footer").locator("visible=true").count() == 0
        assert page.locator(".slides").evaluate("(slides) => slides.inert")
        frame.locator("button.pg-primary, button.mt-primary").first.focus()
        page.keyboard.press("Escape")
        expect(page.locator(".r-overlay-preview")).to_have_count(0)
        assert page.evaluate("document.activeElement.matches('a[data-preview-link]')")
        assert page.evaluate("Reveal.getIndices()") == slide
        assert not page.locator(".slides").evaluate("(slides) => slides.inert")
    assert complaints == []


def test_the_window_over_the_slide_has_names_and_no_barrier(deck) -> None:
    page, _ = deck
    page.evaluate(GO_TO_LINK, 0)
    page.keyboard.press("Enter")
    window = page.get_by_role("dialog")
    expect(window).to_have_attribute("aria-label", re.compile(r"\w"))
    expect(window.get_by_role("link", name="Open in a tab of its own")).to_be_visible()
    window.locator("iframe").element_handle().content_frame().wait_for_function(READY)
    expect(window.locator("iframe")).to_have_attribute("title", re.compile("playground|scanner"))
    assert violations(page) == []
    window.get_by_role("button", name="Back to the slide").click()
    expect(page.locator(".r-overlay-preview")).to_have_count(0)
