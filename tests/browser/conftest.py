"""The built site, served, and a browser to look at it with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser

from tests.browser.serving import chromium, serving
from tests.browser.visits import Visitor

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Build the site from the sources as they are now, once for all workers; executed cells come from the cache."""
    own = tmp_path_factory.getbasetemp()
    output = (own if worker_id == "master" else own.parent) / "built" / "_site"
    with FileLock(f"{output.parent}.lock"):
        if not output.is_dir():
            command = [sys.executable, "-m", "site_builder", "render", "--engine", "pandoc", "--output", str(output)]
            run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
            assert run.returncode == 0, run.stdout + run.stderr
    return output


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser for one module: Playwright's event loop must not outlive it, other tests run their own."""
    with chromium() as started:
        yield started


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, address)
    yield visitor
    visitor.close()
