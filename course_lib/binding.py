"""Windows of a genome, and how strongly a protein binds to each of their bases.

A genome is cut into windows of one length. A motif scanner looks through each window on both strands, and a base gets
the score of the best hit that covers it. What a network has to predict from the letters of a window is therefore known
for every base, and a function of these letters alone; measurement noise comes on request.

The same runs on a genome in a file, with a motif of your own:

    python -m course_lib.binding genome.fa motif.jaspar --output windows.npz

Lessons: ``notebooks/03-tf-binding-prediction.ipynb`` and ``notebooks/04-hyperparameter-tuning.ipynb``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib import _window_file, dna, motifs
from course_lib._checks import Floats
from course_lib._window_file import Columns
from course_lib.motifs import Motif

__all__ = [
    "Split",
    "Windows",
    "build",
    "load",
    "mask",
    "pearson",
    "random_split",
    "split_by_chromosome",
    "windows",
]

Scores = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of a genome with their binding scores; ``n`` of them, each with ``length`` bases.

    Attributes
    ----------
    letters : ndarray, shape (n, length)
        ASCII codes in upper case, uint8.
    signal : ndarray, shape (n, length)
        The binding score of each base without noise, float32: of the hits that cover the base, and lie in the window
        with all their bases, the best one's score, as a part of the best score that the motif can give. Between 0 and
        1, and 0 where there is no hit.
    scores : ndarray, shape (n, length)
        What is measured, and to be predicted: the signal, plus noise where noise was asked for.
    chromosome : ndarray of str, shape (n,)
        Where each window lies.
    start : ndarray, shape (n,)
        Its first base, counted from 0.
    motif : Motif
        What was looked for.
    threshold : float
        The score in bits from which on a window of the motif's length counts as a hit.
    """

    letters: NDArray[np.uint8]
    signal: Scores
    scores: Scores
    chromosome: NDArray[np.str_]
    start: NDArray[np.int64]
    motif: Motif
    threshold: float

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.letters)

    @property
    def length(self) -> int:
        """Return the number of bases in a window."""
        return int(self.letters.shape[1])

    @property
    def sites(self) -> NDArray[np.bool_]:
        """Return which bases a hit covers, ``(n, length)``."""
        return self.signal > 0

    @property
    def sequences(self) -> list[str]:
        """Return the windows as text."""
        return [row.tobytes().decode("ascii") for row in self.letters]

    @property
    def X(self) -> NDArray[np.float32]:
        """Return the windows one-hot encoded as PyTorch convolutions want them, ``(n, 4, length)``; N is zeros."""
        return np.ascontiguousarray(dna.one_hot(self.letters).transpose(0, 2, 1))

    def take(self, rows: ArrayLike) -> Windows:
        """Return some of the windows.

        Parameters
        ----------
        rows : array_like
            Their numbers, or a boolean for each window; at least one must be left.

        Returns
        -------
        Windows

        Raises
        ------
        ValueError
            When no window is left.

        Notes
        -----
        Lesson: notebook 03.

        Examples
        --------
        >>> cut = windows({"chr1": "CCTATAAGGCC"}, Motif.from_consensus("TATAA"), length=5, p_value=0.01)
        >>> cut.take([1]).sequences
        ['AAGGC']
        """
        chosen = np.asarray(rows)
        chosen = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen.astype(np.int64)
        if chosen.size == 0:
            raise ValueError("rows chooses no window")
        names = ("letters", "signal", "scores", "chromosome", "start")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})


class Split(NamedTuple):
    """Windows to fit a model, to choose among models, and to measure the chosen one once."""

    train: Windows
    validation: Windows
    test: Windows


