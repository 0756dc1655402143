"""binding: each score against a search of every stretch, files against memory, and what is refused."""

import gzip
import itertools
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from course_lib import _window_file, binding, dna, genomes
from course_lib.motifs import Motif, write_jaspar, write_meme

GATA = Motif(1 + 16 * dna.one_hot("AGATAAGN"), name="GATA1", identifier="MA0001")
P_VALUE = 2e-3  # one base may differ
SETTINGS = {"length": 50, "p_value": P_VALUE}


@pytest.fixture(scope="module")
def genome():
    return genomes.simulate(
        [GATA], chromosomes=3, length=4_030, sites=20, families=2, copies=3, family_length=100, seed=3
    )


@pytest.fixture(scope="module")
def cut(genome):
    return binding.windows(genome.chromosomes, GATA, **SETTINGS)


def by_hand(letters, motif, threshold):
    """Score every stretch of one window on both strands, without the scanner."""
    pwm, k = motif.pwm(), len(motif)
    signal = np.zeros(len(letters))
    for start, turned in itertools.product(range(len(letters) - k + 1), (False, True)):
        stretch = letters[start : start + k]
        stretch = dna.reverse_complement(stretch) if turned else stretch
        if "N" in stretch:
            continue
        score = sum(pwm[place, "ACGT".index(base)] for place, base in enumerate(stretch))
        if score >= threshold:
            here = slice(start, start + k)
            signal[here] = np.maximum(signal[here], score / pwm.max(1).sum())
    return signal


def test_signal_is_the_best_hit_that_covers_the_base(cut):
    expected = np.array([by_hand(text, GATA, cut.threshold) for text in cut.sequences])
    assert np.allclose(cut.signal, expected, atol=1e-6)
    assert len(np.unique(cut.signal)) > 2  # no hit, and hits of more than one strength
    assert cut.signal.max() == 1
    assert np.array_equal(cut.sites, expected > 0)
    assert np.array_equal(cut.scores, cut.signal)


def test_windows_lie_side_by_side_and_the_rest_is_left_out(genome, cut):
    assert len(cut) == 3 * 80
    for text, name, start in zip(cut.sequences, cut.chromosome, cut.start, strict=True):
        assert genome.chromosomes[name][start : start + 50] == text
    assert cut.start[:3].tolist() == [0, 50, 100]
    assert cut.chromosome.tolist() == ["chr1"] * 80 + ["chr2"] * 80 + ["chr3"] * 80


def test_a_hit_over_the_edge_counts_in_neither_window():
    text = "C" * 46 + "AGATAAGC" + "C" * 46
    whole = binding.windows({"a": text}, GATA, length=100, p_value=P_VALUE)
    halves = binding.windows({"a": text}, GATA, length=50, p_value=P_VALUE)
    assert whole.sites[0].sum() == 8
    assert not halves.sites.any()


def test_both_strands_score_alike(cut):
    turned = binding.windows(dict(zip("ab", dna.reverse_complement(cut.sequences[:2]), strict=True)), GATA, **SETTINGS)
    assert np.array_equal(turned.signal, cut.signal[:2, ::-1])


def test_one_hot_is_what_the_networks_want(cut):
    assert cut.X.shape == (len(cut), 4, 50)
    assert cut.X.dtype == np.float32
    assert cut.X.flags.c_contiguous
    assert dna.decode(cut.X.transpose(0, 2, 1)) == cut.sequences


def test_lower_case_counts_as_upper_case(genome, cut):
    lower = {name: text.lower() for name, text in genome.chromosomes.items()}
    again = binding.windows(lower, GATA, **SETTINGS)
    assert again.sequences == cut.sequences
    assert np.array_equal(again.signal, cut.signal)


