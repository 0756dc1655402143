"""Compares two notes of what a figure shows, as `site_builder/figure_record.py` takes them from the live figure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from site_builder.figure_record import NEAR_EXTREME, ONE_PLACE
from tests.validation.rules import Rules
from tests.validation.text import compare_line, numbers

Note = dict[str, Any]
#: Keys that say how a figure was drawn and not what it shows: they depend on fonts and versions.
DRAWING = frozenset({"drawn", "box", "picture"})
#: A tick such as 10 to the minus 2.
POWER = re.compile(r"10\^\{?(-?\d+)")
#: Where panels lie in the picture may differ by this part of it before the figure counts as laid out otherwise.
LAYOUT = 1e-3
#: With other fonts, or where trained values change a tick's label, they may lie this much elsewhere; and texts may be
#: half as large again, and this part of the panel.
OTHER_PLACE, OTHER_SIZE = 0.1, 0.03
#: Matplotlib's own font, in which the stored figures are drawn. A run that has it draws them alike.
OWN_FONT = "DejaVuSans.ttf"
#: In another layout, marks whose size is given in points cover another part of the axis: about two pixels of 1,000.
OTHER_LAYOUT = 2e-3


def compare_figures(stored: Note, fresh: Note, rules: Rules) -> list[str]:
    """Return what differs in what two figures show; nothing if they show the same."""
    if (a := len(stored["panels"])) != (b := len(fresh["panels"])):
        return [f"{_panels(a)} stored, {_panels(b)} came out"]
    found = [*_drawn_otherwise(stored, fresh), *_laid_out_otherwise(stored, fresh, rules)]
    if not drawn_alike(stored, fresh):
        rules = replace(rules, figure=max(rules.figure, OTHER_LAYOUT))
    found += list(_compare({**stored, "panels": None}, {**fresh, "panels": None}, "", rules))
    for n, (was, now) in enumerate(zip(stored["panels"], fresh["panels"], strict=True), start=1):
        place = f"panel {n}" if a > 1 else ""
        found += _compare_panel(was, now, place, rules)
    return found


def same_axes(stored: Note, fresh: Note) -> bool:
    """Tell whether limits and ticks are the same, whatever tolerance a cell has."""
    pairs = (
        (was[name], now[name])
        for was, now in zip(stored["panels"], fresh["panels"], strict=True)
        for name in "xyz"
        if name in was and name in now
    )
    return not any(difference for was, now in pairs for difference in _compare_axis(was, now, "", Rules()))


def _drawn_otherwise(stored: Note, fresh: Note) -> Iterator[str]:
    """Say so where the stored note alone claims another font: that would make the comparison of pictures loose."""
    was, now = stored["drawn"], fresh["drawn"]
    if OWN_FONT in now["fonts"] and was["matplotlib"] == now["matplotlib"] and was["fonts"] != now["fonts"]:
        yield f"drawn with {', '.join(was['fonts'])} is stored, with {', '.join(now['fonts'])} came out"


def _laid_out_otherwise(stored: Note, fresh: Note, rules: Rules) -> Iterator[str]:
    """Compare where panels lie and how large texts are, from which follows what of a picture is compared."""
    alike = stored["drawn"] == fresh["drawn"]
    far = LAYOUT if alike and rules.figure == Rules().figure else OTHER_PLACE
    for n, (was, now) in enumerate(zip(stored["panels"], fresh["panels"], strict=True), start=1):
        if not all(_near(a, b, far) for a, b in zip(was["box"], now["box"], strict=True)):
            yield _at(f"panel {n}", f"the place {was['box']} is stored, {now['box']} came out")
        for old, new in zip([*was["texts"], *was["legend"]], [*now["texts"], *now["legend"]], strict=False):
            if not _as_large(old["box"], new["box"]):
                yield _at(f"panel {n}", f"a text or legend in {old['box']} is stored, in {new['box']} came out")


def _as_large(stored: list[float | None], fresh: list[float | None]) -> bool:
    """Tell whether two boxes have about the same width and height: fonts differ by less than a half."""
    if None in stored or None in fresh:
        return stored == fresh
    sizes = [(box[2] - box[0], box[3] - box[1]) for box in (stored, fresh)]  # type: ignore[operator]
    return all(abs(a - b) <= OTHER_SIZE + max(abs(a), abs(b)) / 2 for a, b in zip(*sizes, strict=True))


def _panels(count: int) -> str:
    return "1 panel is" if count == 1 else f"{count} panels are"


def drawn_alike(stored: Note, fresh: Note) -> bool:
    """Tell whether two figures were drawn with the same fonts and version, and laid out alike."""
    boxes = zip(*([panel["box"] for panel in note["panels"]] for note in (stored, fresh)), strict=False)
    moved = max((abs(a - b) for pair in boxes for a, b in zip(*pair, strict=True)), default=0.0)
    return bool(stored["drawn"] == fresh["drawn"]) and moved <= LAYOUT


def _compare_panel(stored: Note, fresh: Note, place: str, rules: Rules) -> list[str]:
    found = []
    for name in "xyz":
        if name in stored and name in fresh:
            found += _compare_axis(stored[name], fresh[name], _at(place, f"{name} axis"), rules)
    kinds = [[series["kind"] for series in panel["series"]] for panel in (stored, fresh)]
    if kinds[0] != kinds[1]:
        found.append(_at(place, f"the series {_named(kinds[0])} are stored, {_named(kinds[1])} came out"))
    else:
        for n, (was, now) in enumerate(zip(stored["series"], fresh["series"], strict=True), start=1):
            found += _compare_series(was, now, _at(place, f"series {n} ({was['kind']})"), rules)
    rest = {"x": None, "y": None, "z": None, "series": None}
    return [*found, *_compare({**stored, **rest}, {**fresh, **rest}, place, rules)]


def _named(kinds: list[str]) -> str:
    return "[" + ", ".join(kinds) + "]"


def _compare_axis(stored: Note, fresh: Note, place: str, rules: Rules) -> Iterator[str]:
    rest = {"limits": None, "ticks_at": None}
    yield from _compare({**stored, **rest}, {**fresh, **rest}, place, rules)
    logarithmic = stored["scale"] == fresh["scale"] == "log"
    was, now = (_on_scale(axis["limits"], logarithmic) for axis in (stored, fresh))
    slack = rules.figure * (abs(was[1] - was[0]) or 1.0)
    for name, called in {"limits": "limits", "ticks_at": "ticks at"}.items():
        was, now = (_on_scale(axis[name], logarithmic) for axis in (stored, fresh))
        if len(was) != len(now) or not all(_near(a, b, slack) for a, b in zip(was, now, strict=True)):
            yield _at(place, f"{called} {stored[name]} are stored, {fresh[name]} came out")


def _on_scale(limits: list[float], logarithmic: bool) -> list[float]:
    return [math.log10(limit) if logarithmic and limit > 0 else limit for limit in limits]


def _compare_series(stored: Note, fresh: Note, place: str, rules: Rules) -> Iterator[str]:
    """Compare the places on the axes; the numbers in the units of the data follow from them and from the limits."""
    for name in "xy":
        yield from _compare(stored[name], fresh[name], _at(place, name), rules)
    if "values" in stored and "values" in fresh:
        yield from _compare_values(stored["values"], fresh["values"], _at(place, "values"), rules)
    yield from _compare_data(stored["data"], fresh["data"], _at(place, "data"), rules)
    rest = {"x": None, "y": None, "data": None, **({"values": None} if "values" in stored else {})}
    yield from _compare({**stored, **rest}, {**fresh, **rest}, place, rules)


def _compare_values(stored: Note, fresh: Note, place: str, rules: Rules) -> Iterator[str]:
    rest = {"range": None}
    yield from _compare({**stored, **rest}, {**fresh, **rest}, place, rules)
    yield from _compare_scaled(stored.get("range", []), fresh.get("range", []), place, rules)


def _compare_data(stored: Note, fresh: Note, place: str, rules: Rules) -> Iterator[str]:
    """Compare numbers in units of the data against the largest of them: they are there to be named in a text."""
    if stored.keys() != fresh.keys():
        yield _at(place, f"{sorted(stored)} is stored, {sorted(fresh)} came out")
        return
    if "points" in stored:
        columns = [list(zip(*points, strict=True)) for points in (stored["points"], fresh["points"])]
        for name, was, now in zip("xy", *columns, strict=False):
            yield from _compare_scaled(list(was), list(now), _at(place, name), rules)
        return
    for key in (key for key in stored if key != "extremes"):
        yield from _compare_scaled(_flat(stored[key]), _flat(fresh[key]), _at(place, key), rules)
    if "extremes" in stored and rules.figure <= NEAR_EXTREME:  # points that may move more may change their order too
        yield from _compare_extremes(stored, fresh, _at(place, "extremes"))


def _compare_extremes(stored: Note, fresh: Note, place: str) -> Iterator[str]:
    """Compare where the extremes lie: anywhere within what counts as one place."""
    slack = ONE_PLACE * (abs(stored["x"][1] - stored["x"][0]) or 1.0)
    if not all(_near(was, now, slack) for was, now in zip(stored["extremes"], fresh["extremes"], strict=True)):
        yield _at(place, f"{stored['extremes']} is stored, {fresh['extremes']} came out")


def _flat(value: Any) -> list[float]:
    return [number for item in value for number in _flat(item)] if isinstance(value, list) else [value]


def _compare_scaled(stored: list[Any], fresh: list[Any], place: str, rules: Rules) -> Iterator[str]:
    scale = max((abs(value) for value in stored if value is not None), default=0.0) or 1.0
    if len(stored) != len(fresh) or any(
        not _near(a, b, rules.figure * scale) for a, b in zip(stored, fresh, strict=False)
    ):
        yield _at(place, f"{stored} is stored, {fresh} came out")


def _near(stored: Any, fresh: Any, slack: float) -> bool:
    if stored is None or fresh is None:
        return stored is fresh
    return abs(stored - fresh) <= slack


def _compare(stored: Any, fresh: Any, place: str, rules: Rules) -> Iterator[str]:
    """Compare two values of any shape: floats within the tolerance, everything else exactly."""
    if isinstance(stored, dict) and isinstance(fresh, dict):
        for key in [*stored, *(key for key in fresh if key not in stored)]:
            if key not in DRAWING:
                yield from _compare(stored.get(key), fresh.get(key), _at(place, key), rules)
    elif isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        for n, (was, now) in enumerate(zip(stored, fresh, strict=True), start=1):
            yield from _compare(was, now, _at(place, str(n)) if len(stored) > 1 else place, rules)
    elif isinstance(stored, float) and isinstance(fresh, float):
        if not _near(stored, fresh, rules.figure):
            yield _at(place, f"{stored:g} is stored, {fresh:g} came out")
    elif isinstance(stored, str) and isinstance(fresh, str):
        if difference := compare_line(stored, fresh, rules):
            yield _at(place, difference)
    elif stored != fresh:
        yield _at(place, f"{stored!r} is stored, {fresh!r} came out")


def _at(place: str, what: str) -> str:
    joint = ": " if " is stored" in what or " are stored" in what else ", "
    return f"{place}{joint}{what}" if place else what


def shows_powers(axis: Note) -> bool:
    """Tell whether the axis holds logarithms and its ticks show what they are logarithms of, as plotnine has it."""
    pairs = [(tick_value(text), at) for text, at in zip(axis["ticks"], axis["ticks_at"], strict=True)]
    known = [(value, at) for value, at in pairs if value]
    return len(known) > 1 and all(value > 0 and abs(math.log10(value) - at) < 1e-6 for value, at in known)


def tick_value(text: str) -> float | None:
    r"""Return the number that a tick shows, if it is one.

    >>> tick_value("1e-05"), tick_value("$\\mathdefault{10^{-2}}$"), tick_value("A")
    (1e-05, 0.01, None)
    """
    if power := POWER.search(text):
        return 10.0 ** int(power[1])
    found = numbers(text)
    return found[0].value if len(found) == 1 else None
