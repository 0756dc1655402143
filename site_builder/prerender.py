"""Quarto's pre-render step: writes what is made from the sources before they are rendered.

That is the reference pages, the glossary's terms, the text of the page "Status", the lessons' records and their
copies without solutions. Quarto runs
this file as a script, with its own Python; the Pandoc engine calls the same functions.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> int:
    """Write it all; a missing library or a mistake in a source ends the render with one message."""
    try:
        from site_builder.document import read_document
        from site_builder.errors import CourseError, CourseErrors
        from site_builder.glossary import write_glossary
        from site_builder.lessons import write_lessons
        from site_builder.project import load_project
        from site_builder.reference import write_reference
        from site_builder.status import write_status
    except ModuleNotFoundError as error:
        needed = "griffelib" if error.name == "griffe" else error.name
        print(f"The site needs {needed} in the Python of Quarto ({sys.executable}):", file=sys.stderr)
        print("  pip install --constraint constraints.txt --editable '.[site]'", file=sys.stderr)
        return 2
    try:
        write_reference(root)
        write_glossary(root)
        write_status(root)
        notebooks = [path for path in load_project(root).documents if path.endswith(".ipynb")]
        write_lessons(root, [read_document(root, path) for path in notebooks])
    except (CourseError, CourseErrors) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in place of this folder, so that `site_builder` is found and hides nothing
    sys.exit(main())
