"""Simulated genomes: chromosomes with repeats, and binding sites whose place is known.

A real genome is not a sequence of independent draws. Transposable elements have copied themselves, with the binding
sites in them, so two windows can be nearly the same although they lie far apart. A model that has seen one of them
knows the other. These genomes have that property in a measured amount, which is what makes an honest split visible.

Lesson: ``notebooks/03-tf-binding-prediction.ipynb``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from course_lib import _checks as check
from course_lib import dna
from course_lib.motifs import Motif

__all__ = ["Genome", "simulate"]

Letters = NDArray[np.uint8]  # the bytes of A, C, G, T

_BASES = np.frombuffer(b"ACGT", np.uint8)


@dataclass(frozen=True, eq=False)
class Genome:
    """Chromosomes, and everything that was put into them.

    Attributes
    ----------
    chromosomes : mapping of str to str
        The sequence of each chromosome, ``"chr1"`` first. Only A, C, G, T.
    sites : DataFrame
        A row for each binding site, in order of its place: ``chromosome``, ``start`` and ``end`` (0-based, half open),
        ``strand`` (1 or -1), ``motif`` (its name), ``family`` (the repeat that holds it; empty outside repeats) and
        ``sequence`` (read on its own strand, as it stands in the genome).
    repeats : DataFrame
        A row for each copy of a repeat: ``chromosome``, ``start``, ``end``, ``strand``, ``family``.
    families : mapping of str to str
        The sequence that the copies of each family come from, ``"repeat1"`` first.
    motifs : tuple of Motif
        What was planted.
    divergence : float
        The share of bases that were drawn anew in each copy of a repeat.
    seed : int
        The seed that made the genome.
    """

    chromosomes: Mapping[str, str]
    sites: pd.DataFrame
    repeats: pd.DataFrame
    families: Mapping[str, str]
    motifs: tuple[Motif, ...]
    divergence: float
    seed: int


@dataclass(frozen=True, eq=False)
class _Piece:
    """A stretch to be put into a chromosome, with what it holds: (offset, motif, strand) of its sites."""

    letters: Letters
    family: str = ""
    sites: tuple[tuple[int, Motif, int], ...] = ()

    def turned(self) -> _Piece:
        """Return the piece as the other strand shows it."""
        end = len(self.letters)
        sites = tuple((end - offset - len(motif), motif, -strand) for offset, motif, strand in self.sites[::-1])
        return _Piece(_reverse_complement(self.letters), self.family, sites)


_Placed = tuple[int, _Piece, int]  # start, the piece as it stands there, strand


@dataclass(frozen=True, eq=False)
class _Source:
    """Where everything random comes from: a generator, and the share of each base in the background."""

    rng: np.random.Generator
    shares: NDArray[np.float64]

    def letters(self, length: int) -> Letters:
        """Draw background."""
        return np.asarray(_BASES[np.searchsorted(self.shares.cumsum()[:-1], self.rng.random(length), side="right")])


def simulate(
    motifs: Sequence[Motif],
    *,
    chromosomes: int = 5,
    length: int = 100_000,
    sites: int = 100,
    families: int = 10,
    copies: int = 20,
    homes: int = 1,
    family_length: int = 300,
    divergence: float = 0.1,
    gc: float = 0.42,
    seed: int = 42,
) -> Genome:
    """Draw a genome, scatter repeats over its chromosomes, and plant sites of motifs inside and outside of them.

    Parameters
    ----------
    motifs : sequence of Motif
        What to plant; a site is a draw from the motif's probabilities.
    chromosomes, length : int
        How many chromosomes, and how many bases in each.
    sites : int
        Sites of each motif on each chromosome, outside repeats. Half of them, at random, lie on the other strand.
    families : int
        Families of repeats. The sequence that a family comes from holds one site of each motif.
    copies : int
        Copies of each family on each chromosome that has it, half of them, at random, turned around.
    homes : int
        On how many chromosomes a family has copies. With 1, a family is private to a chromosome: windows of one
        chromosome resemble each other and those of others do not, so only a split by chromosome is honest. With
        `chromosomes`, every family is everywhere, and no split by chromosome is.
    family_length : int
        Bases of a repeat.
    divergence : float
        The share of bases that are drawn anew in each copy, from 0 to 1; binding sites in it included.
    gc : float
        The share of G and C outside sites, above 0 and below 1.
    seed : int
        Seed of the generator.

    Returns
    -------
    Genome
        The sequences and the truth about them.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, or the pieces do not fit into a chromosome; the message says what was seen.

    Notes
    -----
    Repeats and lone sites never overlap; among the arrangements without overlap every one is equally likely.
    Chance also makes windows that look like a site and are not in the table. On repeats that carry binding sites:
    Bourque et al. (2008), *Evolution of the mammalian transcription factor binding repertoire via transposable
    elements*. Lesson: notebook 03.

    Examples
    --------
    >>> gata = Motif.from_consensus("GATAAG", name="GATA1")
    >>> genome = simulate([gata], chromosomes=2, length=2_000, sites=5, families=1, copies=2)
    >>> [len(sequence) for sequence in genome.chromosomes.values()], len(genome.sites), len(genome.repeats)
    ([2000, 2000], 12, 2)
    >>> genome.sites.query("family == ''").sequence.unique().tolist()
    ['GATAAG']
    """
    planted, names = _motifs(motifs), _names(chromosomes)
    source = _Source(np.random.default_rng(check.integer("seed", seed, 0)), _composition(gc))
    length, family_length = check.integer("length", length, 1), check.integer("family_length", family_length, 1)
    sites, copies = check.integer("sites", sites, 0), check.integer("copies", copies, 0)
    families, share = check.integer("families", families, 0), check.share("divergence", divergence)
    if check.integer("homes", homes, 1) > len(names):
        raise ValueError(f"homes must be at most the number of chromosomes, {len(names)}, got {homes}")
    ancestors = [_ancestor(f"repeat{i}", planted, family_length, source) for i in range(1, families + 1)]
    placed: dict[str, list[_Placed]] = {}
    texts = {}
    for number, name in enumerate(names):
        here = [ancestor for i, ancestor in enumerate(ancestors) if (number - i) % len(names) < homes]
        pieces = [_copy(ancestor, share, source) for ancestor in here for _ in range(copies)]
        pieces += [_lone_site(motif, source) for motif in planted for _ in range(sites)]
        letters, placed[name] = _assemble(name, pieces, length, source)
        texts[name] = _text(letters)
    return Genome(
        MappingProxyType(texts),
        _site_table(placed),
        _repeat_table(placed),
        MappingProxyType({ancestor.family: _text(ancestor.letters) for ancestor in ancestors}),
        planted,
        share,
        seed,
    )


def _ancestor(family: str, motifs: tuple[Motif, ...], length: int, source: _Source) -> _Piece:
    """Return the sequence that a family comes from, with one site of each motif."""
    letters, placed = _assemble(family, [_lone_site(motif, source) for motif in motifs], length, source)
    sites = tuple((start + offset, motif, s) for start, piece, _ in placed for offset, motif, s in piece.sites)
    return _Piece(letters, family, sites)


def _lone_site(motif: Motif, source: _Source) -> _Piece:
    letters = np.frombuffer(motif.sample(1, source.rng)[0].encode("ascii"), np.uint8)
    return _Piece(letters, sites=((0, motif, 1),))


def _copy(ancestor: _Piece, divergence: float, source: _Source) -> _Piece:
    """Return a copy of a repeat in which a share of the bases is drawn anew."""
    drawn = source.letters(len(ancestor.letters))
    changed = source.rng.random(len(drawn)) < divergence
    return _Piece(np.where(changed, drawn, ancestor.letters), ancestor.family, ancestor.sites)


def _assemble(where: str, pieces: list[_Piece], length: int, source: _Source) -> tuple[Letters, list[_Placed]]:
    """Lay pieces without overlap, each turned around half of the time, over a random background."""
    sizes = np.array([len(piece.letters) for piece in pieces], np.int64)
    free = length - int(sizes.sum())
    if free < 0:
        raise ValueError(f"length of {where} must be at least {length - free}, what is put into it, got {length}")
    letters, order = source.letters(length), source.rng.permutation(len(pieces))
    # Which of the free bases and pieces, in a row, are pieces: each choice is one arrangement.
    slots = np.sort(source.rng.choice(free + len(pieces), len(pieces), replace=False))
    starts = slots - np.arange(len(pieces)) + sizes[order].cumsum() - sizes[order]
    placed = []
    for start, index, backward in zip(starts.tolist(), order, source.rng.random(len(pieces)) < 0.5, strict=True):
        piece = pieces[index].turned() if backward else pieces[index]
        letters[start : start + len(piece.letters)] = piece.letters
        placed.append((start, piece, -1 if backward else 1))
    return letters, placed


def _site_table(placed: dict[str, list[_Placed]]) -> pd.DataFrame:
    rows = []
    for chromosome, pieces in placed.items():
        for start, piece, _ in pieces:
            for offset, motif, strand in piece.sites:
                letters = piece.letters[offset : offset + len(motif)]
                text = _text(letters if strand == 1 else _reverse_complement(letters))
                place = start + offset
                rows.append((chromosome, place, place + len(motif), strand, motif.name, piece.family, text))
    return _table(rows, ["chromosome", "start", "end", "strand", "motif", "family", "sequence"])


def _repeat_table(placed: dict[str, list[_Placed]]) -> pd.DataFrame:
    rows = [
        (chromosome, start, start + len(piece.letters), strand, piece.family)
        for chromosome, pieces in placed.items()
        for start, piece, strand in pieces
        if piece.family
    ]
    return _table(rows, ["chromosome", "start", "end", "strand", "family"])


def _table(rows: Sequence[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("start", "end", "strand"), np.int64))


def _text(letters: Letters) -> str:
    return letters.tobytes().decode("ascii")


def _reverse_complement(letters: Letters) -> Letters:
    return np.frombuffer(dna.reverse_complement(letters.tobytes()), np.uint8)


def _composition(gc: float) -> NDArray[np.float64]:
    share = check.real("gc", gc)
    if not 0 < share < 1:
        raise ValueError(f"gc must lie above 0 and below 1, got {gc}")
    return np.array([1 - share, share, share, 1 - share]) / 2


def _names(chromosomes: int) -> list[str]:
    return [f"chr{i}" for i in range(1, check.integer("chromosomes", chromosomes, 1) + 1)]


def _motifs(motifs: Sequence[Motif]) -> tuple[Motif, ...]:
    planted = tuple(motifs)
    for motif in planted:
        if not isinstance(motif, Motif):
            raise TypeError(f"motifs must hold Motif objects, got {type(motif).__name__}")
    names = [motif.name for motif in planted]
    if len(set(names)) < len(names) or "" in names:
        raise ValueError(f"motifs must have names that differ, got {names}")
    return planted
