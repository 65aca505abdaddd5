"""How many tokens a second a training reads, with this book's layers and with torch.nn's."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import torch

import rnnbook
from rnnbook.training import machine
from rnnbook.training.group import Group
from rnnbook.training.loop import Training
from rnnbook.training.settings import Settings
from rnnbook.training.text import default_text

CONTESTANTS: dict[str, dict[str, Any]] = {
    "LSTM": {"model": "lstm"},
    "GRU": {"model": "gru", "reset_after": True},
    "GRU, reset before": {"model": "gru"},
    "RNN": {"model": "rnn"},
}
"""Models; each is measured with both makers, but the one that torch.nn has not against its GRU."""


def conditions(device: torch.device) -> dict[str, Any]:
    """What a measurement depends on: device, versions, threads, date."""
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    else:
        name = platform.processor() or platform.machine()
    return {
        "device": device.type,
        "name": name,
        "threads": torch.get_num_threads(),
        "rnnbook": rnnbook.__version__,
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def throughput(
    device: torch.device,
    hidden: Sequence[int] = (192,),
    *,
    seconds: float = 2.0,
    chosen: Sequence[str] = tuple(CONTESTANTS),
) -> dict[str, Any]:
    """Whole training steps, optimiser included, by turns with either maker's layers.

    Args:
        device: to measure on.
        hidden: units.
        seconds: for each number, about.
        chosen: keys of :data:`CONTESTANTS`.

    Returns:
        The conditions, and for each model and size the medians of tokens per second and of their
        ratio within one turn, with its quartiles.

    Source: this project.
    """
    rows = []
    precision = machine.choose_precision("auto", device)
    with machine.configured(device, precision, deterministic=False):
        for units in hidden:
            for name in chosen:
                settings = {"hidden": units, "device": str(device), **CONTESTANTS[name]}
                pair = [
                    _training(Settings(**settings), device, precision),
                    _training(
                        Settings(**settings | {"maker": "torch", "reset_after": True}),
                        device,
                        precision,
                    ),
                ]
                rows.append({"model": name, "hidden": units, **_compared(pair, seconds)})
    return {"what": "throughput", "precision": precision, **conditions(device), "rows": rows}


def _training(settings: Settings, device: torch.device, precision: str) -> Training:
    return Training(default_text(), settings, Group(), device, precision)


def _compared(pair: list[Training], seconds: float) -> dict[str, Any]:
    rates: list[list[float]] = [[], []]
    for training in pair:
        training.advance()  # compiles, allocates
    end = time.perf_counter() + 2 * seconds
    while time.perf_counter() < end or len(rates[0]) < 3:
        for training, measured in zip(pair, rates, strict=True):
            began = time.perf_counter()
            training.advance()  # returns the loss as a number, so that a GPU has finished
            spent = time.perf_counter() - began
            measured.append(training.settings.batch * training.settings.length / spent)
    ratios = [ours / theirs for ours, theirs in zip(*rates, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return {
        "rnnbook": statistics.median(rates[0]),
        "torch.nn": statistics.median(rates[1]),
        "ratio": middle,
        "spread": [low, high],
        "turns": len(ratios),
    }


def table(results: dict[str, Any]) -> str:
    """The results as lines of text."""
    lines = [
        f"{results['name']}, {results['threads']} threads, {results['precision']}, "
        f"PyTorch {results['torch']}, {results['date']}",
        "",
        f"{'tokens per second':<20} {'units':>5} {'rnnbook':>10} {'torch.nn':>10}   ratio",
    ]
    for row in results["rows"]:
        low, high = row["spread"]
        lines.append(
            f"{row['model']:<20} {row['hidden']:>5} {row['rnnbook']:>10,.0f} "
            f"{row['torch.nn']:>10,.0f}   {row['ratio']:.2f} ({low:.2f} to {high:.2f})"
        )
    return "\n".join(lines)
