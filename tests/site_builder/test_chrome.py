"""The head of a page: its policy, its description, its addresses; the map of the site."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import lxml.etree
import lxml.html
import pytest

from site_builder.addresses import NO_ADDRESS
from site_builder.check import check_site
from site_builder.policy import SPEAKER_VIEW, inline_texts, policy, print_view_styles, speaker_view
from tests.site_builder.course import REPOSITORY, Course, the_error

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def directives(page: lxml.html.HtmlElement) -> dict[str, list[str]]:
    (content,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    parts = (part.split() for part in content.split(";"))
    return {name: sources for name, *sources in parts}


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def meta(page: lxml.html.HtmlElement, name: str) -> list[str]:
    return page.xpath(f"//meta[@name='{name}' or @property='{name}']/@content")


# -- the policy ------------------------------------------------------------------------------------------------------


def test_a_page_may_load_from_its_own_host_alone(shared_course: Course) -> None:
    found = directives(shared_course.page("Text.\n"))
    assert found["default-src"] == ["'self'"]
    assert found["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert found["script-src-attr"] == found["object-src"] == found["form-action"] == ["'none'"]
    assert found["style-src"] == ["'self'"]
    assert found["base-uri"] == found["frame-src"] == ["'self'"]


def test_the_policy_comes_before_anything_that_is_loaded(shared_course: Course) -> None:
    first = [element.get("http-equiv") or element.tag for element in shared_course.page("Text.\n").find("head")]
    assert first.index("Content-Security-Policy") < min(first.index("link"), first.index("script"))


def test_an_inline_script_of_a_source_has_its_hash(shared_course: Course) -> None:
    script = "document.title += '!';"
    page = shared_course.page(f"```{{=html}}\n<script>{script}</script>\n<style>p {{ margin: 0 }}</style>\n```\n")
    assert sha(script) in directives(page)["script-src"]
    assert sha("p { margin: 0 }") in directives(page)["style-src"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<script>a</script>", ["a"]),
        ("<script type='module'>\na\n</script>", ["\na\n"]),
        ('<script type="application/json">{}</script>', []),
        ("<script src='x.js'></script>", []),
        ("<SCRIPT>a</SCRIPT><script>b</script>", ["a", "b"]),
        ("<script data-type='x'>a</script >", ["a"]),
    ],
)
def test_what_runs_inline(markup: str, expected: list[str]) -> None:
    assert inline_texts("script", [markup]) == expected


def test_line_ends_are_hashed_as_a_browser_reads_them() -> None:
    assert policy(["<script>a\r\nb</script>"]) == policy(["<script>a\nb</script>"])


def test_a_deck_allows_the_speaker_view_and_the_print_view(shared_course: Course) -> None:
    found = directives(shared_course.deck("## A slide\n\nText.\n"))
    scripts, styles = speaker_view(REPOSITORY / SPEAKER_VIEW)
    assert len(scripts) == len(styles) == 1
    assert "window.opener" in scripts[0]
    assert [sha(text) for text in scripts] == found["script-src"][2:]
    sizes = ["@page{size:1331px 748px; margin: 0px;}", print_view_styles(1280, 720, 0.04)[1]]
    assert [sha(text) for text in (*styles, *sizes)] == found["style-src"][1:]


def test_a_plugin_that_writes_no_page_has_no_hashes(tmp_path: Path) -> None:
    (tmp_path / "notes.js").write_text("nothing", "utf-8")
    assert speaker_view(tmp_path / "notes.js") == ((), ())


# -- what a page says of itself --------------------------------------------------------------------------------------


def test_a_page_describes_itself_to_search_engines_and_previews(shared_course: Course) -> None:
    page = shared_course.make(shared_course.source("Text.\n", "description: What it is about.", title="On *DNA*"))
    assert meta(page, "description") == meta(page, "og:description") == ["What it is about."]
    assert meta(page, "og:title") == ["On DNA"]
    assert meta(page, "og:type") == ["article"]
    assert meta(page, "og:site_name") == ["Small course"]
    assert meta(page, "twitter:card") == ["summary"]


def test_a_page_without_a_description_is_refused(course: Course) -> None:
    course.configure("description: What a page of the small course says of itself.\n", "")
    error = the_error(lambda: course.page("Text.\n"))
    assert "description" in error.message
    assert error.where.path == "page.qmd"


def test_the_missing_page_is_no_place_of_its_own(course: Course) -> None:
    course.configure("    - page.qmd\n    - slides", "    - page.qmd\n    - 404.qmd\n    - slides")
    course.configure("  title: Small course\n", "  title: Small course\n  site-url: https://example.org/course\n")
    page = course.page("Text.\n", path="404.qmd")
    assert meta(page, "robots") == ["noindex"]
    assert page.xpath("//link[@rel='canonical']") == []
    (script,) = page.xpath("//head/script[not(@src)]/text()")
    assert sha(script) in directives(page)["script-src"]


# -- where the site lives --------------------------------------------------------------------------------------------


def test_with_its_address_the_site_has_a_map_and_canonical_links(course: Course) -> None:
    course.configure(
        "  title: Small course\n",
        "  title: Small course\n  site-url: https://example.org/course\n  image: theme/images/social-card.png\n",
    )
    run = course.render()
    assert run.returncode == 0, run.stderr
    assert NO_ADDRESS.strip() not in run.stdout
    tree = lxml.etree.fromstring((course.root / "_site/sitemap.xml").read_bytes())
    assert tree.xpath("//s:loc/text()", namespaces=SITEMAP) == [
        "https://example.org/course/",
        "https://example.org/course/lessons/lesson.html",
        "https://example.org/course/page.html",
        "https://example.org/course/slides/deck.html",
    ]
    for path, address in (("index.html", ""), ("slides/deck.html", "slides/deck.html")):
        page = course.html(path)
        assert page.xpath("//link[@rel='canonical']/@href") == [f"https://example.org/course/{address}"]
        assert meta(page, "og:url") == [f"https://example.org/course/{address}"]
        assert meta(page, "og:image") == ["https://example.org/course/theme/images/social-card.png"]
        assert meta(page, "twitter:card") == ["summary_large_image"]
    assert check_site(course.root / "_site") == []


def test_without_its_address_the_build_says_what_is_missing(course: Course) -> None:
    run = course.render()
    assert run.returncode == 0, run.stderr
    assert NO_ADDRESS.strip() in run.stdout
    assert not (course.root / "_site/sitemap.xml").exists()
    assert course.html("page.html").xpath("//link[@rel='canonical']") == []


def test_an_address_that_is_none_is_refused(course: Course) -> None:
    course.configure("  title: Small course\n", "  title: Small course\n  site-url: example.org\n")
    error = the_error(lambda: course.page("Text.\n"))
    assert "example.org" in error.message
    assert error.where.path == "_quarto.yml"


def test_the_pictures_and_colors_that_the_head_names_are_the_themes() -> None:
    head = (REPOSITORY / "theme/templates/head.html.j2").read_text("utf-8")
    tokens = (REPOSITORY / "theme/css/tokens.css").read_text("utf-8")
    switch = (REPOSITORY / "theme/js/scheme-switch.js").read_text("utf-8")
    light, dark = tokens.split("--paper: light-dark(")[1].split(")")[0].split(", ")
    assert f'content="{light}" media="(prefers-color-scheme: light)"' in head
    assert f'content="{dark}" media="(prefers-color-scheme: dark)"' in head
    assert f"light: '{light}', dark: '{dark}'" in switch
    assert (REPOSITORY / "theme/images/social-card.png").is_file()
