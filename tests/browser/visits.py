"""Visits to pages of the site: what a page asks for, complains about and weighs."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

#: True on a page that is no deck.
DECK_STARTED = "() => !document.querySelector('.reveal > .slides') || window.Reveal?.isReady()"
#: The browser gave a request up because the reader went to another page.
GIVEN_UP = "net::ERR_ABORTED"
#: What a web host sends compressed.
TEXT_TYPES = ("text/", "application/javascript", "application/json", "image/svg+xml")


def script(name: str) -> str:
    """Return one of the scripts that run in the browser."""
    return (Path(__file__).parent / "scripts" / name).read_text("utf-8")


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
        self.page.on("requestfailed", self._failed)

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.complaints.append(f"failed: {request.url}: {request.failure}")

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


class Visitor:
    """Opens pages of the site in fresh contexts."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []

    def __call__(
        self,
        path: str,
        *,
        width: int = 1280,
        height: int = 720,
        scheme: str = "light",
        before: str = "",
        slowness: float = 1,
        blocked: str = "",
        **options: Any,
    ) -> Visit:
        """Open a page.

        `before` is a script that runs first, `slowness` divides the processor's speed, requests to addresses that
        match `blocked` fail.
        """
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", **options
        )
        self.contexts.append(context)
        visit = Visit(context.new_page(), self.address)
        visit.watch()
        if before:
            visit.page.add_init_script(before)
        if slowness != 1:
            context.new_cdp_session(visit.page).send("Emulation.setCPUThrottlingRate", {"rate": slowness})
        if blocked:
            visit.page.route(blocked, lambda route: route.abort())
        visit.page.goto(f"{self.address}/{path}", wait_until="load")
        visit.page.evaluate("() => document.fonts.ready")
        if options.get("java_script_enabled", True):
            visit.page.wait_for_function(DECK_STARTED)
        return visit

    def close(self) -> None:
        for context in self.contexts:
            context.close()
