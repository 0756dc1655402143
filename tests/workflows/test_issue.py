"""One issue a problem: opened when there is none, added to while it is open. A stand-in for `gh` notes its calls."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.workflows import issue

STAND_IN = """\
#!{python}
import json, os, sys
from pathlib import Path
calls = Path({calls!r})
text = sys.stdin.read() if "--body-file" in sys.argv else ""
calls.write_text(json.dumps(json.loads(calls.read_text()) + [[sys.argv[1:], text]]))
if {fails!r}:
    sys.exit("no rights")
print({open_issues!r} if sys.argv[2] == "list" else "https://example.org/issues/7")
"""


@pytest.fixture
def gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Put a stand-in for `gh` on the path; give a function that sets it up, and returns a reader of its calls."""
    if os.name == "nt":
        pytest.skip("the stand-in for gh is a script with a first line that Windows does not read")
    calls = tmp_path / "calls.json"

    def make(open_issues: list[dict[str, object]], fails: bool = False):
        calls.write_text("[]")
        facts = {"calls": str(calls), "fails": fails, "open_issues": json.dumps(open_issues)}
        (tmp_path / "gh").write_text(STAND_IN.format(python=sys.executable, **facts))
        (tmp_path / "gh").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        return lambda: json.loads(calls.read_text())

    return make


def test_an_issue_is_opened(gh) -> None:
    calls = gh([{"number": 3, "title": f"Not quite: {issue.TITLE}"}])
    assert issue.open_issue("two links are broken").strip() == "https://example.org/issues/7"
    arguments, text = calls()[-1]
    assert arguments[:4] == ["issue", "create", "--title", issue.TITLE]
    assert text == "two links are broken"


def test_while_one_is_open_it_gets_a_comment(gh) -> None:
    calls = gh([{"number": 9, "title": issue.TITLE}, {"number": 5, "title": issue.TITLE}])
    issue.open_issue("still broken")
    assert calls()[-1] == [["issue", "comment", "5", "--body-file", "-"], "still broken"]
    assert len(calls()) == 2


def test_a_refusal_is_told(gh) -> None:
    gh([], fails=True)
    with pytest.raises(SystemExit, match="gh issue list failed: no rights"):
        issue.open_issue("broken")


def test_the_text_holds_every_report_and_the_run(tmp_path: Path) -> None:
    (tmp_path / "colab.md").write_text("## Lessons\n\n* bad.ipynb\n", "utf-8")
    (tmp_path / "links.md").write_text("## Links\n\n* one\n", "utf-8")
    text = issue.body(tmp_path, "https://example.org/runs/1")
    assert text.startswith("## Lessons\n\n* bad.ipynb\n\n## Links\n\n* one\n")
    assert text.endswith("The run: https://example.org/runs/1\n")


def test_a_job_without_a_report_and_a_report_too_long_are_told(tmp_path: Path) -> None:
    assert "ended before it wrote a report" in issue.body(tmp_path / "none", "")
    (tmp_path / "links.md").write_text("x" * 100_000, "utf-8")
    text = issue.body(tmp_path, "the run")
    assert len(text) < 65_536
    assert text.endswith("(cut; the rest is in the run)\n\nThe run: the run\n")
