"""Asks the other sites that pages link to whether their addresses still lead somewhere: `check --external`.

One address is asked at a time on each host, several hosts side by side. What fails for the moment is asked again.
Answers that say nothing about the address (a publisher that turns programs away) are allowed in a file, with reasons.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import quote, urldefrag, urlsplit

import yaml

from site_builder.check import Page
from site_builder.errors import UsageError

AGENT = "Mozilla/5.0 (compatible; course link check)"
#: Answers of a host that is busy or broken for the moment.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
#: What an allowance may take: the answer that sends the browser on, or not even that.
REDIRECT, ANY = "redirect", "any"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
Answers = dict[str, "Answer"]


@dataclass(frozen=True)
class Allowance:
    """Addresses for which less than a whole page is enough, and why."""

    address: str
    take: str
    reason: str

    def covers(self, address: str) -> bool:
        """Tell whether an address is meant; ``*`` stands for anything."""
        return fnmatchcase(address, self.address)


@dataclass(frozen=True)
class Patience:
    """How often an address is asked, how long it may take, and the pause before the second time; in seconds."""

    times: int = 3
    timeout: float = 20.0
    pause: float = 5.0


@dataclass(frozen=True)
class Answer:
    """What an address gave: whether that is good, and what it was in words."""

    good: bool
    words: str


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Leave the answer as it is."""


def read_allowances(path: Path) -> list[Allowance]:
    """Read the file of allowances: a list of ``address``, ``take`` and ``reason``.

    Raises
    ------
    UsageError
        If the file is missing, or an entry lacks a key or its reason.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8")) or []
        allowances = [Allowance(**entry) for entry in entries]
    except (OSError, yaml.YAMLError, TypeError) as error:
        raise UsageError(f"{path} cannot be read as a list of address, take and reason: {error}") from None
    for allowance in allowances:
        if allowance.take not in (REDIRECT, ANY) or not str(allowance.reason or "").strip():
            raise UsageError(f"{path}: {allowance.address} needs `take: {REDIRECT}` or `take: {ANY}`, and a reason")
    return allowances


def external_links(site: Path) -> dict[str, list[str]]:
    """Return the addresses on other hosts to which a built site links, with the pages that do; fragments left out."""
    found: dict[str, list[str]] = {}
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        links = Page(name, path.read_text("utf-8")).links()
        for address in sorted({urldefrag(link).url for link in links if urlsplit(link).scheme in ("http", "https")}):
            found.setdefault(address, []).append(name)
    return found


def ask_all(addresses: Iterable[str], allowances: Iterable[Allowance], patience: Patience | None = None) -> Answers:
    """Ask every address; those of one host one after the other."""
    hosts: dict[str, list[str]] = {}
    for address in addresses:
        hosts.setdefault(urlsplit(address).netloc, []).append(address)
    allowances, patience = list(allowances), patience or Patience()

    def ask_host(some: list[str]) -> Answers:
        return {address: _ask(address, allowances, patience) for address in some}

    with ThreadPoolExecutor(max_workers=8) as pool:
        return {
            address: answer for answers in pool.map(ask_host, hosts.values()) for address, answer in answers.items()
        }


def _ask(address: str, allowances: list[Allowance], patience: Patience) -> Answer:
    allowed = next((allowance for allowance in allowances if allowance.covers(address)), None)
    if allowed is not None and allowed.take == ANY:
        return Answer(True, f"not asked: {allowed.reason}")
    for attempt in range(patience.times):
        if attempt:
            time.sleep(patience.pause * 2 ** (attempt - 1))
        answer, passing = _ask_once(address, patience.timeout, follow=allowed is None)
        if not passing:
            break
    return answer


def _ask_once(address: str, timeout: float, *, follow: bool) -> tuple[Answer, bool]:
    """Ask an address; return its answer, and whether another try may give another one."""
    opener = urllib.request.build_opener(*([] if follow else [_NoRedirects]))
    plain = quote(address, safe="%/:?#[]@!$&'()*+,;=~")  # ASCII
    request = urllib.request.Request(plain, headers={"User-Agent": AGENT, "Accept": "*/*"})
    try:
        with opener.open(request, timeout=timeout) as response:
            return Answer(True, str(response.status)), False
    except urllib.error.HTTPError as error:
        error.close()
        good = not follow and error.code in REDIRECTS
        return Answer(good, f"{error.code} {error.reason}".strip()), error.code in PASSING
    except (OSError, HTTPException, ValueError) as error:
        return Answer(False, f"no answer: {getattr(error, 'reason', None) or error or type(error).__name__}"), True


def findings(links: dict[str, list[str]], answers: Answers, allowances: Iterable[Allowance]) -> list[str]:
    """Return what is wrong: addresses that lead nowhere, with their pages, and allowances that nothing needs."""
    broken = [
        f"{address}: {answers[address].words} (in {', '.join(pages)})"
        for address, pages in links.items()
        if not answers[address].good
    ]
    idle = [one.address for one in allowances if not any(map(one.covers, links))]
    return broken + [f"{address}: allowed, but no page links to it; take the entry out" for address in idle]


def as_markdown(links: dict[str, list[str]], wrong: list[str]) -> str:
    """Return the report, for an issue."""
    text = "".join(f"* {line}\n" for line in wrong) or "All lead somewhere.\n"
    return f"## Links to other sites\n\n{len(links)} addresses, {len(wrong)} findings.\n\n{text}"
