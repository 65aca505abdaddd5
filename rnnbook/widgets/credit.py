"""The explorable of chapter 0: the network unrolled, and what each step is told on the way back."""

from __future__ import annotations

import math
from typing import ClassVar

import torch
import traitlets
from torch import Tensor

from rnnbook.experiments.carousel import carousel_states
from rnnbook.rnn import rnn_states, step_jacobian
from rnnbook.tasks import RECALL_SYMBOLS
from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, module, plain

DRAWS = 5
UNITS, CHANNELS, LONGEST = 16, RECALL_SYMBOLS + 1, 200
_FIRST_SEED = 12


def drawn(draw: int) -> dict[str, Tensor]:
    """Everything that chance decides in one draw, in float64: weights, symbol, noise.

    The distributions are those of ``torch.nn.RNN(5, 16)``, of ``torch.nn.Linear`` for the carousel
    and the read-out, and of :func:`rnnbook.tasks.recall_first`; the numbers come from a generator
    that the page's JavaScript has, too.

    Shapes: W_x (H, D), W_h (H, H), b (H,), Q (H, H) orthogonal, V (H, D) and c (H,) of the
    carousel, U (4, H) and d (4,) of the read-out, symbol (), noise (200,); H = 16, D = 5.

    Source: the initialisations of PyTorch's layers. Chapter 0.
    """
    chance = Chance(_FIRST_SEED + draw)
    narrow, wide = UNITS**-0.5, CHANNELS**-0.5
    numbers = {
        "W_x": chance.within(narrow, UNITS, CHANNELS),
        "W_h": chance.within(narrow, UNITS, UNITS),
        "b": chance.within(narrow, UNITS, 2).sum(1),  # PyTorch adds two
        "Q": _orthonormal(chance.normal(UNITS, UNITS)),
        "V": chance.within(wide, UNITS, CHANNELS),
        "c": chance.within(wide, UNITS),
        "U": chance.within(narrow, RECALL_SYMBOLS, UNITS),
        "d": chance.within(narrow, RECALL_SYMBOLS),
        "symbol": torch.tensor(math.floor(RECALL_SYMBOLS * chance.uniform())),
    }
    return {**numbers, "noise": chance.normal(LONGEST)}


def _orthonormal(rows: Tensor) -> Tensor:
    """Gram and Schmidt's: QR's Q, transposed, with the signs that keep R's diagonal positive."""
    Q, R = torch.linalg.qr(rows.T)
    return (Q * R.diagonal().sign()).T


def natural_norm(draw: int) -> float:
    """The spectral norm s that a draw's W_h has by itself, to three digits after the point."""
    return round(torch.linalg.matrix_norm(drawn(draw)["W_h"], 2).item(), 3)


def credits_of_steps(start: str, s: float, delay: int, draw: int = 0) -> tuple[Tensor, Tensor]:
    r"""What each step is told, and its part in the gradient, for one sequence before training.

    .. math:: \delta_k = (J_T \cdots J_{k+1})^\top g, \qquad
        \left\lVert \frac{dL}{dW_x} \Big|_k \right\rVert
        = \lVert (1 - h_k^2) \odot \delta_k \rVert \, \lVert x_k \rVert

    Args:
        start: "random" or "orthogonal", with W_h scaled to the spectral norm s, or "carousel".
        s: spectral norm of W_h; the carousel has none.
        delay: steps of noise between the symbol and the question, so T = 1 + delay.
        draw: number of the draw, 0 to 4.

    Returns:
        :math:`\lVert \delta_k \rVert` and the credits, (T,) each, in float64.

    Source: chapter 0, equations (0.3) to (0.9).
    """
    given = drawn(draw)
    x = torch.zeros(1 + delay, 1, CHANNELS, dtype=torch.float64)
    x[0, 0, given["symbol"]] = 1
    x[1:, 0, -1] = given["noise"][:delay]
    nothing = torch.zeros(1, UNITS, dtype=torch.float64)
    if start == "carousel":
        written = torch.tanh(x @ given["V"].T + given["c"])
        h_T = carousel_states(x, nothing, given["V"].T, given["c"])[-1]
        slopes, J = 1 - written**2, torch.eye(UNITS).double().expand(len(x), 1, -1, -1)
    else:
        W_h = given["Q"] if start == "orthogonal" else given["W_h"]
        W_h = W_h.T * s / torch.linalg.matrix_norm(W_h, 2)
        states = rnn_states(x, nothing, given["W_x"].T, W_h, given["b"])
        h_T, slopes = states[-1], 1 - states**2
        J = torch.stack([step_jacobian(state, W_h) for state in states])
    errors = torch.softmax(h_T @ given["U"].T + given["d"], 1)
    errors[0, given["symbol"]] -= 1
    deltas = [errors @ given["U"]]
    for k in reversed(range(1, len(x))):
        deltas.insert(0, torch.einsum("bpq,bp->bq", J[k], deltas[0]))
    delta = torch.stack(deltas)
    return delta.norm(dim=2)[:, 0], (slopes * delta).norm(dim=2)[:, 0] * x.norm(dim=2)[:, 0]


