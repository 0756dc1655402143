"""The search index: what of each page can be found, cut into sections and slides, and handed to Pagefind.

Each section of a page and each slide of a deck is one entry, so that a result leads to its place. Left out are speaker
notes, printed outputs, displayed formulas, and what hints and worked solutions say: those are found under their titles.
"""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from urllib.parse import quote

import lxml.html

from site_builder.errors import UsageError
from site_builder.files import digest, read_sealed, write_sealed

#: Where the index lies in the site; `theme/js/search.js` looks for it there.
FOLDER = "pagefind"
#: Our own file beside it: where each entry leads, its kind, page and title, by Pagefind's name of its fragment.
PLACES = "places.json"
#: What the browser needs of what Pagefind writes; the rest are interfaces, and we have our own.
NEEDED = re.compile(r"pagefind(-worker)?\.js|pagefind-entry\.json|wasm\..+|.+\.pf_meta|(index|fragment)/.+")
#: Classes of what is not text of the page: the second form of a formula, the frame of the page, output.
SILENT_CLASSES = {"katex-html", "katex-display", "katex-error", "visually-hidden", "title-block", "toc"}
SILENT_TAGS = {"aside", "nav", "script", "style", "template", "iframe", "svg", "button", "annotation"}
FOLDED_CLASSES = {"hint", "solution"}
BLOCK_TAGS = {
    *(
        "blockquote",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "li",
        "ol",
        "p",
        "pre",
    ),
    *("section", "summary", "table", "td", "th", "tr", "ul"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
#: Where the text of a page and the slides of a deck stand, in our pages and in Quarto's.
ROOTS = (
    "//*[@id='slidecontent'] | //div[@class='slides'] | //div[@class='content'] | //main[@id='quarto-document-content']"
)
CODE_WEIGHT = "0.5"
TIME_LIMIT = 120  # seconds


@dataclass(frozen=True)
class Entry:
    """What a reader can find: a section or a slide, the page it is in, and its texts (each with: is it code)."""

    place: str
    kind: str
    page: str
    title: str
    texts: tuple[tuple[str, bool], ...]

    def as_html(self, lang: str) -> str:
        """Return the title and the texts as a page that Pagefind reads."""
        weights = {True: f' data-pagefind-weight="{CODE_WEIGHT}"', False: ""}
        texts = self.texts or ((self.title, False),)  # Pagefind drops a page without text
        body = "".join(f"<p{weights[is_code]}>{html.escape(text)}</p>" for text, is_code in texts)
        title = f'<h1 data-pagefind-ignore data-pagefind-meta="title">{html.escape(self.title)}</h1>'
        return f'<html lang="{html.escape(lang)}"><body>{title}{body}</body></html>'


def write_index(site: Path, pages: Iterable[str], cache: Path, lang: str = "en") -> None:
    """Write the index of these pages of a site, whose present index, if any, is replaced.

    The index is remembered: as long as the entries stay the same, so does it.
    """
    entries = [entry for path in pages for entry in page_entries(path, (site / path).read_text("utf-8"))]
    documents = [entry.as_html(lang) for entry in entries]
    key = digest(_version(), *documents, *(f"{entry.place} {entry.kind} {entry.page}" for entry in entries))
    files = _remembered(cache, key)
    if files is None:
        files = _run_pagefind(documents)
        files[PLACES] = json.dumps(_places(files, entries), ensure_ascii=False, separators=(",", ":")).encode()
        write_sealed(cache, json.dumps({"key": key, "files": {n: _text(data) for n, data in sorted(files.items())}}))
    shutil.rmtree(site / FOLDER, ignore_errors=True)
    for name, data in files.items():
        (site / FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (site / FOLDER / name).write_bytes(data)


def _places(files: dict[str, bytes], entries: list[Entry]) -> dict[str, dict[str, str]]:
    """Return what the browser must know of each entry before it loads its text.

    It stands apart from what Pagefind stores with an entry, because that would also be words to find.
    """
    places = {}
    for name in sorted(files):
        if name.startswith("fragment/"):
            number = re.search(rb'"url":"/(\d+)\.html"', gzip.decompress(files[name]))
            if number is None:
                raise UsageError(f"the search index cannot be made: this Pagefind writes another form of {name}")
            entry = entries[int(number[1])]
            facts = {"address": entry.place, "kind": entry.kind, "page": entry.page, "title": entry.title}
            places[PurePosixPath(name).stem] = facts
    return places


def _version() -> str:
    try:
        return metadata.version("pagefind_bin")
    except metadata.PackageNotFoundError:  # another Pagefind, found on the path
        return ""


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _remembered(cache: Path, key: str) -> dict[str, bytes] | None:
    """Return the files of the last index if it was made of the same entries."""
    stored = read_sealed(cache)
    if stored is None or (last := json.loads(stored))["key"] != key:
        return None
    return {name: base64.b64decode(data) for name, data in last["files"].items()}


def _run_pagefind(documents: list[str]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="search-") as folder:
        source, target = Path(folder, "entries"), Path(folder, "index")
        source.mkdir()
        for number, document in enumerate(documents):
            (source / f"{number:05}.html").write_text(document, "utf-8")
        _call([_binary(), "--site", str(source), "--output-path", str(target), "--silent"])
        found = (path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        return {name: (target / name).read_bytes() for name in found if NEEDED.fullmatch(name)}


def _binary() -> str:
    from pagefind.service import get_executable

    if (path := get_executable()) is None:
        raise UsageError("the search index cannot be made: Pagefind is not installed; pip install 'pagefind[bin]'")
    return str(path)


def _call(command: list[str]) -> None:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"the search index cannot be made: {error}") from None
    if run.returncode:
        said = (run.stderr or run.stdout).strip()[-2000:]
        raise UsageError(f"the search index cannot be made: Pagefind ended with status {run.returncode}\n{said}")


def page_entries(path: str, text: str) -> Iterator[Entry]:
    """Go through what can be found in a built page: its opening, its sections; of a deck, its slides."""
    tree = lxml.html.document_fromstring(text)
    is_deck = bool(tree.xpath("//div[@class='reveal']"))
    heading = next(tree.iter("h1"), None)
    page = _plain(heading) if heading is not None else path
    kind = _kind(path, tree.body.get("class", ""), is_deck)
    for root in tree.xpath(ROOTS):
        opening = tuple((name, False) for name in tree.xpath("//*[contains(@class, 'subtitle')]/text()"))
        if not is_deck:
            yield Entry(quote(path), kind, page, page, opening + _texts(root))
        for section in root.xpath(".//section[@id]"):
            title = next((child for child in section if child.tag in HEADINGS), None)
            if title is None or _is_silent(section):
                continue
            place = f"{quote(path)}#{'/' if is_deck else ''}{quote(section.get('id'))}"
            yield Entry(place, kind, page, _plain(title), _texts(section))


def _kind(path: str, classes: str, is_deck: bool) -> str:
    if is_deck:
        return "Slide"
    if path.startswith("reference/"):
        return "Reference"
    return "Lesson" if "lesson" in classes.split() else "Page"


def _is_silent(element: lxml.html.HtmlElement) -> bool:
    """Tell whether an element, or one around it, is left out."""
    return any(_leaves_out(each) or _is_folded(each) for each in (element, *element.iterancestors()))


def _is_folded(element: lxml.html.HtmlElement) -> bool:
    return element.tag == "details" and bool(FOLDED_CLASSES & set(element.get("class", "").split()))


def _leaves_out(element: lxml.html.HtmlElement) -> bool:
    classes = set(element.get("class", "").split())
    is_output = element.tag == "pre" and "cell-output" in (element.getparent().get("class") or "")
    marked = element.get("hidden") is not None or element.get("data-pagefind-ignore") is not None
    hidden = marked or element.get("data-visibility") == "hidden"
    return (
        hidden
        or is_output
        or not isinstance(element.tag, str)
        or element.tag in SILENT_TAGS
        or bool(classes & SILENT_CLASSES)
    )


def _plain(element: lxml.html.HtmlElement) -> str:
    """Return the text of a heading, as it is read."""
    pieces: list[tuple[str, bool]] = []
    _collect(element, pieces, False)
    return " ".join("".join(text for text, _ in pieces).split())


def _texts(section: lxml.html.HtmlElement) -> tuple[tuple[str, bool], ...]:
    """Return the texts of a section without its heading and the sections in it, prose and code apart."""
    pieces: list[tuple[str, bool]] = []
    for child in section:
        if child.tag not in HEADINGS:
            _collect(child, pieces, False)
        pieces.append((child.tail or "", False))
    runs: list[tuple[str, bool]] = []
    for text, is_code in pieces:
        if runs and runs[-1][1] == is_code:
            runs[-1] = (runs[-1][0] + text, is_code)
        else:
            runs.append((text, is_code))
    return tuple((" ".join(text.split()), is_code) for text, is_code in runs if text.strip())


def _collect(element: lxml.html.HtmlElement, pieces: list[tuple[str, bool]], is_code: bool) -> None:
    """Add the texts of an element; of a hint or a worked solution, only its title."""
    if not isinstance(element.tag, str) or _leaves_out(element) or (element.tag == "section" and element.get("id")):
        return
    is_code = is_code or element.tag == "pre"
    apart = "\n" if element.tag in BLOCK_TAGS | HEADINGS else ""
    pieces.append((apart + (element.text or ""), is_code))
    folded = _is_folded(element)
    for child in element:
        if not folded or child.tag == "summary":
            _collect(child, pieces, is_code)
        pieces.append(("" if folded else child.tail or "", is_code))
    pieces.append((apart, is_code))
