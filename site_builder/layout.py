"""Lays converted documents out as pages and decks, with the Jinja2 templates of `theme/templates/`."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any

import jinja2
from markupsafe import Markup

from site_builder.addresses import MISSING_PAGE, canonical, site_url
from site_builder.convert import Parts
from site_builder.document import Document
from site_builder.errors import CourseError
from site_builder.navigation import Entry, Navigation
from site_builder.policy import SPEAKER_VIEW, policy, print_view_styles, speaker_view
from site_builder.project import Project, Settings, as_list, output_path

TEMPLATES = "theme/templates"
#: The script of the page for missing addresses, which cannot know beforehand where the others are.
FIND_ROOT = "theme/js/find-root.js"
TAG = re.compile(r"<[^>]+>")
#: reveal.js options that are not Quarto's name in camel case.
REVEAL_NAMES = {"hash-type": "hashType", "navigation-mode": "navigationMode", "preview-links": "previewLinks"}
#: The size of a slide where the deck does not say; reveal.js's own.
REVEAL_SIZES = {"width": 960, "height": 700, "margin": 0.04}
REVEAL_OPTIONS = ("width", "height", "margin", "center", "transition", "controls", "progress", *REVEAL_NAMES)


class Layout:
    """The templates of a project, with what every page shares."""

    def __init__(self, project: Project, navigation: Navigation) -> None:
        self.project = project
        self.navigation = navigation
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(project.root / TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters["long_date"] = long_date
        self.environment.filters["plain"] = lambda text: Markup(TAG.sub("", str(text)))

    def render(self, document: Document, settings: Settings, parts: Parts) -> str:
        """Return the finished HTML of a document."""
        name = "deck.html.j2" if settings.format_name == "revealjs" else "page.html.j2"
        context = self._context(document, settings, parts)
        return self.environment.get_template(name).render(context)

    def _context(self, document: Document, settings: Settings, parts: Parts) -> dict[str, Any]:
        path = document.path
        root = "../" * (len(PurePosixPath(path).parts) - 1)
        before, after = self.navigation.neighbours(path)
        head, after_body = (self._included(settings, f"include-{place}") for place in ("in-header", "after-body"))
        find_root = self._find_root() if output_path(path) == MISSING_PAGE else ""
        return {
            "policy": self._policy(settings, [find_root, head, parts.body, after_body]),
            "canonical": canonical(self.project, output_path(path)),
            "site_url": site_url(self.project),
            "find_root": Markup(find_root),
            "root": root,
            "url": output_path(path),
            "source": path,
            "lang": settings.meta.get("lang", "en"),
            "site": self.project.website,
            "title": Markup(parts.title),
            "subtitle": Markup(parts.subtitle),
            "authors": [Markup(name) for name in parts.authors],
            "date": settings.meta.get("date"),
            "description": self._description(document, settings),
            "body": Markup(parts.body),
            "toc": Markup(parts.toc if settings.format.get("toc", settings.meta.get("toc", True)) else ""),
            "toc_title": settings.format.get("toc-title", "On this page"),
            "css": as_list(settings.format.get("css")),
            "head": Markup(head),
            "after_body": Markup(after_body),
            "navigation": self.navigation,
            "trail": self.navigation.trail(path),
            "before": before,
            "after": after,
            "is_home": path == "index.qmd",
            "is_missing": output_path(path) == MISSING_PAGE,
            "is_current": lambda entry: entry.source == path,
            "link": lambda entry: _link(entry, root),
            "footer": settings.format.get("footer", ""),
            "reveal": Markup(json.dumps(_reveal_options(settings.format)).replace("<", "\\u003c")),
            "chalkboard": bool(settings.format.get("chalkboard", False)),
            "menu": settings.format.get("menu", True) is not False,
        }

    def _find_root(self) -> str:
        return f"<script>{(self.project.root / FIND_ROOT).read_text('utf-8')}</script>"

    def _policy(self, settings: Settings, pieces: list[str]) -> str:
        if settings.format_name != "revealjs":
            return policy(pieces)
        scripts, styles = speaker_view(self.project.root / SPEAKER_VIEW)
        sizes = [settings.format.get(key, usual) for key, usual in REVEAL_SIZES.items()]
        return policy(pieces, scripts, [*styles, *print_view_styles(*sizes)])

    def _description(self, document: Document, settings: Settings) -> str:
        text = str(settings.meta.get("description") or "").strip()
        if not text:
            message = "no `description`; search engines and links to the page show it, so write one or two sentences"
            raise CourseError(message, document.front.where)
        return text

    def _included(self, settings: Settings, key: str) -> str:
        return "\n".join((self.project.root / name).read_text("utf-8") for name in as_list(settings.format.get(key)))


def _link(entry: Entry, root: str) -> str:
    assert entry.url is not None
    return entry.url if ":" in entry.url else root + entry.url


def _reveal_options(options: dict[str, Any]) -> dict[str, Any]:
    """Return reveal.js's own options for Quarto's."""
    chosen = {REVEAL_NAMES.get(key, key): options[key] for key in REVEAL_OPTIONS if key in options}
    number = options.get("slide-number", False)
    return {
        "hash": True,
        "hashOneBasedIndex": False,
        "slideNumber": "c/t" if number is True else number,
        "pdfSeparateFragments": False,
        **chosen,
    }


def long_date(value: Any) -> str:
    """Return an ISO date in words: ``2026-11-20`` is ``November 20, 2026``."""
    try:
        date = dt.date.fromisoformat(str(value))
    except ValueError:
        raise CourseError(f"the date {value!r} is not of the form YYYY-MM-DD", "front matter") from None
    return f"{date:%B} {date.day}, {date.year}"


def asset_files(project: Project) -> list[str]:
    """Return the files of the theme that pages need: style sheets, scripts, images, vendored libraries."""
    left_out = (TEMPLATES + "/", "theme/filters/", "theme/vendor.json")
    return [
        path for path in project.glob("theme") if not path.startswith(left_out) and not Path(path).name.startswith(".")
    ]
