"""Validating every notebook, deck and page: three workers on two cores against one after the other; the bound is 0.6.

Run it with nothing else on the machine. A run takes minutes, so each way has one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.timing import Row, show
from tests.validation.calm import ONE_BY_ONE, PARALLEL

ROOT = Path(__file__).parents[1]


def seconds(*more: str) -> float:
    """Return the time of one validation, with one thread in every kernel, nothing taken from the cache."""
    command = [sys.executable, "-m", "pytest", "-q", *ONE_BY_ONE, *more]
    environment = {**os.environ, "VALIDATE_CACHE": "0", "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def rows() -> list[Row]:
    """Return both times."""
    ours, peers = seconds(*PARALLEL), seconds()
    return [Row("validating all documents with three workers", "one after the other", ours, peers, "s")]


if __name__ == "__main__":
    show(rows())
