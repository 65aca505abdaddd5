r"""The recurrent cells, one record for each: what an engine must know of a cell stands here.

A record and its equations make a cell: the reference engine runs it, autograd differentiates it,
:class:`rnnbook.layers.Recurrent` stacks it, reverses it, gives it ragged batches and traces it.
A cell that shall be fast also has loops (:mod:`rnnbook.engines.loops`); a cell that PyTorch has,
too, names the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rnnbook import gru, lstm, rnn
from rnnbook.engines.loops import GruAfterLoops, GruBeforeLoops, Loops, LstmLoops, RnnLoops
from rnnbook.layouts import ORDERS, Weights, unstack


@dataclass(frozen=True, eq=False)
class Cell:
    """What makes a cell.

    Attributes:
        name: of the cell, and of no other.
        gates: a letter for each block of H rows of the stacked weights, in their order.
        states: names of the states, the hidden one first.
        quantities: names of what a trace shows, in its order; the states are among them.
        equations: one step, ``equations(x, *states, *parameters)`` to a dictionary of all
            quantities, the new states among them; with shapes (B, D) and (B, H).
        order: the order in which ``equations`` wants the gates' parameters, W_x (D, H), W_h (H, H)
            and b (H,) for each; left out, that of ``gates``.
        apart: the gate whose bias beside W_h is not added to the other one, and comes last.
        more: further weights, by name, each with its shape in letters: ``{"weight_ch": "3H"}`` is a
            vector of 3·H numbers. They come after the gates' parameters.
        loops: the time loops and backward passes by hand, if there are any.
        kernel: name of PyTorch's kernel, if there is one.
        no_kernel: why there is none, in words that go on after "expected another engine".
    """

    name: str
    gates: str
    states: tuple[str, ...]
    quantities: tuple[str, ...]
    equations: Callable[..., dict[str, Tensor]]
    order: str = ""
    apart: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    loops: Loops | None = None
    kernel: str | None = None
    no_kernel: str = ", for PyTorch has no kernel of this cell"

    def parameters(self, weights: Weights) -> list[Tensor]:
        """The parameters as the equations want them."""
        apart, order = self.apart or None, self.order or self.gates
        return [*unstack(weights, self.gates, order, apart), *weights.more]

    def __reduce__(self) -> str | tuple:
        """A known cell is pickled by its name: records hold functions, and there is one of each."""
        return (find, (self.name,)) if CELLS.get(self.name) is self else super().__reduce__()

    def __deepcopy__(self, memo: dict) -> Cell:
        return self


def find(name: str) -> Cell:
    """The cell of a name.

    Raises:
        ValueError: there is none; the message says which there are.

    Source: this project.
    """
    if name not in CELLS:
        raise ValueError(f"cell: expected one of {', '.join(CELLS)}, given {name!r}")
    return CELLS[name]


# ----------------------------------------------------------------------------- the book's cells


def _rnn_tanh(x: Tensor, h: Tensor, *params: Tensor) -> dict[str, Tensor]:
    return {"h": rnn.rnn_step(x, h, *params)}


def _rnn_relu(x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> dict[str, Tensor]:
    return {"h": torch.relu(x @ W_x + h @ W_h + b)}


def _lstm(x: Tensor, h: Tensor, C: Tensor, *params: Tensor) -> dict[str, Tensor]:
    """Equations (1) to (6)."""
    of_i, of_f, of_o, of_c = (params[k : k + 3] for k in range(0, 12, 3))
    f = lstm.forget_gate(x, h, *of_f)
    i = lstm.input_gate(x, h, *of_i)
    C_tilde = lstm.candidate(x, h, *of_c)
    C = lstm.cell_state(f, C, i, C_tilde)
    o = lstm.output_gate(x, h, *of_o)
    h = lstm.hidden_state(o, C)
    return {"f": f, "i": i, "C_tilde": C_tilde, "C": C, "o": o, "h": h}


def _gru(x: Tensor, h: Tensor, *params: Tensor) -> dict[str, Tensor]:
    """Equations (7) to (10); with a tenth parameter the reset acts after the product."""
    of_z, of_r, of_h = params[:3], params[3:6], params[6:9]
    b_hh = params[9] if len(params) > 9 else None
    z = gru.update_gate(x, h, *of_z)
    r = gru.reset_gate(x, h, *of_r)
    h_tilde = gru.candidate(x, h, r, *of_h, reset_after=b_hh is not None, b_h=b_hh)
    h = gru.hidden_state(z, h, h_tilde)
    return {"z": z, "r": r, "h_tilde": h_tilde, "h": h}


def _known(name: str, family: str, **more: object) -> Cell:
    orders = ORDERS[family]
    return Cell(name, gates=orders["torch"], order=orders["post"], **more)


CELLS: dict[str, Cell] = {
    cell.name: cell
    for cell in (
        *(
            _known(
                name,
                "rnn",
                states=("h",),
                quantities=("h",),
                equations=equations,
                loops=RnnLoops(number=number, relu=bool(number)),
                kernel=name,
            )
            for number, (name, equations) in enumerate(
                {"rnn_tanh": _rnn_tanh, "rnn_relu": _rnn_relu}.items()
            )
        ),
        _known(
            "lstm",
            "lstm",
            states=("h", "C"),
            quantities=("f", "i", "C_tilde", "C", "o", "h"),
            equations=_lstm,
            loops=LstmLoops(number=2),
            kernel="lstm",
        ),
        _known(
            "gru_reset_before",
            "gru",
            states=("h",),
            quantities=("z", "r", "h_tilde", "h"),
            equations=_gru,
            loops=GruBeforeLoops(number=3),
            no_kernel=(
                " with reset_after=False, for PyTorch has no kernel that resets before the product"
            ),
        ),
        _known(
            "gru_reset_after",
            "gru",
            states=("h",),
            quantities=("z", "r", "h_tilde", "h"),
            equations=_gru,
            apart="h",
            loops=GruAfterLoops(number=4),
            kernel="gru",
        ),
    )
}
"""The book's cells by name: both plain ones, the LSTM, and the GRU in both conventions."""
