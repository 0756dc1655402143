"""Self-check questions: what the filter makes of them, what it refuses, and the list of them all."""

from __future__ import annotations

import json
import re

import lxml.html
import pytest
from nbformat.v4 import new_markdown_cell

from course_lib.mlp import MLP, count_parameters
from site_builder.document import read_document
from tests.site_builder.course import REPOSITORY, Course, all_errors, lesson, the_error

LESSON = "lessons/lesson.ipynb"
FILTERS = "filters:\n  - theme/filters/questions.lua\n\nlang: en\n"
STEM = "Which is larger?\n\n"


def choices(*texts: str) -> str:
    return "".join(f"{number}. {text}\n" for number, text in enumerate(texts, start=1)) + "\n"


def answer(*texts: str) -> str:
    return f"<details><summary>Answer</summary>\n\n{choices(*texts)}</details>\n"


def question(body: str, attributes: str = '#q-one data-title="Sizes"') -> str:
    return f"::: {{.question {attributes}}}\n{body}\n:::\n"


GOOD = STEM + choices("$2^3$", "$3^2$") + answer("Wrong. It is 8.", "Right. It is 9.")
NUMBER = "How many?\n\n<details><summary>Answer</summary>\n\n{}\n\n</details>\n"


@pytest.fixture
def asking(course: Course) -> Course:
    course.configure("lang: en\n", FILTERS)
    return course


def made(course: Course, body: str, path: str = "page.qmd") -> lxml.html.HtmlElement:
    (found,) = course.page(body, path=path).xpath("//div[@class='question']")
    return found


def test_a_choice_becomes_a_group_of_radio_buttons_with_its_question_as_legend(asking: Course) -> None:
    shown = made(asking, question(GOOD))
    assert "Which is larger?" in shown.find("fieldset/legend").text_content()
    assert "Check yourself: Sizes" in shown.find("fieldset/legend").text_content()
    assert [(i.get("type"), i.get("name")) for i in shown.xpath(".//label/input")] == [("radio", "q-one")] * 2
    assert shown.get("data-item") == "page.qmd#q-one"
    assert shown.xpath("boolean(.//*[@role='status'])")


def test_two_right_answers_make_checkboxes(asking: Course) -> None:
    body = STEM + choices("a", "b", "c") + answer("Right. A.", "Right. B.", "Wrong. C.")
    shown = made(asking, question(body))
    assert {i.get("type") for i in shown.xpath(".//label/input")} == {"checkbox"}
    assert "More than one answer is right." in shown.text_content()


def test_the_answer_is_folded_explained_and_out_of_the_search(asking: Course) -> None:
    shown = made(asking, question(GOOD))
    (fold,) = shown.findall("details")
    assert fold.find("summary").text == "Answer"
    assert fold.find("div").get("data-pagefind-ignore") is not None
    assert [li.get("class") for li in fold.iter("li")] == [None, "question-right"]


def test_a_number_is_asked_with_its_tolerance_and_known_mistakes(asking: Course) -> None:
    shown = made(asking, question(NUMBER.format("**1,024 ± 0.5** It is $2^{10}$.\n\n* **−20** has the wrong sign.")))
    assert (shown.get("data-kind"), shown.get("data-number"), shown.get("data-tolerance")) == ("number", "1024", "0.5")
    assert shown.xpath("string(.//details//li/@data-number)") == "-20"
    assert shown.xpath("boolean(//label[@for=//input[@type='text']/@id])")


def test_a_notebook_asks_in_the_same_way(asking: Course) -> None:
    notebook = lesson()
    source = f'<div class="question" id="q-one" data-title="Sizes">\n\n**Check yourself.** {GOOD}\n\n</div>'
    notebook.cells += [new_markdown_cell("### Exercise 1: Add", id="ex"), new_markdown_cell(source, id="q")]
    asking.write(LESSON, json.dumps(notebook))
    page = asking.make(read_document(asking.root, LESSON))
    (shown,) = page.xpath("//div[@class='question']")
    assert shown.xpath("normalize-space(.//*[@class='question-stem'])") == "Which is larger?"
    assert shown.get("data-item") == f"{LESSON}#q-one"
    (mark,) = page.xpath("//*[@class='exercise-mark']//input")
    assert mark.get("data-item") == f"{LESSON}#exercise-1-add"
    assert len(page.xpath("//script[contains(@src, 'theme/js/questions.js')]")) == 1


def test_on_a_slide_the_right_answer_is_the_next_step(asking: Course) -> None:
    slide = made(asking, "## Poll\n\n" + question(GOOD), "slides/deck.qmd")
    (step,) = slide.xpath(".//*[contains(@class, 'fragment')]")
    assert "Right. It is 9." in step.text_content()
    assert "It is 8" not in step.text_content()


def test_a_page_without_questions_loads_nothing(asking: Course) -> None:
    assert asking.page("Text.\n").xpath("//script[contains(@src, 'questions.js')]") == []


