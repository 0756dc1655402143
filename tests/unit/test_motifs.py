"""motifs: every number against its definition, every search against scoring all windows, files there and back."""

import hashlib
import itertools
import subprocess
import sys
import tracemalloc
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex

from course_lib import _scan, dna, motifs, plots
from course_lib.motifs import Motif, score_distribution

ROOT = Path(motifs.__file__).parents[1]
FILES = sorted((ROOT / "data" / "motifs").glob("*.jaspar"))
CTCF = Motif.from_file(ROOT / "data" / "motifs" / "MA0139.1.jaspar")
SKEWED = [0.1, 0.2, 0.3, 0.4]
IUPAC_PARTNER = dict(zip("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN", strict=True))

seeds = st.integers(0, 2**32 - 1)


def random_motif(rng, width):
    return Motif(
        rng.integers(0, 30, (width, 4)) + rng.integers(0, 2, (width, 1)) + np.eye(4)[rng.integers(0, 4, width)]
    )


def random_sequence(rng, length, letters="ACGTacgtN", n_share=0.02):
    shares = [(1 - n_share) / (len(letters) - 1)] * (len(letters) - 1) + [n_share]
    return "".join(rng.choice(list(letters), length, p=shares))


def slow_scores(sequence, pwm):
    """The definition, letter by letter, in the order of the columns."""
    scores = []
    for start in range(len(sequence) - len(pwm) + 1):
        score = 0.0
        for row, letter in zip(pwm, sequence[start:].upper(), strict=False):
            score += -np.inf if letter == "N" else row["ACGT".index(letter)]
        scores.append(score)
    return np.array(scores)


def rows_of(table):
    return list(zip(table["position"], table["strand"], table["score"], strict=True))


# --- Motif -----------------------------------------------------------------------------------------------------


def test_counts_are_kept_read_only_and_apart():
    counts = np.array([[1.0, 2, 3, 4], [5, 0, 0, 0]])
    motif = Motif(counts, name="x", identifier="MA1")
    counts[0, 0] = 99
    assert motif.counts.tolist() == [[1, 2, 3, 4], [5, 0, 0, 0]]
    assert motif.counts.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        motif.counts[0, 0] = 3
    with pytest.raises(AttributeError):
        motif.name = "y"
    assert (len(motif), motif.name, motif.identifier, motif.consensus) == (2, "x", "MA1", "TA")
    assert motif.probabilities.tolist() == [[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[1, 2, 3]],), ValueError, r"counts must have 4 columns, for A, C, G, T, got shape \(1, 3\)"),
        (([1, 2, 3, 4],), ValueError, r"counts must have 2 axes, got shape \(4,\)"),
        ((np.zeros((0, 4)),), ValueError, r"counts is empty: shape \(0, 4\)"),
        (([[1, 2, 3, 4], [1, -2, 3, 4]],), ValueError, r"counts must be 0 or more, got -2.0 in row 1"),
        (([[1, 2, 3, 4], [0, 0, 0, 0]],), ValueError, "not be all zero in a row, got zeros in row 1"),
        (([[1, 2, 3, np.nan]],), ValueError, r"counts must be finite, got nan at \[0, 3\]"),
        (("ACGT",), TypeError, "counts must be an array of numbers, got str"),
        (([[1, 2, 3, 4]], 7), TypeError, "name must be a string, got int"),
        (([[1, 2, 3, 4]], "a\nb"), ValueError, "name must be one line without white space"),
        (([[1, 2, 3, 4]], " a"), ValueError, "name must be one line without white space at its ends, got ' a'"),
        (([[1, 2, 3, 4]], "a b", "c d"), ValueError, "identifier must be one word, got 'c d'"),
    ],
)
def test_motif_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        Motif(*arguments)


def test_from_probabilities_scales_to_sites():
    motif = Motif.from_probabilities(
        [[0.5, 0.25, 0.25, 0], [0.3334, 0.3333, 0.3334, 0]], sites=8, name="n", identifier="i"
    )
    assert motif.counts[0].tolist() == [4, 2, 2, 0]
    assert motif.counts.sum(1).tolist() == pytest.approx([8, 8], abs=1e-12)
    assert (motif.name, motif.identifier) == ("n", "i")
    assert Motif.from_probabilities([[1, 0, 0, 0]]).counts.tolist() == [[20, 0, 0, 0]]


@pytest.mark.parametrize(
    ("rows", "sites", "message"),
    [
        ([[0.5, 0.5, 0, 0], [0.5, 0.4, 0, 0]], 20, "probabilities must sum to 1 in each row, got 0.9 in row 1"),
        ([[0.5, 0.52, 0, 0]], 20, "got 1.02 in row 0"),
        ([[1.5, -0.5, 0, 0]], 20, "probabilities must be 0 or more, got -0.5 in row 0"),
        ([[1, 0, 0, 0]], 0, "sites must be above 0, got 0"),
    ],
)
def test_from_probabilities_refuses(rows, sites, message):
    with pytest.raises(ValueError, match=message):
        Motif.from_probabilities(rows, sites=sites)


@pytest.mark.parametrize(
    ("letter", "bases"),
    [
        ("B", "CGT"),
        ("D", "AGT"),
        ("H", "ACT"),
        ("V", "ACG"),
        ("N", "ACGT"),
        *zip("ACGT", "ACGT", strict=True),
        ("R", "AG"),
        ("Y", "CT"),
        ("S", "CG"),
        ("W", "AT"),
        ("K", "GT"),
        ("M", "AC"),
    ],
)
def test_consensus_letters_stand_for_their_bases(letter, bases):
    row = Motif.from_consensus(letter.lower(), sites=12).counts[0]
    assert row.tolist() == [12 / len(bases) * (base in bases) for base in "ACGT"]
    partner = Motif.from_consensus(IUPAC_PARTNER[letter], sites=12)
    assert Motif.from_consensus(letter, sites=12).reverse_complement().counts.tolist() == partner.counts.tolist()