def test_n_is_left_out_or_scores_nothing():
    site, text = "AGATAAGC", "C" * 50 + "AGATANGC".join(["C" * 21] * 2) + "AGATAAGC".center(50, "N")
    left = binding.windows({"a": text}, GATA, **SETTINGS)
    assert left.start.tolist() == [0]
    kept = binding.windows({"a": text}, GATA, **SETTINGS, keep_n=True)
    assert kept.start.tolist() == [0, 50, 100]
    assert kept.sites.sum(1).tolist() == [0, 0, len(site)]
    assert kept.X[2].sum() == len(site)


def test_noise_is_added_to_the_signal_and_seeded(genome, cut):
    noisy = binding.windows(genome.chromosomes, GATA, **SETTINGS, noise=0.25, seed=1)
    assert np.array_equal(noisy.signal, cut.signal)
    assert (noisy.scores - noisy.signal).std() == pytest.approx(0.25, rel=0.02)
    assert abs((noisy.scores - noisy.signal).mean()) < 0.01
    again, other = (
        binding.windows(genome.chromosomes, GATA, **SETTINGS, noise=0.25, seed=seed).scores for seed in (1, 2)
    )
    assert np.array_equal(again, noisy.scores)
    assert not np.array_equal(other, noisy.scores)
    assert noisy.scores.dtype == np.float32


def test_a_larger_p_value_lets_weaker_sites_in(genome, cut):
    weaker = binding.windows(genome.chromosomes, GATA, length=50, p_value=2e-2)
    assert weaker.threshold < cut.threshold
    assert weaker.sites.sum() > cut.sites.sum()
    assert np.array_equal(weaker.signal[cut.sites], cut.signal[cut.sites])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"length": 7}, "length must be at least 8, got 7"),
        ({"length": 5_000}, "chromosomes hold no window of 5000 bases without N"),
        ({"p_value": 0.9}, "p_value must be smaller: 0.9 lets hits below 0 bits in"),
        ({"p_value": 1e-9}, "p_value must be larger: no site of this motif is as rare as 1e-09"),
        ({"p_value": 0}, "p_value must lie above 0"),
        ({"noise": -1}, "noise must be 0 or more"),
        ({"seed": -1}, "seed must be at least 0"),
    ],
)
def test_bad_settings_are_refused(genome, changes, message):
    with pytest.raises(ValueError, match=message):
        binding.windows(genome.chromosomes, GATA, **(SETTINGS | changes))


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"chromosomes\['b'\]: the sequence has 'X' at position 2"):
        binding.windows({"a": "A" * 50, "b": "ACXT"}, GATA, **SETTINGS)
    with pytest.raises(TypeError, match="chromosomes must map names to sequences, got str"):
        binding.windows("ACGT", GATA, **SETTINGS)
    with pytest.raises(TypeError, match="motif must be a Motif, got str"):
        binding.windows({"a": "ACGT"}, "GATA", **SETTINGS)


def test_take_keeps_rows_together(cut):
    rows = np.flatnonzero(cut.sites.any(1))
    taken = cut.take(rows)
    assert [taken.sequences[i] for i in (0, -1)] == [cut.sequences[rows[i]] for i in (0, -1)]
    assert np.array_equal(taken.signal, cut.signal[rows])
    assert np.array_equal(taken.start, cut.start[rows])
    assert cut.take(cut.sites.any(1)).sequences == taken.sequences
    with pytest.raises(ValueError, match="rows chooses no window"):
        cut.take([])


def test_split_by_chromosome_keeps_chromosomes_whole(cut):
    parts = binding.split_by_chromosome(cut, train=["chr3"], validation=["chr1"], test=["chr2"])
    assert [set(part.chromosome) for part in parts] == [{"chr3"}, {"chr1"}, {"chr2"}]
    assert [len(part) for part in parts] == [80, 80, 80]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"test": ["chr1"]}, "test: 'chr1' is named twice"),
        ({"train": ["chr1", "chr1"]}, "train: 'chr1' is named twice"),
        ({"test": ["chrX"]}, "test: there is no window of 'chrX'; there are chr1, chr2, chr3"),
        ({"validation": []}, r"validation must be a list of chromosomes, got \[\]"),
        ({"train": "chr1"}, "train must be a list of chromosomes, got 'chr1'"),
    ],
)
def test_bad_splits_are_refused(cut, changes, message):
    split = {"train": ["chr1"], "validation": ["chr2"], "test": ["chr3"]}
    with pytest.raises(ValueError, match=message):
        binding.split_by_chromosome(cut, **(split | changes))


