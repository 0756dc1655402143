"""Outputs of a cell: their order, the size in which a figure is shown, and where tolerances end."""

from __future__ import annotations

import base64
import copy
import io
from typing import Any

import matplotlib.pyplot as plt
import pytest
from nbformat.v4 import new_output
from PIL import Image

from site_builder.figure_record import KEY as FIGURE
from tests.validation.drawings import DRAWINGS, lines, of, scatter, without_last_series
from tests.validation.outputs import compare_outputs
from tests.validation.rules import Rules

#: A cell whose trained curves may lie elsewhere, so much that a whole series may be gone.
WIDE = Rules(figure=0.05, picture=3.0)


def text(said: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=said)


def figure(note: dict[str, Any], picture: Image.Image, **metadata: Any) -> Any:
    buffer = io.BytesIO()
    picture.save(buffer, "png")
    data = {"image/png": base64.b64encode(buffer.getvalue()).decode("ascii"), "text/plain": "<Figure>"}
    return new_output("display_data", data=data, metadata={FIGURE: copy.deepcopy(note), **metadata})


def drawn(name: str = "lines", **style: Any) -> Any:
    return figure(*of(DRAWINGS[name], **style), **{"image/png": {"width": 640, "height": 380}})


def differences(stored: list[Any], fresh: list[Any], rules: Rules | None = None) -> list[str]:
    return compare_outputs(stored, fresh, rules or Rules()).differences


def test_a_stream_in_pieces_is_one_and_stays_on_its_side_of_a_figure() -> None:
    whole = [text("before\n"), drawn(), text("after\n")]
    pieces = [text("be"), text("fore\n"), drawn(), text("after"), text("\n")]
    assert differences(whole, pieces) == []
    assert pieces[0].text == "be"  # what was given is as it was
    for other in (
        [text("before\nafter\n"), drawn()],
        [drawn(), text("before\nafter\n")],
        [text("after\n"), drawn(), text("before\n")],
    ):
        assert differences(other, whole) != []


def test_what_stands_before_a_carriage_return_counts() -> None:
    assert differences([text("loss 0.0\rloss 0.5\n")], [text("loss 0.5\n")]) != []


@pytest.mark.parametrize("size", [{"width": 64, "height": 380}, {"width": 641, "height": 380}, {"width": 640}, None])
def test_the_size_in_which_a_figure_is_shown_counts(size: dict[str, int] | None) -> None:
    stored = drawn()
    stored.metadata["image/png"] = size
    assert differences([drawn()], [drawn()]) == []
    assert differences([stored], [drawn()]) != []


def test_in_another_font_it_may_be_a_little_larger() -> None:
    other = drawn(**{"font.family": "STIXGeneral"})
    other.metadata["image/png"] = {"width": 652, "height": 371}
    assert differences([drawn()], [other]) == []
    other.metadata["image/png"] = {"width": 64, "height": 371}
    assert differences([drawn()], [other]) != []


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_tolerance_is_for_what_moved_and_a_picture_of_what_did_not_is_compared_strictly(name: str) -> None:
    """A curve of a few pixels' width is less than the share that may differ where all curves may move."""
    note, picture = of(DRAWINGS[name])
    _, spoiled = of(DRAWINGS[name], without_last_series)
    stored, fresh = figure(note, spoiled), figure(note, picture)
    assert differences([fresh], [copy.deepcopy(fresh)], WIDE) == []
    assert differences([stored], [fresh], WIDE) != []


def test_a_stored_note_that_claims_another_font_is_found_out() -> None:
    stored = drawn()
    stored.metadata[FIGURE]["drawn"]["fonts"] = ["DejaVuSans-Bold.ttf"]
    (found,) = differences([stored], [drawn()])
    assert found == "figure: drawn with DejaVuSans-Bold.ttf is stored, with DejaVuSans.ttf came out"


def test_a_stored_note_that_moves_a_panel_or_covers_it_is_found_out() -> None:
    moved, covered = drawn("bars"), drawn("bars")
    moved.metadata[FIGURE]["panels"][0]["box"][0] += 0.01
    covered.metadata[FIGURE]["panels"][1]["texts"][0]["box"] = [0, 0, 1, 1]
    assert [line.partition("[")[0] for line in differences([moved], [drawn("bars")])] == ["figure: panel 1: the place "]
    assert [line.partition("[")[0] for line in differences([covered], [drawn("bars")])] == [
        "figure: panel 2: a text or legend in "
    ]


def test_a_note_of_no_numbers_is_none() -> None:
    note, picture = of(scatter)
    empty = copy.deepcopy(note)
    for axis in ("x", "y"):
        empty["panels"][0][axis]["limits"] = [float("nan")] * 2
        empty["panels"][0]["series"][0][axis]["mean"] = float("nan")
    found = " ".join(differences([figure(empty, picture)], [figure(note, picture)], WIDE))
    assert all(f"{axis} axis: limits [nan, nan]" in found and f"{axis}, mean: nan" in found for axis in "xy")


def test_one_digit_of_a_label_counts() -> None:
    """It is less than the share of a whole picture that may look different."""

    def labelled(label: str) -> Any:
        def draw() -> Any:
            figure = lines()
            figure.axes[0].set_xticks([1, 10, 100], ["1", label, "100"])
            return figure

        return of(draw)

    (note, picture), (_, other) = labelled("0.47"), labelled("0.41")
    (found,) = differences([figure(note, other)], [figure(note, picture)])
    assert "something small" in found


@pytest.mark.parametrize(("top", "finds"), [(2.0, True), (2.04, False)])
def test_beside_curves_that_may_move_a_digit_counts_as_long_as_the_axis_stays(top: float, finds: bool) -> None:
    """Where an axis ends elsewhere, its ticks and their labels stand elsewhere too."""

    def curve(top: float, label: str = "0.47", height: float = 1.0) -> Any:
        def draw() -> Any:
            figure, axes = plt.subplots(figsize=(6.4, 3.8))
            axes.plot([0, 1, 2], [0, height, 0])
            axes.set(ylim=(0, top), yticks=[0, 0.5, 1], yticklabels=["0", label, "1"])
            return figure

        return of(draw)

    (note, picture), (_, other) = curve(2.0), curve(2.0, "0.41")
    fresh = curve(top, height=1.01)
    assert differences([figure(note, picture)], [figure(*fresh)], WIDE) == []
    found = differences([figure(note, other)], [figure(*fresh)], WIDE)
    assert ("something small" in " ".join(found)) == finds


def turned(picture: Image.Image) -> bytes:
    buffer, orientation = io.BytesIO(), Image.Exif()
    orientation[0x0112] = 3
    picture.save(buffer, "png", exif=orientation)
    return buffer.getvalue()


def moving(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "png", save_all=True, append_images=[Image.new("RGB", picture.size, "red")])
    return buffer.getvalue()


@pytest.mark.parametrize("disguise", [turned, moving])
def test_a_picture_that_a_browser_shows_otherwise_is_refused(disguise: Any) -> None:
    note, picture = of(scatter)
    stored = figure(note, picture)
    stored.data["image/png"] = base64.b64encode(disguise(picture)).decode("ascii")
    (found,) = differences([stored], [figure(note, picture)])
    assert "not a plain picture" in found
