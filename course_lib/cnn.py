"""The convolutional networks of the lessons, in PyTorch. All take one-hot DNA as ``(n, 4, length)``.

That is `course_lib.dna.one_hot` with its last two axes swapped: ``one_hot(sequences).transpose(0, 2, 1)``. All return
scores; where the target is a label, train with ``BCEWithLogitsLoss``, which applies the sigmoid itself and does not
overflow.

Both strands. DNA is read on both strands, and a motif on the other strand appears as its reverse complement. With
``both_strands=True`` each filter also scans as its own reverse complement, and the higher of the two counts. The number
of parameters stays the same. A sequence and its reverse complement then get the same score (`MotifCNN`), or the same
scores in reverse order (`SameLengthCNN`).

Lessons: ``notebooks/02-cnn-for-dna-scoring.ipynb``, ``notebooks/03-tf-binding-prediction.ipynb`` and
``notebooks/09-regulatory-cnn.ipynb``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from course_lib import _checks as check
from course_lib._checks import Floats
from course_lib.mlp import _seeded

__all__ = ["BothStrandsConv1d", "LectureCNN", "MotifCNN", "SameLengthCNN", "filters"]

_BASES = 4


class BothStrandsConv1d(nn.Conv1d):
    """A convolution whose filters scan both strands and keep the higher score at each position.

    Parameters
    ----------
    in_channels, out_channels, kernel_size : int
        As in `torch.nn.Conv1d`.
    padding : int or {"valid", "same"}
        As in `torch.nn.Conv1d`; "same" needs an odd `kernel_size`, else the two strands are not in step.
    dna : bool
        Whether the input is one-hot DNA, whose channels are complemented (A with T, C with G) as the filter is
        turned around. In deeper layers the channels have no complement and only the direction turns.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    The parameters are those of `torch.nn.Conv1d`, ``out_channels (in_channels kernel_size + 1)``. Turn the input
    around, and the output turns around. Source: Shrikumar, Greenside and Kundaje (2017), *Reverse-complement
    parameter sharing improves deep learning models for genomics*, here with the maximum over the strands. Lessons:
    deck 02, notebook 03.

    Examples
    --------
    >>> layer = BothStrandsConv1d(4, 8, 5)
    >>> x = torch.eye(4)[:, [0, 2, 2, 1, 3, 3]][None]  # AGGCTT
    >>> bool(torch.allclose(layer(x.flip(1, 2)), layer(x).flip(2)))
    True
    """

    def __init__(
        self, in_channels: int, out_channels: int, kernel_size: int, *, padding: int | str = 0, dna: bool = True
    ) -> None:
        width = check.integer("kernel_size", kernel_size, 1)
        if padding == "same" and width % 2 == 0:
            raise ValueError(f"kernel_size must be odd for padding 'same', got {width}")
        if dna and in_channels != _BASES:
            raise ValueError(f"in_channels must be 4 for DNA, got {in_channels}")
        super().__init__(in_channels, check.integer("out_channels", out_channels, 1), width, padding=padding)
        self.dna = dna

    def forward(self, x: Tensor) -> Tensor:
        """Scan sequences ``(n, in_channels, length)``."""
        turned = self.weight.flip(1, 2) if self.dna else self.weight.flip(2)  # A, C, G, T backwards is T, G, C, A
        bias = None if self.bias is None else torch.cat([self.bias, self.bias])
        both = functional.conv1d(x, torch.cat([self.weight, turned]), bias, padding=self.padding)  # faster than two
        return torch.maximum(*both.chunk(2, dim=1))


class MotifCNN(nn.Module):
    """Is there a motif anywhere? Filters, ReLU, the maximum over all positions, and a linear layer.

    The global maximum makes the score of a motif independent of its place and of its number. What depends on the
    whole sequence, such as the mean of a value for each base, needs its base composition beside the maxima.

    Parameters
    ----------
    n_filters : int
        Number of filters.
    width : int
        Length of a filter, in bases.
    outputs : int
        Number of scores for a sequence, above 1 for several tasks that share their filters.
    composition : bool
        Whether the linear layer also sees the part of each base in the sequence.
    both_strands : bool
        Whether the filters scan both strands.
    seed : int, optional
        Seed of the initial weights, which then do not depend on PyTorch's global generator, nor change it.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Parameters: ``n_filters (4 width + 1) + outputs (n_filters + 4 + 1)``, without composition
    ``n_filters (4 width + 1) + outputs (n_filters + 1)``. By default 453: the network of notebook 02. With 16 filters
    of width 19 and without composition 1,249: the max-pooling network of notebook 03. Source: Alipanahi et al.
    (2015), *Predicting the sequence specificities of DNA- and RNA-binding proteins by deep learning*. Lessons: deck
    02, notebooks 02, 03 and 09.

    Examples
    --------
    >>> model = MotifCNN(seed=0)
    >>> sum(p.numel() for p in model.parameters()), model(torch.zeros(7, 4, 8)).shape
    (453, torch.Size([7]))
    """

    def __init__(
        self,
        n_filters: int = 32,
        width: int = 3,
        *,
        outputs: int = 1,
        composition: bool = True,
        both_strands: bool = False,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        check.integer("n_filters", n_filters, 1)
        check.integer("outputs", outputs, 1)
        self.composition = composition
        with _seeded(seed):
            self.conv = _conv(_BASES, n_filters, width, both_strands, dna=True)
            self.head = nn.Linear(n_filters + _BASES * composition, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Score sequences ``(n, 4, length)``: ``(n,)`` for one output, else ``(n, outputs)``."""
        _check_input(x, self.conv.kernel_size[0])
        features = torch.relu(self.conv(x)).amax(2)
        if self.composition:
            means = x.mean(2)
            if isinstance(self.conv, BothStrandsConv1d):
                means = (means + means.flip(1)) / 2
            features = torch.cat([features, means], 1)
        return _scores(self.head(features))


