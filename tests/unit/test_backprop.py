"""backprop: every gradient against torch float64 autograd and against finite differences, on random shapes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from course_lib import backprop

small = st.integers(1, 5)
seeds = st.integers(0, 2**32 - 1)
matrices = st.tuples(small, small, seeds)  # rows, features, seed
sequences = st.tuples(small, small, st.integers(1, 12), seeds)  # examples, channels, length, seed
quick = settings(deadline=None, max_examples=40)


def generator(seed=0):
    return np.random.default_rng(seed)


def normal(*shape, seed=0):
    return generator(seed).normal(size=shape)


def apart(*shape, seed=0):
    """Values of both signs, none near 0 and no two near each other, so that no kink is within a finite difference."""
    size = int(np.prod(shape))
    values = (np.arange(size) + 0.5) * 0.1 * np.where(np.arange(size) % 2, 1, -1)
    return generator(seed).permutation(values).reshape(shape)


def slopes(function, values, h=1e-6):
    """The gradient of a function of one array, by central differences."""
    found = np.zeros_like(values)
    for where in np.ndindex(values.shape):
        keep = values[where]
        values[where] = keep + h
        above = function()
        values[where] = keep - h
        below = function()
        values[where] = keep
        found[where] = (above - below) / (2 * h)
    return found


def assert_equals_torch_and_differences(layer, module, X, seed=0):
    """Outputs and all gradients of `layer` are those of the torch `module` (a callable) with the same weights."""
    leaf = torch.tensor(X, requires_grad=True)
    leaves = {name: torch.tensor(values, requires_grad=True) for name, values in layer.parameters.items()}
    expected = module(leaf, **leaves)
    upstream = normal(*expected.shape, seed=seed + 1)
    expected.backward(torch.tensor(upstream))
    np.testing.assert_allclose(layer.forward(X), expected.detach().numpy(), rtol=1e-9, atol=1e-9)
    gradient = layer.backward(upstream)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-9, atol=1e-9)
    assert layer.gradients.keys() == layer.parameters.keys()
    for name, values in leaves.items():
        np.testing.assert_allclose(layer.gradients[name], values.grad.numpy(), rtol=1e-9, atol=1e-9)

    def loss():
        return float((layer.forward(X) * upstream).sum())

    np.testing.assert_allclose(gradient, slopes(loss, X), rtol=1e-6, atol=1e-6)
    stored = dict(layer.gradients)
    for name, values in layer.parameters.items():
        np.testing.assert_allclose(stored[name], slopes(loss, values), rtol=1e-6, atol=1e-6)


# --- layers ----------------------------------------------------------------------------------------------------


@quick
@given(matrices, small)
def test_linear(shape, outputs):
    n, features, seed = shape
    layer = backprop.Linear(features, outputs, generator(seed))
    layer.parameters["bias"] += normal(outputs, seed=seed)
    assert_equals_torch_and_differences(layer, functional.linear, normal(n, features, seed=seed), seed)


ACTIVATIONS = {
    "relu": (backprop.ReLU(), torch.relu),
    "leaky": (backprop.LeakyReLU(0.2), lambda x: functional.leaky_relu(x, 0.2)),
    "leaky default": (backprop.LeakyReLU(), functional.leaky_relu),
    "steep": (backprop.LeakyReLU(3.0), lambda x: functional.leaky_relu(x, 3.0)),
    "sigmoid": (backprop.Sigmoid(), torch.sigmoid),
    "tanh": (backprop.Tanh(), torch.tanh),
}


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(deadline=None, max_examples=15)
@given(st.one_of(st.tuples(small, small), st.tuples(small, small, small)), seeds)
def test_activations(name, shape, seed):
    layer, module = ACTIVATIONS[name]
    assert_equals_torch_and_differences(layer, module, apart(*shape, seed=seed), seed)


@pytest.mark.parametrize("alpha", [0.0, 0.2])
def test_at_its_kink_the_slope_is_that_of_torch(alpha):
    leaf = torch.zeros(1, 2, dtype=torch.float64, requires_grad=True)
    functional.leaky_relu(leaf, alpha).sum().backward()
    layer = backprop.LeakyReLU(alpha)
    layer.forward(np.zeros((1, 2)))
    assert layer.backward(np.ones((1, 2))).tolist() == leaf.grad.tolist() == [[alpha, alpha]]


def test_relu_gives_no_negative_zero():
    assert not np.signbit(backprop.ReLU().forward([[-1.0, 0.0]])).any()


def test_sigmoid_and_tanh_bear_large_scores_without_a_warning():
    X = np.array([[-1e4, -40.0, 40.0, 1e4]])
    np.testing.assert_allclose(backprop.Sigmoid().forward(X), [[0, 0, 1, 1]], atol=1e-12)
    np.testing.assert_allclose(backprop.Tanh().forward(X), [[-1, -1, 1, 1]], atol=1e-12)


def test_the_sigmoid_is_never_steeper_than_a_quarter():
    layer = backprop.Sigmoid()
    layer.forward(np.linspace(-8, 8, 161)[None])
    slope = layer.backward(np.ones((1, 161)))
    assert slope.max() == 0.25 == slope[0, 80]


@quick
@given(sequences, small, st.integers(1, 12))
def test_conv1d(shape, filters, width):
    n, channels, length, seed = shape
    width = min(width, length)
    layer = backprop.Conv1d(channels, filters, width, generator(seed))
    layer.parameters["bias"] += normal(filters, seed=seed)
    assert_equals_torch_and_differences(layer, functional.conv1d, normal(n, channels, length, seed=seed), seed)


@quick
@given(sequences, st.integers(1, 12))
def test_max_pool(shape, width):
    n, channels, length, seed = shape
    width = min(width, length)
    layer = backprop.MaxPool1d(width)
    X = apart(n, channels, length, seed=seed)
    assert_equals_torch_and_differences(layer, lambda x: functional.max_pool1d(x, width), X, seed)


def test_of_equal_values_the_first_gets_the_gradient_as_in_torch():
    leaf = torch.ones(1, 1, 4, dtype=torch.float64, requires_grad=True)
    functional.max_pool1d(leaf, 2).sum().backward()
    layer = backprop.MaxPool1d(2)
    layer.forward(np.ones((1, 1, 4)))
    assert layer.backward(np.ones((1, 1, 2))).tolist() == leaf.grad.tolist() == [[[1.0, 0.0, 1.0, 0.0]]]


@quick
@given(sequences)
def test_flatten(shape):
    n, channels, length, seed = shape
    X = normal(n, channels, length, seed=seed)
    assert_equals_torch_and_differences(backprop.Flatten(), lambda x: x.flatten(1), X, seed)


# --- dropout ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("p", [0.0, 0.3, 0.9])
def test_dropout_keeps_the_mean_and_drops_its_share(p):
    y = backprop.Dropout(p, generator(1)).forward(np.ones((200, 500)))
    assert (y == 0).mean() == pytest.approx(p, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=0.03)
    assert np.unique(y[y > 0]).tolist() == [1 / (1 - p)]


def test_dropout_sends_the_gradient_through_its_mask():
    layer = backprop.Dropout(0.5, generator(1))
    y = layer.forward(np.ones((20, 30)))
    assert (layer.backward(np.full((20, 30), 3.0)) == 3 * y).all()


def test_dropout_draws_a_new_mask_each_time_and_the_same_from_the_same_seed():
    first, again = (backprop.Dropout(0.5, generator(1)) for _ in range(2))
    X = np.ones((20, 30))
    y = first.forward(X)
    assert (y == again.forward(X)).all()
    assert (y != first.forward(X)).any()


def test_without_training_dropout_does_nothing():
    layer = backprop.Dropout(0.5, generator(1))
    layer.training = False
    X = normal(4, 3)
    assert (layer.forward(X) == X).all()
    assert (layer.backward(X) == X).all()


# --- losses ----------------------------------------------------------------------------------------------------


def assert_loss_equals_torch_and_differences(loss, expected, z, target):
    leaf = torch.tensor(z, requires_grad=True)
    value = expected(leaf, torch.tensor(target))
    value.backward()
    found, gradient = loss(z, target)
    assert found == pytest.approx(value.item(), rel=1e-9, abs=1e-9)
    np.testing.assert_allclose(gradient, leaf.grad.numpy(), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(gradient, slopes(lambda: loss(z, target)[0], z), rtol=1e-6, atol=1e-6)


@quick
@given(matrices)
def test_mse_loss(shape):
    n, k, seed = shape
    z, y = normal(2, n, k, seed=seed)
    assert_loss_equals_torch_and_differences(backprop.mse_loss, functional.mse_loss, z, y)


@quick
@given(matrices)
def test_softmax_cross_entropy(shape):
    n, classes, seed = shape
    labels = generator(seed).integers(classes, size=n)
    z = 3 * normal(n, classes, seed=seed)
    assert_loss_equals_torch_and_differences(backprop.softmax_cross_entropy, functional.cross_entropy, z, labels)


@quick
@given(matrices)
def test_sigmoid_cross_entropy(shape):
    n, k, seed = shape
    z, y = 3 * normal(n, k, seed=seed), generator(seed).random((n, k))
    expected = functional.binary_cross_entropy_with_logits
    assert_loss_equals_torch_and_differences(backprop.sigmoid_cross_entropy, expected, z, y)


def test_losses_of_one_axis_are_taken():
    assert backprop.mse_loss([1.0, 2.0], [1.0, 4.0])[0] == 2.0
    assert backprop.sigmoid_cross_entropy([0.0], [0.0])[0] == pytest.approx(np.log(2))


@quick
@given(matrices)
def test_softmax_equals_torch_and_sums_to_one(shape):
    n, classes, seed = shape
    z = 10 * normal(n, classes, seed=seed)
    p = backprop.softmax(z)
    np.testing.assert_allclose(p, torch.softmax(torch.tensor(z), 1).numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(p.sum(1), 1, rtol=1e-12)
    np.testing.assert_allclose(backprop.softmax(z + 7), p, rtol=1e-9)


def test_losses_bear_huge_scores():
    loss, gradient = backprop.softmax_cross_entropy([[1e4, 0.0], [0.0, -1e4]], [1, 0])
    assert loss == 5000.0
    assert gradient.tolist() == [[0.5, -0.5], [0.0, 0.0]]
    loss, gradient = backprop.sigmoid_cross_entropy([1e4, -1e4], [0.0, 0.0])
    assert loss == 5000.0
    assert gradient.tolist() == [0.5, 0.0]


# --- networks --------------------------------------------------------------------------------------------------


def networks():
    """The lecture's convolutional network in small, and the same in torch with the same weights."""
    rng = generator(0)
    ours = backprop.Sequential(
        backprop.Conv1d(4, 3, 5, rng),
        backprop.LeakyReLU(0.1),
        backprop.MaxPool1d(4),
        backprop.Flatten(),
        backprop.Linear(12, 6, rng, activation="tanh"),
        backprop.Tanh(),
        backprop.Linear(6, 3, rng, activation="linear"),
    )
    theirs = nn.Sequential(
        nn.Conv1d(4, 3, 5),
        nn.LeakyReLU(0.1),
        nn.MaxPool1d(4),
        nn.Flatten(),
        nn.Linear(12, 6),
        nn.Tanh(),
        nn.Linear(6, 3),
    ).double()
    for layer, module in zip(ours.layers, theirs, strict=True):
        for name, values in layer.parameters.items():
            getattr(module, name).data = torch.tensor(values)
    return ours, theirs


