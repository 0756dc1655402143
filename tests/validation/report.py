"""Writes `reports/validation.json` when a run has validated every cell of every document.

`site_builder/validation.py` describes the file. A copy stands in the run's folder, beside the documents as they ran.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from site_builder.execute import ANSI
from site_builder.lessons import git
from site_builder.project import Project
from site_builder.validation import GPU_REPORT, PROOF, REPORT, RUNS, fingerprint, write_report
from tests.validation import cache
from tests.validation.documents import Document, load
from tests.validation.rules import Rules

PACKAGES = ("numpy", "torch", "pandas", "matplotlib", "plotnine", "scikit-learn")
#: How many runs are kept, to compare with.
KEPT = 5
COUNTS = ("numbers", "tables", "figures")


@dataclass
class Seen:
    """What came in of one document."""

    outcomes: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=lambda: defaultdict(int))
    seconds: float = 0.0


class Recorder:
    """Listens to the results of the cells, those of all workers; writes nothing unless all cells were seen."""

    def __init__(self, project: Project, paths: list[str], run: str, device: str = "cpu") -> None:
        self.root, self.run, self.device = project.root, run, device
        self.documents: dict[str, Document] = {path: load(project, path) for path in paths}
        # As they are when the run begins: what is changed while it runs was not validated.
        self.fingerprints = {path: fingerprint(self.root, path) for path in paths}
        self.keys = {path: cache.key(project, document, device) for path, document in self.documents.items()}
        self.seen: dict[str, Seen] = defaultdict(Seen)
        self.times: list[float] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        path, _, cell = report.nodeid.partition("::")
        if path not in self.documents:
            return
        seen = self.seen[path]
        seen.seconds += report.duration
        self.times += [getattr(report, "start", 0.0), getattr(report, "stop", 0.0)]
        if report.when == "call" or report.outcome != "passed":
            if seen.outcomes.get(cell) != "failed":
                seen.outcomes[cell] = report.outcome
            if report.outcome == "failed":
                seen.messages.setdefault(cell, shortened(str(report.longrepr)))
        if report.when == "call":
            for facts in (value for name, value in report.user_properties if name == "validation"):
                self._add(seen, facts)

    def _add(self, seen: Seen, facts: dict[str, Any]) -> None:
        for name in COUNTS:
            seen.facts[name] += facts.get(name, 0)
        seen.facts |= {name: facts[name] for name in ("memory_mib", "unchanged") if name in facts}

    def pytest_sessionfinish(self) -> None:
        if not all(self._complete(path) for path in self.documents):
            return
        report = self.report()
        for path, entry in report["documents"].items():
            if entry["result"] == "passed" and not entry["cached"]:
                cache.write(self.root, self.keys[path], entry)
        folder = self.root / self.run
        folder.mkdir(parents=True, exist_ok=True)
        write_report(self.root, report, f"{self.run}/validation.json")
        write_report(self.root, report, GPU_REPORT if self.device == "cuda" else REPORT)
        for old in sorted((self.root / RUNS).glob("*T*Z"))[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)

    def _complete(self, path: str) -> bool:
        seen = self.seen[path]
        return "unchanged" in seen.facts or len(seen.outcomes) == len(self.documents[path].cells)

    def report(self) -> dict[str, Any]:
        """Return what the run found, and on what it ran."""
        documents = {path: self._entry(document) for path, document in self.documents.items()}
        rules = Rules()
        return {
            "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "commit": git(self.root, "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*") or None,
            "versions": {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}},
            "system": f"{platform.system()} {platform.machine()}",
            "processor": processor(),
            "cores": cores(),
            "device": self.device,
            "gpu": gpu_name() if self.device == "cuda" else None,
            "seconds": round(max(self.times, default=0.0) - min(self.times, default=0.0), 1),
            "seconds_one_by_one": round(sum(entry["seconds"] for entry in documents.values()), 1),
            "run": self.run,
            "tolerance": {"rtol": rules.rtol, "atol": rules.atol, "figure": rules.figure},
            "documents": documents,
            **({"proof": proof} if (proof := read_proof(self.root)) else {}),
        }

    def _entry(self, document: Document) -> dict[str, Any]:
        seen = self.seen[document.path]
        if "unchanged" in seen.facts:
            return {**seen.facts["unchanged"], "cached": True}
        outcomes = list(seen.outcomes.values())
        failed, skipped = outcomes.count("failed"), outcomes.count("skipped")
        exempt = whole_exemption(document)
        return {
            "kind": document.kind,
            "title": document.title,
            "result": "failed" if failed else "incomplete" if skipped or exempt else "passed",
            "fingerprint": self.fingerprints[document.path],
            "cells": len(document.cells),
            "failed": failed,
            "skipped": skipped,
            **{name: seen.facts[name] for name in COUNTS},
            "seconds": round(seen.seconds, 1),
            "memory_mib": seen.facts.get("memory_mib"),
            "cached": False,
            "tolerances": [] if exempt else tolerances(document),
            "exemptions": [exempt] if exempt else exemptions(document),
            "failures": [{"cell": cell, "message": seen.messages[cell]} for cell in seen.messages],
            "stored": document.stored,
        }


def whole_exemption(document: Document) -> dict[str, Any] | None:
    """Return the exemption of a page as a whole, if it has one."""
    rules = {cell.rules for cell in document.cells}
    (only,) = rules if len(rules) == 1 else (Rules(),)
    if document.kind != "page" or not only.exempt:
        return None
    return {"cell": "", "exempt": sorted(only.exempt), "reason": only.reason}


def tolerances(document: Document) -> list[dict[str, Any]]:
    """Return what cells of a document allow, and why."""
    given = ((cell.name, {k: v for k, v in cell.rules.given.items() if k != "exempt"}) for cell in document.cells)
    return [{"cell": name, **settings} for name, settings in given if settings.keys() - {"reason"}]


def exemptions(document: Document) -> list[dict[str, Any]]:
    """Return what cells of a document leave out, and why."""
    cells = [cell for cell in document.cells if cell.rules.exempt]
    return [{"cell": c.name, "exempt": sorted(c.rules.exempt), "reason": c.rules.reason} for c in cells]


def shortened(message: str, most: int = 400) -> str:
    """Return a failure on one line: what is wrong, without the colors and the middle of a traceback."""
    lines = [line.strip() for line in ANSI.sub("", message).splitlines() if line.strip()]
    whole = "; ".join([lines[0], lines[-1]] if "caused an exception" in lines[0] else lines)
    return whole if len(whole) <= most else whole[: most - 1] + "…"


def read_proof(root: Path) -> dict[str, Any]:
    """Return what the last full proof found, or nothing."""
    path = root / PROOF
    return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}


def gpu_name() -> str | None:
    """Return the name of the CUDA device, if there is one."""
    import torch

    return torch.cuda.get_device_name() if torch.cuda.is_available() else None


def processor() -> str:
    """Return the name of the processor, or its kind where the system does not tell."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text("utf-8").splitlines() if information.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