def test_random_split_mixes_chromosomes_and_loses_nothing(cut):
    parts = binding.random_split(cut, seed=1)
    assert [len(part) for part in parts] == [144, 48, 48]
    assert all(set(part.chromosome) == {"chr1", "chr2", "chr3"} for part in parts)
    places = [(name, start) for part in parts for name, start in zip(part.chromosome, part.start, strict=True)]
    assert len(set(places)) == len(cut)
    assert binding.random_split(cut, seed=2).test.sequences != parts.test.sequences


def test_mask_marks_the_planted_bases(genome, cut):
    marked = binding.mask(cut, genome.sites)
    flat = {name: np.zeros(4_030, bool) for name in genome.chromosomes}
    for row in genome.sites.itertuples():
        flat[row.chromosome][row.start : row.end] = True
    expected = [flat[n][s : s + 50] for n, s in zip(cut.chromosome, cut.start, strict=True)]
    assert np.array_equal(marked, expected)
    # what was planted as it should be, and not over an edge, is found
    perfect = genome.sites[genome.sites.sequence.str.startswith("AGATAAG") & (genome.sites.start % 50 <= 42)]
    assert cut.sites[binding.mask(cut, perfect)].mean() > 0.97  # the rest lies beyond the last window


def test_mask_takes_intervals_beyond_the_windows(cut):
    far = pd.DataFrame({"chromosome": ["chr1", "chr1", "chrX"], "start": [-5, 3_990, 0], "end": [2, 9_000, 9]})
    marked = binding.mask(cut, far)
    assert np.argwhere(marked).tolist() == [[0, 0], [0, 1], *([79, i] for i in range(40, 50))]


def test_mask_refuses_what_is_no_interval(cut):
    with pytest.raises(ValueError, match="intervals must have the column end, got chromosome, start"):
        binding.mask(cut, pd.DataFrame({"chromosome": ["chr1"], "start": [0]}))
    with pytest.raises(ValueError, match="intervals must end after their start, got 5 to 5"):
        binding.mask(cut, pd.DataFrame({"chromosome": ["chr1"], "start": [5], "end": [5]}))


def test_pearson_agrees_with_numpy():
    rng = np.random.default_rng(0)
    y_hat, y = rng.normal(3, 1, size=(2, 7, 30))
    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(y_hat, y, strict=True)]
    assert np.allclose(binding.pearson(y_hat, y), expected)
    assert np.allclose(binding.pearson(5 - 2 * y, y), -1)


def test_pearson_refuses_what_has_no_correlation():
    with pytest.raises(ValueError, match="y must vary in each row: row 1 is 2 throughout"):
        binding.pearson([[1, 2], [1, 2]], [[1, 2], [2, 2]])
    with pytest.raises(ValueError, match=r"one shape, got \(1, 2\) and \(1, 3\)"):
        binding.pearson([[1, 2]], [[1, 2, 3]])
    with pytest.raises(ValueError, match="y_hat must be finite"):
        binding.pearson([[1, np.nan]], [[1, 2]])


def fasta(path, chromosomes, width=60):
    lines = (f">{name} made by a test\n" + "\n".join(_rows(text, width)) for name, text in chromosomes.items())
    path.write_text("\n".join(lines) + "\n")
    return path


def _rows(text, width):
    return [text[i : i + width] for i in range(0, len(text), width)]


