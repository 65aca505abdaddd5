"""The command `rnnbook`, as a user meets it."""

from __future__ import annotations

import functools
import io
import json
import os
import random
import re
import signal
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from click.testing import CliRunner, Result

import rnnbook
from rnnbook import training
from rnnbook.training import checkpoints, command, doctor, machine, reports
from rnnbook.training.command import HELP, main
from rnnbook.training.settings import Settings
from tools import kill_test

TINY = ["--steps", "6", "--hidden", "8", "--embedding", "4", "--batch", "4", "--length", "10"]
TINY += ["--evaluate-every", "3"]
SENTENCE = "the quick brown fox jumps over the lazy dog; "


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RNNBOOK_CACHE", str(tmp_path / "cache"))
    (tmp_path / "text.txt").write_text(SENTENCE * 40)


def rnnbook_(*arguments: str, code: int = 0, given: str | None = None) -> Result:
    done = CliRunner().invoke(main, list(arguments), input=given)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done


def fails(*arguments: str) -> str:
    """What a command that cannot be carried out says, in one sentence or two."""
    said = rnnbook_(*arguments, code=1).stderr
    assert said.startswith("Error: ")
    assert "Traceback" not in said
    return said


def process(*arguments: str, **options) -> subprocess.Popen:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-m", "rnnbook", *arguments], **pipes | options)


# --- training ------------------------------------------------------------------------------------


def test_with_no_text_it_trains_on_the_manual_saves_and_writes():
    done = rnnbook_("train", *TINY)
    text = training.default_text()
    assert str(text) in done.stdout
    assert "LSTM, 1 × 8 units" in done.stdout
    assert re.search(r"Held out: \d\.\d{3} bits per character", done.stdout)
    assert re.search(r"step 3 of 6: .* bits per character, held out .* tokens/s", done.stderr)
    kept = checkpoints.read("runs/lstm")
    assert (kept.step, kept.record["text"]["sha256"]) == (6, text.sha256)
    drawn = training.sample(kept.model(), text.alphabet)
    assert done.stdout.endswith(f"It writes:\n\n{drawn}\n")


def test_every_setting_is_an_option_that_reaches_the_training():
    assert HELP.keys() == {field.name for field in command.fields(Settings)}
    words = "--vocabulary bytes --model gru --reset-after --layers 2 --seed 5 --clip inf --out here"
    rnnbook_("train", "--text", "text.txt", *TINY, *words.split(), "--quiet")
    kept = checkpoints.read("here")
    expected = {"model": "gru", "reset_after": True, "layers": 2, "seed": 5, "hidden": 8}
    assert expected.items() <= kept.settings.as_dict().items()
    assert kept.settings.clip == float("inf")
    assert len(kept.alphabet) == 256


def test_another_training_gets_a_folder_of_its_own_and_the_newest_is_meant():
    for _ in range(2):
        rnnbook_("train", "--text", "text.txt", *TINY, "--quiet")
    assert sorted(path.name for path in Path("runs").iterdir()) == ["lstm", "lstm-2"]
    os.utime("runs/lstm/step-00000006.json", (2e9, 2e9))
    assert rnnbook_("train", "--resume", "--steps", "8").stdout.count("runs/lstm/step-00000008")
    assert rnnbook_("sample", "--length", "9").stdout


def test_a_pipe_is_trained_on():
    done = rnnbook_("train", "--text", "-", *TINY, "--quiet", given=SENTENCE * 40)
    assert "the standard input: 1,800 tokens, 28 different characters" in done.stdout


def test_resuming_takes_the_stored_settings_and_text_and_names_others():
    rnnbook_("train", "--text", "text.txt", *TINY, "--quiet", "--out", "here")
    done = rnnbook_("train", "--resume", "--out", "here", "--steps", "9")
    assert "going on from step 6 of 9" in done.stderr
    assert checkpoints.read("here").step == 9
    said = fails("train", "--resume", "--out", "here", "--hidden", "9")
    assert "made with hidden 8, and this training has 9" in said
    Path("other.txt").write_text(SENTENCE[::-1] * 40)
    said = fails("train", "--resume", "--out", "here", "--text", "other.txt")
    assert "made with another text" in said
    said = fails("train", "--resume", "--out", "here", "--vocabulary", "bytes")
    assert "alphabet of 28 characters" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["train", "--text", "nowhere"], "The text nowhere cannot be read"),
        (["train", "--dropout", "2"], "--dropout: expected a number from 0 to 1, given 2.0"),
        (["train", "--learning-rate", "0"], "--learning-rate: expected a number"),
        (["train", "--device", "warp"], "There is no device called 'warp'"),
        (["train", "--text", "text.txt", "--length", "9999"], "make these smaller"),
        (["train", "--resume"], "There is no training in runs/"),
        (["sample"], "There is no training in runs/"),
        (["sample", "nowhere"], "nowhere does not exist"),
        (["sample", "text.txt"], "text.txt is truncated, or no JSON"),
        (["evaluate", "."], "The folder . holds no checkpoint"),
        (["export", "."], "Say what to write"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments, said):
    assert said in fails(*arguments)


