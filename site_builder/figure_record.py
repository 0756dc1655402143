"""Runs inside the kernel: notes what each figure of matplotlib or plotnine shows, in the metadata of its output.

A picture can be compared with a picture, but it does not say what it shows. While a cell runs, the live figure does:
limits, scales, labels, ticks, legends, and each series with its kind, number of points, colors, and a summary of where
its points lie. The note travels as ``metadata.figure`` of the output; the notebook stays an ordinary notebook.

The text of this file is sent to the kernel as it is (`site_builder.kernels.noting_figures`); it imports nothing of the
builder, and matplotlib only once a cell has. Places are parts of the axis, from 0 to 1, so that one tolerance serves
every axis; the projections of a series' points onto fixed waves (`_projections`) notice one point that moves, and
points that change their order.
"""

from __future__ import annotations

import base64
import io
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

#: Name of the note in an output's metadata.
KEY = "figure"
#: A series with no more points than this is noted point by point.
FEW = 8
#: At most so many colors of one series are noted; the rest is counted.
COLORS = 16
#: Pixels of an inch in the picture that is noted where the output holds none in PNG.
DPI = 60
WAVES = 3
#: The kind of the letters of a logo, which come in any order of their colors, in the outlines of any font.
LETTER = "PathPatch"
#: Points this near the largest one (part of the range of y) may be the largest on another processor.
NEAR_EXTREME = 1e-4
#: They count as one place if they lie this near each other (part of the range of x).
ONE_PLACE = 0.02
#: Numbers this small beside the ends of their axis are zeros.
DUST = 1e-12

Note = dict[str, Any]


# ------------------------------------------------------------------------------------------------------------- the hook


def watch(shell: Any) -> None:
    """Add to everything that ``shell`` shows what its figure shows, where it is one."""
    show = shell.display_formatter.format
    drawn: list[Note] = []

    def noting(thing: Any, *arguments: Any, **options: Any) -> Any:
        if "matplotlib.backend_bases" in sys.modules:
            _watch_drawing(sys.modules["matplotlib.backend_bases"].FigureCanvasBase, drawn)
        drawn.clear()
        data, metadata = show(thing, *arguments, **options)
        if drawn and any(kind.startswith("image/") for kind in data):
            note = drawn[-1]
            if "image/png" in data:
                note.pop("picture", None)
            metadata = {**metadata, KEY: note}
        drawn.clear()
        return data, metadata

    shell.display_formatter.format = noting


def _watch_drawing(canvas: Any, drawn: list[Note]) -> None:
    if hasattr(canvas.print_figure, "notes"):
        return
    draw = canvas.print_figure

    def noting(self: Any, *arguments: Any, **options: Any) -> Any:
        result = draw(self, *arguments, **options)
        if not getattr(self.figure, "_being_noted", False):
            self.figure._being_noted = True
            try:
                drawn.append(note(self.figure, options.get("bbox_inches"), options.get("format")))
            finally:
                self.figure._being_noted = False
        return result

    noting.notes = drawn  # type: ignore[attr-defined]
    canvas.print_figure = noting


# ------------------------------------------------------------------------------------------------------------ a figure


def note(figure: Any, bbox_inches: Any = None, form: str | None = None) -> Note:
    """Return what a figure shows that has just been drawn; with a picture of it unless it was drawn as PNG.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, drawn.
    bbox_inches : str or None
        What it was saved with: "tight" cuts the margins off, which moves the panels within the picture.
    form : str or None
        Format in which it was drawn.
    """
    picture = {} if form == "png" else {"picture": _picture(figure)}
    frame = _frame(figure, bbox_inches if form == "png" else None)
    outside = list(_leaves(figure, figure.axes))
    return {
        "size": _numbers(figure.get_size_inches()),
        "drawn": {"matplotlib": sys.modules["matplotlib"].__version__, "fonts": _fonts(figure)},
        "texts": [text for text in map(_string, outside) if text],
        "marks": [mark for mark in map(_mark, outside) if mark],
        "panels": [_panel(axes, frame) for axes in figure.axes if axes.get_visible()],
        **picture,
    }


def _picture(figure: Any) -> str:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _frame(figure: Any, bbox_inches: Any) -> Any:
    """Return the part of the figure that the picture shows, in inches."""
    if bbox_inches != "tight":
        return figure.bbox_inches
    pad = sys.modules["matplotlib"].rcParams["savefig.pad_inches"]
    return figure.get_tightbbox().padded(pad if isinstance(pad, float) else 0.0)


