"""Puts a finished site in place of the old one in one step, so that nobody ever sees half of one.

On Linux the two folders change names in one system call, so there is no moment without a site. Where the system cannot
do that there are two renames, and the next build puts the old site back if this one is killed between them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from site_builder.errors import UsageError

try:
    import fcntl
except ImportError:  # no such locks on Windows: there, start one build at a time
    fcntl = None  # type: ignore[assignment]

#: Stands in every site that the builder made, or is making; a folder without it is not touched.
MARKER = ".site_builder"
#: Of Linux's renameat2.
AT_FDCWD, RENAME_EXCHANGE = -100, 2


def check_output(output: Path, root: Path) -> None:
    """Refuse a place for the site that would cost the course, or anybody else, their files.

    Raises
    ------
    UsageError
        If ``output`` is the course or around it, is in its theme, is a file, or holds files of another origin.
    """
    if output == root or output in root.parents:
        raise UsageError(f"the site cannot go into {output}, which holds the course; give another --output")
    if output.is_relative_to(root / "theme"):
        raise UsageError(f"the site cannot go into {output}: what is in theme/ is copied into the site")
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file; give the name of a folder as --output")
    if output.is_dir() and any(output.iterdir()) and not _is_ours(output):
        raise UsageError(f"{output} holds files that this program did not make; give another --output")
    if _old(output).exists() and not _is_ours(_old(output)) and not _is_empty(_old(output)):
        raise UsageError(f"{_old(output)} is in the way and not made by this program; rename it")


@contextmanager
def staged(output: Path, root: Path, *, changing: bool = False) -> Iterator[Path]:
    """Give a folder beside ``output``; when the block ends well, it takes the place of ``output``.

    The folder is empty, or with ``changing`` holds the present site; its files are then to be replaced, never written
    into, because they are shared with the present site.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(output.parent):
        recover(output)
        check_output(output, root)
        _sweep(output)
        staging, alive = _begin(output)
    try:
        if changing:
            shutil.copytree(output, staging, copy_function=_link, ignore=_without_marker, dirs_exist_ok=True)
        yield staging
        staging.chmod(0o755)
        with _alone_in(output.parent):
            check_output(output, root)
            _swap(staging, output)
    finally:
        os.close(alive)
        _remove(staging)


def recover(output: Path) -> None:
    """Put the previous site back if a build was killed between the two renames."""
    if not output.exists() and _is_ours(_old(output)):
        os.replace(_old(output), output)


def _swap(staging: Path, output: Path) -> None:
    """Put the new site in place; what is in ``staging`` afterwards, or beside the site, is the old one."""
    old = _old(output)
    _remove(old)
    if output.exists() and _exchange(staging, output):
        return
    try:
        if output.exists():
            os.replace(output, old)
        os.replace(staging, output)
    except BaseException:
        recover(output)
        raise
    _remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; tell whether the system can."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    if (code := ctypes.get_errno()) in (errno.EINVAL, errno.ENOSYS, errno.EPERM):  # not on this file system
        return False
    raise OSError(code, os.strerror(code), str(other))


def _remove(folder: Path) -> None:
    """Remove a folder of ours, its marker last: whenever this ends, the next build knows the rest as its own."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            elif entry.name != MARKER:
                os.unlink(entry.path)
    shutil.rmtree(folder, ignore_errors=True)


def _begin(output: Path) -> tuple[Path, int]:
    """Make the folder to build in; as long as the returned file is open, its lock tells that somebody builds there."""
    staging = Path(tempfile.mkdtemp(prefix=f"{output.name}.building-", dir=output.parent))
    alive = os.open(staging / MARKER, os.O_CREAT | os.O_RDWR, 0o644)
    _lock(alive)
    return staging, alive


def _sweep(output: Path) -> None:
    """Remove what killed builds left; what a running build is making stays."""
    for left_over in output.parent.glob(f"{output.name}.building-*"):
        if not _is_ours(left_over):
            with suppress(OSError):
                left_over.rmdir()  # killed before the marker was in it, or after
            continue
        with open(left_over / MARKER, "rb") as marker:
            if _lock(marker.fileno(), wait=False):
                _remove(left_over)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other build starts or publishes in ``folder``."""
    if fcntl is None:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, *, wait: bool = True) -> bool:
    """Lock an open file; tell whether it worked (a file system may have no locks)."""
    if fcntl is None:
        return False
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _without_marker(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name == MARKER]


def _is_ours(folder: Path) -> bool:
    return (folder / MARKER).is_file()


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _old(output: Path) -> Path:
    return output.with_name(f"{output.name}.old")
