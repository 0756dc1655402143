"""The scanner's modules compute what course_lib computes: validation, matrices, scores; and what they promise more."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import dna, motifs
from tests.motif.nodes import ask

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "data" / "motifs").glob("*.jaspar"))
COURSE = [motifs.Motif.from_file(path) for path in FILES]
TOLERANCE = 1e-6


def letters(rng: np.random.Generator, length: int, alphabet: str = "ACGT") -> str:
    return "".join(rng.choice(list(alphabet), length))


def random_motif(rng: np.random.Generator) -> motifs.Motif:
    counts = rng.integers(0, 50, (int(rng.integers(1, 25)), 4)) * (rng.random((1, 4)) < 0.9)
    return motifs.Motif(counts + np.eye(4)[rng.integers(0, 4, len(counts))])


def expected(text: str, motif: motifs.Motif) -> dict[str, list[float | None]]:
    table = motifs.scan(text, motif)
    found = {
        name: table[table["strand"] == strand]["score"].to_numpy() for name, strand in [("plus", "+"), ("minus", "-")]
    }
    return {name: [float(score) if np.isfinite(score) else None for score in scores] for name, scores in found.items()}


def assert_same_scores(answer: dict[str, list[float | None]], wanted: dict[str, list[float | None]]) -> None:
    for strand in ("plus", "minus"):
        assert len(answer[strand]) == len(wanted[strand])
        assert [score is None for score in answer[strand]] == [score is None for score in wanted[strand]]
        differences = [abs(a - b) for a, b in zip(answer[strand], wanted[strand], strict=True) if a is not None]  # type: ignore[operator]
        assert max(differences, default=0) <= TOLERANCE


class TestParity:
    def test_scores_equal_those_of_scan_on_both_strands(self) -> None:
        rng = np.random.default_rng(7)
        pool = COURSE * 3 + [random_motif(rng) for _ in range(60)]
        cases = [
            (letters(rng, len(m) + int(rng.integers(0, 200)), "ACGTacgt" + "N" * (i % 2)), m)
            for i, m in enumerate(pool)
        ]
        answers = ask(*(("scan", {"text": text, "counts": motif.counts.tolist()}) for text, motif in cases))
        for answer, (text, motif) in zip(answers, cases, strict=True):
            assert_same_scores(answer, expected(text, motif))

    @settings(max_examples=8, deadline=None)
    @given(
        st.lists(st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any), min_size=1, max_size=12),
        st.text("ACGTNacgtn", min_size=12, max_size=60),
    )
    def test_scores_of_any_matrix_and_any_sequence(self, counts: list[list[int]], text: str) -> None:
        (answer,) = ask(("scan", {"text": text, "counts": counts}))
        assert_same_scores(answer, expected(text, motifs.Motif(counts)))

    def test_matrices_of_the_course_are_read_and_weighed_alike(self) -> None:
        texts = [path.read_text("utf-8") for path in FILES]
        read = ask(*(("jaspar", {"text": text, "file": path.name}) for text, path in zip(texts, FILES, strict=True)))
        for (entry,), motif in zip(read, COURSE, strict=True):
            assert (entry["name"], entry["identifier"]) == (motif.name, motif.identifier)
            assert entry["counts"] == motif.counts.tolist()
        for pseudocount in (0.5, 1.0):
            pwms = ask(*(("pwm", {"counts": m.counts.tolist(), "pseudocount": pseudocount}) for m in COURSE))
            for answer, motif in zip(pwms, COURSE, strict=True):
                np.testing.assert_allclose(answer, motif.pwm(pseudocount=pseudocount), rtol=0, atol=1e-12)
        for answer, motif in zip(ask(*(("information", m.counts.tolist()) for m in COURSE)), COURSE, strict=True):
            np.testing.assert_allclose(answer, motif.information_content(), rtol=0, atol=1e-12)
        consensus = ask(*(("consensus", m.pwm().tolist()) for m in COURSE))
        assert consensus == [motif.consensus for motif in COURSE]

    def test_one_hot_and_the_other_strand(self) -> None:
        text = "GATTNacgtnC"
        rows, turned = ask(("oneHot", text), ("reverseComplement", text.upper()))
        assert rows == dna.one_hot(text).tolist()
        assert turned == dna.reverse_complement(text.upper())

    def test_malformed_matrices_get_the_same_message(self, tmp_path: Path) -> None:
        good = ">MA1 one\nA [ 1 2 ]\nC [ 0 2 ]\nG [ 1 0 ]\nT [ 3 1 ]\n"
        texts = [
            "", "A [ 1 ]\n", good.replace("T [ 3 1 ]\n", ""), good.replace("0 2", "0"), good.replace("1 0", "x 0"),
            good.replace("1 2", "-1 2"), re.sub(r"\d ", "0 ", good), good + "\n" + good[1:],
            good.replace("1 2", "0x1 2"),
        ]  # fmt: skip
        answers = ask(*(("jaspar", {"text": text, "file": "some.jaspar"}) for text in texts))
        for text, answer in zip(texts, answers, strict=True):
            path = tmp_path / "some.jaspar"
            path.write_text(text, "utf-8")
            with pytest.raises(ValueError, match=re.escape(answer["error"])):
                motifs.read_jaspar(path)


class TestValidation:
    CASES = ("ACGTX", "acg t", "", "A'C", 'A"C', "A\\C", "ACéT", "AC\tT", "A\nC", "ACGU", "-", "A🧬C", "A\x7f")

    def test_messages_are_those_of_one_hot(self) -> None:
        for text, answer in zip(self.CASES, ask(*(("validated", text) for text in self.CASES)), strict=True):
            with pytest.raises(ValueError, match="sequence") as caught:
                dna.one_hot(text)
            assert answer == {"error": str(caught.value)}

    def test_a_motif_that_is_too_long_is_named_as_scan_names_it(self) -> None:
        (answer,) = ask(("scan", {"text": "ACGT", "counts": COURSE[0].counts.tolist()}))
        with pytest.raises(ValueError, match="motif") as caught:
            motifs.scan("ACGT", COURSE[0])
        assert answer == {"error": str(caught.value)}

    def test_good_text_becomes_upper_case_and_pasted_text_is_cleaned(self) -> None:
        assert ask(("validated", "acgtN"), ("cleaned", ">name of it\r\nAC GT\n\n aa\t\n")) == ["ACGTN", "ACGTaa"]


def best_by_scan(text: str, motif: motifs.Motif, both: bool) -> float:
    return float(motifs.scan(text, motif, both_strands=both)["score"].max())


class TestMutagenesis:
    @pytest.mark.parametrize("both", [True, False])
    def test_the_map_is_what_scanning_each_mutant_gives(self, both: bool) -> None:
        rng = np.random.default_rng(3)
        motif = COURSE[1]
        text = letters(rng, 20) + motif.sample(1, rng)[0] + "N" + letters(rng, 25)
        (answer,) = ask(("effects", {"text": text, "counts": motif.counts.tolist(), "both": both}))
        assert len(answer) == len(text)
        for position, base in [(p, b) for p in range(len(text)) for b in "ACGT"]:
            mutant = text[:position] + base + text[position + 1 :]
            assert answer[position]["ACGT".index(base)] == pytest.approx(
                best_by_scan(mutant, motif, both), abs=TOLERANCE
            )

    def test_a_mutation_in_the_best_site_changes_the_prediction(self) -> None:
        motif = next(m for m in COURSE if m.name == "YY1")
        text = "ACGT" * 5 + motif.consensus + "TGCA" * 5
        place = 20 + int(motif.information_content().argmax())
        base = "ACGT"[int(motif.counts[place - 20].argmin())]
        changes: list[dict[str, Any]] = [
            {"dna": text}, {"dna": text, "mutations": [{"position": place, "base": base}]}
        ]  # fmt: skip
        before, after = ask(*(("derive", {"change": c, "counts": motif.counts.tolist()}) for c in changes))
        assert after["sequence"] == text[:place] + base + text[place + 1 :]
        assert after["original"] == text
        assert after["best"]["score"] < before["best"]["score"] - 2
        assert (before["best"]["position"], before["best"]["strand"]) == (20, "+")


class TestPooling:
    def test_relu_and_max_pooling(self) -> None:
        (blocks,) = ask(("pooled", {"scores": [1, 5, -3, 2, 7], "threshold": 2, "width": 2}))
        assert blocks == [
            {"start": 0, "end": 2, "value": 3}, {"start": 2, "end": 4, "value": 0}, {"start": 4, "end": 5, "value": 5}
        ]  # fmt: skip

    def test_the_best_window_is_the_first_of_the_highest(self) -> None:
        motif = motifs.Motif.from_consensus("ACGT")  # its own reverse complement
        answers = ask(
            *(("best", {"text": "TTACGTTACGT", "counts": motif.counts.tolist(), "both": b}) for b in (True, False))
        )
        assert [(a["position"], a["strand"]) for a in answers] == [(2, "+"), (2, "+")]


class TestSimulation:
    def test_sites_are_where_they_are_said_to_be_and_a_seed_repeats_them(self) -> None:
        motif = motifs.Motif.from_consensus("GATTACAGA")
        options = {"counts": motif.counts.tolist(), "length": 90, "sites": 4}
        answers = ask(*(("simulate", {**options, "seed": seed}) for seed in [*range(30), 0]))
        assert answers[0] == answers[-1]
        assert len({answer["sequence"] for answer in answers}) == 30
        for answer in answers:
            starts = [site["position"] for site in answer["planted"]]
            assert len(starts) == 4
            assert all(b - a >= 9 for a, b in itertools.pairwise(starts))
            assert len(answer["sequence"]) == 90
            for site in answer["planted"]:
                word = answer["sequence"][site["position"] : site["position"] + 9]
                assert (word if site["strand"] == "+" else dna.reverse_complement(word)) == motif.consensus
        strands = [site["strand"] for answer in answers for site in answer["planted"]]
        assert 40 <= strands.count("+") <= 80  # of 124, a fair coin: 62, standard deviation 5.6

    def test_no_more_sites_than_fit(self) -> None:
        motif = COURSE[0]
        (answer,) = ask(("simulate", {"counts": motif.counts.tolist(), "length": 30, "sites": 10, "seed": 1}))
        assert len(answer["planted"]) == 30 // len(motif)

    def test_sites_have_the_probabilities_of_the_matrix(self) -> None:
        motif = next(m for m in COURSE if m.name == "CTCF")
        (words,) = ask(("sites", {"counts": motif.counts.tolist(), "seed": 5, "count": 4000}))
        shares = dna.one_hot(words).mean(0)
        assert np.abs(shares - motif.probabilities).max() < 0.035  # 4.4 standard errors at a share of one half


class TestTraining:
    def test_the_gradient_is_that_of_finite_differences(self) -> None:
        (answer,) = ask(("gradient", {"counts": COURSE[0].counts.tolist(), "seed": 3}))
        assert np.abs(answer["exact"]).max() > 1e-3
        np.testing.assert_allclose(answer["exact"], answer["numeric"], atol=1e-8)

    @pytest.mark.parametrize("name", ["YY1", "TP53"])
    def test_the_filter_becomes_the_motif_in_each_of_three_seeds(self, name: str) -> None:
        motif = next(m for m in COURSE if m.name == name)
        runs = ask(*(("train", {"counts": motif.counts.tolist(), "seed": seed}) for seed in (1, 2, 3)))
        for run in runs:
            assert run["before"]["correlation"] < 0.6
            assert run["after"]["correlation"] >= 0.9
            assert run["accuracy"] >= 0.9
            assert np.mean(run["losses"][-50:]) < np.mean(run["losses"][:20]) / 3

    def test_without_the_motif_the_filter_does_not_become_it(self) -> None:
        """Trained on another motif, the filter is not like this one: the correlation means something."""
        yy1, gata1 = (next(m for m in COURSE if m.name == name) for name in ("YY1", "GATA1"))
        (run,) = ask(("train", {"counts": gata1.counts.tolist(), "seed": 1, "steps": 200}))
        (match,) = ask(("match", {"filter": run["filter"], "reference": yy1.pwm().tolist()}))
        assert match["correlation"] < 0.7

    def test_a_match_sees_shifts_and_the_other_strand(self) -> None:
        pwm = COURSE[0].pwm()
        turned, moved = pwm[::-1, ::-1], np.concatenate([np.zeros((2, 4)), pwm[:-2]])
        same, other, shifted = ask(
            *(("match", {"filter": f.tolist(), "reference": pwm.tolist()}) for f in (pwm, turned, moved))
        )
        assert same == {"correlation": pytest.approx(1), "shift": 0, "strand": "+"}
        assert other == {"correlation": pytest.approx(1), "shift": 0, "strand": "-"}
        assert (shifted["shift"], shifted["strand"]) == (-2, "+")
        assert 0.5 < shifted["correlation"] < 1
