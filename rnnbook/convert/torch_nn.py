r"""Layers, and the layers of whole models, from and to ``torch.nn``, bit for bit."""

from __future__ import annotations

import copy
import warnings
from typing import Any

import torch

from rnnbook.convert.shared import (
    check_forward,
    check_layer,
    kind_of,
    nonlinearity_of,
)
from rnnbook.layers import GRU, LSTM, RNN, Recurrent

TORCH = {RNN: torch.nn.RNN, LSTM: torch.nn.LSTM, GRU: torch.nn.GRU}
"""PyTorch's module for each of our layers."""

SIDES = ("rnnbook", "torch.nn")
"""Whose layers :func:`swap` can put into a model."""

_HOOKS = (
    *("_forward_hooks", "_forward_hooks_with_kwargs", "_forward_hooks_always_called"),
    *("_forward_pre_hooks", "_forward_pre_hooks_with_kwargs"),
    *("_backward_hooks", "_backward_pre_hooks", "_is_full_backward_hook"),
    *("_state_dict_hooks", "_state_dict_pre_hooks"),
    *("_load_state_dict_pre_hooks", "_load_state_dict_post_hooks"),
)


def from_torch(module: torch.nn.Module) -> Any:
    """What computes what a module of ``torch.nn``, or a whole model, computes, bit for bit.

    Args:
        module: a ``torch.nn.RNN``, ``torch.nn.LSTM`` or ``torch.nn.GRU``; the GRU becomes one with
            ``reset_after=True``. Or a model that holds such: :func:`swap` on a copy of it.

    Returns:
        The layer, or the model, with weights of its own.

    Raises:
        TypeError: it is something else, or a layer has a ``forward`` of its own.
        ValueError: as in :func:`swap`.

    Source: the documentation of ``torch.nn``.
    """
    if isinstance(module, tuple(TORCH.values())):
        return _with_weights_of(module, shadow(module))
    if not isinstance(module, torch.nn.Module) or not _found(module, set(TORCH.values())):
        raise TypeError(
            "module: expected a torch.nn.RNN, torch.nn.LSTM or torch.nn.GRU, or a model that holds "
            f"one, given {type(module).__name__}"
        )
    return swap(copy.deepcopy(module))


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
    return _with_weights_of(layer, _like(layer, TORCH[kind_of(layer)]))


def swap(model: torch.nn.Module, to: str = "rnnbook") -> torch.nn.Module:
    """Put our layers in the places of PyTorch's, or PyTorch's in the places of ours.

    The new layers hold the same parameters, not copies: an optimiser goes on with them, shared ones
    stay shared, and device, dtype, ``requires_grad``, training mode and hooks are as they were. A
    ``torch.nn.GRU`` becomes a GRU with ``reset_after=True``, so the model computes what it did.

    Only instances of the very classes change places; a subclass stays, for it may compute anything.
    Dropout between layers draws the same random numbers on a CPU.

    Args:
        model: changed in place. If it is itself a layer, the other one is only returned.
        to: ``"rnnbook"`` or ``"torch.nn"``, whose layers the model has afterwards.

    Returns:
        The model.

    Raises:
        ValueError: it has no layer to change; or, before anything is changed, one has parameters
            that are parametrized or pruned, or is a GRU of ours that resets before the product.

    Source: this project.
    """
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, given {type(model).__name__}")
    if to not in SIDES:
        raise ValueError(f"to: expected one of {', '.join(SIDES)}; given {to!r}")
    changing = set(TORCH.values()) if to == "rnnbook" else set(TORCH)
    found = _found(model, changing)
    if not found:
        other = "torch.nn" if to == "rnnbook" else "rnnbook"
        raise ValueError(f"model: expected one that holds an RNN, LSTM or GRU of {other}")
    made = {module: _counterpart(name, module) for name, module in found.items()}
    for parent in list(model.modules()):
        # not named_children, which names a module once where two attributes hold it
        for name, child in list(parent._modules.items()):
            if child in made:
                setattr(parent, name, made[child])
    return made.get(model, model)


def shadow(module: torch.nn.RNNBase, engine: str = "auto") -> Recurrent:
    """A layer of ours without numbers that computes what a layer, PyTorch's or ours, computes.

    Args:
        module: a layer; one with a ``forward`` of its own is refused.
        engine: of the layer made.

    Source: this project.
    """
    if isinstance(module, Recurrent):
        check_layer(module)
        options = {"reset_after": True} if module.cell == "gru_reset_after" else {}
        return _like(module, kind_of(module), engine=engine, **options)
    kind = next(kind for kind, peer in TORCH.items() if isinstance(module, peer))
    check_forward("module", module, TORCH[kind], f"torch.nn.{kind.__name__}")
    return _like(module, kind, engine=engine, **({"reset_after": True} if kind is GRU else {}))


def _counterpart(name: str, module: torch.nn.RNNBase) -> torch.nn.RNNBase:
    """The other side's layer, with the same parameters."""
    path = name or "the model itself"
    if isinstance(module, Recurrent):
        if module.cell == "gru_reset_before":
            raise ValueError(
                f"{path}: expected a GRU with reset_after=True, for torch.nn.GRU resets after the "
                "product; given reset_after=False"
            )
        made = _like(module, TORCH[kind_of(module)])
    else:
        made = shadow(module)
    theirs = dict(module.named_parameters(remove_duplicate=False))
    expected, given = {name for name, _ in made.named_parameters()}, theirs.keys()
    if expected != given:
        strange = ", ".join(sorted(given - expected))
        raise ValueError(
            f"{path}: expected plain parameters, given {strange}; remove the parametrization or "
            "the pruning first"
        )
    for parameter, value in theirs.items():
        setattr(made, parameter, value)
    for attribute in _HOOKS:
        if attribute in vars(module):
            vars(made)[attribute] = vars(module)[attribute]
    return made.train(module.training)


def _found(model: torch.nn.Module, kinds: set[type]) -> dict[str, Any]:
    return {name: module for name, module in model.named_modules() if type(module) in kinds}


def _like(source: torch.nn.RNNBase, kind: type, **options: Any) -> Any:
    """A module of another class with the same arguments, on the device meta."""
    if source.mode.startswith("RNN"):
        options["nonlinearity"] = nonlinearity_of(source)
    if source.proj_size:
        options["proj_size"] = source.proj_size
    for name in ("num_layers", "bias", "batch_first", "dropout", "bidirectional"):
        options[name] = getattr(source, name)
    options.update(device="meta", dtype=source.weight_ih_l0.dtype)
    with warnings.catch_warnings():  # of dropout with one layer, which was said before
        warnings.simplefilter("ignore", UserWarning)
        made = kind(source.input_size, source.hidden_size, **options)
    return made.train(source.training)


def _with_weights_of(source: torch.nn.RNNBase, target: Any) -> Any:
    """Give a module without numbers copies of another one's."""
    target = target.to_empty(device=source.weight_ih_l0.device)
    with torch.no_grad():
        for name, parameter in target.named_parameters():
            parameter.copy_(getattr(source, name))
    return target
