"""`import course_lib` stays cheap, and its submodules are there when asked for."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import course_lib

HEAVY = ("torch", "pandas", "matplotlib", "plotnine", "sklearn", "numpy")
ROOT = Path(course_lib.__file__).parents[1]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.strip()


def test_import_loads_nothing_heavy():
    loaded = run(f"import course_lib, sys; print([m for m in {HEAVY} if m in sys.modules])")
    assert loaded == "[]"


def test_numpy_submodules_do_not_load_torch():
    code = "import course_lib as c, sys; c.linear; c.dna; c.datasets; print('torch' in sys.modules)"
    assert run(code) == "False"


def test_submodule_loads_at_first_use():
    assert run("import course_lib; print(course_lib.linear.mse([1.0], [3.0]))") == "4.0"


@pytest.mark.parametrize("name", ["datasets", "dna", "linear", "mlp", "training"])
def test_dir_lists_the_submodules(name):
    assert name in dir(course_lib)
    assert getattr(course_lib, name).__name__ == f"course_lib.{name}"


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'torchlight'"):
        _ = course_lib.torchlight


@pytest.mark.parametrize("name", ["datasets", "dna", "linear", "mlp", "training"])
def test_public_functions_are_documented_with_their_lesson(name):
    module = getattr(course_lib, name)
    for public in module.__all__:
        item = getattr(module, public)
        if callable(item):
            assert item.__doc__, public
    assert "Lesson" in module.__doc__


def test_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert course_lib.__version__ == project["version"]
