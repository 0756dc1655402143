"""Rendering the site with all cells executed before: time a page, in the command as a user runs it.

There is no peer here: the peer's column is the bound of 50 milliseconds a page, start of Python included.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.timing import Row, show
from site_builder.project import load_project

ROOT = Path(__file__).parents[1]
BOUND = 0.05


def render(output: Path, *more: str) -> None:
    """Render the site as a user does, by the command."""
    command = [sys.executable, "-m", "site_builder", "render", "--engine", "pandoc", "--output", str(output), *more]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def seconds(output: Path, *more: str) -> float:
    """Return the time of one render."""
    start = time.perf_counter()
    render(output, *more)
    return time.perf_counter() - start


def rows(runs: int = 5) -> list[Row]:
    """Return the medians for the whole site and for one page, after a render that fills the cache."""
    pages = len(load_project(ROOT).documents)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        seconds(site)
        whole = statistics.median(seconds(site) for _ in range(runs))
        one = statistics.median(seconds(site, "--only", "index.qmd") for _ in range(runs))
    return [
        Row(f"site, a page of {pages}, cells executed before", "the bound", 1e3 * whole / pages, 1e3 * BOUND, "ms"),
        Row("`--only index.qmd`", "the whole site", 1e3 * one, 1e3 * whole, "ms"),
    ]


if __name__ == "__main__":
    show(rows())
