"""Links for PDFs lead to the file where it has been printed, and never to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.bundle import _pages_with_handouts
from site_builder.check import check_site
from site_builder.handouts import link_handouts, linked

ROOT = Path(__file__).resolve().parents[2]
PAGE = """<!doctype html><html lang="en"><title>Page</title><body>
<a href="#pdf" class="x" data-pdf="slides/one.pdf">Deck 1 as a PDF</a>
<a data-pdf="slides/two.pdf" href="#pdf">Deck 2 as a PDF</a> <a href="#pdf">How to make one</a>
<h2 id="pdf">Decks as a PDF</h2></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    (tmp_path / "slides").mkdir()
    return tmp_path


def test_without_pdfs_nothing_changes_and_no_link_is_broken(site: Path) -> None:
    assert link_handouts(site) == []
    assert (site / "index.html").read_text("utf-8") == PAGE
    assert check_site(site) == []


def test_a_link_leads_to_the_pdf_that_is_there(site: Path) -> None:
    (site / "slides" / "two.pdf").write_bytes(b"%PDF-")
    assert link_handouts(site) == ["index.html"]
    text = (site / "index.html").read_text("utf-8")
    assert text == PAGE.replace(
        'data-pdf="slides/two.pdf" href="#pdf"', 'data-pdf="slides/two.pdf" href="slides/two.pdf"'
    )
    assert check_site(site) == []
    assert link_handouts(site) == []


def test_the_file_is_replaced_not_written_into(site: Path) -> None:
    (site / "slides" / "one.pdf").write_bytes(b"%PDF-")
    shared = site / "shared"
    shared.hardlink_to(site / "index.html")
    link_handouts(site)
    assert shared.read_text("utf-8") == PAGE


def test_names_count_from_the_page() -> None:
    text = '<a href="#pdf" data-pdf="../slides/one.pdf">PDF</a>'
    assert 'href="../slides/one.pdf"' in linked("about/teaching.html", text, {"slides/one.pdf"}.__contains__)
    assert linked("teaching.html", text, {"slides/one.pdf"}.__contains__) == text


def test_the_bundle_links_to_the_pdfs_that_go_along() -> None:
    pages = {"site/index.html": PAGE.encode(), "site/a.css": b"a {}"}
    changed = _pages_with_handouts(pages, {"site/slides/one.pdf": b"%PDF-"})
    assert b'href="slides/one.pdf"' in changed["site/index.html"]
    assert b'href="slides/two.pdf"' not in changed["site/index.html"]
    assert _pages_with_handouts(pages, {}) == {}


def test_the_page_for_instructors_has_a_link_for_the_pdf_of_each_deck() -> None:
    text = (ROOT / "instructors.qmd").read_text("utf-8")
    decks = sorted(path.stem for path in (ROOT / "slides").glob("*.qmd"))
    assert [deck for deck in decks if f'](#pdf){{data-pdf="slides/{deck}.pdf"}}' not in text] == []
    assert "{#pdf}" in text
