"""The explorable of chapter 10: a whole trained GRU, step by step, forwards and backwards."""

from __future__ import annotations

import torch
import traitlets
from torch import Tensor

from rnnbook import gru
from rnnbook.experiments import stored_results
from rnnbook.widgets.cell_in_time import STEPS, tenths
from rnnbook.widgets.cell_in_time import readings as drawn
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row, module, plain

_MARKS = {"order": 0.5, "turn": 1.0}


def marks(**steps: list[int]) -> list[float]:
    """The row for orders and turns at these steps, from 1: ``marks(order=[1], turn=[5])``."""
    row = [0.0] * STEPS
    for kind, places in steps.items():
        for t in places:
            row[t - 1] = _MARKS[kind]
    return row


def inputs(voices: list[float], marks: list[float]) -> Tensor:
    """What the network sees, (T, 3) in float64, from the two rows: voice, order, turn."""
    kinds = [min(int(2 * mark + 0.5), 2) for mark in marks]
    told = zip(tenths(voices), kinds, strict=True)
    rows = [(voice, float(kind == 1), float(kind == 2)) for voice, kind in told]
    return torch.tensor(rows, dtype=torch.float64)


def stored_weights() -> dict[str, object]:
    """Weights of both gates and of the candidate n, by rows of units, and of the read-out.

    Source: ``rnnbook/results/turns.json``, the network of :mod:`rnnbook.experiments.turns`.
    """
    stored = stored_results("turns")["weights"]
    rows = {name: torch.tensor(w, dtype=torch.float64) for name, w in stored.items()}
    kept = {name: (w.t() if w.ndim == 2 else w).tolist() for name, w in rows.items()}
    parts = {
        name: {"x": kept[f"W_x{g}"], "h": kept[f"W_h{g}"], "b": kept[f"b_{g}"]}
        for name, g in zip("zrn", "zrh", strict=True)
    }
    return {**parts, "y": {"h": kept["W_hq"][0], "b": kept["b_q"][0]}}


def _said(*voices: float) -> list[float]:
    return drawn(dict(enumerate(voices, start=1)))


VOICES = _said(0.3, 0.9, -0.4, 0.8, -0.9, 0.6, -1.1, 1.4, -0.8, 1.1)
OVER = {
    "voices": VOICES,
    "marks": marks(order=[1], turn=[6]),
    "wanted": "+1",
    "unit": "1",
    "direction": "backwards",
    "reset": "before",
    "step": 6.0,
}
PRESETS = [
    {
        "name": "Over a turn",
        "about": "At the turn z_6 is small: little of the carry gets past it. What steps 1 to 5 "
        "are told came by detours, most of it through the candidate, and with the other sign.",
        "set": OVER,
    },
    {
        "name": "The turn, forwards",
        "about": "z_6 is small: most of what was held is given up. r_6 is near 1: the candidate "
        "hears what was held, and its weight W_h is negative, so it says the opposite.",
        "set": OVER | {"direction": "forwards"},
    },
    {
        "name": "An order",
        "about": "An order replaces what was held. z and r are both small there, so neither the "
        "carry nor the candidate leads back, and step 7 is told next to nothing.",
        "set": OVER | {"marks": marks(order=[1, 8]), "wanted": "−1", "step": 8.0},
    },
    {
        "name": "Only noise",
        "about": "After the first order there are only voices to be ignored: z is nearly 1, and "
        "the carry brings a part of the gradient through all ten steps.",
        "set": OVER | {"marks": marks(order=[1]), "step": 1.0},
    },
    {
        "name": "After the product",
        "about": "Trained with the reset before, where this is answered right; after it, these "
        "weights miss. Before, r_2 says what unit 1 hears of unit 2; after, its own r_1 says it.",
        "set": OVER
        | {
            "voices": _said(-1.3, -0.8, -1.5, 1.1, -1.2, 0.4, 0.5, 0.5, -0.3, -1.4),
            "marks": marks(order=[1, 4, 5, 8, 9], turn=[10]),
            "direction": "forwards",
            "reset": "after",
            "step": 9.0,
        },
    },
]


