"""The part of the page "Status" that comes from the report of the last full validation, as Markdown.

Both engines call :func:`write_status` before they render; `theme/filters/status.lua` puts what it writes into the page.
`site_builder/validation.py` describes the report.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from site_builder.document import read_document
from site_builder.errors import CourseError, CourseErrors
from site_builder.files import write_changed
from site_builder.project import Project, load_project
from site_builder.validation import GPU_REPORT, read_report, stamp

#: The page, and the text that a filter puts into it.
PAGE = "status.qmd"
TEXT = "downloads/status.md"
PLACE = "status-text"

KINDS = {"notebook": "Lesson", "deck": "Slides", "page": "Page"}
NAMES = {"python": "Python", "numpy": "NumPy", "torch": "PyTorch", "pandas": "pandas", "matplotlib": "Matplotlib"}
COMPARED = (("numbers", "number"), ("tables", "table"), ("figures", "figure"))
#: What a cell's own tolerance allows, in words (`tests/validation/rules.py` has the terms).
ALLOWED = {
    "rtol": "numbers: {} of their value",
    "atol": "numbers: {}",
    "units": "numbers: {} in the last digit shown",
    "integers": "whole numbers, too",
    "figure": "what the figure shows: {} of the axis",
    "picture": "the picture: {} % of it",
}
PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
#: What each state is called, and what it means.
STATES = {
    "passed": ("verified", "its code was run again and gave what is published"),
    "failed": ("failed", "its code gave something else, or an error"),
    "incomplete": ("incomplete", "part of it was not checked"),
    "changed": ("changed since", "the source, `course_lib` or the data are others than those that were checked"),
    "unchecked": ("not verified", "the last run does not know it"),
}

Stamp = dict[str, Any]
Rows = Iterable[Iterable[str]]


def write_status(root: Path) -> None:
    """Write the text of the page "Status"; a file with the same text is not touched."""
    project = load_project(root)
    if PAGE in project.documents:
        text = status_text(project, read_report(root), read_report(root, GPU_REPORT))
        write_changed(root / TEXT, text)


def status_text(project: Project, report: dict[str, Any], gpu: dict[str, Any]) -> str:
    """Return the text: what holds now, the last run, each document, what was allowed, the proof of the checks."""
    stamps = {path: _stamp(project, path, report) for path in checked_documents(project)}
    parts = [_summary(stamps, report), _documents(stamps), _failures(stamps)]
    if report:
        parts += [_run(report), _tolerances(stamps, report), _exemptions(stamps), _proof(report)]
    return "\n\n".join(part for part in [*parts, _gpu(gpu)] if part) + "\n"


def checked_documents(project: Project) -> list[str]:
    """Return the documents that a validation covers: those with code; not the reference, which is made from code."""
    own = (path for path in project.documents if not path.startswith("reference/"))
    return [path for path in own if path.endswith(".ipynb") or "{python}" in (project.root / path).read_text("utf-8")]


def anchor(path: str) -> str:
    """Return the anchor of a document on the page."""
    return "status-" + re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-")


def _stamp(project: Project, path: str, report: dict[str, Any]) -> Stamp:
    known = stamp(project.root, path, report)
    kind = "notebook" if path.endswith(".ipynb") else "deck" if path.startswith("slides/") else "page"
    return {"kind": kind, "title": known.get("title") or _title(project, path), **known}


def _title(project: Project, path: str) -> str:
    try:
        return str(read_document(project.root, path).front.yaml.data.get("title", path))
    except (CourseError, CourseErrors):  # reported when the page itself is read
        return path


# --------------------------------------------------------------------------------------------------------------- parts


def _summary(stamps: dict[str, Stamp], report: dict[str, Any]) -> str:
    states = [known["state"] for known in stamps.values()]
    counts = {state: states.count(state) for state in STATES if state in states}
    worst = next((state for state in ("failed", "unchecked", "changed", "incomplete") if state in counts), "passed")
    if not report:
        said = "**Not verified.** No full validation has run on this copy of the course. `make test` runs one."
        worst = "unchecked"
    elif worst == "passed":
        said = f"**Verified** on {_day(report['date'])}: all {_count(len(states), 'document')} with code."
    else:
        some = ", ".join(f"{number} {STATES[state][0]}" for state, number in counts.items())
        said = f"**Not all of it is verified.** Of {_count(len(states), 'document')} with code: {some}."
    meaning = [f"{STATES[s][0].capitalize()}: {STATES[s][1]}." for s in counts if report and s != "passed"]
    return f"::: {{.status-summary data-state={worst}}}\n" + "\n\n".join([said, *meaning]) + "\n:::"


def _documents(stamps: dict[str, Stamp]) -> str:
    rows = (
        (
            f"[{_escape(known['title'])}]({path}){{#{anchor(path)}}} [{KINDS[known['kind']]}]{{.status-kind}}",
            f"[{STATES[known['state']][0]}]{{.status-result data-state={known['state']}}}",
            *_figures_of(known),
        )
        for path, known in stamps.items()
    )
    columns = {"Document": 36, "Result": 15, "Cells": -8, "Compared": 20, "Time": -11, "Memory": -10}
    table = _table(columns, rows, "The documents with code, and what the last run found of each")
    return f"## Documents {{#documents}}\n\n{table}"


def _figures_of(known: Stamp) -> Iterator[str]:
    """Give the cells of a row that say what was done, dashes where nothing was."""
    if known["state"] in ("unchecked", "changed"):
        yield from ("–",) * 4
        return
    some = [_count(known[name], noun) for name, noun in COMPARED if known[name]]
    yield str(known["cells"])
    yield ", ".join(some) or "runs without an error"
    yield duration(known["seconds"]) + (" (cached)" if known["cached"] else "")
    yield f"{known['memory_mib']:.0f} MiB" if known.get("memory_mib") else "–"


def _failures(stamps: dict[str, Stamp]) -> str:
    failed = [known for known in stamps.values() if known["state"] == "failed"]
    rows = [(_name(known), _cell(one), _escape(one["message"])) for known in failed for one in known["failures"]]
    columns = {"Document": 25, "Cell": 20, "What differs": 55}
    return f"## What failed {{#failed}}\n\n{_table(columns, rows, 'Cells that failed')}" if rows else ""


def _run(report: dict[str, Any]) -> str:
    versions = ", ".join(f"{NAMES.get(name, name)} {number}" for name, number in report["versions"].items())
    seconds, alone = report["seconds"], report["seconds_one_by_one"]
    facts = {
        "Date": f"{_day(report['date'])}, {_escape(report['date'][11:16])} UTC",
        "Source": _escape(_source(report["commit"])),
        "Versions": _escape(versions),
        "Machine": _escape(f"{report['processor']}, {_count(report['cores'], 'core')}, {report['system']}"),
        "Ran on": "the processor" if report["device"] == "cpu" else f"a GPU: {_escape(str(report['gpu']))}",
        "Time": f"{duration(seconds)}; one document after the other: {duration(alone)}",
    }
    lines = "\n\n".join(f"{name}\n:   {text}" for name, text in facts.items())
    return f"## The last run {{#run}}\n\n::: {{.status-facts}}\n{lines}\n:::"


def _source(commit: str | None) -> str:
    if commit is None:
        return "not known: no git"
    return f"commit {commit}".replace("-dirty", ", with changes that are not committed")


def _tolerances(stamps: dict[str, Stamp], report: dict[str, Any]) -> str:
    usual = report["tolerance"]
    said = (
        f"A number may differ from the published one by {_power(usual['rtol'])} of its value (or"
        f" {_power(usual['atol'])}), what a figure shows by {_power(usual['figure'])} of its axis. Whole numbers and"
        " words are the same, character by character."
    )
    rows = [
        (_name(known), _cell(one), "; ".join(_allowed(one)), _escape(one["reason"]))
        for known in stamps.values()
        for one in known.get("tolerances", ())
    ]
    columns = {"Document": 20, "Cell": 18, "Allowed": 24, "Because": 38}
    more = _table(columns, rows, "Cells with a tolerance of their own") if rows else "No cell has one of its own."
    return f"## Tolerances {{#tolerances}}\n\n{said}\n\n{more}"


def _allowed(one: dict[str, Any]) -> Iterator[str]:
    """Say what a cell's own tolerances allow."""
    for key, value in one.items():
        if key in ALLOWED:
            yield ALLOWED[key].format(_escape(str(value)))
        elif key == "ignore":
            patterns = value if isinstance(value, list) else [value]
            yield "not compared: " + ", ".join(map(_code, patterns))


