"""The command ``rnnbook``: train a character model, let it write, measure it, take it elsewhere."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
import torch

import rnnbook
from rnnbook.training import baselines, bench, checkpoints, doctor, export, ladder, machine
from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.group import Group
from rnnbook.training.loop import Result, parts, train
from rnnbook.training.model import KINDS
from rnnbook.training.reports import Report, TensorBoard, usual_reports
from rnnbook.training.sampling import sample
from rnnbook.training.settings import PRECISIONS, Settings, settings_for
from rnnbook.training.text import DEFAULT, VOCABULARIES, Text, find_text

RUNS = Path("runs")
"""Where trainings are kept that were given no other place."""

SMALL = 20_000_000
"""Tokens up to which `rnnbook evaluate` measures compressors and counts n-grams."""

HELP: dict[str, str] = {
    "model": "which recurrent layers",
    "hidden": "units of each layer",
    "layers": "number of layers",
    "embedding": "numbers in the vector of a token",
    "dropout": "share of the values dropped after each layer while training",
    "forget_bias": "of the gate that keeps, at first",
    "reset_after": "let a GRU reset after the product, as PyTorch's does",
    "maker": "whose layers: this book's or torch.nn's",
    "engine": "what computes this book's layers",
    "steps": "optimiser steps",
    "batch": "sequences read side by side, of all processes together",
    "length": "tokens of each in a step, through which gradients flow",
    "accumulate": "parts in which a batch is computed, to save memory",
    "learning_rate": "at its highest",
    "warm_up": "steps in which the learning rate rises",
    "last_rate": "share of it that is left at the end",
    "weight_decay": "AdamW's",
    "clip": "largest norm of the gradient; inf for none",
    "seed": "of weights, dropout and the order of the data",
    "held_out": "share of the text, at its end, that is not trained on",
    "patience": "evaluations without a better one after which to stop; 0: never",
    "evaluate_every": "steps; 0: twenty times in all",
    "save_every": "steps; 0: at the end alone",
    "device": "auto, cpu, cuda, cuda:1, mps",
    "precision": "of the products; auto is tf32 on a GPU that has it, else float32",
    "deterministic": "refuse operations whose result is not always the same",
}
"""One line for each of :class:`~rnnbook.training.settings.Settings`."""

CHOICES = {"model": KINDS, "maker": ("rnnbook", "torch"), "precision": ("auto", *PRECISIONS)}


class InWords(click.Group):
    """Says what went wrong as a sentence, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except TrainingError as error:
            raise click.ClickException(str(error)) from error
        except torch.OutOfMemoryError as error:
            raise click.ClickException(
                "The memory of the device is not enough: choose a smaller --batch, --length or "
                "--hidden, or a larger --accumulate."
            ) from error


