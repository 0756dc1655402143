"""What frames a page: contents that follow, the way back up, colors, boxes that scroll, the missing page, paper."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser.site_pages import DECKS, PAGES

LESSON = "notebooks/01-introduction-to-deep-learning.html"
REFERENCE = next(path for path in reversed(PAGES) if path.startswith("reference/"))
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
LONG_OUTPUT = """() => {
  const cell = document.createElement('div');
  cell.className = 'cell-output cell-output-stdout';
  cell.innerHTML = '<pre><code></code></pre>';
  cell.querySelector('code').textContent = Array.from({ length: 60 }, (_, line) => `line ${line}`).join('\\n');
  document.querySelector('.content').prepend(cell);
}"""


# -- where you are ---------------------------------------------------------------------------------------------------


def test_the_contents_follow_the_reader(visit) -> None:
    page = visit(LESSON, height=900).page
    marked = page.locator(".toc a[aria-current]")
    targets = page.evaluate("[...document.querySelectorAll('.toc a')].map((a) => a.hash.slice(1))")
    for target in (targets[4], targets[12], targets[2]):
        page.evaluate("id => document.getElementById(id).scrollIntoView({ behavior: 'instant' })", target)
        page.wait_for_function(f"() => document.querySelector('.toc a[aria-current]').hash === '#{target}'")
        assert marked.count() == 1
        assert marked.is_visible()


def test_at_the_end_of_the_page_the_last_section_is_marked(visit) -> None:
    page = visit(LESSON).page
    last = page.evaluate("[...document.querySelectorAll('.toc a')].at(-1).hash")
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.wait_for_function(f"() => document.querySelector('.toc a[aria-current]').hash === '{last}'")


def test_the_marked_entry_of_a_long_table_of_contents_is_in_view(visit) -> None:
    page = visit(LESSON, height=480).page
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")
    page.wait_for_function(
        """() => { const box = document.querySelector('.toc').getBoundingClientRect();
                   const here = document.querySelector('.toc a[aria-current]').getBoundingClientRect();
                   return here.top >= box.top && here.bottom <= box.bottom + 1; }"""
    )


def test_the_sidebar_shows_the_current_page(visit) -> None:
    page = visit(REFERENCE, height=360).page
    seen = page.evaluate(
        """() => { const box = document.querySelector('.sidebar').getBoundingClientRect();
                   const here = document.querySelector('.sidebar [aria-current="page"]').getBoundingClientRect();
                   return here.top >= box.top && here.bottom <= box.bottom; }"""
    )
    assert seen
    assert page.evaluate("document.querySelector('.sidebar').scrollTop") > 0
    assert page.evaluate("scrollY") == 0


@pytest.mark.parametrize("width", [1280, 360])
def test_the_way_back_to_the_top(visit, width: int) -> None:
    page = visit(LESSON, width=width).page
    link = page.get_by_role("link", name="Back to top")
    assert link.count() == 0  # on the first screen there is nothing to go back from
    page.evaluate("scrollTo({ top: 3000, behavior: 'instant' })")
    link.wait_for()
    box = link.bounding_box()
    assert box["width"] >= 44
    assert box["height"] >= 44
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => scrollY === 0")
    page.wait_for_function("() => document.querySelector('.back-to-top').hidden")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"


# -- colors ----------------------------------------------------------------------------------------------------------


def theme_color(page) -> str:
    """Return the color in which the browser is to frame the page, by the first frame that applies."""
    return page.evaluate(
        """[...document.querySelectorAll('meta[name="theme-color"]')]
             .find((frame) => matchMedia(frame.media).matches).content"""
    )


def as_hex(color: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in color.removeprefix("rgb(").removesuffix(")").split(","))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_choice_is_remembered_and_choosing_the_systems_forgets_it(visit, scheme: str) -> None:
    page = visit("index.html", scheme=scheme).page
    systems = page.evaluate(BACKGROUND)
    assert theme_color(page) == as_hex(systems)
    page.locator(".scheme-button").click()
    chosen = page.evaluate(BACKGROUND)
    assert chosen != systems
    assert theme_color(page) == as_hex(chosen)
    page.reload()
    assert page.evaluate(BACKGROUND) == chosen
    assert theme_color(page) == as_hex(chosen)
    page.locator(".scheme-button").click()
    assert page.evaluate(BACKGROUND) == systems
    assert theme_color(page) == as_hex(systems)
    assert page.evaluate("localStorage.getItem('color-scheme')") is None


def test_the_choice_reaches_other_tabs_and_the_name_of_the_switch_says_what_it_does(visit) -> None:
    page = visit("index.html", scheme="light").page
    other = page.context.new_page()
    other.goto(page.url)
    assert page.locator(".scheme-button").get_attribute("aria-label") == "Switch to dark colors"
    page.locator(".scheme-button").click()
    other.wait_for_function("() => document.documentElement.dataset.scheme === 'dark'")
    assert other.locator(".scheme-button").get_attribute("aria-label") == "Switch to light colors"


@pytest.mark.parametrize("path", ["index.html", DECKS[0]])
def test_no_flash_of_the_other_scheme(visit, path: str) -> None:
    page = visit("index.html", scheme="light").page
    page.locator(".scheme-button").click()
    # What the page looks like when its body begins, before any module has run.
    page.context.add_init_script(
        """new MutationObserver((_, observer) => {
          if (!document.body) return;
          window.firstScheme = getComputedStyle(document.documentElement).colorScheme;
          window.firstChoice = document.documentElement.dataset.scheme;
          observer.disconnect();
        }).observe(document, { childList: true, subtree: true });"""
    )
    page.goto(page.url.replace("index.html", path))
    assert page.evaluate("window.firstChoice") == "dark"


@pytest.mark.parametrize("path", [LESSON, DECKS[0]])
def test_figures_are_dimmer_and_framed_in_the_dark(visit, path: str) -> None:
    style = """() => { const shown = getComputedStyle(document.querySelector('figure img'));
                       return [shown.filter, shown.borderRadius]; }"""
    light, dark = (visit(path, scheme=scheme).page.evaluate(style) for scheme in ("light", "dark"))
    assert light[0] == "none"
    assert dark[0].startswith("brightness(0.")
    assert float(dark[1].removesuffix("px")) > float(light[1].removesuffix("px"))


# -- boxes -----------------------------------------------------------------------------------------------------------


def test_long_output_scrolls_in_its_box_by_keyboard_and_has_a_name(visit) -> None:
    page = visit("index.html").page
    page.evaluate(LONG_OUTPUT)
    page.evaluate("import('./theme/js/scroll-boxes.js').then((boxes) => boxes.setUpScrollBoxes())")
    box = page.get_by_role("group", name="Output, scrolls down")
    box.wait_for()
    assert box.bounding_box()["height"] <= 470
    box.focus()
    page.keyboard.press("PageDown")
    page.wait_for_function("() => document.querySelector('.cell-output pre').scrollTop > 100")
    assert box.evaluate("(box) => getComputedStyle(box).outlineStyle") == "solid"


def test_short_output_is_no_box(visit) -> None:
    page = visit(LESSON).page
    short = page.locator(".cell-output pre").first
    assert short.get_attribute("tabindex") is None
    assert short.get_attribute("role") is None


def test_the_head_of_a_table_stays_in_sight(visit) -> None:
    page = visit("index.html", height=400).page
    page.evaluate(
        """() => { const body = document.querySelector('table tbody');
                   for (let row = 0; row < 60; row += 1) body.append(body.rows[0].cloneNode(true)); }"""
    )
    page.evaluate(
        "document.querySelector('table tbody').rows[30].scrollIntoView({ behavior: 'instant', block: 'center' })"
    )
    head, header = (page.locator(name).first.bounding_box() for name in ("table thead th", ".site-header"))
    assert abs(head["y"] - (header["y"] + header["height"])) <= 2


def test_a_wide_table_scrolls_in_its_box_with_its_head(visit) -> None:
    page = visit("index.html", width=360).page
    page.evaluate(
        """() => { const table = document.querySelector('table');
                   table.style.minWidth = '900px';
                   const body = table.tBodies[0];
                   for (let row = 0; row < 60; row += 1) body.append(body.rows[0].cloneNode(true)); }"""
    )
    box = page.get_by_role("group", name="Table, scrolls sideways and down").first
    box.wait_for()
    box.evaluate("(box) => box.scrollTo(0, 500)")
    top = page.locator("table thead th").first.bounding_box()["y"]
    assert abs(top - box.bounding_box()["y"]) <= 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


# -- an address without a page ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web host that shows `404.html` for what is not there, with the site in a folder `course/`."""
    root = tmp_path_factory.mktemp("host")
    (root / "course").symlink_to(site, target_is_directory=True)

    class Host(SimpleHTTPRequestHandler):
        def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
            body = (site / "404.html").read_bytes()
            self.send_response(code)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(root)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("missing", ["course/nothing.html", "course/slides/nothing", "course/a/b/c/nothing.html"])
