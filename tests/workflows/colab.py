"""Reads the lists that Colab publishes of its Python and packages (the repository googlecolab/backend-info).

`python FOLDER` prints the version of Python as GitHub takes the output of a step, `constraints FOLDER` the versions
of what `course_lib` depends on. Nothing but the standard library is needed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parents[2]
SYSTEM, PACKAGES = "os-info.txt", "pip-freeze.txt"
#: `name==version`, or `name @ address of a wheel`; a local part such as `+cpu` is left out.
PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^+\s;]+)")
WHEEL = re.compile(r"^(?P<name>[\w.-]+) @ \S*/[\w.]+-(?P<version>[^-+/]+)(?:\+[^-/]*)?-[^/]*\.whl")


def python_version(folder: Path) -> str:
    """Return the version of Colab's Python, as in ``3.13``."""
    found = re.search(r"^Python (\d+\.\d+)", _read(folder, SYSTEM), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{folder / SYSTEM} names no version of Python")
    return found[1]


def constraints(folder: Path, root: Path = ROOT) -> list[str]:
    """Return a constraint for each dependency of `course_lib` that Colab has; the others pip chooses."""
    wanted = {_plain(name) for name in dependencies(root)}
    lines = map(unquote, _read(folder, PACKAGES).splitlines())
    pins = [found for line in lines if (found := PINNED.match(line) or WHEEL.match(line))]
    chosen = [f"{pin['name']}=={pin['version']}" for pin in pins if _plain(pin["name"]) in wanted]
    if "torch" not in {_plain(line.partition("==")[0]) for line in chosen}:
        raise SystemExit(f"{folder / PACKAGES} names no version of torch that can be read; has its form changed?")
    return chosen


def dependencies(root: Path = ROOT) -> list[str]:
    """Return the names of what `course_lib` depends on."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return [re.split(r"[<>=!~\[; ]", line)[0] for line in project["dependencies"]]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(folder: Path, name: str) -> str:
    if not (folder / name).is_file():
        raise SystemExit(
            f"There is no {folder / name}. Clone the repository googlecolab/backend-info into {folder}, "
            "or give the folder that holds it: make test-colab COLAB=..."
        )
    return (folder / name).read_text("utf-8")


def main(arguments: Sequence[str]) -> None:
    """Print what was asked for."""
    what, folder = arguments
    if what == "python":
        print(f"python={python_version(Path(folder))}")
    else:
        print("\n".join(constraints(Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])
