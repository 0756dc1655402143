"""Time functions side by side: in turn, so that a slow moment of the machine meets all of them."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """What was done, against whom, both figures with their unit, and ours divided by the peer's."""

    work: str
    peer: str
    ours: float
    peers: float
    unit: str

    @property
    def ratio(self) -> float:
        return self.ours / self.peers


def medians(calls: dict[str, Callable[[], object]], repeats: int = 5) -> dict[str, float]:
    """Return the median of each call's seconds over `repeats` rounds, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            if turn > 0:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def show(rows: list[Row]) -> None:
    """Print rows as a Markdown table."""
    print("| work | peer | ours | peer's | ours / peer's |\n|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.work} | {row.peer} | {row.ours:.4g} {row.unit} | {row.peers:.4g} {row.unit} | {row.ratio:.2f} |")
