"""The training loop and its checkpoints: the numbers of a plain loop, interrupted or not."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import resource
import signal
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from rnnbook.training import checkpoints, machine
from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.group import Group
from rnnbook.training.lanes import Lanes
from rnnbook.training.loop import Training, parts, train
from rnnbook.training.reports import Report
from rnnbook.training.settings import Settings, settings_for
from rnnbook.training.text import Text

TEXT = Text.of("the quick brown fox jumps over the lazy dog; " * 40, "a sentence")
SMALL = Settings(
    hidden=8,
    embedding=4,
    steps=12,
    batch=4,
    length=10,
    warm_up=3,
    evaluate_every=5,
    save_every=4,
    device="cpu",
)


def training(settings: Settings = SMALL, text: Text = TEXT) -> Training:
    device = machine.choose_device("cpu")
    precision = machine.choose_precision(settings.precision, device)
    return Training(text, settings, Group(), device, precision)


def losses(settings: Settings, steps: int = 6) -> list[float]:
    run = training(settings)
    return [run.advance() for _ in range(steps)]


# --- the numbers ---------------------------------------------------------------------------------


def plain_losses(settings: Settings, steps: int) -> list[float]:
    """The same training as a loop of PyTorch's own layers, with nothing of this package in it."""
    torch.manual_seed(settings.seed)
    vocabulary, H, E = len(TEXT.alphabet), settings.hidden, settings.embedding
    embedding, lstm = torch.nn.Embedding(vocabulary, E), torch.nn.LSTM(E, H)
    read_out = torch.nn.Linear(H, vocabulary)
    with torch.no_grad():
        lstm.bias_ih_l0[H : 2 * H], lstm.bias_hh_l0[H : 2 * H] = 1.0, 0.0
    weights = [*embedding.parameters(), *lstm.parameters(), *read_out.parameters()]
    optimiser = torch.optim.AdamW(weights, weight_decay=0.0)
    schedule = [settings.learning_rate * (k + 1) / 3 for k in range(3)]
    cosine = [0.5 * (1 + math.cos(math.pi * k / 9)) for k in range(9)]
    schedule += [settings.learning_rate * (0.02 + 0.98 * share) for share in cosine]
    lanes = Lanes(TEXT.tokens[: parts(len(TEXT), settings)[0]], 4, 10, settings.seed)
    state, found = None, []
    for step in range(steps):
        x, y = lanes.at(step)
        hidden, state = lstm(embedding(x), state)
        state = tuple(s.detach() for s in state)
        loss = torch.nn.functional.cross_entropy(read_out(hidden).flatten(0, 1), y.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, settings.clip)
        optimiser.param_groups[0]["lr"] = schedule[step]
        optimiser.step()
        found.append(loss.item() / math.log(2))
    return found


@pytest.mark.parametrize("maker", ["torch", "rnnbook"])
def test_the_losses_are_those_of_a_plain_loop(maker):
    settings = replace(SMALL, maker=maker, clip=0.3)
    assert losses(settings, 12) == pytest.approx(plain_losses(settings, 12), rel=1e-5)


@pytest.mark.parametrize("model", ["lstm", "gru", "rnn"])
def test_a_batch_in_parts_is_the_whole_batch(model):
    whole = losses(replace(SMALL, model=model))
    assert losses(replace(SMALL, model=model, accumulate=4)) == pytest.approx(whole, rel=1e-5)
    assert losses(replace(SMALL, model=model, seed=1)) != pytest.approx(whole, rel=1e-3)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_autocast_changes_the_losses_a_little_and_no_weights_dtype(precision):
    run = training(replace(SMALL, precision=precision))
    rounded = [run.advance() for _ in range(6)]
    exact = losses(SMALL)
    assert rounded != exact
    assert rounded == pytest.approx(exact, rel=0.01)
    assert {p.dtype for p in run.model.parameters()} == {torch.float32}
    assert run.scaler.is_enabled() == (precision == "float16")


def test_the_rate_rises_straight_and_falls_by_half_a_cosine():
    settings = replace(SMALL, steps=103, warm_up=3, learning_rate=0.3, last_rate=0.1)
    assert [settings.rate_at(k) for k in range(4)] == pytest.approx([0.1, 0.2, 0.3, 0.3])
    assert settings.rate_at(53) == pytest.approx(0.3 * 0.55)
    assert settings.rate_at(103) == pytest.approx(0.03)
    rates = [settings.rate_at(k) for k in range(3, 104)]
    assert rates == sorted(rates, reverse=True)


