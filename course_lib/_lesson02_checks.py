"""Checks of the exercises of lesson 02, `notebooks/02-cnn-for-dna-scoring.ipynb`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_lib import datasets, dna
from course_lib._answers import Floats, Judge, Verdict, hint, number, output

_PROBES = ("AAAACCCC", "GGTTAACC", "CCTATCCC", "AAGCGAAA", "TATAGCGC", "TATATCAC", "GCGCGCGC", "TTTATTAT", "GTATGCGA")
_ENCODED = "TATAGCGA"


def _by_the_rule(values: Floats, tat: Floats, gcg: Floats) -> Floats:
    return np.asarray(values + 10 * tat - 10 * gcg)


def _occurrences(motif: str, *, overlapping: bool) -> Floats:
    """Count a motif in each probe."""
    if not overlapping:
        return np.array([float(text.count(motif)) for text in _PROBES])
    starts = range(len(_PROBES[0]) - len(motif) + 1)
    return np.array([float(sum(text.startswith(motif, i) for i in starts)) for text in _PROBES])


def _kmer_rule(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function, without calling it: a function of one sequence, a string.")
    scores = output(lambda: np.array([answer(text) for text in _PROBES], float), (len(_PROBES),))
    if isinstance(scores, Verdict):
        return scores
    sums = np.array([sum({"A": 20, "C": 17, "G": 14, "T": 11}[base] for base in text) for text in _PROBES])
    means, nothing = sums / len(_PROBES[0]), np.zeros(len(_PROBES))
    tat, gcg = (_occurrences(motif, overlapping=True) for motif in ("TAT", "GCG"))
    once = (np.minimum(tat, 1), np.minimum(gcg, 1))
    apart = [_occurrences(motif, overlapping=False) for motif in ("TAT", "GCG")]
    repeats = "You add the bonus once for each occurrence. The rule asks whether the motif is there at all."
    hints = [
        (_by_the_rule(means, *once), ""),
        (_by_the_rule(means, tat, gcg), repeats),
        (_by_the_rule(means, apart[0], apart[1]), repeats),
        (_by_the_rule(sums, *once), "You add the values of the bases. Take their mean."),
        (_by_the_rule(means, nothing, nothing), "The bases are right. TAT and GCG are missing."),
        (_by_the_rule(means, *once[::-1]), "The signs are swapped: TAT adds 10, GCG takes 10 away."),
        (_by_the_rule(means, once[0], nothing), "GCG takes 10 away, also beside a TAT."),
        (_by_the_rule(means, nothing, once[1]), "TAT adds 10, also beside a GCG."),
        (_by_the_rule(means, once[0], once[1] * (1 - once[0])), "A sequence can hold both motifs. Then both count."),
    ]
    for target, advice in hints:
        if np.allclose(scores, target):
            return hint(advice) if advice else Verdict(True, "Also with both motifs, and with the same one twice.")
    wrong = int(np.flatnonzero(~np.isclose(scores, hints[0][0]))[0])
    return hint(f"{_PROBES[wrong]} scores {hints[0][0][wrong]:g}; your function says {scores[wrong]:g}.")


def _letter_order(answer: object) -> Verdict:
    read = str(dna.decode(dna.one_hot(_ENCODED, alphabet="ATGC")))
    if not isinstance(answer, str) or not answer:
        return hint("Give a string of eight letters.")
    text = answer.strip().upper()
    if text == read:
        return Verdict(True, "T and C have changed places, the TAT is gone, and nothing raised an error.")
    if text == _ENCODED:
        return hint("The network does not know the letters, only the columns. In A, C, G, T the second column is C.")
    if len(text) != len(_ENCODED):
        return hint(f"The network reads as many letters as you encode, {len(_ENCODED)}; you gave {len(text)}.")
    return hint("Letter by letter: which column holds the 1, and which letter is that column in A, C, G, T?")


def _parameters_flat(answer: object) -> Verdict:
    value = number(answer)
    if value == 609:
        return Verdict(True, "32 x (4 x 3 + 1) = 416 in the filters, 32 x 6 + 1 = 193 in the linear layer.")
    hints = {
        416.0: "Those are the filters with their biases. The linear layer has parameters too.",
        193.0: "That is the linear layer. The filters have parameters too.",
        577.0: "Each filter has a bias as well: 32 more.",
        576.0: "Each filter has a bias, and so has the output.",
        608.0: "The output has a bias too.",
        449.0: "Flattening keeps all 6 positions of each filter: the linear layer has 192 inputs, not 32.",
        673.0: "A filter of width 3 fits into 8 bases at 6 places, not at 8.",
        641.0: "A filter of width 3 fits into 8 bases at 6 places, not at 7.",
        321.0: "A filter spans all 4 channels: 4 x 3 weights, not 3.",
    }
    return hint(hints.get(value or 0, "Filters: 32 x (channels x width + 1). Linear layer: filters x positions + 1."))


def _count_pooling(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give a function: NumPy array of shape (n, filters, positions) in, shape (n, filters) out.")
    scores = np.maximum(np.random.default_rng(0).normal(size=(5, 3, 6)), 0)
    pooled = output(answer, (5, 3), scores)
    if isinstance(pooled, Verdict):
        return pooled
    totals = scores.sum(2)
    if np.allclose(pooled * totals.sum(), totals * pooled.sum()) and pooled.sum() > 0:
        return Verdict(True, "A sum (or a mean, up to a factor) grows with every occurrence, and forgets the place.")
    if np.allclose(pooled, scores.max(2)):
        return hint("The maximum of one 10 and the maximum of two 10s are both 10: it cannot count.")
    if np.allclose(pooled, (scores > 0).sum(2)):
        return hint("Nearly. A number of positions has no gradient, so that the filters would not learn.")
    return hint("Two occurrences must give twice what one gives, wherever they stand.")


def _network_by_hand(answer: object) -> Verdict:
    from torch import nn

    if not isinstance(answer, nn.Module):
        return hint("Give the network itself, a cnn.MotifCNN with the weights that you set.")
    size = sum(parameter.numel() for parameter in answer.parameters())
    if size > 33:
        return hint(f"Your network has {size} parameters. Two filters of width 3 and the composition need 33.")
    data = datasets.kmer_scores()
    scores = output(lambda: _predict(answer, data.X), data.y.shape)
    if isinstance(scores, Verdict):
        return scores
    error = np.abs(scores - data.y)
    if error.max() < 1e-3:
        return Verdict(True, f"All {len(error):,} sequences, with {size} parameters and without training.")
    return hint(_where_it_fails(scores - data.y, data.counts > 0))


def _predict(model: Any, X: NDArray[np.float32]) -> NDArray[Any]:
    from course_lib import training

    return training.predict(model, X.transpose(0, 2, 1))


def _where_it_fails(difference: Floats, held: NDArray[np.bool_]) -> str:
    """Name the first kind of sequence that is wrong: without motif, with one of them, with both."""
    neither, tat, gcg = ~held.any(1), held[:, 0] & ~held[:, 1], held[:, 1] & ~held[:, 0]
    if np.abs(difference[neither]).max() >= 1e-3:
        return "Sequences without a motif are wrong: does a filter fire below a full match, or is a base value off?"
    for name, rows, bonus in (("TAT", tat, "+10"), ("GCG", gcg, "-10")):
        if np.abs(difference[rows]).max() >= 1e-3:
            return f"Only sequences with {name} are wrong, by {difference[rows].mean():.1f}; it should give {bonus}."
    return "Each motif alone is right. Sequences that hold both are wrong."


JUDGES: dict[str, Judge] = {
    "kmer_rule": _kmer_rule,
    "letter_order": _letter_order,
    "parameters_flat": _parameters_flat,
    "count_pooling": _count_pooling,
    "network_by_hand": _network_by_hand,
}
