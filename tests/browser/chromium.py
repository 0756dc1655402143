"""Finds a Chromium for the tests, or installs one; `python -m tests.browser.chromium` before the tests run.

The system's is taken where there is one. As root on a Debian-like system it is installed with apt-get, elsewhere with
`playwright install chromium`. Where neither works the tests stop with a clear error: they are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: The shell without windows first: it opens a page in less than half the time.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class NoChromium(Exception):
    """There is no Chromium and none can be installed."""


def find() -> str | None:
    """Return the path of a Chromium: the one that $CHROMIUM names, the system's, or Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        if not Path(named).is_file():
            raise NoChromium(f"$CHROMIUM names {named}, which is no file")
        return named
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((str(path) for path in PLACES if path.is_file()), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).is_file() else None


def ensure() -> str:
    """Return the path of a Chromium, installing one if need be."""
    if (path := find()) is not None:
        return path
    if _has_apt():
        _install_with_apt("chromium")
    else:
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    if (path := find()) is not None:
        return path
    raise NoChromium(
        "the tests need Chromium, and it could not be installed.\n"
        "  Install it from your system (Debian: apt-get install chromium), or name one in $CHROMIUM."
    )


def prepare() -> str:
    """Install the shell where that is one command; return the path of what the tests will take."""
    if "CHROMIUM" not in os.environ and not shutil.which(SHELL) and _has_apt():
        _install_with_apt(SHELL)
    return ensure()


def _has_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install_with_apt(package: str) -> None:
    _run(["apt-get", "-qq", "update"])
    _run(["apt-get", "-qq", "install", "--yes", "--no-install-recommends", package])


def _run(command: list[str]) -> None:
    print(f"Installing Chromium: {' '.join(command[1:] if command[0] == sys.executable else command)}", flush=True)
    subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    )


if __name__ == "__main__":
    try:
        print(f"Chromium for the tests: {prepare()}")
    except NoChromium as error:
        sys.exit(f"tests: {error}")
