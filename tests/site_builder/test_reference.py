"""The reference pages: what they say of a docstring, that they are written only when changed, and the links to them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import griffe
import lxml.html
import pytest
import yaml

from site_builder.document import read_document
from site_builder.reference import OBJECTS, Reference, make_reference, signature, write_reference
from tests.site_builder.course import REPOSITORY, Course, the_error

TOOLS = '''\
"""Tools of a test: `add` and the rest.

A second paragraph.

Lesson: ``lessons/lesson.ipynb``.
"""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["LIMIT", "Box", "Pair", "add", "longer"]

LIMIT = 3
"""The most of *anything*."""


@dataclass(frozen=True)
class Box:
    """Holds a width.

    Attributes
    ----------
    width : float
        In meters; see `add`.
    """

    width: float = 1.0

    @property
    def area(self) -> float:
        """The square of the width."""
        return self.width**2

    def grow(self, by: float, *, twice: bool = False) -> "Box":
        """Return a larger box."""
        return Box(self.width + by * (1 + twice))


class Pair(NamedTuple):
    """Two numbers."""

    first: int
    second: int


def add(a: int, b: int = 2, *more: int) -> int:
    """Return the sum; not $x$ _y_ <b>bold</b> [a](b) @fig-one ^up^ ~down~ {{< include x >}} # | \\\\.

    It calls `longer(...)`, not `unknown`, and says *so*, **loudly**, in ``a_b * c_d``.

    Parameters
    ----------
    a, b : int, shape (m, p)
        What to add.
    *more : int
        The rest.

    Returns
    -------
    int
        The sum.

    Raises
    ------
    ValueError
        Never.

    Notes
    -----
    - one item
    - another

    Source: Euclid. Lesson: notebook 01, deck 09.

    Examples
    --------
    >>> add(1, 2)
    3
    """
    return a + b + sum(more)


def longer(first_argument: list[int], /, second_argument: dict[str, int], *, third_argument: str = "abc", fourth=1):
    """Do nothing."""


def _private():
    pass


def unlisted():
    """Stay out."""
'''


@pytest.fixture
def package(course: Course) -> Course:
    course.write("course_lib/__init__.py", '"""The package.\n\nMore on it.\n"""\n')
    course.write("course_lib/tools.py", TOOLS)
    course.write("course_lib/_hidden.py", "x = 1\n")
    course.write("tests/unit/test_tools.py", "from course_lib.tools import add\n\nassert add(1) == 3\n")
    course.write("notebooks/01-first.ipynb", (course.root / "lessons/lesson.ipynb").read_bytes())
    course.configure("    - page.qmd\n", "    - page.qmd\n    - notebooks/*.ipynb\n    - reference/*.qmd\n")
    course.configure("lang: en\n", "lang: en\nfilters:\n  - theme/filters/reference-links.lua\n")
    return course


@pytest.fixture
def page(package: Course) -> lxml.html.HtmlElement:
    """Return the page of the module as the Pandoc engine makes it; its checks refuse what they do not understand."""
    write_reference(package.root)
    return package.make(read_document(package.root, "reference/tools.qmd"))


def entry(page: lxml.html.HtmlElement, anchor: str) -> lxml.html.HtmlElement:
    (found,) = page.xpath(f"//*[@id='{anchor}']")
    return found


def signatures(root: Path) -> dict[str, str]:
    return {found.name: signature(found) for found in Reference(root).walk()}


def test_signatures_read_as_calls(package: Course) -> None:
    found = signatures(package.root)
    assert found["add"] == "tools.add(a: int, b: int = 2, *more: int) -> int"
    assert found["Box"] == "class tools.Box(width: float = 1.0)"
    assert found["Box.grow"] == "tools.Box.grow(by: float, *, twice: bool = False) -> Box"
    assert found["Box.area"] == "tools.Box.area: float"
    assert found["Pair"] == "class tools.Pair(first: int, second: int)"
    assert found["LIMIT"] == "tools.LIMIT = 3"


def test_a_long_signature_has_a_line_for_each_parameter(package: Course) -> None:
    assert signatures(package.root)["longer"].split("\n") == [
        "tools.longer(",
        "    first_argument: list[int],",
        "    /,",
        "    second_argument: dict[str, int],",
        "    *,",
        "    third_argument: str = 'abc',",
        "    fourth=1,",
        ")",
    ]


def test_only_what_is_public_has_an_entry_and_constants_come_last(package: Course) -> None:
    reference = Reference(package.root)
    assert {name: [e.name for e in entries] for name, entries in reference.modules.items()} == {
        "tools": ["Box", "Pair", "add", "longer", "LIMIT"]
    }


def test_without_a_list_a_constant_needs_a_docstring_to_be_public(package: Course) -> None:
    package.write("course_lib/tools.py", '"""Text."""\nA = 1\nB = 2\n"""Said."""\ndef c():\n    """Said."""\n')
    assert [e.name for e in Reference(package.root).modules["tools"]] == ["c", "B"]


def test_parameters_and_results_are_lists_with_types_as_written(page: lxml.html.HtmlElement) -> None:
    add = entry(page, "add")
    assert [label.text_content() for label in add.xpath(".//*[@class='reference-label']")] == [
        "Parameters", "Returns", "Raises", "Examples",
    ]  # fmt: skip
    terms = [" ".join(term.text_content().split()) for term in add.xpath(".//dt")]
    assert terms == ["a, b int, shape (m, p)", "*more int", "int", "ValueError"]
    assert [text.text_content().strip() for text in add.xpath(".//dd")] == [
        "What to add.",
        "The rest.",
        "The sum.",
        "Never.",
    ]


def test_plain_text_stays_plain_and_marks_become_marks(page: lxml.html.HtmlElement) -> None:
    add = entry(page, "add")
    first, second = add.xpath("./p")[:2]
    assert first.text_content() == (
        r"Return the sum; not $x$ _y_ <b>bold</b> [a](b) @fig-one ^up^ ~down~ {{< include x >}} # | \."
    )
    assert list(first) == []
    assert [(part.tag, part.text_content()) for part in second] == [
        ("a", "longer(...)"), ("code", "unknown"), ("em", "so"), ("strong", "loudly"), ("code", "a_b * c_d"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["# 1", "+ a", "a) a", "(1) a", "1) a", "> a", ": a", "| a |", "(@x) a", "--- a", "% a"]
)
def test_no_text_opens_a_heading_or_a_list(package: Course, text: str) -> None:
    package.write("course_lib/tools.py", f'"""Title.\n\n{text}\n"""\n\n\ndef f():\n    """{text}"""\n')
    write_reference(package.root)
    made = package.make(read_document(package.root, "reference/tools.qmd"))
    assert made.xpath("//*[contains(@class, 'content')]//*[self::ul or self::ol or self::blockquote]") == []
    (summary,) = entry(made, "f").xpath("./p")
    assert summary.text_content().replace("–", "--").replace("—", "---") in (text, text[2:])


@pytest.mark.parametrize(("mark", "tag"), [("-", "ul"), ("*", "ul"), ("1.", "ol")])
def test_lists_are_lists_with_their_continued_lines(package: Course, mark: str, tag: str) -> None:
    package.write("course_lib/tools.py", f'"""Title.\n\n{mark} one\n  more\n{mark} two\n"""\n')
    write_reference(package.root)
    made = package.make(read_document(package.root, "reference/tools.qmd"))
    items = made.xpath(f"//*[contains(@class, 'content')]/{tag}/li")
    assert [" ".join(item.text_content().split()) for item in items] == ["one more", "two"]


def test_indented_text_is_literal(package: Course) -> None:
    package.write("course_lib/tools.py", '"""Title.\n\nFormula\n\n    a_i * b_i\n\n      <c>\n\nand ``x``.\n"""\n')
    write_reference(package.root)
    made = package.make(read_document(package.root, "reference/tools.qmd"))
    assert [block.text_content() for block in made.xpath("//pre")] == ["a_i * b_i\n\n  <c>"]


def test_examples_keep_their_prompts(page: lxml.html.HtmlElement) -> None:
    assert ">>> add(1, 2)\n3" in entry(page, "add").text_content()


def test_source_lesson_and_test_stand_at_the_end_of_an_entry(page: lxml.html.HtmlElement) -> None:
    (facts,) = entry(page, "add").xpath("./*[@class='reference-facts']")
    assert [" ".join(p.text_content().split()) for p in facts.xpath("./p")] == [
        "Source: Euclid. Lesson: notebook 01, deck 09.",
        "Tested in tests/unit/test_tools.py.",
    ]
    assert facts.xpath(".//a/@href") == ["../notebooks/01-first.html", "../tests/unit/test_tools.py"]
    assert entry(page, "longer").xpath("./*[@class='reference-facts']") == []


def test_an_entry_links_to_its_neighbours_and_not_to_itself(page: lxml.html.HtmlElement) -> None:
    assert entry(page, "Box").xpath(".//dd//a/@href") == ["#add"]
    assert entry(page, "add").xpath("./p//a/@href") == ["#longer"]


def test_the_index_lists_every_module_and_object(package: Course) -> None:
    write_reference(package.root)
    index = package.make(read_document(package.root, "reference/index.qmd"))
    links = index.xpath("//*[@id='tools']//a[not(contains(@class, 'heading-anchor'))]/@href")
    assert links == ["tools.html", *(f"tools.html#{name}" for name in ("Box", "Pair", "add", "longer", "LIMIT"))]


@pytest.mark.parametrize(
    ("old", "new", "line", "name"),
    [
        ('"""Do nothing."""', "pass", 90, "function 'longer'"),
        ('"""Two numbers."""\n', "", 43, "class 'Pair'"),
        (TOOLS[: TOOLS.index("from dataclasses")], "", 1, "module 'tools'"),
    ],
)
def test_what_has_no_docstring_is_an_error_with_its_place(
    package: Course, old: str, new: str, line: int, name: str
) -> None:
    text = TOOLS.replace(old, new)
    package.write("course_lib/tools.py", text)
    error = the_error(lambda: make_reference(package.root))
    assert f"{name} has no docstring" in error.message
    assert error.where.path == "course_lib/tools.py"
    source = text.split("\n")[(error.where.line or 0) - 1]
    assert name.split("'")[1] in source or (error.where.line, line) == (1, 1)


def test_a_module_that_is_no_python_is_an_error(package: Course) -> None:
    package.write("course_lib/broken.py", '"""Text."""\ndef f(:\n')
    assert str(the_error(lambda: make_reference(package.root))) == "course_lib/broken.py: not valid Python"


def test_unchanged_sources_rewrite_nothing(package: Course) -> None:
    assert "reference/tools.qmd" in write_reference(package.root)
    before = {path: path.stat().st_mtime_ns for path in (package.root / "reference").iterdir()}
    assert write_reference(package.root) == []
    assert {path: path.stat().st_mtime_ns for path in (package.root / "reference").iterdir()} == before
    package.write("course_lib/tools.py", TOOLS.replace("Two numbers", "Three numbers"))
    assert write_reference(package.root) == ["reference/tools.qmd", "reference/index.qmd"]


def test_the_page_of_a_module_that_is_gone_goes(package: Course) -> None:
    package.write("course_lib/other.py", '"""Another."""\n')
    write_reference(package.root)
    package.write("reference/mine.qmd", "---\ntitle: Written by hand\n---\n")
    (package.root / "course_lib/other.py").unlink()
    write_reference(package.root)
    assert not (package.root / "reference/other.qmd").exists()
    assert (package.root / "reference/mine.qmd").exists()


def test_a_course_without_the_package_has_no_reference(course: Course) -> None:
    assert write_reference(course.root) == []
    assert not (course.root / "reference").exists()


# ------------------------------------------------------------------------------------------------ links to the pages


def linked(course: Course, body: str) -> list[tuple[str, str]]:
    tree = course.page(body)
    return [(a.text_content(), a.get("href")) for a in tree.xpath("//a[contains(@class, 'reference-link')]")]


@pytest.mark.parametrize("code", ["tools.add", "tools.add(1, 2)", "course_lib.tools.add", "course_lib.tools.add(...)"])
def test_code_on_a_page_links_to_its_entry(package: Course, code: str) -> None:
    write_reference(package.root)
    assert linked(package, f"Call `{code}`.\n") == [(code, "reference/tools.html#add")]


def test_a_module_links_by_its_full_name_alone(package: Course) -> None:
    write_reference(package.root)
    assert linked(package, "`course_lib.tools` and `tools`\n") == [("course_lib.tools", "reference/tools.html")]


@pytest.mark.parametrize(
    "body",
    [
        "## `tools.add`\n",
        "[`tools.add`](index.qmd)\n",
        "```\ntools.add\n```\n",
        "`tools.nothing` `a.b` `tools.add + 1`\n",
    ],
)
def test_headings_links_blocks_and_other_code_stay_as_they_are(package: Course, body: str) -> None:
    write_reference(package.root)
    assert linked(package, body) == []


def test_decks_get_no_links(package: Course) -> None:
    write_reference(package.root)
    deck = package.deck("## A slide\n\n`tools.add`\n")
    assert deck.xpath("//a[contains(@class, 'reference-link')]") == []


def test_a_page_is_converted_again_when_the_entries_change(package: Course) -> None:
    write_reference(package.root)
    entries = (package.root / OBJECTS).read_text("utf-8")
    package.write(OBJECTS, "{}")
    assert linked(package, "`tools.add`\n") == []
    package.write(OBJECTS, entries)
    assert len(linked(package, "`tools.add`\n")) == 1


# ------------------------------------------------------------------------------------------------- the real course


def test_the_sidebar_lists_the_public_modules() -> None:
    contents = yaml.safe_load((REPOSITORY / "_quarto.yml").read_text("utf-8"))["website"]["sidebar"]["contents"]
    (section,) = [item for item in contents if item.get("section") == "Reference"]
    listed = [item["href"] for item in section["contents"]]
    assert listed == ["reference/index.qmd", *(f"reference/{name}.qmd" for name in Reference(REPOSITORY).modules)]


def test_the_package_names_its_public_modules() -> None:
    reference = Reference(REPOSITORY)
    assert sorted(map(str, reference.package.exports)) == list(reference.modules)


def test_every_documented_parameter_is_one_of_the_function() -> None:
    wrong = []
    for found in Reference(REPOSITORY).walk():
        if found.item.is_attribute or found.item.docstring is None:
            continue
        names = {parameter.name for parameter in found.item.parameters}
        for part in griffe.parse_numpy(griffe.Docstring(found.item.docstring.value)):
            if part.kind.value == "parameters":
                wrong += [(found.name, p.name) for p in part.value if p.name.lstrip("*") not in names]
    assert wrong == []


def test_every_function_has_an_example() -> None:
    functions = [found for found in Reference(REPOSITORY).walk() if found.item.is_function and "." not in found.name]
    assert [f"{f.module}.{f.name}" for f in functions if ">>>" not in f.item.docstring.value] == []


def test_quarto_runs_the_script_from_anywhere(package: Course) -> None:
    for module in (REPOSITORY / "site_builder").glob("*.py"):
        package.write(f"site_builder/{module.name}", module.read_bytes())
    script = package.root / "site_builder/prerender.py"
    subprocess.run([sys.executable, script], cwd=package.root.parent, check=True, timeout=60)
    assert json.loads((package.root / OBJECTS).read_text("utf-8"))["tools.add"] == "reference/tools.qmd#add"
    package.write("course_lib/tools.py", "x = 1\n")
    run = subprocess.run([sys.executable, script], cwd=package.root, capture_output=True, text=True, timeout=60)
    assert (run.returncode, "course_lib/tools.py" in run.stderr) == (1, True)
    package.write("site_builder/docstrings.py", "import griffe_that_is_not_here\n")
    run = subprocess.run([sys.executable, script], cwd=package.root, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stderr.count("\n"), "pip install" in run.stderr) == (2, 2, True)
