"""Search for hyperparameters with Optuna: a search that can be interrupted, and workers that share it.

A *storage* keeps every finished trial. Start the same search again, and it goes on where it was; start it several times
at once, on one machine or on many, and the workers share the trials. From a terminal:

    python -m course_lib.tuning task.py:objective --storage search.db --study lesson-04 --trials 40

Needs Optuna, which the extra ``tuning`` brings: ``pip install ".[tuning]"``.

Lesson: ``notebooks/04-hyperparameter-tuning.ipynb``.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.exceptions import ExperimentalWarning
from optuna.pruners import BasePruner
from optuna.samplers import BaseSampler, TPESampler
from optuna.storages import BaseStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import StudyDirection
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from course_lib import _checks as check

__all__ = ["finished", "load_objective", "open_storage", "search"]

Objective = Callable[[optuna.Trial], float]
Path_ = str | os.PathLike[str]

_ATTEMPTS = 8  # at making the tables, against workers that begin at the same moment
_DONE = (TrialState.COMPLETE, TrialState.PRUNED)


def open_storage(address: Path_, *, heartbeat: int = 60) -> BaseStorage:
    """Open the place where a search keeps its trials; make it where there is none.

    Parameters
    ----------
    address : path or str
        ``search.db`` is a SQLite file: for one machine, any number of processes. ``search.journal`` is a log file: for
        machines that share a network folder, where SQLite's locks cannot be trusted. An address such as
        ``postgresql+psycopg://user@host/database`` is a database server: for many machines. Leave the password out
        of it; libpq takes it from the file ``~/.pgpass`` or the variable ``PGPASSWORD``.
    heartbeat : int
        In a database, a running trial signs every so many seconds. One that has not signed for twice as long belongs
        to a worker that died; it is marked as failed when a worker begins its next trial.

    Returns
    -------
    optuna.storages.BaseStorage
        What `search` and Optuna's own functions take as ``storage``.

    Raises
    ------
    ValueError
        When the address is none of these, or nothing can be opened there. A password is never shown.

    Notes
    -----
    Source: Akiba et al. (2019), *Optuna: a next-generation hyperparameter optimization framework*. Lesson: notebook 04.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     type(open_storage(Path(folder) / "search.journal")).__name__
    'JournalStorage'
    """
    text = os.fspath(address)
    if "://" in text:
        return _database(text, heartbeat)
    if not Path(text).parent.is_dir():
        raise ValueError(f"address: there is no folder {str(Path(text).parent)!r} to hold {Path(text).name!r}")
    if text.endswith(".db"):
        return _database(f"sqlite:///{text}", heartbeat)
    if text.endswith(".journal"):
        return JournalStorage(JournalFileBackend(text))
    raise ValueError(f"address must end in .db or .journal, or be the address of a database, got {text!r}")


def _database(address: str, heartbeat: int, attempts: int = _ATTEMPTS) -> BaseStorage:
    interval = check.integer("heartbeat", heartbeat, 1)
    patient = {"connect_args": {"timeout": 60}} if address.startswith("sqlite") else {"pool_pre_ping": True}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ExperimentalWarning)
            return RDBStorage(address, engine_kwargs=patient, heartbeat_interval=interval)
    except (SQLAlchemyError, ImportError) as error:
        if attempts == 1 or not _another_makes_it(error):
            raise ValueError(f"address {_shown(address)} cannot be opened: {_reason(error)}") from None
    time.sleep(0.2)
    return _database(address, heartbeat, attempts - 1)


def _another_makes_it(error: Exception) -> bool:
    """Whether another worker, which began at the same moment, was making the tables."""
    return isinstance(error, IntegrityError) or "already exists" in str(error)


def _shown(address: str) -> str:
    try:
        return repr(make_url(address).render_as_string(hide_password=True))
    except SQLAlchemyError:
        return "of the database"


def _reason(error: Exception) -> str:
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def search(
    objective: Objective,
    storage: BaseStorage,
    *,
    trials: int,
    name: str = "search",
    seed: int | None = None,
    direction: str = "maximize",
    pruner: BasePruner | None = None,
) -> optuna.Study:
    """Run trials until the storage holds `trials` finished ones, and return the study.

    Parameters
    ----------
    objective : callable
        Takes an `optuna.Trial`, asks it for a setting, and returns what to make large or small: a number measured on
        validation data. It may raise `optuna.TrialPruned` to give a setting up.
    storage : optuna.storages.BaseStorage
        From `open_storage`. Trials that it already holds count.
    trials : int
        Finished trials in all, those given up early included. With several workers there may be a few more: each
        ends the trial that it has begun.
    name : str
        The name of the study in its storage.
    seed : int, optional
        With a seed and one worker, the search is the same in each run, however often it is interrupted and taken up.
        Leave it out for several workers: with the same seed they would try the same settings.
    direction : {"maximize", "minimize"}
        What is better.
    pruner : optuna.pruners.BasePruner, optional
        When to give up; Optuna's median rule by default. It acts only on objectives that report intermediate values.

    Returns
    -------
    optuna.Study
        All trials, those of other workers included; its ``best_trial`` is the result.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, the stored study has another direction, or a trial returns no finite number.

    Notes
    -----
    Settings are drawn by the tree-structured Parzen estimator (TPE). With a seed, the draw depends on that and on the
    finished trials alone, not on what an interrupted process had begun. Source: Bergstra et al. (2011), *Algorithms
    for hyper-parameter optimization*. Lesson: notebook 04.

    Examples
    --------
    >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
    >>> def objective(trial):
    ...     return -((trial.suggest_float("x", -5, 5) - 2) ** 2)
    >>> study = search(objective, optuna.storages.InMemoryStorage(), trials=30, seed=0)
    >>> len(study.trials), abs(study.best_params["x"] - 2) < 0.5
    (30, True)
    """
    wanted = check.integer("trials", trials, 1)
    if seed is not None:
        check.integer("seed", seed, 0)
    study = _study(storage, name, direction, pruner)
    while (done := len(finished(study))) < wanted:
        study.sampler = _sampler(seed, done)
        study.optimize(objective, n_trials=1, callbacks=[_refuse_failure])
    return study


def _study(storage: BaseStorage, name: str, direction: str, pruner: BasePruner | None) -> optuna.Study:
    goal = StudyDirection[check.choice("direction", direction, ("maximize", "minimize")).upper()]
    study = optuna.create_study(storage=storage, study_name=name, direction=goal, pruner=pruner, load_if_exists=True)
    if study.direction is not goal:
        raise ValueError(f"direction of the stored study {name!r} is {study.direction.name.lower()}, got {direction}")
    return study


def _sampler(seed: int | None, done: int) -> BaseSampler:
    """Return a sampler whose draws, with a seed, depend on the finished trials and not on when a process began."""
    if seed is None:
        return TPESampler()
    state = np.random.SeedSequence([seed, done]).generate_state(1)[0]
    return TPESampler(seed=int(state), constant_liar=False)  # a liar counts trials that an interruption left


def _refuse_failure(study: optuna.Study, trial: FrozenTrial) -> None:
    if trial.state is TrialState.FAIL:
        raise ValueError(f"objective must return a finite number; trial {trial.number} with {trial.params} did not")


def finished(study: optuna.Study) -> list[FrozenTrial]:
    """Return the trials of a study that ran to their end or were given up early, in the order of their numbers.

    Parameters
    ----------
    study : optuna.Study
        A study, of which other workers may be running trials now.

    Returns
    -------
    list of optuna.trial.FrozenTrial
        No trial that runs, waits, or failed.

    Notes
    -----
    Lesson: notebook 04.

    Examples
    --------
    >>> finished(optuna.create_study())
    []
    """
    return study.get_trials(deepcopy=False, states=_DONE)


def load_objective(name: str) -> Objective:
    """Return the function that ``file.py:function`` or ``package.module:function`` names.

    Parameters
    ----------
    name : str
        A Python file or an importable module, a colon, and a function in it. The file's code runs.

    Returns
    -------
    callable
        The function.

    Raises
    ------
    ValueError
        When there is no such file, module or function.

    Notes
    -----
    Lesson: notebook 04.

    Examples
    --------
    >>> load_objective("math:sqrt")(9)
    3.0
    """
    where, _, function = name.rpartition(":")
    if not where or not function:
        raise ValueError(f"objective must be file.py:function or module:function, got {name!r}")
    found = getattr(_file(Path(where)) if where.endswith(".py") else _module(where), function, None)
    if not callable(found):
        raise ValueError(f"objective: {where} has no function {function!r}")
    loaded: Objective = found
    return loaded


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not name.startswith(error.name):
            raise  # the module is there and misses something itself
        raise ValueError(f"objective: there is no module {name!r}") from None


def _file(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ValueError(f"objective: there is no file {str(path)!r}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one worker of a search: the command ``python -m course_lib.tuning``.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        0 when the search has its trials, 1 when a trial failed, 2 when the command is wrong.

    Notes
    -----
    Lesson: notebook 04.
    """
    given = _parser().parse_args(arguments)
    try:
        objective, storage = load_objective(given.objective), open_storage(given.storage)
    except ValueError as error:
        print(f"tuning: {error}", file=sys.stderr)
        return 2
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    settings = {"trials": given.trials, "name": given.study, "seed": given.seed, "direction": given.direction}
    try:
        study = search(objective, storage, **settings)
        print(f"{len(finished(study))} finished trials in {given.study!r}; the best has {study.best_value:.6g}")
    except ValueError as error:
        print(f"tuning: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course_lib.tuning", description="One worker of a search.")
    parser.add_argument("objective", help="file.py:function or module:function")
    parser.add_argument(
        "--storage", required=True, help="search.db, search.journal or postgresql+psycopg://user@host/db"
    )
    parser.add_argument("--study", default="search", help="name of the study in the storage")
    parser.add_argument("--trials", type=int, required=True, help="finished trials in all, of all workers")
    parser.add_argument("--seed", type=int, help="for one worker alone: the same search in each run")
    parser.add_argument("--direction", default="maximize", choices=("maximize", "minimize"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
