"""Packs the course into one archive that works without a network: site, notebooks, data, wheel of `course_lib`."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from site_builder import pandoc_engine
from site_builder.errors import UsageError
from site_builder.execute import Report
from site_builder.files import write_atomic
from site_builder.handouts import linked
from site_builder.project import Project

#: The time of every file in the archive: the same sources give the same bytes.
TIME = (1980, 1, 1, 0, 0, 0)
#: What is packed already; deflating it again gains nothing.
PACKED = (".png", ".jpg", ".woff2", ".whl", ".pdf", ".zip")
#: Files at the root of the course that go along.
ALONG = ("LICENSE", "LICENSE-CONTENT.md", "CITATION.cff", "constraints.txt")

README = """\
{title}, version {version}

This folder holds the whole course. Nothing in it needs a network, except where said.

Read it
  In this folder, run
      python -m http.server --directory site 8000
  and open http://localhost:8000/ in a browser. (Opened as files, without a server, the pages lack their scripts.)
  The slides are part of the site{pdf}.

Run the lessons
      python -m pip install {wheel}
      python -m pip install jupyter
      python -m jupyter lab notebooks
  The first two commands bring NumPy, PyTorch and the other libraries from the network, unless they are installed.
  Where they are, this is enough, and needs no network:
      python -m pip install --no-deps --no-index {wheel}
  The versions that the course was tested with are in constraints.txt (add --constraint constraints.txt).

What is where
  site/        the rendered course: pages, slides, playgrounds, notebooks to download
  notebooks/   the lessons as Jupyter notebooks, with their outputs
  data/        the tables that lessons read, with their sources
  wheels/      course_lib, the package that lessons import
  LICENSE, LICENSE-CONTENT.md, CITATION.cff
"""

Files = dict[str, bytes]


def bundle(project: Project, folder: Path, report: Report) -> Path:
    """Build the site and write the archive into ``folder``; return its path."""
    version = _version(project.root)
    title = str(project.website["title"])
    name = f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}-{version}"
    with tempfile.TemporaryDirectory(prefix="bundle-") as private:
        site = Path(private) / "site"
        pandoc_engine.build(project, site, report)
        files = {f"site/{path}": data for path, data in _contents(site)}
        wheel = _wheel(project.root, Path(private) / "wheels")
    pdfs = _pdfs(project, files, report)
    files |= pdfs | _pages_with_handouts(files, pdfs) | _sources(project) | {f"wheels/{wheel.name}": wheel.data}
    text = README.format(
        title=title,
        version=version,
        wheel=f"wheels/{wheel.name}",
        pdf=", and beside them stand PDFs (site/slides/*.pdf)" if pdfs else "",
    )
    archive = folder / f"{name}.zip"
    write_atomic(archive, _zip(name, files | {"README.txt": text.encode()}))
    return archive


def _version(root: Path) -> str:
    try:
        return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"the bundle takes its version from pyproject.toml, project: version: {error}") from None


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):  # the marker, the stamp of the libraries
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _sources(project: Project) -> Files:
    """Return what readers run: notebooks and data at their places, so that relative paths hold; licenses."""
    names = [path for path in project.documents if path.endswith(".ipynb")]
    names += [*project.glob("data"), *(name for name in ALONG if (project.root / name).is_file())]
    return {name: (project.root / name).read_bytes() for name in names}


def _pdfs(project: Project, files: Files, report: Report) -> Files:
    """Return the PDFs that `make pdf` printed from the very decks of this site; others are too old."""
    found: Files = {}
    for pdf in sorted(project.output_dir.rglob("*.pdf")):
        name = pdf.relative_to(project.output_dir).as_posix()
        deck = pdf.with_suffix(".html")
        if f"site/{name}" in files or not deck.is_file():
            continue
        if deck.read_bytes() == files.get(f"site/{name.removesuffix('.pdf')}.html"):
            found[f"site/{name}"] = pdf.read_bytes()
        else:
            report(f"  {name} was printed from an older deck and stays out; `make pdf` prints it again")
    return found


def _pages_with_handouts(files: Files, pdfs: Files) -> Files:
    """Return the pages whose links for PDFs lead to those that go along."""
    pages = {name: data.decode() for name, data in files.items() if pdfs and name.endswith(".html")}
    return {name: linked(name, text, pdfs.__contains__).encode() for name, text in pages.items()}


class _File(NamedTuple):
    name: str
    data: bytes


def _wheel(root: Path, folder: Path) -> _File:
    """Build the wheel of `course_lib`, with the build tool that is installed: no network is asked."""
    if importlib.util.find_spec("hatchling") is None:
        raise UsageError("the bundle needs hatchling, which makes the wheel; `make bundle` installs it")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if run.returncode:
        raise UsageError(f"the wheel of course_lib cannot be built: {run.stderr.strip()[-1000:]}")
    (path,) = folder.glob("*.whl")
    return _File(path.name, path.read_bytes())


def _zip(name: str, files: Files) -> bytes:
    """Return an archive of files below one folder, sorted, all of one time and with the same permissions."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{name}/{path}", TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, whatever the machine
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(PACKED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[path])
    return target.getvalue()
