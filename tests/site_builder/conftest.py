"""Fixtures of the builder's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.vendor import vendor
from tests.site_builder.course import REPOSITORY, Course, make_course


@pytest.fixture(scope="session", autouse=True)
def _libraries() -> None:
    """Bring the browser libraries into the repository once, if they are not there yet."""
    vendor(REPOSITORY)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a new small course."""
    return make_course(tmp_path / "course")


@pytest.fixture(scope="module")
def shared_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a small course that the tests of one module share; they write `page.qmd` and the deck over."""
    return make_course(tmp_path_factory.mktemp("shared") / "course")
