"""Checks of the exercises of lesson 03, `notebooks/03-tf-binding-prediction.ipynb`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from course_lib._answers import Floats, Judge, Verdict, hint, number, output

_STARTS, _SCORES, _WIDTH, _LENGTH = (2, 4, 12, 4), (0.5, 0.8, 0.4, 0.6), 5, 17


def _by_hand(combine: Any, width: int = _WIDTH, shift: int = 0) -> Floats:
    track = np.zeros(_LENGTH + width)
    for start, score in zip(_STARTS, _SCORES, strict=True):
        stretch = slice(start + shift, start + shift + width)
        track[stretch] = combine(track[stretch], score)
    return track[:_LENGTH]


def _base_scores(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function, without calling it: base_scores(starts, scores, width, length).")
    starts, scores = np.array(_STARTS), np.array(_SCORES)
    track = output(lambda: answer(starts, scores, _WIDTH, _LENGTH), (_LENGTH,))
    if isinstance(track, Verdict):
        return track
    if np.allclose(track, _by_hand(np.maximum)):
        return Verdict(True, "Each base has the best hit that covers it, and 0 where there is none.")
    hints = [
        (_by_hand(np.add), "Where two hits overlap you add them up. Keep the better one."),
        (_by_hand(lambda old, new: new), "Where two hits overlap you keep the last one. Keep the better one."),
        (_by_hand(np.maximum, 1), "A hit covers all its bases, from its start on, and not the first alone."),
        (_by_hand(np.maximum, _WIDTH + 1), "One base too many: a hit covers width bases, its start included."),
        (_by_hand(np.maximum, _WIDTH - 1), "One base too few: a hit covers width bases, its start included."),
        (_by_hand(np.maximum, shift=1), "All is one base too far right: the first base of a sequence has number 0."),
    ]
    for target, advice in hints:
        if np.allclose(track, target):
            return hint(advice)
    wrong = int(np.flatnonzero(~np.isclose(track, _by_hand(np.maximum)))[0])
    return hint(
        f"In a test with 4 hits, base {wrong} should get {_by_hand(np.maximum)[wrong]:g}, not {track[wrong]:g}."
    )


def _receptive_field(answer: object) -> Verdict:
    value = number(answer)
    if value == 49:
        return Verdict(True, "21, then 8 more, then 20 more: 24 bases on each side of the base itself.")
    hints = {
        51.0: "The layers overlap: a second layer of width 9 adds 8 bases to what one of its inputs sees, not 9.",
        21.0: "That is the first layer. The others look at several of its outputs.",
        48.0: "Those are the bases around it. Count the base itself as well.",
        24.0: "That is one side. Count both sides and the base itself.",
        3969.0: "Widths do not multiply; that would need a stride or pooling between the layers.",
    }
    return hint(hints.get(value or 0, "The first layer sees 21 bases. Each layer on top adds its width minus 1."))


def _parameters_dense(answer: object) -> Verdict:
    value = number(answer)
    if value == 2_814_156:
        return Verdict(True, "32 x (4 x 8 + 1) = 1,056 in the filters; 32 x 293 x 300 + 300 in the head.")
    hints = {
        1056.0: "Those are the filters. The head has parameters too.",
        2_813_100.0: "That is the head. The filters have parameters too.",
        2_812_800.0: "Those are the weights of the head. It has a bias for each output, and there are the filters.",
        2_813_856.0: "Each of the 300 outputs has a bias as well.",
        2_881_356.0: "A filter of width 8 fits into 300 bases at 293 places, not at 300.",
        2_804_556.0: "A filter of width 8 fits into 300 bases at 293 places, one more than 300 - 8.",
    }
    advice = "Filters: 32 x (channels x width + 1). Head: (filters x places + 1) for each of 300 outputs."
    return hint(hints.get(value or 0, advice))


def _turn_around(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function: turn_around(x, y), which returns the pair for the other strand.")
    rng = np.random.default_rng(3)
    x = np.eye(4)[rng.integers(0, 4, (2, 7))].transpose(0, 2, 1)
    y = rng.random((2, 7))
    try:
        turned, scores = (np.asarray(part, float) for part in answer(x, y))
    except Exception as error:
        return hint(f"Your function should return two arrays; it raises {type(error).__name__}: {error}")
    if turned.shape != x.shape or scores.shape != y.shape:
        return hint(f"The shapes must stay {x.shape} and {y.shape}; you return {turned.shape} and {scores.shape}.")
    right = x[:, ::-1, ::-1]
    if np.array_equal(turned, right):
        return _turned_scores(scores, y)
    hints = [
        (x, "The sequences are as they were."),
        (
            x[:, :, ::-1],
            "You read backwards and do not complement: A and T swap, C and G swap, so the channels turn, too.",
        ),
        (x[:, ::-1], "You complement and do not read backwards: the axis of the positions turns, too."),
    ]
    found = [advice for target, advice in hints if np.array_equal(turned, target)]
    return hint(found[0] if found else "Turn the axis of the channels and that of the positions, and nothing else.")


def _turned_scores(scores: NDArray[Any], y: NDArray[Any]) -> Verdict:
    if np.array_equal(scores, y[:, ::-1]):
        return Verdict(True, "The sequence turns around, and the scores go along with their bases.")
    if np.array_equal(scores, y):
        return hint("The sequences are right. The first base is now the last one, so its score has to go there, too.")
    return hint("The sequences are right. The scores only change their order: from the last base to the first.")


def _same_length_network(answer: object) -> Verdict:
    import torch
    from torch import nn

    if not isinstance(answer, nn.Module):
        return hint("Give the network itself, an object of your class: SameLength().")
    size = sum(parameter.numel() for parameter in answer.parameters())
    x = torch.eye(4)[torch.arange(200).reshape(2, 100) ** 2 % 7 % 4].transpose(1, 2)
    try:
        with torch.no_grad():
            scores = answer.eval()(x)
            longer = answer(torch.cat([torch.zeros(2, 4, 50), x, torch.zeros(2, 4, 50)], 2))
    except Exception as error:
        return hint(f"On sequences of 100 and of 200 bases, your network raises {type(error).__name__}: {error}")
    if tuple(scores.shape) != (2, 100) or tuple(longer.shape) != (2, 200):
        return hint(f"For input (2, 4, 100) your network returns {tuple(scores.shape)}; it should be (2, 100).")
    if size > 10_000:
        return hint(f"Your network has {size:,} parameters; 10,000 are enough when all layers are convolutions.")
    if scores.std() == 0:
        return hint("Your network gives every base the same score.")
    return _sight(_reach(answer, x), size)


def _reach(model: Any, x: Any) -> tuple[int, int]:
    """Return how far to the left and to the right the score of the middle base depends on the sequence."""
    x = x.clone().requires_grad_(True)
    model(x)[:, 50].sum().backward()
    seen = np.flatnonzero(x.grad.abs().sum((0, 1)).numpy()) if x.grad is not None else np.array([], int)
    return (0, 0) if not len(seen) else (50 - int(seen.min()), int(seen.max()) - 50)


def _sight(reach: tuple[int, int], size: int) -> Verdict:
    left, right = reach
    if min(left, right) < 18:
        return hint(
            f"A base's score depends on {left} bases to its left and {right} to its right. A site has 19 bases, "
            "so both must be 18 or more."
        )
    return Verdict(True, f"{size:,} parameters; each base sees {left} bases to its left and {right} to its right.")


def _masked_loss(answer: object) -> Verdict:
    if not callable(answer):
        return hint("Give the name of your function: masked_loss(y_hat, y, known), which returns one number.")
    rng = np.random.default_rng(4)
    y_hat, y, known = rng.random((3, 8)), rng.random((3, 8)), rng.random((3, 8)) < 0.6
    value = output(lambda: float(answer(y_hat, y, known)), ())
    if isinstance(value, Verdict):
        return value
    squares = (y_hat - y) ** 2
    hints = [
        (squares[known].mean(), ""),
        (squares.mean(), "You use all bases. Leave out those that are not known."),
        ((squares * known).mean(), "The sum is right. Divide by the number of known bases, not by that of all."),
        ((squares * known).sum(), "That is the sum. Divide it by the number of known bases."),
        (squares[~known].mean(), "Those are the unknown bases. Take the others."),
        (np.sqrt(squares[known].mean()), "No root: the mean squared error itself."),
        (np.abs(y_hat - y)[known].mean(), "Square the differences."),
    ]
    for target, advice in hints:
        if np.isclose(value, target):
            return hint(advice) if advice else Verdict(True, "Unknown bases now say nothing, in either direction.")
    return hint(f"In a test your loss is {float(value):.4f}; the mean over the known bases is {hints[0][0]:.4f}.")


JUDGES: dict[str, Judge] = {
    "base_scores": _base_scores,
    "receptive_field": _receptive_field,
    "parameters_dense": _parameters_dense,
    "same_length_network": _same_length_network,
    "turn_around": _turn_around,
    "masked_loss": _masked_loss,
}