def test_a_training_learns_and_says_how_well():
    result = train(TEXT, replace(SMALL, steps=150, learning_rate=0.05, save_every=0))
    start = parts(len(TEXT), SMALL)[1]
    assert result.bits_per_character == bits_per_character(result.model, TEXT, start)
    assert result.bits_per_character < 2.5 < result.history[0].held_out
    assert [point.step for point in result.history] == list(range(5, 151, 5))
    assert result.ended == "done"
    assert result.checkpoint is None
    assert not any(p.requires_grad for p in result.model.parameters())


def test_a_training_runs_where_pytorch_forbids_its_switches_to_be_set_singly(monkeypatch):
    """As after ``torch.backends.disable_global_flags``, which PyTorch's own tests call."""
    frozen = torch.backends.flags_frozen
    monkeypatch.setitem(frozen.__globals__, "__allow_nonbracketed_mutation_flag", False)
    assert frozen()
    train(TEXT, replace(SMALL, deterministic=True))


def test_a_training_leaves_pytorch_as_it_was():
    def switches() -> tuple:
        return (
            torch.get_rng_state().tolist(),
            torch.backends.cuda.matmul.allow_tf32,
            torch.backends.cudnn.allow_tf32,
            torch.are_deterministic_algorithms_enabled(),
            torch.backends.cudnn.deterministic,
            signal.getsignal(signal.SIGTERM),
        )

    inside = []

    class Look(Report):
        def begins(self, training):
            inside.append(switches())

    before = switches()
    train(TEXT, replace(SMALL, deterministic=True, dropout=0.5), reports=[Look()])
    assert switches() == before
    assert before[3] is False
    assert inside[0][1:5] == (False, False, True, True)
    assert inside[0][5] != before[5]


def test_with_patience_what_chooses_is_not_what_measures():
    settings = replace(SMALL, steps=400, learning_rate=0.5, clip=math.inf, patience=2, warm_up=0)
    until, from_ = parts(len(TEXT), settings)
    assert until < from_ < len(TEXT)
    result = train(TEXT, settings)
    assert result.ended == "patience"
    chosen = [point.held_out for point in result.history]
    best = chosen.index(min(chosen))
    assert len(chosen) == best + 3
    assert bits_per_character(result.model, TEXT, until, from_) == pytest.approx(chosen[best])
    assert result.bits_per_character == bits_per_character(result.model, TEXT, from_)


def test_what_is_no_number_stops_with_the_step_and_a_cure(tmp_path):
    class Spoil(Report):
        def advanced(self, training, loss, rate):
            if training.step == 6:
                training.model.read_out.bias.data[0] = math.nan

    with pytest.raises(TrainingError, match=r"Step 7: the loss is nan, .*smaller --learning-rate"):
        train(TEXT, SMALL, folder=tmp_path, reports=[Spoil()])
    kept = checkpoints.read(tmp_path)
    assert kept.step == 4
    assert all(t.isfinite().all() for t in kept.part("model").values())


def test_a_step_that_is_refused_leaves_the_model_alone():
    run = training()
    run.advance()
    run.model.embedding.weight.register_hook(lambda grad: grad * math.inf)
    before = {k: v.clone() for k, v in run.model.state_dict().items()}
    with pytest.raises(TrainingError, match=r"Step 2: the gradient's norm is (inf|nan)"):
        run.advance()
    assert all(torch.equal(v, before[k]) for k, v in run.model.state_dict().items())


def test_a_text_without_a_part_to_hold_out_is_named():
    with pytest.raises(TrainingError, match=r"share of 0.0001 is held out: that is none"):
        train(TEXT, replace(SMALL, held_out=0.0001))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": "cnn"}, "model: expected one of rnn, lstm, gru; given 'cnn'"),
        ({"steps": 0}, "steps: expected at least 1, given 0"),
        ({"batch": 2.5}, "batch: expected a whole number, given 2.5"),
        ({"dropout": 1.5}, "dropout: expected a number from 0 to 1, given 1.5"),
        ({"learning_rate": math.nan}, "learning_rate: expected a finite number"),
        ({"clip": 0}, "clip: expected a number from 0 to inf, given 0"),
        ({"accumulate": 3}, "accumulate: expected a divisor of the batch of 16, given 3"),
        ({"precision": "int8"}, "precision: expected one of auto, float32"),
        ({"device": 3}, "device: expected a string, given int"),
        ({"reset_after": 1}, "reset_after: expected a bool, given int"),
    ],
)
def test_a_setting_that_cannot_be_is_named(wrong, said):
    with pytest.raises((TypeError, ValueError), match=said):
        Settings(**wrong)


