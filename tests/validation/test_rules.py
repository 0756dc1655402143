"""A departure from the default is understood and gives its reason, or is refused."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell, new_output

from tests.validation.holes import document_holes, holes, pinned_matplotlib
from tests.validation.rules import RuleError, Rules, read_rules

REASON = "It depends on the processor."


def test_a_cell_that_says_nothing_is_compared_strictly() -> None:
    assert read_rules({}) == Rules()
    assert Rules().rtol <= 1e-6


def test_what_a_cell_says_holds() -> None:
    rules = read_rules({"validation": {"rtol": 0.1, "units": 1, "exempt": ["numbers"], "reason": REASON}})
    assert (rules.rtol, rules.units, rules.exempt, rules.reason) == (0.1, 1, {"numbers"}, REASON)


@pytest.mark.parametrize(
    "given",
    [
        {"rtol": 0.1},
        {"rtol": 0.1, "reason": ""},
        {"rtol": 0.1, "reason": "because"},
        {"exempt": "output"},
        {"exempt": "everything", "reason": REASON},
        {"tolerance": 0.1, "reason": REASON},
        {"rtol": -1, "reason": REASON},
        {"rtol": "0.1", "reason": REASON},
        {"rtol": float("inf"), "reason": REASON},
        {"rtol": True, "reason": REASON},
        {"units": 0.5, "reason": REASON},
        {"integers": "yes", "reason": REASON},
        {"ignore": "(", "reason": REASON},
        {"ignore": ".*", "reason": REASON},
        {"ignore": "(?s).+", "reason": REASON},
        {"ignore": "[^\n]+", "reason": REASON},
        {"rtol": 1e300, "reason": REASON},
        {"picture": 100, "reason": REASON},
        {},
        "skip",
    ],
)
def test_anything_else_is_refused(given: object) -> None:
    with pytest.raises(RuleError, match="validation"):
        read_rules({"validation": given})


# --------------------------------------------------------------------------------------------------------------- holes


def cell(source: str = "1 + 1", count: int | None = 1, *outputs: object, tags: tuple[str, ...] = ()) -> object:
    node = new_code_cell(source, execution_count=count, outputs=list(outputs))
    if tags:
        node.metadata["tags"] = list(tags)
    return node


def stream(text: str, name: str = "stdout") -> object:
    return new_output("stream", name=name, text=text)


def figure(**drawn: object) -> object:
    note = {"drawn": {"matplotlib": pinned_matplotlib(), "fonts": ["DejaVuSans.ttf"], **drawn}}
    return new_output("display_data", data={}, metadata={"figure": note})


ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])


@pytest.mark.parametrize(
    ("stored", "says"),
    [
        (cell(count=None), "never executed"),
        (cell("", None, stream("1")), "outputs and no code"),
        (cell("  \n", None, stream("1")), "outputs and no code"),
        (cell(count=7), "the 7th to run and is the 1st"),
        (cell("1", 1, ERROR), "a stored error: ValueError: no"),
        (cell("1", 1, stream("careful", "stderr")), "stored stderr: careful"),
        (cell("1", 1, stream("x" * 400_000)), "the limit is"),
        (cell("1", 1, stream("loss 0.0\rloss 0.5")), "overwrites itself"),
        (cell("1", 1, figure(fonts=["Arial.ttf"])), "drawn with Arial.ttf"),
        (cell("1", 1, figure(matplotlib="3.0.0")), "drawn by Matplotlib 3.0.0"),
        (cell(tags=("nbval-skip",)), "in silence"),
        (cell(tags=("nbval-ignore-output",)), "in silence"),
        (cell(tags=("raises-exception",)), "in silence"),
        (cell("# NBVAL_IGNORE_OUTPUT\n1"), "in silence"),
        (cell("x = 1\n# NBVAL_SKIP"), "in silence"),
    ],
)
def test_a_hole_is_found(stored: object, says: str) -> None:
    (found,) = holes(stored, 1, Rules())
    assert says in found


def test_an_ordinary_cell_has_none() -> None:
    assert holes(cell("print(1)", 1, stream("1\n")), 1, Rules()) == []
    assert holes(cell("", None), 0, Rules()) == []
    assert holes(cell("1", 1, figure()), 1, Rules()) == []


@pytest.mark.parametrize(
    ("exempt", "stored"),
    [
        ("error", cell("1", 1, ERROR, tags=("raises-exception",))),
        ("stderr", cell("1", 1, stream("careful", "stderr"))),
        ("size", cell("1", 1, stream("x" * 400_000))),
    ],
)
def test_an_exemption_allows_what_it_names_and_no_more(exempt: str, stored: object) -> None:
    assert holes(stored, 1, Rules(exempt=frozenset({exempt}))) == []
    assert holes(stored, 1, Rules(exempt=frozenset({"numbers"}))) != []


def test_a_document_has_a_limit_too() -> None:
    assert document_holes([cell("1", 1, stream("x" * 250_000))] * 20) != []
    assert document_holes([cell("1", 1, stream("x" * 250_000))]) == []
