"""mlp against the same network written with NumPy, and against torch's own initialization."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from course_lib import mlp

NUMPY = {
    "relu": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "linear": lambda z: z,
    "cubic": lambda z: z * z * z,
}


def by_hand(model, x):
    """The network of the lesson in NumPy: y = W2 activation(W1 x + b1) + b2, and so on."""
    for number, layer in enumerate(model.layers):
        z = x @ layer.weight.detach().numpy().T + layer.bias.detach().numpy()
        x = z if number == len(model.layers) - 1 else NUMPY[model.activation](z)
    return x


@pytest.mark.parametrize("activation", sorted(NUMPY))
@pytest.mark.parametrize("hidden", [5, [7, 3], [4, 4, 4], []])
def test_forward_equals_numpy(activation, hidden):
    model = mlp.MLP(3, hidden, 2, activation=activation, seed=1).double()
    x = np.random.default_rng(0).normal(size=(11, 3))
    y = model(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(y, by_hand(model, x), rtol=1e-12)


def test_activations_are_the_ones_tested():
    assert set(mlp.ACTIVATIONS) == set(NUMPY)


def test_one_output_is_a_vector_and_more_are_a_matrix():
    x = torch.zeros(6, 2)
    assert mlp.MLP(2, 3, 1)(x).shape == (6,)
    assert mlp.MLP(2, 3)(x).shape == (6,)
    assert mlp.MLP(2, 3, 4)(x).shape == (6, 4)
    assert mlp.MLP(2, 3, 1)(x[:1]).shape == (1,)


def test_layers_carry_the_names_of_the_lesson():
    model = mlp.MLP(1, [4, 2], 1)
    assert [name for name, _ in model.named_children()] == ["fc1", "fc2", "fc3"]
    assert model.fc1.weight.shape == (4, 1)
    assert model.fc2.weight.shape == (2, 4)
    assert model.fc3.weight.shape == (1, 2)


@pytest.mark.parametrize(
    ("widths", "count"),
    [((2, 3, 1), 13), ((1, 1024, 1), 3073), ((1, 2, 1), 7), ((1, 4, 1), 13), ((1, [4, 2], 1), 21), ((5, [], 1), 6)],
)
def test_parameter_counts_of_the_lessons(widths, count):
    assert mlp.count_parameters(mlp.MLP(*widths)) == count


def test_frozen_parameters_are_not_counted():
    model = mlp.MLP(2, 3, 1)
    model.fc1.weight.requires_grad_(False)
    assert mlp.count_parameters(model) == 13 - 6


def test_stacked_linear_layers_are_one_linear_layer():
    model = mlp.MLP(2, [8, 8], 1, activation="linear", seed=0).double()
    x = torch.randn(20, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    product = model.fc3.weight @ model.fc2.weight @ model.fc1.weight
    offset = model(torch.zeros(1, 2, dtype=torch.float64))
    torch.testing.assert_close(model(x), (x @ product.T).squeeze(1) + offset)


def test_seed_gives_the_weights_of_plain_torch_and_leaves_its_generator_alone():
    torch.manual_seed(5)
    expected = [nn.Linear(2, 3), nn.Linear(3, 1)]
    torch.manual_seed(99)
    before = torch.get_rng_state()
    model = mlp.MLP(2, 3, 1, seed=5)
    assert torch.equal(torch.get_rng_state(), before)
    for layer, plain in zip(model.layers, expected, strict=True):
        assert torch.equal(layer.weight, plain.weight)
        assert torch.equal(layer.bias, plain.bias)
    assert not torch.equal(model.fc1.weight, mlp.MLP(2, 3, 1, seed=6).fc1.weight)


def test_without_a_seed_the_weights_come_from_the_global_generator():
    torch.manual_seed(5)
    first, second = mlp.MLP(2, 3, 1), mlp.MLP(2, 3, 1)
    assert torch.equal(first.fc1.weight, mlp.MLP(2, 3, 1, seed=5).fc1.weight)
    assert not torch.equal(first.fc1.weight, second.fc1.weight)


# --- initial weights -------------------------------------------------------------------------------------------


def torch_rule(scheme, distribution, shape):
    weight = torch.empty(*shape, dtype=torch.float64)
    rules = {
        ("glorot", "uniform"): nn.init.xavier_uniform_,
        ("glorot", "normal"): nn.init.xavier_normal_,
        ("he", "uniform"): lambda w, **g: nn.init.kaiming_uniform_(w, a=0.5, **g),
        ("he", "normal"): lambda w, **g: nn.init.kaiming_normal_(w, a=0.5, **g),
        ("standard", "uniform"): lambda w, **g: nn.init.uniform_(w, -(3**0.5), 3**0.5, **g),
        ("standard", "normal"): nn.init.normal_,
    }
    return rules[scheme, distribution](weight, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("distribution", ["uniform", "normal"])
@pytest.mark.parametrize("scheme", ["glorot", "he", "standard"])
@pytest.mark.parametrize("layer", [nn.Linear(200, 300), nn.Conv1d(40, 60, 9)])
def test_initial_weights_are_distributed_as_in_torch(layer, scheme, distribution):
    mlp.initialize(layer.double(), scheme, distribution=distribution, negative_slope=0.5, seed=0)
    expected, found = torch_rule(scheme, distribution, layer.weight.shape), layer.weight.detach()
    assert abs(found.mean()) < 0.02 * expected.std()
    levels = torch.tensor([0.05, 0.25, 0.75, 0.95], dtype=torch.float64)
    torch.testing.assert_close(found.quantile(levels), expected.quantile(levels), rtol=0.05, atol=0)
    assert found.std().item() == pytest.approx(expected.std().item(), rel=0.02)
    if distribution == "uniform":
        assert found.abs().max().item() == pytest.approx(expected.abs().max().item(), rel=0.005)
    assert not layer.bias.any()


def test_initialize_reaches_every_layer_and_returns_the_model():
    model = nn.Sequential(nn.Conv1d(4, 3, 5), nn.ReLU(), nn.Sequential(nn.Flatten(), nn.Linear(6, 2, bias=False)))
    before = [parameter.clone() for parameter in model.parameters()]
    assert mlp.initialize(model, "he", seed=0) is model
    assert not any(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_default_distribution_is_uniform_for_relu_itself():
    model = mlp.initialize(mlp.MLP(50, 50), "he", seed=0)
    assert model.fc1.weight.abs().max().item() == pytest.approx((6 / 50) ** 0.5, rel=0.01)


def test_initialize_follows_its_seed_and_leaves_the_global_generator_alone():
    before = torch.get_rng_state()
    first, again, other = (mlp.initialize(mlp.MLP(2, 3, seed=9), "he", seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.fc1.weight, again.fc1.weight)
    assert not torch.equal(first.fc1.weight, other.fc1.weight)


@pytest.mark.parametrize(("scheme", "activation"), [("glorot", "tanh"), ("he", "relu")])
def test_the_matched_scheme_carries_the_gradient_through_20_layers(scheme, activation):
    def gradient(scheme):
        model = mlp.MLP(100, [100] * 20, 100, activation=activation, seed=0).double()
        mlp.initialize(model, scheme, distribution="normal", seed=0)
        x = torch.randn(64, 100, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
        upstream = torch.randn(64, 100, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
        model(x).backward(upstream)
        return (x.grad.norm() / upstream.norm()).item()

    assert 0.05 < gradient(scheme) < 20
    assert gradient("standard") > 1e3


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((mlp.MLP(1, 2), "xavier"), {}, ValueError, "scheme must be one of glorot, he, standard, got str 'xavier'"),
        ((mlp.MLP(1, 2), "he"), {"distribution": "cauchy"}, ValueError, "distribution must be one of uniform, normal"),
        ((mlp.MLP(1, 2), "he"), {"negative_slope": "steep"}, TypeError, "negative_slope must be a number"),
        ((mlp.MLP(1, 2), "he"), {"seed": -1}, ValueError, "seed must be at least 0, got -1"),
        ((nn.ReLU(), "he"), {}, ValueError, "model must have linear or convolutional layers, got ReLU without one"),
    ],
)
def test_bad_arguments_of_initialize_are_named(arguments, options, error, message):
    with pytest.raises(error, match=message):
        mlp.initialize(*arguments, **options)


# --- bends -----------------------------------------------------------------------------------------------------


def test_bends_by_hand():
    model = mlp.MLP(1, 4, 1)
    with torch.no_grad():
        model.fc1.weight.copy_(torch.tensor([[2.0], [-1.0], [0.0], [4.0]]))
        model.fc1.bias.copy_(torch.tensor([-6.0, -0.5, 1.0, 1.0]))
        model.fc2.weight.copy_(torch.tensor([[1.0, 1.0, 1.0, 0.0]]))
    assert mlp.relu_bends(model).tolist() == [-0.5, 3.0]


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_is_straight_between_bends_and_bends_at_them(seed):
    model = mlp.MLP(1, 6, 1, seed=seed).double()
    bends = mlp.relu_bends(model)
    assert len(bends) == 6
    assert (np.diff(bends) > 0).all()
    edges = np.concatenate([[bends[0] - 1], bends, [bends[-1] + 1]])
    slopes = []
    for left, right in pairwise(edges):
        x = np.linspace(left, right, 9)
        y = model(torch.tensor(x[:, None])).detach().numpy()
        np.testing.assert_allclose(np.diff(y, 2), 0, atol=1e-9)
        slopes.append((y[-1] - y[0]) / (right - left))
    assert (np.abs(np.diff(slopes)) > 1e-6).all()


@pytest.mark.parametrize(
    "model", [mlp.MLP(2, 3, 1), mlp.MLP(1, [3, 3], 1), mlp.MLP(1, [], 1), mlp.MLP(1, 3, 1, activation="tanh")]
)
def test_bends_of_other_networks_are_refused(model):
    with pytest.raises(ValueError, match="model must have 1 input, 1 hidden layer and ReLU, got"):
        mlp.relu_bends(model)


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 3, 1), ValueError, "input_dim must be at least 1, got 0"),
        ((2, 0, 1), ValueError, "hid_dim must be at least 1, got 0"),
        ((2, [3, -1], 1), ValueError, "hid_dim must be at least 1, got -1"),
        ((2, 3.0, 1), TypeError, "hid_dim must be a whole number, got float 3.0"),
        ((2, "34", 1), TypeError, "hid_dim must be a whole number, got str '3'"),
        ((2, 3, 0), ValueError, "output_dim must be at least 1, got 0"),
    ],
)
def test_bad_sizes_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        mlp.MLP(*arguments)


def test_bad_names_are_named():
    with pytest.raises(ValueError, match=r"activation must be one of relu, tanh, .* got str 'swish'"):
        mlp.MLP(1, 2, 1, activation="swish")
    with pytest.raises(ValueError, match="seed must be at least 0, got -3"):
        mlp.MLP(1, 2, 1, seed=-3)
