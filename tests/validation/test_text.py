"""Text: numbers within the tolerance, everything else exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation.rules import Rules
from tests.validation.text import Number, close, compare_text, mask, numbers

DEFAULT = Rules()
FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("loss 0.25, after 10 epochs", ["0.25", "10"]),
        ("[ 0.1 -0.2]", ["0.1", "-0.2"]),
        ("1,000 of 2,500.5", ["1,000", "2,500.5"]),
        ("6.1e-07 and −3", ["6.1e-07", "−3"]),
        ("range 10-20", ["10", "20"]),
        ("95% in 1.5s", ["95", "1.5"]),
        ("x2 and torch 2.13.0, MA0139.1", []),
        ("[1. 2.]", ["1.", "2."]),
        ("(1, 2)", ["1", "2"]),
        ("a-b f(x)-3", ["3"]),
    ],
)
def test_numbers_that_stand_alone_are_found(text: str, found: list[str]) -> None:
    assert [number.text for number in numbers(text)] == found


@given(FINITE)
def test_a_number_is_itself_in_every_notation(value: float) -> None:
    for text in (repr(value), f"{value:.3f}", f"{value:.2e}", f"{value:,.1f}", f"{value:g}"):
        assert [number.text for number in numbers(text)] == [text]
        assert compare_text(text, text, DEFAULT) == []
        assert math.isclose(Number(text).value, float(text.replace(",", "")))


@given(FINITE.filter(lambda value: abs(value) > 1e-3), st.floats(-1e-7, 1e-7))
def test_the_last_bits_are_forgiven(value: float, noise: float) -> None:
    assert compare_text(f"{value:.17e}", f"{value * (1 + noise):.17e}", DEFAULT) == []


@given(FINITE.filter(lambda value: abs(value) > 1e-3), st.floats(1e-5, 10), st.sampled_from([-1, 1]))
def test_what_a_reader_sees_is_not(value: float, change: float, sign: int) -> None:
    assert compare_text(f"{value:.9e}", f"{value * (1 + sign * change):.9e}", DEFAULT) != []


@given(st.integers(-(10**9), 10**9), st.integers(1, 1000))
def test_whole_numbers_are_exact(value: int, change: int) -> None:
    assert compare_text(f"n = {value}", f"n = {value + change}", Rules(rtol=0.5, atol=5000)) != []
    assert compare_text(f"n = {value}", f"n = {value + change}", Rules(atol=5000, integers=True)) == []


@given(st.integers(1, 10**6), st.integers(0, 6), st.integers(1, 9))
def test_units_are_those_of_the_last_displayed_digit(digits: int, decimals: int, units: int) -> None:
    was = Number(f"{digits / 10**decimals:.{decimals}f}")
    now = Number(f"{(digits + units) / 10**decimals:.{decimals}f}")
    whole = decimals == 0
    assert close(was, now, Rules(units=units, integers=whole))
    assert not close(was, now, Rules(units=units - 1, integers=whole, rtol=0, atol=0))


def test_units_are_those_of_the_smaller_number() -> None:
    assert compare_text("9.9e-05", "1.0e-04", Rules(units=1)) == []
    assert compare_text("4e-06", "1e+07", Rules(units=1)) != []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("at 0x7f43efe0", "at 0x7f0000aa"),
        ("2026-11-21 10:12:13", "2027-01-02T03:04:05.678Z"),
        ("saved to /tmp/run-1/model.pt", "saved to /var/folders/x/run-1/model.pt"),
        (r"saved to C:\Users\me\model.pt", r"saved to D:\work\model.pt"),
        (" 50%|#####     | 5/10 [00:01<00:01, 4.2it/s]", " 50%|#####     | 5/10 [00:09<00:09, 0.5it/s]"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("  9.9999999", " 10.0000000"),
        ("[ 0.0000000001]", "[-0.0000000000]"),
        ("text\n", "text"),
    ],
)
def test_what_means_nothing_may_differ(was: str, now: str) -> None:
    assert compare_text(was, now, Rules(atol=1e-6)) == []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("loss 0.25", "loss 0.26"),
        ("slope -3.5", "slope 3.5"),
        ("a 1.5\nb 2.5", "b 2.5\na 1.5"),
        ("accuracy 0.5", "loss 0.5"),
        ("0.5", "nan"),
        ("nan", "0.5"),
        ("one line", "one line\nanother"),
        ("0.5", ""),
        ("", "0.5"),
        ("PASS", "FAIL"),
        ("torch 2.13.0", "torch 2.13.1"),
        ("model.pt in /tmp/a/model.pt", "model.pt in /tmp/a/other.pt"),
        ("a  b", "a b"),
        ("True", "False"),
        ("0x7f", "0x80"),
        ("1.0", "1.0 2.0"),
        ("0001 0100", "1 100"),
        ("1,200", "1200"),
        ("9007199254740993", "9007199254740992"),
        ("a   0.9000001        ", "a            0.9"),
        ("model    AP    AUROC\nA              0.90", "model    AP    AUROC\nA     0.9      "),
        ("| a |95%|0.3|0.9|", "| a |95%|0.7|0.1|"),
    ],
)
def test_what_means_something_may_not(was: str, now: str) -> None:
    assert compare_text(was, now, DEFAULT) != []


def test_a_cell_leaves_out_what_it_names_and_nothing_else() -> None:
    import re

    rules = Rules(ignore=(re.compile(r"in \d+\.\d s"),))
    assert compare_text("loss 0.5 in 1.3 s", "loss 0.5 in 9.9 s", rules) == []
    assert compare_text("loss 0.5 in 1.3 s", "loss 0.6 in 1.3 s", rules) != []


def test_an_exemption_of_numbers_keeps_words_and_counts() -> None:
    rules = Rules(exempt=frozenset({"numbers"}))
    assert compare_text("seed 1: 0.5 s", "seed 1: 7.25 s", rules) == []
    assert compare_text("seed 1: 0.5 s", "seed 2: 0.5 s", rules) != []
    assert compare_text("seed 1: 0.5 s", "seed 1: 0.5 ms", rules) != []
    assert compare_text("seed 1: 0.5 s", "seed 1: 0.5 0.6 s", rules) != []
    assert compare_text("3 of 10 fail", "7.5 of 10 fail", rules) != []


@given(st.text(max_size=200))
def test_any_text_equals_itself_and_masking_twice_changes_nothing(text: str) -> None:
    assert compare_text(text, text, DEFAULT) == []
    assert mask(mask(text, DEFAULT), DEFAULT) == mask(text, DEFAULT)


def test_the_line_and_both_numbers_are_named() -> None:
    assert compare_text("a\nb 0.5", "a\nb 0.75", DEFAULT) == ["line 2: 0.5 is stored, 0.75 came out"]
    assert compare_text("a\nb", "a", DEFAULT) == ["2 lines are stored, 1 line came out"]
