"""Every feature of Quarto that the Pandoc engine understands becomes the HTML that it stands for: pages."""

from __future__ import annotations

import base64
import json
import struct
import zlib

import lxml.html
import pytest
from nbformat.v4 import new_output

from tests.site_builder.course import Course, all_errors, shown, stream, the_error

Element = lxml.html.HtmlElement
CONTENTS = "//nav[@aria-label='On this page']"
CONTENT = "//main//div[@class='content']"


def having(name: str) -> str:
    """Return the XPath condition for a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def text(element: Element) -> str:
    return " ".join(element.text_content().split())


def texts(tree: Element, path: str) -> list[str]:
    return [text(element) for element in tree.xpath(path)]


def png(width: int = 2, height: int = 1) -> str:
    """Return a small PNG image in base 64, as kernels send it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xff\xff\xff" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(data).decode()


def figure() -> object:
    return shown({"image/png": png(), "text/plain": "<Figure>"}, {"image/png": {"width": 320, "height": 160}})


def cell(options: str, code: str = "1 + 1") -> str:
    rows = "\n".join(f"#| {row}" for row in options.splitlines())
    return f"```{{python}}\n{rows}\n{code}\n```\n"


# -- titles and headings ------------------------------------------------------------------------------------------


def test_title_block_and_head(shared_course: Course) -> None:
    front = 'subtitle: "Below & *it*"\nauthor: [Ada Lovelace, "G. Mendel"]\ndate: 2026-11-20\ndescription: What & why'
    page = shared_course.page("## Text\n", front)
    assert texts(page, "//main//h1") == ["A title"]
    assert texts(page, "//main//*[@class='subtitle']") == ["Below & it"]
    assert page.xpath("count(//main//*[@class='subtitle']/em)") == 1
    assert texts(page, "//main//*[@class='author']") == ["Ada Lovelace", "G. Mendel"]
    assert texts(page, "//main//time") == ["November 20, 2026"]
    assert page.xpath("//main//time/@datetime") == ["2026-11-20"]
    assert page.xpath("//meta[@name='description']/@content") == ["What & why"]
    assert texts(page, "/html/head/title") == ["A title – Small course"]
    assert page.xpath("/html/@lang") == ["en"]


def test_one_author_may_be_a_string(shared_course: Course) -> None:
    assert texts(shared_course.page("", "author: Ada Lovelace"), "//*[@class='author']") == ["Ada Lovelace"]


def test_headings_have_ids_and_stand_in_the_contents(shared_course: Course) -> None:
    page = shared_course.page("## Why it works {#why}\n\n### A *deeper* reason\n\n## Ünïcode: 2 words\n")
    assert page.xpath("//main//h2/ancestor-or-self::*[@id][1]/@id") == ["why", "ünïcode-2-words"]
    assert page.xpath(CONTENTS + "//a/@href") == ["#why", "#a-deeper-reason", "#ünïcode-2-words"]


@pytest.mark.parametrize("front", ["toc: false", "format:\n  html:\n    toc: false"])
def test_contents_can_be_left_out_of_one_page(shared_course: Course, front: str) -> None:
    assert shared_course.page("## One\n", front).xpath(CONTENTS) == []


# -- cells --------------------------------------------------------------------------------------------------------


def code_of(page: Element) -> list[str]:
    return texts(page, f"//pre[{having('cell-code')}]")


def test_a_cell_shows_code_and_output(shared_course: Course) -> None:
    page = shared_course.page(cell("label: a", "print('<b>')"), outputs={"a": [stream("<b>\x1b[31mred\x1b[0m\n")]})
    assert code_of(page) == ["print('<b>')"]
    assert texts(page, f"//div[{having('cell-output-stdout')}]") == ["<b>red"]


