"""Whatever the engine does not understand is refused, in one message that names the file and the line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from site_builder.cli import main
from site_builder.document import read_document
from site_builder.errors import CourseError, UsageError
from site_builder.project import load_project
from tests.site_builder.course import Course, all_errors, lesson, shown, the_error
from tests.site_builder.test_page_features import cell, figure


def refused(course: Course, body: str, front: str = "", path: str = "page.qmd") -> list[CourseError]:
    return all_errors(lambda: course.make(course.source(body, front, path)))


# -- sources: keys, options, cells, shortcodes, includes ----------------------------------------------------------

#: What is wrong, the source's front matter and body, what the message says, and the line that it names.
READING = {
    "unknown key": ("tilte: x", "", "'tilte'", 3),
    "unknown nested key": ("format:\n  html:\n    tocc: true", "", "'format.html.tocc'", 5),
    "unknown format": ("format:\n  pdf:\n    toc: true", "", "'format.pdf'", 4),
    "unknown execute key": ("execute:\n  freeze: auto", "", "'execute.freeze'", 4),
    "key given twice": ("author: A\nauthor: B", "", "'author'", 4),
    "nested key given twice": ("execute:\n  echo: true\n  echo: false", "", "echo' is given twice", 5),
    "YAML that does not parse": ("author: [a, b\ndate: 2026-01-01", "", "YAML", 4),
    "YAML with a tab": ("format:\n\thtml: default", "", "YAML", 4),
    "YAML with a Python object": ("author: !!python/object:os.system x", "", "YAML", 3),
    "an author who is a mapping": ("author:\n  name: A", "", "'author'", 3),
    "a title that is a list": ("subtitle: [a]", "", "'subtitle'", 3),
    "execute that is no mapping": ("execute: false", "", "'execute'", 3),
    "echo that is a word": ("execute:\n  echo: fenced", "", "'execute.echo'", 4),
    "execution switched off": ("execute:\n  enabled: false", "", "'execute.enabled'", 4),
    "a width that is a word": ("format:\n  html:\n    fig-width: wide", "", "'format.html.fig-width'", 5),
    "a date that is none": ("date: 2026-02-30", "", "2026-02-30", 3),
    "a date in words": ("date: today", "", "'today'", 3),
    "unknown option": ("", cell("label: a\nfig-capp: x"), "'fig-capp'", 7),
    "nested option": ("", cell("label: a\nlayout: [[1]]"), "'layout'", 7),
    "option given twice": ("", cell("label: a\necho: true\necho: false"), "'echo'", 8),
    "option that does not parse": ("", cell("label: a\nfig-cap: [x"), "YAML", 7),
    "option of the wrong kind": ("", cell("label: a\necho: 3"), "'echo'", 6),
    "output of a wrong kind": ("", cell("label: a\noutput: maybe"), "'output'", 6),
    "a width of nothing": ("", cell("label: a\nfig-width: 0"), "'fig-width'", 6),
    "a width that is not a number": ("", cell("label: a\nfig-width: .inf"), "'fig-width'", 6),
    "label that is a list": ("", cell("label: [a, b]"), "label", 6),
    "label with a path": ("", cell("label: ../../up"), "label", 6),
    "label with a blank": ("", cell('label: "a b"'), "label", 6),
    "label given twice": ("", cell("label: a") + cell("label: a"), "'a'", 10),
    "cell of another language": ("", "\n```{r}\n1\n```\n", "'r'", 6),
    "diagram": ("", "```{mermaid}\nflowchart\n```\n", "'mermaid'", 5),
    "options on the cell's first line": ("", "```{python, echo=FALSE}\n1\n```\n", "#|", 5),
    "cell with blanks in its braces": ("", "```{ python }\n1\n```\n", "```{python}", 5),
    "cell with an open brace": ("", "```{python\n1\n```\n", "```{python}", 5),
    "cell in a list": ("", "* item\n\n  ```{python}\n  1\n  ```\n", "margin", 7),
    "cell in a quote": ("", "> ```{python}\n> 1\n> ```\n", "margin", 5),
    "cell not closed": ("", "Text\n\n```{python}\n1\n", "not closed", 7),
    "code block not closed": ("", "Text\n\n```python\n1\n", "not closed", 7),
    "div not closed": ("", "::: {.callout-note}\n\nText\n", "not closed", 5),
    "div closed twice": ("", "::: {.columns}\na\n:::\n\n:::\n", "opens nothing", 9),
    "div closed too late": ("", ":::: {.columns}\n::: {.column}\na\n::::\n\nb\n", "not closed", 5),
    "unknown shortcode": ("", "Text\n\n{{< video x.mp4 >}}\n", "'video'", 7),
    "shortcode in a line": ("", "See {{< meta title >}}\n", "'meta'", 5),
    "include in a line": ("", "See {{< include x.qmd >}}\n", "line of its own", 5),
    "include that is not there": ("", "{{< include no.qmd >}}\n", "'no.qmd'", 5),
    "include of a folder": ("", "{{< include slides >}}\n", "'slides'", 5),
    "include outside of the course": ("", "{{< include ../../x.qmd >}}\n", "'../../x.qmd'", 5),
    "include in code that is shown": ("", "```python\n{{< include x.py >}}\n```\n", "include", 6),
    "table in a raw block": ("", "Text\n\n```{=html}\n<p>\n<table id=x></table>\n```\n", "raw block of HTML", 9),
    "metadata in the middle": ("", "Text\n\n---\ntitle: Other\n---\n", "front matter", 7),
}  # fmt: skip


@pytest.mark.parametrize("name", READING)
def test_what_a_source_may_not_hold(shared_course: Course, name: str) -> None:
    front, body, says, line = READING[name]
    body = body if front else "\n" + body  # so that the body begins on line 5 with and without front matter
    error = the_error(lambda: shared_course.make(shared_course.source(body, front)))
    assert says in str(error), str(error)
    assert (error.where.path, error.where.line) == ("page.qmd", line), str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("\n", 1), ("Just text\n", 1), ("---\ntitle: x\n", 1), ("---\n---\n", 1), ("---\n- a\n---\n", 2)],
)
def test_a_source_needs_front_matter_with_a_title(shared_course: Course, text: str, line: int) -> None:
    shared_course.write("page.qmd", text)
    error = the_error(lambda: read_document(shared_course.root, "page.qmd"))
    assert (error.where.path, error.where.line) == ("page.qmd", line)


@pytest.mark.parametrize("title", ["title:", 'title: ""', "title: [a, b]", "title: {a: b}"])
def test_a_title_is_a_text(shared_course: Course, title: str) -> None:
    shared_course.write("page.qmd", f"---\n{title}\n---\n")
    error = the_error(lambda: read_document(shared_course.root, "page.qmd"))
    assert "title" in error.message
    assert error.where.path == "page.qmd"


def test_unknown_names_come_with_the_nearest_known_one(shared_course: Course) -> None:
    error = the_error(lambda: shared_course.source(cell("fig-capp: x")))
    assert "'fig-cap'" in str(error.hint)


def test_an_include_may_not_include_itself(shared_course: Course) -> None:
    shared_course.write("_a.qmd", "{{< include _b.qmd >}}\n")
    shared_course.write("_b.qmd", "Text\n\n{{< include _a.qmd >}}\n")
    error = the_error(lambda: shared_course.source("{{< include _a.qmd >}}\n"))
    assert "includes itself" in error.message
    assert (error.where.path, error.where.line) == ("_b.qmd", 3)


def test_a_mistake_in_an_included_file_is_placed_there(shared_course: Course) -> None:
    shared_course.write("_a.qmd", "Fine\n\n::: {.unheard-of}\nx\n:::\n")
    (error,) = refused(shared_course, "{{< include _a.qmd >}}\n")
    assert (error.where.path, error.where.line) == ("_a.qmd", 3)


def test_a_source_that_is_not_utf8(shared_course: Course) -> None:
    shared_course.write("page.qmd", "---\ntitle: Caf\u00e9\n---\n".encode("latin-1"))
    error = the_error(lambda: read_document(shared_course.root, "page.qmd"))
    assert "UTF-8" in error.message


# -- what Pandoc and the filters find -----------------------------------------------------------------------------

#: A body that begins on line 5, what the message says, the line that it names.
CONVERTING = {
    "unknown class": ("Words unheard.\n\n::: {.unheard}\nx\n:::\n", ".unheard", 7),
    "unknown callout": ("::: {.callout-danger}\nx\n:::\n", ".callout-danger", 5),
    "inner part of a callout": ("::: {.callout-header}\nx\n:::\n", ".callout-header", 5),
    "unknown panel": ("::: {.panel-sidebar}\nx\n:::\n", ".panel-sidebar", 5),
    "unknown layout": ("::: {.layout-grid}\nx\n:::\n", ".layout-grid", 5),
    "engine's own layout": ("::: {.layout-columns}\nx\n:::\n", ".layout-columns", 5),
    "column of the margin": ("::: {.column-margin}\nx\n:::\n", ".column-margin", 5),
    "conditional content": ("::: {.content-visible}\nx\n:::\n", ".content-visible", 5),
    "class on a span": ("a\n\n[x]{.nope-span}\n", ".nope-span", 7),
    "class on a heading": ("## H {.nope-head}\n", ".nope-head", 5),
    "class on an image": ("![A](dot.png){.nope-image}\n", ".nope-image", 5),
    "attribute on a div": ("mood is a word\n\n::: {.columns mood=good}\nx\n:::\n", "mood", 7),
    "attribute on a span": ("[x]{mood-span=good}\n", "mood-span", 5),
    "attribute on code": ("``` {.python mood-block=good}\nx\n```\n", "mood-block", 5),
    "attribute on inline code": ("`x`{mood-code=good}\n", "mood-code", 5),
    "callout that folds in no known way": ('::: {.callout-tip collapse="maybe"}\nx\n:::\n', "collapse", 5),
    "raw LaTeX block": ("a\n\n\\begin{center}x\\end{center}\n", "raw tex", 7),
    "raw LaTeX in a line": ("a \\newpage b\n", "raw tex", 5),
    "raw block of another format": ("```{=latex}\n\\x\n```\n", "latex", 6),
    "citation without an entry": ("a@b.org\n\nSo [@nobody1999].\n", "@nobody1999", 7),
    "reference without a target": ("@fig-none and\n", "@fig-none", 5),
    "table reference without a target": ("a\n\n[@tbl-none]\n", "@tbl-none", 7),
    "equation reference without a target": ("@eq-none\n", "@eq-none", 5),
    "section reference without a target": ("@sec-none\n", "@sec-none", 5),
    "label given twice": ("$$a$$ {#eq-a}\n\n$$b$$ {#eq-a}\n", "eq-a", 5),
    "label attached to nothing": ("Text {#fig-x}\n", "{#fig-x}", 5),
    "footnote without a text": ("Text[^gone]\n", "[^gone]", 5),
    "footnote that nothing names": ("Text\n\n[^unused]: Note\n", "unused", 7),
    "link to a source that is not there": ("a\n\n[x](no.qmd)\n", "no.qmd", 7),
    "link to a lesson that is not there": ("[x](lessons/no.ipynb#a)\n", "lessons/no.ipynb", 5),
    "image without alternative text": ("a\n\n![](silent.png)\n", "silent.png", 7),
    "tab set without tabs": ("::: {.panel-tabset}\nx\n:::\n", "tab set", 5),
    "formula that KaTeX refuses": ("a\n\nSo $\\frac{1$ ends\n", "formula", 7),
    "unknown command in a formula": ("$$\n\\unheard x\n$$\n", "formula", 6),
    "labeled formula that KaTeX refuses": ("a\n\n$$\\frac{1$$ {#eq-x}\n", "formula", 7),
    "inline code of another language": ("a `{r} 1 + 1` b\n", "{r}", 5),
    "inline expression on two lines": ("a `{python} 1 +\n1` b\n", "{python}", 5),
}  # fmt: skip


@pytest.fixture(scope="module")
def refusals(shared_course: Course) -> dict[str, list[CourseError]]:
    """Convert all wrong bodies as one page; return what is said of each, its lines counted as if it stood alone."""
    bodies = {name: body for name, (body, says, _) in CONVERTING.items() if says != "formula"}
    starts, text = {}, "\n"
    for name, body in bodies.items():
        starts[name] = text.count("\n") + 4
        text += body + "\n"
    said: dict[str, list[CourseError]] = {name: [] for name in bodies}
    for error in refused(shared_course, text):
        line = error.where.line or 0
        name = max((name for name in starts if starts[name] <= line), key=starts.__getitem__, default="nowhere")
        where = error.where.at(line - starts.get(name, 0) + 5)
        said.setdefault(name, []).append(CourseError(error.message, where, error.hint))
    for name in CONVERTING.keys() - bodies:
        said[name] = refused(shared_course, "\n" + CONVERTING[name][0])
    return said


@pytest.mark.parametrize("name", CONVERTING)
def test_what_a_page_may_not_hold(refusals: dict[str, list[CourseError]], name: str) -> None:
    _, says, line = CONVERTING[name]
    errors = refusals[name]
    assert len(errors) == 1, [str(error) for error in errors]
    assert says in str(errors[0])
    assert (errors[0].where.path, errors[0].where.line) == ("page.qmd", line), str(errors[0])
    assert "nowhere" not in refusals


def test_several_mistakes_are_told_at_once(shared_course: Course) -> None:
    errors = refused(shared_course, "::: {.one1}\nx\n:::\n\n[x]{.two2} @fig-three\n")
    assert {(error.where.line, error.message.split()[-1]) for error in errors} == {
        (4, "div"),
        (8, "span"),
        (8, "target"),
    }


def test_the_nearest_place_is_named_not_one_that_begins_alike(shared_course: Course) -> None:
    body = "$$a$$ {#eq-ab}\n\n@eq-ab\n\n@eq-a\n"
    (error,) = refused(shared_course, body)
    assert error.where.line == 8


# -- outputs ------------------------------------------------------------------------------------------------------


def test_a_figure_needs_alternative_text(shared_course: Course) -> None:
    document = shared_course.source("\n" + cell("label: fig-x\nfig-cap: Caption"))
    document.cells[0].outputs = [figure()]
    error = the_error(lambda: shared_course.make(document))
    assert "alternative text" in error.message
    assert "fig-alt" in str(error.hint)
    assert error.where.line == 6


def test_as_many_captions_as_figures(shared_course: Course) -> None:
    document = shared_course.source(cell("label: fig-x\nfig-cap: [A, B]\nfig-alt: Alt"))
    document.cells[0].outputs = [figure()] * 3
    assert "lists 2 texts, but the cell shows 3 figures" in the_error(lambda: shared_course.make(document)).message


def test_markup_that_a_cell_prints_is_checked_too(shared_course: Course) -> None:
    document = shared_course.source("\n" + cell("label: a\noutput: asis", "print('[x]{.bogus}')"))
    document.cells[0].outputs = [new_output("stream", name="stdout", text="[x]{.bogus}\n")]
    error = the_error(lambda: shared_course.make(document))
    assert (error.where.path, error.where.line) == ("page.qmd", 6)


# -- notebooks ----------------------------------------------------------------------------------------------------


def notebook_error(course: Course, change: Callable[[nbformat.NotebookNode], object]) -> CourseError:
    notebook = lesson()
    change(notebook)
    course.write("lessons/lesson.ipynb", nbformat.writes(notebook))
    return the_error(lambda: course.make(read_document(course.root, "lessons/lesson.ipynb")))


def test_a_cell_that_was_never_executed(shared_course: Course) -> None:
    error = notebook_error(shared_course, lambda notebook: notebook.cells[2].update(execution_count=None))
    assert "never executed" in error.message
    assert str(error.where).startswith("lessons/lesson.ipynb, cell 3 (sum)")


def test_a_stored_error(shared_course: Course) -> None:
    output = new_output("error", ename="ValueError", evalue="no", traceback=[])
    error = notebook_error(shared_course, lambda notebook: notebook.cells[2].outputs.append(output))
    assert "ValueError: no" in error.message
    assert "cell 3 (sum)" in str(error.where)


def test_a_stored_error_of_a_cell_that_is_not_shown(shared_course: Course) -> None:
    output = new_output("error", ename="ValueError", evalue="no", traceback=[])

    def change(notebook: nbformat.NotebookNode) -> None:
        notebook.cells[2].outputs.append(output)
        notebook.cells[2].source = "#| include: false\n1 + 1"

    assert "ValueError: no" in notebook_error(shared_course, change).message


def test_an_unknown_option_in_a_notebook(shared_course: Course) -> None:
    error = notebook_error(shared_course, lambda n: n.cells[2].update(source="#| label: a\n#| colour: red\n1"))
    assert "'colour'" in error.message
    assert str(error.where) == "lessons/lesson.ipynb, cell 3 (sum), line 2"


def test_a_mistake_in_the_text_of_a_notebook(shared_course: Course) -> None:
    error = notebook_error(shared_course, lambda n: n.cells[1].update(source="Text\n\n[x](no.qmd)"))
    assert str(error.where) == "lessons/lesson.ipynb, cell 2 (text), line 3"


def test_a_notebook_has_its_front_matter_first(shared_course: Course) -> None:
    for change in (
        lambda notebook: notebook.cells.pop(0),
        lambda notebook: notebook.cells.clear(),
        lambda notebook: notebook.cells.append(new_raw_cell("raw", id="r")),
        lambda notebook: notebook.cells[0].update(source="no front matter"),
    ):
        assert notebook_error(shared_course, change).where.path == "lessons/lesson.ipynb"


def test_a_title_unknown_to_the_notebook_format_is_found(shared_course: Course) -> None:
    error = notebook_error(shared_course, lambda n: n.cells[0].update(source="---\ntitle: T\nauhtor: A\n---"))
    assert str(error.where) == "lessons/lesson.ipynb, cell 1, line 3"


@pytest.mark.parametrize(
    "text",
    ["", "{", "<html>", "[]", "null", '"text"', "3", "{}", '{"cells": 3}',
     '{"cells": [3], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
     '{"nbformat": "4", "cells": []}', '{"nbformat": 99, "nbformat_minor": 0, "cells": [], "metadata": {}}'],
)  # fmt: skip
def test_what_is_no_notebook(shared_course: Course, text: str) -> None:
    shared_course.write("lessons/lesson.ipynb", text)
    error = the_error(lambda: read_document(shared_course.root, "lessons/lesson.ipynb"))
    assert error.where.path == "lessons/lesson.ipynb"
    assert "\n" not in error.message


def test_shortcodes_and_divs_in_notebooks_are_placed(shared_course: Course) -> None:
    cells = [new_markdown_cell("a\n\n{{< video x >}}", id="v"), new_code_cell("1", execution_count=1, id="c")]
    error = notebook_error(shared_course, lambda notebook: notebook.cells.extend(cells))
    assert str(error.where) == "lessons/lesson.ipynb, cell 4 (v), line 3"


# -- the project --------------------------------------------------------------------------------------------------

#: What is wrong with `_quarto.yml`: a text, what it becomes, what the message says.
CONFIGURING = {
    "unknown key": ("lang: en", "langg: en", "'langg'"),
    "unknown project key": ("output-dir: _site", "outputdir: _site", "'project.outputdir'"),
    "unknown website key": ("  title: Small", "  titel: Small", "'website.titel'"),
    "unknown entry key": ("      - text: Home", "      - txt: Home", "'website.navbar.left.txt'"),
    "unknown nested entry key": ("          - section: Deeper", "          - sect: Deeper", "sect"),
    "bad YAML": ("lang: en", "lang: [en", "YAML"),
    "website that is no mapping": ("lang: en", "website: x\nlang: en", "website"),
    "execute that is a list": ("lang: en", "execute: [echo]\nlang: en", "execute"),
    "footer that is a text": ("page-footer:\n    left: Left foot\n    right: Right", "page-footer: a", "footer"),
    "format that is a list": ("  html:\n    toc: true\n    css: theme/css/content.css", "  - html", "format"),
    "entry that is nothing": ("      - text: Home\n        href: index.qmd", "      -", "navbar"),
    "entry that is a number": ("      - text: Home\n        href: index.qmd", "      - 3", "navbar"),
    "page that is not there": ("        href: index.qmd", "        href: gone.qmd", "'gone.qmd'"),
    "page without a match": ("    - page.qmd", "    - page.qmd\n    - gone/*.qmd", "gone/*.qmd"),
    "pages outside": ("    - page.qmd", "    - page.qmd\n    - ../*.qmd", "../*.qmd"),
    "resources outside": ("    - lessons/*.ipynb\n\nlang", "    - ../*.txt\n\nlang", "../*.txt"),
    "style sheet that is not there": ("content.css", "gone.css", "gone.css"),
    "bibliography that is not there": ("references.bib", "gone.bib", "gone.bib"),
    "filter that is not there": ("lang: en", "filters: [gone.lua]\nlang: en", "gone.lua"),
    "two formats": ("    toc: true", "    toc: true\n  revealjs:\n    width: 3", "revealjs"),
    "site without a title": ("  title: Small course\n", "", "title"),
    "output that is the course": ("output-dir: _site", "output-dir: .", "holds the course"),
    "output around the course": ("output-dir: _site", "output-dir: ..", "holds the course"),
}  # fmt: skip


@pytest.mark.parametrize("name", CONFIGURING)
def test_what_the_configuration_may_not_hold(course: Course, capsys: pytest.CaptureFixture[str], name: str) -> None:
    old, new, says = CONFIGURING[name]
    (course.root.parent / "x.txt").write_text("outside")
    (course.root.parent / "x.qmd").write_text("---\ntitle: x\n---\n")
    course.configure(old, new)
    before = course.snapshot(".")
    code = main(["--root", str(course.root), "render", "--engine", "pandoc"])
    err = capsys.readouterr().err
    assert code in (1, 2)
    assert says in err
    assert err.strip().count("\n") <= 3, err
    changed = {path for path, data in course.snapshot(".").items() if before.get(path) != data}
    assert not {path for path in changed if not path.startswith((".cache/", "downloads/"))}


def test_a_folder_with_wrong_metadata(course: Course) -> None:
    course.write("slides/_metadata.yml", "format:\n  revealjs:\n    widht: 5\n")
    error = the_error(lambda: course.settings(course.source("", path="slides/deck.qmd")))
    assert str(error.where) == "slides/_metadata.yml:3"
    assert "'format.revealjs.widht'" in error.message


def test_the_line_of_a_key_stands_in_the_message(course: Course) -> None:
    course.configure("lang: en", "lang: en\nlangg: de")
    error = the_error(lambda: load_project(course.root))
    assert str(error.where) == "_quarto.yml:13"


def test_no_configuration_is_a_mistake_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"_quarto\.yml"):
        load_project(tmp_path)


@pytest.mark.parametrize("content", [b"caf\xe9: 1\n", b"- a\n", b"text\n", b""])
def test_odd_configurations(course: Course, content: bytes) -> None:
    course.write("_quarto.yml", content)
    assert the_error(lambda: load_project(course.root)).where.path == "_quarto.yml"


def test_two_sources_of_one_page(course: Course) -> None:
    course.configure("    - page.qmd", "    - '*.qmd'\n    - '*.ipynb'")
    course.write("page.ipynb", nbformat.writes(lesson()))
    errors = all_errors(lambda: course.project.documents)
    assert len(errors) == 1
    assert "page.html" in errors[0].message


def test_files_with_an_underscore_are_no_pages(course: Course) -> None:
    course.write("slides/_part.qmd", "No front matter\n")
    assert "slides/_part.qmd" not in course.project.documents


def test_damaged_bibliography(course: Course) -> None:
    course.write("references.bib", "@article{a, title = {open\n")
    (error,) = refused(course, "Text [@a]\n")
    assert "references.bib" in str(error)


def test_json_of_an_unknown_output_names_its_kinds(shared_course: Course) -> None:
    document = shared_course.source(cell("label: a"))
    document.cells[0].outputs = [shown({"application/json": json.loads("{}")})]
    assert "application/json" in the_error(lambda: shared_course.make(document)).message
