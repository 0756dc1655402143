"""On a GPU sums are taken in another order: what a lesson shows may move by a few percent, what it claims may not."""

from __future__ import annotations

from dataclasses import replace

from tests.validation.rules import Rules

#: Numbers may differ by a twentieth and one unit of the last digit, series by a fiftieth of the axis.
RTOL, UNITS, FIGURE = 0.05, 1, 0.02


def widened(rules: Rules) -> Rules:
    """Return the rules for a run on CUDA. Pictures are left to what the figures show; assertions hold as they are."""
    return replace(
        rules,
        rtol=max(rules.rtol, RTOL),
        units=max(rules.units, UNITS),
        figure=max(rules.figure, FIGURE),
        picture=100.0,
    )
