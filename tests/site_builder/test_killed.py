"""Builds that are killed again and again: what is published is always one whole version.

`make test` kills for 20 seconds; `make test-faults` for 60 (FAULT_SECONDS and FAULT_KILLS say how long and how often).
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from site_builder import publish
from site_builder.cli import main
from site_builder.pandoc_engine import build
from tests.site_builder.course import REPOSITORY, Course, front_matter

SECONDS = float(os.environ.get("FAULT_SECONDS", "20"))
KILLS = int(os.environ.get("FAULT_KILLS", "12"))
SEED = 20261121

Version = dict[str, str]


def write_version(course: Course, name: str) -> None:
    """Make the course version A or B: other words, another formula, a file that the other version does not have."""
    course.write("index.qmd", front_matter(title=f"Home {name}") + f"Read the [notes](notes-{name}.txt).\n" * 50)
    course.write("page.qmd", front_matter() + f"## A part {{#part}}\n\nWe are {name}: $x_{{{name}}}^2$.\n")
    course.write("slides/deck.qmd", front_matter() + f"## A slide of {name}\n\n$$y = {name}$$\n")
    course.write(f"notes-{name}.txt", name * 200_000)


def hashes(course: Course) -> Version:
    return {name: hashlib.sha256(data).hexdigest() for name, data in course.snapshot().items()}


@dataclass
class Faults:
    """Builds of versions A and B in turn, each killed at a random moment and then made whole."""

    course: Course
    versions: dict[str, Version]
    seconds: float
    rng: random.Random = field(default_factory=lambda: random.Random(SEED))
    moments: list[float] = field(default_factory=list)
    new: int = 0

    def start(self, name: str) -> subprocess.Popen[str]:
        write_version(self.course, name)
        if self.rng.random() < 0.5:  # half of the builds convert and typeset anew
            for kind in ("converted", "math"):
                shutil.rmtree(self.course.root / ".cache/site_builder" / kind, ignore_errors=True)
        return subprocess.Popen(
            self.course.command("render", "--engine", "pandoc"),
            cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def moment(self) -> float:
        """Return when to kill, as a share of a build: anywhere, half of the time near the end, where files change."""
        return self.rng.uniform(0, 1) if self.rng.random() < 0.5 else self.rng.uniform(0.6, 1.1)

    def kill_one(self, name: str) -> None:
        """Kill a build of a version, and all that it started; whatever it had done, one version is there, whole."""
        share = self.moment()
        running = self.start(name)
        time.sleep(share * self.seconds)
        ended = running.poll() is not None
        if ended:
            self.seconds *= 0.95  # the machine is faster than it was
        else:
            os.killpg(running.pid, signal.SIGKILL)
            self.moments.append(share)
            self.seconds *= 1.1 if share > 1 else 1
        running.communicate(timeout=20)
        found = hashes(self.course)
        whole = [version for version, files in self.versions.items() if files == found]
        assert whole, f"killed at {share:.2f} of a build: neither version is there, whole; {len(found)} files"
        self.new += whole == [name] and not ended

    def finish(self, name: str) -> None:
        """Let a build end: it works, whatever the killed one left, and leaves nothing itself."""
        write_version(self.course, name)
        make(self.course)
        assert hashes(self.course) == self.versions[name]
        assert self.course.leftovers() == []


@pytest.fixture
def faults(course: Course) -> Faults:
    versions = {}
    for name in "AB":
        write_version(course, name)
        began = time.perf_counter()
        assert course.render().returncode == 0
        versions[name] = hashes(course)
    return Faults(course, versions, time.perf_counter() - began)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is a moment between two renames")
def test_a_killed_build_leaves_one_whole_version(faults: Faults, capsys: pytest.CaptureFixture[str]) -> None:
    assert faults.versions["A"] != faults.versions["B"]
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS or len(faults.moments) < KILLS:
        faults.kill_one("A")
        faults.finish("A")
        faults.kill_one("B")
        faults.finish("B")
    with capsys.disabled():
        kills, late = len(faults.moments), sum(moment > 0.6 for moment in faults.moments)
        print(f"\n{kills} kills in {time.perf_counter() - began:.0f} s, {late} of them late in the build,", end=" ")
        print(f"{faults.new} when the new version was published already")


# -- what a build killed while it removed a folder leaves ---------------------------------------------------------


def make(course: Course) -> None:
    build(course.project, course.root / "_site", lambda _: None)


@pytest.mark.parametrize("name", ["_site.old", "_site.building-x"])
@pytest.mark.parametrize("rest", ["empty", "marker", "half"])
def test_what_is_left_of_a_folder_that_was_being_removed(course: Course, name: str, rest: str) -> None:
    (course.root / name).mkdir()
    if rest != "empty":
        course.write(f"{name}/{publish.MARKER}", "")
    if rest == "half":
        course.write(f"{name}/theme/css/page.css", "")
    make(course)
    assert course.leftovers() == []
    assert (course.root / "_site/index.html").is_file()


def test_the_marker_goes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, left = tmp_path / "folder", []
    (folder / "sub").mkdir(parents=True)
    for name in (publish.MARKER, "a.html", "z.html", "sub/b.html"):
        (folder / name).touch()
    rmtree = shutil.rmtree
    monkeypatch.setattr(publish.shutil, "rmtree", lambda path, **_: (left.append(os.listdir(folder)), rmtree(path))[1])
    publish._remove(folder)
    assert left[-1] == [publish.MARKER]
    assert not folder.exists()


def test_a_system_that_cannot_exchange_folders(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    make(course)
    course.write("page.qmd", front_matter() + "## A part {#part}\n\nNew words\n")
    monkeypatch.setattr(publish, "_exchange", lambda *_: False)
    make(course)
    assert b"New words" in course.snapshot()["page.html"]
    assert course.leftovers() == []


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
def test_folders_change_names_in_one_step(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    assert publish._exchange(tmp_path / "a", tmp_path / "b")
    assert [(tmp_path / name / "file").read_text() for name in "ab"] == ["b", "a"]
    with pytest.raises(FileNotFoundError):
        publish._exchange(tmp_path / "a", tmp_path / "nothing")


# -- a full disk, a folder that may not be written ----------------------------------------------------------------


def said(capsys: pytest.CaptureFixture[str], course: Course, *more: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["--root", str(course.root), "render", "--engine", "pandoc", *more])
    return code, capsys.readouterr().err


def no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "some/file")


@pytest.mark.parametrize(
    "where",
    [
        "site_builder.files.tempfile.mkstemp",
        "site_builder.files.os.fdopen",
        "site_builder.publish.tempfile.mkdtemp",
        "site_builder.pandoc_engine.shutil.copyfile",
        "site_builder.pandoc_engine.write_atomic",
        "site_builder.convert.write_sealed",
        "site_builder.formulas.write_sealed",
    ],
)
def test_a_full_disk(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    write_version(course, "A")
    make(course)
    before = course.snapshot()
    write_version(course, "B")
    monkeypatch.setattr(where, no_room)
    code, message = said(capsys, course)
    assert code == 2
    assert message.strip().count("\n") == 0
    assert "the disk is full" in message
    assert "some/file" in message
    assert "the previous site is as it was" in message
    monkeypatch.undo()
    assert course.snapshot() == before
    assert course.leftovers() == []
    assert said(capsys, course)[0] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_disk_that_takes_no_large_file(course: Course) -> None:
    """A real refusal of the system in the real command: no file may grow beyond 100,000 bytes."""
    import resource

    write_version(course, "A")
    make(course)
    before = course.snapshot()
    write_version(course, "B")
    run = subprocess.run(
        course.command("render", "--engine", "pandoc"),
        cwd=REPOSITORY, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    assert run.returncode == 2, run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.strip().count("\n") == 0, run.stderr
    assert "File too large" in run.stderr
    assert course.snapshot() == before
    assert course.leftovers() == []


def test_a_folder_that_may_not_be_written(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make(course)
    before = course.snapshot()

    def refuse(*_: object, dir: Path, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(dir))

    monkeypatch.setattr("site_builder.publish.tempfile.mkdtemp", refuse)
    code, message = said(capsys, course)
    assert code == 2
    assert f"{course.root} may not be written or read" in message
    assert message.strip().count("\n") == 0
    assert course.snapshot() == before


def test_a_place_below_a_file(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    course.write("file", "mine")
    code, message = said(capsys, course, "--output", str(course.root / "file/site"))
    assert code == 2
    assert "Traceback" not in message
    assert str(course.root / "file") in message
    assert (course.root / "file").read_text() == "mine"
