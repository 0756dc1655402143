"""The table of a class challenge: a CSV file and the same as Markdown, of which several graders can write at once."""

from __future__ import annotations

import csv
import io
import math
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from filelock import FileLock, Timeout

_NAME = re.compile(r"[^\W_][\w .-]{0,39}")  # begins with a letter or digit: no spreadsheet takes it for a formula
_WAIT = 60  # seconds for another grader to finish


@dataclass(frozen=True)
class Row:
    """What one team handed in last, and how often it handed in."""

    team: str
    pearson: float
    average_precision: float
    hand_ins: int = 1


def enter(path: Path, row: Row) -> list[Row]:
    """Put a team's newest result in the place of its last one, and return the table, best first.

    The last result counts and not the best: the best of many tries on the same windows flatters.
    """
    if path.suffix != ".csv":
        raise ValueError(f"leaderboard must end in .csv, got {path.name}")
    if not path.parent.is_dir():
        raise ValueError(f"leaderboard: there is no folder {str(path.parent)!r} to hold {path.name}")
    try:
        with FileLock(path.with_suffix(".lock"), timeout=_WAIT):
            rows = _entered(read(path), row)
            write_whole(path, _csv(rows))
            write_whole(path.with_suffix(".md"), markdown(rows))
    except Timeout:
        raise ValueError(f"leaderboard {path.name}: another grader has kept it for {_WAIT} s") from None
    return rows


def _entered(rows: Sequence[Row], new: Row) -> list[Row]:
    before = {row.team.casefold(): row for row in rows}
    old = before.pop(new.team.casefold(), None)
    if old is not None:
        new = Row(old.team, new.pearson, new.average_precision, old.hand_ins + 1)
    return sorted([*before.values(), new], key=lambda row: (-row.pearson, -row.average_precision, row.team.casefold()))


def read(path: Path) -> list[Row]:
    """Return the rows of a leaderboard; none when there is no such file yet."""
    if not path.exists():
        return []
    header = [field.name for field in fields(Row)]
    with path.open(newline="", encoding="utf-8") as text:
        table = list(csv.reader(text))
    if table[:1] != [header]:
        raise ValueError(f"leaderboard {path.name}: line 1 must be {','.join(header)}")
    return [_row(cells, f"leaderboard {path.name}: line {line}") for line, cells in enumerate(table[1:], start=2)]


def _row(cells: Sequence[str], where: str) -> Row:
    try:
        team, pearson, precision, count = cells
        row = Row(team_name(team), float(pearson), float(precision), int(count))
    except ValueError:
        raise ValueError(f"{where} is not a team, two numbers and a count") from None
    if not (math.isfinite(row.pearson) and math.isfinite(row.average_precision)):
        raise ValueError(f"{where} holds a number that is not finite")
    return row


def team_name(text: str) -> str:
    """Return a team's name in one form of Unicode, or refuse it."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"name must begin with a letter or digit and have at most 40 of letters, digits, spaces, '.', '-' and '_', "
            f"got {text[:50]!a}"
        )
    return name


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(Row)])
    writer.writerows(astuple(row) for row in rows)
    return text.getvalue()


def markdown(rows: Sequence[Row]) -> str:
    """Return the table for a web page."""
    lines = ["| Rank | Team | Pearson | Average precision | Handed in |", "|---:|:---|---:|---:|---:|"]
    for rank, row in enumerate(rows, start=1):
        lines.append(f"| {rank} | {row.team} | {row.pearson:.4f} | {row.average_precision:.4f} | {row.hand_ins} |")
    return "\n".join(lines) + "\n"


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o666) -> None:
    """Replace a file in one step: whoever reads it sees the old one or the new one."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