def test_a_gpu_gets_the_large_model_and_no_clipping_survives_json():
    assert settings_for("cuda").hidden > settings_for("cpu").hidden
    assert settings_for("cuda", hidden=5).hidden == 5
    settings = replace(SMALL, clip=math.inf)
    assert Settings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings


def test_a_device_that_is_not_here_is_named(monkeypatch):
    monkeypatch.setattr(machine, "devices", lambda: ["cpu"])
    for name, said in {
        "cuda": "PyTorch finds no cuda device.*here is cpu: --device cpu",
        "gpu": "no device called 'gpu'",
    }.items():
        with pytest.raises(TrainingError, match=said):
            machine.choose_device(name)
    with pytest.raises(TrainingError, match="TF32 is CUDA's"):
        machine.choose_precision("tf32", torch.device("cpu"))


def test_each_process_of_a_machine_gets_a_gpu_of_its_own(monkeypatch):
    monkeypatch.setattr(machine, "devices", lambda: ["cuda", "cpu"])
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert [machine.choose_device("auto", k).index for k in (0, 1)] == [0, 1]
    assert machine.choose_device("cuda:1", 0).index == 1
    with pytest.raises(TrainingError, match="There are 2 CUDA devices, and cuda:2 is none"):
        machine.choose_device("auto", 2)


# --- going on ------------------------------------------------------------------------------------

VARIANTS = {
    "LSTM": {},
    "dropout, two layers": {"dropout": 0.3, "layers": 2},
    "GRU": {"model": "gru"},
    "GRU of torch.nn": {"model": "gru", "reset_after": True, "maker": "torch"},
    "RNN in parts": {"model": "rnn", "accumulate": 2},
    "patience": {"patience": 3, "evaluate_every": 2},
    "float16": {"precision": "float16"},
}


class StopAt(Report):
    """Sends a signal to this process after a step."""

    def __init__(self, step: int, number: int = signal.SIGTERM) -> None:
        self.step, self.number = step, number

    def advanced(self, training, loss, rate):
        if training.step == self.step:
            os.kill(os.getpid(), self.number)


@pytest.mark.parametrize("variant", VARIANTS)
def test_an_interrupted_training_goes_on_bit_for_bit(variant, tmp_path):
    settings = replace(SMALL, **VARIANTS[variant])
    straight = train(TEXT, settings, folder=tmp_path / "straight")
    for stop in (3, 7):
        resumed = train(
            TEXT, settings, folder=tmp_path / "stopped", resume=stop > 3, reports=[StopAt(stop)]
        )
        assert (resumed.ended, resumed.step) == ("SIGTERM", stop)
        assert resumed.checkpoint.name == f"step-{stop:08d}.json"
    resumed = train(TEXT, settings, folder=tmp_path / "stopped", resume=True)
    assert resumed.history == straight.history
    assert resumed.bits_per_character == straight.bits_per_character
    one, other = checkpoints.read(tmp_path / "straight"), checkpoints.read(tmp_path / "stopped")
    assert one.step == other.step == straight.step
    assert one.tensors.keys() == other.tensors.keys()
    for name, tensor in one.tensors.items():
        assert torch.equal(tensor, other.tensors[name]), name


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_leaves_and_the_second_is_not_caught(number, tmp_path):
    before = signal.getsignal(number)
    seen = []

    class Handlers(StopAt):
        def advanced(self, training, loss, rate):
            super().advanced(training, loss, rate)
            if training.step == self.step:
                seen.append(signal.getsignal(number))

    result = train(TEXT, SMALL, folder=tmp_path, reports=[Handlers(6, number)])
    assert result.ended == signal.Signals(number).name
    assert checkpoints.read(tmp_path).step == 6
    assert seen == [before]  # asked once more, it would leave at once


def test_a_finished_training_can_be_given_more_steps(tmp_path):
    train(TEXT, SMALL, folder=tmp_path)
    again = train(TEXT, SMALL, folder=tmp_path, resume=True)
    assert (again.step, again.ended) == (12, "done")
    longer = train(TEXT, replace(SMALL, steps=15), folder=tmp_path, resume=True)
    assert (longer.step, longer.history[-1].step) == (15, 15)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hidden": 9}, r"made with hidden 8, and this training has 9: .* Leave --hidden out"),
        ({"seed": 1}, "made with seed 0, and this training has 1"),
        ({"model": "gru"}, "made with model lstm, and this training has gru"),
        ({"learning_rate": 0.1}, "Leave --learning-rate out"),
    ],
)
def test_another_training_is_named(change, said, tmp_path):
    train(TEXT, SMALL, folder=tmp_path)
    with pytest.raises(TrainingError, match=said):
        train(TEXT, replace(SMALL, **change), folder=tmp_path, resume=True)


