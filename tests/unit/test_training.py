"""training against the bare PyTorch loop, and its promises about seeds, stopping and divergence."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from course_lib import datasets, training
from course_lib.mlp import MLP

MSE = nn.MSELoss()
CUBE = datasets.cubic(60, noise=0.1, seed=0)
DATA = (CUBE.X, CUBE.y)
HELD_OUT = (datasets.cubic(30, noise=0.1, seed=1).X, datasets.cubic(30, noise=0.1, seed=1).y)


def sgd(lr=0.01, **options):
    return lambda parameters: torch.optim.SGD(parameters, lr=lr, **options)


def small(seed=0):
    return MLP(1, 8, 1, seed=seed)


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def fit(model, train=DATA, validation=None, **options):
    return training.fit(model, train, validation, **({"loss_fn": MSE, "optimizer": sgd(), "epochs": 20} | options))


@pytest.fixture
def _keep_torch_state():
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    strict = torch.are_deterministic_algorithms_enabled()
    yield
    torch.set_rng_state(state)
    torch.use_deterministic_algorithms(strict)
    torch.set_num_threads(threads)


# --- the loop --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [sgd(0.01), sgd(0.01, momentum=0.9), torch.optim.Adam, torch.optim.AdamW])
def test_full_batch_equals_the_bare_loop(make):
    model, bare = small(), small()
    history = fit(model, optimizer=make, epochs=30)
    optimizer, curve = make(bare.parameters()), []
    X, y = (torch.tensor(array, dtype=torch.float32) for array in DATA)
    for _ in range(30):
        optimizer.zero_grad()
        loss = MSE(bare(X), y)
        curve.append(loss.item())
        loss.backward()
        optimizer.step()
    assert torch.equal(weights(model), weights(bare))
    assert history.train_loss.tolist() == curve


def test_mini_batches_equal_a_bare_loop_in_the_same_order():
    model, bare = small(), small()
    history = fit(model, batch_size=25, epochs=3, seed=7)
    X, y = (torch.tensor(array, dtype=torch.float32) for array in DATA)
    generator, optimizer, curve = torch.Generator().manual_seed(7), sgd()(bare.parameters()), []
    for _ in range(3):
        losses = []
        for rows in torch.randperm(60, generator=generator).split(25):
            optimizer.zero_grad()
            loss = MSE(bare(X[rows]), y[rows])
            losses.append(loss.item() * len(rows))
            loss.backward()
            optimizer.step()
        curve.append(sum(losses) / 60)
    assert torch.equal(weights(model), weights(bare))
    assert history.train_loss == pytest.approx(curve, rel=1e-12)


def test_a_linear_model_reaches_the_least_squares_line():
    data = datasets.line(100, seed=2)
    model = MLP(1, [], 1, seed=0).double()
    fit(model, (data.X, data.y), optimizer=sgd(0.3), epochs=300)
    slope, intercept = np.polyfit(data.x, data.y, 1)
    assert model.fc1.weight.item() == pytest.approx(slope, rel=1e-9)
    assert model.fc1.bias.item() == pytest.approx(intercept, rel=1e-9)


def test_lbfgs_solves_a_linear_model_in_a_few_steps_and_equals_its_bare_loop():
    data = datasets.line(100, seed=2)
    model, bare = (MLP(1, [], 1, seed=0).double() for _ in range(2))
    options = {"line_search_fn": "strong_wolfe", "tolerance_grad": 1e-12, "tolerance_change": 1e-14}
    fit(model, (data.X, data.y), optimizer=lambda p: torch.optim.LBFGS(p, **options), epochs=3)
    optimizer = torch.optim.LBFGS(bare.parameters(), **options)
    X, y = torch.tensor(data.X), torch.tensor(data.y)

    def closure():
        optimizer.zero_grad()
        loss = MSE(bare(X), y)
        loss.backward()
        return loss

    for _ in range(3):
        optimizer.step(closure)
    assert torch.equal(weights(model), weights(bare))
    assert model.fc1.weight.item() == pytest.approx(np.polyfit(data.x, data.y, 1)[0], rel=1e-9)


def test_an_optimizer_may_come_ready_made():
    model, other = small(), small()
    fit(model, optimizer=torch.optim.SGD(model.parameters(), lr=0.01))
    fit(other)
    assert torch.equal(weights(model), weights(other))


def test_class_labels_stay_whole_numbers():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 2))
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0)
    model = MLP(2, 16, 3, seed=0)
    history = fit(model, (X, y), loss_fn=nn.CrossEntropyLoss(), optimizer=sgd(0.5), epochs=200)
    assert history.train_loss[0] > 0.9
    assert (training.predict(model, X).argmax(1) == y).mean() > 0.95


def test_history_has_one_loss_an_epoch_and_the_validation_loss_of_the_final_weights():
    model = small()
    history = fit(model, DATA, HELD_OUT, epochs=12)
    assert history.train_loss.shape == history.validation_loss.shape == (12,)
    assert history.validation_loss[-1] == training.evaluate(model, HELD_OUT, MSE)
    assert history.best_epoch == history.validation_loss.argmin()
    assert history.seconds > 0
    assert not history.stopped_early
    assert not history.diverged


def test_without_validation_the_best_epoch_is_that_of_the_training_loss():
    history = fit(small(), epochs=12)
    assert history.validation_loss.shape == (0,)
    assert history.best_epoch == 11


def test_validation_in_batches_is_the_same_mean():
    whole = fit(small(), DATA, HELD_OUT, epochs=1).validation_loss
    model = small()
    fit(model, epochs=1)
    assert training.evaluate(model, HELD_OUT, MSE, batch_size=7) == pytest.approx(whole[0], rel=1e-6)


# --- seeds and threads -----------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_order():
    models = [small() for _ in range(5)]
    for model, seed in zip(models, (1, 1, 2, 0), strict=False):
        fit(model, batch_size=10, seed=seed)
    fit(models[4], batch_size=10)
    assert torch.equal(weights(models[3]), weights(models[4]))
    assert torch.equal(weights(models[0]), weights(models[1]))
    assert not torch.equal(weights(models[0]), weights(models[2]))


def test_dropout_follows_the_seed_and_the_global_generator_is_left_alone():
    def run(seed):
        torch.manual_seed(random.randrange(10**6))
        model = nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.5), nn.Linear(8, 1), nn.Flatten(0))
        model.load_state_dict(start)
        before = torch.get_rng_state()
        fit(model, seed=seed, epochs=3)
        assert torch.equal(torch.get_rng_state(), before)
        return weights(model)

    start = nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.5), nn.Linear(8, 1)).state_dict()
    assert torch.equal(run(1), run(1))
    assert not torch.equal(run(1), run(2))


@pytest.mark.usefixtures("_keep_torch_state")
def test_threads_change_nothing_beyond_rounding():
    found = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        model = MLP(1, 256, 1, seed=0)
        data = datasets.cubic(2000, seed=0)
        fit(model, (data.X, data.y), epochs=20)
        found.append(weights(model))
    torch.testing.assert_close(*found, rtol=0, atol=1e-6)


@pytest.mark.usefixtures("_keep_torch_state")
def test_set_seed_reaches_every_generator():
    def draw():
        return random.random(), np.random.random(), torch.rand(1).item()  # noqa: NPY002

    training.set_seed(3)
    first = draw()
    training.set_seed(3)
    again = draw()
    training.set_seed(4)
    other = draw()
    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))
    assert torch.are_deterministic_algorithms_enabled()


# --- early stopping --------------------------------------------------------------------------------------------


class Scripted(nn.Module):
    """A model whose loss in epoch t is script[t]: its single weight counts the updates."""

    def __init__(self, script):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        self.script = script

    def forward(self, x):
        loss = self.script[round(self.weight.item()) - (not self.training)]
        return 0 * x + loss - self.weight + self.weight.detach()  # the gradient is -1: an update adds 1


def scripted(script, **rule):
    model = Scripted(script).double()
    history = training.fit(
        model,
        (np.zeros(1), np.zeros(1)),
        (np.zeros(1), np.zeros(1)),
        loss_fn=lambda y_hat, y: (y_hat - y).sum(),
        optimizer=sgd(1.0),
        epochs=len(script),
        early_stopping=training.EarlyStopping(**rule),
    )
    return history, round(model.weight.item())


def test_early_stopping_waits_its_patience_and_restores_the_best_weights():
    history, updates = scripted([5.0, 3.0, 4.0, 2.0, 3.0, 4.0, 1.0, 0.0], patience=2)
    assert history.validation_loss.tolist() == [5.0, 3.0, 4.0, 2.0, 3.0, 4.0]
    assert history.stopped_early
    assert history.best_epoch == 3
    assert updates == 4  # the weights after the fourth update


def test_early_stopping_restores_the_best_weights_also_at_the_end_of_the_epochs():
    history, updates = scripted([5.0, 3.0, 4.0], patience=2)
    assert not history.stopped_early
    assert history.best_epoch == 1
    assert updates == 2


def test_of_equal_losses_the_first_is_the_best():
    history, updates = scripted([5.0, 3.0, 3.0], patience=2)
    assert history.best_epoch == 1
    assert updates == 2


def test_gains_below_min_delta_do_not_reset_the_patience_but_count_as_best():
    history, updates = scripted([5.0, 4.9, 4.8, 4.7], patience=2, min_delta=0.5)
    assert history.validation_loss.tolist() == [5.0, 4.9, 4.8]
    assert history.stopped_early
    assert history.best_epoch == 2
    assert updates == 3


def test_slow_gains_add_up_to_min_delta():
    history, _ = scripted([5.0, 4.7, 4.4, 4.1, 3.8], patience=2, min_delta=0.5)
    assert not history.stopped_early


# --- divergence ------------------------------------------------------------------------------------------------


def test_divergence_is_reported_and_the_losses_stay_finite():
    model = small()
    history = fit(model, optimizer=sgd(1e3), epochs=200)
    assert history.diverged
    assert 0 < len(history.train_loss) < 200
    assert np.isfinite(history.train_loss).all()
    assert history.best_epoch is not None


def test_a_loss_that_is_not_finite_at_once_leaves_the_weights_alone():
    model = small()
    before = weights(model)
    history = fit(model, loss_fn=lambda y_hat, y: (y_hat - y).mean() / 0)
    assert history.diverged
    assert history.best_epoch is None
    assert len(history.train_loss) == 0
    assert torch.equal(weights(model), before)


def test_divergence_with_early_stopping_goes_back_to_the_best_weights():
    model = small()
    history = fit(model, DATA, HELD_OUT, optimizer=sgd(1e3), epochs=200, early_stopping=training.EarlyStopping(200))
    assert history.diverged
    assert len(history.train_loss) == len(history.validation_loss)
    assert training.evaluate(model, HELD_OUT, MSE) == history.validation_loss.min()


def test_a_validation_loss_that_is_not_finite_is_divergence():
    model = Scripted([1.0, 0.5, float("inf"), 0.1])
    data = (np.zeros(1), np.zeros(1))
    history = training.fit(model, data, data, loss_fn=lambda y_hat, y: (y_hat - y).sum(), optimizer=sgd(1.0), epochs=4)
    assert history.diverged
    assert history.validation_loss.tolist() == [1.0, 0.5]


# --- options ---------------------------------------------------------------------------------------------------


def test_clip_norm_bounds_the_step():
    model = small()
    before = weights(model)
    fit(model, optimizer=sgd(1.0), epochs=1, clip_norm=0.01)
    assert (weights(model) - before).norm().item() == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize("ready_made", [True, False])
def test_scheduler_steps_once_an_epoch(ready_made):
    model = small()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)

    def make(opt):
        return torch.optim.lr_scheduler.StepLR(opt, step_size=2, gamma=0.1)

    fit(model, optimizer=optimizer, epochs=4, batch_size=10, scheduler=make(optimizer) if ready_made else make)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.0001)


def test_plateau_scheduler_sees_the_validation_loss():
    model = small()
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-12)

    def plateau(opt):
        return torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=1, threshold=0.1)

    fit(model, DATA, HELD_OUT, optimizer=optimizer, epochs=4, scheduler=plateau)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(1e-13)


def test_progress_shows_a_bar_with_the_losses_and_otherwise_nothing(capsys):
    history = fit(small(), DATA, HELD_OUT, epochs=20, progress=True)
    out, bar = capsys.readouterr()
    last = bar.split("\r")[-1]
    assert out == ""
    assert "100%" in last
    assert "20/20" in last
    assert f"train {history.train_loss[-1]:.6g}  validation {history.validation_loss[-1]:.6g}" in last
    fit(small(), epochs=3, progress=True)
    assert "validation" not in capsys.readouterr().err
    fit(small(), epochs=3)
    assert capsys.readouterr() == ("", "")


def test_progress_of_a_run_that_ends_early_stops_there(capsys):
    fit(small(), optimizer=sgd(1e3), epochs=200, progress=True)
    last = capsys.readouterr().err.split("\r")[-1]
    assert "100%" not in last


def test_fit_leaves_the_model_in_evaluation_mode_and_trains_it_in_training_mode():
    seen = []
    model = small()
    model.register_forward_hook(lambda module, inputs, output: seen.append(module.training))
    fit(model, DATA, HELD_OUT, epochs=2)
    assert seen == [True, False, True, False]
    assert not model.training


# --- checkpoints -----------------------------------------------------------------------------------------------


def network(seed=0):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(
            nn.Linear(1, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Dropout(0.3), nn.Linear(8, 1), nn.Flatten(0)
        )


def cosine(optimizer):
    return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 12)


def plateau(optimizer):
    return torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)


def lbfgs(parameters):
    return torch.optim.LBFGS(parameters, max_iter=3)


class Power(RuntimeError):
    """The power fails."""


def fails_at(call):
    """A loss that raises at its call of that number."""
    calls = iter(range(1, 10**9))

    def loss(y_hat, y):
        if next(calls) == call:
            raise Power
        return MSE(y_hat, y)

    return loss


RECIPES = {
    "sgd with momentum": {"optimizer": sgd(0.01, momentum=0.9), "batch_size": 16},
    "adam, cosine": {"optimizer": torch.optim.Adam, "batch_size": 16, "scheduler": cosine},
    "lbfgs": {"optimizer": lbfgs},
    "early stopping, plateau": {
        "optimizer": sgd(0.2),
        "batch_size": 16,
        "scheduler": plateau,
        "early_stopping": training.EarlyStopping(3),
        "clip_norm": 0.5,
    },
}


def assert_same_run(one, other):
    (model, history), (model2, history2) = one, other
    for name, value in model.state_dict().items():
        assert torch.equal(value, model2.state_dict()[name]), name
    for name in ("train_loss", "validation_loss", "best_epoch", "stopped_early", "diverged"):
        np.testing.assert_array_equal(getattr(history, name), getattr(history2, name))


@pytest.mark.parametrize("every", [1, 3])
@pytest.mark.parametrize("name", RECIPES)
def test_a_run_that_is_cut_off_and_resumed_ends_with_the_same_bits(tmp_path, name, every):
    options = RECIPES[name] | {"epochs": 12, "seed": 5}
    straight = network()
    expected = straight, fit(straight, DATA, HELD_OUT, **options)
    assert expected[1].stopped_early is ("early_stopping" in options)
    file = tmp_path / "run.pt"
    stored = options | {"checkpoint": file, "checkpoint_every": every}
    with pytest.raises(Power):
        fit(network(), DATA, HELD_OUT, loss_fn=fails_at(30), **stored)
    assert file.exists()
    resumed = network(seed=99)  # other initial weights: those of the checkpoint count
    done = fails_at(0)
    assert_same_run((resumed, fit(resumed, DATA, HELD_OUT, loss_fn=done, **stored)), expected)
    again = network(seed=98)
    assert_same_run((again, fit(again, DATA, HELD_OUT, loss_fn=fails_at(1), **stored)), expected)
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]


def test_resuming_does_not_train_finished_epochs_again(tmp_path):
    file = tmp_path / "run.pt"
    calls = []

    def loss(y_hat, y):
        calls.append(1)
        return MSE(y_hat, y)

    fit(small(), loss_fn=loss, epochs=4, checkpoint=file)
    first = len(calls)
    model, straight = small(seed=1), small()
    history = fit(model, loss_fn=loss, epochs=10, checkpoint=str(file))
    assert (first, len(calls)) == (4, 10)
    assert_same_run((model, history), (straight, fit(straight, epochs=10)))


def test_seconds_of_a_resumed_run_count_its_parts(tmp_path):
    file = tmp_path / "run.pt"
    first = fit(small(), epochs=200, checkpoint=file, checkpoint_every=200).seconds
    assert fit(small(), epochs=201, checkpoint=file).seconds > 0.5 * first


def test_progress_of_a_resumed_run_starts_where_it_was(tmp_path, capsys):
    file = tmp_path / "run.pt"
    fit(small(), epochs=4, checkpoint=file)
    fit(small(), epochs=8, checkpoint=file, progress=True)
    assert "8/8" in capsys.readouterr().err


def test_a_diverged_epoch_is_not_stored(tmp_path):
    file = tmp_path / "run.pt"
    history = fit(small(), optimizer=sgd(1e3), epochs=200, checkpoint=file)
    assert history.diverged
    stored = torch.load(file, weights_only=True)
    assert stored["log"]["train"] == history.train_loss.tolist()


def test_checkpoint_every_writes_that_often_and_at_the_end(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr(training._checkpoints, "write", lambda path, state: written.append(len(state["log"]["train"])))
    fit(small(), epochs=8, checkpoint=tmp_path / "run.pt", checkpoint_every=3)
    assert written == [3, 6, 8]


def test_a_failed_write_leaves_the_last_checkpoint_and_no_rest(tmp_path, monkeypatch):
    file = tmp_path / "run.pt"
    fit(small(), epochs=2, checkpoint=file)
    before = file.read_bytes()

    def broken(state, target):
        target.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(torch, "save", broken)
    with pytest.raises(OSError, match="disk full"):
        fit(small(), epochs=4, checkpoint=file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run.pt"]


class Trap:
    """Unpickling it makes a folder."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_a_checkpoint_cannot_run_code(tmp_path):
    file, folder = tmp_path / "run.pt", tmp_path / "trapped"
    torch.save({"settings": Trap(folder)}, file)
    with pytest.raises(ValueError, match=r"checkpoint .*run.pt cannot be read: Weights only load failed"):
        fit(small(), checkpoint=file)
    assert not folder.exists()
    torch.load(file, weights_only=False)
    assert folder.exists()  # the trap is real


