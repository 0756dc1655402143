"""The page of corrections and the places that it names: each leads to the other, in the sources themselves."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "corrections.qmd").read_text("utf-8")
DECKS = sorted((ROOT / "slides").glob("*.qmd"))
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SOURCE_LINK = re.compile(r"\]\(((?:slides|notebooks)/[^)#]+)#([^)]+)\)")
BACK_LINK = re.compile(r"\]\(\.\./corrections\.qmd#([\w-]+)\)")


def corrections() -> dict[str, str]:
    """Return the text of each correction by its anchor, in the page's order."""
    pieces = re.split(r"^#{2,3} .+ \{#([\w-]+)\}$", PAGE, flags=re.MULTILINE)
    return {name: body for name, body in zip(pieces[1::2], pieces[2::2], strict=True) if "\nWhat is true\n" in body}


SHOWN = {name: body for name, body in corrections().items() if not name.startswith("to-come-")}
PLANNED = {name: body for name, body in corrections().items() if name.startswith("to-come-")}


@cache
def anchors(path: str) -> frozenset[str]:
    """Return the anchors of the slides of a deck, or of the code cells of a lesson."""
    text = (ROOT / path).read_text("utf-8")
    if path.endswith(".ipynb"):
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return frozenset(cell_anchor(cell["id"], "".join(cell["source"])) for cell in cells)
    bare = re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)
    return frozenset(slide_anchor(title) for title in re.findall(r"^## (.+)$", bare, re.MULTILINE))


def cell_anchor(identifier: str, source: str) -> str:
    figure = re.search(r"^#\| label: ((?:fig|tbl)-\S+)", source, re.MULTILINE)
    return f"cell-{figure[1]}" if figure else identifier


def slide_anchor(title: str) -> str:
    kept = "".join(c for c in re.sub(r" \{.*", "", title).lower() if c.isalnum() or c in " -_.")
    return re.sub(r"^[^a-z]+", "", kept).replace(" ", "-")


def marked_on_slides() -> list[tuple[str, str, str]]:
    """Return deck, slide anchor and text of each correction that a deck marks."""
    found = []
    for deck in DECKS:
        for slide in re.split(r"^## ", deck.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            notes = re.findall(
                r'^::: \{\.callout-note title="Correction"\}\n(.*?)^:::$', slide, re.DOTALL | re.MULTILINE
            )
            found += [(f"slides/{deck.name}", slide_anchor(slide.split("\n")[0]), note) for note in notes]
    return found


def marked_in_lessons() -> list[tuple[str, str]]:
    """Return lesson and text of each correction that a lesson marks."""
    found = []
    for lesson in LESSONS:
        for cell in json.loads(lesson.read_text("utf-8"))["cells"]:
            quotes = re.findall(r"^> \*\*Correction.*?(?=\n\n|\Z)", "".join(cell["source"]), re.DOTALL | re.MULTILINE)
            found += [(f"notebooks/{lesson.name}", quote) for quote in quotes]
    return found


def test_there_is_something_to_compare() -> None:
    assert len(SHOWN) >= 17
    assert len(SHOWN) + len(PLANNED) >= 24
    assert len(marked_on_slides()) >= 17
    assert len(marked_in_lessons()) >= 5


@pytest.mark.parametrize("name", SHOWN)
def test_a_correction_says_what_is_wrong_and_true_and_leads_to_a_slide_or_cell(name: str) -> None:
    body = SHOWN[name]
    labels = re.findall(r"^(\S.*)\n: {3}\S", body, re.MULTILINE)
    assert labels in (["The source says", "What is true", "See it"], ["Often said", "What is true", "See it"])
    links = SOURCE_LINK.findall(body.split("\nSee it\n")[1])
    assert links
    assert [f"{path}#{anchor}" for path, anchor in links if anchor not in anchors(path)] == []


@pytest.mark.parametrize("name", PLANNED)
def test_what_no_deck_shows_yet_claims_no_place(name: str) -> None:
    assert not SOURCE_LINK.search(PLANNED[name])
    assert "See it" not in PLANNED[name]


@pytest.mark.parametrize(("deck", "slide", "text"), marked_on_slides())
def test_each_correction_of_a_slide_is_listed_and_leads_there(deck: str, slide: str, text: str) -> None:
    names = BACK_LINK.findall(text)
    assert names, f"the correction on {deck}#{slide} does not link to corrections.qmd"
    for name in names:
        assert (deck, slide) in SOURCE_LINK.findall(SHOWN[name])


@pytest.mark.parametrize(("lesson", "text"), marked_in_lessons())
def test_each_correction_of_a_lesson_is_listed_and_leads_there(lesson: str, text: str) -> None:
    names = BACK_LINK.findall(text)
    assert names, f"a correction in {lesson} does not link to corrections.qmd: {text[:80]}"
    for name in names:
        assert lesson in [path for path, _ in SOURCE_LINK.findall(SHOWN[name])]


def test_every_listed_correction_is_marked_where_it_is_shown() -> None:
    marked = {name for *_, text in (*marked_on_slides(), *marked_in_lessons()) for name in BACK_LINK.findall(text)}
    assert set(SHOWN) == marked


def test_the_sources_are_credited() -> None:
    for name in ("@im2025lecture", "@im2026notebook", "Haky Im", "Boxiang Liu", "CC BY 4.0", "MIT 6.047"):
        assert name in PAGE
