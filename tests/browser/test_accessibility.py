"""Every page and deck for those who use a keyboard, a screen reader, or another color scheme.

Each page is loaded once per width; its tests share that load, so they put back what they change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe_check import violations
from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import Visitor, script

SCHEMES = ("light", "dark")
WIDTHS = (1280, 360)
SHORTEST_ALTERNATIVE = 4  # words

#: Fonts are there, and what the observers (of sizes, of what is in the window) told has been done.
SETTLED = """() => document.fonts.ready.then(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(done), 150)));
}))"""


@pytest.fixture(
    scope="module", params=[(path, width) for path in PAGES for width in WIDTHS], ids=lambda p: f"{p[0]}-{p[1]}"
)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Open a page with all its folds open."""
    path, width = request.param
    visitor = Visitor(browser, address)
    opened = visitor(path, width=width).page
    opened.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    opened.evaluate(SETTLED)
    yield opened
    visitor.close()


@pytest.fixture(scope="module", params=DECKS)
def deck(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    visitor = Visitor(browser, address)
    opened = visitor(request.param).page
    yield opened
    visitor.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_the_page(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []


def test_headings_make_an_outline_and_ids_are_unique(page: Page) -> None:
    outline = page.evaluate(script("outline.js"))
    assert len(outline["main"]) == 1
    assert (outline["jumps"], outline["empty"], outline["twice"]) == ([], [], [])


def test_images_say_what_they_show(page: Page) -> None:
    assert silent_images(page) == []


def test_what_scrolls_is_scrolled_by_keyboard(page: Page) -> None:
    found = page.evaluate(script("scrollers.js"))
    assert found["stuck"] == []
    wide = page.locator(".content [tabindex='0']").all()
    for box in [box for box in wide if box.evaluate("b => b.scrollWidth > b.clientWidth + 60")][:2]:
        box.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_tab_key_visits_every_control_once_in_order_and_shows_where_it_is(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    stops = tab_through(page)
    assert stops["wrapped"], "the keyboard is trapped"
    assert stops["visited"] > 5
    assert (stops["missed"], stops["faults"]) == ([], [])


def tab_through(page: Page) -> dict[str, Any]:
    """Press Tab until the focus comes round again."""
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(SETTLED)
    expected = page.evaluate(script("tab_stops.js"))
    for press in range(2 * expected + 40):
        page.keyboard.press("Tab")
        if press >= expected - 10 and press % 5 == 0 and page.evaluate("tabStops().wrapped"):
            break
    return dict(page.evaluate("tabStops()"))


def silent_images(page: Page) -> list[str]:
    """Return what is wrong with the alternative texts of a page's images."""
    found = []
    for image in page.evaluate(script("images.js")):
        text, words = image["alternative"] or "", image["words"]
        if image["isDecorative"]:
            continue
        if len(words) < SHORTEST_ALTERNATIVE:
            found.append(f"{image['source']}: {text!r} is too short")
        if image["caption"] and (words == image["caption"] or " ".join(words) in " ".join(image["caption"])):
            found.append(f"{image['source']}: repeats the caption")
        if any(text.lower().find(ending) >= 0 for ending in (".png", ".svg", ".jpg", "output-")):
            found.append(f"{image['source']}: {text!r} names a file")
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_drawer_of_a_phone(visit, scheme: str) -> None:
    page = visit("index.html", width=360, scheme=scheme).page
    page.locator(".menu-button").click()
    assert violations(page) == []


class TestDeck:
    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_axe_finds_nothing_on_any_slide(self, deck: Page, scheme: str) -> None:
        deck.emulate_media(color_scheme=scheme)
        found = violations(deck)
        colored = deck.evaluate("Reveal.getSlides().filter(s => s.matches('.section-slide')).map(s => s.id)")
        for name in colored:  # their ground is the deck's while they are shown, so they are looked at one by one
            deck.evaluate("id => Reveal.slide(...Object.values(Reveal.getIndices(document.getElementById(id))))", name)
            found += [f"{name}: {fault}" for fault in violations(deck, ".slides section.present:not(.stack)")]
        deck.evaluate("Reveal.slide(0, 0)")
        shown = deck.evaluate(script("stack_slides.js"))
        assert shown + len(colored) + 1 == deck.evaluate("Reveal.getTotalSlides()")
        found += violations(deck, ".slides")
        deck.evaluate("unstackSlides()")
        assert found == []

    def test_headings_make_an_outline_and_ids_are_unique(self, deck: Page) -> None:
        outline = deck.evaluate(script("outline.js"))
        assert (outline["jumps"], outline["empty"], outline["twice"]) == ([], [], [])

    def test_images_say_what_they_show(self, deck: Page) -> None:
        assert silent_images(deck) == []

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_axe_finds_nothing_in_the_menu(self, deck: Page, scheme: str) -> None:
        deck.emulate_media(color_scheme=scheme)
        deck.keyboard.press("m")
        deck.wait_for_selector(".slide-menu.active")
        found = violations(deck)
        deck.keyboard.press("m")
        assert found == []

    def test_axe_finds_nothing_on_the_chalkboard(self, deck: Page) -> None:
        deck.keyboard.press("b")
        deck.wait_for_function("() => getComputedStyle(document.getElementById('chalkboard')).visibility === 'visible'")
        found = violations(deck)
        deck.keyboard.press("b")
        assert found == []

    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_the_tab_key_stays_on_the_slide_that_is_shown(self, deck: Page, scheme: str) -> None:
        deck.emulate_media(color_scheme=scheme)
        controls = "a[href], button, input, summary, [tabindex]"
        slides = deck.evaluate(
            "s => Reveal.getSlides().filter(slide => slide.querySelector(s)).map(s => s.id)", controls
        )
        found = []
        for name in slides[::6]:
            deck.evaluate("id => Reveal.slide(...Object.values(Reveal.getIndices(document.getElementById(id))))", name)
            stops = tab_through(deck)
            found += [f"{name}: {fault}" for fault in stops["missed"] + stops["faults"]]
            assert stops["wrapped"], f"the keyboard is trapped on {name}"
        deck.evaluate("Reveal.slide(0, 0)")
        assert found == []
