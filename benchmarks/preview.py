"""`make preview`: from saving a page to seeing it in the browser.

There is no peer here: the peer's column is the bound of 2 seconds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.timing import Row, show
from tests.browser.previewing import Preview, previewing
from tests.browser.serving import chromium
from tests.site_builder.course import front_matter

BOUND = 2.0


def seconds(preview: Preview, page: Page, words: str) -> float:
    """Save a page with new words; return how long the browser takes to show them."""
    preview.course.write("page.qmd", front_matter() + f"## A part {{#part}}\n\n{words}\n")
    start = time.perf_counter()
    page.get_by_text(words).first.wait_for(timeout=20_000)
    return time.perf_counter() - start


def rows(runs: int = 7) -> list[Row]:
    """Return the median of several changes of one page."""
    with tempfile.TemporaryDirectory() as folder, previewing(Path(folder) / "course") as preview, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{preview.address}/page.html")
        taken = statistics.median(seconds(preview, page, f"Words number {number}.") for number in range(runs))
    return [Row("`make preview`, from saving a page to seeing it", "the bound", taken, BOUND, "s")]


if __name__ == "__main__":
    show(rows())
