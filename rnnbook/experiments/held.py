"""A trained character LSTM of one layer, read by equations (1) to (6), whose gates can be held.

The model is the one that the page carries, in 8 bits a weight, which
:mod:`rnnbook.experiments.page_model` made.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rnnbook import lstm
from rnnbook.experiments import stored_results

HELD = ("f", "i", "o", "h")
"""What can be held at a value: three gates, and what a unit shows."""

GATES = ("i", "f", "C_tilde", "o")
"""In the order in which PyTorch stacks their weights."""

EQUATIONS = (
    ("f", lstm.forget_gate),
    ("i", lstm.input_gate),
    ("C_tilde", lstm.candidate),
    ("o", lstm.output_gate),
)
"""The gates' names and functions, (1), (2), (3), (5)."""


@dataclass(frozen=True)
class Hold:
    """A gate, or a unit's output h, that no longer obeys its equation but has one value.

    Attributes:
        what: one of :data:`HELD`.
        value: the value that it has at every step.
        unit: whose, from 1; None for every unit's.

    Raises:
        ValueError: what is none of :data:`HELD`.
    """

    what: str
    value: float
    unit: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be held."""
        if self.what not in HELD:
            raise ValueError(f"what: expected one of {', '.join(HELD)}; given {self.what!r}")

    def of(self, batch: int, units: int) -> Tensor:
        """Which numbers it holds, (B, H)."""
        held = torch.zeros(batch, units, dtype=torch.bool)
        held[:, slice(None) if self.unit is None else self.unit - 1] = True
        return held


class Decoded(torch.nn.Module):
    """The model that a page computes, by PyTorch's layers: an embedding, an LSTM, a read-out.

    Args:
        page: what :func:`rnnbook.training.export.to_page` wrote of an LSTM of one layer.

    Source: :mod:`rnnbook.training.export`, which says how the weights are written.
    """

    def __init__(self, page: dict) -> None:
        super().__init__()
        tokens, units = len(page["characters"]), page["hidden"]
        with torch.device("meta"):
            self.embedding = torch.nn.Embedding(tokens, page["embedding"])
            self.recurrent = torch.nn.LSTM(page["embedding"], units)
            self.read_out = torch.nn.Linear(units, tokens)
        weights = {name: torch.from_numpy(_floats(text)) for name, text in page["biases"].items()}
        for name, matrix in page["matrices"].items():
            whole = np.frombuffer(base64.b64decode(matrix["int8"]), np.int8)
            scaled = _floats(matrix["scale"])[:, None] * whole.reshape(matrix["shape"])
            weights[name] = torch.from_numpy(scaled)
        self.load_state_dict(weights, assign=True)
        self.requires_grad_(False)


def _floats(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)


def stored_model() -> tuple[Decoded, str]:
    """The page's model, and its characters, whose places are the tokens.

    Source: ``rnnbook/results/page_model.json``.
    """
    page = stored_results("page_model")["model"]
    return Decoded(page), page["characters"]


def tokens_of(characters: str, text: str) -> Tensor:
    """The tokens (T,) of a text."""
    return torch.tensor([characters.index(mark) for mark in text])


class Reader:
    """An LSTM of one layer that reads token by token, by equations (1) to (6), and can be held.

    Args:
        model: an LSTM of one layer.
        hold: what is held, and at what.
        batch: sequences read side by side, from the state 0.
        each: of sequence n what is held is unit n's alone, counted from 0; the batch is H.

    Source: the post, eqs. (1) to (6).
    """

    def __init__(
        self,
        model: torch.nn.Module,
        hold: Hold | None = None,
        batch: int = 1,
        *,
        each: bool = False,
    ) -> None:
        weights = dict(model.recurrent.named_parameters())
        units = model.recurrent.hidden_size
        b = (weights["bias_ih_l0"] + weights["bias_hh_l0"]).split(units)
        W_x, W_h = (weights[f"weight_{n}_l0"].t().split(units, 1) for n in ("ih", "hh"))
        self.weights = dict(zip(GATES, zip(W_x, W_h, b, strict=True), strict=True))
        self.model, self.hold = model, hold
        if hold is not None:
            self.held = torch.eye(units, dtype=torch.bool) if each else hold.of(batch, units)
        self.h = self.C = torch.zeros(batch, units)
        self.now: dict[str, Tensor] = {}

    def _obey(self, name: str, value: Tensor) -> Tensor:
        if self.hold is None or self.hold.what != name:
            return value
        return value.masked_fill(self.held, self.hold.value)

    @torch.no_grad()
    def step(self, tokens: Tensor) -> Tensor:
        """Read one token of each sequence, (B,); gives the scores of the next ones, (B, V)."""
        x = self.model.embedding(tokens)
        f, i, C_tilde, o = (
            self._obey(name, gate(x, self.h, *self.weights[name])) for name, gate in EQUATIONS
        )
        self.C = lstm.cell_state(f, self.C, i, C_tilde)
        self.h = self._obey("h", lstm.hidden_state(o, self.C))
        self.now = {"f": f, "i": i, "C_tilde": C_tilde, "o": o, "C": self.C, "h": self.h}
        return self.model.read_out(self.h)

    def read(self, token: int) -> Tensor:
        """Read one token of the only sequence; gives the scores of the next one, (V,)."""
        return self.step(torch.tensor([token]))[0]


def traced(
    model: torch.nn.Module, tokens: Tensor, hold: Hold | None = None, *, each: bool = False
) -> dict[str, Tensor]:
    """Everything in an LSTM of one layer while it reads.

    Args:
        model: an LSTM of one layer.
        tokens: (T, B), read from the state 0.
        hold: what is held, and at what.
        each: as of :class:`Reader`.

    Returns:
        ``f``, ``i``, ``C_tilde``, ``o``, ``C``, ``h``, (T, B, H) each, and ``scores`` (T, B, V).

    Source: this project.
    """
    reader = Reader(model, hold, tokens.shape[1], each=each)
    rows = [{"scores": reader.step(row), **reader.now} for row in tokens]
    return {name: torch.stack([row[name] for row in rows]) for name in rows[0]}


def bits(
    model: torch.nn.Module,
    tokens: Tensor,
    hold: Hold | None = None,
    *,
    skip: int = 0,
    each: bool = False,
) -> Tensor:
    r"""Bits per character of each sequence: the mean of :math:`-\log_2 P` from its second one on.

    Args:
        model: an LSTM of one layer.
        tokens: (T, B).
        hold: what is held, and at what.
        skip: predictions at the beginning that do not count.
        each: as in :func:`traced`.

    Returns:
        (B,).

    Source: this project.
    """
    scores = traced(model, tokens[:-1], hold, each=each)["scores"][skip:].double()
    targets = tokens[1 + skip :, :, None]
    nats = -scores.log_softmax(-1).gather(-1, targets).squeeze(-1)
    return nats.mean(0) / math.log(2)
