"""What of Quarto the Pandoc engine understands: the one list, from which it checks and the README quotes.

The engine refuses anything that is not listed here, with file and line. It never guesses and never drops content.
Extending it means: add the name here, its meaning in a filter or template, and a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from site_builder.errors import CourseError, Where
from site_builder.yaml_lines import YamlMap

#: A tree of keys: a dict lists what may stand below a key, ``ANY`` leaves the value to the reader of the key.
Tree = dict[str, Any]
ANY: Any = None

EXECUTE: Tree = {"echo": ANY, "eval": ANY, "output": ANY, "include": ANY, "warning": ANY, "enabled": ANY}

SHARED_FORMAT: Tree = {
    "css": ANY,
    "html-math-method": {"method": ANY, "url": ANY},
    "fig-format": ANY,
    "fig-width": ANY,
    "fig-height": ANY,
    "code-copy": ANY,
    "code-fold": ANY,
    "code-line-numbers": ANY,
    "include-in-header": ANY,
    "include-after-body": ANY,
}

FORMATS: Tree = {
    "html": {
        **SHARED_FORMAT,
        "theme": ANY,
        "toc": ANY,
        "toc-depth": ANY,
        "toc-title": ANY,
        "anchor-sections": ANY,
    },
    "revealjs": {
        **SHARED_FORMAT,
        "theme": ANY,
        "width": ANY,
        "height": ANY,
        "margin": ANY,
        "center": ANY,
        "slide-number": ANY,
        "slide-level": ANY,
        "menu": ANY,
        "chalkboard": ANY,
        "transition": ANY,
        "footer": ANY,
        "auto-stretch": ANY,
        "incremental": ANY,
        "hash-type": ANY,
        "navigation-mode": ANY,
        "controls": ANY,
        "progress": ANY,
        "preview-links": ANY,
    },
}

FRONT_MATTER: Tree = {
    "title": ANY,
    "subtitle": ANY,
    "author": ANY,
    "date": ANY,
    "date-format": ANY,
    "description": ANY,
    "lang": ANY,
    "bibliography": ANY,
    "link-citations": ANY,
    "filters": ANY,
    "jupyter": ANY,
    "toc": ANY,
    "execute": EXECUTE,
    "format": FORMATS,
}

#: Keys of a sidebar or navigation bar entry.
_ENTRY: Tree = {"href": ANY, "text": ANY, "section": ANY, "aria-label": ANY}
_ENTRY["contents"] = _ENTRY

PROJECT: Tree = {
    **FRONT_MATTER,
    "project": {"type": ANY, "output-dir": ANY, "render": ANY, "resources": ANY, "pre-render": ANY},
    "website": {
        "title": ANY,
        "description": ANY,
        "favicon": ANY,
        "site-url": ANY,
        "repo-url": ANY,
        "repo-branch": ANY,
        "search": ANY,
        "page-navigation": ANY,
        "back-to-top-navigation": ANY,
        "navbar": {"title": ANY, "search": ANY, "left": _ENTRY, "right": _ENTRY},
        "sidebar": {"style": ANY, "search": ANY, "collapse-level": ANY, "contents": _ENTRY},
        "page-footer": {"left": ANY, "center": ANY, "right": ANY, "border": ANY},
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
    "fig-width": "width in inches",
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


def check_tree(yaml: YamlMap, tree: Tree, where: Where, kind: str) -> list[CourseError]:
    """Return an error for each key of ``yaml`` that ``tree`` does not list."""
    return [
        CourseError(f"unknown {kind} {'.'.join(path)!r}", where.at(line), suggestion(path[-1], siblings))
        for path, line in sorted(yaml.lines.items(), key=lambda item: item[1])
        if (siblings := _unknown(path, tree)) is not None
    ]


def _unknown(path: tuple[str, ...], tree: Tree) -> list[str] | None:
    """Return the names that could stand at the end of ``path`` if it is unknown there, else None."""
    level: Tree | None = tree
    for depth, key in enumerate(path):
        if level is None:
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
