"""The glossary: what `glossary.yml` may say, the page made from it, and which words of a text are marked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import nbformat
import pytest
from nbformat.v4 import new_markdown_cell

from site_builder.document import read_document
from site_builder.glossary import GLOSSARY, TERMS, anchor, plural, read_glossary, write_glossary
from tests.site_builder.course import REPOSITORY, Course, all_errors, front_matter, lesson, make_course, the_error

ENTRIES = """\
gradient descent:
  means: Steps against the gradient.
  also: [GD]
  taught: [notebook 01#sums, deck 02]
gradient:
  means: The vector of "partial" derivatives & more.
position weight matrix:
  means: A table of scores.
  also: [PWM, position weight matrices]
loss:
  means: What one wants small.
base:
  means: A letter of DNA.
  mark: false
ReLU:
  means: An activation function.
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = make_course(tmp_path_factory.mktemp("glossary") / "course")
    made.configure("lang: en\n", "lang: en\nfilters:\n  - theme/filters/glossary.lua\n")
    made.configure("    - page.qmd\n", "    - page.qmd\n    - glossary.qmd\n    - notebooks/*.ipynb\n")
    made.write(GLOSSARY, ENTRIES)
    made.write("notebooks/01-sums.ipynb", nbformat.writes(lesson()))
    made.write("glossary.qmd", front_matter() + "Before.\n\n::: {.glossary-list}\n:::\n")
    write_glossary(made.root)
    return made


def terms(page: lxml.html.HtmlElement) -> list[str]:
    return [link.text_content() for link in page.xpath("//a[@class='term']")]


def marked(course: Course, text: str, front: str = "") -> list[str]:
    return terms(course.page(text, front))


# ------------------------------------------------------------------------------------------------------ glossary.yml


def mistake(tmp_path: Path, text: str) -> str:
    (tmp_path / GLOSSARY).write_text(text)
    return str(the_error(lambda: read_glossary(tmp_path)))


def test_the_glossary_of_the_course_is_in_order_and_explains_enough() -> None:
    names = [term.name for term in read_glossary(REPOSITORY)]
    assert names == sorted(names, key=str.casefold)
    assert len(names) >= 70


def test_every_definition_of_the_course_is_one_or_two_sentences() -> None:
    sentences = {term.name: len(re.findall(r"[.?](?: |$)", term.means)) for term in read_glossary(REPOSITORY)}
    assert {name: count for name, count in sentences.items() if count not in (1, 2)} == {}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a:\n  means: A.\na:\n  means: B.\n", 3, "the key 'a' is given twice"),
        ("loss:\n  means: A.\nLoss:\n  means: B.\n", 3, "'Loss' is given twice"),
        ("a:\n  means: A.\nb:\n  means: B.\n  also: [c, A]\n", 5, "'A' is given twice"),
        ("a:\n  means: A.\n  also: [b, b]\n", 3, "'b' is given twice"),
        ("a b:\n  means: A.\na-b:\n  means: B.\n", 3, "the same address"),
        ("a:\n  also: b\n", 1, "the term 'a' has no definition"),
        ("a:\n  means:\n", 2, "the term 'a' has no definition"),
        ("\na:\n", 2, "the term 'a' has no definition"),
        ("a:\n  means: no sentence\n", 2, "does not end with a period"),
        (f"a:\n  means: {'x' * 300}.\n", 2, "has 301 characters"),
        ("a:\n  means: A.\n  tought: deck 01\n", 3, "unknown key 'tought'"),
        ("a:\n  means: A.\n  taught: deck 05\n", 3, "the course has no deck 05"),
        ("a:\n  means: A.\n  taught: notebook 00\n", 3, "the course has no notebook 00"),
        ("a:\n  means: A.\n  taught: [deck 01, lecture 1]\n", 3, "'lecture 1' is not of the form"),
        ("a:\n  means: A.\n  mark: never\n", 3, "'mark' of the term 'a' is true or false"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    said = mistake(tmp_path, text)
    assert said.startswith(f"{GLOSSARY}:{line}: ")
    assert message in said


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    (tmp_path / GLOSSARY).write_text("a:\nb:\n  means: B.\n  taught: deck 99\n")
    lines = [error.where.line for error in all_errors(lambda: read_glossary(tmp_path))]
    assert lines == [1, 4]


def test_a_mistake_stops_the_build_with_file_and_line(tmp_path: Path) -> None:
    broken = make_course(tmp_path / "course")
    broken.write(GLOSSARY, "loss:\n  means:\n")
    run = broken.render()
    assert run.returncode == 1
    assert f"{GLOSSARY}:2: the term 'loss' has no definition" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_a_lesson_is_linked_once_it_is_there(course: Course) -> None:
    by_name = {term.name: term for term in read_glossary(course.root)}
    taught = [(item.name, item.source) for item in by_name["gradient descent"].taught]
    assert taught == [("Lesson 1", "notebooks/01-sums.ipynb#sums")]


def test_a_glossary_that_is_taken_away_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / GLOSSARY).write_text("a:\n  means: A.\n")
    write_glossary(tmp_path)
    assert json.loads((tmp_path / TERMS).read_text())[0]["name"] == "a"
    (tmp_path / GLOSSARY).unlink()
    write_glossary(tmp_path)
    assert not (tmp_path / TERMS).exists()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("gradient", "gradients"),
        ("loss", "losses"),
        ("k-mer", "k-mers"),
        ("mini-batch", "mini-batches"),
        ("nonlinearity", "nonlinearities"),
        ("hidden layer", "hidden layers"),
        ("CNN", "CNNs"),
    ],
)
def test_plurals(word: str, expected: str) -> None:
    assert plural(word) == expected