class GruInTime(Adjustable):
    r"""A whole trained GRU as a diagram, scrubbed through time, forwards and backwards.

    The network, two units and a linear answer y at the last step, has learnt to say which sign
    holds: an order sets it to the sign of its voice, a turn reverses it. The ten steps: voices and
    marks, which a hand can change, and the hidden state or its gradient. Beside them the chosen
    unit at the chosen step, a number on every wire: values forwards; backwards
    :math:`\delta = \partial L / \partial` of the same wires, for :math:`L = \frac12 (y - y^*)^2`,
    with what goes back to :math:`h_{t-1}` split into the carry :math:`z_t \odot \delta h_t` and
    the detours through z, through r and through the candidate. The reset acts before the product,
    as the network was trained, or after it, with the same weights.

    Args:
        voices: ten shares, each a voice; make them with
            :func:`rnnbook.widgets.cell_in_time.readings`.
        marks: ten shares, 0, ½ for an order, 1 for a turn; make them with :func:`marks`.
        step: the step that is looked at.
        unit: the unit that is followed, "1" or "2".
        direction: "backwards" or "forwards".
        reset: "before" the product W·h, or "after" it.
        wanted: the answer that the loss wants, "+1" or "−1".
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range or a row that is not ten steps long.

    Source: the post, eqs. (7) to (10). Chapter 10.
    """

    presets = PRESETS

    _esm = module("gru_in_time")
    _weights = traitlets.Dict().tag(sync=True)

    step = Number(6, 1, STEPS, whole=True, label="step t")
    direction = Choice("forwards", "backwards", label="go")
    reset = Choice("before", "after", label="reset")
    unit = Choice("1", "2", label="unit")
    wanted = Choice("+1", "−1", label="wanted")
    voices = Row()
    marks = Row()
    title = traitlets.Unicode("A whole GRU in time, forwards and backwards").tag(sync=True)
    try_this = traitlets.Unicode(
        "Two units were trained to say, after step 10, which sign holds: an order ■ sets it, a "
        "turn ◆ reverses it, other voices are noise. Drag the step back from 10, over the turn, to "
        "1: where does the carry fade, and which way does the rest come?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "z lies between 0 and 1: the carry can shrink a gradient, it can never turn its sign. At "
        "the turn r opens, and the gradient goes back through the candidate, with the other sign."
    ).tag(sync=True)
    key = traitlets.Unicode("gru-in-time").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        arguments = {**OVER, **arguments}
        for name in ("voices", "marks"):
            if len(arguments[name]) != STEPS:
                found = len(arguments[name])
                raise ValueError(f"GruInTime: {name} must have {STEPS} steps; it has {found}.")
        super().__init__(**arguments)

    @traitlets.default("_weights")
    def _stored(self) -> dict[str, object]:
        return stored_weights()

    @property
    def text(self) -> str:
        """What the chosen step holds and what it is told, in sentences."""
        x, (t, j) = inputs(self.voices, self.marks), (int(self.step), int(self.unit) - 1)
        of_z, of_r, of_n = (
            [torch.tensor(self._weights[g][part], dtype=torch.float64).T for part in ("x", "h")]
            + [torch.tensor(self._weights[g]["b"], dtype=torch.float64)]
            for g in "zrn"
        )
        h = torch.zeros(1, len(of_z[2]), dtype=torch.float64)
        states, kept = [], []
        for row in x:
            z = gru.update_gate(row[None], h, *of_z)
            r = gru.reset_gate(row[None], h, *of_r)
            n = gru.candidate(row[None], h, r, *of_n, reset_after=self.reset == "after")
            h = gru.hidden_state(z, h, n).requires_grad_()
            states.append(h)
            kept.append((z.detach(), r.detach()))
        out = self._weights["y"]
        y = (h[0] * torch.tensor(out["h"], dtype=torch.float64)).sum() + out["b"]
        loss = 0.5 * (y - (1.0 if self.wanted == "+1" else -1.0)) ** 2
        told = [gradient[0, j].item() for gradient in torch.autograd.grad(loss, states)]
        shares = torch.stack([z[0, j] for z, _ in kept])
        alone = told[-1] * shares[t:].prod().item()
        return (
            f"{self.title}. A trained GRU of two units sees ten steps of voices, of which some are "
            f"orders, and of turns; with the reset {self.reset} the product it answers "
            f"{plain(y.item())}; {self.wanted} is wanted, so half the squared error is "
            f"{plain(loss.item())}. At step {t} unit {j + 1} keeps "
            f"z = {plain(shares[t - 1].item())} of what it held, has its reset gate at "
            f"r = {plain(kept[t - 1][1][0, j].item())}, and holds "
            f"h = {plain(states[t - 1][0, j].item())}. The gradient of the "
            f"loss there is {plain(told[t - 1])}: {plain(alone)} of it came along the carry alone, "
            f"{plain(told[t - 1] - alone)} by detours through the gates. Notice: {self.notice}"
        )
