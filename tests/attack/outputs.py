"""Manipulations of stored outputs: each yields cells that no longer tell the truth, and that validation must catch."""

from __future__ import annotations

import base64
import copy
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Any

import nbformat
import numpy as np
from PIL import Image
from scipy import ndimage

from site_builder.figure_record import KEY as FIGURE
from tests.validation.documents import Cell, Document
from tests.validation.holes import CELL_LIMIT, holes
from tests.validation.outputs import compare_outputs
from tests.validation.pictures import open_picture
from tests.validation.plugin import alternative_text_problems
from tests.validation.rules import Rules
from tests.validation.text import NUMBER, Number, close, compare_text

PNG = "image/png"
#: A letter is darker than this (of 255), and has at least so many pixels.
DARK, GLYPH = 140, 24


@dataclass(frozen=True)
class Attack:
    """A manipulated cell; ``name`` says where it is and what was done."""

    kind: str
    document: str
    cell: Cell
    what: str

    @property
    def name(self) -> str:
        return f"{self.document}, {self.cell.name}: {self.what}"


Manipulation = Callable[[Document, Cell, random.Random], Iterator[tuple[str, Any]]]


def findings(cell: Cell, fresh: list[Any], before: list[Any], count: int | None) -> list[str]:
    """Return what validation finds in a cell, given what really comes out of it: the checks of the plugin."""
    result = compare_outputs(cell.node.outputs, copy.deepcopy(fresh), cell.rules)
    return [*holes(cell.node, count, cell.rules), *result.differences, *alternative_text_problems(cell, fresh, before)]


# ----------------------------------------------------------------------------------------------------------------- text


def texts(node: Any) -> Iterator[tuple[Any, str, str]]:
    """Go through the texts of a cell's outputs: where each stands, under which key, and the text."""
    for output in node.outputs:
        if output.output_type == "stream":
            yield output, "text", output.text
        elif PNG not in output.get("data", {}):
            for kind in ("text/html", "text/markdown", "text/plain"):
                if kind in output.get("data", {}):
                    yield output.data, kind, output.data[kind]
                    break


def change(node: Any, number: int, edit: Callable[[str], str]) -> Any:
    """Return a copy of a cell in which one of its texts is edited."""
    changed = copy.deepcopy(node)
    place, key, text = list(texts(changed))[number]
    place[key] = edit(text)
    return changed


