"""The content security policy is in every page and deck, stops what was slipped in, and hinders nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import script

OTHER = "https://elsewhere.example"
VIOLATIONS = """() => {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
}"""
INSPECT = script("inspect_deck.js")
SCROLL_THROUGH = script("scroll_through.js")


class Watch:
    """A page, and what its windows report of the policy: in the console, where a blocked thing is always named."""

    def __init__(self, page: Page) -> None:
        self.page, self.reports = page, []
        page.context.on("console", lambda message: self._note(message.text))

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.reports.append(text)

    @property
    def found(self) -> list[str]:
        return [*self.reports, *self.page.evaluate("window.violations")]


@pytest.fixture
def watched(browser, address: str) -> Iterator[Watch]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    context.add_init_script(f"({VIOLATIONS})()")
    yield Watch(context.new_page())
    context.close()


@pytest.fixture
def asked(watched: Watch) -> list[str]:
    """What is asked of another host, whose script leaves its mark on whatever page runs it."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="window.mark = 'another host';", content_type="text/javascript")

    watched.page.route(f"{OTHER}/**", answer)
    return asked


def with_injected(watch: Watch, url: str, markup: str, *, without_policy: bool = False) -> None:
    """Open a page into whose body some markup was slipped on the way."""

    def rewrite(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace("</body>", f"{markup}</body>")
        if without_policy:
            body = body.replace("Content-Security-Policy", "X-None")
        route.fulfill(response=answer, body=body)

    watch.page.route(url, rewrite)
    watch.page.goto(url, wait_until="load")
    watch.page.wait_for_timeout(300)


INJECTED = {
    "inline script": "<script>window.mark = 'inline';</script>",
    "another host's script": f"<script src='{OTHER}/mark.js'></script>",
    "handler": "<img alt='' src='data:,' onerror=\"window.mark = 'handler'\">",
    "javascript: frame": "<iframe src=\"javascript:parent.mark = 'frame'\"></iframe>",
    "frame with a document": "<iframe srcdoc=\"<script>parent.mark = 'srcdoc'</script>\"></iframe>",
}


@pytest.mark.parametrize("path", ["index.html", "404.html", DECKS[0]])
@pytest.mark.parametrize("kind", INJECTED)
def test_an_injected_script_does_not_run(watched: Watch, address: str, asked: list[str], path: str, kind: str) -> None:
    with_injected(watched, f"{address}/{path}", INJECTED[kind])
    assert watched.page.evaluate("window.mark") is None
    assert asked == []
    assert watched.found != []


@pytest.mark.parametrize("kind", INJECTED)
def test_without_the_policy_it_would_run(watched: Watch, address: str, asked: list[str], kind: str) -> None:
    with_injected(watched, f"{address}/index.html", INJECTED[kind], without_policy=True)
    assert watched.page.evaluate("window.mark") is not None


def test_an_injected_style_sheet_object_and_form_do_nothing(watched: Watch, address: str, asked: list[str]) -> None:
    markup = (
        "<style>body { color: rgb(1, 2, 3) !important; }</style>"
        f"<object data='{OTHER}/mark.js'></object><img alt='' src='{OTHER}/pixel.png'>"
        f"<link rel='stylesheet' href='{OTHER}/sheet.css'><form action='{OTHER}/'></form>"
    )
    with_injected(watched, f"{address}/index.html", markup)
    watched.page.evaluate("document.querySelector('form[action]').submit()")
    watched.page.wait_for_timeout(300)
    assert watched.page.evaluate("getComputedStyle(document.body).color") != "rgb(1, 2, 3)"
    assert watched.page.url == f"{address}/index.html"
    assert asked == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_keeps_to_its_policy(watched: Watch, address: str, path: str) -> None:
    page = watched.page
    page.goto(f"{address}/{path}", wait_until="load")
    policy = page.locator("meta[http-equiv='Content-Security-Policy']").get_attribute("content")
    assert policy.startswith("default-src 'self'; script-src 'self'")
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    page.locator(".scheme-button").click()
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    page.evaluate(SCROLL_THROUGH)
    page.wait_for_load_state("networkidle")
    assert watched.found == []


@pytest.mark.parametrize("path", DECKS)
class TestDeck:
    def test_slides_menu_search_chalkboard_and_zoom(self, watched: Watch, address: str, path: str) -> None:
        page = watched.page
        page.goto(f"{address}/{path}")
        page.wait_for_function("() => window.Reveal?.isReady()")
        page.evaluate(INSPECT, 28)
        page.keyboard.press("m")
        page.wait_for_selector(".slide-menu.active")
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("/")
        page.keyboard.type("gradient")
        page.wait_for_selector("dialog[open] [role=option]")
        page.keyboard.press("Escape")
        for key, board in (("b", "#chalkboard"), ("c", "#notescanvas")):
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press(key)
            page.mouse.move(300, 300)
            page.mouse.down()
            page.mouse.move(500, 400, steps=5)
            page.mouse.up()
            assert page.locator(board).count() == 1
            page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
        assert watched.found == []

    def test_the_speaker_view(self, watched: Watch, address: str, path: str) -> None:
        page = watched.page
        page.goto(f"{address}/{path}")
        page.wait_for_function("() => window.Reveal?.isReady()")
        with page.expect_popup() as popup:
            page.keyboard.press("s")
        view = popup.value
        view.wait_for_selector("#current-slide iframe")
        page.keyboard.press("ArrowRight")
        view.wait_for_function(
            "() => document.querySelector('.speaker-controls-notes .value').textContent.trim().length > 20"
        )
        assert view.evaluate("getComputedStyle(document.getElementById('current-slide')).position") == "absolute"
        clock = view.locator(".clock-value").inner_text()
        assert any(sign.isdigit() for sign in clock)
        assert watched.found == []

    def test_the_print_view_has_the_size_of_the_slides(self, watched: Watch, address: str, path: str) -> None:
        page = watched.page
        page.goto(f"{address}/{path}?print-pdf")
        page.wait_for_selector(".pdf-page")
        made = "[...document.querySelectorAll('head > style')].map((style) => style.sheet?.cssRules.length ?? 0)"
        page.wait_for_function(f"() => {made}.length === 2")
        assert page.evaluate(made) == [1, 1]
        assert watched.found == []
