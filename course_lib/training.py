"""Train a PyTorch model: device, seed, the training loop with its history, and early stopping.

The loop is the one that the lesson writes out: forward, loss, backward, update, repeat. `fit` adds what a
real run needs: mini-batches in a fixed order, a validation loss, early stopping, and a word on divergence.

Lesson: ``notebooks/01-introduction-to-deep-learning.ipynb``.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from course_lib import _checks as check
from course_lib._checks import Floats

__all__ = ["EarlyStopping", "History", "evaluate", "fit", "pick_device", "predict", "set_seed"]

Data = tuple[ArrayLike | Tensor, ArrayLike | Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]
OptimizerFactory = Callable[[Iterator[nn.Parameter]], Optimizer]
SchedulerFactory = Callable[[Optimizer], LRScheduler]


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a call of `fit`.

    Attributes
    ----------
    train_loss : ndarray, shape (epochs,)
        For each finished epoch, the mean over its batches of the loss just before their update, weighted by
        the size of the batch. With one full batch an epoch it is the training loss at the start of the epoch.
    validation_loss : ndarray, shape (epochs,) or (0,)
        The loss on the validation data at the end of each epoch; empty without validation data.
    best_epoch : int or None
        The epoch, counted from 0, with the lowest validation loss (training loss without validation data);
        None when no epoch finished.
    seconds : float
        Wall time of the training.
    stopped_early : bool
        True when `EarlyStopping` ended it.
    diverged : bool
        True when a loss was not finite. Training ends there and that epoch is not recorded, so that the
        recorded losses are finite.
    """

    train_loss: Floats
    validation_loss: Floats
    best_epoch: int | None
    seconds: float
    stopped_early: bool
    diverged: bool


@dataclass(frozen=True)
class EarlyStopping:
    """Stop when the validation loss no longer falls, and go back to the best weights.

    Parameters
    ----------
    patience : int
        Epochs without improvement that are waited for, 1 or more.
    min_delta : float
        An improvement must be larger than this, in the unit of the loss.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Source: Prechelt (1998), *Early stopping, but when?* Lesson: notebook 05.
    """

    patience: int
    min_delta: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a patience below 1 and a negative threshold."""
        check.integer("patience", self.patience, 1)
        check.non_negative("min_delta", self.min_delta)


def pick_device() -> torch.device:
    """Return the fastest device at hand: CUDA, else Apple's MPS, else the CPU.

    Returns
    -------
    torch.device
        Where to put model and data.

    Notes
    -----
    Source: GENE 46100, Unit 0. Lesson: notebook 01.

    Examples
    --------
    >>> pick_device().type in {"cpu", "cuda", "mps"}
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def set_seed(seed: int) -> None:
    """Start every global generator from `seed`: Python's, NumPy's and PyTorch's.

    PyTorch is also told to use deterministic algorithms only; an operation without one then raises an error.
    The functions of `course_lib` take a seed of their own and do not need this one.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.

    Raises
    ------
    ValueError, TypeError
        When `seed` is not such a number.

    Notes
    -----
    Source: PyTorch documentation, *Reproducibility*. Lesson: notebook 01.

    Examples
    --------
    >>> set_seed(0); a = torch.rand(1)
    >>> set_seed(0); bool(torch.rand(1) == a)
    True
    """
    if check.integer("seed", seed, 0) >= 2**32:
        raise ValueError(f"seed must be below 2**32, got {seed}")
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  (the global generator is what this function is about)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)


