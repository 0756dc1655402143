"""Compares two rendered sites on what readers and links rely on, and lists the differences page by page.

The two may come from two engines (Quarto and Pandoc) or from two states of the course. What is layout is left out:
navigation, title blocks, style sheets, scripts, wrappers, the place of a caption.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html

from site_builder.project import normalize

#: Folders of a site that hold no pages of the course.
NO_PAGES = ("site_libs", "theme", "pagefind")
#: What of a page is not its content, or is there twice.
LEFT_OUT = "//script|//style|//button|//nav|//details[{toc}]|//*[{hidden}]|//a[@aria-hidden='true' or @role='tab']"
CROSS_REFERENCE = re.compile(r"^(?:fig|tbl|eq|sec|lst)-")
TAG = re.compile(r"\s*\\tag\{[^}]*\}")
SPACES = re.compile(r"\s+")

#: What is compared of a page, in the order of the report.
ASPECTS = (
    *("headings", "slides", "cells", "figures", "alternative texts"),
    *("equations", "cross-references", "citations", "links"),
)
Facts = dict[str, list[str]]


@dataclass(frozen=True)
class Difference:
    """One thing that stands in one site only: the page, which aspect of it, and the text."""

    page: str
    aspect: str
    text: str
    only_in: str

    def __str__(self) -> str:
        return f"{self.page}: {self.aspect}: only in {self.only_in}: {self.text}"


def compare(one: Path, other: Path) -> list[Difference]:
    """Return what differs between two sites, in the order of pages and aspects."""
    pages, others = _pages(one), _pages(other)
    found = [Difference(page, "address", "the page", str(one)) for page in sorted(pages - others)]
    found += [Difference(page, "address", "the page", str(other)) for page in sorted(others - pages)]
    for page in sorted(pages & others):
        found += _differences(page, (one, facts(one, page)), (other, facts(other, page)))
    return found


def _pages(site: Path) -> set[str]:
    paths = (path.relative_to(site) for path in site.rglob("*.html"))
    return {path.as_posix() for path in paths if path.parts[0] not in NO_PAGES}


def _differences(page: str, one: tuple[Path, Facts], other: tuple[Path, Facts]) -> Iterator[Difference]:
    for aspect in ASPECTS:
        left, right = one[1][aspect], other[1][aspect]
        for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
            if kind != "equal":
                yield from (Difference(page, aspect, text, str(one[0])) for text in left[a:b])
                yield from (Difference(page, aspect, text, str(other[0])) for text in right[c:d])


# ---------------------------------------------------------------------------------------------- what a page says


def facts(site: Path, page: str) -> Facts:
    """Return what is compared of a page: for each aspect a list of texts, in the order of the page."""
    tree = lxml.html.document_fromstring((site / page).read_text("utf-8"))
    equations = _math_as_text(tree)
    for element in tree.xpath(LEFT_OUT.format(toc=_has("toc"), hidden=_has("katex-html"))):
        element.drop_tree()
    content = _content(tree)
    references, links = _links(content, page)
    return {
        "headings": [f"{h.tag} #{_heading_id(h)} {_text(h)}" for h in content.iter("h1", "h2", "h3", "h4", "h5", "h6")],
        "slides": [_slide(section) for section in _slides(content)],
        "cells": [_cell(cell) for cell in content.xpath(f".//div[{_has('cell')}]")],
        "figures": [_text(caption) for caption in content.iter("figcaption", "caption")],
        "alternative texts": [_text_of(image.get("alt")) for image in content.iter("img")],
        "equations": equations,
        "cross-references": references,
        "citations": list(_citations(content)),
        "links": links,
    }


def _has(name: str) -> str:
    """Return the XPath condition that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def _text_of(text: str | None) -> str:
    return SPACES.sub(" ", (text or "").replace("\u00a0", " ")).strip()


def _text(element: Any) -> str:
    return _text_of(element.text_content())


def _content(tree: Any) -> Any:
    """Return the slides of a deck, the main part of a page, or all of it."""
    found = tree.xpath(f"//div[{_has('reveal')}]//div[{_has('slides')}]") or tree.xpath("//main")
    return found[0] if found else tree


def _math_as_text(tree: Any) -> list[str]:
    """Put the TeX source of each formula in its place, typeset or not; return the displayed ones."""
    displayed = []
    for formula in tree.xpath(f"//span[{_has('math')}]"):
        sources = formula.xpath(".//*[local-name()='annotation']")
        written = sources[0].text_content() if sources else formula.text_content().strip()
        written = _text_of(TAG.sub("", re.sub(r"^\\[\[(]|\\[\])]$", "", written)))
        if "display" in formula.get("class", "").split():
            displayed.append(written)
        tail = formula.tail
        formula.clear()
        formula.text, formula.tail = f"${written}$", tail
    return displayed


def _heading_id(heading: Any) -> str:
    section = next(heading.iterancestors("section"), None)
    return str(heading.get("id") or (section.get("id") if section is not None else "") or "")


def _slides(content: Any) -> Iterator[Any]:
    """Go through the slides of a deck; a section around several slides is none itself."""
    if "slides" in (content.get("class") or "").split():
        yield from (section for section in content.iter("section") if section.find("section") is None)


def _slide(section: Any) -> str:
    titles = section.xpath("./h1 | ./h2")
    fragments = len(section.xpath(f".//*[{_has('fragment')}]"))
    return f"#{section.get('id') or ''} {_text(titles[0]) if titles else ''}, {fragments} fragments"


def _cell(cell: Any) -> str:
    output = _has("cell-output")
    code = [pre.text_content().strip() for pre in cell.xpath(f".//pre[not(ancestor::*[{output}])]")]
    outputs = len(cell.xpath(f".//div[{output}][not(ancestor::*[{output}])]"))
    return f"{outputs} outputs, code {' / '.join(code)!r}"


def _citations(content: Any) -> Iterator[str]:
    for citation in content.xpath(f".//span[{_has('citation')}]"):
        yield f"{citation.get('data-cites')}: {_text(citation)}"
    for entry in content.xpath("//*[@id='refs']/*"):
        yield f"entry {entry.get('id')}: {_text(entry)}"


def _links(content: Any, page: str) -> tuple[list[str], list[str]]:
    """Return the cross-references (with their numbers) and the other links of a page: target and text."""
    references: list[str] = []
    links: list[str] = []
    for link in content.iter("a"):
        href = link.get("href")
        if href is None or (link.get("role") or "").startswith(("doc-biblioref", "doc-noteref", "doc-backlink")):
            continue
        target = _target(href, page)
        is_reference = CROSS_REFERENCE.match(target.partition("#")[2]) is not None
        (references if is_reference else links).append(f"{target} {_text(link)}".strip())
    return references, links


def _target(href: str, page: str) -> str:
    """Return where a link leads: elsewhere as it is written, in the site from its root, to slides without ``#/``."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    folder = PurePosixPath("" if parts.path.startswith("/") else page).parent  # Quarto's 404 page links from the root
    path = normalize(folder / unquote(parts.path).lstrip("/")) if parts.path else page
    query = f"?{parts.query}" if parts.query else ""
    return f"{path}{query}#{unquote(parts.fragment).removeprefix('/')}".rstrip("#")
