"""genomes: what the tables say is what stands in the sequence, and chance is where it should be."""

import itertools

import numpy as np
import pytest

from course_lib import dna, genomes
from course_lib.motifs import Motif

GATA = Motif.from_consensus("GATAAG", name="GATA1")
EBOX = Motif.from_consensus("CASSTGNT", name="EBOX")


def small(**changes):
    setting = {
        "chromosomes": 3,
        "length": 6_000,
        "sites": 10,
        "families": 4,
        "copies": 5,
        "family_length": 100,
        "seed": 7,
    }
    return genomes.simulate([GATA, EBOX], **(setting | changes))


@pytest.fixture(scope="module")
def genome():
    return small()


def on_strand(sequence, row):
    text = sequence[row.start : row.end]
    return text if row.strand == 1 else dna.reverse_complement(text)


def test_chromosomes_have_names_and_lengths(genome):
    assert {name: len(text) for name, text in genome.chromosomes.items()} == dict.fromkeys(
        ["chr1", "chr2", "chr3"], 6_000
    )
    assert set("".join(genome.chromosomes.values())) == set("ACGT")


def test_sites_stand_where_the_table_says(genome):
    for row in genome.sites.itertuples():
        assert on_strand(genome.chromosomes[row.chromosome], row) == row.sequence


def test_lone_sites_are_draws_from_their_motif(genome):
    lone = genome.sites[genome.sites.family == ""]
    assert lone.groupby(["chromosome", "motif"]).size().tolist() == [10] * 6
    assert set(lone[lone.motif == "GATA1"].sequence) == {"GATAAG"}
    ebox = lone[lone.motif == "EBOX"].sequence
    assert ebox.str.fullmatch("CA[CG][CG]TG[ACGT]T").all()
    assert ebox.nunique() > 10


def test_copies_are_their_family_but_for_the_divergence():
    genome = small(divergence=0.2, copies=12)
    same = []
    for row in genome.repeats.itertuples():
        copy = on_strand(genome.chromosomes[row.chromosome], row)
        family = genome.families[row.family]
        assert len(copy) == len(family) == 100
        same.append(np.mean([a == b for a, b in zip(copy, family, strict=True)]))
    # A base that is drawn anew stays the same with the sum of the squared shares of the letters.
    stays = 2 * (0.42 / 2) ** 2 + 2 * (0.58 / 2) ** 2
    assert np.mean(same) == pytest.approx(1 - 0.2 * (1 - stays), abs=0.01)


def test_copies_without_divergence_are_exact_and_carry_their_sites():
    genome = small(divergence=0)
    for row in genome.repeats.itertuples():
        assert on_strand(genome.chromosomes[row.chromosome], row) == genome.families[row.family]
    held = genome.sites[genome.sites.family != ""]
    assert held.groupby(["chromosome", "family", "motif"]).size().unique().tolist() == [5]
    assert set(held[held.motif == "GATA1"].sequence) == {"GATAAG"}


def test_diverged_sites_are_listed_as_they_stand():
    held = small(divergence=0.5, copies=12).sites.query("family != '' and motif == 'GATA1'")
    assert 1 < held.sequence.nunique() <= len(held)


@pytest.mark.parametrize("homes", [1, 2, 3])
def test_a_family_lives_on_as_many_chromosomes_as_asked(homes):
    repeats = small(homes=homes).repeats
    assert repeats.groupby("family").chromosome.nunique().tolist() == [homes] * 4
    assert repeats.groupby(["family", "chromosome"]).size().unique().tolist() == [5]


def test_private_families_are_spread_over_the_chromosomes():
    first = small().repeats.drop_duplicates("family").set_index("family").chromosome
    assert first.sort_index().tolist() == ["chr1", "chr2", "chr3", "chr1"]


def test_nothing_overlaps(genome):
    for name in genome.chromosomes:
        lone = genome.sites[(genome.sites.chromosome == name) & (genome.sites.family == "")]
        repeats = genome.repeats[genome.repeats.chromosome == name]
        pieces = sorted([*zip(lone.start, lone.end, strict=True), *zip(repeats.start, repeats.end, strict=True)])
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(pieces))
        assert pieces[0][0] >= 0
        assert pieces[-1][1] <= 6_000


def test_tables_are_in_order_of_place(genome):
    for table in (genome.sites, genome.repeats):
        assert table[["chromosome", "start"]].values.tolist() == sorted(table[["chromosome", "start"]].values.tolist())
        assert table[["start", "end", "strand"]].dtypes.unique().tolist() == [np.dtype(np.int64)]


