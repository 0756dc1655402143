"""False alarms: validates again and again in surroundings that must not matter, and counts what fails.

Threads, the instructions that the processor offers, hash seed, fonts, time zone and locale, the working folder, and,
from an environment that has one, another version of PyTorch.
`python -m tests.validation calm`, or `make test-calm`.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from tests.attack.record import into_proof
from tests.validation.report import read_proof

#: A style that each run may set: the font of every text, in matplotlib and in plotnine, which asks for "sans-serif".
#: Matplotlib's own stands behind it, as on every machine, for signs that the font lacks (STIXGeneral has no small 3).
STYLE = "font.family: {font}, DejaVu Sans\nfont.sans-serif: {font}, DejaVu Sans\n"
#: How `make test` validates; the benchmark validates one document after the other, too.
ONE_BY_ONE = ["-p", "no:hypothesispytest", "-p", "tests.validation.plugin", "--validate"]
PARALLEL = ["--numprocesses", "3", "--dist", "loadscope", "--no-loadscope-reorder"]
#: What a run of another folder needs.
LEFT_OUT = shutil.ignore_patterns(
    ".git", "node_modules", "_site", "_site.*", ".cache", "reports", ".venv", ".venv-*", "mutants"
)


@dataclass(frozen=True)
class Setting:
    """Surroundings of one run."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    font: str = ""
    elsewhere: bool = False


def threads(count: int) -> dict[str, str]:
    """Return the environment in which every library takes that many threads."""
    return {name: str(count) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}


def instructions(torch: str, onednn: str, openblas: str, mkl: str) -> dict[str, str]:
    """Return the environment in which every library takes the code that it has for an older kind of processor."""
    return {
        "ATEN_CPU_CAPABILITY": torch,
        "ONEDNN_MAX_CPU_ISA": onednn,
        "OPENBLAS_CORETYPE": openblas,
        "MKL_ENABLE_INSTRUCTIONS": mkl,
    }


WITHOUT_AVX512 = instructions("avx2", "AVX2", "Haswell", "AVX2")
WITHOUT_AVX = instructions("default", "SSE41", "Nehalem", "SSE4_2")

SETTINGS = (
    Setting("1 thread", threads(1)),
    Setting("2 threads", threads(2)),
    Setting("hash seed 4242, no AVX-512", {"PYTHONHASHSEED": "4242", **WITHOUT_AVX512}),
    Setting("hash seed random, 2 threads", {"PYTHONHASHSEED": "random", **threads(2)}),
    Setting("font DejaVu Serif", font="DejaVu Serif"),
    Setting("font STIXGeneral, no AVX", WITHOUT_AVX, font="STIXGeneral"),
    Setting("time zone Pacific/Chatham, locale C", {"TZ": "Pacific/Chatham", "LC_ALL": "C", "LANG": "C"}),
    Setting("time zone America/Lima, locale C.UTF-8", {"TZ": "America/Lima", "LC_ALL": "C.UTF-8"}),
    Setting("another working folder", elsewhere=True),
    Setting(
        "all at once",
        {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LC_ALL": "C", **threads(2)},
        font="DejaVu Sans Mono",
        elsewhere=True,
    ),
)


def named(names: Sequence[str]) -> list[Setting]:
    """Return the settings of these names, or all."""
    return [setting for setting in SETTINGS if not names or setting.name in names]


def installed() -> Setting:
    """Return the setting that is another installation alone: its version of PyTorch, with everything else as it is."""
    return Setting(f"PyTorch {version('torch').partition('+')[0]}")


def check(root: Path, paths: Sequence[str], chosen: Sequence[Setting], record: bool) -> int:
    """Validate once in each setting; print what became of it, and maybe store it, one by one."""
    failed = 0
    for n, setting in enumerate(chosen, start=1):
        started = time.perf_counter()
        failures = validate(root, setting, paths)
        failed += bool(failures)
        print(f"  {n:>2} {setting.name}: {'; '.join(failures) or 'nothing failed'}", flush=True)
        if record and not paths:
            keep(root, setting, "failed" if failures else "passed", time.perf_counter() - started)
    print(f"{failed} of {len(chosen)} runs failed")
    return 1 if failed else 0


def keep(root: Path, setting: Setting, result: str, seconds: float) -> None:
    """Store what became of one setting beside what is known of the others, in their order."""
    known = {entry["setting"]: entry for entry in read_proof(root).get("calm", {}).get("settings", [])}
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    known[setting.name] = {"setting": setting.name, "date": now, "result": result, "seconds": round(seconds, 1)}
    order = [each.name for each in SETTINGS]
    entries = [known[name] for name in [*order, *sorted(set(known) - set(order))] if name in known]
    failed = sum(entry["result"] == "failed" for entry in entries)
    date = min(entry["date"] for entry in entries)
    into_proof(root, "calm", {"date": date, "runs": len(entries), "failed": failed, "settings": entries})


def validate(root: Path, setting: Setting, paths: Sequence[str]) -> list[str]:
    """Run the validation once, and return what failed."""
    with surroundings(root, setting) as (folder, environment):
        command = [sys.executable, "-m", "pytest", "-q", *ONE_BY_ONE, *PARALLEL, *paths]
        run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed or (
        [] if run.returncode == 0 else [run.stderr.strip().splitlines()[-1] if run.stderr else "no result"]
    )


@contextmanager
def surroundings(root: Path, setting: Setting) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give the folder and the environment of a run. It runs in a copy, so that no run writes the course's report."""
    with tempfile.TemporaryDirectory(prefix="calm-") as place:
        folder = Path(place) / ("a folder of another name" if setting.elsewhere else root.name)
        shutil.copytree(root, folder, ignore=LEFT_OUT)
        environment = {**os.environ, **setting.environment, "PYTHONPATH": str(folder), "VALIDATE_CACHE": "0"}
        if setting.font:
            style = Path(place) / "matplotlibrc"
            style.write_text(STYLE.format(font=setting.font), "utf-8")
            environment["MATPLOTLIBRC"] = str(style)
        yield folder, environment
