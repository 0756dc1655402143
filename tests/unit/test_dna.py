"""dna: round trips over random sequences, and every refusal by its message."""

import gzip
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import dna

letters = st.text("ACGTNacgtn", min_size=1, max_size=60)
batches = st.integers(1, 20).flatmap(
    lambda length: st.lists(st.text("ACGTN", min_size=length, max_size=length), min_size=1, max_size=5)
)
PARTNER = dict(zip("ACGTNacgtn", "TGCANtgcan", strict=True))


def slow_one_hot(sequence, alphabet="ACGT"):
    """The definition, letter by letter."""
    return [[float(letter.upper() == column) for column in alphabet] for letter in sequence]


# --- one_hot ---------------------------------------------------------------------------------------------------


@given(letters)
def test_one_hot_is_its_definition(sequence):
    assert dna.one_hot(sequence).tolist() == slow_one_hot(sequence)


@given(letters)
def test_decode_undoes_one_hot(sequence):
    assert dna.decode(dna.one_hot(sequence)) == sequence.upper()


@given(batches)
def test_a_batch_is_its_sequences_one_by_one(sequences):
    encoded = dna.one_hot(sequences)
    assert encoded.shape == (len(sequences), len(sequences[0]), 4)
    assert encoded.tolist() == [slow_one_hot(sequence) for sequence in sequences]
    assert dna.decode(encoded) == sequences


@given(letters)
def test_every_form_of_a_sequence_encodes_alike(sequence):
    expected = dna.one_hot(sequence).tolist()
    raw = sequence.encode()
    for form in (raw, bytearray(raw), np.array(list(sequence)), np.array(list(sequence), "S1")):
        assert dna.one_hot(form).tolist() == expected


def test_arrays_of_letters_and_of_words_are_batches():
    expected = dna.one_hot(["ACG", "TTN"])
    assert (dna.one_hot(np.array([list("ACG"), list("TTN")])) == expected).all()
    assert (dna.one_hot(np.array(["ACG", "TTN"])) == expected).all()
    assert (dna.one_hot(np.array(["ACG", "TTN"], object)) == expected).all()
    assert (dna.one_hot((b"ACG", b"TTN")) == expected).all()


def test_columns_are_in_the_order_of_the_alphabet():
    assert dna.one_hot("ACGT").tolist() == np.eye(4).tolist()
    assert dna.one_hot("TGCA", alphabet="TGCA").tolist() == np.eye(4).tolist()
    assert dna.one_hot("acgu", alphabet="ACGU").tolist() == np.eye(4).tolist()
    assert dna.one_hot("ACGT", alphabet="acgt").tolist() == np.eye(4).tolist()


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float16, np.float64, bool, "float32"])
def test_dtype_is_the_one_asked_for(dtype):
    encoded = dna.one_hot("ACGN", dtype=dtype)
    assert encoded.dtype == np.dtype(dtype)
    assert encoded.astype(int).sum(1).tolist() == [1, 1, 1, 0]


def test_default_dtype_is_float32():
    assert dna.one_hot("A").dtype == np.float32


def test_sequences_longer_than_a_block_are_encoded_across_its_ends():
    sequence = "".join(np.random.default_rng(0).choice(list("ACGTN"), dna._BLOCK + 3))
    encoded = dna.one_hot(sequence, dtype=np.uint8)
    assert dna.decode(encoded) == sequence
    assert encoded.sum(0).tolist() == [sequence.count(letter) for letter in "ACGT"]