def test_both_strands_are_as_likely():
    genome = genomes.simulate([GATA], chromosomes=2, length=60_000, sites=1_000, families=2, copies=100)
    lone, held = genome.sites[genome.sites.family == ""], genome.sites[genome.sites.family != ""]
    for strands in (lone.strand, held.strand, genome.repeats.strand):
        assert abs((strands == 1).mean() - 0.5) < 5 * 0.5 / len(strands) ** 0.5


def test_places_are_uniform():
    """Two pieces of 6 in 14 bases: 6 arrangements, each as likely, which sorted uniform draws would not give."""
    seen = [
        tuple(genomes.simulate([GATA], chromosomes=1, length=14, sites=2, families=0, seed=seed).sites.start)
        for seed in range(1_200)
    ]
    counts = [seen.count(arrangement) for arrangement in sorted(set(seen))]
    assert sorted(set(seen)) == [(0, 6), (0, 7), (0, 8), (1, 7), (1, 8), (2, 8)]
    assert all(abs(count - 200) < 5 * (1_200 / 6 * 5 / 6) ** 0.5 for count in counts)


def test_composition_of_the_background():
    text = genomes.simulate([], chromosomes=1, length=200_000, families=0, gc=0.3).chromosomes["chr1"]
    shares = [text.count(base) / len(text) for base in "ACGT"]
    assert shares == pytest.approx([0.35, 0.15, 0.15, 0.35], abs=0.006)


def test_the_same_seed_gives_the_same_genome(genome):
    again, other = small(), small(seed=8)
    assert dict(again.chromosomes) == dict(genome.chromosomes)
    assert again.sites.equals(genome.sites)
    assert again.repeats.equals(genome.repeats)
    assert dict(other.chromosomes) != dict(genome.chromosomes)


def test_the_truth_is_attached(genome):
    assert genome.motifs == (GATA, EBOX)
    assert (genome.divergence, genome.seed) == (0.1, 7)
    assert list(genome.families) == ["repeat1", "repeat2", "repeat3", "repeat4"]


def test_a_genome_may_hold_nothing():
    empty = genomes.simulate([], chromosomes=1, length=50, families=0)
    assert len(empty.sites) == len(empty.repeats) == len(empty.families) == 0
    assert list(empty.sites.columns) == ["chromosome", "start", "end", "strand", "motif", "family", "sequence"]


def test_a_chromosome_may_be_full():
    full = genomes.simulate([GATA], chromosomes=1, length=12, sites=2, families=0)
    assert full.sites.start.tolist() == [0, 6]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"chromosomes": 0}, ValueError, "chromosomes must be at least 1, got 0"),
        ({"length": 0}, ValueError, "length must be at least 1, got 0"),
        ({"length": 599}, ValueError, "length of chr1 must be at least 1140, what is put into it, got 599"),
        ({"family_length": 13}, ValueError, "length of repeat1 must be at least 14, what is put into it, got 13"),
        ({"family_length": 0}, ValueError, "family_length must be at least 1, got 0"),
        ({"sites": -1}, ValueError, "sites must be at least 0, got -1"),
        ({"families": -1}, ValueError, "families must be at least 0, got -1"),
        ({"copies": -1}, ValueError, "copies must be at least 0, got -1"),
        ({"homes": 0}, ValueError, "homes must be at least 1, got 0"),
        ({"homes": 4}, ValueError, "homes must be at most the number of chromosomes, 3, got 4"),
        ({"divergence": 1.1}, ValueError, "divergence must lie between 0 and 1, got 1.1"),
        ({"divergence": -0.1}, ValueError, "divergence must lie between 0 and 1, got -0.1"),
        ({"gc": 0}, ValueError, "gc must lie above 0 and below 1, got 0"),
        ({"gc": 1}, ValueError, "gc must lie above 0 and below 1, got 1"),
        ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
        ({"copies": 2.5}, TypeError, "copies must be a whole number, got float 2.5"),
    ],
)
def test_refusals(changes, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        small(**changes)


@pytest.mark.parametrize(
    ("motifs", "error", "message"),
    [
        (["GATA"], TypeError, "motifs must hold Motif objects, got str"),
        ([GATA, GATA], ValueError, r"motifs must have names that differ, got \['GATA1', 'GATA1'\]"),
        ([Motif.from_consensus("ACG")], ValueError, r"motifs must have names that differ, got \[''\]"),
    ],
)
def test_refused_motifs(motifs, error, message):
    with pytest.raises(error, match=f"^{message}$"):
        genomes.simulate(motifs)
