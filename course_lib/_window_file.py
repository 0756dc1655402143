"""Windows of a genome on disk: FASTA in, batch by batch, and an ``.npz`` file out, without holding the genome.

Its members: ``letters (n, length)``, ``signal (n, length)``, ``chromosome (n,)`` as numbers of ``names``, ``start
(n,)``, and ``counts``, ``motif`` and ``threshold`` of the motif. `course_lib.binding` is the way in.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from course_lib import dna
from course_lib.motifs import Motif

_BATCH = 1 << 18  # bases scored at a time
_COLUMNS = {"letters": np.uint8, "signal": np.float32, "chromosome": np.int32, "start": np.int64}
_DATA = {**_COLUMNS, "names": np.str_, "counts": np.float64, "motif": np.str_, "threshold": np.float64}
_MEANING = bytearray(256)  # what each byte of a FASTA file stands for; 0: nothing
for _from, _to in (("ACGTN", "ACGTN"), ("RYSWKMBDHV", "N" * 10)):
    for _letter, _base in zip(_from + _from.lower(), 2 * _to, strict=True):
        _MEANING[ord(_letter)] = ord(_base)


class Columns(NamedTuple):
    """Windows as columns of a table."""

    letters: NDArray[np.uint8]
    signal: NDArray[np.float32]
    chromosome: NDArray[np.str_]
    start: NDArray[np.int64]


def batches(file: Path, length: int, progress: bool) -> Iterator[tuple[str, int, NDArray[np.uint8]]]:
    """Yield (chromosome, start, letters) of pieces that are whole windows, but for the end of a chromosome."""
    size = max(1, _BATCH // length) * length
    with tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=not progress) as bar:
        for name, lines in itertools.groupby(dna.fasta_lines(file), key=lambda line: line[0]):
            start, waiting = 0, bytearray()
            for _, where, text in lines:
                waiting += _bases(text, where)
                while len(waiting) >= size:
                    yield name, start, np.frombuffer(bytes(waiting[:size]), np.uint8)
                    del waiting[:size]
                    start += size
                    bar.update(size)
            yield name, start, np.frombuffer(bytes(waiting), np.uint8)
            bar.update(len(waiting))
        bar.total = bar.n  # a file has line ends too, or is compressed


def write(output: Path, parts: Iterable[Columns], length: int, motif: Motif, threshold: float) -> int:
    """Write the windows, first beside `output`; return their number."""
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
        raw = {name: Path(folder) / name for name in _COLUMNS}
        n, names = _spool(parts, raw)
        if not n:
            raise ValueError(f"no window of {length} bases is in the file; keep_n keeps those that hold N")
        complete = Path(folder) / "complete.npz"
        with zipfile.ZipFile(complete, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, kind in _COLUMNS.items():
                shape = (n, length) if name in ("letters", "signal") else (n,)
                _pack(archive, name, raw[name], shape, np.dtype(kind))
                raw[name].unlink()
            label = np.array([motif.name, motif.identifier])
            for name, value in {"names": np.array(names), "counts": motif.counts, "motif": label}.items():
                _put(archive, name, value)
            _put(archive, "threshold", np.array(threshold))
        os.replace(complete, output)
    return n


def read(file: Path) -> tuple[Columns, Motif, float]:
    """Return what `write` wrote."""
    with file.open("rb") as stream:
        if not zipfile.is_zipfile(stream):
            raise ValueError(f"path: {file.name} is no .npz file of windows")
        stream.seek(0)
        try:
            with np.load(stream, allow_pickle=False) as archive:
                held = {name: np.asarray(archive[name]) for name in _DATA if name in archive.files}
        except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"path: {file.name} is damaged ({error})") from error
    _check(file, held)
    columns = Columns(held["letters"], held["signal"], held["names"][held["chromosome"]], held["start"])
    return columns, Motif(held["counts"], *held["motif"].tolist()), float(held["threshold"])


def _bases(text: str, where: str) -> bytes:
    bases = text.encode("ascii", "replace").translate(_MEANING)
    if (wrong := bases.find(0)) >= 0:
        raise ValueError(f"{where}: {text[wrong]!r} is no letter of DNA")
    return bases


def _spool(parts: Iterable[Columns], raw: dict[str, Path]) -> tuple[int, list[str]]:
    """Write each column to a file of its own; return the number of windows and the chromosomes."""
    n, numbers = 0, dict[str, int]()
    with ExitStack() as stack:
        files = {name: stack.enter_context(path.open("wb")) for name, path in raw.items()}
        for part in parts:
            if not len(part.start):
                continue
            number = numbers.setdefault(str(part.chromosome[0]), len(numbers))
            whole: dict[str, Any] = {**part._asdict(), "chromosome": np.full(len(part.start), number)}
            for name, kind in _COLUMNS.items():
                files[name].write(np.ascontiguousarray(whole[name], kind).data)
            n += len(part.start)
    return n, list(numbers)


def _pack(archive: zipfile.ZipFile, name: str, raw: Path, shape: tuple[int, ...], kind: np.dtype[Any]) -> None:
    """Copy the numbers of a raw file into the archive, as ``numpy.savez`` would write them."""
    head = {"descr": np.lib.format.dtype_to_descr(kind), "fortran_order": False, "shape": shape}
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member, raw.open("rb") as numbers:
        np.lib.format.write_array_header_1_0(member, head)
        shutil.copyfileobj(numbers, member, 1 << 20)


def _put(archive: zipfile.ZipFile, name: str, value: NDArray[Any]) -> None:
    with archive.open(f"{name}.npy", "w") as member:
        np.lib.format.write_array(member, value, allow_pickle=False)


def _check(file: Path, held: dict[str, NDArray[Any]]) -> None:
    if missing := [name for name in _DATA if name not in held]:
        raise ValueError(f"path: {file.name} holds no windows: {missing[0]} is missing")
    for name, kind in _DATA.items():
        if not np.issubdtype(held[name].dtype, kind):
            raise ValueError(f"path: {file.name}: {name} must be {np.dtype(kind).name}, got {held[name].dtype}")
    shape, numbers = held["letters"].shape, held["chromosome"]
    shapes = {"letters": shape, "signal": shape, "chromosome": shape[:1], "start": shape[:1], "motif": (2,)}
    wrong = [name for name, expected in shapes.items() if held[name].shape != expected]
    if wrong or len(shape) != 2 or held["threshold"].ndim or held["names"].ndim != 1:
        raise ValueError(f"path: {file.name}: {(wrong or ['letters'])[0]} has the wrong shape")
    if not ((numbers >= 0) & (numbers < len(held["names"]))).all():
        raise ValueError(f"path: {file.name}: chromosome must be numbers of names")
