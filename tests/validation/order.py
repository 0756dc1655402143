"""The order of the documents: the longest first, so that workers finish together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

#: Seconds of each document on the page "Status" of 2026-11-22, for a clone that has no report yet. Only their order
#: matters.
MEASURED = {
    "notebooks/04-hyperparameter-tuning.ipynb": 112,
    "notebooks/03-tf-binding-prediction.ipynb": 89,
    "notebooks/02-cnn-for-dna-scoring.ipynb": 74,
    "notebooks/01-introduction-to-deep-learning.ipynb": 50,
    "slides/02-dna-and-convolution.qmd": 32,
    "slides/01-introduction-to-deep-learning.qmd": 29,
    "corrections.qmd": 3,
    "instructors.qmd": 2,
}


def seconds(path: str, report: Mapping[str, Any]) -> float:
    """Return how long a document takes: by the last report, else as measured here; what nobody timed comes first."""
    told = report.get("documents", {}).get(path, {}).get("seconds")
    return float(told or MEASURED.get(path, math.inf))
