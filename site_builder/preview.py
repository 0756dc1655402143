"""Builds, serves on localhost, rebuilds what changes and reloads the browser (with the livereload library)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from livereload import Server

from site_builder import pandoc_engine, quarto_engine
from site_builder.errors import CourseError, CourseErrors, UsageError
from site_builder.project import load_project, normalize

#: What can change a page; a source changes only its own page, anything else may change them all.
WATCHED = ("_quarto.yml", "*.qmd", "*.bib", "slides", "notebooks", "course_lib", "theme", "data")


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted; a mistake of the course is shown and the last good site stays."""
    root = options.root.resolve()
    quarto = options.engine == "quarto" or (options.engine == "auto" and quarto_engine.available())
    engine = quarto_engine if quarto else pandoc_engine
    output = (options.output or load_project(root).output_dir).resolve()
    engine.build(load_project(root), output, _say)
    server = Server()
    for name in WATCHED:
        pattern = str(root / name)
        server.watch(pattern, _rebuild(server, engine, root, output), ignore=_ignored)
    _say(f"Serving http://localhost:{options.port}/ (stop with Ctrl-C)")
    server.serve(
        root=str(output), port=options.port, host="localhost", open_url_delay=None if options.no_browser else 1
    )
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


def _ignored(path: str) -> bool:
    return any(part in path for part in ("__pycache__", "/vendor/", ".ipynb_checkpoints", "_files/", "/."))


def _rebuild(server: Server, engine: object, root: Path, output: Path) -> Callable[[], None]:
    def rebuild() -> None:
        try:
            project = load_project(root)
            changed = server.watcher.filepath or ""
            path = normalize(Path(changed).relative_to(root).as_posix()) if changed.startswith(str(root)) else ""
            only = path if path in project.documents else None
            engine.build(project, output, _say, only)  # type: ignore[attr-defined]
            _say(f"Rebuilt {only or 'the site'}.")
        except (CourseError, CourseErrors, UsageError) as error:
            print(f"\nNot rebuilt; the last good page stays.\n{error}\n", file=sys.stderr, flush=True)

    return rebuild
