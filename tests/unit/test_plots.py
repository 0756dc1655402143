"""What each shared figure shows: the data that it was given, where they belong, in the colors of the course."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from copy import deepcopy

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import plotnine as p9
import pytest
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle

from course_lib import plots
from course_lib.dna import one_hot

X = np.array([-1.0, 0.0, 2.0])
Y = np.array([1.0, 3.0, -2.0])


@pytest.fixture(autouse=True)
def _style_restored(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    with mpl.rc_context():
        yield
    os.environ.pop("SOURCE_DATE_EPOCH", None)


def luminance(color: str) -> float:
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return float(np.dot([0.2126, 0.7152, 0.0722], channels))


def layer_data(plot: p9.ggplot, index: int) -> dict[str, np.ndarray]:
    """Return the columns of a layer as they are drawn: transformed, in its coordinates."""
    built = deepcopy(plot)
    built._build()  # as plotnine's own helpers do; there is no public way
    return {name: column.to_numpy() for name, column in built.layers[index].data.items()}


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def arrows(figure: Figure) -> list[FancyArrowPatch]:
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


def ends(arrow: FancyArrowPatch) -> tuple[np.ndarray, np.ndarray]:
    start, end = arrow._posA_posB  # matplotlib has no public way to ask an arrow where it goes
    return np.array(start), np.array(end)


# ---------------------------------------------------------------------------------------------- style


@pytest.mark.parametrize(
    "color", [*plots.SERIES, plots.GRAY, *plots.NUCLEOTIDE_COLORS.values()], ids=lambda color: str(color)
)
def test_colors_of_text_and_data_pass_contrast_on_white(color: str) -> None:
    assert 1.05 / (luminance(color) + 0.05) >= 4.5


def test_the_four_bases_have_four_colors() -> None:
    assert list(plots.NUCLEOTIDE_COLORS) == list("ACGT")
    assert len(set(plots.NUCLEOTIDE_COLORS.values())) == 4


def svg_of(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg")
    return buffer.getvalue()


def test_the_same_figure_gives_the_same_svg() -> None:
    plots.use_course_style()
    first, second = svg_of(plots.network([2, 3, 1])), svg_of(plots.network([2, 3, 1]))
    assert first == second
    assert b"1970-01-01" in first  # the date of SOURCE_DATE_EPOCH, not of today


def test_use_course_style_keeps_a_date_that_the_builder_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    plots.use_course_style()
    assert os.environ["SOURCE_DATE_EPOCH"] == "86400"


def test_use_course_style_sets_the_size_of_text() -> None:
    plots.use_course_style(20)
    assert mpl.rcParams["font.size"] == mpl.rcParams["axes.labelsize"] == 20


def test_theme_is_white_and_as_large_as_asked() -> None:
    figure = (plots.line_fit(X, Y, 1.0) + plots.theme_course(21)).draw()
    assert to_hex(figure.get_facecolor()) == "#ffffff"
    assert {label.get_size() for label in figure.axes[0].get_xticklabels()} == {21}


@pytest.mark.parametrize("base_size", [0, -3])
def test_a_size_of_text_must_be_positive(base_size: float) -> None:
    with pytest.raises(ValueError, match=f"base_size must be positive, got {base_size}"):
        plots.theme_course(base_size)


def test_figures_are_not_left_to_pyplot_which_would_show_them_twice() -> None:
    before = plt.get_fignums()
    plots.component_flow()
    assert plt.get_fignums() == before


# ---------------------------------------------------------------------------------------- linear models


def test_line_fit_shows_the_points_and_the_line() -> None:
    plot = plots.line_fit(X, Y, slope=2.0, intercept=0.5)
    points, line = layer_data(plot, 0), layer_data(plot, 1)
    assert (points["x"] == X).all()
    assert (points["y"] == Y).all()
    assert (line["slope"][0], line["intercept"][0]) == (2.0, 0.5)


def test_residual_segments_run_from_each_point_to_its_prediction() -> None:
    segments = layer_data(plots.residual_segments(X, Y, 0.5 * X), 0)
    assert (segments["y"] == Y).all()
    assert (segments["yend"] == 0.5 * X).all()
    assert (segments["x"] == segments["xend"]).all()


def test_predicted_vs_observed_puts_observations_across_and_keeps_models_in_order() -> None:
    plot = plots.predicted_vs_observed(Y, {"second": Y, "first": 2 * Y})
    points = layer_data(plot, 1)
    assert (points["x"] == np.tile(Y, 2)).all()
    assert (points["y"][points["PANEL"] == 1] == Y).all()
    assert (points["y"][points["PANEL"] == 2] == 2 * Y).all()
    identity = layer_data(plot, 0)
    assert set(identity["slope"]) == {1}
    assert set(identity["intercept"]) == {0}


def test_predicted_vs_observed_has_one_range_for_both_axes() -> None:
    axes = plots.predicted_vs_observed(Y, {"model": 10 * Y}).draw().axes[0]
    assert axes.get_xlim() == axes.get_ylim()


def test_loss_curve_marks_the_named_parameters() -> None:
    plot = plots.loss_curve(X, X**2, {"estimate": 0.0, "truth": 0.3})
    curve, marks = layer_data(plot, 0), layer_data(plot, 1)
    assert (curve["y"] == X**2).all()
    assert marks["xintercept"].tolist() == [0.0, 0.3]
    assert len(set(marks["linetype"])) == 2


def test_trajectories_show_every_step_in_order() -> None:
    path = np.array([[0.0, 0.0], [0.5, 0.2], [0.4, 0.6]])
    plot = plots.trajectories({"descent": path}, {"estimate": (0.4, 0.7)})
    line, mark = layer_data(plot, 0), layer_data(plot, 2)
    assert (np.stack([line["x"], line["y"]], axis=1) == path).all()
    assert (mark["x"][0], mark["y"][0]) == (0.4, 0.7)


def test_trajectories_draw_ellipses_on_which_the_loss_is_equal() -> None:
    hessian, center = np.array([[2.0, 0.4], [0.4, 1.0]]), (0.8, 0.5)
    rings = layer_data(
        plots.trajectories({"a": [[0.0, 0.0], [0.1, 0.1]]}, {"b": center}, hessian=hessian, center=center), 0
    )
    away = np.stack([rings["x"] - center[0], rings["y"] - center[1]], axis=1)
    loss = np.einsum("ij,jk,ik->i", away, hessian, away) / 2
    for group in np.unique(rings["group"]):
        assert np.ptp(loss[rings["group"] == group]) < 1e-12
    start = np.array(center) @ hessian @ np.array(center) / 2
    assert loss.max() == pytest.approx(start)  # the outermost runs through the start


def test_trajectories_refuse_a_path_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"path 'flat' must have shape \(steps \+ 1, 2\), got \(3,\)"):
        plots.trajectories({"flat": X}, {"b": (0.0, 0.0)})


# --------------------------------------------------------------------------------------------- training


def test_learning_curves_are_logarithmic_and_numbered_from_zero() -> None:
    curve = layer_data(plots.learning_curves({"training": [100.0, 10.0, 1.0]}), 0)
    assert curve["x"].tolist() == [0, 1, 2]
    assert curve["y"] == pytest.approx([2, 1, 0])


def test_learning_curves_thin_long_curves_and_keep_both_ends() -> None:
    values = np.arange(1.0, 10_001.0)
    curve = layer_data(plots.learning_curves({"training": values}), 0)
    assert len(curve["x"]) == 500
    assert (curve["x"][0], curve["x"][-1]) == (0, 9_999)
    assert 10 ** curve["y"] == pytest.approx(values[curve["x"].astype(int)])


def test_learning_curves_differ_by_more_than_color() -> None:
    curve = layer_data(plots.learning_curves({"a": [1.0, 2.0], "b": [2.0, 1.0]}), 0)
    assert len(set(curve["linetype"])) == len(set(curve["color"])) == 2


def test_fitted_curves_show_truth_fit_and_the_bends_inside_the_range() -> None:
    x = np.linspace(-2, 2, 41)
    fit = np.maximum(0, x)
    plot = plots.fitted_curves(x, x**3, {"line": x, "net": fit}, bends={"net": [0.0, 5.0]})
    truth, model, bends = (layer_data(plot, index) for index in range(3))
    assert (truth["y"] == np.tile(x**3, 2)).all()
    assert (model["y"][model["PANEL"] == 2] == fit).all()
    assert (bends["x"].tolist(), bends["y"].tolist(), bends["PANEL"].tolist()) == ([0.0], [0.0], [2])


def test_by_seed_shows_each_value_and_the_median() -> None:
    plot = plots.by_seed({"4": [1.0, 10.0, 1000.0], "7": [0.1, 0.01, 0.1]}, y_label="error")
    points, middle = layer_data(plot, 0), layer_data(plot, 1)
    assert points["y"] == pytest.approx([0, 1, 3, -1, -2, -1])
    assert middle["y"] == pytest.approx([1, -1])


def test_error_by_width_is_logarithmic_on_both_axes() -> None:
    points = layer_data(plots.error_by_width([4, 16], {"built": [1.0, 0.01]}), 1)
    assert points["x"] == pytest.approx(np.log10([4, 16]))
    assert points["y"] == pytest.approx([0, -2])


def test_landscape_places_ends_on_the_curve_and_drops_those_outside() -> None:
    plot = plots.landscape_and_ends([0.0, 1.0, 2.0], [0.0, 2.0, 0.0], [0.5, 9.0], 1.5)
    last, first = layer_data(plot, 1), layer_data(plot, 2)
    assert (last["x"].tolist(), last["y"].tolist()) == ([0.5], [1.0])
    assert (first["x"].tolist(), first["y"].tolist()) == ([1.5], [1.0])


def test_shares_keep_the_order_and_say_the_percentage() -> None:
    plot = plots.shares({"slow": {"40": 0.0, "1": 0.625}}, x_label="batch", y_label="escaped")
    bars, labels = layer_data(plot, 0), layer_data(plot, 1)
    assert bars["ymax"].tolist() == [0.0, 0.625]
    assert labels["label"].tolist() == ["0%", "62%"]


def test_the_label_of_a_full_bar_is_drawn() -> None:
    figure = plots.shares({"all": {"one-hot": 1.0}}, x_label="encoding", y_label="R²").draw()
    assert "100%" in [text.get_text() for text in figure.axes[0].texts]


def test_activation_curves_are_the_functions_given() -> None:
    curve = layer_data(plots.activation_curves({"ReLU": lambda z: np.maximum(0, z), "tanh": np.tanh}), 2)
    second = curve["PANEL"] == 2
    assert curve["y"][second] == pytest.approx(np.tanh(curve["x"][second]))
    assert curve["y"][~second].min() == 0


def test_an_empty_mapping_is_refused() -> None:
    with pytest.raises(ValueError, match="the mapping is empty"):
        plots.learning_curves({})


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match=r"same length, got \{'x': 3, 'y': 2\}"):
        plots.line_fit(X, Y[:2], 1.0)


def test_a_column_must_be_one_dimensional() -> None:
    with pytest.raises(ValueError, match=r"x must be a non-empty one-dimensional array, got shape \(3, 1\)"):
        plots.line_fit(X[:, None], Y, 1.0)


# ------------------------------------------------------------------------------------ gradients and steps


def bowl(beta: np.ndarray) -> np.ndarray:
    return (beta - 0.8) ** 2 + 0.5


@pytest.mark.parametrize("at", [2.0, -0.5])
def test_the_gradient_points_uphill_and_the_step_downhill(at: float) -> None:
    figure = plots.gradient_arrows(bowl, lambda b: 2 * (b - 0.8), at=at, step=0.3, span=(-2.0, 3.0))
    tips = {str(arrow.get_gid()): ends(arrow) for arrow in arrows(figure)}
    losses = {name: [float(bowl(np.array(place[0]))) for place in pair] for name, pair in tips.items()}
    assert losses["gradient"][1] > losses["gradient"][0]
    assert losses["step"][1] < losses["step"][0]


def test_the_labels_of_the_arrows_stand_on_the_side_of_their_arrow() -> None:
    figure = plots.gradient_arrows(bowl, lambda b: 2 * (b - 0.8), at=2.0, step=0.3, span=(-2.0, 3.0))
    places = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert places["step:\ndownhill"] < 2.0 < places["gradient:\nuphill"]


def test_descent_panels_draw_each_run_on_the_loss() -> None:
    path = np.array([2.5, 0.2, 1.1])
    figure = plots.descent_panels(bowl, {"α = 0.7": path, "α = 0.1": path[:2]}, span=(-1.0, 3.0))
    first, second = figure.axes
    assert (first.lines[1].get_xdata() == path).all()
    assert (first.lines[1].get_ydata() == bowl(path)).all()
    assert len(second.lines[1].get_xdata()) == 2
    assert [axes.get_title() for axes in figure.axes] == ["α = 0.7", "α = 0.1"]


# --------------------------------------------------------------------------------------------- diagrams


def test_component_flow_runs_from_model_over_loss_to_optimizer_and_back() -> None:
    figure = plots.component_flow()
    boxes = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    assert [title for title in texts(figure) if title in ("Model", "Loss", "Optimizer")] == [
        "Model",
        "Loss",
        "Optimizer",
    ]
    to_loss, to_optimizer, back = [ends(arrow) for arrow in arrows(figure)]
    assert boxes[0].get_x() < to_loss[0][0] < to_loss[1][0] < boxes[1].get_x()
    assert boxes[1].get_x() < to_optimizer[0][0] < to_optimizer[1][0] < boxes[2].get_x()
    assert back[1][1] > back[0][1]  # up, into the model
    assert back[1][0] < boxes[1].get_x()


def test_training_loop_names_the_four_steps_and_closes_the_circle() -> None:
    figure = plots.training_loop()
    for title, code in plots.TRAINING_STEPS:
        assert title in texts(figure)
        assert code in texts(figure)
    right, down, left, up = [end - start for start, end in map(ends, arrows(figure)[:4])]
    assert right[0] > 0
    assert down[1] < 0
    assert left[0] < 0
    assert up[1] > 0


def test_neuron_is_read_from_left_to_right() -> None:
    figure = plots.neuron()
    places = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert places["x₁"] < places["w₁"] < places["Σ"] < places["σ"] < places["output"]
    assert all(end[0] > start[0] for start, end in map(ends, arrows(figure)))


def test_network_has_a_circle_for_each_neuron_and_a_line_for_each_weight() -> None:
    axes = plots.network([2, 3, 1]).axes[0]
    assert sum(isinstance(patch, Circle) for patch in axes.patches) == 6
    assert len(axes.lines) == 2 * 3 + 3 * 1


def test_network_with_counts_adds_up_to_13() -> None:
    figure = plots.network_with_counts([2, 3, 1])
    counts = [text for text in texts(figure) if "=" in text]
    assert counts == ["2×3 + 3 = 9", "3×1 + 1 = 4"]
    assert sum(int(count.split("=")[1]) for count in counts) == 13


@pytest.mark.parametrize("widths", [[2], [2, 0, 1]])
def test_network_refuses_what_is_no_network(widths: list[int]) -> None:
    with pytest.raises(ValueError, match="at least two layers"):
        plots.network(widths)


def cells(figure: Figure) -> list[Rectangle]:
    return [patch for patch in figure.axes[0].patches if type(patch) is Rectangle]


def test_one_hot_matrix_shows_the_entries_and_colors_the_ones() -> None:
    figure = plots.one_hot_matrix("GAT", one_hot("GAT"))
    entries = [text for text in texts(figure) if text in "01"]
    assert np.array(entries, dtype=int).reshape(3, 4).tolist() == one_hot("GAT").tolist()
    colored = [to_hex(cell.get_facecolor()) for cell in cells(figure) if to_hex(cell.get_facecolor()) != "#ffffff"]
    assert colored == [plots.NUCLEOTIDE_COLORS[base] for base in "GAT"]
    assert texts(figure)[:4] == list("ACGT")


def test_one_hot_matrix_reads_down_the_sequence() -> None:
    figure = plots.one_hot_matrix("GAT", one_hot("GAT"))
    rows = [cell.get_y() for cell in cells(figure)[::4]]
    assert rows == sorted(rows, reverse=True)


def test_one_hot_matrix_refuses_another_shape() -> None:
    with pytest.raises(ValueError, match=r"matrix must have shape \(3, 4\) for 'GAT', got \(2, 4\)"):
        plots.one_hot_matrix("GAT", one_hot("GA"))


def test_dna_to_prediction_shows_the_matrix_that_it_was_given() -> None:
    figure = plots.dna_to_prediction("ACCT", one_hot("ACCT"))
    entries = [text for text in texts(figure) if text in "01"]
    assert np.array(entries, dtype=int).reshape(4, 4).tolist() == one_hot("ACCT").tolist()
    assert all(end[0] > start[0] for start, end in map(ends, arrows(figure)))