def _exemptions(stamps: dict[str, Stamp]) -> str:
    rows = [
        (_name(known), _cell(one), _escape(", ".join(one["exempt"])), _escape(one["reason"]))
        for known in stamps.values()
        for one in known.get("exemptions", ())
    ]
    columns = {"Document": 20, "Cell": 18, "Not compared": 18, "Because": 44}
    more = _table(columns, rows, "Cells that are not compared in full") if rows else "None: all is compared."
    return f"## Exemptions {{#exemptions}}\n\n{more}"


def _proof(report: dict[str, Any]) -> str:
    proof = report.get("proof", {})
    attacks, calm = proof.get("attacks"), proof.get("calm")
    parts = ["## Do the checks work? {#proof}"]
    if not attacks and not calm:
        parts.append("No attack on the checks, and no search for false alarms, is recorded in this copy.")
    if attacks:
        parts += _attacks(attacks)
    if now := report.get("attacks"):
        which = "all of them" if now["scope"] == "all" else "a sample of them"
        caught = f"{now['caught']:,} of {_count(now['tried'], 'attack')}"
        parts.append(f"The last run tried {which} again and caught {caught}.")
    if calm:
        parts += _calm(calm)
    return "\n\n".join(parts)


def _attacks(attacks: dict[str, Any]) -> Iterator[str]:
    tried, caught = f"{attacks['tried']:,}", f"{attacks['caught']:,}"
    yield (
        f"**Attacks: {caught} of {tried} caught** ({_day(attacks['date'])}). Each changes a stored output, a source"
        " or the library, and the validation must name the document and the cell."
    )
    rows = [(_escape(kind), f"{one['tried']:,}", f"{one['caught']:,}") for kind, one in attacks["kinds"].items()]
    yield _table({"Attack": 64, "Tried": -18, "Caught": -18}, rows, "Attacks by kind")
    if attacks.get("missed"):
        yield "Not caught: " + ", ".join(map(_code, attacks["missed"])) + "."