@pytest.mark.parametrize("options", ["echo: false", "include: false", "output: false", "eval: false"])
def test_what_a_cell_hides(shared_course: Course, options: str) -> None:
    outputs = [] if options == "eval: false" else [stream("seen")]
    page = shared_course.page(cell(f"label: a\n{options}", "code()"), outputs={"a": outputs})
    assert ("code()" in text(page)) == (options in ("output: false", "eval: false"))
    assert ("seen" in text(page)) == (options == "echo: false")


@pytest.mark.parametrize("default", ["echo", "output", "include", "warning"])
def test_execute_gives_the_default_and_a_cell_overrides_it(shared_course: Course, default: str) -> None:
    outputs = [stream("printed"), stream("warned", "stderr")]
    body = cell("label: a", "code()") + cell(f"label: b\n{default}: true", "code()")
    page = shared_course.page(body, f"execute:\n  {default}: false", outputs={"a": outputs, "b": outputs})
    hidden = {
        "echo": {"code()"},
        "output": {"printed", "warned"},
        "include": {"code()", "printed", "warned"},
        "warning": {"warned"},
    }
    for word in ("code()", "printed", "warned"):
        assert text(page).count(word) == (1 if word in hidden[default] else 2), word


def test_output_as_markdown(shared_course: Course) -> None:
    page = shared_course.page(
        cell("label: a\noutput: asis\necho: false"),
        outputs={"a": [stream("**bold** and $x^2$\n\n"), shown({"text/markdown": "* item"})]},
    )
    assert texts(page, "//main//strong") == ["bold"]
    assert page.xpath(f"count(//main//*[{having('katex')}])") == 1
    assert texts(page, CONTENT + "//li") == ["item"]


def test_an_image_is_an_image_even_in_output_as_markdown(shared_course: Course) -> None:
    page = shared_course.page(
        cell("label: a\noutput: asis\nfig-alt: A dot."), outputs={"a": [stream("*text*\n"), figure()]}
    )
    assert page.xpath("//main//img/@alt") == ["A dot."]
    assert png()[:40] not in text(page)


def test_warnings_can_be_hidden(shared_course: Course) -> None:
    outputs = {"a": [stream("fine\n"), stream("UserWarning: careful\n", "stderr")]}
    assert "careful" in text(shared_course.page(cell("label: a"), outputs=outputs))
    page = shared_course.page(cell("label: a\nwarning: false"), outputs=outputs)
    assert "careful" not in text(page)
    assert "fine" in text(page)


def test_streams_cut_in_pieces_are_one(shared_course: Course) -> None:
    page = shared_course.page(cell("label: a"), outputs={"a": [stream("on"), stream("e\n"), stream("two\n")]})
    assert texts(page, f"//div[{having('cell-output-stdout')}]") == ["one two"]


def test_figure_with_caption_text_and_size(shared_course: Course) -> None:
    options = 'label: fig-dot\nfig-cap: "A dot, $x = 1$, [see]"\nfig-alt: "One \\"white\\" dot."\nfig-width: 4'
    page = shared_course.page(cell(options) + "\nSee @fig-dot.\n", outputs={"fig-dot": [figure()]})
    image = page.xpath("//figure[@id='fig-dot']//img")[0]
    assert image.get("alt") == 'One "white" dot.'
    assert image.get("src") == "page_files/figure-html/fig-dot-output-1.png"
    assert (image.get("width"), image.get("height")) == ("320", "160")
    caption = page.xpath("//figure[@id='fig-dot']/figcaption")[0]
    assert text(caption).startswith("Figure 1: A dot,")
    assert "[see]" in text(caption)
    assert page.xpath("//main//p/a[@href='#fig-dot']/text()") == ["Figure\u00a01"]


@pytest.mark.parametrize("caption", ["ends ] early", "![nested](x.png", "a \\ b", "`]`", "{#id .x}", "5 < 6 & 7 * 8*"])
def test_a_caption_cannot_break_its_figure(shared_course: Course, caption: str) -> None:
    options = f"label: fig-dot\nfig-cap: {json.dumps(caption)}\nfig-alt: A dot."
    document = shared_course.source(cell(options))
    document.cells[0].outputs = [figure()]
    try:
        page = shared_course.make(document)
    except Exception:
        assert all_errors(lambda: shared_course.make(document))  # refused is fine, broken is not
        return
    assert page.xpath("//figure[@id='fig-dot']//img/@alt") == ["A dot."]
    assert "page_files" not in text(page)


