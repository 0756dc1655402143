"""Reads a file of predictions that somebody else made, and trusts nothing in it.

The file is a CSV table (an id and the predictions of its window in each row) or an ``.npz`` archive with the arrays
``ids`` and ``predictions``. An archive's declared sizes are compared with what the challenge needs before anything is
unpacked, and pickled objects are never loaded.
"""

from __future__ import annotations

import csv
import lzma
import math
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from course_lib._checks import Floats

LONGEST_ID = 64
_HEADER = 4096  # bytes of an array's header that are read at most
_CELL = 40  # characters of a number in a CSV file, at most
_MOST = 2  # times as many rows as there are windows are read, to name the ids that are too many
_NAMED = 3  # wrong ids that a message names

_BROKEN = (ValueError, OSError, EOFError, RuntimeError, csv.Error, lzma.LZMAError, zipfile.BadZipFile, zlib.error)
"""What Python's readers raise at a damaged file."""

Strings = NDArray[np.str_]


def read_predictions(path: str | os.PathLike[str], ids: Sequence[str], length: int) -> Floats:
    """Return the predictions ``(len(ids), length)`` of a CSV or npz file, in the order of `ids`.

    Raises
    ------
    ValueError
        When the file is missing, too large, of another form, or does not hold exactly one finite number for each base
        of each window; the message names the file, and the row or the ids.
    """
    file = Path(path)
    readers = {".csv": _from_csv, ".npz": _from_npz}
    if file.suffix not in readers:
        raise ValueError(f"{file.name}: predictions are handed in as .csv or .npz, never as a model or a pickle")
    if not file.is_file():
        raise ValueError(f"{file.name}: there is no such file")
    _size(file, len(ids), length)
    try:
        given, values = readers[file.suffix](file, len(ids), length)
        return values[_order(given, ids)]
    except _BROKEN as error:
        raise ValueError(f"{file.name}: {_one_line(error)}") from None


def _size(file: Path, windows: int, length: int) -> None:
    largest = 10_000 + windows * (LONGEST_ID + _CELL * length)
    if file.stat().st_size > largest:
        raise ValueError(f"{file.name}: has {file.stat().st_size:,} bytes; {largest:,} are enough for any predictions")


def _order(given: Sequence[str], ids: Sequence[str]) -> list[int]:
    """Return where each of `ids` stands in `given`."""
    place = {name: row for row, name in enumerate(given)}
    twice = [name for row, name in enumerate(given) if place[name] != row]
    known = set(ids)
    for problem, names in (
        ("twice or more", list(dict.fromkeys(twice))),
        ("not of this challenge", [name for name in place if name not in known]),
        ("missing", [name for name in ids if name not in place]),
    ):
        if names:
            shown = ", ".join(ascii(name[:LONGEST_ID]) for name in names[:_NAMED])
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            raise ValueError(f"{len(names)} of the ids {'is' if len(names) == 1 else 'are'} {problem}: {shown}{more}")
    return [place[name] for name in ids]


def _from_csv(file: Path, windows: int, length: int) -> tuple[list[str], Floats]:
    names: list[str] = []
    rows: list[list[float]] = []
    with file.open(newline="", encoding="utf-8-sig") as text:
        for line, cells in _csv_rows(text):
            if len(cells) != length + 1:
                raise ValueError(f"line {line} has {len(cells)} cells; it should have 1 id and {length} numbers")
            if len(rows) == _MOST * windows:
                raise ValueError(f"has more than {_MOST * windows} rows; the challenge has {windows} windows")
            names.append(cells[0])
            rows.append([_number(cell, line, column) for column, cell in enumerate(cells[1:], start=2)])
    return names, np.array(rows, np.float64).reshape(len(rows), length)


def _csv_rows(text: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row below the header with its line."""
    try:
        reader = csv.reader(text, strict=True)
        header = next(reader, [])
        if header[:1] != ["id"]:
            raise ValueError("line 1 must be a header that begins with id")
        for cells in reader:
            yield reader.line_num, cells
    except UnicodeDecodeError:
        raise ValueError("this is not text in UTF-8") from None


def _number(cell: str, line: int, column: int) -> float:
    plain = len(cell) <= _CELL and cell.isascii() and "_" not in cell  # float() also takes 1_0
    try:
        value = float(cell) if plain else math.inf
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"line {line}, cell {column}: {cell[:_CELL]!a} is not a finite number")
    return value


def _from_npz(file: Path, windows: int, length: int) -> tuple[list[str], Floats]:
    with zipfile.ZipFile(file) as archive:
        members = sorted(archive.namelist())
        if members != ["ids.npy", "predictions.npy"]:
            raise ValueError(f"must hold the arrays ids and predictions and no other, got {ascii(members)[:80]}")
        ids: Strings = _array(archive, "ids", "U", 1, _MOST * windows * 4 * LONGEST_ID)
        values: Floats = _array(archive, "predictions", "f", 2, _MOST * windows * length * 16)
    if values.shape != (len(ids), length):
        raise ValueError(f"predictions must have shape ({len(ids)}, {length}), as there are ids, got {values.shape}")
    with np.errstate(over="ignore"):  # a long double that does not fit becomes infinite, and is refused as that
        values = values.astype(np.float64)
    if not np.isfinite(values).all():
        row, base = np.argwhere(~np.isfinite(values))[0]
        raise ValueError(f"predictions[{row}, {base}], of {str(ids[row])!a}, is {values[row, base]}, not finite")
    return ids.tolist(), values


def _array(archive: zipfile.ZipFile, name: str, kind: str, ndim: int, most: int) -> NDArray[Any]:
    """Read one array of at most so many bytes, after its header says that it is what it should be."""
    with archive.open(f"{name}.npy") as stream:
        shape, _, dtype = _header(stream, name)
    if dtype.kind != kind or dtype.hasobject:
        wanted = {"U": "text", "f": "floating-point numbers"}[kind]
        raise ValueError(f"{name} must be an array of {wanted}, got dtype {str(dtype)[:40]}")
    if len(shape) != ndim:
        raise ValueError(f"{name} must have {ndim} {'axis' if ndim == 1 else 'axes'}, got shape {shape}")
    content = math.prod(shape) * dtype.itemsize
    if content > most:
        raise ValueError(f"{name} is too large: shape {shape} of {dtype}")
    if not content <= archive.getinfo(f"{name}.npy").file_size <= content + _HEADER:
        raise ValueError(f"{name} does not have the size that its header states")
    with archive.open(f"{name}.npy") as stream:
        return npy.read_array(stream, allow_pickle=False, max_header_size=_HEADER)


def _header(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    version = npy.read_magic(stream)
    if version != (1, 0):  # later versions have headers of up to 4 GiB, which NumPy reads before it looks at their size
        raise ValueError(f"{name} is of version {version} of the npy format; save it with np.savez")
    return npy.read_array_header_1_0(stream, max_header_size=_HEADER)


def _one_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
