"""Typesets all math when the site is built, so that pages need no math script and a wrong formula stops the build."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

from site_builder.document import Document
from site_builder.errors import CourseError, raise_all
from site_builder.files import digest, read_sealed, write_sealed
from site_builder.vendor import TARGET, node

SCRIPT = Path(__file__).with_name("katex.mjs")
#: The number that the cross-reference filter adds to a labeled equation.
NUMBER = re.compile(r" \\tag\{\d+\}$")
FORMULA = re.compile(r'<span class="math (inline|display)">(.*?)</span>', re.DOTALL)


def typeset(root: Path, document: Document, body: str, cache: Path) -> str:
    """Replace each formula of a page's HTML by its typeset form (HTML for the eye, MathML for screen readers)."""
    formulas = [{"tex": html.unescape(tex), "display": kind == "display"} for kind, tex in FORMULA.findall(body)]
    if not formulas:
        return body
    results = _results(root, formulas, cache)
    raise_all(
        [
            CourseError(
                f"this formula cannot be typeset: {result['error']}", document.find(_first_line(formula["tex"]))
            )
            for formula, result in zip(formulas, results, strict=True)
            if "error" in result
        ]
    )
    typeset_html = iter(results)
    return FORMULA.sub(lambda match: f'<span class="math {match[1]}">{next(typeset_html)["html"]}</span>', body)


def _first_line(tex: object) -> str:
    written = NUMBER.sub("", str(tex))
    return next((line.strip() for line in written.splitlines() if line.strip()), "")


def _results(root: Path, formulas: list[dict[str, object]], cache: Path) -> list[dict[str, str]]:
    katex = root / TARGET / "katex" / "katex.min.js"
    request = json.dumps(formulas)
    stored = cache / f"{digest(request, SCRIPT.read_bytes(), katex.read_bytes())}.json"
    if (known := read_sealed(stored)) is not None:
        return list(json.loads(known))
    run = subprocess.run(
        [node(), str(SCRIPT), str(katex)], input=request, capture_output=True, text=True, encoding="utf-8"
    )
    if run.returncode:
        raise CourseError(f"KaTeX could not run: {run.stderr.strip()[-500:]}", SCRIPT.name)
    write_sealed(stored, run.stdout)
    return list(json.loads(run.stdout))
