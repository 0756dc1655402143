"""Counts attacks and what became of them, and puts the figures into the report."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from site_builder.files import write_atomic
from site_builder.validation import PROOF, read_report, write_report
from tests.validation.report import read_proof


class Record:
    """Every attack of a run, by kind."""

    def __init__(self) -> None:
        self.tried: dict[str, dict[str, bool]] = defaultdict(dict)

    def add(self, kind: str, name: str, caught: bool) -> None:
        """Note an attack; one that was tried twice counts once."""
        self.tried[kind][name] = self.tried[kind].get(name, True) and caught

    def missed(self, kind: str, document: str) -> list[str]:
        """Return the attacks of a kind on a document that were not caught."""
        return [name for name, caught in self.tried[kind].items() if name.startswith(f"{document},") and not caught]

    def summary(self, scope: str) -> dict[str, Any]:
        """Return the figures, as the report holds them."""
        kinds = {kind: {"tried": len(all_), "caught": sum(all_.values())} for kind, all_ in self.tried.items() if all_}
        return {
            "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "scope": scope,
            "tried": sum(kind["tried"] for kind in kinds.values()),
            "caught": sum(kind["caught"] for kind in kinds.values()),
            "kinds": kinds,
            "missed": [name for all_ in self.tried.values() for name, caught in all_.items() if not caught],
        }


def into_report(root: Path, summary: dict[str, Any]) -> None:
    """Put the figures of this run into the report, if there is one."""
    report = read_report(root)
    if report:
        report.pop("schema")
        write_report(root, {**report, "attacks": summary})


def into_proof(root: Path, key: str, figures: dict[str, Any]) -> None:
    """Store the figures with the tests."""
    write_atomic(root / PROOF, json.dumps({**read_proof(root), key: figures}, indent=2, ensure_ascii=False) + "\n")
