"""The README's pictures, made from the built site: `make shots`."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.serving import chromium, serving

FOLDER = Path(".github")
LESSON = "notebooks/01-introduction-to-deep-learning.html"
DECK = "slides/01-introduction-to-deep-learning.html"
GROUND = "#e9ecef"


def nothing(page: Page) -> None:
    """Leave the page as it opens."""


def answer(page: Page) -> None:
    """Answer a question wrongly, so that its feedback shows."""
    question = page.locator("#q-learning-rate")
    question.locator(".question-choice input").nth(0).check()
    question.locator(".question-check").click()
    question.evaluate("box => scrollTo(0, box.getBoundingClientRect().top + scrollY - 90)")


def search(page: Page) -> None:
    """Open the search and type."""
    page.keyboard.press("/")
    page.get_by_role("combobox", name="Search pages and slides").fill("learning rate")
    page.locator("dialog.search a").first.wait_for()


@dataclass(frozen=True)
class View:
    """A window on the site, and where it lies in the picture: its corner and its width there."""

    path: str
    window: tuple[int, int]
    corner: tuple[int, int]
    width: int
    scheme: str = "light"
    prepare: Callable[[Page], None] = nothing

    def shot(self, browser: Browser, address: str) -> Image.Image:
        width, height = self.window
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme=self.scheme, reduced_motion="reduce"
        )
        page.goto(f"{address}/{self.path}", wait_until="networkidle")
        self.prepare(page)
        page.wait_for_timeout(500)
        shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        page.close()
        return shot.resize((self.width, round(height * self.width / width)), Image.Resampling.LANCZOS)


#: Name of the picture, its size, and what is in it, from the back to the front.
PICTURES = {
    "course.png": (
        (1640, 880),
        [
            View("index.html", (1280, 860), (20, 20), 1120),
            View(f"{DECK}#/the-learning-rate-decides-how-you-arrive", (1280, 720), (500, 455), 710),
            View(LESSON, (400, 860), (1240, 60), 372, "dark"),
        ],
    ),
    "lesson.png": (
        (1640, 760),
        [
            View(LESSON, (1280, 900), (20, 20), 800, "light", answer),
            View(LESSON, (1280, 900), (840, 20), 780, "dark", search),
            View(f"{DECK}#/over-40-starts-depth-alone-did-not-win", (1280, 720), (420, 400), 600, "dark"),
        ],
    ),
}


def main(site: Path = Path("_site")) -> None:
    with serving(site) as address, chromium() as browser:
        for name, (size, views) in PICTURES.items():
            picture = Image.new("RGB", size, GROUND)
            for view in views:
                picture.paste(view.shot(browser, address), view.corner)
            picture.quantize(256).save(FOLDER / name, optimize=True)


if __name__ == "__main__":
    main()