def test_anchors_depend_on_the_name_alone() -> None:
    assert anchor("Position weight matrix") == "term-position-weight-matrix"
    assert anchor("R²") == "term-r2"


# ---------------------------------------------------------------------------------------------------------- the page


def test_the_page_lists_every_term_under_its_letter(course: Course) -> None:
    page = course.make(read_document(course.root, "glossary.qmd"))
    assert page.xpath("//h2/text()") == ["B", "G", "L", "P", "R"]
    assert page.xpath("//nav[@class='letters']//a/@href") == [f"#letter-{letter}" for letter in "bglpr"]
    assert page.xpath("//section[@id='letter-g']//h3/text()") == ["Gradient", "Gradient descent"]
    (entry,) = page.xpath("//section[@id='term-gradient-descent']")
    assert "Steps against the gradient." in entry.text_content()
    assert "Also: GD. Taught in Lesson 1." in entry.text_content()
    assert entry.xpath(".//a/@href") == ["notebooks/01-sums.html#sums"]
    assert terms(page) == []


# ------------------------------------------------------------------------------------------------------------- terms


def test_a_term_links_to_its_entry_and_carries_its_definition(course: Course) -> None:
    (link,) = course.page("Take the gradient.\n").xpath("//a[@class='term']")
    assert dict(link.attrib) == {
        "class": "term",
        "href": "glossary.html#term-gradient",
        "data-term": "gradient",
        "data-definition": 'The vector of "partial" derivatives & more.',
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The gradient, and the gradient again.", ["gradient"]),
        ("The gradient of gradient descent.", ["gradient", "gradient descent"]),
        ("Gradient\ndescent by GD.", ["Gradient descent"]),
        ("(Gradients!) and losses.", ["Gradients", "losses"]),
        ("Two position weight matrices, or PWMs.", ["position weight matrices"]),
        ('Its gradient\'s length, *its loss*, "its ReLU".', ["gradient", "loss", "ReLU"]),
        ("*The gradient, a history* of *loss and ReLU* by *GD*.", ["loss", "ReLU", "GD"]),
        ("A gradiental lossless regradient, a loss-free non-gradient, a relu.", []),
        ("A base and two bases.", []),
        ("A gradient. Descent follows.", ["gradient"]),
        ("## The gradient\n\nText.", []),
        ("`gradient` and $gradient$ and [the gradient](index.qmd).", []),
        ("| gradient |\n|---|\n| loss |\n", []),
        ("```\ngradient\n```\n", []),
        ("![The gradient](theme/images/one-hot.svg){fig-alt='The loss.'}", []),
        ("**The gradient** is introduced; the gradient is known. A **loss**.", []),
        ('<details class="hint"><summary>Hint</summary>\n\nThe gradient.\n\n</details>\n\nA loss.', ["loss"]),
        ("Text.[^1]\n\n[^1]: The gradient.", []),
        ("::: {.callout-note}\nThe gradient.\n:::\n\n* A loss\n\n> A ReLU", ["gradient", "loss", "ReLU"]),
        ("## References\n\nThe gradient.\n\n## More\n\nA loss.", ["loss"]),
        ("A [gradient]{.no-term}, a loss.", ["loss"]),
        ("::: {.no-term}\nA gradient.\n:::\n\nA loss.", ["loss"]),
        ("A gradient, a [gradient]{.term}, a [base]{.term}.", ["gradient", "gradient", "base"]),
        ("The [slope]{.term data-term='gradient'}.", ["slope"]),
        ("A gradient, the [slope](glossary.qmd#term-gradient).", ["gradient", "slope"]),
    ],
)
def test_which_words_of_a_text_are_marked(course: Course, text: str, expected: list[str]) -> None:
    assert [" ".join(word.split()) for word in marked(course, text + "\n")] == expected


