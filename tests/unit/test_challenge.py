"""The class challenge: honest files are scored, whatever else is handed in is refused, and no result is lost."""

from __future__ import annotations

import csv
import io
import os
import pickle
import stat
import subprocess
import sys
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from course_lib import _handed_in, _leaderboard, challenge

LENGTH = 300


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("challenge")
    challenge.make(folder / "class", folder / "answers.npz", seed=11, chromosomes=3, length=20_000)
    return folder


@pytest.fixture(scope="module")
def answers(place):
    return challenge.read_answers(place / "answers.npz")


@pytest.fixture
def guess(answers):
    return answers.scores + np.random.default_rng(0).normal(size=answers.scores.shape) / 10


def archive(path, **arrays):
    np.savez(path, allow_pickle=True, **arrays)
    return path


def refused(path, answers):
    with pytest.raises(ValueError, match=path.name) as caught:
        challenge.score(path, answers)
    message = str(caught.value)
    assert message.startswith(f"{path.name}: ")
    assert message.isprintable()
    assert len(message) < 500
    return message


# Making -------------------------------------------------------------------------------------------------------------


def test_the_students_get_windows_and_no_answers(place, answers):
    assert sorted(path.name for path in (place / "class").iterdir()) == ["README.md", "test.npz", "train.npz"]
    with np.load(place / "class" / "test.npz", allow_pickle=False) as test:
        assert sorted(test) == ["ids", "sequences"]
        assert tuple(test["ids"]) == answers.ids
        assert {len(sequence) for sequence in test["sequences"]} == {LENGTH}
    with np.load(place / "class" / "train.npz", allow_pickle=False) as train:
        assert sorted(train) == ["chromosome", "ids", "scores", "sequences"]
        assert set(train["chromosome"]) == {"chr1", "chr2"}
        assert len({*train["ids"], *answers.ids}) == len(train["ids"]) + len(answers.ids)
        assert train["scores"].shape == (len(train["ids"]), LENGTH)


def test_the_seed_stays_with_the_answers(place, answers):
    assert answers.seed == 11
    secret = challenge.make(place / "drawn", place / "drawn.npz", chromosomes=2, length=20_000).seed
    assert secret > 2**32
    for path in (place / "drawn").iterdir():
        assert str(secret).encode() not in path.read_bytes()
    assert challenge.make(place / "again", place / "again.npz", chromosomes=2, length=20_000).seed != secret


def test_one_seed_makes_one_challenge(place, tmp_path):
    challenge.make(tmp_path / "class", tmp_path / "answers.npz", seed=11, chromosomes=3, length=20_000)
    for name in ("class/README.md", "class/train.npz", "class/test.npz", "answers.npz"):
        assert (tmp_path / name).read_bytes() == (place / name).read_bytes()
    challenge.make(tmp_path / "other", tmp_path / "other.npz", seed=12, chromosomes=3, length=20_000)
    assert (tmp_path / "other/test.npz").read_bytes() != (place / "class/test.npz").read_bytes()


def test_the_order_of_the_windows_says_nothing_about_their_place(place, answers):
    with np.load(place / "class" / "test.npz") as test:
        sequences = test["sequences"].tolist()
    other = challenge._tables(11, 3, 20_000)[1]["sequences"].tolist()
    assert sequences == other
    assert sorted(answers.ids) != list(answers.ids)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_may_read_the_answers(place):
    assert stat.S_IMODE((place / "answers.npz").stat().st_mode) == 0o600
    assert stat.S_IMODE((place / "class" / "test.npz").stat().st_mode) & 0o044


@pytest.mark.parametrize(
    ("folder", "answers_file", "message"),
    [
        ("new", "new/answers.npz", "outside of the students' folder"),
        ("new", "new/deep/answers.npz", "outside of the students' folder"),
        ("new", "elsewhere/../new/answers.npz", "outside of the students' folder"),
        ("taken", "answers.npz", "taken is there already"),
        ("new", "there.npz", "there.npz is there already"),
        ("new", "answers.csv", "must end in .npz"),
        ("no/new", "answers.npz", "there is no folder 'no' to hold new"),
    ],
)
def test_nothing_is_overwritten_and_answers_never_reach_the_students(tmp_path, folder, answers_file, message):
    (tmp_path / "taken").mkdir()
    (tmp_path / "there.npz").touch()
    with pytest.raises(ValueError, match=message):
        challenge.make(tmp_path / folder, tmp_path / answers_file, seed=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "there.npz"]