def test_a_network_trains_exactly_as_in_torch():
    ours, theirs = networks()
    X, labels = normal(16, 4, 21, seed=1), generator(2).integers(3, size=16)
    optimizer = torch.optim.SGD(theirs.parameters(), lr=0.2)
    losses = []
    for _ in range(50):
        loss, gradient = backprop.softmax_cross_entropy(ours.forward(X), labels)
        ours.backward(gradient)
        ours.step(learning_rate=0.2)
        optimizer.zero_grad()
        expected = functional.cross_entropy(theirs(torch.tensor(X)), torch.tensor(labels))
        expected.backward()
        optimizer.step()
        assert loss == pytest.approx(expected.item(), rel=1e-9)
        losses.append(loss)
    assert losses[-1] < 0.5 * losses[0]
    np.testing.assert_allclose(ours.layers[0].parameters["weight"], theirs[0].weight.detach().numpy(), rtol=1e-9)


def test_gradient_by_the_input_runs_through_the_whole_network():
    ours, theirs = networks()
    X = normal(2, 4, 21, seed=1)
    leaf = torch.tensor(X, requires_grad=True)
    theirs(leaf).sum().backward()
    found = ours.forward(X)
    np.testing.assert_allclose(ours.backward(np.ones_like(found)), leaf.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_parameters_are_counted():
    ours, theirs = networks()
    assert ours.count_parameters() == sum(p.numel() for p in theirs.parameters()) == 162


def test_xor_needs_the_hidden_layer_and_gets_it():
    X, y = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]])
    rng = generator(0)
    hidden = backprop.Sequential(
        backprop.Linear(2, 4, rng, activation="tanh"), backprop.Tanh(), backprop.Linear(4, 1, rng)
    )
    linear = backprop.Sequential(backprop.Linear(2, 1, rng))
    for net in (hidden, linear):
        for _ in range(500):
            _, gradient = backprop.sigmoid_cross_entropy(net.forward(X), y)
            net.backward(gradient)
            net.step(learning_rate=1.0)
    assert ((hidden.forward(X) > 0) == y).all()
    assert backprop.sigmoid_cross_entropy(linear.forward(X), y)[0] == pytest.approx(np.log(2), abs=1e-3)


