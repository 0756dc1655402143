"""What a page costs its reader: bytes, what it waits for, jumps while it arrives, images larger than shown."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import Visit, Visitor, script

LIMITS = {**dict.fromkeys(PAGES, 400_000), **dict.fromkeys(DECKS, 1_500_000)}
LARGEST_STYLE = 130_000  # bytes, before compression, of what holds up the first paint
FIRST_SCRIPT = "theme/js/color-scheme.js"  # the one script that must run before, lest the page flash
LARGEST_SHIFT = 0.05
DENSITY = 2 * 1.02  # pixels of an image per CSS pixel; a figure may be a hair wider than the column of text


def cold(browser: Browser, address: str, path: str, *, width: int = 1280) -> tuple[Visitor, Visit]:
    """Load a page with an empty cache, without scrolling, and measure it."""
    visitor = Visitor(browser, address)
    visit = visitor(path, width=width, before=script("watch_vitals.js"))
    visit.page.wait_for_load_state("networkidle")
    return visitor, visit


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", [*PAGES, *DECKS])
def test_first_load_is_light_and_still(browser: Browser, address: str, path: str, width: int) -> None:
    visitor, seen = cold(browser, address, path, width=width)
    first_load = seen.transferred()
    if path in PAGES:
        seen.page.evaluate(script("scroll_through.js"))
        seen.page.wait_for_load_state("networkidle")
    vitals = seen.page.evaluate("vitals")
    visitor.close()
    assert first_load <= LIMITS[path]
    assert vitals["shift"] <= LARGEST_SHIFT, vitals["jumped"]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize(
    "path", ["index.html", "corrections.html", *(path for path in PAGES if path.startswith("notebooks/")), *DECKS]
)
def test_fonts_that_come_late_move_nothing(browser: Browser, address: str, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 720}, reduced_motion="reduce")
    release = hold_back(page, "**/*.woff2")
    page.add_init_script(script("watch_vitals.js"))
    page.goto(f"{address}/{path}", wait_until="domcontentloaded")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    assert release(), "the page asks for no font"
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    vitals = page.evaluate("vitals")
    page.context.close()
    assert vitals["shift"] <= LARGEST_SHIFT, vitals["jumped"]


def hold_back(page: Page, pattern: str) -> Callable[[], int]:
    """Keep requests waiting; what is returned lets them through, and returns how many there were."""
    held: list[Route] = []
    released = threading.Event()
    page.route(pattern, lambda route: route.continue_() if released.is_set() else held.append(route))

    def release() -> int:
        released.set()
        for route in held:
            route.continue_()
        return len(held)

    return release


@pytest.mark.parametrize("path", PAGES)
def test_little_holds_up_the_first_paint(browser: Browser, address: str, path: str) -> None:
    """How soon that is, in milliseconds, is measured by `python -m benchmarks.page_load`."""
    visitor, seen = cold(browser, address, path)
    waited_for = seen.page.evaluate(script("render_blocking.js"))
    visitor.close()
    assert [item["name"] for item in waited_for if item["kind"] != "link"] == [f"{address}/{FIRST_SCRIPT}"]
    assert sum(item["bytes"] for item in waited_for) <= LARGEST_STYLE, waited_for


@pytest.mark.parametrize("path", PAGES)
def test_the_largest_thing_is_painted_without_any_script(browser: Browser, address: str, path: str) -> None:
    """Text and images stand in the page as it is sent; a slow machine shows them before it has run a script."""
    with_scripts, without = (painted_first(browser, address, path, blocked) for blocked in ("", "**/*.js"))
    assert without, f"nothing is painted in {path} before its scripts ran"
    assert without == with_scripts


def painted_first(browser: Browser, address: str, path: str, blocked: str) -> str:
    """Return the beginning of the largest thing that is painted, where some requests are never answered."""
    visitor = Visitor(browser, address)
    page = visitor(path, before=script("watch_vitals.js"), blocked=blocked).page
    largest = page.wait_for_function("() => vitals.largest").json_value()
    visitor.close()
    return str(largest)


@pytest.mark.parametrize("width", [1280, 1920, 360])
@pytest.mark.parametrize("path", DECKS)
def test_the_title_of_a_deck_stands_in_its_place_before_any_script_has_run(
    browser: Browser, address: str, path: str, width: int
) -> None:
    places = []
    for blocked in ("", "**/*.js"):
        page = browser.new_page(viewport={"width": width, "height": 720}, reduced_motion="reduce")
        page.route(blocked or "no address", lambda route: route.abort())
        page.goto(f"{address}/{path}", wait_until="load")
        page.wait_for_function("blocked => blocked || Reveal.isReady()", arg=blocked)
        places.append(page.locator("h1.title").bounding_box())
        page.context.close()
    assert places[0] == pytest.approx(places[1], abs=0.5)


def test_a_deck_that_opens_at_another_slide_does_not_show_its_title_first(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/reveal.js", lambda route: route.abort())
    page.goto(f"{address}/{DECKS[0]}#/references", wait_until="load")
    assert not page.locator("h1.title").is_visible()
    page.context.close()


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_images_are_sized_lazy_and_no_larger_than_shown(visit, path: str, width: int) -> None:
    images = [image for image in visit(path, width=width).page.evaluate(script("images.js")) if image["shown"]]
    assert [image["source"] for image in images if not image["hasSize"]] == []
    assert [image["source"] for image in images if image["isBelow"] and not image["isLazy"]] == []
    if width == 1280:  # a phone shows the same file smaller
        oversized = [i for i in images if not i["isDrawing"] and i["width"] > DENSITY * i["shown"]]
        assert [(image["source"], image["width"], image["shown"]) for image in oversized] == []


@pytest.mark.parametrize("path", DECKS)
def test_images_of_slides_are_sized_and_lazy(visit, path: str) -> None:
    page = visit(path).page
    images = page.locator(".slides img")
    assert images.count() > 0
    assert page.locator(".slides img:is(:not([width]), :not([height]))").count() == 0
    assert page.locator(".slides img:not([loading='lazy'])").count() == 0
