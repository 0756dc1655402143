"""The reference pages of `course_lib`, made from its docstrings: griffe reads the source, nothing is imported or run.

They are written into `reference/`, which git ignores, before either engine reads the documents: `index.qmd`, one page a
public module, the settings of the folder, and the list of entries by which lessons link to them.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import griffe

from site_builder import docstrings
from site_builder.docstrings import NOTHING, Links, code, inline
from site_builder.errors import CourseError, Where, raise_all
from site_builder.files import write_atomic

PACKAGE, FOLDER = "course_lib", "reference"
#: The entries by name; `theme/filters/reference-links.lua` reads it.
OBJECTS = f"{FOLDER}/objects.json"
TESTS = "tests/unit"
WORD = re.compile(r"\w+\(?")
MADE = "# Made by site_builder/reference.py from the docstrings; do not edit."
#: Widest signature on one line, in characters.
WIDTH = 72
#: Longest value of a constant that is shown.
LONGEST_VALUE = 160

#: How the description of a page ends, which search engines show.
CONTENTS = ": signatures, parameters, examples, sources, lessons and tests."

SETTINGS = f"""\
{MADE}
format:
  html:
    css: ../theme/css/reference.css
    html-math-method:
      method: katex
      url: ../theme/vendor/katex/
"""


@dataclass(frozen=True)
class Entry:
    """A public function, class, constant, method or property: its name in the module, and what griffe knows of it."""

    module: str
    name: str
    item: Any

    @property
    def anchor(self) -> str:
        """Return the id of the entry's heading."""
        return self.name.replace(".", "-")

    @property
    def summary(self) -> str:
        """Return the first paragraph of the docstring, on one line."""
        return docstrings.summary(self.item.docstring.value if self.item.docstring else "")

    @property
    def members(self) -> list[Entry]:
        """Return the public methods and properties of a class, in the order of the source."""
        if not self.item.is_class:
            return []
        found = [(name, item) for name, item in self.item.members.items() if not name.startswith("_")]
        described = [(name, item) for name, item in found if item.is_function or "property" in item.labels]
        return [Entry(self.module, f"{self.name}.{name}", item) for name, item in described]


@dataclass(frozen=True)
class Reference:
    """The package as griffe reads it, in the folder of a course."""

    root: Path

    @cached_property
    def package(self) -> Any:
        """Return griffe's tree of the package."""
        logging.getLogger("griffe").setLevel(logging.CRITICAL)
        loaded: Any = griffe.load(
            PACKAGE, search_paths=[str(self.root)], try_relative_path=False, allow_inspection=False
        )
        # griffe leaves out a file that it cannot read, and says so only in its log.
        missing = [path for path in (self.root / PACKAGE).glob("[!_]*.py") if path.stem not in loaded.modules]
        raise_all([CourseError("not valid Python", path.relative_to(self.root).as_posix()) for path in missing])
        return loaded

    @cached_property
    def modules(self) -> dict[str, list[Entry]]:
        """Return the entries of each public module, modules by name, entries as in the source, constants last."""
        public = sorted(name for name in self.package.modules if not name.startswith("_"))
        return {name: self._entries(name, self.package.modules[name]) for name in public}

    def _entries(self, module: str, tree: Any) -> list[Entry]:
        named = tree.exports
        if named is None:
            defined = [
                (name, item) for name, item in tree.members.items() if not (name.startswith("_") or item.is_alias)
            ]
            # Without a list of what is public, a constant that nothing is said of is only a name for the module's use.
            named = [name for name, item in defined if item.docstring or not item.is_attribute]
        items = {str(name): tree.members[str(name)] for name in named if str(name) in tree.members}
        found = {name: item.final_target if item.is_alias else item for name, item in items.items()}
        ordered = sorted(found.items(), key=lambda pair: (pair[1].is_attribute, pair[1].lineno or 0))
        return [Entry(module, name, item) for name, item in ordered]

    def walk(self) -> Iterator[Entry]:
        """Go through all entries, those of classes included."""
        for entries in self.modules.values():
            for entry in entries:
                yield entry
                yield from entry.members

    @cached_property
    def objects(self) -> dict[str, str]:
        """Return the place of each module and entry: source of the page, and anchor."""
        pages = {name: f"{FOLDER}/{name}.qmd" for name in self.modules}
        return pages | {f"{e.module}.{e.name}": f"{pages[e.module]}#{e.anchor}" for e in self.walk()}

    @cached_property
    def tests(self) -> dict[str, set[str]]:
        """Return the words of each unit test file, by path from the root; a word that is called ends in ``(``."""
        return {
            path.relative_to(self.root).as_posix(): set(WORD.findall(path.read_text("utf-8")))
            for path in sorted((self.root / TESTS).glob("test_*.py"))
        }

    def check(self) -> None:
        """Raise a course error for each public module, function and class without a docstring."""
        bare = [self.package.modules[name] for name in self.modules]
        bare += [entry.item for entry in self.walk() if not entry.item.is_attribute]
        raise_all([self._missing(item) for item in bare if item.docstring is None])

    def _missing(self, item: Any) -> CourseError:
        path = Path(item.filepath).relative_to(self.root).as_posix()
        message = f"{item.kind.value} {item.name!r} has no docstring, so the reference pages cannot describe it"
        hint = "Add one, or make the name private with a leading underscore."
        return CourseError(message, Where(path, item.lineno or 1), hint)


