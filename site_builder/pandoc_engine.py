"""The embedded engine: the same sources as Quarto's, through nbclient, Pandoc, KaTeX and Jinja2."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from site_builder.addresses import NO_ADDRESS, SITEMAP, sitemap
from site_builder.cache import prune
from site_builder.check import Finding, Page, check_site
from site_builder.compose import Composed, compose
from site_builder.convert import convert
from site_builder.document import Document, read_document
from site_builder.errors import CourseError, CourseErrors, UsageError, raise_all
from site_builder.execute import Outcome, Report, execute_all
from site_builder.files import write_atomic
from site_builder.formulas import typeset
from site_builder.glossary import write_glossary
from site_builder.layout import Layout, asset_files
from site_builder.lessons import write_lessons
from site_builder.navigation import load_navigation
from site_builder.project import Project, Settings, normalize, output_path
from site_builder.publish import MARKER, check_output, staged
from site_builder.reference import write_reference
from site_builder.search import write_index
from site_builder.status import write_status
from site_builder.vendor import VendorError, vendor

CACHE = ".cache/site_builder"


@dataclass
class Built:
    """A document made into a page: the HTML and the files beside it, by path from the site's root."""

    document: Document
    html: str
    files: dict[str, bytes]


def build(project: Project, output: Path, report: Report, only: str | None = None) -> int:
    """Build the whole site, or one page of it; return the number of pages made.

    Nothing of ``output`` changes before every page is made and checked.
    """
    check_output(output, project.root)
    _vendor(project, report)
    write_reference(project.root)
    write_glossary(project.root)
    write_status(project.root)
    documents = _read_all(project)
    if only is not None:
        _check_only(project, output, only)
    write_lessons(project.root, documents)
    chosen = [document for document in documents if only in (None, document.path)]
    built = _build_pages(project, documents, chosen, report)
    with staged(output, project.root, changing=only is not None) as site:
        for page in built:
            _write_page(site, page)
        _copy_files(project, site, built, everything=only is None)
        if only is None:
            _write_sitemap(project, site, report)
        _write_search(project, site)
        pages = None if only is None else [output_path(only)]
        _refuse(check_site(site, pages), {page.document.path: page.document for page in built})
    prune(project.root / CACHE)
    return len(built)


def _vendor(project: Project, report: Report) -> None:
    try:
        if vendor(project.root):
            report("  browser libraries brought into theme/vendor/")
    except VendorError as error:
        raise UsageError(str(error)) from None


def _read_all(project: Project) -> list[Document]:
    documents, errors = [], []
    for path in project.documents:
        try:
            documents.append(read_document(project.root, path))
        except CourseError as error:
            errors.append(error)
        except CourseErrors as several:
            errors += several.errors
    raise_all(errors)
    return documents


def _check_only(project: Project, output: Path, only: str) -> None:
    if only not in project.documents:
        raise UsageError(f"--only {only}: not a source of the course; there are: {', '.join(project.documents)}")
    if not (output / MARKER).exists():
        raise UsageError(f"--only needs a built site, and {output} is none; build the whole first")


def _build_pages(project: Project, documents: list[Document], chosen: list[Document], report: Report) -> list[Built]:
    settings = {document.path: project.settings(document.front) for document in documents}
    titles = {document.path: str(document.front.yaml.data["title"]) for document in documents}
    layout = Layout(project, load_navigation(project, titles.__getitem__))
    jobs = [(document, settings[document.path]) for document in chosen if not document.is_notebook]
    workers = os.cpu_count() or 1
    outcomes = execute_all(project, jobs, project.root / CACHE / "executed", report, workers)

    def page(document: Document) -> Built:
        return _page(project, layout, document, settings[document.path], outcomes.get(document.path))

    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(page, document) for document in chosen]
        return _results(futures)


def _results(futures: list) -> list[Built]:  # type: ignore[type-arg]
    """Wait for all pages, so that one build reports the mistakes of all of them."""
    built, errors = [], []
    for future in futures:
        try:
            built.append(future.result())
        except CourseError as error:
            errors.append(error)
        except CourseErrors as several:
            errors += several.errors
    raise_all(errors)
    return built


def _page(project: Project, layout: Layout, document: Document, settings: Settings, outcome: Outcome | None) -> Built:
    cache = project.root / CACHE
    composed = compose(document, settings, outcome.inline if outcome else [])
    parts = convert(project, document, settings, composed.markdown, cache / "converted")
    html = layout.render(document, settings, parts)
    return Built(document, typeset(project.root, document, html, cache / "math"), _beside(document, composed))


def _beside(document: Document, composed: Composed) -> dict[str, bytes]:
    folder = PurePosixPath(document.path).parent
    return {normalize(folder / name): data for name, data in composed.files.items()}


def _write_page(site: Path, page: Built) -> None:
    for name, data in {**page.files, output_path(page.document.path): page.html.encode("utf-8")}.items():
        write_atomic(site / name, data)


def _write_sitemap(project: Project, site: Path, report: Report) -> None:
    text = sitemap(project, map(output_path, project.documents))
    if text is None:
        report(NO_ADDRESS)
    else:
        write_atomic(site / SITEMAP, text.encode("utf-8"))


def _copy_files(project: Project, site: Path, pages: list[Built], *, everything: bool) -> None:
    names = {*asset_files(project), *project.resources} if everything else set()
    names |= {name for page in pages for name in _local_files(project, page)}
    for name in sorted(names):
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # it may be shared with the present site
        shutil.copyfile(project.root / name, target)


def _write_search(project: Project, site: Path) -> None:
    """Index every page that is in the site, also those that this build did not make."""
    pages = [name for path in project.documents if (site / (name := output_path(path))).is_file()]
    write_index(site, pages, project.root / CACHE / "search.json", str(project.config.get("lang", "en")))


def _local_files(project: Project, page: Built) -> set[str]:
    """Return the files of the project that a page shows or links to, and that are no pages of their own."""
    html = Page(output_path(page.document.path), page.html)
    folder = PurePosixPath(page.document.path).parent
    addresses = (urlsplit(address) for address in (*html.loads(), *html.links()))
    names = {normalize(folder / unquote(parts.path)) for parts in addresses if not parts.netloc and not parts.scheme}
    return {name for name in names if _may_be_copied(project, name)}


def _may_be_copied(project: Project, name: str) -> bool:
    """Tell whether a name is that of a file of the course, and not of a page, a hidden file, or one outside."""
    parts = PurePosixPath(name).parts
    inside = bool(parts) and not name.startswith("/") and not any(part.startswith(".") for part in parts)
    return inside and not name.endswith(".html") and (project.root / name).is_file()


def _refuse(findings: list[Finding], documents: dict[str, Document]) -> None:
    """Raise what the check of a site found, at the place in the source."""
    by_page = {output_path(path): document for path, document in documents.items()}
    errors = []
    for finding in findings:
        document = by_page.get(finding.page)
        where = document.find(_source_token(finding.token)) if document else finding.page
        errors.append(CourseError(finding.message, where))
    raise_all(errors)


def _source_token(token: str) -> str:
    """Return what the author wrote for an address in a page: the file's name without what the build changed."""
    return token.split("#")[0].removesuffix(".html") or token