@pytest.fixture
def two_bases_at_a_time(monkeypatch):
    """Run the path of long texts on short ones."""
    monkeypatch.setattr(dna, "_LONG", 0)
    monkeypatch.setattr(dna, "_BLOCK", 8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("length", [1, 2, 7, 8, 9, 16, 23])
@pytest.mark.usefixtures("two_bases_at_a_time")
def test_two_bases_at_a_time_encode_like_one(length, dtype):
    sequence = "ACGTNacgtnTTGCAANNGATTACAg"[:length]
    assert dna.one_hot(sequence, dtype=dtype).tolist() == slow_one_hot(sequence)
    assert dna.one_hot([sequence, sequence[::-1]], dtype=dtype)[1].tolist() == slow_one_hot(sequence[::-1])
    assert dna.one_hot(sequence, alphabet="TGCA").tolist() == slow_one_hot(sequence, "TGCA")


@pytest.mark.parametrize("position", [0, 1, 6, 7, 8, 13, 21, 22])
@pytest.mark.usefixtures("two_bases_at_a_time")
def test_two_bases_at_a_time_name_the_unknown_letter(position):
    sequence = "ACGTNACGTNACGTNACGTNACG"
    wrong = f"{sequence[:position]}X{sequence[position + 1 :]}"
    for form in (wrong, wrong.encode(), np.array(list(wrong)), np.frombuffer(wrong.encode(), np.uint8)):
        with pytest.raises(ValueError, match=rf"the sequence has 'X' at position {position} \(counting"):
            dna.one_hot(form)
    with pytest.raises(ValueError, match=rf"sequence 1 has 'X' at position {position} \(counting"):
        dna.one_hot([sequence, wrong])


def test_long_texts_really_take_two_bases_at_a_time(monkeypatch):
    steps = []
    table = dna._table
    monkeypatch.setattr(dna, "_table", lambda letters, kind, step: steps.append(step) or table(letters, kind, step))
    dna.one_hot("A" * dna._LONG, dtype=np.uint8)
    dna.one_hot("A" * (dna._LONG - 1), dtype=np.uint8)
    assert steps == [1, 2, 1]


@given(st.lists(letters, min_size=1, max_size=6))
def test_padding_fills_the_end_with_zeros(sequences):
    longest = max(map(len, sequences))
    filled = [sequence + "N" * (longest - len(sequence)) for sequence in sequences]
    for form in (sequences, [sequence.encode() for sequence in sequences], [bytearray(s.encode()) for s in sequences]):
        assert dna.one_hot(form, pad=True).tolist() == [slow_one_hot(sequence) for sequence in filled]


def test_many_short_sequences_are_joined_in_groups(monkeypatch):
    monkeypatch.setattr(dna, "_BLOCK", 7)
    sequences = ["ACG", "TTN", "GAT", "CCC", "AAA"]
    assert dna.decode(dna.one_hot(sequences)) == sequences
    with pytest.raises(ValueError, match="sequence 4 has 'X' at position 2 "):
        dna.one_hot([*sequences[:4], "AAX"])


def test_arrays_of_ascii_codes_are_letters():
    codes = np.frombuffer(b"ACGTNacg", np.uint8)
    assert dna.one_hot(codes).tolist() == slow_one_hot("ACGTNacg")
    assert dna.one_hot(codes[::2]).tolist() == slow_one_hot("AGNc")
    assert dna.one_hot(codes.reshape(2, 4)).tolist() == [slow_one_hot("ACGT"), slow_one_hot("Nacg")]
    assert dna.one_hot(codes.reshape(2, 4).T).tolist() == [slow_one_hot(pair) for pair in ("AN", "Ca", "Gc", "Tg")]


def test_arrays_of_the_other_byte_order():
    assert dna.one_hot(np.array(list("ACG")).astype(">U1")).tolist() == slow_one_hot("ACG")
    assert dna.one_hot(np.array(list("ACG")).astype("<U1")).tolist() == slow_one_hot("ACG")
    turned = dna.reverse_complement(np.array(list("ACG")).astype(">U1"))
    assert turned.tolist() == ["C", "G", "T"]


@pytest.mark.parametrize("kind", ["U1", "S1"])
@pytest.mark.parametrize(("wrong", "shown"), [("", "\\x00"), ("-", "-"), ("X", "X")])
def test_an_unknown_letter_of_an_array_is_named(kind, wrong, shown):
    with pytest.raises(ValueError, match="at position 1 ") as caught:
        dna.one_hot(np.array(["A", wrong, "C"], kind))
    assert f"'{shown}' at position 1 " in str(caught.value)
    with pytest.raises(ValueError, match="sequence 1 has 'X' at position 2 "):
        dna.one_hot(np.array([list("ACG"), list("ACX")], kind))


def test_a_letter_beyond_latin_1_in_an_array():
    with pytest.raises(ValueError, match="'Ω' at position 1 "):
        dna.one_hot(np.array(["A", "Ω"]))


def test_out_takes_an_array():
    out = np.full((2, 3, 4), 7, np.uint8)
    assert dna.one_hot(["ACG", "TTN"], dtype=np.uint8, out=out) is out
    assert (out == dna.one_hot(["ACG", "TTN"])).all()


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        (np.zeros((3, 4)), ValueError, r"out must be uint8 with shape \(3, 4\), got float64 with shape \(3, 4\)"),
        (np.zeros((4, 4), np.uint8), ValueError, r"got uint8 with shape \(4, 4\)"),
        (np.zeros((4, 3), np.uint8).T, ValueError, r"writable and in C order"),
        (np.frombuffer(bytes(12), np.uint8).reshape(3, 4), ValueError, r"writable and in C order"),
        (3, TypeError, "out must be a path or an array, got int"),
    ],
)
def test_out_must_fit(out, error, message):
    with pytest.raises(error, match=message):
        dna.one_hot("ACG", dtype=np.uint8, out=out)