def test_the_missing_page_looks_and_links_right_at_any_depth(browser, host: str, missing: str) -> None:
    page = browser.new_page()
    assert page.goto(f"{host}/{missing}").status == 404
    page.wait_for_function("() => document.querySelector('.scheme-button').title !== ''")  # the script of pages has run
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith('"Source Sans 3"')
    page.wait_for_function("() => document.querySelector('.brand img').naturalWidth > 0")
    assert page.locator("main a", has_text="Home").evaluate("(a) => a.href") == f"{host}/course/index.html"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{host}/{missing}#main")
    page.locator("main a", has_text="Home").click()
    assert page.title() == "Deep Learning in Genomics"
    page.close()


# -- paper -----------------------------------------------------------------------------------------------------------


def test_a_printed_lesson_is_clean(visit) -> None:
    page = visit(LESSON).page
    assert page.locator(".site-header").is_visible()
    page.emulate_media(media="print")
    for chrome in (
        ".site-header",
        ".sidebar",
        ".toc",
        ".breadcrumbs",
        ".page-navigation",
        ".site-footer",
        ".back-to-top",
    ):
        assert not page.locator(chrome).is_visible(), chrome
    assert page.locator(".copy-button:visible").count() == 0
    assert page.evaluate(BACKGROUND) == "rgb(255, 255, 255)"
    wide = page.evaluate(
        "[...document.querySelectorAll('.content pre')].filter((p) => p.scrollWidth > p.clientWidth + 1).length"
    )
    assert wide == 0


def test_hints_and_solutions_print_their_titles_and_stay_folded(visit) -> None:
    page = visit(LESSON).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for kind in ("hint", "solution"):
        folded = page.locator(f"details.{kind}")
        assert folded.count() >= 8
        assert folded.locator("> summary").first.is_visible()
        assert folded.evaluate_all("(all) => all.filter((one) => one.open).length") == 0
        inside = page.locator(f"details.{kind} > :not(summary)").first
        assert not inside.is_visible()


def test_a_printed_page_says_where_its_links_lead(visit) -> None:
    page = visit(LESSON).page
    page.emulate_media(media="print")
    said = page.evaluate(
        """[...document.querySelectorAll('.content a[href^="http"]')]
             .map((a) => getComputedStyle(a, '::after').content)"""
    )
    assert said
    assert [text for text in said if "(" not in text or len(text) > 120] == []
