"""Serves a site for `preview`: each page brings a small script that reloads it, or shows what is wrong."""

from __future__ import annotations

import html
import io
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO

SCRIPT = Path(__file__).with_name("preview.js")
#: Addresses of the preview itself; no page of a course begins so.
SCRIPT_ADDRESS, EVENTS_ADDRESS = "/__preview__/client.js", "/__preview__/events"
TAG = f'<script type="module" src="{SCRIPT_ADDRESS}?build={{}}"></script>'
NO_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>Preview</title><body><p>There is no page {}.</p>"
#: Seconds after which a page that listens is sent a sign of life.
HEARTBEAT = 10


class State:
    """What every open page should know: which build is the last good one, and what is wrong now."""

    def __init__(self, mistake: str | None = None) -> None:
        self.build, self.mistake = time.time_ns(), mistake
        self._news = threading.Condition()

    def built(self, mistake: str | None) -> None:
        """Note the end of a build: a good one, or one with a mistake."""
        with self._news:
            self.build += mistake is None
            self.mistake = mistake
            self._news.notify_all()

    def as_json(self) -> str:
        """Return the state as one line of JSON."""
        return json.dumps({"build": str(self.build), "mistake": self.mistake})

    def wait(self, known: str) -> str:
        """Wait for a state that differs from the known one, or for a sign of life to be due; return the state."""
        with self._news:
            self._news.wait_for(lambda: self.as_json() != known, HEARTBEAT)
            return self.as_json()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: object, state: State, **more: object) -> None:
        self.state = state
        super().__init__(*arguments, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path == EVENTS_ADDRESS:
            self._events()
        else:
            super().do_GET()

    def _events(self) -> None:
        """Send the state, and again whenever it changes, until the page is closed."""
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        state = self.state.as_json()
        try:
            while True:
                self.wfile.write(f"data: {state}\n\n".encode())
                self.wfile.flush()
                state = self.state.wait(state)
        except OSError:
            return

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        if self.path.partition("?")[0] == SCRIPT_ADDRESS:
            return self._send(SCRIPT.read_bytes(), "text/javascript")
        file = Path(self.translate_path(self.path))
        if file.is_dir() and self.path.partition("?")[0].endswith("/"):
            file /= "index.html"
        if file.suffix != ".html":
            return super().send_head()
        tag = TAG.format(self.state.build)  # before the page is read: one too new loads again, one too old stays
        try:
            page, status = file.read_text("utf-8"), HTTPStatus.OK
        except OSError:
            page, status = NO_PAGE.format(html.escape(self.path)), HTTPStatus.NOT_FOUND
        before, end, after = page.rpartition("</body>")
        return self._send(f"{before or after}{tag}{end}{after if before else ''}".encode(), "text/html", status)

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> io.BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")  # what is shown is what was built last
        super().end_headers()

    def log_message(self, *arguments: object) -> None:
        """Say nothing: the terminal shows what builds say."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing of pages that were closed while they loaded."""


@contextmanager
def serving(site: Path, state: State, port: int) -> Iterator[str]:
    """Serve a site on this machine, on a free port if ``port`` is 0; give its address without a slash at the end."""
    server = _Server(("127.0.0.1", port), partial(_Handler, directory=str(site), state=state))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
