"""Checkpoints of a training run: written at once or not at all, and read without running code from the file."""

from __future__ import annotations

import io
import os
import pickle
import zlib
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

__all__ = ["checksum", "read", "write"]

State = dict[str, Any]


def write(path: Path, state: State) -> None:
    """Store `state` at `path`: into a file beside it first, which then takes its place in one step."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(part, "wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, content: bytes, settings: State) -> State:
    """Return the state in `content`, the bytes of `path`; refuse one that other settings made."""
    try:
        state = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        made_with = state["settings"]
    except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
        reason = next(iter(str(error).splitlines()), "it ends too soon")
        raise ValueError(f"checkpoint {path} cannot be read: {reason}") from error
    for name, value in settings.items():
        if made_with.get(name) != value:
            raise ValueError(
                f"checkpoint {path} is of another run: {name} was {made_with.get(name)!r} and is {value!r}; "
                "give another path, or delete it to start anew"
            )
    return dict(state)


def checksum(*tensors: Tensor) -> int:
    """Return a number that tells data sets apart: the CRC-32 of their bytes."""
    total = 0
    for tensor in tensors:
        total = zlib.crc32(tensor.detach().cpu().flatten().contiguous().view(torch.uint8).numpy().data, total)
    return total
