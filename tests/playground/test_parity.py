"""The playground's mathematics against course_lib.mlp and PyTorch, in float64."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch

from course_lib.mlp import MLP
from tests.playground.nodes import run

STEPS = 200
# Steps so large that the loss jumps about make rounding errors grow from step to step, in any implementation.
RATES = {"relu": 0.01, "tanh": 0.03, "sigmoid": 0.1, "linear": 0.003, "cubic": 0.03}
PROBLEMS = {
    "classification": "dataset=spiral&xTimesY=true",
    "regression": "problem=regression&regDataset=reg-gauss&sinX=true",
}
PENALTIES = {
    "none": "",
    "L1": "&regularization=L1&regularizationRate=0.03",
    "L2": "&regularization=L2&regularizationRate=0.1",
}
CASES = [(activation, problem, penalty) for activation in RATES for problem in PROBLEMS for penalty in PENALTIES]


def address(activation: str, problem: str, penalty: str, more: str = "") -> str:
    rate = RATES[activation]
    # 7 does not divide the 250 or 600 rows: a last batch reaches into the next epoch
    start = f"activation={activation}&learningRate={rate}&seed=parity&networkShape=5,3&batchSize=7"
    # a cube of a cube of a large number is out of reach of any step size
    more = f"&x=false&y=false&sinX=true&sinY=true{more}" if activation == "cubic" else f"&init=he{more}"
    return f"{start}&{PROBLEMS[problem]}{PENALTIES[penalty]}{more}"


def tensors(run_file: dict[str, Any]) -> tuple[torch.Tensor, ...]:
    return tuple(torch.tensor(run_file[name], dtype=torch.float64) for name in ("X", "y", "X_test", "y_test"))


def losses_of_torch(found: dict[str, Any]) -> list[float]:
    """Train course_lib's MLP from the same weights on the same batches, with autograd; nothing here is generated."""
    state, (X, y, *_) = found["state"], tensors(found["file"])
    model = MLP(X.shape[1], state["networkShape"], 1, activation=state["activation"]).double()
    weights = {name: torch.tensor(value, dtype=torch.float64) for name, value in found["file"]["weights"].items()}
    model.load_state_dict(weights)
    outer = torch.tanh if state["problem"] == "classification" else torch.nn.Identity()
    shrink = state["learningRate"] * state["regularizationRate"]
    dead = [torch.zeros_like(layer.weight, dtype=torch.bool) for layer in model.layers]
    losses = []
    for step in range(STEPS):
        rows = (step * state["batchSize"] + torch.arange(state["batchSize"])) % len(y)
        model.zero_grad()
        ((outer(model(X[rows])) - y[rows]) ** 2 / 2).mean().backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= state["learningRate"] * parameter.grad
            for layer, stays in zip(model.layers, dead, strict=True):
                if state["regularization"] == "L2":
                    layer.weight *= 1 - shrink
                if state["regularization"] == "L1":
                    moved = layer.weight - shrink * layer.weight.sign()
                    stays |= layer.weight * moved < 0
                    layer.weight.copy_(torch.where(stays, torch.zeros_like(moved), moved))
            losses.append(float(((outer(model(X)) - y) ** 2 / 2).mean()))
    return losses


@pytest.fixture(scope="module")
def trained() -> dict[tuple[str, str, str], dict[str, Any]]:
    found = run("train.mjs", [{"address": address(*case), "steps": STEPS} for case in CASES])
    return dict(zip(CASES, found, strict=True))


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_200_steps_equal_those_of_course_lib(trained, case) -> None:
    ours, theirs = trained[case]["losses"], losses_of_torch(trained[case])
    assert all(map(math.isfinite, ours))
    assert abs(ours[-1] - ours[0]) > 1e-4  # something was learned, or shrunk
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


GENERATED = [
    address("tanh", "classification", "L1"),
    address("relu", "regression", "L2", "&optimizer=momentum"),
    address("sigmoid", "classification", "none", "&optimizer=adam&learningRate=0.01&cosX=true&cosY=true"),
    address("cubic", "regression", "none", ""),
    "problem=regression&regDataset=reg-linear&networkShape=&activation=linear&seed=1&y=false",
    "seed=big&percTrainData=10&batchSize=30&networkShape=16,16&activation=tanh",
]


@pytest.fixture(scope="module")
def with_code() -> dict[str, dict[str, Any]]:
    return dict(zip(GENERATED, run("train.mjs", [{"address": a, "epochs": 12} for a in GENERATED]), strict=True))


@pytest.mark.parametrize("which", GENERATED)
def test_the_pytorch_that_is_shown_gives_the_same_losses(which, with_code, tmp_path, monkeypatch) -> None:
    found = with_code[which]
    (tmp_path / "playground-run.json").write_text(json.dumps(found["file"]))
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(found["code"], "shown.py", "exec"), names)
    epochs, train, test = found["recorded"]
    assert epochs == list(range(13))
    np.testing.assert_allclose(names["losses"], np.transpose([train, test])[1:], rtol=0, atol=1e-9)


def test_the_code_says_which_columns_it_reads(with_code) -> None:
    code = with_code[GENERATED[2]]["code"]
    assert "x, y, x * y, cos(x), cos(y)" in code
    assert max(map(len, code.splitlines())) <= 120
