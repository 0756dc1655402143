"""Writes what changed between two executions of the course as one page that needs no other file."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from site_builder.changes import DocumentChange, Piece, compare_sides
from site_builder.errors import UsageError
from site_builder.executed import Side, read_side
from site_builder.files import write_atomic
from site_builder.layout import TEMPLATES

TEMPLATE = "changes.html.j2"
STYLES = ("theme/css/tokens.css", "theme/css/changes.css")
#: A page that stands alone uses the fonts of the system.
FONT_FACE = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
MEDIA = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml"}


def write_comparison(root: Path, old: str, new: str, output: Path) -> str:
    """Write the page for two names that :func:`site_builder.executed.read_side` knows; return what it found."""
    if output.is_dir():
        raise UsageError(f"{output} is a folder; --output names the page to write")
    sides = read_side(root, old), read_side(root, new)
    changes = compare_sides(*sides)
    write_atomic(output, comparison_page(root, *sides, changes))
    cells = sum(len(change.cells) for change in changes)
    where, both = sum(bool(c.cells) for c in changes), sum(c.what == "changed" for c in changes)
    return f"{cells} cell{'s' * (cells != 1)} with other outputs, in {where} of {both} documents that both have"


def comparison_page(root: Path, old: Side, new: Side, changes: list[DocumentChange]) -> str:
    """Return the page."""
    styles = FONT_FACE.sub("", "".join((root / name).read_text("utf-8") for name in STYLES))
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(root / TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"picture": picture, "signed": signed, "percent": percent, "day": day}
    return environment.get_template(TEMPLATE).render(
        old=old,
        new=new,
        settings=settings(old.facts, new.facts),
        changed=[change for change in changes if change.cells],
        same=[change.name for change in changes if change.what == "changed" and not change.cells],
        added=[change.name for change in changes if change.what == "added"],
        removed=[change.name for change in changes if change.what == "removed"],
        styles=Markup(styles),
        policy=f"default-src 'none'; img-src data:; style-src '{_hash(styles)}'",
    )


def settings(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is known of the two runs, line by line: the name, then what each side has, "" for nothing."""
    a, b = _flat(old), _flat(new)
    return [(key, a.get(key, ""), b.get(key, "")) for key in {**a, **b}]


def _flat(facts: dict[str, Any]) -> dict[str, str]:
    versions = facts.get("versions", {})
    plain = {key: str(value) for key, value in facts.items() if key != "versions"}
    return {**plain, **{f"version of {name}": str(number) for name, number in versions.items()}}


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def picture(piece: Piece) -> str:
    """Return the address that holds a figure itself."""
    kind, text = piece.picture
    data = base64.b64encode(text.encode("utf-8")).decode("ascii") if kind == "svg" else "".join(text.split())
    return f"data:{MEDIA[kind]};base64,{data}"


def signed(number: float) -> str:
    """Return a difference with its sign."""
    return f"{number:+.6g}".replace("-", "−")


def percent(part: float | None) -> str:
    """Return a part in percent, small ones in full.

    Examples
    --------
    >>> percent(0.5), percent(-0.00001), percent(None)
    ('+50 %', '−0.001 %', '')
    """
    return "" if part is None else f"{100 * part:+.3g} %".replace("-", "−")


def day(text: str) -> str:
    """Return a date and time without its seconds; another text as it is."""
    try:
        return f"{dt.datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
    except ValueError:
        return text
