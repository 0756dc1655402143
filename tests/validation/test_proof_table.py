"""The proof of the checks, as a table and as the README tells it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_builder.errors import CourseError
from tests.attack.record import into_proof
from tests.validation.__main__ import ROOT
from tests.validation.calm import SETTINGS
from tests.validation.proof_table import as_markdown
from tests.validation.report import read_proof

PROOF: dict[str, Any] = {
    "attacks": {
        "date": "2026-11-02T10:00:00+00:00",
        "tried": 1234,
        "caught": 1233,
        "kinds": {"a digit": {"tried": 1200, "caught": 1199}, "a row": {"tried": 34, "caught": 34}},
    },
    "calm": {
        "date": "2026-11-03T10:00:00+00:00",
        "runs": 10,
        "failed": 0,
        "settings": [{"setting": "1 thread", "result": "passed"}],
    },
}


def store(root: Path, *parts: str) -> None:
    (root / "tests" / "validation").mkdir(parents=True)
    for part in parts:
        into_proof(root, part, PROOF[part])


def test_every_kind_of_attack_and_every_setting_has_a_row(tmp_path: Path) -> None:
    store(tmp_path, "attacks", "calm")
    assert as_markdown(tmp_path).splitlines()[2:] == [
        "| attacks: a digit | 1,200 | 1,199 caught |",
        "| attacks: a row | 34 | 34 caught |",
        "| **attacks in all** (2026-11-02) | **1,234** | **1,233 caught** |",
        "| whole validations: 1 thread | 1 | passed |",
        "| **false alarms** (2026-11-03) | **10 runs** | **0 failed** |",
    ]


@pytest.mark.parametrize(
    ("parts", "command"), [([], "test-attack"), (["calm"], "test-attack"), (["attacks"], "test-calm")]
)
def test_what_was_never_recorded_is_named_with_its_command(tmp_path: Path, parts: list[str], command: str) -> None:
    store(tmp_path, *parts)
    with pytest.raises(CourseError, match=f"proof.json: .*\n  Run `make {command}` first"):
        as_markdown(tmp_path)


def test_the_readme_tells_the_proof_and_it_holds() -> None:
    """`python -m tests.validation proof` prints the table; `make test-attack` and `make test-calm` make its figures."""
    assert as_markdown(ROOT) in (ROOT / "README.md").read_text("utf-8")
    proof = read_proof(ROOT)
    assert proof["attacks"]["tried"] == proof["attacks"]["caught"] >= 300
    assert proof["calm"]["runs"] >= 10
    assert proof["calm"]["failed"] == 0
    assert {one.name for one in SETTINGS} <= {one["setting"] for one in proof["calm"]["settings"]}