def test_a_loss_that_is_no_number_is_a_sentence_and_keeps_the_checkpoint():
    words = ["--learning-rate", "1e36", "--warm-up", "0", "--clip", "inf", "--save-every", "1"]
    said = fails("train", "--text", "text.txt", *TINY, *words, "--out", "here")
    assert re.search(r"Step \d: the .* is (nan|inf), so the training stops", said)
    assert checkpoints.read("here").step >= 1


def test_a_device_without_memory_is_a_sentence(monkeypatch):
    def full(*_, **__):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(command, "train", full)
    assert "larger --accumulate" in fails("train", "--text", "text.txt", *TINY)


def test_a_terminate_signal_saves_and_leaves_with_its_number(tmp_path):
    words = ["--steps", "100000", "--save-every", "0", "--evaluate-every", "5", "--out", "here"]
    with process("train", "--text", "text.txt", *TINY[2:8], *words) as running:
        assert running.stderr.readline().startswith("step 5")
        running.send_signal(signal.SIGTERM)
        said, complaints = running.communicate()
    assert running.returncode == 128 + signal.SIGTERM
    assert "Left at SIGTERM after" in said
    assert "Traceback" not in complaints
    assert checkpoints.read("here").step >= 5


@pytest.mark.parametrize("seed", [0])
def test_killed_at_random_moments_it_goes_on_bit_for_bit(seed, tmp_path):
    """`tools/kill_test.py` does so fifty times."""
    counts = kill_test.kill_and_resume(4, tmp_path, random.Random(seed), steps=40)
    assert counts == {"kills": 4, "resumed": 4, "equal": 4}


# --- what the trained model is used for ----------------------------------------------------------


@pytest.fixture
def run() -> Path:
    rnnbook_("train", "--text", "text.txt", *TINY, "--quiet", "--out", "here")
    return Path("here")


def test_sampling_repeats_with_its_seed_and_goes_on_from_the_prompt(run):
    first, second, other = (
        rnnbook_("sample", "here", "--prompt", "fox", "--length", "30", "--seed", seed).stdout
        for seed in "001"
    )
    assert first == second != other
    assert first.startswith("fox")
    assert len(first) == 34
    assert "'X' at place 0" in fails("sample", "here", "--prompt", "X")
    assert "--temperature: expected at least 0" in fails("sample", "here", "--temperature", "-1")


def test_evaluation_stands_beside_its_baselines(run):
    said = rnnbook_("evaluate", "here", "--longest", "3").stdout
    rows = dict(re.findall(r"(?m)^(\S.*?) {2,}(\d+\.\d{3})$", said))
    assert rows.keys() == {
        "LSTM of step 6",
        *("1-gram", "2-gram", "3-gram"),
        *("gzip -9, primed", "bz2 -9, primed", "xz -9e, primed"),
    }
    assert list(map(float, rows.values())) == sorted(map(float, rows.values()))
    Path("other.txt").write_text(SENTENCE)
    said = rnnbook_("evaluate", "here", "--text", "other.txt").stdout
    assert "of all of it" in said
    Path("text.txt").write_text(SENTENCE * 41)
    assert "no longer the text that was trained on" in fails("evaluate", "here")


def test_a_damaged_checkpoint_is_passed_over_aloud():
    rnnbook_("train", "--text", "text.txt", *TINY, "--quiet", "--out", "here", "--save-every", "4")
    Path("here/step-00000006.safetensors").write_bytes(b"")
    done = rnnbook_("sample", "here", "--length", "5")
    assert "truncated" in done.stderr
    assert "Taking step 4" in done.stderr


@pytest.mark.parametrize(
    "words", ["--model lstm --layers 2", "--model gru", "--model gru --reset-after", "--model rnn"]
)
def test_exports_compute_what_the_model_computes(words):
    rnnbook_("train", "--text", "text.txt", *TINY, "--quiet", "--out", "here", *words.split())
    said = rnnbook_("export", "here", "--onnx", "m.onnx", "--page", "m.json").stdout
    assert "bits per character" in said
    kept = checkpoints.read("here")
    model = kept.model()
    tokens = torch.randint(len(kept.alphabet), (11, 3))
    state = tuple(torch.randn_like(s) for s in model.zero_state(3))
    scores, last = model(tokens, state)
    session = onnxruntime.InferenceSession("m.onnx", providers=["CPUExecutionProvider"])
    names = ["h_0", "C_0"][: len(state)]
    inputs = {name: s.numpy() for name, s in zip(names, state, strict=True)}
    outputs = session.run(None, {"tokens": tokens.numpy(), **inputs})
    for found, right in zip(outputs, (scores, *last), strict=True):
        np.testing.assert_allclose(found, right.numpy(), atol=1e-5)
    properties = session.get_modelmeta().custom_metadata_map
    assert properties["characters"] == kept.alphabet.characters


