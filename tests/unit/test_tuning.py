"""A search is the same however often it is killed, several workers lose no trial, and wrong use is named."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import textwrap
import time

import optuna
import pytest
from optuna.trial import TrialState

from course_lib import tuning

optuna.logging.set_verbosity(optuna.logging.WARNING)

TASK = """
    import time
    from pathlib import Path

    HOLD, HELD = (Path(__file__).with_name(name) for name in ("hold", "held"))

    def objective(trial):
        x = trial.suggest_float("x", -5, 5)
        rate = trial.suggest_float("rate", 1e-4, 1.0, log=True)
        for step in range(3):
            time.sleep(0.01)
            while HOLD.exists():
                HELD.touch()
                time.sleep(0.01)
            trial.report(-abs(x) - step, step)
            if trial.should_prune():
                raise __import__("optuna").TrialPruned
        return -(x - 2) ** 2 - rate
    """
STORES = ("search.db", "search.journal")


def parabola(trial):
    return -((trial.suggest_float("x", -5, 5) - 2) ** 2)


def rows(study):
    return [(trial.params, trial.value, trial.state) for trial in tuning.finished(study)]


@pytest.fixture
def task(tmp_path):
    path = tmp_path / "task.py"
    path.write_text(textwrap.dedent(TASK))
    return path


def worker(task, storage, *options):
    command = [sys.executable, "-m", "course_lib.tuning", f"{task}:objective", "--storage", str(storage), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def count(storage, states=(TrialState.COMPLETE, TrialState.PRUNED)):
    try:
        study = optuna.load_study(study_name="search", storage=storage)
    except KeyError:
        return 0
    return len(study.get_trials(deepcopy=False, states=states))


def test_a_search_finds_the_best_and_stops_at_the_number_of_trials():
    study = tuning.search(parabola, optuna.storages.InMemoryStorage(), trials=40, seed=1)
    assert len(study.trials) == 40
    assert abs(study.best_params["x"] - 2) < 0.5


def test_minimize_looks_for_the_small_end():
    study = tuning.search(
        lambda trial: -parabola(trial), optuna.storages.InMemoryStorage(), trials=30, direction="minimize"
    )
    assert abs(study.best_params["x"] - 2) < 1


@pytest.mark.parametrize("store", STORES)
def test_a_search_in_pieces_is_the_search_in_one(store, tmp_path):
    whole = tuning.search(parabola, tuning.open_storage(tmp_path / f"whole-{store}"), trials=15, seed=3)
    for trials in (4, 11, 15, 15):
        pieces = tuning.search(parabola, tuning.open_storage(tmp_path / store), trials=trials, seed=3)
        assert len(pieces.trials) == trials
    assert rows(pieces) == rows(whole)
    other = tuning.search(parabola, tuning.open_storage(tmp_path / f"other-{store}"), trials=15, seed=4)
    assert rows(other) != rows(whole)


@pytest.mark.parametrize("store", STORES)
def test_killing_a_search_loses_no_finished_trial_and_changes_no_later_one(store, task, tmp_path):
    storage = tuning.open_storage(tmp_path / store)
    rng, seen = random.Random(0), []
    hold, held = task.with_name("hold"), task.with_name("held")
    for goal in (3, 7, 12):
        process = worker(task, tmp_path / store, "--trials", "16", "--seed", "5")
        while count(storage) < goal and process.poll() is None:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.03))
        if goal == 7:  # this kill comes in the middle of a trial for certain, the others where chance has it
            hold.touch()
            while not held.exists() and process.poll() is None:
                time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        now = rows(optuna.load_study(study_name="search", storage=storage))
        assert len(now) >= goal
        assert now[: len(seen)] == seen
        seen = now
        hold.unlink(missing_ok=True)
    assert count(storage, (TrialState.RUNNING,))  # the trial that was held, and is lost
    process = worker(task, tmp_path / store, "--trials", "16", "--seed", "5")
    out, err = process.communicate(timeout=180)
    # A kill while the journal is being written leaves its lock, which the next process breaks after 30 seconds.
    assert process.returncode == 0
    assert [line for line in err.splitlines() if "lock file" not in line] == []
    assert out.startswith("16 finished trials in 'search'")
    end = rows(optuna.load_study(study_name="search", storage=storage))
    assert end[: len(seen)] == seen
    whole = tuning.search(
        tuning.load_objective(f"{task}:objective"), optuna.storages.InMemoryStorage(), trials=16, seed=5
    )
    assert end == rows(whole)
    assert {state for *_, state in end} == {TrialState.COMPLETE, TrialState.PRUNED}


@pytest.mark.parametrize("store", STORES)
def test_workers_that_start_at_once_share_the_trials(store, task, tmp_path):
    """The storage does not exist when both start: making it is part of the race."""
    workers = [worker(task, tmp_path / store, "--trials", "20") for _ in range(2)]
    for process in workers:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    study = optuna.load_study(study_name="search", storage=tuning.open_storage(tmp_path / store))
    assert 20 <= len(study.trials) <= 21
    assert [trial.number for trial in study.trials] == list(range(len(study.trials)))
    assert len({trial.params["x"] for trial in study.trials}) == len(study.trials)


def test_a_trial_whose_worker_died_is_marked_as_failed(tmp_path):
    storage = tuning.open_storage(tmp_path / "search.db", heartbeat=1)
    study = tuning.search(parabola, storage, trials=1)
    left = study.ask()  # signs once here, and never again
    storage.record_heartbeat(left._trial_id)
    assert study.trials[1].state is TrialState.RUNNING
    deadline = time.monotonic() + 20
    while study.trials[1].state is TrialState.RUNNING and time.monotonic() < deadline:
        time.sleep(0.5)
        tuning.search(parabola, storage, trials=len(tuning.finished(study)) + 1)
    assert study.trials[1].state is TrialState.FAIL


def test_finished_trials_are_those_that_ended_or_were_given_up():
    study = optuna.create_study()
    study.tell(study.ask(), 1.0)
    study.tell(study.ask(), state=TrialState.PRUNED)
    study.tell(study.ask(), state=TrialState.FAIL)
    study.ask()
    assert [trial.number for trial in tuning.finished(study)] == [0, 1]


def test_an_objective_without_a_finite_number_ends_the_search_by_name():
    storage = optuna.storages.InMemoryStorage()
    with pytest.raises(ValueError, match=r"finite number; trial 2 with \{'x': "):
        tuning.search(lambda trial: parabola(trial) * (1 if trial.number < 2 else float("nan")), storage, trials=5)
    assert count(storage) == 2


def test_an_error_of_the_objective_is_raised_as_it_is():
    with pytest.raises(ZeroDivisionError):
        tuning.search(lambda trial: 1 / 0, optuna.storages.InMemoryStorage(), trials=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trials": 0}, "trials must be at least 1"),
        ({"trials": 2, "seed": -1}, "seed must be at least 0"),
        ({"trials": 2, "direction": "up"}, "direction must be one of maximize, minimize"),
    ],
)
def test_wrong_arguments_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        tuning.search(parabola, optuna.storages.InMemoryStorage(), **options)


def test_a_stored_study_keeps_its_direction():
    storage = optuna.storages.InMemoryStorage()
    tuning.search(parabola, storage, trials=1)
    with pytest.raises(ValueError, match="direction of the stored study 'search' is maximize, got minimize"):
        tuning.search(parabola, storage, trials=2, direction="minimize")


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("search.sqlite", "must end in .db or .journal"),
        ("no/such/folder/search.db", "there is no folder 'no/such/folder'"),
        ("nonsense://x", r"'nonsense://x' cannot be opened"),
        ("postgresql+psycopg://student:secret@127.0.0.1:1/course", r"student:\*\*\*@127.0.0.1:1/course' cannot be"),
        ("://", "of the database cannot be opened"),
    ],
)
def test_a_storage_that_cannot_be_opened_is_named_without_its_password(address, message):
    with pytest.raises(ValueError, match=message) as caught:
        tuning.open_storage(address)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "search.db"
    path.write_text("no database, but text, and long enough to be looked at as one\n" * 100)
    with pytest.raises(ValueError, match="cannot be opened: file is not a database"):
        tuning.open_storage(path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("objective", "must be file.py:function or module:function"),
        (":objective", "must be file.py:function or module:function"),
        ("no_such_file.py:objective", "there is no file 'no_such_file.py'"),
        ("no_such_module:objective", "there is no module 'no_such_module'"),
        ("math:pi", "math has no function 'pi'"),
        ("math:objective", "math has no function 'objective'"),
    ],
)
def test_an_objective_that_is_not_there_is_named(name, message):
    with pytest.raises(ValueError, match=message):
        tuning.load_objective(name)


def test_what_an_objective_itself_misses_is_not_hidden(tmp_path):
    (tmp_path / "broken.py").write_text("import no_such_package\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        tuning.load_objective(f"{tmp_path / 'broken.py'}:objective")


def test_the_command_says_in_one_line_what_is_wrong(task, tmp_path, capsys):
    assert tuning.main(["nothing.py:objective", "--storage", "x.db", "--trials", "1"]) == 2
    assert tuning.main([f"{task}:objective", "--storage", "x.txt", "--trials", "1"]) == 2
    assert tuning.main([f"{task}:objective", "--storage", str(tmp_path / "x.db"), "--trials", "0"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("tuning: ") for line in lines)


def test_the_command_runs_the_trials_that_are_missing(task, tmp_path, capsys):
    arguments = [f"{task}:objective", "--storage", str(tmp_path / "search.db"), "--seed", "1"]
    for trials in ("2", "5", "5"):
        assert tuning.main([*arguments, "--trials", trials]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["2", "5", "5"]