@pytest.mark.parametrize("kind", [str, lambda path: path])
def test_out_takes_a_path_and_maps_the_file(tmp_path, kind):
    path = tmp_path / "genome.npy"
    mapped = dna.one_hot(["ACG", "TTN"], dtype=np.uint8, out=kind(path))
    assert isinstance(mapped, np.memmap)
    assert mapped.tolist() == dna.one_hot(["ACG", "TTN"]).tolist() == np.load(path).tolist()
    assert np.load(path).dtype == np.uint8
    mapped[0, 0, 3] = 9
    mapped.flush()
    assert np.load(path)[0, 0, 3] == 9
    assert [file.name for file in tmp_path.iterdir()] == ["genome.npy"]


def test_an_error_leaves_the_old_file_and_no_half_written_one(tmp_path):
    path = tmp_path / "genome.npy"
    np.save(path, np.arange(3))
    with pytest.raises(ValueError, match="'X' at position 2 "):
        dna.one_hot("ACX", out=path)
    assert np.load(path).tolist() == [0, 1, 2]
    assert [file.name for file in tmp_path.iterdir()] == ["genome.npy"]


@pytest.mark.parametrize("form", [str, str.encode, lambda text: np.frombuffer(text.encode(), np.uint8)])
def test_memory_is_input_plus_output(form):
    sequence = form("ACGTN" * 1_000_000)
    encoded = peak_of(lambda: dna.one_hot(sequence, dtype=np.uint8))
    assert encoded <= 1.15 * (5_000_000 + 20_000_000) - 5_000_000


def test_memory_of_a_batch_is_input_plus_output():
    sequences = ["ACGTN" * 500_000, "A" * 2_500_000]
    assert peak_of(lambda: dna.one_hot(sequences, dtype=np.uint8)) <= 1.15 * 25_000_000 - 5_000_000
    short = ["ACGTN" * 40] * 25_000
    assert peak_of(lambda: dna.one_hot(short, dtype=np.uint8)) <= 1.15 * 25_000_000 - 5_000_000


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("wrong", ["X", "-", " ", "U", "é", "Ω", "?", "\x00", "R"])
def test_an_unknown_letter_is_named_with_its_position(wrong):
    with pytest.raises(ValueError, match="position 3") as caught:
        dna.one_hot(f"ACG{wrong}ACGT")
    assert f"the sequence has {wrong!r} at position 3 (counting from 0)" in str(caught.value)


@pytest.mark.parametrize("form", [str, str.encode, lambda text: np.array(list(text))])
def test_issue_example_acgx(form):
    with pytest.raises(ValueError, match=r"'X' at position 3 \(counting from 0\); expected one of ACGT or N"):
        dna.one_hot(form("ACGX"))


def test_unknown_letter_in_a_batch_names_its_sequence():
    with pytest.raises(ValueError, match="sequence 2 has 'x' at position 1 "):
        dna.one_hot(["ACG", "ACG", "AxG"])


def test_unknown_letter_beyond_the_first_block_has_its_true_position():
    sequence = "A" * (dna._BLOCK + 5) + "X" + "A"
    with pytest.raises(ValueError, match=f"'X' at position {dna._BLOCK + 5} "):
        dna.one_hot(sequence)


