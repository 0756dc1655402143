"""linear against scikit-learn, torch autograd in float64, finite differences and closed-form iteration."""

import dataclasses
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge

from course_lib import linear

shapes = st.tuples(st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))


def problem(m=40, p=3, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(m, p)) * rng.uniform(0.5, 3, size=p)
    return X, X @ rng.normal(size=p) + rng.normal(size=m), rng.normal(size=p)


# --- the closed form -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_normal_equation_equals_scikit_learn(seed):
    X, y, _ = problem(seed=seed)
    expected = LinearRegression(fit_intercept=False).fit(X, y).coef_
    np.testing.assert_allclose(linear.normal_equation(X, y), expected, rtol=1e-10)


def test_normal_equation_recovers_beta_without_noise():
    X, _, beta = problem()
    np.testing.assert_allclose(linear.normal_equation(X, X @ beta), beta, rtol=1e-10)


def test_normal_equation_leaves_a_residual_at_right_angles_to_the_columns():
    X, y, _ = problem()
    assert np.abs(X.T @ (X @ linear.normal_equation(X, y) - y)).max() < 1e-10


def test_normal_equation_survives_columns_that_are_nearly_parallel():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    X = np.column_stack([x, x + 1e-7 * rng.normal(size=200)])
    np.testing.assert_allclose(linear.normal_equation(X, X @ [1.0, 2.0]), [1.0, 2.0], rtol=1e-6)


def test_normal_equation_refuses_dependent_columns():
    X, y, _ = problem()
    with pytest.raises(ValueError, match=r"X must have linearly independent columns.*rank 3"):
        linear.normal_equation(np.column_stack([X, X[:, 0] + X[:, 1]]), y)


def test_normal_equation_refuses_fewer_rows_than_columns():
    with pytest.raises(ValueError, match="rank 2"):
        linear.normal_equation(np.eye(2, 3), [1.0, 2.0])


# --- loss and gradient -----------------------------------------------------------------------------------------


def test_mse_by_hand():
    assert linear.mse([1.0, 2.0, 5.0], [0.0, 2.0, 1.0]) == pytest.approx(17 / 3)


@settings(deadline=None, max_examples=50)
@given(shapes)
def test_gradient_equals_torch_float64(shape):
    X, y, beta = problem(*shape)
    leaf = torch.tensor(beta, requires_grad=True)
    loss = torch.nn.functional.mse_loss(torch.tensor(X) @ leaf, torch.tensor(y))
    loss.backward()
    assert linear.mse(X @ beta, y) == pytest.approx(loss.item(), rel=1e-12)
    np.testing.assert_allclose(linear.mse_gradient(X, y, beta), leaf.grad.numpy(), rtol=1e-9, atol=1e-9)


@settings(deadline=None, max_examples=25)
@given(shapes)
def test_gradient_equals_finite_differences(shape):
    X, y, beta = problem(*shape)
    h = 1e-5
    slopes = [
        (linear.mse(X @ (beta + h * e), y) - linear.mse(X @ (beta - h * e), y)) / (2 * h) for e in np.eye(len(beta))
    ]
    np.testing.assert_allclose(linear.mse_gradient(X, y, beta), slopes, rtol=1e-6, atol=1e-6)


def test_gradient_is_zero_at_the_estimate():
    X, y, _ = problem()
    assert np.abs(linear.mse_gradient(X, y, linear.normal_equation(X, y))).max() < 1e-12


# --- gradient descent ------------------------------------------------------------------------------------------


def test_descent_follows_the_closed_form_iteration():
    """On a quadratic, beta_t - beta* = (I - rate H)^t (beta_0 - beta*)."""
    X, y, beta0 = problem()
    rate, steps = 0.05, 30
    path = linear.gradient_descent(X, y, learning_rate=rate, steps=steps, beta0=beta0)
    best = linear.normal_equation(X, y)
    shrink = np.eye(X.shape[1]) - rate * 2 / len(y) * X.T @ X
    expected = [best + np.linalg.matrix_power(shrink, t) @ (beta0 - best) for t in range(steps + 1)]
    np.testing.assert_allclose(path.betas, expected, rtol=1e-9, atol=1e-12)


