"""The repository as a whole: versions agree, nothing points to one machine or another host, the README is true."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from site_builder.vocabulary import as_markdown

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PINS = {
    canonicalize_name(line.split("==")[0]): line.split("==")[1]
    for line in (ROOT / "constraints.txt").read_text("utf-8").split()
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    assert names, "these tests look at the files that git tracks"
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).is_file()]


def requirements() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]
    lines = [*PROJECT["dependencies"], *(line for group in extras.values() for line in group)]
    return [Requirement(line) for line in lines if not line.startswith("course-lib[")]


@pytest.mark.parametrize("requirement", requirements(), ids=str)
def test_every_requirement_has_one_pinned_version_that_it_admits(requirement: Requirement) -> None:
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_torch_is_pinned() -> None:
    assert PINS["torch"] == "2.13.0"


def test_conda_takes_the_same_versions() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    pip = next(entry["pip"] for entry in environment["dependencies"] if isinstance(entry, dict))
    assert "--constraint constraints.txt" in pip
    assert any(str(entry).startswith("quarto") for entry in environment["dependencies"])


def test_browser_libraries_are_pinned_by_hash_and_name_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("inBundle")}
    assert packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_no_source_asks_another_host_for_scripts_styles_or_fonts() -> None:
    hosts = re.compile(r"cdn\.|unpkg|cdnjs|fonts\.googleapis|fonts\.gstatic|polyfill\.io")
    suffixes = (".qmd", ".ipynb", ".yml", ".css", ".js", ".j2", ".lua", ".mjs", ".html")
    assert [str(path) for path in tracked(*suffixes) if hosts.search(path.read_text("utf-8"))] == []


def test_no_source_names_a_folder_of_one_machine() -> None:
    place = re.compile(r"(?<![\w.])/(?:home|root|Users)/\w")
    named = [
        str(path) for path in tracked("") if path.suffix not in (".png",) and place.search(path.read_text("utf-8"))
    ]
    assert named == []


def test_nothing_that_is_built_is_tracked() -> None:
    built = {"_site", "node_modules", ".venv", "__pycache__", "vendor", ".cache", "reference"}
    assert [str(path) for path in tracked("") if built & set(path.relative_to(ROOT).parts)] == []


def test_the_readme_lists_what_the_pandoc_engine_understands() -> None:
    quoted = README.split("<!-- vocabulary -->")[1].split("<!-- end of vocabulary -->")[0]
    assert quoted.strip() == as_markdown().strip(), "run `python -m site_builder vocabulary` and paste it"


def test_the_readme_names_only_commands_that_exist() -> None:
    commands = set(re.findall(r"`make ([a-z]+)", README))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert {"site", "test"} <= commands <= targets


def test_the_packages_do_not_import_each_other() -> None:
    def imports(package: str, other: str) -> list[str]:
        found = re.compile(rf"^\s*(?:from|import)\s+{other}\b", re.MULTILINE)
        return [path.name for path in (ROOT / package).rglob("*.py") if found.search(path.read_text("utf-8"))]

    assert imports("course_lib", "site_builder") == []
    assert imports("site_builder", "course_lib") == []


def test_what_sources_include_is_there_before_anything_is_made() -> None:
    files = set(tracked(""))
    for source in (path for path in tracked(".qmd") if "tests" not in path.relative_to(ROOT).parts):
        for name in re.findall(r"^\{\{<\s*include\s+(\S+)\s*>\}\}", source.read_text("utf-8"), re.MULTILINE):
            assert (source.parent / name).resolve() in files, f"{source.name}: Quarto looks for {name} in a fresh clone"


def test_quarto_renders_no_copies_of_documents_in_other_folders() -> None:
    """Without a slash in front, `notebooks/*.ipynb` is any folder of that name, below `reports/runs/` too."""
    patterns = yaml.safe_load((ROOT / "_quarto.yml").read_text("utf-8"))["project"]["render"]
    assert [pattern for pattern in patterns if "/" in pattern and not pattern.startswith("/")] == []
