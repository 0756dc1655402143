"""Prints what each page and deck of `_site/` weighs on first load: `python -m tests.browser.weights`."""

from __future__ import annotations

from pathlib import Path

from tests.browser.serving import chromium, serving
from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import Visitor, script


def main(site: Path = Path("_site")) -> None:
    with serving(site) as address, chromium() as browser:
        visitor = Visitor(browser, address)
        for path in [*PAGES, *DECKS]:
            seen = visitor(path)
            if path in DECKS:
                seen.page.evaluate(script("inspect_deck.js"), 28)  # goes through every slide
            else:
                seen.page.evaluate(script("scroll_through.js"))
            seen.page.wait_for_load_state("networkidle")
            print(f"{seen.transferred() / 1000:7.0f} KB  {path}")
        visitor.close()


if __name__ == "__main__":
    main()
