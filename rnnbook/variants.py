r"""The LSTM with its gates taken out one by one: eight variants as options of one recurrence.

Greff et al. (2017) changed the LSTM in eight ways, one at a time. Here are their changes, made to
the post's LSTM, equations (1) to (6). It has no peepholes, so that what they took away as their
variant NP is our beginning, and what they began with is one of our variants.

:func:`act` and :func:`step` are the only place where the changed equations stand. A layer runs them
(``rnnbook.layers.Recurrent(VARIANTS["no forget gate"], D, H)``), and so do many networks side by
side (:func:`trace`).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rnnbook.engines.cells import Cell

BLOCKS = "ifoc"
"""The blocks of weights in the post's order: three gates, then the candidate."""


@dataclass(frozen=True)
class Options:
    r"""What is changed of equations (1) to (6); several changes go together.

    A gate that is taken out is 1 and has no weights, coupled or not.

    Attributes:
        without: the gates that are taken out, of ``"ifo"``.
        linear: where the tanh is taken out: ``"C"`` in (3), ``"h"`` in (6).
        coupled: whether :math:`f_t = 1 - i_t`; the forget gate then has no weights.
        peepholes: whether each gate sees its own unit's cell state.
        full_gate_recurrence: whether the gates see all gates of the step before.

    Raises:
        ValueError: a letter is none of those.
    """

    without: str = ""
    linear: str = ""
    coupled: bool = False
    peepholes: bool = False
    full_gate_recurrence: bool = False

    def __post_init__(self) -> None:
        for name, known in (("without", "ifo"), ("linear", "Ch")):
            given = getattr(self, name)
            if not set(given) <= set(known):
                raise ValueError(f"{name}: expected letters of {known!r}, given {given!r}")

    @property
    def blocks(self) -> str:
        """A letter for each block of weights that is left, in the post's order."""
        gone = self.without + "f" * self.coupled
        return "".join(block for block in BLOCKS if block not in gone)

    @property
    def gates(self) -> str:
        """The gates that have weights."""
        return self.blocks.removesuffix("c")

    @property
    def states(self) -> tuple[str, ...]:
        """What one step hands to the next; with full gate recurrence the gates, too."""
        return ("h", "C", *self.gates) if self.full_gate_recurrence else ("h", "C")

    @property
    def more(self) -> dict[str, str]:
        """Further weights by name, each with its shape in letters, as a cell's record has them."""
        wide = f"{len(self.gates)}H"
        shapes = {"weight_p": wide} if self.peepholes and self.gates else {}
        if self.full_gate_recurrence and self.gates:
            shapes["weight_r"] = f"{wide} {wide}"
        return shapes

    def parameters(self, inputs: int, hidden: int) -> int:
        """How many numbers are learnt, with one bias for each block, for D inputs and H units."""
        D, H, gates = inputs, hidden, len(self.gates)
        return (
            len(self.blocks) * (D + H + 1) * H
            + self.peepholes * gates * H
            + self.full_gate_recurrence * (gates * H) ** 2
        )


def act(
    options: Options, arguments: Mapping[str, Tensor], C: Tensor, p: Tensor | None = None
) -> dict[str, Tensor]:
    r"""Equations (1) to (6), changed, from the arguments of their functions: all but the products.

    With nothing changed,

    .. math::
        f = \sigma(a_f), \quad i = \sigma(a_i), \quad \tilde{C} = \tanh(a_C), \quad
        C_t = f \ast C_{t-1} + i \ast \tilde{C}, \quad o = \sigma(a_o), \quad
        h_t = o \ast \tanh(C_t)

    With peepholes the arguments have in addition :math:`p_f \ast C_{t-1}`,
    :math:`p_i \ast C_{t-1}` and :math:`p_o \ast C_t`: the output gate sees the new cell state.

    Args:
        options: what is changed.
        arguments: a of each block in ``options.blocks``, (…, B, H).
        C: the cell state before, (…, B, H).
        p: peephole weights (…, kH) of the k gates in ``options.gates``, or None.

    Returns:
        f, i, C_tilde, C, o and h, each (…, B, H).

    Source: the post, eqs. (1) to (6); Greff et al. (2017).
    """
    peeps = {}
    if p is not None:
        peeps = dict(zip(options.gates, p.unsqueeze(-2).split(C.shape[-1], -1), strict=True))

    def gate(name: str, C: Tensor) -> Tensor:
        if name in options.without:
            return torch.ones_like(C)
        a = arguments[name]
        return torch.sigmoid(a + peeps[name] * C if peeps else a)

    i = gate("i", C)
    f = 1 - i if options.coupled and "f" not in options.without else gate("f", C)
    C_tilde = arguments["c"] if "C" in options.linear else torch.tanh(arguments["c"])
    C = f * C + i * C_tilde
    o = gate("o", C)
    h = o * (C if "h" in options.linear else torch.tanh(C))
    return {"f": f, "i": i, "C_tilde": C_tilde, "C": C, "o": o, "h": h}


