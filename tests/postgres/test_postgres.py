"""Workers share a search over a real PostgreSQL server, as on many machines, and one that is killed loses nothing.

The test starts a server of its own in a temporary folder, as a user that is not root, with a password, on a free port
of this machine. `make test-postgres` installs PostgreSQL from Debian's packages and lets nothing be skipped.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import optuna
import pytest
from optuna.trial import TrialState

from course_lib import tuning

pytestmark = pytest.mark.postgres
optuna.logging.set_verbosity(optuna.logging.WARNING)

TASK = """
    import time

    def objective(trial):
        x = trial.suggest_float("x", -5, 5)
        time.sleep(0.05)
        return -(x - 2) ** 2
    """


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs; Debian does not put them on the path."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def user() -> dict[str, int]:
    """Return who runs the server: this user or, where that is root, which PostgreSQL refuses, nobody."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def password() -> str:
    return secrets.token_hex(16)


@pytest.fixture(scope="module")
def server(password: str) -> Iterator[str]:
    """Start a server, and yield its address without the password."""
    bin_folder = programs()
    if bin_folder is None:
        reason = "there is no PostgreSQL here; `make test-postgres` installs it"
        (pytest.fail if os.environ.get("REQUIRE_POSTGRES") else pytest.skip)(reason)
    runner, port = user(), free_port()
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder = Path(name)
        (folder / "password").write_text(password)
        if runner:
            for path in (folder, folder / "password"):
                os.chown(path, runner["user"], runner["group"])

        def run(program: str, *options: str) -> None:
            command = [str(bin_folder / program), "--pgdata", str(folder / "data"), *options]
            done = subprocess.run(
                command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, **runner
            )
            assert done.returncode == 0, done.stdout

        run("initdb", "--username=student", "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--no-sync")
        settings = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c fsync=off"
        run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "-o", settings)
        try:
            yield f"postgresql+psycopg://student@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "--mode=immediate")


@pytest.fixture
def task(tmp_path: Path) -> Path:
    path = tmp_path / "task.py"
    path.write_text(textwrap.dedent(TASK))
    return path


@pytest.fixture
def storage(server: str, password: str, monkeypatch: pytest.MonkeyPatch) -> optuna.storages.BaseStorage:
    monkeypatch.setenv("PGPASSWORD", password)  # the workers inherit it; no address and no process list shows it
    return tuning.open_storage(server, heartbeat=1)


def worker(task: Path, server: str, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "course_lib.tuning", f"{task}:objective", "--storage", server, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    return out


def test_workers_that_begin_at_once_on_an_empty_database_share_the_trials(
    server: str, password: str, monkeypatch: pytest.MonkeyPatch, task: Path
) -> None:
    monkeypatch.setenv("PGPASSWORD", password)
    workers = [worker(task, server, "--study", "shared", "--trials", "24") for _ in range(3)]
    for process in workers:
        assert "finished trials in 'shared'" in ended(process)
    study = optuna.load_study(study_name="shared", storage=tuning.open_storage(server))
    assert 24 <= len(study.trials) <= 26
    assert [trial.number for trial in study.trials] == list(range(len(study.trials)))
    assert {trial.state for trial in study.trials} == {TrialState.COMPLETE}
    assert len({trial.params["x"] for trial in study.trials}) == len(study.trials)


def test_a_killed_worker_loses_no_finished_trial_and_the_others_go_on(
    server: str, storage: optuna.storages.BaseStorage, task: Path
) -> None:
    options = ("--study", "killed", "--trials", "30")
    victim, survivor = (worker(task, server, *options) for _ in range(2))
    study = optuna.create_study(storage=storage, study_name="killed", direction="maximize", load_if_exists=True)
    while len(tuning.finished(study)) < 6:
        assert victim.poll() is None, victim.communicate()
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.communicate()
    before = {trial.number: trial.value for trial in tuning.finished(study)}
    ended(survivor)
    after = {trial.number: trial.value for trial in tuning.finished(study)}
    assert len(after) >= 30
    assert before.items() <= after.items()


def test_with_a_seed_a_search_on_the_server_is_the_one_in_memory(
    server: str, storage: optuna.storages.BaseStorage, task: Path
) -> None:
    for trials in ("5", "14"):
        ended(worker(task, server, "--study", "seeded", "--trials", trials, "--seed", "2"))
    on_server = optuna.load_study(study_name="seeded", storage=storage)
    objective = tuning.load_objective(f"{task}:objective")
    in_memory = tuning.search(objective, optuna.storages.InMemoryStorage(), trials=14, seed=2)
    assert [(t.params, t.value) for t in on_server.trials] == [(t.params, t.value) for t in in_memory.trials]


def test_a_wrong_password_is_refused_and_not_shown(server: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    wrong = server.replace("student@", "student:not-the-password@")
    with pytest.raises(ValueError, match=r"cannot be opened: .*password authentication failed") as caught:
        tuning.open_storage(wrong)
    assert "not-the-password" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", password)
    tuning.open_storage(server)
