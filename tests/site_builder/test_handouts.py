"""Links for PDFs lead to the file where it has been printed, and never to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.check import check_site
from site_builder.handouts import link_handouts, linked

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
