"""The proof of the checks as a Markdown table for the README: `python -m tests.validation proof`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from site_builder.errors import CourseError
from site_builder.validation import PROOF
from tests.validation.report import read_proof

#: What each part of the proof comes from.
MADE_BY = {"attacks": "make test-attack", "calm": "make test-calm"}


def as_markdown(root: Path) -> str:
    """Return the table of the last full attack and of the last runs in other surroundings.

    Raises
    ------
    CourseError
        If one of the two was never recorded.
    """
    proof = read_proof(root)
    for part, command in MADE_BY.items():
        if part not in proof:
            raise CourseError(f"the proof has no {part!r} yet", PROOF, hint=f"Run `{command}` first.")
    rows = [*_attacks(proof["attacks"]), *_calm(proof["calm"])]
    return "\n".join(["| tried | of these | result |", "|---|---|---|", *rows])


def _attacks(attacks: dict[str, Any]) -> Iterator[str]:
    for kind, one in attacks["kinds"].items():
        yield f"| attacks: {kind} | {one['tried']:,} | {one['caught']:,} caught |"
    tried, caught = f"{attacks['tried']:,}", f"{attacks['caught']:,} caught"
    yield f"| **attacks in all** ({attacks['date'][:10]}) | **{tried}** | **{caught}** |"


def _calm(calm: dict[str, Any]) -> Iterator[str]:
    for one in calm["settings"]:
        yield f"| whole validations: {one['setting']} | 1 | {one['result']} |"
    yield f"| **false alarms** ({calm['date'][:10]}) | **{calm['runs']} runs** | **{calm['failed']} failed** |"
