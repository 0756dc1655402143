"""The text formats of motif databases, JASPAR and MEME: lines to numbers and back.

`course_lib.motifs` has the functions to call.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from course_lib._checks import Floats

Lines = Iterator[tuple[int, str]]


def jaspar_entries(file: Path) -> Iterator[tuple[Floats, str, str]]:
    """Yield (counts, name, identifier) of each motif."""
    number, lines = 0, _lines(file)
    for number, line in lines:
        if not line.startswith(">"):
            raise _error(file, number, f"expected '>identifier name', got {line[:30]!r}")
        identifier, _, name = line[1:].partition("\t" if "\t" in line else " ")
        rows = dict(_jaspar_row(file, lines, base) for base in "ACGT")
        if len(rows) < 4 or len({len(row) for row in rows.values()}) > 1:
            sizes = ", ".join(f"{base} {len(row)}" for base, row in rows.items())
            raise _error(file, number, f"the motif needs rows A, C, G, T of one length, got {sizes}")
        yield _checked(file, number, np.array([rows[base] for base in "ACGT"]).T), name.strip(), identifier.strip()
    if number == 0:
        raise ValueError(f"path: {file.name} holds no motif")


def meme_entries(file: Path) -> Iterator[tuple[Floats, float | None, str, str]]:
    """Yield (probabilities, number of sites or None, name, identifier) of each motif."""
    lines, words = _lines(file), list[str]()
    number, first = next(lines, (1, ""))
    if first.split()[:1] != ["MEME"]:
        raise _error(file, number, f"expected 'MEME version 4', got {first[:30]!r}")
    found = False
    for number, line in lines:
        if line.startswith("ALPHABET=") and line.split("=", 1)[1].strip() not in ("ACGT", "DNA"):
            raise _error(file, number, f"expected the alphabet ACGT, got {line[9:].strip()[:30]!r}")
        if line.startswith("MOTIF"):
            words = line.split(maxsplit=2)[1:]
            if not words:
                raise _error(file, number, "the motif has no name")
        if line.startswith("letter-probability matrix"):
            if not words:
                raise _error(file, number, "expected a line MOTIF before the matrix")
            found = True
            rows, sites = _meme_matrix(file, lines, number, line)
            yield rows, sites, words[-1], words[0] if len(words) > 1 else ""
            words = []
    if words or not found:
        raise _error(file, number, "expected a letter-probability matrix, got the end of the file")


def jaspar(counts: Floats, name: str, identifier: str) -> str:
    """Return a motif as text."""
    cells = [[np.format_float_positional(count, trim="-") for count in row] for row in counts]
    widths = [max(map(len, row)) for row in cells]
    rows = [
        f"{base} [ {' '.join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))} ]\n"
        for base, row in zip("ACGT", zip(*cells, strict=True), strict=True)
    ]
    return f">{identifier}\t{name}\n" + "".join(rows)


def meme_head(background: Floats) -> str:
    """Return the lines that stand before the first motif."""
    shares = " ".join(f"{base} {share:.6f}" for base, share in zip("ACGT", background, strict=True))
    return f"MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n{shares}\n"


def meme(probabilities: Floats, sites: float, name: str, identifier: str) -> str:
    """Return a motif as text."""
    words = f"{identifier} {name}".split(maxsplit=1) if identifier else [name]
    if not words[0] or (not identifier and " " in name):
        raise ValueError(f"motifs must have an identifier, or a name of one word, for MEME format; got {name!r}")
    rows = "".join("".join(f" {share:.6f}" for share in row) + "\n" for row in probabilities)
    head = f"letter-probability matrix: alength= 4 w= {len(probabilities)} nsites= {sites:.10g} E= 0\n"
    return f"\nMOTIF {' '.join(words)}\n{head}{rows}"


def _lines(file: Path) -> Lines:
    """Yield the lines that hold something, with their numbers from 1."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(map(str.strip, lines), start=1):
            if line:
                yield number, line


def _jaspar_row(file: Path, lines: Lines, base: str) -> tuple[str, list[float]]:
    number, line = next(lines, (None, ""))
    if number is None:
        raise ValueError(f"path: {file.name}, end of file: expected the counts of {base}")
    if line[0].upper() in "ACGT":
        base, line = line[0].upper(), line[1:]
    return base, _numbers(file, number, line.replace("[", " ").replace("]", " ").split())


def _meme_matrix(file: Path, lines: Lines, number: int, line: str) -> tuple[Floats, float | None]:
    fields = line.partition(":")[2].replace("=", " ").split()
    stated = dict(zip(fields[::2], fields[1::2], strict=False))
    if not stated.get("w", "").isdigit():
        raise _error(file, number, "expected the width as 'w= 19'")
    sites = _numbers(file, number, [stated["nsites"]])[0] if "nsites" in stated else None
    rows, row = list[list[float]](), number
    for _ in range(int(stated["w"])):
        row, text = next(lines, (row, ""))
        rows.append(_numbers(file, row, text.split()))
        if len(rows[-1]) != 4:
            raise _error(file, row, f"expected row {len(rows)} of {stated['w']} with 4 numbers, got {text[:40]!r}")
    matrix = _checked(file, number, np.array(rows).reshape(-1, 4))
    if (abs(matrix.sum(1) - 1) > 0.01).any():
        raise _error(file, number, "the rows of the matrix must sum to 1")
    return matrix, sites or None


def _numbers(file: Path, number: int, words: list[str]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError as error:
        raise _error(file, number, f"expected numbers, got {' '.join(words)[:40]!r}") from error


def _checked(file: Path, number: int, matrix: Floats) -> Floats:
    """Refuse here what a motif would refuse later, so that the message names the line."""
    if matrix.size == 0 or not np.isfinite(matrix).all() or (matrix < 0).any() or (matrix.sum(1) == 0).any():
        raise _error(file, number, "the motif needs numbers of 0 or more, and a sum above 0 at each place")
    return matrix


def _error(file: Path, number: int, message: str) -> ValueError:
    return ValueError(f"path: {file.name}, line {number}: {message}")
