"""The figures of convolution over DNA: number grids, motif matrices, scans, pooling, and results by seed.

They follow `course_lib.plots`: each function takes the numbers to show and returns the figure, sizes are in inches at
96 pixels an inch, the colors are those of the course. Teal is positive and vermilion negative wherever a cell is
filled by its value, and the value stands in the cell.

Lesson: ``slides/02-dna-and-convolution.qmd``.
"""

# plotnine ships its types, but `aes` and the `+` of plots have none.
# mypy: disable-error-code="no-untyped-call,no-any-return"

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotnine as p9
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from course_lib import dna
from course_lib.plots import (
    GRAY,
    HALF,
    INK,
    LOGO_STYLE,
    NUCLEOTIDE_COLORS,
    TEAL,
    VERMILION,
    VIOLET,
    WIDE,
    Array,
    Point,
    Size,
    _axes,
    _canvas,
    _column,
    _columns,
    _label,
    _series_scales,
    _sized,
    _stack,
)

__all__ = [
    "aligned",
    "by_group",
    "filter_places",
    "image_panels",
    "lines",
    "logos",
    "maxima",
    "motif_matrix",
    "number_grids",
    "pooled",
    "score_track",
    "sliding_filter",
]

Box = tuple[int, int, int, int]

_BASES = "ACGT"
_EDGE = "#ced4da"
_SIGNED = LinearSegmentedColormap.from_list("signed", ["#f0a27e", "#ffffff", "#6fb7c4"], 257)
"""Vermilion for negative and teal for positive values, light enough for dark digits."""


# ----------------------------------------------------------------------------------------- grids of numbers


def number_grids(
    grids: Mapping[str, ArrayLike],
    *,
    between: Sequence[str] = (),
    boxes: Mapping[str, Box] | None = None,
    size: Size = WIDE,
) -> Figure:
    """Show small matrices side by side, each cell filled by its value.

    Parameters
    ----------
    grids : mapping of str to array_like, shape (rows, columns)
        The matrices by their titles, left to right. The colors are scaled by the largest value of each.
    between : sequence of str
        A sign for each gap, such as ``"×"``; none by default.
    boxes : mapping of str to tuple of int
        For a title, the first row, first column, height and width of a part to outline.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The cells are rectangles in reading order, the values their texts; outlines carry the gid ``box``.

    Raises
    ------
    ValueError
        If a matrix is not two-dimensional, there is not one sign a gap, or a box does not fit its matrix.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = number_grids({"image": [[1, 2]], "filter": [[-1, 1]]}, between=["×"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['image', '1', '2', '×', 'filter', '−1', '1']
    """
    tables = {title: _table(title, grid) for title, grid in grids.items()}
    if between and len(between) != len(tables) - 1:
        raise ValueError(f"between must hold a sign for each of {len(tables) - 1} gaps, got {len(between)}")
    figure, axes = _canvas(size)
    cell, gap = _cell_size(list(tables.values()), size)
    left = (size[0] - sum(table.shape[1] for table in tables.values()) * cell - gap * (len(tables) - 1)) / 2
    for number, (title, table) in enumerate(tables.items()):
        if number and between:
            _label(axes, (left - gap / 2, (size[1] - 0.6) / 2), between[number - 1], fontsize=26)
        corner = (left, (size[1] - 0.6 + len(table) * cell) / 2)
        _label(axes, (left + table.shape[1] * cell / 2, corner[1] + 0.32), title, weight="bold")
        _fill(axes, table, corner, cell)
        if boxes and title in boxes:
            _outline(axes, table, boxes[title], corner, cell, title)
        left += table.shape[1] * cell + gap
    return figure


def _table(title: str, grid: ArrayLike) -> Array:
    table = np.asarray(grid, dtype=float)
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"{title} must be a two-dimensional array, got shape {table.shape}")
    return table


def _cell_size(tables: Sequence[Array], size: Size, gap: float = 0.9) -> Point:
    wide = (size[0] - gap * (len(tables) - 1) - 0.2) / sum(table.shape[1] for table in tables)
    return min(wide, (size[1] - 0.75) / max(len(table) for table in tables), 0.85), gap