def write_reference(root: Path) -> list[str]:
    """Write the reference pages of the course in ``root``; return the files that changed.

    A file whose content is the same is not touched, so nothing is rebuilt needlessly. A page whose module is gone is
    removed. A course without the package has no reference pages.
    """
    if not (root / PACKAGE / "__init__.py").is_file():
        return []
    pages = make_reference(root)
    changed = [name for name, text in pages.items() if _differs(root / name, text)]
    for name in changed:
        write_atomic(root / name, pages[name])
    gone = [path for path in (root / FOLDER).glob("*.qmd") if f"{FOLDER}/{path.name}" not in pages]
    for path in gone:
        if MADE in path.read_text("utf-8"):
            path.unlink()
    return changed


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text("utf-8") != text


def make_reference(root: Path) -> dict[str, str]:
    """Return the text of every file of the reference, by path from the root."""
    reference = Reference(root)
    reference.check()
    pages = {f"{FOLDER}/{name}.qmd": _module_page(reference, name) for name in reference.modules}
    return pages | {
        f"{FOLDER}/index.qmd": _index_page(reference),
        f"{FOLDER}/_metadata.yml": SETTINGS,
        OBJECTS: json.dumps(reference.objects, indent=1) + "\n",
    }


def _front(title: str, subtitle: str, description: str) -> str:
    fields = {"title": title, "subtitle": subtitle, "description": description}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value]
    return "\n".join(["---", MADE, *lines, "---"])


# ------------------------------------------------------------------------------------------------------- the pages


def _index_page(reference: Reference) -> str:
    links = Links(reference.root, "", {})
    text = reference.package.docstring.value if reference.package.docstring else ""
    body, _ = docstrings.render(docstrings.without_summary(text), links)
    first = docstrings.summary(text)
    parts = [_front("Reference", inline(first, links), f"Every public function of {PACKAGE}{CONTENTS}"), *body]
    for name, entries in reference.modules.items():
        about = docstrings.summary(reference.package.modules[name].docstring.value)
        items = [f"[{code(e.name)}]({name}.qmd#{e.anchor})\n:   {inline(e.summary, links) or NOTHING}" for e in entries]
        parts += [f"## [{code(name)}]({name}.qmd) {{#{name}}}", inline(about, links)]
        parts += ["\n\n".join(["::: {.reference-index}", *items, ":::"])] if items else []
    return "\n\n".join(parts) + "\n"


def _module_page(reference: Reference, name: str) -> str:
    tree = reference.package.modules[name]
    entries = reference.modules[name]
    anchors = {entry.name: entry.anchor for top in entries for entry in (top, *top.members)}
    links = Links(reference.root, name, anchors)
    text = tree.docstring.value
    first = docstrings.summary(text)
    body, facts = docstrings.render(docstrings.without_summary(text), links)
    parts = [_front(f"{PACKAGE}.{name}", inline(first, links), f"The reference of {PACKAGE}.{name}{CONTENTS}")]
    parts += [*body, *_facts(facts)]
    for entry in entries:
        parts += _entry(reference, entry, links, 2)
        for member in entry.members:
            parts += _entry(reference, member, links, 3)
    return "\n\n".join(parts) + "\n"


