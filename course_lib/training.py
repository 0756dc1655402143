"""Train a PyTorch model: device, seed, the training loop with its history, and early stopping.

The loop is the one that the lesson writes out: forward, loss, backward, update, repeat. `fit` adds what a
real run needs: mini-batches in a fixed order, a validation loss, early stopping, checkpoints, several processes, and a
word on divergence.

Lessons: ``notebooks/01-introduction-to-deep-learning.ipynb`` and ``notebooks/05-training-neural-networks.ipynb``.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from course_lib import _checkpoints
from course_lib import _checks as check
from course_lib._checks import Floats
from course_lib._processes import Team

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
        Wall time of the training, of its parts before a resumption too.
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
        Where to put model and data. Under ``torchrun`` each process of a machine gets a CUDA device of its own.

    Notes
    -----
    Source: GENE 46100, Unit 0. Lesson: notebook 01.

    Examples
    --------
    >>> pick_device().type in {"cpu", "cuda", "mps"}
    True
    """
    if torch.cuda.is_available():
        launched = dist.is_available() and dist.is_torchelastic_launched()
        return torch.device("cuda", int(os.environ["LOCAL_RANK"])) if launched else torch.device("cuda")
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
    amp: bool = False,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_every: int = 1,
    progress: bool = False,
) -> History:
    """Train `model` in place and return its history.

    Start the script with ``torchrun --nproc-per-node 2 script.py`` and the same call trains on two processes or GPUs,
    and on several machines with torchrun's options for these. Each process reads the same data, and computes its share
    of every batch; the result is that of one process up to rounding, dropout apart, which draws on each for itself.
    The first alone writes checkpoints and shows progress; all return the history.

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
        Rows in an update (over all processes), in an order shuffled anew each epoch; all rows by default.
    seed : int
        Seed of the shuffling and of dropout. PyTorch's global generators are put back afterwards.
    scheduler : learning-rate scheduler, or callable, optional
        A scheduler of this optimizer, or what makes one from it; it steps after each epoch.
    early_stopping : EarlyStopping, optional
        Needs `validation`. However training ends, the weights of the best epoch are put back.
    clip_norm : float, optional
        Scale each update's gradient down to at most this norm.
    amp : bool
        Mixed precision: the forward pass computes in bfloat16 where that is safe; weights, loss and validation stay in
        the model's type. It needs a CUDA device that supports bfloat16, and is refused elsewhere.
    checkpoint : path, optional
        A file that holds the state of the run. Where there is none, training begins; where there is one, the run is
        taken up after its last stored epoch, and ends with the very same weights and losses as if it had never
        stopped. A file of a run with other data or settings is refused; more `epochs` are welcome. It is
        replaced in one step, and read without running code from it (``weights_only=True``).
    checkpoint_every : int
        Epochs between two writes of the checkpoint; it is also written at the end.
    progress : bool
        Show a progress bar over the epochs, with the losses, on standard error.

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
    Source: GENE 46100, Unit 0 (the loop); Li et al. (2020), *PyTorch distributed*. Lessons: notebooks 01 and 05.

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
    order = torch.Generator().manual_seed(check.integer("seed", seed, 0))
    size = _batch_size(batch_size, len(data[0]))
    made = _optimizer(optimizer, model)
    schedule, advance = _scheduler(scheduler, made)
    precision = _precision(amp, data[0].device)
    team = Team(data[0].device)
    step = _Step(model, loss_fn, made, _clip(clip_norm), precision, team)
    log = _Log(epochs, early_stopping)
    run = _Run(model, made, schedule, log, order, team)
    settings = {"seed": seed, "batch_size": size, "clip_norm": clip_norm, "amp": amp, "early_stopping": early_stopping}
    store = _Store(checkpoint, checkpoint_every, run, data, settings)
    with _own_randomness(seed + team.rank, team.device), _bar(progress and team.rank == 0, epochs) as bar:
        store.resume()
        model.train()
        for _ in log.left(bar):
            train_loss = _epoch(step, _batches(data, size, order))
            validation_loss = None if held_out is None else _mean_loss(model, held_out, loss_fn, size, team)
            log.record(train_loss, validation_loss, model)
            if not log.diverged:
                advance(log.monitored[-1])
                store.save()
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

    def __init__(
        self,
        model: nn.Module,
        loss_fn: Loss,
        optimizer: Optimizer,
        clip_norm: float | None,
        precision: AbstractContextManager[Any],
        team: Team,
    ) -> None:
        self.model, self.loss_fn, self.optimizer = team.wrap(model), loss_fn, optimizer
        self.clip_norm, self.precision, self.team = clip_norm, precision, team
        # LBFGS computes the loss several times a step, and takes a function that does; the others need none.
        closure = signature(optimizer.step).parameters.get("closure")
        self.calls_back = closure is not None and closure.default is Parameter.empty

    def __call__(self, X: Tensor, y: Tensor) -> float:
        """Return the loss of the batch just before its update."""
        if self.calls_back:
            return float(self.optimizer.step(lambda: self._gradient(X, y)))
        loss = self._gradient(X, y)
        if math.isfinite(loss):
            self.optimizer.step()
        return loss

    def _gradient(self, X: Tensor, y: Tensor) -> float:
        """Compute the loss of the batch and, where that is finite, leave its gradient in the parameters."""
        X, y, part = self.team.share(X, y)
        self.optimizer.zero_grad()
        with self.precision:
            loss = self.loss_fn(_outputs(self.model, X, y), y)
        if self.team.size > 1:  # the processes' gradients will be averaged: weight each by its rows
            loss = loss * (part * self.team.size)
        value = self.team.sum(loss.item()) / self.team.size
        if math.isfinite(value):
            loss.backward()  # type: ignore[no-untyped-call]
            if self.clip_norm is not None:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.clip_norm)
        return value


class _Log:
    """The losses so far, the best weights, and whether to go on."""

    def __init__(self, epochs: int, early_stopping: EarlyStopping | None) -> None:
        self.epochs, self.early_stopping = epochs, early_stopping
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

    @property
    def done(self) -> bool:
        return self.diverged or self.stopped_early or len(self.train) >= self.epochs

    def left(self, bar: Any) -> Iterator[int]:
        """Yield the number of each epoch still to come, and show the one just finished."""
        if bar is not None:
            bar.update(len(self.train))
        while not self.done:
            epoch = len(self.train)
            yield epoch
            if bar is not None and len(self.train) > epoch:
                held_out = f"  validation {self.validation[-1]:.6g}" if self.validation else ""
                bar.set_postfix_str(f"train {self.train[-1]:.6g}{held_out}", refresh=False)
                bar.update()

    def record(self, train_loss: float, validation_loss: float | None, model: nn.Module) -> None:
        """Note an epoch, unless a loss is not finite, and decide whether training has to end."""
        losses = [train_loss] if validation_loss is None else [train_loss, validation_loss]
        self.diverged = not all(map(math.isfinite, losses))
        if self.diverged:
            return
        self.train.append(train_loss)
        if validation_loss is not None:
            self.validation.append(validation_loss)
        if self.early_stopping is not None:
            self.stopped_early = self._waited_enough(self.early_stopping, model)

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

    def state(self) -> dict[str, Any]:
        """Return what `load` needs to go on from here."""
        names = ("train", "validation", "lowest", "reference", "since", "weights", "stopped_early")
        return {name: getattr(self, name) for name in names} | {"seconds": time.perf_counter() - self.start}

    def load(self, state: dict[str, Any]) -> None:
        seconds = state.pop("seconds")
        vars(self).update(state, start=time.perf_counter() - seconds)

    def close(self, model: nn.Module) -> History:
        """Put the best weights back, where there are any, and return the history."""
        seconds = time.perf_counter() - self.start
        if self.weights is not None:
            model.load_state_dict(self.weights)
        best = int(np.argmin(self.monitored)) if self.train else None
        return History(
            np.array(self.train), np.array(self.validation), best, seconds, self.stopped_early, self.diverged
        )


@dataclass(frozen=True, eq=False)
class _Run:
    """Everything that changes in training, as one state that can be stored and put back."""

    model: nn.Module
    optimizer: Optimizer
    schedule: LRScheduler | None
    log: _Log
    order: torch.Generator
    team: Team

    def state(self) -> dict[str, Any]:
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": None if self.schedule is None else self.schedule.state_dict(),
            "log": self.log.state(),
            "order": self.order.get_state(),
            "dropout": self.team.gather(_random_state(self.team.device)),
        }

    def load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        if self.schedule is not None:
            self.schedule.load_state_dict(state["schedule"])
        self.log.load(state["log"])
        self.order.set_state(state["order"])
        _set_random_state(self.team.device, state["dropout"][self.team.rank])


class _Store:
    """The checkpoint of a run, or nothing where none is asked for."""

    def __init__(
        self,
        path: str | os.PathLike[str] | None,
        every: int,
        run: _Run,
        data: tuple[Tensor, Tensor],
        settings: dict[str, Any],
    ) -> None:
        self.path, self.run = None if path is None else Path(path), run
        self.every = check.integer("checkpoint_every", every, 1)
        if self.path is None:
            return
        if not self.path.parent.is_dir():
            raise FileNotFoundError(f"checkpoint must lie in a folder that exists, got {self.path}")
        rule = settings["early_stopping"]
        self.settings = settings | {
            "early_stopping": None if rule is None else [rule.patience, rule.min_delta],
            "data": [len(data[0]), _checkpoints.checksum(*data)],
            "optimizer": type(run.optimizer).__name__,
            "scheduler": None if run.schedule is None else type(run.schedule).__name__,
            "processes": run.team.size,
        }

    def resume(self) -> None:
        """Take the run up where its file left it, if there is a file; all processes read the first one's."""
        if self.path is None:
            return
        first = self.run.team.rank == 0
        content = self.run.team.tell(self.path.read_bytes() if first and self.path.exists() else None)
        if content is not None:
            self.run.load(_checkpoints.read(self.path, content, self.settings))

    def save(self) -> None:
        """Write the file after an epoch, when it is time."""
        if self.path is None or (len(self.run.log.train) % self.every and not self.run.log.done):
            return
        state = self.run.state() | {"settings": self.settings}
        if self.run.team.rank == 0:
            _checkpoints.write(self.path, state)