def same(one, other):
    assert one.sequences == other.sequences
    assert np.array_equal(one.signal, other.signal)
    assert np.array_equal(one.chromosome, other.chromosome)
    assert np.array_equal(one.start, other.start)
    assert one.threshold == other.threshold
    assert np.array_equal(one.motif.counts, other.motif.counts)
    assert (one.motif.name, one.motif.identifier) == (other.motif.name, other.motif.identifier)


@pytest.mark.parametrize("batch", [1, 999, 1 << 20])
def test_a_file_gives_what_memory_gives(tmp_path, monkeypatch, genome, cut, batch):
    monkeypatch.setattr(_window_file, "_BATCH", batch)
    output = tmp_path / "windows.npz"
    assert binding.build(fasta(tmp_path / "genome.fa", genome.chromosomes), GATA, output, **SETTINGS) == len(cut)
    same(binding.load(output), cut)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["genome.fa", "windows.npz"]
    noisy = binding.windows(genome.chromosomes, GATA, **SETTINGS, noise=0.5, seed=4)
    assert np.array_equal(binding.load(output, noise=0.5, seed=4).scores, noisy.scores)


def test_compressed_lower_case_one_line_files_are_read(tmp_path, monkeypatch, genome, cut):
    monkeypatch.setattr(dna, "_LONGEST_LINE", 700)
    text = "".join(f">{name}\n{text.lower()}\n" for name, text in genome.chromosomes.items())
    (tmp_path / "genome.fa.gz").write_bytes(gzip.compress(text.encode()))
    binding.build(tmp_path / "genome.fa.gz", GATA, tmp_path / "windows.npz", **SETTINGS)
    same(binding.load(tmp_path / "windows.npz"), cut)


def test_n_in_a_file_is_left_out_or_kept(tmp_path):
    text = {"a": "C" * 60 + "R" + "C" * 139, "b": "N" * 100}
    path, output = fasta(tmp_path / "genome.fa", text), tmp_path / "windows.npz"
    assert binding.build(path, GATA, output, **SETTINGS) == 3
    assert binding.load(output).start.tolist() == [0, 100, 150]
    assert binding.build(path, GATA, output, **SETTINGS, keep_n=True) == 6
    assert binding.load(output).sequences[1] == "C" * 10 + "N" + "C" * 39
    assert set(binding.load(output).chromosome) == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (">a\nACGT\nAXGT\n", "genome.fa, line 3: 'X' is no letter of DNA"),
        (">a\nACGT\nAC-T\n", "genome.fa, line 3: '-' is no letter of DNA"),
        (">a\nACGT\nAC1T\n", "genome.fa, line 3: '1' is no sequence letter"),
        ("ACGT\n", "genome.fa, line 1: expected a header"),
        (">a\nACGT\n", "no window of 50 bases is in the file"),
        (f">a\n{'N' * 60}\n", "no window of 50 bases is in the file; keep_n keeps those that hold N"),
    ],
)
def test_a_bad_file_is_named_by_line_and_the_old_output_stays(tmp_path, text, message):
    (tmp_path / "genome.fa").write_text(text)
    (tmp_path / "windows.npz").write_text("old")
    with pytest.raises(ValueError, match=message):
        binding.build(tmp_path / "genome.fa", GATA, tmp_path / "windows.npz", **SETTINGS)
    assert (tmp_path / "windows.npz").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["genome.fa", "windows.npz"]


def damage(path, **members):
    """Write the archive again, with members changed or, where None, left out."""
    with np.load(path) as archive:
        held = dict(archive)
    np.savez(path, **{name: value for name, value in (held | members).items() if value is not None})


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"signal": None}, "holds no windows: signal is missing"),
        ({"start": np.zeros(3, np.int64)}, "start has the wrong shape"),
        ({"letters": np.zeros(3, np.uint8)}, "has the wrong shape"),
        ({"signal": np.zeros((240, 50))}, "signal must be float32, got float64"),
        ({"chromosome": np.full(240, 7, np.int32)}, "chromosome must be numbers of names"),
        ({"names": np.array([{}], object)}, "is damaged"),  # a pickle is not opened
    ],
)
def test_other_files_are_no_windows(tmp_path, genome, members, message):
    output = tmp_path / "windows.npz"
    binding.build(fasta(tmp_path / "genome.fa", genome.chromosomes), GATA, output, **SETTINGS)
    damage(output, **members)
    with pytest.raises(ValueError, match=message):
        binding.load(output)


