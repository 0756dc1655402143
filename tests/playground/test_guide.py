"""What the guide says will happen happens, and each guided experiment comes out as it says, over several seeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.playground.nodes import run

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "playground" / "guide.qmd"
PAGE = ROOT / "playground" / "index.qmd"
SEEDS = list(range(1, 11))
CUBIC = "problem=regression&regDataset=reg-cubic&activation=relu&networkShape=4"
SQUARES = "networkShape=&x=false&y=false&xSquared=true&ySquared=true"
Seen = dict[str, Any]

#: The guide's words, the runs that they speak of (address, epochs), and what must hold of these in each seed.
CLAIMS: dict[str, tuple[list[tuple[str, int]], Callable[..., bool]]] = {
    "the test loss falls from about 0.5 to below 0.2 within 100": (
        [("", 0), ("", 100)],
        lambda before, after: 0.4 < before["test"] < 0.6 and after["test"] < 0.2,
    ),
    "between 80 % and 98 %, and at 0 it is 100 %": (
        [("dataset=gauss&noise=50", 100), ("dataset=gauss", 100)],
        lambda noisy, clean: 0.80 < noisy["accuracy"] < 0.98 and clean["accuracy"] == 1,
    ),
    "batches of 1 reach a lower": (
        [("batchSize=1", 10), ("batchSize=30", 10)],
        lambda small, large: small["train"] < large["train"],
    ),
    "the circle is solved by x² and y² alone, with a test accuracy above 95 %": (
        [(f"{SQUARES}&init=small", 100)],
        lambda seen: seen["accuracy"] > 0.95,
    ),
    "the gradient of the first layer is less than a thousandth": (
        [("activation=sigmoid&networkShape=6,6,6,6,6", 0)],
        lambda seen: seen["gradients"][0] < seen["gradients"][1] / 1000,
    ),
    "with four ReLU neurons 0.003 works, and with 0.3 training diverges or": (
        [(f"{CUBIC}&learningRate=0.003", 200), (f"{CUBIC}&learningRate=0.3", 200)],
        lambda small, large: (
            small["train"] < 0.5 * small["spread"]
            and (large["ended"] == "diverged" or large["train"] > 0.9 * large["spread"])
        ),
    ),
    "momentum has the smaller training loss after 30 epochs": (
        [("dataset=xor", 30), ("dataset=xor&optimizer=momentum", 30)],
        lambda plain, momentum: momentum["train"] < plain["train"],
    ),
    "L2 pulls every weight towards zero, so their squares sum to less": (
        [("", 100), ("regularization=L2&regularizationRate=0.01", 100)],
        lambda free, shrunk: shrunk["weights"] < free["weights"] and shrunk["zeros"] == 0,
    ),
    "many become exactly zero": (
        [("regularization=L1&regularizationRate=0.01&networkShape=8,8&xSquared=true&ySquared=true&sinX=true", 100)],
        lambda seen: seen["zeros"] >= 20,
    ),
    "It changes the picture, not the training": (
        [("", 5), ("discretize=true&showTestData=true&speed=1&view=fit&logScale=true", 5)],
        lambda usual, other: usual == other,
    ),
}


@cache
def observed() -> dict[str, list[list[Seen]]]:
    runs = [(words, wanted) for words, (several, _) in CLAIMS.items() for wanted in several]
    payload = {"claims": [{"address": a, "epochs": e} for _, (a, e) in runs], "seeds": SEEDS}
    found: dict[str, list[list[Seen]]] = {}
    for (words, _), seen in zip(runs, run("claims.mjs", payload), strict=True):
        found.setdefault(words, []).append(seen)
    return found


@pytest.mark.parametrize("words", CLAIMS)
def test_the_guide_says_what_happens(words: str) -> None:
    text = " ".join(GUIDE.read_text("utf-8").split())
    assert words in text
    holds = CLAIMS[words][1]
    failed = {s: runs for s, *runs in zip(SEEDS, *observed()[words], strict=True) if not holds(*runs)}
    assert failed == {}


def test_from_larger_weights_some_seeds_are_stuck_and_most_are_not() -> None:
    assert "From larger ones some seeds" in GUIDE.read_text("utf-8")
    (seen,) = run("claims.mjs", {"claims": [{"address": SQUARES, "epochs": 100}], "seeds": SEEDS})
    stuck = [run for run in seen if run["accuracy"] < 0.6]
    assert 0 < len(stuck) < len(SEEDS) / 2


@cache
def experiments() -> list[dict[str, Any]]:
    return list(run("experiments.mjs", {"seeds": SEEDS}))


def test_every_guided_experiment_comes_out_as_expected_in_each_seed() -> None:
    surprises = [
        (experiment["id"], seed, seen["seen"])
        for experiment in experiments()
        for seed, seen in zip(SEEDS, experiment["runs"], strict=True)
        if seen["choice"] != experiment["expected"]
    ]
    assert surprises == []
    assert all(0 <= e["expected"] < len(e["choices"]) for e in experiments())


def test_the_guide_links_each_experiment_with_its_settings() -> None:
    links = dict(re.findall(r"\]\(index\.qmd#experiment=([a-z0-9-]+)&(\S+)\)", GUIDE.read_text("utf-8")))
    assert links == {experiment["id"]: experiment["address"] for experiment in experiments()}


def test_the_guide_names_every_control() -> None:
    labels = re.findall(
        r'class="pg-(?:field|check)[^>]*>(?:<input[^>]*>)?<span[^>]*>([^<]+?) ?<', PAGE.read_text("utf-8")
    )
    assert len(labels) > 20
    guide = GUIDE.read_text("utf-8").lower()
    own = {
        "Picture",
        "Neuron",
        "Weight or bias",
        "Its value",
        "Read the chart",
        "Experiment",
        "Layer",
        "or a file",
        "Penalty rate",
    }
    named_otherwise = own | {
        label for label in labels if label.startswith(("After so many", "At a training", "Rows, with"))
    }
    missing = [label for label in labels if label not in named_otherwise and label.lower() not in guide]
    assert missing == []
