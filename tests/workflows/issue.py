"""Opens an issue with the reports in a folder; while one of that title is open, it adds a comment to it instead.

It calls `gh`, GitHub's command line, which takes its token from $GH_TOKEN; $RUN_URL is the address of the run. Nothing
but the standard library is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

TITLE = "The weekly check found something"
#: GitHub takes 65,536 characters in an issue.
LONGEST = 60_000


def body(folder: Path, run: str) -> str:
    """Return the reports of a folder as one text; say so where a job ended before it wrote one."""
    reports = [path.read_text("utf-8").strip() for path in sorted(folder.rglob("*.md"))]
    text = "\n\n".join(reports) or "A job ended before it wrote a report: its log says why."
    cut = text[:LONGEST] + ("\n\n(cut; the rest is in the run)" if len(text) > LONGEST else "")
    return f"{cut}\n\nThe run: {run}\n"


def open_issue(text: str) -> str:
    """Open the issue, or comment on the one that is open; return the address that `gh` prints."""
    search = _gh("issue", "list", "--state", "open", "--search", f'in:title "{TITLE}"', "--json", "number,title")
    numbers = [issue["number"] for issue in json.loads(search) if issue["title"] == TITLE]
    if numbers:
        return _gh("issue", "comment", str(min(numbers)), "--body-file", "-", text=text)
    return _gh("issue", "create", "--title", TITLE, "--body-file", "-", text=text)


def _gh(*arguments: str, text: str = "") -> str:
    program = shutil.which("gh")
    if program is None:
        raise SystemExit("gh, GitHub's command line, is not here; on GitHub's runners it is")
    run = subprocess.run([program, *arguments], input=text, capture_output=True, text=True, encoding="utf-8")
    if run.returncode:
        raise SystemExit(f"gh {' '.join(arguments[:2])} failed: {run.stderr.strip()}")
    return run.stdout


def main(arguments: Sequence[str]) -> None:
    """Open or extend the issue."""
    print(open_issue(body(Path(arguments[0]), os.environ.get("RUN_URL", "unknown"))).strip())


if __name__ == "__main__":
    main(sys.argv[1:])
