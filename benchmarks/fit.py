"""`fit` on the cubic MLP of lesson 01, 10,000 full-batch steps, against the same loop written bare.

Both run in one process on one thread, in turns of 500 steps each, so that a busy machine slows both alike. The rows
hold the median of the turns' times, times their number. glibc is told to keep freed memory: otherwise it gives the
pages of some 4 MB tensors back at each step and fetches them again, by chance in one loop and not in the other (a turn
of the same loop then takes up to twice as long).
"""

from __future__ import annotations

import ctypes
import platform
import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import nn

from benchmarks.timing import Row, show
from course_lib import datasets, training
from course_lib.mlp import MLP

STEPS, TURN = 10_000, 500


def bare(model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int) -> list[float]:
    optimizer, loss_fn, losses = torch.optim.SGD(model.parameters(), lr=0.001), nn.MSELoss(), []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        losses.append(loss.item())
        loss.backward()
        optimizer.step()
    return losses


def fitted(model: nn.Module, x: torch.Tensor, y: torch.Tensor, steps: int) -> list[float]:
    def sgd(parameters):
        return torch.optim.SGD(parameters, lr=0.001)

    history = training.fit(model, (x, y), loss_fn=nn.MSELoss(), optimizer=sgd, epochs=steps)
    return history.train_loss.tolist()


def rows(runs: int = 5, steps: int = STEPS) -> list[Row]:
    """Return a row for each of the two sizes of network."""
    threads = torch.get_num_threads()
    _keep_memory()
    torch.set_num_threads(1)
    try:
        return [_compare(units, runs, steps) for units in (1024, 16)]
    finally:
        torch.set_num_threads(threads)


def _keep_memory() -> None:
    if platform.libc_ver()[0] == "glibc":
        malloc_option = ctypes.CDLL(None).mallopt
        trim_threshold, mmap_threshold = -1, -3  # their numbers in mallopt(3)
        if not (malloc_option(trim_threshold, 1 << 30) and malloc_option(mmap_threshold, 1 << 25)):
            raise OSError("mallopt refused the thresholds")


def _compare(units: int, runs: int, steps: int) -> Row:
    data = datasets.cubic(1000)
    x, y = torch.tensor(data.X, dtype=torch.float32), torch.tensor(data.y, dtype=torch.float32)
    times: dict[Callable, list[float]] = {fitted: [], bare: []}
    turns = steps // TURN
    for run in range(runs):
        models = {loop: MLP(1, units, 1, seed=run) for loop in times}
        for turn in range(turns):
            curves = {}
            for loop in sorted(times, key=lambda loop: (loop is bare) ^ turn % 2):  # who goes first changes
                start = time.perf_counter()
                curves[loop] = loop(models[loop], x, y, TURN)
                times[loop].append(time.perf_counter() - start)
            if curves[fitted] != curves[bare]:
                raise AssertionError("fit and the bare loop must have the same losses")
    ours, theirs = (turns * statistics.median(times[loop]) for loop in (fitted, bare))
    work = f"fit, cubic MLP of {units} units, {steps:,} full-batch steps"
    return Row(work, "bare PyTorch loop", ours, theirs, "s")


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