def fit(
    model: nn.Module,
    train: Data,
    validation: Data | None = None,
    *,
    loss_fn: Loss,
    optimizer: Optimizer | OptimizerFactory,
    epochs: int,
    batch_size: int | None = None,
    seed: int = 0,
    scheduler: LRScheduler | SchedulerFactory | None = None,
    early_stopping: EarlyStopping | None = None,
    clip_norm: float | None = None,
    progress: bool = False,
) -> History:
    """Train `model` in place and return its history.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place, and left in evaluation mode. The data goes to its device and floating type.
    train, validation : tuple (X, y)
        Arrays or tensors with the same rows: ``X (n, ...)`` and ``y (n, ...)``. Whole numbers in ``y`` are
        class labels and stay whole.
    loss_fn : callable
        ``loss_fn(y_hat, y)``, the mean over the rows.
    optimizer : torch.optim.Optimizer, or callable
        An optimizer of this model's parameters, or what makes one from them, as in
        ``lambda parameters: torch.optim.SGD(parameters, lr=0.01)``. LBFGS works too: each of its steps, of
        up to ``max_iter`` iterations, counts as one update.
    epochs : int
        Passes through the training data, 1 or more.
    batch_size : int, optional
        Rows in an update, in an order shuffled anew each epoch; all rows by default.
    seed : int
        Seed of the shuffling and of dropout. PyTorch's global generators are put back afterwards.
    scheduler : learning-rate scheduler, or callable, optional
        A scheduler of this optimizer, or what makes one from it; it steps after each epoch.
    early_stopping : EarlyStopping, optional
        Needs `validation`. However training ends, the weights of the best epoch are put back.
    clip_norm : float, optional
        Scale each update's gradient down to at most this norm.
    progress : bool
        Print the losses about ten times.

    Returns
    -------
    History
        Losses for each epoch, the best epoch, seconds, and whether it stopped early or diverged.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it. Divergence is no error: it is in the result.

    Notes
    -----
    Source: GENE 46100, Unit 0 (the loop). Lesson: notebook 01.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 20)[:, None]
    >>> model = nn.Linear(1, 1)
    >>> sgd = lambda parameters: torch.optim.SGD(parameters, lr=0.5)
    >>> history = fit(model, (x, 2 * x + 1), loss_fn=nn.MSELoss(), optimizer=sgd, epochs=100)
    >>> round(model.weight.item(), 3), round(model.bias.item(), 3), history.diverged
    (2.0, 1.0, False)
    """
    epochs = check.integer("epochs", epochs, 1)
    if early_stopping is not None and validation is None:
        raise ValueError("early_stopping needs validation data, got validation=None")
    data = _tensors("train", train, model)
    held_out = None if validation is None else _tensors("validation", validation, model)
    step = _Step(model, loss_fn, _optimizer(optimizer, model), _clip(clip_norm))
    advance = _scheduler(scheduler, step.optimizer)
    log = _Log(epochs, early_stopping, progress)
    size = _batch_size(batch_size, len(data[0]))
    with _own_randomness(check.integer("seed", seed, 0), data[0].device):
        for _ in range(epochs):
            model.train()
            train_loss = _epoch(step, _batches(data, size, shuffle=True))
            validation_loss = None if held_out is None else _mean_loss(model, held_out, loss_fn, size)
            if log.ends(train_loss, validation_loss, model):
                break
            advance(log.monitored[-1])
    model.eval()
    return log.close(model)


def predict(model: nn.Module, X: ArrayLike | Tensor, *, batch_size: int | None = None) -> NDArray[Any]:
    """Return the model's outputs as a NumPy array, in evaluation mode and without gradients.

    Parameters
    ----------
    model : torch.nn.Module
        Left in the mode in which it was.
    X : array_like or Tensor, shape (n, ...)
        Features.
    batch_size : int, optional
        Rows at a time, where memory is short; all by default.

    Returns
    -------
    ndarray, shape (n, ...)
        Whatever the model returns for each row.

    Raises
    ------
    ValueError, TypeError
        When `X` is empty, not finite, or not numbers.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> predict(nn.Linear(3, 2), np.zeros((5, 3))).shape
    (5, 2)
    """
    features = _tensor("X", X, model)
    size = _batch_size(batch_size, len(features))
    with _evaluation(model):
        parts = [model(features[rows]).cpu().numpy() for rows in _slices(len(features), size)]
    return np.concatenate(parts)


def evaluate(model: nn.Module, data: Data, loss_fn: Loss, *, batch_size: int | None = None) -> float:
    """Return the mean loss of the model on data, in evaluation mode and without gradients.

    Parameters
    ----------
    model : torch.nn.Module
        Left in the mode in which it was.
    data : tuple (X, y)
        Arrays or tensors with the same rows.
    loss_fn : callable
        ``loss_fn(y_hat, y)``, the mean over the rows.
    batch_size : int, optional
        Rows at a time, where memory is short; all by default.

    Returns
    -------
    float
        The mean over all rows, in the unit of the loss.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong; the message names it.

    Notes
    -----
    Lesson: notebook 01.

    Examples
    --------
    >>> evaluate(nn.Identity(), (np.zeros(4), np.ones(4)), nn.MSELoss())
    1.0
    """
    tensors = _tensors("data", data, model)
    return _mean_loss(model, tensors, loss_fn, _batch_size(batch_size, len(tensors[0])))


