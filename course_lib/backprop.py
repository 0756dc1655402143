"""Backpropagation by hand: neural network layers in NumPy, each with its gradient written out.

A layer has two methods. ``forward`` computes its outputs and remembers what its gradient needs. ``backward`` takes the
gradient of the loss with respect to those outputs and returns the gradient with respect to the inputs: the chain rule,
one layer at a time, last layer first. On the way it stores the gradients of the layer's own parameters.

>>> rng = np.random.default_rng(0)
>>> net = Sequential(Linear(2, 3, rng), ReLU(), Linear(3, 1, rng))
>>> X, y = rng.normal(size=(8, 2)), rng.normal(size=(8, 1))
>>> loss, gradient = mse_loss(net.forward(X), y)
>>> net.backward(gradient).shape
(8, 2)
>>> net.step(learning_rate=0.1)
>>> bool(mse_loss(net.forward(X), y)[0] < loss)
True

Everything is float64. Batches are ``(n, features)``, and for convolution ``(n, channels, length)`` as in PyTorch: swap
the last two axes of `course_lib.dna.one_hot`.

Lesson: ``notebooks/05-training-neural-networks.ipynb``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = [
    "Conv1d",
    "Dropout",
    "Flatten",
    "Layer",
    "LeakyReLU",
    "Linear",
    "MaxPool1d",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
    "glorot",
    "he",
    "initial_weights",
    "mse_loss",
    "sigmoid_cross_entropy",
    "softmax",
    "softmax_cross_entropy",
]

_HE = ("relu", "leaky_relu")
_GLOROT = ("linear", "tanh", "sigmoid")


# --- initial weights -------------------------------------------------------------------------------------------


def glorot(shape: Sequence[int], rng: np.random.Generator, *, distribution: str = "uniform") -> Floats:
    """Draw weights that keep the variance of signals and gradients level through linear or tanh layers.

    Parameters
    ----------
    shape : sequence of int
        ``(outputs, inputs)``, or ``(outputs, inputs, width)`` for a convolution.
    rng : numpy.random.Generator
        Source of the weights.
    distribution : {"uniform", "normal"}
        Both have mean 0 and variance ``2 / (fan_in + fan_out)``, with the fans the numbers of inputs and of outputs,
        times the width.

    Returns
    -------
    ndarray
        Weights of the given shape.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Glorot and Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*.
    Lesson: notebook 05.

    Examples
    --------
    >>> weights = glorot((200, 100), np.random.default_rng(0))
    >>> weights.shape, round(float(weights.var()) * 150, 1)
    ((200, 100), 1.0)
    """
    fan_in, fan_out = _fans(shape)
    return _draw(shape, 2 / (fan_in + fan_out), rng, distribution)


def he(
    shape: Sequence[int], rng: np.random.Generator, *, distribution: str = "normal", negative_slope: float = 0.0
) -> Floats:
    """Draw weights that keep the size of signals level through layers of ReLU, which lets half of them pass.

    Parameters
    ----------
    shape : sequence of int
        ``(outputs, inputs)``, or ``(outputs, inputs, width)`` for a convolution.
    rng : numpy.random.Generator
        Source of the weights.
    distribution : {"normal", "uniform"}
        Both have mean 0 and variance ``2 / (fan_in (1 + negative_slope**2))``.
    negative_slope : float
        Slope of a leaky ReLU below 0; 0 for ReLU itself.

    Returns
    -------
    ndarray
        Weights of the given shape.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: He et al. (2015), *Delving deep into rectifiers*. Lesson: notebook 05.

    Examples
    --------
    >>> weights = he((200, 100), np.random.default_rng(0))
    >>> weights.shape, round(float(weights.var()) * 50, 1)
    ((200, 100), 1.0)
    """
    fan_in, _ = _fans(shape)
    return _draw(shape, 2 / (fan_in * (1 + check.real("negative_slope", negative_slope) ** 2)), rng, distribution)


def initial_weights(
    shape: Sequence[int],
    rng: np.random.Generator,
    *,
    activation: str = "relu",
    distribution: str = "uniform",
    negative_slope: float = 0.01,
) -> Floats:
    """Draw weights that suit what follows the layer: `he` before ReLU and leaky ReLU, else `glorot`.

    Parameters
    ----------
    shape : sequence of int
        ``(outputs, inputs)``, or ``(outputs, inputs, width)`` for a convolution.
    rng : numpy.random.Generator
        Source of the weights.
    activation : {"relu", "leaky_relu", "tanh", "sigmoid", "linear"}
        What follows the layer.
    distribution : {"uniform", "normal"}
        Shape of the distribution; the variance is the same.
    negative_slope : float
        Slope below 0 of "leaky_relu"; not used by the others.

    Returns
    -------
    ndarray
        Weights of the given shape.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Lesson: notebook 05.

    Examples
    --------
    >>> initial_weights((3, 2), np.random.default_rng(0), activation="tanh").shape
    (3, 2)
    """
    check.choice("activation", activation, _HE + _GLOROT)
    if activation in _GLOROT:
        return glorot(shape, rng, distribution=distribution)
    slope = negative_slope if activation == "leaky_relu" else 0.0
    return he(shape, rng, distribution=distribution, negative_slope=slope)


# --- layers ----------------------------------------------------------------------------------------------------


class Layer(ABC):
    """What every layer has: `forward`, `backward`, and parameters with their gradients.

    Attributes
    ----------
    parameters : dict of str to ndarray
        What training changes, by name; empty where there is nothing to learn.
    gradients : dict of str to ndarray
        The gradient of each parameter, as the last `backward` found it.
    training : bool
        Whether the next `forward` belongs to training. Only `Dropout` asks.

    Notes
    -----
    Source: Rumelhart, Hinton and Williams (1986). Lesson: notebook 05.

    Examples
    --------
    >>> layer = Linear(2, 3, np.random.default_rng(0))
    >>> {name: values.shape for name, values in layer.parameters.items()}
    {'weight': (3, 2), 'bias': (3,)}
    """

    def __init__(self) -> None:
        self.parameters: dict[str, Floats] = {}
        self.gradients: dict[str, Floats] = {}
        self.training = True
        self._memory: Any = None

    def forward(self, X: ArrayLike) -> Floats:
        """Return the outputs for a batch `X`, and remember what `backward` needs."""
        X = _batch(X)
        y, self._memory = self._forward(X)
        self._shape = y.shape
        return y

    def backward(self, upstream: ArrayLike) -> Floats:
        """Return the gradient of the loss by the inputs, given that by the outputs of the last `forward`."""
        if self._memory is None:
            raise RuntimeError(f"{type(self).__name__}.backward needs a forward before it")
        gradient = check.real_array("upstream", upstream, len(self._shape))
        if gradient.shape != self._shape:
            raise ValueError(f"upstream must have the shape of the outputs, {self._shape}, got {gradient.shape}")
        return self._backward(gradient, self._memory)

    @abstractmethod
    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        """Return the outputs and the memory."""

    @abstractmethod
    def _backward(self, upstream: Floats, memory: Any) -> Floats:
        """Return the gradient by the inputs, and store those by the parameters."""


class Linear(Layer):
    """A fully connected layer, ``y = X W' + b``.

    Parameters
    ----------
    inputs, outputs : int
        Number of features that come in and go out.
    rng : numpy.random.Generator
        Source of the initial weights.
    activation : {"relu", "leaky_relu", "tanh", "sigmoid", "linear"}
        What follows the layer, for `initial_weights`. The bias starts at 0.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, or the input is not ``(n, inputs)``.

    Notes
    -----
    ``weight`` is ``(outputs, inputs)`` and ``bias`` ``(outputs,)``, as in PyTorch.
    Source: Rumelhart, Hinton and Williams (1986). Lesson: notebook 05.

    Examples
    --------
    >>> Linear(2, 3, np.random.default_rng(0)).forward([[1.0, 2.0]]).shape
    (1, 3)
    """

    def __init__(self, inputs: int, outputs: int, rng: np.random.Generator, *, activation: str = "relu") -> None:
        super().__init__()
        shape = check.integer("outputs", outputs, 1), check.integer("inputs", inputs, 1)
        self.parameters = {"weight": initial_weights(shape, rng, activation=activation), "bias": np.zeros(shape[0])}

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        weight, bias = self.parameters.values()
        _expect("Linear", X, 2, weight.shape[1])
        return X @ weight.T + bias, X

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        self.gradients = {"weight": upstream.T @ memory, "bias": upstream.sum(0)}
        return upstream @ self.parameters["weight"]


class LeakyReLU(Layer):
    """Let positive values pass and shrink negative ones: ``max(0, x) + alpha min(0, x)``.

    Parameters
    ----------
    alpha : float
        Slope below 0. At 0 itself, where there is no derivative, the slope `alpha` is taken, as in PyTorch.

    Raises
    ------
    ValueError, TypeError
        When `alpha` is not a number of 0 or more.

    Notes
    -----
    Source: Maas, Hannun and Ng (2013), *Rectifier nonlinearities improve neural network acoustic models*. Lesson:
    notebook 05.

    Examples
    --------
    >>> LeakyReLU(0.1).forward([[-2.0, 3.0]]).tolist()
    [[-0.2, 3.0]]
    """

    def __init__(self, alpha: float = 0.01) -> None:
        super().__init__()
        self.alpha = check.non_negative("alpha", alpha)

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        return np.maximum(X, 0.0) + self.alpha * np.minimum(X, 0.0), np.where(X > 0, 1.0, self.alpha)

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        return upstream * memory


class ReLU(LeakyReLU):
    """Let positive values pass and stop the rest: ``max(0, x)``.

    Notes
    -----
    Source: Nair and Hinton (2010), *Rectified linear units improve restricted Boltzmann machines*. Lesson: notebook 05.

    Examples
    --------
    >>> ReLU().forward([[-2.0, 3.0]]).tolist()
    [[0.0, 3.0]]
    """

    def __init__(self) -> None:
        super().__init__(alpha=0.0)


class Sigmoid(Layer):
    """Squash to between 0 and 1: ``1 / (1 + exp(-x))``, whose slope ``y (1 - y)`` is at most 1/4.

    Notes
    -----
    Source: Rumelhart, Hinton and Williams (1986). Lesson: notebook 05.

    Examples
    --------
    >>> Sigmoid().forward([[0.0]]).tolist()
    [[0.5]]
    """

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        y = _sigmoid(X)
        return y, y

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        return upstream * memory * (1 - memory)


class Tanh(Layer):
    """Squash to between -1 and 1, with slope ``1 - y**2``.

    Notes
    -----
    Source: LeCun et al. (1998), *Efficient backprop*. Lesson: notebook 05.

    Examples
    --------
    >>> Tanh().forward([[0.0]]).tolist()
    [[0.0]]
    """

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        y = np.tanh(X)
        return y, y

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        return upstream * (1 - memory**2)


class Dropout(Layer):
    """In training, set each value to 0 with probability `p` and divide the others by ``1 - p``; else do nothing.

    The division keeps the expected value, so that nothing has to change after training.

    Parameters
    ----------
    p : float
        From 0 up to, but not, 1.
    rng : numpy.random.Generator
        Source of the masks.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Srivastava et al. (2014), *Dropout*. Lesson: notebook 05.

    Examples
    --------
    >>> layer = Dropout(0.5, np.random.default_rng(0))
    >>> layer.forward(np.ones((1, 4))).tolist()
    [[2.0, 0.0, 0.0, 0.0]]
    >>> layer.training = False
    >>> layer.forward(np.ones((1, 4))).tolist()
    [[1.0, 1.0, 1.0, 1.0]]
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        super().__init__()
        if not 0 <= check.real("p", p) < 1:
            raise ValueError(f"p must be at least 0 and below 1, got {p}")
        self.p, self.rng = float(p), _generator(rng)

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        if not self.training:
            return X, np.ones_like(X)
        mask = (self.rng.random(X.shape) >= self.p) / (1 - self.p)
        return X * mask, mask

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        return upstream * memory


