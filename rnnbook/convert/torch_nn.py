r"""Layers from and to ``torch.nn``, bit for bit."""

from __future__ import annotations

from typing import Any

import torch

from rnnbook.convert.shared import (
    check_forward,
    check_layer,
    kind_of,
    nonlinearity_of,
    without_weights,
)
from rnnbook.layers import GRU, LSTM, RNN, Recurrent

TORCH = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}
"""PyTorch's module for each of our layers."""


def from_torch(module: torch.nn.RNNBase) -> Recurrent:
    """The layer that computes what a module of ``torch.nn`` computes, bit for bit its weights.

    Args:
        module: a ``torch.nn.RNN``, ``torch.nn.LSTM`` or ``torch.nn.GRU``; the GRU becomes one with
            ``reset_after=True``.

    Raises:
        TypeError: it is something else, or has a ``forward`` of its own.

    Source: the documentation of ``torch.nn``.
    """
    for kind, peer in TORCH.items():
        if isinstance(module, peer):
            check_forward("module", module, peer, f"torch.nn.{peer.__name__}")
            options = {"reset_after": True} if kind is GRU else {}
            return _copy(module, kind, options)
    raise TypeError(
        "module: expected a torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU, "
        f"given {type(module).__name__}"
    )


def to_torch(layer: Recurrent) -> torch.nn.RNNBase:
    """The module of ``torch.nn`` that computes what a layer computes, bit for bit its weights.

    Args:
        layer: one of :mod:`rnnbook.layers`.

    Raises:
        ValueError: a GRU resets before the product; ``torch.nn.GRU`` resets after it.
        TypeError: it is no layer of ours.

    Source: the documentation of ``torch.nn``.
    """
    check_layer(layer)
    if layer.cell == "gru_reset_before":
        raise ValueError(
            "layer: expected a GRU with reset_after=True, for torch.nn.GRU resets after the "
            "product with the candidate's weights, and no weights make it compute the other form; "
            "given reset_after=False"
        )
    return _copy(layer, TORCH[kind_of(layer)], {})


def _copy(source: torch.nn.RNNBase, kind: type, options: dict[str, Any]) -> Any:
    """A module of another class with the same arguments and weights."""
    if source.mode.startswith("RNN"):
        options["nonlinearity"] = nonlinearity_of(source)
    if source.proj_size:
        options["proj_size"] = source.proj_size
    for name in ("num_layers", "bias", "batch_first", "dropout", "bidirectional"):
        options[name] = getattr(source, name)
    weight = source.weight_ih_l0
    options.update(device=weight.device, dtype=weight.dtype)
    target = without_weights(kind, source.input_size, source.hidden_size, **options)
    with torch.no_grad():
        for name, parameter in target.named_parameters():
            parameter.copy_(getattr(source, name))
    return target.train(source.training)
