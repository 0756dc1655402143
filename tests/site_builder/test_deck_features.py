"""Every feature of decks that the Pandoc engine understands becomes the reveal.js HTML that it stands for."""

from __future__ import annotations

import json

import lxml.html
import pytest

from tests.site_builder.course import Course, shown, stream
from tests.site_builder.test_page_features import cell, having, text, texts

Element = lxml.html.HtmlElement


def slide(deck: Element, name: str) -> Element:
    """Return the slide with a title."""
    (found,) = [s for s in deck.xpath("//section[not(section)]") if texts(s, "./h1|./h2")[:1] == [name]]
    return found


BODY = """\
# Part one {.section-slide background-color="#0b7285"}

## Steps

First

. . .

Second

::: {.incremental}
* a
* b
:::

::: {.nonincremental}
* c
:::

[word]{.fragment .highlight-red fragment-index=2} and

::: {.fragment .fade-out}
gone
:::

::: {.notes}
Say *this*.
:::

## Frame {background-image="../dot.png" background-size="contain" visibility="uncounted" .smaller}

<iframe src="../index.html" title="The home page"></iframe>

:::: {.columns}
::: {.column width="40%"}
Left $x$
:::
::: {.column width="60%"}
Right
:::
::::

## Callout and code

::: {.callout-tip title="Tip"}
Body
:::

``` {.python code-line-numbers="1|2"}
a
b
```
"""


@pytest.fixture(scope="module")
def deck(shared_course: Course) -> Element:
    return shared_course.deck(
        BODY, 'subtitle: Sub\nauthor: Ada\ndate: 2026-01-02\nformat:\n  revealjs:\n    footer: "F & G"'
    )


def test_title_slide(deck: Element) -> None:
    title = deck.xpath("//section[@id='title-slide']")[0]
    assert texts(title, "./h1|./p") == ["A title", "Sub", "Ada", "January 2, 2026"]
    assert texts(deck, "//*[@class='deck-footer']") == ["F & G"]


def test_slides_and_parts(deck: Element) -> None:
    assert len(deck.xpath("//section[not(section)]")) == 5
    part = slide(deck, "Part one")
    assert "section-slide" in part.get("class").split()
    assert part.get("data-background-color") == "#0b7285"
    assert part.getparent() is slide(deck, "Steps").getparent()


def test_pauses_and_fragments(deck: Element) -> None:
    steps = slide(deck, "Steps")
    assert texts(steps, f".//*[{having('fragment')}]")[1:] == ["a", "b", "word", "gone"]
    assert texts(steps, f".//*[{having('fragment')}]")[0].startswith("Second a b c")
    word = steps.xpath(f".//span[{having('highlight-red')}]")[0]
    assert word.get("data-fragment-index", word.get("fragment-index")) == "2"
    assert ". . ." not in text(steps)


def test_a_fragment_index_is_where_reveal_reads_it(deck: Element) -> None:
    assert slide(deck, "Steps").xpath(".//span/@data-fragment-index") == ["2"]


def test_speaker_notes(deck: Element) -> None:
    assert texts(slide(deck, "Steps"), ".//aside[@class='notes']//em") == ["this"]


def test_backgrounds_and_slide_attributes(deck: Element) -> None:
    frame = slide(deck, "Frame")
    assert frame.get("data-background-image") == "../dot.png"
    assert frame.get("data-background-size") == "contain"
    assert frame.get("data-visibility") == "uncounted"
    assert "smaller" in frame.get("class").split()


def test_frames_columns_math_callouts_and_lines(deck: Element) -> None:
    frame = slide(deck, "Frame")
    assert frame.xpath(".//iframe/@src|.//iframe/@data-src") == ["../index.html"]
    assert texts(frame, f".//div[{having('column')}]")[1] == "Right"
    assert frame.xpath(f"count(.//*[{having('katex')}])") == 1
    code = slide(deck, "Callout and code")
    assert texts(code, f".//*[{having('callout-body')}]") == ["Body"]
    assert code.xpath(".//@data-code-line-numbers") == ["1|2"]


def test_code_is_hidden_in_decks_unless_asked_for(shared_course: Course) -> None:
    body = "## S\n\n" + cell("label: a", "hidden()") + cell("label: b\necho: true", "seen()")
    deck = shared_course.deck(body, outputs={"a": [stream("out")], "b": [shown({"text/plain": "5"})]})
    assert texts(deck, f"//pre[{having('cell-code')}]") == ["seen()"]
    assert texts(deck, f"//div[{having('cell-output')}]") == ["out", "5"]


def test_incremental_for_a_whole_deck(shared_course: Course) -> None:
    deck = shared_course.deck(
        "## S\n\n* a\n\n::: {.nonincremental}\n* b\n:::\n", "format:\n  revealjs:\n    incremental: true"
    )
    assert texts(deck, f"//li[{having('fragment')}]") == ["a"]


def test_hidden_slides_do_not_show(shared_course: Course) -> None:
    deck = shared_course.deck('## Kept\n\n## Gone {visibility="hidden"}\n\nSecret\n')
    assert [s.get("data-visibility") for s in deck.xpath("//section[h2[contains(., 'Gone')]]")] in ([], ["hidden"])


def test_options_reach_reveal(shared_course: Course) -> None:
    front = "format:\n  revealjs:\n    slide-number: true\n    transition: fade\n    hash-type: number\n    menu: false"
    deck = shared_course.deck("## S\n", front)
    options = json.loads(deck.xpath("//script[@id='reveal-options']/text()")[0])
    assert options["width"] == 1280
    assert options["slideNumber"] == "c/t"
    assert options["transition"] == "fade"
    assert options["hashType"] == "number"
    assert deck.xpath("//script[contains(@src, 'reveal-menu')]") == []
    assert deck.xpath("//link/@href[contains(., 'deck.css')]") == ["../theme/css/deck.css"]


def test_a_title_cannot_break_out_of_the_page(shared_course: Course) -> None:
    page = shared_course.page("## A </script><b>x</b>\n", 'description: "</title><script>bad()</script>"')
    assert page.xpath("//script[contains(., 'bad()')]") == []
    assert page.xpath("//meta[@name='description']/@content") == ["</title><script>bad()</script>"]