def test_sequential_passes_on_whether_it_trains():
    net = backprop.Sequential(backprop.Dropout(0.5, generator(0)))
    X = np.ones((10, 10))
    assert (net.forward(X) != X).any()
    assert (net.forward(X, training=False) == X).all()
    assert (net.forward(X) != X).any()


def test_inputs_are_left_alone():
    ours, _ = networks()
    X = normal(2, 4, 21)
    before = X.copy()
    found = ours.forward(X)
    ours.backward(found)
    ours.step(learning_rate=0.1)
    assert (before == X).all()


# --- initial weights -------------------------------------------------------------------------------------------


def fill(shape, rule, **options):
    weight = torch.empty(*shape, dtype=torch.float64)
    rule(weight, generator=torch.Generator().manual_seed(0), **options)
    return weight.numpy()


@pytest.mark.parametrize("shape", [(300, 200), (60, 40, 9)])
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_initial_weights_are_distributed_as_in_torch(shape, distribution):
    ours = {
        "glorot": backprop.glorot(shape, generator(1), distribution=distribution),
        "he": backprop.he(shape, generator(1), distribution=distribution),
        "leaky": backprop.he(shape, generator(1), distribution=distribution, negative_slope=0.5),
    }
    torch_rules = {
        "glorot": fill(shape, getattr(nn.init, f"xavier_{distribution}_")),
        "he": fill(shape, getattr(nn.init, f"kaiming_{distribution}_"), nonlinearity="relu"),
        "leaky": fill(shape, getattr(nn.init, f"kaiming_{distribution}_"), a=0.5),
    }
    for name, weights in ours.items():
        expected = torch_rules[name]
        assert weights.shape == shape
        assert abs(weights.mean()) < 0.02 * weights.std()
        assert weights.std() == pytest.approx(expected.std(), rel=0.02)
        quantiles = np.quantile(expected, [0.05, 0.25, 0.75, 0.95])
        np.testing.assert_allclose(np.quantile(weights, [0.05, 0.25, 0.75, 0.95]), quantiles, rtol=0.05)
        if distribution == "uniform":
            assert np.abs(weights).max() == pytest.approx(np.abs(expected).max(), rel=0.005)


