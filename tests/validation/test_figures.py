"""Figures: what they show, and how they look; honest differences pass, spoiled figures do not."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests.validation.drawings import (
    DRAWINGS,
    FONTS,
    SEEN_WITH_OTHER_FONTS,
    SPOILERS,
    blank,
    lines,
    of,
    scatter,
    words,
)
from tests.validation.figures import compare_figures, drawn_alike
from tests.validation.pictures import compare_panels, compare_pictures, open_picture
from tests.validation.rules import Rules

RULES = Rules()
STYLES = [{"font.family": font} for font in FONTS] + [{"text.antialiased": False}]
AXES = Any


@pytest.fixture(autouse=True)
def _quiet() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    plt.close("all")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_drawn_again_is_the_same(name: str) -> None:
    (was, picture), (now, again) = of(DRAWINGS[name]), of(DRAWINGS[name])
    assert compare_figures(was, now, RULES) == []
    assert compare_pictures(picture, again, RULES.picture) == ""


@pytest.mark.parametrize("style", STYLES, ids=str)
@pytest.mark.parametrize("name", DRAWINGS)
def test_another_font_changes_nothing_that_counts(name: str, style: dict[str, Any]) -> None:
    (was, picture), (now, again) = of(DRAWINGS[name]), of(DRAWINGS[name], **style)
    assert compare_figures(was, now, RULES) == []
    assert compare_panels(picture, again, was["panels"], now["panels"], RULES.picture) == ""


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_spoiled_figure_shows_something_else_and_looks_different(name: str, spoil: Any) -> None:
    (was, picture), (now, again) = of(DRAWINGS[name]), of(DRAWINGS[name], spoil)
    assert compare_figures(was, now, RULES) != []
    assert compare_pictures(picture, again, RULES.picture) != ""


@pytest.mark.parametrize("spoil", SEEN_WITH_OTHER_FONTS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("name", DRAWINGS)
def test_a_spoiled_picture_is_seen_through_another_font(name: str, spoil: Any) -> None:
    if spoil.__name__ == "other_limits" and name == "heat":
        pytest.skip("a matrix that is cut off at a multiple of its rows looks alike in part; its note does not")
    (was, picture), (_, again) = of(DRAWINGS[name]), of(DRAWINGS[name], spoil, **{"font.family": "DejaVu Serif"})
    true_panels = of(DRAWINGS[name], **{"font.family": "DejaVu Serif"})[0]["panels"]
    assert compare_panels(picture, again, was["panels"], true_panels, RULES.picture) != ""


def with_one_text_left(figure: Figure) -> None:
    figure.axes[0].texts[0].set_visible(False)


@pytest.mark.parametrize("spoil", [blank, with_one_text_left], ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("font", FONTS)
def test_a_text_that_is_gone_is_missed_through_another_font(font: str, spoil: Any) -> None:
    (was, picture), (now, again) = of(words), of(words, **{"font.family": font})
    assert compare_panels(picture, again, was["panels"], now["panels"], RULES.picture) == ""
    (_, spoiled) = of(words, spoil, **{"font.family": font})
    found = compare_panels(picture, spoiled, was["panels"], now["panels"], RULES.picture)
    assert found == "panel 1: the text 'input' is not in both pictures"


@pytest.mark.parametrize("name", DRAWINGS)
def test_labels_that_are_gone_are_missed_through_another_font(name: str) -> None:
    (was, picture), (now, again) = of(DRAWINGS[name]), of(DRAWINGS[name], **{"font.family": "DejaVu Serif"})
    bare = Image.new("RGB", again.size, "white")
    for left, bottom, width, height in (panel["box"] for panel in now["panels"]):
        corners = (left, 1 - bottom - height, left + width, 1 - bottom)
        box = tuple(round(part * side) for part, side in zip(corners, again.size * 2, strict=True))
        bare.paste(again.crop(box), box)
    found = compare_panels(picture, bare, was["panels"], now["panels"], RULES.picture)
    assert found == "the labels around the panels are not in both pictures"


@pytest.mark.parametrize("one", DRAWINGS)
@pytest.mark.parametrize("other", DRAWINGS)
def test_the_picture_of_another_figure_is_none(one: str, other: str) -> None:
    (_, picture), (_, again) = of(DRAWINGS[one]), of(DRAWINGS[other])
    assert (compare_pictures(picture, again, RULES.picture) == "") == (one == other)


def test_a_photograph_in_other_colors_is_another_one() -> None:
    """Its details are smaller than the blur, and the mean color stays."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(90, 166, (200, 300, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    assert compare_pictures(picture, Image.fromarray(pixels[:, :, ::-1]), RULES.picture) != ""
    softer = Image.fromarray(pixels - rng.integers(0, 12, pixels.shape, dtype=np.uint8))
    assert compare_pictures(picture, softer, RULES.picture) == ""


# ------------------------------------------------------------------------------------------------------------ one point


