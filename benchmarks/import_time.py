"""`import course_lib` against `import numpy`, each in a new process, in turns; torch must stay out of it."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import Row, show

ROOT = Path(__file__).parents[1]

_TIMED = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
_USES = "course_lib, course_lib.linear, course_lib.dna"  # what the first lesson touches; it includes NumPy itself


def seconds(modules: str) -> float:
    """Return the time that an import takes in a new process, start of Python not included."""
    done = subprocess.run(
        [sys.executable, "-c", _TIMED.format(modules)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def loads_torch(modules: str) -> bool:
    code = f"import {modules}, sys; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip() == "True"


def rows(runs: int = 15) -> list[Row]:
    """Return a row for each import: medians over new processes, in turns."""
    works = ("course_lib", _USES)
    times: dict[str, list[float]] = {name: [] for name in ("numpy", *works)}
    for _ in range(runs):
        for name, found in times.items():
            found.append(seconds(name))
    median = {name: statistics.median(found) for name, found in times.items()}
    for work in works:
        if loads_torch(work):
            raise AssertionError(f"import {work} must not import torch")
    return [Row(f"import {work}", "import numpy", 1e3 * median[work], 1e3 * median["numpy"], "ms") for work in works]


if __name__ == "__main__":
    show(rows())