def test_what_stands_around_a_term_stays(course: Course) -> None:
    page = course.page('See (gradients), its loss\'s size: "PWM"; ReLU.\n')
    assert "See (gradients), its loss’s size: “PWM”; ReLU." in page.xpath("//main")[0].text_content()
    assert terms(page) == ["gradients", "loss", "PWM", "ReLU"]


def test_a_definition_travels_once(course: Course) -> None:
    links = course.page("A gradient, a [gradient]{.term}.\n").xpath("//a[@class='term']")
    assert [link.get("data-definition") is not None for link in links] == [True, False]


def test_a_page_can_do_without(course: Course) -> None:
    page = course.page("The gradient.\n", "glossary: false")
    assert terms(page) == []
    assert not page.xpath("//script[contains(@src, 'term-tips')]")


def test_a_page_without_terms_loads_no_script(course: Course) -> None:
    assert not course.page("Nothing.\n").xpath("//script[contains(@src, 'term-tips')]")
    assert len(course.page("A loss.\n").xpath("//script[contains(@src, 'term-tips')]")) == 1


def test_a_word_that_the_glossary_lacks_is_refused(course: Course) -> None:
    error = the_error(lambda: course.page("Text.\n\nA [slope]{.term}.\n"))
    assert 'the glossary has no term "slope"' in str(error)
    assert error.where.line is not None


def test_a_deck_marks_once_a_part_and_bold_words_too_but_no_notes(course: Course) -> None:
    deck = course.deck(
        "# One\n\n## A\n\nA **gradient**.\n\n::: {.notes}\nA loss.\n:::\n\n## B\n\nA gradient.\n\n"
        "# Two\n\n## C\n\nA gradient.\n"
    )
    assert [link.get("href") for link in deck.xpath("//a[@class='term']")] == ["../glossary.html#term-gradient"] * 2
    assert [link.xpath("ancestor::section[1]/@id")[0] for link in deck.xpath("//a[@class='term']")] == ["a", "c"]


def test_a_lesson_marks_once_a_section(course: Course) -> None:
    notebook = lesson()
    text = "## A\n\nA loss.\n\n### B\n\nA loss.\n\n## C\n\nA loss."
    notebook.cells = [
        notebook.cells[0],
        new_markdown_cell(text, id="x"),
    ]
    course.write("lessons/lesson.ipynb", nbformat.writes(notebook))
    page = course.make(read_document(course.root, "lessons/lesson.ipynb"))
    assert [link.xpath("ancestor::section[1]/@id")[0] for link in page.xpath("//a[@class='term']")] == ["a", "c"]


def test_a_slide_carries_four_marks_at_most_and_the_next_one_the_rest(course: Course) -> None:
    text = "gradient, loss, ReLU, PWM, gradient descent"
    deck = course.deck(f"## A\n\nA {text}.\n\n## B\n\nA {text}.\n")
    marks = [[link.text_content() for link in slide.xpath(".//a[@class='term']")] for slide in deck.xpath("//section")]
    assert [found for found in marks if found] == [["gradient", "loss", "ReLU", "PWM"], ["gradient descent"]]
