"""Checks that an alternative text says what the data say: its numbers are those of the figure, or of its cell.

A number stands when the noted figure shows it, the cell or the one before it prints it, or an assertion in the cell
holds it (other code does not: it may say anything). Numbers that a text lists ("from 3 to 5", "4, 7 and 16") must stand
so, side by side, in one `Row` of these.

* Counts, limits, ticks and assertions must be the same.
* Data, labels and printed numbers must be the same when rounded to the digits that the text shows, where rounding
  changes them by no more than a twentieth: 4.4 is not 4.
* After a hedge such as "about", the last digit that the text says may be one off, again by no more than a twentieth, or
  the number may just round so. A bound ("below 3", "more than 3") is no hedge.

A number with a minus is negative in the data; one without may be so, too, as a text says "falls by 3". A text that
counts its panels ("Two panels ...") counts them right.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.validation.figures import shows_powers, tick_value
from tests.validation.text import NUMBER, Number, numbers

Note = dict[str, Any]
Show = Callable[[float], float | None]
HEDGES = r"(?:about|around|approximately|near|nearly|roughly|almost|close to|just (?:above|below|over|under))"
HEDGE = re.compile(rf"\b{HEDGES}\s*$", re.IGNORECASE)
#: What stands between the numbers of a list.
JOINT = re.compile(rf"\s*[,=]?\s*(?:(?:also|and|equals|is|or|plus|then|times|to)\s+)*(?:{HEDGES}\s+)?", re.IGNORECASE)
#: The most by which rounding or a hedge may change a number, as a part of it.
ROUGHLY = 0.05
#: Numbers of a note have seven digits.
SAME = 1e-6
#: A zero before another digit: no way to write a number.
PADDED = re.compile(r"[-+−]?0[\d,]")
MINUS = re.compile(r"\bminus (?=\d)", re.IGNORECASE)
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PANELS = re.compile(rf"\b({'|'.join(WORDS)}|\d+)\s+(?:small\s+)?(?:panels|scatter plots side by side)\b", re.IGNORECASE)
#: Series whose points are what a reader counts; of others, such as bars, it is their artists.
POINTS = ("Line2D", "PathCollection")


# ------------------------------------------------------------------------------------------------------------ the check


@dataclass(frozen=True)
class Row:
    """Numbers in the order in which the data hold them.

    Parameters
    ----------
    values : sequence of numbers
        A text may say one of them, or some that stand side by side.
    exact : bool
        Whether they are counted or chosen, and not measured.
    whole : bool
        Whether a text may only say all of them, as with the ends of an axis.
    """

    values: Sequence[float | None]
    exact: bool = False
    whole: bool = False

    def holds(self, said: list[Said]) -> bool:
        """Tell whether it holds the numbers of a list, in their order."""
        if self.whole and len(said) != len(self.values):
            return False
        starts = range(len(self.values) - len(said) + 1)
        return any(
            all(one.means(value, self.exact) for one, value in zip(said, self.values[start:], strict=False))
            for start in starts
        )


@dataclass(frozen=True)
class Said:
    """A number of an alternative text."""

    number: Number
    hedged: bool

    def means(self, value: float | None, exact: bool) -> bool:
        """Tell whether it may stand for a number of the data."""
        text, said = self.number.text, self.number.value
        if value is None or PADDED.match(text):
            return False
        apart = abs(said - value) if text[0] in "-−" else abs(abs(said) - abs(value))
        return apart <= (SAME * abs(said) if exact and not self.hedged else self._slack())

    def _slack(self) -> float:
        rounding, share = self.number.unit / 2 * (1 + SAME), ROUGHLY * abs(self.number.value)
        return max(rounding, min(self._last_digit(), share)) if self.hedged else min(rounding, share)

    def _last_digit(self) -> float:
        """Return the worth of one in the last digit that is no zero: 10 in 140, 0.1 in 42.5."""
        digits = re.sub(r"[eE].*|[^\d]", "", self.number.text)
        return float(self.number.unit * 10.0 ** (len(digits) - len(digits.rstrip("0"))))


def unsupported(text: str, rows: Iterable[Row]) -> list[str]:
    """Return the numbers of an alternative text that nothing supports; lists of them as lists.

    >>> unsupported("Points from -130 to 139, one at 7.", [Row([-132.8, 138.6])])
    ['-130, 139', '7']
    >>> unsupported("Points from about -130 to 139, one at 100.", [Row([-132.8, 138.6]), Row([100.0])])
    []
    """
    known = list(rows)
    text = PANELS.sub("panels", MINUS.sub("-", text))  # `wrong_panels` looks at these
    lists = [said for said in _lists(text) if not any(row.holds(said) for row in known)]
    return [", ".join(one.number.text for one in said) for said in lists]


def _lists(text: str) -> Iterator[list[Said]]:
    """Go through the numbers of a text, those together that it lists."""
    found: list[Said] = []
    end = 0
    for match in NUMBER.finditer(text):
        said = Said(Number(match[0].rstrip(".")), bool(HEDGE.search(text[: match.start()])))  # the end of a sentence
        if found and not JOINT.fullmatch(text[end : match.start()]):
            yield found
            found = []
        found.append(said)
        end = match.start() + len(said.number.text)
    if found:
        yield found


def wrong_panels(text: str, panels: int) -> list[str]:
    """Return the counts of panels that are not the number of panels.

    >>> wrong_panels("Four panels, each a parabola.", 3)
    ['Four panels']
    """
    return [match[0] for match in PANELS.finditer(text) if _count(match[1]) != panels]


def _count(word: str) -> int:
    return WORDS.index(word.lower()) if word.lower() in WORDS else int(word)


# ------------------------------------------------------------------------------------------------- what a text may name


def figure_rows(note: Note) -> Iterator[Row]:
    """Go through the numbers of a noted figure: counts, labels, axes and data."""
    yield _row(note["texts"])
    for panel in note["panels"]:
        yield _row(panel["title"])
        yield _row(text["text"] for text in panel["texts"])
        yield from (_row(legend["texts"]) for legend in panel["legend"])
        for series in panel["series"]:
            count, values = (
                series["points" if series["kind"].startswith(POINTS) else "artists"],
                series.get("values", {}),
            )
            yield Row([count] if count > 2 else [], exact=True)  # a text has words for less
            yield from (Row(values.get("shape", []), exact=True), Row(values.get("range", [])))
        if "axis" in panel["frame"]:  # else it is a drawing: its places are no data
            yield from _axes_rows(panel)


def _row(texts: Iterable[str]) -> Row:
    return Row([number.value for text in texts for number in numbers(text)])


def _axes_rows(panel: Note) -> Iterator[Row]:
    """Go through the numbers along the axes, as their ticks show them; places of named groups are no numbers."""
    for axis in (panel[name] for name in "xyz" if name in panel):
        yield from (_row([axis["label"]]), *_axis_rows(axis))
    show_x, show_y = (_as_ticks_show(panel[name]) for name in "xy")
    alike: dict[str, list[float]] = {}
    for series in panel["series"]:
        kind, data = series["kind"], series["data"]
        points = [[show_x(x), show_y(y)] for x, y in data.get("points", [])]
        columns = [list(column) for column in zip(*points, strict=True)]
        yield from map(Row, [*points, *columns])
        if "x" in data:
            columns = [[show_x(value) for value in data["x"]], [show_y(value) for value in data["y"]]]
            yield from map(Row, columns[1:])
        if kind.startswith("Line2D"):
            yield from _line_rows(data, show_x, show_y)
        for n, column in enumerate(columns):
            values = [value for value in column if value is not None]
            alike.setdefault(f"{kind} {n}", []).extend(values)
            yield from _range(values)
    for values in alike.values():  # as of points in two colors
        yield from _range(values)


def _range(values: list[float]) -> Iterator[Row]:
    if values:
        yield Row([min(values), max(values)], whole=True)


def _line_rows(data: Note, show_x: Show, show_y: Show) -> Iterator[Row]:
    """Go through both ends of a line of many points, and where it is highest and lowest."""
    if "ends" in data:
        first, last = [[show_x(x), show_y(y)] for x, y in data["ends"]]
        yield from (Row(first, whole=True), Row(last, whole=True))
        yield from (Row([first[0], last[0]], whole=True), Row([first[1], last[1]]))
    yield from (Row([show_x(value)]) for value in data.get("extremes", []) if value is not None)


def _axis_rows(axis: Note) -> Iterator[Row]:
    """Go through limits and ticks: all that name groups, but only the ends of a scale, as the rest is always there."""
    show = _as_ticks_show(axis)
    limits = [show(limit) for limit in axis["limits"]]
    if None in limits:
        yield Row(_row(axis["ticks"]).values, exact=True)
        return
    ticks = [tick_value(tick) for tick in axis["ticks"]]
    for ends in (limits, [*ticks[:1], *ticks[-1:]]):
        yield from (Row(ends, exact=True, whole=True), Row(ends[-1:], exact=True))


def _as_ticks_show(axis: Note) -> Show:
    """Return how places along an axis become the numbers that its ticks show: powers, percent, or places from 1 on.

    Ticks that name groups make nothing of them.
    """
    if shows_powers(axis):
        return lambda at: float(10.0**at) if abs(at) < 300 else 0.0
    ticks, places = [tick_value(tick) for tick in axis["ticks"]], axis["ticks_at"]
    if not ticks or _on_line(ticks, places):
        return float
    if len(ticks) < 3 or ticks[0] is None or ticks[-1] is None or axis["scale"] != "linear":
        return lambda at: None
    start, origin, step = ticks[0], places[0], (ticks[-1] - ticks[0]) / (places[-1] - places[0])

    def show(at: float) -> float:
        return float(start + (at - origin) * step)

    return show if _on_line(ticks, [show(at) for at in places]) else lambda at: None


def _on_line(ticks: Sequence[float | None], shown: Sequence[float]) -> bool:
    largest = max(abs(value) for value in shown)
    return all(
        tick is not None and abs(tick - value) <= SAME * largest for tick, value in zip(ticks, shown, strict=True)
    )


def asserted_rows(source: str) -> Iterator[Row]:
    """Go through the numbers of a cell's assertions, not those of its other code, comments and texts.

    >>> [row.values for row in asserted_rows("#| fig-alt: 12\\nsize = 30\\nassert abs(x - 40) < 1e-3  # not 50")]
    [[40.0, 0.001]]
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for check in (node for node in ast.walk(tree) if isinstance(node, ast.Assert)):
        found = [node for node in ast.walk(check.test) if isinstance(node, ast.Constant) and _is_number(node.value)]
        found.sort(key=lambda node: (node.lineno, node.col_offset))
        yield Row([float(node.value) for node in found], exact=True)  # type: ignore[arg-type]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def printed_rows(texts: Iterable[str]) -> Iterator[Row]:
    """Go through the numbers that a cell prints, line by line."""
    return (_row([line]) for text in texts for line in text.splitlines())
