"""The neural-network playground: epochs a second in Node and on screen, frames, longest task, first paint, bytes.

The peer, TensorFlow Playground, is not installed here: its column has its figures of PLAYGROUND.md, measured on
two cores as well, but not in this run. So compare the orders of magnitude, not the digits.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser

from benchmarks.build import render
from benchmarks.timing import Row, show
from site_builder.vendor import node
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
TRAIN = """
import { readAddress } from 'PLACE/state.js';
import { Trainer } from 'PLACE/trainer.js';
const trainer = new Trainer(readAddress(`ADDRESS&seed=1`).state);
const until = (end) => { let n = 0; for (; performance.now() < end; n++) trainer.runEpoch(); return n; };
until(performance.now() + 500);
const start = performance.now();
console.log(JSON.stringify(until(start + 1500) / ((performance.now() - start) / 1000)));
"""
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


def in_node(address: str) -> float:
    """Return the epochs a second of training alone."""
    script = TRAIN.replace("PLACE", (ROOT / "playground").as_uri()).replace("ADDRESS", address)
    command = [node(), "--input-type=module", "--eval", script]
    return float(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


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


def rows(runs: int = RUNS) -> list[Row]:
    """Return the medians."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        render(Path(folder) / "site")
        with serving(Path(folder) / "site") as site, chromium() as browser:
            for name, (address, alone, shown) in CASES.items():
                peer = "TensorFlow Playground (its figure of PLAYGROUND.md)"
                found.append(
                    Row(f"{name}, training in Node", peer, median(in_node(address) for _ in range(runs)), alone, "/s")
                )
                seen = [on_screen(browser, site, address) for _ in range(runs)]
                middle = {key: median(one[key] for one in seen) for key in seen[0]}
                found += [
                    Row(f"{name}, epochs on screen", peer, middle["epochs"], shown, "/s"),
                    Row(f"{name}, frames", "the bound", middle["frames"], 60, "/s"),
                    Row(f"{name}, longest frame", "the bound", middle["longest"], 50, "ms"),
                    Row(f"{name}, first paint", "the bound", middle["paint"], 300, "ms"),
                ]
    return found


if __name__ == "__main__":
    show(rows())