def test_several_figures_of_a_cell(shared_course: Course) -> None:
    options = "label: fig-two\nlayout-ncol: 2\nfig-cap: [First, Second]\nfig-alt: [One., Two.]"
    page = shared_course.page(cell(options), outputs={"fig-two": [figure(), figure()]})
    grid = page.xpath(f"//div[{having('layout-columns')}]")[0]
    assert "repeat(2," in grid.get("style")
    assert grid.xpath(".//img/@alt") == ["One.", "Two."]
    assert len(set(grid.xpath(".//img/@src"))) == 2
    assert texts(grid, ".//figcaption") == ["Figure 1: First", "Figure 2: Second"]
    assert grid.xpath(f".//pre[{having('cell-code')}]") == []


def test_code_folding(shared_course: Course) -> None:
    body = (
        cell("label: a\ncode-fold: true\ncode-summary: Show & tell", "folded()")
        + cell("label: b\ncode-fold: show", "opened()")
        + cell("label: c\ncode-fold: false", "plain()")
    )
    page = shared_course.page(body)
    folded = page.xpath("//details[.//pre]")
    assert texts(page, "//details[.//pre]/summary") == ["Show & tell", "Code"]
    assert [detail.get("open") is not None for detail in folded] == [False, True]
    assert page.xpath("//pre[contains(., 'plain')]/ancestor::details") == []


def test_code_folding_for_a_whole_page(shared_course: Course) -> None:
    page = shared_course.page(cell("label: a", "folded()"), "format:\n  html:\n    code-fold: true")
    assert page.xpath("count(//details[.//pre])") == 1


def test_highlighted_lines(shared_course: Course) -> None:
    page = shared_course.page(cell('label: a\ncode-line-numbers: "1|2-3"', "a\nb\nc"))
    assert page.xpath("//@data-code-line-numbers") == ["1|2-3"]


def test_table_output_has_caption_and_number(shared_course: Course) -> None:
    table = "<div><style scoped>.dataframe {}</style><table class='dataframe'><tr><td>5</td></tr></table></div>"
    body = cell("label: tbl-five\ntbl-cap: Just *five*") + "\nIn @tbl-five.\n"
    page = shared_course.page(body, outputs={"tbl-five": [shown({"text/html": table, "text/plain": "5"})]})
    assert texts(page, "//figure[@id='tbl-five']//td") == ["5"]
    assert texts(page, "//figure[@id='tbl-five']//figcaption") == ["Table 1: Just five"]
    assert page.xpath("//style[@scoped]") == []
    assert page.xpath("//a[@href='#tbl-five']/text()") == ["Table\u00a01"]


def test_the_richest_kind_of_output_is_shown(shared_course: Course) -> None:
    latex = new_output("execute_result", {"text/latex": "$$x_1$$", "text/plain": "plain"}, execution_count=1)
    page = shared_course.page(cell("label: a"), outputs={"a": [latex]})
    assert "plain" not in text(page)
    assert page.xpath(f"count(//*[{having('katex-display')}])") == 1


def test_an_output_that_cannot_be_shown_is_refused(shared_course: Course) -> None:
    document = shared_course.source(cell("label: a"))
    document.cells[0].outputs = [shown({"application/x-thing": "?"})]
    error = the_error(lambda: shared_course.make(document))
    assert "application/x-thing" in error.message
    assert (error.where.path, error.where.line) == ("page.qmd", 5)


def test_a_class_of_a_cell(shared_course: Course) -> None:
    page = shared_course.page(cell("label: a\nclasses: smaller"))
    assert page.xpath(f"count(//div[{having('cell')} and {having('smaller')}])") == 1


