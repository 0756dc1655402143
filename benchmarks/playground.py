"""The neural-network playground: epochs a second in training alone and on screen, frames, longest frame, first paint.

The peer is TensorFlow Playground. It is no package, so it takes part in the run only if you name its training code as a
module, which `esbuild src/nn.ts --format=esm --outfile=nn.mjs` makes of a clone of tensorflow/playground:
`python -m benchmarks.playground nn.mjs`. Without it, its figures of PLAYGROUND.md stand in its column. On screen it
trains one epoch a frame, by design.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.build import render
from benchmarks.timing import Row, show
from tests.browser.serving import chromium, serving

ROOT = Path(__file__).resolve().parent.parent
#: Settings, and the peer's epochs a second in training alone and on screen.
CASES = {
    "circle, 4-2 tanh": ("", 8577, 60),
    "8-8-8-8-8-8 ReLU": ("networkShape=8,8,8,8,8,8&activation=relu", 1027, 19),
    "plane, 1 linear neuron": ("problem=regression&activation=linear&networkShape=", 14016, 60),
}
RUNS = 5
SECONDS = 3
TRAIN = Path(__file__).with_name("playground_training.js").read_text("utf-8")
#: Counts frames, notes tasks that hold up the page, and reads the number of epochs before and after.
WATCH = """async (seconds) => {
  const epochs = () => Number(document.getElementById('pg-epochs').textContent.replace(/\\D/g, ''));
  const gaps = [];
  let last = performance.now();
  const end = last + 1000 * seconds;
  const [first, start] = [epochs(), last];
  while (last < end) {
    const now = await new Promise(requestAnimationFrame);
    gaps.push(now - last);
    last = now;
  }
  gaps.shift();
  const time = (last - start) / 1000;
  return { epochs: (epochs() - first) / time, frames: gaps.length / time, longest: Math.max(...gaps) };
}"""


def alone(browser: Browser, site: str, address: str, peer: Path | None, runs: int) -> tuple[float, float | None]:
    """Return the epochs a second of training alone: ours, and the peer's if it takes part."""
    page = browser.new_page()
    if peer:
        page.route("**/peer.mjs", lambda route: route.fulfill(path=peer, content_type="text/javascript"))
    page.goto(f"{site}/playground/guide.html")
    found = page.evaluate(TRAIN, {"peer": "./peer.mjs" if peer else "", "address": address, "runs": runs})
    page.close()
    return found["ours"], found["theirs"]


def on_screen(browser: Browser, site: str, address: str) -> dict[str, Any]:
    """Return epochs and frames a second, the longest frame and the first paint, in milliseconds, of the playground."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/playground/index.html#seed=1&speed=max&{address}")
    page.locator("#pg-play").click()
    page.wait_for_timeout(1000)
    seen: dict[str, Any] = page.evaluate(WATCH, SECONDS)
    seen["paint"] = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    page.close()
    return seen


def rows(runs: int = RUNS, peer: Path | None = None) -> list[Row]:
    """Return the medians."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        render(Path(folder) / "site")
        with serving(Path(folder) / "site") as site, chromium() as browser:
            for name, (address, known, shown) in CASES.items():
                ours, theirs = alone(browser, site, address, peer, runs)
                told = "TensorFlow Playground" + ("" if theirs else " (its figure of PLAYGROUND.md)")
                found.append(Row(f"{name}, training alone", told, ours, theirs or known, "/s"))
                seen = [on_screen(browser, site, address) for _ in range(runs)]
                middle = {key: median(one[key] for one in seen) for key in seen[0]}
                peers = "TensorFlow Playground (its figure of PLAYGROUND.md)"
                found += [
                    Row(f"{name}, epochs on screen", peers, middle["epochs"], shown, "/s"),
                    Row(f"{name}, frames", "the bound", middle["frames"], 60, "/s"),
                    Row(f"{name}, longest frame", "the bound", middle["longest"], 50, "ms"),
                    Row(f"{name}, first paint", "the bound", middle["paint"], 300, "ms"),
                ]
    return found


if __name__ == "__main__":
    show(rows(peer=Path(sys.argv[1]) if sys.argv[1:] else None))