def digits(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    for where, match in _numbers(cell, rng):
        for new in _other_digits(match[0], cell.rules, rng):
            yield f"{match[0]} became {new}", change(cell.node, where, lambda text, m=match, n=new: _put(text, m, n))
            break


def signs(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    for where, match in _numbers(cell, rng):
        old = match[0]
        new = old[1:] if old[0] in "-−" else f"-{old.removeprefix('+')}"
        if NUMBER.fullmatch(new) and not close(Number(old), Number(new), cell.rules):
            yield f"{old} became {new}", change(cell.node, where, lambda text, m=match, n=new: _put(text, m, n))


def _numbers(cell: Cell, rng: random.Random) -> list[tuple[int, re.Match[str]]]:
    found = [
        (where, match)
        for where, (_, key, text) in enumerate(texts(cell.node))
        for match in NUMBER.finditer(text if key != "text/html" else _outside_tags(text))
        if not _left_out(match, text, cell.rules)
    ]
    return rng.sample(found, len(found))


def _left_out(number: re.Match[str], text: str, rules: Rules) -> bool:
    """Tell whether a number lies in a part of the text that the cell leaves out."""
    parts = (part.span() for pattern in rules.ignore for part in pattern.finditer(text))
    return any(start < number.end() and number.start() < end for start, end in parts)


def _outside_tags(html: str) -> str:
    """Blank out tags and what stands before a table, so that only what a reader sees is found."""
    return re.sub(r"<style.*?</style>|<[^>]*>", lambda match: " " * len(match[0]), html, flags=re.DOTALL)


def _other_digits(text: str, rules: Rules, rng: random.Random) -> Iterator[str]:
    """Go through what the number becomes when one digit changes, where that is beyond the tolerance."""
    exponent = re.search(r"[eE]", text)
    places = [n for n, c in enumerate(text[: exponent.start() if exponent else None]) if c.isdigit()]
    for place in rng.sample(places, len(places)):
        for digit in rng.sample("123456789", 9):
            new = text[:place] + digit + text[place + 1 :]
            if digit != text[place] and not close(Number(text), Number(new), rules):
                yield new
                break


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def swapped_rows(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    for where, (_, key, text) in enumerate(texts(cell.node)):
        rows = re.findall(r"<tr.*?</tr>", text, flags=re.DOTALL) if key == "text/html" else text.split("\n")
        pairs = [(a, b) for a, b in pairwise(rows) if _differ(a, b, cell.rules)]
        for a, b in rng.sample(pairs, min(1, len(pairs))):
            yield "two rows swapped", change(cell.node, where, lambda text, a=a, b=b: _swap(text, a, b))


def _differ(a: str, b: str, rules: Rules) -> bool:
    return bool(a.strip() and b.strip()) and bool(compare_text(a, b, rules))


def _swap(text: str, a: str, b: str) -> str:
    start = text.index(a)
    between, after = text[start + len(a) :].split(b, 1)
    return text[:start] + b + between + a + after


def overwritten(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Put text before a carriage return: a terminal overwrites it, a page shows it."""
    for number, output in enumerate(cell.node.outputs):
        if output.output_type == "stream":
            changed = copy.deepcopy(cell.node)
            changed.outputs[number].text = f"loss 0.0000 (perfect)\r{output.text}"
            yield "text before a carriage return", changed


def reordered(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Turn the outputs around: a text stands below the figure that it stood above."""
    changed = copy.deepcopy(cell.node)
    changed.outputs.reverse()
    if changed.outputs != cell.node.outputs:
        yield "its outputs are the other way round", changed


def emptied(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    if cell.node.outputs:
        changed = copy.deepcopy(cell.node)
        changed.outputs = []
        yield "its outputs were emptied", changed
    for number in range(len(cell.node.outputs) if len(cell.node.outputs) > 1 else 0):
        changed = copy.deepcopy(cell.node)
        del changed.outputs[number]
        yield f"output {number + 1} was taken out", changed


# -------------------------------------------------------------------------------------------------------------- figures


def figures(node: Any) -> list[int]:
    """Return the numbers of the outputs that are figures with a note of what they show."""
    return [n for n, output in enumerate(node.outputs) if PNG in output.get("data", {}) and FIGURE in output.metadata]


def repainted(paint: Callable[[Image.Image, dict[str, Any]], Image.Image | None], what: str) -> Manipulation:
    """Return the manipulation that repaints the picture and leaves the note of what it shows."""

    def manipulate(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
        for number in figures(cell.node):
            output = cell.node.outputs[number]
            picture = paint(open_picture(output.data[PNG]), output.metadata[FIGURE])
            if picture is not None:
                changed = copy.deepcopy(cell.node)
                changed.outputs[number].data[PNG] = encoded(picture)
                yield what, changed

    return manipulate


def encoded(picture: Image.Image) -> str:
    buffer = BytesIO()
    picture.save(buffer, "png")
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def boxes(picture: Image.Image, note: dict[str, Any]) -> Iterator[tuple[int, int, int, int]]:
    """Go through the panels of a picture, in pixels."""
    for panel in note["panels"]:
        left, bottom, width, height = panel["box"]
        x0, y0 = left * picture.width, (1 - bottom - height) * picture.height
        yield round(x0), round(y0), round(x0 + width * picture.width), round(y0 + height * picture.height)


def blank(picture: Image.Image, note: dict[str, Any]) -> Image.Image:
    for box in boxes(picture, note):
        picture.paste("white", box)
    return picture


def mirrored(picture: Image.Image, note: dict[str, Any]) -> Image.Image | None:
    """Mirror each panel; one that looks the same mirrored is no lie."""
    before = picture.copy()
    for box in boxes(picture, note):
        picture.paste(picture.crop(box).transpose(Image.Transpose.FLIP_LEFT_RIGHT), box[:2])
    return picture if _visibly(before, picture) else None


def recolored(picture: Image.Image, note: dict[str, Any]) -> Image.Image | None:
    before = picture.copy()
    red, green, blue = picture.split()
    after = Image.merge("RGB", (green, blue, red))
    return after if _visibly(before, after, most=25) else None


def without_a_color(picture: Image.Image, note: dict[str, Any]) -> Image.Image | None:
    """Paint over everything in the strongest color: the series that has it is gone."""
    pixels = np.asarray(picture).astype(int)
    spread = pixels.max(axis=2) - pixels.min(axis=2)
    if (spread > 60).sum() < 200:
        return None
    shades, counts = np.unique(pixels[spread > 60] // 16, axis=0, return_counts=True)
    strongest = shades[counts.argmax()] * 16 + 8
    near = np.abs(pixels - strongest).max(axis=2) < 48
    pixels[near] = 255
    return Image.fromarray(pixels.astype(np.uint8))


def relabelled(picture: Image.Image, note: dict[str, Any]) -> Image.Image | None:
    """Turn the strip below the panels around: the label of the axis says something else."""
    bottom = max(box[3] for box in boxes(picture, note)) + 2
    strip = (0, bottom, picture.width, picture.height)
    if bottom > picture.height - 10 or not _visibly(
        picture.crop(strip), Image.new("RGB", (strip[2], strip[3] - bottom), "white")
    ):
        return None
    before = picture.copy()
    picture.paste(picture.crop(strip).transpose(Image.Transpose.ROTATE_180), strip[:2])
    return picture if _visibly(before, picture) else None


def without_a_glyph(picture: Image.Image, note: dict[str, Any]) -> Image.Image | None:
    """Erase one letter, digit or sign outside of the panels, of those that no reader overlooks."""
    dark = np.asarray(picture.convert("L")) < DARK
    for x0, y0, x1, y1 in boxes(picture, note):
        dark[max(0, y0 - 12) : y1 + 12, max(0, x0 - 12) : x1 + 12] = False  # panels, their frames and ticks
    parts, _ = ndimage.label(dark, structure=np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())[1:]
    seen = np.flatnonzero(sizes >= GLYPH) + 1
    if not seen.size:
        return None
    pixels = np.array(picture)
    erased = parts == random.Random(len(sizes)).choice(list(seen))
    pixels[ndimage.binary_dilation(erased, iterations=2)] = 255
    return Image.fromarray(pixels)


def resized(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Change the size in which a page shows the picture."""
    for number in figures(cell.node):
        changed = copy.deepcopy(cell.node)
        width, height = open_picture(changed.outputs[number].data[PNG]).size
        changed.outputs[number].metadata[PNG] = {"width": width // 9, "height": height}
        yield "it is shown a ninth as wide", changed


def _visibly(was: Image.Image, now: Image.Image, most: int = 80) -> bool:
    """Tell whether a person would see the difference: more than a few dozen pixels of another color."""
    different = np.abs(np.asarray(was, dtype=int) - np.asarray(now, dtype=int)).max(axis=2) > most
    return int(different.sum()) > max(400, 0.002 * different.size)


def other_pictures(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Put the picture of another cell in the place, and then the whole output with its note."""
    for number in figures(cell.node):
        others = [other for other in document.cells if other is not cell and figures(other.node)]
        for other in rng.sample(others, min(1, len(others))):
            taken = other.node.outputs[figures(other.node)[0]]
            for what, whole in (("the picture", False), ("the output", True)):
                changed = copy.deepcopy(cell.node)
                if whole:
                    changed.outputs[number] = copy.deepcopy(taken)
                else:
                    changed.outputs[number].data[PNG] = taken.data[PNG]
                if changed.outputs != cell.node.outputs:
                    yield f"{what} of {other.name} in its place", changed


def noted(edit: Callable[[dict[str, Any], random.Random, float], str]) -> Manipulation:
    """Return the manipulation that changes the note of what the figure shows, and leaves the picture.

    ``edit`` gets the cell's tolerance and changes by more than that.
    """

    def manipulate(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
        for number in figures(cell.node):
            changed = copy.deepcopy(cell.node)
            if what := edit(changed.outputs[number].metadata[FIGURE], rng, cell.rules.figure):
                yield what, changed

    return manipulate


def _any_series(note: dict[str, Any], rng: random.Random) -> Any:
    found = [(panel, series) for panel in note["panels"] for series in panel["series"]]
    return rng.choice(found) if found else (None, None)


def note_without_series(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    panel, series = _any_series(note, rng)
    if series is None:
        return ""
    panel["series"].remove(series)
    return f"the {series['kind']} was taken out of the note"


def note_of_moved_series(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    _, series = _any_series(note, rng)
    if series is None or not series["y"]:
        return ""
    series["y"]["mean"] += rng.choice((-1, 1)) * (0.005 + 2 * slack)
    return f"the {series['kind']} lies elsewhere in the note"


def note_of_other_color(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    _, series = _any_series(note, rng)
    key = next((key for key in ("colors", "facecolor", "edgecolor") if series and series.get(key)), "")
    if key:
        series[key] = ["#123456ff", *series[key][1:]]
    return "another color in the note" if key else ""


def note_of_other_labels(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    if note["texts"]:
        note["texts"][-1] += " (log)"
    elif note["panels"]:
        note["panels"][0]["x"]["label"] += " (log)"
    return "another label in the note"


def note_of_other_fonts(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    """Claim other fonts: in other fonts, a picture is compared loosely."""
    note["drawn"]["fonts"] = ["Arial.ttf"]
    return "other fonts in the note" if any(panel["x"]["ticks"] for panel in note["panels"]) else ""


def note_of_other_version(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    note["drawn"]["matplotlib"] = "3.0.0"
    return "another version of Matplotlib in the note"


def note_of_larger_text(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    """Let a text cover its whole panel: what texts cover is left out where fonts differ."""
    found = [text for panel in note["panels"] for text in panel["texts"] if _small(text["box"])]
    for text in found[:1]:
        text["box"] = [0.0, 0.0, 1.0, 1.0]
    return "a text covers its panel in the note" if found else ""


def _small(box: list[float | None]) -> bool:
    return None not in box and max(box[2] - box[0], box[3] - box[1]) < 0.4  # type: ignore[operator]


def note_of_other_limits(note: dict[str, Any], rng: random.Random, slack: float) -> str:
    if not note["panels"]:
        return ""
    axis = rng.choice(note["panels"])[rng.choice("xy")]
    low, high = axis["limits"]
    axis["limits"] = [low, high + (0.1 + 2 * slack) * (high - low)]
    return "other limits in the note"


def without_note(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    for number in figures(cell.node):
        changed = copy.deepcopy(cell.node)
        del changed.outputs[number].metadata[FIGURE]
        yield "the note of what it shows was taken out", changed


# ---------------------------------------------------------------------------------------------------------------- holes


def never_run(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    if document.kind == "notebook" and cell.node.source.strip():
        changed = copy.deepcopy(cell.node)
        changed.execution_count, changed.outputs = None, []
        yield "it counts as never run", changed


def out_of_order(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    if document.kind == "notebook" and cell.node.execution_count:
        changed = copy.deepcopy(cell.node)
        changed.execution_count += rng.randrange(1, 90)
        yield "it ran out of order", changed


def without_code(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    if cell.node.outputs:
        changed = copy.deepcopy(cell.node)
        changed.source = ""
        yield "its code is gone, its outputs stayed", changed


def with_output(output: Any, what: str) -> Manipulation:
    """Return the manipulation that adds an output."""

    def manipulate(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
        changed = copy.deepcopy(cell.node)
        changed.outputs.append(copy.deepcopy(output))
        yield what, changed

    return manipulate


def skipped(document: Document, cell: Cell, rng: random.Random) -> Iterator[tuple[str, Any]]:
    changed = copy.deepcopy(cell.node)
    changed.metadata["tags"] = [*changed.metadata.get("tags", []), rng.choice(["nbval-skip", "nbval-ignore-output"])]
    yield "a tag asks nbval to look away", changed


def _stream(name: str, text: str) -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


ERROR = nbformat.v4.new_output("error", ename="ValueError", evalue="planted", traceback=[])

KINDS: dict[str, Manipulation] = {
    "digit changed": digits,
    "sign flipped": signs,
    "rows swapped": swapped_rows,
    "output emptied": emptied,
    "outputs reordered": reordered,
    "text overwritten": overwritten,
    "picture: blank axes": repainted(blank, "the panels are blank"),
    "picture: mirrored": repainted(mirrored, "the panels are mirrored"),
    "picture: recolored": repainted(recolored, "the colors are others"),
    "picture: series removed": repainted(without_a_color, "the strongest color is gone"),
    "picture: relabelled": repainted(relabelled, "the label is another one"),
    "picture: a letter or digit erased": repainted(without_a_glyph, "one letter or digit is gone"),
    "picture: another size": resized,
    "figure of another cell": other_pictures,
    "note: series removed": noted(note_without_series),
    "note: series moved": noted(note_of_moved_series),
    "note: recolored": noted(note_of_other_color),
    "note: relabelled": noted(note_of_other_labels),
    "note: other limits": noted(note_of_other_limits),
    "note: other fonts": noted(note_of_other_fonts),
    "note: another version": noted(note_of_other_version),
    "note: a text that covers all": noted(note_of_larger_text),
    "note taken out": without_note,
    "never run": never_run,
    "out of order": out_of_order,
    "outputs without code": without_code,
    "error stored": with_output(ERROR, "an error was stored"),
    "stderr stored": with_output(_stream("stderr", "UserWarning: planted\n"), "a warning was stored"),
    "too large": with_output(_stream("stdout", "x" * (CELL_LIMIT + 1)), "an output is too large"),
    "silent skip": skipped,
}
