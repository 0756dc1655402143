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
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike, NDArray

from course_lib import _checks as check

__all__ = ["decode", "kmers", "one_hot", "read_fasta", "reverse_complement"]

Text = str | bytes | bytearray
Codes = NDArray[np.uint8]
AnySequence = TypeVar("AnySequence", str, bytes, list[str], list[bytes], NDArray[Any])

_BLOCK = 1 << 16  # bases encoded at a time: their indices stay in the processor's cache
_LONGEST_K = 12  # 4**12 is 17 million strings
_PAIRS = {"A": "T", "C": "G", "G": "C", "T": "A", "U": "A", "N": "N"}


def one_hot(
    sequence_or_sequences: Text | Sequence[Text] | NDArray[Any],
    *,
    alphabet: str = "ACGT",
    dtype: DTypeLike = np.float32,
) -> NDArray[Any]:
    """Encode a sequence, or sequences of one length, with a 1 in the column of each letter.

    Parameters
    ----------
    sequence_or_sequences : str, bytes, list of them, or ndarray
        One sequence, or several of equal length. A NumPy array of single letters with one axis is one
        sequence, with two axes ``(n, length)``; an array of longer strings is a list of sequences.
    alphabet : str
        The letters in the order of the columns; ``"ACGU"`` for RNA. It cannot hold N.
    dtype : dtype
        Number type of the result, ``float32`` by default; ``uint8`` takes a quarter of the memory.

    Returns
    -------
    ndarray, shape (length, 4) or (n, length, 4)
        One-hot rows; N and n give a row of zeros. With another alphabet, the last axis has its length.

    Raises
    ------
    ValueError
        For a letter that is neither in the alphabet nor N (the message names it and its position, counting
        from 0), unequal lengths, an empty sequence, or an alphabet with repeats.
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
    """
    letters = _alphabet(alphabet)
    rows = _number_type(dtype)
    text, shape = _flatten(sequence_or_sequences)
    encoded = np.empty((len(text), len(letters)), rows)
    _encode(text, letters, encoded, shape[-1] if len(shape) > 1 else None)
    return encoded.reshape(*shape, len(letters))


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
    seq_or_one_hot : str, bytes, list of them, or ndarray of shape (..., length, 4)
        Letters, whose case is kept, or one-hot rows (any numbers: weight matrices too).
    alphabet : str
        The letters in the order of the columns; ``"ACGU"`` for RNA.

    Returns
    -------
    the type that came in
        For arrays in an order that pairs the first column with the last, such as A, C, G, T, a view of the
        input and no copy. PyTorch needs ``.copy()`` of it.

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
        without sequence, or a sequence line with anything but letters, ``*`` and ``-``; the message names
        file and line. Errors inside the file come when the reading reaches them.
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


def _encode(text: Text, letters: str, out: NDArray[Any], length: int | None) -> None:
    """Fill `out` by looking every byte up in a table of 256 rows; N is a row of zeros."""
    table = np.zeros((256, len(letters)), out.dtype)
    known = np.zeros(256, bool)
    for column, letter in enumerate(letters):
        for code in (ord(letter), ord(letter.lower())):
            table[code, column], known[code] = 1, True
    known[[ord("N"), ord("n")]] = True
    for start in range(0, len(text), _BLOCK):
        index = _codes(text[start : start + _BLOCK]).astype(np.intp)
        if not known.take(index).all():
            raise _unknown_letter(text, start + int(known.take(index).argmin()), letters, length)
        table.take(index, axis=0, out=out[start : start + _BLOCK], mode="clip")


def _codes(text: Text) -> Codes:
    # A character outside Latin-1 becomes "?", one for one, and is refused like any other letter.
    data = text.encode("latin-1", "replace") if isinstance(text, str) else text
    return np.frombuffer(data, np.uint8)


def _text(codes: Codes) -> str:
    return codes.tobytes().decode("latin-1")


def _unknown_letter(text: Text, position: int, letters: str, length: int | None) -> ValueError:
    seen = text[position] if isinstance(text, str) else chr(text[position])
    sequence, place = (None, position) if length is None else divmod(position, length)
    return _letter_error(seen, place, letters, sequence)


def _letter_error(seen: str, position: int, letters: str, sequence: int | None) -> ValueError:
    which = "the sequence" if sequence is None else f"sequence {sequence}"
    return ValueError(
        f"{which} has {seen!r} at position {position} (counting from 0); expected one of {letters} or N, in either case"
    )


