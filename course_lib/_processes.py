"""The processes that train one model together: a single one, or those that ``torchrun`` started.

Each process holds all data and the whole model. Of every batch it computes its share of the rows; PyTorch's
`DistributedDataParallel` adds the gradients up, so that all take the same step.
"""

from __future__ import annotations

import atexit
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

__all__ = ["Team"]


class Team:
    """The processes that train together, `size` of them, and the `rank` of this one; rank 0 does the talking."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        if dist.is_available() and dist.is_torchelastic_launched() and not dist.is_initialized():
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
            atexit.register(_leave)
        together = dist.is_available() and dist.is_initialized()
        self.rank, self.size = (dist.get_rank(), dist.get_world_size()) if together else (0, 1)
        if self.size > 1 and device.type == "cuda":
            torch.cuda.set_device(device)

    def wrap(self, model: nn.Module) -> nn.Module:
        """Return the model to call in training; all processes start from the weights of the first."""
        return model if self.size == 1 else DistributedDataParallel(model)

    def share(self, X: Tensor, y: Tensor) -> tuple[Tensor, Tensor, float]:
        """Return the rows of a batch that are this process's, and which part of the batch they are.

        In a batch with fewer rows than processes, some take its first row with weight 0: all must take part.
        """
        if self.size == 1:
            return X, y, 1.0
        rows, mine = len(X), slice(self.rank, None, self.size)
        if self.rank >= rows:
            return X[:1], y[:1], 0.0
        return X[mine], y[mine], len(X[mine]) / rows

    def sum(self, value: float) -> float:
        """Return the sum of a number over all processes, the same on each."""
        if self.size == 1:
            return value
        total = torch.tensor(value, dtype=torch.float64, device=self.device)
        dist.all_reduce(total)
        return total.item()

    def gather(self, value: Any) -> list[Any]:
        """Return what each process brings, in order of rank."""
        if self.size == 1:
            return [value]
        values: list[Any] = [None] * self.size
        dist.all_gather_object(values, value)
        return values

    def tell(self, value: Any) -> Any:
        """Return the first process's value on all."""
        return self.gather(value)[0]


def _leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()
