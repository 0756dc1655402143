"""Tables: cell by cell, with row and column named."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.validation.markup import compare_markup, tables
from tests.validation.rules import Rules

TABLE = pd.DataFrame({"name": ["a", "b", "c"], "loss": [0.5, 0.25, 0.125]})


def html(table: pd.DataFrame) -> str:
    return table.to_html()


def test_a_table_equals_itself() -> None:
    assert compare_markup(html(TABLE), html(TABLE.copy()), Rules()) == []
    assert tables(html(TABLE) + html(TABLE)) == 2


@given(st.integers(0, 2), st.floats(0.01, 10))
def test_a_changed_number_is_named(row: int, change: float) -> None:
    changed = TABLE.copy()
    changed.loc[row, "loss"] += change
    (found,) = compare_markup(html(TABLE), html(changed), Rules())
    assert found.startswith(f"table 1, row {row + 2}, column 3: ")


@pytest.mark.parametrize(
    "changed",
    [
        TABLE.iloc[[1, 0, 2]],
        TABLE.iloc[:2],
        TABLE[["loss", "name"]],
        TABLE.rename(columns={"loss": "error"}),
        TABLE.assign(more=1),
    ],
)
def test_rows_columns_and_headers_count(changed: pd.DataFrame) -> None:
    assert compare_markup(html(TABLE), html(changed), Rules()) != []


def test_a_tolerance_holds_in_cells() -> None:
    changed = TABLE.assign(loss=TABLE.loss * 1.01)
    assert compare_markup(html(TABLE), html(changed), Rules(rtol=0.02)) == []
    assert compare_markup(html(TABLE), html(changed), Rules(rtol=0.005)) != []


def test_random_ids_do_not_count_and_other_attributes_do() -> None:
    style = "<style>#T_{0}_row0 {{color: red}}</style><p id='T_{0}_row0'>1</p>"
    assert compare_markup(style.format("1f2e3"), style.format("a9b8c"), Rules()) == []
    assert compare_markup('<p id="T_1f">1</p>', '<p id="T_2a">1</p>', Rules()) == []
    assert compare_markup('<p class="good">1</p>', '<p class="bad">1</p>', Rules()) != []


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("<p>loss 0.5</p>", "<p>loss 0.6</p>"),
        ("<p>loss</p>", "<div>loss</div>"),
        ("<p>a</p>", "<p>a</p><p>b</p>"),
        ('<svg><circle r="3"/></svg>', '<svg><circle r="4"/></svg>'),
        ("<table><tr><td>1</td></tr></table>", "<p>1</p>"),
        ("text", "<b>text</b>"),
        ("<style>p {}</style>accuracy 0.99", "<style>p {}</style>accuracy 0.10"),
        ("<style>p {}</style><p>1</p>", "<style>p {display: none}</style><p>1</p>"),
        ("<details>a<p>it failed</p></details>", "<details>a</details><p>it failed</p>"),
        ("<pre>a\nb</pre>", "<pre>a b</pre>"),
    ],
)
def test_other_markup_is_compared_element_by_element(was: str, now: str) -> None:
    assert compare_markup(was, now, Rules()) != []
    assert compare_markup(was, was, Rules()) == []