def test_another_text_or_vocabulary_is_named(tmp_path):
    train(TEXT, SMALL, folder=tmp_path)
    string = TEXT.alphabet.decode(TEXT.tokens)
    for other, said in (
        (Text.of(string[::-1], "backwards"), "another text: a sentence, .*this is backwards"),
        (Text.of(string, vocabulary="bytes"), "alphabet of 28 characters, .* has 256 bytes"),
        (Text.of(string + "!"), "alphabet of 28 characters, and this text has 29"),
    ):
        with pytest.raises(TrainingError, match=said):
            train(other, SMALL, folder=tmp_path, resume=True)


def test_a_folder_that_holds_a_training_is_not_overwritten(tmp_path):
    train(TEXT, SMALL, folder=tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(TrainingError, match="holds checkpoints of a training already: --resume"):
        train(TEXT, SMALL, folder=tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before
    with pytest.raises(TrainingError, match="name the folder"):
        train(TEXT, SMALL, resume=True)


# --- files ---------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    path = tmp_path / "run"
    train(TEXT, SMALL, folder=path)
    return path


def test_the_two_newest_are_kept_and_nothing_else(folder):
    names = sorted(path.name for path in folder.iterdir())
    kinds = ("json", "safetensors")
    assert names == [f"step-{step:08d}.{kind}" for step in (8, 12) for kind in kinds]


def test_others_can_read_a_checkpoint(folder):
    """Without a line of this package."""
    described = json.loads((folder / "step-00000012.json").read_text("utf-8"))
    assert described["settings"]["hidden"] == 8
    assert described["text"]["sha256"] == TEXT.sha256
    tensors = safetensors.torch.load_file(folder / described["tensors"]["file"])
    lstm = torch.nn.LSTM(4, 8)
    start = "model.recurrent."
    lstm.load_state_dict(
        {k.removeprefix(start): v for k, v in tensors.items() if k.startswith(start)}
    )
    model = checkpoints.read(folder).model()
    x = torch.randn(5, 2, 4)
    torch.testing.assert_close(lstm(x)[0], model.recurrent(x)[0])


@pytest.mark.parametrize("kind", ["json", "safetensors"])
@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_truncated_checkpoint_is_passed_over_in_words(folder, kind, share):
    path = folder / f"step-00000012.{kind}"
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(TrainingError, match=r"step-00000012.*(truncated|damaged)"):
        checkpoints.read(folder / "step-00000012.json")
    before = checkpoints.read(folder)
    assert before.step == 8
    assert "truncated" in before.passed_over[0]
    said = []

    class Warned(Report):
        def begins(self, training):
            said.extend(training.passed_over)

    assert train(TEXT, SMALL, folder=folder, resume=True, reports=[Warned()]).step == 12
    assert said == list(before.passed_over)
    assert checkpoints.read(folder).step == 12  # it is whole again


def test_a_checkpoint_with_a_changed_byte_is_refused(folder):
    path = folder / "step-00000012.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    with pytest.raises(TrainingError, match="damaged: its SHA-256"):
        checkpoints.read(path)


class Bomb:
    """Unpickling it would make a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("kind", ["pickle", "zip", "torch", "safetensors of another program"])
def test_a_foreign_or_malicious_file_is_refused_and_never_executed(tmp_path, kind):
    bomb, path = Bomb(tmp_path / "executed"), tmp_path / "step-00000001.json"
    if kind == "pickle":
        path.write_bytes(pickle.dumps(bomb))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(bomb))
    elif kind == "torch":
        torch.save(bomb, path)
    else:
        path.write_bytes(safetensors.torch.save({"weight": torch.zeros(3)}))
    for place in (path, tmp_path):
        with pytest.raises(TrainingError, match="no checkpoint of rnnbook; it was not opened"):
            checkpoints.read(place)
    assert not bomb.path.exists()
    pickle.loads(pickle.dumps(bomb))  # it would have
    assert bomb.path.exists()


def test_a_pickle_in_the_place_of_the_tensors_is_refused(folder):
    path = folder / "step-00000012.json"
    bomb = Bomb(folder / "executed")
    data = pickle.dumps(bomb)
    path.with_suffix(".safetensors").write_bytes(data)
    rewrite(path, lambda d: d["tensors"].update(bytes=len(data), sha256=sha(data)))
    with pytest.raises(TrainingError, match="no safetensors file"):
        checkpoints.read(path)
    assert not bomb.path.exists()


def sha(data: bytes) -> str:

    return hashlib.sha256(data).hexdigest()


def rewrite(path: Path, change) -> None:
    described = json.loads(path.read_text("utf-8"))
    change(described)
    path.write_text(json.dumps(described), "utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(version=2), "is of version 2, and this rnnbook reads version 1"),
        (lambda d: d.update(format="other"), "JSON, but no checkpoint"),
        (lambda d: d["tensors"].update(file="../../etc/passwd"), "in place of its own"),
        (lambda d: d.pop("settings"), "is damaged"),
        (lambda d: d["settings"].update(hidden=10**12), "does not fit its own settings"),
        (lambda d: d["settings"].update(layers=10**12), "does not fit its own settings"),
        (lambda d: d["settings"].update(embedding=5), "does not fit its own settings"),
        (lambda d: d["settings"].update(model="gru"), "does not fit its own settings: for recurr"),
        (lambda d: d["settings"].update(hidden="8"), "is damaged"),
        (lambda d: d.update(step=-1), "is damaged"),
        (lambda d: d.update(characters="ba"), "is damaged"),
        (lambda d: d.pop("history"), "is damaged"),
    ],
)
def test_a_changed_description_is_refused(folder, change, said):
    path = folder / "step-00000012.json"
    rewrite(path, change)
    with pytest.raises(TrainingError, match=said):
        checkpoints.read(path).model()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(since=["x", 1]),
        lambda d: d.update(history=[{"step": 1}]),
        lambda d: d.update(best="x"),
    ],
)
def test_a_resume_from_nonsense_is_refused(folder, change):
    rewrite(folder / "step-00000012.json", change)
    with pytest.raises(TrainingError, match="checkpoint of step 12 is damaged"):
        train(TEXT, SMALL, folder=folder, resume=True)


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "null", "{", '{"format": NaN}'])
def test_json_that_is_no_checkpoint_is_refused(tmp_path, text):
    path = tmp_path / "step-00000001.json"
    path.write_text(text)
    with pytest.raises(TrainingError, match=r"no JSON|no checkpoint"):
        checkpoints.read(path)


def test_what_is_not_there_is_named(tmp_path):
    with pytest.raises(TrainingError, match="does not exist"):
        checkpoints.read(tmp_path / "nowhere")
    with pytest.raises(TrainingError, match="holds no checkpoint"):
        checkpoints.read(tmp_path)


class DiskFull(Report):
    """From a step on no file may grow beyond some bytes: the system refuses, as on a full disk."""

    def __init__(self, step: int) -> None:
        self.step, self.said = step, []

    def advanced(self, training, loss, rate):
        if training.step == self.step:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, LIMITS[1]))

    def warns(self, sentence):
        self.said.append(sentence)


LIMITS = resource.getrlimit(resource.RLIMIT_FSIZE)


def test_a_full_disk_loses_nothing(tmp_path):
    full = DiskFull(6)
    try:
        with pytest.raises(TrainingError, match=r"Step 12 could not be saved .*File too large"):
            train(TEXT, SMALL, folder=tmp_path, reports=[full])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, LIMITS)
    assert len(full.said) == 1
    assert "Step 8 could not be saved" in full.said[0]
    assert checkpoints.read(tmp_path).step == 4
    assert len(list(tmp_path.iterdir())) == 2  # nothing half-written is left
    straight = train(TEXT, SMALL)
    resumed = train(TEXT, SMALL, folder=tmp_path, resume=True)
    assert resumed.history == straight.history


def test_what_a_killed_process_left_is_removed(folder):
    for name in (".step-00000009.json.123", "step-00000010.safetensors"):
        (folder / name).write_bytes(b"half")
    train(TEXT, replace(SMALL, steps=16), folder=folder, resume=True)
    assert sorted({path.stem for path in folder.iterdir()}) == ["step-00000012", "step-00000016"]


def test_a_checkpoint_that_was_moved_aside_keeps_its_numbers(folder):
    """The model of a file, read back, measures what the training said."""
    result = train(TEXT, SMALL)
    model = checkpoints.read(folder).model()
    start = parts(len(TEXT), SMALL)[1]
    assert bits_per_character(model, TEXT, start) == result.bits_per_character
