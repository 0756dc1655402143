"""The whole way: a small course is stored, validated by pytest, changed, and validated again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

from site_builder.notebooks import store_outputs
from site_builder.project import load_project
from site_builder.validation import REPORT, executed_copy, read_report

REPOSITORY = Path(__file__).resolve().parents[2]
LESSON = "lesson.ipynb"
PAGE = "page.qmd"
CELLS = {
    "values": "values = [0.25, 0.5]\nprint('mean', sum(values) / 2)",
    "table": "from IPython.display import HTML\n\nHTML('<table><tr><td>0.25</td></tr></table>')",
    "figure": (
        "#| fig-alt: A line from 0 to 3.\nimport matplotlib.pyplot as plt\n\n"
        "figure, axes = plt.subplots(figsize=(3, 2))\naxes.plot([0, 1, 2, 3], color='#c2410c')\naxes.set_xlabel('step')"
        "\nplt.show()"
    ),
}
CONFIGURATION = f"project:\n  type: website\n  render: [{LESSON}, {PAGE}]\nwebsite:\n  title: A course\n"
TEXT = "---\ntitle: The page\n---\n\n```{python}\n#| label: sum\nx = 1 + 2\nprint(x)\n```\n\nIt is `{python} x / 2`.\n"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course of one lesson and one page, with outputs and baseline."""
    root = tmp_path_factory.mktemp("course")
    (root / "_quarto.yml").write_text(CONFIGURATION, "utf-8")
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = ['--import-mode=importlib']\n", "utf-8")
    cells = [new_raw_cell("---\ntitle: The lesson\n---", id="front")]
    cells += [new_code_cell(source, id=name) for name, source in CELLS.items()]
    nbformat.write(new_notebook(cells=cells), root / LESSON)
    (root / PAGE).write_text(TEXT, "utf-8")
    assert store_outputs(load_project(root), [], lambda line: None) == 0
    write_baselines(root)
    return root


def write_baselines(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from site_builder.project import load_project; "
        "from tests.validation.__main__ import write_baselines; write_baselines(load_project(Path(sys.argv[1])), [])"
    )
    subprocess.run([sys.executable, "-c", code, str(root)], env=environment(), check=True, capture_output=True)


def environment(**more: str) -> dict[str, str]:
    return {**{k: v for k, v in os.environ.items() if k != "CI"}, "PYTHONPATH": str(REPOSITORY), **more}


def validate(root: Path, *options: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.validation.plugin",
        "--validate",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *options], cwd=root, env=environment(**more), capture_output=True, text=True, timeout=300
    )


def edited(root: Path, cell: str, edit: Any) -> str:
    """Change a stored cell and return the notebook's text as it was."""
    path = root / LESSON
    before = path.read_text("utf-8")
    notebook = nbformat.reads(before, as_version=4)
    edit(next(node for node in notebook.cells if node.id == cell))
    nbformat.write(notebook, path)
    return before


def test_what_is_stored_passes_and_is_reported(stored: Path) -> None:
    run = validate(stored)
    assert run.returncode == 0, run.stdout + run.stderr
    report = read_report(stored)
    lesson, page = report["documents"][LESSON], report["documents"][PAGE]
    assert (lesson["kind"], lesson["result"], lesson["cells"]) == ("notebook", "passed", 3)
    assert (lesson["numbers"], lesson["tables"], lesson["figures"]) == (2, 1, 1)
    assert (page["kind"], page["result"], page["cells"], page["numbers"]) == ("page", "passed", 2, 2)
    assert lesson["memory_mib"] > 20
    assert report["seconds_one_by_one"] == pytest.approx(lesson["seconds"] + page["seconds"], abs=0.2)
    for path in (LESSON, PAGE):
        executed = nbformat.read(stored / executed_copy(report["run"], path), as_version=4)
        nbformat.validate(executed)
        assert any(cell.get("outputs") for cell in executed.cells)


def test_documents_alone_are_run_unless_tests_are_named_too(stored: Path) -> None:
    (stored / "tests").mkdir(exist_ok=True)  # baselines lie there
    (stored / "tests" / "test_one.py").write_text("def test_one():\n    pass\n", "utf-8")
    settings = stored / "pyproject.toml"
    before = settings.read_text("utf-8")
    settings.write_text(before + "testpaths = ['tests']\n", "utf-8")

    def collected(*named: str) -> set[str]:
        lines = validate(stored, "--collect-only", *named).stdout.splitlines()
        return {line.partition("::")[0] for line in lines if "::" in line}

    assert collected() == {LESSON, PAGE}
    assert collected("tests") == {LESSON, PAGE, "tests/test_one.py"}
    assert collected("tests", LESSON) == {LESSON, "tests/test_one.py"}
    settings.write_text(before, "utf-8")


