"""The one gate: which tensors may be looked at as memory, and which must be left to PyTorch.

The compiled loops read and write a tensor's memory, and the loops in Python write into tensors in
place. Both are right for plain tensors only. A tensor may be of a class that computes in its own
way, stand for another tensor, have no memory, or somebody may be watching each operation.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor

from rnnbook.engines import torch_private


def computes_itself(tensors: Iterable[Tensor | None]) -> str:
    """Name of the first class among the tensors' that computes in its own way; empty if none does.

    A fake tensor is none of them: it takes part in everything, and has no numbers. A tensor within
    ``torch.func.functionalize`` is one.

    Source: this project.
    """
    for x in tensors:
        if x is not None and torch_private.dispatches_itself(x) and not torch_private.is_fake(x):
            return type(x).__name__
        if x is not None and torch_private.defers_mutations(x):
            return "functionalize"
    return ""


def why_not(tensors: Iterable[Tensor | None]) -> str:
    """Why the memory of these tensors may not be touched, as a sentence; empty when it may.

    Source: this project.
    """
    if torch_private.watches_operations():
        return "a TorchDispatchMode wants to see the operations."
    for x in tensors:
        if x is None:
            continue
        if torch_private.dispatches_itself(x):
            return f"the compiled loops need a tensor's memory, not a {type(x).__name__}."
        if x.layout != torch.strided or x.is_nested:
            kind = "nested" if x.is_nested else str(x.layout).removeprefix("torch.")
            return f"the compiled loops need strided memory, not a {kind} tensor."
    return ""


def with_memory(tensor: Tensor) -> Tensor:
    """The same numbers in memory as they are: not negated on reading, nor zeros without memory.

    Source: this project.
    """
    if torch_private.is_lazy_zero(tensor):
        return tensor.new_zeros(tensor.shape)
    return tensor.resolve_neg()