def _epoch(step: _Step, batches: Iterator[tuple[Tensor, Tensor]]) -> float:
    total, rows = 0.0, 0
    for X, y in batches:
        loss = step(X, y)
        if not math.isfinite(loss):
            return loss
        total, rows = total + loss * len(X), rows + len(X)
    return total / rows


def _batches(
    data: tuple[Tensor, Tensor], size: int, order: torch.Generator | None = None
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the batches of an epoch, shuffled when there is an `order`."""
    X, y = data
    if size >= len(X):
        yield X, y
        return
    shuffled = None if order is None else torch.randperm(len(X), generator=order).to(X.device)
    for part in _slices(len(X), size):
        rows = part if shuffled is None else shuffled[part]
        yield X[rows], y[rows]


def _slices(rows: int, size: int) -> list[slice]:
    return [slice(start, start + size) for start in range(0, rows, size)]


def _mean_loss(
    model: nn.Module, data: tuple[Tensor, Tensor], loss_fn: Loss, size: int, team: Team | None = None
) -> float:
    """Return the mean loss over all rows; a team splits the work, without one this process does it all."""
    with _evaluation(model):
        total = 0.0
        for X, y in _batches(data, size):
            rows = len(X)
            X, y, part = (X, y, 1.0) if team is None else team.share(X, y)
            total += rows * part * loss_fn(_outputs(model, X, y), y).item()
    return (total if team is None else team.sum(total)) / len(data[0])


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


def _precision(amp: bool, device: torch.device) -> AbstractContextManager[Any]:
    if not amp:
        return nullcontext()
    if not _computes_in_bfloat16(device):
        raise ValueError(f"amp needs a model on a CUDA device that supports bfloat16, got one on {device}")
    return torch.autocast(device.type, torch.bfloat16)


def _computes_in_bfloat16(device: torch.device) -> bool:
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def _bar(show: bool, epochs: int) -> AbstractContextManager[Any]:
    if not show:
        return nullcontext()
    from tqdm import tqdm

    bar: AbstractContextManager[Any] = tqdm(total=epochs, unit=" epochs")
    return bar


def _random_state(device: torch.device) -> list[Tensor]:
    on_gpu = [torch.cuda.get_rng_state(device)] if device.type == "cuda" else []
    return [torch.get_rng_state(), *on_gpu]


def _set_random_state(device: torch.device, states: list[Tensor]) -> None:
    torch.set_rng_state(states[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states[1], device)


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
        size = f" of {len(data)}" if isinstance(data, tuple | list) else ""
        raise TypeError(f"{name} must be a tuple (X, y), got {type(data).__name__}{size}")
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


def _scheduler(
    scheduler: LRScheduler | SchedulerFactory | None, optimizer: Optimizer
) -> tuple[LRScheduler | None, Callable[[float], None]]:
    """Return the scheduler, and what to call with the monitored loss after each epoch."""
    if scheduler is None:
        return None, lambda loss: None
    made = scheduler if isinstance(scheduler, LRScheduler) else scheduler(optimizer)
    if not isinstance(made, LRScheduler):
        raise TypeError(f"scheduler must be or make a learning-rate scheduler, got {type(made).__name__}")
    return made, made.step if isinstance(made, ReduceLROnPlateau) else lambda loss: made.step()


def _clip(clip_norm: float | None) -> float | None:
    return None if clip_norm is None else check.positive("clip_norm", clip_norm)


def _batch_size(batch_size: int | None, rows: int) -> int:
    return rows if batch_size is None else min(rows, check.integer("batch_size", batch_size, 1))
