"""On CUDA every lesson runs, its claims hold, its numbers stay within the tolerance; nothing stored is rewritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from site_builder.files import digest_files
from site_builder.project import load_project
from tests.validation.documents import with_code
from tests.validation.gpu import widened
from tests.validation.rules import Rules

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here: `make test-gpu` checks nothing")
def test_every_lesson_holds_on_cuda_and_stays_as_it_is() -> None:
    paths = [path for path in with_code(load_project(ROOT)) if path.endswith(".ipynb")]
    before = digest_files(ROOT, paths)
    command = [sys.executable, "-m", "pytest", "-p", "tests.validation.plugin", "--validate", "--validate-on", "cuda"]
    run = subprocess.run([*command, "-q", *paths], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-4000:]
    assert digest_files(ROOT, paths) == before


def test_a_tolerance_for_cuda_only_widens() -> None:
    rules = widened(Rules())
    assert rules.rtol > Rules().rtol
    assert rules.figure > Rules().figure
    assert widened(Rules(rtol=0.5)).rtol == 0.5
    assert not rules.integers