def test_the_anchor_of_a_cell_is_its_label_but_a_figure_keeps_its_own(shared_course: Course) -> None:
    page = shared_course.page(cell("label: a") + cell("label: fig-b\nfig-cap: B\nfig-alt: B") + cell("echo: true"))
    assert page.xpath(f"//div[{having('cell')}]/@id") == ["a", "cell-fig-b"]


def test_a_raw_block_that_tells_quarto_to_leave_its_tables_is_kept(shared_course: Course) -> None:
    raw = "```{=html}\n<!--| quarto-html-table-processing: none -->\n<table><tr><td>1</td></tr></table>\n```\n"
    plain = "```{=html}\n<p>No table.</p>\n```\n\n```html\n<table></table>\n```\n"
    assert texts(shared_course.page(raw + "\n" + plain), "//main//table//td") == ["1"]


def test_code_in_output_cannot_end_its_block(shared_course: Course) -> None:
    body = "`````{python}\n#| label: a\nticks = '''\n````\n'''\n`````\n"
    page = shared_course.page(body, outputs={"a": [stream("```\n:::\n# no heading\n")]})
    assert texts(page, f"//div[{having('cell-output-stdout')}]") == ["``` ::: # no heading"]
    assert "````" in code_of(page)[0]


def test_files_of_two_cells_never_share_a_name(shared_course: Course) -> None:
    wide = shown({"image/png": png(3, 1)}, {"image/png": {"width": 3, "height": 1}})
    document = shared_course.source(cell("label: cell-2\nfig-alt: A.") + "\n" + cell("fig-alt: B."))
    names = set()
    document.cells[0].outputs, document.cells[1].outputs = [figure()], [wide]
    for number in range(1, 5):  # whatever number an unlabeled cell gets
        document.cells[0].options["label"] = f"cell-{number}"
        sources = shared_course.make(document).xpath("//main//img/@src")
        assert len(set(sources)) == 2, sources
        names |= set(sources)
    assert names


# -- text ---------------------------------------------------------------------------------------------------------


def test_columns(shared_course: Course) -> None:
    body = ':::: {.columns}\n::: {.column width="30%"}\nLeft\n:::\n::: {.column width="70%"}\nRight\n:::\n::::\n'
    page = shared_course.page(body)
    columns = page.xpath(f"//div[{having('columns')}]/div[{having('column')}]")
    assert [text(column) for column in columns] == ["Left", "Right"]
    assert ["30%" in column.get("style") for column in columns] == [True, False]


@pytest.fixture(scope="module")
def callouts(shared_course: Course) -> Element:
    kinds = ("note", "tip", "warning", "important", "caution")
    body = "".join(f"::: {{.callout-{kind}}}\nBody of {kind}\n:::\n\n" for kind in kinds)
    body += '::: {.callout-tip title="With *style* & more" collapse="true"}\nFolded\n:::\n\n'
    body += '::: {.callout-note collapse="false" #named}\n## Own heading\n\nOpen\n:::\n\n'
    body += '::: {.callout-note .fragment style="color: red"}\nKept\n:::\n'
    return shared_course.page(body)


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "important", "caution"])
def test_callouts(callouts: Element, kind: str) -> None:
    found = callouts.xpath(f"//div[{having(f'callout-{kind}')} and contains(., 'Body of {kind}')]")
    assert len(found) == 1
    assert kind.capitalize() in text(found[0].xpath(f".//*[{having('callout-title')}]")[0])
    assert texts(found[0], f".//*[{having('callout-body')}]") == [f"Body of {kind}"]


def test_callouts_fold(callouts: Element) -> None:
    folded = callouts.xpath("//details[contains(., 'Folded')]")[0]
    assert folded.get("open") is None
    assert text(folded.xpath("./summary")[0]).endswith("With style & more")
    opened = callouts.xpath("//details[contains(., 'Own heading')]")[0]
    assert opened.get("open") is not None
    assert opened.get("id") == "named"
    assert opened.xpath(".//h2") == []


