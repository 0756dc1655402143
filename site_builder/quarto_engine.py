"""Quarto as the engine: runs `quarto render`, and publishes its result in one step."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from site_builder.errors import CourseError, UsageError
from site_builder.execute import Report
from site_builder.project import Project
from site_builder.publish import staged

HOW_TO_GET_IT = (
    "Quarto is not installed; get it with `conda env create -f environment.yml` or from quarto.org, "
    "or use --engine pandoc"
)


def available() -> bool:
    """Tell whether the Quarto command is on the path."""
    return shutil.which("quarto") is not None


def build(project: Project, output: Path, report: Report, only: str | None = None) -> int:
    """Render the site, or one source of it, with Quarto; return the number of sources rendered."""
    if not available():
        raise UsageError(HOW_TO_GET_IT)
    if only is not None:
        _render(project, [only, "--output-dir", str(output)])
        return 1
    with staged(output, project.root) as site:
        _render(project, ["--output-dir", str(site)])
    report(f"  rendered by Quarto into {output.name}/")
    return len(project.documents)


def _render(project: Project, arguments: list[str]) -> None:
    # The cells run in the Python that runs this program: it has course_lib and the pinned packages.
    environment = {**os.environ, "QUARTO_PYTHON": sys.executable}
    run = subprocess.run(["quarto", "render", *arguments], cwd=project.root, env=environment)
    if run.returncode:
        raise CourseError("Quarto could not render the course; its message stands above", "quarto render")