def test_an_export_that_cannot_be_is_a_sentence(run, monkeypatch):
    assert "cannot be written" in fails("export", "here", "--onnx", "no/where.onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    assert "The package onnx is missing" in fails("export", "here", "--onnx", "m.onnx")


# --- reports -------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_a_log_gets_lines():
    assert [type(r) for r in reports.usual_reports(Terminal())] == [reports.Bar]
    assert [type(r) for r in reports.usual_reports(io.StringIO())] == [reports.Lines]


def test_a_notebook_gets_a_bar_and_a_live_plot(monkeypatch):
    shown = []

    class Handle:
        def update(self, figure):
            shown.append(("again", figure))

    def display(figure, display_id):
        shown.append(("first", figure))
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(reports, "in_notebook", lambda: True)
    settings = Settings(steps=6, hidden=8, batch=4, length=10, evaluate_every=2)
    text = training.Text.of(SENTENCE * 40)
    training.train(text, settings, reports=training.usual_reports())
    assert [when for when, _ in shown] == ["first", "again", "again"]
    assert "over 6 steps" in shown[-1][1].alt
    assert shown[-1][1].svg.startswith("<svg")


def test_the_bar_shows_loss_held_out_speed(monkeypatch):
    stream = Terminal()
    bar = functools.partial(reports.tqdm, delay=0, mininterval=0, file=stream)  # else none is shown
    monkeypatch.setattr(reports, "tqdm", bar)
    settings = Settings(steps=6, hidden=8, batch=4, length=10, evaluate_every=2)
    training.train(training.Text.of(SENTENCE * 40), settings, reports=[reports.Bar()])
    shown = stream.getvalue()
    for word in ("bits/char=", "held out=", "tokens/s=", "/6 ["):
        assert word in shown


def test_tensorboard_is_written_for_or_missed_in_words(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    said = fails("train", "--text", "text.txt", *TINY, "--tensorboard", "--quiet")
    assert "TensorBoard is not installed: `pip install tensorboard`" in said
    written = []

    class SummaryWriter:
        """Stands in for TensorBoard's, which the project does not install."""

        def __init__(self, folder):
            written.append(folder)

        def add_scalar(self, name, value, step):
            written.append((name, step))

        def close(self):
            written.append("closed")

    module = types.ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    rnnbook_("train", "--text", "text.txt", *TINY, "--tensorboard", "--quiet", "--out", "here")
    assert written[0] == "here"
    assert written[-1] == "closed"
    assert ("bits per character/held out", 6) in written
    assert sum(entry[0] == "learning rate" for entry in written[1:-1]) == 6


# --- bench, doctor -------------------------------------------------------------------------------


def test_the_doctor_says_what_is_there_and_what_would_help(monkeypatch):
    said = rnnbook_("doctor").stdout
    for word in (rnnbook.__version__, torch.__version__, "GPU", "engine", "gloo", "cache"):
        assert word in said
    findings = {finding.what: finding for finding in doctor.examine()}
    assert findings["GPU"].good == (machine.devices()[0] != "cpu")
    monkeypatch.setattr(doctor.compiled, "why_not", lambda: "no C++ compiler was found.")
    monkeypatch.setattr(machine, "devices", lambda: ["cpu"])
    findings = {finding.what: finding for finding in doctor.examine()}
    assert findings["engine"].said.endswith("Install a C++ compiler, as g++.")
    assert "In Colab" in findings["GPU"].said


def test_the_ladder_is_climbed_predicted_and_stored():
    words = "--ladder --hidden 8 --seconds 0.01 --device cpu --store ladder.json"
    said = rnnbook_("bench", *words.split()).stdout
    stored = json.loads(Path("ladder.json").read_text("utf-8"))
    assert {"device", "torch", "date", "seed", "command", "bandwidth", "latency"} <= stored.keys()
    measured = 0
    for row in stored["rows"]:
        if "microseconds" not in row:
            assert row["not_here"] in said
            assert not row["not_here"].startswith("failed")
            continue
        measured += 1
        assert row["error"] < 1e-5
        low, middle, high = row["microseconds"]
        assert 0 < low <= middle <= high
        if row["products_predicted"] is not None:
            assert row["products_counted"] == row["products_predicted"], row["rung"]
    assert measured >= 2 * 5  # without a C++ compiler the top rung says so


def test_the_throughput_is_of_both_makers(monkeypatch):
    options = {"hidden": 8, "batch": 4, "length": 10}
    contestants = {name: {**row, **options} for name, row in command.bench.CONTESTANTS.items()}
    for row in contestants.values():
        del row["hidden"]
    monkeypatch.setattr(command.bench, "CONTESTANTS", contestants)
    said = rnnbook_("bench", "--hidden", "8", "--seconds", "0.01", "--store", "speed.json").stdout
    stored = json.loads(Path("speed.json").read_text("utf-8"))
    assert [row["model"] for row in stored["rows"]] == list(contestants)
    for row in stored["rows"]:
        assert f"{row['rnnbook']:,.0f}" in said
        assert row["spread"][0] <= row["ratio"] <= row["spread"][1]
    assert "cannot be written" in fails(
        "bench", "--hidden", "8", "--seconds", "0.01", "--store", "no/where"
    )


def test_the_module_is_the_command():
    with process("--version") as running:
        said, _ = running.communicate()
    assert said == f"rnnbook, version {rnnbook.__version__}\n"