def test_a_cut_off_file_is_refused(tmp_path, genome):
    output = tmp_path / "windows.npz"
    binding.build(fasta(tmp_path / "genome.fa", genome.chromosomes), GATA, output, **SETTINGS)
    output.write_bytes(output.read_bytes()[:-100])
    with pytest.raises(ValueError, match=r"windows\.npz is no \.npz file of windows"):
        binding.load(output)
    with zipfile.ZipFile(output, "w") as archive:
        for name in ("letters", "signal", "chromosome", "names", "start", "counts", "motif", "threshold"):
            archive.writestr(f"{name}.npy", b"nonsense")
    with pytest.raises(ValueError, match=r"windows\.npz: letters must be uint8"):
        binding.load(output)


@pytest.mark.parametrize("writer", [write_jaspar, write_meme])
def test_the_command_builds_and_says_so(tmp_path, capsys, genome, cut, writer):
    writer(tmp_path / "motifs.txt", [GATA, Motif.from_consensus("TTTT", name="other")])
    path, output = fasta(tmp_path / "genome.fa", genome.chromosomes), tmp_path / "windows.npz"
    arguments = [
        str(path),
        str(tmp_path / "motifs.txt"),
        "--output",
        str(output),
        "--window",
        "50",
        "--p-value",
        "2e-3",
    ]
    assert binding.main([*arguments, "--motif-name", "GATA1"]) == 0
    said = capsys.readouterr()
    assert said.out == f"{output}: 240 windows of 50 bases, scored with GATA1\n"
    assert "100%" in said.err
    assert np.allclose(binding.load(output).signal, cut.signal, atol=1e-5)
    assert binding.main(arguments) == 1
    assert capsys.readouterr().err.startswith("error: name must choose one motif of motifs.txt")


def test_the_command_names_what_is_wrong(tmp_path, capsys):
    write_jaspar(tmp_path / "gata.jaspar", [GATA])
    (tmp_path / "genome.fa").write_text(">a\nAC!T\n")
    words = [str(tmp_path / "genome.fa"), str(tmp_path / "gata.jaspar"), "--output", str(tmp_path / "out.npz")]
    assert binding.main([*words, "--quiet"]) == 1
    assert capsys.readouterr().err == "error: path: genome.fa, line 2: '!' is no sequence letter\n"
    assert binding.main([str(tmp_path / "none.fa"), *words[1:], "--quiet"]) == 1
    assert "none.fa" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        binding.main(words[:2])
    assert stopped.value.code == 2


MEMORY = r"""
import re, sys
from course_lib import binding
from course_lib.motifs import Motif
binding.build(sys.argv[1], Motif.from_consensus("AGATAAGN"), sys.argv[2], p_value=1e-3)
print(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read as Linux gives it")
def test_memory_does_not_grow_with_the_genome(tmp_path):
    """A chromosome of 24 million bases in one line takes about the memory of one of 3 million."""
    letters = np.frombuffer(b"ACGT", np.uint8)[np.random.default_rng(0).integers(0, 4, 3_000_000)].tobytes()
    peaks = []
    for times in (1, 8):
        (tmp_path / "genome.fa").write_bytes(b">chr1\n" + times * letters + b"\n")
        words = [sys.executable, "-c", MEMORY, str(tmp_path / "genome.fa"), str(tmp_path / "windows.npz")]
        environment = {**os.environ, "PYTHONPATH": str(Path(binding.__file__).parents[1])}
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment)
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 15_000  # kilobytes; the genome is 21 million bases larger
