"""What each figure of the deck on convolution shows: the data that it was given, where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import plotnine as p9
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_lib import dna, dna_plots, motifs, plots


@pytest.fixture(autouse=True)
def _style_restored() -> Iterator[None]:
    with mpl.rc_context():
        yield


def layer_data(plot: p9.ggplot, index: int) -> dict[str, np.ndarray]:
    """Return the columns of a layer as they are drawn: transformed, in its coordinates."""
    built = deepcopy(plot)
    built._build()  # as plotnine's own helpers do; there is no public way
    return {name: column.to_numpy() for name, column in built.layers[index].data.items()}


def texts(figure: Figure, panel: int = 0) -> list[str]:
    return [text.get_text() for text in figure.axes[panel].texts]


def patches(figure: Figure, gid: str | None, panel: int = 0) -> list[Rectangle]:
    return [patch for patch in figure.axes[panel].patches if patch.get_gid() == gid]


# ----------------------------------------------------------------------------------------- grids of numbers


def test_number_grids_write_each_value_in_reading_order() -> None:
    figure = dna_plots.number_grids({"a": [[1, -2], [0, 0.5]], "b": [[7]]}, between=["="])
    assert texts(figure) == ["a", "1", "−2", "0", "0.5", "=", "b", "7"]
    assert len(patches(figure, None)) == 5


def test_number_grids_fill_by_sign() -> None:
    cells = patches(dna_plots.number_grids({"a": [[3, 0, -3]]}), None)
    assert [to_hex(cell.get_facecolor()) for cell in cells] == ["#6fb7c4", "#ffffff", "#f0a27e"]


def test_number_grids_outline_the_part_that_was_asked_for() -> None:
    figure = dna_plots.number_grids({"a": np.ones((4, 5))}, boxes={"a": (1, 2, 3, 2)})
    cells, (box,) = patches(figure, None), patches(figure, "box")
    side = cells[0].get_width()
    assert box.get_width() == pytest.approx(2 * side)
    assert box.get_height() == pytest.approx(3 * side)
    last = cells[3 * 5 + 2]  # row 3, column 2: the lower left cell of the box
    assert box.get_xy() == pytest.approx(last.get_xy())


@pytest.mark.parametrize("box", [(0, 0, 3, 1), (0, 0, 1, 3), (-1, 0, 1, 1), (0, -1, 1, 1)])
def test_a_box_outside_its_grid_is_refused(box: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match=r"box .* does not fit into a of shape \(2, 2\)"):
        dna_plots.number_grids({"a": np.ones((2, 2))}, boxes={"a": box})


def test_number_grids_refuse_a_wrong_number_of_signs_and_a_flat_grid() -> None:
    with pytest.raises(ValueError, match="a sign for each of 1 gaps, got 2"):
        dna_plots.number_grids({"a": [[1]], "b": [[1]]}, between=["×", "="])
    with pytest.raises(ValueError, match=r"a must be a two-dimensional array, got shape \(2,\)"):
        dna_plots.number_grids({"a": [1, 2]})


def test_motif_matrix_picks_the_entry_of_each_base() -> None:
    matrix = np.arange(12.0).reshape(3, 4)
    figure = dna_plots.motif_matrix(matrix, sequence="CAT")
    assert texts(figure)[-1] == "1.0 + 4.0 + 11.0 = 16.0"
    cells = patches(figure, None)  # place by place, A to T
    picked = patches(figure, "picked")
    assert [frame.get_xy() for frame in picked] == [
        cells[place * 4 + row].get_xy() for place, row in enumerate((1, 0, 3))
    ]


def test_motif_matrix_shortens_a_long_sum_and_keeps_its_signs() -> None:
    matrix = np.zeros((7, 4))
    matrix[:, 0] = [1, -2, 3, 4, 5, -6, 7]
    assert texts(dna_plots.motif_matrix(matrix, sequence="A" * 7))[-1] == "1.0 − 2.0 + … − 6.0 + 7.0 = 12.0"


def test_motif_matrix_has_a_cell_for_each_entry_and_no_sum_without_a_sequence() -> None:
    figure = dna_plots.motif_matrix(np.ones((3, 4)))
    assert len(patches(figure, None)) == 12
    assert not any("=" in text for text in texts(figure))


@pytest.mark.parametrize("sequence", ["AC", "ACGT", "ACN"])
def test_motif_matrix_refuses_another_sequence(sequence: str) -> None:
    with pytest.raises(ValueError, match=f"sequence must be 3 letters of ACGT, got '{sequence}'"):
        dna_plots.motif_matrix(np.ones((3, 4)), sequence=sequence)


def test_motif_matrix_refuses_another_shape() -> None:
    with pytest.raises(ValueError, match=r"matrix must have shape \(k, 4\), got \(4, 3\)"):
        dna_plots.motif_matrix(np.ones((4, 3)))


# ------------------------------------------------------------------------------------------ sequences and logos


def test_aligned_colors_letters_and_boxes_the_span() -> None:
    figure = dna_plots.aligned({"one": "ACGT", "two": "TTNA"}, spans={"two": (1, 3)})
    assert texts(figure) == ["one", *"ACGT", "two", *"TTNA"]
    letters = {t.get_text(): t.get_color() for t in figure.axes[0].texts[1:5]}
    assert letters == plots.NUCLEOTIDE_COLORS
    (box,) = patches(figure, None)
    inside = [
        t.get_text()
        for t in figure.axes[0].texts[6:]
        if box.get_x() < t.get_position()[0] < box.get_x() + box.get_width()
    ]
    assert inside == ["T", "N"]


def test_aligned_refuses_sequences_of_two_lengths() -> None:
    with pytest.raises(ValueError, match=r"sequences of one length, got lengths \[2, 3\]"):
        dna_plots.aligned({"one": "AC", "two": "ACG"})


def test_logos_stack_panels_and_draw_negative_letters_below() -> None:
    figure = dna_plots.logos({"up": [[1, 0, 0, 0]], "both": [[1, -2, 0, 0]]}, y_label="weight")
    assert [axes.get_title() for axes in figure.axes] == ["up", "both"]
    low = [min(patch.get_window_extent().y0 for patch in axes.patches) for axes in figure.axes]
    zero = [axes.transData.transform((0, 0))[1] for axes in figure.axes]
    assert low[0] >= zero[0] - 1
    assert low[1] < zero[1] - 5


def test_logos_have_the_same_letters_whatever_font_the_figures_have() -> None:
    outlines = []
    for family in ("DejaVu Sans", "DejaVu Serif"):
        with mpl.rc_context({"font.family": family, "font.sans-serif": family}):
            letter = dna_plots.logos({"": [[0, 1, 0, 0]]}, y_label="bits").axes[0].patches[0]
        outlines.append(letter.get_path().vertices)
    assert np.array_equal(*outlines)


def test_logos_refuse_another_number_of_bases() -> None:
    with pytest.raises(ValueError, match=r"shape \(k, 4\), got m \(1, 3\)"):
        dna_plots.logos({"m": [[1, 2, 3]]}, y_label="weight")


# ---------------------------------------------------------------------------------------------------- scans


def test_sliding_filter_draws_the_responses_of_the_scan() -> None:
    motif = motifs.Motif.from_consensus("TATA")
    sequence = "GGTATAGCCA"
    figure = dna_plots.sliding_filter(sequence, motif.pwm(), start=2)
    heights = np.array([bar.get_height() for bar in patches(figure, "response")])
    scores = motifs.scan(sequence, motif, both_strands=False)["score"].to_numpy()
    assert heights / heights[2] == pytest.approx(scores / scores[2])
    colors = [to_hex(bar.get_facecolor()) for bar in patches(figure, "response")]
    assert colors[2] == plots.VIOLET
    assert {color for place, color in enumerate(colors) if scores[place] < 0} == {plots.VERMILION}


def test_sliding_filter_fills_the_one_hot_cells_and_outlines_the_window() -> None:
    figure = dna_plots.sliding_filter("ACG", np.ones((2, 4)), start=1)
    filled = [to_hex(cell.get_facecolor()) != "#ffffff" for cell in patches(figure, None)]
    assert (dna.one_hot("ACG") == np.array(filled).reshape(4, 3).T).all()
    (window,) = patches(figure, "window")
    cells = patches(figure, None)
    assert window.get_x() == pytest.approx(cells[1].get_x())
    assert window.get_width() == pytest.approx(2 * cells[0].get_width())


@pytest.mark.parametrize("start", [-1, 2])
def test_a_window_outside_the_sequence_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match=f"start must be between 0 and 1, got {start}"):
        dna_plots.sliding_filter("ACG", np.ones((2, 4)), start=start)


def test_score_track_counts_positions_from_the_first() -> None:
    plot = dna_plots.score_track(
        {"filter": [1.0, 5.0], "scan": [1.0, 5.0]}, first=40, sites={"site": (41, 42)}, threshold=3
    )
    line, points = layer_data(plot, 0), layer_data(plot, 1)
    assert line["x"].tolist() == points["x"].tolist() == [40, 41]
    assert points["y"].tolist() == [1, 5]
    assert (layer_data(plot, 2)["xmin"][0], layer_data(plot, 2)["xmax"][0]) == (41, 42)
    assert layer_data(plot, 4)["yintercept"][0] == 3
    plot.draw()


def test_score_track_refuses_two_lengths() -> None:
    with pytest.raises(ValueError, match="the same length in each series"):
        dna_plots.score_track({"filter": [1.0], "scan": [1.0, 5.0]})


def test_maxima_mark_the_highest_of_each_panel() -> None:
    plot = dna_plots.maxima({"first": [0.0, 9.04, 1.0], "second": [-7.0, -8.0, -9.0]})
    best, label = layer_data(plot, 1), layer_data(plot, 2)
    assert best["x"].tolist() == [1, 0]
    assert best["y"].tolist() == [9.04, -7]
    assert label["label"].tolist() == ["9.0", "−7.0"]
    plot.draw()


# ---------------------------------------------------------------------------------- images, padding, pooling


def test_image_panels_center_a_signed_image_at_zero() -> None:
    gray, signed = (axes.images[0] for axes in dna_plots.image_panels({"a": [[0, 2]], "b": [[-1, 4]]}).axes)
    assert gray.get_cmap().name == "gray"
    assert gray.get_array().tolist() == [[0, 2]]
    low, high = signed.get_clim()
    assert low == -high < 0


@pytest.mark.parametrize(
    ("setting", "places"),
    [((8, 3, 1, 0), 6), ((8, 3, 1, 1), 8), ((8, 3, 2, 0), 3), ((5, 5, 1, 0), 1), ((9, 4, 3, 0), 2)],
)
def test_filter_places_are_those_of_pytorch(setting: tuple[int, int, int, int], places: int) -> None:
    import torch

    length, width, stride, zeros = setting
    layer = torch.nn.Conv1d(1, 1, width, stride=stride, padding=zeros)
    assert layer(torch.zeros(1, 1, length)).shape[2] == places
    figure = dna_plots.filter_places({"one": setting})
    bars = patches(figure, "place")
    assert len(bars) == places
    assert texts(figure)[-1] == f"{length} → {places}"
    assert [round(bar.get_x() + zeros) for bar in bars] == [stride * number for number in range(places)]
    assert len(patches(figure, "input")) == length
    assert len(patches(figure, "zero")) == 2 * zeros


@pytest.mark.parametrize("setting", [(4, 5, 1, 0), (4, 2, 0, 0), (4, 0, 1, 0)])
def test_a_filter_that_does_not_fit_is_refused(setting: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="one: a filter of width"):
        dna_plots.filter_places({"one": setting})


def test_pooled_shows_the_maximum_of_each_block_and_of_all() -> None:
    figure = dna_plots.pooled({"as is": [0, 7, 2, 0, 0, -3], "by 1": [0, 0, 7, 2, 0, 0]}, 3)
    assert texts(figure) == [
        *("as is", "0", "7", "2", "0", "0", "−3", "max of 3", "7", "0", "max of all: 7"),
        *("by 1", "0", "0", "7", "2", "0", "0", "max of 3", "7", "2", "max of all: 7"),
    ]


@pytest.mark.parametrize(("rows", "width"), [({"a": [1, 2, 3]}, 2), ({"a": [1, 2], "b": [1]}, 1), ({"a": [1]}, 0)])
def test_pooled_refuses_blocks_that_do_not_fill_the_rows(rows: dict[str, list[float]], width: int) -> None:
    with pytest.raises(ValueError, match="rows must have one length"):
        dna_plots.pooled(rows, width)


# ------------------------------------------------------------------------------------------------- results


def test_by_group_keeps_the_order_and_joins_medians() -> None:
    plot = dna_plots.by_group(
        {"b": {"4,000": [1.0, 2.0, 9.0], "250": [0.0]}, "a": {"4,000": [5.0], "250": [6.0]}},
        x_label="n",
        y_label="value",
        reference={"guessing": 0.5},
    )
    middle = layer_data(plot, 0)
    assert middle["y"].tolist() == [2, 0, 5, 6]
    assert middle["x"].tolist() == [1, 2, 1, 2]
    assert sorted(layer_data(plot, 1)["y"].tolist()) == [0, 1, 2, 5, 6, 9]
    assert layer_data(plot, 2)["yintercept"][0] == 0.5
    plot.draw()


def test_lines_show_the_series_given() -> None:
    plot = dna_plots.lines([0, 2], {"one": [1.0, 3.0], "two": [0.0, 0.0]}, x_label="x", y_label="y")
    drawn = layer_data(plot, 0)
    assert drawn["x"].tolist() == [0, 2, 0, 2]
    assert drawn["y"].tolist() == [1, 3, 0, 0]
    assert len(set(drawn["linetype"])) == len(set(layer_data(plot, 1)["shape"])) == 2


def test_lines_refuse_two_lengths() -> None:
    with pytest.raises(ValueError, match="arrays must have the same length"):
        dna_plots.lines([0, 1, 2], {"one": [1.0, 3.0]}, x_label="x", y_label="y")


def test_figures_are_not_left_to_pyplot() -> None:
    before = plt.get_fignums()
    dna_plots.logos({"m": [[1, 0, 0, 0]]}, y_label="weight")
    dna_plots.number_grids({"a": [[1]]})
    assert plt.get_fignums() == before
