"""cnn against the NumPy layers of backprop, against weights set by hand, and under reversal of the strand."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from course_lib import backprop, cnn, dna, mlp

MODELS = {
    "motif": lambda **o: cnn.MotifCNN(6, 5, **o),
    "motif without composition": lambda **o: cnn.MotifCNN(6, 5, composition=False, **o),
    "same length": lambda **o: cnn.SameLengthCNN((5, 3), (7, 1, 5), **o),
    "lecture": lambda **o: cnn.LectureCNN(40, 4, 7, 3, **o),
}


def sequences(n=6, length=40, seed=0):
    letters = np.random.default_rng(seed).choice(list("ACGT"), size=(n, length))
    return ["".join(row) for row in letters]


def encode(texts):
    return torch.tensor(dna.one_hot(texts, dtype=np.float64).transpose(0, 2, 1).copy())


def numpy(tensor):
    return tensor.detach().numpy()


def copy_of(conv):
    """The NumPy layer with the weights of a torch convolution."""
    filters, channels, width = conv.weight.shape
    layer = backprop.Conv1d(channels, filters, width, np.random.default_rng(0))
    layer.parameters = {"weight": numpy(conv.weight), "bias": numpy(conv.bias)}
    return layer


def dense(head, X):
    return X @ numpy(head.weight).T + numpy(head.bias)


# --- what the networks compute ---------------------------------------------------------------------------------


@pytest.mark.parametrize("composition", [True, False])
@pytest.mark.parametrize("outputs", [1, 3])
def test_motif_cnn_equals_numpy(composition, outputs):
    model = cnn.MotifCNN(6, 5, outputs=outputs, composition=composition, seed=1).double()
    x = encode(sequences())
    features = np.maximum(copy_of(model.conv).forward(numpy(x)), 0).max(2)
    if composition:
        features = np.hstack([features, numpy(x).mean(2)])
    expected = dense(model.head, features)
    np.testing.assert_allclose(numpy(model(x)), expected[:, 0] if outputs == 1 else expected, rtol=1e-10)


@pytest.mark.parametrize("outputs", [1, 2])
def test_lecture_cnn_equals_numpy(outputs):
    model = cnn.LectureCNN(outputs=outputs, seed=1).double()
    x = encode(sequences(length=150))
    net = backprop.Sequential(copy_of(model.conv), backprop.ReLU(), backprop.MaxPool1d(5), backprop.Flatten())
    expected = dense(model.head, net.forward(numpy(x)))
    np.testing.assert_allclose(numpy(model(x)), expected[:, 0] if outputs == 1 else expected, rtol=1e-10)


@pytest.mark.parametrize("outputs", [1, 2])
def test_same_length_cnn_equals_numpy(outputs):
    model = cnn.SameLengthCNN((5, 3), (7, 1, 5), outputs=outputs, seed=1).double()
    x = encode(sequences())
    y = numpy(x)
    for number, layer in enumerate(model.children()):
        half = layer.kernel_size[0] // 2
        y = copy_of(layer).forward(np.pad(y if number == 0 else np.maximum(y, 0), ((0, 0), (0, 0), (half, half))))
    np.testing.assert_allclose(numpy(model(x)), y[:, 0] if outputs == 1 else y, rtol=1e-10)


def test_two_filters_set_by_hand_solve_the_dna_scoring_task():
    """TAT +10 and GCG -10 anywhere, and the mean of a value for each base: the task of notebook 02, exactly."""
    model = cnn.MotifCNN(2, 3).double()
    with torch.no_grad():
        for number, motif in enumerate(["TAT", "GCG"]):
            model.conv.weight[number] = encode([motif])[0]
        model.conv.bias.fill_(-2)
        model.head.weight.copy_(torch.tensor([[10.0, -10, 20, 17, 14, 11]]))
        model.head.bias.zero_()
    texts = ["TATTATAA", "GCGCGCGC", "TATGCGAA", "ACGTACGT"]
    mean = np.array([np.mean([{"A": 20, "C": 17, "G": 14, "T": 11}[b] for b in text]) for text in texts])
    np.testing.assert_allclose(numpy(model(encode(texts))), mean + np.array([10, -10, 0, 0]))


def test_a_motif_counts_once_wherever_it_stands():
    model = cnn.MotifCNN(6, 3, composition=False, seed=0)
    texts = ["A" * i + "TGC" + "A" * (12 - i) for i in range(3, 10)] + ["AAATGCAAATGCAAA"]
    scores = model(encode(texts).float())
    torch.testing.assert_close(scores, scores[:1].expand(8))
    assert not torch.isclose(model(encode(["A" * 15]).float()), scores[:1])


def test_a_score_depends_on_the_bases_that_the_docstring_says():
    model = cnn.SameLengthCNN((4, 4), (5, 3, 7), seed=0).double()
    x = encode(["A" * 41]).requires_grad_()
    model(x)[0, 20].backward()
    seen = x.grad.abs().sum((0, 1)).nonzero().flatten()
    assert (seen.min().item(), seen.max().item()) == (20 - 6, 20 + 6)
    assert 2 * 6 == 5 + 3 + 7 - 3


# --- parameters ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("both_strands", [False, True])
@pytest.mark.parametrize(
    ("make", "options", "count"),
    [
        (cnn.MotifCNN, {}, 453),
        (cnn.MotifCNN, {"n_filters": 16, "width": 19, "composition": False}, 1249),
        (cnn.MotifCNN, {"n_filters": 5, "width": 7, "outputs": 3}, 5 * 29 + 3 * 10),
        (cnn.SameLengthCNN, {}, 5849),
        (cnn.SameLengthCNN, {"n_filters": [3], "widths": [5, 7], "outputs": 2}, 3 * 21 + 2 * 22),
        (cnn.LectureCNN, {}, 881),
        (cnn.LectureCNN, {"outputs": 4}, 610 + 4 * 271),
        (cnn.LectureCNN, {"length": 152, "pool": 6}, 610 + 10 * 23 + 1),
    ],
)
def test_parameter_counts_are_the_stated_ones_on_one_strand_and_on_both(make, options, count, both_strands):
    assert mlp.count_parameters(make(**options, both_strands=both_strands)) == count


# --- both strands ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["motif", "motif without composition"])
@pytest.mark.parametrize("both_strands", [True, False])
def test_a_sequence_and_its_reverse_complement_score_the_same_on_both_strands_only(name, both_strands):
    model = MODELS[name](both_strands=both_strands, seed=0).double()
    texts = sequences()
    forward, backward = model(encode(texts)), model(encode(dna.reverse_complement(texts)))
    assert torch.allclose(forward, backward) is both_strands


@pytest.mark.parametrize("both_strands", [True, False])
def test_scores_of_the_reverse_complement_are_the_scores_in_reverse(both_strands):
    model = MODELS["same length"](both_strands=both_strands, seed=0).double()
    texts = sequences()
    forward, backward = model(encode(texts)), model(encode(dna.reverse_complement(texts)))
    assert torch.allclose(forward, backward.flip(1)) is both_strands


def test_the_lecture_net_scans_both_strands_but_its_blocks_keep_their_place():
    model = MODELS["lecture"](both_strands=True, seed=0).double()
    texts = sequences()
    scans = [model.conv(encode(t)) for t in (texts, dna.reverse_complement(texts))]
    assert torch.allclose(scans[0], scans[1].flip(2))
    assert not torch.allclose(model(encode(texts)), model(encode(dna.reverse_complement(texts))))


def test_the_layer_keeps_the_higher_of_the_two_strands():
    layer = cnn.BothStrandsConv1d(4, 3, 5).double()
    texts = sequences()
    one = functional.conv1d(encode(texts), layer.weight, layer.bias)
    reverse = torch.tensor(dna.reverse_complement(numpy(layer.weight).transpose(0, 2, 1)).transpose(0, 2, 1).copy())
    other = functional.conv1d(encode(texts), reverse, layer.bias)
    torch.testing.assert_close(layer(encode(texts)), torch.maximum(one, other))
    assert (one > other).any()
    assert (one < other).any()


def test_deeper_layers_turn_the_direction_alone():
    layer = cnn.BothStrandsConv1d(2, 3, 5, dna=False).double()
    x = torch.randn(2, 2, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(layer(x.flip(2)), layer(x).flip(2))
    one, other = (functional.conv1d(x, w, layer.bias) for w in (layer.weight, layer.weight.flip(2)))
    torch.testing.assert_close(layer(x), torch.maximum(one, other))


# --- seeds and filters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_seed_gives_the_weights_and_leaves_the_global_generator_alone(name):
    before = torch.get_rng_state()
    first, again, other = (nn.utils.parameters_to_vector(MODELS[name](seed=seed).parameters()) for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


@pytest.mark.parametrize("name", MODELS)
def test_filters_are_the_first_weights_with_columns_acgt(name):
    model = MODELS[name](seed=0)
    found = cnn.filters(model)
    first = next(model.children())
    assert found.shape == (first.out_channels, first.kernel_size[0], 4)
    assert found.dtype == np.float64
    assert found[2, 3].tolist() == first.weight[2, :, 3].tolist()


def test_a_filter_that_is_a_motif_finds_it():
    model = cnn.MotifCNN(1, 3)
    with torch.no_grad():
        model.conv.weight[0] = encode(["GAT"])[0].float()
    assert dna.decode(cnn.filters(model)[0]) == "GAT"


# --- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: cnn.MotifCNN(0), ValueError, "n_filters must be at least 1, got 0"),
        (lambda: cnn.MotifCNN(4, 2.5), TypeError, "width must be a whole number, got float 2.5"),
        (lambda: cnn.MotifCNN(outputs=0), ValueError, "outputs must be at least 1, got 0"),
        (lambda: cnn.MotifCNN(seed=-1), ValueError, "seed must be at least 0, got -1"),
        (lambda: cnn.SameLengthCNN((4,), (3,)), ValueError, r"widths must be 2 numbers, .* got \(3,\)"),
        (lambda: cnn.SameLengthCNN((4,), (3, 4)), ValueError, "widths must be odd, got 4"),
        (lambda: cnn.SameLengthCNN((4,), (3, 0)), ValueError, "widths must be at least 1, got 0"),
        (lambda: cnn.SameLengthCNN((0,), (3, 3)), ValueError, "n_filters must be at least 1, got 0"),
        (lambda: cnn.SameLengthCNN(outputs=0), ValueError, "outputs must be at least 1, got 0"),
        (lambda: cnn.LectureCNN(18), ValueError, "length must be at least 19, got 18"),
        (lambda: cnn.LectureCNN(n_filters=0), ValueError, "n_filters must be at least 1, got 0"),
        (lambda: cnn.LectureCNN(width=0), ValueError, "width must be at least 1, got 0"),
        (lambda: cnn.LectureCNN(pool=0), ValueError, "pool must be at least 1, got 0"),
        (lambda: cnn.LectureCNN(outputs=0), ValueError, "outputs must be at least 1, got 0"),
        (lambda: cnn.BothStrandsConv1d(5, 2, 3), ValueError, "in_channels must be 4 for DNA, got 5"),
        (lambda: cnn.BothStrandsConv1d(4, 2, 4, padding="same"), ValueError, "kernel_size must be odd .* got 4"),
        (lambda: cnn.BothStrandsConv1d(4, 2, 0), ValueError, "kernel_size must be at least 1, got 0"),
        (lambda: cnn.BothStrandsConv1d(4, 0, 3), ValueError, "out_channels must be at least 1, got 0"),
        (lambda: cnn.filters(nn.Linear(4, 2)), ValueError, "a convolution over 4 channels, got Linear without one"),
        (lambda: cnn.filters(nn.Conv1d(3, 2, 2)), ValueError, "a convolution over 4 channels, got Conv1d without"),
    ],
)
def test_bad_arguments_are_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("name", MODELS)
def test_inputs_of_another_shape_are_refused(name):
    model = MODELS[name]()
    with pytest.raises(ValueError, match=r"\(n, 4, length\), got \(3, 40, 4\); swap the last two axes"):
        model(torch.zeros(3, 40, 4))
    with pytest.raises(ValueError, match=r"\(n, 4, length\), got \(4, 40\)$"):
        model(torch.zeros(4, 40))
    with pytest.raises(ValueError, match=r"\(n, 4, length\), got \(3, 5, 40\)$"):
        model(torch.zeros(3, 5, 40))


def test_sequences_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"x must have a length of at least 3, got shape \(1, 4, 2\)"):
        cnn.MotifCNN()(torch.zeros(1, 4, 2))
    with pytest.raises(ValueError, match=r"x must have length 150, got shape \(1, 4, 151\)"):
        cnn.LectureCNN()(torch.zeros(1, 4, 151))
    with pytest.raises(ValueError, match=r"x must have a length of at least 150, got shape \(1, 4, 100\)"):
        cnn.LectureCNN()(torch.zeros(1, 4, 100))
    assert cnn.MotifCNN()(torch.zeros(1, 4, 3)).shape == (1,)
    assert cnn.LectureCNN(19)(torch.zeros(1, 4, 19)).shape == (1,)
