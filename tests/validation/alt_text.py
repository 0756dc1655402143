"""Checks that an alternative text says what the data say: its numbers are those of the figure, or of its cell.

A number of the text counts as said by the data when one of these is near it: a limit, a tick, a label, a count, or a
data point of the noted figure (`figures.named_numbers`), a number that the cell or the one before it prints, or one in
its code, where an assertion holds it. Near means: the same when rounded to the digits that the text shows; or, after a
word such as "about" or "near", within a tenth. Signs do not count, as a text says "falls by 3". A text that counts its
panels ("Two panels ...") counts them right.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Sequence

from tests.validation.text import NUMBER, Number, numbers

ROUGH = re.compile(
    r"\b(?:about|around|near|nearly|roughly|almost|some|mostly|below|above|under|over|beyond|than|from|to|between|and|"
    r"toward|past|least|most|up to)\s*$",
    re.IGNORECASE,
)
ROUGHLY = 0.1
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
PANELS = re.compile(rf"\b({'|'.join(WORDS)}|\d+)\s+(?:small\s+)?(?:panels|scatter plots side by side)\b", re.IGNORECASE)
#: Before a number, these make it a name: "series 2", "seed 3".
MINUS = re.compile(r"\bminus (?=\d)")


def unsupported(text: str, known: Iterable[float]) -> list[str]:
    """Return the numbers of an alternative text that nothing supports.

    >>> unsupported("Points from about -130 to 140, one at 7.", [-132.8, 138.6])
    ['7']
    """
    known = sorted({abs(value) for value in known})
    text = MINUS.sub("-", text)
    found = []
    for match in NUMBER.finditer(text):
        number = Number(match[0].rstrip("."))  # the full stop of a sentence
        slack = number.unit / 2 * (1 + 1e-9)
        if ROUGH.search(text[: match.start()]):
            slack = max(slack, ROUGHLY * abs(number.value))
        if not any(abs(abs(number.value) - value) <= slack for value in known):
            found.append(number.text)
    return found


def wrong_panels(text: str, panels: int) -> list[str]:
    """Return the counts of panels that are not the number of panels.

    >>> wrong_panels("Four panels, each a parabola.", 3)
    ['Four panels']
    """
    return [match[0] for match in PANELS.finditer(text) if _count(match[1]) != panels]


def _count(word: str) -> int:
    return WORDS.index(word.lower()) if word.lower() in WORDS else int(word)


def code_numbers(source: str) -> list[float]:
    """Return the numbers that stand in a cell's code; not those of its comments and texts.

    >>> code_numbers("#| fig-alt: 12\\nassert abs(x - 40) < 1e-3  # not 50")
    [40.0, 0.001]
    """
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NUMBER:
                found.append(
                    complex(token.string.replace("_", "")).real if "j" in token.string else _value(token.string)
                )
    except (tokenize.TokenError, IndentationError, SyntaxError):
        return found
    return found


def _value(literal: str) -> float:
    try:
        return float(literal.replace("_", ""))
    except ValueError:
        return float(int(literal, 0))


def printed_numbers(texts: Sequence[str]) -> list[float]:
    """Return the numbers that a cell prints."""
    return [number.value for text in texts for number in numbers(text)]
