"""Builds, serves on localhost, rebuilds what changes; the browser reloads, or shows what is wrong.

Each build runs in a process of its own, forked from one that has the builder's modules loaded already, so that a change
is in the browser within two seconds. When the builder itself changes, builds start from nothing and see it as it is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

from site_builder.errors import CourseError, CourseErrors, UsageError
from site_builder.preview_server import State, serving
from site_builder.project import load_project

#: Folders at the root that no page depends on, or that builds write; hidden ones and those with `_` are left out too.
NOT_WATCHED = {"node_modules", "reference", "downloads", "dist", "reports", "shots", "mutants", "vendor", "__pycache__"}
#: Seconds between two looks at the files.
INTERVAL = 0.2
#: Loaded once, before the first build.
PRELOADED = ["site_builder.lean", "site_builder.pandoc_engine", "site_builder.quarto_engine", "site_builder.cli"]

Times = dict[str, tuple[int, int]]
Render = Callable[[str | None], tuple[int, str]]


def preview(options: argparse.Namespace) -> int:
    """Serve the site until interrupted; a mistake of the course is shown and the last good site stays."""
    root = options.root.resolve()
    output = _output(options, root)
    render = Renderer(root, options.engine, output)
    known = scan(root, output)
    code, message = render(None)
    if code not in (0, 1):
        return code
    state = State(message if code else None)
    try:
        with serving(output, state, options.port) as address:
            print(f"Serving {address}/ (stop with Ctrl-C)", flush=True)
            if not options.no_browser:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            _watch(root, output, known, state, render)
    except OSError as error:
        raise UsageError(f"cannot serve on port {options.port} ({error.strerror}); give another --port") from None
    except KeyboardInterrupt:
        return 0
    return 0


def _output(options: argparse.Namespace, root: Path) -> Path:
    return Path(options.output or load_project(root).output_dir).resolve()


def _watch(root: Path, output: Path, known: Times, state: State, render: Renderer) -> None:
    """Rebuild after each change, for ever; what was changed since the last good build counts as changed."""
    pending: set[str] = set() if state.mistake is None else {"everything"}
    while True:
        time.sleep(INTERVAL)
        now = scan(root, output)
        changed = {path for path in known.keys() | now.keys() if known.get(path) != now.get(path)}
        known = now
        if not changed:
            continue
        pending |= changed
        render.builder_changed |= any(path.startswith("site_builder/") for path in changed)
        code, message = render(_only(root, pending))
        pending = pending if code else set()
        state.built(message if code else None)


def scan(root: Path, output: Path) -> Times:
    """Return when each file that a page may depend on was changed, and its size."""
    times: Times = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if _watched(Path(folder, name), output)]
        for name in names:
            if not name.startswith(".") and not name.endswith(("~", ".swp", ".pyc")):
                path = os.path.join(folder, name)
                try:
                    facts = os.stat(path)
                except OSError:  # gone again
                    continue
                times[Path(path).relative_to(root).as_posix()] = (facts.st_mtime_ns, facts.st_size)
    return times


def _watched(folder: Path, output: Path) -> bool:
    name = folder.name
    made = folder == output or (folder.parent == output.parent and name.startswith(f"{output.name}."))
    return not (made or name in NOT_WATCHED or name.startswith((".", "_")) or name.endswith("_files"))


def _only(root: Path, changed: set[str]) -> str | None:
    """Return the one source that changed; None if it may be more than its page that changes."""
    try:
        return next(iter(changed)) if len(changed) == 1 and changed <= set(load_project(root).documents) else None
    except (CourseError, CourseErrors, UsageError):
        return None  # the build will say what is wrong


class Renderer:
    """Runs builds, each in a process of its own; says on the terminal what is wrong, and returns it."""

    def __init__(self, root: Path, engine: str, output: Path) -> None:
        self.arguments = ["--root", str(root), "render", "--engine", engine, "--output", str(output)]
        #: The modules that are loaded are not those on disk any more.
        self.builder_changed = False
        self.forking = "forkserver" in multiprocessing.get_all_start_methods()
        if self.forking:
            multiprocessing.get_context("forkserver").set_forkserver_preload(PRELOADED)

    def __call__(self, only: str | None) -> tuple[int, str]:
        """Build the site, or one page of it; return the exit code, and what the build said on standard error."""
        arguments = [*self.arguments, *(["--only", only] if only else [])]
        fresh = self.builder_changed or not self.forking
        context: multiprocessing.context.BaseContext = multiprocessing.get_context("spawn" if fresh else "forkserver")
        with tempfile.TemporaryDirectory(prefix="preview-") as folder:
            said = Path(folder) / "said"
            build = context.Process(target=_run, args=(arguments, str(said)))  # type: ignore[attr-defined]
            build.start()
            build.join()
            message = said.read_text("utf-8", "replace").strip() if said.is_file() else ""
        if message:
            print(message, file=sys.stderr, flush=True)
        code = build.exitcode
        return (code if code is not None and code >= 0 else 1), message or "The build ended without a word."


def _run(arguments: list[str], said: str) -> None:
    """Run one command of the builder (in a process of its own), its standard error going into a file."""
    from site_builder.cli import main

    handle = os.open(said, os.O_CREAT | os.O_WRONLY, 0o600)
    os.dup2(handle, 2)
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    sys.exit(code)