def test_u_is_rna_only_and_t_is_dna_only():
    with pytest.raises(ValueError, match=r"'T' at position 0 .* expected one of ACGU"):
        dna.one_hot("T", alphabet="ACGU")


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("", ValueError, "sequence_or_sequences is empty"),
        (np.zeros(0, "U1"), ValueError, r"sequence_or_sequences is empty: shape \(0,\)"),
        (np.zeros((2, 0), "S1"), ValueError, r"is empty: shape \(2, 0\)"),
        (np.zeros((1, 1, 1), np.uint8), TypeError, r"got an array of uint8 with shape \(1, 1, 1\)"),
        ([], ValueError, "sequence_or_sequences is empty"),
        (["", ""], ValueError, "holds empty sequences"),
        (["ACG", "ACGT"], ValueError, "sequence 0 has 3 letters, sequence 1 has 4; pad=True"),
        (["ACG", b"ACG"], TypeError, "only str or only bytes, got bytes, str"),
        (["ACG", None], TypeError, "only str or only bytes, got NoneType, str"),
        (7, TypeError, "text or a list of texts, got int"),
        (np.zeros(3), TypeError, r"must hold text, got an array of float64 with shape \(3,\)"),
        (np.array([["AC", "GT"]]), TypeError, r"must hold text, got an array of <U2 with shape \(1, 2\)"),
    ],
)
def test_one_hot_refuses_what_is_no_sequence(value, error, message):
    with pytest.raises(error, match=message):
        dna.one_hot(value)


@pytest.mark.parametrize(
    ("alphabet", "error", "message"),
    [
        ("ACGA", ValueError, "each letter once, and not N, got 'ACGA'"),
        ("ACGa", ValueError, "each letter once, and not N, got 'ACGa'"),
        ("ACGN", ValueError, "each letter once, and not N, got 'ACGN'"),
        ("", ValueError, "letters from A to Z, got ''"),
        ("AC1T", ValueError, "letters from A to Z, got 'AC1T'"),
        (4, TypeError, "alphabet must be a string, got int"),
    ],
)
def test_bad_alphabets_are_refused(alphabet, error, message):
    for call in (
        lambda: dna.one_hot("A", alphabet=alphabet),
        lambda: dna.decode(np.eye(4), alphabet=alphabet),
        lambda: dna.reverse_complement("A", alphabet=alphabet),
        lambda: dna.kmers(1, alphabet=alphabet),
    ):
        with pytest.raises(error, match=message):
            call()


@pytest.mark.parametrize("dtype", [str, object, complex])
def test_one_hot_refuses_a_dtype_without_numbers(dtype):
    with pytest.raises(TypeError, match="dtype must be boolean, integer or floating"):
        dna.one_hot("A", dtype=dtype)


# --- decode ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("array", "message"),
    [
        ([[1, 0, 0, 0], [0.5, 0.5, 0, 0]], r"got \[0.5 0.5 0.  0. \] at position 1"),
        ([[1, 0, 0, 1]], "at position 0"),
        ([[2, 0, 0, 0]], "at position 0"),
        ([[np.nan, 0, 0, 0]], "at position 0"),
        ([[[1, 0, 0, 0]], [[1, 1, 0, 0]]], "at position 0 of sequence 1"),
        ([1, 0, 0, 0], r"must have shape \(length, 4\) or \(n, length, 4\), not empty, got \(4,\)"),
        ([[1, 0, 0]], r"got \(1, 3\)"),
        (np.zeros((0, 4)), r"got \(0, 4\)"),
    ],
)
def test_decode_refuses_what_is_not_one_hot(array, message):
    with pytest.raises(ValueError, match=message):
        dna.decode(array)


def test_decode_refuses_text():
    with pytest.raises(TypeError, match="one_hot must hold numbers"):
        dna.decode([["A", "C", "G", "T"]])


def test_decode_uses_the_alphabet():
    assert dna.decode(np.eye(4), alphabet="ACGU") == "ACGU"


# --- reverse_complement ----------------------------------------------------------------------------------------


@given(letters)
def test_reverse_complement_is_its_definition_and_its_own_inverse(sequence):
    turned = dna.reverse_complement(sequence)
    assert turned == "".join(PARTNER[letter] for letter in reversed(sequence))
    assert dna.reverse_complement(turned) == sequence


@given(letters)
def test_strings_and_arrays_turn_alike(sequence):
    encoded = dna.one_hot(sequence)
    assert dna.decode(dna.reverse_complement(encoded)) == dna.reverse_complement(sequence).upper()
    assert (dna.reverse_complement(dna.reverse_complement(encoded)) == encoded).all()


