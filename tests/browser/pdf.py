"""Prints each deck of `_site/` as a PDF, one page a slide, and turns the links for PDFs to them: `make pdf`."""

from __future__ import annotations

from pathlib import Path

from site_builder.handouts import link_handouts
from tests.browser.serving import chromium, serving
from tests.browser.site_pages import DECKS


def main(site: Path = Path("_site")) -> None:
    with serving(site) as address, chromium() as browser:
        for path in DECKS:
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto(f"{address}/{path}?print-pdf", wait_until="networkidle")
            page.reload(wait_until="networkidle")  # now with the fonts in the cache: none may come too late
            page.wait_for_selector(".pdf-page")
            target = (site / path).with_suffix(".pdf")
            page.pdf(path=target, prefer_css_page_size=True, print_background=True)
            page.close()
            print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
    for name in link_handouts(site):
        print(f"{site / name} links to them")


if __name__ == "__main__":
    main()
