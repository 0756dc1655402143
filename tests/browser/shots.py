"""Screenshots of every slide and every page, and contact sheets of them: `make shots`."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.serving import chromium, serving
from tests.browser.site_pages import DECKS, PAGES

FOLDER = Path("shots")
SCHEMES = ("light", "dark")
WIDTHS = (1280, 360)
COLUMNS, THUMBNAIL = 4, (640, 360)
#: Shows a slide with all its fragments and waits for its images.
SHOW = """async (place) => {
  const slide = Reveal.getSlides()[place], { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v, 999);
  await Promise.all([...slide.querySelectorAll('img')].map((image) => image.decode().catch(() => 0)));
}"""
LOAD_IMAGES = """() => {
  const images = [...document.images].filter((image) => image.checkVisibility());
  images.forEach((image) => { image.loading = 'eager'; });
  return Promise.all(images.map((image) => image.decode()));
}"""


def main(site: Path = Path("_site")) -> None:
    FOLDER.mkdir(exist_ok=True)
    with serving(site) as address, chromium() as browser:
        for scheme in SCHEMES:
            for path in DECKS:
                slides = list(_slides(browser, f"{address}/{path}", scheme))
                _sheet(slides, FOLDER / f"{Path(path).stem}-{scheme}.png")
            for path in PAGES:
                for width in WIDTHS:
                    name = f"{path.replace('/', '-').removesuffix('.html')}-{scheme}-{width}.png"
                    _page(browser, f"{address}/{path}", scheme, width, FOLDER / name)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")


def _slides(browser: Browser, url: str, scheme: str) -> list[Image.Image]:
    page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(url, wait_until="load")
    page.wait_for_function("() => window.Reveal?.isReady()")
    shots = []
    for place in range(page.evaluate("Reveal.getSlides().length")):
        page.evaluate(SHOW, place)
        page.wait_for_timeout(60)
        shots.append(Image.open(io.BytesIO(page.screenshot())))
    page.close()
    return shots


def _sheet(shots: list[Image.Image], target: Path) -> None:
    rows = -(-len(shots) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * THUMBNAIL[0], rows * THUMBNAIL[1]), "#888")
    for place, shot in enumerate(shots):
        corner = (place % COLUMNS * THUMBNAIL[0], place // COLUMNS * THUMBNAIL[1])
        sheet.paste(shot.resize((THUMBNAIL[0] - 6, THUMBNAIL[1] - 6)), corner)
    sheet.save(target)
    folder = target.with_suffix("")
    folder.mkdir(exist_ok=True)
    for place, shot in enumerate(shots, start=1):
        shot.save(folder / f"{place:02}.png")


def _page(browser: Browser, url: str, scheme: str, width: int, target: Path) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page.goto(url, wait_until="networkidle")
    page.evaluate(LOAD_IMAGES)
    page.screenshot(path=target, full_page=True)
    page.close()


if __name__ == "__main__":
    main()
