"""Answers to the exercises of lesson 2: right ones, and wrong ones with a part of their hint."""

import numpy as np
import torch
from torch import nn

from course_lib import cnn

VALUES = {"A": 20, "C": 17, "G": 14, "T": 11}


def rule(tat=10.0, gcg=-10.0, *, base=np.mean, each=False, both=True):
    def score(text):
        value = float(base([VALUES[letter] for letter in text]))
        counts = [sum(text.startswith(motif, i) for i in range(6)) for motif in ("TAT", "GCG")]
        times = counts if each else [min(count, 1) for count in counts]
        if not both and times[0]:
            times[1] = 0
        return value + tat * times[0] + gcg * times[1]

    return score


def by_hand(filters=("TAT", "GCG"), bias=-2.0, head=(10, -10, 20, 17, 14, 11)):
    model = cnn.MotifCNN(len(filters), 3)
    with torch.no_grad():
        for row, motif in enumerate(filters):
            model.conv.weight[row] = torch.eye(4)[:, ["ACGT".index(letter) for letter in motif]]
        model.conv.bias.fill_(bias)
        model.head.weight[0] = torch.tensor(head)
        model.head.bias.zero_()
    return model


class Interaction(nn.Module):
    """Right for each motif alone, and wrong where both meet."""

    def __init__(self):
        super().__init__()
        self.inner = by_hand()

    def forward(self, x):
        best = torch.relu(self.inner.conv(x)).amax(2)
        return self.inner(x) + best.prod(1)


RIGHT = [
    ("kmer_rule", rule()),
    ("kmer_rule", lambda text: np.float32(rule()(text))),
    ("letter_order", "CACAGTGA"),
    ("letter_order", " cacagtga "),
    ("parameters_flat", 609),
    ("count_pooling", lambda scores: scores.sum(2)),
    ("count_pooling", lambda scores: scores.mean(2)),
    ("count_pooling", lambda scores: np.einsum("nfp->nf", scores)),
    ("network_by_hand", by_hand()),
    ("network_by_hand", by_hand(("GCG", "TAT"), head=(-10, 10, 20, 17, 14, 11))),
]

WRONG = [
    ("kmer_rule", 27.0, "a function of one sequence"),
    ("kmer_rule", rule(each=True), "once for each occurrence"),
    ("kmer_rule", lambda text: rule(0, 0)(text) + 10 * text.count("TAT") - 10 * text.count("GCG"), "each occurrence"),
    ("kmer_rule", rule(base=np.sum), "Take their mean"),
    ("kmer_rule", rule(0, 0), "TAT and GCG are missing"),
    ("kmer_rule", rule(-10, 10), "signs are swapped"),
    ("kmer_rule", rule(10, 0), "GCG takes 10 away"),
    ("kmer_rule", rule(0, -10), "TAT adds 10"),
    ("kmer_rule", rule(both=False), "Then both count"),
    ("kmer_rule", lambda text: 18.5, "GGTTAACC scores 15.5; your function says 18.5"),
    ("kmer_rule", lambda text: 1 / 0, "raises ZeroDivisionError"),
    ("letter_order", 3, "a string of eight letters"),
    ("letter_order", "TATAGCGA", "does not know the letters"),
    ("letter_order", "GAGATCTA", "Letter by letter"),
    ("letter_order", "CACA", "you gave 4"),
    ("parameters_flat", 416, "linear layer has parameters"),
    ("parameters_flat", 193, "filters have parameters"),
    ("parameters_flat", 577, "Each filter has a bias"),
    ("parameters_flat", 608, "output has a bias"),
    ("parameters_flat", 449, "192 inputs"),
    ("parameters_flat", 673, "at 6 places, not at 8"),
    ("parameters_flat", 321, "spans all 4 channels"),
    ("parameters_flat", 12, "filters x positions"),
    ("count_pooling", "sum", "Give a function"),
    ("count_pooling", lambda scores: scores.max(2), "cannot count"),
    ("count_pooling", lambda scores: (scores > 0).sum(2), "no gradient"),
    ("count_pooling", lambda scores: scores.reshape(len(scores), -1), "returns shape (5, 18)"),
    ("count_pooling", lambda scores: scores.min(2), "twice what one gives"),
    ("count_pooling", lambda scores: np.zeros((5, 3)), "twice what one gives"),
    ("count_pooling", lambda scores: scores.sum(1), "returns shape (5, 6)"),
    ("network_by_hand", lambda x: x, "the network itself"),
    ("network_by_hand", cnn.MotifCNN(32, 3), "has 453 parameters"),
    ("network_by_hand", by_hand(bias=-1.0), "Sequences without a motif are wrong"),
    ("network_by_hand", by_hand(head=(10, -10, 20, 11, 14, 17)), "Sequences without a motif are wrong"),
    ("network_by_hand", by_hand(head=(8, -10, 20, 17, 14, 11)), "with TAT are wrong, by -2.0; it should give +10"),
    ("network_by_hand", by_hand(head=(10, 10, 20, 17, 14, 11)), "with GCG are wrong, by 20.0; it should give -10"),
    ("network_by_hand", Interaction(), "hold both are wrong"),
    ("network_by_hand", nn.Linear(3, 1), "raises RuntimeError"),
]
