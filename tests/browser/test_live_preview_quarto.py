"""The playground opens over the slide under Quarto too, whose reveal.js (5.1) has other names and tells less."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import serving

ROOT = Path(__file__).resolve().parents[2]
#: A slide, and of reveal.js 5.1 what matters: it makes the frame when told, and says nothing when it takes it away.
DECK = """<!doctype html>
<title>Deck</title>
<div class="reveal"><div class="slides"><section class="present">
  <p><a href="play.html#seed=1" data-preview-link="true">playground</a> <a href="play.html#plain">plain</a></p>
</section></div></div>
<script>
  let overlay = null;
  function hidePreview() { overlay?.remove(); overlay = null; }
  function showPreview(address) {
    overlay = document.createElement('div');
    overlay.className = 'overlay overlay-preview';
    document.querySelector('.reveal').append(overlay);
    overlay.innerHTML = `<header><a class="close" href="#">x</a><a class="external" href="${address}">o</a></header>`
      + `<iframe src="${address}"></iframe>`;
    overlay.querySelector('.close').onclick = (event) => { hidePreview(); event.preventDefault(); };
  }
  window.Reveal = { showPreview, hidePreview };
</script>
<script type="module" src="live-preview.js"></script>
"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    shutil.copy(ROOT / "theme/js/live-preview.js", tmp_path)
    (tmp_path / "deck.html").write_text(DECK, "utf-8")
    (tmp_path / "play.html").write_text("<!doctype html><title>The playground</title>", "utf-8")
    with serving(tmp_path) as address:
        page = browser.new_page()
        page.goto(f"{address}/deck.html")
        yield page
        page.close()


def test_a_link_opens_its_playground_with_names(page: Page) -> None:
    page.get_by_role("link", name="playground").press("Enter")
    window = page.get_by_role("dialog", name="The playground")
    expect(window.get_by_role("link", name="Open in a tab of its own")).to_be_visible()
    expect(window.locator("iframe")).to_have_attribute("title", "The playground")
    assert window.locator("iframe").get_attribute("src").endswith("/play.html#seed=1")
    assert page.locator(".slides").evaluate("(slides) => slides.inert")
    assert page.url.endswith("/deck.html")


def test_closing_gives_the_slide_back(page: Page) -> None:
    link = page.get_by_role("link", name="playground")
    for _ in range(2):
        link.press("Enter")
        page.get_by_role("button", name="Back to the slide").click()
        expect(link).to_be_focused()
        assert not page.locator(".slides").evaluate("(slides) => slides.inert")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_another_link_is_followed(page: Page) -> None:
    page.get_by_role("link", name="plain").press("Enter")
    page.wait_for_url("**/play.html#plain")