def test_consensus_keeps_its_labels_and_20_sites():
    motif = Motif.from_consensus("TGASTCA", name="AP1", identifier="x")
    assert (motif.name, motif.identifier, motif.counts.sum(1).tolist()) == ("AP1", "x", [20.0] * 7)
    assert motif.consensus == "TGACTCA"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("", ValueError, "consensus is empty"),
        ("ACX", ValueError, "letters of the IUPAC code, got 'X' at 2"),
        ("AU", ValueError, "got 'U' at 1"),
        (b"AC", TypeError, "consensus must be a string, got bytes"),
    ],
)
def test_consensus_refuses(value, error, message):
    with pytest.raises(error, match=message):
        Motif.from_consensus(value)


@given(seeds, st.integers(1, 12), st.floats(0.01, 50))
def test_pwm_is_its_definition(seed, width, pseudocount):
    rng = np.random.default_rng(seed)
    motif, background = random_motif(rng, width), rng.dirichlet([5] * 4)
    pwm = motif.pwm(pseudocount=pseudocount, background=background)
    for row, counts in zip(pwm, motif.counts, strict=True):
        for entry, count, share in zip(row, counts, background, strict=True):
            p = (count + pseudocount * share) / (counts.sum() + pseudocount)
            assert entry == pytest.approx(np.log2(p / share), abs=1e-12)


def test_pwm_defaults_are_one_pseudocount_and_a_uniform_background():
    motif = Motif([[3, 0, 0, 1]])
    assert motif.pwm().tolist() == motif.pwm(pseudocount=1, background=[0.25] * 4).tolist()
    assert motif.pwm(pseudocount=0).tolist() == [[np.log2(3), -np.inf, -np.inf, 0]]
    assert motif.pwm()[0, 1] == pytest.approx(np.log2(0.25 / 5 / 0.25))


@pytest.mark.parametrize(
    ("background", "message"),
    [
        ([0.5, 0.5, 0, 0], r"background must hold four positive numbers with sum 1, got \[0.5, 0.5, 0.0, 0.0\]"),
        ([0.25] * 3, r"four positive numbers with sum 1, got \[0.25, 0.25, 0.25\]"),
        ([0.3, 0.3, 0.3, 0.3], "four positive numbers with sum 1, got"),
        ([1.5, -0.2, -0.2, -0.1], "four positive numbers with sum 1, got"),
        ([0.25, 0.25, 0.25, np.nan], r"background must be finite, got nan at \[3\]"),
    ],
)
def test_backgrounds_are_checked_everywhere(background, message, tmp_path):
    motif = Motif([[1, 2, 3, 4]])
    for call in (
        lambda: motif.pwm(background=background),
        lambda: motif.information_content(background=background),
        lambda: motif.logo(background=background),
        lambda: score_distribution(motif.pwm(), background=background),
        lambda: motifs.scan("ACGT", motif, background=background),
        lambda: motifs.as_conv1d(motif, background=background),
        lambda: motifs.write_meme(tmp_path / "x", [motif], background=background),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_negative_pseudocounts_are_refused():
    for call in (lambda: CTCF.pwm(pseudocount=-1), lambda: motifs.scan("A" * 19, CTCF, pseudocount=-1)):
        with pytest.raises(ValueError, match="pseudocount must be 0 or more, got -1"):
            call()


@given(seeds, st.integers(1, 12))
def test_information_is_the_mean_score_of_a_site(seed, width):
    rng = np.random.default_rng(seed)
    motif, background = random_motif(rng, width), rng.dirichlet([5] * 4)
    scores = motif.pwm(pseudocount=0, background=background)
    mean = (motif.probabilities * np.where(motif.counts > 0, scores, 0)).sum(1)
    assert motif.information_content(background=background) == pytest.approx(mean, abs=1e-12)
    assert (motif.information_content() <= 2 + 1e-12).all()
    assert (motif.information_content() >= -1e-12).all()


@given(seeds, st.integers(1, 12))
def test_reverse_complement_scores_the_other_strand(seed, width):
    rng = np.random.default_rng(seed)
    motif = Motif(random_motif(rng, width).counts, "n", "i")
    turned = motif.reverse_complement()
    site = random_sequence(rng, width, "ACGTN", 0)
    assert slow_scores(site, motif.pwm()) == pytest.approx(slow_scores(dna.reverse_complement(site), turned.pwm()))
    assert turned.reverse_complement().counts.tolist() == motif.counts.tolist()
    assert (turned.name, turned.identifier) == ("n", "i")


def test_samples_follow_the_probabilities():
    motif = Motif([[1, 2, 3, 4], [0, 1, 0, 1], [0, 0, 0, 7]])
    sites = motif.sample(20_000, np.random.default_rng(1))
    shares = dna.one_hot(sites).mean(0)
    assert np.abs(shares - motif.probabilities).max() < 5 * np.sqrt(0.25 / 20_000)
    assert shares[motif.counts == 0].tolist() == [0] * 5
    assert sites == motif.sample(20_000, np.random.default_rng(1))
    assert motif.sample(0, np.random.default_rng(1)) == []
    pair = np.mean([site[0] == "T" and site[1] == "C" for site in sites])
    assert pair == pytest.approx(0.4 * 0.5, abs=0.015)  # places are independent


def test_sample_refuses():
    with pytest.raises(ValueError, match="n must be at least 0, got -1"):
        CTCF.sample(-1, np.random.default_rng(0))
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 3"):
        CTCF.sample(1, 3)


def test_logo_has_letters_as_high_as_their_information():
    motif = Motif([[8, 0, 0, 0], [4, 0, 0, 4], [1, 1, 1, 1]], name="demo")
    ax = motif.logo()
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("Place in the motif", "Information (bits)", "demo")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "3"]
    boxes = [
        (to_hex(patch.get_facecolor()), patch.get_extents().transformed(ax.transData.inverted()))
        for patch in ax.patches
    ]
    heights = {(color, round(box.x0)): box.height for color, box in boxes if box.height > 1e-9}
    a, t = plots.NUCLEOTIDE_COLORS["A"], plots.NUCLEOTIDE_COLORS["T"]
    assert heights == pytest.approx({(a, 0): 2.0, (a, 1): 0.5, (t, 1): 0.5}, abs=0.03)
    assert ax.figure.get_size_inches().tolist() == pytest.approx([3, 2])
    _, mine = plt.subplots()
    assert CTCF.logo(mine) is mine
    assert CTCF.logo().figure.get_size_inches()[0] == pytest.approx(7.6)
    plt.close("all")


