"""The HTML of every page is what the standard says, as it is stored and as it is after the scripts have run."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import pytest

from site_builder.vendor import install, node
from tests.browser.site_pages import DECKS, PAGES

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = Path(__file__).with_name("htmlvalidate.json")


def invalid(*files: Path) -> list[str]:
    """Return what the validator says against HTML files."""
    if not VALIDATOR.is_file():
        install(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"  # through a pipe, Node cuts off what is longer than the pipe's buffer
        command = [node(), str(VALIDATOR), "--config", str(RULES), "--formatter", f"json={report}", *map(str, files)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert run.returncode in (0, 1), run.stderr
        found = json.loads(report.read_text("utf-8"))
    return [
        f"{Path(file['filePath']).name}:{message['line']}: {message['ruleId']}: {message['message']}"
        for file in found
        for message in file["messages"]
    ]


def test_every_stored_page_is_valid(site: Path) -> None:
    files = sorted(site.rglob("*.html"))
    assert len(files) >= len(PAGES) + len(DECKS)
    assert invalid(*files) == []


def test_every_page_is_valid_when_its_scripts_have_run(visit, tmp_path: Path) -> None:
    files = []
    for path in PAGES:
        file = tmp_path / path.replace("/", "-")
        file.write_text("<!doctype html>\n" + visit(path).page.evaluate("document.documentElement.outerHTML"), "utf-8")
        files.append(file)
    assert invalid(*files) == []


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('<img alt="A line that rises">', "element-required-attributes"),
        ("<span><div>In</div></span>", "element-permitted-content"),
        ('<i id="a">One</i><i id="a">Two</i>', "no-dup-id"),
        ("<ul><p>In</p></ul>", "element-permitted-content"),
        ("<p>Never closed</b></p>", "close-order"),
        ('<a href="#a" href="#b">Twice</a>', "no-dup-attr"),
        ("<center>Of old</center>", "deprecated"),
        ('<input type="nothing">', "attribute-allowed-values"),
    ],
)
def test_the_validator_sees_mistakes(tmp_path: Path, body: str, rule: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        f'<!doctype html><html lang="en"><head><title>Page</title></head><body>{body}</body></html>', "utf-8"
    )
    assert any(f" {rule}: " in complaint for complaint in invalid(file))
