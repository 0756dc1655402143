"""Every link of a deck or lesson to a playground sets it up; no part of an address is ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_lib.motifs import read_jaspar
from tests.motif.nodes import ask
from tests.playground.nodes import Conversation

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"playground/(index|motif)\.qmd#([^)\"\s]+)")


def links(page: str) -> list[tuple[str, str]]:
    """Return (source, fragment) of all links to the playground on that page."""
    sources = sorted([*ROOT.glob("slides/*.qmd"), *ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("playground/*.qmd")])
    return [
        (source.name, found[2])
        for source in sources
        for found in LINK.finditer(source.read_text("utf-8"))
        if found[1] == page
    ]


@pytest.fixture(scope="module")
def node() -> Iterator[Conversation]:
    conversation = Conversation("states.mjs")
    yield conversation
    conversation.close()


def test_links_to_the_network_playground_are_understood(node) -> None:
    found = links("index")
    assert {source[:2] for source, _ in found} == {"01"}
    for source, fragment in found:
        assert (source, fragment, node.ask("read", fragment)["notes"]) == (source, fragment, [])


def test_links_to_the_motif_scanner_are_understood() -> None:
    found = links("motif")
    assert {source[:2] for source, _ in found} == {"02"}
    for (source, fragment), answer in zip(found, ask(*(("parse", fragment) for _, fragment in found)), strict=True):
        assert (source, fragment, answer["notes"]) == (source, fragment, [])


def test_the_slide_on_strands_shows_a_site_on_each() -> None:
    (fragment,) = [fragment for _, fragment in links("motif") if "threshold=10" in fragment]
    (answer,) = ask(("parse", fragment))
    state = answer["state"]
    (motif,) = read_jaspar(ROOT / "data" / "motifs" / f"{state['motif']}.jaspar")
    counts = motif.counts.tolist()
    keys = ("length", "sites", "seed")
    (simulated,) = ask(("simulate", {"counts": counts, **{key: state[key] for key in keys}}))
    (scores,) = ask(("scan", {"text": simulated["sequence"], "counts": counts}))
    assert sorted(site["strand"] for site in simulated["planted"]) == ["+", "-"]
    for strand in ("plus", "minus"):
        assert sum(score is not None and score > state["threshold"] for score in scores[strand]) == 1
