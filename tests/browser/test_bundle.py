"""The archive of `make bundle`: unpacked elsewhere and served, with the network cut, it is the whole course."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.serving import serving
from tests.browser.site_pages import DECKS, PAGES

ROOT = Path(__file__).resolve().parents[2]


def make(folder: Path) -> Path:
    command = [sys.executable, "-m", "site_builder", "bundle", "--output", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    (archive,) = folder.iterdir()
    return archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    assert [path.name for path in folder.iterdir()] == [archive.stem]
    return folder / archive.stem


def test_the_same_sources_give_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    assert make(tmp_path / "again").read_bytes() == archive.read_bytes()


def test_what_is_inside(unpacked: Path) -> None:
    for name in (*PAGES, *DECKS):
        assert (unpacked / "site" / name).is_file()
    for source in (*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("data/motifs/*")):
        assert (unpacked / source.relative_to(ROOT)).read_bytes() == source.read_bytes()
    readme = (unpacked / "README.txt").read_text()
    (wheel,) = (unpacked / "wheels").iterdir()
    assert "python -m http.server --directory site" in readme
    assert f"pip install --no-deps --no-index wheels/{wheel.name}" in readme
    assert list(unpacked.rglob(".*")) == []


def test_it_is_read_without_a_network(unpacked: Path, browser: Browser) -> None:
    problems: list[str] = []
    with serving(unpacked / "site") as address:
        context = browser.new_context()

        def only_here(route: Route) -> None:
            if route.request.url.startswith((f"{address}/", "data:", "blob:")):
                route.continue_()
            else:
                problems.append(f"asks for {route.request.url}")
                route.abort()

        context.route("**/*", only_here)
        page = context.new_page()
        page.on("response", lambda r: problems.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        for name in (*PAGES, *DECKS):
            page.goto(f"{address}/{name}", wait_until="networkidle")
            assert page.locator("h1").first.inner_text().strip(), name
        context.close()
    assert problems == []


def test_its_wheel_is_installed_without_a_network(unpacked: Path, tmp_path: Path) -> None:
    (wheel,) = (unpacked / "wheels").iterdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(tmp_path)]
    done = subprocess.run([*install, str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import course_lib.dna as d; print(d.__file__, d.kmers(1))"
    )
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(str(tmp_path / "course_lib"))