def step(
    options: Options,
    from_x: Tensor,
    states: Sequence[Tensor],
    W_h: Tensor,
    more: Sequence[Tensor] = (),
) -> dict[str, Tensor]:
    r"""One step of the changed LSTM; of one network, or of N with N in front of every shape.

    .. math:: a_t = W_x x_t + b + W_h h_{t-1} \; [+ \; R \, (i, f, o)_{t-1}]

    Args:
        options: what is changed.
        from_x: what the inputs add to the arguments, biases included, (B, kH): the blocks of
            ``options.blocks`` beside each other.
        states: h and C, (B, H) each; with full gate recurrence the gates, too.
        W_h: (H, kH), likewise.
        more: the further weights of ``options.more``: peepholes (gates · H,), and R
            (gates · H, gates · H), a row for each gate of the step before, a column for each of
            this one.

    Returns:
        What :func:`act` returns.

    Source: the post, eqs. (1) to (6); Greff et al. (2017).
    """
    h, C, *before = states
    named = dict(zip(options.more, more, strict=True))
    a = from_x + h @ W_h
    if before:
        from_gates = torch.cat(before, -1) @ named["weight_r"]
        a = a + torch.nn.functional.pad(from_gates, (0, C.shape[-1]))  # not to the candidate
    arguments = dict(zip(options.blocks, a.split(C.shape[-1], -1), strict=True))
    return act(options, arguments, C, named.get("weight_p"))


def trace(options: Options, from_x: Tensor, W_h: Tensor, *more: Tensor) -> dict[str, Tensor]:
    r"""The changed LSTMs of N networks side by side, from states that are zero.

    Args:
        options: what is changed.
        from_x: what the inputs add to the arguments, biases included, (N, T, B, kH).
        W_h: (N, H, kH).
        more: the further weights of ``options.more``, each with N in front.

    Returns:
        Of every step what :func:`act` returns, each (N, T, B, H).

    Source: the post, eqs. (1) to (6); Greff et al. (2017).
    """
    zero = from_x.new_zeros(from_x.shape[0], from_x.shape[2], W_h.shape[1])
    states, steps = [zero] * len(options.states), []
    for x_t in from_x.unbind(1):
        steps.append(step(options, x_t, states, W_h, more))
        states = [steps[-1][name] for name in options.states]
    return {name: torch.stack([one[name] for one in steps], 1) for name in steps[0]}


@dataclass(frozen=True, eq=False)
class Variant(Cell):
    r"""The record of a changed LSTM: what a layer must know of it, and what a reader.

    Attributes:
        options: what is changed.
        title: what it is called.
        abbreviation: what Greff et al. (2017) call it; empty where they have no name for it.
        changed: the changed equations in TeX.
    """

    options: Options = field(default_factory=Options)
    title: str = ""
    abbreviation: str = ""
    changed: str = ""


def _equations(
    options: Options, x: Tensor, h: Tensor, C: Tensor, *others: Tensor
) -> dict[str, Tensor]:
    """A step as a cell's record has it: states, three parameters a block, and what is more."""
    gates = len(options.states) - 2
    last = gates + 3 * len(options.blocks)
    before, params, more = others[:gates], others[gates:last], others[last:]
    W_x, W_h, b = (torch.cat(params[kind::3], -1) for kind in range(3))
    return step(options, x @ W_x + b, (h, C, *before), W_h, more)


def variant(title: str, options: Options, abbreviation: str = "", changed: str = "") -> Variant:
    r"""The record of the LSTM with any changes, for :class:`rnnbook.layers.Recurrent`.

    Args:
        title: what it is called, in words.
        options: what is changed.
        abbreviation: its short name, if it has one.
        changed: the changed equations in TeX.

    Example:
        >>> from rnnbook.layers import Recurrent
        >>> both = variant("neither in nor out", Options(without="io"))
        >>> Recurrent(both, 3, 4).weight_hh_l0.shape  # two blocks of 4 rows are left
        torch.Size([8, 4])

    Source: Greff et al. (2017).
    """
    return Variant(
        title.replace(" ", "_"),
        gates="".join(block for block in "ifco" if block in options.blocks),  # as PyTorch's LSTM
        order=options.blocks,
        states=options.states,
        quantities=("f", "i", "C_tilde", "C", "o", "h"),
        equations=functools.partial(_equations, options),
        more=options.more,
        options=options,
        title=title,
        abbreviation=abbreviation,
        changed=changed,
    )


_SEES = r"%s_t = \sigma(W_%s \cdot [h_{t-1}, x_t] + p_%s \ast C_{%s} + b_%s)"

VARIANTS: dict[str, Variant] = {
    one.title: one
    for one in (
        variant("no input gate", Options(without="i"), "NIG", "i_t = 1"),
        variant("no forget gate", Options(without="f"), "NFG", "f_t = 1"),
        variant("no output gate", Options(without="o"), "NOG", "o_t = 1"),
        variant(
            "no input activation",
            Options(linear="C"),
            "NIAF",
            r"\tilde{C}_t = W_C \cdot [h_{t-1}, x_t] + b_C",
        ),
        variant("no output activation", Options(linear="h"), "NOAF", r"h_t = o_t \ast C_t"),
        variant("coupled gates", Options(coupled=True), "CIFG", "f_t = 1 - i_t"),
        variant(
            "peepholes",
            Options(peepholes=True),
            "",
            r",\quad ".join(
                _SEES % (gate, gate, gate, when, gate)
                for gate, when in (("f", "t-1"), ("i", "t-1"), ("o", "t"))
            ),
        ),
        variant(
            "full gate recurrence",
            Options(full_gate_recurrence=True),
            "FGR",
            r"g_t = \sigma(W_g \cdot [h_{t-1}, x_t] + R_{gi}\, i_{t-1} + R_{gf}\, f_{t-1}"
            r" + R_{go}\, o_{t-1} + b_g) \quad \text{for } g = f, i, o",
        ),
    )
}
"""The eight variants by title, each one change away from the post's LSTM."""