def test_descent_has_the_promised_shapes_and_losses():
    X, y, _ = problem()
    path = linear.gradient_descent(X, y, learning_rate=0.01, steps=7)
    assert path.betas.shape == (8, 3)
    assert path.losses.shape == (8,)
    assert path.steps_taken == 7
    assert path.betas[0].tolist() == [0.0, 0.0, 0.0]
    assert path.losses == pytest.approx([linear.mse(X @ beta, y) for beta in path.betas])
    assert (np.diff(path.losses) < 0).all()
    assert path.diverged is False


def test_descent_of_no_steps_is_the_start():
    X, y, beta0 = problem()
    path = linear.gradient_descent(X, y, learning_rate=1.0, steps=0, beta0=beta0)
    assert path.betas.tolist() == [beta0.tolist()]


def test_descent_on_one_feature_equals_torch_sgd():
    X, y, _ = problem(p=1)
    beta = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([beta], lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(torch.tensor(X) @ beta, torch.tensor(y)).backward()
        optimizer.step()
    path = linear.gradient_descent(X, y, learning_rate=0.1, steps=20)
    np.testing.assert_allclose(path.betas[-1], beta.detach().numpy(), rtol=1e-12)


def test_inputs_are_left_alone():
    X, y, beta0 = problem()
    before = X.copy(), y.copy(), beta0.copy()
    linear.gradient_descent(X, y, learning_rate=0.1, steps=3, beta0=beta0)
    for array, copy in zip((X, y, beta0), before, strict=True):
        np.testing.assert_array_equal(array, copy)


# --- momentum, weight decay, schedules --------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(shapes, st.floats(0, 0.95), st.floats(0, 2))
def test_momentum_and_weight_decay_are_those_of_torch_sgd(shape, momentum, weight_decay):
    X, y, start = problem(*shape)
    options = {"momentum": momentum, "weight_decay": weight_decay}
    rate = 0.5 * linear.largest_stable_learning_rate(X, **options)
    beta = torch.tensor(start, requires_grad=True)
    optimizer = torch.optim.SGD([beta], lr=rate, **options)
    expected = [start]
    for _ in range(20):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(torch.tensor(X) @ beta, torch.tensor(y)).backward()
        optimizer.step()
        expected.append(beta.detach().numpy().copy())
    path = linear.gradient_descent(X, y, learning_rate=rate, steps=20, beta0=start, **options)
    np.testing.assert_allclose(path.betas, expected, rtol=1e-9, atol=1e-9)
    assert path.losses == pytest.approx([linear.mse(X @ b, y) for b in path.betas])


def test_weight_decay_ends_at_the_ridge_estimate():
    X, y, _ = problem()
    path = linear.gradient_descent(X, y, learning_rate=0.05, steps=2000, weight_decay=0.7)
    ridge = Ridge(alpha=0.7 * len(y) / 2, fit_intercept=False).fit(X, y).coef_
    np.testing.assert_allclose(path.betas[-1], ridge, rtol=1e-9)


def test_momentum_needs_fewer_steps_on_a_long_valley():
    X = np.diag([1.0, 30.0])
    best = np.array([1.0, 1.0])
    plain, heavy = (
        linear.gradient_descent(
            X, X @ best, learning_rate=0.9 * linear.largest_stable_learning_rate(X), steps=200, momentum=momentum
        )
        for momentum in (0.0, 0.9)
    )
    assert np.linalg.norm(heavy.betas[-1] - best) < 0.1 * np.linalg.norm(plain.betas[-1] - best)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("weight_decay", [0.0, 3.0])
@pytest.mark.parametrize(("factor", "diverged"), [(0.5, False), (0.99, False), (1.01, True), (2.0, True)])
def test_the_largest_stable_rate_knows_momentum_and_weight_decay(momentum, weight_decay, factor, diverged):
    X, y, start = problem()
    options = {"momentum": momentum, "weight_decay": weight_decay}
    rate = factor * linear.largest_stable_learning_rate(X, **options)
    path = linear.gradient_descent(X, y, learning_rate=rate, steps=5000, beta0=start, **options)
    assert path.diverged is diverged


def test_a_schedule_gives_the_rate_of_each_step():
    X, y, _ = problem()
    rates = [0.05, 0.0, 0.02, 0.1]
    path = linear.gradient_descent(X, y, learning_rate=rates.__getitem__, steps=4)
    beta = np.zeros(3)
    for rate, found in zip(rates, path.betas[1:], strict=True):
        beta = beta - rate * linear.mse_gradient(X, y, beta)
        np.testing.assert_allclose(found, beta, rtol=1e-12)


def test_a_constant_schedule_is_a_constant_rate():
    X, y, _ = problem()
    constant = linear.gradient_descent(X, y, learning_rate=0.03, steps=9)
    scheduled = linear.gradient_descent(X, y, learning_rate=lambda t: 0.03, steps=9)
    assert (constant.betas == scheduled.betas).all()


def test_a_pull_to_zero_is_no_divergence_though_the_plain_loss_rises():
    X, y, _ = problem()
    best = linear.normal_equation(X, y)
    path = linear.gradient_descent(X, y, learning_rate=0.05, steps=100, beta0=best, weight_decay=1.0)
    assert path.losses[-1] > path.losses[0]
    assert not path.diverged


def test_a_swing_of_momentum_is_no_divergence():
    """One feature, curvature 2: the first step at rate 1.5 overshoots, the loss is higher for a while, then falls."""
    options = {"learning_rate": 1.2, "momentum": 0.5, "beta0": [1.0]}
    few, many = (linear.gradient_descent([[1.0]], [1.5], steps=steps, **options) for steps in (1, 200))
    assert few.losses[-1] > few.losses[0]
    assert not few.diverged
    assert not many.diverged
    assert many.betas[-1] == pytest.approx([1.5])


def test_divergence_with_momentum_and_decay_is_judged_where_the_docstring_says():
    """One step from beta 1 on (beta - 1.5)^2 + decay/2 beta^2: the loss has to pass twice its start plus 1.5^2."""

    def penalized(beta, decay):
        return (beta - 1.5) ** 2 + decay / 2 * beta**2

    for decay in (0.0, 0.5, 4.0):
        slope = 2 * (1 - 1.5) + decay
        limit = 2 * penalized(1, decay) + 1.5**2
        for rate in np.linspace(0.1, 9, 60):
            path = linear.gradient_descent(
                [[1.0]], [1.5], learning_rate=rate, steps=1, beta0=[1.0], momentum=0.5, weight_decay=decay
            )
            assert path.diverged is bool(penalized(1 - rate * slope, decay) > limit)


def test_exponential_schedule_equals_torch():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    theirs = torch.optim.lr_scheduler.StepLR(optimizer, step_size=3, gamma=0.7)
    ours = linear.exponential_schedule(0.3, factor=0.7, every=3)
    smooth = linear.exponential_schedule(0.3, factor=0.7)
    for t in range(10):
        assert ours(t) == pytest.approx(theirs.get_last_lr()[0])
        assert smooth(t) == pytest.approx(0.3 * 0.7**t)
        optimizer.step()
        theirs.step()


def test_cosine_schedule_equals_torch_and_warms_up():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.3)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8)
    ours, warm = linear.cosine_schedule(0.3, 8), linear.cosine_schedule(0.3, 11, warmup=3)
    assert [warm(t) for t in range(3)] == pytest.approx([0.1, 0.2, 0.3])
    for t in range(9):
        assert ours(t) == warm(t + 3) == pytest.approx(theirs.get_last_lr()[0], abs=1e-15)
        optimizer.step()
        theirs.step()
    assert ours(8) == ours(20) == 0
    assert ours(7) > 0