class _Step:
    """One update of the weights, whichever the optimizer."""

    def __init__(self, model: nn.Module, loss_fn: Loss, optimizer: Optimizer, clip_norm: float | None) -> None:
        self.model, self.loss_fn, self.optimizer, self.clip_norm = model, loss_fn, optimizer, clip_norm

    def __call__(self, X: Tensor, y: Tensor) -> float:
        def closure() -> Tensor:
            self.optimizer.zero_grad()
            loss = self.loss_fn(_outputs(self.model, X, y), y)
            if math.isfinite(loss.item()):  # without a gradient the optimizer leaves the weights alone
                loss.backward()  # type: ignore[no-untyped-call]
                if self.clip_norm is not None:
                    nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
            return loss

        # Every optimizer takes a closure and returns its first loss; LBFGS calls it more than once.
        loss: Any = self.optimizer.step(closure)  # type: ignore[arg-type]
        return float(loss.item())


class _Log:
    """The losses so far, the best weights, and whether to go on."""

    def __init__(self, epochs: int, early_stopping: EarlyStopping | None, progress: bool) -> None:
        self.epochs, self.early_stopping, self.progress = epochs, early_stopping, progress
        self.train: list[float] = []
        self.validation: list[float] = []
        self.lowest = self.reference = math.inf
        self.since = 0
        self.weights: dict[str, Tensor] | None = None
        self.diverged = self.stopped_early = False
        self.start = time.perf_counter()

    @property
    def monitored(self) -> list[float]:
        return self.validation or self.train

    def ends(self, train_loss: float, validation_loss: float | None, model: nn.Module) -> bool:
        """Record an epoch; return True when training has to end."""
        losses = [train_loss] if validation_loss is None else [train_loss, validation_loss]
        self.diverged = not all(map(math.isfinite, losses))
        if self.diverged:
            return True
        self.train.append(train_loss)
        if validation_loss is not None:
            self.validation.append(validation_loss)
        if self.progress:
            self._print()
        if self.early_stopping is not None:
            self.stopped_early = self._waited_enough(self.early_stopping, model)
        return self.stopped_early

    def _waited_enough(self, rule: EarlyStopping, model: nn.Module) -> bool:
        loss = self.validation[-1]
        if loss < self.lowest:
            self.lowest = loss
            self.weights = {name: value.detach().clone() for name, value in model.state_dict().items()}
        if loss < self.reference - rule.min_delta:
            self.reference, self.since = loss, 0
        else:
            self.since += 1
        return self.since >= rule.patience

    def _print(self) -> None:
        epoch = len(self.train)
        if epoch % max(1, self.epochs // 10) and epoch != self.epochs:
            return
        held_out = f"  validation {self.validation[-1]:.6g}" if self.validation else ""
        print(f"epoch {epoch}/{self.epochs}  train {self.train[-1]:.6g}{held_out}", flush=True)

    def close(self, model: nn.Module) -> History:
        """Put the best weights back, where there are any, and return the history."""
        seconds = time.perf_counter() - self.start
        if self.weights is not None:
            model.load_state_dict(self.weights)
        best = int(np.argmin(self.monitored)) if self.train else None
        return History(
            np.array(self.train), np.array(self.validation), best, seconds, self.stopped_early, self.diverged
        )


def _epoch(step: _Step, batches: Iterator[tuple[Tensor, Tensor]]) -> float:
    total, rows = 0.0, 0
    for X, y in batches:
        loss = step(X, y)
        if not math.isfinite(loss):
            return loss
        total, rows = total + loss * len(X), rows + len(X)
    return total / rows


def _batches(data: tuple[Tensor, Tensor], size: int, *, shuffle: bool) -> Iterator[tuple[Tensor, Tensor]]:
    X, y = data
    if size >= len(X):
        yield X, y
        return
    order = torch.randperm(len(X)).to(X.device) if shuffle else None
    for part in _slices(len(X), size):
        rows = part if order is None else order[part]
        yield X[rows], y[rows]


def _slices(rows: int, size: int) -> list[slice]:
    return [slice(start, start + size) for start in range(0, rows, size)]


def _mean_loss(model: nn.Module, data: tuple[Tensor, Tensor], loss_fn: Loss, size: int) -> float:
    with _evaluation(model):
        total = 0.0
        for X, y in _batches(data, size, shuffle=False):
            total += len(X) * loss_fn(_outputs(model, X, y), y).item()
    return total / len(data[0])


def _outputs(model: nn.Module, X: Tensor, y: Tensor) -> Tensor:
    """Predict; a target of another shape would be broadcast into a wrong loss without a word."""
    y_hat: Tensor = model(X)
    if y.is_floating_point() and y_hat.shape != y.shape:
        raise ValueError(f"y must have the shape of the model's output, got {tuple(y.shape)} and {tuple(y_hat.shape)}")
    return y_hat


@contextmanager
def _evaluation(model: nn.Module) -> Iterator[None]:
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            yield
    finally:
        model.train(was_training)


@contextmanager
def _own_randomness(seed: int, device: torch.device) -> Iterator[None]:
    cuda = [device.index] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        torch.default_generator.manual_seed(seed)
        for number in cuda:
            torch.cuda.default_generators[number].manual_seed(seed)
        yield


def _tensors(name: str, data: Any, model: nn.Module) -> tuple[Tensor, Tensor]:
    if not isinstance(data, tuple | list) or len(data) != 2:
        raise TypeError(f"{name} must be a tuple (X, y), got {type(data).__name__}")
    X, y = _tensor(f"{name} X", data[0], model), _tensor(f"{name} y", data[1], model, labels=True)
    if len(X) != len(y):
        raise ValueError(f"{name} must have as many rows in X as in y, got {len(X)} and {len(y)}")
    return X, y


def _tensor(name: str, value: Any, model: nn.Module, *, labels: bool = False) -> Tensor:
    """Move an array to the model's device and floating type; whole numbers that are labels stay whole."""
    weight = next(model.parameters(), torch.empty(0))
    try:
        tensor = value if isinstance(value, Tensor) else torch.as_tensor(np.asarray(value))
    except (TypeError, ValueError) as error:
        raise TypeError(f"{name} must hold numbers, got {type(value).__name__}") from error
    if tensor.ndim == 0 or tensor.numel() == 0:
        raise ValueError(f"{name} must hold rows, got shape {tuple(tensor.shape)}")
    whole = labels and not tensor.is_floating_point() and tensor.dtype != torch.bool
    tensor = tensor.detach().to(device=weight.device, dtype=torch.int64 if whole else weight.dtype)
    if not torch.isfinite(tensor).all():
        bad = tensor[~torch.isfinite(tensor)][0]
        raise ValueError(f"{name} must be finite in {tensor.dtype}, got {bad}")
    return tensor


def _optimizer(optimizer: Optimizer | OptimizerFactory, model: nn.Module) -> Optimizer:
    made = optimizer if isinstance(optimizer, Optimizer) else optimizer(model.parameters())
    if not isinstance(made, Optimizer):
        raise TypeError(f"optimizer must be or make a torch optimizer, got {type(made).__name__}")
    held = {id(parameter) for group in made.param_groups for parameter in group["params"]}
    if held.isdisjoint(map(id, model.parameters())):
        raise ValueError("optimizer must hold parameters of this model, got those of another")
    return made


def _scheduler(scheduler: LRScheduler | SchedulerFactory | None, optimizer: Optimizer) -> Callable[[float], None]:
    """Return what to call with the monitored loss after each epoch."""
    if scheduler is None:
        return lambda loss: None
    made = scheduler if isinstance(scheduler, LRScheduler) else scheduler(optimizer)
    if not isinstance(made, LRScheduler):
        raise TypeError(f"scheduler must be or make a learning-rate scheduler, got {type(made).__name__}")
    if isinstance(made, ReduceLROnPlateau):
        return made.step
    return lambda loss: made.step()


def _clip(clip_norm: float | None) -> float | None:
    return None if clip_norm is None else check.positive("clip_norm", clip_norm)


def _batch_size(batch_size: int | None, rows: int) -> int:
    return rows if batch_size is None else min(rows, check.integer("batch_size", batch_size, 1))
