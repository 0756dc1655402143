"""Quarto's post-render step: its search index then holds what ours holds, no speaker notes and no worked solutions.

Quarto runs this file as a script, with its own Python, after `search.json` is written.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INDEX = "search.json"


def main() -> int:
    """Write the index again; without one there is nothing to do."""
    from site_builder.files import write_atomic

    index = ROOT / os.environ.get("QUARTO_PROJECT_OUTPUT_DIR", "_site") / INDEX
    if index.is_file():
        items = json.loads(index.read_text("utf-8"))
        write_atomic(index, json.dumps(rewritten(items, index.parent), ensure_ascii=False, indent=1) + "\n")
    return 0


def rewritten(items: list[dict[str, Any]], site: Path) -> list[dict[str, Any]]:
    """Return entries in Quarto's form for the pages that its index names, one for each section and slide."""
    from site_builder.search import Entry, page_entries

    def item(entry: Entry) -> dict[str, Any]:
        text = "\n".join(text for text, _ in entry.texts)
        section = "" if entry.title == entry.page else entry.title
        facts = {"title": entry.page, "section": section, "text": text, "crumbs": crumbs[entry.place.partition("#")[0]]}
        return {"objectID": entry.place, "href": entry.place, **facts}

    crumbs = {item["href"].partition("#")[0]: item["crumbs"] for item in items}
    texts = {path: (site / path).read_text("utf-8") for path in crumbs}
    return [item(entry) for path, text in texts.items() for entry in page_entries(path, text)]


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in place of this folder, so that `site_builder` is found and hides nothing
    sys.exit(main())