@pytest.mark.parametrize("content", [b"", b"not a checkpoint", b"PK"])
def test_a_damaged_checkpoint_is_named(tmp_path, content):
    file = tmp_path / "run.pt"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"checkpoint .*run.pt cannot be read: "):
        fit(small(), checkpoint=file)
    assert file.read_bytes() == content


@pytest.mark.parametrize("content", [{"weights": 1}, [1, 2]])
def test_a_file_of_something_else_is_named(tmp_path, content):
    file = tmp_path / "run.pt"
    torch.save(content, file)
    with pytest.raises(ValueError, match=r"checkpoint .*run.pt cannot be read: "):
        fit(small(), checkpoint=file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"seed": 1}, "seed was 0 and is 1"),
        ({"batch_size": 30}, "batch_size was 20 and is 30"),
        ({"clip_norm": 1.0}, "clip_norm was None and is 1.0"),
        ({"early_stopping": training.EarlyStopping(3, 0.1)}, r"early_stopping was None and is \[3, 0.1\]"),
        ({"optimizer": torch.optim.Adam}, "optimizer was 'SGD' and is 'Adam'"),
        ({"scheduler": cosine}, "scheduler was None and is 'CosineAnnealingLR'"),
        ({"train": (CUBE.X[:50], CUBE.y[:50])}, r"data was \[60, \d+\] and is \[50, \d+\]"),
        ({"train": (CUBE.X, -CUBE.y)}, r"data was \[60, \d+\] and is \[60, \d+\]"),
        ({"train": (-CUBE.X, CUBE.y)}, r"data was \[60, \d+\] and is \[60, \d+\]"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, message):
    options = {"validation": HELD_OUT, "batch_size": 20, "checkpoint": tmp_path / "run.pt", "epochs": 2}
    fit(small(), **options)
    with pytest.raises(ValueError, match=f"run.pt is of another run: {message}; give another path, or delete it"):
        fit(small(), **(options | change))
    fit(small(), **options)


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    file = tmp_path / "run.pt"
    fit(small(), epochs=2, checkpoint=file)
    with pytest.raises(RuntimeError, match=r"size mismatch for fc1.weight"):
        fit(MLP(1, 9, 1), epochs=2, checkpoint=file)


