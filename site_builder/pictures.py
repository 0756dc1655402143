"""Compares two pictures point by point, and makes a third that shows where they differ."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from PIL import Image, ImageChops

#: A point differs if one of its colors does by more than this, of 255: less is the blur of an edge.
NOTICEABLE = 24
#: The color of the points that differ.
MARKED = (194, 65, 12)
#: How much of the picture remains in the third, in percent.
FAINT = 25


@dataclass(frozen=True)
class PictureChange:
    """How two pictures differ: sizes in pixels, the share of points that do, and where, as a PNG in base64."""

    old_size: tuple[int, int]
    new_size: tuple[int, int]
    share: float | None
    where: str = ""

    @property
    def same(self) -> bool:
        """Tell whether no point differs."""
        return self.share == 0


def compare_pictures(old: str, new: str) -> PictureChange:
    """Compare two PNGs in base64; pictures of other sizes have no share.

    Raises
    ------
    ValueError
        If one is not a picture.
    """
    a, b = _opened(old), _opened(new)
    if a.size != b.size:
        return PictureChange(a.size, b.size, None)
    difference = ImageChops.difference(a, b)
    bands = [band.point(lambda value: 255 if value > NOTICEABLE else 0) for band in difference.split()]
    mask = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    share = mask.histogram()[255] / (a.width * a.height)
    return PictureChange(a.size, b.size, share, _marked(b, mask) if share else "")


def _opened(text: str) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(base64.b64decode(text))).convert("RGBA")
    except (OSError, ValueError) as error:
        raise ValueError(f"a figure is not a picture: {error}") from None
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _marked(picture: Image.Image, mask: Image.Image) -> str:
    """Return the picture, faint and gray, with the points of the mask in one color."""
    gray = picture.convert("L").point(lambda value: 255 - (255 - value) * FAINT // 100).convert("RGB")
    gray.paste(MARKED, mask=mask)
    buffer = io.BytesIO()
    gray.quantize(32).save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
