"""The character model: a token's vector, the recurrent layers, a score for each next token."""

from __future__ import annotations

import torch
from torch import Tensor

import rnnbook

KINDS = ("rnn", "lstm", "gru")
"""Which recurrent layers a model can have."""

State = tuple[Tensor, ...]
"""``(h,)``, of an LSTM ``(h, C)``, each (layers, B, H)."""


class CharacterModel(torch.nn.Module):
    """Reads tokens, and says after each how likely every next one is.

    Args:
        tokens: number of different tokens V.
        kind: one of :data:`KINDS`.
        hidden: units H of each layer.
        layers: number of layers.
        embedding: numbers E in the vector of a token.
        dropout: share of the values to drop after each layer while training.
        forget_bias: of the gate that keeps, at first; None leaves PyTorch's. An RNN has none.
        reset_after: whether a GRU resets after the product, as PyTorch's does.
        maker: ``"rnnbook"``, or ``"torch"`` for the layers of ``torch.nn``.
        engine: of the layers of ``rnnbook``.

    Raises:
        ValueError: names the argument, what was expected and what given.

    Source: chapter 11.
    """

    def __init__(
        self,
        tokens: int,
        kind: str = "lstm",
        hidden: int = 128,
        layers: int = 1,
        embedding: int = 32,
        dropout: float = 0.0,
        forget_bias: float | None = 1.0,
        reset_after: bool = False,
        maker: str = "rnnbook",
        engine: str = "auto",
    ) -> None:
        """Make the layers; the random numbers are PyTorch's global ones."""
        super().__init__()
        if kind not in KINDS:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}; given {kind!r}")
        if maker not in ("rnnbook", "torch"):
            raise ValueError(f"maker: expected rnnbook or torch, given {maker!r}")
        if maker == "torch" and kind == "gru" and not reset_after:
            raise ValueError(
                "reset_after: expected True with maker='torch', for PyTorch's GRU resets after "
                "the product; given False"
            )
        self.kind = kind
        self.embedding = torch.nn.Embedding(tokens, embedding)
        options: dict = {"dropout": dropout if layers > 1 else 0.0}
        if maker == "rnnbook":
            options["engine"] = engine
            if kind == "gru":
                options["reset_after"] = reset_after
        home = rnnbook if maker == "rnnbook" else torch.nn
        self.recurrent = getattr(home, kind.upper())(embedding, hidden, layers, **options)
        self.dropout = torch.nn.Dropout(dropout)
        self.read_out = torch.nn.Linear(hidden, tokens)
        if forget_bias is not None and kind != "rnn":
            self._set_forget_bias(forget_bias)

    def forward(self, tokens: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Scores (logits) (T, B, V) of the token after each of (T, B), and the last state."""
        start = None if state is None else (state if self.kind == "lstm" else state[0])
        hidden, last = self.recurrent(self.embedding(tokens), start)
        scores = self.read_out(self.dropout(hidden))
        return scores, last if self.kind == "lstm" else (last,)

    def zero_state(self, batch: int) -> State:
        """The state before the first token, on the model's device."""
        weight = self.recurrent.weight_hh_l0
        shape = (self.recurrent.num_layers, batch, self.recurrent.hidden_size)
        return tuple(weight.new_zeros(shape) for _ in range(1 + (self.kind == "lstm")))

    def _set_forget_bias(self, value: float) -> None:
        """The same in both makers: the gate's block of bias_ih is the value, that of bias_hh 0."""
        rows = slice(self.recurrent.hidden_size, 2 * self.recurrent.hidden_size)
        with torch.no_grad():  # of i f g o and of r z n the second block keeps
            for name, parameter in self.recurrent.named_parameters():
                if name.startswith("bias"):
                    parameter[rows] = value if name.startswith("bias_ih") else 0.0