def _entry(reference: Reference, entry: Entry, links: Links, level: int) -> list[str]:
    links = links.within(entry.name)
    body, facts = docstrings.sections(entry.item.docstring.value if entry.item.docstring else "", links)
    facts = [*facts, *_tested_in(reference, entry)]
    heading = f"{'#' * level} {code(entry.name)} {{#{entry.anchor}}}"
    return [heading, f"```python\n{signature(entry)}\n```", *body, *_facts(facts)]


def _facts(facts: list[str]) -> list[str]:
    return ["::: {.reference-facts}\n" + "\n\n".join(facts) + "\n:::"] if facts else []


def _tested_in(reference: Reference, entry: Entry) -> list[str]:
    """Return where the tests of an entry are: the files of unit tests that call it by its name."""
    name = entry.name.rpartition(".")[2]
    wanted = {f"{name}("} if entry.item.is_function else {name, f"{name}("}
    module = {entry.module, f"{entry.module}("}
    own = f"{TESTS}/test_{entry.module}.py"
    files = [path for path, words in reference.tests.items() if words & module and words & wanted]
    files.sort(key=lambda path: (path != own, path))
    return ["Tested in " + ", ".join(f"[{code(path)}](../{path})" for path in files) + "."] if files else []


# ---------------------------------------------------------------------------------------------------- the signature


def signature(entry: Entry) -> str:
    """Return how an entry is called, as Python code; a long one has a line for each parameter."""
    item, name = entry.item, f"{entry.module}.{entry.name}"
    if item.is_class:
        return "class " + _call(name, _class_parameters(item), "")
    if item.is_function:
        bound = "." in entry.name and "staticmethod" not in item.labels
        return _call(name, _parameters(list(item.parameters)[1 if bound else 0 :]), _arrow(item.returns))
    if "property" in item.labels:
        return name + (f": {item.annotation}" if item.annotation else "")
    value = str(item.value)
    return f"{name} = {value}" if item.value is not None and len(value) <= LONGEST_VALUE else name


def _arrow(returns: Any) -> str:
    return f" -> {returns}" if returns is not None else ""


def _call(name: str, parameters: list[str] | None, arrow: str) -> str:
    if parameters is None:
        return name
    line = f"{name}({', '.join(parameters)}){arrow}"
    if len(line) <= WIDTH or not parameters:
        return line
    return "\n".join([f"{name}(", *(f"    {parameter}," for parameter in parameters), f"){arrow}"])


def _class_parameters(item: Any) -> list[str] | None:
    """Return what a class is made from; None if it says nothing of that."""
    if any(str(base) == "NamedTuple" for base in item.bases):
        fields = [member for member in item.members.values() if member.is_attribute and member.annotation]
        return [f"{field.name}: {field.annotation}" for field in fields]
    parameters = list(item.parameters)
    return _parameters(parameters[1:]) if parameters else None


def _parameters(parameters: Iterable[Any]) -> list[str]:
    shown: list[str] = []
    kinds = griffe.ParameterKind
    previous = None
    for parameter in parameters:
        kind = parameter.kind
        if previous is kinds.positional_only and kind is not kinds.positional_only:
            shown.append("/")
        if kind is kinds.keyword_only and "*" not in shown and not any(text.startswith("*") for text in shown):
            shown.append("*")
        shown.append(_parameter(parameter))
        previous = kind
    return [*shown, "/"] if previous is kinds.positional_only else shown


def _parameter(parameter: Any) -> str:
    kinds = griffe.ParameterKind
    stars: str = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(parameter.kind, "")
    annotation = f": {parameter.annotation}" if parameter.annotation is not None else ""
    text = f"{stars}{parameter.name}{annotation}"
    if parameter.default is None or stars:
        return text
    return f"{text} = {parameter.default}" if parameter.annotation is not None else f"{text}={parameter.default}"
