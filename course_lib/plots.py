"""The figures that lessons and decks share, in one palette.

Each function takes the numbers to show and returns the figure; none of them computes a result. Figures of
data are plotnine plots, to which a lesson can add layers. Flow diagrams and arrows, where a grammar of
graphics does not fit, are matplotlib figures.

Sizes are in inches at 96 pixels an inch. They are set here and not by a cell option, because Quarto's Jupyter
engine does not read ``fig-width`` from a cell.
"""

# plotnine ships its types, but `aes` and the `+` of plots have none.
# mypy: disable-error-code="no-untyped-call,no-any-return"

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise, product
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import plotnine as p9
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle
from numpy.typing import ArrayLike, NDArray

TEAL = "#0b7285"
"""Data, and the accent of the site."""
VERMILION = "#c2410c"
"""A model, or what it fits."""
VIOLET = "#6741d9"
"""A third thing beside data and model."""
INK = "#212529"
"""The truth, and text."""
GRAY = "#6c757d"
"""Aids to the eye."""
GRID = "#e9ecef"
"""Grid lines."""

NUCLEOTIDE_COLORS = {"A": "#1a7f37", "C": "#1f5fbf", "G": "#9a6700", "T": "#c92a2a"}
"""One color for each base, the same everywhere; each has a contrast of at least 4.5 on white."""
LOGO_STYLE: dict[str, Any] = {"color_scheme": NUCLEOTIDE_COLORS, "font_name": "DejaVu Sans", "show_spines": False}
"""What every sequence logo has; the font comes with Matplotlib, so that logos look alike everywhere."""

SERIES = (VERMILION, TEAL, VIOLET, INK)
"""The order in which series take their colors."""
LINETYPES = ("solid", "dashed", "dashdot", "dotted")
"""The order in which series take their line types, so that color never carries meaning alone."""

HALF = (6.2, 5.0)
"""Inches: a figure in half of a slide."""
WIDE = (11.5, 4.8)
"""Inches: a figure as wide as a slide."""

Array = NDArray[np.float64]
Size = tuple[float, float]
Point = tuple[float, float]


# ---------------------------------------------------------------------------------------------- style


def use_course_style(base_size: float = 16) -> None:
    """Make the course's look the default of matplotlib and plotnine.

    The same figure gives the same bytes: ids in SVG come from a fixed salt, and the environment variable
    ``SOURCE_DATE_EPOCH``, where it is not set already, fixes the date that matplotlib writes into a file.

    Parameters
    ----------
    base_size : float
        Size of the text of axes and labels, in points.

    Raises
    ------
    ValueError
        If `base_size` is not positive.

    Examples
    --------
    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     use_course_style()
    ...     mpl.rcParams["axes.facecolor"]
    'white'
    """
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")
    mpl.rcParams.update(_rc_params(_positive("base_size", base_size)))
    p9.options.dpi = 96
    p9.theme_set(theme_course(base_size))


def theme_course(base_size: float = 16) -> p9.theme:
    """Return the plotnine theme of the course: white, with a light grid and no frame.

    Parameters
    ----------
    base_size : float
        Size of the text of axes and labels, in points.

    Returns
    -------
    plotnine.theme
        A theme to add to a plot.

    Raises
    ------
    ValueError
        If `base_size` is not positive.

    Examples
    --------
    >>> plot = p9.ggplot() + theme_course(base_size=20)
    >>> isinstance(plot.theme, p9.theme)
    True
    """
    _positive("base_size", base_size)
    return p9.theme_minimal(base_size=base_size) + p9.theme(
        text=p9.element_text(color=INK, size=base_size),
        axis_text=p9.element_text(color=INK, size=base_size),
        axis_title=p9.element_text(size=base_size),
        plot_margin=0.02,
        strip_text=p9.element_text(size=base_size, weight="bold"),
        legend_text=p9.element_text(size=base_size),
        legend_title=p9.element_blank(),
        legend_position="top",
        legend_key_width=34,
        panel_spacing=0.03,
        panel_grid_major=p9.element_line(color=GRID),
        panel_grid_minor=p9.element_blank(),
        plot_background=p9.element_rect(fill="white", color="white"),
        panel_background=p9.element_rect(fill="white", color="white"),
    )


def _rc_params(base_size: float) -> Any:
    return {
        "svg.hashsalt": "deep-learning-in-genomics",
        "figure.dpi": 96,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "axes.edgecolor": GRAY,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.prop_cycle": cycler(color=list(SERIES)),
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "font.size": base_size,
        "axes.labelsize": base_size,
        "axes.titlesize": base_size,
        "xtick.labelsize": base_size,
        "ytick.labelsize": base_size,
        "legend.fontsize": base_size,
        "legend.frameon": False,
        "lines.linewidth": 2.5,
    }


def _positive(name: str, value: float) -> float:
    if not value > 0:
        raise ValueError(f"{name} must be positive, got {value!r}")
    return value


def _column(name: str, values: ArrayLike) -> Array:
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} must be a non-empty one-dimensional array, got shape {array.shape}")
    return array


def _columns(**named: ArrayLike) -> pd.DataFrame:
    arrays = {name: _column(name, values) for name, values in named.items()}
    lengths = {name: len(values) for name, values in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"arrays must have the same length, got {lengths}")
    return pd.DataFrame(arrays)