def _fonts(figure: Any) -> list[str]:
    import os

    from matplotlib.font_manager import findfont
    from matplotlib.text import Text

    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return sorted({os.path.basename(findfont(text.get_fontproperties())) for text in shown})


# ------------------------------------------------------------------------------------------------------------- a panel


def _panel(axes: Any, frame: Any) -> Note:
    texts: list[Note] = []
    series: list[Note] = []
    for artist in _leaves(axes, [axes.get_legend()], skip_decoration=True):
        if text := _string(artist):
            texts.append({"text": text, "at": _places(_place(artist, axes)), "box": _extent(artist, axes)})
        elif entry := _series(artist, axes):
            _append(series, entry)
    return {
        "box": _numbers(_box(axes, frame), 4),
        "title": [axes.get_title(loc) for loc in ("left", "center", "right")],
        "x": _axis(axes.xaxis),
        "y": _axis(axes.yaxis),
        **({"z": _axis(axes.zaxis)} if hasattr(axes, "zaxis") else {}),
        "frame": [*_visible_spines(axes), *(["axis"] if axes.axison else [])],
        "legend": _legend(axes.get_legend(), axes),
        "texts": texts,
        "series": [_summed(entry, axes) for entry in series],
    }


def _axis(axis: Any) -> Note:
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    ticks = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
    seen = [(at, label.get_text()) for at, label in ticks if low - slack <= at <= high + slack and label.get_visible()]
    limits = getattr(axis.axes, f"get_{axis.axis_name}lim", axis.get_view_interval)()
    return {
        "label": axis.label.get_text().strip() if axis.label.get_visible() else "",
        "scale": axis.get_scale(),
        "limits": _numbers(limits),
        "ticks": [label for _, label in seen] if axis.get_visible() else [],
        "ticks_at": _numbers([at for at, _ in seen]) if axis.get_visible() else [],
    }


def _visible_spines(axes: Any) -> list[str]:
    return [name for name, spine in axes.spines.items() if spine.get_visible() and axes.axison]


def _box(axes: Any, frame: Any) -> list[float]:
    """Return where the panel lies in the picture: left, bottom, width and height, as parts of the picture."""
    box = axes.get_window_extent().transformed(axes.figure.dpi_scale_trans.inverted())
    left, bottom = (box.x0 - frame.x0) / frame.width, (box.y0 - frame.y0) / frame.height
    return [left, bottom, box.width / frame.width, box.height / frame.height]


def _extent(artist: Any, axes: Any) -> list[float | None]:
    """Return the box of a text, as parts of the panel: left, bottom, right, top. It depends on the font."""
    renderer = axes.figure._get_renderer()  # of the figure's own resolution; the last one may have drawn in another
    corners = artist.get_window_extent(renderer).get_points()
    return _places(axes.transAxes.inverted().transform(corners).ravel(), 4)


def _legend(legend: Any, axes: Any) -> list[Note]:
    if legend is None or not legend.get_visible():
        return []
    leaves = list(_leaves(legend, [legend.get_frame()]))
    texts = [text for text in map(_string, leaves) if text]
    marks = [mark for mark in map(_mark, leaves) if mark]
    return [{"texts": texts, "marks": marks, "box": _extent(legend, axes)}]


def _leaves(artist: Any, without: list[Any], skip_decoration: bool = False) -> Iterator[Any]:
    """Go through the visible artists below one, in their order, not into those in ``without``."""
    from matplotlib.axis import Axis
    from matplotlib.spines import Spine

    left_out = [*without, getattr(artist, "patch", None), *(_titles(artist) if skip_decoration else [])]
    for child in artist.get_children():
        hidden = isinstance(child, Axis | Spine) or not child.get_visible()
        if hidden or any(child is other for other in left_out):
            continue
        below = list(child.get_children())
        if below:
            yield from _leaves(child, without)
        if not below or hasattr(child, "get_text"):
            yield child


def _titles(axes: Any) -> list[Any]:
    return [getattr(axes, name, None) for name in ("title", "_left_title", "_right_title")]


def _string(artist: Any) -> str:
    return artist.get_text().strip() if hasattr(artist, "get_text") else ""


def _place(text: Any, axes: Any) -> list[float]:
    if hasattr(text, "xy") and hasattr(text, "xycoords"):  # an annotation: the point that it speaks of
        try:
            at = text._get_xy(text.figure.canvas.get_renderer(), text.xy, text.xycoords)
        except (AttributeError, TypeError, ValueError):
            return []
        return list(axes.transAxes.inverted().transform(at))
    return list(axes.transAxes.inverted().transform(text.get_transform().transform(text.get_position())))