@given(batches)
def test_batches_turn_sequence_by_sequence(sequences):
    one_by_one = [dna.reverse_complement(sequence) for sequence in sequences]
    assert dna.reverse_complement(sequences) == one_by_one
    assert dna.decode(dna.reverse_complement(dna.one_hot(sequences))) == one_by_one


@pytest.mark.parametrize("alphabet", ["ACGT", "ATGC", "TGCA", "CATG"])
def test_arrays_in_any_order_of_columns(alphabet):
    encoded = dna.one_hot("AACCGTN", alphabet=alphabet)
    turned = dna.reverse_complement(encoded, alphabet=alphabet)
    assert dna.decode(turned, alphabet=alphabet) == "NACGGTT"


def test_the_usual_order_costs_no_copy():
    encoded = dna.one_hot("ACGGT")
    assert np.shares_memory(dna.reverse_complement(encoded), encoded)


def test_types_come_back_and_rna_pairs_with_u():
    assert dna.reverse_complement(b"AAC") == b"GTT"
    assert dna.reverse_complement("AUGn", alphabet="ACGU") == "nCAU"


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        ("ACGX", ValueError, "the sequence has 'X' at position 3 "),
        ("AUG", ValueError, "the sequence has 'U' at position 1 "),
        ("AΩG", ValueError, "the sequence has 'Ω' at position 1 "),
        (b"A-", ValueError, "the sequence has '-' at position 1 "),
        (["AC", "A?"], ValueError, r"sequence 1 has '\?' at position 1 "),
        ([7], TypeError, "seq_or_one_hot must be text, texts or an array, got int"),
        (np.zeros((3, 5)), ValueError, r"seq_or_one_hot must have shape .* got \(3, 5\)"),
    ],
)
def test_reverse_complement_refuses(value, error, message):
    with pytest.raises(error, match=message):
        dna.reverse_complement(value)


@given(batches)
def test_arrays_of_letters_turn_like_text(sequences):
    expected = dna.reverse_complement(sequences)
    for kind in ("U1", "S1"):
        array = np.array([list(sequence) for sequence in sequences], kind)
        turned = dna.reverse_complement(array)
        assert turned.dtype == array.dtype
        assert ["".join(row) for row in turned.astype("U1").tolist()] == expected
        assert "".join(dna.reverse_complement(array[0]).astype("U1")) == expected[0]
    codes = dna.reverse_complement(np.frombuffer(sequences[0].encode(), np.uint8))
    assert codes.dtype == np.uint8
    assert codes.tobytes().decode() == expected[0]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array(list("ACX")), "the sequence has 'X' at position 2 "),
        (np.array([list("ACG"), list("AXG")], "S1"), "sequence 1 has 'X' at position 1 "),
        (np.array(["AC", "GT"]), r"single letters, not empty, got <U2 with shape \(2,\)"),
        (np.zeros((2, 0), "U1"), r"single letters, not empty, got <U1 with shape \(2, 0\)"),
        (np.array("A"), r"got <U1 with shape \(\)"),
    ],
)
def test_reverse_complement_refuses_arrays(array, message):
    with pytest.raises(ValueError, match=message):
        dna.reverse_complement(array)


def test_reverse_complement_refuses_an_alphabet_without_pairs():
    with pytest.raises(ValueError, match="every letter with its complement, got 'ACG'"):
        dna.reverse_complement("A", alphabet="ACG")


# --- kmers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 5, 8])
def test_kmers_are_all_different_and_in_order(k):
    words = dna.kmers(k)
    assert len(words) == len(set(words)) == 4**k
    assert words == sorted(words)
    assert {len(word) for word in words} == {k}


def test_kmers_by_hand():
    assert dna.kmers(1, alphabet="TA") == ["T", "A"]
    assert dna.kmers(8)[27] == "AAAAACGT"  # 27 is 0123 in base 4


@pytest.mark.parametrize(
    ("k", "error", "message"),
    [
        (0, ValueError, "k must be at least 1, got 0"),
        (13, ValueError, "k must be at most 12, got 13"),
        (2.0, TypeError, "k must be a whole number, got float 2.0"),
    ],
)
def test_kmers_refuses(k, error, message):
    with pytest.raises(error, match=message):
        dna.kmers(k)


# --- read_fasta ------------------------------------------------------------------------------------------------