def test_a_failure_leaves_no_files(tmp_path):
    with pytest.raises(ValueError, match="chromosomes must be at least 2"):
        challenge.make(tmp_path / "class", tmp_path / "answers.npz", chromosomes=1)
    with pytest.raises(ValueError, match="hold no window"):
        challenge.make(tmp_path / "class", tmp_path / "answers.npz", length=100)
    with pytest.raises(ValueError, match=r"length must be larger: no window .* holds a binding site, got 900"):
        challenge.make(tmp_path / "class", tmp_path / "answers.npz", seed=1, length=900)
    assert list(tmp_path.iterdir()) == []


# Scoring ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "npz"])
def test_the_score_is_that_of_numpy_and_scikit_learn(ending, answers, guess, tmp_path):
    order = np.random.default_rng(1).permutation(len(guess))
    path = tmp_path / f"mine.{ending}"
    challenge.write_predictions(path, np.array(answers.ids)[order], guess[order])
    found = challenge.score(path, answers)
    rows = np.flatnonzero(answers.scores.any(1))
    assert 0 < len(rows) < len(guess)
    expected = np.mean([np.corrcoef(guess[row], answers.scores[row])[0, 1] for row in rows])
    assert found.pearson == pytest.approx(expected, abs=1e-5)
    expected = average_precision_score(answers.scores.ravel() > 0, guess.ravel())
    assert found.average_precision == pytest.approx(expected, abs=1e-4)


def test_the_truth_scores_one_and_a_constant_scores_zero(answers, tmp_path):
    challenge.write_predictions(tmp_path / "truth.npz", answers.ids, answers.scores)
    assert challenge.score(tmp_path / "truth.npz", answers) == challenge.Score(1.0, 1.0)
    challenge.write_predictions(tmp_path / "flat.npz", answers.ids, np.zeros(answers.scores.shape))
    flat = challenge.score(tmp_path / "flat.npz", answers)
    assert flat.pearson == 0
    assert flat.average_precision == pytest.approx((answers.scores > 0).mean(), abs=1e-6)


def test_ids_are_named_when_missing_unknown_or_twice(answers, guess, tmp_path):
    ids = list(answers.ids)
    cases = {
        "missing": (ids[1:], guess[1:], f"1 of the ids is missing: '{ids[0]}'"),
        "many": (ids[5:], guess[5:], "5 of the ids are missing: .* and 2 more"),
        "unknown": (["w", *ids[1:]], guess, "1 of the ids is not of this challenge: 'w'"),
        "twice": ([ids[1], *ids[1:]], guess, f"1 of the ids is twice or more: '{ids[1]}'"),
        "more": ([*ids, ids[0]], np.vstack([guess, guess[:1]]), "1 of the ids is twice or more"),
    }
    for name, (given_ids, values, message) in cases.items():
        for ending in ("csv", "npz"):
            path = tmp_path / f"{name}.{ending}"
            challenge.write_predictions(path, given_ids, values)
            with pytest.raises(ValueError, match=message):
                challenge.score(path, answers)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({}, "must hold the arrays ids and predictions and no other, got []"),
        ({"ids": 1, "predictions": 2, "model": 3}, "and no other"),
        ({"ids": np.array([1, 2]), "predictions": np.zeros((2, 300))}, "ids must be an array of text, got dtype int64"),
        ({"ids": np.array([b"a"]), "predictions": np.zeros((1, 300))}, "ids must be an array of text"),
        ({"ids": np.array([["a"]]), "predictions": np.zeros((1, 300))}, "ids must have 1 axis, got shape (1, 1)"),
        ({"ids": np.array("a"), "predictions": np.zeros((1, 300))}, "ids must have 1 axis, got shape ()"),
        ({"ids": np.array(["a"]), "predictions": np.zeros((1, 300), int)}, "floating-point numbers, got dtype int64"),
        ({"ids": np.array(["a"]), "predictions": np.zeros((1, 300), complex)}, "got dtype complex128"),
        ({"ids": np.array(["a"]), "predictions": np.zeros(300)}, "predictions must have 2 axes, got shape (300,)"),
        ({"ids": np.array(["a"]), "predictions": np.zeros((1, 299))}, "must have shape (1, 300), as there are ids"),
        ({"ids": np.array(["a"]), "predictions": np.zeros((2, 300))}, "must have shape (1, 300), as there are ids"),
        ({"ids": np.array(["a" * 50_000]), "predictions": np.zeros((1, 300))}, "ids is too large"),
        ({"ids": np.array([], "U1"), "predictions": np.zeros((0, 300))}, "of the ids are missing"),
    ],
)
def test_arrays_of_another_form_are_named(arrays, message, answers, tmp_path):
    assert message in refused(archive(tmp_path / "mine.npz", **arrays), answers)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_named(value, answers, guess, tmp_path):
    guess[3, 7] = value
    path = archive(tmp_path / "mine.npz", ids=np.array(answers.ids), predictions=guess)
    assert f"predictions[3, 7], of '{answers.ids[3]}', is {value}, not finite" in refused(path, answers)
    path = tmp_path / "mine.csv"
    rows = [["id", *range(LENGTH)], *([name, *row] for name, row in zip(answers.ids, guess, strict=True))]
    path.write_text("\n".join(",".join(map(str, row)) for row in rows))
    assert f"line 5, cell 9: '{value}' is not a finite number" in refused(path, answers)


