"""`fit` on the cubic MLP of lesson 01, 10,000 full-batch steps, against the same loop written bare.

Both run in one process on one thread, in turns of 500 steps each, so that a busy machine slows both alike. A run's time
is the sum of its turns; the rows hold the medians of the runs.
"""

from __future__ import annotations

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
    torch.set_num_threads(1)
    try:
        return [_compare(units, runs, steps) for units in (1024, 16)]
    finally:
        torch.set_num_threads(threads)


def _compare(units: int, runs: int, steps: int) -> Row:
    data = datasets.cubic(1000)
    x, y = torch.tensor(data.X, dtype=torch.float32), torch.tensor(data.y, dtype=torch.float32)
    times: dict[Callable, list[float]] = {fitted: [], bare: []}
    for _ in range(runs):
        models = {loop: MLP(1, units, 1, seed=0) for loop in times}
        spent, curves = dict.fromkeys(times, 0.0), {}
        for turn in range(steps // TURN):
            for loop in sorted(times, key=lambda loop: (loop is bare) ^ turn % 2):  # who goes first changes
                start = time.perf_counter()
                curves[loop] = loop(models[loop], x, y, TURN)
                spent[loop] += time.perf_counter() - start
        if curves[fitted] != curves[bare]:
            raise AssertionError("fit and the bare loop must have the same losses")
        for loop, seconds in spent.items():
            times[loop].append(seconds)
    ours, theirs = (statistics.median(times[loop]) for loop in (fitted, bare))
    work = f"fit, cubic MLP of {units} units, {steps:,} full-batch steps"
    return Row(work, "bare PyTorch loop", ours, theirs, "s")


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
