"""Runs all benchmarks and prints one table of ratios: ``python -m benchmarks`` (``make bench``)."""

import importlib
import pkgutil

import benchmarks
from benchmarks.timing import show

if __name__ == "__main__":
    names = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    modules = [importlib.import_module(f"benchmarks.{name}") for name in names if name not in ("__main__", "timing")]
    show([row for module in modules for row in module.rows()])