PRESETS = [
    {
        "name": "PyTorch’s start",
        "about": "As `torch.nn.RNN` draws it. Beside the last step’s credit the symbol’s is "
        "next to nothing: sixteen powers of ten lie between them.",
        "set": {"start": "random", "s": natural_norm(0), "draw": 0.0, "delay": 60.0},
    },
    {
        "name": "s = 0.9",
        "about": "Below 1 the bound must fall. The credit falls much faster: a random matrix keeps "
        "turning its directions, and tanh′ takes its share.",
        "set": {"start": "random", "s": 0.9, "draw": 0.0, "delay": 60.0},
    },
    {
        "name": "s = 2",
        "about": "The bound explodes, to 10^{18}. The symbol’s credit is below a hundredth of the "
        "last step’s: it *may* explode, nothing says that it must.",
        "set": {"start": "random", "s": 2.0, "draw": 0.0, "delay": 60.0},
    },
    {
        "name": "s = 6",
        "about": "Here it explodes, tanh′ or not: the oldest step shouts down all the others. "
        "In another draw it does not.",
        "set": {"start": "random", "s": 6.0, "draw": 0.0, "delay": 60.0},
    },
    {
        "name": "Orthogonal start",
        "about": "No direction is lost to W_h, so what is left is tanh′: "
        "three powers of ten in 60 steps, instead of sixteen.",
        "set": {"start": "orthogonal", "s": 1.0, "draw": 0.0, "delay": 60.0},
    },
    {
        "name": "Carousel",
        "about": "A factor of exactly 1 at every step: δ_{1} = g. What the symbol is told "
        "does not depend on how long ago it was.",
        "set": {"start": "carousel", "s": 1.0, "draw": 0.0, "delay": 60.0},
    },
]


