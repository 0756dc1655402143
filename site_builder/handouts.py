"""Links from pages to the PDFs of decks, which only some builds have.

A page links to a section that says how a PDF is made, and names the file beside it:
``[As a PDF](#pdf){data-pdf="slides/deck.pdf"}``. That link is right on every site. Where the file has been printed into
the site, the link is turned to it afterwards: so it is never in the cache, and both engines write the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from site_builder.files import write_atomic
from site_builder.project import normalize

LINK = re.compile(r'<a\b[^>]*\bdata-pdf="(?P<pdf>[^"]+)"[^>]*>')
HREF = re.compile(r'\bhref="[^"]*"')


def link_handouts(site: Path) -> list[str]:
    """Turn the links of a built site's pages to the PDFs that are there; return the names of the pages changed."""
    changed = []
    for path in sorted(site.rglob("*.html")):
        name, text = path.relative_to(site).as_posix(), path.read_text("utf-8")
        new = linked(name, text, lambda file: (site / file).is_file())
        if new != text:
            write_atomic(path, new)
            changed.append(name)
    return changed


def linked(page: str, text: str, there: Callable[[str], bool]) -> str:
    """Return a page whose links lead to the PDFs that are there.

    Parameters
    ----------
    page : str
        Its path in the site, from which the names of PDFs count.
    text : str
        Its HTML.
    there : callable
        Tells of a path in the site whether the file exists.
    """

    def turned(match: re.Match[str]) -> str:
        file = normalize(PurePosixPath(page).parent / match["pdf"])
        return HREF.sub(lambda _: f'href="{match["pdf"]}"', match[0], count=1) if file and there(file) else match[0]

    return LINK.sub(turned, text)
