"""axe-core, which package-lock.json pins, on a page or a part of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from site_builder.vendor import install

ROOT = Path(__file__).resolve().parents[2]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: axe-core switches the WCAG 2.2 rule on the size of targets off unless it is asked for.
RUN = """([place, tags]) => axe.run(place ?? document, {
  runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'],
})"""


@cache
def source() -> str:
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        install(ROOT)
    return script.read_text("utf-8")


def violations(page: Page, place: str | None = None) -> list[str]:
    """Return what breaks WCAG 2.2 A or AA in a part of the page, or in the whole."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(source())
    result: dict[str, Any] = page.evaluate(RUN, [place, TAGS])
    return [f"{found['id']}: {node['html'][:160]}" for found in result["violations"] for node in found["nodes"]]