def test_callouts_keep_what_they_carry(callouts: Element) -> None:
    kept = callouts.xpath(f"//*[{having('callout')} and contains(., 'Kept')]")[0]
    assert "fragment" in kept.get("class").split()
    assert kept.get("style") == "color: red"


def test_tabsets(shared_course: Course) -> None:
    body = "::: {.panel-tabset .smaller}\n\n## One & *1*\n\nFirst\n\n### Inner\n\n## Two\n\nSecond\n\n:::\n"
    page = shared_course.page(body)
    tabset = page.xpath(f"//div[{having('panel-tabset')}]")[0]
    assert "smaller" in tabset.get("class").split()
    tabs, panels = tabset.xpath(".//*[@role='tab']"), tabset.xpath(".//*[@role='tabpanel']")
    assert [text(tab) for tab in tabs] == ["One & 1", "Two"]
    assert [tab.get("aria-controls") for tab in tabs] == [panel.get("id") for panel in panels]
    assert [panel.get("aria-labelledby") for panel in panels] == [tab.get("id") for tab in tabs]
    assert [tab.get("aria-selected") for tab in tabs] == ["true", "false"]
    assert [text(panel) for panel in panels] == ["First Inner", "Second"]


def test_links_between_sources(shared_course: Course) -> None:
    body = (
        "[a](slides/deck.qmd#/a-slide) [b](lessons/lesson.ipynb?x=1#sums) [c](https://example.org/x.qmd) "
        "[d](#here) [e](./index.qmd)\n"
    )
    page = shared_course.page(body)
    assert page.xpath("//main//p/a/@href") == [
        "slides/deck.html#/a-slide",
        "lessons/lesson.html?x=1#sums",
        "https://example.org/x.qmd",
        "#here",
        "./index.html",
    ]


def test_links_to_sources_with_unusual_names(course: Course) -> None:
    course.configure("    - page.qmd", "    - page.qmd\n    - other/**/*.qmd")
    names = ("my page.qmd", "a--b_c_d.qmd", "ünï.qmd", "it's @home.qmd")
    for name in names:
        course.write(f"other/{name}", "---\ntitle: Other\n---\n")
    page = course.page("".join(f"[x](<other/{name}>)\n" for name in names))
    hrefs = page.xpath("//main//p/a/@href")
    assert len(hrefs) == len(names)
    assert all(href.endswith(".html") for href in hrefs)


def test_classes_with_two_dashes_are_known_to_the_theme(course: Course) -> None:
    course.write("theme/css/content.css", ".card--wide { margin: 0 }\n.it_s_1 { margin: 0 }\n")
    page = course.page("::: {.card--wide}\na\n:::\n\n[b]{.it_s_1}\n")
    assert page.xpath("count(//div[@class='card--wide'])") == 1
    assert page.xpath("count(//span[@class='it_s_1'])") == 1


def test_images(shared_course: Course) -> None:
    shared_course.write("dot.png", base64.b64decode(png()))
    page = shared_course.page(
        "![A *dot*](dot.png)\n\nInline ![dot](dot.png).\n\n"
        '![Cap](dot.png){#fig-d fig-alt="Alt text" width="50%"}\n\n@fig-d'
    )
    assert page.xpath("//main//img/@alt") == ["A dot", "dot", "Alt text"]
    assert texts(page, "//figcaption") == ["A dot", "Figure 1: Cap"]
    assert page.xpath("//a[@href='#fig-d']/text()") == ["Figure\u00a01"]


