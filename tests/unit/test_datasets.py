"""The simulated data hold the truth that they claim, and come back from their seed."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import make_regression
from sklearn.linear_model import LinearRegression
from sklearn.metrics import roc_auc_score

from course_lib import datasets, dna

GENERATORS = [datasets.linear_regression, datasets.line, datasets.cubic]


@pytest.mark.parametrize("make", GENERATORS)
def test_same_seed_same_bytes_other_seed_other_data(make):
    first, again, other = make(50, noise=0.1, seed=3), make(50, noise=0.1, seed=3), make(50, noise=0.1, seed=4)
    assert first.X.tobytes() == again.X.tobytes()
    assert first.y.tobytes() == again.y.tobytes()
    assert not np.allclose(first.X, other.X)
    assert first.seed == 3


@pytest.mark.parametrize("make", GENERATORS)
def test_shapes_are_those_of_the_course(make):
    data = make(20)
    assert data.X.shape == (20, data.X.shape[1])
    assert data.y.shape == data.signal.shape == data.x.shape == (20,)
    assert (data.x == data.X[:, 0]).all()
    assert data.X.dtype == data.y.dtype == np.float64


@pytest.mark.parametrize("make", GENERATORS)
def test_records_are_frozen(make):
    with pytest.raises(dataclasses.FrozenInstanceError):
        make(5).y = np.zeros(5)


@pytest.mark.parametrize("make", GENERATORS)
def test_noise_is_normal_around_the_signal_with_its_standard_deviation(make):
    data = make(20_000, noise=2.5, seed=0)
    residual = (data.y - data.signal) / data.noise
    assert residual.mean() == pytest.approx(0, abs=0.03)
    assert residual.std() == pytest.approx(1, abs=0.02)
    assert np.mean(np.abs(residual) < 1.96) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("make", GENERATORS)
def test_without_noise_the_target_is_the_signal(make):
    data = make(30, noise=0.0)
    assert (data.y == data.signal).all()


@pytest.mark.parametrize("make", GENERATORS)
def test_the_noise_level_does_not_move_the_features(make):
    assert (make(30, noise=0.0, seed=5).X == make(30, noise=9.0, seed=5).X).all()


def test_linear_regression_is_the_model_of_make_regression():
    """Same features' law, same targets given the features: checked against scikit-learn's own generator."""
    ours = datasets.linear_regression(noise=10.0, bias=3.0, beta=(40.7, 6.6), seed=1)
    X, y, coefficients = make_regression(1000, 2, n_informative=2, noise=10.0, bias=3.0, coef=True, random_state=42)
    assert coefficients == pytest.approx([40.7, 6.6], abs=0.02)
    for features, targets, beta in ((ours.X, ours.y, ours.beta), (X, y, coefficients)):
        assert np.std(targets - features @ beta - 3.0) == pytest.approx(10, rel=0.07)
        assert features.mean(0) == pytest.approx([0, 0], abs=0.1)
        assert features.std(0) == pytest.approx([1, 1], abs=0.07)
        assert np.corrcoef(features.T)[0, 1] == pytest.approx(0, abs=0.1)


def test_scikit_learn_recovers_the_true_parameters():
    data = datasets.linear_regression(beta=(3.0, -2.0, 0.5), noise=0.01, bias=7.0)
    fitted = LinearRegression().fit(data.X, data.y)
    assert data.X.shape == (1000, 3)
    np.testing.assert_allclose(fitted.coef_, data.beta, atol=0.002)
    assert fitted.intercept_ == pytest.approx(data.bias, abs=0.002)


def test_line_and_cubic_by_hand():
    straight = datasets.line(5, slope=2.0, bias=1.0, noise=0.0, distribution="grid", low=0, high=4)
    assert straight.y.tolist() == [1.0, 3.0, 5.0, 7.0, 9.0]
    assert straight.beta.tolist() == [2.0]
    assert straight.bias == 1.0
    curve = datasets.cubic(3, distribution="grid", low=-2, high=4)
    assert curve.y.tolist() == [-8.0, 1.0, 64.0]


@pytest.mark.parametrize("make", [datasets.line, datasets.cubic])
def test_distributions_of_the_feature(make):
    uniform = make(20_000, distribution="uniform", low=-1, high=3).x
    assert uniform.min() >= -1
    assert uniform.max() <= 3
    assert (uniform.mean(), uniform.std()) == pytest.approx((1, 4 / 12**0.5), abs=0.03)
    normal = make(20_000, distribution="normal").x
    assert (normal.mean(), normal.std()) == pytest.approx((0, 1), abs=0.03)
    np.testing.assert_allclose(make(4, distribution="grid", low=0, high=3).x, [0, 1, 2, 3])


def test_defaults_are_those_of_the_source():
    """GENE 46100: 1000 rows of two features with noise 10; a line of slope 0.8 with noise 0.5; x cubed exactly."""
    plane, straight, curve = datasets.linear_regression(), datasets.line(), datasets.cubic()
    assert (plane.X.shape, plane.beta.tolist(), plane.bias, plane.noise) == ((1000, 2), [40.0, 7.0], 0.0, 10.0)
    assert (straight.X.shape, straight.beta.tolist(), straight.noise) == ((50, 1), [0.8], 0.5)
    assert (curve.X.shape, curve.noise, curve.distribution) == ((1000, 1), 0.0, "normal")
    assert plane.seed == straight.seed == curve.seed == 42


# --- split -----------------------------------------------------------------------------------------------------


@given(st.integers(10, 200), st.integers(0, 2**32 - 1))
def test_split_deals_every_row_once_and_keeps_rows_together(n, seed):
    X, y = np.arange(2 * n).reshape(n, 2), np.arange(n)
    parts = datasets.split(X, y, fractions=(0.5, 0.25, 0.25), seed=seed)
    dealt = np.concatenate([part[1] for part in parts])
    assert sorted(dealt) == list(range(n))
    for features, targets in parts:
        assert (features[:, 0] == 2 * targets).all()
    assert [len(part[1]) for part in parts[1:]] == [round(n / 4)] * 2


def test_split_shuffles_and_repeats_with_its_seed():
    rows = np.arange(100)
    first, again, other = (datasets.split(rows, seed=seed).train[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert not (first == other).all()
    assert not (first == np.sort(first)).all()


def test_split_may_deal_single_rows():
    assert [len(part[0]) for part in datasets.split([7, 8, 9], fractions=[1 / 3] * 3)] == [1, 1, 1]


def test_split_may_leave_a_part_out_when_asked():
    parts = datasets.split(np.arange(10), fractions=(0.7, 0.0, 0.3))
    assert [len(part[0]) for part in parts] == [7, 0, 3]


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", GENERATORS)
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must be at least 1, got 0"),
        ({"n": 2.5}, TypeError, "n must be a whole number, got float 2.5"),
        ({"noise": -1}, ValueError, "noise must be 0 or more, got -1"),
        ({"noise": np.inf}, ValueError, "noise must be finite, got inf"),
        ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
        ({"seed": None}, TypeError, "seed must be a whole number, got NoneType None"),
    ],
)
def test_bad_arguments_are_named(make, arguments, error, message):
    with pytest.raises(error, match=message):
        make(**arguments)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: datasets.linear_regression(beta=[]), r"beta is empty: shape \(0,\)"),
        (lambda: datasets.linear_regression(bias=np.nan), "bias must be finite, got nan"),
        (lambda: datasets.line(slope=np.nan), "slope must be finite, got nan"),
        (lambda: datasets.cubic(distribution="cauchy"), "one of normal, uniform, grid, got str 'cauchy'"),
        (lambda: datasets.cubic(low=2, high=1), "low must be below high, got 2 and 1"),
        (lambda: datasets.split([1, 2], [1]), r"arrays must have as many rows each, got \[2, 1\]"),
        (lambda: datasets.split(5), "arrays must have rows, got a single value"),
        (lambda: datasets.split([1, 2], fractions=(0.5, 0.5)), "fractions must be three numbers"),
        (lambda: datasets.split([1, 2], fractions=(0.5, 0.5, 0.5)), "which sum to 1.5"),
        (lambda: datasets.split([1, 2], fractions=(1.2, -0.2, 0)), "fractions must be 0 or more, got -0.2"),
        (lambda: datasets.split([1, 2]), "leave a part of 2 rows empty"),
    ],
)
def test_bad_values_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_split_of_nothing_is_refused():
    with pytest.raises(TypeError, match="at least one array"):
        datasets.split()


# --- seeds of the other generators -----------------------------------------------------------------------------

GATA = np.full((4, 4), 0.02) + 0.92 * np.eye(4)[[2, 0, 3, 0]]
SEEDED = {
    "k-mers": lambda seed: datasets.kmer_scores(3, noise=1.0, seed=seed).y,
    "gaussians": lambda seed: datasets.two_gaussians(seed=seed).X,
    "xor": lambda seed: datasets.xor(seed=seed).X,
    "expression": lambda seed: datasets.expression_profiles(seed=seed).X,
    "markov": lambda seed: datasets.markov_genome(500, order=2, seed=seed).codes,
    "recall": lambda seed: datasets.recall(seed=seed).codes,
    "planted": lambda seed: datasets.planted_motif(GATA, seed=seed).codes,
}


@pytest.mark.parametrize("name", SEEDED)
def test_the_seed_decides(name):
    make = SEEDED[name]
    assert make(3).tobytes() == make(3).tobytes()
    assert make(3).tobytes() != make(4).tobytes()


# --- scores of k-mers ------------------------------------------------------------------------------------------


def test_all_8_mers_of_lesson_02():
    data = datasets.kmer_scores()
    assert data.sequences == dna.kmers(8)
    assert data.X.shape == (65_536, 8, 4)
    assert (dna.one_hot(data.sequences) == data.X).all()
    assert (data.y == data.signal).all()
    values = {"A": 20, "C": 17, "G": 14, "T": 11}
    for row in range(0, 65_536, 97):
        text = data.sequences[row]
        expected = sum(values[b] for b in text) / 8 + 10 * ("TAT" in text) - 10 * ("GCG" in text)
        assert data.y[row] == pytest.approx(expected)


def test_a_motif_counts_once_in_the_score_and_every_time_in_the_counts():
    data = datasets.kmer_scores()
    row = data.sequences.index("TATATGCG")
    assert data.counts[row].tolist() == [2, 1]
    assert data.y[row] == pytest.approx((3 * 11 + 2 * 20 + 2 * 14 + 17) / 8)
    assert list(data.motifs.items()) == [("TAT", 10.0), ("GCG", -10.0)]


def test_k_mers_with_noise_and_values_of_ones_own():
    data = datasets.kmer_scores(6, base_values=[1, 0, 0, 0], motifs={"AC": 2.0}, noise=0.5)
    assert (data.y - data.signal).std() == pytest.approx(0.5, rel=0.05)
    assert data.noise == 0.5
    assert data.signal[data.sequences.index("ACAAAA")] == pytest.approx(5 / 6 + 2)
    plain = datasets.kmer_scores(2, motifs={})
    assert plain.y[plain.sequences.index("AT")] == 15.5
    assert plain.counts.shape == (16, 0)


# --- two classes -----------------------------------------------------------------------------------------------

CLASSES = {
    "gaussians": lambda n, **o: datasets.two_gaussians(n, distance=1.5, **o),
    "far": lambda n, **o: datasets.two_gaussians(n, distance=3.0, features=5, **o),
    "xor": lambda n, **o: datasets.xor(n, noise=0.4, **o),
}


@pytest.mark.parametrize("name", CLASSES)
def test_the_stated_score_is_calibrated_and_reaches_the_stated_accuracy(name):
    data = CLASSES[name](100_000, seed=0)
    assert ((data.log_odds > 0) == data.y).mean() == pytest.approx(data.accuracy, abs=0.005)
    said = 1 / (1 + np.exp(-data.log_odds))
    for low in np.arange(0, 1, 0.1):
        group = (said >= low) & (said < low + 0.1)
        assert data.y[group].mean() == pytest.approx(said[group].mean(), abs=0.03)
    assert data.y.mean() == pytest.approx(0.5, abs=0.01)


def test_shapes_and_laws_of_the_classes():
    data = datasets.two_gaussians(50_000, features=3, distance=4.0, seed=1)
    assert data.X.shape == (50_000, 3)
    for label, center in ((0, -2.0), (1, 2.0)):
        part = data.X[data.y == label]
        assert part.mean(0) == pytest.approx([center, 0, 0], abs=0.03)
        assert part.std(0) == pytest.approx([1, 1, 1], abs=0.03)
    corners = datasets.xor(50_000, noise=0.01, seed=1)
    assert (corners.y == corners.X.round().sum(1) % 2).all()
    assert (corners.X - corners.X.round()).std() == pytest.approx(0.01, rel=0.02)
    assert datasets.two_gaussians().X.shape == (200, 2)
    assert datasets.xor().X.shape == (200, 2)


# --- expression profiles ---------------------------------------------------------------------------------------


def test_expression_lies_in_the_space_of_its_programs():
    data = datasets.expression_profiles(2000, genes=40, programs=3, noise=0.5, seed=0)
    np.testing.assert_allclose(data.signal, data.activity @ data.loadings)
    assert (data.activity.shape, data.loadings.shape) == ((2000, 3), (3, 40))
    values = np.linalg.eigvalsh(np.cov(data.X.T))[::-1]
    assert values[2] > 4 > 1 > values[3]
    assert values[3:].mean() == pytest.approx(0.25, rel=0.05)
    assert (data.X - data.signal).std() == pytest.approx(0.5, rel=0.02)
    assert datasets.expression_profiles(500, genes=2000, seed=0).signal.var() == pytest.approx(1, rel=0.1)


# --- sequences with memory -------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [0, 1, 3])
def test_a_markov_genome_follows_its_own_probabilities(order):
    genome = datasets.markov_genome(200_000, order=order, seed=1)
    contexts = {text: i for i, text in enumerate(dna.kmers(order) if order else [""])}
    counts = np.zeros((4**order, 4))
    text = genome.sequence
    for i in range(order, len(text)):
        counts[contexts[text[i - order : i]], "ACGT".index(text[i])] += 1
    seen = counts.sum(1)
    often = seen > 2000
    assert often.any()
    np.testing.assert_allclose((counts[often].T / seen[often]).T, genome.transition[often], atol=0.04)
    np.testing.assert_allclose(seen / seen.sum(), genome.stationary, atol=0.01)
    paid = [-np.log2(genome.transition[contexts[text[i - order : i]], "ACGT".index(text[i])]) for i in range(order, 50)]
    np.testing.assert_allclose(genome.bits[: 50 - order], paid)
    assert genome.bits.shape == (200_000 - order,)
    assert genome.codes.shape == (200_000,)


def test_entropy_rate_equals_what_the_true_model_pays_and_that_of_conditional_entropies():
    genome = datasets.markov_genome(300_000, order=2, seed=1)
    assert genome.bits.mean() == pytest.approx(genome.entropy_rate, abs=0.01)
    joint = genome.stationary[:, None] * genome.transition
    entropy = lambda p: -(p[p > 0] * np.log2(p[p > 0])).sum()  # noqa: E731
    assert genome.entropy_rate == pytest.approx(entropy(joint) - entropy(genome.stationary), abs=1e-9)


def test_stationary_is_the_eigenvector_of_the_chain_of_contexts():
    genome = datasets.markov_genome(100, order=2, seed=1)
    chain = np.zeros((16, 16))
    for (a, b), c in itertools.product(itertools.product(range(4), repeat=2), range(4)):
        chain[4 * a + b, 4 * b + c] = genome.transition[4 * a + b, c]
    np.testing.assert_allclose(genome.stationary @ chain, genome.stationary, atol=1e-11)
    assert genome.stationary.sum() == pytest.approx(1)


def test_concentration_sets_how_hard_the_next_base_is():
    easy, hard = (datasets.markov_genome(10, order=3, concentration=c).entropy_rate for c in (0.1, 100))
    assert easy < 0.8 < 1.9 < hard < 2
    assert datasets.markov_genome(10).order == 5


def test_recall_asks_for_the_first_base():
    data = datasets.recall(40_000, distance=7)
    assert data.codes.shape == (40_000, 8)
    letters = ["".join("ACGT"[code] for code in row) for row in data.codes[:5]]
    assert (dna.one_hot(letters) == data.X[:5]).all()
    assert (data.y == data.codes[:, 0]).all()
    for place in range(1, 8):
        assert (data.codes[:, place] == data.y).mean() == pytest.approx(0.25, abs=0.01)
    assert np.bincount(data.y) / 40_000 == pytest.approx([0.25] * 4, abs=0.01)
    assert datasets.recall(1).codes.shape == (1, 51)


# --- planted motifs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("both_strands", [False, True])
def test_sites_are_where_they_are_said_to_be(both_strands):
    exact = np.eye(4)[[0, 1, 2, 2]]  # ACGG
    data = datasets.planted_motif(exact, n=2000, length=20, positives=0.3, both_strands=both_strands, seed=0)
    assert data.y.sum() == 600
    assert data.X.shape == (2000, 20, 4)
    assert (dna.one_hot(data.sequences) == data.X).all()
    for text, label, start, strand in zip(data.sequences, data.y, data.positions, data.strands, strict=True):
        expected = {1: "ACGG", -1: "CCGT"}
        if label:
            assert text[start : start + 4] == expected[strand]
        else:
            assert (start, strand) == (-1, 0)
    assert sorted(set(data.positions[data.y == 1])) == list(range(17))
    on_forward = (data.strands[data.y == 1] == 1).mean()
    assert on_forward == pytest.approx(0.5 if both_strands else 1.0, abs=0.06)


def test_sites_and_background_follow_their_probabilities():
    matrix = np.array([[0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.5, 0.0]])
    background = [0.1, 0.2, 0.3, 0.4]
    data = datasets.planted_motif(matrix, n=40_000, length=12, background=background, seed=0)
    with_site = data.y == 1
    rows = np.flatnonzero(with_site)
    for offset in range(2):
        letters = data.codes[rows, data.positions[rows] + offset]
        assert np.bincount(letters, minlength=4) / len(rows) == pytest.approx(matrix[offset], abs=0.01)
    assert np.bincount(data.codes[~with_site].ravel()) / data.codes[~with_site].size == pytest.approx(
        background, abs=0.01
    )
    assert data.background.tolist() == background


def test_labels_are_shuffled():
    y = datasets.planted_motif(GATA, n=100, length=10).y
    assert sorted(y) == [0.0] * 50 + [1.0] * 50
    assert y.tolist() != sorted(y)
    assert y.tolist() != sorted(y, reverse=True)


@pytest.mark.parametrize("both_strands", [False, True])
def test_log_odds_equal_the_probabilities_of_all_sequences(both_strands):
    """Every sequence of 4 bases: its probability with a site, by adding up all ways to make it, over that without."""
    matrix = np.array([[0.7, 0.1, 0.1, 0.1], [0.2, 0.0, 0.5, 0.3]])
    background = np.array([0.1, 0.2, 0.3, 0.4])
    codes = np.array(list(itertools.product(range(4), repeat=4)))
    strands = [matrix, matrix[::-1, ::-1]] if both_strands else [matrix]
    with_site = np.zeros(256)
    for start, site in itertools.product(range(3), strands):
        table = np.tile(background, (4, 1))
        table[start : start + 2] = site
        with_site += table[range(4), codes].prod(1) / (3 * len(strands))
    assert with_site.sum() == pytest.approx(1)
    found = datasets.motif_log_odds(codes, matrix, background=background, both_strands=both_strands)
    with np.errstate(divide="ignore"):
        expected = np.log(with_site / background[codes].prod(1))
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert np.isneginf(found).any() is np.isneginf(expected).any()


def test_the_optimal_score_beats_the_best_single_site():
    data = datasets.planted_motif(0.4 * GATA + 0.15, n=20_000, length=60, both_strands=True, seed=0)
    optimum = roc_auc_score(data.y, data.optimal)
    weights = np.log(data.matrix / data.background)
    strands = (weights, np.log(data.matrix[::-1, ::-1] / data.background))
    best_site = np.max([datasets._scan(data.codes, w).max(1) for w in strands], 0)
    assert optimum > roc_auc_score(data.y, best_site) > 0.5
    one_strand = datasets.motif_log_odds(data.codes, data.matrix)
    assert optimum > roc_auc_score(data.y, one_strand)


def test_log_odds_do_not_overflow_and_say_where_no_site_can_be():
    exact = np.eye(4)[np.zeros(400, int)]
    codes = np.zeros((2, 400), int)
    codes[1, 0] = 3
    assert datasets.motif_log_odds(codes, exact).tolist() == pytest.approx([400 * np.log(4), -np.inf])


# --- bad input of the other generators -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: datasets.kmer_scores(0), ValueError, "k must be at least 1, got 0"),
        (lambda: datasets.kmer_scores(11), ValueError, "k must be at most 10, got 11"),
        (lambda: datasets.kmer_scores(3, base_values=[1, 2]), ValueError, "base_values must be four numbers, .* got 2"),
        (lambda: datasets.kmer_scores(3, motifs={"TAX": 1}), ValueError, "written with A, C, G, T, got 'TAX'"),
        (lambda: datasets.kmer_scores(3, motifs={"": 1}), ValueError, "written with A, C, G, T, got ''"),
        (lambda: datasets.kmer_scores(2, motifs={"TAT": 1}), ValueError, "no longer than the 2 bases .* got 'TAT'"),
        (lambda: datasets.kmer_scores(3, motifs={"TAT": None}), TypeError, "motifs must be a number, got NoneType"),
        (lambda: datasets.kmer_scores(3, noise=-1), ValueError, "noise must be 0 or more, got -1"),
        (lambda: datasets.two_gaussians(0), ValueError, "n must be at least 1, got 0"),
        (lambda: datasets.two_gaussians(features=0), ValueError, "features must be at least 1, got 0"),
        (lambda: datasets.two_gaussians(distance=0), ValueError, "distance must be above 0, got 0"),
        (lambda: datasets.xor(0), ValueError, "n must be at least 1, got 0"),
        (lambda: datasets.xor(noise=0), ValueError, "noise must be above 0, got 0"),
        (lambda: datasets.expression_profiles(0), ValueError, "n must be at least 1, got 0"),
        (lambda: datasets.expression_profiles(genes=0), ValueError, "genes must be at least 1, got 0"),
        (lambda: datasets.expression_profiles(genes=3, programs=4), ValueError, "at most the 3 genes, got 4"),
        (lambda: datasets.expression_profiles(programs=0), ValueError, "programs must be at least 1, got 0"),
        (lambda: datasets.expression_profiles(noise=-1), ValueError, "noise must be 0 or more, got -1"),
        (lambda: datasets.markov_genome(5, order=5), ValueError, "length must be at least 6, got 5"),
        (lambda: datasets.markov_genome(order=9), ValueError, "order must be at most 8, got 9"),
        (lambda: datasets.markov_genome(order=-1), ValueError, "order must be at least 0, got -1"),
        (
            lambda: datasets.markov_genome(concentration=0.05),
            ValueError,
            "concentration must be at least 0.1, got 0.05",
        ),
        (lambda: datasets.recall(0), ValueError, "n must be at least 1, got 0"),
        (lambda: datasets.recall(distance=0), ValueError, "distance must be at least 1, got 0"),
        (lambda: datasets.planted_motif(GATA, n=0), ValueError, "n must be at least 1, got 0"),
        (lambda: datasets.planted_motif(GATA, length=3), ValueError, "length must be at least 4, got 3"),
        (
            lambda: datasets.planted_motif(GATA, positives=1.5),
            ValueError,
            "positives must lie between 0 and 1, got 1.5",
        ),
        (lambda: datasets.planted_motif(GATA, positives=-0.1), ValueError, "positives must lie between 0 and 1"),
        (lambda: datasets.planted_motif(GATA[:, :3]), ValueError, r"matrix must have 4 columns, .* got shape \(4, 3\)"),
        (
            lambda: datasets.planted_motif(2 * GATA),
            ValueError,
            "matrix must hold probabilities that sum to 1 in each row",
        ),
        (lambda: datasets.planted_motif([[1.5, -0.5, 0, 0]]), ValueError, "matrix must hold probabilities"),
        (lambda: datasets.planted_motif(GATA, background=[1, 0, 0, 0]), ValueError, "background must be above 0"),
        (lambda: datasets.planted_motif(GATA, background=[[0.25] * 4]), ValueError, "background must have 1 axis"),
        (
            lambda: datasets.motif_log_odds(np.ones((2, 3), int), GATA),
            ValueError,
            r"no shorter than the 4 rows .* \(2, 3\)",
        ),
        (lambda: datasets.motif_log_odds(np.ones((0, 9), int), GATA), ValueError, r"codes .* got \(0, 9\)"),
        (
            lambda: datasets.motif_log_odds(np.ones((2, 9)), GATA),
            ValueError,
            r"whole numbers of shape .* got float64 \(2, 9\)",
        ),
        (lambda: datasets.motif_log_odds(np.ones(9, int), GATA), ValueError, r"codes must be whole numbers of shape"),
        (lambda: datasets.motif_log_odds(np.full((2, 9), 4), GATA), ValueError, "from 0 to 3, got values from 4 to 4"),
        (
            lambda: datasets.motif_log_odds(np.full((2, 9), -1), GATA),
            ValueError,
            "from 0 to 3, got values from -1 to -1",
        ),
    ],
)
def test_bad_arguments_of_the_other_generators_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("share", [0, 1])
def test_all_or_none_may_hold_a_site(share):
    data = datasets.planted_motif(GATA, n=5, length=4, positives=share)
    assert data.y.tolist() == [float(share)] * 5


def test_defaults_of_the_sequence_generators():
    assert set(datasets.planted_motif(GATA).strands.tolist()) == {0, 1}
    said, default = (datasets.markov_genome(50, order=1, **o).transition for o in ({"concentration": 0.5}, {}))
    assert (said == default).all()
    assert datasets.planted_motif(GATA).codes.shape == (1000, 150)
    assert datasets.expression_profiles().loadings.shape == (5, 100)
