"""The class challenge: hand in predictions for windows of a chromosome that nobody has seen, and compare.

The instructor makes the files once, hands the folder to the students and keeps the answers:

    python -m course_lib.challenge make --output challenge --answers answers.npz
    python -m course_lib.challenge score predictions.csv --answers answers.npz --name "Team 1" --leaderboard board.csv

What is handed in are numbers, never a model: a pickled model runs whatever code its author put into it as soon as it is
opened. A file is looked at before it is read, so that neither pickles nor arrays that swell to fill the memory get in.

Lesson: ``notebooks/04-hyperparameter-tuning.ipynb``.
"""

from __future__ import annotations

import argparse
import io
import os
import secrets
import shutil
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course_lib import _checks as check
from course_lib import _leaderboard, binding, genomes
from course_lib._checks import Floats
from course_lib._handed_in import read_predictions
from course_lib.motifs import Motif

__all__ = ["Answers", "Score", "make", "read_answers", "score", "write_predictions"]

File = str | os.PathLike[str]

_NOISE = 0.05  # standard deviation of what is measured around the true score of a base
_README = """\
# Class challenge: where does the protein bind?

* `train.npz`: `ids`, `sequences`, `chromosome`, and `scores (n, {length})`, a measured binding score for each base. Two
  measurements of one base differ by noise with a standard deviation of {noise}.
* `test.npz`: `ids` and `sequences` of {windows} windows of another chromosome.

Read them with `numpy.load`. Predict the binding score of each base of `test.npz`, and write what you hand in with

    from course_lib import challenge
    challenge.write_predictions("predictions.npz", test["ids"], predictions)  # or "predictions.csv"

It is compared with the scores without noise: by the correlation along each window that holds a binding site, and by the
average precision with which the bases in sites stand out. Choose with a validation set of your own, split off by
chromosome. Your last hand-in counts.
"""


@dataclass(frozen=True, eq=False)
class Answers:
    """What the students' files do not hold.

    Attributes
    ----------
    ids : tuple of str
        The windows.
    scores : ndarray, shape (n, length)
        The binding score of each base, without noise; above 0 in binding sites.
    seed : int
        What made the challenge. Who knows it can make the answers.
    """

    ids: tuple[str, ...]
    scores: Floats
    seed: int


@dataclass(frozen=True)
class Score:
    """How good predictions are.

    Attributes
    ----------
    pearson : float
        The correlation of prediction and score along a window, in the mean over the windows that hold a binding site. A
        prediction that is the same for all bases of a window counts as 0.
    average_precision : float
        How well the predictions put the bases in binding sites before the others, over all windows.
    """

    pearson: float
    average_precision: float


