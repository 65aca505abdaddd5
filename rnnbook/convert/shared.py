r"""What the conversions share: checks of what comes in, and the layer that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rnnbook.layers import GRU, LSTM, RNN, Recurrent
from rnnbook.layouts import Weights
from rnnbook.shapes import ShapeError, check_shapes


def kind_of(layer: Recurrent) -> type:
    """The class of ours that a layer belongs to."""
    return next(kind for kind in (RNN, LSTM, GRU) if isinstance(layer, kind))


def nonlinearity_of(module: torch.nn.RNNBase) -> str:
    """What an RNN of ours, or of PyTorch, computes with, not what an attribute says about it."""
    return getattr(module, "cell", module.mode).lower().removeprefix("rnn_")


def named(name: str, kinds: dict[str, type], argument: str) -> type:
    """The class of that name; another name, or none, is refused."""
    if not isinstance(name, str):
        raise TypeError(
            f"{argument}: expected one of {', '.join(kinds)}; given {type(name).__name__}"
        )
    if name not in kinds:
        raise ValueError(f"{argument}: expected one of {', '.join(kinds)}; given {name!r}")
    return kinds[name]


def check_layer(layer: Recurrent, projects: str | None = None) -> None:
    """Refuse what is none of our layers and, for a peer without them, projected states."""
    if not isinstance(layer, RNN | LSTM | GRU):
        hint = "; use from_torch first" if isinstance(layer, torch.nn.RNNBase) else ""
        raise TypeError(
            f"layer: expected an rnnbook RNN, LSTM or GRU, given {type(layer).__module__}."
            f"{type(layer).__name__}{hint}"
        )
    kind = kind_of(layer)
    check_forward("layer", layer, kind, f"rnnbook.{kind.__name__}")
    if projects and layer.proj_size:
        raise ValueError(
            f"layer: expected proj_size=0, for {projects} does not project the hidden state; "
            f"given {layer.proj_size}"
        )


def check_forward(argument: str, module: torch.nn.Module, kind: type, expected: str) -> None:
    """Refuse a module that computes something else than its class: the weights do not show it."""
    if getattr(module.forward, "__func__", None) is not kind.forward:
        name = type(module).__name__
        raise TypeError(
            f"{argument}: expected {expected} itself, for {name} has a forward of its own; "
            f"given {name}"
        )


def cell_options(kind: type, activation: str, reset_after: bool, argument: str) -> dict[str, Any]:
    """The arguments that only one kind of layer has."""
    allowed = ("tanh", "relu") if kind is RNN else ("tanh",)
    if activation not in allowed:
        expected = " or ".join(repr(name) for name in allowed)
        raise ValueError(
            f"{argument}: expected {expected}, for the equations have no other; "
            f"given {activation!r}"
        )
    if kind is RNN:
        return {"nonlinearity": activation}
    return {"reset_after": reset_after} if kind is GRU else {}


def parts_of(weights: Sequence[Any], count: int) -> list[Sequence[Any]]:
    """The list cut into equal parts: each two matrices and, or not, a bias."""
    for size in (2, 3):
        if len(weights) == size * count:
            return [weights[k : k + size] for k in range(0, len(weights), size)]
    raise ValueError(
        f"weights: expected {2 * count} arrays, or {3 * count} with biases; given {len(weights)}"
    )


def check_zero_or_one(name: str, value: int) -> None:
    """Refuse what is no attribute of ONNX that switches something on or off."""
    if not isinstance(value, int):
        raise TypeError(f"{name}: expected 0 or 1, given {value!r}")
    if value not in (0, 1):
        raise ValueError(f"{name}: expected 0 or 1, given {value}")


def check_sizes(tensors: Sequence[Tensor], letters: Sequence[list[str]]) -> None:
    """Check shapes whose letters may be multiples of H, such as 4H, or numbers."""
    check_shapes(
        {f"weights[{k}]": argument for k, argument in enumerate(zip(tensors, letters, strict=True))}
    )
    size_of_h = dict(zip(letters[1], tensors[1].shape, strict=True))["H"]
    for k, (tensor, axes) in enumerate(zip(tensors, letters, strict=True)):
        for size, letter in zip(tensor.shape, axes, strict=True):
            multiple = re.fullmatch(r"(\d+)(H?)", letter)
            if multiple and size != int(multiple[1]) * (size_of_h if multiple[2] else 1):
                raise ShapeError(
                    f"weights[{k}]: expected shape ({', '.join(axes)}) with H = {size_of_h} from "
                    f"weights[1]; given {tuple(tensor.shape)}"
                )


def tensors_of(arrays: Iterable[Any]) -> list[Tensor]:
    """Copies of arrays, or of tensors, as tensors."""
    if not isinstance(arrays, list | tuple):
        raise TypeError(f"weights: expected a list of arrays, given {type(arrays).__name__}")
    tensors = []
    for k, array in enumerate(arrays):
        if not isinstance(array, Tensor):
            try:
                array = torch.from_numpy(np.array(array))
            except (TypeError, ValueError) as error:
                raise TypeError(f"weights[{k}]: expected an array of numbers; {error}") from None
        tensors.append(array.detach().clone())
    return tensors


def arrays_of(tensors: Iterable[Tensor]) -> list[np.ndarray]:
    """Copies of tensors as arrays whose memory is in order."""
    arrays = []
    for tensor in tensors:
        if tensor.dtype not in (torch.float16, torch.float32, torch.float64):
            raise TypeError(
                f"layer: expected float16, float32 or float64, for NumPy has no {tensor.dtype}; "
                "convert it with .float()"
            )
        arrays.append(np.array(tensor.detach().cpu().numpy(), order="C", copy=True))
    return arrays


def without_weights(kind: type, *sizes: int, device: torch.device, **options: Any) -> Any:
    """A module whose weights are still to come: nothing is drawn from the random numbers."""
    return kind(*sizes, device="meta", **options).to_empty(device=device)


def assemble(
    kind: type,
    cells: Sequence[Weights],
    num_layers: int = 1,
    bidirectional: bool = False,
    **options: Any,
) -> Recurrent:
    """A layer with these weights, one for each layer and direction."""
    first = cells[0]
    sizes = (first.w_ih.shape[1], first.w_hh.shape[1])
    options.update(num_layers=num_layers, bidirectional=bidirectional, bias=first.b_ih is not None)
    options.update(device=first.w_ih.device, dtype=first.w_ih.dtype)
    layer = without_weights(kind, *sizes, **options)
    with torch.no_grad():
        for parameters, weights in zip(layer.all_weights, cells, strict=True):
            for parameter, weight in zip(parameters, weights, strict=False):
                parameter.copy_(weight)
    return layer
