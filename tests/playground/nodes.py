"""Runs the playground's modules in Node, as the browser would."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from site_builder.vendor import node

SCRIPTS = Path(__file__).parent / "scripts"


def run(script: str, payload: Any = None) -> Any:
    """Give a script of `scripts/` some JSON on standard input; return the JSON that it prints."""
    command = [node(), str(SCRIPTS / script)]
    done = subprocess.run(command, input=json.dumps(payload), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
