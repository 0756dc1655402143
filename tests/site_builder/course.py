"""A small course in a temporary folder: a home page, a text page, a deck, a lesson, a bibliography, the real theme."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from site_builder.compose import compose
from site_builder.convert import convert
from site_builder.document import Document, read_document
from site_builder.errors import CourseError, CourseErrors
from site_builder.formulas import typeset
from site_builder.layout import Layout
from site_builder.navigation import load_navigation
from site_builder.project import Project, Settings, load_project
from site_builder.vendor import _stamp

REPOSITORY = Path(__file__).resolve().parents[2]

CONFIGURATION = """\
project:
  type: website
  output-dir: _site
  render:
    - index.qmd
    - page.qmd
    - slides/*.qmd
    - lessons/*.ipynb
  resources:
    - lessons/*.ipynb

lang: en
bibliography: references.bib
link-citations: true

website:
  title: Small course
  navbar:
    left:
      - text: Home
        href: index.qmd
      - text: Elsewhere
        href: https://example.org/
  sidebar:
    contents:
      - index.qmd
      - section: Part one
        contents:
          - text: The page
            href: page.qmd
          - section: Deeper
            contents:
              - slides/deck.qmd
      - text: The lesson
        href: lessons/lesson.ipynb
  page-footer:
    left: Left foot
    right: Right foot

format:
  html:
    toc: true
    css: theme/css/content.css

description: What a page of the small course says of itself.
"""

SLIDES = """\
format:
  revealjs:
    width: 1280
    height: 720
    slide-number: c/t
    css:
      - ../theme/css/deck.css
"""

BIBLIOGRAPHY = """\
@article{rumelhart1986,
  author = {Rumelhart, David E. and Hinton, Geoffrey E. and Williams, Ronald J.},
  title = {Learning representations by back-propagating errors},
  journal = {Nature}, volume = {323}, pages = {533--536}, year = {1986}
}
"""


def front_matter(more: str = "", title: str = "A title") -> str:
    lines = ["---", *([f"title: {title}"] if title else []), *more.splitlines(), "---", ""]
    return "\n".join(lines)


def lesson() -> Any:
    """Return a notebook that was executed: front matter, text, one cell with a stored output."""
    cell = new_code_cell("#| label: sum\n1 + 1", execution_count=1, id="sum")
    cell.outputs = [new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
    front = new_raw_cell("---\ntitle: The lesson\n---", id="front")
    return new_notebook(cells=[front, new_markdown_cell("## Sums\n\nTwo.", id="text"), cell])


def stream(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=text)


def shown(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> Any:
    return new_output("display_data", data, metadata=metadata or {})


@dataclass
class Course:
    """A course on disk, and short ways to write, convert and build it."""

    root: Path

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return file

    def configure(self, old: str, new: str) -> None:
        text = (self.root / "_quarto.yml").read_text("utf-8")
        assert old in text
        self.write("_quarto.yml", text.replace(old, new))

    def source(self, body: str, front: str = "", path: str = "page.qmd", title: str = "A title") -> Document:
        """Write a source and read it as the builder does."""
        self.write(path, front_matter(front, title) + body)
        return read_document(self.root, path)

    @property
    def project(self) -> Project:
        return load_project(self.root)

    def settings(self, document: Document) -> Settings:
        return self.project.settings(document.front)

    def make(self, document: Document, inline: list[Any] | None = None) -> lxml.html.HtmlElement:
        """Turn a document, its cells filled with outputs, into its page; no kernel runs."""
        project, settings, cache = self.project, self.settings(document), self.root / ".cache/made"
        titles = {path: path for path in project.documents}
        composed = compose(document, settings, inline or [])
        parts = convert(project, document, settings, composed.markdown, cache)
        html = Layout(project, load_navigation(project, titles.__getitem__)).render(document, settings, parts)
        return lxml.html.document_fromstring(typeset(self.root, document, html, cache))

    def page(
        self, body: str, front: str = "", path: str = "page.qmd", outputs: dict[str, list[Any]] | None = None
    ) -> lxml.html.HtmlElement:
        """Write a source, give its cells these outputs by label, and return the page."""
        document = self.source(body, front, path)
        for cell in document.cells:
            cell.outputs = (outputs or {}).get(str(cell.options.get("label")), [])
        return self.make(document)

    def deck(self, body: str, front: str = "", outputs: dict[str, list[Any]] | None = None) -> lxml.html.HtmlElement:
        return self.page(body, front, "slides/deck.qmd", outputs)

    def run(self, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run the command line as a user does."""
        return subprocess.run(self.command(*arguments), cwd=REPOSITORY, capture_output=True, text=True, timeout=timeout)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "site_builder", "--root", str(self.root), *arguments]

    def render(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("render", "--engine", "pandoc", *arguments)

    def html(self, path: str, site: str = "_site") -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring((self.root / site / path).read_text("utf-8"))

    def snapshot(self, folder: str = "_site") -> dict[str, bytes]:
        base = self.root / folder
        return {p.relative_to(base).as_posix(): p.read_bytes() for p in sorted(base.rglob("*")) if p.is_file()}

    def leftovers(self) -> list[str]:
        """Return what a build may not leave beside or in the site."""
        beside = [p.name for p in self.root.iterdir() if p.name.startswith(("_site.", "._site"))]
        inside = [p.name for p in (self.root / "_site").rglob(".*") if p.name != ".site_builder"]
        return [*beside, *inside]


def make_course(root: Path) -> Course:
    """Make the small course in ``root``; the vendored libraries are hard links, so nothing is downloaded or copied."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copytree(REPOSITORY / "theme", root / "theme", ignore=shutil.ignore_patterns("vendor"))
    shutil.copytree(REPOSITORY / "theme/vendor", root / "theme/vendor", copy_function=_link)
    shutil.copy(REPOSITORY / "package-lock.json", root)
    (root / "theme/vendor/.stamp").unlink()
    (root / "theme/vendor/.stamp").write_text(_stamp(root))
    course = Course(root)
    course.write("_quarto.yml", CONFIGURATION)
    course.write("references.bib", BIBLIOGRAPHY)
    course.write("slides/_metadata.yml", SLIDES)
    course.write("index.qmd", front_matter(title="Home") + "Welcome to the [page](page.qmd).\n")
    course.write("page.qmd", front_matter(title="Page") + "## A part {#part}\n\nText.\n")
    course.write("slides/deck.qmd", front_matter(title="Deck") + "## A slide\n\nSee [the part](../page.qmd#part).\n")
    course.write("lessons/lesson.ipynb", nbformat.writes(lesson()))
    return course


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def all_errors(action: Callable[[], object]) -> list[CourseError]:
    """Return the course errors that an action raises, none if it raises none."""
    try:
        action()
    except CourseError as error:
        return [error]
    except CourseErrors as several:
        return several.errors
    return []


def the_error(action: Callable[[], object]) -> CourseError:
    """Return the one course error that an action raises."""
    errors = all_errors(action)
    assert len(errors) == 1, f"expected one error, got: {[str(error) for error in errors]}"
    return errors[0]


@contextlib.contextmanager
def process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Start a process in the repository; it is gone when the block ends."""
    running = subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate()