def windows(
    chromosomes: Mapping[str, str],
    motif: Motif,
    *,
    length: int = 300,
    p_value: float = 1e-4,
    keep_n: bool = False,
    noise: float = 0.0,
    seed: int = 0,
) -> Windows:
    """Cut chromosomes into windows side by side, and score every base.

    Parameters
    ----------
    chromosomes : mapping of str to str
        A sequence for each name, such as ``genome.chromosomes`` or ``dict(dna.read_fasta(path))``. What is left over
        at the end of a chromosome is not used.
    motif : Motif
        What binds. Its PWM with the defaults of `Motif.pwm` gives the scores.
    length : int
        Bases in a window, at least those of the motif.
    p_value : float
        A stretch is a hit when chance gives such a score or a higher one with at most this probability, on one
        strand of a random sequence. A larger value lets weaker sites in.
    keep_n : bool
        Keep windows that hold N. No hit covers an N, so its score is 0, which is not the same as knowing that nothing
        binds there; such windows are left out by default.
    noise : float
        Standard deviation of normal noise that is added to each base's score.
    seed : int
        Seed of the noise.

    Returns
    -------
    Windows
        In order of the chromosomes and places.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, a letter is none of A, C, G, T, N (the message names its chromosome and position),
        no window is left, or `p_value` is so large that a hit can score below 0 bits.

    Notes
    -----
    A hit that reaches over the edge of a window does not count in it, so that the signal is a function of the window's
    own letters. Lesson: notebook 03.

    Examples
    --------
    >>> cut = windows({"chr1": "CCTATAACC" + "G" * 9}, Motif.from_consensus("TATAA"), length=9, p_value=0.01)
    >>> cut.signal.round(2).tolist()[0]
    [0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0]
    >>> cut.chromosome.tolist(), cut.start.tolist(), cut.X.shape
    (['chr1', 'chr1'], [0, 9], (2, 4, 9))
    """
    scorer = _Scorer.of(motif, length, p_value, keep_n)
    if not isinstance(chromosomes, Mapping):
        raise TypeError(f"chromosomes must map names to sequences, got {type(chromosomes).__name__}")
    parts = [scorer.columns(name, 0, _codes(name, text)) for name, text in chromosomes.items()]
    if not sum(len(part.start) for part in parts):
        raise ValueError(f"chromosomes hold no window of {length} bases" + ("" if keep_n else " without N"))
    table = Columns(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    return _windows(table, motif, scorer.threshold, noise, seed)


def mask(cut: Windows, intervals: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which bases lie in given intervals, such as the sites that were planted.

    Parameters
    ----------
    cut : Windows
        The windows.
    intervals : DataFrame
        A row for each, with ``chromosome``, ``start`` and ``end``, 0-based and half open, as in BED files and in
        ``genome.sites``. They may reach over the edges of windows, and lie outside of all.

    Returns
    -------
    ndarray of bool, shape (n, length)

    Raises
    ------
    ValueError
        When a column is missing, or an interval does not end after its start.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> cut = windows({"chr1": "CCTATAAGGC"}, Motif.from_consensus("TATAA"), length=5, p_value=0.01)
    >>> mask(cut, pd.DataFrame({"chromosome": ["chr1"], "start": [3], "end": [7]})).astype(int).tolist()
    [[0, 0, 0, 1, 1], [1, 1, 0, 0, 0]]
    """
    if missing := [name for name in ("chromosome", "start", "end") if name not in intervals]:
        raise ValueError(f"intervals must have the column {missing[0]}, got {', '.join(map(str, intervals.columns))}")
    if (intervals["end"] <= intervals["start"]).any():
        wrong = intervals[intervals["end"] <= intervals["start"]].iloc[0]
        raise ValueError(f"intervals must end after their start, got {wrong['start']} to {wrong['end']}")
    covered = np.zeros(cut.letters.shape, bool)
    places = np.arange(cut.length)
    for name, group in intervals.groupby("chromosome"):
        rows = np.flatnonzero(cut.chromosome == name)
        if not len(rows):
            continue
        size = max(int(cut.start[rows].max()) + cut.length, int(group["end"].max())) + 1
        steps = np.bincount(group["start"].clip(lower=0), minlength=size) - np.bincount(group["end"], minlength=size)
        covered[rows] = steps.cumsum()[cut.start[rows, None] + places] > 0
    return covered


def split_by_chromosome(cut: Windows, *, train: Sequence[str], validation: Sequence[str], test: Sequence[str]) -> Split:
    """Split windows so that no chromosome has windows in two parts.

    Parameters
    ----------
    cut : Windows
        What to split.
    train, validation, test : sequence of str
        Names of chromosomes. Chromosomes that are named nowhere are left out.

    Returns
    -------
    Split

    Raises
    ------
    ValueError, TypeError
        When a part is empty, or a chromosome unknown or named twice.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> genome = {f"chr{i}": "ACGT" * 5 for i in (1, 2, 3)}
    >>> cut = windows(genome, Motif.from_consensus("TATAA"), length=10, p_value=0.01)
    >>> parts = split_by_chromosome(cut, train=["chr1"], validation=["chr2"], test=["chr3"])
    >>> parts.test.chromosome.tolist()
    ['chr3', 'chr3']
    """
    there, taken, parts = set(cut.chromosome.tolist()), set[str](), list[Windows]()
    for part, names in (("train", train), ("validation", validation), ("test", test)):
        if isinstance(names, str) or not names:
            raise ValueError(f"{part} must be a list of chromosomes, got {names!r}")
        for name in names:
            if name not in there:
                raise ValueError(f"{part}: there is no window of {name!r}; there are {', '.join(sorted(there))}")
            if name in taken:
                raise ValueError(f"{part}: {name!r} is named twice")
            taken.add(name)
        parts.append(cut.take(np.isin(cut.chromosome, list(names))))
    return Split(*parts)


def random_split(cut: Windows, *, fractions: Sequence[float] = (0.6, 0.2, 0.2), seed: int = 42) -> Split:
    """Split windows at random, wherever they lie. With repeats in the genome this leaks: see the lesson.

    Parameters
    ----------
    cut : Windows
        What to split.
    fractions : sequence of three float
        Parts for training, validation and test; they sum to 1.
    seed : int
        Seed of the shuffling.

    Returns
    -------
    Split

    Raises
    ------
    ValueError, TypeError
        When the fractions do not sum to 1, or a part is empty.

    Notes
    -----
    Lesson: notebook 03, which shows what it hides.

    Examples
    --------
    >>> cut = windows({"chr1": "ACGT" * 25}, Motif.from_consensus("TATAA"), length=10, p_value=0.01)
    >>> [len(part) for part in random_split(cut)]
    [6, 2, 2]
    """
    from course_lib import datasets

    parts = datasets.split(np.arange(len(cut)), fractions=fractions, seed=seed)
    return Split(*(cut.take(rows[0]) for rows in (parts.train, parts.validation, parts.test)))


def pearson(y_hat: ArrayLike, y: ArrayLike) -> Floats:
    """Return the correlation of prediction and target in each sequence.

    Parameters
    ----------
    y_hat, y : array_like, shape (n, length)
        A value for each base. The order of the two makes no difference, but to the checks.

    Returns
    -------
    ndarray, shape (n,)
        From -1 to 1. A row in which the prediction is the same everywhere says nothing, and gets 0.

    Raises
    ------
    ValueError, TypeError
        When the shapes differ, a value is not finite, or a target is the same everywhere: it has no correlation with
        anything, so choose the rows that have a site.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> pearson([[1, 2, 3], [5, 5, 5]], [[2, 4, 6], [0, 1, 0]]).round(3).tolist()
    [1.0, 0.0]
    """
    guess, truth = check.real_array("y_hat", y_hat, 2), check.real_array("y", y, 2)
    if guess.shape != truth.shape:
        raise ValueError(f"y_hat and y must have one shape, got {guess.shape} and {truth.shape}")
    if len(flat := np.flatnonzero(np.ptp(truth, axis=1) == 0)):
        raise ValueError(f"y must vary in each row: row {flat[0]} is {truth[flat[0], 0]:g} throughout")
    varies = np.ptp(guess, axis=1) > 0
    guess, truth = (rows - rows.mean(1, keepdims=True) for rows in (guess, truth))
    size = np.sqrt((guess**2).sum(1) * (truth**2).sum(1))
    return np.asarray(np.where(varies, (guess * truth).sum(1) / np.where(varies, size, 1), 0.0))


def build(
    fasta: str | os.PathLike[str],
    motif: Motif,
    output: str | os.PathLike[str],
    *,
    length: int = 300,
    p_value: float = 1e-4,
    keep_n: bool = False,
    progress: bool = False,
) -> int:
    r"""Cut and score a genome in a file, and write the windows to a file; memory does not grow with the genome.

    Parameters
    ----------
    fasta : str or path
        FASTA, plain or compressed with gzip. Letters that stand for several bases (R, Y, ...) count as N.
    motif : Motif
        What binds, such as ``Motif.from_file("MA0139.1.jaspar")``.
    output : str or path
        The ``.npz`` file to write; one that is there is replaced when the new one is complete.
    length, p_value, keep_n
        As in `windows`.
    progress : bool
        Show a progress bar on standard error.

    Returns
    -------
    int
        Number of windows written.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong or the FASTA file is malformed; the message names file and line, and `output` stays
        as it was.
    FileNotFoundError
        When there is no such file or folder.

    Notes
    -----
    Batches of windows go to temporary files beside `output`, and these, compressed, into it. Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     fasta, output = Path(folder) / "genome.fa", Path(folder) / "windows.npz"
    ...     _ = fasta.write_text(">chr1\nCCTATAACC\nGGGGGGGGG\n")
    ...     n = build(fasta, Motif.from_consensus("TATAA"), output, length=9, p_value=0.01)
    ...     n, load(output).signal.max(axis=1).tolist()
    (2, [1.0, 0.0])
    """
    scorer, file = _Scorer.of(motif, length, p_value, keep_n), Path(fasta)
    batches = _window_file.batches(file, length, progress)
    columns = (scorer.columns(name, start, codes) for name, start, codes in batches)
    return _window_file.write(Path(output), columns, length, motif, scorer.threshold)


def load(path: str | os.PathLike[str], *, noise: float = 0.0, seed: int = 0) -> Windows:
    """Read windows that `build` has written.

    Parameters
    ----------
    path : str or path
        The ``.npz`` file. It is read without running code from it.
    noise, seed
        As in `windows`.

    Returns
    -------
    Windows

    Raises
    ------
    ValueError
        When the file is not one of `build`'s.
    FileNotFoundError
        When there is no such file.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> load("no.npz")
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no.npz'
    """
    table, motif, threshold = _window_file.read(Path(path))
    return _windows(table, motif, threshold, noise, seed)


@dataclass(frozen=True, eq=False)
class _Scorer:
    """Cuts a piece of a chromosome into windows and scores their bases."""

    motif: Motif
    length: int
    threshold: float
    best: float
    keep_n: bool

    @classmethod
    def of(cls, motif: Motif, length: int, p_value: float, keep_n: bool) -> _Scorer:
        if not isinstance(motif, Motif):
            raise TypeError(f"motif must be a Motif, got {type(motif).__name__}")
        length = check.integer("length", length, len(motif))
        pwm = motif.pwm()
        threshold, best = motifs.score_distribution(pwm).threshold(p_value), float(pwm.max(1).sum())
        if threshold > best:
            raise ValueError(f"p_value must be larger: no site of this motif is as rare as {p_value}")
        if threshold <= 0:
            raise ValueError(f"p_value must be smaller: {p_value} lets hits below 0 bits in")
        return cls(motif, length, threshold, best, keep_n)

    def columns(self, name: str, start: int, codes: NDArray[np.uint8]) -> Columns:
        """Return what is known of the windows in a piece that begins at base `start` of a chromosome."""
        letters = codes[: len(codes) // self.length * self.length].reshape(-1, self.length) & np.uint8(0xDF)
        signal, places = self._signal(letters), start + self.length * np.arange(len(letters), dtype=np.int64)
        whole = np.full(len(letters), True) if self.keep_n else ~(letters == ord("N")).any(1)
        return Columns(letters[whole], signal[whole], np.full(int(whole.sum()), name), places[whole])

    def _signal(self, letters: NDArray[np.uint8]) -> Scores:
        signal = np.zeros(letters.size, np.float32)
        if letters.size:
            hits = motifs.scan(letters.reshape(-1), self.motif, threshold=self.threshold)
            hits = hits[hits["position"] % self.length <= self.length - len(self.motif)]
            bases = hits["position"].to_numpy()[:, None] + np.arange(len(self.motif))
            np.maximum.at(signal, bases, (hits["score"].to_numpy(np.float32) / np.float32(self.best))[:, None])
        return signal.reshape(letters.shape)


def _codes(name: str, text: str) -> NDArray[np.uint8]:
    try:
        return dna.letter_codes(dna.letters_of(f"chromosomes[{name!r}]", text), 0, len(text))
    except ValueError as error:
        raise ValueError(f"chromosomes[{name!r}]: {error}") from error


def _windows(table: Columns, motif: Motif, threshold: float, noise: float, seed: int) -> Windows:
    spread, rng = check.non_negative("noise", noise), np.random.default_rng(check.integer("seed", seed, 0))
    scores = table.signal
    if spread:
        scores = scores + np.float32(spread) * rng.standard_normal(scores.shape, np.float32)
    return Windows(table.letters, table.signal, scores, table.chromosome, table.start, motif, threshold)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command ``python -m course_lib.binding``; return 0 when done, 1 when a file is wrong.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the command; ``--help`` explains it. By default what this process was started with.

    Notes
    -----
    Lesson: notebook 03.
    """
    options = _parser().parse_args(arguments)
    try:
        motif = Motif.from_file(options.motif, options.motif_name)
        settings = {"length": options.window, "p_value": options.p_value, "keep_n": options.keep_n}
        n = build(options.fasta, motif, options.output, **settings, progress=not options.quiet)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{options.output}: {n:,} windows of {options.window} bases, scored with {motif.name or options.motif}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m course_lib.binding", description="Cut a genome into scored windows.")
    parser.add_argument("fasta", metavar="FASTA", help="the genome, plain or compressed with gzip")
    parser.add_argument("motif", metavar="MOTIF", help="a motif in JASPAR or MEME format")
    parser.add_argument("--output", required=True, metavar="WINDOWS.npz", help="the file to write")
    parser.add_argument("--window", type=int, default=300, metavar="BASES", help="bases in a window (300)")
    parser.add_argument("--p-value", type=float, default=1e-4, metavar="P", help="how rare a hit must be (1e-4)")
    parser.add_argument("--motif-name", metavar="NAME", help="which motif, where the file holds several")
    parser.add_argument("--keep-n", action="store_true", help="keep windows that hold N")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


if __name__ == "__main__":
    sys.exit(main())