def test_defaults_of_the_rules():
    shape = (50, 50)
    assert np.abs(backprop.glorot(shape, generator(0))).max() <= np.sqrt(6 / 100)
    assert np.abs(backprop.he(shape, generator(0))).max() > np.sqrt(6 / 50)
    assert np.abs(backprop.initial_weights(shape, generator(0))).max() <= np.sqrt(6 / 50)


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "tanh", "sigmoid", "linear"])
def test_initial_weights_match_the_activation(activation, distribution):
    found = backprop.initial_weights(
        (7, 5), generator(3), activation=activation, distribution=distribution, negative_slope=0.3
    )
    if activation in ("tanh", "sigmoid", "linear"):
        expected = backprop.glorot((7, 5), generator(3), distribution=distribution)
    else:
        slope = 0.3 if activation == "leaky_relu" else 0.0
        expected = backprop.he((7, 5), generator(3), distribution=distribution, negative_slope=slope)
    assert (found == expected).all()


def test_the_default_slope_is_that_of_the_leaky_layer():
    found = backprop.initial_weights((7, 5), generator(3), activation="leaky_relu")
    alpha = backprop.LeakyReLU().alpha
    assert (found == backprop.he((7, 5), generator(3), distribution="uniform", negative_slope=alpha)).all()


def test_layers_start_with_weights_for_their_activation_and_no_bias():
    dense = backprop.Linear(5, 7, generator(3), activation="tanh")
    assert (dense.parameters["weight"] == backprop.glorot((7, 5), generator(3))).all()
    assert (
        backprop.Linear(5, 7, generator(3)).parameters["weight"] == backprop.initial_weights((7, 5), generator(3))
    ).all()
    conv = backprop.Conv1d(4, 6, 9, generator(3), activation="sigmoid")
    assert (conv.parameters["weight"] == backprop.glorot((6, 4, 9), generator(3))).all()
    assert (
        backprop.Conv1d(4, 6, 9, generator(3)).parameters["weight"] == backprop.initial_weights((6, 4, 9), generator(3))
    ).all()
    assert not dense.parameters["bias"].any()
    assert not conv.parameters["bias"].any()


