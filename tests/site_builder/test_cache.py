"""The cache: what nobody uses goes, what is used stays, and a build beside it is not harmed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from site_builder import pandoc_engine
from site_builder.cache import DAYS, prune
from site_builder.files import read_sealed, write_sealed
from site_builder.pandoc_engine import CACHE, build
from tests.site_builder.course import Course, front_matter

DAY = 86_400


def entry(cache: Path, name: str, days: float, size: int = 10) -> Path:
    path = cache / name
    write_sealed(path, "x" * size)
    used = time.time() - days * DAY
    os.utime(path, (used, used))
    return path


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.rglob("*") if path.is_file()}


def test_what_was_not_used_for_a_month_goes(tmp_path: Path) -> None:
    entry(tmp_path, "math/old", DAYS + 1)
    entry(tmp_path, "math/young", DAYS - 1)
    entry(tmp_path, "executed/.half.x1y2", DAYS + 1)
    assert prune(tmp_path) == 2
    assert names(tmp_path) == {"young"}


def test_reading_is_using(tmp_path: Path) -> None:
    read = entry(tmp_path, "read", DAYS + 1)
    assert read_sealed(read) == "x" * 10
    assert prune(tmp_path) == 0


def test_a_damaged_entry_is_not_used_by_looking(tmp_path: Path) -> None:
    damaged = entry(tmp_path, "damaged", DAYS + 1)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    os.utime(damaged, (0, 0))
    assert read_sealed(damaged) is None
    assert prune(tmp_path) == 1


def test_beyond_the_size_the_oldest_go_and_the_newest_stay(tmp_path: Path) -> None:
    for days in (1, 2, 3, 4):
        entry(tmp_path, f"day{days}", days, size=1_000)
    assert prune(tmp_path, size=2_500) == 2
    assert names(tmp_path) == {"day1", "day2"}


def test_what_a_build_may_be_using_stays_whatever_the_size(tmp_path: Path) -> None:
    entry(tmp_path, "now", 0, size=1_000)
    assert prune(tmp_path, size=10) == 0


def test_an_entry_that_another_build_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry(tmp_path, "old", DAYS + 1)
    unlink = os.unlink

    def first_another(path: str) -> None:
        unlink(path)
        unlink(path)

    monkeypatch.setattr("site_builder.cache.os.unlink", first_another)
    assert prune(tmp_path) == 0
    assert prune(tmp_path / "no such folder") == 0


def test_a_build_prunes(course: Course) -> None:
    old = entry(course.root / CACHE, "math/old", DAYS + 1)
    build(course.project, course.root / "_site", lambda _: None)
    assert not old.exists()


def test_a_build_can_lose_its_cache_while_it_runs(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.write("page.qmd", front_matter() + "## A part {#part}\n\n$x$\n")
    build(course.project, course.root / "_site", lambda _: None)
    expected = course.snapshot()
    page = pandoc_engine._page

    def without_cache(*arguments: object) -> object:
        prune(course.root / CACHE, now=time.time() + 2 * DAYS * DAY)
        return page(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(pandoc_engine, "_page", without_cache)
    build(course.project, course.root / "_site", lambda _: None)
    assert course.snapshot() == expected
