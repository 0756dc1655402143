"""Compares the outputs of a cell: those that are stored with those that came out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from site_builder.figure_record import KEY as FIGURE
from tests.validation.figures import compare_figures, drawn_alike, same_axes
from tests.validation.markup import compare_markup, count_numbers, tables
from tests.validation.pictures import compare_panels, compare_pictures, open_picture, without_panels
from tests.validation.rules import Rules
from tests.validation.text import compare_text, numbers

PICTURES = ("image/png", "image/jpeg")
MARKUP = ("text/html", "image/svg+xml")
TEXTS = ("text/plain", "text/markdown", "text/latex", "application/json", "application/javascript")
#: Plain text beside a richer form: a program reads it, a reader never sees it.
BESIDE = "text/plain"
#: In other fonts, a picture whose margins are cut may be this part larger or smaller.
OTHER_SIZE = 0.1


@dataclass
class Comparison:
    """What differs, and how much was compared."""

    differences: list[str] = field(default_factory=list)
    numbers: int = 0
    tables: int = 0
    figures: int = 0


def compare_outputs(stored: list[Any], fresh: list[Any], rules: Rules) -> Comparison:
    """Compare two lists of outputs, those of a stream taken together."""
    result = Comparison()
    was, now = (_with_whole_streams(outputs) for outputs in (stored, fresh))
    result.differences += [f"stderr came out: {text}" for text in _warnings(now, rules)]
    if "output" in rules.exempt:
        return result
    if (a := [_kind(output) for output in was]) != (b := [_kind(output) for output in now]):
        result.differences.append(f"{_listed(a)} stored, {_listed(b)} came out")
        return result
    for kind, old, new in zip(a, was, now, strict=True):
        found = list(_compare(old, new, rules, result))
        result.differences += [f"{kind}: {difference}" for difference in found]
    return result


def _with_whole_streams(outputs: list[Any]) -> list[Any]:
    """Join the pieces of a stream between two other outputs: a kernel sends them as they come.

    nbval's own function also joins across figures, and drops what stands before a carriage return; a reader sees both.
    """
    whole: list[Any] = []
    pieces: dict[str, Any] = {}
    for output in outputs:
        if output.output_type != "stream":
            pieces = {}
            whole.append(output)
        elif output.name in pieces:
            pieces[output.name].text += output.text
        else:
            pieces[output.name] = type(output)(output)
            whole.append(pieces[output.name])
    return whole


def _warnings(outputs: list[Any], rules: Rules) -> list[str]:
    allowed = "stderr" in rules.exempt
    texts = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    return [] if allowed else [text.strip().splitlines()[-1] for text in texts if text.strip()]


def _kind(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.name)
    if output.output_type == "error":
        return "error"
    return (
        "figure" if any(kind.startswith("image/") for kind in output.data) else "table" if _table(output) else "result"
    )


def _table(output: Any) -> bool:
    return "<table" in _text(output.data.get("text/html", ""))


def _listed(kinds: list[str]) -> str:
    return f"{', '.join(kinds) or 'nothing'} {'are' if len(kinds) > 1 else 'is'}"


def _compare(stored: Any, fresh: Any, rules: Rules, result: Comparison) -> Iterator[str]:
    if stored.output_type == "stream":
        result.numbers += len(numbers(stored.text))
        yield from compare_text(stored.text, fresh.text, rules)
    elif stored.output_type == "error":
        yield from compare_text(f"{stored.ename}: {stored.evalue}", f"{fresh.ename}: {fresh.evalue}", rules)
    else:
        yield from _compare_bundles(stored, fresh, rules, result)


def _compare_bundles(stored: Any, fresh: Any, rules: Rules, result: Comparison) -> Iterator[str]:
    if (a := sorted(stored.data)) != (b := sorted(fresh.data)):
        yield f"the forms {', '.join(a)} are stored, {', '.join(b)} came out"
        return
    yield from _compare_size(stored, fresh)
    for kind in stored.data:
        was, now = _text(stored.data[kind]), _text(fresh.data[kind])
        if kind in MARKUP:
            result.numbers += count_numbers(was)
            result.tables += tables(was)
            yield from compare_markup(was, now, rules)
        elif kind in TEXTS:
            result.numbers += 0 if kind == BESIDE and len(stored.data) > 1 else len(numbers(was))
            yield from compare_text(was, now, rules)
        elif kind not in PICTURES:
            yield f"the form {kind} is not understood; show text, a table or a figure"
    if _kind(stored) == "figure":
        result.figures += 1
        yield from _compare_shown(stored, fresh, rules)


def _compare_size(stored: Any, fresh: Any) -> Iterator[str]:
    """Compare what else is stored with an output, such as the size in which a picture is shown."""
    was, now = ({key: value for key, value in output.metadata.items() if key != FIGURE} for output in (stored, fresh))
    if was == now:
        return
    notes = [output.metadata.get(FIGURE) for output in (stored, fresh)]
    loose = None not in notes and not drawn_alike(*notes)  # other fonts make a figure a little larger or smaller
    if not loose or not _about(was, now):
        yield f"{json.dumps(was)} is stored with it, {json.dumps(now)} came out"


def _about(was: Any, now: Any) -> bool:
    if isinstance(was, dict) and isinstance(now, dict):
        return was.keys() == now.keys() and all(_about(was[key], now[key]) for key in was)
    if isinstance(was, int | float) and isinstance(now, int | float):
        return abs(was - now) <= OTHER_SIZE * max(abs(was), abs(now))
    return bool(was == now)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "".join(value)
    return value if isinstance(value, str) else json.dumps(value, indent=1, sort_keys=True)


def _compare_shown(stored: Any, fresh: Any, rules: Rules) -> Iterator[str]:
    """Compare what two figures show, then the pictures."""
    was, now = stored.metadata.get(FIGURE), fresh.metadata.get(FIGURE)
    if "figure" in rules.exempt:
        return
    if (was is None) != (now is None):
        yield "it is not stored what it shows; run `make notebooks`" if was is None else "it shows no plot any more"
        return
    differences = [] if was is None else compare_figures(was, now, rules)
    yield from differences
    if not differences:
        yield from _compare_pictures(stored, fresh, rules)


def _compare_pictures(stored: Any, fresh: Any, rules: Rules) -> Iterator[str]:
    was, now = (output.metadata.get(FIGURE) for output in (stored, fresh))
    try:
        pictures = [_picture(output) for output in (stored, fresh)]
    except ValueError as error:
        yield str(error)
        return
    if None in pictures:
        return  # an SVG that no plot made: compared as markup
    alike = was is None or drawn_alike(was, now)
    strict = Rules()
    if alike and (was is None or rules.figure == strict.figure):
        finding = compare_pictures(*pictures, rules.picture)  # type: ignore[arg-type]
    elif alike and not compare_figures(was, now, strict):  # type: ignore[arg-type]
        finding = compare_pictures(*pictures, strict.picture)  # type: ignore[arg-type] # it shows the very same
    else:  # lines may lie elsewhere, or letters look otherwise; what is outside of the panels is letters
        still = alike and same_axes(was, now)  # type: ignore[arg-type] # else ticks and their labels move along
        outside = [without_panels(picture, was["panels"]) for picture in pictures] if still else []  # type: ignore[arg-type]
        finding = compare_pictures(*outside, strict.picture) if outside else ""
        finding = finding or compare_panels(*pictures, was["panels"], now["panels"], rules.picture)  # type: ignore[arg-type]
    if finding:
        yield finding


def _picture(output: Any) -> Any:
    for kind in PICTURES:
        if kind in output.data:
            return open_picture(_text(output.data[kind]))
    picture = output.metadata.get(FIGURE, {}).get("picture")
    return None if picture is None else open_picture(picture)
