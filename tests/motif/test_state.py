"""The address holds the whole state of the scanner: what is written is read again, what is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.check import SETTINGS
from tests.motif.nodes import ask

ROOT = Path(__file__).resolve().parents[2]
(KNOWN,) = ask(("defaults", None))
WEIGHTS = st.integers(-99000, 99000).map(lambda thousandths: thousandths / 1000)
MUTATIONS = st.dictionaries(st.integers(0, 399), st.sampled_from("ACGT"), max_size=6).map(
    lambda changes: [{"position": position, "base": base} for position, base in changes.items()]
)
STATES = st.fixed_dictionaries(
    {},
    optional={
        "motif": st.sampled_from(sorted(KNOWN["motifs"])),
        "seed": st.integers(0, 999999),
        "length": st.integers(30, 400),
        "sites": st.integers(0, 10),
        "dna": st.text("ACGTN", max_size=400),
        "mutations": MUTATIONS,
        "filter": st.none() | st.lists(st.lists(WEIGHTS, min_size=4, max_size=4), min_size=1, max_size=30),
        "strands": st.sampled_from(["both", "plus"]),
        "threshold": st.integers(-40, 80).map(lambda halves: halves / 2),
        "pool": st.integers(1, 400),
        "position": st.integers(0, 399),
        "at": st.none() | st.integers(0, 399),
    },
)


@settings(max_examples=6, deadline=None)
@given(st.lists(STATES, min_size=40, max_size=40))
def test_any_state_comes_back_from_its_address(states: list[dict[str, Any]]) -> None:
    for answer in ask(*(("roundTrip", state) for state in states)):
        assert answer["back"] == {"state": answer["full"], "notes": []}
        assert not answer["text"] or SETTINGS.fullmatch(answer["text"]), "check.py takes the link for a broken one"


def test_the_first_state_needs_no_address() -> None:
    (answer,) = ask(("roundTrip", {}))
    assert answer["text"] == ""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("motif=MA9999.9", "must be one of"),
        ("length=1000", "must be a whole number from 30 to 400"),
        ("length=60.5", "must be a whole number"),
        ("seed=abc", "must be a whole number"),
        ("dna=ACGX", "has 'X' at position 3"),
        ("dna=" + "A" * 401, "must be 400 letters or fewer"),
        ("mutations=12A,x", "must be a list such as 12A,40G"),
        ("filter=1,2,3", "must be 1 to 30 places"),
        ("filter=1,2,3,1e999", "must be a number from -99 to 99"),
        ("strands=minus", "must be one of both, plus"),
        ("nothing=1", "is no setting of this page"),
        ("toString=1", "is no setting of this page"),
        ("dna=%E0%A4%A", "cannot be read"),
    ],
)
def test_bad_values_are_ignored_one_by_one_with_a_note(part: str, said: str) -> None:
    (answer,) = ask(("parse", f"#pool=7&{part}&threshold=3.5"))
    assert answer["state"] == {**KNOWN["state"], "pool": 7, "threshold": 3.5}
    assert len(answer["notes"]) == 1
    assert said in answer["notes"][0]


def test_the_page_offers_the_matrices_of_the_course() -> None:
    page = (ROOT / "playground" / "motif.qmd").read_text("utf-8")
    offered = dict(re.findall(r'<option value="(MA[\d.]+)"(?: selected)?>(\w+),', page))
    files = {path.stem: path.read_text("utf-8").split()[1] for path in (ROOT / "data" / "motifs").glob("*.jaspar")}
    assert offered == KNOWN["motifs"] == files


def test_the_link_check_knows_settings_from_anchors() -> None:
    assert SETTINGS.fullmatch(urlsplit("motif.html#motif=MA0139.1&seed=3").fragment)
    assert not SETTINGS.fullmatch("no-anchor")
    assert not SETTINGS.fullmatch("a=1&b")
