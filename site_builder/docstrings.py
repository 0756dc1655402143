"""Docstrings in numpydoc form as the Markdown of both engines, nothing in them able to break a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import griffe

#: Marks with a meaning in Pandoc's Markdown.
MARKS = re.compile(r"[\\`*_{}\[\]<>$@~^|#&]")
#: What a line of text may begin with that would make it a heading, a list, a quotation, a definition or a table.
OPENING = re.compile(r"^(?:[-+:%=>]|\(?\w{1,5}[.)](?=\s|$))")
INLINE = re.compile(
    r"``(?P<code>.+?)``|(?::\w+:)?`(?P<name>[^`\s][^`]*)`|\*\*(?P<strong>[^\s*][^*]*)\*\*"
    r"|(?<![\w*])\*(?P<emph>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])"
    r"|(?P<url>https?://[^\s<>`\"']*[^\s<>`\"'.,;:!?)\]])"
    r"|\b(?P<lesson>(?P<kind>[Nn]otebook|[Dd]eck|[Ll]esson) (?P<number>\d\d))\b"
)
#: Where the sources of a kind of lesson stand.
LESSONS = {"notebook": ("notebooks", "ipynb"), "lesson": ("notebooks", "ipynb"), "deck": ("slides", "qmd")}
#: A space that makes a description of something that has none.
NOTHING = "\\ "
FACT = re.compile(r"^(?:Source|Sources|Lesson|Lessons):")
ITEM = re.compile(r"^(?:[*-]|\d+\.)\s+")
#: Sections that list items, by griffe's name, and what the page calls them.
LISTS = {
    "parameters": "Parameters",
    "other parameters": "Other parameters",
    "returns": "Returns",
    "yields": "Yields",
    "receives": "Receives",
    "raises": "Raises",
    "warns": "Warns",
    "attributes": "Attributes",
}


@dataclass(frozen=True)
class Links:
    """What a docstring may link to: the lessons in ``root``, and the entries of its own module, by name."""

    root: Path
    module: str
    anchors: dict[str, str]
    inside: str = ""

    def within(self, name: str) -> Links:
        """Return the links of an entry, which does not link to itself."""
        return replace(self, inside=name)

    def entry(self, text: str) -> str | None:
        """Return the address of the entry that a piece of code names: ``mse``, ``mse(...)`` or ``Descent.betas``."""
        name = text.split("(")[0].removeprefix(f"{self.module}.")
        own = {self.inside, self.inside.split(".")[0]}
        return f"#{self.anchors[name]}" if name in self.anchors and name not in own else None

    def lesson(self, kind: str, number: str) -> str | None:
        """Return the address of a lesson's source, None if there is none yet."""
        folder, suffix = LESSONS[kind.lower()]
        found = sorted((self.root / folder).glob(f"{number}-*.{suffix}"))
        return f"../{folder}/{found[0].name}" if found else None

    def source(self, text: str) -> str | None:
        """Return the address of the lesson whose path a piece of code is."""
        is_lesson = re.fullmatch(r"(?:notebooks|slides)/[\w-]+\.(?:ipynb|qmd)", text)
        return f"../{text}" if is_lesson and (self.root / text).is_file() else None


# ---------------------------------------------------------------------------------------------------------- inlines


def escape(text: str) -> str:
    """Return plain text as Markdown that shows just that."""
    return MARKS.sub(lambda match: "\\" + match[0], text)