def _stack(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Stack tables under a categorical column ``series`` that keeps their order."""
    if not tables:
        raise ValueError("there is nothing to plot: the mapping is empty")
    table = pd.concat([part.assign(series=name) for name, part in tables.items()], ignore_index=True)
    table["series"] = pd.Categorical(table["series"], categories=list(tables))
    return table


def _sized(size: Size, base_size: float = 16) -> Any:
    return theme_course(base_size) + p9.theme(figure_size=size)


def _axes(size: Size, panels: int = 1, **options: Any) -> tuple[Figure, list[Axes]]:
    """Make a figure that pyplot has let go of, so that a notebook shows it once."""
    figure, axes = plt.subplots(1, panels, figsize=size, layout="constrained", squeeze=False, **options)
    plt.close(figure)
    return figure, list(axes[0])


# ---------------------------------------------------------------------------------------- linear models


def line_fit(x: ArrayLike, y: ArrayLike, slope: float, intercept: float = 0.0, *, size: Size = HALF) -> p9.ggplot:
    """Show points and a line through them.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        The data.
    slope, intercept : float
        The line.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the points, layer 1 the line.

    Examples
    --------
    >>> plot = line_fit([0, 1, 2], [0.2, 0.7, 1.8], slope=0.8)
    >>> plot.data.shape
    (3, 2)
    """
    return (
        p9.ggplot(_columns(x=x, y=y), p9.aes("x", "y"))
        + p9.geom_point(color=TEAL, size=2.5, alpha=0.75)
        + p9.geom_abline(slope=slope, intercept=intercept, color=VERMILION, size=1.4)
        + _sized(size)
    )


def residual_segments(x: ArrayLike, y: ArrayLike, y_hat: ArrayLike, *, size: Size = HALF) -> p9.ggplot:
    """Show each observation, the prediction for it, and the residual between them.

    Parameters
    ----------
    x, y, y_hat : array_like, shape (n,)
        Input, observation and prediction.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the residuals as segments, layer 1 the line of predictions, layer 2 the data.

    Examples
    --------
    >>> plot = residual_segments([0, 1], [0.2, 0.7], y_hat=[0.0, 0.8])
    >>> plot.data.columns.tolist()
    ['x', 'y', 'y_hat']
    """
    return (
        p9.ggplot(_columns(x=x, y=y, y_hat=y_hat), p9.aes("x", "y"))
        + p9.geom_segment(p9.aes(xend="x", yend="y_hat"), color=GRAY, size=0.8)
        + p9.geom_line(p9.aes(y="y_hat"), color=VERMILION, size=1.4)
        + p9.geom_point(color=TEAL, size=3)
        + _sized(size)
    )


def predicted_vs_observed(y: ArrayLike, predictions: Mapping[str, ArrayLike], *, size: Size = HALF) -> p9.ggplot:
    """Show predictions against observations, one panel a model, with the identity line.

    Parameters
    ----------
    y : array_like, shape (n,)
        What was observed.
    predictions : mapping of str to array_like, shape (n,)
        What each model predicts, under the title of its panel.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the identity line, layer 1 the points.

    Examples
    --------
    >>> plot = predicted_vs_observed([1, 2], {"line": [1.1, 1.8], "network": [1.0, 2.1]})
    >>> plot.data["series"].tolist()
    ['line', 'line', 'network', 'network']
    """
    table = _stack({name: _columns(y=y, y_hat=y_hat) for name, y_hat in predictions.items()})
    values = table[["y", "y_hat"]].to_numpy()
    both = (float(values.min()), float(values.max()))
    return (
        p9.ggplot(table, p9.aes("y", "y_hat"))
        + p9.geom_abline(slope=1, intercept=0, color=INK, linetype="dashed", size=0.9)
        + p9.geom_point(color=TEAL, size=2.2, alpha=0.55)
        + p9.facet_wrap("series", nrow=1)
        + p9.coord_cartesian(xlim=both, ylim=both)
        + p9.labs(x="observed y", y="predicted ŷ")
        + _sized(size)
    )


def loss_curve(
    beta: ArrayLike,
    loss: ArrayLike,
    marks: Mapping[str, float],
    *,
    x_label: str = "β",
    size: Size = HALF,
) -> p9.ggplot:
    """Show a loss as a function of one parameter, with vertical lines at values worth naming.

    Parameters
    ----------
    beta, loss : array_like, shape (n,)
        Values of the parameter, and the loss at each.
    marks : mapping of str to float
        Named values of the parameter, up to four.
    x_label : str
        Title of the horizontal axis.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the loss, layer 1 the marks.

    Examples
    --------
    >>> plot = loss_curve([-1, 0, 1], [1, 0, 1], {"minimum": 0.0})
    >>> plot.data["loss"].tolist()
    [1.0, 0.0, 1.0]
    """
    lines = pd.DataFrame({"at": list(marks.values()), "name": pd.Categorical(list(marks), list(marks))})
    return (
        p9.ggplot(_columns(beta=beta, loss=loss))
        + p9.aes("beta", "loss")
        + p9.geom_line(color=INK, size=1.4)
        + p9.geom_vline(p9.aes(xintercept="at", color="name", linetype="name"), lines, size=1.2)
        + _series_scales(len(marks))
        + p9.labs(x=x_label, y="MSE loss")
        + _sized(size)
    )


def trajectories(
    paths: Mapping[str, ArrayLike],
    marks: Mapping[str, Point],
    *,
    hessian: ArrayLike | None = None,
    center: Point | None = None,
    size: Size = HALF,
) -> p9.ggplot:
    """Show the paths of an optimizer through the plane of two parameters.

    Parameters
    ----------
    paths : mapping of str to array_like, shape (steps + 1, 2)
        The parameters after each step.
    marks : mapping of str to pair of float
        Named points, such as the estimate and the true parameters.
    hessian : array_like, shape (2, 2), optional
        Second derivatives of a quadratic loss; with `center`, ellipses of equal loss are drawn.
    center : pair of float, optional
        Where that loss is smallest.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        The last three layers hold the paths as lines, their points, and the marks.

    Raises
    ------
    ValueError
        If a path is not of shape (steps + 1, 2).

    Examples
    --------
    >>> plot = trajectories({"descent": [[0, 0], [1, 2], [1.5, 3]]}, {"truth": (2, 4)})
    >>> len(plot.data)
    3
    """
    table = _stack({name: _path(name, path) for name, path in paths.items()})
    points = pd.DataFrame(list(marks.values()), columns=["beta_1", "beta_2"], dtype=float)
    points["name"] = pd.Categorical(list(marks), list(marks))
    plot: p9.ggplot = p9.ggplot(table, p9.aes("beta_1", "beta_2"))
    if hessian is not None and center is not None:
        far = max(_excess(np.asarray(path, dtype=float), hessian, center) for path in paths.values())
        rings = _rings(np.asarray(hessian, dtype=float), center, far)
        plot += p9.geom_path(p9.aes(group="ring"), rings, color="#ced4da", size=0.7)
    return (
        plot
        + p9.geom_path(p9.aes(color="series", linetype="series"), size=1.1)
        + p9.geom_point(p9.aes(color="series"), size=2)
        + p9.geom_point(p9.aes(shape="name"), points, color=INK, fill="none", size=6, stroke=1.4)
        + p9.scale_shape_manual(values=["x", "o", "^", "s"][: len(marks)], name="")
        + _series_scales(len(paths))
        + _frame(pd.concat([table, points]))
        + p9.labs(x="β₁", y="β₂")
        + _sized(size)
    )


def _path(name: str, path: ArrayLike) -> pd.DataFrame:
    array = np.asarray(path, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"path {name!r} must have shape (steps + 1, 2), got {array.shape}")
    return pd.DataFrame(array, columns=["beta_1", "beta_2"])


def _frame(points: pd.DataFrame) -> Any:
    """Return coordinates of one scale, whose limits leave some room around the points."""
    low, high = points[["beta_1", "beta_2"]].min(), points[["beta_1", "beta_2"]].max()
    pad = 0.12 * float((high - low).max())
    limits = [(float(low[name] - pad), float(high[name] + pad)) for name in ("beta_1", "beta_2")]
    return p9.coord_fixed(xlim=limits[0], ylim=limits[1])


def _excess(path: Array, hessian: ArrayLike, center: Point) -> float:
    """Return by how much the loss at the start of a path exceeds its minimum."""
    away = path[0] - np.asarray(center)
    return float(away @ np.asarray(hessian, dtype=float) @ away / 2)


def _rings(hessian: Array, center: Point, far: float) -> pd.DataFrame:
    """Return ellipses on which a quadratic loss exceeds its minimum by shares of `far`."""
    values, vectors = np.linalg.eigh(hessian)
    angle = np.linspace(0, 2 * np.pi, 121)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    rings = []
    for share in (0.02, 0.1, 0.3, 0.6, 1.0):
        points = vectors @ (circle * np.sqrt(2 * share * far / values)[:, None])
        ring = pd.DataFrame(points.T + np.asarray(center), columns=["beta_1", "beta_2"])
        rings.append(ring.assign(ring=share))
    return pd.concat(rings, ignore_index=True)


def _series_scales(count: int) -> list[Any]:
    """Return the scales of color and line type, and no legend where there is one series."""
    guide: Any = "legend" if count > 1 else None
    return [
        p9.scale_color_manual(values=list(SERIES[:count]), name="", guide=guide),
        p9.scale_linetype_manual(values=list(LINETYPES[:count]), name="", guide=guide),
    ]


# --------------------------------------------------------------------------------------------- training


def learning_curves(
    curves: Mapping[str, ArrayLike],
    *,
    x_label: str = "epoch",
    y_label: str = "loss",
    size: Size = HALF,
) -> p9.ggplot:
    """Show how a loss changes while training, on a logarithmic scale.

    Parameters
    ----------
    curves : mapping of str to array_like, shape (steps,)
        One value for each epoch or step, positive; up to four curves.
    x_label, y_label : str
        Titles of the axes.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the curves.

    Examples
    --------
    >>> plot = learning_curves({"training": [1.0, 0.1, 0.01]}, x_label="step")
    >>> plot.labels.x
    'step'
    """
    table = _stack({name: _curve(values) for name, values in curves.items()})
    return (
        p9.ggplot(table, p9.aes("step", "value", color="series", linetype="series"))
        + p9.geom_line(size=1.3)
        + p9.scale_y_log10()
        + _series_scales(len(curves))
        + p9.labs(x=x_label, y=y_label)
        + _sized(size)
    )


def _curve(values: ArrayLike, most: int = 500) -> pd.DataFrame:
    """Return the values with their numbers; a long curve is thinned evenly, both ends kept."""
    column = _column("curve", values)
    keep = np.unique(np.linspace(0, len(column) - 1, min(most, len(column))).round().astype(int))
    return pd.DataFrame({"step": keep, "value": column[keep]})


def fitted_curves(
    x: ArrayLike,
    truth: ArrayLike,
    fits: Mapping[str, ArrayLike],
    *,
    bends: Mapping[str, ArrayLike] | None = None,
    size: Size = HALF,
) -> p9.ggplot:
    """Show what models learned beside the function that they learned from, one panel a model.

    Parameters
    ----------
    x, truth : array_like, shape (n,)
        The input, in ascending order, and the true function at it.
    fits : mapping of str to array_like, shape (n,)
        What each model predicts at `x`.
    bends : mapping of str to array_like, optional
        For a model, the inputs at which its prediction bends; drawn as points on the fitted curve.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the truth, layer 1 the fits, and layer 2, where there are bends, the bends.

    Examples
    --------
    >>> plot = fitted_curves([-1, 0, 1], truth=[-1, 0, 1], fits={"line": [-0.8, 0.0, 0.8]})
    >>> len(plot.layers)
    2
    """
    table = _stack({name: _columns(x=x, truth=truth, fit=fit) for name, fit in fits.items()})
    plot = (
        p9.ggplot(table, p9.aes("x"))
        + p9.geom_line(p9.aes(y="truth", color="'truth'", linetype="'truth'"), size=1.1)
        + p9.geom_line(p9.aes(y="fit", color="'model'", linetype="'model'"), size=1.6)
        + p9.scale_color_manual(values={"truth": INK, "model": VERMILION}, name="")
        + p9.scale_linetype_manual(values={"truth": "dashed", "model": "solid"}, name="")
        + p9.facet_wrap("series", nrow=1)
        + p9.labs(x="x", y="y")
        + _sized(size)
    )
    if bends:
        plot += p9.geom_point(p9.aes("x", "y"), _bend_points(x, fits, bends), color=VERMILION, size=4)
    return plot


def _bend_points(x: ArrayLike, fits: Mapping[str, ArrayLike], bends: Mapping[str, ArrayLike]) -> pd.DataFrame:
    """Place each bend that lies in the range of `x` on the curve of its model."""
    inputs = _column("x", x)
    rows = [
        (name, at, np.interp(at, inputs, _column(name, fits[name])))
        for name, positions in bends.items()
        for at in np.asarray(positions, dtype=float)
        if inputs[0] <= at <= inputs[-1]
    ]
    points = pd.DataFrame(rows, columns=["series", "x", "y"])
    points["series"] = pd.Categorical(points["series"], categories=list(fits))
    return points


def by_seed(values: Mapping[str, ArrayLike], *, y_label: str, size: Size = HALF) -> p9.ggplot:
    """Show a measured value for each seed, one column of points a model, with a bar at the median.

    Parameters
    ----------
    values : mapping of str to array_like, shape (seeds,)
        Positive values, shown on a logarithmic scale.
    y_label : str
        Title of the axis.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the points, layer 1 the medians.

    Examples
    --------
    >>> plot = by_seed({"baseline": [0.20, 0.30], "improved": [0.02, 0.01]}, y_label="MSE")
    >>> plot.data["series"].unique().tolist()
    ['baseline', 'improved']
    """
    table = _stack({name: pd.DataFrame({"value": _column(name, row)}) for name, row in values.items()})
    middle = table.groupby("series", observed=True)["value"].median().reset_index()
    jitter = p9.position_jitter(width=0.12, height=0, random_state=1)
    return (
        p9.ggplot(table, p9.aes("series", "value"))
        + p9.geom_point(color=TEAL, size=3, alpha=0.7, position=jitter)
        + p9.geom_crossbar(p9.aes(ymin="value", ymax="value"), middle, color=VERMILION, width=0.5, size=0.9)
        + p9.scale_y_log10()
        + p9.labs(x="", y=y_label)
        + _sized(size)
    )


def error_by_width(widths: ArrayLike, errors: Mapping[str, ArrayLike], *, size: Size = HALF) -> p9.ggplot:
    """Show how an error falls with the number of neurons, on two logarithmic scales.

    Parameters
    ----------
    widths : array_like, shape (n,)
        Numbers of neurons.
    errors : mapping of str to array_like, shape (n,)
        For each way to get the weights, the error at each width; positive, up to four ways.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the lines, layer 1 the points.

    Examples
    --------
    >>> plot = error_by_width([2, 4, 8], {"trained": [0.5, 0.1, 0.02]})
    >>> len(plot.data)
    3
    """
    table = _stack({name: _columns(width=widths, error=row) for name, row in errors.items()})
    ticks = [float(width) for width in _column("widths", widths)]
    return (
        p9.ggplot(table, p9.aes("width", "error", color="series"))
        + p9.geom_line(p9.aes(linetype="series"), size=1.3)
        + p9.geom_point(size=4)
        + p9.scale_x_log10(breaks=ticks, labels=[f"{tick:g}" for tick in ticks])
        + p9.scale_y_log10()
        + _series_scales(len(errors))
        + p9.labs(x="neurons", y="largest error")
        + _sized(size)
    )


def landscape_and_ends(
    beta: ArrayLike, loss: ArrayLike, ends: ArrayLike, start: float, *, x_label: str = "β", size: Size = HALF
) -> p9.ggplot:
    """Show a loss with several minima, where the runs began, and where each of them ended.

    Parameters
    ----------
    beta, loss : array_like, shape (n,)
        Values of the parameter in ascending order, and the loss at each.
    ends : array_like, shape (runs,)
        The parameter at the end of each run; those outside the range of `beta` are not drawn.
    start : float
        The parameter at the start of every run.
    x_label : str
        Title of the horizontal axis.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the loss, layer 1 the ends, layer 2 the start.

    Examples
    --------
    >>> plot = landscape_and_ends([-1, 0, 1], [0, 1, 0], ends=[-1, 1, 7], start=0.1)
    >>> plot.data.shape
    (3, 2)
    """
    grid = _columns(beta=beta, loss=loss)
    last = pd.DataFrame({"beta": _column("ends", ends)})
    last = last[last["beta"].between(grid["beta"].min(), grid["beta"].max())]
    last = last.assign(loss=np.interp(last["beta"], grid["beta"], grid["loss"]))
    below = -0.05 * float(np.ptp(grid["loss"]))
    first = pd.DataFrame({"beta": [start], "loss": [np.interp(start, grid["beta"], grid["loss"])]})
    return (
        p9.ggplot(grid, p9.aes("beta", "loss"))
        + p9.geom_line(color=INK, size=1.3)
        + p9.geom_point(data=last, color=VERMILION, size=3, alpha=0.35)
        + p9.geom_point(data=first, color=INK, fill="white", shape="o", size=5, stroke=1.2)
        + p9.geom_text(
            data=first.assign(label="start"), mapping=p9.aes(label="label"), va="top", size=16, nudge_y=below
        )
        + p9.labs(x=x_label, y="MSE loss")
        + _sized(size)
    )


def shares(table: Mapping[str, Mapping[str, float]], *, x_label: str, y_label: str, size: Size = HALF) -> p9.ggplot:
    """Show shares as labeled bars, one panel per group.

    Parameters
    ----------
    table : mapping of str to mapping of str to float
        For each panel, a share between 0 and 1 for each bar; the order is kept.
    x_label, y_label : str
        Titles of the axes.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the bars, layer 1 their labels.

    Examples
    --------
    >>> plot = shares({"width 3": {"stuck": 0.25, "good": 0.75}}, x_label="end", y_label="share of runs")
    >>> len(plot.data)
    2
    """
    data = _stack({name: pd.DataFrame({"bar": list(row), "share": [*row.values()]}) for name, row in table.items()})
    data["bar"] = pd.Categorical(data["bar"], categories=list(next(iter(table.values()))))
    data["label"] = [f"{share:.0%}" for share in data["share"]]
    top = max(1.0, float(data["share"].max()) + 0.1)  # room for the label of a full bar
    return (
        p9.ggplot(data, p9.aes("bar", "share"))
        + p9.geom_col(fill=TEAL, width=0.65)
        + p9.geom_text(p9.aes(label="label"), va="bottom", size=16, nudge_y=0.02)
        + p9.facet_wrap("series", nrow=1)
        + p9.scale_y_continuous(
            limits=(0, top), breaks=[0, 0.25, 0.5, 0.75, 1], labels=["0%", "25%", "50%", "75%", "100%"]
        )
        + p9.labs(x=x_label, y=y_label)
        + _sized(size)
    )


def activation_curves(functions: Mapping[str, Callable[[Array], ArrayLike]], *, size: Size = WIDE) -> p9.ggplot:
    """Show activation functions between -3 and 3, one panel a function.

    Parameters
    ----------
    functions : mapping of str to callable
        Each takes an array of shape (n,) and returns one of the same shape.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layers 0 and 1 hold the axes through zero, layer 2 the functions.

    Examples
    --------
    >>> plot = activation_curves({"ReLU": lambda z: np.maximum(z, 0), "tanh": np.tanh})
    >>> plot.data["series"].unique().tolist()
    ['ReLU', 'tanh']
    """
    z = np.linspace(-3, 3, 241)
    table = _stack({name: _columns(z=z, value=function(z)) for name, function in functions.items()})
    return (
        p9.ggplot(table, p9.aes("z", "value"))
        + p9.geom_hline(yintercept=0, color=GRAY, size=0.5)
        + p9.geom_vline(xintercept=0, color=GRAY, size=0.5)
        + p9.geom_line(color=VERMILION, size=1.6)
        + p9.facet_wrap("series", nrow=1)
        + p9.labs(x="z", y="σ(z)")
        + _sized(size)
    )


# ------------------------------------------------------------------------------------ gradients and steps


def gradient_arrows(
    loss: Callable[[Array], Array],
    slope: Callable[[float], float],
    at: float,
    step: float,
    *,
    span: Point,
    size: Size = HALF,
) -> Figure:
    """Show at one point of a loss which way its gradient points and which way a descent step goes.

    Both arrows lie along the axis of the parameter, because that is the space in which a gradient lives.

    Parameters
    ----------
    loss : callable
        The loss at an array of parameters, shape (n,).
    slope : callable
        Its derivative at one parameter.
    at : float
        The parameter at which to draw.
    step : float
        Length of both arrows, in units of the parameter.
    span : pair of float
        The range of parameters to draw.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Its axes hold the loss as a line; the arrows carry the gids ``gradient`` and ``step``.

    Examples
    --------
    >>> figure = gradient_arrows(np.square, lambda beta: 2 * beta, at=1.0, step=0.5, span=(-2, 2))
    >>> sorted(patch.get_gid() for patch in figure.axes[0].patches)
    ['gradient', 'step']
    """
    figure, (axes,) = _axes(size)
    beta = np.linspace(*span, 241)
    height = float(loss(np.array([at]))[0])
    uphill = float(np.sign(slope(at)))
    axes.plot(beta, loss(beta), color=INK)
    axes.plot([at], [height], "o", color=INK, markersize=11, zorder=4)
    for name, direction, color in (("gradient", uphill, VERMILION), ("step", -uphill, TEAL)):
        _arrow(axes, (at, height), (at + direction * step, height), color, name)
    gradient, descent = ("left", "right") if uphill > 0 else ("right", "left")
    _note(axes, (at + 1.08 * uphill * step, height), "gradient:\nuphill", VERMILION, gradient)
    _note(axes, (at - 1.08 * uphill * step, height), "step:\ndownhill", TEAL, descent)
    axes.set(xlabel="β", ylabel="L(β)", xlim=span)
    return figure


def _note(axes: Axes, at: Point, text: str, color: str, align: str = "center") -> None:
    axes.text(*at, text, color=color, ha=align, va="center", fontsize=16, fontweight="bold")


def descent_panels(
    loss: Callable[[Array], Array], paths: Mapping[str, ArrayLike], *, span: Point, size: Size = WIDE
) -> Figure:
    """Show the steps of gradient descent on a loss of one parameter, one panel a run.

    Parameters
    ----------
    loss : callable
        The loss at an array of parameters, shape (n,).
    paths : mapping of str to array_like, shape (steps + 1,)
        The parameter after each step, under the title of its panel.
    span : pair of float
        The range of parameters to draw.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        In each axes, line 0 is the loss and line 1 the run.

    Examples
    --------
    >>> figure = descent_panels(np.square, {"small": [1.0, 0.8], "large": [1.0, -1.2]}, span=(-2, 2))
    >>> [axes.get_title() for axes in figure.axes]
    ['small', 'large']
    """
    figure, panels = _axes(size, len(paths), sharey=True)
    beta = np.linspace(*span, 241)
    for axes, (title, path) in zip(panels, paths.items(), strict=True):
        steps = _column(title, path)
        axes.plot(beta, loss(beta), color=GRAY)
        axes.plot(steps, loss(steps), "o-", color=VERMILION, linewidth=1.8, markersize=8)
        axes.plot(steps[:1], loss(steps[:1]), "o", color="white", mec=INK, markersize=11, zorder=4)
        axes.set_title(title, fontweight="bold")
        axes.set(xlabel="β", xlim=span)
    panels[0].set_ylabel("L(β)")
    return figure


# --------------------------------------------------------------------------------------------- diagrams


def _canvas(size: Size) -> tuple[Figure, Axes]:
    """Make bare axes whose unit is an inch."""
    figure, (axes,) = _axes(size)
    axes.set(xlim=(0, size[0]), ylim=(0, size[1]), aspect="equal")
    axes.axis("off")
    return figure, axes


def _box(axes: Axes, center: Point, shape: Size, title: str, color: str = TEAL) -> None:
    """Draw an empty rounded box with a bold title near its top."""
    corner = (center[0] - shape[0] / 2, center[1] - shape[1] / 2)
    style = "round,pad=0,rounding_size=0.12"
    axes.add_patch(FancyBboxPatch(corner, *shape, boxstyle=style, fc="white", ec=color, lw=2.5))
    _label(axes, (center[0], corner[1] + shape[1] - 0.38), title, color=color, weight="bold")


def _label(axes: Axes, at: Point, text: str, **style: Any) -> None:
    axes.text(*at, text, **{"ha": "center", "va": "center", "fontsize": 18, "linespacing": 1.5, **style})


def _arrow(axes: Axes, start: Point, end: Point, color: str = INK, gid: str | None = None) -> None:
    arrow = FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=24, lw=2.5, color=color, shrinkA=0, shrinkB=0)
    arrow.set_gid(gid)
    axes.add_patch(arrow)


def component_flow(size: Size = (11.5, 3.6)) -> Figure:
    """Draw the three components of machine learning and what passes between them: a schematic.

    Parameters
    ----------
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Three boxes; arrows lead from the model to the loss, on to the optimizer, and back to the model.

    Examples
    --------
    >>> component_flow().get_size_inches().tolist()
    [11.5, 3.6]
    """
    figure, axes = _canvas(size)
    parts = (
        ("Model", "ŷ = f(x; β)\nmakes a guess", VERMILION),
        ("Loss", "L(ŷ, y)\nsays how wrong it is", INK),
        ("Optimizer", "β ← β − α ∇L\nmakes it less wrong", TEAL),
    )
    y, centers = size[1] - 1.0, np.linspace(1.6, size[0] - 1.6, 3)
    for (title, lines, color), x in zip(parts, centers, strict=True):
        _box(axes, (x, y), (3.1, 1.9), title, color)
        _label(axes, (x, y - 0.3), lines, fontsize=17)
    for left, right, passed in ((0, 1, "ŷ"), (1, 2, "L")):
        _arrow(axes, (centers[left] + 1.6, y), (centers[right] - 1.6, y))
        _label(axes, ((centers[left] + centers[right]) / 2, y + 0.3), passed)
    axes.plot([centers[2], centers[2], centers[0]], [y - 1.0, 0.4, 0.4], color=INK, linewidth=2.2)
    _arrow(axes, (centers[0], 0.4), (centers[0], y - 1.02))
    _label(axes, (centers[1], 0.72), "new parameters β, then the next step")
    return figure


TRAINING_STEPS = (
    ("1  Forward pass", "y_hat = model(x)"),
    ("2  Loss", "loss = loss_fn(y_hat, y)"),
    ("3  Backward pass", "loss.backward()"),
    ("4  Update", "optimizer.step()"),
)
"""The four steps of a training loop, each with the line of PyTorch that does it."""


def training_loop(size: Size = (11.5, 4.4)) -> Figure:
    """Draw the training loop as a cycle of four steps, each with its line of code: a schematic.

    Parameters
    ----------
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Four boxes joined clockwise by arrows, and one arrow by which the data enter the first.

    Examples
    --------
    >>> training_loop().get_size_inches().tolist()
    [11.5, 4.4]
    """
    figure, axes = _canvas(size)
    left, right, top, low = 4.0, size[0] - 2.05, size[1] - 0.85, 0.85
    places = ((left, top), (right, top), (right, low), (left, low))
    for (title, code), place in zip(TRAINING_STEPS, places, strict=True):
        _box(axes, place, (4.0, 1.5), title, VERMILION if "backward" in code else TEAL)
        _label(axes, (place[0], place[1] - 0.28), code, fontsize=17, family="monospace")
    _arrow(axes, (left + 2.05, top), (right - 2.05, top))
    _arrow(axes, (right, top - 0.8), (right, low + 0.8))
    _arrow(axes, (right - 2.05, low), (left + 2.05, low))
    _arrow(axes, (left, low + 0.8), (left, top - 0.8))
    _label(axes, (0.75, top), "data\nx, y", weight="bold")
    _arrow(axes, (1.2, top), (left - 2.05, top))
    _label(axes, ((left + right) / 2, (top + low) / 2), "repeat")
    return figure


def neuron(size: Size = (11.5, 2.9)) -> Figure:
    """Draw a neuron with two inputs: weighted sum, activation, output: a schematic.

    Parameters
    ----------
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Two inputs, the sum, the activation and the output, joined by arrows.

    Examples
    --------
    >>> neuron(size=(8, 2)).get_size_inches().tolist()
    [8.0, 2.0]
    """
    figure, axes = _canvas(size)
    middle = size[1] / 2
    for name, weight, y in (("x₁", "w₁", middle + 0.85), ("x₂", "w₂", middle - 0.85)):
        _node(axes, (1.2, y), name, TEAL)
        _arrow(axes, (1.65, y), (4.25, middle + (y - middle) * 0.3))
        _label(axes, (2.9, y - (y - middle) * 0.28 + 0.3 * np.sign(y - middle)), weight)
    _node(axes, (4.75, middle), "Σ", INK, 0.5)
    _label(axes, (4.75, middle + 1.05), "add, with bias b")
    _arrow(axes, (5.3, middle), (7.0, middle))
    _label(axes, (6.15, middle + 0.28), "z")
    _node(axes, (7.55, middle), "σ", VERMILION, 0.5)
    _label(axes, (7.55, middle + 1.05), "bend", color=VERMILION, weight="bold")
    _arrow(axes, (8.1, middle), (9.9, middle))
    _label(axes, (10.65, middle), "output", weight="bold")
    return figure


def _node(axes: Axes, center: Point, text: str, color: str, radius: float = 0.42) -> None:
    axes.add_patch(Circle(center, radius, facecolor="white", edgecolor=color, linewidth=2.5, zorder=3))
    axes.text(*center, text, ha="center", va="center", fontsize=20, color=color, zorder=4)


def network(widths: Sequence[int], *, size: Size = HALF) -> Figure:
    """Draw a fully connected network: a schematic of a real architecture.

    Parameters
    ----------
    widths : sequence of int
        Neurons in each layer, the input first and the output last; at least two layers.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        A circle for each neuron and a line for each weight.

    Raises
    ------
    ValueError
        If there are fewer than two layers, or one is empty.

    Examples
    --------
    >>> figure = network([2, 3, 1])
    >>> len(figure.axes[0].lines)
    9
    """
    if len(widths) < 2 or min(widths) < 1:
        raise ValueError(f"widths must name at least two layers of at least one neuron, got {list(widths)}")
    figure, axes = _canvas(size)
    layers = _layer_positions(widths, size)
    for left, right in pairwise(layers):
        for start, end in product(left, right):
            axes.plot([start[0], end[0]], [start[1], end[1]], color=GRAY, linewidth=1.6, zorder=1)
    for depth, layer in enumerate(layers):
        color, name = _layer_style(depth, len(layers))
        for number, center in enumerate(layer):
            _node(axes, center, name + ("" if name == "ŷ" else "₁₂₃₄₅₆₇₈₉"[number % 9]), color)
    return figure


def network_with_counts(widths: Sequence[int], *, size: Size = HALF) -> Figure:
    """Draw a fully connected network, and below each pair of layers how its parameters add up.

    Parameters
    ----------
    widths : sequence of int
        Neurons in each layer, the input first and the output last; at least two layers.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The figure of :func:`network`, with one text a pair of layers, such as ``2×3 + 3 = 9``.

    Raises
    ------
    ValueError
        If there are fewer than two layers, or one is empty.

    Examples
    --------
    >>> figure = network_with_counts([2, 3, 1])
    >>> [text.get_text() for text in figure.axes[0].texts if "=" in text.get_text()]
    ['2×3 + 3 = 9', '3×1 + 1 = 4']
    """
    figure = network(widths, size=size)
    columns = [layer[0][0] for layer in _layer_positions(widths, size)]
    for place, (inputs, units) in enumerate(pairwise(widths)):
        text = f"{inputs}×{units} + {units} = {inputs * units + units}"
        middle = (columns[place] + columns[place + 1]) / 2
        _label(figure.axes[0], (middle, 0.3), text, fontsize=17)
    return figure


def _layer_positions(widths: Sequence[int], size: Size) -> list[list[Point]]:
    """Spread the layers from left to right, and the neurons of each evenly over the height."""
    columns = np.linspace(0.7, size[0] - 0.7, len(widths))
    floor, middle = 0.75, (size[1] + 0.75) / 2
    gap = min(1.25, (size[1] - floor) / max(widths))
    return [
        [(float(x), float(middle + gap * ((width - 1) / 2 - i))) for i in range(width)]
        for x, width in zip(columns, widths, strict=True)
    ]


def _layer_style(depth: int, layers: int) -> tuple[str, str]:
    if depth == 0:
        return TEAL, "x"
    return (INK, "ŷ") if depth == layers - 1 else (VERMILION, "h")


def one_hot_matrix(sequence: str, matrix: ArrayLike, *, alphabet: str = "ACGT", size: Size = HALF) -> Figure:
    """Show a sequence beside its one-hot matrix, each base in its color.

    Parameters
    ----------
    sequence : str
        The bases, one for each row.
    matrix : array_like, shape (length, 4)
        Its encoding, as :func:`course_lib.dna.one_hot` gives it.
    alphabet : str
        The base of each column.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        A cell for each entry of the matrix; the texts of the cells are the entries.

    Raises
    ------
    ValueError
        If the matrix does not have one row a base and one column a letter.

    Examples
    --------
    >>> figure = one_hot_matrix("AC", [[1, 0, 0, 0], [0, 1, 0, 0]])
    >>> len(figure.axes)
    1
    """
    rows = np.asarray(matrix)
    if rows.shape != (len(sequence), len(alphabet)):
        expected = (len(sequence), len(alphabet))
        raise ValueError(f"matrix must have shape {expected} for {sequence!r}, got {rows.shape}")
    figure, axes = _canvas(size)
    cell = min(size[1] / (len(sequence) + 1.2), size[0] / (len(alphabet) + 1.5))
    _draw_matrix(axes, sequence, rows, alphabet, corner=(1.3 * cell, size[1] - 1.1 * cell), cell=cell)
    return figure


def _draw_matrix(axes: Axes, sequence: str, rows: NDArray[Any], alphabet: str, *, corner: Point, cell: float) -> None:
    """Draw the cells of a one-hot matrix down from `corner`, with its letters above and to the left."""
    letter = {"weight": "bold", "family": "monospace", "fontsize": min(22, 44 * cell)}
    for column, base in enumerate(alphabet):
        at = (corner[0] + (column + 0.5) * cell, corner[1] + 0.45 * cell)
        _label(axes, at, base, color=NUCLEOTIDE_COLORS.get(base, INK), **letter)
    for row, base in enumerate(sequence):
        y = corner[1] - (row + 0.5) * cell
        color = NUCLEOTIDE_COLORS.get(base, INK)
        _label(axes, (corner[0] - 0.6 * cell, y), base, color=color, **letter)
        for column, value in enumerate(rows[row]):
            x = corner[0] + column * cell
            face, ink = (color, "white") if value else ("white", GRAY)
            axes.add_patch(Rectangle((x, y - cell / 2), cell, cell, facecolor=face, edgecolor="#ced4da"))
            _label(axes, (x + cell / 2, y), f"{value:g}", color=ink, fontsize=letter["fontsize"])


def dna_to_prediction(sequence: str, matrix: ArrayLike, *, alphabet: str = "ACGT", size: Size = (11.5, 4.2)) -> Figure:
    """Draw the way from a sequence over its one-hot matrix and a network to a prediction: a schematic.

    Parameters
    ----------
    sequence : str
        The bases; up to about ten are readable.
    matrix : array_like, shape (length, 4)
        Its encoding.
    alphabet : str
        The base of each column.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        Four stations from left to right, joined by arrows; the matrix is the one given.

    Examples
    --------
    >>> figure = dna_to_prediction("AC", [[1, 0, 0, 0], [0, 1, 0, 0]])
    >>> len(figure.axes)
    1
    """
    figure, axes = _canvas(size)
    top, middle = size[1] - 0.35, (size[1] - 0.7) / 2
    cell = (size[1] - 0.75) / (len(sequence) + 1)
    for x, title in ((1.1, "sequence"), (4.1, "one-hot matrix"), (7.2, "network"), (10.2, "prediction")):
        _label(axes, (x, top), title, weight="bold", color=GRAY)
    for row, base in enumerate(sequence):
        y = top - 0.4 - (row + 1.5) * cell
        _label(axes, (1.1, y), base, color=NUCLEOTIDE_COLORS[base], weight="bold", family="monospace")
    corner = (4.1 - 2 * cell, top - 0.4 - cell)
    _draw_matrix(axes, sequence, np.asarray(matrix), alphabet, corner=corner, cell=cell)
    _box(axes, (7.2, middle), (2.0, 1.6), "MLP", VERMILION)
    _label(axes, (7.2, middle - 0.3), "or CNN", color=VERMILION, weight="bold")
    _label(axes, (10.2, middle), "binding score\nexpression level\nvariant effect")
    for start, end in ((1.6, 2.6), (5.2, 6.1), (8.3, 9.0)):
        _arrow(axes, (start, middle), (end, middle))
    return figure
