"""Compares two pictures by eye: strictly where they were drawn alike, panel by panel where fonts or versions differ.

Drawn alike, a picture may differ in the shade of edges and nothing else. Drawn with other fonts, labels look different
and panels move by some pixels; then what lies inside of each panel is cut out, brought to one size, and compared with
its texts left out: each pixel must find its color among those nearby in the other picture, so that a shift of a pixel
passes and a missing line does not. What was left out is compared as text, by `figures`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.validation.rules import Rules

Array = NDArray[np.float32]
#: A pixel looks different when a channel differs by more than this part of its range.
STRICT_DIFFERENCE, LOOSE_DIFFERENCE = 0.25, 0.30
#: Where colors lie close together, as in a photograph, a change of all of them is faint after the blur but everywhere:
#: so many times the share of pixels may differ by this much.
FAINT_DIFFERENCE, FAINT_TIMES = 0.10, 25
#: In a square window of that many pixels, no more may look different: a letter, a digit or a point has more.
WINDOW, SPOT = 15, 10
#: Width to which a panel is brought, how far a color is searched for, the share (percent) that may look different.
PANEL_WIDTH, SEARCH, LOOSE_SHARE = 360, 2, 0.15
#: A text is there where colors in its box differ by this much, and labels where they cover this share of a picture.
#: They are gone where the other picture has less than a third of it: fonts differ by less.
CONTRAST, INK, GONE = 0.3, 5e-4, 1 / 3
#: Width of the edge of a panel that is left out: a line around it falls inside or outside by a part of a pixel.
FRAME = 3


def open_picture(data: str | bytes) -> Image.Image:
    """Return a PNG or JPEG, given as bytes or as base64 text, on white.

    Raises
    ------
    ValueError
        If it is not a picture, or one that a browser shows otherwise than it is stored: moving, turned, or in other
        colors.
    """
    try:
        raw = base64.b64decode(data) if isinstance(data, str) else data
        opened = Image.open(BytesIO(raw), formats=("PNG", "JPEG"))
        picture = opened.convert("RGBA")
    except (OSError, ValueError) as error:
        raise ValueError(f"not a picture: {error}") from None
    if (
        getattr(opened, "n_frames", 1) > 1
        or opened.getexif()
        or {"gamma", "icc_profile", "chromaticity"} & {*opened.info}
    ):
        raise ValueError("not a plain picture: it moves, is turned, or has a color profile")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def compare_pictures(stored: Image.Image, fresh: Image.Image, share: float) -> str:
    """Return how two pictures differ that were drawn alike; nothing if they look the same.

    Parameters
    ----------
    stored, fresh : Image
        The pictures.
    share : float
        Share of pixels that may look different, in percent.
    """
    if stored.size != fresh.size:
        return f"the picture is {_size(stored)} pixels, {_size(fresh)} came out"
    if stored.tobytes() == fresh.tobytes():
        return ""
    was, now = (_array(picture.filter(ImageFilter.BoxBlur(1))) for picture in (stored, fresh))
    difference = np.abs(was - now).max(axis=2)
    finding = _finding(difference > STRICT_DIFFERENCE, share) or _finding(
        difference > FAINT_DIFFERENCE, FAINT_TIMES * share
    )
    return finding or (_spot(difference > STRICT_DIFFERENCE) if share <= Rules().picture else "")


def compare_panels(
    stored: Image.Image, fresh: Image.Image, was: list[dict[str, Any]], now: list[dict[str, Any]], share: float
) -> str:
    """Return how two pictures differ, with other fonts, inside of their panels; nothing if they look the same.

    Texts look otherwise in another font. They must be there all the same: those in the panels one by one, the labels
    around them as a whole.

    Parameters
    ----------
    stored, fresh : Image
        The pictures.
    was, now : list of dict
        Panels of the two figures, as noted.
    share : float
        Share of a panel that may look different, in percent.
    """
    for n, (a, b) in enumerate(zip(was, now, strict=True), start=1):
        size = _common_size(stored, a)
        left, right = (_panel(picture, panel, size) for picture, panel in ((stored, a), (fresh, b)))
        seen = ~(_covered(a, size) | _covered(b, size))
        missing = (_unmatched(left, right) | _unmatched(right, left)) & seen
        if finding := _finding(missing, max(share, LOOSE_SHARE)):
            return f"panel {n}: {finding}" if len(was) > 1 else finding
        if text := _missing_text((stored, a), (fresh, b)):
            return f"panel {n}: the text {text!r} is not in both pictures"
    labels = [_ink(without_panels(picture, panels)) for picture, panels in ((stored, was), (fresh, now))]
    return "the labels around the panels are not in both pictures" if _gone(labels, INK) else ""


def without_panels(picture: Image.Image, panels: list[dict[str, Any]]) -> Image.Image:
    """Return a picture in which the panels are white: what is left are labels, titles and legends."""
    picture = picture.copy()
    for left, bottom, width, height in (panel["box"] for panel in panels):
        edges = _edges(picture, left, bottom, left + width, bottom + height)
        picture.paste("white", (edges[0] - FRAME, edges[1] - FRAME, edges[2] + FRAME, edges[3] + FRAME))
    return picture


def _edges(picture: Image.Image, left: float, bottom: float, right: float, top: float) -> list[int]:
    """Return the pixels of a box that is given as parts of the picture, from below: left, upper, right, lower edge."""
    corners = (left, 1 - top, right, 1 - bottom)
    return [round(part * side) for part, side in zip(corners, picture.size * 2, strict=True)]


def _size(picture: Image.Image) -> str:
    return f"{picture.width} x {picture.height}"


def _array(picture: Image.Image) -> Array:
    return np.asarray(picture, dtype=np.float32) / 255


def _spot(different: NDArray[np.bool_]) -> str:
    """Return where many pixels of one small window look different: a digit is less than the share of any picture."""
    marked = Image.fromarray(different.astype(np.uint8) * 255)
    near = np.asarray(marked.filter(ImageFilter.BoxBlur(WINDOW // 2)), dtype=np.float32) * WINDOW**2 / 255
    if not near.size or near.max() <= SPOT:
        return ""
    y, x = np.unravel_index(near.argmax(), near.shape)
    return f"something small at {x}, {y} (pixels from the left and from the top) looks different"


def _finding(different: NDArray[np.bool_], share: float) -> str:
    percent = 100 * float(different.mean()) if different.size else 0.0
    return f"{percent:.2g} % of the picture looks different" if percent > share else ""


def _common_size(picture: Image.Image, panel: dict[str, Any]) -> tuple[int, int]:
    width, height = picture.width * panel["box"][2], picture.height * panel["box"][3]
    return PANEL_WIDTH, max(8, round(PANEL_WIDTH * height / max(width, 1)))


def _panel(picture: Image.Image, panel: dict[str, Any], size: tuple[int, int]) -> Array:
    left, bottom, width, height = panel["box"]
    corners = (left * picture.width, (1 - bottom - height) * picture.height)
    box = (*corners, corners[0] + width * picture.width, corners[1] + height * picture.height)
    box = tuple(
        float(np.clip(edge, 0, limit)) for edge, limit in zip(box, (picture.width, picture.height) * 2, strict=True)
    )
    return _array(picture.resize(size, Image.Resampling.BOX, box=box))


def _covered(panel: dict[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels of a panel that texts and legends cover, with a margin, and those at its frame."""
    covered = np.ones((size[1], size[0]), dtype=bool)
    covered[FRAME:-FRAME, FRAME:-FRAME] = False
    for box in _boxes([*panel["texts"], *panel["legend"]]):
        x0, x1 = (int(np.clip(edge * size[0], 0, size[0])) for edge in (box[0] - 0.02, box[2] + 0.02))
        y0, y1 = (int(np.clip((1 - edge) * size[1], 0, size[1])) for edge in (box[3] + 0.03, box[1] - 0.03))
        covered[y0 : y1 + 1, x0 : x1 + 1] = True
    return covered


