"""What of Quarto the Pandoc engine understands: the one list, from which it checks and the README quotes.

The engine refuses anything that is not listed here, with file and line. It never guesses and never drops content.
Extending it means: add the name here, its meaning in a filter or template, and a test.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from site_builder.errors import CourseError, Where
from site_builder.yaml_lines import YamlMap

#: A tree of keys: a dict lists what may stand below a key, a text says what its value is (see ``FITS``), ``ANY`` leaves
#: the value to the reader of the key.
Tree = dict[str, Any]
ANY: Any = None
TEXT, TEXTS, FLAG, NUMBER = "a text", "a text or a list of texts", "true or false", "a number above 0"
OUTPUT, DATE = "true, false or asis", "a date of the form YYYY-MM-DD"

EXECUTE: Tree = {"echo": FLAG, "eval": FLAG, "output": OUTPUT, "include": FLAG, "warning": FLAG}

SHARED_FORMAT: Tree = {
    "css": TEXTS,
    "html-math-method": {"method": ANY, "url": ANY},
    "fig-format": ANY,
    "fig-width": NUMBER,
    "fig-height": NUMBER,
    "code-copy": ANY,
    "code-fold": ANY,
    "code-line-numbers": ANY,
    "include-in-header": TEXTS,
    "include-after-body": TEXTS,
}

FORMATS: Tree = {
    "html": {
        **SHARED_FORMAT,
        "theme": ANY,
        "toc": FLAG,
        "toc-depth": NUMBER,
        "toc-title": TEXT,
        "anchor-sections": ANY,
    },
    "revealjs": {
        **SHARED_FORMAT,
        "theme": ANY,
        "width": NUMBER,
        "height": NUMBER,
        "margin": ANY,
        "center": ANY,
        "slide-number": ANY,
        "slide-level": NUMBER,
        "menu": ANY,
        "chalkboard": ANY,
        "transition": ANY,
        "footer": TEXT,
        "auto-stretch": ANY,
        "incremental": FLAG,
        "hash-type": ANY,
        "navigation-mode": ANY,
        "controls": ANY,
        "progress": ANY,
        "preview-links": ANY,
    },
}

#: What a lesson's header says (see `site_builder/lessons.py`).
LESSON: Tree = {
    "objectives": TEXTS,
    "minutes": NUMBER,
    "exercise-minutes": NUMBER,
    "requires": TEXTS,
    "slides": TEXT,
}

FRONT_MATTER: Tree = {
    "title": TEXT,
    "subtitle": TEXT,
    "author": TEXTS,
    "date": DATE,
    "date-format": ANY,
    "description": TEXT,
    "lang": TEXT,
    "bibliography": TEXTS,
    "link-citations": FLAG,
    "filters": TEXTS,
    "jupyter": ANY,
    "toc": FLAG,
    "glossary": FLAG,
    "lesson": LESSON,
    "execute": EXECUTE,
    "format": FORMATS,
}

#: Keys of a sidebar or navigation bar entry.
_ENTRY: Tree = {"href": ANY, "text": ANY, "section": ANY, "aria-label": ANY}
_ENTRY["contents"] = _ENTRY

PROJECT: Tree = {
    **FRONT_MATTER,
    "project": {
        "type": TEXT,
        "output-dir": TEXT,
        "render": TEXTS,
        "resources": TEXTS,
        "pre-render": TEXTS,
        "post-render": TEXTS,
    },
    "website": {
        "title": TEXT,
        "description": TEXT,
        "favicon": TEXT,
        "image": TEXT,
        "open-graph": FLAG,
        "twitter-card": FLAG,
        "site-url": TEXT,
        "repo-url": TEXT,
        "repo-branch": TEXT,
        "search": ANY,
        "page-navigation": ANY,
        "back-to-top-navigation": ANY,
        "navbar": {"title": ANY, "search": ANY, "left": _ENTRY, "right": _ENTRY},
        "sidebar": {"style": ANY, "search": ANY, "collapse-level": ANY, "contents": _ENTRY},
        "page-footer": {"left": TEXT, "center": TEXT, "right": TEXT, "border": ANY},
    },
}

CELL_OPTIONS: dict[str, str] = {
    "label": "name of the cell; `fig-...` and `tbl-...` can be referred to",
    "echo": "show the code (default: yes on pages, no in decks)",
    "eval": "run the code",
    "output": "show the output; `asis`: as Markdown",
    "include": "show anything of the cell at all",
    "warning": "show what the cell writes to standard error",
    "fig-cap": "caption of the figure, or a list of them",
    "fig-alt": "what the figure says, for someone who cannot see it",
    "fig-width": "width in inches (Quarto reads it from the format alone: set it in the code as well)",
    "fig-height": "height in inches",
    "tbl-cap": "caption of the table",
    "code-fold": "fold the code: `true`, `false`, `show`",
    "code-summary": "the words that open folded code",
    "code-line-numbers": 'lines to highlight, for example `"2|4-6"`',
    "layout-ncol": "set the outputs side by side, in so many columns",
    "classes": "a class of the cell's container",
    "tags": "Jupyter tags of the cell",
}

#: Classes that mean something to Quarto or reveal.js, by what carries them.
CLASSES: dict[str, str] = {
    "columns": "side by side; its `.column` children carry `width`",
    "column": "one column",
    "callout-note": "callout",
    "callout-tip": "callout",
    "callout-warning": "callout",
    "callout-important": "callout",
    "callout-caution": "callout",
    "panel-tabset": "tabs, one for each heading inside",
    "incremental": "list items appear one by one",
    "nonincremental": "list items appear together",
    "fragment": "appears on the next key (with reveal.js's `fade-out`, `highlight-red`, ...)",
    "notes": "speaker notes",
    "section-slide": "level-1 heading as a section slide",
    "unnumbered": "heading without a number",
    "unlisted": "heading not in the table of contents",
    "smaller": "smaller text on a slide",
    "hidden": "not shown",
    "term": "word that shows its definition from the glossary",
    "no-term": "word or block in which no term of the glossary is marked",
    "glossary-list": "place of the glossary",
    "r-stack": "reveal.js: layers",
    "r-fit-text": "reveal.js: text as large as fits",
    "fade-in": "fragment",
    "fade-out": "fragment",
    "fade-up": "fragment",
    "semi-fade-out": "fragment",
    "fade-in-then-out": "fragment",
    "fade-in-then-semi-out": "fragment",
    "current-visible": "fragment",
    "highlight-red": "fragment",
    "highlight-green": "fragment",
    "highlight-blue": "fragment",
    "strike": "fragment",
    "grow": "fragment",
    "shrink": "fragment",
}

ATTRIBUTES: dict[str, str] = {
    "width": "width of a column or image",
    "height": "height of an image",
    "title": "title of a callout; tooltip elsewhere",
    "collapse": "callout folded (`true`) or foldable (`false`)",
    "layout-ncol": "contents side by side, in so many columns",
    "fig-alt": "alternative text of an image",
    "fig-align": "`left`, `center` or `right`",
    "fragment-index": "order of a fragment",
    "background-color": "background of a slide",
    "background-image": "background of a slide",
    "background-gradient": "background of a slide",
    "background-opacity": "background of a slide",
    "background-size": "background of a slide",
    "background-position": "background of a slide",
    "background-iframe": "a page as background",
    "background-interactive": "with `background-iframe`: it can be used",
    "visibility": "`hidden` or `uncounted` slide",
    "state": "reveal.js: class of the viewport while the slide shows",
    "transition": "how this slide comes in",
    "code-line-numbers": "lines to highlight in a code block",
    "filename": "name shown above a code block",
    "lang": "language of the text, for screen readers",
    "aria-label": "name for screen readers",
    "role": "ARIA role",
    "target": "where a link opens",
    "rel": "relation of a link",
    "tbl-colwidths": "widths of the columns of a table",
}

SHORTCODES: dict[str, str] = {"include": "the contents of another file"}

#: Cross-reference prefixes and the word that stands before the number.
CROSSREFS: dict[str, str] = {"fig": "Figure", "tbl": "Table", "eq": "Equation", "sec": "Section"}

RESERVED_PREFIXES = ("callout-", "panel-", "layout-", "column-", "content-")


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name as a hint, or where the list of them stands."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else "What is understood: `python -m site_builder vocabulary`."


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip() != ""


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number above 0."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _is_date(value: Any) -> bool:
    try:
        return dt.date.fromisoformat(str(value)).isoformat() == str(value)
    except ValueError:
        return False


#: What a value is, and how to tell.
FITS: dict[str, Callable[[Any], bool]] = {
    TEXT: _is_text,
    TEXTS: lambda value: all(map(_is_text, value)) if isinstance(value, list) else _is_text(value),
    FLAG: lambda value: isinstance(value, bool),
    NUMBER: is_number,
    OUTPUT: lambda value: isinstance(value, bool) or value == "asis",
    DATE: _is_date,
}


def check_tree(yaml: YamlMap, tree: Tree, where: Where, kind: str) -> list[CourseError]:
    """Return an error for each key of ``yaml`` that ``tree`` does not list, and for each value that does not fit."""
    wrong = [
        CourseError(f"{'.'.join(path)!r} is {expected}, not {value!r}", where.at(yaml.line(*path) or 1))
        for path, expected, value in _misfits(yaml.data, tree, ())
    ]
    return wrong + [
        CourseError(f"unknown {kind} {'.'.join(path)!r}", where.at(line), suggestion(path[-1], siblings))
        for path, line in sorted(yaml.lines.items(), key=lambda item: item[1])
        if (siblings := _unknown(path, tree)) is not None
    ]


def _misfits(value: Any, kind: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Go through the values that are not of their kind, each with its path and what it should be."""
    if isinstance(kind, str):
        if not FITS[kind](value):
            yield path, kind, value
    elif isinstance(kind, dict):
        several = kind is _ENTRY and isinstance(value, list)
        for item in value if several else [value]:
            if isinstance(item, dict):
                for key in item.keys() & kind.keys():
                    yield from _misfits(item[key], kind[key], (*path, key))
            elif not _short_form(item, kind, path):
                yield path, "a mapping ('key: value' lines)", item


