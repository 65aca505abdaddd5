r"""What the output gate is good for: LSTMs on announced questions, with it and without it.

The cell is equations (1) to (6) as printed. What an arm takes away from it are weights, which are
held still: at zero, or, for a gate that is always open, at a bias whose logistic function is 1 in
float32. The trainings of an arm run side by side, each in its own row of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector

from rnnbook.experiments import Run, _one_thread, trainings
from rnnbook.timescales import set_forget_bias
from rnnbook.worlds.questions import announced

ALWAYS_OPEN = 30.0
"""A bias with which σ is 1 in float32."""

GATES = "ifgo"
"""PyTorch's order of an LSTM's rows: input, forget, candidate (g), output."""


@dataclass(frozen=True)
class Arm:
    """What is taken from a whole LSTM cell, and how it answers.

    Attributes:
        blind: the gates that do not see h, letters of :data:`GATES`.
        open: whether the output gate is 1 at every step.
        local: whether each possible answer has a read-out unit of its own, trained by
            cross-entropy; else one unit's number is the answer, trained by mean square.
    """

    blind: str = ""
    open: bool = False
    local: bool = False


ARMS = {
    "number: (5) as printed": Arm(),
    "number: o = 1": Arm(open=True),
    "number: only (5) sees h": Arm(blind="ifg"),
    "number: nothing sees h": Arm(blind="ifgo"),
    "a unit each: (5) as printed": Arm(local=True),
    "a unit each: o = 1": Arm(open=True, local=True),
}
"""The arms by name."""


class Answerer(torch.nn.Module):
    """A ``torch.nn.LSTM`` and a linear read-out at every step, of an arm.

    Source: chapter 5.
    """

    def __init__(self, arm: Arm, hidden: int) -> None:
        """Draw the weights as PyTorch does, with a forget bias of 1; hold still what is taken."""
        super().__init__()
        self.lstm = torch.nn.LSTM(4, hidden)
        self.read_out = torch.nn.Linear(hidden, 3 if arm.local else 1)
        set_forget_bias(self.lstm, 1.0)
        self.free = {name: torch.ones_like(one) for name, one in self.named_parameters()}
        rows = {g: slice(k * hidden, (k + 1) * hidden) for k, g in enumerate(GATES)}
        for gate in arm.blind:
            self.free["lstm.weight_hh_l0"][rows[gate]] = 0
        if arm.open:
            for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
                self.free[f"lstm.{name}"][rows["o"]] = 0
        with torch.no_grad():
            for name, one in self.named_parameters():
                one.mul_(self.free[name])
            if arm.open:
                self.lstm.bias_ih_l0[rows["o"]] = ALWAYS_OPEN

    def forward(self, x: Tensor) -> Tensor:
        """The read-out at every step, (T, B, 1 or 3)."""
        return self.read_out(self.lstm(x)[0])


def right(answered: Tensor, answers: Tensor) -> Tensor:
    """Where an answer, rounded or chosen, is the one asked for: (…) from (…, 1 or 3)."""
    if answered.shape[-1] == 1:
        return (answered[..., 0] - answers).abs() < 0.5
    return answered.argmax(-1) - 1 == answers


def loss_of(answered: Tensor, answers: Tensor) -> Tensor:
    """Mean square, or mean cross-entropy of a unit each: (…) from (…, T, B, 1 or 3)."""
    if answered.shape[-1] == 1:
        each = (answered[..., 0] - answers).square()
    else:
        chosen = (answers + 1).long().unsqueeze(-1)
        each = -answered.log_softmax(-1).gather(-1, chosen)[..., 0]
    return each.mean((-2, -1))


def train_answerers(
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int = 1200,
    hidden: int = 4,
    length: int = 12,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    r"""Train networks on announced questions, side by side.

    Adam, batches of 32 fresh streams, clipping at 1. A run's accuracy is the share of right
    answers, silence included, over 1,000 unseen streams; its curve is the loss of every tenth
    batch.

    Args:
        cases: arm, seed and learning rate of each training, N of them; the arms, keys of
            :data:`ARMS`, all answer by a number or all by a unit each.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each run, with its network.

    Raises:
        ValueError: there is no such arm, or the arms do not answer in one way.

    Source: chapter 5.
    """
    trainings.check_models(cases, ARMS)
    if len({ARMS[arm].local for arm, _, _ in cases}) != 1:
        raise ValueError("cases: expected arms that all answer by a number, or all by a unit each")
    with _one_thread():
        return trainings.train_networks(
            cases,
            lambda arm: Answerer(ARMS[arm], hidden),
            lambda batch, source: announced(batch, length, source),
            lambda like, weights, x, y: loss_of(trainings.module_answers(like, weights, x), y),
            right,
            steps=steps,
            free=lambda network: parameters_to_vector(network.free.values()),
            progress=progress,
        )


def overheard(network: Answerer, x: Tensor) -> Tensor:
    r"""How far the kept sign moves the arguments of the gates: what is stored, heard inside.

    .. math:: \frac{1}{4H} \sum_k \Big| \big(W_h\,(h_t - h_t^-)\big)_k \Big|

    with :math:`h_t^-` of the same stream, all of whose signs are turned round.

    Args:
        network: a trained one.
        x: inputs (T, B, 4).

    Returns:
        (T, B), without gradient.

    Source: chapter 5.
    """
    turned = x * torch.tensor([-1.0, 1, 1, 1])
    with torch.no_grad():
        difference = network.lstm(x)[0] - network.lstm(turned)[0]
        return (difference @ network.lstm.weight_hh_l0.T).abs().mean(-1)
