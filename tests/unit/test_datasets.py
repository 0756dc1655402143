"""The simulated data hold the truth that they claim, and come back from their seed."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import make_regression
from sklearn.linear_model import LinearRegression

from course_lib import datasets

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