# --- divergence ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("factor", "diverged"), [(0.5, False), (0.99, False), (1.01, True), (2.0, True)])
def test_largest_stable_rate_parts_convergence_from_divergence(factor, diverged):
    X, y, _ = problem()
    rate = factor * linear.largest_stable_learning_rate(X)
    path = linear.gradient_descent(X, y, learning_rate=rate, steps=1000)
    assert path.diverged is diverged


def test_overflow_is_reported_without_warnings_or_nan():
    X, y, _ = problem()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = linear.gradient_descent(X, y, learning_rate=10.0, steps=2000)
    assert path.diverged
    assert 0 < path.steps_taken < 2000
    assert path.betas.shape == (2001, 3)
    assert np.isfinite(path.betas).all()
    assert np.isfinite(path.losses).all()
    assert (path.losses[path.steps_taken :] == path.losses[path.steps_taken]).all()
    assert (path.betas[path.steps_taken :] == path.betas[path.steps_taken]).all()
    assert path.losses[path.steps_taken] > path.losses[path.steps_taken - 1]


def test_slow_divergence_is_reported_before_it_overflows():
    """The course's (b - 0.8)^2: the factor at rate 1.05 is -1.1, at 0.95 it is -0.9."""
    X, y = [[1.0]], [0.8]
    for steps in (1, 10):
        assert linear.gradient_descent(X, y, learning_rate=1.05, steps=steps).diverged
    assert not linear.gradient_descent(X, y, learning_rate=0.95, steps=10).diverged


