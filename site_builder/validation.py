"""What the last full validation found: the file that `make test` writes, and how it is read.

`tests/validation` writes the file, `site_builder/lessons.py` reads it for the stamp on each lesson, the page "Status"
shows all of it. Its form, number 2 (a key that may be missing is marked so; every other is always there):

``schema``
    2.
``date``, ``commit``
    When the run ended (ISO 8601, UTC), and what it ran on: ``git describe``, with ``-dirty`` where files were changed;
    None where there is no git.
``versions``
    Version of each package that the outputs depend on, ``python`` first.
``system``, ``processor``, ``cores``, ``gpu``
    Names, how many cores the run could use, and the name of the CUDA device that the lessons ran on, or None.
``device``
    ``cpu``, or ``cuda`` in a run of `make test-gpu`, which is kept in a file of its own (``GPU_REPORT``).
``seconds``, ``seconds_one_by_one``
    Wall time of the validation from the first document's start to the last one's end, and the sum over documents.
``run``
    The folder (relative to the course) in which each document stands as the run executed it: a notebook, for a
    ``.qmd`` also, at ``<run>/<path of the source>.ipynb`` (``notebooks/01-x.ipynb`` stays ``notebooks/01-x.ipynb``).
    A copy of the report lies in it as ``validation.json``. ``reports/runs/`` keeps the last five.
``tolerance``
    What holds where a cell says nothing: ``rtol``, ``atol`` (of numbers in text and tables), ``figure`` (of what
    figures show, as a part of the axis).
``documents``
    By path, every notebook, deck and page that has cells or inline expressions:

    ``kind``
        ``notebook``, ``deck`` or ``page``.
    ``title``
        Its title.
    ``result``
        ``passed``, ``failed``, or ``incomplete`` (a cell did not run, or the document is exempt as a whole).
    ``fingerprint``
        Hash of the document, the library and the data: :func:`fingerprint`.
    ``cells``, ``failed``, ``skipped``
        How many cells and inline expressions there are; how many failed; how many did not run.
    ``numbers``, ``tables``, ``figures``
        How many numbers, HTML tables and figures were compared.
    ``seconds``, ``memory_mib``
        Duration with the start of the kernel, and peak resident memory of the kernel.
    ``cached``
        True if nothing ran because nothing had changed (never in `make test`).
    ``tolerances``
        Cells with a tolerance of their own: ``cell`` (its id or label), ``reason``, and of ``rtol``, ``atol``,
        ``units``, ``integers``, ``figure``, ``picture``, ``ignore`` those that it sets.
    ``exemptions``
        Cells that are not compared in full: ``cell``, ``exempt`` (a list of ``output``, ``numbers``, ``figure``,
        ``stderr``, ``error``, ``alt``, ``size``), ``reason``. ``cell`` is "" for a whole page.
    ``failures``
        ``cell`` and ``message`` of each failed cell.
    ``stored``
        The file that holds the published outputs: the notebook itself, or the baseline of a ``.qmd``.
``attacks``
    May be missing. The attacks of this run: ``date``, ``scope`` (``sample`` or ``all``), ``tried``, ``caught``,
    ``kinds`` (by kind: ``tried``, ``caught``), ``missed`` (a list of names).
``proof``
    What the last full proof found (``PROOF``, stored with the tests): ``attacks`` in the form above, and ``calm``:
    ``date``, ``runs``, ``failed``, ``settings`` (a list of ``setting``, ``date``, ``result``, ``seconds``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from site_builder.document import read_document
from site_builder.files import digest, digest_files, write_atomic

REPORT = "reports/validation.json"
GPU_REPORT = "reports/validation-gpu.json"
#: Where runs leave the documents as they executed them.
RUNS = "reports/runs"
#: Outputs of `.qmd` sources, reviewed and stored.
BASELINES = "tests/baselines"
#: Figures of the last full attack and of the last false-alarm runs.
PROOF = "tests/validation/proof.json"
#: The number of the file's form: a reader that expects another form takes the file for none.
SCHEMA = 2
#: What every lesson uses besides its own cells.
SHARED = ("course_lib", "data")


def fingerprint(root: Path, path: str) -> str:
    """Return the SHA-256 of a document, of what it includes, and of the code and data that it uses."""
    included = [] if path.endswith(".ipynb") else read_document(root, path).includes
    return digest(digest_files(root, [path, *included]), digest_files(root, _shared_files(root)))


def _shared_files(root: Path) -> list[str]:
    files = (path for folder in SHARED for path in (root / folder).rglob("*") if path.is_file())
    names = (path.relative_to(root) for path in files if path.suffix != ".pyc")
    return [name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts)]


def stored_outputs(path: str) -> str:
    """Return the file that holds the published outputs of a document."""
    return path if path.endswith(".ipynb") else f"{BASELINES}/{path}.ipynb"


def executed_copy(run: str, path: str) -> str:
    """Return where a run leaves a document as it executed it."""
    return f"{run}/{path}" if path.endswith(".ipynb") else f"{run}/{path}.ipynb"


def write_report(root: Path, report: dict[str, Any], name: str = REPORT) -> None:
    """Write the report in one step, with the number of its form."""
    write_atomic(root / name, json.dumps({"schema": SCHEMA, **report}, indent=2, ensure_ascii=False) + "\n")


def read_report(root: Path, name: str = REPORT) -> dict[str, Any]:
    """Return the report, or an empty one if there is none or it is of another form."""
    try:
        report = json.loads((root / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    fits = isinstance(report, dict) and report.get("schema") == SCHEMA and isinstance(report.get("documents"), dict)
    return report if fits else {}


def stamp(root: Path, path: str, report: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of one document, with its ``state``.

    The state is ``unchecked`` (the report does not know the document), ``changed`` (it knows another version of it), or
    the result: ``passed``, ``failed``, or ``incomplete`` (cells were left out).
    """
    document = report.get("documents", {}).get(path)
    if not isinstance(document, dict):
        return {"state": "unchecked"}
    state = document.get("result") if document.get("fingerprint") == fingerprint(root, path) else "changed"
    general = {key: report[key] for key in ("date", "commit", "versions", "processor", "cores") if report.get(key)}
    return {**general, **document, "state": state}