def test_cross_references(shared_course: Course) -> None:
    body = (
        "# Top {#sec-top}\n\n## Below {#sec-below}\n\n$$\na = b\n$$ {#eq-ab}\n\n$$c = d$$ {#eq-cd}\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Numbers {#tbl-n}\n\n"
        "::: {#fig-div}\nAny content\n\nIts caption\n:::\n\n"
        "@eq-cd, @eq-ab, @tbl-n, @fig-div, @sec-below, [-@eq-cd], [see @tbl-n and more], [@eq-ab; @eq-cd]\n"
    )
    page = shared_course.page(body)
    last = page.xpath("//main//p[a]")[-1]
    assert text(last).replace("\u00a0", " ") == (
        "Equation 2, Equation 1, Table 1, Figure 1, Section 1.1, 2, see 1 and more, Equation 1, Equation 2"
    )
    assert page.xpath("//*[@id='eq-ab']//*[contains(@class, 'katex-display')]") != []
    assert "(1)" in text(page.xpath("//*[@id='eq-ab']")[0])
    assert texts(page, "//*[@id='tbl-n']//caption|//*[@id='tbl-n']//figcaption") == ["Table 1: Numbers"]
    assert texts(page, "//figure[@id='fig-div']/figcaption") == ["Figure 1: Its caption"]
    for target in last.xpath("./a/@href"):
        assert len(page.xpath(f"//*[@id='{target[1:]}']")) == 1


def test_citations_and_bibliography(shared_course: Course) -> None:
    page = shared_course.page("As shown [@rumelhart1986, p. 533] by @rumelhart1986.\n\n::: {#refs}\n:::\n")
    assert text(page.xpath("//main//p")[0]).startswith("As shown (Rumelhart et al. 1986, 533) by Rumelhart")
    assert len(page.xpath("//*[@id='refs']/*[@id='ref-rumelhart1986']")) == 1
    assert page.xpath("//main//p//a[@href='#ref-rumelhart1986']") != []


def test_footnotes(shared_course: Course) -> None:
    page = shared_course.page("One[^n], two^[Inline note].\n\n[^n]: The *note*.\n")
    assert texts(page, "//main//aside//li|//main//section[@id='footnotes']//li") == ["The note.↩︎", "Inline note↩︎"]


def test_math_is_typeset_when_the_site_is_built(shared_course: Course) -> None:
    page = shared_course.page("Inline $x < y$, price \\$5 and \\$6, `$code$`.\n\n$$\\frac{a}{b}$$\n")
    assert page.xpath(f"count(//main//p//*[{having('katex')}])") == 2
    assert texts(page, "//main//code") == ["$code$"]
    assert "price $5 and $6" in text(page)
    assert page.xpath("//main//annotation/text()") == ["x < y", "\\frac{a}{b}"]


def test_inline_expressions(shared_course: Course) -> None:
    document = shared_course.source("A `{python} a` b `{python}  f('x') ` c `` `{python} quoted` `` `{python}`.\n")
    values = [{"text/plain": "-3.50"}, {"text/plain": "'1 * 2 * 3 & <b> ~x~'"}]
    page = shared_course.make(document, values)
    assert text(page.xpath("//main//p")[0]) == "A -3.50 b 1 * 2 * 3 & <b> ~x~ c `{python} quoted` {python}."


@pytest.mark.parametrize(
    "value", ["it's", 'say "hi"', "both ' and \"", "a\\b", "tab\there", "é — 中", "&amp; 3. x", ""]
)
def test_inline_text_shows_as_it_is(shared_course: Course, value: str) -> None:
    document = shared_course.source("A`{python} x`B\n")
    page = shared_course.make(document, [{"text/plain": repr(value)}])
    assert page.xpath("//main//p")[0].text_content().replace("\t", " ") == f"A{value}B".replace("\t", " ")


def test_inline_expressions_in_attributes(shared_course: Course) -> None:
    shared_course.write("dot.png", base64.b64decode(png()))
    document = shared_course.source('![A](dot.png){fig-alt="Slope `{python} b`, as fitted"}\n')
    page = shared_course.make(document, [{"text/plain": "'-3.50'"}])
    assert page.xpath("//main//img/@alt") == ["Slope -3.50, as fitted"]


