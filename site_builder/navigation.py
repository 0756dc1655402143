"""The navigation of the site, from `website.navbar` and `website.sidebar` of `_quarto.yml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from site_builder.errors import CourseError
from site_builder.project import SOURCE_SUFFIXES, Project, as_list, output_path


@dataclass
class Entry:
    """One entry: what it is called and, unless it only groups others, where it leads (from the site's root)."""

    text: str
    url: str | None = None
    source: str | None = None
    children: list[Entry] = field(default_factory=list)

    def walk(self) -> Iterator[Entry]:
        """Go through the entry and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def holds(self, source: str) -> bool:
        """Tell whether the entry, or one below it, leads to the page of ``source``."""
        return any(entry.source == source for entry in self.walk())


@dataclass(frozen=True)
class Navigation:
    """The entries of the bar at the top, of the sidebar, and all pages in reading order."""

    bar: list[Entry]
    bar_end: list[Entry]
    sidebar: list[Entry]

    @property
    def reading_order(self) -> list[Entry]:
        """Return the pages in the order of the sidebar."""
        return [entry for top in self.sidebar for entry in top.walk() if entry.source]

    def neighbours(self, source: str) -> tuple[Entry | None, Entry | None]:
        """Return the pages before and after that of ``source``."""
        order = self.reading_order
        places = [number for number, entry in enumerate(order) if entry.source == source]
        if not places:
            return None, None
        place = places[0]
        return (order[place - 1] if place else None), (order[place + 1] if place + 1 < len(order) else None)

    def trail(self, source: str) -> list[Entry]:
        """Return the entries that lead to the page of ``source``, from the top, without itself."""
        trail: list[Entry] = []
        level = self.sidebar
        while True:
            parent = next((entry for entry in level if entry.children and entry.holds(source)), None)
            if parent is None:
                return trail
            trail.append(parent)
            level = parent.children


def load_navigation(project: Project, title_of: Callable[[str], str]) -> Navigation:
    """Read the navigation; an entry without a text takes the title of its page."""
    bar = project.website.get("navbar") or {}
    sidebar = project.website.get("sidebar") or {}

    def entries(items: Any, *keys: str) -> list[Entry]:
        return [_entry(project, item, keys, title_of) for item in as_list(items)]

    return Navigation(
        entries(bar.get("left"), "website", "navbar", "left"),
        entries(bar.get("right"), "website", "navbar", "right"),
        entries(sidebar.get("contents"), "website", "sidebar", "contents"),
    )


def _entry(project: Project, item: Any, keys: tuple[str, ...], title_of: Callable[[str], str]) -> Entry:
    item = {"href": item} if isinstance(item, str) else item
    href = item.get("href")
    text = item.get("text") or item.get("section")
    children = [_entry(project, child, keys, title_of) for child in as_list(item.get("contents"))]
    if href is None:
        return Entry(str(text or ""), children=children)
    if ":" in href:
        return Entry(str(text or href), href, None, children)
    if PurePosixPath(href).suffix not in SOURCE_SUFFIXES:
        return Entry(str(text or href), href, None, children)
    if href not in project.documents:
        raise CourseError(f"the navigation names {href!r}, which is not a source of the course", project.where(*keys))
    return Entry(str(text or title_of(href)), output_path(href), href, children)
