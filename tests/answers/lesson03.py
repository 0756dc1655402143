"""Answers to the exercises of lesson 3: right ones, and wrong ones with a part of their hint."""

import numpy as np
import torch
from torch import nn

from course_lib import cnn


def track(combine=np.maximum, *, extra=0, shift=0):
    def base_scores(starts, scores, width, length):
        out = np.zeros(length + width + 2)
        for start, score in zip(starts, scores, strict=True):
            stretch = slice(start + shift, start + shift + width + extra)
            out[stretch] = combine(out[stretch], score)
        return out[:length]

    return base_scores


class Constant(nn.Module):
    def forward(self, x):
        return torch.zeros(x.shape[0], x.shape[2])


class Channels(nn.Module):
    """Forgets to drop the axis of its only channel."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(4, 1, 41, padding="same")

    def forward(self, x):
        return self.conv(x)


class Forward(Channels):
    """Sees the bases to its left alone."""

    def forward(self, x):
        return self.conv(nn.functional.pad(x, (20, 0)))[:, 0, : x.shape[2]]


class Flat(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(400, 100)

    def forward(self, x):
        return self.head(x.flatten(1))


def mse(y_hat, y, known):
    return ((y_hat - y) ** 2)[known].mean()


RIGHT = [
    ("base_scores", track()),
    ("receptive_field", 49),
    ("parameters_dense", 2_814_156),
    ("same_length_network", cnn.SameLengthCNN(seed=0)),
    ("same_length_network", cnn.SameLengthCNN((8,), (19, 21), both_strands=True, seed=0)),
    ("turn_around", lambda x, y: (x[:, ::-1, ::-1], y[:, ::-1])),
    ("turn_around", lambda x, y: (np.flip(x, (1, 2)).copy(), np.flip(y, 1))),
    ("masked_loss", mse),
    ("masked_loss", lambda y_hat, y, known: (known * (y_hat - y) ** 2).sum() / known.sum()),
]

WRONG = [
    ("base_scores", [0.5], "the name of your function"),
    ("base_scores", track(np.add), "you add them up"),
    ("base_scores", track(lambda old, new: new), "keep the last one"),
    ("base_scores", lambda s, v, width, length: track()(s, v, 1, length), "and not the first alone"),
    ("base_scores", track(extra=1), "One base too many"),
    ("base_scores", track(extra=-1), "One base too few"),
    ("base_scores", track(shift=1), "has number 0"),
    ("base_scores", lambda *a: np.ones(17), "base 0 should get 0, not 1"),
    ("base_scores", lambda *a: np.ones(3), "returns shape (3,)"),
    ("receptive_field", 51, "adds 8 bases"),
    ("receptive_field", 48, "the base itself"),
    ("receptive_field", 24, "one side"),
    ("receptive_field", 3969, "do not multiply"),
    ("receptive_field", 7, "minus 1"),
    ("parameters_dense", 1056, "head has parameters"),
    ("parameters_dense", 2_813_100, "filters have parameters"),
    ("parameters_dense", 2_812_800, "a bias for each output"),
    ("parameters_dense", 2_813_856, "a bias as well"),
    ("parameters_dense", 32 * 33 + 300 * (32 * 300 + 1), "not at 300"),
    ("parameters_dense", 32 * 33 + 300 * (32 * 292 + 1), "one more than"),
    ("parameters_dense", 5, "Filters: 32 x"),
    ("same_length_network", cnn.SameLengthCNN, "the network itself"),
    ("same_length_network", cnn.SameLengthCNN((90,), (31, 21)), "parameters; 10,000 are enough"),
    ("same_length_network", cnn.SameLengthCNN((8,), (9, 9), seed=0), "8 bases to its left and 8 to its right"),
    ("same_length_network", Forward(), "40 bases to its left and 0 to its right"),
    ("same_length_network", Channels(), "returns (2, 1, 100)"),
    ("same_length_network", cnn.MotifCNN(8, 19), "returns (2,)"),
    ("same_length_network", Flat(), "raises RuntimeError"),
    ("same_length_network", Constant(), "the same score"),
    ("turn_around", 1, "the name of your function"),
    ("turn_around", lambda x, y: x[:1], "should return two arrays"),
    ("turn_around", lambda x, y: (x, y), "as they were"),
    ("turn_around", lambda x, y: (x[:, :, ::-1], y[:, ::-1]), "do not complement"),
    ("turn_around", lambda x, y: (x[:, ::-1], y), "do not read backwards"),
    ("turn_around", lambda x, y: (x[::-1], y), "and nothing else"),
    ("turn_around", lambda x, y: (x[:, ::-1, ::-1], y), "its score has to go there"),
    ("turn_around", lambda x, y: (x[:, ::-1, ::-1], 1 - y), "only change their order"),
    ("turn_around", lambda x, y: (x[:, 0], y), "shapes must stay"),
    ("masked_loss", 0.1, "the name of your function"),
    ("masked_loss", lambda y_hat, y, known: ((y_hat - y) ** 2).mean(), "You use all bases"),
    ("masked_loss", lambda y_hat, y, known: (known * (y_hat - y) ** 2).mean(), "Divide by the number of known"),
    ("masked_loss", lambda y_hat, y, known: (known * (y_hat - y) ** 2).sum(), "That is the sum"),
    ("masked_loss", lambda y_hat, y, known: mse(y_hat, y, ~known), "Take the others"),
    ("masked_loss", lambda y_hat, y, known: np.sqrt(mse(y_hat, y, known)), "No root"),
    ("masked_loss", lambda y_hat, y, known: np.abs(y_hat - y)[known].mean(), "Square the differences"),
    ("masked_loss", lambda y_hat, y, known: 7.0, "your loss is 7.0000"),
    ("masked_loss", lambda y_hat, y, known: y[known], "raises TypeError"),
]
