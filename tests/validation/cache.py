"""In daily work, documents in which nothing changed are taken as validated; with `VALIDATE_CACHE=1` and never in CI.

What a document's outputs depend on goes into the key: its source and stored outputs, the library, the data, every file
that its code names, what prepares its kernel, the versions of all installed packages, Python's and the machine's, the
variables that reach numbers and figures, and these tests themselves.
"""

from __future__ import annotations

import json
import os
import platform
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from site_builder.execute import named_files
from site_builder.files import digest, digest_files, read_sealed, write_sealed
from site_builder.project import Project
from site_builder.validation import fingerprint
from tests.validation.documents import Document

FOLDER = ".cache/validation"
VARIABLE = "VALIDATE_CACHE"
#: Variables on which an output may depend.
SURROUNDINGS = ("PYTHONHASHSEED", "OMP_NUM_THREADS", "MATPLOTLIBRC", "TZ", "LC_ALL", "LANG", "ATEN_CPU_CAPABILITY")
#: Code that decides whether a document passes.
CHECKS = ("tests/validation/**/*.py", "site_builder/*.py", "constraints.txt")


def wanted() -> bool:
    """Tell whether unchanged documents may be taken from the cache."""
    return os.environ.get(VARIABLE) == "1" and not os.environ.get("CI")


def key(project: Project, document: Document, device: str) -> str:
    """Return the hash of everything on which the outcome depends."""
    code = [cell.node.source for cell in document.cells]
    stored = digest_files(project.root, [document.stored]) if (project.root / document.stored).is_file() else ""
    checks = [path for pattern in CHECKS for path in project.glob(pattern)]
    parts = [fingerprint(project.root, document.path), stored, digest_files(project.root, checks), *installed()]
    around = [f"{name}={os.environ.get(name)}" for name in SURROUNDINGS]
    return digest(document.path, device, document.setup, *around, *code, *parts, *named_files(project, code))


@cache
def installed() -> tuple[str, ...]:
    """Return name and version of Python, the machine and every installed package."""
    packages = sorted(f"{found.name}=={found.version}" for found in distributions())
    return (platform.python_version(), platform.machine(), *packages)


def find(project: Project, document: Document, device: str) -> dict[str, Any] | None:
    """Return the facts of a document that passed as it is now, if the cache is wanted and holds them."""
    if not wanted():
        return None
    text = read_sealed(project.root / FOLDER / f"{key(project, document, device)}.json")
    return None if text is None else json.loads(text)


def write(root: Path, name: str, facts: dict[str, Any]) -> None:
    """Remember a document that passed."""
    write_sealed(root / FOLDER / f"{name}.json", json.dumps(facts))