#: What is wrong with a question, and what the message says.
MISTAKES = {
    "no right answer": (question(STEM + choices("a", "b") + answer("Wrong. A.", "Wrong. B.")), "no right answer"),
    "equal choices": (question(STEM + choices("a", "a") + answer("Right. A.", "Wrong. B.")), "1 and 2 are equal"),
    "one choice": (question(STEM + choices("a") + answer("Right. A.")), "fewer than two"),
    "no verdict": (question(STEM + choices("a", "b") + answer("Right. A.", "Well.")), "answer 2 begins with neither"),
    "no feedback": (question(STEM + choices("a", "b") + answer("Right. A.", "Wrong.")), "and not why"),
    "an answer too few": (question(STEM + choices("a", "b") + answer("Right. A.")), "says something of 1"),
    "no answer": (question(STEM + choices("a", "b")), "has no <details>"),
    "no title": (question(GOOD, "#q-one"), "needs a data-title"),
    "no id": (question(GOOD, 'data-title="Sizes"'), "needs an id"),
    "bullets": (question(STEM + "* a\n* b\n\n" + answer("Right. A.", "Wrong. B.")), "number them"),
    "a word for a number": (question(NUMBER.format("**many** Why.")), "is no number"),
    "a tolerance that is none": (question(NUMBER.format("**2 ± few** Why.")), "is no number"),
    "a number without why": (question(NUMBER.format("**2**")), "and not why"),
    "no number": (question(NUMBER.format("Two.")), "begins with one in bold"),
    "a wrong number that is right": (question(NUMBER.format("**2 ± 1** Why.\n\n* **3** is no.")), "calls 3"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_of_the_author_stops_the_build_at_its_line(asking: Course, name: str) -> None:
    body, message = MISTAKES[name]
    error = the_error(lambda: asking.make(asking.source("Text.\n\n" + body)))
    assert message in error.message
    assert str(error.where) == "page.qmd:6"  # four lines of front matter, a line of text with its blank, the div


def test_an_id_names_one_question(asking: Course) -> None:
    errors = all_errors(lambda: asking.make(asking.source(question(GOOD) + "\n" + question(GOOD))))
    assert ["stands twice" in error.message for error in errors] == [True]


OVERVIEW = '::: {.progress-overview data-folders="slides lessons"}\n:::\n'


def test_the_overview_lists_what_the_sources_hold_and_follows_them(asking: Course) -> None:
    notebook = lesson()
    notebook.cells.append(new_markdown_cell("### Exercise 1: Add", id="ex"))
    asking.write(LESSON, json.dumps(notebook))
    asking.write("slides/deck.qmd", "---\ntitle: Deck\n---\n\n## Poll\n\n" + question(GOOD))
    page = asking.page(OVERVIEW)
    items = ["slides/deck.qmd#q-one", f"{LESSON}#exercise-1-add"]
    assert page.xpath("//*[@class='progress-mark']/@data-item") == items
    assert page.xpath("//section[contains(@class, 'progress-lesson')]//li/a/@href") == [
        "slides/deck.html#q-one",
        "lessons/lesson.html#exercise-1-add",
    ]
    assert page.xpath("//section[contains(@class, 'progress-lesson')]//progress/@max") == ["1", "1"]
    asking.write("slides/deck.qmd", "---\ntitle: Deck\n---\n\n## Poll\n\n" + question(GOOD).replace("q-one", "q-two"))
    assert asking.page(OVERVIEW).xpath("//*[@class='progress-mark']/@data-item")[0] == "slides/deck.qmd#q-two"


# -- the questions of the course ----------------------------------------------------------------------------------

NOTEBOOK = json.loads((REPOSITORY / "notebooks/01-introduction-to-deep-learning.ipynb").read_text("utf-8"))
QUESTIONS = {
    name[1]: text
    for text in ("".join(cell["source"]) for cell in NOTEBOOK["cells"])
    if (name := re.match(r'<div class="question" id="(q-[\w-]+)"', text))
}
#: The numbers that lesson 1 asks for, computed; then the wrong ones that it names.
NUMBERS = {
    "q-batch-noise": (400**0.5 / 16**0.5, 400 / 16, 400**0.5),
    "q-kink": (-3 / 2, 3 / 2, -3, round(-2 / 3, 2)),
    "q-parameters": (
        count_parameters(MLP(32, 16, 1)),
        32 * 16 + 16,
        count_parameters(MLP(8, 16, 1)),
        32 * 16 + 16 + 1,
    ),
}


def test_lesson_1_asks_in_each_of_its_parts() -> None:
    headings = [
        line for cell in NOTEBOOK["cells"] for line in cell["source"] if line.startswith(("## Part", "<div class"))
    ]
    parts = "".join("P" if line.startswith("##") else "q" for line in headings).split("P")[1:]
    assert len(parts) == 4
    assert all(parts)
    assert len(QUESTIONS) >= 8


@pytest.mark.parametrize("name", NUMBERS)
def test_the_numbers_that_lesson_1_asks_for_are_right(name: str) -> None:
    stated = [float(text) for text in re.findall(r"\*\*(-?[\d.]+)", QUESTIONS[name])]
    assert stated == pytest.approx(list(NUMBERS[name]))


def test_only_these_questions_ask_for_a_number() -> None:
    assert {name for name, text in QUESTIONS.items() if "\n1. " not in text} == set(NUMBERS)