class SameLengthCNN(nn.Module):
    """A score for each base: convolutions that keep the length, with ReLU between them.

    Parameters
    ----------
    n_filters : sequence of int
        Filters of each layer but the last, which has one for each output.
    widths : sequence of int
        Length of the filters of each layer, the last included; odd, so that each base has a middle to stand in. The
        score of a base depends on ``sum(widths) - len(widths)`` bases around it, half of them on each side.
    outputs : int
        Number of scores for a base.
    both_strands : bool
        Whether the filters scan both strands.
    seed : int, optional
        Seed of the initial weights, which then do not depend on PyTorch's global generator, nor change it.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Parameters: ``filters (channels width + 1)`` for each layer, by default 2,040 + 3,472 + 337 = 5,849. Ends of the
    sequence are padded with zeros, which is N. Source: Kelley et al. (2018), *Sequential regulatory activity
    prediction across chromosomes with convolutional neural networks*, in small. Lesson: notebook 03.

    Examples
    --------
    >>> model = SameLengthCNN(seed=0)
    >>> sum(p.numel() for p in model.parameters()), model(torch.zeros(2, 4, 300)).shape
    (5849, torch.Size([2, 300]))
    """

    def __init__(
        self,
        n_filters: Sequence[int] = (24, 16),
        widths: Sequence[int] = (21, 9, 21),
        *,
        outputs: int = 1,
        both_strands: bool = False,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        channels = [
            _BASES,
            *(check.integer("n_filters", n, 1) for n in n_filters),
            check.integer("outputs", outputs, 1),
        ]
        if len(widths) != len(channels) - 1:
            raise ValueError(f"widths must be {len(channels) - 1} numbers, one more than n_filters, got {widths!r}")
        if even := [width for width in widths if check.integer("widths", width, 1) % 2 == 0]:
            raise ValueError(f"widths must be odd, got {even[0]}")
        with _seeded(seed):
            for number, ((came, gone), width) in enumerate(zip(pairwise(channels), widths, strict=True), start=1):
                layer = _conv(came, gone, width, both_strands, dna=number == 1, padding="same")
                self.add_module(f"conv{number}", layer)

    def forward(self, x: Tensor) -> Tensor:
        """Score each base of ``(n, 4, length)``: ``(n, length)`` for one output, else ``(n, outputs, length)``."""
        _check_input(x, 1)
        *hidden, last = self.children()
        for layer in hidden:
            x = torch.relu(layer(x))
        return _scores(last(x))


class LectureCNN(nn.Module):
    """The one-layer network of the lecture: filters, ReLU, pooling in blocks, a dense layer.

    Parameters
    ----------
    length : int
        Length of the sequences, in bases. The dense layer has a weight for each filter and block, so that the network
        fits this length alone, and learns each place for itself.
    n_filters : int
        Number of filters.
    width : int
        Length of a filter.
    pool : int
        Length of a block of positions of which the highest is kept; a rest at the end is left out.
    outputs : int
        Number of scores for a sequence, above 1 for several tasks that share their filters.
    both_strands : bool
        Whether the filters scan both strands. The two strands still get different scores here, because each
        block has weights of its own.
    seed : int, optional
        Seed of the initial weights, which then do not depend on PyTorch's global generator, nor change it.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Parameters: ``n_filters (4 width + 1) + outputs (n_filters blocks + 1)`` with
    ``blocks = (length - width + 1) // pool``, by default 610 + 271 = 881. The sigmoid that ends the lecture's network
    is in the loss. Source: MIT 6.047 (2020), lecture 12. Lessons: deck 03, notebook 09.

    Examples
    --------
    >>> model = LectureCNN(seed=0)
    >>> sum(p.numel() for p in model.parameters()), model(torch.zeros(7, 4, 150)).shape
    (881, torch.Size([7]))
    """

    def __init__(
        self,
        length: int = 150,
        n_filters: int = 10,
        width: int = 15,
        pool: int = 5,
        *,
        outputs: int = 1,
        both_strands: bool = False,
        seed: int | None = None,
    ) -> None:
        super().__init__()
        check.integer("width", width, 1)
        self.length = check.integer("length", length, width + check.integer("pool", pool, 1) - 1)
        check.integer("outputs", outputs, 1)
        blocks = (length - width + 1) // pool
        with _seeded(seed):
            self.conv = _conv(_BASES, check.integer("n_filters", n_filters, 1), width, both_strands, dna=True)
            self.pool = nn.MaxPool1d(pool)
            self.head = nn.Linear(n_filters * blocks, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Score sequences ``(n, 4, length)``: ``(n,)`` for one output, else ``(n, outputs)``."""
        _check_input(x, self.length)
        if x.shape[2] != self.length:
            raise ValueError(f"x must have length {self.length}, got shape {tuple(x.shape)}")
        return _scores(self.head(self.pool(torch.relu(self.conv(x))).flatten(1)))


def filters(model: nn.Module) -> Floats:
    """Return the filters of the first convolution, as DNA: rows are positions, columns A, C, G, T.

    Parameters
    ----------
    model : torch.nn.Module
        A model of this module, or another whose first convolution reads one-hot DNA.

    Returns
    -------
    ndarray, shape (n_filters, width, 4)
        Weights, float64; compare them with motif matrices, or draw them as logos.

    Raises
    ------
    ValueError
        When the model has no convolution over 4 channels.

    Notes
    -----
    Lessons: deck 02, notebooks 02, 03 and 09.

    Examples
    --------
    >>> filters(MotifCNN(n_filters=32, width=3)).shape
    (32, 3, 4)
    """
    for layer in model.modules():
        if isinstance(layer, nn.Conv1d) and layer.in_channels == _BASES:
            weights: Floats = layer.weight.detach().double().cpu().numpy().transpose(0, 2, 1)
            return weights
    raise ValueError(f"model must have a convolution over 4 channels, got {type(model).__name__} without one")


def _conv(
    channels: int, n_filters: int, width: int, both_strands: bool, *, dna: bool, padding: str = "valid"
) -> nn.Conv1d:
    check.integer("width", width, 1)
    if both_strands:
        return BothStrandsConv1d(channels, n_filters, width, padding=padding, dna=dna)
    return nn.Conv1d(channels, n_filters, width, padding=padding)


def _check_input(x: Tensor, shortest: int) -> None:
    if x.ndim != 3 or x.shape[1] != _BASES:
        hint = "; swap the last two axes" if x.ndim == 3 and x.shape[2] == _BASES else ""
        raise ValueError(f"x must be one-hot DNA of shape (n, 4, length), got {tuple(x.shape)}{hint}")
    if x.shape[2] < shortest:
        raise ValueError(f"x must have a length of at least {shortest}, got shape {tuple(x.shape)}")


def _scores(y: Tensor) -> Tensor:
    return y.squeeze(1) if y.shape[1] == 1 else y
