"""`site_builder check --parity A B`: two small trees, as the two engines write them, and each kind of difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.cli import main
from site_builder.parity import ASPECTS, compare

PANDOC_PAGE = """<!doctype html><html><body>
<nav><a href="index.html">Home</a></nav>
<main><nav class="breadcrumbs"><a href="index.html">Home</a></nav>
<header class="title-block"><h1 class="title">A page</h1></header>
<details class="toc"><summary>On this page</summary><a href="#part">Part</a></details>
<section id="part" class="level2"><h2>A <span class="math inline"><span class="katex"><span class="katex-mathml"><math>
<semantics><mi>x</mi><annotation encoding="application/x-tex">x</annotation></semantics></math></span><span
class="katex-html" aria-hidden="true">x</span></span></span></h2>
<p>See <a href="#fig-one" class="quarto-xref">Figure 1</a>, <a href="slides/deck.html#/first">a slide</a>,
<a href="https://example.org/">elsewhere</a> and <span class="citation" data-cites="key2000">(<a href="#ref-key2000"
role="doc-biblioref">Key 2000</a>)</span>.</p>
<p><span class="math display"><span class="katex"><math><semantics><annotation>y = x
\\tag{1}</annotation></semantics></math><span class="katex-html">yx</span></span></span></p>
<div class="cell"><div class="sourceCode"><pre class="sourceCode"><code><a href="#cb1-1" aria-hidden="true"></a>1 + 1
</code></pre></div><button>Copy</button>
<div class="cell-output cell-output-display"><figure id="fig-one"><img src="a.png" alt="A line that rises.">
<figcaption><span class="caption-number">Figure 1: </span>It rises.</figcaption></figure></div></div>
</section>
<section id="references"><h2>References</h2><div id="refs"><div id="ref-key2000">Key, A. 2000.</div></div></section>
</main><footer>Foot</footer></body></html>"""

QUARTO_PAGE = """<!DOCTYPE html><html><body><header id="quarto-header"><a href="./index.html">Home</a></header>
<main class="content" id="quarto-document-content">
<header id="title-block-header"><h1 class="title">A page</h1></header>
<ul class="nav"><li><a class="nav-link" role="tab" href="">A tab</a></li></ul>
<section id="part" class="level2"><h2 class="anchored">A <span class="math inline">x</span></h2>
<p>See <a href="#fig-one" class="quarto-xref">Figure&nbsp;1</a>, <a href="/./slides/deck.html#first">a slide</a>,
<a href="https://example.org/">elsewhere</a> and <span class="citation" data-cites="key2000">(<a href="#ref-key2000"
role="doc-biblioref">Key 2000</a>)</span>.</p>
<p><span class="math display">y = x \\tag{1}</span></p>
<div id="sum" class="cell" data-execution_count="1"><div class="code-copy-outer-scaffold"><div class="sourceCode">
<pre class="sourceCode"><code>1 + 1</code></pre></div></div>
<div class="cell-output cell-output-display"><div id="fig-one"><figure><div aria-describedby="caption">
<img src="page_files/a.png" alt="A line that rises." width="300" class="figure-img"></div>
<figcaption id="caption">Figure&nbsp;1: It rises.</figcaption></figure></div></div></div>
</section>
<section id="references"><h2 class="anchored">References</h2><div id="refs" role="list"><div id="ref-key2000">Key,
A. 2000.</div></div></section>
</main><script>var a = "<h2>no heading</h2>";</script></body></html>"""

PANDOC_DECK = """<!doctype html><html><body><div class="reveal"><div class="slides" id="slidecontent">
<section id="title-slide" class="slide"><h1 class="title">A deck</h1></section>
<section><section id="unit" class="slide level1"><h1>Unit</h1></section>
<section id="first" class="slide level2"><h2>First</h2><p class="fragment">Now <span class="fragment">this</span></p>
<p><a href="../page.html#part">The part</a> <a href="#/unit">back</a></p></section></section>
</div></div></body></html>"""

QUARTO_DECK = """<!DOCTYPE html><html><body class="quarto-light"><div class="reveal"><div class="slides">
<section id="title-slide" class="quarto-title-block center"><h1 class="title">A deck</h1></section>
<section><section id="unit" class="title-slide slide level1 center"><h1>Unit</h1></section>
<section id="first" class="slide level2"><h2>First</h2><p class="fragment">Now <span class="fragment">this</span></p>
<p><a href="../page.html#part">The part</a> <a href="#unit">back</a></p></section></section>
</div></div></body></html>"""


def tree(root: Path, page: str, deck: str) -> Path:
    (root / "slides").mkdir(parents=True)
    (root / "site_libs").mkdir()
    (root / "page.html").write_text(page)
    (root / "slides/deck.html").write_text(deck)
    return root


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    quarto = tree(tmp_path / "quarto", QUARTO_PAGE, QUARTO_DECK)
    (quarto / "site_libs/widget.html").write_text("<p>no page of the course")
    return tree(tmp_path / "pandoc", PANDOC_PAGE, PANDOC_DECK), quarto


def test_what_is_layout_is_no_difference(two: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert [str(difference) for difference in compare(*two)] == []
    assert main(["check", "--parity", *map(str, two)]) == 0
    assert capsys.readouterr().out.startswith("0 differences on 0 pages")


#: What is changed in the page as Quarto writes it: old, new, the aspects in which that is a difference.
CHANGES = {
    "level of a heading": ("<h2 class=\"anchored\">References</h2>", "<h3>References</h3>", {"headings"}),
    "text of a heading": ("References</h2>", "Sources</h2>", {"headings"}),
    "id of a heading": ('<section id="part"', '<section id="a-part"', {"headings"}),
    "formula in a heading": ('inline">x<', 'inline">z<', {"headings"}),
    "code": ("<code>1 + 1", "<code>1 + 2", {"cells"}),
    "one output more": ('</div>\n</section>\n<section id="references', '<div class="cell-output">2</div></div>\n'
                        '</section>\n<section id="references', {"cells"}),
    "number of a figure": ("Figure&nbsp;1: It", "Figure&nbsp;2: It", {"figures"}),
    "caption": ("It rises.</figcaption>", "It falls.</figcaption>", {"figures"}),
    "alternative text": ("A line that rises.", "A line.", {"alternative texts"}),
    "equation": ("y = x", "y = 2x", {"equations"}),
    "number of a cross-reference": ('xref">Figure&nbsp;1', 'xref">Figure&nbsp;2', {"cross-references"}),
    "place of a cross-reference": ('href="#fig-one"', 'href="#fig-two"', {"cross-references"}),
    "key of a citation": ('data-cites="key2000"', 'data-cites="key2001"', {"citations"}),
    "text of a citation": ("Key 2000</a>", "Key 2001</a>", {"citations"}),
    "bibliography": ("Key,\nA. 2000.", "Key, B. 2000.", {"citations"}),
    "place of a link": ("deck.html#first", "deck.html#unit", {"links"}),
    "link elsewhere": ("https://example.org/", "https://example.com/", {"links"}),
    "text of a link": (">a slide<", ">the slide<", {"links"}),
}  # fmt: skip
DECK_CHANGES = {
    "id of a slide": ('<section id="first"', '<section id="second"', {"headings", "slides"}),
    "title of a slide": ("First</h2>", "Second</h2>", {"headings", "slides"}),
    "fragments": ('<p class="fragment">', "<p>", {"slides"}),
    "one slide more": ("</section></section>", '</section><section id="more"></section></section>', {"slides"}),
    "link to a slide": ('"#unit"', '"#first"', {"links"}),
}


@pytest.mark.parametrize(
    ("page", "name"), [*(("page.html", n) for n in CHANGES), *(("slides/deck.html", n) for n in DECK_CHANGES)]
)
def test_each_kind_of_difference(
    two: tuple[Path, Path], capsys: pytest.CaptureFixture[str], page: str, name: str
) -> None:
    old, new, aspects = (CHANGES if page == "page.html" else DECK_CHANGES)[name]
    text = (two[1] / page).read_text()
    assert text.count(old) == 1
    (two[1] / page).write_text(text.replace(old, new))
    found = compare(*two)
    assert {difference.page for difference in found} == {page}
    assert {difference.aspect for difference in found} == aspects
    assert aspects <= set(ASPECTS)
    assert main(["check", "--parity", *map(str, two)]) == 1
    said = capsys.readouterr()
    assert f"{page}: {next(iter(aspects))}: only in" in said.err
    assert said.out == f"{len(found)} differences on 1 pages between {two[0]} and {two[1]}\n"


def test_a_page_that_one_site_lacks(two: tuple[Path, Path]) -> None:
    (two[0] / "page.html").unlink()
    (two[1] / "slides/deck.html").unlink()
    assert [(found.page, found.aspect, found.only_in) for found in compare(*two)] == [
        ("slides/deck.html", "address", str(two[0])),
        ("page.html", "address", str(two[1])),
    ]


def test_used_wrongly(two: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    for wrong in ("empty", "nothing"):
        assert main(["check", "--parity", str(two[0]), str(tmp_path / wrong)]) == 2
        assert f"{tmp_path / wrong} is not a built site" in capsys.readouterr().err


def test_help_names_what_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", "--help"])
    assert left.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "--parity A B" in shown
    assert "cross-references" in shown
