"""The pages for instructors and on corrections, compared with the built deck and lesson that they speak of."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import lxml.html
import pytest

DECK = "slides/01-introduction-to-deep-learning.html"
LESSON = "notebooks/01-introduction-to-deep-learning.html"
STATED = re.compile(r"\s*(\d+) minutes?")

Element = lxml.html.HtmlElement


def words(element: Element) -> str:
    return " ".join(element.text_content().split())


def opened(site: Path, path: str) -> Element:
    return lxml.html.fromstring((site / path).read_text("utf-8"))


@pytest.fixture(scope="module")
def notes(site: Path) -> dict[str, Element]:
    """Return the speaker notes of the built deck by the anchor of their slide, section slides aside."""
    slides = opened(site, DECK).xpath("//section[.//aside[contains(@class, 'notes')]][not(.//section)]")
    found = {slide.get("id"): slide.xpath(".//aside[contains(@class, 'notes')]")[0] for slide in slides}
    return {name: aside for name, aside in found.items() if STATED.match(words(aside))}


@pytest.fixture(scope="module")
def page(site: Path) -> Element:
    return opened(site, "instructors.html")


def section(page: Element, name: str) -> Element:
    return page.xpath(f"//section[@id='{name}']")[0]


def slide_links(element: Element) -> list[str]:
    links = [link.get("href") for link in element.xpath(".//a[@href]")]
    return [unquote(urlsplit(link).fragment).lstrip("/") for link in links if DECK in link and "#" in link]


def minutes(notes: dict[str, Element], names: list[str]) -> int:
    return sum(int(STATED.match(words(notes[name]))[1]) for name in names)


# -- instructors --------------------------------------------------------------------------------------------------


def test_the_minutes_are_those_of_the_deck(page: Element, notes: dict[str, Element]) -> None:
    rows = [[words(cell) for cell in row] for row in section(page, "timing").xpath(".//tbody/tr")]
    total = rows.pop()
    assert [int(total[1]), int(total[2])] == [len(notes), minutes(notes, list(notes))]
    assert [sum(int(row[column]) for row in rows) for column in (1, 2)] == [int(total[1]), int(total[2])]
    listed = section(page, "slide-by-slide")
    assert slide_links(listed) == list(notes)
    stated = [int(word) for word in re.findall(r"(\d+) min\.", words(listed))]
    assert stated == [minutes(notes, [name]) for name in notes]


def test_parts_take_about_as_long_as_their_first_slide_says(site: Path, page: Element) -> None:
    stated = dict.fromkeys(())
    for slide in opened(site, DECK).xpath("//section[@id][h1]"):
        if found := re.search(r"About (\d+) minutes", slide.text_content()):
            stated[words(slide.xpath("./h1")[0])] = int(found[1])
    rows = {words(row[0]): int(words(row[2])) for row in section(page, "timing").xpath(".//tbody/tr")}
    assert len(stated) >= 5
    assert {part: rows[part] for part, said in stated.items() if abs(rows[part] - said) > max(5, 0.2 * said)} == {}


@pytest.mark.parametrize(("plan", "lengths"), [("plan-90", [90]), ("plan-2-50", [50, 50])])
def test_a_plan_fits_its_sessions(page: Element, notes: dict[str, Element], plan: str, lengths: list[int]) -> None:
    body = section(page, plan)
    sessions = [
        slide_links(each) for each in body.xpath("./ul | .//div[contains(@class, 'cell')]//ul[not(ancestor::ul)]")
    ]
    taken = [minutes(notes, names) for names in sessions]
    said = [(int(a), int(b)) for a, b in re.findall(r"(\d+) of (\d+) minutes", words(body))]
    assert said == list(zip(taken, lengths, strict=True))
    assert all(time <= length for time, length in said)
    assert sum(taken) > 0.9 * sum(lengths), "a plan that leaves out more than it must"
    shown = [name for names in sessions for name in names]
    assert shown == [name for name in notes if name in shown], "slides keep their order"
    assert f"the other {len(notes) - len(shown)} slides" in words(body)


def test_misconceptions_and_questions_are_those_of_the_notes(page: Element, notes: dict[str, Element]) -> None:
    listed = words(section(page, "slide-by-slide"))
    wrong = [re.search(r"What students get wrong: ([^.?!]+)", words(aside)) for aside in notes.values()]
    wrong = [match[1] for match in wrong if match]
    assert len(wrong) > 10
    assert [text for text in wrong if text[0].upper() + text[1:] not in listed] == []
    asked = [text for aside in notes.values() for text in re.findall(r"\bAsk\b[^.?!]*\?", words(aside))]
    assert len(asked) > 5
    assert [text for text in asked if text not in listed] == []
    assert "{python}" not in listed


def test_the_exercises_are_those_of_the_lesson(site: Path, page: Element) -> None:
    headings = opened(site, LESSON).xpath("//main//section[h3[starts-with(normalize-space(), 'Exercise ')]]")
    links = section(page, "lesson-1").xpath(".//li//a/@href")
    assert links == [f"{LESSON}#{heading.get('id')}" for heading in headings]
    assert len(links) >= 8


def test_every_tool_of_the_deck_is_named(visit, page: Element) -> None:
    shown = {words(row[1]): words(row[0]) for row in section(page, "keys").xpath(".//tbody/tr")}
    deck = visit(DECK)
    buttons = deck.page.locator(".deck-tools button").all()
    in_menu = {button.evaluate("b => b.firstChild.textContent.trim()"): button.locator("kbd") for button in buttons}
    assert shown == {name: key.text_content() for name, key in in_menu.items() if key.count()}


# -- the keys that the page names ---------------------------------------------------------------------------------


def place(page) -> tuple[int, int]:
    indices = page.evaluate("Reveal.getIndices()")
    return indices["h"], indices["v"]


def test_keys_that_move(visit) -> None:
    page = visit(DECK).page
    first = place(page)
    for forward, back in (("ArrowRight", "ArrowLeft"), ("Space", "p"), ("n", "p")):
        page.keyboard.press(forward)
        assert place(page) != first, forward
        page.keyboard.press(back)
        assert place(page) == first, back
    page.keyboard.press("End")
    assert place(page)[0] == page.evaluate("Reveal.getHorizontalSlides().length") - 1
    page.keyboard.press("Home")
    assert place(page) == first


def test_keys_that_show_something_else(visit) -> None:
    page = visit(DECK).page
    for key, state in ((".", "Reveal.isPaused()"), ("Escape", "Reveal.isOverview()"), ("o", "Reveal.isOverview()")):
        page.keyboard.press(key)
        assert page.evaluate(state), key
        page.keyboard.press(key)
        assert not page.evaluate(state), key
    page.keyboard.press("f")
    page.wait_for_function("() => document.fullscreenElement !== null")


def test_the_key_for_drawing_on_the_slide(visit) -> None:
    page = visit(DECK).page
    shown = "getComputedStyle(document.getElementById('notescanvas')).pointerEvents"
    before = page.evaluate(shown)
    page.keyboard.press("c")
    page.wait_for_function(f"before => {shown} !== before", arg=before)
    page.keyboard.press("c")
    page.wait_for_function(f"before => {shown} === before", arg=before)


def test_the_keys_for_help_and_for_printing(visit) -> None:
    page = visit(DECK).page
    page.keyboard.press("Shift+?")
    page.wait_for_selector(".r-overlay-help, .overlay-help")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_url(re.compile(r"\?print-pdf"))
    page.wait_for_selector(".pdf-page")


# -- corrections --------------------------------------------------------------------------------------------------


def test_links_of_a_correction_lead_to_a_slide_or_cell_that_is_there(site: Path) -> None:
    links = opened(site, "corrections.html").xpath("//div[contains(@class, 'correction')]//dd//a/@href")
    places = [urlsplit(link) for link in links if link.startswith(("slides/", "notebooks/"))]
    ids = {path: set(opened(site, path).xpath("//@id")) for path in {place.path for place in places}}
    assert len(places) > 20
    assert [place.geturl() for place in places if unquote(place.fragment) not in ids[place.path]] == []


def test_a_link_to_a_slide_opens_that_slide(visit) -> None:
    page = visit("corrections.html").page
    page.locator("#depth a[href*='slides/']").first.click()
    page.wait_for_function("() => window.Reveal?.isReady()")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "over-40-starts-depth-alone-did-not-win"


def test_a_link_to_a_folded_cell_opens_it(visit) -> None:
    page = visit("corrections.html").page
    page.locator("#training-data a[href*='cell-fig-estimated-beta']").click()
    page.wait_for_selector("#cell-fig-estimated-beta", state="visible")


def test_a_correction_on_a_slide_leads_to_the_page(visit) -> None:
    page = visit(f"{DECK}#over-40-starts-depth-alone-did-not-win").page
    page.locator("#over-40-starts-depth-alone-did-not-win .callout a").click()
    page.wait_for_url("**/corrections.html#depth")


@pytest.mark.parametrize("path", ["corrections.html", "instructors.html"])
def test_a_phone_shows_the_page_without_scrolling_sideways(visit, path: str) -> None:
    page = visit(path, width=360).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if path == "corrections.html":
        label, text = (page.locator(f"#spiral {tag}").first.bounding_box() for tag in ("dt", "dd"))
        assert label["y"] + label["height"] <= text["y"] + 1, "the label stands above its text"


def test_home_and_sidebar_lead_to_both(site: Path) -> None:
    home = opened(site, "index.html")
    for place in ("//main//a/@href", "//*[@id='sidebar']//a/@href"):
        assert {"corrections.html", "instructors.html"} <= set(home.xpath(place))
