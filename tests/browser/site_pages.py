"""The pages and decks of the course, for parametrizing tests."""

from __future__ import annotations

from pathlib import Path

from site_builder.document import read_document
from site_builder.project import load_project, output_path

_PROJECT = load_project(Path(__file__).resolve().parents[2])
_FORMATS = {
    path: _PROJECT.settings(read_document(_PROJECT.root, path).front).format_name for path in _PROJECT.documents
}
DECKS = [output_path(path) for path, name in _FORMATS.items() if name == "revealjs"]
PAGES = [output_path(path) for path, name in _FORMATS.items() if name == "html"]
