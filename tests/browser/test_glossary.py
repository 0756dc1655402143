"""The glossary in headless Chromium: its page, and the definitions of terms by pointer, keyboard and finger."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.axe_check import violations

LESSON = "notebooks/01-introduction-to-deep-learning.html"
DECK = "slides/01-introduction-to-deep-learning.html"
SLIDE = f"{DECK}#/a-mini-batch-gives-a-cheap-noisy-gradient"
#: The present slide, inside of its part.
ON_SLIDE = "section section.present a.term"


def box(page: Page) -> Locator:
    return page.locator(".term-box:popover-open")


def in_the_window(page: Page) -> bool:
    return page.evaluate(
        """() => {
          const { left, right, top, bottom } = document.querySelector('.term-box:popover-open').getBoundingClientRect();
          return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        }"""
    )


def first(page: Page) -> Locator:
    term = page.locator("a.term[href$='#term-neural-network']").first
    term.scroll_into_view_if_needed()
    return term


def test_hovering_shows_the_definition_and_the_pointer_may_move_onto_it(visit) -> None:
    page = visit(LESSON).page
    first(page).hover()
    expect(box(page)).to_contain_text("A model made of layers of simple units")
    place = box(page).bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 20, place["y"] + place["height"] / 2, steps=8)
    page.wait_for_timeout(600)
    expect(box(page)).to_have_count(1)
    page.mouse.move(5, 5)
    expect(box(page)).to_have_count(0)


def test_focus_shows_the_definition_and_escape_hides_it_alone(visit) -> None:
    page = visit(LESSON).page
    term = first(page)
    term.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(box(page)).to_have_count(1)
    page.wait_for_timeout(600)  # it stays as long as the focus does
    expect(box(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box(page)).to_have_count(0)
    expect(term).to_be_focused()


@pytest.mark.parametrize("path", [LESSON, DECK, "index.html"])
def test_every_term_is_described_by_its_definition(visit, path: str) -> None:
    page = visit(path).page
    described = page.locator("a.term").evaluate_all(
        "links => links.map((a) => document.getElementById(a.getAttribute('aria-describedby'))?.textContent ?? '')"
    )
    assert len(described) >= 4
    assert [text for text in described if not text.endswith(".")] == []
    assert page.locator(".term-box").evaluate_all("boxes => boxes.every((box) => box.role === 'tooltip')")


def test_a_tap_shows_the_definition_and_a_second_one_follows_the_link(visit) -> None:
    page = visit(LESSON, width=360, height=640, has_touch=True, is_mobile=True).page
    term = first(page)
    term.tap()
    expect(box(page)).to_have_count(1)
    assert in_the_window(page)
    assert LESSON in page.url
    page.locator("h1").first.tap()
    expect(box(page)).to_have_count(0)
    term.tap()
    term.tap()
    page.wait_for_url("**/glossary.html#term-neural-network")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_definition_of_a_lesson_fits_into_the_window(visit, scheme: str, width: int) -> None:
    page = visit(LESSON, width=width, height=640, scheme=scheme).page
    terms = page.locator("a.term")
    for number in range(terms.count()):
        terms.nth(number).scroll_into_view_if_needed()
        terms.nth(number).dispatch_event("pointerenter", {"pointerType": "mouse"})
        expect(box(page)).to_have_attribute("id", terms.nth(number).get_attribute("aria-describedby") or "")
        assert in_the_window(page), terms.nth(number).inner_text()


@pytest.mark.parametrize("width", [1920, 1280, 360])
def test_on_slides_the_definition_is_large_and_in_the_window(visit, width: int) -> None:
    page = visit(SLIDE, width=width, height=720).page
    page.wait_for_selector(".reveal.ready")
    page.locator(ON_SLIDE).last.hover()
    expect(box(page)).to_have_count(1)
    assert float(box(page).evaluate("box => parseFloat(getComputedStyle(box).fontSize)")) >= max(20, 0.018 * width)
    assert in_the_window(page)


def test_escape_on_a_slide_does_not_open_the_overview(visit) -> None:
    page = visit(SLIDE).page
    page.wait_for_selector(".reveal.ready")
    page.locator(ON_SLIDE).last.hover()
    expect(box(page)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(box(page)).to_have_count(0)
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("Escape")
    assert page.evaluate("Reveal.isOverview()")


def test_the_next_slide_hides_the_definition(visit) -> None:
    page = visit(SLIDE).page
    page.wait_for_selector(".reveal.ready")
    page.locator(ON_SLIDE).last.hover()
    expect(box(page)).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(box(page)).to_have_count(0)


def test_tab_reaches_only_the_terms_of_the_present_slide(visit) -> None:
    page = visit(SLIDE).page
    page.wait_for_selector(".reveal.ready")
    reachable = page.locator("a.term").evaluate_all(
        "links => links.filter((a) => a.checkVisibility({ visibilityProperty: true })).map((a) => a.textContent)"
    )
    assert reachable == page.locator(ON_SLIDE).all_inner_texts()
    assert "Mini-batch" in reachable


def test_the_slides_carry_few_marks(visit) -> None:
    page = visit(DECK).page
    counts = page.locator("section:not(.stack)").evaluate_all(
        "slides => slides.map((slide) => slide.querySelectorAll('a.term').length)"
    )
    assert sum(counts) / len(counts) <= 1
    assert max(counts) <= 4


def test_without_scripts_a_term_is_a_link_to_the_glossary(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/{LESSON}")
    page.locator("a.term[href$='#term-neural-network']").first.click()
    assert page.url == f"{address}/glossary.html#term-neural-network"
    assert page.locator("section[id^='term-']").count() >= 70
    assert page.locator(".glossary-filter").count() == 0
    context.close()


def test_typing_leaves_the_entries_with_these_words(visit) -> None:
    page = visit("glossary.html").page
    entries = page.locator("section[id^='term-']:visible")
    everything = entries.count()
    page.get_by_label("Find a term").fill("PWM")
    assert "term-position-weight-matrix" in entries.evaluate_all("sections => sections.map((section) => section.id)")
    assert 1 <= entries.count() < everything / 10
    expect(page.get_by_role("status")).to_have_text(f"{entries.count()} of {everything} terms")
    assert page.locator("section[id^='letter-']:visible").count() <= entries.count()
    page.get_by_label("Find a term").fill("")
    assert entries.count() == everything


def test_an_address_shows_its_entry_whatever_was_typed(visit) -> None:
    page = visit("glossary.html").page
    page.get_by_label("Find a term").fill("PWM")
    page.evaluate("location.hash = '#term-gradient'")
    expect(page.locator("#term-gradient")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [LESSON, SLIDE])
def test_an_open_definition_is_accessible(visit, path: str, scheme: str) -> None:
    page = visit(path, scheme=scheme).page
    page.locator(ON_SLIDE if path == SLIDE else "a.term").first.hover()
    expect(box(page)).to_have_count(1)
    assert violations(page, ".term-box:popover-open") == []


def test_definitions_weigh_little(site: Path) -> None:
    lesson = (site / LESSON).read_text("utf-8")
    assert sum(len(piece.split('"')[0]) for piece in lesson.split('data-definition="')[1:]) < 12_000