# --- p-values --------------------------------------------------------------------------------------------------


def all_scores(matrix, background):
    """Every sequence's score and probability, by enumeration."""
    words = list(itertools.product(range(4), repeat=len(matrix)))
    scores = np.array([sum(row[base] for row, base in zip(matrix, word, strict=True)) for word in words])
    return scores, np.array([np.prod([background[base] for base in word]) for word in words])


def exact_p(scores, chances, score):
    return chances[scores >= score - 1e-9].sum()


@settings(max_examples=30)
@given(seeds, st.integers(1, 5))
def test_p_values_on_the_grid_equal_enumeration(seed, width):
    rng = np.random.default_rng(seed)
    matrix, background = rng.integers(-200, 100, (width, 4)) / 32, rng.dirichlet([5] * 4)
    scores, chances = all_scores(matrix, background)
    distribution = score_distribution(matrix, background=background, step=1 / 32)
    assert distribution.error == 0
    for score in [*scores[:50], scores.max(), scores.min()]:
        assert distribution.p_value(score) == pytest.approx(exact_p(scores, chances, score), abs=1e-12)
    assert distribution.p_value(scores.max() + 1 / 32) == 0
    assert distribution.p_value(scores.min() - 5) == pytest.approx(1)


@settings(max_examples=30)
@given(seeds, st.integers(1, 5), st.sampled_from([2**-11, 0.01, 0.1]))
def test_p_values_off_the_grid_lie_within_the_stated_error(seed, width, step):
    rng = np.random.default_rng(seed)
    matrix, background = rng.normal(size=(width, 4)), rng.dirichlet([5] * 4)
    scores, chances = all_scores(matrix, background)
    distribution = score_distribution(matrix, background=background, step=step)
    assert 0 < distribution.error <= width * step / 2
    assert distribution.step == step
    for score in [*scores[:40], scores.max()]:
        p = distribution.p_value(score)
        assert exact_p(scores, chances, score) <= p + 1e-12
        assert p <= exact_p(scores, chances, score - 2 * distribution.error - step) + 1e-12


@settings(max_examples=30)
@given(seeds, st.integers(1, 6), st.floats(1e-4, 1))
def test_threshold_is_where_the_p_value_is_reached(seed, width, p_value):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(width, 4))
    distribution = score_distribution(matrix, step=0.01)
    threshold = distribution.threshold(p_value)
    assert distribution.p_value(threshold) <= p_value
    assert distribution.p_value(threshold + 0.005) <= p_value
    if threshold > matrix.min(1).sum() + 0.1:
        assert distribution.p_value(threshold - 1e-4) > p_value


def test_threshold_of_a_p_value_that_no_score_has():
    matrix = np.array([[1.0, 0, 0, 0]] * 2)
    threshold = score_distribution(matrix).threshold(0.06)
    assert 2 < threshold < 2.001
    assert score_distribution(matrix).threshold(1 / 16) <= 2


def test_default_grid_is_fine_and_states_its_error():
    distribution = score_distribution(CTCF.pwm())
    assert distribution.step == 2**-11
    assert 0.0005 < distribution.error <= 19 * 2**-12
    fine = score_distribution(CTCF.pwm(), step=1e-4)
    scores = np.linspace(-10, 20, 50)
    assert (fine.p_value(scores) <= distribution.p_value(scores)).all()
    assert distribution.p_value(scores) == pytest.approx(fine.p_value(scores), rel=0.02)
    assert len(distribution.tail) < 250_000


def test_minus_infinity_in_matrix_and_score():
    matrix = Motif([[1, 1, 0, 0], [1, 0, 0, 1]]).pwm(pseudocount=0)
    distribution = score_distribution(matrix)
    assert distribution.p_value([2.0, 1.9, -50.0, -np.inf]).tolist() == [0.25, 0.25, 0.25, 1.0]
    assert distribution.p_value(2.1) == 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: score_distribution([[1, 2, 3]]), ValueError, r"pwm must have 4 columns, .* got shape \(1, 3\)"),
        (lambda: score_distribution([1.0, 2, 3, 4]), ValueError, r"pwm must have 2 axes, got shape \(4,\)"),
        (lambda: score_distribution([[1, 2, 3, np.nan]]), ValueError, "pwm must be finite, got nan"),
        (lambda: score_distribution([[1, 2, 3, np.inf]]), ValueError, "pwm must be finite, got inf"),
        (
            lambda: score_distribution([[0] * 4, [-np.inf] * 4]),
            ValueError,
            "not be all minus infinity in a row, got row 1",
        ),
        (lambda: score_distribution([[0, 0, 0, 1]], step=0), ValueError, "step must be above 0, got 0"),
        (
            lambda: score_distribution([[0, 0, 0, 1]], step=1e-9),
            ValueError,
            "step must be larger: 1e-09 makes more than",
        ),
        (lambda: score_distribution("x"), TypeError, "pwm must hold numbers, got str"),
        (lambda: score_distribution([[0, 0, 0, 1]]).p_value("x"), TypeError, "score must hold numbers, got str"),
        (lambda: score_distribution([[0, 0, 0, 1]]).p_value(np.nan), ValueError, "score must hold numbers, got nan"),
        (
            lambda: score_distribution([[0, 0, 0, 1]]).threshold(0),
            ValueError,
            "p_value must lie above 0 and be at most 1, got 0",
        ),
        (lambda: score_distribution([[0, 0, 0, 1]]).threshold(1.1), ValueError, "be at most 1, got 1.1"),
    ],
)
def test_distributions_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call()


