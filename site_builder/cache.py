"""Keeps the cache from growing for ever: entries that nobody used for a month go, and the oldest beyond a size.

Removing an entry is always safe, also while another build runs: entries are read whole, in one go, and what is missing
is made again. An entry's time of change is when it was last written or read (see `files.read_sealed`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

#: An entry that was not used for so long goes.
DAYS = 30
#: Bytes that the cache may take; beyond, the entries that were used longest ago go.
SIZE = 1_000_000_000
#: What was used so recently stays in any case: a build that runs now may be about to read it again.
HOURS = 1


def prune(cache: Path, *, now: float | None = None, size: int = SIZE) -> int:
    """Remove what is old, or too much; return how many files went."""
    now = time.time() if now is None else now
    entries = sorted(_entries(cache), key=lambda entry: entry[1], reverse=True)
    total, removed = 0, 0
    for path, used, length in entries:
        total += length
        old, too_much = now - used > DAYS * 86_400, total > size and now - used > HOURS * 3_600
        if old or too_much:
            total -= length
            removed += _remove(path)
    return removed


def _entries(cache: Path) -> Iterator[tuple[str, float, int]]:
    """Go through the files of the cache, those half written by a killed build included: path, last use, bytes."""
    for folder, _, names in os.walk(cache):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(OSError):
                facts = os.stat(path)
                yield path, facts.st_mtime, facts.st_size


def _remove(path: str) -> bool:
    with suppress(OSError):  # another build may have removed it, or may hold it open (Windows)
        os.unlink(path)
        return True
    return False
