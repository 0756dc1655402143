"""A line of a source or of the library changes so that a result moves: the documents run again, and one cell fails."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attack.record import Record

ROOT = Path(__file__).resolve().parents[2]
LESSON = "notebooks/01-introduction-to-deep-learning.ipynb"
DECK = "slides/01-introduction-to-deep-learning.qmd"
DNA_DECK, DNA_LESSON = "slides/02-dna-and-convolution.qmd", "notebooks/02-cnn-for-dna-scoring.ipynb"
PAGE = "corrections.qmd"
#: What a document needs to run.
NEEDED = ("playground", "course_lib", "data", "notebooks", "site_builder", "slides", "tests", "theme", "reference")
FAILED = re.compile(r"^FAILED (\S+?)::(\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Change:
    """One line that becomes another, and a document that depends on it."""

    what: str
    file: str
    old: str
    new: str
    document: str

    @property
    def kind(self) -> str:
        return "library changed" if self.file.startswith("course_lib/") else "source line changed"


#: Those of `make test`: a page and the first cells of a lesson, which take seconds.
SAMPLE = (
    Change("the rate whose factor is told", PAGE, "factor = (swing(0.95)", "factor = (swing(0.94)", PAGE),
    Change(
        "the sign of the gradient", "course_lib/linear.py", "2 / len(y) * (X @ beta", "-2 / len(y) * (X @ beta", PAGE
    ),
    Change(
        "the order of the one-hot columns",
        "course_lib/dna.py",
        "letters = alphabet.upper()",
        "letters = alphabet.upper()[::-1]",
        PAGE,
    ),
    Change("the seed of the data", LESSON, "random_state=42", "random_state=43", LESSON),
)
#: The others, in `make test-attack`.
MORE = (
    Change(
        "the learning rate of every step",
        "course_lib/linear.py",
        "rate(t) * velocity",
        "0.9 * rate(t) * velocity",
        PAGE,
    ),
    Change("the number of steps", PAGE, "def swing(rate, steps=8", "def swing(rate, steps=9", PAGE),
    Change("logarithms of a motif", "course_lib/motifs.py", "np.log2(rows", "np.log(rows", DNA_DECK),
    Change("the noise of the data", LESSON, "noise = 10\\n", "noise = 11\\n", LESSON),
    Change("a tenth of a digit in a loss", LESSON, "- y) ** 2)\\n", "- y) ** 2) * 1.001\\n", LESSON),
    Change(
        "the activation of the network",
        "course_lib/mlp.py",
        '"relu": torch.relu',
        '"relu": torch.nn.functional.silu',
        DECK,
    ),
    Change("the seed of the slide's points", DECK, "low=-3, high=3, seed=9", "low=-3, high=3, seed=8", DECK),
    Change(
        "a factor of the loss on a slide",
        DECK,
        "return (b - 0.8) ** 2 + 0.5",
        "return 1.01 * (b - 0.8) ** 2 + 0.5",
        DECK,
    ),
    Change("a color of all figures", "course_lib/plots.py", 'TEAL = "#0b7285"', 'TEAL = "#0b7200"', DECK),
    Change("the label of an axis", "course_lib/plots.py", 'y="predicted ŷ"', 'y="observed ŷ"', DECK),
    Change("the seed of the split", DNA_LESSON, "np.arange(len(y)), seed=42", "np.arange(len(y)), seed=43", DNA_LESSON),
    Change(
        "the order of the bases of a lesson",
        "course_lib/dna.py",
        "letters = alphabet.upper()",
        "letters = alphabet.upper()[::-1]",
        DNA_LESSON,
    ),
    Change("the pooling of a network", "course_lib/cnn.py", ".amax(2)", ".mean(2)", DNA_LESSON),
)


def copied(change: Change, folder: Path) -> Path:
    """Return a copy of the course in which the change is made."""
    ignore = shutil.ignore_patterns(
        "__pycache__", "node_modules", "vendor", "browser", "playground", "site_builder_cache"
    )
    for name in NEEDED:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for path in ROOT.iterdir():
        if path.is_file() and path.suffix in (".qmd", ".yml", ".bib", ".toml", ".txt", ".md"):
            shutil.copy(path, folder / path.name)
    target = folder / change.file
    text = target.read_text("utf-8")
    assert change.old in text, f"{change.file} no longer holds {change.old!r}"
    target.write_text(text.replace(change.old, change.new, 1), "utf-8")
    return folder


def validated(root: Path, document: str) -> subprocess.CompletedProcess[str]:
    """Validate a document of a copy, up to the first cell that fails."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.validation.plugin", "--validate", document, "-x", "-q"]
    environment = {**os.environ, "PYTHONPATH": str(root), "VALIDATE_CACHE": "0", "COLUMNS": "400"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=900)


def changes() -> tuple[Change, ...]:
    return (*SAMPLE, *MORE) if os.environ.get("ATTACK") == "all" else SAMPLE


@pytest.mark.parametrize("change", changes(), ids=lambda change: change.what)
def test_a_changed_result_is_caught(change: Change, tmp_path: Path, record: Record) -> None:
    run = validated(copied(change, tmp_path), change.document)
    found = FAILED.search(run.stdout)
    cell = found[2] if found and found[1] == change.document else ""
    record.add(change.kind, f"{change.document}, {cell or 'no cell'}: {change.what}", bool(cell))
    assert run.returncode == 1, run.stdout[-3000:] + run.stderr[-1000:]
    assert cell


def test_without_a_change_the_copy_passes(tmp_path: Path) -> None:
    nothing = Change("nothing", PAGE, "factor = (swing(0.95)", "factor = (swing(0.95)", PAGE)
    run = validated(copied(nothing, tmp_path), PAGE)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
