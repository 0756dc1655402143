"""The small package that the lessons and decks of *Deep Learning in Genomics* import.

Submodules load when they are first used, so ``import course_lib`` costs nothing and does not import torch:

>>> import course_lib
>>> course_lib.dna.one_hot("AC").shape
(2, 4)

Conventions, the same in every module: arrays are ``(n_samples, n_features)``; DNA is ``(length, 4)`` in the
order A, C, G, T, and a batch ``(n, length, 4)``; whatever is random takes a seed or a generator.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course_lib import (
        backprop,
        binding,
        challenge,
        cnn,
        datasets,
        display,
        dna,
        dna_plots,
        exercises,
        genomes,
        linear,
        mlp,
        motifs,
        plots,
        training,
        tuning,
    )

__version__ = "0.1.0"
__all__ = [
    "backprop",
    "binding",
    "challenge",
    "cnn",
    "datasets",
    "display",
    "dna",
    "dna_plots",
    "exercises",
    "genomes",
    "linear",
    "mlp",
    "motifs",
    "plots",
    "training",
    "tuning",
]


def __getattr__(name: str) -> ModuleType:
    """Import a submodule the first time it is asked for (PEP 562)."""
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the submodules beside what is already loaded."""
    return sorted({*globals(), *__all__})
