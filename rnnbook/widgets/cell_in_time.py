"""The explorable of chapter 6: a whole trained LSTM cell, step by step, forwards and backwards."""

from __future__ import annotations

import torch
import traitlets
from torch import Tensor

from rnnbook import lstm
from rnnbook.experiments import stored_results
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row, module, plain

STEPS = 10
_SILENCE, _LEVELS = 17, 35  # a row travels in 36 levels; each is a tenth of a reading
_GATES = "ifco"  # PyTorch's order


def readings(found: dict[int, float]) -> list[float]:
    """The row for these readings, in [−1.7, 1.7], by their steps from 1; all others are 0."""
    levels = [_SILENCE + round(10 * found.get(t + 1, 0.0)) for t in range(STEPS)]
    return [level / _LEVELS for level in levels]


def tenths(readings: list[float]) -> list[float]:
    """What a row of readings says, in tenths."""
    levels = [round(_LEVELS * share) - _SILENCE for share in readings]
    return [min(max(level, -_SILENCE), _SILENCE) / 10 for level in levels]


def flips(*steps: int) -> list[float]:
    """The row for flips at these steps, from 1."""
    return [float(t + 1 in steps) for t in range(STEPS)]


def inputs(readings: list[float], flips: list[float]) -> Tensor:
    """What the network sees, (T, 2) in float64, from the two rows."""
    pairs = list(zip(tenths(readings), (float(round(flip)) for flip in flips), strict=True))
    return torch.tensor(pairs, dtype=torch.float64)


def stored_weights() -> dict[str, object]:
    """Weights of each gate, by rows of units, with one bias, and of the read-out.

    Source: ``rnnbook/results/flips.json``, the network of :mod:`rnnbook.experiments.flips`.
    """
    kept = stored_results("flips")["weights"]
    both = [kept["lstm.bias_ih_l0"], kept["lstm.bias_hh_l0"]]
    bias = [sum(pair) for pair in zip(*both, strict=True)]
    units = len(bias) // 4
    parts = {
        gate: {
            "x": kept["lstm.weight_ih_l0"][units * k : units * (k + 1)],
            "h": kept["lstm.weight_hh_l0"][units * k : units * (k + 1)],
            "b": bias[units * k : units * (k + 1)],
        }
        for k, gate in enumerate(_GATES)
    }
    return {**parts, "y": {"h": kept["read_out.weight"][0], "b": kept["read_out.bias"][0]}}


OVER = {
    "readings": readings({1: 0.4, 7: 0.3}),
    "flips": flips(5),
    "wanted": "+1",
    "unit": "2",
    "direction": "backwards",
    "step": 5.0,
}
PRESETS = [
    {
        "name": "Over a flip",
        "about": "To flip, the cell must forget: f_5 is nearly 0, and the carry ends there. What "
        "steps 1 to 4 are told comes by the gates, and with the other sign.",
        "set": OVER,
    },
    {
        "name": "One clear reading",
        "about": "A clear reading, then silence. Near the end most comes along the carry; at "
        "every step back it keeps f of it, and the detours add the rest.",
        "set": {
            **OVER,
            "readings": readings({1: 1.0}),
            "flips": flips(),
            "wanted": "−1",
            "unit": "1",
            "step": 9.0,
        },
    },
    {
        "name": "A doubtful reading",
        "about": "The network hesitates, and every step’s h moves the next one’s gates: step 1 is "
        "told nearly nine times as much as step 10. Of that the carry brings a hundredth.",
        "set": {
            **OVER,
            "readings": readings({1: 0.1}),
            "flips": flips(),
            "wanted": "−1",
            "unit": "1",
            "step": 1.0,
        },
    },
    {
        "name": "Two flips",
        "about": "Two flips undo each other: the sign of the gradient turns twice on its way back.",
        "set": {**OVER, "readings": readings({1: 0.4}), "flips": flips(4, 8), "wanted": "−1"},
    },
    {
        "name": "Right already",
        "about": "The answer is nearly what was wanted, so there is almost nothing to tell: every "
        "gradient is the error times something.",
        "set": {**OVER, "readings": readings({1: 1.0, 3: 0.8, 7: -0.9}), "wanted": "−1"},
    },
]