# --- several processes -----------------------------------------------------------------------------------------

SCRIPT = """
import os, sys
import torch
from torch import nn
from course_lib import datasets, training
from course_lib.mlp import MLP

torch.set_num_threads(1)
folder = sys.argv[1]
rank, size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
data, held_out = datasets.cubic(61, noise=0.1, seed=0), datasets.cubic(31, noise=0.1, seed=1)
recipes = {
    "mini": dict(optimizer=lambda p: torch.optim.Adam(p, lr=0.01), batch_size=20, clip_norm=0.5, progress=True),
    "full": dict(optimizer=lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9)),
    "lbfgs": dict(optimizer=lambda p: torch.optim.LBFGS(p, max_iter=3)),
    "stop": dict(optimizer=lambda p: torch.optim.SGD(p, lr=0.3), early_stopping=training.EarlyStopping(2)),
    "diverge": dict(optimizer=lambda p: torch.optim.SGD(p, lr=1e3)),
}
found = {}
for name, options in recipes.items():
    for epochs in (3, 8):
        model = MLP(1, 8, 1, seed=rank).double()
        history = training.fit(
            model, (data.X, data.y), (held_out.X, held_out.y), loss_fn=nn.MSELoss(), epochs=epochs,
            checkpoint=f"{folder}/{name}-{size}.pt", **options,
        )
    found[name] = dict(
        weights=nn.utils.parameters_to_vector(model.parameters()).detach(),
        train=torch.tensor(history.train_loss),
        validation=torch.tensor(history.validation_loss),
        ended=[history.best_epoch, history.stopped_early, history.diverged],
    )
masks = []
layer = nn.Sequential(nn.Linear(1, 50), nn.Dropout(0.5), nn.Linear(50, 1), nn.Flatten(0))
layer[1].register_forward_hook(lambda module, inputs, output: masks.append(output[0] == 0))
training.fit(layer, (data.X, data.y), loss_fn=nn.MSELoss(), optimizer=lambda p: torch.optim.SGD(p, lr=0.1), epochs=1)
found["mask"] = masks[0]
torch.save(found, f"{folder}/{size}-{rank}.pt")
"""


