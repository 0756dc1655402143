"""The command line: `python -m site_builder render|preview|check|compare|notebooks|bundle|vocabulary`.

Exit codes: 0 done, 1 the course is wrong, 2 used wrongly.
"""

from __future__ import annotations

import argparse
import errno
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from site_builder.errors import CourseError, CourseErrors, UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; print one clear message, and no traceback, for a mistake of the course or its user."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (CourseError, CourseErrors) as error:
        print(f"\nThe course is wrong; nothing was changed.\n{error}", file=sys.stderr)
        return 1
    except UsageError as error:
        print(f"site_builder: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"site_builder: {_in_words(error)}; the previous site is as it was", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted; the previous site is as it was.", file=sys.stderr)
        return 130


def _in_words(error: OSError) -> str:
    """Say what the system refused, and for which file."""
    name = f" (writing {error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{name}: {error.strerror}. Make room and build again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return f"{error.filename} may not be written or read: {error.strerror}. Change its permissions, or --output"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m site_builder", description="Renders the course.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="folder of the course (default: here)")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    render = _add(commands, "render", _render, "render the site, or one page of it")
    _engine_options(render)
    render.add_argument("--only", metavar="PATH", help="render one source into a site that is already built")

    preview = _add(commands, "preview", _preview, "build, serve on localhost, rebuild what changes")
    _engine_options(preview)
    preview.add_argument("--port", type=int, default=8000, help="port on localhost (default: 8000)")
    preview.add_argument("--no-browser", action="store_true", help="do not open a browser")

    check = _add(commands, "check", _check, "check links, files, ids and images of a built site")
    check.add_argument("--output", metavar="DIR", type=Path, help="the built site (default: from _quarto.yml)")
    check.add_argument(
        "--parity", nargs=2, metavar=("A", "B"), type=Path,
        help="compare two built sites instead: addresses, headings, slides, cells, figures, equations, numbers of "
        "cross-references, citations and links; exit code 1 if anything differs",
    )  # fmt: skip
    check.add_argument("--external", action="store_true", help="ask the other sites that pages link to, instead")
    check.add_argument("--allow", metavar="FILE", type=Path, help="with --external: allowances, each with its reason")
    check.add_argument("--report", metavar="FILE", type=Path, help="with --external: write a report in Markdown")

    compare = _add(commands, "compare", _compare, "show what changed in the outputs between two executions")
    for name in ("old", "new"):
        compare.add_argument(name, help="a folder of executed notebooks, a report, a notebook, or a commit")
    compare.add_argument(
        "--output", metavar="FILE", type=Path, default=Path("reports/changes.html"),
        help="the page to write, which needs no other file (default: reports/changes.html)",
    )  # fmt: skip

    notebooks = _add(commands, "notebooks", _notebooks, "re-execute notebooks and store their outputs")
    notebooks.add_argument("paths", nargs="*", metavar="PATH", help="notebooks (default: all of the course)")

    bundle = _add(commands, "bundle", _bundle, "pack the course into one archive that works without a network")
    bundle.add_argument("--output", metavar="DIR", type=Path, help="where the archive goes (default: dist/)")

    _add(commands, "vocabulary", _vocabulary, "list what of Quarto the Pandoc engine understands")
    return parser


def _add(commands: argparse._SubParsersAction, name: str, run: object, text: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text.capitalize() + ".")
    command.set_defaults(run=run)
    return command


def _engine_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", choices=("auto", "quarto", "pandoc"), default="auto",
        help="auto (default): Quarto where it is installed, else Pandoc",
    )  # fmt: skip
    command.add_argument("--output", metavar="DIR", type=Path, help="where the site goes (default: from _quarto.yml)")


def _say(line: str) -> None:
    print(line, flush=True)


def _render(options: argparse.Namespace) -> int:
    from site_builder import pandoc_engine, quarto_engine
    from site_builder.project import load_project

    project = load_project(options.root.resolve())
    output = (options.output or project.output_dir).resolve()
    quarto = options.engine == "quarto" or (options.engine == "auto" and quarto_engine.available())
    _say(f"Rendering with {'Quarto' if quarto else 'Pandoc'} into {_shown(output)}")
    started = time.perf_counter()
    engine = quarto_engine if quarto else pandoc_engine
    count = engine.build(project, output, _say, options.only)
    _say(f"{count} page{'s' * (count != 1)} in {time.perf_counter() - started:.1f} s.")
    _say(f"Look at it: `make preview`, or open {_shown(output / 'index.html')}")
    return 0


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _preview(options: argparse.Namespace) -> int:
    from site_builder.preview import preview

    return preview(options)


def _check(options: argparse.Namespace) -> int:
    from site_builder.check import check_site
    from site_builder.project import load_project

    if options.parity:
        return _parity(*options.parity)
    output = options.output or load_project(options.root.resolve()).output_dir
    if not output.is_dir():
        raise UsageError(f"{output} is not a built site; run `make site`")
    if options.external:
        return _external(output, options.allow, options.report)
    findings = check_site(output)
    for finding in findings:
        print(finding, file=sys.stderr)
    _say(f"{len(findings)} findings in {output.name}/")
    return 1 if findings else 0


def _parity(one: Path, other: Path) -> int:
    from site_builder.parity import compare

    for site in (one, other):
        if not site.is_dir() or not any(site.rglob("*.html")):
            raise UsageError(f"{site} is not a built site; give two folders that hold one")
    differences = compare(one, other)
    for difference in differences:
        print(difference, file=sys.stderr)
    pages = len({difference.page for difference in differences})
    _say(f"{len(differences)} differences on {pages} pages between {one} and {other}")
    return 1 if differences else 0


def _external(site: Path, allow: Path | None, report: Path | None) -> int:
    from site_builder import external
    from site_builder.files import write_atomic

    allowances = external.read_allowances(allow) if allow else []
    links = external.external_links(site)
    _say(f"Asking for {len(links)} addresses on other sites")
    wrong = external.findings(links, external.ask_all(links, allowances), allowances)
    for line in wrong:
        print(line, file=sys.stderr)
    if report:
        write_atomic(report, external.as_markdown(links, wrong))
    _say(f"{len(links)} links to other sites, {len(wrong)} findings")
    return 1 if wrong else 0


def _compare(options: argparse.Namespace) -> int:
    from site_builder.changes_page import write_comparison

    _say(write_comparison(options.root.resolve(), options.old, options.new, options.output))
    _say(f"Side by side: {_shown(options.output)}")
    return 0


def _notebooks(options: argparse.Namespace) -> int:
    from site_builder.notebooks import store_outputs
    from site_builder.project import load_project

    return store_outputs(load_project(options.root.resolve()), options.paths, _say)


def _bundle(options: argparse.Namespace) -> int:
    from site_builder.bundle import bundle
    from site_builder.project import load_project

    project = load_project(options.root.resolve())
    archive = bundle(project, (options.output or project.root / "dist").resolve(), _say)
    _say(f"{_shown(archive)} ({archive.stat().st_size / 1e6:.1f} MB)")
    return 0


def _vocabulary(options: argparse.Namespace) -> int:
    from site_builder.vocabulary import as_markdown

    _say(as_markdown())
    return 0