def _missing_text(*drawn: tuple[Image.Image, dict[str, Any]]) -> str:
    """Return a text of a panel that stands in one of two pictures and not in the other."""
    was, now = (panel["texts"] for _, panel in drawn)
    for texts in zip(was, now, strict=True):
        contrasts = [
            _contrast(picture, panel, text["box"]) for (picture, panel), text in zip(drawn, texts, strict=True)
        ]
        if _gone(contrasts, CONTRAST):
            return str(texts[0]["text"])
    return ""


def _gone(amounts: list[float], least: float) -> bool:
    return max(amounts) > least and min(amounts) < GONE * max(amounts)


def _contrast(picture: Image.Image, panel: dict[str, Any], box: list[float | None]) -> float:
    """Return how much the colors differ in a box, given as parts of a panel; 0 where it lies outside of the picture."""
    left, bottom, width, height = panel["box"]
    x0, y0, x1, y1 = (edge or 0.0 for edge in box)
    edges = _edges(picture, left + x0 * width, bottom + y0 * height, left + x1 * width, bottom + y1 * height)
    inside = [max(0, min(edge, side)) for edge, side in zip(edges, picture.size * 2, strict=True)]
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        return 0.0
    return float(np.ptp(_array(picture.crop(tuple(inside))), axis=(0, 1)).max())  # type: ignore[arg-type]


def _ink(picture: Image.Image) -> float:
    """Return the share of a picture that is not white."""
    return float((_array(picture).min(axis=2) < 1 - STRICT_DIFFERENCE).mean())


def _boxes(entries: Iterable[dict[str, Any]]) -> list[list[float]]:
    return [entry["box"] for entry in entries if entry.get("box") and None not in entry["box"]]


def _unmatched(picture: Array, other: Array) -> NDArray[np.bool_]:
    """Return the pixels whose color is not between those that lie near in the other picture: edges blend colors."""
    padded = np.pad(other, ((SEARCH, SEARCH), (SEARCH, SEARCH), (0, 0)), mode="edge")
    lowest, highest = other.copy(), other.copy()
    for y in range(2 * SEARCH + 1):
        for x in range(2 * SEARCH + 1):
            moved = padded[y : y + picture.shape[0], x : x + picture.shape[1]]
            np.minimum(lowest, moved, out=lowest)
            np.maximum(highest, moved, out=highest)
    outside = np.maximum(lowest - picture, picture - highest)
    return outside.max(axis=2) > LOOSE_DIFFERENCE
