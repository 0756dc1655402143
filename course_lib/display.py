"""Small figures with a fixed text form, for notebooks that are stored with their outputs.

Jupyter stores a figure as a PNG of 24-bit color beside a text such as ``<ggplot object at 0x7f43efe0>``. The
image is large, and the address differs in each run, so that a rerun never compares equal. `compact_figures`
changes both: a palette image, sharp on high-resolution screens, and a text that is always the same.

Lesson: ``notebooks/01-introduction-to-deep-learning.ipynb``.
"""

from __future__ import annotations

import base64
from io import BytesIO

import matplotlib.pyplot as plt
import plotnine as p9
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["COLORS", "TEXT", "compact_figures", "palette_png"]

COLORS = 48
"""Colors in the palette of a figure; enough for the few hues of a plot and their blurred edges."""
TEXT = "<figure>"
"""What a figure says in plain text."""
SCALE = 2
"""Image pixels for each pixel on the page."""

Bundle = tuple[dict[str, str], dict[str, dict[str, int]]]


def compact_figures() -> bool:
    """Let the running notebook show plotnine and matplotlib figures as small palette images.

    Returns
    -------
    bool
        True in IPython and Jupyter; False elsewhere, where there is nothing to change.

    Notes
    -----
    Lesson: every notebook calls it when it sets up its figures.

    Examples
    --------
    >>> compact_figures()
    False
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return False
    p9.options.figure_format = "retina"
    plt.close(plt.figure())  # Jupyter sets its own formatters at the first figure; they must not come last
    shell.display_formatter.mimebundle_formatter.for_type(p9.ggplot, _plot_bundle)
    shell.display_formatter.mimebundle_formatter.for_type(Figure, _figure_bundle)
    shell.display_formatter.formatters["image/png"].pop(Figure, None)
    return True


def palette_png(png: bytes, colors: int = COLORS) -> bytes:
    """Return the image of a PNG file as a PNG file with a palette.

    Parameters
    ----------
    png : bytes
        A PNG file. What is transparent becomes white.
    colors : int
        Size of the palette, from 2 to 256.

    Returns
    -------
    bytes
        A PNG file with the same number of pixels.

    Raises
    ------
    ValueError
        If `colors` is not between 2 and 256, or `png` is not an image.

    Examples
    --------
    >>> buffer = BytesIO()
    >>> Image.new("RGB", (4, 3), "white").save(buffer, "png")
    >>> small = Image.open(BytesIO(palette_png(buffer.getvalue())))
    >>> small.size, small.mode
    ((4, 3), 'P')
    """
    if not 2 <= colors <= 256:
        raise ValueError(f"colors must be between 2 and 256, got {colors}")
    try:
        image = Image.open(BytesIO(png)).convert("RGBA")
    except OSError as error:
        raise ValueError(f"png must be the bytes of a PNG file, got {len(png)} bytes that are none") from error
    white = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(white, image).convert("RGB")
    small = flat.quantize(colors, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    buffer = BytesIO()
    small.save(buffer, "png", optimize=True)
    return buffer.getvalue()


def _plot_bundle(plot: p9.ggplot) -> Bundle:
    """Draw a plot as plotnine does for Jupyter, which is at twice the resolution."""
    data, _ = plot._repr_mimebundle_()
    return _bundle(base64.b64decode(data["image/png"]))


def _figure_bundle(figure: Figure) -> Bundle:
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=SCALE * figure.dpi)
    return _bundle(buffer.getvalue())


def _bundle(png: bytes) -> Bundle:
    """Return what Jupyter wants: the data in each form, and the size at which to show an image."""
    small = palette_png(png)
    width, height = Image.open(BytesIO(small)).size
    data = {"image/png": base64.b64encode(small).decode("ascii"), "text/plain": TEXT}
    return data, {"image/png": {"width": width // SCALE, "height": height // SCALE}}
