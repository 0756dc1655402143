"""Figures of stored notebooks: small, the same each time, and faithful to the drawing."""

import base64
from io import BytesIO

import numpy as np
import pandas as pd
import plotnine as p9
import pytest
from matplotlib.figure import Figure
from PIL import Image

from course_lib import display


def drawing() -> Figure:
    figure = Figure(figsize=(4, 3), dpi=96)
    axes = figure.subplots()
    points = np.random.default_rng(0).normal(size=(300, 2))
    axes.plot(points[:, 0], points[:, 1], "o", color="#0b7285", markersize=2)
    axes.axhline(0, color="#c2410c")
    return figure


def png(figure: Figure) -> bytes:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=192)
    return buffer.getvalue()


def test_a_palette_image_is_smaller_and_looks_the_same():
    full = png(drawing())
    small = display.palette_png(full)
    before, after = (np.asarray(Image.open(BytesIO(data)).convert("RGB"), float) for data in (full, small))
    assert len(small) < 0.5 * len(full)
    assert after.shape == before.shape
    assert np.abs(after - before).mean() < 1
    assert tuple(after[2, 2]) == (255, 255, 255)


def test_transparent_becomes_white():
    buffer = BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(buffer, "png")
    pixels = np.asarray(Image.open(BytesIO(display.palette_png(buffer.getvalue()))).convert("RGB"))
    assert (pixels == 255).all()


def test_the_bundle_shows_half_the_pixels_and_a_fixed_text():
    data, metadata = display._figure_bundle(drawing())
    assert data["text/plain"] == display.TEXT
    assert Image.open(BytesIO(base64.b64decode(data["image/png"]))).size == (768, 576)
    assert metadata["image/png"] == {"width": 384, "height": 288}


def test_a_plot_is_drawn_twice_with_the_same_bytes_and_left_as_it_was(monkeypatch):
    monkeypatch.setattr(p9.options, "figure_format", "retina")
    plot = p9.ggplot(pd.DataFrame({"x": [1, 2], "y": [1, 2]}), p9.aes("x", "y")) + p9.geom_point() + p9.labs(x="a")
    first, second = display._plot_bundle(plot), display._plot_bundle(plot)
    assert first == second
    assert display._plot_bundle(plot + p9.labs(x="a")) == first


def test_outside_a_notebook_nothing_changes():
    assert display.compact_figures() is False


def test_in_a_notebook_both_kinds_of_figure_go_through_it():
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.display_formatter.formatters["image/png"].for_type(Figure, png)  # as Jupyter's own backend does
    try:
        assert display.compact_figures() is True
        for figure in (drawing(), p9.ggplot() + p9.annotate("point", x=1, y=1)):
            data, _ = shell.display_formatter.format(figure)
            assert data["text/plain"] == display.TEXT
            assert Image.open(BytesIO(base64.b64decode(data["image/png"]))).mode == "P"
    finally:
        InteractiveShell.clear_instance()


@pytest.mark.parametrize("colors", [1, 257])
def test_a_palette_has_2_to_256_colors(colors):
    with pytest.raises(ValueError, match=f"between 2 and 256, got {colors}"):
        display.palette_png(png(drawing()), colors)


def test_what_is_no_image_is_named():
    with pytest.raises(ValueError, match="got 3 bytes"):
        display.palette_png(b"abc")
