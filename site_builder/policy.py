"""The content security policy of a page: nothing from another host, no inline script or style without its hash.

A `style` attribute is allowed: KaTeX and Pandoc place formulas and columns with it. No script can be written in one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

#: The plugin of the speaker view writes a whole page into a new window, its script and its style inline.
SPEAKER_VIEW = "theme/vendor/reveal/plugin/notes/notes.js"
INLINE = {
    tag: re.compile(rf"<{tag}(?P<attributes>[^>]*)>(?P<text>.*?)</{tag}\s*>", re.DOTALL | re.IGNORECASE)
    for tag in ("script", "style")
}
#: An inline script with a source runs that source; one of another type is data, and does not run.
NO_CODE = re.compile(r"""(?<![\w-])(?:src\s*=|type\s*=\s*["']?(?!module\b|text/javascript\b)[\w/+.-])""", re.IGNORECASE)
#: The page that the plugin writes: the argument of `document.write`, a string in double quotes.
WRITTEN_PAGE = re.compile(r'document\.write\(("(?:[^"\\]|\\.)*")\)')
#: How JavaScript writes what JSON has no short form for.
HEX_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\x([0-9a-fA-F]{2})")


def policy(html: Iterable[str], scripts: Iterable[str] = (), styles: Iterable[str] = ()) -> str:
    """Return the policy of a page made of these pieces of HTML; ``scripts`` and ``styles`` may run as well.

    'wasm-unsafe-eval' lets a script of the site itself compile WebAssembly, which the search needs; it is no `eval`.
    """
    pieces = list(html)
    script_hashes = _hashes([*inline_texts("script", pieces), *scripts])
    style_hashes = _hashes([*inline_texts("style", pieces), *styles])
    return "; ".join(
        [
            "default-src 'self'",
            " ".join(["script-src 'self' 'wasm-unsafe-eval'", *script_hashes]),
            "script-src-attr 'none'",
            " ".join(["style-src 'self'", *style_hashes]),
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "frame-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'none'",
        ]
    )


def inline_texts(tag: str, pieces: Iterable[str]) -> list[str]:
    """Return the text of the inline scripts (or styles) of some HTML."""
    found = [match for piece in pieces for match in INLINE[tag].finditer(piece)]
    return [match["text"] for match in found if tag == "style" or not NO_CODE.search(match["attributes"])]


@cache
def speaker_view(plugin: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the inline scripts and the inline styles of the speaker view, as the plugin of reveal.js writes them."""
    written = WRITTEN_PAGE.search(plugin.read_text("utf-8"))
    if written is None:
        return (), ()
    page = json.loads(HEX_ESCAPE.sub(r"\1\\u00\2", written[1].replace("\\'", "'")))
    return tuple(inline_texts("script", [page])), tuple(inline_texts("style", [page]))


def print_view_styles(width: object, height: object, margin: object) -> list[str]:
    """Return the two style sheets that reveal.js makes for the print view of slides of this size."""
    wide, high, rim = (float(str(value)) for value in (width, height, margin))
    page_width, page_height = math.floor(wide * (1 + rim)), math.floor(high * (1 + rim))
    media = ".reveal section>img, .reveal section>video, .reveal section>iframe"
    return [
        f"@page{{size:{page_width}px {page_height}px; margin: 0px;}}",
        f"{media}{{max-width: {wide:g}px; max-height:{high:g}px}}",
    ]


def _hashes(texts: Iterable[str]) -> list[str]:
    return [f"'sha256-{digest}'" for digest in dict.fromkeys(map(_digest, texts))]


def _digest(text: str) -> str:
    as_parsed = text.replace("\r\n", "\n").replace("\r", "\n")  # as a browser reads line ends
    return base64.b64encode(hashlib.sha256(as_parsed.encode("utf-8")).digest()).decode("ascii")