@pytest.fixture(scope="module")
def torchrun(tmp_path_factory):
    """The script on one process and on two: what each found, and what was on standard error."""
    folder = tmp_path_factory.mktemp("torchrun")
    script = folder / "script.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(training.__file__).parents[1])}
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    errors = {}
    for size, options in ((1, []), (2, launch)):
        command = [sys.executable, *options, str(script), str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
        assert done.returncode == 0, done.stderr
        errors[size] = done.stderr
    found = {name: torch.load(folder / f"{name}.pt") for name in ("1-0", "2-0", "2-1")}
    return found, errors, folder


@pytest.mark.parametrize("name", ["mini", "full", "lbfgs", "stop", "diverge"])
def test_two_processes_find_what_one_finds_and_agree_to_the_bit(torchrun, name):
    found, _, _ = torchrun
    one, first, second = (found[key][name] for key in ("1-0", "2-0", "2-1"))
    assert one["ended"] == first["ended"] == second["ended"]
    for part in ("weights", "train", "validation"):
        assert torch.equal(first[part], second[part])
        torch.testing.assert_close(first[part], one[part], rtol=1e-6, atol=1e-6)
    assert len(one["train"]) > 0


def test_of_two_processes_the_first_reports_and_stores(torchrun):
    _, errors, folder = torchrun
    assert errors[1].count("8/8") > 0
    assert errors[2].count("  0%|") == errors[1].count("  0%|") == 2  # one bar for each of the two calls
    stored = {path.name for path in folder.glob("mini-*.pt")}
    assert stored == {"mini-1.pt", "mini-2.pt"}


def test_dropout_differs_between_processes(torchrun):
    found, _, _ = torchrun
    assert torch.equal(found["1-0"]["mask"], found["2-0"]["mask"])
    assert not torch.equal(found["2-0"]["mask"], found["2-1"]["mask"])


def test_a_checkpoint_of_two_processes_is_not_taken_up_by_one(torchrun):
    _, _, folder = torchrun
    data = datasets.cubic(61, noise=0.1, seed=0)
    with pytest.raises(ValueError, match="another run: processes was 2 and is 1"):
        fit(MLP(1, 8, 1).double(), (data.X, data.y), HELD_OUT, checkpoint=folder / "full-2.pt")


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 7])
def test_shares_of_a_batch_are_its_rows_with_their_weight(rows):
    team = training.Team(torch.device("cpu"))
    assert (team.rank, team.size) == (0, 1)
    X = torch.arange(float(rows))
    team.size = 3
    shares = []
    for team.rank in range(3):
        x, y, part = team.share(X, 2 * X)
        assert torch.equal(y, 2 * x)
        shares.append((x, part))
    assert sum(part for _, part in shares) == pytest.approx(1)
    assert sum(part * x.mean().item() for x, part in shares) == pytest.approx(X.mean().item())
    dealt = torch.cat([x for x, part in shares if part > 0])
    assert sorted(dealt.tolist()) == X.tolist()


