"""Commands of the validation: `python -m tests.validation baseline|calm|proof`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from site_builder.errors import CourseError, CourseErrors
from site_builder.files import write_atomic
from site_builder.kernels import run, run_to_end
from site_builder.project import Project, load_project
from tests.validation.calm import SETTINGS, check, installed, named
from tests.validation.documents import baseline_text, load, read_baseline, reduced, with_code
from tests.validation.proof_table import as_markdown

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m tests.validation", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    baseline = commands.add_parser("baseline", help="write the outputs of decks and pages, to be reviewed")
    baseline.add_argument("paths", nargs="*", metavar="PATH", help="decks and pages (default: all)")
    baseline.set_defaults(run=lambda options: write_baselines(load_project(ROOT), options.paths))
    calm = commands.add_parser("calm", help="validate again and again in other surroundings; nothing may fail")
    names = [setting.name for setting in SETTINGS]
    calm.add_argument(
        "--setting", action="append", default=[], metavar="NAME", choices=names, help="one setting (default: all ten)"
    )
    calm.add_argument(
        "--installed", action="store_true", help="nothing but this installation, told by its version of PyTorch"
    )
    calm.add_argument("--record", action="store_true", help="store what came of each setting for the report")
    calm.add_argument("paths", nargs="*", metavar="PATH", help="documents (default: all)")
    calm.set_defaults(run=_calm)
    proof = commands.add_parser("proof", help="print the proof of the checks as the README has it")
    proof.set_defaults(run=lambda options: print(as_markdown(ROOT)) or 0)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except (CourseError, CourseErrors) as error:
        print(f"Nothing was written.\n{error}", file=sys.stderr)
        return 1


def _calm(options: argparse.Namespace) -> int:
    chosen = [installed()] if options.installed else named(options.setting)
    return check(ROOT, options.paths, chosen, options.record)


def write_baselines(project: Project, paths: Sequence[str]) -> int:
    """Run decks and pages and store what came out; what a baseline says of its cells' validation stays."""
    known = [path for path in with_code(project) if path.endswith(".qmd")]
    if unknown := [path for path in paths if path not in known]:
        raise CourseError(f"not a deck or page with code; there are {', '.join(known)}", unknown[0])
    for path in paths or known:
        print(f"  running {path}", flush=True)
        write_atomic(project.root / load(project, path).stored, _baseline(project, path))
    print("Stored in tests/baselines/; review what changed with `git diff`, then commit it.")
    return 0


def _baseline(project: Project, path: str) -> str:
    document = load(project, path)
    try:
        run_to_end(run(document.notebook, (project.root / path).parent, document.setup, OMP_NUM_THREADS="1"))
    except CellExecutionError as error:
        raise CourseError(f"a cell failed: {error.ename}: {error.evalue}", path) from None
    outputs = {cell.name: reduced(cell.node.outputs) for cell in document.cells}
    return baseline_text(document, outputs, read_baseline(project.root / document.stored))


if __name__ == "__main__":
    sys.exit(main())
