"""Every page in headless Chromium: quiet, self-contained, typeset, readable on a phone."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error

from site_builder.check import check_site
from tests.browser.chromium import ARGUMENTS, ensure
from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import Visitor, script

SCHEMES = ("light", "dark")
WIDTHS = (1280, 360)
SCROLL_THROUGH = script("scroll_through.js")
#: Images that were asked for and are not there.
BROKEN_IMAGES = """[...document.images].filter(image => image.complete && image.currentSrc && image.naturalWidth === 0)
  .map(image => image.src)"""
#: The scripts of a page or of a deck have done their work.
STARTED = "() => window.Reveal?.isReady() || document.querySelector('.scheme-button')?.title"
#: Fonts of the reader's system in our measures: no file, and there or not.
FALLBACKS = re.compile(r".* (as|until) (Source (Sans|Serif)|Inconsolata)")


def test_the_course_has_pages_and_decks() -> None:
    assert "index.html" in PAGES
    assert DECKS


def test_every_link_file_and_anchor_of_the_site_exists(site: Path) -> None:
    assert [str(finding) for finding in check_site(site)] == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
class TestPage:
    def test_loads_quietly_from_this_host_alone_and_fits(self, visit, path: str, scheme: str, width: int) -> None:
        seen = visit(path, scheme=scheme, width=width)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        seen.page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
        seen.page.evaluate(SCROLL_THROUGH)
        seen.page.wait_for_load_state("networkidle")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.complaints == []
        assert seen.foreign == []
        assert [response.url for response in seen.responses if not response.ok and response.status != 304] == []
        assert seen.page.evaluate(BROKEN_IMAGES) == []


@pytest.mark.parametrize("path", PAGES)
def test_all_math_is_typeset(visit, path: str) -> None:
    page = visit(path).page
    assert page.locator(".katex-error").count() == 0
    assert page.locator("span.math").count() == page.locator("span.math:has(.katex)").count()


def test_every_page_and_deck_works_with_the_network_cut(browser: Browser, address: str) -> None:
    """A cold cache, and no host but the local server can be reached or even named."""
    host = urlsplit(address).hostname
    rules = [f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {host}", "--proxy-server=direct://"]
    with browser.browser_type.launch(executable_path=ensure(), args=[*ARGUMENTS, *rules]) as cut_off:
        visitor = Visitor(cut_off, address)
        outside = cut_off.new_page()
        with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
            outside.goto("http://example.org/")
        for path in [*PAGES, *DECKS]:
            seen = visitor(path)
            seen.page.wait_for_load_state("networkidle")
            seen.page.wait_for_function(STARTED)
            fonts = seen.page.evaluate("[...document.fonts].map(font => [font.family, font.status])")
            assert not [font for font in fonts if font[1] == "error" and not FALLBACKS.fullmatch(font[0])]
            assert (path, seen.complaints, seen.foreign) == (path, [], [])
            assert seen.page.evaluate(BROKEN_IMAGES) == []
        visitor.close()


def test_the_color_scheme_is_switched_and_remembered(visit) -> None:
    page = visit("index.html", scheme="light").page
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.locator(".scheme-button").click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    assert page.evaluate(background) == dark


def test_the_keyboard_reaches_the_text_first(visit) -> None:
    page = visit(PAGES[-1]).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_contents_open_and_close_on_a_phone(visit) -> None:
    page = visit("index.html", width=360).page
    button, sidebar = page.locator(".menu-button"), page.locator("#sidebar")
    assert not sidebar.is_visible()
    button.click()
    assert sidebar.is_visible()
    page.keyboard.press("Escape")
    assert not sidebar.is_visible()


def test_hints_and_solutions_open_by_keyboard(visit) -> None:
    page = visit("notebooks/01-introduction-to-deep-learning.html").page
    for kind in ("hint", "solution"):
        folded = page.locator(f"details.{kind}")
        assert folded.count() >= 8  # the lesson has eight exercises
        folded.first.locator("summary").focus()
        page.keyboard.press("Enter")
        assert folded.first.get_attribute("open") is not None


def test_code_is_copied(visit) -> None:
    page = visit(
        "notebooks/01-introduction-to-deep-learning.html", permissions=["clipboard-read", "clipboard-write"]
    ).page
    block = page.locator("div.sourceCode").first
    block.locator(".copy-button").click()
    page.wait_for_selector(".copy-button.copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == block.locator("code").inner_text().strip()


def test_the_notebook_is_downloaded_as_it_is(visit, site: Path) -> None:
    page = visit("notebooks/01-introduction-to-deep-learning.html").page
    with page.expect_download() as download:
        page.get_by_role("link", name="Download notebook").click()
    stored = Path(__file__).resolve().parents[2] / "notebooks" / "01-introduction-to-deep-learning.ipynb"
    assert Path(download.value.path()).read_bytes() == stored.read_bytes()