# ------------------------------------------------------------------------------------------------------------ a series


def _series(artist: Any, axes: Any) -> Note | None:
    """Return kind, style and points (on the screen) of an artist that shows data; None for one that shows nothing."""
    points, values = _points(artist)
    if points is None or len(points) == 0:
        return None
    label = str(artist.get_label())
    style = {"kind": type(artist).__name__, **({} if label.startswith("_") else {"label": label}), **_style(artist)}
    return {"style": style, "points": points, "values": values, "count": 1}


def _points(artist: Any) -> tuple[Any, Any]:
    import numpy as np
    from matplotlib.collections import Collection
    from matplotlib.image import AxesImage
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyArrowPatch, Patch

    if isinstance(artist, Line2D):
        return artist.get_transform().transform(artist.get_xydata()), None
    if isinstance(artist, FancyArrowPatch):  # its path depends on the size of the figure, its ends do not
        ends = getattr(artist, "_posA_posB", None)
        return (None if ends is None else artist.get_transform().transform(np.asarray(ends, dtype=float))), None
    if type(artist).__name__ == LETTER:  # its box: its outline is the font's
        return artist.get_path().get_extents(artist.get_transform()).get_points(), None
    if isinstance(artist, Patch):
        return artist.get_transform().transform(_vertices(artist.get_path())), None
    if isinstance(artist, AxesImage):
        left, right, bottom, top = artist.get_extent()
        corners = artist.get_transform().transform([[left, bottom], [right, top]])
        return corners, np.ma.filled(np.ma.asarray(artist.get_array(), dtype=float), np.nan)
    if isinstance(artist, Collection):
        return _collection_points(artist)
    return None, None


def _collection_points(artist: Any) -> tuple[Any, Any]:
    import numpy as np

    values = artist.get_array()
    values = None if values is None else np.ma.filled(np.ma.asarray(values, dtype=float), np.nan)
    offsets: Any = np.ma.filled(np.ma.asarray(artist.get_offsets(), dtype=float), np.nan)
    if len(offsets) > 1 or (len(offsets) and np.any(offsets != 0)):
        return artist.get_offset_transform().transform(offsets), values
    paths = [_vertices(path) for path in artist.get_paths()]
    if not paths and hasattr(artist, "get_coordinates"):
        paths = [artist.get_coordinates().reshape(-1, 2)]
    return (artist.get_transform().transform(np.concatenate(paths)) if paths else None), values


def _vertices(path: Any) -> Any:
    """Return the vertices of a path but for those that only say that it closes, and hold no place."""
    return path.vertices if path.codes is None else path.vertices[path.codes != path.CLOSEPOLY]


def _append(series: list[Note], entry: Note) -> None:
    """Add a series; patches and lines of one style in a row, such as bars, are one; so are all letters of a logo."""
    import numpy as np

    style = entry["style"]
    alike = series if style["kind"] == LETTER else series[-1:]
    before = next((one for one in alike if one["style"] == style), None)
    if before and not style.get("label") and entry["values"] is None:
        before["points"] = np.concatenate([before["points"], entry["points"]])
        before["count"] += 1
    else:
        series.append(entry)


def _summed(entry: Note, axes: Any) -> Note:
    import numpy as np

    places = axes.transAxes.inverted().transform(entry["points"])
    seen = np.isfinite(places).all(axis=1)
    places = places[seen]
    with np.errstate(all="ignore"):
        data = _without_dust(axes.transData.inverted().transform(entry["points"][seen]), axes)
    summary = {
        **entry["style"],
        "artists": entry["count"],
        "points": len(places),
        "missing": int((~seen).sum()),
        "x": _summary(places[:, 0]),
        "y": _summary(places[:, 1]),
        "data": _data(data),
    }
    if entry["values"] is not None:
        values = np.asarray(entry["values"], dtype=float)
        summary["values"] = {"shape": list(values.shape), **_value_summary(values.ravel())}
    return summary


def _summary(places: Any) -> Note:
    """Return where points lie along one axis."""
    if len(places) == 0:
        return {}
    spread = {"low": places.min(), "high": places.max(), "mean": places.mean(), "sd": places.std()}
    return {**{name: _places([value])[0] for name, value in spread.items()}, "waves": _projections(places)}


def _projections(places: Any) -> list[float | None]:
    """Return the sums of the points times fixed waves, over the root of their number: one moved point shows in them."""
    import numpy as np

    order = np.arange(len(places))
    waves = [np.cos((k + 1) * (2.399963229728653 * order + 1)) for k in range(WAVES)]
    return _places([float(wave @ places) * (2 / len(places)) ** 0.5 for wave in waves])


