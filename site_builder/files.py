"""Writing files so that nobody ever sees half of one, and hashing them."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from site_builder.errors import CourseError


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file in one step: readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_changed(path: Path, text: str) -> None:
    """Write a text in one step, unless the file holds it already: what is made from it then stays as it is, too."""
    if not path.is_file() or path.read_text("utf-8") != text:
        write_atomic(path, text)


def read_text(root: Path, path: str) -> str:
    """Return the text of a file of the course, without a byte order mark."""
    try:
        return (root / path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"not UTF-8 text: {error.reason} at byte {error.start}", path) from None


def write_sealed(path: Path, text: str) -> None:
    """Write a text that a later run reads again, with its hash before it."""
    write_atomic(path, f"{digest(text)}\n{text}")


def read_sealed(path: Path) -> str | None:
    """Return a sealed text, or None if there is none or it is not what was written; note that it was used."""
    try:
        seal, _, text = path.read_text("utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    if seal != digest(text):
        return None
    with suppress(OSError):  # a cache that may only be read serves as well
        os.utime(path)
    return text


def rows(text: str) -> list[str]:
    """Return the lines of a text as editors count them: only a line feed ends one."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def digest(*parts: str | bytes) -> str:
    """Return the SHA-256 of the parts, each with its length, so that no two lists collide."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        sha.update(len(data).to_bytes(8, "big") + data)
    return sha.hexdigest()


def digest_files(root: Path, paths: Iterable[str]) -> str:
    """Return the SHA-256 of files: their names relative to ``root`` and what is in them."""
    return digest(*(part for path in sorted(paths) for part in (path, (root / path).read_bytes())))
