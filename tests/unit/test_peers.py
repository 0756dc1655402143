"""dna and motifs against the tools of the field, which are test dependencies only."""

import importlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from course_lib import dna, motifs

FILES = sorted((Path(motifs.__file__).parents[1] / "data" / "motifs").glob("*.jaspar"))
UNIFORM = [0.25] * 4


def peer(name):
    """Import a peer. Only MOODS may be missing, on Windows or without a C++ compiler: skipped, visibly."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if not name.startswith("MOODS") or (shutil.which("c++") and os.name != "nt"):
            raise
        pytest.skip("MOODS is not installed: it needs a C++ compiler, and is not built on Windows")


def random_sequence(length, letters="ACGT"):
    return "".join(np.random.default_rng(length).choice(list(letters), length))


def hits_of(table):
    return {(position, strand): score for position, strand, score in table.values.tolist()}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def motif(request):
    return motifs.Motif.from_file(request.param)


def assert_same_hits(mine, theirs):
    assert mine.keys() == theirs.keys()
    assert len(mine) > 20
    assert max(abs(mine[hit] - theirs[hit]) for hit in mine) < 1e-4


@pytest.mark.parametrize("background", [UNIFORM, [0.3, 0.2, 0.2, 0.3]], ids=["uniform", "AT-rich"])
def test_hits_equal_those_of_moods(motif, background):
    peer("MOODS")
    scan, tools = peer("MOODS.scan"), peer("MOODS.tools")
    sequence = random_sequence(100_000)
    matrix = tools.log_odds(motif.counts.T.tolist(), background, 1.0, 2)
    threshold = tools.threshold_from_p(matrix, background, 1e-3)
    found = scan.scan_dna(sequence, [matrix, tools.reverse_complement(matrix)], background, [threshold] * 2, 7)
    theirs = {(hit.pos, strand): hit.score for strand, hits in zip("+-", found, strict=True) for hit in hits}
    mine = motifs.scan(sequence, motif, threshold=threshold, background=background)
    assert_same_hits(hits_of(mine), theirs)
    assert motifs.score_distribution(motif.pwm(background=background), background=background).threshold(
        1e-3
    ) == pytest.approx(threshold, abs=0.02)


def test_hits_equal_those_of_biopython(motif):
    bio = peer("Bio.motifs")
    sequence = random_sequence(30_000)
    counts = dict(zip("ACGT", motif.counts.T.tolist(), strict=True))
    pssm = bio.Motif("ACGT", counts=counts).counts.normalize(pseudocounts=0.25).log_odds()
    mine = motifs.scan(sequence, motif, p_value=2e-3)
    threshold = mine["score"].min() - 1e-5
    theirs = {}
    for position, score in pssm.search(sequence, threshold=threshold):
        # Biopython counts positions on the other strand from the end.
        theirs[(position, "+") if position >= 0 else (position + len(sequence), "-")] = float(score)
    assert_same_hits(hits_of(mine[["position", "strand", "score"]]), theirs)


def test_scores_equal_those_of_memelite(motif):
    fimo, torch = peer("memelite").fimo, peer("torch")
    sequence = random_sequence(50_000)
    # Its only pseudocount is added to probabilities: give it probabilities that already hold ours.
    shares = (motif.counts + 0.25) / (motif.counts.sum(1, keepdims=True) + 1)
    array = dna.one_hot(sequence, dtype=np.int8).T[None].copy()
    (table,) = fimo({"m": torch.from_numpy(shares.T.copy())}, array, threshold=1e-3, eps=0.0)
    theirs = dict(zip(zip(table["start"].tolist(), table["strand"], strict=True), table["score"], strict=True))
    mine = hits_of(motifs.scan(sequence, motif))
    assert len(theirs) > 20
    assert max(abs(mine[hit] - score) for hit, score in theirs.items()) < 1e-4
    ours = motifs.scan(sequence, motif, p_value=1e-3)
    assert len(ours) == pytest.approx(len(theirs), rel=0.2)  # its grid of scores is 0.1 bits wide


@pytest.mark.parametrize("length", [1, 1000, dna._LONG + 3])
def test_one_hot_equals_that_of_tangermeme(length):
    utils = peer("tangermeme.utils")
    sequence = random_sequence(length, "ACGTNacgt").upper()
    theirs = utils.one_hot_encode(sequence).numpy().T
    assert (dna.one_hot(sequence, dtype=np.int8) == theirs).all()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_read_like_biopython_reads_them(path, tmp_path):
    bio = peer("Bio.motifs")
    motif = motifs.Motif.from_file(path)
    with path.open() as file:
        (theirs,) = bio.parse(file, "jaspar")
    assert (theirs.name, theirs.matrix_id) == (motif.name, motif.identifier)
    assert [theirs.counts[base] for base in "ACGT"] == motif.counts.T.tolist()
    written = tmp_path / "one.meme"
    motifs.write_meme(written, [motif])
    with written.open() as file:
        (theirs,) = bio.parse(file, "minimal")
    assert theirs.name == motif.identifier
    for base, shares in zip("ACGT", motif.probabilities.T, strict=True):
        assert list(theirs.pwm[base]) == pytest.approx(shares, abs=2e-3)
