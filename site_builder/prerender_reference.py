"""Quarto's pre-render step that writes the reference pages: Quarto runs this file as a script, with its own Python."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> int:
    """Write the reference pages; a missing library or a wrong docstring ends the render with one message."""
    try:
        from site_builder.errors import CourseError, CourseErrors
        from site_builder.reference import write_reference
    except ModuleNotFoundError as error:
        needed = "griffelib" if error.name == "griffe" else error.name
        print(f"The reference pages need {needed} in the Python of Quarto ({sys.executable}):", file=sys.stderr)
        print("  pip install --constraint constraints.txt --editable '.[site]'", file=sys.stderr)
        return 2
    try:
        write_reference(root)
    except (CourseError, CourseErrors) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # in place of this folder, so that `site_builder` is found and hides nothing
    sys.exit(main())
