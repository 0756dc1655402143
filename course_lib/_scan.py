"""Find every window of a sequence that reaches a score, without scoring every window.

Bases become 2-bit codes, four to a byte. Two and a half neighboring bytes, ten bases, are a key into a table
of 4**10 flags, one bit for each strand and each way a window can lie on the bytes. The flag says whether a
window with these ten bases can reach the threshold at all, whatever its other bases are. Nearly all windows
end there. For the rest, tables of 256 scores add one byte after the other, best first, as long as the
threshold stays in reach. What is left gets its score column by column, as `every_score` does.

`course_lib.motifs.scan` is the way in. Lesson: ``notebooks/03-tf-binding-prediction.ipynb``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course_lib import dna
from course_lib._checks import Floats

Positions = NDArray[np.int64]
Bits = NDArray[np.uint8]

_CHUNK = 1 << 20  # bases scanned at a time, a multiple of 4
_SHORT = 1 << 15  # below, scoring every window is faster than making the tables
_LONG = 1 << 20  # from here on, the larger table pays: it passes a fourth of the windows
_CODE_ORDER = [0, 1, 3, 2]  # (ASCII >> 1) & 3 gives A 0, C 1, T 2, G 3, in either case
_PACK = np.uint32(0x40100401)  # moves the codes of four bytes side by side into the highest byte


class _Lane(NamedTuple):
    """One strand and one of four ways to lie on the bytes: a window starts ``4 * byte - offset``."""

    strand: int
    offset: int
    key_scores: Floats
    others: list[tuple[int, Floats, float]]  # byte after the key's first, its scores, best of what then remains
    rest: float


def every_score(codes: Bits, pwm: Floats) -> Floats:
    """Return the score of each window, column by column; a window with N has minus infinity.

    `codes` are ASCII letters, `pwm` is ``(k, 4)``; the result has ``len(codes) - k + 1`` values.
    """
    scores = np.zeros(len(codes) - len(pwm) + 1)
    for column, row in enumerate(_letter_scores(pwm)):
        scores += row.take(codes[column : column + len(scores)])
    return scores


def find(
    text: dna.Block, matrices: Sequence[Floats], thresholds: Sequence[float]
) -> Iterator[tuple[int, Positions, Floats]]:
    """Yield (index of the matrix, starts, scores) of all windows that reach the matrix's threshold.

    The matrices, two at most, have one shape ``(k, 4)``. Memory stays bounded: the text is read in chunks.
    """
    if len(text) < _SHORT:
        yield from _find_among_all(text, matrices, thresholds)
        return
    width = len(matrices[0])
    half = len(text) >= _LONG
    flags, lanes = _tables(matrices, thresholds, half)
    letter_scores = [_letter_scores(matrix) for matrix in matrices]
    for start in range(0, len(text) - width + 1, _CHUNK):
        codes = dna.letter_codes(text, start, start + _CHUNK + width - 1)
        packed, margin = _packed(codes, width)
        found = list(_candidates(packed, margin, flags, lanes, thresholds, half))
        for strand, threshold in enumerate(thresholds):
            starts = np.concatenate([these for lane, these in found if lane.strand == strand])
            starts = starts[(starts >= 0) & (starts <= len(codes) - width)]
            scores = _exact(codes, letter_scores[strand], starts)
            hit = scores >= threshold
            yield strand, starts[hit] + start, scores[hit]


def _find_among_all(
    text: dna.Block, matrices: Sequence[Floats], thresholds: Sequence[float]
) -> Iterator[tuple[int, Positions, Floats]]:
    codes = dna.letter_codes(text, 0, len(text))
    for strand, (matrix, threshold) in enumerate(zip(matrices, thresholds, strict=True)):
        scores = every_score(codes, matrix)
        starts = np.flatnonzero(scores >= threshold)
        yield strand, starts, scores[starts]


def _exact(codes: Bits, letter_scores: Floats, starts: Positions) -> Floats:
    """Return the scores of the windows at `starts`, to the last bit what `every_score` gives."""
    scores = np.zeros(len(starts))
    for column, row in enumerate(letter_scores):
        scores += row.take(codes.take(starts + column))
    return scores


def _letter_scores(pwm: Floats) -> Floats:
    table = np.full((len(pwm), 256), -np.inf)
    for column, letter in enumerate(b"ACGT"):
        table[:, [letter, letter + 32]] = pwm[:, column, None]
    return table


def _packed(codes: Bits, width: int) -> tuple[Bits, int]:
    """Return four bases a byte, and how many bytes of filling stand on either side."""
    margin = width // 4 + 3
    spread = np.zeros(4 * (2 * margin + -(-len(codes) // 4)), np.uint8)
    middle = spread[4 * margin : 4 * margin + len(codes)]
    np.right_shift(codes, 1, out=middle)
    middle &= 3
    return ((spread.view("<u4") * _PACK) >> np.uint32(24)).astype(np.uint8), margin


def _keys(packed: Bits, half: bool) -> NDArray[np.intp]:
    """Return for each byte the number that it and the next (and the half after that) spell."""
    two = packed[:-2].astype(np.uint16)
    two <<= 8
    two |= packed[1:-1]
    keys = (packed[2:] >> 4).astype(np.intp) if half else np.zeros(len(two), np.intp)
    keys <<= 16
    keys |= two
    return keys


def _candidates(
    packed: Bits, margin: int, flags: Bits, lanes: list[_Lane], thresholds: Sequence[float], half: bool
) -> Iterator[tuple[_Lane, Positions]]:
    """Yield the starts that can reach the threshold as far as the tables tell."""
    keys = _keys(packed, half)
    raised = flags.take(keys, mode="clip")
    somewhere = np.flatnonzero(raised != 0)
    bits, two = raised[somewhere], keys[somewhere] & 0xFFFF
    for number, lane in enumerate(lanes):
        chosen = np.flatnonzero(bits & (1 << number))
        byte, scores = somewhere[chosen], lane.key_scores.take(two[chosen])
        for after, table, rest in lane.others:
            scores += table.take(packed.take(byte + after, mode="clip"))
            alive = np.flatnonzero(scores + rest >= _with_slack(thresholds[lane.strand]))
            byte, scores = byte[alive], scores[alive]
        yield lane, 4 * (byte - margin) - lane.offset


def _tables(matrices: Sequence[Floats], thresholds: Sequence[float], half: bool) -> tuple[Bits, list[_Lane]]:
    lanes = list[_Lane]()
    flags = np.zeros((16 if half else 1, 1 << 16), np.uint8)
    for strand, matrix in enumerate(matrices):
        columns = matrix[:, _CODE_ORDER]
        first = _best_offset(columns, 10 if half else 8)
        for offset in range(first, first + 4):
            lane, third = _lane(columns, strand, offset)
            limit = _with_slack(thresholds[strand]) - lane.rest
            if half:
                limit = limit + third.max() - third.reshape(16, 16).max(1)[:, None]
            flags |= (lane.key_scores >= limit).astype(np.uint8) << len(lanes)
            lanes.append(lane)
    return flags.reshape(-1), lanes


def _lane(columns: Floats, strand: int, offset: int) -> tuple[_Lane, Floats]:
    """Return the tables of a lane, and the scores of the byte after its key."""
    first, last = min(0, -offset // 4), max(2, (len(columns) - 1 - offset) // 4)
    padded = np.zeros((4 * (last - first + 1), 4))
    at = -offset - 4 * first
    padded[at : at + len(columns)] = columns
    bytes_ = {first + i: _sums(padded[4 * i : 4 * i + 4]) for i in range(last - first + 1)}
    keys = np.add.outer(bytes_.pop(0), bytes_.pop(1)).ravel()
    order = sorted(bytes_, key=lambda after: _spread(bytes_[after]), reverse=True)
    best = [float(bytes_[after].max()) for after in order]
    others = [(after, bytes_[after], sum(best[i + 1 :])) for i, after in enumerate(order)]
    return _Lane(strand, offset, keys, others, sum(best)), bytes_[2]


def _sums(columns: Floats) -> Floats:
    """Return the scores of all words over some columns, the first letter leading."""
    total = np.zeros(1)
    for column in columns:
        total = np.add.outer(total, column).ravel()
    return total


def _spread(scores: Floats) -> float:
    """Return how far the best score stands above the middle one: what a look-up can rule out."""
    return float(scores.max() - np.median(scores))


def _best_offset(columns: Floats, letters: int) -> int:
    """Return the column where the keys of the first of four lanes start, to rule out most windows."""
    gain = columns.max(1) - np.median(columns, axis=1)
    padded = np.concatenate([np.zeros(letters + 3), gain, np.zeros(letters + 3)])
    sums = np.convolve(np.convolve(padded, np.ones(letters), "valid"), np.ones(4), "valid")
    return int(sums.argmax()) - letters - 3


def _with_slack(threshold: float) -> float:
    """Return a little less than the threshold: sums in another order differ in the last bits."""
    return threshold - 1e-9 * (1 + abs(threshold))
