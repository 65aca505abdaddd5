r"""Where the reset gate stands: GRUs that choose a source, or a receiver. Chapter 9.

The tasks are those of :mod:`rnnbook.worlds.choosing`. The cells are equations (7) to (10) with the
reset before the product, with the reset after it, and with none. All three have the same numbers
and start from the same; there is no second bias. The trainings of an arm run side by side.
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

from rnnbook.experiments import _UNSEEN_SEEDS, _one_thread, rows, stored_results, trainings
from rnnbook.experiments.trainings import RowRun
from rnnbook.worlds.choosing import choose_receiver, choose_source

TASKS = {"source": (choose_source, 5, 1), "receiver": (choose_receiver, 4, 2)}
"""What is to be chosen: the task, its inputs D and its answers Q."""

RESETS = ("before", "after", "none")
"""Where the reset gate stands."""

AT_ONCE = 50
"""So many batches are drawn at a time."""

ARMS = {f"{task}: reset {reset}": (task, reset) for task in TASKS for reset in RESETS}
"""The arms by name: what is chosen, a colon, and where the gate stands."""


def train_choosers(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 1000,
    hidden: int = 3,
    length: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> list[RowRun]:
    r"""Train GRUs with a linear read-out at every step, side by side.

    Adam, batches of 32 fresh streams, mean square error, clipping at 1. An answer is right if it
    lies within one half of what was asked for. Trainings with the same seed and task start from the
    same weights and see the same streams.

    Args:
        cases: arm, seed and learning rate of each training; the arms, keys of :data:`ARMS`, all
            have the same task.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training.

    Raises:
        ValueError: there is no such arm, or the arms have two tasks.

    Source: chapter 9.
    """
    trainings.check_models(cases, ARMS, "model")
    if len({ARMS[model][0] for model, _, _ in cases}) != 1:
        raise ValueError("cases: expected arms of one task")
    sample, D, Q = TASKS[ARMS[cases[0][0]][0]]
    shapes = trainings.gated_shapes(3, D, hidden, Q)

    def answers(models: Sequence[str], weights: dict[str, Tensor], x: Tensor) -> Tensor:
        return trace([ARMS[model][1] for model in models], weights, x)["answer"]

    with _one_thread():
        starts = [
            trainings.start(shapes, torch.Generator().manual_seed(seed), {0: 1})  # b_z
            for _, seed, _ in cases
        ]
        return trainings.train_named(
            torch.stack(starts),
            shapes,
            cases,
            lambda batch, source: sample(batch, length, source),
            answers,
            steps=steps,
            at_once=AT_ONCE,
            progress=progress,
        )


def right(reset: str, weights: dict[str, Tensor], x: Tensor, y: Tensor) -> float:
    """The share of answers of one network that lie within one half of y (T, B, Q)."""
    with torch.no_grad():
        answers = trace([reset], weights, x[None].to(weights["W_x"]))["answer"][0]
    return trainings.near(answers, y)


def trace(resets: Sequence[str], weights: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    r"""Run N networks at once.

    Args:
        resets: of :data:`RESETS`, one for all networks, or one for each.
        weights: ``W_x`` (N, D, 3H), ``W_h`` (N, H, 3H), ``b`` (N, 3H), of z, r and the candidate;
            ``W_q`` (N, H, Q), ``b_q`` (N, Q).
        x: inputs (N, T, B, D).

    Returns:
        The ``answer`` (N, T, B, Q), and what :func:`rnnbook.experiments.rows.gru_trace` holds.

    Source: the post, eqs. (7) to (10).
    """
    from_x = trainings.from_inputs(weights, x)
    seen = rows.gru_trace(from_x, weights["W_h"], resets=resets)
    answer = torch.einsum("ntbh,nhq->ntbq", seen["h"], weights["W_q"])
    return seen | {"answer": answer + weights["b_q"][:, None, None]}


def stored_chooser() -> dict[str, Tensor]:
    """One trained network that chooses a source, reset before the product: float64, as of `trace`.

    Source: ``rnnbook/results/chooser.json``, written by ``python -m rnnbook.experiments.choosing``.
    """
    kept = stored_results("chooser")["weights"]
    exact = {"dtype": torch.float64}
    return {name: torch.tensor(value, **exact).unsqueeze(0) for name, value in kept.items()}


def main() -> None:
    """Train the network that ``SameWeights`` opens, and store it with three digits."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "results")
    out = parser.parse_args().out / "chooser.json"
    seed, rate, steps = 2, 0.03, 1500
    (run,) = train_choosers([("source: reset before", seed, rate)], steps=steps)
    weights = {name: _rounded(part[0].tolist()) for name, part in run.weights.items()}
    named = {name: torch.tensor(value).unsqueeze(0) for name, value in weights.items()}
    x, y = choose_source(4000, 12, torch.Generator().manual_seed(_UNSEEN_SEEDS))
    record = {
        "what": "a GRU of three units that chooses a source, reset before the product",
        "command": "python -m rnnbook.experiments.choosing",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "seed": seed,
        "learning_rate": rate,
        "steps": steps,
        "right": {reset: round(right(reset, named, x, y), 4) for reset in RESETS},
        "weights": weights,
    }
    out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def _rounded(values: list) -> list:
    return [_rounded(v) if isinstance(v, list) else round(v, 3) for v in values]


if __name__ == "__main__":
    main()
