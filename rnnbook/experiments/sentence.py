r"""Which gates need the past? An LSTM on :mod:`rnnbook.worlds.sentence`, gates made blind to h."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rnnbook.timescales import set_forget_bias
from rnnbook.worlds.sentence import sentence_totals

GATES = {"i": 0, "f": 1, "g": 2, "o": 3}
"""PyTorch's rows of an LSTM's recurrent weights: input, forget, candidate (g), output."""


@dataclass(frozen=True)
class SentenceRun:
    """What one training came to.

    Attributes:
        curve: mean square error of every tenth batch, before its step.
        error: mean square error over the second half of 2,000 unseen streams.
    """

    curve: tuple[float, ...]
    error: float


def train_lstm(
    blind: Sequence[str],
    seed: int,
    *,
    steps: int = 500,
    hidden: int = 8,
    learning_rate: float = 0.03,
    length: int = 30,
    stop: float = 0.3,
    capital: float = 0.3,
    progress: Callable[[int, int], None] | None = None,
) -> SentenceRun:
    r"""Train ``torch.nn.LSTM`` with a linear read-out on the sentence totals of chapter 1.

    The weights of h in the gates that are named blind are held at zero. The forget bias starts at
    1, the rest as PyTorch draws it. Adam, batches of 64 fresh streams, clipping at 1, a learning
    rate that falls to a twentieth.

    Args:
        blind: gates that do not see :math:`h_{t-1}`, keys of :data:`GATES`.
        seed: of the weights and of the data.
        steps: batches.
        hidden: H.
        learning_rate: Adam's, at the start.
        length: T.
        stop: probability of a full stop at a step.
        capital: probability of a capital letter at a step.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of the run.

    Raises:
        ValueError: a gate is unknown.

    Source: chapter 1.
    """
    unknown = set(blind) - GATES.keys()
    if unknown:
        raise ValueError(f"blind: expected some of {', '.join(GATES)}; given {sorted(unknown)}")
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    lstm, read_out = torch.nn.LSTM(3, hidden), torch.nn.Linear(hidden, 1)
    set_forget_bias(lstm, 1.0)
    parameters = [*lstm.parameters(), *read_out.parameters()]
    optimizer = torch.optim.Adam(parameters, learning_rate)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, steps)
    seen = torch.ones(4, hidden, 1)
    seen[[GATES[gate] for gate in blind]] = 0
    seen = seen.reshape(4 * hidden, 1)

    def squares(batch: int, source: torch.Generator) -> Tensor:
        x, y = sentence_totals(batch, length, stop, capital, source)
        return (read_out(lstm(x)[0])[..., 0] - y).square()

    curve = []
    for step in range(steps):
        with torch.no_grad():
            lstm.weight_hh_l0.mul_(seen)
        loss = squares(64, generator).mean()
        if step % 10 == 0:
            curve.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        if progress:
            progress(step + 1, steps)
    with torch.no_grad():
        lstm.weight_hh_l0.mul_(seen)
        error = squares(2000, torch.Generator().manual_seed(1_000_000))[length // 2 :].mean()
    return SentenceRun(tuple(curve), error.item())
