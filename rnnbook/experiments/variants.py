r"""Small LSTMs with a gate less: cut after training, and trained without. Appendix A.

The task is chapter 5's :func:`rnnbook.worlds.questions.announced`: keep the last sign that was
marked, and say it when it is asked for, else say 0. It wants all three gates: what is not marked is
to be kept out, what is marked takes the place of the old, and what is not asked for is to be kept
back. ``GatesTakenOut`` opens the networks that are stored with the package.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor

from rnnbook import variants
from rnnbook.experiments import _one_thread, equal_terms, rows, stored_results, trainings
from rnnbook.variants import VARIANTS, Options
from rnnbook.worlds.questions import announced

OPTIONS = {"LSTM": Options()} | {title: one.options for title, one in VARIANTS.items()}
"""What is changed of the LSTM, by name; nothing, of the first."""

INPUTS, HIDDEN, LENGTH = 4, 2, 12
"""D, H and T."""

WIDER = 4
"""H of the networks of which the errors alone are stored."""

RATE, BATCHES, SEEDS = 0.03, 1200, tuple(range(9))
"""Adam's learning rate, which falls to a twentieth; batches of 64; seeds of the weights."""


def trace(options: Options, weights: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    r"""Run N changed LSTMs with a linear read-out.

    .. math:: y_t = W_q \cdot h_t + b_q

    Args:
        options: what is changed.
        weights: ``W_x`` (N, D, kH), ``W_h`` (N, H, kH), ``b`` (N, kH), ``W_q`` (N, H, 1), ``b_q``
            (N, 1), and the further ones of ``options.more``; blocks as in ``options.blocks``. More
            of them may be there, in the order of the LSTM: those of a gate that is taken out are
            left aside.
        x: inputs (N, T, B, D).

    Returns:
        The ``answer`` (N, T, B), and f, i, C_tilde, C, o and h, each (N, T, B, H).

    Source: Appendix A.
    """
    H = weights["W_h"].shape[1]
    W_x, W_h, b = (_left(options, weights[name], H) for name in ("W_x", "W_h", "b"))
    more = [
        weights[name]
        if name in weights
        else W_h.new_zeros(len(W_h), *(int(axis[:-1]) * H for axis in layout.split()))
        for name, layout in options.more.items()
    ]
    from_x = trainings.from_inputs({"W_x": W_x, "b": b}, x)
    seen = variants.trace(options, from_x, W_h, *more)
    answer = torch.einsum("ntbh,nh->ntb", seen["h"], weights["W_q"][..., 0])
    return seen | {"answer": answer + weights["b_q"].unsqueeze(1)}


def _left(options: Options, stacked: Tensor, hidden: int) -> Tensor:
    """The blocks that are left of all four, where all four are given: a cut after training."""
    if stacked.shape[-1] == len(options.blocks) * hidden:
        return stacked
    blocks = dict(zip(variants.BLOCKS, stacked.split(hidden, -1), strict=True))
    return torch.cat([blocks[name] for name in options.blocks], -1)


def train(
    name: str,
    seeds: Sequence[int] = SEEDS,
    *,
    batches: int = BATCHES,
    hidden: int = HIDDEN,
    rate: float = RATE,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Tensor]:
    r"""Train one variant from many seeds side by side: Adam, mean square error of every answer.

    Args:
        name: a key of :data:`OPTIONS`.
        seeds: of the weights; all see the same streams.
        batches: of 64 fresh streams each.
        hidden: H.
        rate: at first.
        progress: called with the steps done and all steps, after every step.

    Returns:
        Weights by name, as :func:`trace` wants them, N = the number of seeds.

    Raises:
        ValueError: there is no such variant.

    Source: this project.
    """
    if name not in OPTIONS:
        raise ValueError(f"name: expected one of {', '.join(OPTIONS)}; given {name!r}")
    shapes = equal_terms.shapes(name, hidden, INPUTS, 1)
    source = torch.Generator().manual_seed(0)

    def losses(weights: Tensor) -> Tensor:
        x, y = announced(64, LENGTH, source)
        x = x.expand(len(weights), -1, -1, -1)
        answer = trace(OPTIONS[name], rows.named(weights, shapes), x)["answer"]
        return (answer - y).square().mean((1, 2))

    with _one_thread():
        start = torch.stack([equal_terms.start(name, seed, shapes) for seed in seeds])
        rates = [rate] * len(seeds)
        weights, _ = rows.descend(
            start, losses, rates, steps=batches, falls_to=0.05, progress=progress
        )
    return rows.named(weights, shapes)


def reached(options: Options, weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Mean square error (N,) and share of answers within 1/2 (N,), on 4,000 unseen streams.

    Args:
        options: what is changed.
        weights: of N networks, as of :func:`trace`.
    """
    x, y = announced(4000, LENGTH, torch.Generator().manual_seed(10**6))
    with torch.no_grad():
        answer = trace(options, weights, x.expand(len(weights["b"]), -1, -1, -1))["answer"]
    wrong = (answer - y).double()
    return {
        "error": wrong.square().mean((1, 2)),
        "right": (wrong.abs() < 0.5).double().mean((1, 2)),
    }


def trained(name: str) -> dict[str, Tensor]:
    """The weights of the stored network of this name, the same on every machine, N = 1.

    Args:
        name: a key of :data:`OPTIONS`.

    Raises:
        ValueError: there is no such network.

    Source: ``rnnbook/results/variants.json``, which this module writes.
    """
    if name not in OPTIONS:
        raise ValueError(f"name: expected one of {', '.join(OPTIONS)}; given {name!r}")
    return _tensors(stored_results("variants")["networks"][name])


def _tensors(network: dict) -> dict[str, Tensor]:
    weights = network["weights"]
    return {key: torch.tensor(value).unsqueeze(0) for key, value in weights.items()}


def _digits(value: float) -> float:
    return float(f"{value:.4g}")


def _scores(options: Options, weights: dict[str, Tensor]) -> list[dict[str, float]]:
    """Error and share of right answers of each network."""
    found = reached(options, weights)
    return [
        {"error": _digits(error), "right": round(right, 4)}
        for error, right in zip(found["error"].tolist(), found["right"].tolist(), strict=True)
    ]


def networks(hidden: int = HIDDEN, *, told: Callable[[str], None] | None = None) -> dict[str, dict]:
    """Train all nine from every seed, and keep the best network of each.

    Args:
        hidden: H.
        told: called with the name of each one that is done.

    Returns:
        Of each name the ``seed`` of the network that is kept, its ``error`` and its share of
        ``right`` answers, those of the LSTM with the same change made after training as ``cut``,
        the errors of all seeds as ``each``, and its ``weights``, with four digits after the point.

    Source: this project.
    """
    kept: dict[str, dict] = {}
    for name, options in OPTIONS.items():
        weights = train(name, hidden=hidden)
        weights = {key: part.mul(1e4).round().div(1e4) for key, part in weights.items()}
        scores = _scores(options, weights)
        best = min(range(len(SEEDS)), key=lambda n: scores[n]["error"])
        weights = {key: part[best : best + 1] for key, part in weights.items()}
        whole = _tensors(kept["LSTM"]) if kept else weights
        kept[name] = {
            "seed": SEEDS[best],
            **scores[best],
            "cut": _scores(options, whole)[0],
            "each": [score["error"] for score in scores],
            "weights": {key: _rounded(part[0].tolist()) for key, part in weights.items()},
        }
        if told:
            told(name)
    return kept


def _rounded(value: float | list) -> float | list:
    return [_rounded(one) for one in value] if isinstance(value, list) else round(value, 4)


def main() -> None:
    """Train the networks of two and of four units, and store them where ``trained`` looks."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "variants.json"
    record = {
        "what": "LSTMs as printed and with one change, on rnnbook.worlds.questions.announced",
        "command": "python -m rnnbook.experiments.variants",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "length": LENGTH,
        "batches": BATCHES,
        "rate": RATE,
        "seeds": list(SEEDS),
        "hidden": HIDDEN,
        "networks": networks(told=print),
    }
    out.write_text(json.dumps(record) + "\n", encoding="utf-8")
    record["wider"] = networks(WIDER, told=print)
    for one in record["wider"].values():
        del one["weights"]
    out.write_text(_by_lines(record), encoding="utf-8")


def _by_lines(record: dict) -> str:
    """The record as JSON, one network a line."""

    def lines(value: object) -> str:
        if isinstance(value, dict) and any(isinstance(one, dict) for one in value.values()):
            inside = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            return f"{{\n{inside}\n }}"
        return json.dumps(value)

    return "{\n" + ",\n".join(f" {json.dumps(k)}: {lines(v)}" for k, v in record.items()) + "\n}\n"


if __name__ == "__main__":
    main()
