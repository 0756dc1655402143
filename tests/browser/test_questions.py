"""Self-check questions, marks of exercises and the overview, as a reader uses them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.axe_check import violations
from tests.browser.site_pages import DECKS, PAGES

LESSON = "notebooks/01-introduction-to-deep-learning.html"
DECK = "slides/01-introduction-to-deep-learning.html"
PROGRESS = "progress.html"
OURS = ".question[data-item], .exercise-mark [data-item]"  # the menu of a deck has data-item too
PRESSED = ".question-choice, .question-check, .question-field input, .exercise-mark label"


def check(page: Page, name: str, *places: int) -> str:
    """Choose answers of a question, press its button, return what is said."""
    question = page.locator(f"#{name}")
    for place in places:
        question.locator(".question-choice input").nth(place - 1).check()
    question.locator(".question-check").click()
    return question.locator(".question-result").inner_text()


def stored(page: Page) -> dict[str, str]:
    return page.evaluate("JSON.parse(localStorage.getItem('course-progress') ?? '{}')")


def test_a_wrong_choice_is_explained_and_another_try_is_right(visit) -> None:
    page = visit(LESSON).page
    question = page.locator("#q-learning-rate")
    assert not question.locator(".question-answer").is_visible()
    assert "Wrong." in check(page, "q-learning-rate", 3)
    assert question.locator(".is-wrong .question-number, .question-choice.is-wrong").count() >= 1
    assert question.locator(".question-answer").is_visible()
    question.locator(".question-choice input").nth(1).check()
    assert question.locator(".question-result").inner_text() == ""
    assert check(page, "q-learning-rate").strip().startswith("2")
    assert question.locator(".question-choice.is-right").count() == 1
    assert list(stored(page).values()) == ["right"]


def test_nothing_chosen_is_said_and_not_remembered(visit) -> None:
    page = visit(LESSON).page
    assert check(page, "q-learning-rate") == "Choose an answer first."
    assert stored(page) == {}


def test_several_right_answers_are_all_needed(visit) -> None:
    page = visit(LESSON).page
    assert "Right answers not chosen: 1." in check(page, "q-capacity", 3)
    assert check(page, "q-capacity", 5).startswith("All right")
    assert check(page, "q-capacity", 1).startswith("Not yet")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("545", "Right."),
        (" 545.0 ", "Right."),
        ("528", "counts the weights alone"),
        ("600", "The number is smaller."),
        ("many", "Type a number first"),
        ("", "Type a number first"),
    ],
)
def test_a_number_is_judged(visit, given: str, said: str) -> None:
    page = visit(LESSON).page
    page.locator("#q-parameters-number").fill(given)
    page.keyboard.press("Enter")
    assert said in page.locator("#q-parameters .question-result").inner_text()


@pytest.mark.parametrize("given", ["-1.5", "−1.5", "-1,5"])
def test_a_number_is_read_as_people_write_it(visit, given: str) -> None:
    page = visit(LESSON).page
    page.locator("#q-kink-number").fill(given)
    page.keyboard.press("Enter")
    assert "Right." in page.locator("#q-kink .question-result").inner_text()


def test_the_keyboard_alone_answers_a_question(visit) -> None:
    page = visit(LESSON).page
    page.locator("#q-learning-rate input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "question-check"
    page.keyboard.press("Enter")
    assert "Right." in page.locator("#q-learning-rate .question-result").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_judged_questions_and_the_open_dialog_are_accessible(visit, scheme: str, width: int) -> None:
    page = visit(LESSON, scheme=scheme, width=width).page
    check(page, "q-learning-rate", 3)
    check(page, "q-capacity", 1, 3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = violations(page, ".question")
    page.goto(page.url.replace(LESSON, PROGRESS))
    found += violations(page, "main")
    page.locator(".progress-clear").click()
    assert found + violations(page, "dialog") == []


def test_what_is_pressed_is_large_enough(visit) -> None:
    page = visit(LESSON, width=360).page
    small = page.evaluate(
        """selector => [...document.querySelectorAll(selector)]
             .filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 90))""",
        PRESSED,
    )
    assert small == []


def test_without_scripts_the_answer_is_folded_and_nothing_dead_is_shown(visit) -> None:
    page = visit(LESSON, java_script_enabled=False).page
    question = page.locator("#q-learning-rate")
    assert "curvature" in question.locator("legend").inner_text()
    assert not question.locator(".question-check").is_visible()
    question.locator("summary").click()
    assert "Overshooting is not divergence." in question.locator(".question-answer").inner_text()


def test_without_scripts_the_overview_says_what_it_would_show(visit) -> None:
    page = visit(PROGRESS, java_script_enabled=False).page
    assert "With scripts" in page.locator("main").inner_text()
    assert not page.locator(".progress-clear").is_visible()
    assert page.locator(".progress-lesson li a").count() > 15


def test_what_is_done_is_remembered_counted_saved_and_cleared(visit) -> None:
    seen = visit(LESSON)
    page = seen.page
    check(page, "q-learning-rate", 2)
    check(page, "q-capacity", 1)
    page.locator(".exercise-mark input").nth(2).check()
    page.reload()
    assert page.locator(".exercise-mark input").nth(2).is_checked()
    assert page.locator("#q-learning-rate .question-remembered").inner_text() == " (answered)"
    page.goto(page.url.replace(LESSON, PROGRESS))
    assert [page.locator(f"[data-mark={mark}]").count() for mark in ("right", "tried", "done")] == [1, 1, 1]
    total = page.locator(".progress-mark").count()
    assert page.locator(".progress-total .progress-text").inner_text() == f"In all: 2 of {total} done"
    assert page.locator(".progress-total progress").evaluate("bar => [bar.value, bar.max]") == [2, total]
    with page.expect_download() as download:
        page.locator(".progress-export").click()
    text = download.value.path().read_text("utf-8")
    assert "answered  Question: A rate that overshoots" in text
    page.locator(".progress-clear").click()
    page.locator(".progress-keep").click()
    assert len(stored(page)) == 3
    page.locator(".progress-clear").click()
    page.locator(".progress-confirm").click()
    assert page.evaluate("localStorage.getItem('course-progress')") is None
    assert page.locator(".progress-total .progress-text").inner_text() == f"In all: 0 of {total} done"
    assert (seen.complaints, seen.foreign) == ([], [])


def test_the_overview_lists_every_question_and_exercise(visit) -> None:
    listed = visit(PROGRESS).page.evaluate(
        "[...document.querySelectorAll('.progress-mark')].map(m => m.dataset.item).sort()"
    )
    there = []
    for path in (path for path in (*PAGES, *DECKS) if path.startswith(("notebooks/", "slides/"))):
        page = visit(path).page
        there += page.evaluate(f"[...document.querySelectorAll({OURS!r})].map(e => e.dataset.item)")
    assert listed == sorted(there)


def test_with_storage_off_questions_still_work(visit) -> None:
    seen = visit("404-not-there.html")
    page = seen.page
    seen.complaints.clear()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off', 'SecurityError'); } })"
    )
    page.goto(f"{seen.host}/{LESSON}")
    assert "Right." in check(page, "q-learning-rate", 2)
    page.goto(f"{seen.host}/{PROGRESS}")
    assert "nothing is kept" in page.locator(".progress-status").inner_text()
    assert [text for text in seen.complaints if "uncaught" in text] == []


def test_what_another_script_left_in_the_storage_does_no_harm(visit) -> None:
    page = visit(PROGRESS).page
    for text in ("no JSON", "[1]", "null", '{"x": {"a": 1}}'):
        page.evaluate("text => localStorage.setItem('course-progress', text)", text)
        page.reload()
        assert page.locator(".progress-total .progress-text").inner_text().startswith("In all: 0 of")


# -- slides -------------------------------------------------------------------------------------------------------


def poll(visit, name: str) -> Page:
    page = visit(DECK).page
    page.evaluate(
        """name => { const s = document.getElementById(name).closest('section');
                     const i = Reveal.getIndices(s); Reveal.slide(i.h, i.v); }""",
        name,
    )
    return page


def place(page: Page) -> list[int]:
    return page.evaluate("(({ h, v, f }) => [h, v ?? 0, f ?? -1])(Reveal.getIndices())")


def test_the_next_key_shows_the_answer_of_a_poll(visit) -> None:
    page = poll(visit, "poll-rates")
    shown = page.locator("#poll-rates .question-shown")
    assert shown.evaluate("e => getComputedStyle(e).visibility") == "hidden"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('#poll-rates .question-shown').matches('.visible')")
    assert "Right." in shown.inner_text()


def test_after_a_click_the_keys_are_the_decks_again(visit) -> None:
    page = poll(visit, "poll-rates")
    page.locator("#poll-rates .question-choice").first.click()
    page.locator("#poll-rates .question-check").click()
    assert "Wrong." in page.locator("#poll-rates .question-result").inner_text()
    before = place(page)
    page.keyboard.press("Space")
    assert place(page) != before
    assert page.locator("#poll-rates .question-result").inner_text() == ""


def test_keys_pressed_in_a_poll_do_not_turn_the_slide(visit) -> None:
    page = poll(visit, "poll-rates")
    before = place(page)
    page.locator("#poll-rates input").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("#poll-rates input").nth(1).is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert "Right." in page.locator("#poll-rates .question-result").inner_text()
    assert place(page) == before
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert place(page) != before


def test_a_number_is_typed_on_a_slide(visit) -> None:
    page = poll(visit, "poll-parameters")
    page.locator("#poll-parameters-number").fill("25")
    page.keyboard.press("Enter")
    assert "weights alone" in page.locator("#poll-parameters .question-result").inner_text()