class Flatten(Layer):
    """Lay each example out as one row, from ``(n, channels, length)`` to ``(n, channels * length)``.

    Notes
    -----
    Lesson: notebook 09.

    Examples
    --------
    >>> Flatten().forward(np.zeros((5, 4, 3))).shape
    (5, 12)
    """

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        return X.reshape(len(X), -1), X.shape

    def _backward(self, upstream: Floats, memory: tuple[int, ...]) -> Floats:
        return upstream.reshape(memory)


class Conv1d(Layer):
    """Slide filters along sequences: ``y[n, f, i] = bias[f] + sum over c, j of weight[f, c, j] X[n, c, i + j]``.

    The filter is not turned around, so mathematics calls this a cross-correlation. The output is shorter than the
    input by ``width - 1``: a filter stays inside its sequence.

    Parameters
    ----------
    channels, filters : int
        Number of input channels (4 for DNA) and of filters.
    width : int
        Length of a filter.
    rng : numpy.random.Generator
        Source of the initial weights.
    activation : {"relu", "leaky_relu", "tanh", "sigmoid", "linear"}
        What follows the layer, for `initial_weights`. The bias starts at 0.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, the input is not ``(n, channels, length)``, or shorter than the filters.

    Notes
    -----
    ``weight`` is ``(filters, channels, width)`` and ``bias`` ``(filters,)``, as in PyTorch.
    Source: LeCun et al. (1989), *Backpropagation applied to handwritten zip code recognition*. Lessons: deck 02,
    notebook 09.

    Examples
    --------
    >>> Conv1d(4, 10, 15, np.random.default_rng(0)).forward(np.zeros((2, 4, 150))).shape
    (2, 10, 136)
    """

    def __init__(
        self, channels: int, filters: int, width: int, rng: np.random.Generator, *, activation: str = "relu"
    ) -> None:
        super().__init__()
        named = {"filters": filters, "channels": channels, "width": width}
        shape = tuple(check.integer(name, size, 1) for name, size in named.items())
        self.parameters = {"weight": initial_weights(shape, rng, activation=activation), "bias": np.zeros(shape[0])}

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        weight, bias = self.parameters.values()
        _, channels, width = weight.shape
        _expect("Conv1d", X, 3, channels)
        _long_enough("Conv1d", X, width)
        windows = np.lib.stride_tricks.sliding_window_view(X, width, axis=2)  # (n, channels, positions, width)
        return np.einsum("ncij,fcj->nfi", windows, weight, optimize=True) + bias[:, None], windows

    def _backward(self, upstream: Floats, memory: Floats) -> Floats:
        weight = self.parameters["weight"]
        self.gradients = {
            "weight": np.einsum("nfi,ncij->fcj", upstream, memory, optimize=True),
            "bias": upstream.sum((0, 2)),
        }
        # Each filter position j saw the inputs i + j: send its share of the gradient back to them.
        n, channels, positions, width = memory.shape
        gradient = np.zeros((n, channels, positions + width - 1))
        for j in range(width):
            gradient[:, :, j : j + positions] += np.einsum("nfi,fc->nci", upstream, weight[:, :, j])
        return gradient


