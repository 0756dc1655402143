"""The Lua filters that both engines run: links of a lesson, folded solutions, no script of another host."""

from __future__ import annotations

import json
import subprocess

import pytest
from nbformat.v4 import new_code_cell, new_output

from site_builder.convert import pandoc_path
from site_builder.document import read_document
from tests.site_builder.course import REPOSITORY, Course, lesson

LESSON = "lessons/lesson.ipynb"
FILTERS = "filters:\n  - theme/filters/solutions.lua\n  - theme/filters/lesson-header.lua\n\nlang: en\n"


@pytest.fixture
def with_filters(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    course.configure("lang: en\n", FILTERS)
    return course


def links(course: Course) -> dict[str, str]:
    tree = course.make(read_document(course.root, LESSON))
    return {a.text_content(): a.get("href") for a in tree.xpath("//ul[@class='lesson-links']//a")}


def clone_of(course: Course, address: str) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=course.root, check=True)
    subprocess.run(["git", "remote", "add", "origin", address], cwd=course.root, check=True)


def test_without_a_known_repository_there_is_no_colab_link(with_filters: Course) -> None:
    clone_of(with_filters, "/somewhere/on/this/machine")
    assert links(with_filters) == {"Download notebook": "lesson.ipynb?download=1"}


@pytest.mark.parametrize(
    "address",
    ["https://github.com/owner/name", "https://github.com/owner/name.git", "git@github.com:owner/name.git"],
)
def test_the_remote_of_a_clone_gives_the_colab_link(with_filters: Course, address: str) -> None:
    clone_of(with_filters, address)
    expected = f"https://colab.research.google.com/github/owner/name/blob/main/{LESSON}"
    assert links(with_filters)["Open in Colab"] == expected


def test_a_workflow_names_its_repository(with_filters: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/course")
    assert links(with_filters)["Open in Colab"].startswith("https://colab.research.google.com/github/fork/course/blob/")


def test_the_configuration_comes_first(with_filters: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_REPOSITORY", "fork/course")
    address = "  repo-url: https://github.com/the/course\n  repo-branch: stable\n"
    with_filters.configure("  title: Small course\n", "  title: Small course\n" + address)
    assert "/github/the/course/blob/stable/" in links(with_filters)["Open in Colab"]


def test_only_notebooks_get_these_links(with_filters: Course) -> None:
    assert with_filters.page("Text.\n").xpath("//ul[@class='lesson-links']") == []


def test_a_worked_solution_is_folded_with_its_output(with_filters: Course) -> None:
    notebook = lesson()
    output = new_output("execute_result", {"text/plain": "42"}, execution_count=2)
    cell = new_code_cell("#| classes: worked-solution\n6 * 7", execution_count=2, id="answer", outputs=[output])
    notebook.cells.append(cell)
    with_filters.write(LESSON, json.dumps(notebook))
    (folded,) = with_filters.make(read_document(with_filters.root, LESSON)).xpath("//details[@class='solution']")
    assert folded.find("summary").text == "Worked solution"
    assert "6 * 7" in folded.text_content()
    assert "42" in folded.text_content()


def test_scripts_of_another_host_are_taken_out_of_what_quarto_adds() -> None:
    added = '<script src="https://cdn.example/require.js"></script><!-- requirejs -->'
    document = {
        "pandoc-api-version": [1, 23, 1],
        "meta": {
            "header-includes": {
                "t": "MetaList",
                "c": [
                    {"t": "MetaBlocks", "c": [{"t": "RawBlock", "c": ["html", added]}]},
                    {"t": "MetaBlocks", "c": [{"t": "RawBlock", "c": ["html", "<meta name='kept'>"]}]},
                ],
            }
        },
        "blocks": [],
    }
    command = [pandoc_path(), "-f", "json", "-t", "json", "--lua-filter", "theme/filters/self-hosted.lua"]
    run = subprocess.run(
        command, cwd=REPOSITORY, input=json.dumps(document), capture_output=True, text=True, check=True
    )
    assert "cdn.example" not in run.stdout
    assert "kept" in run.stdout