# --- scan ------------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(seeds, st.integers(1, 25), st.integers(0, 60), st.booleans())
def test_scan_without_limits_is_its_definition(seed, width, extra, both):
    rng = np.random.default_rng(seed)
    motif, sequence = random_motif(rng, width), random_sequence(rng, width + extra)
    table = motifs.scan(sequence, motif, both_strands=both, background=SKEWED)
    pwm = motif.pwm(background=SKEWED)
    forward = table[table["strand"] == "+"]
    assert forward["position"].tolist() == list(range(extra + 1))
    assert forward["score"].tolist() == slow_scores(sequence, pwm).tolist()
    other = table[table["strand"] == "-"]
    assert len(other) == (extra + 1) * both
    for position, _, score in rows_of(other):
        window = dna.reverse_complement(sequence[position : position + width])
        assert score == pytest.approx(slow_scores(window, pwm)[0], abs=1e-9)
    assert table["position"].tolist() == sorted(table["position"])
    assert table["strand"].tolist()[:2] == (["+", "-"] if both else ["+"] * min(2, extra + 1))


@pytest.fixture
def small_chunks(monkeypatch):
    """Run the search of long sequences, over the ends of chunks, on short ones."""
    monkeypatch.setattr(_scan, "_SHORT", 0)
    monkeypatch.setattr(_scan, "_CHUNK", 32)


def every_window(sequence, motif, threshold, both):
    table = motifs.scan(sequence, motif, both_strands=both)
    return rows_of(table[table["score"] >= threshold])


@pytest.mark.parametrize("long", [0, 10**9], ids=["keys of ten bases", "keys of eight bases"])
def test_search_finds_what_scoring_every_window_finds(small_chunks, monkeypatch, long):
    monkeypatch.setattr(_scan, "_LONG", long)
    rng = np.random.default_rng(7)
    found = 0
    for width in [*range(1, 31), 45]:
        motif = random_motif(rng, width)
        sequence = random_sequence(rng, width + int(rng.integers(0, 200)))
        scores = motifs.scan(sequence, motif)["score"]
        finite = scores[np.isfinite(scores)]
        for share in (0.0, 0.5, 0.9, 0.99) if len(finite) else ():
            threshold = float(np.quantile(finite, share, method="nearest"))
            both = bool(rng.integers(0, 2))
            hits = rows_of(motifs.scan(sequence, motif, threshold=threshold, both_strands=both))
            assert hits == every_window(sequence, motif, threshold, both)
            found += len(hits)
    assert found > 1000


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(1, 30), st.integers(0, 300), st.floats(0.3, 1))
def test_search_on_random_input(seed, width, extra, share):
    rng = np.random.default_rng(seed)
    motif, sequence = random_motif(rng, width), random_sequence(rng, width + extra)
    top = motif.pwm().max(1).sum()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_scan, "_SHORT", 0)
        patch.setattr(_scan, "_CHUNK", int(rng.integers(1, 20)) * 4)
        patch.setattr(_scan, "_LONG", int(rng.integers(0, 2)) * 10**9)
        hits = rows_of(motifs.scan(sequence, motif, threshold=share * top))
    assert hits == every_window(sequence, motif, share * top, True)


def test_search_with_entries_of_minus_infinity(small_chunks):
    motif = Motif.from_consensus("TGASTCANNNWW")
    sequence = random_sequence(np.random.default_rng(3), 300) + "TGACTCAGGGAT" + "ATCCCTGACTCA" * 3
    table = motifs.scan(sequence, motif, pseudocount=0)
    hits = motifs.scan(sequence, motif, pseudocount=0, threshold=5.0)
    assert rows_of(hits) == rows_of(table[table["score"] >= 5.0])
    assert (300, "+", 15.0) in rows_of(hits)


@pytest.mark.parametrize("length", [_scan._SHORT - 1, _scan._SHORT, _scan._LONG + 1, _scan._LONG * 2 + 7])
def test_real_sizes_take_every_path(length):
    sequence = random_sequence(np.random.default_rng(length), length, "ACGTN", 0.001)
    hits = motifs.scan(sequence, CTCF, threshold=6.0)
    codes = np.frombuffer(sequence.encode(), np.uint8)
    pwm = CTCF.pwm()
    for strand, matrix in (("+", pwm), ("-", pwm[::-1, ::-1])):
        scores = _scan.every_score(codes, matrix)
        mine = hits[hits["strand"] == strand]
        assert mine["position"].tolist() == np.flatnonzero(scores >= 6.0).tolist()
        assert mine["score"].tolist() == scores[scores >= 6.0].tolist()


def test_few_windows_pass_the_first_test():
    """The search is fast because it rules out most windows at once: by how many, for CTCF at p = 1e-4."""
    pwm = CTCF.pwm()
    for half, most in ((False, 0.08), (True, 0.03)):
        flags, lanes = _scan._tables([pwm, pwm[::-1, ::-1]], [8.3, 8.3], half)
        passing = [(flags >> bit & 1).mean() for bit in range(8)]
        assert len(lanes) == 8
        assert all(0 < share < most for share in passing)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scanning_the_other_strand_mirrors_the_hits(path):
    motif = Motif.from_file(path)
    rng = np.random.default_rng(11)
    sequence = "".join(random_sequence(rng, 300) + site for site in motif.sample(30, rng))
    hits = motifs.scan(sequence, motif, p_value=1e-3)
    mirrored = motifs.scan(dna.reverse_complement(sequence), motif, p_value=1e-3)
    swap = {"+": "-", "-": "+"}
    expected = {(len(sequence) - len(motif) - position, swap[strand]) for position, strand, _ in rows_of(mirrored)}
    assert {(position, strand) for position, strand, _ in rows_of(hits)} == expected
    assert len(hits) > 20