class CellInTime(Adjustable):
    r"""A whole trained cell as a diagram, scrubbed through time, forwards and backwards.

    The network, two LSTM units and a linear answer y at the last step, has learnt to follow a sign
    that is read now and then and sometimes flipped. Above, the ten steps: readings and flips, which
    a hand can change, and the cell state or its gradient. Below, the chosen unit at the chosen
    step, a number on every wire: values forwards; backwards
    :math:`\delta = \partial L / \partial` of the same wires, for :math:`L = \frac12 (y - y^*)^2`,
    with :math:`\delta C_t` split into what comes along the carry and what comes by the gates.

    Args:
        readings: ten shares, each a reading of the sign; make them with :func:`readings`.
        flips: ten shares, 1 where the sign is flipped; make them with :func:`flips`.
        step: the step that is looked at.
        unit: the unit that is followed, "1" or "2".
        direction: "backwards" or "forwards".
        wanted: the answer that the loss wants, "+1" or "−1".
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range or a row that is not ten steps long.

    Source: the post, eqs. (1) to (6). Chapter 6.
    """

    presets = PRESETS

    _esm = module("cell_in_time")
    _weights = traitlets.Dict().tag(sync=True)

    step = Number(5, 1, STEPS, whole=True, label="step t")
    direction = Choice("forwards", "backwards", label="go")
    unit = Choice("1", "2", label="unit")
    wanted = Choice("+1", "−1", label="wanted answer")
    readings = Row()
    flips = Row()
    title = traitlets.Unicode("A whole cell in time, forwards and backwards").tag(sync=True)
    try_this = traitlets.Unicode(
        "Two units were trained to say, after step 10, a sign that is read through noise and "
        "turned by each flip ◆. Drag the step back from 10, over the flip, to 1: how much of the "
        "gradient is still the carry’s, and who brings the rest?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "f lies between 0 and 1: the carry can shrink a gradient, it can never turn its sign. "
        "Where the sign turns, or the gradient grows, the detours through the gates did it."
    ).tag(sync=True)
    key = traitlets.Unicode("cell-in-time").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        arguments = {**OVER, **arguments}
        for name in ("readings", "flips"):
            if len(arguments[name]) != STEPS:
                found = len(arguments[name])
                raise ValueError(f"CellInTime: {name} must have {STEPS} steps; it has {found}.")
        super().__init__(**arguments)

    @traitlets.default("_weights")
    def _stored(self) -> dict[str, object]:
        return stored_weights()

    @property
    def text(self) -> str:
        """What the chosen step holds and what it is told, in sentences."""
        x, (t, j) = inputs(self.readings, self.flips), (int(self.step), int(self.unit) - 1)
        W = {
            gate: [torch.tensor(part[n], dtype=torch.float64).t() for n in ("x", "h")]
            + [torch.tensor(part["b"], dtype=torch.float64)]
            for gate, part in self._weights.items()
            if gate != "y"
        }
        h = torch.zeros(1, len(W["f"][2]), dtype=torch.float64)
        C, states, kept = h, [], []
        for row in x:
            f, i, c, o = (
                gate(row[None], h, *W[name])
                for name, gate in zip(
                    "fico",
                    (lstm.forget_gate, lstm.input_gate, lstm.candidate, lstm.output_gate),
                    strict=True,
                )
            )
            C = lstm.cell_state(f, C, i, c).requires_grad_()
            h = lstm.hidden_state(o, C)
            states.append(C)
            kept.append(f.detach())
        out = self._weights["y"]
        y = (h[0] * torch.tensor(out["h"], dtype=torch.float64)).sum() + out["b"]
        loss = 0.5 * (y - (1.0 if self.wanted == "+1" else -1.0)) ** 2
        told = [gradient[0, j].item() for gradient in torch.autograd.grad(loss, states)]
        alone = told[-1] * torch.stack(kept)[t:, 0, j].prod().item()
        return (
            f"{self.title}. A trained LSTM of two units sees ten steps of readings of a sign and "
            f"of flips, and answers {plain(y.item())}; {self.wanted} is wanted, so half the "
            f"squared error is {plain(loss.item())}. At step {t} unit {j + 1} holds "
            f"C = {plain(states[t - 1][0, j].item())}. The gradient of the loss there is "
            f"{plain(told[t - 1])}: {plain(alone)} of it came along the carry alone, "
            f"{plain(told[t - 1] - alone)} by detours through the gates. Notice: {self.notice}"
        )