def _fill(axes: Axes, table: Array, corner: Point, cell: float, *, height: float | None = None) -> None:
    """Draw the cells of a matrix down from its upper left corner, with their values."""
    height = height or cell
    largest = float(np.abs(table).max()) or 1.0
    paint = Normalize(-largest, largest)
    for (row, column), value in np.ndenumerate(table):
        at = (corner[0] + column * cell, corner[1] - (row + 1) * height)
        axes.add_patch(Rectangle(at, cell, height, facecolor=_SIGNED(paint(value)), edgecolor=_EDGE))
        middle = (at[0] + cell / 2, at[1] + height / 2)
        _label(axes, middle, _text(value), fontsize=min(20, 34 * cell))


def _text(value: float) -> str:
    return f"{value:g}".replace("-", "−") if value else "0"


def _outline(axes: Axes, table: Array, box: Box, corner: Point, cell: float, title: str) -> None:
    row, column, height, width = box
    if row < 0 or column < 0 or row + height > len(table) or column + width > table.shape[1]:
        raise ValueError(f"box {box} does not fit into {title} of shape {table.shape}")
    at = (corner[0] + column * cell, corner[1] - (row + height) * cell)
    frame = Rectangle(at, width * cell, height * cell, fill=False, edgecolor=VIOLET, linewidth=4, zorder=5)
    frame.set_gid("box")
    axes.add_patch(frame)


def motif_matrix(matrix: ArrayLike, *, sequence: str | None = None, size: Size = WIDE) -> Figure:
    """Show a matrix of scores, one row a base and one column a place, and which of its entries a sequence picks.

    Parameters
    ----------
    matrix : array_like, shape (k, 4)
        A score for each base at each place, such as a position weight matrix.
    sequence : str, optional
        As many bases as places: its entries are outlined and added up below the matrix.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        A cell for each entry, to one decimal; the outlines carry the gid ``picked``.

    Raises
    ------
    ValueError
        If the matrix does not have four columns, or the sequence has another length or letter.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = motif_matrix([[1.0, -1.0, 0.0, 0.0], [0.0, 0.0, 2.0, -3.0]], sequence="AG")
    >>> figure.axes[0].texts[-1].get_text()
    '1.0 + 2.0 = 3.0'
    """
    table = np.asarray(matrix, dtype=float)
    if table.ndim != 2 or table.shape[1] != len(_BASES):
        raise ValueError(f"matrix must have shape (k, 4), got {table.shape}")
    figure, axes = _canvas(size)
    width, height = (size[0] - 0.6) / len(table), min(0.62, (size[1] - 1.0) / (4 if sequence is None else 5.2))
    top = size[1] - (0.55 if sequence is None else 1.05)
    for place in range(len(table)):
        _label(axes, (0.55 + (place + 0.5) * width, top + 0.2), str(place + 1), color=GRAY, fontsize=14)
    for row, base in enumerate(_BASES):
        _label(axes, (0.25, top - (row + 0.5) * height), base, color=NUCLEOTIDE_COLORS[base], weight="bold")
    paint = TwoSlopeNorm(0, min(float(table.min()), -1e-9), max(float(table.max()), 1e-9))
    for (place, row), value in np.ndenumerate(table):
        at = (0.55 + place * width, top - (row + 1) * height)
        axes.add_patch(Rectangle(at, width, height, facecolor=_SIGNED(paint(value)), edgecolor=_EDGE))
        _label(axes, (at[0] + width / 2, at[1] + height / 2), _tenths(value), fontsize=15)
    if sequence is not None:
        _pick(axes, table, sequence, (0.55, top), (width, height), size)
    return figure


