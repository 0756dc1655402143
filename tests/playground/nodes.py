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


class Conversation:
    """A script that stays up and answers line by line."""

    def __init__(self, script: str) -> None:
        self.process = subprocess.Popen(
            [node(), str(SCRIPTS / script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, action: str, argument: Any = None) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([action, argument]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, f"the script ended at {action} {argument!r}"
        return json.loads(answer)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)