TWO = ">chr1 first of two\nACGT\nacgtN\n\n>chr2\r\nGG\r\nTT*-\n"


def test_fasta_plain_and_gzip(tmp_path):
    plain, packed = tmp_path / "two.fa", tmp_path / "two.fa.gz"
    plain.write_bytes(TWO.encode())
    packed.write_bytes(gzip.compress(TWO.encode()))
    expected = {"chr1": "ACGTacgtN", "chr2": "GGTT*-"}
    assert dict(dna.read_fasta(plain)) == expected
    assert dict(dna.read_fasta(str(packed))) == expected


def test_fasta_is_read_record_by_record(tmp_path):
    path = tmp_path / "late.fa"
    path.write_text(">good\nACGT\n>bad\nAC1T\n")
    records = dna.read_fasta(path)
    assert next(records) == ("good", "ACGT")
    with pytest.raises(ValueError, match=r"late\.fa, line 4: '1' is no sequence letter"):
        next(records)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "bad.fa is empty"),
        ("\n\n", "bad.fa holds no record"),
        ("ACGT\n>a\nAC\n", "bad.fa, line 1: expected a header that starts with '>', got 'ACGT'"),
        (">a\nAC\n> \nAC\n", "bad.fa, line 3: the header has no name"),
        (">a\n>b\nAC\n", "bad.fa, line 2: record 'a' has no sequence"),
        (">a\nAC\n>b\n", "bad.fa, end of file: record 'b' has no sequence"),
        (">a\nAC\n>a\nAC\n", "bad.fa, line 3: the name 'a' appears twice"),
        (">a\nAC GT\n", "bad.fa, line 2: ' ' is no sequence letter"),
        (">a\nACé\n", "bad.fa, line 2: 'é' is no sequence letter"),
    ],
)
def test_malformed_fasta_is_named_by_line(tmp_path, text, message):
    path = tmp_path / "bad.fa"
    path.write_bytes(text.encode())
    with pytest.raises(ValueError, match=message):
        list(dna.read_fasta(path))


def test_damaged_gzip_is_named(tmp_path):
    whole = gzip.compress(b">a\n" + b"ACGTTGCA\n" * 5000)
    for damaged in (whole[:-20], whole[:60] + bytes(20) + whole[80:], whole[:-4] + b"abcd"):
        path = tmp_path / "bad.fa.gz"
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"bad\.fa\.gz, after line \d+: damaged gzip compression"):
            list(dna.read_fasta(path))


def test_missing_fasta(tmp_path):
    with pytest.raises(FileNotFoundError):
        dna.read_fasta(tmp_path / "none.fa")


@pytest.mark.parametrize("compress", [False, True])
def test_headers_in_another_encoding_do_not_stop_the_reading(tmp_path, compress):
    content = b">chr1 caf\xe9\nACGT\n"
    path = tmp_path / ("x.fa.gz" if compress else "x.fa")
    path.write_bytes(gzip.compress(content) if compress else content)
    assert list(dna.read_fasta(path)) == [("chr1", "ACGT")]


@pytest.mark.parametrize("compress", [False, True])
def test_a_letter_in_another_encoding_is_refused_with_its_line(tmp_path, compress):
    content = b">chr1\nAC\xe9GT\n"
    path = tmp_path / ("x.fa.gz" if compress else "x.fa")
    path.write_bytes(gzip.compress(content) if compress else content)
    with pytest.raises(ValueError, match="line 2"):
        list(dna.read_fasta(path))


def test_a_chromosome_in_one_line_is_read_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr(dna, "_LONGEST_LINE", 8)
    path = tmp_path / "long.fa"
    path.write_text(">chr1 a long description\nACGTACGTAACC  \n  GGTTGGTTGG\n>chr2\nACGTACGT\nNN")
    assert dict(dna.read_fasta(path)) == {"chr1": "ACGTACGTAACCGGTTGGTTGG", "chr2": "ACGTACGTNN"}
    path.write_text(">chr1\nACGTACGTACGTACGT\nACGTACGTACG1\n")
    with pytest.raises(ValueError, match=r"long\.fa, line 3: '1' is no sequence letter"):
        dict(dna.read_fasta(path))
    path.write_text(">chr1\nACGTACG TACGT\n")
    with pytest.raises(ValueError, match=r"long\.fa, line 2: ' ' is no sequence letter"):
        dict(dna.read_fasta(path))
