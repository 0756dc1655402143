"""One record of all attacks of a run; at its end the figures go into the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.record import Record, into_proof, into_report


@pytest.fixture(scope="session")
def record(pytestconfig: pytest.Config) -> Iterator[Record]:
    kept = Record()
    yield kept
    whole = os.environ.get("ATTACK") == "all"
    summary = kept.summary("all" if whole else "sample")
    print(f"\n{summary['caught']} of {summary['tried']} attacks caught")
    into_report(Path(pytestconfig.rootpath), summary)
    if whole and os.environ.get("ATTACK_RECORD") == "1":
        into_proof(Path(pytestconfig.rootpath), "attacks", summary)
