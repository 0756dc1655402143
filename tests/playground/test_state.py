"""The address keeps the whole state, and no address breaks the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.playground.nodes import Conversation

RATES = [0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
PENALTIES = [0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
ACTIVATIONS = ["relu", "tanh", "sigmoid", "linear", "cubic"]
FLAGS = """x y xSquared ySquared xTimesY sinX sinY cosX cosY showTestData discretize hideText collectStats gradientFlow
  logScale"""
WIDTHS = st.lists(st.integers(1, 16), max_size=6)
SECOND = {
    "activation": st.sampled_from(ACTIVATIONS),
    "learningRate": st.sampled_from(RATES),
    "optimizer": st.sampled_from(["sgd", "momentum", "adam"]),
    "init": st.sampled_from(["uniform", "he", "glorot", "small", "zero"]),
    "regularization": st.sampled_from(["none", "L1", "L2"]),
    "regularizationRate": st.sampled_from(PENALTIES),
    "batchSize": st.integers(1, 30),
    "networkShape": WIDTHS,
}
VALUES = {
    **SECOND,
    "noise": st.integers(0, 10).map(lambda k: 5 * k),
    "percTrainData": st.integers(1, 9).map(lambda k: 10 * k),
    "problem": st.sampled_from(["classification", "regression"]),
    "dataset": st.sampled_from(["circle", "xor", "gauss", "spiral", "own"]),
    "regDataset": st.sampled_from(["reg-plane", "reg-gauss", "reg-linear", "reg-cubic", "reg-sin1cos2", "own"]),
    "seed": st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="®"), min_size=1, max_size=20
    ),
    "speed": st.sampled_from(["1", "10", "60", "600", "max"]),
    "view": st.sampled_from(["plane", "line", "fit", "surface"]),
    "stopEpoch": st.integers(0, 1_000_000),
    "stopLoss": st.floats(0, 1e6, allow_nan=False).map(abs),
    "experiment": st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True),
    "compare": st.fixed_dictionaries({}, optional=SECOND).filter(bool),
    **dict.fromkeys(FLAGS.split(), st.booleans()),
}
STATES = st.fixed_dictionaries({}, optional=VALUES)


@pytest.fixture(scope="module")
def node() -> Iterator[Conversation]:
    conversation = Conversation("states.mjs")
    yield conversation
    conversation.close()


def test_the_states_that_are_tried_have_every_key(node) -> None:
    assert set(node.ask("keys")) == set(VALUES)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(state=STATES, hidden=st.lists(st.sampled_from(["playButton", "dataset", "tools"]), unique=True))
def test_an_address_gives_back_the_state_that_it_was_written_from(node, state, hidden) -> None:
    usual = node.ask("defaults")
    order = [name for name in ("dataset", "playButton", "tools") if name in hidden]
    address = node.ask("write", {**state, "hidden": order})
    found = node.ask("read", f"#{address}")
    assert found["notes"] == []
    assert found["state"] == {**usual, **state, "hidden": order}
    assert node.ask("write", found["state"]) == address


@settings(max_examples=300, deadline=None, derandomize=True)
@given(address=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=80))
def test_no_address_breaks_the_page(node, address: str) -> None:
    found = node.ask("read", address)
    assert set(found["state"]) == {*VALUES, "hidden"}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    state=STATES,
    name=st.sampled_from(sorted(VALUES)),
    text=st.sampled_from(["toString", "NaN", "-1", "1e99", "%zz", "[]", "٣"]),
)
def test_one_bad_value_leaves_the_others_and_a_note(node, state, name: str, text: str) -> None:
    others = {key: value for key, value in state.items() if key != name}
    address = node.ask("write", others)
    found = node.ask("read", f"{address}&{name}={text}")
    takes_any_text = name in ("seed", "experiment")
    if not (takes_any_text and not found["notes"]):
        assert len(found["notes"]) == 1
        assert found["state"] == {**node.ask("defaults"), **others}


#: The addresses of the source lecture (000), as it has them: a reader has turned "&reg" into one sign.
SOURCES = {
    "activation=linear&batchSize=10&dataset=circle®Dataset=reg-plane&learningRate=0.03®ularizationRate=0&noise=0"
    "&networkShape=1&seed=0.55802&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
    "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false&problem=regression"
    "&initZero=false&hideText=false": {"activation": "linear", "regDataset": "reg-plane", "networkShape": [1]},
    "activation=relu&batchSize=10&dataset=circle®Dataset=reg-gauss&learningRate=0.01®ularizationRate=0&noise=0"
    "&networkShape=4,2&seed=0.55802&showTestData=false&discretize=false&percTrainData=50&x=true&y=true&xTimesY=false"
    "&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false&collectStats=false&problem=regression"
    "&initZero=false&hideText=false": {"activation": "relu", "regDataset": "reg-gauss", "learningRate": 0.01},
}


@pytest.mark.parametrize("address", SOURCES)
@pytest.mark.parametrize("sign", ["®", "&reg", "%C2%AE"])
def test_the_addresses_of_the_sources_work(node, address: str, sign: str) -> None:
    found = node.ask("read", address.replace("®", sign))
    expected: dict[str, Any] = {**SOURCES[address], "problem": "regression", "seed": "0.55802"}
    assert found["notes"] == []
    assert found["state"] == {**node.ask("defaults"), **expected}


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("learningRate=0.5", "learningRate"),
        ("activation=toString", "activation"),
        ("networkShape=4,0", "networkShape"),
        ("networkShape=1,1,1,1,1,1,1", "networkShape"),
        ("percTrainData=100", "10 to 90"),
        ("batchSize=31", "1 to 30"),
        ("x=0", "true or false"),
        ("x=1", "true or false"),
        ("initZero=maybe", "true or false"),
        ("__proto__=1", "not a setting"),
        ("constructor=1", "not a setting"),
        ("nothing_hide=true", "no control"),
        ("compare=seed:1", "compare"),
        ("seed=%E0%A4%A", "well-formed"),
    ],
)
def test_what_the_note_says(node, part: str, says: str) -> None:
    found = node.ask("read", f"{part}&noise=10")
    (note,) = found["notes"]
    assert says in note
    assert note.endswith("It is ignored.")
    assert found["state"] == {**node.ask("defaults"), "noise": 10}


def test_a_bare_key_is_a_network_without_hidden_layers(node) -> None:
    assert node.ask("read", "networkShape") == node.ask("read", "networkShape=")
    assert node.ask("read", "networkShape")["state"]["networkShape"] == []


def test_only_what_differs_is_written_and_stays_readable(node) -> None:
    assert node.ask("write", {}) == ""
    address = node.ask(
        "write", {"networkShape": [8, 8], "init": "zero", "compare": {"networkShape": [3], "init": "he"}}
    )
    assert address == "networkShape=8,8&initZero=true&compare=networkShape:3;init:he"
    assert unquote(node.ask("write", {"seed": "a&b=c"})) == "seed=a&b=c"