@click.group(cls=InWords, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(rnnbook.__version__, prog_name="rnnbook")
def main() -> None:
    """Train a character model on a text, let it write, measure it, take it elsewhere."""


def _setting_options(command: Callable) -> Callable:
    """An option for each setting; its default is the setting's, if it is not given."""
    for field in reversed(fields(Settings)):
        name = f"--{field.name.replace('_', '-')}"
        kind = type(field.default)
        shown = f"{HELP[field.name]} [{field.default}]"
        if kind is bool:
            option = click.option(f"{name}/--no-{name[2:]}", default=None, help=shown)
        else:
            choice = CHOICES.get(field.name)
            option = click.option(
                name, type=click.Choice(choice) if choice else kind, default=None, help=shown
            )
        command = option(command)
    return command


def _newest_run() -> Path:
    """The folder in ``runs`` that was written to last."""
    found = [path for path in RUNS.glob("*") if any(path.glob("step-*.json"))]
    if not found:
        raise TrainingError(
            f"There is no training in {RUNS}/; `rnnbook train` makes one, or name its folder."
        )
    return max(found, key=lambda path: max(f.stat().st_mtime for f in path.glob("step-*.json")))


def _new_run(model: str) -> Path:
    """A folder in ``runs`` that is not there yet."""
    numbers = iter(range(2, sys.maxsize))
    folder = RUNS / model
    while folder.exists():
        folder = RUNS / f"{model}-{next(numbers)}"
    return folder


run_argument = click.argument("run", type=click.Path(path_type=Path), required=False)


# --- train ---------------------------------------------------------------------------------------


@main.command("train")
@click.option("--text", "source", metavar="FILE", help="a UTF-8 file, a folder, or - for a pipe; "
              "Python's own reference manual if left out")  # fmt: skip
@click.option("--vocabulary", type=click.Choice(VOCABULARIES), help="what a token is [characters]")
@click.option("--out", type=click.Path(path_type=Path), help="folder of the checkpoints "
              "[runs/MODEL]")  # fmt: skip
@click.option("--resume", is_flag=True, help="go on from the newest checkpoint of --out, or of the "
              "newest training in runs")  # fmt: skip
@click.option("--tensorboard", is_flag=True, help="also write for TensorBoard, in the same folder")
@click.option("--prompt", default="", help="what the sample at the end goes on from")
@click.option("--quiet", is_flag=True, help="no progress")
@_setting_options
def train_command(
    source: str | None,
    vocabulary: str | None,
    out: Path | None,
    resume: bool,
    tensorboard: bool,
    prompt: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Train a model; with no argument an LSTM on Python's own manual.

    On several devices or machines the same after
    `torchrun --nproc-per-node=N --nnodes=M -m`. Ctrl-C saves and leaves; --resume goes on.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    group = Group.from_environment()
    if source == "-" and group.size > 1:
        raise TrainingError("Several processes cannot share a pipe; save the text to a file.")
    if resume:
        out = _newest_run() if out is None else out
        before = checkpoints.read(out)
        stored = before.record["text"]["source"]
        source = stored if source is None else source
        if not source:
            raise TrainingError("The text was given in a program; name it again with --text.")
        vocabulary = vocabulary or before.alphabet.vocabulary
        settings = _settings(before.settings.as_dict() | chosen)
    else:
        device = machine.choose_device(chosen.get("device", "auto"), group.local_rank)
        settings = _settings(settings_for(device.type).as_dict() | chosen)
        if out is None and group.size > 1:
            raise TrainingError("Several processes need one folder for all: name it with --out.")
        out = _new_run(settings.model) if out is None else out
    text = find_text(source or DEFAULT, vocabulary or VOCABULARIES[0])
    reports: list[Report] = []
    if group.leads:
        reports = [] if quiet else usual_reports()
        reports += [TensorBoard(out)] if tensorboard else []
        _announce(text, settings, group)
    result = train(text, settings, folder=out, resume=resume, reports=reports)
    if group.leads:
        _tell(result, prompt)
    if result.ended in signal.Signals.__members__:
        sys.exit(128 + signal.Signals[result.ended])


def _settings(chosen: dict[str, Any]) -> Settings:
    try:
        return Settings.from_dict(chosen)
    except (TypeError, ValueError) as error:
        raise TrainingError(f"--{str(error).replace('_', '-', 1)}") from error


def _announce(text: Text, settings: Settings, group: Group) -> None:
    device = machine.choose_device(settings.device, group.local_rank)
    precision = machine.choose_precision(settings.precision, device)
    with torch.device("meta"):
        weights = sum(p.numel() for p in settings.make_model(len(text.alphabet)).parameters())
    click.echo(str(text))
    click.echo(
        f"{settings.model.upper()}, {settings.layers} × {settings.hidden} units, {weights:,} "
        f"weights; {device}, {precision}" + (f", {group.size} processes" if group.size > 1 else "")
    )
    if precision in machine.AUTOCAST and settings.maker == "rnnbook":
        click.echo(f"The recurrence itself stays in float32; --maker torch lets it be {precision}.")


def _tell(result: Result, prompt: str) -> None:
    ended = {"done": "Trained", "patience": "Stopped, for nothing became better,"}
    words = ended.get(result.ended, f"Left at {result.ended}")
    click.echo(
        f"{words} after {result.step} steps, {result.seconds:.0f} s, "
        f"{result.tokens_per_second:,.0f} tokens/s."
    )
    click.echo(f"Held out: {result.bits_per_character:.3f} bits per character.")
    click.echo(f"Saved: {result.checkpoint}")
    if result.ended in ended:
        drawn = sample(result.model, result.text.alphabet, prompt)
        click.echo(f"It writes:\n\n{prompt}{drawn}")


# --- sample, evaluate, export --------------------------------------------------------------------


@main.command("sample")
@run_argument
@click.option("--prompt", default="", help="what to go on from")
@click.option("--length", default=400, help="tokens to draw", show_default=True)
@click.option("--temperature", default=0.8, help="0 is the likeliest always", show_default=True)
@click.option("--seed", default=0, help="of the draws", show_default=True)
def sample_command(
    run: Path | None, prompt: str, length: int, temperature: float, seed: int
) -> None:
    """Let a trained model write; RUN is the folder of a training, or one of its files."""
    checkpoint = _read(run)
    try:
        drawn = sample(
            checkpoint.model(),
            checkpoint.alphabet,
            prompt,
            length,
            temperature=temperature,
            seed=seed,
        )
    except ValueError as error:
        raise TrainingError(f"--{error}") from error
    click.echo(f"{prompt}{drawn}")


def _read(run: Path | None) -> checkpoints.Checkpoint:
    checkpoint = checkpoints.read(_newest_run() if run is None else run)
    for sentence in checkpoint.passed_over:
        click.echo(f"{sentence} Taking step {checkpoint.step}.", err=True)
    return checkpoint


@main.command("evaluate")
@run_argument
@click.option("--text", "source", metavar="FILE", help="another text, read from its beginning")
@click.option("--longest", default=8, help="n of the longest n-gram model; 0 for none",
              show_default=True)  # fmt: skip
def evaluate_command(run: Path | None, source: str | None, longest: int) -> None:
    """Bits per character of what was held out, beside compressors and n-gram models."""
    checkpoint = _read(run)
    if source is None:
        text, start = _own_text(checkpoint)
    else:
        text = find_text(source, checkpoint.alphabet.vocabulary).translated(checkpoint.alphabet)
        start = 0
    click.echo(str(text))
    bits = bits_per_character(checkpoint.model(), text, start)
    rows = [(f"{checkpoint.settings.model.upper()} of step {checkpoint.step}", bits)]
    if start and len(text) <= SMALL:
        primed = baselines.primed_bits(text, start)
        rows += [(f"{name}, primed", bits) for name, bits in primed.items()]
        if longest > 0:
            counted = enumerate(baselines.ngram_bits(text, start, longest), 1)
            rows += [(f"{n}-gram", bits) for n, bits in counted]
    what = f"the last {len(text) - start:,} tokens" if start else "all of it"
    click.echo(f"Bits per character of {what}:\n\n{baselines.table(rows)}")


def _own_text(checkpoint: checkpoints.Checkpoint) -> tuple[Text, int]:
    """The text of a training, and where what was held out begins."""
    stored = checkpoint.record["text"]
    if not stored["source"]:
        raise TrainingError("The text was given in a program; name one with --text.")
    text = find_text(stored["source"], checkpoint.alphabet.vocabulary)
    if text.sha256 != stored["sha256"]:
        raise TrainingError(
            f"{text.name} is no longer the text that was trained on: its SHA-256 is "
            f"{text.sha256[:16]}, and was {stored['sha256'][:16]}. Name a text with --text."
        )
    return text, parts(len(text), checkpoint.settings)[1]


@main.command("export")
@run_argument
@click.option("--onnx", type=click.Path(path_type=Path), help="write a model for ONNX's runtimes")
@click.option("--page", type=click.Path(path_type=Path), help="write the JSON that a page reads, "
              "8 bits a weight, and measure what that costs")  # fmt: skip
def export_command(run: Path | None, onnx: Path | None, page: Path | None) -> None:
    """Take a trained model elsewhere."""
    if onnx is None and page is None:
        raise TrainingError("Say what to write: --onnx FILE, --page FILE, or both.")
    checkpoint = _read(run)
    model, alphabet = checkpoint.model(), checkpoint.alphabet
    try:
        if onnx is not None:
            export.to_onnx(model, alphabet, onnx)
            click.echo(f"{onnx}: {onnx.stat().st_size:,} bytes")
        if page is not None:
            text, start = _own_text(checkpoint)
            written = export.to_page(model, alphabet, page, text=text, start=start)
            bits = written["bits_per_character"]
            click.echo(
                f"{page}: {page.stat().st_size:,} bytes; held out {bits['quantised']:.4f} bits per "
                f"character, {bits['float32']:.4f} before"
            )
    except OSError as error:
        raise TrainingError(f"{error.filename} cannot be written: {error.strerror}.") from error


# --- bench, doctor -------------------------------------------------------------------------------


@main.command("bench")
@click.option("--ladder", "climb", is_flag=True, help="from the post's loop to the library's "
              "kernel, rung by rung")  # fmt: skip
@click.option("--device", default="auto", help="auto, cpu, cuda, mps", show_default=True)
@click.option("--store", type=click.Path(path_type=Path), help="write the results to a JSON file")
@click.option("--seconds", default=2.0, help="for each number", show_default=True)
@click.option("--hidden", multiple=True, type=click.IntRange(1), help="units; may be repeated")
@click.option("--compile", "compiles", is_flag=True, help="on a CPU, too, climb the rungs that "
              "torch.compile makes; each takes half a minute to build")  # fmt: skip
def bench_command(
    climb: bool,
    device: str,
    store: Path | None,
    seconds: float,
    hidden: tuple[int, ...],
    compiles: bool,
) -> None:
    """Measure tokens per second against torch.nn, or the ladder of ways to compute a layer."""
    chosen = machine.choose_device(device)
    command = " ".join(["rnnbook", *sys.argv[1:]])
    if climb:
        results = ladder.climb(chosen, hidden, seconds=seconds, compiles=compiles)
        click.echo(ladder.table(results))
    else:
        results = bench.throughput(chosen, hidden or (192,), seconds=seconds)
        click.echo(bench.table(results))
    if store is not None:
        text = json.dumps(results | {"command": command}, indent=1) + "\n"
        try:
            checkpoints.replace(store, text.encode("utf-8"))
        except OSError as error:
            raise TrainingError(f"{store} cannot be written: {error.strerror}.") from error


@main.command("doctor")
def doctor_command() -> None:
    """Say which hardware there is, which engine computes on it, and what is missing."""
    for finding in doctor.examine():
        mark = click.style("✓", fg="green") if finding.good else click.style("–", fg="yellow")
        click.echo(f"{mark} {finding.what}: {finding.said}")