def test_pick_device_gives_each_process_its_own_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("LOCAL_RANK", "3")
    assert training.pick_device() == torch.device("cuda")
    monkeypatch.setattr(torch.distributed, "is_torchelastic_launched", lambda: True)
    assert training.pick_device() == torch.device("cuda:3")


# --- mixed precision -------------------------------------------------------------------------------------------


def test_mixed_precision_is_refused_on_the_cpu():
    with pytest.raises(ValueError, match="amp needs a model on a CUDA device that supports bfloat16, got one on cpu"):
        fit(small(), amp=True)


def test_mixed_precision_computes_in_bfloat16_and_keeps_weights_and_loss_in_float32(monkeypatch):
    monkeypatch.setattr(training, "_computes_in_bfloat16", lambda device: True)  # the CPU does, slowly
    seen = []

    def loss(y_hat, y):
        value = MSE(y_hat.float(), y)
        seen.append((y_hat.dtype, value.dtype))
        return value

    model, full = small(), small()
    history = fit(model, DATA, HELD_OUT, loss_fn=loss, amp=True)
    expected = fit(full, DATA, HELD_OUT)
    assert seen[:2] == [(torch.bfloat16, torch.float32), (torch.float32, torch.float32)]
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert history.train_loss == pytest.approx(expected.train_loss, rel=0.05)
    assert not torch.equal(weights(model), weights(full))