def test_planted_sites_are_found_where_they_stand():
    motif = Motif.from_consensus("TGACTCAT")
    sequence = "CCCC" + "TGACTCAT" + "CCCCC" + "ATGAGTCA" + "CC"
    hits = motifs.scan(sequence, motif, threshold=10.0)
    assert list(zip(hits["position"], hits["strand"], strict=True)) == [(4, "+"), (17, "-")]
    assert hits["score"].tolist() == pytest.approx([motif.pwm().max(1).sum()] * 2)
    assert hits["position"].dtype == np.int64
    assert list(hits.columns) == ["position", "strand", "score"]


def test_windows_with_n_are_minus_infinity_and_never_hits():
    motif = Motif.from_consensus("AAA")
    table = motifs.scan("AAANAAA", motif, both_strands=False)
    assert np.isneginf(table["score"]).tolist() == [False, True, True, True, False]
    assert motifs.scan("AAANAAA", motif, threshold=-1e9, both_strands=False)["position"].tolist() == [0, 4]
    assert len(motifs.scan("NNNN", motif, p_value=1.0)) == 0
    assert list(motifs.scan("NNNN", motif, p_value=1.0).columns) == ["position", "strand", "score", "p_value"]


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(2, 6), st.floats(0.001, 0.3))
def test_hits_by_p_value_have_exact_p_values_on_both_strands(seed, width, p_value):
    rng = np.random.default_rng(seed)
    motif, sequence = random_motif(rng, width), random_sequence(rng, 300)
    hits = motifs.scan(sequence, motif, p_value=p_value, background=SKEWED, pseudocount=0.5)
    pwm = motif.pwm(background=SKEWED, pseudocount=0.5)
    for strand, matrix in (("+", pwm), ("-", pwm[::-1, ::-1])):
        scores, chances = all_scores(matrix, SKEWED)
        distribution = score_distribution(matrix, background=SKEWED)
        windows = slow_scores(sequence, matrix)
        mine = hits[hits["strand"] == strand]
        expected = np.flatnonzero([np.isfinite(s) and distribution.p_value(s) <= p_value for s in windows])
        assert mine["position"].tolist() == expected.tolist()
        assert (mine["p_value"] <= p_value).all()
        for score, p in zip(mine["score"], mine["p_value"], strict=True):
            assert exact_p(scores, chances, score) - 1e-12 <= p
            assert p <= exact_p(scores, chances, score - 2 * distribution.error - distribution.step) + 1e-12


def test_the_share_of_hits_in_random_sequence_is_the_p_value():
    sequence = random_sequence(np.random.default_rng(5), 400_000, "ACGTN", 0)
    hits = motifs.scan(sequence, CTCF, p_value=1e-3)
    windows = 2 * (400_000 - 18)
    assert len(hits) / windows == pytest.approx(1e-3, rel=5 / np.sqrt(1e-3 * windows))


def test_every_form_of_a_sequence_scans_alike():
    sequence = random_sequence(np.random.default_rng(2), 500)
    expected = rows_of(motifs.scan(sequence, CTCF, threshold=-20.0))
    assert len(expected) > 10
    raw = sequence.encode()
    for form in (
        raw,
        bytearray(raw),
        np.array(list(sequence)),
        np.array(list(sequence), "S1"),
        np.frombuffer(raw, np.uint8),
    ):
        assert rows_of(motifs.scan(form, CTCF, threshold=-20.0)) == expected


@pytest.mark.parametrize(
    ("sequence", "keywords", "error", "message"),
    [
        (
            "ACGXACGT",
            {},
            ValueError,
            r"the sequence has 'X' at position 3 \(counting from 0\); expected one of ACGT or N",
        ),
        ("ACGRACGT", {"threshold": 1.0}, ValueError, "the sequence has 'R' at position 3 "),
        ("ACG", {}, ValueError, r"sequence must be as long as the motif \(4\) or longer, got 3 letters"),
        ("", {}, ValueError, "got 0 letters"),
        (["ACGT"], {}, TypeError, "sequence must be one sequence of letters, got list"),
        (np.array([["A", "C"]]), {}, TypeError, "sequence must be one sequence of letters, got ndarray"),
        (7, {}, TypeError, "sequence must be one sequence of letters, got int"),
        (
            "ACGT",
            {"threshold": 1.0, "p_value": 0.1},
            ValueError,
            "threshold and p_value exclude each other, got 1.0 and 0.1",
        ),
        ("ACGT", {"threshold": np.nan}, ValueError, "threshold must be finite, got nan"),
        ("ACGT", {"p_value": 0}, ValueError, "p_value must lie above 0 and be at most 1, got 0"),
        ("ACGT", {"p_value": 2.0}, ValueError, "at most 1, got 2.0"),
    ],
)
def test_scan_refuses(sequence, keywords, error, message):
    with pytest.raises(error, match=message):
        motifs.scan(sequence, Motif.from_consensus("ACGT"), **keywords)


def test_an_unknown_letter_in_a_later_chunk_has_its_true_position(small_chunks):
    for position in (0, 31, 32, 33, 90, 99):
        sequence = "A" * position + "X" + "A" * (99 - position)
        with pytest.raises(ValueError, match=f"'X' at position {position} "):
            motifs.scan(sequence, Motif.from_consensus("ACGT"), threshold=1.0)


def test_what_is_no_motif_is_refused(tmp_path):
    for call in (
        lambda: motifs.scan("ACGT", CTCF.pwm()),
        lambda: motifs.as_conv1d("CTCF"),
        lambda: motifs.write_jaspar(tmp_path / "x", ["CTCF"]),
    ):
        with pytest.raises(TypeError, match=r"motif must be a Motif, got (ndarray|str)"):
            call()


def test_memory_of_a_search_is_bounded():
    sequence = "ACGTTGCAAC" * 800_000
    tracemalloc.start()
    try:
        motifs.scan(sequence, CTCF, threshold=8.3)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32e6  # scoring every window would take 128 MB