def test_a_number_too_large_for_a_double_is_not_finite(answers, tmp_path):
    values = np.zeros(answers.scores.shape, np.longdouble)
    values[0, 0] = np.longdouble("1e400")
    if np.isfinite(float(values[0, 0])):
        pytest.skip("here a long double is a double")
    assert "not finite" in refused(archive(tmp_path / "x.npz", ids=np.array(answers.ids), predictions=values), answers)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, ">f8", np.longdouble])
def test_every_floating_type_is_taken(dtype, answers, tmp_path):
    path = archive(tmp_path / "x.npz", ids=np.array(answers.ids), predictions=answers.scores.astype(dtype))
    assert challenge.score(path, answers).pearson > 0.999


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1 must be a header that begins with id"),
        ("w1,0.5\n", "line 1 must be a header that begins with id"),
        ("id,1\nw1,0.5\n", "line 2 has 2 cells; it should have 1 id and 300 numbers"),
        ("id\n" + "w1" + ",1" * 299 + ",x\n", "line 2, cell 301: 'x' is not a finite number"),
        ("id\n" + "w1" + ",1" * 299 + ",\n", "line 2, cell 301: '' is not a finite number"),
        ("id\n" + "w1" + ",1" * 299 + ",1_0\n", "'1_0' is not a finite number"),
        ("id\n" + "w1" + ",1" * 299 + ",١\n", "is not a finite number"),
        ("id\n" + "w1" + ",1" * 299 + ',=HYPERLINK("http://x")\n', "line 2"),
        ("id\n=cmd|' /C calc'!A0" + ",1" * 300 + "\n", "1 of the ids is not of this challenge: \"=cmd|' /C calc'!A0\""),
        ("id\n\x1b[2J" + ",1" * 300 + "\n", r"1 of the ids is not of this challenge: '\x1b[2J'"),
        ("id\n" + "w" * 100_000 + ",1" * 300 + "\n", "is not of this challenge: 'wwww"),
        ("id\n" + "w" * 200_000 + ",1" * 300 + "\n", "field larger than field limit"),
        ('id\n"w1' + ",1" * 300 + "\n", "unexpected end of data"),
        ("id\n" + "w1" + ",1" * 299 + "," + "1" * 5000 + "\n", "is not a finite number"),
    ],
)
def test_a_table_of_another_form_is_named_by_line(text, message, answers, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    assert message in refused(path, answers)


def test_a_table_of_a_spreadsheet_is_taken(answers, tmp_path):
    challenge.write_predictions(tmp_path / "plain.csv", answers.ids, answers.scores)
    text = (tmp_path / "plain.csv").read_text()
    (tmp_path / "sheet.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert challenge.score(tmp_path / "sheet.csv", answers).pearson > 0.999


@pytest.mark.parametrize("content", [b"\xff\xfe\x00i\x00d", b"id,\xff\n", b"\x00" * 100, os.urandom(200)])
def test_bytes_that_are_no_text_are_refused(content, answers, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(content)
    refused(path, answers)


# Attacks ------------------------------------------------------------------------------------------------------------


class Bomb:
    def __reduce__(self):
        return open, (os.environ["BOMB"], "w")


@pytest.fixture
def bomb(tmp_path, monkeypatch):
    """Return the file that appears as soon as anything unpickles a `Bomb`."""
    path = tmp_path / "it-went-off"
    monkeypatch.setenv("BOMB", str(path))
    pickle.loads(pickle.dumps(Bomb())).close()
    assert path.exists()
    path.unlink()
    return path


def test_pickles_are_never_opened(bomb, answers, guess, tmp_path):
    objects = np.array([Bomb()], dtype=object)
    for arrays in (
        {"ids": objects, "predictions": guess},
        {"ids": np.array(answers.ids), "predictions": objects},
        {"ids": np.array(answers.ids), "predictions": guess, "model": objects},
    ):
        refused(archive(tmp_path / "mine.npz", **arrays), answers)
    for name in ("model.pkl", "model.pt", "model.npy", "model", "model.npz", "model.csv"):
        (tmp_path / name).write_bytes(pickle.dumps(Bomb()))
        refused(tmp_path / name, answers)
    assert not bomb.exists()


def test_answers_are_not_unpickled_either(bomb, tmp_path):
    archive(tmp_path / "answers.npz", ids=np.array([Bomb()]), scores=np.zeros((1, 3)), seed=np.array("1"))
    (tmp_path / "raw.npz").write_bytes(pickle.dumps(Bomb()))
    for name in ("answers.npz", "raw.npz", "missing.npz"):
        with pytest.raises(ValueError, match=f"{name} holds no answers"):
            challenge.read_answers(tmp_path / name)
    assert not bomb.exists()


def npy_bytes(shape, descr, data=b""):
    header = str({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    header += b" " * (64 - (10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + data


def packed(path, members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in members.items():
            with file.open(name, "w", force_zip64=True) as stream:
                for block in [content] if isinstance(content, bytes) else content:
                    stream.write(block)
    return path


def test_arrays_that_would_fill_the_memory_are_refused_before_they_are_unpacked(answers, tmp_path):
    ids, huge = np.array(answers.ids), 10**12
    plain = io.BytesIO()
    np.save(plain, ids)
    names, zeros = plain.getvalue(), (bytes(2**20) for _ in range(300))
    bombs = {
        "claims-rows": {"ids.npy": names, "predictions.npy": npy_bytes((huge, LENGTH), "<f8")},
        "claims-columns": {"ids.npy": names, "predictions.npy": npy_bytes((len(ids), huge), "<f8")},
        "claims-text": {"ids.npy": npy_bytes((1,), f"<U{10**8}"), "predictions.npy": names},
        "claims-overflow": {"ids.npy": names, "predictions.npy": npy_bytes((2**62, 2**62), "<f8")},
        "claims-negative": {"ids.npy": names, "predictions.npy": npy_bytes((-1, LENGTH), "<f8")},
        "swells": {"ids.npy": names, "predictions.npy": (npy_bytes(answers.scores.shape, "<f8"), *zeros)},
        "header": {"ids.npy": names, "predictions.npy": b"\x93NUMPY\x02\x00\xff\xff\xff\x7f" + b" " * 10**7},
        "code": {"ids.npy": names, "predictions.npy": npy_bytes((1,), "__import__('os').abort()")},
    }
    for name, members in bombs.items():
        packed(tmp_path / f"{name}.npz", members)
    tracemalloc.start()
    for name in bombs:
        refused(tmp_path / f"{name}.npz", answers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * 2**20


def test_a_file_larger_than_any_predictions_is_not_read(answers, tmp_path):
    for name in ("mine.csv", "mine.npz"):
        with open(tmp_path / name, "wb") as file:
            file.truncate(10**9)  # sparse: it takes no room
        assert "1,000,000,000 bytes" in refused(tmp_path / name, answers)


def test_what_is_no_file_is_refused(answers, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    for name in ("folder.csv", "pipe.csv", "loop.csv", "missing.csv"):
        assert "there is no such file" in refused(tmp_path / name, answers)


def test_members_with_paths_or_twice_or_locked_are_refused(answers, guess, tmp_path, monkeypatch):
    good = archive(tmp_path / "good.npz", ids=np.array(answers.ids), predictions=guess)
    with zipfile.ZipFile(good) as file:
        names, values = file.read("ids.npy"), file.read("predictions.npy")
    refused(packed(tmp_path / "path.npz", {"../ids.npy": names, "predictions.npy": values}), answers)
    with zipfile.ZipFile(tmp_path / "twice.npz", "w") as file:
        file.writestr("ids.npy", names)
        file.writestr("predictions.npy", values)
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("ids.npy", names)
    refused(tmp_path / "twice.npz", answers)
    locked = bytearray(good.read_bytes())
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.index(signature)
        locked[at + flag] |= 1  # says that the member is encrypted
    (tmp_path / "locked.npz").write_bytes(locked)
    refused(tmp_path / "locked.npz", answers)


SMALL = challenge.Answers(("a", "b"), np.array([[0.0, 0.5, 0.0], [0.0, 0.0, 0.9]]), 0)


def valid_archive(compression):
    buffer = io.BytesIO()
    arrays = {"ids": np.array(SMALL.ids), "predictions": SMALL.scores}
    (np.savez_compressed if compression else np.savez)(buffer, **arrays)
    return buffer.getvalue()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    compression=st.booleans(),
    changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4),
    end=st.integers(0, 10**6),
    cut=st.booleans(),
)
def test_a_damaged_archive_is_refused_or_read_and_never_breaks_the_grader(tmp_path, compression, changes, end, cut):
    content = bytearray(valid_archive(compression))
    for place, byte in changes:
        content[place % len(content)] = byte
    path = tmp_path / "mine.npz"
    path.write_bytes(content[: end % len(content)] if cut else content)
    message = ""
    try:
        challenge.score(path, SMALL)
    except ValueError as error:  # either outcome is right, any other exception is not
        message = str(error)
    assert message.startswith("mine.npz: ") or not message
    assert message.isprintable()


# Writing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "ids", "values", "message"),
    [
        ("x.pkl", ["a"], [[1.0]], "path must end in .csv or .npz"),
        ("x.csv", ["a", "b"], [[1.0]], "a row for each of the 2 ids"),
        ("x.csv", ["a"], [[np.nan]], "predictions must be finite"),
        ("x.csv", ["a"], [1.0], "predictions must have 2 axes"),
    ],
)
def test_only_what_can_be_scored_is_written(name, ids, values, message, tmp_path):
    with pytest.raises(ValueError, match=message):
        challenge.write_predictions(tmp_path / name, ids, values)
    assert list(tmp_path.iterdir()) == []


# The leaderboard ----------------------------------------------------------------------------------------------------


def test_the_leaderboard_is_sorted_and_the_last_hand_in_counts(tmp_path):
    path = tmp_path / "board.csv"
    for team, pearson, precision in (("A", 0.5, 0.5), ("B", 0.9, 0.1), ("C", 0.9, 0.2), ("b", 0.4, 0.9)):
        rows = _leaderboard.enter(path, _leaderboard.Row(team, pearson, precision))
    assert [(row.team, row.pearson, row.hand_ins) for row in rows] == [("C", 0.9, 1), ("A", 0.5, 1), ("B", 0.4, 2)]
    assert _leaderboard.read(path) == rows
    assert list(csv.DictReader(path.open())) == [
        {"team": "C", "pearson": "0.9", "average_precision": "0.2", "hand_ins": "1"},
        {"team": "A", "pearson": "0.5", "average_precision": "0.5", "hand_ins": "1"},
        {"team": "B", "pearson": "0.4", "average_precision": "0.9", "hand_ins": "2"},
    ]
    markdown = path.with_suffix(".md").read_text().splitlines()
    assert markdown[2] == "| 1 | C | 0.9000 | 0.2000 | 1 |"
    assert len(markdown) == 5


def test_graders_at_once_lose_no_row(tmp_path, answers, guess):
    place_of_answers, path = tmp_path / "answers.npz", tmp_path / "mine.npz"
    table = {"ids": np.array(SMALL.ids), "scores": SMALL.scores, "seed": np.array("0")}
    place_of_answers.write_bytes(challenge._npz(table))
    challenge.write_predictions(path, SMALL.ids, SMALL.scores)
    code = (
        "import sys; from pathlib import Path; from course_lib import _leaderboard as b\n"
        "for i in range(20): b.enter(Path(sys.argv[1]), b.Row(f'{sys.argv[2]} {i}', i / 20, 0.5))"
    )
    board = str(tmp_path / "board.csv")
    workers = [subprocess.Popen([sys.executable, "-c", code, board, name]) for name in ("one", "two", "three")]
    seen = 0
    while any(worker.poll() is None for worker in workers):
        now = len(_leaderboard.read(Path(board)))  # whole at each moment
        assert now >= seen
        seen = now
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert len(_leaderboard.read(Path(board))) == 60
    assert sorted(file.suffix for file in tmp_path.glob("board*") if file.suffix != ".lock") == [".csv", ".md"]


def test_threads_of_one_grader_lose_no_row(tmp_path):
    board = tmp_path / "board.csv"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: _leaderboard.enter(board, _leaderboard.Row(f"team {i}", i, i)), range(40)))
    assert [row.pearson for row in _leaderboard.read(board)] == list(range(39, -1, -1))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "a|b",
        "<b>",
        "a" * 41,
        "[x](http://y)",
        "a,b",
        '"',
        "_a",
    ],
)
def test_names_that_a_spreadsheet_or_a_page_would_run_are_refused(name):
    with pytest.raises(ValueError, match="name must begin with a letter or digit"):
        _leaderboard.team_name(name)


@pytest.mark.parametrize(
    ("name", "clean"), [("Team 1", "Team 1"), ("  a \n b ", "a b"), ("Zoe\u0308", "Zoë"), ("李", "李")]
)
def test_plain_names_are_kept(name, clean):
    assert _leaderboard.team_name(name) == clean


@pytest.mark.parametrize(
    "text",
    ["x\n", "team,pearson,average_precision,hand_ins\nA,1\n", "team,pearson,average_precision,hand_ins\nA,1,nan,1\n"],
)
def test_a_damaged_leaderboard_is_named_and_kept(text, tmp_path):
    path = tmp_path / "board.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"leaderboard board.csv: line \d"):
        _leaderboard.enter(path, _leaderboard.Row("A", 1, 1))
    assert path.read_text() == text


def test_a_grader_who_does_not_let_go_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(_leaderboard, "_WAIT", 0.1)
    with (
        _leaderboard.FileLock(tmp_path / "board.lock"),
        pytest.raises(ValueError, match="another grader has kept it"),
    ):
        _leaderboard.enter(tmp_path / "board.csv", _leaderboard.Row("A", 1, 1))


def test_a_leaderboard_goes_into_a_folder_that_is_there(tmp_path):
    with pytest.raises(ValueError, match="no folder"):
        _leaderboard.enter(tmp_path / "no" / "board.csv", _leaderboard.Row("A", 1, 1))
    with pytest.raises(ValueError, match=r"must end in \.csv"):
        _leaderboard.enter(tmp_path / "board.txt", _leaderboard.Row("A", 1, 1))


# The command --------------------------------------------------------------------------------------------------------


def test_the_command_makes_scores_and_ranks(tmp_path, capsys):
    folder, secret, board = (str(tmp_path / name) for name in ("class", "answers.npz", "board.csv"))
    small = ["--seed", "3", "--chromosomes", "2", "--length", "20000"]
    assert challenge.main(["make", "--output", folder, "--answers", secret, *small]) == 0
    answers = challenge.read_answers(secret)
    mine = str(tmp_path / "mine.csv")
    challenge.write_predictions(mine, answers.ids, answers.scores)
    assert challenge.main(["score", mine, "--answers", secret]) == 0
    assert challenge.main(["score", mine, "--answers", secret, "--name", "Team 1", "--leaderboard", board]) == 0
    challenge.write_predictions(mine, answers.ids, -answers.scores)
    assert challenge.main(["score", mine, "--answers", secret, "--name", "Team 2", "--leaderboard", board]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[2:] == [
        "Pearson 1.0000, average precision 1.0000",
        "Pearson 1.0000, average precision 1.0000",
        "Team 1: 1 of 1",
        out[5],
        "Team 2: 2 of 2",
    ]
    assert out[5].startswith("Pearson -1.0000")


def test_the_command_tells_wrong_predictions_from_wrong_use(place, tmp_path, capsys):
    (tmp_path / "mine.csv").write_text("id\n")
    mine, secret = str(tmp_path / "mine.csv"), str(place / "answers.npz")
    assert challenge.main(["score", mine, "--answers", secret]) == 1
    assert challenge.main(["score", mine, "--answers", mine]) == 2
    assert challenge.main(["score", mine, "--answers", secret, "--name", "A"]) == 2
    assert challenge.main(["score", mine, "--answers", secret, "--name", "=A", "--leaderboard", "b.csv"]) == 2
    assert challenge.main(["make", "--output", str(place / "class"), "--answers", str(tmp_path / "a.npz")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 5
    assert all(line.startswith("challenge: ") for line in lines)
    with pytest.raises(SystemExit) as stopped:
        challenge.main(["judge"])
    assert stopped.value.code == 2


def test_a_wrong_hand_in_leaves_the_leaderboard_as_it_is(place, tmp_path):
    board, mine = tmp_path / "board.csv", tmp_path / "mine.csv"
    mine.write_text("id\n")
    command = ["score", str(mine), "--answers", str(place / "answers.npz"), "--name", "A", "--leaderboard", str(board)]
    assert challenge.main(command) == 1
    assert not board.exists()


def test_the_reader_has_a_bound_for_each_challenge():
    assert _handed_in.LONGEST_ID >= 9
