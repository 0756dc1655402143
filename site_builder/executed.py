"""Reads executed notebooks, from a folder, from the report of a validation, or from a commit, for comparing them.

A validation leaves each document as it ran in `reports/runs/`; the reviewed outputs of decks and pages stand in
`tests/baselines/`. Both name a `.qmd` source with `.ipynb` after it, so that the same document has one name here.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from site_builder.errors import CourseError, UsageError
from site_builder.validation import BASELINES

#: Folders that hold copies of notebooks, or notebooks that are none of the course.
SKIPPED = {"downloads", "reports", "node_modules", "dist", "mutants", "shots"}
KEPT_FACTS = ("date", "commit", "versions", "system", "processor", "cores", "gpu")


@dataclass
class Cell:
    """A code cell: its name, its code and its outputs as nbformat has them."""

    name: str
    source: str
    outputs: list[dict[str, Any]]


@dataclass
class Side:
    """One side of a comparison: what it is, what is known of its run, its documents by name."""

    label: str
    documents: dict[str, list[Cell]]
    facts: dict[str, Any] = field(default_factory=dict)


def read_side(root: Path, name: str) -> Side:
    """Read a folder, a report, a notebook, or what a commit of the course has stored.

    Raises
    ------
    UsageError
        If ``name`` is none of these, or holds no notebook.
    CourseError
        If a notebook cannot be read.
    """
    path = root / name
    if path.is_dir():
        side = _folder(path, name)
    elif path.suffix == ".json" and path.is_file():
        side = _report(root, path, name)
    elif path.suffix == ".ipynb" and path.is_file():
        side = Side(name, {"the notebook": cells(path.read_text("utf-8-sig"), name)})
    else:
        side = _commit(root, name)
    if not side.documents:
        raise UsageError(f"{name} holds no executed notebook")
    return side


def _folder(path: Path, label: str) -> Side:
    found = (file.relative_to(path) for file in path.rglob("*.ipynb"))
    names = sorted(name.as_posix() for name in found if not any(map(_is_skipped, name.parts[:-1])))
    documents = {document(name): cells((path / name).read_text("utf-8-sig"), f"{label}/{name}") for name in names}
    report = path / "validation.json"
    return Side(label, documents, _facts(json.loads(report.read_text("utf-8"))) if report.is_file() else {})


def _is_skipped(part: str) -> bool:
    return part in SKIPPED or part.startswith((".", "_"))


def _report(root: Path, path: Path, label: str) -> Side:
    """Read the run that a report names; its folder is moved or copied with the report, or lies where it was."""
    try:
        report = json.loads(path.read_text("utf-8"))
        run = str(report["run"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f"{label} is not the report of a validation: it names no run") from None
    folder = next((folder for folder in (root / run, path.parent) if any(folder.rglob("*.ipynb"))), None)
    if folder is None:
        raise UsageError(f"{label} is the report of the run {run}, which is not kept any more")
    return Side(label, _folder(folder, run).documents, _facts(report))


def _facts(report: dict[str, Any]) -> dict[str, Any]:
    return {key: report[key] for key in KEPT_FACTS if report.get(key) is not None}


def _commit(root: Path, name: str) -> Side:
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise UsageError(f"{name} is no folder, report or notebook, and no commit either")
    sha = commit.strip()
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", sha) or ""
    paths = [path for path in listed.split("\0") if path.endswith(".ipynb")]
    kept = [path for path in paths if not any(map(_is_skipped, PurePosixPath(path).parts[:-1]))]
    texts = {path: _git(root, "show", f"{sha}:{path}") or "" for path in kept}
    date = (_git(root, "show", "--no-patch", "--format=%cI", sha) or "").strip()
    documents = {document(path): cells(text, f"{name}:{path}") for path, text in texts.items()}
    return Side(name, documents, {"date": date, "commit": sha[:10]})


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints, or None where it refuses or is not installed."""
    try:
        run = subprocess.run(["git", *arguments], cwd=root, capture_output=True)
    except OSError:
        return None
    return run.stdout.decode("utf-8") if run.returncode == 0 else None


def document(path: str) -> str:
    """Return the source of an executed notebook: that of a `.qmd` has `.ipynb` after its name.

    Examples
    --------
    >>> document("tests/baselines/slides/01-x.qmd.ipynb")
    'slides/01-x.qmd'
    >>> document("notebooks/01-x.ipynb")
    'notebooks/01-x.ipynb'
    """
    return path.removeprefix(f"{BASELINES}/").replace(".qmd.ipynb", ".qmd")


def cells(text: str, place: str) -> list[Cell]:
    """Return the code cells of a notebook; a cell without an identifier is known by its number."""
    try:
        found = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        return [
            Cell(str(cell.get("id") or f"cell-{n}"), joined(cell["source"]), list(cell["outputs"]))
            for n, cell in enumerate(found, start=1)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"not a notebook: {error}", place) from None


def joined(text: str | Iterable[str]) -> str:
    """Return a text that nbformat stores as one or as a list of lines."""
    return text if isinstance(text, str) else "".join(text)