# --- as_conv1d -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_convolution_gives_the_scores_of_the_scan(path):
    motif = Motif.from_file(path)
    sequence = random_sequence(np.random.default_rng(4), 2000, "ACGTN", 0)
    x = torch.from_numpy(dna.one_hot(sequence).T.copy())[None]
    table = motifs.scan(sequence, motif, background=SKEWED)
    for strand, turned in (("+", motif), ("-", motif.reverse_complement())):
        background = SKEWED if strand == "+" else SKEWED[::-1]
        scores = table[table["strand"] == strand]["score"].to_numpy()
        output = motifs.as_conv1d(turned, background=background)(x)
        assert output.shape == (1, 1, len(scores))
        single = output.detach().numpy()[0, 0]
        assert single[scores > -20] == pytest.approx(scores[scores > -20], abs=1e-5, rel=0)
        assert single == pytest.approx(scores, abs=1e-5, rel=1e-6)
        double = motifs.as_conv1d(turned, background=background, dtype=torch.float64)(x.double())
        assert double.detach().numpy()[0, 0] == pytest.approx(scores, abs=1e-9, rel=0)


def test_the_filter_is_trainable_and_without_bias():
    filter_ = motifs.as_conv1d(CTCF, pseudocount=2.0)
    assert [(name, tuple(p.shape), p.requires_grad) for name, p in filter_.named_parameters()] == [
        ("weight", (1, 4, 19), True)
    ]
    assert filter_.weight.dtype == torch.float32
    assert filter_.weight[0].detach().numpy() == pytest.approx(CTCF.pwm(pseudocount=2.0).T, abs=1e-6)


def test_a_filter_needs_finite_weights():
    with pytest.raises(ValueError, match="pseudocount must be above 0, got 0"):
        motifs.as_conv1d(Motif.from_consensus("ACGT"), pseudocount=0)


def test_torch_is_loaded_for_the_convolution_only():
    use = "from course_lib.motifs import Motif, scan; scan('ACGT', Motif([[1, 2, 3, 4]]))"
    code = f"import sys; {use}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "False"


# --- files -----------------------------------------------------------------------------------------------------


def same(one, other, **tolerance):
    return (one.name, one.identifier) == (other.name, other.identifier) and np.allclose(
        one.counts, other.counts, **tolerance
    )


@settings(max_examples=30)
@given(seeds)
def test_jaspar_there_and_back_is_exact(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    path = tmp_path_factory.mktemp("jaspar") / "all.jaspar"
    made = [
        Motif(random_motif(rng, 5).counts, "TATA box", "MA1"),
        Motif(rng.random((3, 4)), "", "MA2"),
        Motif(rng.random((1, 4)) * 1e7, "x"),
    ]
    motifs.write_jaspar(path, made)
    read = motifs.read_jaspar(path)
    assert [(m.name, m.identifier) for m in read] == [("TATA box", "MA1"), ("", "MA2"), ("x", "")]
    assert [m.counts.tolist() for m in read] == [m.counts.tolist() for m in made]


@settings(max_examples=30)
@given(seeds)
def test_meme_there_and_back_keeps_six_decimals(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    path = tmp_path_factory.mktemp("meme") / "all.meme"
    made = [
        Motif(random_motif(rng, 5).counts, "TATA box", "MA1"),
        Motif.from_consensus("ACGTN", name="word", sites=12.5),
    ]
    motifs.write_meme(path, made, background=SKEWED)
    read = motifs.read_meme(path)
    assert [(m.name, m.identifier) for m in read] == [("TATA box", "MA1"), ("word", "")]
    for one, other in zip(made, read, strict=True):
        assert np.abs(one.probabilities - other.probabilities).max() < 2e-6
        assert other.counts.sum(1) == pytest.approx([one.counts.sum(1).max()] * len(one))
    assert "A 0.100000 C 0.200000 G 0.300000 T 0.400000" in path.read_text()


def test_other_spellings_of_jaspar(tmp_path):
    path = tmp_path / "x.pfm"
    path.write_text("\n>MA1 one two \r\n1 2\n3 4\n\n5\t6\n7 8.5\n>MA2\nT [1 ]\nG[ 2]\nC [ 3 ]\na [4]\n")
    first, second = motifs.read_jaspar(path)
    assert (first.identifier, first.name, second.identifier, second.name) == ("MA1", "one two", "MA2", "")
    assert first.counts.tolist() == [[1, 3, 5, 7], [2, 4, 6, 8.5]]
    assert second.counts.tolist() == [[4, 3, 2, 1]]


GOOD = ">M x\nA [ 1 2 ]\nC [ 1 2 ]\nG [ 1 2 ]\nT [ 1 2 ]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bad.txt holds no motif"),
        ("\n \n", "bad.txt holds no motif"),
        ("A [ 1 ]\n", r"line 1: expected '>identifier name', got 'A \[ 1 \]'"),
        (GOOD + "\nA [ 1 ]\n", "line 7: expected '>identifier name'"),
        (">M x\nA [ 1 2 ]\nC [ 1 2 ]\n", "end of file: expected the counts of G"),
        (
            ">M x\nA [ 1 2 ]\nC [ 1 2 ]\nG [ 1 ]\nT [ 1 2 ]\n",
            "line 1: the motif needs rows A, C, G, T of one length, got A 2, C 2, G 1, T 2",
        ),
        (
            ">M x\nA [ 1 2 ]\nC [ 1 2 ]\nC [ 1 2 ]\nT [ 1 2 ]\n",
            "line 1: the motif needs rows A, C, G, T of one length, got A 2, C 2, T 2",
        ),
        (">M x\nA [ 1 2 ]\nC [ 1 two ]\nG [ 1 2 ]\nT [ 1 2 ]\n", "line 3: expected numbers, got '1 two'"),
        (GOOD.replace("G [ 1 2", "G [ 1 -2"), "line 1: the motif needs numbers of 0 or more"),
        (GOOD.replace("G [ 1 2", "G [ 1 nan"), "line 1: the motif needs numbers of 0 or more"),
        (GOOD.replace("1 2", "1 0"), "line 1: the motif needs .* a sum above 0"),
        (GOOD.replace("1 2", ""), "line 1: the motif needs numbers"),
    ],
)
def test_malformed_jaspar_is_named_by_line(tmp_path, text, message):
    path = tmp_path / "bad.txt"
    path.write_text(text)
    for read in (motifs.read_jaspar, Motif.from_file):
        with pytest.raises(ValueError, match=f"^path: bad.txt.*{message}|{message}"):
            read(path)