def test_start_at_the_estimate_is_no_divergence():
    X, y, _ = problem()
    path = linear.gradient_descent(X, y, learning_rate=0.01, steps=50, beta0=linear.normal_equation(X, y))
    assert not path.diverged


def test_a_path_cannot_be_changed_by_mistake():
    path = linear.gradient_descent([[1.0]], [1.0], learning_rate=0.1, steps=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        path.diverged = True


# --- mini-batches ----------------------------------------------------------------------------------------------


def test_mini_batches_repeat_with_their_seed_and_differ_without():
    X, y, _ = problem()
    walk = {
        seed: linear.gradient_descent(
            X, y, learning_rate=0.02, steps=20, batch_size=5, rng=np.random.default_rng(seed)
        ).betas
        for seed in (1, 2)
    }
    again = linear.gradient_descent(X, y, learning_rate=0.02, steps=20, batch_size=5, rng=np.random.default_rng(1))
    assert (again.betas == walk[1]).all()
    assert not np.allclose(walk[1], walk[2])


def test_a_batch_of_all_rows_is_the_full_batch():
    X, y, _ = problem()
    full = linear.gradient_descent(X, y, learning_rate=0.02, steps=20)
    rng = np.random.default_rng(0)
    batch = linear.gradient_descent(X, y, learning_rate=0.02, steps=20, batch_size=len(y), rng=rng)
    np.testing.assert_allclose(batch.betas, full.betas, rtol=1e-10)


def test_a_mini_batch_step_uses_the_gradient_of_its_rows():
    X, y, _ = problem()
    rows = np.random.default_rng(3).choice(len(y), 5, replace=False)
    path = linear.gradient_descent(X, y, learning_rate=0.02, steps=1, batch_size=5, rng=np.random.default_rng(3))
    np.testing.assert_allclose(path.betas[1], -0.02 * linear.mse_gradient(X[rows], y[rows], [0, 0, 0]))
    assert path.losses[1] == pytest.approx(linear.mse(X @ path.betas[1], y))


def test_noise_of_mini_batches_is_no_divergence_but_growth_is():
    X, y, _ = problem()
    best = linear.normal_equation(X, y)
    kind = {"batch_size": 4, "beta0": best}
    calm = linear.gradient_descent(X, y, learning_rate=0.01, steps=100, rng=np.random.default_rng(0), **kind)
    wild = linear.gradient_descent(X, y, learning_rate=5.0, steps=100, rng=np.random.default_rng(0), **kind)
    assert calm.losses[-1] > calm.losses[0]
    assert not calm.diverged
    assert wild.diverged


# --- curvature -------------------------------------------------------------------------------------------------


def test_curvature_equals_the_eigenvalues_of_torch_hessian():
    X, y, beta = problem()
    features, targets = torch.tensor(X), torch.tensor(y)
    hessian = torch.autograd.functional.hessian(
        lambda b: torch.nn.functional.mse_loss(features @ b, targets), torch.tensor(beta)
    )
    expected = torch.linalg.eigvalsh(hessian).numpy()
    np.testing.assert_allclose(linear.curvature(X), expected, rtol=1e-10)
    assert linear.largest_stable_learning_rate(X) == pytest.approx(2 / expected[-1])


@pytest.mark.parametrize("rate", [0.02, 0.09])
@pytest.mark.parametrize("tolerance", [0.3, 1e-3])
def test_steps_to_tolerance_is_exact_for_the_worst_start(rate, tolerance):
    X, y, _ = problem()
    eigenvalues, vectors = np.linalg.eigh(2 / len(y) * X.T @ X)
    worst = vectors[:, np.abs(1 - rate * eigenvalues).argmax()]
    best = linear.normal_equation(X, y)
    steps = linear.steps_to_tolerance(X, learning_rate=rate, tolerance=tolerance)
    path = linear.gradient_descent(X, y, learning_rate=rate, steps=steps, beta0=best + worst)
    distance = np.linalg.norm(path.betas - best, axis=1)
    assert distance[steps] <= tolerance * (1 + 1e-9)
    assert distance[steps - 1] > tolerance


def test_one_step_is_enough_at_the_best_rate_of_one_feature():
    assert linear.steps_to_tolerance([[1.0], [1.0]], learning_rate=0.5, tolerance=1e-9) == 1


@pytest.mark.parametrize("rate", [2.0, 0.5])
def test_steps_to_tolerance_refuses_a_rate_that_does_not_converge(rate):
    with pytest.raises(ValueError, match=rf"learning_rate {rate} does not converge.*0\.5"):
        linear.steps_to_tolerance([[1.0, 0.0], [0.0, 2.0]], learning_rate=rate, tolerance=0.1)


# --- bad input -------------------------------------------------------------------------------------------------

GOOD_X, GOOD_Y = np.ones((4, 2)), np.ones(4)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.ones(4), GOOD_Y, r"X must have 2 axes, got shape \(4,\); write X\[:, None\]"),
        (GOOD_X, np.ones((4, 1)), r"y must have 1 axis, got shape \(4, 1\)$"),
        (GOOD_X, np.ones(3), "X has 4, y has 3"),
        (np.ones((0, 2)), np.ones(0), r"X is empty: shape \(0, 2\)"),
        (np.array([[1.0, np.nan]]), [1.0], r"X must be finite, got nan at \[0, 1\]"),
        (np.ones((1, 1)), [np.inf], r"y must be finite, got inf at \[0\]"),
    ],
)
def test_bad_arrays_are_named(X, y, message):
    for call in (
        lambda: linear.normal_equation(X, y),
        lambda: linear.mse_gradient(X, y, [0.0, 0.0]),
        lambda: linear.gradient_descent(X, y, learning_rate=0.1, steps=1),
    ):
        with pytest.raises(ValueError, match=message):
            call()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"learning_rate": -0.1}, ValueError, "learning_rate must be above 0, got -0.1"),
        ({"learning_rate": 0}, ValueError, "learning_rate must be above 0, got 0"),
        ({"learning_rate": np.nan}, ValueError, "learning_rate must be finite, got nan"),
        ({"learning_rate": "fast"}, TypeError, "learning_rate must be a number, got str 'fast'"),
        ({"learning_rate": True}, TypeError, "learning_rate must be a number, got bool True"),
        ({"learning_rate": lambda t: -t}, ValueError, r"learning_rate\(1\) must be 0 or more, got -1"),
        ({"learning_rate": lambda t: np.nan}, ValueError, r"learning_rate\(0\) must be finite, got nan"),
        ({"learning_rate": lambda t: None}, TypeError, r"learning_rate\(0\) must be a number, got NoneType None"),
        ({"momentum": 1.0}, ValueError, "momentum must be below 1, got 1.0"),
        ({"momentum": -0.1}, ValueError, "momentum must be 0 or more, got -0.1"),
        ({"weight_decay": -0.1}, ValueError, "weight_decay must be 0 or more, got -0.1"),
        ({"weight_decay": np.inf}, ValueError, "weight_decay must be finite, got inf"),
        ({"steps": -1}, ValueError, "steps must be at least 0, got -1"),
        ({"steps": 1.5}, TypeError, "steps must be a whole number, got float 1.5"),
        ({"beta0": [1.0]}, ValueError, "beta0 must have 2 values, one for each column of X, got 1"),
        ({"batch_size": 0, "rng": np.random.default_rng(0)}, ValueError, "batch_size must be at least 1, got 0"),
        ({"batch_size": 5, "rng": np.random.default_rng(0)}, ValueError, "at most the 4 rows of X, got 5"),
        ({"batch_size": 2}, TypeError, "rng must be a numpy.random.Generator when batch_size is given, got None"),
        ({"batch_size": 2, "rng": 7}, TypeError, "rng must be a numpy.random.Generator.*got 7"),
    ],
)
def test_bad_arguments_of_descent_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        linear.gradient_descent(GOOD_X, GOOD_Y, **({"learning_rate": 0.1, "steps": 2} | arguments))