def code(text: str) -> str:
    """Return a piece of code as Markdown, whatever backticks are in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or text.startswith(" ") or text.endswith(" ") else ""
    return f"{fence}{space}{text}{space}{fence}"


def inline(text: str, links: Links) -> str:
    """Return a stretch of docstring as Markdown on one line: code, emphasis, links; all else as plain text."""
    text = " ".join(text.split())
    parts, end = [], 0
    for match in INLINE.finditer(text):
        parts += [escape(text[end : match.start()]), _mark(match, links)]
        end = match.end()
    line = "".join([*parts, escape(text[end:])])
    return OPENING.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], line)


def _mark(match: re.Match[str], links: Links) -> str:
    if (text := match["code"] or match["name"]) is not None:
        address = links.entry(text) or links.source(text)
        return f"[{code(text)}]({address})" if address else code(text)
    if match["strong"]:
        return f"**{escape(match['strong'])}**"
    if match["emph"]:
        return f"*{escape(match['emph'])}*"
    if match["url"]:
        return f"<{match['url']}>"
    address = links.lesson(match["kind"], match["number"])
    return f"[{match['lesson']}]({address})" if address else match["lesson"]


# ----------------------------------------------------------------------------------------------------------- blocks


def summary(text: str) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0].split())


def without_summary(text: str) -> str:
    """Return a docstring from its second paragraph on."""
    return (*re.split(r"\n\s*\n", text.strip(), maxsplit=1), "")[1]


def render(text: str, links: Links) -> tuple[list[str], list[str]]:
    """Return the blocks of a text as Markdown, and apart from them its lines on source and lesson."""
    blocks: list[str] = []
    facts: list[str] = []
    paragraphs = [block.strip("\n") for block in re.split(r"\n[^\S\n]*\n", text) if block.strip()]
    for indented, group in groupby(paragraphs, key=_is_literal):
        if indented:
            blocks.append(_fence("\n\n".join(group)))
            continue
        for paragraph in group:
            kept, found = _split_facts(paragraph)
            facts += [inline(fact, links) for fact in found]
            blocks += [_block(kept, links)] if kept else []
    return blocks, facts


def _is_literal(block: str) -> bool:
    return all(line.startswith("    ") for line in block.split("\n"))


def _fence(text: str, language: str = "") -> str:
    lines = text.split("\n")
    margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return "\n".join([f"{fence}{language}", *(line[margin:].rstrip() for line in lines), fence])


def _split_facts(paragraph: str) -> tuple[str, list[str]]:
    kept: list[str] = []
    facts: list[list[str]] = []
    for line in paragraph.split("\n"):
        if FACT.match(line.strip()):
            facts.append([line])
        else:
            (facts[-1] if facts else kept).append(line)
    return "\n".join(kept), [" ".join(lines) for lines in facts]


def _block(text: str, links: Links) -> str:
    if text.lstrip().startswith(">>>"):
        return _fence(text, "python")
    if ITEM.match(text.strip()):
        return _list(text, links)
    return inline(text, links)


def _list(text: str, links: Links) -> str:
    items: list[str] = []
    for line in text.split("\n"):
        if ITEM.match(line.strip()):
            items.append(ITEM.sub("", line.strip()))
        else:
            items[-1] += " " + line.strip()
    mark = "1." if text.strip()[0].isdigit() else "*"
    return "\n".join(f"{mark} {inline(item, links)}" for item in items)


# --------------------------------------------------------------------------------------------------------- sections


def sections(text: str, links: Links) -> tuple[list[str], list[str]]:
    """Return a whole docstring as Markdown blocks, and its lines on source and lesson."""
    blocks: list[str] = []
    facts: list[str] = []
    # Without a parent, griffe leaves the types as they are written: `array_like, shape (m, p)` is no Python.
    for section in griffe.parse_numpy(griffe.Docstring(text)):
        kind = section.kind.value
        if kind in LISTS:
            blocks += [_label(LISTS[kind]), _definitions(section.value, links)]
        elif kind == "examples":
            blocks += [_label("Examples"), *(_example(part, value, links) for part, value in section.value)]
        elif kind == "text":
            more, found = render(section.value, links)
            blocks, facts = [*blocks, *more], [*facts, *found]
        else:
            value = section.value
            more, found = render(value.contents if kind == "admonition" else value.description, links)
            title = [] if kind == "admonition" and value.kind in ("note", "notes") else [_label(str(section.title))]
            blocks, facts = [*blocks, *(title if more else []), *more], [*facts, *found]
    return blocks, facts


def _label(text: str) -> str:
    return f"[{escape(text)}]{{.reference-label}}"


def _example(kind: Any, text: str, links: Links) -> str:
    return _fence(text, "python") if kind.value == "examples" else "\n\n".join(render(text, links)[0])


def _definitions(items: list[Any], links: Links) -> str:
    """Return a definition list; neighbours of one type and one description share an entry."""
    entries = []
    for (kind, description), group in groupby(items, key=lambda item: (_type(item), item.description)):
        names = [name for name in (getattr(item, "name", "") for item in group) if name]
        term = [", ".join(code(name) for name in names)] if names else []
        term += [f"[{escape(kind)}]{{.reference-type}}"] if kind else []
        body = "\n\n".join(render(description, links)[0]) or NOTHING
        entries.append(" ".join(term) + "\n:   " + body.replace("\n", "\n    "))
    return "\n\n".join(entries)


def _type(item: Any) -> str:
    return "" if item.annotation is None else str(item.annotation)
