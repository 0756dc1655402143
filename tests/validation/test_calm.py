"""False alarms: what became of each setting is stored at once, beside what is known of the others."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.validation import calm
from tests.validation.report import read_proof

FIRST, SECOND, THIRD = (setting.name for setting in calm.SETTINGS[:3])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests" / "validation").mkdir(parents=True)
    return tmp_path


def stored(root: Path) -> dict[str, Any]:
    return {entry["setting"]: entry["result"] for entry in read_proof(root)["calm"]["settings"]}


def test_an_interrupted_round_keeps_what_it_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def validate(_: Path, setting: calm.Setting, __: Any) -> list[str]:
        if setting.name == THIRD:
            raise KeyboardInterrupt
        return ["FAILED one"] if setting.name == SECOND else []

    monkeypatch.setattr(calm, "validate", validate)
    with pytest.raises(KeyboardInterrupt):
        calm.check(root, [], calm.SETTINGS, record=True)
    assert stored(root) == {FIRST: "passed", SECOND: "failed"}
    assert (read_proof(root)["calm"]["runs"], read_proof(root)["calm"]["failed"]) == (2, 1)


def test_one_setting_run_again_leaves_the_others_in_their_order(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calm, "validate", lambda *_: [])
    assert calm.check(root, [], calm.named([THIRD]), record=True) == 0
    assert calm.check(root, [], calm.named([FIRST]), record=True) == 0
    assert list(stored(root)) == [FIRST, THIRD]
    monkeypatch.setattr(calm, "validate", lambda *_: ["FAILED one"])
    assert calm.check(root, [], calm.named([THIRD]), record=True) == 1
    assert stored(root) == {FIRST: "passed", THIRD: "failed"}


@pytest.mark.parametrize(("paths", "record"), [(["one.qmd"], True), ([], False)])
def test_nothing_is_stored_of_a_part_or_unasked(
    root: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str], record: bool
) -> None:
    monkeypatch.setattr(calm, "validate", lambda *_: [])
    calm.check(root, paths, calm.named([FIRST]), record)
    assert read_proof(root) == {}


def test_another_installation_is_stored_after_the_settings_under_its_version(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calm, "validate", lambda *_: [])
    monkeypatch.setattr(calm, "version", lambda _: "9.8.7+cpu")
    assert calm.check(root, [], [calm.installed()], record=True) == 0
    assert calm.check(root, [], calm.named([FIRST]), record=True) == 0
    assert list(stored(root)) == [FIRST, "PyTorch 9.8.7"]


def test_older_processors_are_among_the_settings() -> None:
    capabilities = {setting.environment.get("ATEN_CPU_CAPABILITY") for setting in calm.SETTINGS}
    assert capabilities >= {"avx2", "default"}


def test_it_validates_as_make_does() -> None:
    """`make -n` prints the command of `make test-lessons` without running it."""
    root = Path(__file__).parents[2]
    planned = subprocess.run(["make", "-n", "test-lessons"], cwd=root, capture_output=True, text=True, check=True)
    assert f"-m pytest {' '.join([*calm.ONE_BY_ONE, *calm.PARALLEL])}" in planned.stdout