def _calm(calm: dict[str, Any]) -> Iterator[str]:
    yield (
        f"**False alarms: {calm['failed']} in {_count(calm['runs'], 'run')}** ({_day(calm['date'])}). Each run has"
        " other surroundings, in which every published output must still hold."
    )
    rows = [
        (_escape(one["setting"]), _day(one["date"]), _escape(one["result"]), duration(one["seconds"]))
        for one in calm["settings"]
    ]
    yield _table({"Surroundings": 45, "Date": 25, "Result": 15, "Time": -15}, rows, "Runs in other surroundings")


def _gpu(report: dict[str, Any]) -> str:
    heading = "## On a GPU {#gpu}\n\n"
    if not report:
        return (
            heading
            + "No run on a GPU is recorded in this copy; `make test-gpu` makes one where there is a CUDA device."
        )
    documents = report["documents"].values()
    passed = sum(one["result"] == "passed" for one in documents)
    failed = [_name(one) for one in documents if one["result"] == "failed"]
    device = _escape(f"{report['gpu']}, PyTorch {report['versions'].get('torch', 'of an unknown version')}")
    found = f"{passed} of {_count(len(documents), 'document')} verified in {duration(report['seconds'])}."
    return f"{heading}{_day(report['date'])}, {device}: {found}" + (f" Failed: {', '.join(failed)}." if failed else "")


# --------------------------------------------------------------------------------------------------------------- words


def _table(columns: dict[str, int], rows: Rows, caption: str) -> str:
    """Return a table whose columns have these widths in percent, those of numbers below zero."""
    marks = ["-" * (abs(width) - 1) + ("-" if width > 0 else ":") for width in columns.values()]
    lines = [f"| {' | '.join(row)} |" for row in (columns, marks, *rows)]
    kind = ".status-table .status-wide" if len(columns) > 3 else ".status-table"
    return "\n".join([f"::: {{{kind}}}", *lines, "", f": {caption}", ":::"])


def _name(known: Stamp) -> str:
    return _escape(f"{KINDS[known['kind']]}: {known['title']}")


def _cell(one: dict[str, Any]) -> str:
    return _code(one["cell"]) if one["cell"] else "all"


def _code(text: str) -> str:
    """Return text as code, whatever back quotes it has."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"


def _power(number: float) -> str:
    """Return a number such as 1e-06 as ten to a power."""
    digits, _, power = f"{number:g}".partition("e")
    return f"10^−{int(power[1:])}^" if digits == "1" and power.startswith("-") else f"{number:g}"


def _escape(text: str) -> str:
    """Return text that Markdown takes for nothing but text."""
    return PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _day(date: str) -> str:
    moment = dt.datetime.fromisoformat(date)
    return f"{moment:%B} {moment.day}, {moment.year}"


def duration(seconds: float) -> str:
    """Return a length of time as people say it: 83.2 seconds are "1 min 23 s"."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)