def _short_form(value: Any, kind: Any, path: tuple[str, ...]) -> bool:
    """Tell whether a text stands for a mapping: the file of an entry, the name of a format, `default`."""
    if kind is _ENTRY or path == ("format",):
        return isinstance(value, str) and (kind is _ENTRY or value in kind)
    return path[:-1] == ("format",) and value in (None, "default")


def _unknown(path: tuple[str, ...], tree: Tree) -> list[str] | None:
    """Return the names that could stand at the end of ``path`` if it is unknown there, else None."""
    level: Any = tree
    for depth, key in enumerate(path):
        if not isinstance(level, dict):
            return None
        if key not in level:
            # Report the first unknown key of a path once, not again for everything below it.
            return list(level) if depth == len(path) - 1 else None
        level = level[key]
    return None


def as_markdown() -> str:
    """Return the whole vocabulary as the Markdown that the README quotes."""

    def names(items: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in items)

    formats = "\n".join(f"* `format: {name}`: {names(keys)}" for name, keys in FORMATS.items())
    website = PROJECT["website"]
    nested = {key: value for key, value in website.items() if isinstance(value, dict)}
    return "\n".join(
        [
            f"* Project (`_quarto.yml`): {names(PROJECT['project'])} under `project`; {names(website)} under `website`",
            *(f"* `website: {key}`: {names(value)}" for key, value in nested.items()),
            f"* Front matter: {names(FRONT_MATTER)}",
            f"* `lesson`, of a notebook: {names(LESSON)}",
            f"* `execute`: {names(EXECUTE)}",
            formats,
            f"* Cell options: {names(CELL_OPTIONS)}",
            f"* Classes: {names(CLASSES)}, and every class that a style sheet of `theme/` names",
            f"* Attributes: {names(ATTRIBUTES)}, and `data-...`, `style`, `aria-...`",
            f"* Shortcodes: {names(SHORTCODES)}",
            f"* Cross-references: {names(f'@{prefix}-' for prefix in CROSSREFS)}",
            "* Also: Pandoc's Markdown with citations, footnotes, tables and KaTeX math; pauses `. . .`; inline code"
            " `` `{python} expression` ``; raw HTML",
        ]
    )