class Credit(Adjustable):
    r"""Who gets the credit: a recurrent network unrolled, and its gradient on the way back.

    Above, the network: a symbol, then noise, a question at the end, and the gradient δ flowing
    back, as wide as it is large. Below, for each step, the size of its part in dL/dW_x on a
    logarithmic scale, with the bound, ‖g‖·max‖x‖·s^(T−k). 16 units, before any training.

    Args:
        start: "random" (as PyTorch draws it, then scaled), "orthogonal" or "carousel".
        s: the spectral norm to which W_h is scaled; the carousel has none.
        delay: steps of noise between the symbol and the question; T = 1 + delay.
        draw: which of five draws of weights, symbol and noise.
        step: the step that is looked at; beyond T, the last one.
        bound: whether the formula and the bound are shown.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, and the range.

    Source: Bengio, Simard & Frasconi (1994); Pascanu, Mikolov & Bengio (2013). Chapter 0.
    """

    presets = PRESETS

    _esm = module("credit")

    delay = Number(60, 5, LONGEST, whole=True, ratio=True, label="delay T−1")
    s = Number(natural_norm(0), 0.5, 6, step=0.05, label="norm s")
    start = Choice("random", "orthogonal", "carousel", label="start")
    draw = Number(0, 0, DRAWS - 1, whole=True)
    step = Number(1, 1, 1 + LONGEST, whole=True)
    bound = traitlets.Bool(True).tag(sync=True)
    title = traitlets.Unicode("Who gets the credit? A network unrolled").tag(sync=True)
    try_this = traitlets.Unicode(
        "Compare the bars with the bound at s = 0.9, 2 and 6. Then take the orthogonal start, and "
        "then the carousel: what becomes of the first bar, the symbol’s?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "What the symbol has to teach arrives at step 1 only; every other bar is what noise "
        "teaches. Where the first bar is next to nothing, the last ones are as large as ever."
    ).tag(sync=True)
    key = traitlets.Unicode("credit").tag(sync=True)

    @property
    def text(self) -> str:
        """What the first, the last and the chosen step are told, in sentences."""
        deltas, credit = credits_of_steps(self.start, self.s, int(self.delay), int(self.draw))
        T, k = len(credit), min(int(self.step), len(credit))
        network = (
            "a carousel"
            if self.start == "carousel"
            else f"a recurrent network with {self.start} W_h of spectral norm {plain(self.s)}"
        )
        chosen = (
            f" At step {k} ‖δ‖ is {plain(deltas[k - 1].item())} "
            f"and the credit {plain(credit[k - 1].item())}."
            if 1 < k < T
            else ""
        )
        return (
            f"{self.title}. {UNITS} units before training, {network}: a symbol, then "
            f"{self.delay:.0f} steps of noise, then the question. The loss flows back. Of its "
            f"gradient ‖δ_T‖ = {plain(deltas[-1].item())} at the last step, "
            f"‖δ_1‖ = {plain(deltas[0].item())} arrives at the symbol. The last step’s part of "
            f"dL/dW_x has the size {plain(credit[-1].item())}, the symbol’s "
            f"{plain(credit[0].item())}: {plain((credit[0] / credit[-1]).item())} of it.{chosen} "
            f"Notice: {self.notice}"
        )


class Correction(Credit):
    """How much of the correction each step receives: the same picture before any formula.

    No formula, no bound, and nothing to turn but the delay and the draw, in the words of a reader
    who has not heard of a gradient yet. What can be given and refused is as for :class:`Credit`.

    Source: chapter 0, before its derivation.
    """

    presets: ClassVar[list[dict[str, object]]] = [
        {
            "name": "5 steps",
            "about": "The symbol’s part is half as large as the last step’s.",
            "set": {"delay": 5.0, "draw": 0.0},
        },
        {
            "name": "20 steps",
            "about": "Two millionths of the last step’s part: the bars go by powers of ten.",
            "set": {"delay": 20.0, "draw": 0.0},
        },
        {
            "name": "60 steps",
            "about": "Next to nothing: sixteen powers of ten lie between the symbol’s part and the "
            "last step’s.",
            "set": {"delay": 60.0, "draw": 0.0},
        },
    ]

    s = Number(natural_norm(0), 0.5, 6, step=0.05)
    start = Choice("random", "orthogonal", "carousel")
    bound = traitlets.Bool(False).tag(sync=True)
    title = traitlets.Unicode("Who hears of the mistake? A network before training").tag(sync=True)
    try_this = traitlets.Unicode(
        "Drag the delay from 5 to 60 and watch the first bar, the symbol’s. "
        "Then point at the steps between."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Only step 1 can teach the network about the symbol; every other bar is what noise "
        "teaches. The last bars stay as large as ever."
    ).tag(sync=True)
    key = traitlets.Unicode("correction").tag(sync=True)

    @property
    def text(self) -> str:
        """What the symbol and the last step receive of the correction, in sentences."""
        _, credit = credits_of_steps(self.start, self.s, int(self.delay), int(self.draw))
        return (
            f"{self.title}. {UNITS} units before training: a symbol, then {self.delay:.0f} steps "
            f"of noise, then the question. The answer is wrong, and a correction runs back. The "
            f"last step’s part of it has the size {plain(credit[-1].item())}, the symbol’s "
            f"{plain(credit[0].item())}: {plain((credit[0] / credit[-1]).item())} of it. "
            f"Notice: {self.notice}"
        )