HEAD = "MEME version 4\n\nALPHABET= ACGT\n\n"
MATRIX = "letter-probability matrix: alength= 4 w= 2 nsites= 8 E= 0\n 0.5 0.5 0 0\n 0 0 0 1\n"


def test_other_spellings_of_meme(tmp_path):
    path = tmp_path / "x.meme"
    unstated = MATRIX.replace("nsites= 8 E= 0", "")
    url = "URL http://example.org\n\n"
    path.write_text(f"{HEAD}strands: + -\nMOTIF MA1 one two\n\n{MATRIX}{url}MOTIF only\n{unstated}")
    first, second = motifs.read_meme(path)
    assert (first.identifier, first.name, second.identifier, second.name) == ("MA1", "one two", "", "only")
    assert first.counts.tolist() == [[4, 4, 0, 0], [0, 0, 0, 8]]
    assert second.counts.tolist() == [[10, 10, 0, 0], [0, 0, 0, 20]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD, "line 1: expected 'MEME version 4', got '>M x'"),
        ("", "line 1: expected 'MEME version 4', got ''"),
        (HEAD, "line 3: expected a letter-probability matrix, got the end of the file"),
        (HEAD + "MOTIF a\n", "line 5: expected a letter-probability matrix, got the end"),
        (f"{HEAD}MOTIF a\n{MATRIX}MOTIF b\n", "line 9: expected a letter-probability matrix, got the end"),
        (HEAD.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY"), "line 3: expected the alphabet ACGT, got 'ACDEF"),
        (f"{HEAD}MOTIF\n{MATRIX}", "line 5: the motif has no name"),
        (HEAD + MATRIX, "line 5: expected a line MOTIF before the matrix"),
        (f"{HEAD}MOTIF a\n{MATRIX}{MATRIX}", "line 9: expected a line MOTIF before the matrix"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("w= 2", "w= 3"), "line 8: expected row 3 of 3 with 4 numbers, got ''"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("w= 2", "w= 0"), "line 6: the motif needs numbers"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("w= 2", "w= x"), "line 6: expected the width as 'w= 19'"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("nsites= 8", "nsites= many"), "line 6: expected numbers, got 'many'"),
        (
            f"{HEAD}MOTIF a\n" + MATRIX.replace("0 0 0 1", "0 0 0 1 0"),
            "line 8: expected row 2 of 2 with 4 numbers, got '0 0 0 1 0'",
        ),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("0 0 0 1", "0 0 x 1"), "line 8: expected numbers, got '0 0 x 1'"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("0 0 0 1", "0 0 0 0.9"), "line 6: the rows of the matrix must sum to 1"),
        (f"{HEAD}MOTIF a\n" + MATRIX.replace("0 0 0 1", "0 0 -1 2"), "line 6: the motif needs numbers of 0 or more"),
    ],
)
def test_malformed_meme_is_named_by_line(tmp_path, text, message):
    path = tmp_path / "bad.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"^path: bad.txt, {message}"):
        motifs.read_meme(path)


def test_from_file_tells_the_formats_apart_and_chooses(tmp_path):
    two = [Motif([[1, 0, 0, 0]], "one", "MA1"), Motif([[0, 1, 0, 0]], "two", "MA2")]
    for write in (motifs.write_jaspar, motifs.write_meme):
        path = tmp_path / "two.txt"
        write(path, two)
        assert Motif.from_file(path, "two").consensus == "C"
        assert Motif.from_file(str(path), "MA1").consensus == "A"
        with pytest.raises(ValueError, match=r"name must choose one motif of two\.txt, got None for: one, two"):
            Motif.from_file(path)
        with pytest.raises(ValueError, match="got 'three' for: one, two"):
            Motif.from_file(path, "three")
        write(path, two[1:])
        assert same(Motif.from_file(path), two[1])
    with pytest.raises(FileNotFoundError):
        Motif.from_file(tmp_path / "none")


def test_writing_refuses(tmp_path):
    for write in (motifs.write_jaspar, motifs.write_meme):
        with pytest.raises(ValueError, match="motifs is empty"):
            write(tmp_path / "x", [])
    for name in ("", "two words"):
        with pytest.raises(ValueError, match=f"an identifier, or a name of one word, for MEME format; got '{name}'"):
            motifs.write_meme(tmp_path / "x", [Motif([[1, 0, 0, 0]], name)])
    assert list(tmp_path.iterdir()) == []


# --- data/motifs -----------------------------------------------------------------------------------------------


def test_the_matrices_are_the_ones_that_were_stored():
    stored = dict(line.split()[::-1] for line in (ROOT / "data" / "motifs" / "SHA256SUMS").read_text().splitlines())
    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FILES} == stored
    assert [(Motif.from_file(path).name, len(Motif.from_file(path))) for path in FILES] == [
        ("GATA1", 11),
        ("SPI1", 20),
        ("YY1", 12),
        ("TP53", 18),
        ("REST", 21),
        ("CTCF", 19),
        ("NRF1", 11),
    ]


def test_readme_of_the_data_states_what_the_files_hold():
    readme = (ROOT / "data" / "README.md").read_text()
    for path in FILES:
        motif = Motif.from_file(path)
        low, high = int(motif.counts.sum(1).min()), int(motif.counts.sum(1).max())
        sites = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        assert motif.identifier == path.stem
        assert f"| `{path.name}` | {motif.name} | {len(motif)} | {sites} |" in readme
    assert "CC BY 4.0" in readme


