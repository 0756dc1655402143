"""Motifs: what a DNA-binding protein looks for, as a matrix; how to find it, and how surprised to be.

A motif of ``k`` bases is a ``(k, 4)`` table of counts with columns A, C, G, T: how often each base stood at each
place of known binding sites. Its log-odds against a background, in bits, are a position weight matrix (PWM).
A window's score is the sum of one entry from each row, which is a convolution of the one-hot sequence with the
PWM as its filter.

Lessons: ``slides/02-dna-and-convolution.qmd`` and ``notebooks/03-tf-binding-prediction.ipynb``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib import _motif_text, _scan, dna
from course_lib._checks import Floats

if TYPE_CHECKING:
    import torch
    from matplotlib.axes import Axes
    from torch import nn

__all__ = [
    "Motif",
    "ScoreDistribution",
    "as_conv1d",
    "read_jaspar",
    "read_meme",
    "scan",
    "score_distribution",
    "write_jaspar",
    "write_meme",
]

_IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
_MOST_BINS = 1 << 24  # of a score distribution: 128 MB
_GRID_NOISE = 1e-6  # steps: what adding floating-point numbers can lose
_SITES = 20  # what MEME assumes when a file does not say


@dataclass(frozen=True, eq=False)
class Motif:
    """A motif, made from counts.

    Parameters
    ----------
    counts : array_like, shape (k, 4)
        How often A, C, G, T stood at each of the ``k`` places; 0 or more, and above 0 in each row's sum. Kept
        as a read-only float64 array.
    name : str
        The protein, such as ``"CTCF"``.
    identifier : str
        The entry in a database, such as ``"MA0139.1"``.

    Raises
    ------
    ValueError, TypeError
        When counts have another shape, are negative or not finite, or a row holds only zeros.

    Notes
    -----
    Source: GENE 46100, Unit 0; Stormo, *Bioinformatics* 16, 16 (2000). Lesson: deck 02.

    Examples
    --------
    >>> motif = Motif([[8, 0, 0, 0], [0, 2, 6, 0]], name="AG")
    >>> motif.probabilities.tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.25, 0.75, 0.0]]
    >>> len(motif), motif.consensus
    (2, 'AG')
    """

    counts: Floats
    name: str = ""
    identifier: str = ""

    def __post_init__(self) -> None:
        counts = _rows("counts", self.counts).copy()
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)
        for field in ("name", "identifier"):
            _label(field, getattr(self, field))

    @classmethod
    def from_probabilities(
        cls, probabilities: ArrayLike, *, sites: float = _SITES, name: str = "", identifier: str = ""
    ) -> Motif:
        """Make a motif from the probabilities of A, C, G, T at each place.

        Parameters
        ----------
        probabilities : array_like, shape (k, 4)
            Rows that sum to 1 within 0.01 (files round); they are divided by their sum.
        sites : float
            How many binding sites the probabilities stand for. It sets the weight of pseudocounts; 20 is what
            the MEME format assumes.
        name, identifier : str
            As in `Motif`.

        Returns
        -------
        Motif

        Raises
        ------
        ValueError, TypeError
            When a row does not sum to 1, a value is negative, or `sites` is not above 0.

        Notes
        -----
        Lesson: deck 02.

        Examples
        --------
        >>> Motif.from_probabilities([[0.5, 0.5, 0, 0]], sites=10).counts.tolist()
        [[5.0, 5.0, 0.0, 0.0]]
        """
        rows, sites = _rows("probabilities", probabilities), check.positive("sites", sites)
        sums = rows.sum(1, keepdims=True)
        if (np.abs(sums - 1) > 0.01).any():
            wrong = int(np.abs(sums - 1).argmax())
            raise ValueError(f"probabilities must sum to 1 in each row, got {sums[wrong, 0]:.6g} in row {wrong}")
        return cls(rows / sums * sites, name, identifier)

    @classmethod
    def from_consensus(cls, consensus: str, *, sites: float = _SITES, name: str = "", identifier: str = "") -> Motif:
        """Make a motif from a consensus in the letters of the IUPAC code, such as ``"TGASTCA"``.

        Parameters
        ----------
        consensus : str
            A letter for each place, in either case; the bases that it stands for are equally likely.
        sites : float
            As in `from_probabilities`.
        name, identifier : str
            As in `Motif`.

        Returns
        -------
        Motif

        Raises
        ------
        ValueError, TypeError
            For an empty consensus or a letter outside the code; the message names it and its position.

        Notes
        -----
        Source: Cornish-Bowden, *Nucleic Acids Research* 13, 3021 (1985). Lesson: deck 02.

        Examples
        --------
        >>> Motif.from_consensus("AR").probabilities.tolist()
        [[1.0, 0.0, 0.0, 0.0], [0.5, 0.0, 0.5, 0.0]]
        """
        if not isinstance(consensus, str):
            raise TypeError(f"consensus must be a string, got {type(consensus).__name__}")
        if not consensus:
            raise ValueError("consensus is empty")
        for position, letter in enumerate(consensus.upper()):
            if letter not in _IUPAC:
                raise ValueError(f"consensus must hold letters of the IUPAC code, got {letter!r} at {position}")
        rows = np.array([[base in _IUPAC[letter] for base in "ACGT"] for letter in consensus.upper()], float)
        return cls.from_probabilities(rows / rows.sum(1, keepdims=True), sites=sites, name=name, identifier=identifier)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str], name: str | None = None) -> Motif:
        """Read one motif from a file in JASPAR or MEME format.

        Parameters
        ----------
        path : str or path
            The file; it is MEME format when its first word is MEME.
        name : str, optional
            Which motif, by name or identifier; needed when the file holds several.

        Returns
        -------
        Motif

        Raises
        ------
        ValueError
            When the file is malformed (the message names its line), or not exactly one motif fits.
        FileNotFoundError
            When there is no such file.

        Notes
        -----
        Lesson: deck 02.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = Path(folder) / "tata.jaspar"
        ...     write_jaspar(path, [Motif.from_consensus("TATA", name="TATA box")])
        ...     Motif.from_file(path).consensus
        'TATA'
        """
        meme = Path(path).read_text(encoding="utf-8", errors="replace").split(maxsplit=1)[:1] == ["MEME"]
        motifs = read_meme(path) if meme else read_jaspar(path)
        fitting = [motif for motif in motifs if name is None or name in (motif.name, motif.identifier)]
        if len(fitting) != 1:
            held = ", ".join(motif.name or motif.identifier for motif in motifs[:10])
            raise ValueError(f"name must choose one motif of {Path(path).name}, got {name!r} for: {held}")
        return fitting[0]

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.counts)

    @property
    def probabilities(self) -> Floats:
        """Return the share of each base at each place, ``(k, 4)``, without pseudocounts."""
        return np.asarray(self.counts / self.counts.sum(1, keepdims=True))

    @property
    def consensus(self) -> str:
        """Return the most frequent base at each place; of equals, the first in the alphabet."""
        return "".join("ACGT"[column] for column in self.counts.argmax(1))

    def pwm(self, *, pseudocount: float = 1.0, background: ArrayLike | None = None) -> Floats:
        """Return the position weight matrix: log-odds in bits of the motif against the background.

        Parameters
        ----------
        pseudocount : float
            Sites drawn from the background that are added to each row of the counts: with 0, a base that was
            never seen scores minus infinity.
        background : array_like, shape (4,), optional
            Probabilities of A, C, G, T elsewhere; 1/4 each by default.

        Returns
        -------
        ndarray, shape (k, 4)
            ``log2(((counts + pseudocount * background) / (sites + pseudocount)) / background)``.

        Raises
        ------
        ValueError, TypeError
            When the pseudocount is negative, or the background is not four positive numbers with sum 1.

        Notes
        -----
        Source: Stormo, *Bioinformatics* 16, 16 (2000). Lesson: deck 02.

        Examples
        --------
        >>> Motif([[3, 0, 0, 0]]).pwm().round(3).tolist()
        [[1.7, -2.0, -2.0, -2.0]]
        """
        pseudocount, base = check.non_negative("pseudocount", pseudocount), _background(background)
        rows = self.counts + pseudocount * base
        with np.errstate(divide="ignore"):
            return np.asarray(np.log2(rows / rows.sum(1, keepdims=True) / base))

    def information_content(self, *, background: ArrayLike | None = None) -> Floats:
        """Return how much each place tells, in bits.

        Parameters
        ----------
        background : array_like, shape (4,), optional
            Probabilities of A, C, G, T elsewhere; 1/4 each by default, which makes 2 bits the most.

        Returns
        -------
        ndarray, shape (k,)
            Relative entropy of each row's probabilities against the background. The sum over places is the mean
            score of a site without pseudocounts.

        Raises
        ------
        ValueError, TypeError
            When the background is not four positive numbers with sum 1.

        Notes
        -----
        Source: Schneider et al., *Journal of Molecular Biology* 188, 415 (1986), without its correction for
        small samples. Lesson: deck 02.

        Examples
        --------
        >>> Motif([[4, 0, 0, 0], [2, 0, 0, 2], [1, 1, 1, 1]]).information_content().tolist()
        [2.0, 1.0, 0.0]
        """
        shares, base = self.probabilities, _background(background)
        logs = np.log2(np.where(shares > 0, shares / base, 1))
        return np.asarray((shares * logs).sum(1))

    def reverse_complement(self) -> Motif:
        """Return the motif as the other strand shows it; name and identifier stay.

        Notes
        -----
        Lesson: deck 02.

        Examples
        --------
        >>> Motif.from_consensus("AACG").reverse_complement().consensus
        'CGTT'
        """
        return Motif(self.counts[::-1, ::-1], self.name, self.identifier)

    def sample(self, n: int, rng: np.random.Generator) -> list[str]:
        """Draw binding sites, each place on its own.

        Parameters
        ----------
        n : int
            How many, 0 or more.
        rng : numpy.random.Generator
            Source of randomness.

        Returns
        -------
        list of str
            ``n`` sequences of ``k`` letters.

        Raises
        ------
        ValueError, TypeError
            When `n` is not a whole number of 0 or more, or `rng` no generator.

        Notes
        -----
        Lesson: notebook 03.

        Examples
        --------
        >>> Motif.from_consensus("TATA").sample(2, np.random.default_rng(0))
        ['TATA', 'TATA']
        """
        n = check.integer("n", n, 0)
        if not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng must be a numpy.random.Generator, got {rng!r}")
        ladder = self.probabilities.cumsum(1)
        ladder /= ladder[:, -1:]
        drawn = (rng.random((n, len(self), 1)) >= ladder).sum(-1)
        return ["".join("ACGT"[base] for base in row) for row in drawn]

    def logo(self, ax: Axes | None = None, *, background: ArrayLike | None = None) -> Axes:
        """Draw the sequence logo: letters as high as their share of the place's information.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; a new figure by default.
        background : array_like, shape (4,), optional
            As in `information_content`.

        Returns
        -------
        matplotlib.axes.Axes

        Raises
        ------
        ValueError, TypeError
            When the background is not four positive numbers with sum 1.

        Notes
        -----
        Source: Schneider and Stephens, *Nucleic Acids Research* 18, 6097 (1990). Lesson: deck 02.

        Examples
        --------
        >>> Motif.from_consensus("TATA").logo().get_ylabel()
        'Information (bits)'
        """
        import logomaker
        import matplotlib.pyplot as plt

        from course_lib import plots

        heights = self.probabilities * self.information_content(background=background)[:, None]
        if ax is None:
            _, ax = plt.subplots(figsize=(max(3.0, 0.4 * len(self)), 2.0), layout="constrained")
        table = pd.DataFrame(heights, columns=list("ACGT"))
        logomaker.Logo(table, ax=ax, **plots.LOGO_STYLE)
        ax.set(ylabel="Information (bits)", xlabel="Place in the motif", title=self.name)
        ax.set_xticks(range(len(self)), [str(place) for place in range(1, len(self) + 1)])
        return ax


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """How often a random sequence reaches a score; see `score_distribution`.

    Attributes
    ----------
    step : float
        Distance between the scores of the grid, in bits.
    lowest : int
        The lowest grid score, in steps.
    tail : ndarray
        ``tail[i]`` is the probability of a rounded score of ``(lowest + i) * step`` or more.
    error : float
        The most that rounding moves the score of any window, in bits.
    """

    step: float
    lowest: int
    tail: Floats
    error: float

    def p_value(self, score: ArrayLike) -> Floats:
        """Return the probability that a random window scores as high.

        Parameters
        ----------
        score : array_like
            Scores in bits; minus infinity is allowed.

        Returns
        -------
        ndarray, of the shape of `score`
            Never below the exact p-value of the score, and never above the exact p-value of a score that is
            lower by ``2 * error + step``. For entries that are multiples of `step` it is exact.

        Raises
        ------
        ValueError, TypeError
            When a score is not a number.

        Notes
        -----
        Lesson: notebook 03.

        Examples
        --------
        >>> score_distribution([[1.0, -1.0, -1.0, -1.0]] * 2).p_value([2.0, 0.0, -2.0]).tolist()
        [0.0625, 0.4375, 1.0]
        """
        scores = _floats("score", score)
        if np.isnan(scores).any():
            raise ValueError("score must hold numbers, got nan")
        place = np.floor((scores - self.error) / self.step + _GRID_NOISE) - self.lowest
        padded = np.append(self.tail, 0.0)
        p = padded[np.clip(place, 0, len(self.tail)).astype(np.int64)]
        return np.asarray(np.where(scores == -np.inf, 1.0, p))

    def threshold(self, p_value: float) -> float:
        """Return the score that windows must reach for a p-value of at most `p_value`.

        Parameters
        ----------
        p_value : float
            Above 0, at most 1.

        Returns
        -------
        float
            Bits: ``p_value(score) <= p_value`` just when ``score >= threshold``. It lies above every score when
            no score is so rare.

        Raises
        ------
        ValueError, TypeError
            When `p_value` does not lie between 0 and 1.

        Notes
        -----
        Lesson: notebook 03.

        Examples
        --------
        >>> round(score_distribution([[1.0, -1.0, -1.0, -1.0]] * 2).threshold(0.1), 3)
        0.0
        """
        if not 0 < check.real("p_value", p_value) <= 1:
            raise ValueError(f"p_value must lie above 0 and be at most 1, got {p_value}")
        rare = len(self.tail) - int(np.searchsorted(self.tail[::-1], p_value, side="right"))
        return (self.lowest + rare - _GRID_NOISE / 2) * self.step + self.error


def score_distribution(
    pwm: ArrayLike, *, background: ArrayLike | None = None, step: float = 2**-11
) -> ScoreDistribution:
    """Return the distribution of a PWM's score over random sequences, by dynamic programming.

    Each entry is rounded to a multiple of `step`. Then the distribution of the sum over the first ``j`` rows
    gives that over ``j + 1`` rows: shift it by each of the four entries, weigh, add. That is exact for the
    rounded matrix, and takes ``4 * k`` additions of arrays in place of ``4**k`` sequences.

    Parameters
    ----------
    pwm : array_like, shape (k, 4)
        Log-odds in bits; minus infinity is allowed, but not in a whole row.
    background : array_like, shape (4,), optional
        Probabilities of A, C, G, T in the random sequences; 1/4 each by default.
    step : float
        Grid of the scores, in bits. Rounding moves no score by more than ``k * step / 2``; the result's
        ``error`` is the bound for this matrix.

    Returns
    -------
    ScoreDistribution

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, or `step` so small that the grid has more than 16 million scores.

    Notes
    -----
    Source: Staden, *CABIOS* 5, 89 (1989). Lesson: notebook 03.

    Examples
    --------
    >>> score_distribution([[1.0, 0.0, 0.0, -1.0]], step=0.5).tail.tolist()
    [1.0, 0.75, 0.75, 0.25, 0.25]
    """
    matrix, weights, step = _log_odds(pwm), _background(background), check.positive("step", step)
    seen = np.isfinite(matrix)
    lows = np.where(seen, matrix, np.inf).min(1, keepdims=True)
    if (matrix.max(1) - lows[:, 0]).sum() > _MOST_BINS * step:
        raise ValueError(f"step must be larger: {step} makes more than {_MOST_BINS} scores")
    grid = np.rint(np.where(seen, matrix, lows) / step).astype(np.int64)
    error = float(np.abs(grid * step - np.where(seen, matrix, lows)).max(1).sum())
    lowest = grid.min(1)
    mass = np.ones(1)
    for shifts, present in zip(grid - lowest[:, None], seen, strict=True):
        mass = _spread(mass, shifts[present], weights[present])
    return ScoreDistribution(step, int(lowest.sum()), np.asarray(mass[::-1].cumsum()[::-1].clip(max=1)), error)


def scan(
    sequence: dna.Text | NDArray[Any],
    motif: Motif,
    *,
    both_strands: bool = True,
    threshold: float | None = None,
    p_value: float | None = None,
    pseudocount: float = 1.0,
    background: ArrayLike | None = None,
) -> pd.DataFrame:
    """Score the windows of a sequence with a motif, on one strand or both.

    Parameters
    ----------
    sequence : str, bytes or ndarray of letters
        One sequence of A, C, G, T and N, in either case.
    motif : Motif
        Its PWM with `pseudocount` and `background` gives the scores.
    both_strands : bool
        Look also for the reverse complement of the motif.
    threshold : float, optional
        Report windows with this score or more, in bits.
    p_value : float, optional
        Report windows with this p-value or less; adds a column. Give `threshold`, or `p_value`, or neither:
        then every window is reported.
    pseudocount : float
        As in `Motif.pwm`.
    background : array_like, shape (4,), optional
        As in `Motif.pwm`. The p-values ask about sequences whose given strand has these probabilities, so the
        other strand has those of the complements.

    Returns
    -------
    pandas.DataFrame
        ``position``: where the window starts, counted from 0 **along the given strand, for both strands**. On
        strand ``-`` the motif reads ``reverse_complement(sequence[position : position + k])``.
        ``strand``: ``"+"`` or ``"-"``. ``score``: in bits. With `p_value`, also ``p_value``, as
        `ScoreDistribution.p_value` gives it. Sorted by position, ``+`` first. A window that holds N scores
        minus infinity: it is there only when every window is.

    Raises
    ------
    ValueError
        For a letter that is none of A, C, G, T, N (the message names it and its position, counting from 0), a
        motif longer than the sequence, or both `threshold` and `p_value`.
    TypeError
        When `sequence` is no text or `motif` no `Motif`.

    Notes
    -----
    Source: GENE 46100, Unit 0. The search skips what cannot reach the threshold; see ``course_lib/_scan.py``.
    Lessons: deck 02 and notebook 03.

    Examples
    --------
    >>> scan("CCTATAACC", Motif.from_consensus("TATAA"), threshold=9.0)[["position", "strand"]].values.tolist()
    [[2, '+']]
    """
    text, matrices = _scan_input(sequence, motif, both_strands, pseudocount, background)
    if threshold is not None and p_value is not None:
        raise ValueError(f"threshold and p_value exclude each other, got {threshold} and {p_value}")
    if threshold is None and p_value is None:
        codes = dna.letter_codes(text, 0, len(text))
        scores = [_scan.every_score(codes, matrix) for matrix in matrices]
        return _table([(strand, np.arange(len(values)), values) for strand, values in enumerate(scores)])
    if p_value is None:
        return _table(_scan.find(text, matrices, [check.real("threshold", threshold)] * len(matrices)))
    chances = _chances(matrices, _background(background))
    hits = _table(_scan.find(text, matrices, [chance.threshold(p_value) for chance in chances]))
    per_strand = [chance.p_value(hits["score"]) for chance in chances]
    hits["p_value"] = np.where(hits["strand"] == "+", per_strand[0], per_strand[-1])
    return hits


def as_conv1d(
    motif: Motif,
    *,
    pseudocount: float = 1.0,
    background: ArrayLike | None = None,
    dtype: torch.dtype | None = None,
) -> nn.Conv1d:
    """Return a PyTorch convolution whose output is the motif's score at each position of the given strand.

    Parameters
    ----------
    motif : Motif
        Its PWM becomes the filter.
    pseudocount, background
        As in `Motif.pwm`; the pseudocount must be above 0, since a filter needs finite weights.
    dtype : torch.dtype, optional
        ``torch.float32`` by default. It gives scores above -20 bits to 1e-5, and all to one part in a million;
        ``torch.float64`` gives all to 1e-9.

    Returns
    -------
    torch.nn.Conv1d
        Four input channels, one output channel, no bias; trainable. Input ``(n, 4, length)``, output
        ``(n, 1, length - k + 1)``: what `scan` gives for strand ``+``, except that N adds 0 and not minus
        infinity. For the other strand, take the motif's `reverse_complement`.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, or a weight is not finite.

    Notes
    -----
    Source: GENE 46100, Unit 0. Lesson: deck 02, which shows both numerically equal.

    Examples
    --------
    >>> import torch
    >>> x = torch.from_numpy(dna.one_hot("GTATAG").T.copy())[None]
    >>> as_conv1d(Motif.from_consensus("TATA"))(x).argmax().item()
    1
    """
    import torch

    pwm = _motif(motif).pwm(pseudocount=pseudocount, background=background)
    if not np.isfinite(pwm).all():
        raise ValueError(f"pseudocount must be above 0, got {pseudocount}: a base that was never seen weighs -inf")
    filter_ = torch.nn.Conv1d(4, 1, len(motif), bias=False, dtype=dtype or torch.float32)
    with torch.no_grad():
        filter_.weight.copy_(torch.from_numpy(pwm.T.copy())[None])
    return filter_


def read_jaspar(path: str | os.PathLike[str]) -> list[Motif]:
    r"""Read motifs in the text format of JASPAR.

    Parameters
    ----------
    path : str or path
        The file: for each motif a line ``>identifier name``, and four rows of counts, such as
        ``A [ 3 0 7 ]``. Rows without a letter are A, C, G, T in this order.

    Returns
    -------
    list of Motif

    Raises
    ------
    ValueError
        When the file holds no motif or is malformed; the message names file and line.
    FileNotFoundError
        When there is no such file.

    Notes
    -----
    Source: JASPAR, file format "JASPAR". Lesson: deck 02.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.jaspar"
    ...     _ = path.write_text(">MA0 demo\nA [ 3 0 ]\nC [ 0 0 ]\nG [ 1 0 ]\nT [ 0 4 ]\n")
    ...     read_jaspar(path)[0].counts.tolist()
    [[3.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 4.0]]
    """
    entries = _motif_text.jaspar_entries(Path(path))
    return [Motif(counts, name, identifier) for counts, name, identifier in entries]


def write_jaspar(path: str | os.PathLike[str], motifs: Iterable[Motif]) -> None:
    """Write the counts of motifs in the text format of JASPAR.

    Parameters
    ----------
    path : str or path
        The file; it is replaced if it is there.
    motifs : iterable of Motif
        At least one.

    Raises
    ------
    ValueError, TypeError
        When there is no motif, or something else among them.

    Notes
    -----
    Source: JASPAR, file format "JASPAR". Lesson: deck 02.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.jaspar"
    ...     write_jaspar(path, [Motif([[3, 0, 10, 0]], name="demo", identifier="MA0")])
    ...     print(path.read_text().expandtabs(2))
    >MA0  demo
    A [  3 ]
    C [  0 ]
    G [ 10 ]
    T [  0 ]
    <BLANKLINE>
    """
    texts = [_motif_text.jaspar(m.counts, m.name, m.identifier) for m in _motifs(motifs)]
    Path(path).write_text("".join(texts), encoding="utf-8")


def read_meme(path: str | os.PathLike[str]) -> list[Motif]:
    r"""Read motifs in the minimal text format of the MEME Suite.

    Parameters
    ----------
    path : str or path
        The file: first ``MEME version 4`` or later, then for each motif a line ``MOTIF identifier name`` (one
        word alone is taken for the name) and a letter-probability matrix.

    Returns
    -------
    list of Motif
        Counts are the probabilities times ``nsites``, or times 20 where the file does not say. The file's
        background is not used: give yours to `Motif.pwm` or `scan`.

    Raises
    ------
    ValueError
        When the file holds no motif or is malformed; the message names file and line.
    FileNotFoundError
        When there is no such file.

    Notes
    -----
    Source: MEME Suite, "MEME Motif Format". Lesson: deck 02.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.meme"
    ...     write_meme(path, [Motif([[3, 0, 1, 0]], name="demo")])
    ...     read_meme(path)[0].counts.tolist()
    [[3.0, 0.0, 1.0, 0.0]]
    """
    file = Path(path)
    return [
        Motif.from_probabilities(rows, sites=_SITES if sites is None else sites, name=name, identifier=identifier)
        for rows, sites, name, identifier in _motif_text.meme_entries(file)
    ]


def write_meme(path: str | os.PathLike[str], motifs: Iterable[Motif], *, background: ArrayLike | None = None) -> None:
    """Write the probabilities of motifs in the minimal text format of the MEME Suite.

    Parameters
    ----------
    path : str or path
        The file; it is replaced if it is there.
    motifs : iterable of Motif
        At least one; each with an identifier, or a name of one word. Probabilities get six decimals.
    background : array_like, shape (4,), optional
        Probabilities of A, C, G, T that the file states; 1/4 each by default.

    Raises
    ------
    ValueError, TypeError
        When there is no motif, something else among them, or one without a word to call it by.

    Notes
    -----
    Source: MEME Suite, "MEME Motif Format". Lesson: deck 02.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "one.meme"
    ...     write_meme(path, [Motif([[3, 0, 1, 0]], name="demo", identifier="MA0")])
    ...     print(path.read_text()[-110:])
    MOTIF MA0 demo
    letter-probability matrix: alength= 4 w= 1 nsites= 4 E= 0
     0.750000 0.000000 0.250000 0.000000
    <BLANKLINE>
    """
    texts = [_motif_text.meme_head(_background(background))]
    for motif in _motifs(motifs):
        sites = float(motif.counts.sum(1).max())
        texts.append(_motif_text.meme(motif.probabilities, sites, motif.name, motif.identifier))
    Path(path).write_text("".join(texts), encoding="utf-8")


def _spread(mass: Floats, shifts: NDArray[np.int64], weights: Floats) -> Floats:
    """Add a row of the matrix: the distribution, shifted by each entry and weighted by its base."""
    wider = np.zeros(len(mass) + int(shifts.max()))
    for shift, weight in zip(shifts, weights, strict=True):
        wider[shift : shift + len(mass)] += weight * mass
    return wider


def _scan_input(
    sequence: Any, motif: Motif, both_strands: bool, pseudocount: float, background: ArrayLike | None
) -> tuple[dna.Block, list[Floats]]:
    text = dna.letters_of("sequence", sequence)
    pwm = _motif(motif).pwm(pseudocount=pseudocount, background=background)
    if len(text) < len(motif):
        raise ValueError(f"sequence must be as long as the motif ({len(motif)}) or longer, got {len(text)} letters")
    return text, [pwm, pwm[::-1, ::-1]] if both_strands else [pwm]


def _chances(matrices: list[Floats], base: Floats) -> list[ScoreDistribution]:
    """Return the score distribution of each strand; one serves both where the background is symmetric."""
    forward = score_distribution(matrices[0], background=base)
    if len(matrices) == 1 or (base == base[::-1]).all():
        return [forward] * len(matrices)
    return [forward, score_distribution(matrices[1], background=base)]


def _table(found: Iterable[tuple[int, NDArray[np.int64], Floats]]) -> pd.DataFrame:
    parts = [(np.full(len(starts), strand), starts, scores) for strand, starts, scores in found]
    strand, position, score = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((strand, position))
    signs = np.array(["+", "-"])[strand[order]]
    return pd.DataFrame({"position": position[order], "strand": signs, "score": score[order]})


def _background(background: ArrayLike | None) -> Floats:
    base = check.real_array("background", [0.25] * 4 if background is None else background, 1)
    if base.shape != (4,) or (base <= 0).any() or abs(base.sum() - 1) > 1e-6:
        raise ValueError(f"background must hold four positive numbers with sum 1, got {base.tolist()}")
    return np.asarray(base / base.sum())


def _rows(name: str, value: ArrayLike) -> Floats:
    rows = check.real_array(name, value, 2)
    if rows.shape[1] != 4:
        raise ValueError(f"{name} must have 4 columns, for A, C, G, T, got shape {rows.shape}")
    if (rows < 0).any():
        raise ValueError(f"{name} must be 0 or more, got {rows.min()} in row {int(rows.min(1).argmin())}")
    if (rows.sum(1) == 0).any():
        raise ValueError(f"{name} must not be all zero in a row, got zeros in row {int(rows.sum(1).argmin())}")
    return rows


def _log_odds(pwm: ArrayLike) -> Floats:
    matrix = _floats("pwm", pwm)
    check.real_array("pwm", np.where(matrix == -np.inf, 0, matrix), 2)
    if matrix.shape[1] != 4:
        raise ValueError(f"pwm must have 4 columns, for A, C, G, T, got shape {matrix.shape}")
    if (matrix.max(1) == -np.inf).any():
        raise ValueError(f"pwm must not be all minus infinity in a row, got row {int(matrix.max(1).argmin())}")
    return matrix


def _floats(name: str, value: ArrayLike) -> Floats:
    try:
        return np.asarray(value, float)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must hold numbers, got {type(value).__name__}") from error


def _label(field: str, value: Any) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{field} must be a string, got {type(value).__name__}")
    if len(value.splitlines()) > 1 or value != value.strip() or (field == "identifier" and len(value.split()) > 1):
        kind = "one word" if field == "identifier" else "one line without white space at its ends"
        raise ValueError(f"{field} must be {kind}, got {value!r}")


def _motif(value: Any) -> Motif:
    if not isinstance(value, Motif):
        raise TypeError(f"motif must be a Motif, got {type(value).__name__}")
    return value


def _motifs(values: Iterable[Motif]) -> list[Motif]:
    motifs = [_motif(value) for value in values]
    if not motifs:
        raise ValueError("motifs is empty")
    return motifs
