"""Colab's lists are read as they are written; a notebook runs alone, and a failing one is named with its cell."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tests.workflows import colab, run_alone

SYSTEM = "# A comment with Python 2.7\nUbuntu 22.04.5 LTS\nPython 3.13.15\nR version 4.6.1\n"
PACKAGES = """\
absl-py==1.4.0
Pillow==11.3.0
numpy==2.1.3
scikit_learn==1.6.1
torch @ https://example.org/whl/cpu/torch-2.11.0%2Bcpu-cp313-cp313-manylinux_2_28_x86_64.whl
torchvision @ https://example.org/whl/torchvision-0.26.0-cp313-cp313-manylinux_2_28_x86_64.whl
numpy-financial==1.0.0
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / colab.SYSTEM).write_text(SYSTEM, "utf-8")
    (tmp_path / colab.PACKAGES).write_text(PACKAGES, "utf-8")
    return tmp_path


def test_the_version_of_python_is_read(lists: Path) -> None:
    assert colab.python_version(lists) == "3.13"


def test_only_what_the_lessons_import_is_constrained(lists: Path) -> None:
    assert colab.constraints(lists) == ["Pillow==11.3.0", "numpy==2.1.3", "scikit_learn==1.6.1", "torch==2.11.0"]


def test_a_local_version_is_left_out(lists: Path) -> None:
    (lists / colab.PACKAGES).write_text("torch==2.11.0+cu128\n", "utf-8")
    assert colab.constraints(lists) == ["torch==2.11.0"]


def test_lists_in_another_form_are_refused(lists: Path) -> None:
    (lists / colab.PACKAGES).write_text("torch = 2.11\n", "utf-8")
    with pytest.raises(SystemExit, match="no version of torch"):
        colab.constraints(lists)
    (lists / colab.SYSTEM).write_text("Ubuntu\n", "utf-8")
    with pytest.raises(SystemExit, match="no version of Python"):
        colab.python_version(lists)


def test_missing_lists_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"Clone the repository googlecolab/backend-info"):
        colab.constraints(tmp_path)


def notebook(path: Path, *codes: str) -> Path:
    cells = [nbformat.v4.new_code_cell(code, id=f"cell-{number}") for number, code in enumerate(codes, start=1)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_notebook_runs_in_an_empty_folder(tmp_path: Path) -> None:
    path = notebook(tmp_path / "good.ipynb", "import os\nassert os.listdir() == [], os.listdir()")
    before = path.read_bytes()
    report = tmp_path / "reports" / "colab.md"
    assert run_alone.main(["--report", str(report), str(path)]) == 0
    assert "Every cell of every lesson ran." in report.read_text("utf-8")
    assert path.read_bytes() == before


def test_a_notebook_does_not_see_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "only_in_the_repository.py").write_text("", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    path = notebook(tmp_path / "import.ipynb", "import only_in_the_repository")
    assert "ModuleNotFoundError" in run_alone.run_alone(path)


def test_a_failing_cell_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = notebook(tmp_path / "bad.ipynb", "r2 = 0.5", "assert r2 > 0.99, r2")
    good = notebook(tmp_path / "good.ipynb", "1 + 1")
    report = tmp_path / "colab.md"
    assert run_alone.main(["--report", str(report), str(bad), str(good)]) == 1
    assert "* `bad.ipynb, cell 'cell-2': AssertionError: 0.5`" in report.read_text("utf-8")
    assert "good.ipynb: every cell ran" in capsys.readouterr().out
