"""One-hot encoding of 100 Mbp with Ns: time against tangermeme, peak memory against input + output."""

import os
import subprocess
import sys

import numpy as np

from benchmarks.timing import Row, medians, show
from course_lib import dna

MILLION = 10**6
MEMORY_CODE = """
import numpy as np
from benchmarks.one_hot import resident, sequence
from course_lib import dna
text = sequence({length})
dna.one_hot(text[:3_000_000], dtype=np.uint8)
before = resident("VmRSS")
encoded = dna.one_hot(text, dtype=np.uint8)
print(resident("VmHWM") - before + len(text), len(text) + encoded.nbytes)
"""


def sequence(length: int) -> str:
    """A random megabase with one N in a thousand letters, over and over."""
    letters = np.frombuffer(b"ACGT", np.uint8)[np.random.default_rng(0).integers(0, 4, MILLION)]
    letters[::1000] = ord("N")
    return letters.tobytes().decode() * (length // MILLION)


def resident(field: str) -> int:
    """Bytes of this process in memory, now (VmRSS) or at most so far (VmHWM); Linux only."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def rows(length: int = 100 * MILLION, repeats: int = 5) -> list[Row]:
    import torch
    from tangermeme.utils import one_hot_encode

    text = sequence(length)
    seconds = medians(
        {
            "ours": lambda: dna.one_hot(text, dtype=np.uint8),
            "tangermeme, uint8": lambda: one_hot_encode(text, dtype=torch.uint8),
            "tangermeme, int8 (its default)": lambda: one_hot_encode(text),
        },
        repeats,
    )
    ours = seconds.pop("ours")
    work = f"one-hot, {length / MILLION:g} Mbp with Ns, uint8"
    return [Row(work, peer, ours, theirs, "s") for peer, theirs in seconds.items()] + memory_rows(length)


def memory_rows(length: int) -> list[Row]:
    """Peak memory in a process of its own, so that nothing else is counted."""
    code = MEMORY_CODE.format(length=length)
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    peak, least = map(int, done.stdout.split())
    return [Row("the same, peak memory", "input + output", peak / 2**20, least / 2**20, "MiB")]


if __name__ == "__main__":
    show(rows())
