"""The check of links to other sites, against a server on this machine: no test asks the network."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from site_builder import external
from site_builder.cli import main
from site_builder.errors import UsageError
from site_builder.external import Allowance, Patience, ask_all, external_links, findings, read_allowances

AT_ONCE = Patience(times=3, timeout=5, pause=0)


@dataclass
class Site:
    """A server that answers as its paths say: `/404`, `/to/...` and `/loop` (send on), `/busy` (503, then 200)."""

    address: str = ""
    asked: Counter[str] = field(default_factory=Counter)

    def answer(self, path: str) -> tuple[int, str | None]:
        self.asked[path] += 1
        if path.startswith("/to/"):
            return 302, path.removeprefix("/to")
        if path == "/loop":
            return 302, "/loop"
        if path == "/busy":
            return (503 if self.asked[path] == 1 else 200), None
        return (int(path[1:4]) if path[1:4].isdigit() else 200), None


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, location = served.answer(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    served.address = f"http://127.0.0.1:{server.server_port}"
    yield served
    server.shutdown()
    server.server_close()


def ask(address: str, *allowances: Allowance) -> external.Answer:
    return ask_all([address], allowances, AT_ONCE)[address]


def test_a_page_that_is_there_is_asked_once(site: Site) -> None:
    assert ask(f"{site.address}/page").good
    assert site.asked == {"/page": 1}


@pytest.mark.parametrize("status", [404, 410, 403, 401])
def test_a_page_that_is_not_is_broken_at_once(site: Site, status: int) -> None:
    answer = ask(f"{site.address}/{status}")
    assert not answer.good
    assert answer.words.startswith(str(status))
    assert site.asked == {f"/{status}": 1}


def test_a_busy_host_is_asked_again(site: Site) -> None:
    assert ask(f"{site.address}/busy").good
    assert site.asked == {"/busy": 2}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_that_stays_busy_is_broken(site: Site, status: int) -> None:
    assert not ask(f"{site.address}/{status}").good
    assert site.asked == {f"/{status}": 3}


def test_the_pause_grows(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(external.time, "sleep", pauses.append)
    ask_all([f"{site.address}/503"], [], Patience(times=4, timeout=5, pause=5))
    assert pauses == [5, 10, 20]


def test_a_host_that_is_not_there_is_broken() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/"
    answer = ask(address)
    assert not answer.good
    assert answer.words.startswith("no answer: ")


def test_redirects_are_followed(site: Site) -> None:
    assert ask(f"{site.address}/to/page").good
    assert not ask(f"{site.address}/to/404").good
    assert not ask(f"{site.address}/loop").good


def test_an_address_with_other_letters_is_asked(site: Site) -> None:
    assert ask(f"{site.address}/café?a=b%20c").good
    assert site.asked == {"/caf%C3%A9?a=b%20c": 1}


def test_for_an_allowed_redirect_the_target_is_not_asked(site: Site) -> None:
    allowance = Allowance(f"{site.address}/*", "redirect", "It turns programs away.")
    assert ask(f"{site.address}/to/403", allowance).good
    assert site.asked == {"/to/403": 1}
    assert not ask(f"{site.address}/404", allowance).good, "an allowed redirect is no allowed 404"
    assert not ask(f"{site.address}/403", allowance).good


def test_what_is_not_to_be_asked_is_not(site: Site) -> None:
    answer = ask(f"{site.address}/404", Allowance(f"{site.address}/*", "any", "It lies."))
    assert (answer.good, answer.words) == (True, "not asked: It lies.")
    assert site.asked == {}


def test_one_host_is_asked_one_at_a_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: dict[str, set[int]] = {}

    def noted(address: str, *_: object, **__: object) -> tuple[external.Answer, bool]:
        threads.setdefault(external.urlsplit(address).netloc, set()).add(threading.get_ident())
        return external.Answer(True, "200"), False

    monkeypatch.setattr(external, "_ask_once", noted)
    addresses = [f"http://{host}.example/{page}" for page in range(20) for host in ("one", "two")]
    assert set(ask_all(addresses, [])) == set(addresses)
    assert {host: len(used) for host, used in threads.items()} == {"one.example": 1, "two.example": 1}


def built(folder: Path, *links: str, name: str = "index.html") -> Path:
    anchors = "".join(f'<a href="{link}">Link</a>' for link in links)
    (folder / name).write_text(f"<!doctype html><title>Page</title><p>{anchors}</p>", "utf-8")
    return folder


def test_links_are_found_once_with_their_pages_and_without_fragments(tmp_path: Path) -> None:
    built(
        tmp_path, "https://a.example/x#one", "https://a.example/x#two", "other.html#here", "mailto:a@b.example", "#top"
    )
    built(tmp_path, "https://a.example/x", "http://b.example", name="other.html")
    assert external_links(tmp_path) == {
        "https://a.example/x": ["index.html", "other.html"],
        "http://b.example": ["other.html"],
    }


def test_a_finding_names_address_answer_and_pages(site: Site, tmp_path: Path) -> None:
    links = external_links(built(tmp_path, f"{site.address}/404", f"{site.address}/page"))
    wrong = findings(links, ask_all(links, [], AT_ONCE), [])
    assert wrong == [f"{site.address}/404: 404 Not Found (in index.html)"]
    assert f"2 addresses, 1 findings.\n\n* {wrong[0]}" in external.as_markdown(links, wrong)
    assert "All lead somewhere." in external.as_markdown(links, [])


def test_an_allowance_that_nothing_needs_is_a_finding_beside_the_others() -> None:
    allowance = Allowance("https://gone.example/*", "any", "It was needed once.")
    links, answers = {"https://a.example": ["index.html"]}, {"https://a.example": external.Answer(False, "404")}
    assert findings(links, answers, [allowance]) == [
        "https://a.example: 404 (in index.html)",
        "https://gone.example/*: allowed, but no page links to it; take the entry out",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- address: https://a.example/*\n  take: any",
        "- address: https://a.example/*\n  take: any\n  reason: ''",
        "- address: https://a.example/*\n  take: all\n  reason: It lies.",
        "- https://a.example/*",
        "a: [",
    ],
)
def test_an_allowance_without_a_reason_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "links.yml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"links\.yml"):
        read_allowances(tmp_path / "links.yml")


def test_the_command_reports_and_says_by_its_exit_code(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, report = tmp_path / "site", tmp_path / "reports" / "links.md"
    output.mkdir()
    command = ["check", "--external", "--output", str(output), "--report", str(report)]
    built(output, f"{site.address}/page")
    assert main(command) == 0
    built(output, f"{site.address}/404")
    assert main(command) == 1
    assert f"{site.address}/404: 404 Not Found (in index.html)" in capsys.readouterr().err
    assert "1 findings" in report.read_text("utf-8")
    (tmp_path / "links.yml").write_text(
        f"- address: {site.address}/404\n  take: any\n  reason: It is a test.\n", "utf-8"
    )
    assert main([*command, "--allow", str(tmp_path / "links.yml")]) == 0
    assert main([*command, "--allow", str(tmp_path / "none.yml")]) == 2