def test_matched_weights_keep_a_deep_signal_alive_and_others_lose_it():
    """20 layers of 100 units: ReLU with He keeps the size of the signal, with Glorot it halves its square a layer."""
    X = normal(200, 100)

    def size_after(weights):
        y = X
        for number in range(20):
            y = np.maximum(y @ weights((100, 100), generator(number), distribution="normal").T, 0)
        return (y**2).mean() / (X**2).mean()

    assert 0.1 < size_after(backprop.he) < 10
    assert size_after(backprop.glorot) == pytest.approx(size_after(backprop.he) / 2**20)


# --- bad input -------------------------------------------------------------------------------------------------

RNG = generator(0)
DENSE = backprop.Linear(2, 3, RNG)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: backprop.Linear(0, 3, RNG), ValueError, "inputs must be at least 1, got 0"),
        (lambda: backprop.Linear(2, 3.0, RNG), TypeError, "outputs must be a whole number, got float 3.0"),
        (lambda: backprop.Linear(2, 3, 42), TypeError, r"rng must be a numpy.random.Generator, got 42"),
        (
            lambda: backprop.Linear(2, 3, RNG, activation="swish"),
            ValueError,
            "activation must be one of relu, leaky_relu",
        ),
        (lambda: backprop.LeakyReLU(-0.1), ValueError, "alpha must be 0 or more, got -0.1"),
        (lambda: backprop.Dropout(1.0, RNG), ValueError, "p must be at least 0 and below 1, got 1.0"),
        (lambda: backprop.Dropout(-0.1, RNG), ValueError, "p must be at least 0 and below 1, got -0.1"),
        (lambda: backprop.Dropout(0.5, None), TypeError, "rng must be a numpy.random.Generator, got None"),
        (lambda: backprop.Conv1d(4, 0, 3, RNG), ValueError, "filters must be at least 1, got 0"),
        (lambda: backprop.Conv1d(4, 2, 0, RNG), ValueError, "width must be at least 1, got 0"),
        (lambda: backprop.Conv1d(0, 2, 3, RNG), ValueError, "channels must be at least 1, got 0"),
        (lambda: backprop.MaxPool1d(0), ValueError, "width must be at least 1, got 0"),
        (lambda: DENSE.forward([1.0, 2.0]), ValueError, r"X must be a batch of 2 axes or more, got shape \(2,\)"),
        (lambda: DENSE.forward(np.ones((4, 3))), ValueError, r"X must be \(n, 2\) for Linear, got shape \(4, 3\)"),
        (
            lambda: DENSE.forward(np.ones((4, 2, 2))),
            ValueError,
            r"X must be \(n, 2\) for Linear, got shape \(4, 2, 2\)",
        ),
        (lambda: DENSE.forward(np.ones((0, 2))), ValueError, r"X is empty: shape \(0, 2\)"),
        (lambda: DENSE.forward([[np.nan, 1.0]]), ValueError, r"X must be finite, got nan at \[0, 0\]"),
        (lambda: DENSE.forward([["a", "b"]]), TypeError, "X must be an array of numbers"),
        (
            lambda: backprop.Conv1d(4, 2, 3, RNG).forward(np.ones((1, 9, 4))),
            ValueError,
            r"X must be \(n, 4, length\) for Conv1d, got shape \(1, 9, 4\)",
        ),
        (
            lambda: backprop.Conv1d(4, 2, 3, RNG).forward(np.ones((1, 4, 2))),
            ValueError,
            r"X must have a length of at least the width 3 of Conv1d, got shape \(1, 4, 2\)",
        ),
        (
            lambda: backprop.MaxPool1d(3).forward(np.ones((1, 4))),
            ValueError,
            r"X must be \(n, channels, length\) for MaxPool1d, got shape \(1, 4\)",
        ),
        (
            lambda: backprop.MaxPool1d(3).forward(np.ones((1, 4, 2))),
            ValueError,
            "at least the width 3 of MaxPool1d",
        ),
        (lambda: backprop.Sequential(), TypeError, r"layers must be layers, one or more, got \[\]"),
        (lambda: backprop.Sequential(DENSE, np.tanh), TypeError, r"one or more, got \['Linear', 'ufunc'\]"),
        (lambda: backprop.Sequential(DENSE).step(-1), ValueError, "learning_rate must be above 0, got -1"),
        (lambda: backprop.glorot((3,), RNG), ValueError, r"shape must be \(outputs, inputs\) or longer, got \(3,\)"),
        (lambda: backprop.glorot((3, 0), RNG), ValueError, "shape must be at least 1, got 0"),
        (lambda: backprop.he((3, 2), 7), TypeError, "rng must be a numpy.random.Generator, got 7"),
        (
            lambda: backprop.he((3, 2), RNG, distribution="cauchy"),
            ValueError,
            "distribution must be one of uniform, normal",
        ),
        (lambda: backprop.he((3, 2), RNG, negative_slope=np.inf), ValueError, "negative_slope must be finite, got inf"),
        (
            lambda: backprop.mse_loss([1.0, 2.0], [1.0]),
            ValueError,
            r"y_hat and y must have one shape, got \(2,\) and \(1,\)",
        ),
        (lambda: backprop.mse_loss([np.inf], [1.0]), ValueError, "y_hat must be finite, got inf"),
        (
            lambda: backprop.sigmoid_cross_entropy([1.0], [2.0]),
            ValueError,
            "y must lie between 0 and 1, got values from 2.0",
        ),
        (lambda: backprop.sigmoid_cross_entropy([1.0], [-0.5]), ValueError, "y must lie between 0 and 1"),
        (lambda: backprop.softmax([1.0, 2.0]), ValueError, "z must have 2 axes"),
        (
            lambda: backprop.softmax_cross_entropy([[1.0, 2.0]], [2]),
            ValueError,
            "labels must lie from 0 to 1, got values from 2",
        ),
        (lambda: backprop.softmax_cross_entropy([[1.0, 2.0]], [-1]), ValueError, "labels must lie from 0 to 1"),
        (
            lambda: backprop.softmax_cross_entropy([[1.0, 2.0]], [0.5]),
            TypeError,
            "labels must be whole numbers, got float64",
        ),
        (lambda: backprop.softmax_cross_entropy([[1.0, 2.0]], [0, 1]), ValueError, r"labels must have shape \(1,\)"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_backward_needs_a_forward_and_a_gradient_of_its_shape():
    layer = backprop.Linear(2, 3, RNG)
    with pytest.raises(RuntimeError, match=r"Linear.backward needs a forward before it"):
        layer.backward(np.ones((1, 3)))
    layer.forward(np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"upstream must have the shape of the outputs, \(4, 3\), got \(3, 3\)"):
        layer.backward(np.ones((3, 3)))
    with pytest.raises(ValueError, match="upstream must have 2 axes"):
        layer.backward(np.ones(3))


def test_a_layer_of_ones_own_has_to_say_what_it_does():
    class Half(backprop.Layer):
        def _forward(self, X):
            return X / 2, ()

    with pytest.raises(TypeError, match="abstract"):
        backprop.Layer()
    with pytest.raises(TypeError, match=r"abstract.*_backward"):
        Half()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: backprop.Dropout(np.nan, np.random.default_rng(0)), "^p must be finite, got nan$"),
        (lambda: backprop.softmax_cross_entropy([[np.inf, 0.0]], [0]), "^z must be finite"),
        (lambda: backprop.sigmoid_cross_entropy([np.nan], [0.0]), "^z must be finite"),
        (lambda: backprop.sigmoid_cross_entropy([0.0], [np.nan]), "^y must be finite"),
    ],
)
def test_the_wrong_argument_has_its_name_in_the_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()
