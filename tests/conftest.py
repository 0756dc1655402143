"""Modules that take minutes come first, so that the workers of `make test` end together.

`--dist loadscope` gives a module to one worker; of itself it begins with those that have the most tests.
"""

from __future__ import annotations

from pathlib import Path

import pytest

#: The longest first, as `--durations` tells.
LONG = (
    "site_builder/test_lesson_header.py",
    "browser/test_accessibility.py",
    "validation/test_plugin.py",
    "site_builder/test_killed.py",
    "unit/test_peers.py",
    "unit/test_tuning.py",
    "browser/test_glossary.py",
    "browser/test_pages.py",
    "browser/test_weight.py",
    "unit/test_training.py",
)
FOLDER = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {FOLDER / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path, len(LONG)))
