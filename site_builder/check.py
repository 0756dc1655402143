"""Checks a built site: every link and file it names is there, ids are unique, images speak, no other host is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import lxml.html

from site_builder.project import normalize

#: Attributes that make a browser load something at once, by element.
LOADING = {
    "img": ("src", "data-src"),
    "image": ("href", "{http://www.w3.org/1999/xlink}href", "xlink:href"),
    "use": ("href", "{http://www.w3.org/1999/xlink}href", "xlink:href"),
    "input": ("src",),
    "track": ("src",),
    "script": ("src",),
    "link": ("href",),
    "iframe": ("src", "data-src"),
    "source": ("src",),
    "video": ("src", "poster"),
    "audio": ("src",),
    "section": ("data-background-image", "data-background-iframe", "data-background-video"),
    "object": ("data",),
    "embed": ("src",),
}
#: The settings of a playground, which its page reads from the address: ``activation=tanh&noise=10``.
SETTINGS = re.compile(r"\w+=[^&]*(&\w+=[^&]*)*")
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]+)['"]?\s*\)|@import\s+['"]([^'"]+)['"]""")


@dataclass(frozen=True)
class Finding:
    """Something wrong in a built page: the page, what is wrong, and the text to look for in its source."""

    page: str
    message: str
    token: str

    def __str__(self) -> str:
        return f"{self.page}: {self.message}"


class Page:
    """A built page: its elements and its ids."""

    def __init__(self, path: str, html: str) -> None:
        self.path = path
        self.tree = lxml.html.document_fromstring(html)

    @cached_property
    def ids(self) -> Counter[str]:
        """Return how often each id is given."""
        return Counter(self.tree.xpath("//@id"))

    @cached_property
    def is_deck(self) -> bool:
        """Tell whether the page is a reveal.js deck."""
        return bool(self.tree.xpath("//div[@class='reveal']"))

    def loads(self) -> Iterator[str]:
        """Go through what the page loads by itself."""
        for tag, attributes in LOADING.items():
            for element in self.tree.iter(tag):
                if element.get("rel") == "canonical":  # says where the page lives, loads nothing
                    continue
                yield from (value for name in attributes if (value := element.get(name)))
        for sources in self.tree.xpath("//@srcset"):
            yield from (source.split()[0] for source in sources.split(",") if source.strip())
        for styles in self.tree.xpath("//@style | //style/text()"):
            yield from (match[1] or match[2] for match in CSS_URL.finditer(styles))

    def links(self) -> Iterator[str]:
        """Go through where the page's links lead."""
        yield from (href for a in self.tree.iter("a") if (href := a.get("href")) is not None)


def check_site(site: Path, pages: Iterable[str] | None = None) -> list[Finding]:
    """Check the pages of a built site, all of them unless some are named."""
    every = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    cache: dict[str, Page] = {}

    def page(path: str) -> Page:
        if path not in cache:
            cache[path] = Page(path, (site / path).read_text("utf-8"))
        return cache[path]

    findings = [finding for path in (every if pages is None else pages) for finding in _check(site, page(path), page)]
    if pages is None:
        findings += [finding for sheet in site.rglob("*.css") for finding in _check_sheet(site, sheet)]
    return findings


def _check(site: Path, page: Page, lookup: object) -> Iterator[Finding]:
    for identifier, count in page.ids.items():
        if count > 1:
            yield Finding(page.path, f"the id {identifier!r} is given {count} times", f"#{identifier}")
    for image in page.tree.iter("img"):
        if image.get("alt") is None:
            source = image.get("src") or image.get("data-src") or ""
            yield Finding(page.path, f"the image {source!r} has no alternative text", source)
    for address in page.loads():
        parts = urlsplit(address)
        if parts.netloc or parts.scheme not in ("", "data", "about"):
            yield Finding(page.path, f"loads from another host: {address}", address)
        elif parts.scheme == "":
            yield from _check_target(site, page, address, lookup)
    for address in page.links():
        parts = urlsplit(address)
        if not parts.scheme and not parts.netloc:
            yield from _check_target(site, page, address, lookup)
        elif parts.scheme not in ("http", "https", "mailto", "data", "blob", "javascript"):
            yield Finding(page.path, f"a link of an unknown kind: {address}", address)


def _check_target(site: Path, page: Page, address: str, lookup: object) -> Iterator[Finding]:
    parts = urlsplit(address)
    path = page.path
    if parts.path.startswith("/"):
        yield Finding(page.path, f"{address!r} begins at the root of the host; write it relative to the page", address)
        return
    if parts.path:
        path = normalize(PurePosixPath(page.path).parent / unquote(parts.path)) or "."
        if (site / path).is_dir():
            path = normalize(PurePosixPath(path) / "index.html")
        if path.startswith("..") or not (site / path).is_file():
            yield Finding(page.path, f"{address!r} leads to nothing", address)
            return
    fragment = unquote(parts.fragment)
    if fragment and path.endswith(".html"):
        target: Page = lookup(path)  # type: ignore[operator]
        if path.startswith("playground/") and SETTINGS.fullmatch(fragment):
            return
        name = fragment.removeprefix("/") if target.is_deck else fragment
        if name not in target.ids and not (target.is_deck and name.replace("/", "").isdigit()):
            yield Finding(page.path, f"{address!r}: the page has no {fragment!r}", address)


def _check_sheet(site: Path, sheet: Path) -> Iterator[Finding]:
    name = sheet.relative_to(site).as_posix()
    for match in CSS_URL.finditer(sheet.read_text("utf-8")):
        address = match[1] or match[2]
        parts = urlsplit(address)
        if parts.scheme == "data" or not (parts.path or parts.netloc):
            continue
        if parts.netloc or parts.scheme:
            yield Finding(name, f"loads from another host: {address}", address)
        elif not (sheet.parent / unquote(parts.path)).is_file() and not _older_format(sheet, parts.path):
            yield Finding(name, f"{address!r} leads to nothing", address)


def _older_format(sheet: Path, path: str) -> bool:
    """Tell whether a font stands beside as WOFF2, which every browser in use takes first."""
    return path.endswith((".woff", ".ttf")) and (sheet.parent / path).with_suffix(".woff2").is_file()
