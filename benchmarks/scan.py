"""Scan 10 Mbp for CTCF on both strands at p < 1e-4, from the text to a list of hits, against three peers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.timing import Row, medians, show
from course_lib import motifs

CTCF = Path(__file__).parents[1] / "data" / "motifs" / "MA0139.1.jaspar"
P_VALUE = 1e-4
MILLION = 10**6


def sequence(length: int) -> str:
    letters = np.frombuffer(b"ACGT", np.uint8)
    return letters[np.random.default_rng(0).integers(0, 4, length)].tobytes().decode()


def moods(text: str, motif: motifs.Motif) -> Callable[[], list[int]]:
    import MOODS.scan
    import MOODS.tools

    background, counts = [0.25] * 4, motif.counts.T.tolist()

    def call() -> list[int]:
        matrix = MOODS.tools.log_odds(counts, background, 1.0, 2)
        threshold = MOODS.tools.threshold_from_p(matrix, background, P_VALUE)
        both = [matrix, MOODS.tools.reverse_complement(matrix)]
        return [len(hits) for hits in MOODS.scan.scan_dna(text, both, background, [threshold] * 2, 7)]

    return call


def memelite(text: str, motif: motifs.Motif, *, encoded: bool) -> Callable[[], int]:
    """It takes one-hot arrays: `encoded` leaves the making of it out of the time."""
    import torch
    from memelite import fimo
    from tangermeme.utils import one_hot_encode

    pwms = {motif.name: torch.from_numpy(motif.probabilities.T.copy())}
    ready = one_hot_encode(text)[None].numpy() if encoded else None

    def call() -> int:
        array = one_hot_encode(text)[None].numpy() if ready is None else ready
        return len(fimo(pwms, array, threshold=P_VALUE)[0])

    return call


def biopython(text: str, motif: motifs.Motif) -> Callable[[], int]:
    from Bio import motifs as bio

    counts = dict(zip("ACGT", motif.counts.T.tolist(), strict=True))
    pssm = bio.Motif("ACGT", counts=counts).counts.normalize(pseudocounts=0.25).log_odds()
    threshold = motifs.score_distribution(motif.pwm()).threshold(P_VALUE)
    return lambda: sum(int((m.calculate(text) >= threshold).sum()) for m in (pssm, pssm.reverse_complement()))


def rows(length: int = 10 * MILLION, repeats: int = 5) -> list[Row]:
    text, motif = sequence(length), motifs.Motif.from_file(CTCF)
    seconds = medians(
        {
            "ours": lambda: motifs.scan(text, motif, p_value=P_VALUE),
            "MOODS": moods(text, motif),
            "memelite, from text": memelite(text, motif, encoded=False),
            "memelite, from one-hot": memelite(text, motif, encoded=True),
            "Biopython": biopython(text, motif),
        },
        repeats,
    )
    ours = seconds.pop("ours")
    work = f"PWM scan, {length / MILLION:g} Mbp, CTCF, both strands, p < {P_VALUE:g}"
    return [Row(work, peer, ours, theirs, "s") for peer, theirs in seconds.items()]


if __name__ == "__main__":
    show(rows())