@pytest.mark.gpu
def test_mixed_precision_on_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    model, full = small().to("cuda"), small().to("cuda")
    history, expected = fit(model, DATA, HELD_OUT, amp=True), fit(full, DATA, HELD_OUT)
    assert history.train_loss == pytest.approx(expected.train_loss, rel=0.05)
    assert not torch.equal(weights(model), weights(full))


# --- predict and device ----------------------------------------------------------------------------------------


def test_predict_equals_the_model_and_keeps_its_mode():
    model = nn.Sequential(nn.Linear(1, 8), nn.Dropout(0.9), nn.Linear(8, 1), nn.Flatten(0))
    expected = model.eval()(torch.tensor(CUBE.X, dtype=torch.float32)).detach().numpy()
    model.train()
    np.testing.assert_array_equal(training.predict(model, CUBE.X), expected)
    np.testing.assert_allclose(training.predict(model, CUBE.X, batch_size=7), expected, rtol=1e-5, atol=1e-7)
    assert model.training


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"),
    [(True, True, "cuda"), (True, False, "cuda"), (False, True, "mps"), (False, False, "cpu")],
)
def test_pick_device_prefers_cuda_then_mps(monkeypatch, cuda, mps, expected):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert training.pick_device().type == expected


@pytest.mark.gpu
def test_fit_and_predict_on_cuda():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    on_cpu, on_gpu = small(), small().to("cuda")
    before = torch.cuda.get_rng_state()
    fit(on_cpu, DATA, HELD_OUT, batch_size=20)
    history = fit(on_gpu, DATA, HELD_OUT, batch_size=20)
    assert torch.equal(torch.cuda.get_rng_state(), before)
    assert not history.diverged
    np.testing.assert_allclose(training.predict(on_gpu, CUBE.X), training.predict(on_cpu, CUBE.X), rtol=1e-3, atol=1e-4)