def test_ctcf_is_the_published_matrix():
    assert CTCF.counts[:3].tolist() == [[87, 291, 76, 459], [167, 145, 414, 187], [281, 49, 449, 134]]
    assert CTCF.consensus == "TGGCCACCAGGGGGCGCTA"
    assert CTCF.information_content().sum() == pytest.approx(17.21, abs=0.005)


def test_the_text_of_jaspar_files(tmp_path):
    motif = Motif([[10, 0, 2.5, 7], [1, 100, 3, 4]], name="Two places", identifier="MA9999.1")
    motifs.write_jaspar(tmp_path / "two.jaspar", [motif, Motif([[1, 0, 0, 0]], name="β", identifier="MA9998.1")])
    assert (tmp_path / "two.jaspar").read_bytes().decode("utf-8").replace("\r\n", "\n") == (
        ">MA9999.1\tTwo places\nA [  10   1 ]\nC [   0 100 ]\nG [ 2.5   3 ]\nT [   7   4 ]\n"
        ">MA9998.1\tβ\nA [ 1 ]\nC [ 0 ]\nG [ 0 ]\nT [ 0 ]\n"
    )


def test_the_text_of_meme_files(tmp_path):
    two = [Motif([[8, 0, 0, 0], [0, 2, 6, 0]], name="A G box", identifier="X1"), Motif([[0, 0, 0, 3]], name="β")]
    motifs.write_meme(tmp_path / "two.meme", two)
    assert (tmp_path / "two.meme").read_bytes().decode("utf-8").replace("\r\n", "\n") == (
        "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n"
        "A 0.250000 C 0.250000 G 0.250000 T 0.250000\n"
        "\nMOTIF X1 A G box\nletter-probability matrix: alength= 4 w= 2 nsites= 8 E= 0\n"
        " 1.000000 0.000000 0.000000 0.000000\n 0.000000 0.250000 0.750000 0.000000\n"
        "\nMOTIF β\nletter-probability matrix: alength= 4 w= 1 nsites= 3 E= 0\n"
        " 0.000000 0.000000 0.000000 1.000000\n"
    )
    assert [(motif.identifier, motif.name) for motif in motifs.read_meme(tmp_path / "two.meme")] == [
        ("X1", "A G box"),
        ("", "β"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ALPHABET= ACGT", None),
        ("ALPHABET=DNA", None),
        ("ALPHABET= ACGU", "line 2: expected the alphabet ACGT, got 'ACGU'"),
        ("ALPHABET= ACDEFGHIKLMNPQRSTVWY=AND MORE LETTERS", "got 'ACDEFGHIKLMNPQRSTVWY=AND MORE '"),
        ("ALPHABET= =ACGT", "got '=ACGT'"),
    ],
)
def test_alphabets_of_meme_files(tmp_path, line, message):
    matrix = "MOTIF X\nletter-probability matrix: alength= 4 w= 1 source: a:b\n1 0 0 0\n"
    (tmp_path / "x.meme").write_text(f"MEME version 4\n{line}\n{matrix}")
    if message is None:
        assert motifs.read_meme(tmp_path / "x.meme")[0].consensus == "A"
    else:
        with pytest.raises(ValueError, match=f"{message}$"):
            motifs.read_meme(tmp_path / "x.meme")


@pytest.mark.parametrize("head", ["letter-probability matrix:", "letter-probability matrix: alength= 4 w= X4"])
def test_a_matrix_states_its_width(tmp_path, head):
    (tmp_path / "x.meme").write_text(f"MEME version 4\nMOTIF X\n{head}\n1 0 0 0\n")
    with pytest.raises(ValueError, match=r"line 3: expected the width as 'w= 19'$"):
        motifs.read_meme(tmp_path / "x.meme")


def test_motifs_have_no_name_unless_one_is_given():
    for motif in (Motif.from_consensus("ACN"), Motif.from_probabilities([[0.5, 0.5, 0, 0]]), Motif([[1, 0, 0, 0]])):
        assert (motif.name, motif.identifier) == ("", "")
        assert motif.counts.dtype == np.float64


def test_the_row_that_is_no_distribution_is_named():
    with pytest.raises(ValueError, match=r"got 1\.9 in row 1$"):
        Motif.from_probabilities([[0.5, 0, 0, 0], [1.0, 0.9, 0, 0], [1, 0, 0, 0]])
    assert len(Motif.from_probabilities([[1.0099, 0, 0, 0]])) == 1


@pytest.mark.parametrize("length", [200, _scan._SHORT, _scan._LONG])
@pytest.mark.parametrize("places", [3, 23])
def test_a_window_at_the_threshold_is_a_hit_on_either_path(length, places):
    pwm = np.tile([2.0, -4.0, -4.0, -4.0], (places, 1))
    motif = Motif.from_consensus("A" * places)
    best = float(motif.pwm().max(1).sum())
    text = "C" * 50 + "A" * places + "C" * (length - 50 - places)
    assert [
        (strand, starts.tolist(), scores.tolist())
        for strand, starts, scores in _scan.find(np.frombuffer(text.encode(), np.uint8), [pwm], [2.0 * places])
        if len(starts)
    ] == [(0, [50], [2.0 * places])]
    assert motifs.scan(text, motif, threshold=best, both_strands=False).position.tolist() == [50]


def test_chances_end_at_one_and_wrong_ones_are_named():
    distribution = score_distribution(Motif([[7, 1, 1, 1]] * 11).pwm())
    assert distribution.tail.max() == distribution.tail[0] <= 1
    with pytest.raises(ValueError, match=r"^p_value must be finite, got nan$"):
        distribution.threshold(np.nan)
    with pytest.raises(ValueError, match=r"^score must hold numbers, got nan$"):
        distribution.p_value(np.nan)


def test_more_information_where_a_base_is_missing_than_where_it_is_rare():
    assert Motif([[1, 1, 0, 0]]).information_content().tolist() == [1.0]
    assert Motif([[2, 1, 1, 0]]).information_content().tolist() == [0.5]
