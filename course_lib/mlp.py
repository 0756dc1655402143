"""The multi-layer perceptron of the lessons, in PyTorch, and the weights that a network starts from.

Lessons: ``notebooks/01-introduction-to-deep-learning.ipynb``; initialization in
``notebooks/05-training-neural-networks.ipynb``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from numbers import Integral
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = ["ACTIVATIONS", "MLP", "count_parameters", "initialize", "relu_bends"]

Model = TypeVar("Model", bound=nn.Module)

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "silu": nn.functional.silu,
    "linear": nn.Identity(),
    "cubic": lambda z: z**3,
}


class MLP(nn.Module):
    """A fully connected network: linear layers with an activation between them.

    With one hidden layer it is ``y = W2 activation(W1 x + b1) + b2``. The layers are called ``fc1``, ``fc2``,
    and so on.

    Parameters
    ----------
    input_dim : int
        Number of features.
    hid_dim : int or sequence of int
        Units of the hidden layer, or of each hidden layer in turn. An empty list gives a linear model.
    output_dim : int
        Number of outputs.
    activation : {"relu", "tanh", "sigmoid", "silu", "linear", "cubic"}
        What follows each hidden layer; "linear" is none, "cubic" is the third power (the playground has it too).
    seed : int, optional
        Seed of the initial weights, which then do not depend on PyTorch's global generator, nor change it.
        Without it they come from there.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Initial weights are PyTorch's default for linear layers: uniform within ``1 / sqrt(inputs)``. For others
    see `initialize`.
    Source: GENE 46100, Unit 0. Lesson: notebook 01.

    Examples
    --------
    >>> model = MLP(2, 3, 1, seed=0)
    >>> count_parameters(model), model(torch.zeros(5, 2)).shape
    (13, torch.Size([5]))
    """

    def __init__(
        self,
        input_dim: int,
        hid_dim: int | Sequence[int],
        output_dim: int = 1,
        *,
        activation: str = "relu",
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self.input_dim = check.integer("input_dim", input_dim, 1)
        self.output_dim = check.integer("output_dim", output_dim, 1)
        self.hid_dims = _widths(hid_dim)
        self.activation = check.choice("activation", activation, tuple(ACTIVATIONS))
        widths = [self.input_dim, *self.hid_dims, self.output_dim]
        with _seeded(seed):
            for number, (inputs, outputs) in enumerate(pairwise(widths), start=1):
                self.add_module(f"fc{number}", nn.Linear(inputs, outputs))

    @property
    def layers(self) -> list[nn.Linear]:
        """The linear layers, first to last."""
        return [layer for layer in self.children() if isinstance(layer, nn.Linear)]

    def forward(self, x: Tensor) -> Tensor:
        """Predict from features of shape (n, input_dim): (n,) for one output, else (n, output_dim)."""
        activate = ACTIVATIONS[self.activation]
        *hidden, last = self.children()
        for layer in hidden:
            x = activate(layer(x))
        y: Tensor = last(x)
        return y.squeeze(1) if self.output_dim == 1 else y


def count_parameters(model: nn.Module) -> int:
    """Return how many numbers training can change.

    Parameters
    ----------
    model : torch.nn.Module
        Any model.

    Returns
    -------
    int
        The sizes of all parameters that ask for a gradient, added up.

    Notes
    -----
    Source: GENE 46100, Unit 0: 2 inputs, 3 hidden units and 1 output have 13. Lesson: notebook 01.

    Examples
    --------
    >>> count_parameters(MLP(1, 4, 1))
    13
    """
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def initialize(
    model: Model, scheme: str, *, distribution: str = "uniform", negative_slope: float = 0.0, seed: int | None = None
) -> Model:
    """Draw the weights of every linear and convolutional layer anew, and set their biases to 0.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.
    scheme : {"glorot", "he", "standard"}
        The variance of the weights: "glorot" ``2 / (fan_in + fan_out)``, for tanh, sigmoid and linear layers;
        "he" ``2 / (fan_in (1 + negative_slope**2))``, for ReLU and leaky ReLU; "standard" 1 whatever the layer,
        to see what goes wrong without care. The fans are the numbers of inputs and outputs of a unit, times
        the width of a filter.
    distribution : {"uniform", "normal"}
        Shape of the distribution; the variance is the same.
    negative_slope : float
        Slope of a leaky ReLU below 0, for "he".
    seed : int, optional
        Seed of the weights, which then do not depend on PyTorch's global generator, nor change it.

    Returns
    -------
    torch.nn.Module
        The model.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, or the model has no such layer.

    Notes
    -----
    Source: Glorot and Bengio (2010); He et al. (2015), *Delving deep into rectifiers*. Lesson: notebook 05.

    Examples
    --------
    >>> model = initialize(MLP(100, 200, 1), "he", seed=0)
    >>> round(model.fc1.weight.var().item() * 100, 1), model.fc1.bias.abs().max().item()
    (2.0, 0.0)
    """
    check.choice("scheme", scheme, ("glorot", "he", "standard"))
    check.choice("distribution", distribution, ("uniform", "normal"))
    slope = check.real("negative_slope", negative_slope)
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear | nn.Conv1d)]
    if not layers:
        raise ValueError(f"model must have linear or convolutional layers, got {type(model).__name__} without one")
    with _seeded(seed):
        for layer in layers:
            deviation = math.sqrt(_variance(layer.weight, scheme, slope))
            if distribution == "normal":
                nn.init.normal_(layer.weight, 0, deviation)
            else:  # a uniform distribution within +-limit has variance limit**2 / 3
                nn.init.uniform_(layer.weight, -math.sqrt(3) * deviation, math.sqrt(3) * deviation)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return model


def relu_bends(model: MLP) -> Floats:
    """Return where the curve of a ReLU network with one input and one hidden layer bends.

    Each hidden unit is ``max(0, w x + b)``, which bends at ``x = -b / w``. A unit with ``w = 0``, or whose
    outgoing weights are all 0, bends nothing and is left out.

    Parameters
    ----------
    model : MLP
        ``input_dim`` 1, one hidden layer, activation "relu".

    Returns
    -------
    ndarray, shape (k,)
        Positions in the unit of x, ascending, float64; ``k`` is at most the number of hidden units.

    Raises
    ------
    ValueError
        For any other network.

    Notes
    -----
    Source: GENE 46100, Unit 0: each ReLU unit adds one bend. Lesson: deck 01.

    Examples
    --------
    >>> len(relu_bends(MLP(1, 4, 1, seed=0)))
    4
    """
    if model.input_dim != 1 or len(model.hid_dims) != 1 or model.activation != "relu":
        raise ValueError(
            f"model must have 1 input, 1 hidden layer and ReLU, got {model.input_dim} inputs, "
            f"hidden layers {model.hid_dims} and {model.activation}"
        )
    first, second = model.layers
    w, b = (p.detach().double().cpu().numpy() for p in (first.weight[:, 0], first.bias))
    used = (w != 0) & (second.weight != 0).any(0).cpu().numpy()
    return np.sort(-b[used] / w[used])


def _variance(weight: Tensor, scheme: str, negative_slope: float) -> float:
    outputs, inputs = weight.shape[:2]
    width = weight[0, 0].numel()
    if scheme == "glorot":
        return 2 / ((inputs + outputs) * width)
    return 2 / (inputs * width * (1 + negative_slope**2)) if scheme == "he" else 1.0


def _widths(hid_dim: int | Sequence[int]) -> list[int]:
    widths = [hid_dim] if isinstance(hid_dim, Integral) or not isinstance(hid_dim, Sequence) else hid_dim
    return [check.integer("hid_dim", width, 1) for width in widths]


@contextmanager
def _seeded(seed: int | None) -> Iterator[None]:
    """Run the block with PyTorch's CPU generator started from `seed`, and put it back afterwards."""
    if seed is None:
        yield
        return
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(check.integer("seed", seed, 0))
        yield