def make(
    folder: File, answers: File, *, seed: int | None = None, chromosomes: int = 6, length: int = 100_000
) -> Answers:
    """Write a new challenge: the students' folder and, apart from it, the answers.

    Parameters
    ----------
    folder : path
        The students' files; made here, and refused when it is there already.
    answers : path
        The ``.npz`` file of the answers, readable for its owner alone; outside of `folder`.
    seed : int, optional
        What makes the genome, the motif and the noise. The operating system draws one by default, and for a class that
        is the way: a small seed is quickly guessed, and who has it can make the answers.
    chromosomes, length : int
        Chromosomes of the simulated genome, and bases in each. The last one is the test chromosome.

    Returns
    -------
    Answers
        As `read_answers` reads them.

    Raises
    ------
    ValueError, TypeError
        When an argument is wrong, something is in the way, or the answers would lie in the students' folder.

    Notes
    -----
    The motif is drawn too, so that no database has it. Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     made = make(f"{place}/challenge", f"{place}/answers.npz", seed=1, chromosomes=2, length=20_000)
    ...     sorted(path.name for path in Path(place, "challenge").iterdir()), made.scores.shape
    (['README.md', 'test.npz', 'train.npz'], (66, 300))
    """
    target, kept = _free(folder, answers)
    seed = secrets.randbits(64) if seed is None else check.integer("seed", seed, 0)
    train, test, truth = _tables(seed, check.integer("chromosomes", chromosomes, 2), length)
    if not truth.scores.any():
        raise ValueError(f"length must be larger: no window of the test chromosome holds a binding site, got {length}")
    windows, bases = truth.scores.shape
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        part.mkdir()
        (part / "README.md").write_text(_README.format(length=bases, noise=_NOISE, windows=windows), encoding="utf-8")
        (part / "train.npz").write_bytes(_npz(train))
        (part / "test.npz").write_bytes(_npz(test))
        secret = {"ids": np.array(truth.ids), "scores": truth.scores, "seed": np.array(str(seed))}
        _leaderboard.write_whole(kept, _npz(secret), mode=0o600)
        os.replace(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return truth


def _free(folder: File, answers: File) -> tuple[Path, Path]:
    """Return where the files go, unless something is there or the answers would go to the students."""
    target, kept = Path(folder).resolve(), Path(answers).resolve()
    if kept.suffix != ".npz":
        raise ValueError(f"answers must end in .npz, got {kept.name}")
    if target == kept or target in kept.parents:
        raise ValueError(f"answers must lie outside of the students' folder {target.name}")
    for path in (target, kept):
        if path.exists():
            raise ValueError(f"{path.name} is there already; take it away first")
        if not path.parent.is_dir():
            raise ValueError(f"there is no folder {path.parent.name!r} to hold {path.name}")
    return target, kept


Table = Mapping[str, NDArray[np.generic]]


def _tables(seed: int, chromosomes: int, length: int) -> tuple[Table, Table, Answers]:
    """Return the students' two tables and the answers."""
    rng = np.random.default_rng([seed, 1])
    motif = Motif.from_probabilities(rng.dirichlet([0.12] * 4, 12), name="secret")
    crowd = {"sites": length // 1000, "copies": length // 5000}
    genome = genomes.simulate([motif], chromosomes=chromosomes, length=length, seed=seed, **crowd)
    cut = binding.windows(genome.chromosomes, motif, noise=_NOISE, seed=seed)
    last = cut.chromosome == f"chr{chromosomes}"
    names = np.array([f"w{number:08x}" for number in rng.choice(2**32, len(cut), replace=False)])
    known = {"ids": names, "sequences": np.array(cut.sequences), "chromosome": cut.chromosome, "scores": cut.scores}
    train = {name: column[~last] for name, column in known.items()}
    hidden = rng.permutation(np.flatnonzero(last))
    test = {name: known[name][hidden] for name in ("ids", "sequences")}
    return train, test, Answers(tuple(names[hidden].tolist()), cut.signal[hidden].astype(np.float64), seed)


def _npz(table: Table) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **table)
    return buffer.getvalue()


def read_answers(path: File) -> Answers:
    """Read the answers that `make` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.

    Returns
    -------
    Answers

    Raises
    ------
    ValueError
        When there is no such file, or it is another one.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     made = make(f"{place}/challenge", f"{place}/answers.npz", seed=1, chromosomes=2, length=20_000)
    ...     read_answers(f"{place}/answers.npz").ids == made.ids
    True
    """
    file = Path(path)
    try:
        with np.load(file, allow_pickle=False) as found:
            ids, scores, seed = found["ids"], found["scores"], int(str(found["seed"]))
    except (OSError, ValueError, KeyError, AttributeError, EOFError, zipfile.BadZipFile):
        raise ValueError(f"{file.name} holds no answers; `challenge make` writes them") from None
    return Answers(tuple(ids.tolist()), check.real_array("scores", scores, 2), seed)


def score(path: File, answers: Answers) -> Score:
    """Compare a file of predictions with the answers.

    Parameters
    ----------
    path : path
        A ``.csv`` file with a header, and an id and the predictions of its window in each row; or an ``.npz`` file with
        the arrays ``ids (n,)`` and ``predictions (n, length)``. The windows may be in any order. `write_predictions`
        makes both.
    answers : Answers
        From `make` or `read_answers`.

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        When the file does not hold one finite number for each base of each window; the message names the file and the
        ids or the place. No code in it runs, and it is not unpacked beyond what predictions need.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> answers = Answers(("a", "b"), np.array([[0.0, 0.9, 0.0], [0.0, 0.0, 0.0]]), seed=0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_predictions(f"{folder}/mine.csv", ["b", "a"], [[0, 0, 0], [0.1, 0.8, 0.1]])
    ...     score(f"{folder}/mine.csv", answers)
    Score(pearson=1.0, average_precision=1.0)
    """
    from sklearn.metrics import average_precision_score

    guess = read_predictions(path, answers.ids, answers.scores.shape[1])
    sites = answers.scores > 0
    varied = np.ptp(answers.scores, axis=1) > 0
    correlation = binding.pearson(guess[varied], answers.scores[varied]).mean()
    return Score(round(float(correlation), 6), round(float(average_precision_score(sites.ravel(), guess.ravel())), 6))


def write_predictions(path: File, ids: Sequence[str] | NDArray[np.str_], predictions: ArrayLike) -> None:
    """Write predictions in the form in which they are handed in.

    Parameters
    ----------
    path : path
        A ``.csv`` or ``.npz`` file; one that is there is replaced.
    ids : sequence of str
        The windows.
    predictions : array_like, shape (n, length)
        A number for each base, in the order of `ids`.

    Raises
    ------
    ValueError, TypeError
        When there are not as many rows as ids, a number is not finite, or the file has another ending.

    Notes
    -----
    Lesson: notebook 03.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_predictions(f"{folder}/mine.csv", ["w1"], [[0.5, 0.25]])
    ...     print(Path(folder, "mine.csv").read_text())
    id,1,2
    w1,0.5,0.25
    <BLANKLINE>
    """
    file, names, values = Path(path), [str(name) for name in ids], check.real_array("predictions", predictions, 2)
    if len(names) != len(values):
        raise ValueError(f"predictions must have a row for each of the {len(names)} ids, got shape {values.shape}")
    if file.suffix == ".npz":
        _leaderboard.write_whole(file, _npz({"ids": np.array(names), "predictions": values.astype(np.float32)}))
    elif file.suffix == ".csv":
        rows = (f"{name}," + ",".join(f"{value:.7g}" for value in row) for name, row in zip(names, values, strict=True))
        header = ",".join(["id", *map(str, range(1, values.shape[1] + 1))])
        _leaderboard.write_whole(file, "\n".join([header, *rows]) + "\n")
    else:
        raise ValueError(f"path must end in .csv or .npz, got {file.name}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command ``python -m course_lib.challenge``.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command line; that of the process by default.

    Returns
    -------
    int
        0 when it is done, 1 when the predictions are wrong, 2 when the command, the answers or the leaderboard are.

    Notes
    -----
    Lesson: notebook 03.
    """
    given = _parser().parse_args(arguments)
    try:
        return _make(given) if given.command == "make" else _score(given)
    except (ValueError, OSError) as error:
        print(f"challenge: {error}", file=sys.stderr)
        return 2


def _make(given: argparse.Namespace) -> int:
    made = make(given.output, given.answers, seed=given.seed, chromosomes=given.chromosomes, length=given.length)
    print(f"{given.output}: for the students, {len(made.ids)} windows to predict")
    print(f"{given.answers}: the answers, for you alone")
    return 0


def _score(given: argparse.Namespace) -> int:
    if bool(given.name) != bool(given.leaderboard):
        raise ValueError("--name and --leaderboard belong together")
    team, answers = given.name and _leaderboard.team_name(given.name), read_answers(given.answers)
    try:
        found = score(given.predictions, answers)
    except ValueError as error:
        print(f"challenge: {error}", file=sys.stderr)
        return 1
    print(f"Pearson {found.pearson:.4f}, average precision {found.average_precision:.4f}")
    if team:
        rows = _leaderboard.enter(
            Path(given.leaderboard), _leaderboard.Row(team, found.pearson, found.average_precision)
        )
        rank = next(number for number, row in enumerate(rows, start=1) if row.team.casefold() == team.casefold())
        print(f"{team}: {rank} of {len(rows)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m course_lib.challenge", description="The class challenge.")
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("make", help="write the students' folder and the answers")
    new.add_argument("--output", required=True, help="the students' folder, to be made")
    new.add_argument("--answers", default="answers.npz", help="the answers, outside of that folder; answers.npz")
    new.add_argument("--seed", type=int, help="drawn at random by default; keep it to yourself")
    new.add_argument("--chromosomes", type=int, default=6, help="the last one is for the test; 6")
    new.add_argument("--length", type=int, default=100_000, help="bases in a chromosome; 100000")
    judge = commands.add_parser("score", help="compare predictions with the answers")
    judge.add_argument("predictions", help=".csv or .npz")
    judge.add_argument("--answers", required=True, help="the file that make wrote")
    judge.add_argument("--name", help="of the team, for the leaderboard")
    judge.add_argument("--leaderboard", help="a .csv table, made or brought up to date; a .md beside it")
    return parser


if __name__ == "__main__":
    sys.exit(main())
