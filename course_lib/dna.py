"""DNA as numbers: one-hot encoding, its inverse, the reverse strand, k-mers and FASTA files.

A sequence of ``length`` letters becomes a ``(length, 4)`` array with columns A, C, G, T, and ``n`` sequences
of one length become ``(n, length, 4)``. The order of the columns is a choice; keep it everywhere. ``N``
(unknown) is a row of zeros, lower case counts as upper case, and any other letter is an error. PyTorch
convolutions want ``(n, 4, length)``: swap the last two axes.

Lessons: ``slides/02-dna-and-convolution.qmd`` and ``notebooks/02-cnn-for-dna-scoring.ipynb``.
"""

from __future__ import annotations

import gzip
import itertools
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from course_lib import _checks as check

__all__ = ["decode", "kmers", "one_hot", "read_fasta", "reverse_complement"]

Text = str | bytes | bytearray
Codes = NDArray[np.uint8]
Block = str | bytes | bytearray | NDArray[Any]
AnySequence = TypeVar("AnySequence", str, bytes, list[str], list[bytes], NDArray[Any])

_BLOCK = 1 << 17  # bases encoded at a time: their indices stay in the processor's cache
_LONG = 1 << 20  # from here on, two bases at a time pay for their table of 65,536 rows
_LONGEST_LINE = 1 << 20  # letters: a chromosome in one line is read in parts
_LONGEST_K = 12  # 4**12 is 17 million strings
_PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A", "U": "A", "N": "N"}


