"""Windows and targets of 60 Mbp by the command of lesson 3: seconds, and peak memory, against a sixth of that genome.

There is no peer: the peer's column of the first row is the bound of 3 minutes. Memory must not grow with the genome, so
that of the second row is compared with what 10 Mbp take.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.timing import Row, show

ROOT = Path(__file__).resolve().parent.parent
MOTIF = ROOT / "data" / "motifs" / "MA0139.1.jaspar"
BOUND = 180
CHROMOSOME = 10_000_000
RUN = """
import resource, sys
from course_lib.binding import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def build(folder: Path, chromosomes: int) -> tuple[float, float]:
    """Return the seconds and the peak memory, in MiB, of building the windows of so many chromosomes."""
    genome = folder / "genome.fa"
    rng = np.random.default_rng(0)
    with genome.open("w") as file:
        for n in range(chromosomes):
            letters = np.frombuffer(b"ACGT", np.uint8)[rng.integers(0, 4, CHROMOSOME)]
            file.write(f">chr{n + 1}\n{letters.tobytes().decode()}\n")
    output = folder / "windows.npz"
    command = [sys.executable, "-c", RUN, str(genome), str(MOTIF), "--output", str(output), "--quiet"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, int(done.stdout.split()[-1]) * unit / 2**20


def rows() -> list[Row]:
    """Return both rows."""
    with tempfile.TemporaryDirectory() as name:
        _, small = build(Path(name), 1)
        seconds, large = build(Path(name), 6)
    return [
        Row("windows and targets of 60 Mbp, CTCF, both strands", "the bound", seconds, BOUND, "s"),
        Row("the same, peak memory", "10 Mbp", large, small, "MiB"),
    ]


if __name__ == "__main__":
    show(rows())