def test_bad_arguments_of_the_rest_are_named():
    with pytest.raises(ValueError, match="start must be above 0, got 0"):
        linear.exponential_schedule(0, factor=0.5)
    with pytest.raises(ValueError, match=r"factor must be at most 1, got 1\.5"):
        linear.exponential_schedule(1, factor=1.5)
    with pytest.raises(ValueError, match="factor must be above 0, got 0"):
        linear.exponential_schedule(1, factor=0)
    with pytest.raises(ValueError, match="every must be at least 1, got 0"):
        linear.exponential_schedule(1, factor=0.5, every=0)
    with pytest.raises(ValueError, match="start must be above 0, got 0"):
        linear.cosine_schedule(0, 5)
    with pytest.raises(ValueError, match="steps must be at least 1, got 0"):
        linear.cosine_schedule(1, 0)
    with pytest.raises(ValueError, match="warmup must be below the 5 steps, got 5"):
        linear.cosine_schedule(1, 5, warmup=5)
    with pytest.raises(ValueError, match="warmup must be at least 0, got -1"):
        linear.cosine_schedule(1, 5, warmup=-1)
    with pytest.raises(ValueError, match="momentum must be below 1, got 2"):
        linear.largest_stable_learning_rate(np.eye(2), momentum=2)
    with pytest.raises(ValueError, match="weight_decay must be 0 or more, got -1"):
        linear.largest_stable_learning_rate(np.eye(2), weight_decay=-1)
    with pytest.raises(ValueError, match=r"y_hat and y must have one shape, got \(2,\) and \(3,\)"):
        linear.mse([1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(TypeError, match="y_hat must be an array of numbers, got list"):
        linear.mse(["a"], [1.0])
    with pytest.raises(ValueError, match="beta must have 2 values"):
        linear.mse_gradient(GOOD_X, GOOD_Y, [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="X must not be all zero"):
        linear.largest_stable_learning_rate(np.zeros((3, 2)))
    for tolerance in (0, 1, -1.0):
        with pytest.raises(ValueError, match=f"tolerance must lie between 0 and 1, got {tolerance}"):
            linear.steps_to_tolerance(np.eye(2), learning_rate=0.1, tolerance=tolerance)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear.mse([1.0], [np.nan]), r"^y must be finite, got nan at \[0\]$"),
        (lambda: linear.mse([np.nan], [1.0]), r"^y_hat must be finite, got nan at \[0\]$"),
        (lambda: linear.steps_to_tolerance([[1.0]], learning_rate=-1, tolerance=0.1), "^learning_rate must be above 0"),
        (lambda: linear.steps_to_tolerance([[1.0]], learning_rate=0.1, tolerance=np.inf), "^tolerance must be finite"),
    ],
)
def test_the_wrong_argument_has_its_name_in_the_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_schedule_that_stays_is_allowed():
    schedule = linear.exponential_schedule(0.1, factor=1.0)
    assert [schedule(step) for step in (0, 1, 50)] == [0.1, 0.1, 0.1]
