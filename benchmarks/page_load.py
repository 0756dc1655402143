"""How soon a reader sees a page: largest contentful paint of each page and deck, on a processor slowed down four times.

There is no peer here: the peer's column is the bound of 1.5 seconds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks.build import render
from benchmarks.timing import Row, show
from tests.browser.serving import chromium, serving
from tests.browser.site_pages import DECKS, PAGES
from tests.browser.visits import Visitor, script

BOUND = 1500
SLOWNESS = 4
SETTLED = 1000  # milliseconds after load and fonts in which something larger could still be painted


def largest_paint(browser: Browser, address: str, path: str) -> float:
    """Return the milliseconds until the largest thing of a page is painted, with an empty cache."""
    visitor = Visitor(browser, address)
    page = visitor(path, before=script("watch_vitals.js"), slowness=SLOWNESS).page
    page.wait_for_timeout(SETTLED)
    milliseconds = float(page.evaluate("vitals.paint"))
    visitor.close()
    return milliseconds


def rows(runs: int = 5) -> list[Row]:
    """Return the medians for the slowest page and the slowest deck."""
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        render(site)
        with serving(site) as address, chromium() as browser:
            paths = [*PAGES, *DECKS]
            taken = {path: median(largest_paint(browser, address, path) for _ in range(runs)) for path in paths}
    slowest = [max(group, key=lambda path: taken[path]) for group in (PAGES, DECKS)]
    work = "largest paint of {}, the slowest of {}, at a quarter of the speed"
    return [Row(work.format(path, len(paths)), "the bound", taken[path], BOUND, "ms") for path in slowest]


if __name__ == "__main__":
    show(rows())