# --- bad input -------------------------------------------------------------------------------------------------

NAN = np.array([[np.nan]] * 60)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0"),
        ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number, got float 2.5"),
        ({"checkpoint_every": 0}, ValueError, "checkpoint_every must be at least 1, got 0"),
        ({"checkpoint": "no such folder/run.pt"}, FileNotFoundError, "checkpoint must lie in a folder that exists"),
        ({"seed": -1}, ValueError, "seed must be at least 0, got -1"),
        ({"clip_norm": -1.0}, ValueError, "clip_norm must be above 0, got -1.0"),
        ({"early_stopping": training.EarlyStopping(1)}, ValueError, "early_stopping needs validation data"),
        ({"train": (CUBE.X, CUBE.y[:-1])}, ValueError, "train must have as many rows in X as in y, got 60 and 59"),
        ({"train": CUBE.X}, TypeError, r"train must be a tuple \(X, y\), got ndarray"),
        ({"train": (CUBE.X, CUBE.y, CUBE.y)}, TypeError, r"train must be a tuple \(X, y\), got tuple of 3"),
        ({"train": (NAN, CUBE.y)}, ValueError, "train X must be finite in torch.float32, got nan"),
        ({"train": (CUBE.X, CUBE.y * 1e39)}, ValueError, "train y must be finite in torch.float32, got -?inf"),
        ({"train": (CUBE.X[:0], CUBE.y[:0])}, ValueError, r"train X must hold rows, got shape \(0, 1\)"),
        ({"train": (np.array(["a"]), CUBE.y)}, TypeError, "train X must hold numbers, got ndarray"),
        ({"train": (CUBE.X, CUBE.y[:, None])}, ValueError, r"the model's output, got \(60, 1\) and \(60,\)"),
        ({"validation": (NAN, CUBE.y)}, ValueError, "validation X must be finite"),
        ({"optimizer": lambda p: None}, TypeError, "optimizer must be or make a torch optimizer, got NoneType"),
        ({"optimizer": sgd()(small().parameters())}, ValueError, "optimizer must hold parameters of this model"),
        ({"scheduler": lambda o: 5}, TypeError, "scheduler must be or make a learning-rate scheduler, got int"),
    ],
)
def test_bad_arguments_are_named(options, error, message):
    with pytest.raises(error, match=message):
        fit(small(), **options)


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_set_seed_refuses_seeds_out_of_range(seed):
    with pytest.raises(ValueError, match=rf"seed must be .*{seed}"):
        training.set_seed(seed)


def test_early_stopping_refuses_bad_rules():
    with pytest.raises(ValueError, match="patience must be at least 1, got 0"):
        training.EarlyStopping(0)
    with pytest.raises(ValueError, match="min_delta must be 0 or more, got -1"):
        training.EarlyStopping(1, min_delta=-1)
