"""Markdown to HTML by Pandoc and the Lua filters, remembered by content."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import pypandoc

from site_builder import status, vocabulary
from site_builder.compose import metadata_block
from site_builder.document import Document
from site_builder.errors import CourseError, raise_all
from site_builder.files import digest, digest_files, read_sealed, write_sealed
from site_builder.glossary import TERMS
from site_builder.lessons import lesson_record
from site_builder.project import Project, Settings, as_list
from site_builder.reference import OBJECTS

FILTERS = Path(__file__).with_name("filters")
TEMPLATE = FILTERS / "parts.html"
#: Filters of the engine that run before and after those that `_quarto.yml` lists.
BEFORE, AFTER = ("check.lua",), ("cells.lua", "callouts.lua", "tabsets.lua", "images.lua", "crossref.lua", "links.lua")
PART = re.compile(r"<!--part:(\w+)-->\n(.*?)(?=<!--part:)", re.DOTALL)
PROBLEM = re.compile(r"^COURSE-ERROR\t(?P<kind>[^\t]*)\t(?P<token>[^\t]*)\t(?P<message>.*)$")
CITATION = re.compile(r"\[WARNING\] Citeproc: citation (?P<key>\S+) not found")
PANDOC_LINE = re.compile(r" (?:defined )?at line \d+ column \d+")
NOTE = re.compile(r"[Nn]ote with key '([^']+)'|[Dd]uplicate note reference '([^']+)'")
IDENTIFIER = re.compile(r"Duplicate identifier '([^']+)'")
#: The class of the div in which a filter lists the questions and exercises of all sources.
OVERVIEW = ".progress-overview"
CLASS_SELECTOR = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


@dataclass(frozen=True)
class Parts:
    """A converted document: pieces of HTML."""

    title: str
    subtitle: str
    authors: list[str]
    toc: str
    body: str


def convert(project: Project, document: Document, settings: Settings, markdown: str, cache: Path) -> Parts:
    """Convert a composed document; whatever Pandoc or a filter complains about is an error of the course."""
    text = metadata_block(_metadata(project, document, settings)) + markdown
    arguments, files = _arguments(project, settings)
    beside = (*_repository(project), lesson_record(project.root, document.path), *_sources(project, markdown))
    key = digest(text, *arguments, digest_files(project.root, files), _engine_digest(), *beside)
    stored = cache / f"{key}.json"
    if (known := read_sealed(stored)) is not None:
        return Parts(**json.loads(known))
    command = [pandoc_path(), *arguments]
    run = subprocess.run(command, input=text, capture_output=True, text=True, cwd=project.root, encoding="utf-8")
    problems = [_problem(document, line) for line in run.stderr.splitlines() if line.strip()]
    raise_all([problem for problem in problems if problem is not None])
    if run.returncode:
        raise CourseError(f"Pandoc failed: {run.stderr.strip() or run.returncode}", document.path)
    parts = _parts(run.stdout)
    write_sealed(stored, json.dumps(asdict(parts), ensure_ascii=False))
    return parts


@lru_cache(maxsize=1)
def pandoc_path() -> str:
    """Return the Pandoc that `pypandoc_binary` brings."""
    return str(pypandoc.get_pandoc_path())


@lru_cache(maxsize=1)
def _engine_digest() -> str:
    files = [path.relative_to(FILTERS).as_posix() for path in FILTERS.iterdir() if path.is_file()]
    return digest(pypandoc.get_pandoc_version(), digest_files(FILTERS, files))


def _repository(project: Project) -> list[str]:
    """Return what the links to the repository may be made from, besides `_quarto.yml`."""
    clone = project.root / ".git" / "config"
    return [os.environ.get("GITHUB_REPOSITORY", ""), clone.read_text("utf-8") if clone.is_file() else ""]


def _sources(project: Project, markdown: str) -> list[str]:
    """Return the other files that a page is made from: every source for the list of all questions, and the status."""
    names = [*project.documents] if OVERVIEW in markdown else []
    names += [status.TEXT] if f"#{status.PLACE}" in markdown else []
    return [digest_files(project.root, [name for name in names if (project.root / name).is_file()])]


def _metadata(project: Project, document: Document, settings: Settings) -> dict[str, Any]:
    passed = ("title", "subtitle", "lang", "link-citations", "glossary", "lesson")
    return {
        **{key: settings.meta[key] for key in passed if key in settings.meta},
        "author": as_list(settings.meta.get("author")),
        "bibliography": as_list(settings.meta.get("bibliography")),
        "course-source": _literal(document.path),
        "course-folder": _literal(str(PurePosixPath(document.path).parent)),
        "course-sources": [_literal(path) for path in project.documents],
        "course-classes": [_literal(name) for name in sorted({*vocabulary.CLASSES, *_theme_classes(project)})],
        "course-attributes": [_literal(name) for name in vocabulary.ATTRIBUTES],
        "course-repository": {
            key: _literal(str(project.website[key])) for key in ("repo-url", "repo-branch") if key in project.website
        },
        "course-format": settings.format_name,
    }


def _literal(text: str) -> str:
    """Return a text as metadata that stays as it is: Pandoc reads metadata as Markdown."""
    return f"`` {text} ``" if text else ""


def _theme_classes(project: Project) -> set[str]:
    """Return the classes that the style sheets of the theme name: a class is there to be styled.

    Those that look like Quarto's own are no author's: the filters make them.
    """
    files = [path for path in project.glob("theme") if path.endswith(".css")]
    names = {name for path in files for name in CLASS_SELECTOR.findall((project.root / path).read_text("utf-8"))}
    return {name for name in names if not name.startswith(vocabulary.RESERVED_PREFIXES)}


def _arguments(project: Project, settings: Settings) -> tuple[list[str], list[str]]:
    """Return Pandoc's arguments, and the project's files on which the result depends."""
    slides = settings.format_name == "revealjs"
    own = as_list(settings.meta.get("filters"))
    filters = [*(FILTERS / name for name in BEFORE), *own, *(FILTERS / name for name in AFTER)]
    arguments = [
        "--from=markdown",
        f"--to={'revealjs' if slides else 'html5'}",
        f"--template={TEMPLATE}",
        "--katex",
        "--wrap=none",
        "--section-divs",
        "--toc",
        f"--toc-depth={settings.format.get('toc-depth', 3)}",
        *(f"--lua-filter={path}" for path in filters),
        "--citeproc",
    ]
    if slides:
        arguments.append("--reference-location=section")  # a footnote stands at the foot of its slide
        arguments.append(f"--slide-level={settings.format.get('slide-level', 2)}")
        arguments += ["--incremental"] if settings.format.get("incremental") else []
    entries = [name for name in (OBJECTS, TERMS) if own and (project.root / name).is_file()]
    shared = {path.relative_to(project.root).as_posix() for name in own for path in _shared(project.root / name)}
    return arguments, [*own, *sorted(shared), *entries, *as_list(settings.meta.get("bibliography"))]


def _shared(path: Path) -> Iterator[Path]:
    """Yield the modules that a filter may load: those in the folder `shared` beside it."""
    return path.parent.glob("shared/*.lua")


def _problem(document: Document, line: str) -> CourseError | None:
    """Turn one line of Pandoc's standard error into a course error with its place."""
    if match := PROBLEM.match(line):
        find = document.find_class if match["kind"] == "class" else document.find
        token = match["token"] + "=" if match["kind"] == "attribute" else match["token"]
        return CourseError(match["message"], find(token))
    if match := CITATION.search(line):
        hint = "Add it to the bibliography, or correct the key."
        return CourseError(f"the citation @{match['key']} has no entry", document.find("@" + match["key"]), hint)
    if line.startswith(("[WARNING]", "[ERROR]", "Error")):
        # Pandoc counts the lines of the text that it is given, not those of the source.
        message = PANDOC_LINE.sub("", line.removeprefix("[WARNING]")).strip()
        if note := NOTE.search(line):
            return CourseError(message, document.find(f"[^{note[1] or note[2]}]:"))
        twice = IDENTIFIER.search(line)
        return CourseError(message, document.find(f"#{twice[1]}") if twice else document.path)
    return None


def _parts(html: str) -> Parts:
    pieces = {match[1]: match[2].strip() for match in PART.finditer(html)}
    authors = [name for name in pieces["authors"].split("<!--author-->") if name]
    # On slides Pandoc leaves loading to reveal.js: no valid HTML, and the images' `loading` does the same.
    body = pieces["body"].replace("<img data-src=", "<img src=")
    return Parts(pieces["title"], pieces["subtitle"], authors, pieces["toc"], body)