def moved(by: float, points: int = 300) -> Any:
    def draw() -> Figure:
        figure, axes = plt.subplots()
        x = np.linspace(0, 1, points)
        y = np.sin(9 * x)
        y[points // 3] += by
        axes.plot(x, y)
        axes.set(xlim=(0, 1), ylim=(-2, 2))
        return figure

    return draw


def test_one_point_that_moves_is_noticed_and_the_last_bits_are_not() -> None:
    was, _ = of(moved(0))
    assert compare_figures(was, of(moved(1e-7))[0], RULES) == []
    assert compare_figures(was, of(moved(0.05))[0], RULES) != []


def curve(y: Any) -> tuple[Any, Any]:
    """Return the note of a curve over 0 to 99, and where it is noted to be lowest and highest."""

    def draw() -> Figure:
        figure, axes = plt.subplots()
        axes.plot(np.arange(100.0), y)
        return figure

    note, _ = of(draw)
    return note, note["panels"][0]["series"][0]["data"]["extremes"]


def test_where_a_curve_is_highest_is_noted_if_that_is_one_place() -> None:
    places = np.arange(100.0)
    assert curve((places - 30) ** 2)[1] == pytest.approx([30, 99])
    assert curve(np.abs(places - 50.2))[1] == [pytest.approx(50), 0]
    assert curve(np.abs(places - 49.501))[1] == [pytest.approx(50), None]  # at both ends nearly as high
    assert curve(np.maximum(0, places - 40))[1] == [None, pytest.approx(99)]  # flat at first


def test_a_zero_is_noted_as_zero_and_a_small_number_on_a_logarithmic_axis_as_it_is() -> None:
    note, _ = curve(np.full(100, 1e-15) + 1e-17 * np.arange(100))
    assert note["panels"][0]["series"][0]["data"]["y"] != [0, 0]  # the axis is as small

    def draw(scale: str) -> Any:
        figure, axes = plt.subplots()
        axes.plot(range(10), [1e-15] * 9 + [1.0])
        axes.set(yscale=scale)
        return figure

    ends = {
        scale: of(lambda s=scale: draw(s))[0]["panels"][0]["series"][0]["data"]["ends"] for scale in ("linear", "log")
    }
    assert ends["linear"][0][1] == 0
    assert ends["log"][0][1] == pytest.approx(1e-15, rel=1e-6)


def test_rounding_that_chooses_among_equal_peaks_is_no_difference_and_another_peak_is() -> None:
    peaks = np.sin(np.arange(100.0))
    peaks[[20, 80]] = 5 + 1e-9, 5
    swapped = peaks.copy()
    swapped[[20, 80]] = 5, 5 + 1e-9
    assert compare_figures(curve(peaks)[0], curve(swapped)[0], RULES) == []
    lower = peaks.copy()
    lower[20] = 4.99
    found = compare_figures(curve(peaks)[0], curve(lower)[0], RULES)
    assert [line for line in found if "extremes" in line and "None" in line]
    assert compare_figures(curve(peaks)[0], curve(lower)[0], Rules(figure=0.1)) == []  # that much may move there


def test_a_wider_tolerance_holds_for_what_a_figure_shows() -> None:
    was, _ = of(moved(0))
    assert compare_figures(was, of(moved(0.05))[0], Rules(figure=0.1)) == []


def swapped() -> Figure:
    figure = scatter()
    points = figure.axes[0].collections[0].get_offsets()
    points[[10, 200]] = points[[200, 10]]
    figure.axes[0].collections[0].set_offsets(points)
    return figure


def test_points_that_change_their_order_are_noticed() -> None:
    assert compare_figures(of(scatter)[0], of(swapped)[0], RULES) != []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for n, item in enumerate(value) for leaf in leaves(item, (*path, n))]
    return [path]


def changed(note: Any, path: tuple[Any, ...]) -> Any:
    note = copy.deepcopy(note)
    place = note
    for key in path[:-1]:
        place = place[key]
    old = place[path[-1]]
    place[path[-1]] = f"{old}x" if isinstance(old, str) else (old or 0) + abs(old or 0) + 1
    return note


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_entry_of_a_note_counts_but_for_how_it_was_drawn(name: str) -> None:
    was, _ = of(DRAWINGS[name])
    drawing = {"drawn", "box"}
    paths = [path for path in leaves(was) if not drawing & set(path)]
    assert len(paths) > 50
    assert [path for path in paths if compare_figures(was, changed(was, path), RULES) == []] == []


def test_fonts_and_layout_tell_how_strictly_pictures_are_compared() -> None:
    was, _ = of(lines)
    assert drawn_alike(was, copy.deepcopy(was))
    assert not drawn_alike(was, of(lines, **{"font.family": "DejaVu Serif"})[0])
    moved_box = copy.deepcopy(was)
    moved_box["panels"][0]["box"][0] += 0.01
    assert not drawn_alike(was, moved_box)


def test_larger_letters_of_the_same_font_are_another_figure() -> None:
    """They move the panels, which nothing else explains: a stored note could claim that to be compared loosely."""
    found = compare_figures(of(DRAWINGS["bars"])[0], of(DRAWINGS["bars"], **{"font.size": 11.0})[0], RULES)
    assert [line.partition("[")[0] for line in found] == ["panel 1: the place ", "panel 2: the place "]


def test_what_is_no_picture_is_said_so() -> None:
    with pytest.raises(ValueError, match="not a picture"):
        open_picture(b"none")
