"""The search in headless Chromium: what it finds and does not find, its keys, its dialog, what it loads and when."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe_check import violations
from tests.browser.site_pages import DECKS
from tests.browser.visits import Visit

LESSON = "notebooks/01-introduction-to-deep-learning.html"
DECK = DECKS[0]
Searching = Callable[..., Visit]


@pytest.fixture
def searching(visit) -> Searching:
    """Open a page and its search, and type."""

    def opened(words: str = "", path: str = "index.html", **options: object) -> Visit:
        seen = visit(path, **options)
        seen.page.keyboard.press("/")
        expect(field(seen.page)).to_be_focused()
        if words:
            ask(seen.page, words)
        return seen

    return opened


def field(page: Page):
    return page.get_by_role("combobox", name="Search pages and slides")


def ask(page: Page, words: str) -> None:
    """Type and wait for the answer to just these words, or for none."""
    field(page).fill(words)
    expect(page.locator(".search-status")).to_contain_text(re.compile(re.escape(f"“{words}”") + "|could not"))


def results(page: Page) -> list[dict[str, str]]:
    return page.evaluate(
        """() => [...document.querySelectorAll('.search-result')].map((result) => ({
             address: result.href.replace(location.origin + '/', ''),
             title: result.querySelector('.search-title').textContent,
             kind: result.querySelector('.search-kind').textContent,
             marks: [...result.querySelectorAll('mark')].map((mark) => mark.textContent).join(' '),
           }))"""
    )


@pytest.mark.parametrize(
    ("words", "kind", "title", "leads_to"),
    [
        ("universal approximation", "Lesson", "The universal approximation theorem", f"{LESSON}#"),
        ("AlphaFold", "Slide", "Deep learning predicts biology from sequence", f"{DECK}#/"),
        ("mse_gradient", "Reference", "mse_gradient", "reference/linear.html#mse_gradient"),
        ("linear.mse_gradient", "Reference", "mse_gradient", "reference/linear.html#mse_gradient"),
    ],
)
def test_a_result_names_its_place_and_leads_there(
    searching: Searching, words: str, kind: str, title: str, leads_to: str
) -> None:
    page = searching(words).page
    first = results(page)[0]
    assert (first["kind"], first["title"]) == (kind, title)
    assert first["address"].startswith(leads_to)
    assert words.split(".")[-1].split()[0].lower() in first["marks"].lower()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{first['address']}")
    assert page.evaluate("document.getElementById(decodeURIComponent(location.hash).replace(/^#[/]?/, '')) !== null")


def test_words_lead_to_the_lesson_before_the_reference(searching: Searching) -> None:
    kinds = [result["kind"] for result in results(searching("gradient descent").page)]
    assert kinds[0] in ("Lesson", "Slide")
    assert "Reference" in kinds


def test_hints_and_solutions_are_found_under_their_titles_alone(searching: Searching) -> None:
    page = searching().page
    hidden = page.evaluate(
        """async (path) => {
             const lesson = new DOMParser().parseFromString(await (await fetch(path)).text(), 'text/html');
             const words = (text) => text.toLowerCase().match(/[a-z]{7,}/g) ?? [];
             const folds = [...lesson.querySelectorAll('details.hint, details.solution')];
             const inside = folds.flatMap((fold) => words(fold.textContent));
             folds.forEach((fold) => fold.remove());
             const outside = words(lesson.body.textContent).join(' ');
             const known = (word) => outside.includes(word.slice(0, 5));
             return [...new Set(inside)].filter((word) => !known(word));
           }""",
        LESSON,
    )
    assert hidden, "no word stands only in a hint or a solution"
    for word in hidden[:3]:
        ask(page, word)
        # Pagefind takes a shorter word where nothing matches: what it finds then is another word
        assert LESSON not in {result["address"].split("#")[0] for result in results(page) if word in result["marks"]}
    ask(page, "worked solution")
    assert any(result["title"].startswith("Exercise") for result in results(page))


def test_what_the_speaker_says_is_not_found(searching: Searching, visit) -> None:
    notes = visit(DECK).page.evaluate(
        """() => { const notes = [...document.querySelectorAll('aside.notes')].map((note) => note.textContent);
                   return notes.find((note) => note.includes('minutes')) !== undefined; }"""
    )
    assert notes
    page = searching("minutes").page
    assert [result for result in results(page) if result["kind"] == "Slide" and "minutes" in result["marks"]] == []


def test_nothing_is_loaded_before_the_first_opening_and_all_from_here(visit) -> None:
    for path in ("index.html", LESSON, DECK):
        seen = visit(path)
        seen.page.wait_for_load_state("networkidle")
        assert [url for url in seen.requests if "pagefind" in url] == []
    seen.page.keyboard.press("/")
    ask(seen.page, "gradient")
    assert any("/pagefind/pagefind.js" in url for url in seen.requests)
    assert seen.foreign == []
    assert seen.complaints == []
    assert [response.url for response in seen.responses if not response.ok] == []


@pytest.mark.parametrize("key", ["/", "Control+k"])
def test_the_keys_open_it_escape_closes_it_and_the_focus_returns(visit, key: str) -> None:
    page = visit("index.html").page
    link = page.locator("main a").first
    link.focus()
    page.keyboard.press(key)
    expect(field(page)).to_be_focused()
    page.keyboard.type("a/b")  # a slash is a letter here
    assert field(page).input_value() == "a/b"
    page.keyboard.press("Escape")
    expect(page.locator("dialog.search")).not_to_be_visible()
    expect(link).to_be_focused()


def test_the_button_opens_it_and_a_click_beside_closes_it(visit) -> None:
    page = visit("index.html", width=360).page
    button = page.get_by_role("button", name="Search")
    button.click()
    expect(field(page)).to_be_focused()
    page.mouse.click(2, 715)
    expect(page.locator("dialog.search")).not_to_be_visible()
    expect(button).to_be_focused()


def test_no_key_opens_it_while_typing(visit) -> None:
    page = visit("index.html").page
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('input'), { id: 'mine' }))"
    )
    page.locator("#mine").focus()
    page.keyboard.press("/")
    assert page.locator("#mine").input_value() == "/"
    assert page.locator("dialog.search").count() == 0


def test_arrows_choose_and_say_so(searching: Searching) -> None:
    page = searching("gradient").page

    def active() -> tuple[str | None, str]:
        selected = page.locator('[role="option"][aria-selected="true"]')
        assert selected.count() == 1
        return field(page).get_attribute("aria-activedescendant"), str(selected.get_attribute("id"))

    last = len(results(page)) - 1
    for key, place in [(None, 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", last), ("ArrowDown", 0)]:
        if key:
            page.keyboard.press(key)
        assert active() == (f"search-result-{place}", f"search-result-{place}")
    expect(field(page)).to_be_focused()
    assert field(page).get_attribute("aria-expanded") == "true"


def test_the_status_tells_the_number_nothing_and_failure(visit) -> None:
    page = visit("index.html").page
    page.route("**/pagefind/places.json", lambda route: route.abort())
    page.keyboard.press("/")
    status = page.get_by_role("status")
    ask(page, "gradient")
    assert "could not be loaded" in status.inner_text()
    page.unroute("**/pagefind/places.json")
    field(page).fill("gradients")
    expect(status).to_contain_text("“gradients”")
    assert status.inner_text().split()[1].startswith("result")
    assert int(status.inner_text().split()[0]) >= len(results(page)) > 0
    ask(page, "qqqqq")
    assert "Nothing found" in status.inner_text()
    assert results(page) == []
    assert field(page).get_attribute("aria-expanded") == "false"


def test_in_a_deck_its_own_slides_come_first_and_the_keys_stay_here(searching: Searching) -> None:
    seen = searching("neuron", DECK)
    page = seen.page
    assert page.evaluate("Reveal.isPaused()") is False  # `/` is reveal.js's key for a pause
    here = [result["address"].startswith(DECK) for result in results(page)]
    assert here[0]
    assert here == sorted(here, reverse=True)
    page.keyboard.press("b")
    assert page.evaluate("getComputedStyle(document.getElementById('chalkboard')).visibility") == "hidden"
    ask(page, "alphafold")
    page.keyboard.press("Enter")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'deep-learning-predicts-biology-from-sequence'")
    expect(page.locator("dialog.search")).not_to_be_visible()


def test_the_menu_of_a_deck_opens_it(visit) -> None:
    page = visit(DECK).page
    page.keyboard.press("m")
    page.wait_for_selector(".slide-menu.active")
    page.evaluate("document.querySelector('[data-tool=\"3\"]').click()")
    expect(field(page)).to_be_focused()


@pytest.mark.parametrize("path", ["index.html", DECK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_open_dialog_is_accessible_and_fits(searching: Searching, path: str, scheme: str, width: int) -> None:
    page = searching("gradient", path, scheme=scheme, width=width).page
    assert violations(page, "dialog.search") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("dialog.search").evaluate("box => box.scrollWidth <= box.clientWidth")


def test_it_works_under_a_content_security_policy(visit, site: Path) -> None:
    """`wasm-unsafe-eval` is all that it needs beside what is the site's own."""
    seen = visit("index.html")
    page = seen.page
    styles = "img-src 'self' data:; style-src 'self' 'unsafe-inline'"
    policy = f"default-src 'self'; {styles}; script-src 'self' 'wasm-unsafe-eval'"

    def with_policy(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": policy})

    page.route("**/*", with_policy)
    page.reload()
    page.keyboard.press("/")
    ask(page, "gradient")
    assert results(page)
    assert seen.complaints == []