def test_inline_markdown_is_markdown(shared_course: Course) -> None:
    document = shared_course.source("`{python} x`\n")
    page = shared_course.make(document, [{"text/markdown": "**b**", "text/plain": "<Markdown>"}])
    assert texts(page, "//main//p/strong") == ["b"]


def test_tables_lists_quotes_and_raw_html(shared_course: Course) -> None:
    body = (
        "| a | b |\n|:--|--:|\n| 1 | 2 |\n\n* x\n* y\n\n> q\n\n<details><summary>More</summary>\n\n*in*\n\n</details>\n"
    )
    page = shared_course.page(body)
    assert texts(page, "//main//td") == ["1", "2"]
    assert texts(page, CONTENT + "//li") == ["x", "y"]
    assert texts(page, "//main//blockquote") == ["q"]
    assert texts(page, "//main//details//em") == ["in"]


def test_includes_stand_in_for_their_text(shared_course: Course) -> None:
    shared_course.write("parts/_outer.qmd", "Outer text.\n\n{{< include deeper/_inner.qmd >}}\n")
    shared_course.write("parts/deeper/_inner.qmd", "## Inner\n\n" + cell("label: inner", "inner()"))
    document = shared_course.source("{{< include parts/_outer.qmd >}}\n\nAfter `{{< include x >}}`.\n")
    assert document.includes == ["parts/_outer.qmd", "parts/deeper/_inner.qmd"]
    assert (document.cells[0].where.path, document.cells[0].where.line) == ("parts/deeper/_inner.qmd", 4)
    page = shared_course.make(document)
    assert texts(page, "//main//p") == ["Outer text.", "After {{< include x >}}."]
    assert texts(page, "//main//h2") == ["Inner"]
    assert code_of(page) == ["inner()"]


def test_code_that_is_only_shown(shared_course: Course) -> None:
    body = '```python\nplain()\n```\n\n```{.python filename="a.py"}\nnamed()\n```\n\n~~~\n```{python}\n1\n```\n~~~\n'
    document = shared_course.source(body)
    assert document.cells == []
    page = shared_course.make(document)
    assert texts(page, "//main//pre") == ["plain()", "named()", "```{python} 1 ```"]
    assert texts(page, f"//*[{having('code-with-filename-file')}]") == ["a.py"]


def test_a_line_that_begins_with_three_backticks_of_inline_code_opens_nothing(shared_course: Course) -> None:
    document = shared_course.source("```a`b``` is inline.\n\n" + cell("label: a"))
    assert [c.options["label"] for c in document.cells] == ["a"]


@pytest.mark.parametrize("mark", ["\u2028", "\x0c", "\x85", "\x1c"])
def test_odd_line_separators_do_not_cut_lines(shared_course: Course, mark: str) -> None:
    document = shared_course.source(f"a{mark}b\n\n" + cell("label: a", f"x = 'a{mark}b'"))
    assert document.cells[0].where.line == 7
    assert document.cells[0].source == f"x = 'a{mark}b'"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("---\n", "---  \n"),
    ],
    ids=["CRLF", "BOM", "no newline at the end", "blanks after the dashes"],
)
def test_the_same_text_in_another_file_form_is_the_same_page(course: Course, change: object) -> None:
    source = "---\ntitle: T\n---\n\n{{< include _i.qmd >}}\n\n" + cell("label: a", "x = 1") + "\nLast `$x$` words"
    course.write("_i.qmd", "Included\n")
    course.write("page.qmd", source)
    from site_builder.document import read_document

    expected = course.make(read_document(course.root, "page.qmd"))
    course.write("page.qmd", change(source))  # type: ignore[operator]
    course.write("_i.qmd", change("Included\n"))  # type: ignore[operator]
    document = read_document(course.root, "page.qmd")
    assert document.cells[0].where.line == 8
    assert document.cells[0].source == "x = 1"
    assert lxml.html.tostring(course.make(document)) == lxml.html.tostring(expected)
