r"""One step of a layer: the equations with the interface of ``torch.nn``'s cells.

A cell computes its step by the book's equations, differentiated by autograd; a loop over them is
what the layers of :mod:`rnnbook.layers` do faster.
"""

from __future__ import annotations

from contextlib import nullcontext

import torch
from torch import Tensor

from rnnbook.arguments import check_bool
from rnnbook.gru import gru_step
from rnnbook.layouts import Weights, to_post
from rnnbook.lstm import lstm_step
from rnnbook.rnn import rnn_step
from rnnbook.shapes import ShapeError

State = tuple[Tensor, ...]


class _Cell(torch.nn.RNNCellBase):
    """What the cells have in common: everything but the step."""

    family: str  # a key of layouts.ORDERS
    starts: tuple[str, ...] = ("hidden",)  # names of the states, as torch.nn's errors have them
    reset_after = False

    def _step(self, x: Tensor, state: State, params: list[Tensor]) -> State:
        """The new states, each (B, H), by the equations."""
        raise NotImplementedError

    def _compute(self, input: Tensor, given: State | None) -> State:
        """The new states, laid out as the input is."""
        self._check("input", input, self.input_size, f"{type(self).__name__}: Expected input")
        batched = input.dim() == 2
        x = self._cast(input if batched else input.unsqueeze(0))
        if given is None:
            given = (x.new_zeros(len(x), self.hidden_size),) * len(self.starts)
        else:
            given = tuple(
                self._read(name, s, x) for name, s in zip(self.starts, given, strict=True)
            )
        weights = Weights(self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)
        kind = x.device.type
        with torch.autocast(kind, enabled=False) if _autocasts(kind) else nullcontext():
            params = to_post(self.family, weights, self.reset_after)
            state = self._step(x, given, params) if len(x) else given
        return state if batched else tuple(s.squeeze(0) for s in state)

    def _read(self, name: str, state: Tensor, x: Tensor) -> Tensor:
        self._check(name, state, self.hidden_size, f"{type(self).__name__}: Expected {name}")
        state = self._cast(state if state.dim() == 2 else state.unsqueeze(0))
        if len(state) != len(x):
            raise ShapeError(
                f"{name}: expected shape ({len(x)}, {self.hidden_size}), given {tuple(state.shape)}"
                f" (Input batch size {len(x)} doesn't match hidden0 batch size {len(state)})"
            )
        return state

    def _check(self, name: str, tensor: Tensor, size: int, words: str) -> None:
        """Refuse another shape, in PyTorch's words too, which others look for."""
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name}: expected a tensor, given {type(tensor).__name__}")
        if tensor.dim() not in (1, 2):
            raise ValueError(f"{words} to be 1D or 2D, got {tensor.dim()}D instead")
        given = tensor.shape[-1]
        if given != size:
            theirs = (
                f"input has inconsistent input_size: got {given} expected {size}"
                if name == "input"
                else f"hidden0 has inconsistent hidden_size: got {given}, expected {size}"
            )
            raise ShapeError(
                f"{name}: expected shape (B, {size}) or ({size},), given {tuple(tensor.shape)} "
                f"({theirs})"
            )

    def _cast(self, tensor: Tensor) -> Tensor:
        """The recurrence adds up its rounding errors, so autocast leaves it as it is."""
        return tensor.to(self.weight_ih.dtype) if _autocasts(tensor.device.type) else tensor


class RNNCell(_Cell):
    r"""One step of the plain recurrent network, in the place of ``torch.nn.RNNCell``.

    .. math:: h' = \tanh(W_x \cdot x + W_h \cdot h + b)

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        bias: whether there are biases.
        nonlinearity: ``"tanh"`` or ``"relu"``.
        device: of the parameters.
        dtype: of the parameters.

    Call it with:
        - ``input``: (B, D), or (D,) for one row.
        - ``hx``: the state before, (B, H) or (H,), zero if left out.

    Returns:
        The new state, (B, H) or (H,).

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Source: Elman (1990); the interface is PyTorch's. Chapter 0.
    """

    family = "rnn"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"nonlinearity: expected 'tanh' or 'relu', given {nonlinearity!r}")
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """One step; see the class."""
        return self._compute(input, None if hx is None else (hx,))[0]

    def _step(self, x: Tensor, state: State, params: list[Tensor]) -> State:
        if self.nonlinearity == "tanh":
            return (rnn_step(x, *state, *params),)
        W_x, W_h, b = params
        return (torch.relu(x @ W_x + state[0] @ W_h + b),)


class LSTMCell(_Cell):
    r"""One step of the LSTM, equations (1) to (6), in the place of ``torch.nn.LSTMCell``.

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        bias: whether there are biases.
        device: of the parameters.
        dtype: of the parameters.

    Call it with:
        - ``input``: (B, D), or (D,) for one row.
        - ``hx``: ``(h, C)``, the states before, (B, H) or (H,) each, zero if left out.

    Returns:
        ``(h, C)``, the new states, (B, H) or (H,) each.

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Source: the post; Hochreiter & Schmidhuber (1997); Gers, Schmidhuber & Cummins (2000); the
        interface is PyTorch's. Chapters 1 to 6.
    """

    family = "lstm"
    starts = ("hx[0]", "hx[1]")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> State:
        """One step; see the class."""
        if hx is not None and (not isinstance(hx, tuple | list) or len(hx) != 2):
            given = f"{len(hx)} of them" if isinstance(hx, tuple | list) else type(hx).__name__
            raise TypeError(f"hx: expected a tuple (h, C) of tensors; given {given}")
        return self._compute(input, None if hx is None else tuple(hx))

    def _step(self, x: Tensor, state: State, params: list[Tensor]) -> State:
        return lstm_step(x, *state, *params)


class GRUCell(_Cell):
    r"""One step of the GRU, equations (7) to (10), in the place of ``torch.nn.GRUCell``.

    Args:
        input_size: number of inputs D.
        hidden_size: number of units H.
        bias: whether there are biases.
        device: of the parameters.
        dtype: of the parameters.
        reset_after: whether the reset gate acts after the product with the candidate's weights, as
            ``torch.nn.GRUCell`` has it, instead of before it, as equation (9) has it.

    Call it with:
        - ``input``: (B, D), or (D,) for one row.
        - ``hx``: the state before, (B, H) or (H,), zero if left out.

    Returns:
        The new state, (B, H) or (H,).

    Raises:
        ShapeError, TypeError, ValueError: names the argument, what was expected and what given.

    Source: the post; Cho et al. (2014); the interface is PyTorch's. Chapters 7 to 10.
    """

    family = "gru"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        *,
        reset_after: bool = False,
    ) -> None:
        check_bool("reset_after", reset_after)
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)
        self.reset_after = reset_after

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """One step; see the class."""
        return self._compute(input, None if hx is None else (hx,))[0]

    def extra_repr(self) -> str:
        """The arguments that are not the default."""
        return super().extra_repr() + (", reset_after=True" if self.reset_after else "")

    def _step(self, x: Tensor, state: State, params: list[Tensor]) -> State:
        if not self.reset_after:
            return (gru_step(x, *state, *params),)
        *params, b_hh = params
        return (gru_step(x, *state, *params, reset_after=True, b_hh=b_hh),)


def _autocasts(device: str) -> bool:
    return device != "meta" and torch.is_autocast_enabled(device)
