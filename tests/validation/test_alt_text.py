"""Alternative texts: their numbers are the figure's to the digits shown, or those of an assertion; lists in order."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell, new_output

from site_builder.figure_record import KEY as FIGURE
from tests.validation.alt_text import Row, asserted_rows, figure_rows, printed_rows, unsupported, wrong_panels
from tests.validation.documents import Cell
from tests.validation.drawings import Drawing, lines, of, scatter
from tests.validation.plugin import alternative_text_problems

SCORES = [Row([2.25, 27.75]), Row([0.467, 0.501]), Row([-4.0, 2.0], exact=True), Row([0.475], exact=True)]


def bells() -> Figure:
    """Draw points at 2.25 to 27.75, a line that falls from 40 to 3, and a dashed line at 12.5."""
    rng = np.random.default_rng(0)
    x = np.r_[2.25, rng.uniform(3, 27, 98), 27.75]
    figure, axes = plt.subplots()
    axes.plot(np.arange(21), np.linspace(40, 3, 21))
    axes.scatter(x, rng.uniform(5, 30, 100))
    axes.axhline(12.5, linestyle="dashed")
    axes.set(xlim=(0, 50), ylim=(0, 41), xticks=[0, 10, 20, 30, 40, 50], xlabel="score", ylabel="of 800")
    return figure


def groups() -> Figure:
    figure, axes = plt.subplots()
    axes.bar(["4", "16", "256"], [0.25, 0.4, 0.1])
    axes.set_yticks([0, 0.1, 0.2, 0.3, 0.4], ["0%", "10%", "20%", "30%", "40%"])
    axes.text(0, 0.25, "25%")
    return figure


def drawing() -> Figure:
    figure, axes = plt.subplots()
    axes.plot([0, 8], [0, 3])
    axes.text(1, 1, "2×3 + 3 = 9")
    axes.set_axis_off()
    return figure


def logo() -> Figure:
    figure, axes = plt.subplots()
    axes.plot(np.arange(19), np.cos(np.arange(19) - 6.0))
    axes.set_xticks(range(0, 19, 3), [str(place + 1) for place in range(0, 19, 3)])
    return figure


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("Scores from 2.25 to 27.75.", []),
        ("Scores from 2 to 28.", ["2, 28"]),  # rounding 2.25 to 2 changes it by more than a twentieth
        ("Scores from about 2 to 28.", []),
        ("Scores from 2 to 29.", ["2, 29"]),
        ("Scores from about 2 to 27.", ["2, 27"]),  # a hedge is for the number after it
        ("Scores from about 2 to about 27.", []),
        ("Scores from about 3 to about 28.", ["3, 28"]),
        ("Scores from 27.75 to 2.25.", ["27.75, 2.25"]),  # the other way round
        ("Scores from 2.25 to 0.467.", ["2.25, 0.467"]),  # each is there, but not side by side
        ("Scores of 2.25, and of 0.467.", []),
        ("Four points between 0.47 and 0.50.", []),
        ("Four points between 0.46 and 0.51.", ["0.46, 0.51"]),
        ("None above 0.5.", []),
        ("None above 0.6.", ["0.6"]),  # a bound is no hedge
        ("More than 0.45 and less than 0.55, at least 0.46.", ["0.45", "0.55", "0.46"]),
        ("A line at 0.475.", []),
        ("A line at 0.48.", ["0.48"]),  # what is asserted is not rounded
        ("A line at about 0.48.", []),
        ("It rises from minus 4 to 2.", []),
        ("It rises from −4 to 2.", []),
        ("It rises from 4 to 2.", []),
        ("It rises from -4 to -2.", ["-4, -2"]),  # a minus is in the data, too
        ("A line at 02.", ["02"]),
        ("Around 28.5.", ["28.5"]),
    ],
)
def test_numbers_are_those_of_the_data(text: str, refused: list[str]) -> None:
    assert unsupported(text, SCORES) == refused


@pytest.mark.parametrize(
    ("said", "refused"),
    [("about 41", []), ("about 42.6", ["42.6"]), ("about 42.4", []), ("about 50", ["50"]), ("about 40", ["40"])],
)
def test_a_hedge_allows_one_in_the_last_digit_that_is_said(said: str, refused: list[str]) -> None:
    assert unsupported(f"It ends at {said}.", [Row([42.0 if "41" in said else 42.48])]) == refused


def test_a_list_is_one_up_to_a_word_that_joins_nothing() -> None:
    rows = [Row([3.0, 0.0, 1.0, 2.0]), Row([7.0])]
    assert unsupported("Pixels 3 0 1, 2; below, 7.", rows) == []
    assert unsupported("3, 0 and 1 or 2", rows) == []
    assert unsupported("Pixels 3 1 0", rows) == ["3, 1, 0"]
    assert unsupported("3 over 7", rows) == []
    assert unsupported("3 and 7", rows) == ["3, 7"]
    assert unsupported("2 times 3 plus 3 is 9", [Row([2.0, 3.0, 3.0, 9.0])]) == []
    assert unsupported("2 times 3 plus 3 is 8", [Row([2.0, 3.0, 3.0, 9.0]), Row([8.0])]) == ["2, 3, 3, 8"]


@pytest.mark.parametrize(
    ("draw", "text", "refused"),
    [
        (bells, "100 points from 2.25 to 27.75, a line falling from 40 to 3, and a dashed one at 12.5.", []),
        (bells, "Points up to 26.75.", ["26.75"]),
        (bells, "An axis from 0 to 50, scores of 800.", []),
        (bells, "A dashed line at 10.", ["10"]),  # a tick between the ends says nothing of the data
        (bells, "It falls to 2.", ["2"]),
        (bells, "A line over 21 steps; 22 points.", ["22"]),
        (groups, "Bars for 4, 16 and 256: the first at 25 percent, the highest at 40, the lowest at 0.", []),
        (groups, "Bars for 4 and 256.", ["4, 256"]),
        (groups, "The lowest at 20 percent.", ["20"]),
        (groups, "A second bar at 1.", ["1"]),  # where it stands on the axis is no number
        (groups, "3 bars", []),
        (drawing, "2 times 3 plus 3 is 9", []),
        (drawing, "A line to 8", ["8"]),  # without axes a place is no number
        (logo, "It peaks at place 7 of 19.", []),
        (logo, "It peaks at place 6.", ["6"]),
        (lines, "Over 100 epochs one falls from 1 to 0.01.", []),
        (lines, "Over 1 to 100 epochs one falls from 1 to 0.02.", ["1, 0.02"]),
        (scatter, "300 points", []),
        (scatter, "200 points", ["200"]),
    ],
)  # fmt: skip
def test_a_figure_says_what_its_reader_sees(draw: Drawing, text: str, refused: list[str]) -> None:
    note, _ = of(draw)
    assert unsupported(text, figure_rows(note)) == refused


def test_only_assertions_of_the_code_support_a_number() -> None:
    source = "limit = 30\nplt.ylim(0, 20)\nfor place in (4, 5):\n    assert 0.46 < low[place] < 0.51 and ok is True\n"
    assert [row.values for row in asserted_rows(source)] == [[0.46, 0.51]]
    assert list(asserted_rows("assert (")) == []


def test_printed_numbers_stand_in_lines() -> None:
    rows = list(printed_rows(["epoch 1: loss 14\nepoch 100: loss 3.8\n", "done"]))
    assert unsupported("It falls to 3.8 at epoch 100.", rows) == []
    assert unsupported("It falls from 14 to 3.8.", rows) == ["14, 3.8"]


def test_counts_of_panels_are_right() -> None:
    assert wrong_panels("Two panels, then 3 panels.", 2) == ["3 panels"]
    assert unsupported("2 panels", []) == []


def problems(alternative: str, code: str = "", before: str = "") -> list[str]:
    note, _ = of(bells)
    data: dict[str, Any] = {"image/png": "", "text/plain": "<figure>"}
    figure = new_output("display_data", data, metadata={FIGURE: note})
    cell = Cell("figure", new_code_cell(code, outputs=[figure]), {"fig-alt": alternative})
    return alternative_text_problems(cell, cell.node.outputs, [new_output("stream", text=before)] if before else [])


def test_a_cell_supports_its_text() -> None:
    text = "Most lie above 17.5."
    assert len(problems(text)) == 1
    assert len(problems(text, code="limit = 17.5")) == 1
    assert problems(text, code="assert np.median(x) > 17.5") == []
    assert problems(text, before="median: 17.52\n") == []
    assert problems("Two panels.") == ["the alternative text says 'Two panels'; the figure has 1"]