class MaxPool1d(Layer):
    """Keep the largest of each `width` neighbors; a rest at the end that fills no block is left out.

    Parameters
    ----------
    width : int
        Length of a block. The blocks do not overlap. With the length of the input it is global max pooling.

    Raises
    ------
    ValueError, TypeError
        When `width` is wrong, the input is not ``(n, channels, length)``, or shorter than a block.

    Notes
    -----
    The gradient goes to the largest value alone, and to the first of equals, as in PyTorch.
    Source: MIT 6.047 (2020), lecture 12. Lessons: deck 02, notebook 09.

    Examples
    --------
    >>> MaxPool1d(2).forward([[[1.0, 5.0, 3.0, 2.0, 9.0]]]).tolist()
    [[[5.0, 3.0]]]
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = check.integer("width", width, 1)

    def _forward(self, X: Floats) -> tuple[Floats, Any]:
        _expect("MaxPool1d", X, 3)
        _long_enough("MaxPool1d", X, self.width)
        n, channels, length = X.shape
        positions = length // self.width
        blocks = X[:, :, : positions * self.width].reshape(n, channels, positions, self.width)
        return blocks.max(3), (blocks.argmax(3)[..., None], X.shape)

    def _backward(self, upstream: Floats, memory: tuple[NDArray[np.int64], tuple[int, ...]]) -> Floats:
        winners, shape = memory
        blocks = np.zeros((*upstream.shape, self.width))
        np.put_along_axis(blocks, winners, upstream[..., None], axis=3)
        gradient = np.zeros(shape)
        gradient[:, :, : upstream.shape[2] * self.width] = blocks.reshape(*upstream.shape[:2], -1)
        return gradient


class Sequential:
    """Layers one after the other: forward through all, then backward through all in reverse.

    Parameters
    ----------
    *layers : Layer
        First to last; at least one.

    Raises
    ------
    TypeError
        When something is not a layer, or there is none.

    Notes
    -----
    Source: Rumelhart, Hinton and Williams (1986). Lesson: notebook 05.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> Sequential(Linear(2, 3, rng), ReLU(), Linear(3, 1, rng)).count_parameters()
    13
    """

    def __init__(self, *layers: Layer) -> None:
        if not layers or not all(isinstance(layer, Layer) for layer in layers):
            raise TypeError(f"layers must be layers, one or more, got {[type(layer).__name__ for layer in layers]}")
        self.layers = layers

    def forward(self, X: ArrayLike, *, training: bool = True) -> Floats:
        """Return the outputs of the last layer; with ``training=False`` dropout does nothing."""
        y = _batch(X)
        for layer in self.layers:
            layer.training = training
            y = layer.forward(y)
        return y

    def backward(self, upstream: ArrayLike) -> Floats:
        """Return the gradient by the inputs of the first layer; every layer stores those of its parameters."""
        gradient = np.asarray(upstream)
        for layer in reversed(self.layers):
            gradient = layer.backward(gradient)
        return gradient

    def step(self, learning_rate: float) -> None:
        """Move every parameter against its gradient, in place: ``p <- p - learning_rate * gradient``."""
        learning_rate = check.positive("learning_rate", learning_rate)
        for layer in self.layers:
            for name, gradient in layer.gradients.items():
                layer.parameters[name] -= learning_rate * gradient

    def count_parameters(self) -> int:
        """Return how many numbers training can change."""
        return sum(values.size for layer in self.layers for values in layer.parameters.values())


# --- losses: each returns the mean over the batch and its gradient by the predictions ----------------------------


def mse_loss(y_hat: ArrayLike, y: ArrayLike) -> tuple[float, Floats]:
    """Return the mean squared error and its gradient.

    Parameters
    ----------
    y_hat, y : array_like, one shape
        Predictions and targets, in the same unit. The mean runs over all their values, as in PyTorch.

    Returns
    -------
    loss : float
        The mean of ``(y_hat - y)**2``.
    gradient : ndarray, the shape of `y_hat`
        ``2 (y_hat - y) / size``.

    Raises
    ------
    ValueError, TypeError
        When the shapes differ (nothing is broadcast) or a value is not a finite number.

    Notes
    -----
    Lesson: notebook 05.

    Examples
    --------
    >>> loss, gradient = mse_loss([[1.0], [2.0]], [[1.0], [4.0]])
    >>> loss, gradient.tolist()
    (2.0, [[0.0], [-2.0]])
    """
    y_hat, y = _pair("y_hat", y_hat, "y", y)
    error = y_hat - y
    return float((error**2).mean()), 2 * error / error.size


def softmax(z: ArrayLike) -> Floats:
    """Turn each row of scores into probabilities: ``exp(z_k) / sum_j exp(z_j)``.

    Parameters
    ----------
    z : array_like, shape (n, classes)
        Scores (logits). Adding a constant to a row changes nothing; its largest is taken off, so that no exponential
        overflows.

    Returns
    -------
    ndarray, shape (n, classes)
        Rows that sum to 1.

    Raises
    ------
    ValueError, TypeError
        When `z` is not a finite matrix.

    Notes
    -----
    Source: Bridle (1990), *Probabilistic interpretation of feedforward classification network outputs*. Lesson:
    notebook 05.

    Examples
    --------
    >>> softmax([[1.0, 1.0], [1000.0, 0.0]]).tolist()
    [[0.5, 0.5], [1.0, 0.0]]
    """
    return np.exp(_log_softmax(check.real_array("z", z, 2)))


def softmax_cross_entropy(z: ArrayLike, labels: ArrayLike) -> tuple[float, Floats]:
    """Return the mean cross-entropy of softmax probabilities, and its gradient by the scores.

    Parameters
    ----------
    z : array_like, shape (n, classes)
        Scores before the softmax.
    labels : array_like of int, shape (n,)
        The right class of each row, counted from 0.

    Returns
    -------
    loss : float
        The mean of ``-log(probability of the right class)``, in nats.
    gradient : ndarray, shape (n, classes)
        ``(softmax(z) - one_hot(labels)) / n``: the two derivatives, of logarithm and softmax, nearly cancel.

    Raises
    ------
    ValueError, TypeError
        When shapes do not match, a value is not finite, or a label is not one of the classes.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 6.2.2. Lesson: notebook 05.

    Examples
    --------
    >>> loss, gradient = softmax_cross_entropy([[0.0, 0.0]], [1])
    >>> round(loss, 4), gradient.tolist()
    (0.6931, [[0.5, -0.5]])
    """
    z = check.real_array("z", z, 2)
    right = _labels(labels, *z.shape)
    log_p, rows = _log_softmax(z), np.arange(len(z))
    gradient = np.exp(log_p)
    gradient[rows, right] -= 1
    return float(-log_p[rows, right].mean()), gradient / len(z)


def sigmoid_cross_entropy(z: ArrayLike, y: ArrayLike) -> tuple[float, Floats]:
    """Return the mean binary cross-entropy of ``sigmoid(z)``, and its gradient by the scores.

    Parameters
    ----------
    z : array_like
        Scores before the sigmoid.
    y : array_like, the shape of `z`
        Targets from 0 to 1: labels, or probabilities.

    Returns
    -------
    loss : float
        The mean of ``-y log p - (1 - y) log(1 - p)`` over all values, in nats, without overflow for any score.
    gradient : ndarray, the shape of `z`
        ``(sigmoid(z) - y) / size``.

    Raises
    ------
    ValueError, TypeError
        When the shapes differ, a value is not finite, or a target lies outside 0 to 1.

    Notes
    -----
    Source: Goodfellow, Bengio and Courville (2016), *Deep Learning*, section 6.2.2. Lesson: notebook 05.

    Examples
    --------
    >>> loss, gradient = sigmoid_cross_entropy([[0.0]], [[1.0]])
    >>> round(loss, 4), gradient.tolist()
    (0.6931, [[-0.5]])
    """
    z, y = _pair("z", z, "y", y)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"y must lie between 0 and 1, got values from {y.min()} to {y.max()}")
    loss = np.logaddexp(0, z) - y * z  # log(1 + exp(z)) - y z, the same as above with less to overflow
    return float(loss.mean()), (_sigmoid(z) - y) / z.size


# --- helpers ---------------------------------------------------------------------------------------------------


def _sigmoid(z: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(z / 2))  # the same function; exp(-z) would overflow for large negative z


def _log_softmax(z: Floats) -> Floats:
    shifted = z - z.max(1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(1, keepdims=True)))


def _fans(shape: Sequence[int]) -> tuple[int, int]:
    sizes = [check.integer("shape", size, 1) for size in shape]
    if len(sizes) < 2:
        raise ValueError(f"shape must be (outputs, inputs) or longer, got {tuple(shape)}")
    width = math.prod(sizes[2:])
    return sizes[1] * width, sizes[0] * width


def _draw(shape: Sequence[int], variance: float, rng: np.random.Generator, distribution: str) -> Floats:
    check.choice("distribution", distribution, ("uniform", "normal"))
    _generator(rng)
    if distribution == "normal":
        return rng.normal(0, math.sqrt(variance), size=tuple(shape))
    limit = math.sqrt(3 * variance)  # a uniform distribution within +-limit has variance limit**2 / 3
    return rng.uniform(-limit, limit, size=tuple(shape))


def _generator(rng: object) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a numpy.random.Generator, got {rng!r}")
    return rng


def _batch(X: ArrayLike) -> Floats:
    ndim = np.ndim(X)
    if ndim < 2:
        raise ValueError(f"X must be a batch of 2 axes or more, got shape {np.shape(X)}")
    return check.real_array("X", X, ndim)


def _expect(layer: str, X: Floats, ndim: int, features: int | None = None) -> None:
    if X.ndim != ndim or (features is not None and X.shape[1] != features):
        size = "channels" if features is None else features
        wanted = f"(n, {size})" if ndim == 2 else f"(n, {size}, length)"
        raise ValueError(f"X must be {wanted} for {layer}, got shape {X.shape}")


def _long_enough(layer: str, X: Floats, width: int) -> None:
    if X.shape[2] < width:
        raise ValueError(f"X must have a length of at least the width {width} of {layer}, got shape {X.shape}")


def _pair(first: str, a: ArrayLike, second: str, b: ArrayLike) -> tuple[Floats, Floats]:
    a, b = check.real_array(first, a, np.ndim(a)), check.real_array(second, b, np.ndim(b))
    if a.shape != b.shape:
        raise ValueError(f"{first} and {second} must have one shape, got {a.shape} and {b.shape}")
    return a, b


def _labels(labels: ArrayLike, n: int, classes: int) -> NDArray[np.int64]:
    right = np.asarray(labels)
    if right.dtype.kind not in "iu":
        raise TypeError(f"labels must be whole numbers, got {right.dtype}")
    if right.shape != (n,):
        raise ValueError(f"labels must have shape ({n},), one for each row of z, got {right.shape}")
    if right.min() < 0 or right.max() >= classes:
        raise ValueError(f"labels must lie from 0 to {classes - 1}, got values from {right.min()} to {right.max()}")
    return right.astype(np.int64)
