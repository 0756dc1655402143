"""Puts a finished site in place of the old one in one step, so that nobody ever sees half of one."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.errors import UsageError

#: Stands in every site that the builder made; a folder without it is not touched.
MARKER = ".site_builder"


@contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Give an empty folder beside ``output``; when the block ends well, it takes the place of ``output``."""
    recover(output)
    if output.exists() and any(output.iterdir()) and not (output / MARKER).exists():
        raise UsageError(f"{output} holds files that this program did not make; give another --output, or empty it")
    output.parent.mkdir(parents=True, exist_ok=True)
    for left_over in output.parent.glob(f"{output.name}.building-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=f"{output.name}.building-", dir=output.parent))
    try:
        yield staging
        (staging / MARKER).touch()
        staging.chmod(0o755)
        _swap(staging, output)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap(staging: Path, output: Path) -> None:
    old = _old(output)
    shutil.rmtree(old, ignore_errors=True)
    if output.exists():
        os.replace(output, old)
    try:
        os.replace(staging, output)
    except BaseException:
        recover(output)
        raise
    shutil.rmtree(old, ignore_errors=True)


def recover(output: Path) -> None:
    """Put the previous site back if a build was killed between the two renames."""
    if not output.exists() and _old(output).exists():
        os.replace(_old(output), output)


def _old(output: Path) -> Path:
    return output.with_name(f"{output.name}.old")