def one_hot(
    sequence_or_sequences: Text | Sequence[Text] | NDArray[Any],
    *,
    alphabet: str = "ACGT",
    dtype: DTypeLike = np.float32,
    pad: bool = False,
    out: str | os.PathLike[str] | NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Encode a sequence, or sequences of one length, with a 1 in the column of each letter.

    Parameters
    ----------
    sequence_or_sequences : str, bytes, list of them, or ndarray
        One sequence, or several. A NumPy array of single letters (``U1``, ``S1``, or ``uint8`` ASCII codes)
        with one axis is one sequence, with two axes ``(n, length)``; an array of longer strings is a list of
        sequences.
    alphabet : str
        The letters in the order of the columns; ``"ACGU"`` for RNA. It cannot hold N.
    dtype : dtype
        Number type of the result, ``float32`` by default; ``uint8`` takes a quarter of the memory.
    pad : bool
        Let sequences differ in length, and fill the shorter ones at their end with rows of zeros.
    out : path or ndarray, optional
        Where to write. A path becomes a ``.npy`` file, and the result is a memory map of it, so that a genome
        need not fit into memory; the file appears when it is complete. An array needs the shape and the
        `dtype` of the result, in C order.

    Returns
    -------
    ndarray, shape (length, 4) or (n, length, 4)
        One-hot rows; N and n give a row of zeros. With another alphabet, the last axis has its length. With
        `out`, that array.

    Raises
    ------
    ValueError
        For a letter that is neither in the alphabet nor N (the message names it and its position, counting
        from 0), unequal lengths without `pad`, an empty sequence, an alphabet with repeats, or an `out` that
        does not fit.
    TypeError
        For anything that is not text, or a dtype that does not hold numbers.

    Notes
    -----
    Source: GENE 46100, Unit 0, whose columns A, T, G, C become A, C, G, T. Lesson: notebook 02.

    Examples
    --------
    >>> one_hot("GaN", dtype=np.uint8).tolist()
    [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    >>> one_hot(["ACG", "TTT"]).shape
    (2, 3, 4)
    >>> one_hot(["ACG", "T"], pad=True)[1].tolist()
    [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]
    """
    letters, kind = _alphabet(alphabet), _number_type(dtype)
    blocks, text_shape = _blocks(sequence_or_sequences, pad)
    shape = (*text_shape, len(letters))
    if isinstance(out, str | os.PathLike):
        return _encode_to_file(blocks, letters, Path(out), kind, shape)
    encoded = np.empty(shape, kind) if out is None else _fitting(out, kind, shape)
    _encode(blocks, letters, encoded)
    return encoded


def decode(one_hot: Any, *, alphabet: str = "ACGT") -> str | list[str]:
    """Return the letters of a one-hot array; a row of zeros is N.

    Parameters
    ----------
    one_hot : array_like, shape (length, 4) or (n, length, 4)
        Rows with one 1 and zeros, or all zeros.
    alphabet : str
        The letters in the order of the columns.

    Returns
    -------
    str or list of str
        One upper-case sequence, or one for each of the ``n``.

    Raises
    ------
    ValueError
        When a row holds anything else (the message names its position), or the shape is wrong.

    Notes
    -----
    Lesson: notebook 02.

    Examples
    --------
    >>> decode([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 0]])
    'GAN'
    """
    letters = _alphabet(alphabet)
    array = _one_hot_array("one_hot", one_hot, len(letters))
    hot = array == 1
    good = (hot | (array == 0)).all(-1) & (hot.sum(-1) <= 1)
    if not good.all():
        where = tuple(np.argwhere(~good)[0])
        place = f"position {where[-1]}" + (f" of sequence {where[0]}" if len(where) > 1 else "")
        raise ValueError(f"one_hot must hold one 1 or only zeros in each row, got {array[where]} at {place}")
    column = np.where(hot.any(-1), hot.argmax(-1), len(letters))
    codes = np.frombuffer(f"{letters}N".encode(), np.uint8)[column]
    return _text(codes) if codes.ndim == 1 else [_text(row) for row in codes]


def reverse_complement(seq_or_one_hot: AnySequence, *, alphabet: str = "ACGT") -> AnySequence:
    """Return the other strand, read in its own direction.

    Parameters
    ----------
    seq_or_one_hot : str, bytes, list of them, or ndarray
        Letters, whose case is kept: text, a ``U1`` or ``S1`` array of shape (..., length), or ASCII codes as a
        ``uint8`` array with one axis. Or one-hot rows of shape (..., length, 4), which may hold any numbers:
        weight matrices too.
    alphabet : str
        The letters in the order of the columns; ``"ACGU"`` for RNA.

    Returns
    -------
    the type that came in
        For one-hot arrays in an order that pairs the first column with the last, such as A, C, G, T, a view of
        the input and no copy. PyTorch needs ``.copy()`` of it.

    Raises
    ------
    ValueError
        For a letter that is neither in the alphabet nor N (the message names it and its position, counting
        from 0), or an array with another number of columns.

    Notes
    -----
    Source: MIT 6.047 (2020), lecture 12. Lesson: deck 02.

    Examples
    --------
    >>> reverse_complement("ACCtN")
    'NaGGT'
    """
    letters = _alphabet(alphabet)
    complement = _complement(letters)
    return cast(AnySequence, _turned(seq_or_one_hot, letters, complement))


def kmers(k: int, *, alphabet: str = "ACGT") -> list[str]:
    """Return every sequence of `k` letters, in the order of the alphabet.

    Parameters
    ----------
    k : int
        Length, from 1 to 12.
    alphabet : str
        The letters.

    Returns
    -------
    list of str
        ``4**k`` sequences; number ``i`` is ``i`` written in base 4 with the letters as digits.

    Raises
    ------
    ValueError, TypeError
        When `k` is not a whole number from 1 to 12.

    Notes
    -----
    Lesson: notebook 02, which scores all 65,536 8-mers.

    Examples
    --------
    >>> kmers(2)[:5]
    ['AA', 'AC', 'AG', 'AT', 'CA']
    """
    letters = _alphabet(alphabet)
    if check.integer("k", k, 1) > _LONGEST_K:
        raise ValueError(f"k must be at most {_LONGEST_K}, got {k}: that is {len(letters)}**{k} k-mers")
    return ["".join(word) for word in itertools.product(letters, repeat=k)]


def read_fasta(path: str | os.PathLike[str]) -> Iterator[tuple[str, str]]:
    r"""Read a FASTA file record by record, plain or compressed with gzip.

    Parameters
    ----------
    path : str or path
        The file.

    Yields
    ------
    name : str
        The first word after ``>``.
    sequence : str
        The lines of the record put together, case kept.

    Raises
    ------
    ValueError
        For an empty file, text before the first ``>``, a header without a name, a name seen before, a record
        without sequence, a sequence line with anything but letters, ``*`` and ``-``, or damaged compression;
        the message names file and line. Errors inside the file come when the reading reaches them.
    FileNotFoundError
        When there is no such file.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "two.fa"
    ...     _ = path.write_text(">chr1 test\nACG\nTT\n>chr2\nGG\n")
    ...     dict(read_fasta(path))
    {'chr1': 'ACGTT', 'chr2': 'GG'}
    """
    file = Path(path)
    if file.stat().st_size == 0:
        raise ValueError(f"path: {file.name} is empty")
    return _records(file)


def _encode(blocks: Iterable[Block], letters: str, out: NDArray[Any]) -> None:
    """Fill `out` block by block. A table holds the rows of every byte; for long texts, of every two bytes."""
    rows = out.reshape(-1, len(letters))
    tables = {step: _table(letters, out.dtype, step) for step in ((1, 2) if len(rows) >= _LONG else (1,))}
    start = 0
    for block in blocks:
        stop = start + len(block)
        step = 2 if 2 in tables and len(block) % 2 == 0 else 1
        table, known = tables[step]
        index = _codes(block).view(f"u{step}").astype(np.intp)
        if not known.take(index).all():
            raise _unknown_letter(block, start, letters, tables[1][1], out.shape[1] if out.ndim == 3 else None)
        table.take(index, axis=0, out=rows[start:stop].reshape(len(index), -1), mode="clip")
        start = stop


def _table(letters: str, kind: np.dtype[Any], step: int) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return the rows for every value of `step` bytes side by side, and which values are known."""
    spelled = letters + letters.lower() + "Nn"
    rows = np.concatenate([np.eye(len(letters)), np.eye(len(letters)), np.zeros((2, len(letters)))])
    words = np.array(list(itertools.product(range(len(spelled)), repeat=step)))
    values = np.frombuffer(spelled.encode(), np.uint8)[words].view(f"u{step}")[:, 0]
    table = np.zeros((256**step, step * len(letters)), kind)
    table[values] = rows[words].reshape(len(words), -1)
    known = np.zeros(256**step, bool)
    known[values] = True
    return table, known


def _encode_to_file(
    blocks: Iterable[Block], letters: str, file: Path, kind: np.dtype[Any], shape: tuple[int, ...]
) -> NDArray[Any]:
    """Write beside `file` first, so that an error leaves nothing half written."""
    part = file.with_name(f"{file.name}.part")
    try:
        encoded = np.lib.format.open_memmap(part, "w+", kind, shape)
        _encode(blocks, letters, np.asarray(encoded))
        encoded.flush()
        del encoded
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return np.lib.format.open_memmap(file, "r+")


def _fitting(out: Any, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be a path or an array, got {type(out).__name__}")
    if out.shape != shape or out.dtype != kind:
        raise ValueError(f"out must be {kind} with shape {shape}, got {out.dtype} with shape {out.shape}")
    if not (out.flags.c_contiguous and out.flags.writeable):
        raise ValueError("out must be writable and in C order (contiguous)")
    return out


def _codes(block: Block) -> Codes:
    # A character outside Latin-1 becomes "?", one for one, and is refused like any other letter.
    if isinstance(block, str):
        return np.frombuffer(block.encode("latin-1", "replace"), np.uint8)
    if not isinstance(block, np.ndarray):
        return np.frombuffer(block, np.uint8)
    if block.dtype.kind == "U":
        wide = np.ascontiguousarray(block).view(np.uint32)
        return np.where(wide < 256, wide, ord("?")).astype(np.uint8)
    return np.ascontiguousarray(block).view(np.uint8)


def letters_of(name: str, value: Any) -> Block:
    """Return one sequence, in any form that `one_hot` takes, so that it can be sliced. For other modules."""
    if isinstance(value, np.ndarray):
        value = _from_array(value)
    if not isinstance(value, Text | np.ndarray) or (isinstance(value, np.ndarray) and value.ndim != 1):
        raise TypeError(f"{name} must be one sequence of letters, got {type(value).__name__}")
    return value


def letter_codes(text: Block, start: int, stop: int) -> Codes:
    """Return the ASCII codes of a part of a sequence that may hold A, C, G, T and N. For other modules."""
    codes = _codes(text[start:stop])
    upper = codes & 0xDF
    plain = upper == ord("A")
    for letter in b"CGT":
        plain |= upper == letter
    if not plain.all():
        strange = np.flatnonzero(~plain & (upper != ord("N")))
        if len(strange):
            raise _letter_error(_letter(text, start + int(strange[0])), start + int(strange[0]), "ACGT", None)
    return codes


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("latin-1")


def _unknown_letter(block: Block, start: int, letters: str, known: NDArray[np.bool_], length: int | None) -> ValueError:
    place = int(known.take(_codes(block)).argmin())
    sequence, position = (None, start + place) if length is None else divmod(start + place, length)
    return _letter_error(_letter(block, place), position, letters, sequence)


def _letter(block: Block, place: int) -> str:
    seen = block[place]
    if isinstance(seen, bytes):  # NumPy drops a zero byte at the end
        return seen.decode("latin-1") or "\0"
    return (str(seen) or "\0") if isinstance(seen, str) else chr(seen)


def _letter_error(seen: str, position: int, letters: str, sequence: int | None) -> ValueError:
    which = "the sequence" if sequence is None else f"sequence {sequence}"
    return ValueError(
        f"{which} has {seen!r} at position {position} (counting from 0); expected one of {letters} or N, in either case"
    )


def _blocks(value: Any, pad: bool) -> tuple[Iterator[Block], tuple[int, ...]]:
    """Return the letters in blocks, and the shape that they have: ``(length,)`` or ``(n, length)``."""
    if isinstance(value, np.ndarray):
        value = _from_array(value)
    if isinstance(value, Text | np.ndarray):
        shape = value.shape if isinstance(value, np.ndarray) else (len(value),)
        if 0 in shape:
            raise ValueError(f"sequence_or_sequences is empty: shape {shape}")
        return _cut(value.reshape(-1) if isinstance(value, np.ndarray) else value), shape
    sequences = _text_list(value)
    length = max(map(len, sequences)) if pad else _common_length(sequences)
    if min(map(len, sequences)) == 0:
        raise ValueError(f"sequence_or_sequences holds empty sequences: number {_first_empty(sequences)}")
    return _groups(sequences, length), (len(sequences), length)


def _cut(text: Block) -> Iterator[Block]:
    return (text[start : start + _BLOCK] for start in range(0, len(text), _BLOCK))


def _groups(sequences: list[Text], length: int) -> Iterator[Block]:
    """Join short sequences, each filled up with N to `length`, and cut long ones."""
    size = max(1, _BLOCK // length // 2 * 2)
    for start in range(0, len(sequences), size):
        group: Any = sequences[start : start + size]
        if isinstance(group[0], str):
            yield from _cut("".join(text.ljust(length, "N") for text in group))
        else:
            yield from _cut(b"".join(text.ljust(length, b"N") for text in group))


def _from_array(array: NDArray[Any]) -> NDArray[Any] | list[Text]:
    """Return an array of single letters as it is, or a list of texts."""
    array = array.astype(array.dtype.newbyteorder("="), copy=False)
    if _single_letters(array) and array.ndim in (1, 2):
        return array
    if array.dtype.kind in "SUO" and array.ndim == 1:
        return cast(list[Text], array.tolist())
    raise TypeError(f"sequence_or_sequences must hold text, got an array of {array.dtype} with shape {array.shape}")


def _text_list(value: Any) -> list[Text]:
    if not isinstance(value, Sequence):
        raise TypeError(f"sequence_or_sequences must be text or a list of texts, got {type(value).__name__}")
    sequences = list(value)
    if not sequences:
        raise ValueError("sequence_or_sequences is empty")
    if not any(all(isinstance(sequence, kind) for sequence in sequences) for kind in (str, bytes | bytearray)):
        names = ", ".join(sorted({type(sequence).__name__ for sequence in sequences}))
        raise TypeError(f"sequence_or_sequences must hold only str or only bytes, got {names}")
    return sequences


def _common_length(sequences: list[Text]) -> int:
    length = len(sequences[0])
    for i, sequence in enumerate(sequences):
        if len(sequence) != length:
            raise ValueError(
                f"sequences must have one length: sequence 0 has {length} letters, sequence {i} has "
                f"{len(sequence)}; pad=True fills the shorter ones with zeros"
            )
    return length


def _first_empty(sequences: list[Text]) -> int:
    return next(i for i, sequence in enumerate(sequences) if not sequence)


def _alphabet(alphabet: str) -> str:
    if not isinstance(alphabet, str):
        raise TypeError(f"alphabet must be a string, got {type(alphabet).__name__}")
    letters = alphabet.upper()
    if not letters or not letters.isascii() or not letters.isalpha():
        raise ValueError(f"alphabet must hold letters from A to Z, got {alphabet!r}")
    if len(set(letters)) < len(letters) or "N" in letters:
        raise ValueError(f"alphabet must hold each letter once, and not N, got {alphabet!r}")
    return letters


def _number_type(dtype: DTypeLike) -> np.dtype[Any]:
    kind = np.dtype(dtype)
    if kind.kind not in "biuf":
        raise TypeError(f"dtype must be boolean, integer or floating, got {kind}")
    return kind


def _one_hot_array(name: str, value: Any, width: int) -> NDArray[Any]:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold numbers, got {array.dtype}")
    if array.ndim not in (2, 3) or array.shape[-1] != width or array.size == 0:
        raise ValueError(
            f"{name} must have shape (length, {width}) or (n, length, {width}), not empty, got {array.shape}"
        )
    return array


def _complement(letters: str) -> str:
    pairs = _PAIRS | ({"A": "U"} if "U" in letters else {})
    if any(pairs.get(letter, "?") not in letters for letter in letters):
        raise ValueError(f"alphabet must hold every letter with its complement, got {letters!r}")
    return "".join(pairs[letter] for letter in letters)


def _turned(value: Any, letters: str, complement: str) -> Any:
    if isinstance(value, list | tuple):
        return [_other_strand(text, letters, complement, i) for i, text in enumerate(value)]
    if isinstance(value, Text):
        return _other_strand(value, letters, complement, None)
    if isinstance(value, np.ndarray) and _holds_letters(value):
        return _other_strands(value.astype(value.dtype.newbyteorder("="), copy=False), letters, complement)
    array = _one_hot_array("seq_or_one_hot", value, len(letters))
    if complement == letters[::-1]:
        return array[..., ::-1, ::-1]
    return array[..., ::-1, [letters.index(partner) for partner in complement]]


def _holds_letters(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "SU" or (array.dtype == np.uint8 and array.ndim == 1)


def _single_letters(array: NDArray[Any]) -> bool:
    return array.dtype in (np.dtype("U1"), np.dtype("S1"), np.dtype(np.uint8))


def _other_strands(array: NDArray[Any], letters: str, complement: str) -> NDArray[Any]:
    """Turn an array of letters; its last axis is the sequence."""
    if array.size == 0 or array.ndim == 0 or not _single_letters(array):
        raise ValueError(
            f"seq_or_one_hot must hold single letters, not empty, got {array.dtype} with shape {array.shape}"
        )
    length = array.shape[-1] if array.ndim > 1 else None
    turned = _partners(array.reshape(-1), letters, complement, None, length).reshape(array.shape)[..., ::-1]
    return np.ascontiguousarray(turned.astype(np.uint32) if array.dtype.kind == "U" else turned).view(array.dtype)


def _other_strand(text: Any, letters: str, complement: str, sequence: int | None) -> Text:
    if not isinstance(text, Text):
        raise TypeError(f"seq_or_one_hot must be text, texts or an array, got {type(text).__name__}")
    turned = _partners(text, letters, complement, sequence, None)[::-1].tobytes()
    return turned.decode("ascii") if isinstance(text, str) else turned


def _partners(text: Block, letters: str, complement: str, sequence: int | None, length: int | None) -> Codes:
    """Return the codes of the complementary letters, in the order of `text`."""
    table = np.zeros(256, np.uint8)
    for letter, partner in zip(letters + "N", complement + "N", strict=True):
        table[[ord(letter), ord(letter.lower())]] = ord(partner), ord(partner.lower())
    turned = table.take(_codes(text))
    if not turned.all():
        place = int(turned.argmin())
        if length is not None:
            sequence = place // length
        raise _letter_error(_letter(text, place), place % (length or len(text)), letters, sequence)
    return turned


def _records(file: Path) -> Iterator[tuple[str, str]]:
    for name, lines in itertools.groupby(fasta_lines(file), key=lambda line: line[0]):
        yield name, "".join(letters for _, _, letters in lines)


def fasta_lines(file: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (record, place in the file, letters) line by line, very long lines in parts. For other modules.

    A header yields no letters.
    """
    name, empty, seen = "", False, set[str]()
    for number, line, header in _lines(file):
        where = f"path: {file.name}, line {number}"
        if header:
            _not_empty(name, empty, where)
            name, empty = _name(line, seen, where), True
            yield name, where, ""
        elif line and not name:
            raise ValueError(f"{where}: expected a header that starts with '>', got {line[:20]!r}")
        elif line:
            empty = False
            yield name, where, _sequence_line(line, where)
    if not name:
        raise ValueError(f"path: {file.name} holds no record")
    _not_empty(name, empty, f"path: {file.name}, end of file")


def _lines(file: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield the lines, counted from 1 and without white space at their ends, and whether they are headers."""
    number, starts = 0, True
    try:
        with _open(file) as lines:
            while part := lines.readline(_LONGEST_LINE):
                number += starts
                cut = len(part) == _LONGEST_LINE and not part.endswith("\n")
                header = starts and part.lstrip().startswith(">")
                if cut and header:
                    part, cut = part + lines.readline(), False
                part = part if cut else part.rstrip()
                yield number, part.lstrip() if starts else part, header
                starts = not cut
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"path: {file.name}, after line {number}: damaged gzip compression ({error})") from error


def _open(file: Path) -> IO[str]:
    with file.open("rb") as start:
        compressed = start.read(2) == b"\x1f\x8b"
    if compressed:
        return gzip.open(file, "rt", encoding="utf-8", errors="replace")
    return file.open(encoding="utf-8", errors="replace")


def _not_empty(name: str, empty: bool, where: str) -> None:
    if name and empty:
        raise ValueError(f"{where}: record {name!r} has no sequence")


def _name(line: str, seen: set[str], where: str) -> str:
    words = line[1:].split()
    if not words:
        raise ValueError(f"{where}: the header has no name")
    if words[0] in seen:
        raise ValueError(f"{where}: the name {words[0]!r} appears twice")
    seen.add(words[0])
    return words[0]


def _sequence_line(line: str, where: str) -> str:
    letters = line.replace("*", "").replace("-", "")
    if letters and not (letters.isascii() and letters.isalpha()):
        wrong = next(c for c in letters if not (c.isascii() and c.isalpha()))
        raise ValueError(f"{where}: {wrong!r} is no sequence letter")
    return line