def _flatten(value: Any) -> tuple[Text, tuple[int, ...]]:
    """Return all letters in one text, and the shape that they have: ``(length,)`` or ``(n, length)``."""
    if isinstance(value, np.ndarray):
        value = _from_array(value)
    if isinstance(value, Text):
        if not value:
            raise ValueError("sequence_or_sequences is empty")
        return value, (len(value),)
    sequences = _text_list(value)
    n, length = len(sequences), _common_length(sequences)
    if isinstance(sequences[0], str):
        return "".join(cast(list[str], sequences)), (n, length)
    return b"".join(cast(list[bytes], sequences)), (n, length)


def _from_array(array: NDArray[Any]) -> Text | list[Text]:
    """Turn an array of letters into one text, or a list of texts."""
    if array.dtype in ("S1", "U1") and array.ndim in (1, 2):
        rows = array.astype("U1").tolist()
        return "".join(rows) if array.ndim == 1 else ["".join(row) for row in rows]
    if array.dtype.kind in "SUO" and array.ndim == 1:
        return cast(list[Text], array.tolist())
    raise TypeError(f"sequence_or_sequences must hold text, got an array of {array.dtype} with shape {array.shape}")


def _text_list(value: Any) -> list[Text]:
    if not isinstance(value, Sequence):
        raise TypeError(f"sequence_or_sequences must be text or a list of texts, got {type(value).__name__}")
    sequences = list(value)
    if not sequences:
        raise ValueError("sequence_or_sequences is empty")
    kinds = {type(sequence) for sequence in sequences}
    if kinds not in ({str}, {bytes}):
        names = ", ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"sequence_or_sequences must hold only str or only bytes, got {names}")
    return sequences


def _common_length(sequences: list[Text]) -> int:
    length = len(sequences[0])
    for i, sequence in enumerate(sequences):
        if len(sequence) != length:
            raise ValueError(
                f"sequences must have one length: sequence 0 has {length} letters, sequence {i} has {len(sequence)}"
            )
    if length == 0:
        raise ValueError("sequence_or_sequences holds empty sequences")
    return length


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
    array = _one_hot_array("seq_or_one_hot", value, len(letters))
    if complement == letters[::-1]:
        return array[..., ::-1, ::-1]
    return array[..., ::-1, [letters.index(partner) for partner in complement]]


def _other_strand(text: Any, letters: str, complement: str, sequence: int | None) -> Text:
    if not isinstance(text, Text):
        raise TypeError(f"seq_or_one_hot must be text, texts or an array, got {type(text).__name__}")
    codes = _codes(text)
    table = np.zeros(256, np.uint8)
    for letter, partner in zip(letters + "N", complement + "N", strict=True):
        table[[ord(letter), ord(letter.lower())]] = ord(partner), ord(partner.lower())
    turned = table[codes]
    if not turned.all():
        position = int(turned.argmin())
        seen = text[position] if isinstance(text, str) else chr(text[position])
        raise _letter_error(seen, position, letters, sequence)
    data = turned[::-1].tobytes()
    return data.decode("ascii") if isinstance(text, str) else data


def _records(file: Path) -> Iterator[tuple[str, str]]:
    name, parts, seen = "", list[str](), set[str]()
    with _open(file) as lines:
        for number, line in enumerate(map(str.strip, lines), start=1):
            where = f"path: {file.name}, line {number}"
            if line.startswith(">"):
                if name:
                    yield _record(name, parts, where)
                name, parts = _name(line, seen, where), []
            elif line and not name:
                raise ValueError(f"{where}: expected a header that starts with '>', got {line[:20]!r}")
            elif line:
                parts.append(_sequence_line(line, where))
    if not name:
        raise ValueError(f"path: {file.name} holds no record")
    yield _record(name, parts, f"path: {file.name}, end of file")


def _open(file: Path) -> IO[str]:
    with file.open("rb") as start:
        compressed = start.read(2) == b"\x1f\x8b"
    if compressed:
        return gzip.open(file, "rt", encoding="utf-8", errors="replace")
    return file.open(encoding="utf-8", errors="replace")


def _record(name: str, parts: list[str], where: str) -> tuple[str, str]:
    if not parts:
        raise ValueError(f"{where}: record {name!r} has no sequence")
    return name, "".join(parts)


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