def test_a_stored_figure_says_what_it_shows_and_names_no_machine(stored: Path) -> None:
    notebook = nbformat.read(stored / LESSON, as_version=4)
    (shown,) = [output for output in notebook.cells[-1].outputs if "image/png" in output.get("data", {})]
    (panel,) = shown.metadata.figure.panels
    assert panel.x.label == "step"
    assert panel.series[0].data.points[-1] == [3.0, 3.0]
    assert str(stored) not in (stored / LESSON).read_text("utf-8")


@pytest.mark.parametrize(
    ("cell", "edit", "says"),
    [
        ("values", lambda node: node.outputs[0].update(text="mean 0.385\n"), "0.385 is stored, 0.375 came out"),
        ("figure", lambda node: node.update(source=node.source.replace("0 to 3", "0 to 7")), "text says 0, 7"),
        ("figure", lambda node: node.update(source=node.source.partition("\n")[2]), "0 alternative"),
        ("table", lambda node: node.metadata.update(tags=["nbval-skip"]), "in silence"),
        ("table", lambda node: node.metadata.update(validation={"exempt": "output"}), "gives no reason"),
        ("values", lambda node: node.update(source="import sys\nsys.stderr.write('careful')"), "came out: careful"),
        ("values", lambda node: node.update(source="values = 1 / 0"), "ZeroDivisionError"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cell(stored: Path, cell: str, edit: Any, says: str) -> None:
    before = edited(stored, cell, edit)
    try:
        run = validate(stored, LESSON)
    finally:
        (stored / LESSON).write_text(before, "utf-8")
    assert run.returncode == 1
    assert f"FAILED {LESSON}::{cell}" in run.stdout
    assert says in run.stdout
    failures = read_report(stored)["documents"][LESSON]["failures"]
    assert [failure["cell"] for failure in failures] == [cell]


def test_a_lesson_that_never_ran_is_refused_before_anything_runs(stored: Path) -> None:
    before = edited(stored, "values", lambda node: node.update(execution_count=None, outputs=[]))
    run = validate(stored)
    (stored / LESSON).write_text(before, "utf-8")
    assert run.returncode == 4
    assert "cell 2 (values), line 1: this cell was never executed" in run.stderr


def test_a_page_without_its_baseline_fails(stored: Path) -> None:
    baseline = stored / f"tests/baselines/{PAGE}.ipynb"
    text = baseline.read_text("utf-8")
    baseline.write_text(text.replace('"3\\n"', '"4\\n"'), "utf-8")
    changed = validate(stored, PAGE)
    baseline.unlink()
    missing = validate(stored, PAGE)
    baseline.write_text(text, "utf-8")
    assert f"FAILED {PAGE}::sum" in changed.stdout
    assert "4 is stored, 3 came out" in changed.stdout
    assert "in no baseline" in missing.stdout


def test_a_baseline_keeps_what_reviewers_wrote(stored: Path) -> None:
    baseline = stored / f"tests/baselines/{PAGE}.ipynb"
    text = baseline.read_text("utf-8")
    notebook = json.loads(text)
    notebook["cells"][0]["metadata"] = {"validation": {"rtol": 0.1, "reason": "It is only an example."}}
    baseline.write_text(json.dumps(notebook), "utf-8")
    write_baselines(stored)
    kept = json.loads(baseline.read_text("utf-8"))
    baseline.write_text(text, "utf-8")
    assert kept["cells"][0]["metadata"] == notebook["cells"][0]["metadata"]
    assert kept["cells"][0]["outputs"] == notebook["cells"][0]["outputs"]


def test_unchanged_documents_come_from_the_cache_if_asked_for_and_never_in_ci(stored: Path) -> None:
    assert validate(stored).returncode == 0
    (stored / REPORT).unlink()
    quick = validate(stored, VALIDATE_CACHE="1")
    documents = read_report(stored)["documents"]
    assert quick.returncode == 0
    assert [documents[path]["cached"] for path in (LESSON, PAGE)] == [True, True]
    before = edited(stored, "values", lambda node: node.update(source="print('mean', 0.5)"))
    changed = validate(stored, VALIDATE_CACHE="1")
    (stored / LESSON).write_text(before, "utf-8")
    documents = read_report(stored)["documents"]
    assert changed.returncode == 1
    assert [documents[path]["cached"] for path in (LESSON, PAGE)] == [False, True]
    validate(stored, VALIDATE_CACHE="1", CI="true")
    documents = read_report(stored)["documents"]
    assert [documents[path]["cached"] for path in (LESSON, PAGE)] == [False, False]
