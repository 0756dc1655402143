"""The search index: what is in it and what is not, where its entries lead, what becomes of it from build to build."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from site_builder import postrender
from site_builder.check import Page
from site_builder.errors import UsageError
from site_builder.pandoc_engine import build
from site_builder.search import FOLDER, PLACES, Entry, page_entries, write_index
from tests.site_builder.course import Course, front_matter

FRAME = '<html><body class="lesson"><h1 class="title">Lesson</h1><div class="content">{}</div></body></html>'


def entries(body: str, frame: str = FRAME, path: str = "lessons/a.html") -> list[Entry]:
    return list(page_entries(path, frame.format(body)))


def words(body: str) -> str:
    """Return what can be found in the section `s` with this body."""
    (entry,) = entries(f'<section id="s"><h2>S</h2>{body}</section>')[1:]
    return " ".join(text for text, _ in entry.texts)


def make(course: Course, only: str | None = None) -> None:
    build(course.project, course.root / "_site", lambda _: None, only)


def index(course: Course) -> dict[str, tuple[dict[str, str], str]]:
    """Return each entry of the built index by its address: its facts, and the text that Pagefind keeps of it."""
    folder = course.root / "_site" / FOLDER
    places: dict[str, Any] = json.loads((folder / PLACES).read_text("utf-8"))
    texts = {path.stem: gzip.decompress(path.read_bytes()).decode() for path in (folder / "fragment").iterdir()}
    assert texts.keys() == places.keys()
    return {facts["address"]: (facts, texts[name]) for name, facts in places.items()}


def test_each_section_is_an_entry_with_its_own_words_alone() -> None:
    found = entries('<p>Zero.</p><section id="a"><h2>A</h2><p>One.</p><section id="b c"><h3>B</h3><p>Two.</p></section>'
                    "<p>Three.</p></section>")  # fmt: skip
    assert [(entry.place, entry.title, entry.texts) for entry in found] == [
        ("lessons/a.html", "Lesson", (("Zero.", False),)),
        ("lessons/a.html#a", "A", (("One. Three.", False),)),
        ("lessons/a.html#b%20c", "B", (("Two.", False),)),
    ]
    assert {(entry.kind, entry.page) for entry in found} == {("Lesson", "Lesson")}


def test_slides_are_entries_that_lead_into_the_deck() -> None:
    frame = '<html><body class="deck"><div class="reveal"><div id="slidecontent">{}</div></div></body></html>'
    found = entries(
        '<section><section id="title-slide"><h1>Deck</h1></section><section id="one"><h2>One</h2><p>Text.</p>'
        '<aside class="notes">Whispered.</aside></section></section>'
        '<section id="gone" data-visibility="hidden"><h2>Gone</h2></section>',
        frame,
        "slides/d.html",
    )
    assert [(entry.place, entry.kind, entry.page) for entry in found] == [
        ("slides/d.html#/title-slide", "Slide", "Deck"),
        ("slides/d.html#/one", "Slide", "Deck"),
    ]
    assert found[1].texts == (("Text.", False),)


@pytest.mark.parametrize("kind", ["hint", "solution"])
def test_of_a_fold_only_its_title_is_found(kind: str) -> None:
    body = f'<details class="{kind}"><summary>Open me</summary><p>Hidden <b>too</b></p> and this</details> After.'
    assert words(body) == "Open me After."
    section = f'<details class="{kind}"><summary>S</summary><section id="in"><h2>In</h2></section></details>'
    assert [entry.title for entry in entries(section)] == ["Lesson"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<details><summary>More</summary><p>Free.</p></details>", "More Free."),
        ("<p>a<code>b</code>c</p><p>d<br>e</p>", "abc d e"),
        ('<div class="cell-output"><pre>0.25</pre></div>', ""),
        ('<div class="cell-output"><table><tr><td>CTCF</td><td>7</td></tr></table></div>', "CTCF 7"),
        ("<p data-pagefind-ignore>no</p><p hidden>no</p><script>no</script><!-- no -->yes", "yes"),
        (
            '<p>the <span class="katex"><span class="katex-mathml"><math><mi>β</mi><mo>=</mo><mn>1</mn>'
            '<annotation>\\beta</annotation></math></span><span class="katex-html">β=1</span></span>-th</p>',
            "the β=1-th",
        ),
        ('<span class="katex-display"><span class="katex"><math><mi>x</mi></math></span></span>', ""),
    ],
)
def test_what_is_read_is_what_is_found(body: str, found: str) -> None:
    assert words(body) == found


def test_code_is_found_but_weighs_less_than_prose() -> None:
    (entry,) = entries('<section id="s"><h2>S</h2><p>Text.</p><pre><code>a <b>=</b> 1</code></pre></section>')[1:]
    assert entry.texts == (("Text.", False), ("a = 1", True))
    assert '<p data-pagefind-weight="0.5">a = 1</p>' in entry.as_html("en")


def test_the_index_of_a_site(course: Course) -> None:
    notes = "## A slide\n\nShown.\n\n::: {.notes}\nWhispered.\n:::\n"
    course.write("slides/deck.qmd", front_matter(title="Deck") + notes)
    course.write("page.qmd", front_matter(title="Page") + "## A part {#part}\n\n# Empty\n\nSee <b>&amp;</b> $x^2$.\n")
    make(course)
    found = index(course)
    assert found["slides/deck.html#/a-slide"][0] == {
        "address": "slides/deck.html#/a-slide",
        "kind": "Slide",
        "page": "Deck",
        "title": "A slide",
    }
    assert found["lessons/lesson.html#sums"][0]["kind"] == "Lesson"
    assert found["page.html#part"][0]["title"] == "A part"  # a section without text is found by its title
    assert "See & x2." in found["page.html#empty"][1]
    assert "Whispered" not in str(found)
    assert "katex" not in str(found)
    site = course.root / "_site"
    for address in found:
        path, _, fragment = address.partition("#")
        ids = Page(path, (site / path).read_text("utf-8")).ids
        assert not fragment or fragment.removeprefix("/") in ids, address


def test_only_what_the_browser_needs_is_published(course: Course) -> None:
    make(course)
    folder = course.root / "_site" / FOLDER
    names = {path.name for path in folder.iterdir()}
    assert {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.en.pagefind", PLACES} <= names
    assert not [name for name in names if "ui" in name or name.endswith(".css")]


def test_one_page_made_again_leaves_the_rest_of_the_index(course: Course) -> None:
    make(course)
    before = index(course)
    course.write("page.qmd", front_matter(title="Page") + "## A part {#part}\n\nDinucleotide.\n")
    make(course, only="page.qmd")
    after = index(course)
    assert "Dinucleotide" in after["page.html#part"][1]
    assert "Text." not in after["page.html#part"][1]
    assert after.keys() == before.keys()
    course.write("page.qmd", front_matter(title="Page") + "## A part {#part}\n\nText.\n")
    make(course)
    assert index(course) == before


def test_the_same_pages_give_the_same_bytes_from_the_cache_or_not(course: Course) -> None:
    cache = course.root / ".cache/site_builder/search.json"
    make(course)
    first = course.snapshot(f"_site/{FOLDER}")
    make(course)
    assert course.snapshot(f"_site/{FOLDER}") == first
    stored = cache.read_bytes()
    for damaged in (b"", stored[:1000], stored.replace(b'"files"', b'"filez"'), b"\xff"):
        cache.write_bytes(damaged)
        make(course)
        assert course.snapshot(f"_site/{FOLDER}") == first
    assert cache.read_bytes() == stored


def test_an_unchanged_site_is_not_indexed_again(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    make(course)
    monkeypatch.setattr("site_builder.search._run_pagefind", lambda _: pytest.fail("indexed again"))
    make(course)


@pytest.mark.parametrize("script", ["#!/bin/sh\necho 'no space' >&2\nexit 3\n", "no program", None])
def test_an_indexer_that_fails_is_one_error_and_the_site_stays(
    course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str | None
) -> None:
    make(course)
    before = course.snapshot()
    binary = tmp_path / "pagefind"
    if script:
        binary.write_text(script)
        binary.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(binary))
    course.write("page.qmd", front_matter(title="Page") + "## A part {#part}\n\nOther.\n")
    result = course.render()
    assert result.returncode == 2
    assert "the search index cannot be made" in result.stderr
    assert ("no space" in result.stderr) == bool(script and "exit" in script)
    assert "Traceback" not in result.stderr
    assert course.snapshot() == before
    assert course.leftovers() == []


def test_without_pagefind_the_message_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pagefind.service.get_executable", lambda: None)
    (tmp_path / "a.html").write_text(FRAME.format("<p>Text</p>"))
    with pytest.raises(UsageError, match="pip install 'pagefind"):
        write_index(tmp_path, ["a.html"], tmp_path / "cache")


# -- Quarto's own index -------------------------------------------------------------------------------------------


QUARTO_SITE = {
    "page.html": '<html><body><main class="content" id="quarto-document-content"><h1 class="title">Page</h1>'
    '<section id="a" class="level2"><h2>A</h2><p>Seen.</p><details class="solution"><summary>Worked solution</summary>'
    "<p>Secret.</p></details></section></main></body></html>",
    "deck.html": '<html><body><div class="reveal"><div class="slides"><section id="one"><h2>One</h2>'
    '<p>Shown.</p><aside class="notes">Whispered.</aside></section></div></div></body></html>',
}


def test_quartos_index_is_written_again_without_notes_and_solutions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in QUARTO_SITE.items():
        (tmp_path / name).write_text(text, "utf-8")
    facts = {"title": "T", "section": "S", "text": "Secret. Whispered."}
    items = [
        {"objectID": href, "href": href, "crumbs": [href[:4]], **facts} for href in ("page.html#a", "deck.html#one")
    ]
    (tmp_path / "search.json").write_text(json.dumps(items), "utf-8")
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(tmp_path))
    assert postrender.main() == 0
    found = {item["href"]: item for item in json.loads((tmp_path / "search.json").read_text("utf-8"))}
    assert {place: (item["section"], item["text"], item["crumbs"]) for place, item in found.items()} == {
        "page.html": ("", "", ["page"]),
        "page.html#a": ("A", "Seen. Worked solution", ["page"]),
        "deck.html#/one": ("One", "Shown.", ["deck"]),
    }
    assert {item["objectID"] for item in found.values()} == set(found)


def test_without_an_index_of_quartos_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUARTO_PROJECT_OUTPUT_DIR", str(tmp_path))
    assert postrender.main() == 0
    assert list(tmp_path.iterdir()) == []
