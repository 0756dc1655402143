"""Small figures of each kind that the lessons draw, their notes and pictures, and ways to spoil them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from site_builder.figure_record import note
from tests.validation.pictures import open_picture

Drawing = Callable[[], Figure]


def scatter() -> Figure:
    rng = np.random.default_rng(0)
    x = rng.normal(size=300)
    figure, axes = plt.subplots(figsize=(6.4, 3.8))
    axes.scatter(x, 2 * x + rng.normal(size=300), s=8, color="#0b7285")
    axes.axline((0, 0), slope=2, color="#212529", linestyle="dashed")
    axes.set(xlabel="observed", ylabel="predicted")
    return figure


def lines() -> Figure:
    steps = np.arange(1, 101)
    figure, axes = plt.subplots(figsize=(6.4, 3.8))
    axes.plot(steps, 1 / steps, color="#c2410c", label="training")
    axes.plot(steps, 2 / steps**0.5, color="#0b7285", linestyle="--", label="validation")
    axes.set(xscale="log", yscale="log", xlabel="epoch", ylabel="loss", title="Two curves")
    axes.legend()
    return figure


def bars() -> Figure:
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.5), layout="constrained")
    panels[0].bar(["A", "C", "G", "T"], [0.3, 0.2, 0.1, 0.4], color=["#1a7f37", "#1f5fbf", "#9a6700", "#c92a2a"])
    panels[0].set(ylabel="frequency")
    panels[1].hist(np.random.default_rng(1).normal(size=500), bins=20, color="#6741d9")
    panels[1].text(1.5, 50, "n = 500")
    panels[1].set(xlabel="score")
    return figure


def heat() -> Figure:
    figure, axes = plt.subplots(figsize=(5, 4))
    shown = axes.imshow(np.random.default_rng(2).random((4, 12)), aspect="auto", cmap="viridis")
    figure.colorbar(shown)
    axes.set_yticks(range(4), list("ACGT"))
    return figure


def words() -> Figure:
    """Nothing but texts, as the diagrams of a lesson have it."""
    figure, axes = plt.subplots(figsize=(5, 2))
    axes.text(0.2, 0.6, "input")
    axes.text(0.6, 0.6, "output", color="#0b7285")
    axes.set_axis_off()
    return figure


DRAWINGS: dict[str, Drawing] = {draw.__name__: draw for draw in (scatter, lines, bars, heat)}


@contextmanager
def drawn(draw: Drawing, **style: Any) -> Iterator[Figure]:
    with mpl.rc_context({"figure.dpi": 96, **style}):
        figure = draw()
        try:
            yield figure
        finally:
            plt.close(figure)


def shown(figure: Figure) -> tuple[dict[str, Any], Image.Image]:
    """Return note and picture of a figure, as they are after a notebook was stored and read."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=192)
    return json.loads(json.dumps(note(figure, None, "png"))), open_picture(buffer.getvalue())


@cache
def of(
    draw: Drawing, spoil: Callable[[Figure], object] | None = None, **style: Any
) -> tuple[dict[str, Any], Image.Image]:
    with drawn(draw, **style) as figure:
        if spoil is not None:
            spoil(figure)
        return shown(figure)


# ------------------------------------------------------------------------------------------------------ ways to spoil


def _data(figure: Figure) -> list[Any]:
    axes = figure.axes[0]
    return [*axes.collections, *axes.lines, *axes.patches, *axes.images]


def blank(figure: Figure) -> None:
    for axes in figure.axes:
        for artist in [*axes.collections, *axes.lines, *axes.patches, *axes.images, *axes.texts]:
            artist.set_visible(False)


def without_last_series(figure: Figure) -> None:
    _data(figure)[-1].remove()


def mirrored(figure: Figure) -> None:
    figure.axes[0].invert_xaxis()


def relabelled(figure: Figure) -> None:
    axes = figure.axes[0]
    axes.set_xlabel(f"{axes.get_xlabel()} (log)")


def recolored(figure: Figure) -> None:
    artist = _data(figure)[0]
    if hasattr(artist, "set_cmap"):
        artist.set_cmap("magma")
    if hasattr(artist, "set_color"):
        artist.set_color("#e64980")


def other_limits(figure: Figure) -> None:
    low, high = figure.axes[0].get_ylim()
    figure.axes[0].set_ylim(low, high * 1.2)


SPOILERS = (blank, without_last_series, mirrored, relabelled, recolored, other_limits)
#: What a picture shows even where its texts are not looked at.
SEEN_WITH_OTHER_FONTS = (blank, without_last_series, mirrored, recolored, other_limits)
FONTS = ("DejaVu Serif", "DejaVu Sans Mono", "STIXGeneral", "cmr10")
