"""Builds, serves on localhost, rebuilds what changes and reloads the browser (with the livereload library)."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from livereload import Server

from site_builder.errors import UsageError
from site_builder.project import load_project

#: What can change a page: a source changes only its own page, anything else may change them all.
WATCHED = ("_quarto.yml", "*.qmd", "*.bib", "slides", "notebooks", "course_lib", "theme", "data", "site_builder")
IGNORED = ("__pycache__", "/vendor", ".ipynb_checkpoints", "_files/", "/.")


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted; a mistake of the course is shown and the last good site stays."""
    root = options.root.resolve()
    output = (options.output or load_project(root).output_dir).resolve()
    if code := _render(root, options.engine, output):
        return code
    server = Server()
    for name in WATCHED:
        server.watch(str(root / name), _rebuild(server, root, options.engine, output), ignore=_ignored)
    print(f"Serving http://localhost:{options.port}/ (stop with Ctrl-C)", flush=True)
    delay = None if options.no_browser else 1
    try:
        server.serve(root=str(output), port=options.port, host="localhost", open_url_delay=delay)
    except OSError as error:
        raise UsageError(f"cannot serve on port {options.port} ({error.strerror}); give another --port") from None
    return 0


def _ignored(path: str) -> bool:
    return any(part in path for part in IGNORED)


def _rebuild(server: Server, root: Path, engine: str, output: Path) -> Callable[[], None]:
    def rebuild() -> None:
        changed = Path(server.watcher.filepath or "")
        source = changed.relative_to(root).as_posix() if changed.is_relative_to(root) else ""
        _render(root, engine, output, *(["--only", source] if source in load_project(root).documents else []))

    return rebuild


def _render(root: Path, engine: str, output: Path, *more: str) -> int:
    """Render in a process of its own, which sees the builder as it is now; it says itself what is wrong."""
    command = [sys.executable, "-m", "site_builder", "--root", str(root), "render"]
    return subprocess.run([*command, "--engine", engine, "--output", str(output), *more], check=False).returncode
