"""The glossary: `glossary.yml`, read and checked, and handed to `theme/filters/glossary.lua` as JSON.

The filter fills the page `glossary.qmd` and marks terms on pages and slides. What asks for the course's files and
for English plurals is done here, so that the filter only has to look words up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from site_builder.errors import CourseError, Where, raise_all
from site_builder.files import read_text, write_atomic
from site_builder.project import as_list
from site_builder.yaml_lines import YamlMap, load_yaml

GLOSSARY = "glossary.yml"
#: What the filter reads.
TERMS = ".cache/site_builder/glossary.json"
KEYS = ("means", "also", "taught", "mark")
#: The lessons that the course plans: folder, suffix, name, and the number of the last one.
LESSONS = {"notebook": ("notebooks", "ipynb", "Lesson", 9), "deck": ("slides", "qmd", "Slides", 4)}
LESSON = re.compile(r"(?P<kind>notebook|deck) (?P<number>\d\d)(?P<anchor>#[\w-]+)?")
#: A definition is shown in a small box, on a phone too.
LONGEST = 300


@dataclass(frozen=True)
class Lesson:
    """Where a term is taught: a name such as ``Lesson 1``, and the source with its anchor."""

    name: str
    source: str


@dataclass(frozen=True)
class Term:
    """An entry: its name, the id on the page, other names, every form that a text may show, and its definition."""

    name: str
    anchor: str
    also: list[str]
    forms: list[str]
    means: str
    taught: list[Lesson]
    mark: bool


def write_glossary(root: Path) -> None:
    """Write what the filter reads, if it changed; a course without a glossary gets none."""
    file = root / TERMS
    if not (root / GLOSSARY).is_file():
        file.unlink(missing_ok=True)
        return
    text = json.dumps([asdict(term) for term in read_glossary(root)], ensure_ascii=False, indent=1)
    if not file.is_file() or file.read_text("utf-8") != text:
        write_atomic(file, text)


def read_glossary(root: Path) -> list[Term]:
    """Return the terms in the order of the alphabet; all mistakes are reported at once, each with its line."""
    where = Where(GLOSSARY)
    yaml = load_yaml(read_text(root, GLOSSARY), where)
    raise_all([*_mistakes(root, yaml, where), *_used_twice(yaml, where)])
    return sorted(
        (_term(root, str(name), entry) for name, entry in yaml.data.items()), key=lambda term: _key(term.name)
    )


def _term(root: Path, name: str, entry: dict[str, Any]) -> Term:
    also = [str(other) for other in as_list(entry.get("also"))]
    forms = list(dict.fromkeys(form for word in (name, *also) for form in (word, plural(word))))
    found = (_lesson(root, LESSON.fullmatch(text)) for text in as_list(entry.get("taught")))
    taught = [lesson for lesson in found if lesson is not None]
    means = " ".join(str(entry["means"]).split()).replace("'", "’")
    return Term(name, anchor(name), also, forms, means, taught, entry.get("mark", True))


def anchor(name: str) -> str:
    """Return the id of a term's entry, which depends on its name alone."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", name.lower().replace("²", "2")).strip("-")


def plural(word: str) -> str:
    """Return the regular English plural of a word, or of the last word of a name."""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s")


def _lesson(root: Path, match: re.Match[str] | None) -> Lesson | None:
    """Return the lesson that a match names, None if the course does not have it yet."""
    assert match is not None  # `_mistakes` has seen to it
    folder, suffix, name, _ = LESSONS[match["kind"]]
    found = sorted((root / folder).glob(f"{match['number']}-*.{suffix}"))
    number = int(match["number"])
    return Lesson(f"{name} {number}", f"{folder}/{found[0].name}{match['anchor'] or ''}") if found else None


def _key(name: str) -> str:
    return name.casefold()


def _mistakes(root: Path, yaml: YamlMap, where: Where) -> Iterator[CourseError]:
    for name, entry in yaml.data.items():
        if not isinstance(entry, dict):
            yield CourseError(
                f"the term {name!r} has no definition", _at(yaml, where, name), "Write it under 'means:'."
            )
            continue
        for key in entry.keys() - set(KEYS):
            hint = f"There are {', '.join(KEYS)}."
            yield CourseError(f"the term {name!r} has an unknown key {key!r}", _at(yaml, where, name, key), hint)
        for message, key in _wrong(str(name), entry):
            yield CourseError(message, _at(yaml, where, name, key))


def _wrong(name: str, entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through what is wrong with one entry: a message, and the key under which it stands."""
    means = " ".join(str(entry.get("means") or "").split())
    if not means:
        yield f"the term {name!r} has no definition", "means"
    elif len(means) > LONGEST:
        yield f"the definition of {name!r} has {len(means)} characters; at most {LONGEST} fit into its box", "means"
    elif not means.endswith("."):
        yield f"the definition of {name!r} is not a sentence: it does not end with a period", "means"
    if not isinstance(entry.get("mark", True), bool):
        yield f"'mark' of the term {name!r} is true or false, not {entry['mark']!r}", "mark"
    for text in as_list(entry.get("taught")):
        match = LESSON.fullmatch(str(text))
        if match is None:
            yield f"the term {name!r}: {text!r} is not of the form 'notebook 01#anchor' or 'deck 02'", "taught"
        elif not 1 <= int(match["number"]) <= LESSONS[match["kind"]][3]:
            yield f"the term {name!r}: the course has no {match['kind']} {match['number']}", "taught"


def _used_twice(yaml: YamlMap, where: Where) -> Iterator[CourseError]:
    """Go through the names that two entries claim, or one entry twice; capitals do not tell names apart."""
    owners: dict[str, str] = {}
    anchors: dict[str, str] = {}
    for name, entry in yaml.data.items():
        others = as_list(entry.get("also")) if isinstance(entry, dict) else []
        for word in (name, *others):
            owner = owners.setdefault(_key(str(word)), name)
            if owner != name or (word != name and _key(str(word)) == _key(name)) or others.count(word) > 1:
                key = () if word == name else ("also",)
                message = f"{word!r} is given twice, for the terms {owner!r} and {name!r}"
                yield CourseError(message, _at(yaml, where, name, *key))
        other = anchors.setdefault(anchor(str(name)), name)
        if _key(other) != _key(name):
            message = f"the terms {other!r} and {name!r} would have the same address"
            yield CourseError(message, _at(yaml, where, name))


def _at(yaml: YamlMap, where: Where, *keys: str) -> Where:
    """Return the line of a key, or of the term where the key is missing."""
    return where.at(yaml.line(*keys) or yaml.line(keys[0]) or 1)
