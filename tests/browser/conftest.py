"""The built site, served, and a browser to look at it with."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from site_builder.vendor import install
from tests.browser.serving import chromium, serving

ROOT = Path(__file__).resolve().parents[2]
#: What a web host sends compressed.
TEXT_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site from the sources as they are now (executed cells come from the cache where unchanged)."""
    output = tmp_path_factory.mktemp("built") / "_site"
    command = [sys.executable, "-m", "site_builder", "render", "--engine", "pandoc", "--output", str(output)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return output


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as url:
        yield url


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the accessibility checker that package-lock.json pins."""
    script = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        install(ROOT)
    return script.read_text("utf-8")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@dataclass
class Visit:
    """A page in the browser with everything that it asked for and complained about."""

    page: Page
    host: str
    requests: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("response", lambda response: self.responses.append(response))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    @property
    def foreign(self) -> list[str]:
        """Requests that went to another host."""
        own = ("data", "blob", "about")
        return [url for url in self.requests if urlsplit(url).scheme not in own and not url.startswith(self.host)]

    def transferred(self) -> int:
        """Bytes on the wire as a web host would send them: text compressed, the rest as it is."""
        return sum(_wire_size(response) for response in self.responses if response.ok)


def _wire_size(response: Response) -> int:
    body = response.body()
    kind = response.headers.get("content-type", "")
    return len(gzip.compress(body)) if kind.startswith(TEXT_TYPES) else len(body)


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[_Visitor]:
    visitor = _Visitor(browser, address)
    yield visitor
    visitor.close()


class _Visitor:
    """Opens pages of the site in fresh contexts."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list = []

    def __call__(self, path: str, *, width: int = 1280, height: int = 720, scheme: str = "light", **options) -> Visit:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        visit = Visit(context.new_page(), self.address)
        visit.watch()
        visit.page.goto(f"{self.address}/{path}", wait_until="load")
        visit.page.evaluate("() => document.fonts.ready")
        return visit

    def close(self) -> None:
        for context in self.contexts:
            context.close()