def _tenths(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def _pick(axes: Axes, table: Array, sequence: str, corner: Point, cell: Size, size: Size) -> None:
    """Outline the entry that each base of the sequence picks, and write their sum."""
    if len(sequence) != len(table) or set(sequence) - set(_BASES):
        raise ValueError(f"sequence must be {len(table)} letters of {_BASES}, got {sequence!r}")
    entries = [table[place, _BASES.index(base)] for place, base in enumerate(sequence)]
    for place, base in enumerate(sequence):
        x = corner[0] + place * cell[0]
        at = (x, corner[1] - (_BASES.index(base) + 1) * cell[1])
        frame = Rectangle(at, *cell, fill=False, edgecolor=INK, linewidth=3, zorder=5)
        frame.set_gid("picked")
        axes.add_patch(frame)
        style = {"color": NUCLEOTIDE_COLORS[base], "weight": "bold", "family": "monospace", "fontsize": 22}
        _label(axes, (x + cell[0] / 2, corner[1] + 0.6), base, **style)
    shown = entries if len(entries) <= 5 else [*entries[:2], *entries[-2:]]
    terms = [_tenths(abs(value)) if number else _tenths(value) for number, value in enumerate(shown)]
    signs = ["", *(" − " if value < 0 else " + " for value in shown[1:])]
    parts = [sign + term for sign, term in zip(signs, terms, strict=True)]
    if len(entries) > 5:
        parts.insert(2, " + …")
    total = f"{''.join(parts)} = {_tenths(float(np.sum(entries)))}"
    _label(axes, (size[0] / 2, corner[1] - 4 * cell[1] - 0.42), total, fontsize=20)


# ------------------------------------------------------------------------------------------ sequences and logos


def aligned(rows: Mapping[str, str], *, spans: Mapping[str, Point] | None = None, size: Size = WIDE) -> Figure:
    """Show sequences as rows of colored letters, with a part of each boxed.

    Parameters
    ----------
    rows : mapping of str to str
        Sequences by their labels, which stand to the left; all of one length.
    spans : mapping of str to pair of int
        For a label, where the part to box starts and where it ends (exclusive), counted from 0.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        A text for each label and each letter; the boxes are rectangles.

    Raises
    ------
    ValueError
        If the sequences differ in length or there are none.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = aligned({"one": "ACG", "two": "CAC"}, spans={"two": (1, 3)})
    >>> len(figure.axes[0].patches)
    1
    """
    lengths = {len(sequence) for sequence in rows.values()}
    if len(lengths) != 1:
        raise ValueError(f"rows must hold sequences of one length, got lengths {sorted(lengths)}")
    figure, axes = _canvas(size)
    margin = 0.2 + 0.15 * max(len(name) for name in rows)
    width, height = (size[0] - margin - 0.1) / lengths.pop(), size[1] / len(rows)
    for number, (name, sequence) in enumerate(rows.items()):
        y = size[1] - (number + 0.5) * height
        _label(axes, (margin - 0.2, y), name, ha="right", color=GRAY, fontsize=17)
        _letters(axes, sequence, (margin, y), width)
        if spans and name in spans:
            first, last = spans[name]
            tall = min(0.8 * height, 0.5)
            box = Rectangle((margin + first * width, y - tall / 2), (last - first) * width, tall)
            box.set(facecolor="#f3f0ff", edgecolor=VIOLET, linewidth=2.5, zorder=0)
            axes.add_patch(box)
    return figure


def _letters(axes: Axes, sequence: str, start: Point, width: float) -> None:
    style = {"weight": "bold", "family": "monospace", "fontsize": min(20, 72 * width)}
    for place, base in enumerate(sequence):
        color = NUCLEOTIDE_COLORS.get(base, GRAY)
        _label(axes, (start[0] + (place + 0.5) * width, start[1]), base, color=color, **style)


def logos(matrices: Mapping[str, ArrayLike], *, y_label: str, size: Size = WIDE) -> Figure:
    """Show matrices as logos below each other: letters as high as their entries, negative ones below the line.

    Parameters
    ----------
    matrices : mapping of str to array_like, shape (k, 4)
        Heights of A, C, G, T at each place, by the title of their panel.
    y_label : str
        What the heights are.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a matrix, all with the same places.

    Raises
    ------
    ValueError
        If a matrix does not have four columns.

    Notes
    -----
    Source: Schneider and Stephens, *Nucleic Acids Research* 18, 6097 (1990). Lesson: deck 02.

    Examples
    --------
    >>> figure = logos({"motif": [[2, 0, 0, 0]], "filter": [[1, -1, 0, 0]]}, y_label="weight")
    >>> [axes.get_title() for axes in figure.axes]
    ['motif', 'filter']
    """
    import logomaker
    import matplotlib.pyplot as plt

    tables = {title: _table(title, matrix) for title, matrix in matrices.items()}
    if wrong := [f"{title} {table.shape}" for title, table in tables.items() if table.shape[1] != len(_BASES)]:
        raise ValueError(f"matrices must have shape (k, 4), got {', '.join(wrong)}")
    figure, panels = plt.subplots(len(tables), 1, figsize=size, layout="constrained", squeeze=False)
    plt.close(figure)
    for axes, (title, table) in zip(panels[:, 0], tables.items(), strict=True):
        frame = pd.DataFrame(table, columns=list(_BASES))
        logomaker.Logo(frame, ax=axes, flip_below=False, **LOGO_STYLE)
        axes.set_title(title, fontweight="bold")
        axes.set_ylabel(y_label)
        axes.axhline(0, color=GRAY, linewidth=1)
        every = 1 if 0.45 * len(table) < size[0] else 3
        axes.set_xticks(range(0, len(table), every), [str(place) for place in range(1, len(table) + 1, every)])
    return figure


# ---------------------------------------------------------------------------------------------------- scans


def sliding_filter(sequence: str, weights: ArrayLike, start: int, *, size: Size = WIDE) -> Figure:
    """Show a filter at one place of a one-hot sequence, and its response at every place.

    Parameters
    ----------
    sequence : str
        Bases A, C, G, T; up to about forty are readable.
    weights : array_like, shape (k, 4)
        The filter.
    start : int
        Where its window starts, counted from 0.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        The letters, the one-hot matrix with the window outlined (gid ``window``), and a bar for each response (gid
        ``response``; the one of the window in another color), under the first base of its window.

    Raises
    ------
    ValueError
        If the filter does not fit into the sequence at this place.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = sliding_filter("CCAGT", [[1, 0, 0, 0], [0, 0, 1, 0]], start=2)
    >>> sum(patch.get_gid() == "response" for patch in figure.axes[0].patches)
    4
    """
    table, encoded = np.asarray(weights, dtype=float), dna.one_hot(sequence, dtype=np.float64)
    places = len(sequence) - len(table) + 1
    if not 0 <= start < places:
        raise ValueError(f"start must be between 0 and {places - 1}, got {start}")
    responses = np.array([np.sum(encoded[place : place + len(table)] * table) for place in range(places)])
    figure, axes = _canvas(size)
    cell = min((size[0] - 0.5) / len(sequence), 0.42)
    left, top = (size[0] - len(sequence) * cell + 0.3) / 2, size[1] - 0.5
    _letters(axes, sequence, (left, size[1] - 0.25), cell)
    _one_hot_cells(axes, sequence, (left, top), cell)
    window = Rectangle((left + start * cell, top - 4 * cell), len(table) * cell, 4 * cell + 0.45, fill=False)
    window.set(edgecolor=VIOLET, linewidth=4, zorder=5)
    window.set_gid("window")
    axes.add_patch(window)
    _response_bars(axes, responses, start, (left, top - 4 * cell - 0.25), cell)
    return figure


def _one_hot_cells(axes: Axes, sequence: str, corner: Point, cell: float) -> None:
    for row, base in enumerate(_BASES):
        y = corner[1] - (row + 1) * cell
        style = {"color": NUCLEOTIDE_COLORS[base], "weight": "bold", "fontsize": 15}
        _label(axes, (corner[0] - 0.22, y + cell / 2), base, **style)
        for place, letter in enumerate(sequence):
            face = NUCLEOTIDE_COLORS[base] if letter == base else "white"
            axes.add_patch(Rectangle((corner[0] + place * cell, y), cell, cell, facecolor=face, edgecolor=_EDGE))


def _response_bars(axes: Axes, responses: Array, start: int, corner: Point, cell: float) -> None:
    """Draw responses as bars from a common line, the tallest reaching the corner, the lowest the floor."""
    low, high = min(0.0, responses.min()), max(0.0, responses.max())
    unit = (corner[1] - 0.3) / max(high - low, 1e-12)
    zero = corner[1] - high * unit
    axes.plot([corner[0], corner[0] + len(responses) * cell], [zero, zero], color=GRAY, linewidth=1)
    for place, value in enumerate(responses):
        color = VIOLET if place == start else (TEAL if value > 0 else VERMILION)
        bar = Rectangle((corner[0] + (place + 0.15) * cell, zero), 0.7 * cell, value * unit, facecolor=color)
        bar.set_gid("response")
        axes.add_patch(bar)
    right = corner[0] + (start + 1.1) * cell
    at = (right, zero + responses[start] * unit * 0.8)
    _label(axes, at, _tenths(responses[start]), ha="left", color=VIOLET, weight="bold", fontsize=17)


def score_track(
    scores: Mapping[str, ArrayLike],
    *,
    sites: Mapping[str, Point] | None = None,
    first: int = 0,
    threshold: float | None = None,
    y_label: str = "score (bits)",
    size: Size = WIDE,
) -> p9.ggplot:
    """Show a score for each position of a sequence: the first series as a line, the others as points on it.

    Parameters
    ----------
    scores : mapping of str to array_like, shape (n,)
        Scores of the same positions, under the name of the method.
    sites : mapping of str to pair of float
        Stretches of positions to shade, by the name written at their top.
    first : int
        The position of the first score.
    threshold : float, optional
        A score at which to draw a dashed line.
    y_label : str
        Title of the axis.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the line; the points, if any, are layer 1.

    Raises
    ------
    ValueError
        If the series differ in length or there are none.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> plot = score_track({"filter": [0.0, 3.0], "scan": [0.0, 3.0]})
    >>> plot.data["series"].unique().tolist()
    ['filter', 'scan']
    """
    if len({len(_column(name, values)) for name, values in scores.items()}) > 1:
        raise ValueError("scores must have the same length in each series")
    table = _stack({n: _columns(x=first + np.arange(len(_column(n, v))), y=v) for n, v in scores.items()})
    line, *others = scores
    colors = dict(zip(scores, (TEAL, VERMILION, INK), strict=False))
    plot = (
        p9.ggplot(table, p9.aes("x", "y", color="series"))
        + p9.geom_line(data=table[table["series"] == line], size=1.2)
        + p9.scale_color_manual(values=colors, name="", guide=None)
    )
    if others:
        plot += p9.geom_point(data=table[table["series"] != line], shape="o", fill="none", size=3, stroke=0.9)
    for name, (start, end) in (sites or {}).items():
        plot += p9.annotate("rect", xmin=start, xmax=end, ymin=-np.inf, ymax=np.inf, fill=VIOLET, alpha=0.14)
        top = float(table["y"].max())
        plot += p9.annotate("text", x=end, y=top, label=f" {name}", ha="left", va="top", color=VIOLET, size=16)
    if threshold is not None:
        plot += p9.geom_hline(yintercept=threshold, linetype="dashed", color=INK, size=0.8)
    return plot + p9.labs(x="position", y=y_label) + _sized(size)


def maxima(tracks: Mapping[str, ArrayLike], *, y_label: str = "score (bits)", size: Size = WIDE) -> p9.ggplot:
    """Show the scores along several sequences, one panel each, and the highest of each.

    Parameters
    ----------
    tracks : mapping of str to array_like, shape (n,)
        Scores by the title of their panel.
    y_label : str
        Title of the axis.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the scores, layer 1 the highest of each panel, layer 2 its value.

    Raises
    ------
    ValueError
        If there are no tracks or one is empty.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> plot = maxima({"early": [3.0, 0.0], "late": [0.0, 3.0]})
    >>> plot.data["series"].unique().tolist()
    ['early', 'late']
    """
    table = _stack({name: _columns(x=np.arange(len(_column(name, row))), y=row) for name, row in tracks.items()})
    best = table.loc[table.groupby("series", observed=True)["y"].idxmax()]
    best = best.assign(label=[_tenths(value) for value in best["y"]])
    return (
        p9.ggplot(table, p9.aes("x", "y"))
        + p9.geom_line(color=TEAL, size=0.9)
        + p9.geom_point(data=best, color=VERMILION, size=4.5)
        + p9.geom_text(
            p9.aes(label="label"), best, color=VERMILION, size=18, va="bottom", nudge_y=1.2, fontweight="bold"
        )
        + p9.facet_wrap("series", nrow=1)
        + p9.scale_y_continuous(expand=(0.05, 0, 0.2, 0))
        + p9.labs(x="position", y=y_label)
        + _sized(size)
    )


# ---------------------------------------------------------------------------------- images, padding, pooling


def image_panels(images: Mapping[str, ArrayLike], *, size: Size = WIDE) -> Figure:
    """Show images or matrices side by side: gray where no value is negative, signed colors where one is.

    Parameters
    ----------
    images : mapping of str to array_like, shape (height, width)
        The images by their titles.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        One panel an image, without axes; zero is white in a signed image. The strongest hundredth of each is drawn at
        full strength.

    Raises
    ------
    ValueError
        If an image is not two-dimensional.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = image_panels({"picture": [[0, 1]], "edges": [[-1, 1]]})
    >>> [axes.images[0].get_cmap().name for axes in figure.axes]
    ['gray', 'signed_strong']
    """
    tables = {title: _table(title, image) for title, image in images.items()}
    figure, panels = _axes(size, len(tables))
    signed = LinearSegmentedColormap.from_list("signed_strong", [VERMILION, "#ffffff", TEAL], 257)
    for axes, (title, table) in zip(panels, tables.items(), strict=True):
        most = float(np.quantile(np.abs(table), 0.99)) or 1.0
        if table.min() < 0:
            axes.imshow(table, cmap=signed, vmin=-most, vmax=most, interpolation="none")
        else:
            axes.imshow(table, cmap="gray", vmin=0, vmax=most, interpolation="none")
        axes.set_title(title, fontweight="bold")
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def filter_places(settings: Mapping[str, tuple[int, int, int, int]], *, size: Size = WIDE) -> Figure:
    """Show where a filter is applied, for some lengths, widths, strides and paddings: a schematic, to scale.

    Parameters
    ----------
    settings : mapping of str to tuple of int
        For each panel: the length of the input, the width of the filter, its stride, and the zeros at each end.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        A cell for each position (gid ``input``, zeros ``zero``) and below them a bar for each place of the filter
        (gid ``place``); the last text of a panel says how many places there are.

    Raises
    ------
    ValueError
        If a filter does not fit its padded input, or a stride is below 1.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = filter_places({"valid": (6, 3, 1, 0), "stride 2": (6, 3, 2, 0)})
    >>> [axes.texts[-1].get_text() for axes in figure.axes]
    ['6 → 4', '6 → 2']
    """
    figure, panels = _axes(size, len(settings))
    for axes, (title, (length, width, stride, zeros)) in zip(panels, settings.items(), strict=True):
        whole = length + 2 * zeros
        if stride < 1 or width < 1 or width > whole:
            raise ValueError(f"{title}: a filter of width {width} at stride {stride} does not fit {whole} positions")
        starts = range(0, whole - width + 1, stride)
        _input_cells(axes, length, zeros)
        for number, start in enumerate(starts):
            bar = Rectangle((start - zeros + 0.08, -1.0 - 0.62 * number), width - 0.16, 0.38, facecolor=TEAL)
            bar.set_gid("place")
            axes.add_patch(bar)
        axes.set(xlim=(-1.3, length + 1.3), ylim=(-6.2, 2.6), aspect="equal")
        axes.axis("off")
        _label(axes, (length / 2, 2.2), title, weight="bold")
        _label(axes, (length / 2, -6.0), f"{length} → {len(starts)}", color=TEAL, weight="bold", fontsize=22)
    return figure


def _input_cells(axes: Axes, length: int, zeros: int) -> None:
    for place in range(-zeros, length + zeros):
        outside = place < 0 or place >= length
        cell = Rectangle((place, 0), 1, 1, facecolor="white" if outside else "#d0ebf0", edgecolor=GRAY)
        cell.set(linestyle="dashed" if outside else "solid")
        cell.set_gid("zero" if outside else "input")
        axes.add_patch(cell)
        _label(axes, (place + 0.5, 0.46), "0" if outside else "x", color=GRAY if outside else INK, fontsize=15)


def pooled(rows: Mapping[str, ArrayLike], width: int, *, size: Size = WIDE) -> Figure:
    """Show rows of numbers, the highest of each block, and the highest of all.

    Parameters
    ----------
    rows : mapping of str to array_like, shape (n,)
        Numbers by the label to their left; all of one length.
    width : int
        Positions in a block; it divides the length.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    matplotlib.figure.Figure
        For each row its numbers, under them the maximum of each block, to the right the maximum of all.

    Raises
    ------
    ValueError
        If the rows differ in length, or the width does not divide it.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> figure = pooled({"scores": [0, 2, 1, 0]}, width=2)
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['scores', '0', '2', '1', '0', 'max of 2', '2', '1', 'max of all: 2']
    """
    table = {name: _column(name, row) for name, row in rows.items()}
    lengths = {len(row) for row in table.values()}
    if len(lengths) != 1 or width < 1 or max(lengths) % width:
        raise ValueError(f"rows must have one length that {width} divides, got lengths {sorted(lengths)}")
    figure, axes = _canvas(size)
    margin, right = 0.3 + 0.155 * max(len(name) for name in (*table, f"max of {width}")), 2.4
    cell, band = (size[0] - margin - right) / lengths.pop(), size[1] / len(table)
    tall = min(0.55, 0.36 * band)
    for number, (name, row) in enumerate(table.items()):
        top = size[1] - number * band - (band - 2 * tall - 0.12) / 2
        blocks = row.reshape(-1, width).max(1)
        _label(axes, (margin - 0.2, top - tall / 2), name, ha="right", fontsize=17)
        _fill(axes, row[None], (margin, top), cell, height=tall)
        _label(axes, (margin - 0.2, top - 1.5 * tall - 0.12), f"max of {width}", ha="right", fontsize=17, color=GRAY)
        _fill(axes, blocks[None], (margin, top - tall - 0.12), cell * width, height=tall)
        at = (size[0] - right + 0.2, top - tall - 0.06)
        text = f"max of all: {_text(row.max())}"
        _label(axes, at, text, ha="left", color=VIOLET, weight="bold", fontsize=18)
    return figure


# ------------------------------------------------------------------------------------------------- results


def by_group(
    values: Mapping[str, Mapping[str, ArrayLike]],
    *,
    x_label: str,
    y_label: str,
    reference: Mapping[str, float] | None = None,
    size: Size = HALF,
) -> p9.ggplot:
    """Show a measured value for each seed, one series a model and one column a group, joined at the medians.

    Parameters
    ----------
    values : mapping of str to mapping of str to array_like, shape (seeds,)
        For each model, for each group (such as the number of training examples), a value a seed.
    x_label, y_label : str
        Titles of the axes.
    reference : mapping of str to float
        Values to mark by dashed lines, by what is written on them.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the lines through the medians, layer 1 the values.

    Raises
    ------
    ValueError
        If there is nothing to show.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> plot = by_group({"MLP": {"250": [0.5, 0.6], "1,000": [0.6, 0.6]}}, x_label="examples", y_label="AUROC")
    >>> len(plot.data)
    4
    """
    table = _stack(
        {
            name: pd.concat(
                [pd.DataFrame({"value": _column(group, row)}).assign(group=group) for group, row in some.items()]
            )
            for name, some in values.items()
        }
    )
    table["group"] = pd.Categorical(table["group"], categories=list(next(iter(values.values()))))
    middle = table.groupby(["series", "group"], observed=True)["value"].median().reset_index()
    jitter = p9.position_jitter(width=0.08, height=0, random_state=1)
    plot = (
        p9.ggplot(table, p9.aes("group", "value", color="series"))
        + p9.geom_line(p9.aes(group="series", linetype="series"), middle, size=1.1)
        + p9.geom_point(p9.aes(shape="series"), size=3.2, alpha=0.8, position=jitter)
        + _scales(len(values))
        + p9.labs(x=x_label, y=y_label)
        + _sized(size)
    )
    count = table["group"].cat.categories.size
    for text, value in (reference or {}).items():
        plot += p9.geom_hline(yintercept=value, linetype="dotted", color=INK, size=0.9)
        plot += p9.annotate("text", x=count + 0.45, y=value, label=text, ha="right", va="bottom", color=INK, size=15)
    return plot


def lines(x: ArrayLike, series: Mapping[str, ArrayLike], *, x_label: str, y_label: str, size: Size = HALF) -> p9.ggplot:
    """Show series over a common axis as lines with points, told apart by color, line and shape.

    Parameters
    ----------
    x : array_like, shape (n,)
        The common axis.
    series : mapping of str to array_like, shape (n,)
        Up to four series, by name.
    x_label, y_label : str
        Titles of the axes.
    size : tuple of float
        Width and height, in inches.

    Returns
    -------
    plotnine.ggplot
        Layer 0 holds the lines, layer 1 the points.

    Raises
    ------
    ValueError
        If a series differs in length from `x`, or there is none.

    Notes
    -----
    Lesson: deck 02.

    Examples
    --------
    >>> plot = lines([1, 2], {"flatten": [0.5, 0.6], "global maximum": [0, 0]}, x_label="shift", y_label="change")
    >>> len(plot.data)
    4
    """
    table = _stack({name: _columns(x=x, y=values) for name, values in series.items()})
    return (
        p9.ggplot(table, p9.aes("x", "y", color="series"))
        + p9.geom_line(p9.aes(linetype="series"), size=1.3)
        + p9.geom_point(p9.aes(shape="series"), size=3)
        + _scales(len(series))
        + p9.labs(x=x_label, y=y_label)
        + _sized(size)
    )


def _scales(count: int) -> Any:
    """Return the scales of color, line type and shape of up to four series."""
    return [*_series_scales(count), p9.scale_shape_manual(values=["o", "s", "^", "D"][:count], name="")]