def _value_summary(values: Any) -> Note:
    import numpy as np

    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return {"finite": 0}
    low, high = float(finite.min()), float(finite.max())
    scaled = (finite - low) / (high - low or 1.0)
    summary = {"finite": len(finite), "range": _numbers([low, high])}
    return {**summary, "mean": _places([scaled.mean()])[0], "waves": _projections(scaled)}


def _data(points: Any) -> Note:
    """Return the numbers that a text about the figure may name, in the units of the axes."""
    import numpy as np

    if len(points) == 0 or not np.isfinite(points).all():
        return {}
    if len(points) <= FEW:
        return {"points": [_numbers(point) for point in points]}
    x, y = points.T
    return {
        "x": _numbers([x.min(), x.max()]),
        "y": _numbers([y.min(), y.max()]),
        "ends": [_numbers(points[0]), _numbers(points[-1])],
        "extremes": [_place_of_extreme(x, -y), _place_of_extreme(x, y)],
    }


def _without_dust(points: Any, axes: Any) -> Any:
    """Return points with zeros where the way from pixels back to numbers left the rounding error of a zero."""
    import numpy as np

    linear = [axis.get_scale() == "linear" for axis in (axes.xaxis, axes.yaxis)]
    size = np.abs([axes.get_xlim(), axes.get_ylim()]).max(axis=1) * linear
    return np.where(np.abs(points) < DUST * size, 0.0, points)


def _place_of_extreme(x: Any, y: Any) -> float | None:
    """Return where y is largest, or nothing where that is no one place: along a plateau, or in two equal peaks.

    Rounding, which differs between processors, would choose among those.
    """
    import numpy as np

    among = x[y >= y.max() - NEAR_EXTREME * np.ptp(y)]
    return _number(x[y.argmax()]) if np.ptp(among) <= ONE_PLACE * np.ptp(x) else None


# ----------------------------------------------------------------------------------------------------- colors and style


def _style(artist: Any) -> Note:
    style: Note = {}
    if artist.get_alpha() is not None and isinstance(artist.get_alpha(), int | float):
        style["alpha"] = _number(artist.get_alpha())
    if hasattr(artist, "get_marker"):
        style |= {"marker": str(artist.get_marker()), "line": str(artist.get_linestyle())}
        style["colors"] = _colors([artist.get_color()])
        return style
    if hasattr(artist, "get_cmap") and artist.get_array() is not None:
        return {**style, "cmap": artist.get_cmap().name, "clim": _numbers(artist.get_clim())}
    if hasattr(artist, "get_hatch") and artist.get_hatch():
        style["hatch"] = str(artist.get_hatch())
    if hasattr(artist, "get_linestyle"):
        style["line"] = _dashes(artist.get_linestyle())
    for name in ("facecolor", "edgecolor"):
        if hasattr(artist, f"get_{name}"):
            style[name] = _colors(getattr(artist, f"get_{name}")())
    return style


def _dashes(line: Any) -> str:
    if isinstance(line, str):
        return line
    return " ".join(sorted({"solid" if dash is None else "dashed" for _, dash in line}))


def _colors(given: Any) -> list[str]:
    from matplotlib.colors import to_hex, to_rgba_array

    shades = Counter(to_hex(color, keep_alpha=True) for color in to_rgba_array(given))
    listed = [f"{color} x {n}" if n > 1 else color for color, n in list(shades.items())[:COLORS]]
    return [*listed, *([f"and {len(shades) - COLORS} more"] if len(shades) > COLORS else [])]


def _mark(artist: Any) -> Note | None:
    """Return kind and style of a mark outside of panels, such as the key of a legend."""
    if hasattr(artist, "get_text") or not (hasattr(artist, "get_color") or hasattr(artist, "get_facecolor")):
        return None
    return {"kind": type(artist).__name__, **_style(artist)}


def _number(value: Any, digits: int = 7) -> float | None:
    value = float(value)
    return float(f"{value:.{digits}g}") + 0.0 if value - value == 0 else None


def _numbers(values: Any, digits: int = 7) -> list[float | None]:
    return [_number(value, digits) for value in values]


def _places(values: Any, decimals: int = 6) -> list[float | None]:
    """Round parts of an axis: a millionth is far less than a pixel."""
    return [round(float(value), decimals) + 0.0 if value - value == 0 else None for value in values]
