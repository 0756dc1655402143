"""Runs the scanner's modules in Node, as the browser would."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from site_builder.vendor import node

SCRIPT = Path(__file__).parent / "scripts" / "answer.js"


def ask(*questions: tuple[str, Any]) -> list[Any]:
    """Ask several things in one process; each is (name, argument), each answer a value or ``{"error": message}``."""
    run = subprocess.run(
        [node(), str(SCRIPT)], input=json.dumps(questions), capture_output=True, text=True, check=False, timeout=100
    )
    assert run.returncode == 0, run.stderr
    answers: list[Any] = json.loads(run.stdout)
    assert len(answers) == len(questions)
    return answers
