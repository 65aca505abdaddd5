"""Every name of PyTorch that is not promised to stay, and what it is used for.

The rest of the package calls these functions, so that a PyTorch without one of the names, or with
another meaning of it, fails in one place: ``tests/test_torch_private.py`` says in which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

KERNELS = {
    "rnn_tanh": torch._VF.rnn_tanh,
    "rnn_relu": torch._VF.rnn_relu,
    "lstm": torch._VF.lstm,
    "gru": torch._VF.gru,
}
"""PyTorch's kernels, as ``torch.nn`` calls them."""

not_compiled = torch._disable_dynamo
"""Decorator: ``torch.compile`` leaves the function as it is. ``torch.compiler.disable`` does the
same, but imports the compiler, which takes a second, when it decorates."""


def constant_when_traced(function: Callable) -> Callable:
    """Decorator: what a compiler's program takes of the function is its value when it is traced.

    ``torch.compiler.assume_constant_result`` does the same, but imports the compiler, too.

    Source: ``torch/_dynamo/decorators.py``.
    """
    function._dynamo_marked_constant = True
    return function


def maps_or_differentiates() -> bool:
    """Whether one of ``torch.func``'s transformations is being done.

    Source: ``torch/_functorch``.
    """
    return torch._C._are_functorch_transforms_active()


def differentiates_forwards() -> bool:
    """Whether a level of forward-mode differentiation is open, by dual numbers or ``torch.func``.

    Source: ``torch/autograd/forward_ad.py``.
    """
    return torch.autograd.forward_ad._current_level >= 0


def watches_operations() -> bool:
    """Whether a ``TorchDispatchMode`` sees each operation: counters, fake tensors, ``make_fx``.

    Source: ``torch/utils/_python_dispatch.py``.
    """
    return torch._C._len_torch_dispatch_stack() > 0


def dispatches_itself(tensor: Tensor) -> bool:
    """Whether a tensor is of a class that computes in its own way, such as ``DTensor``.

    Source: ``torch/_tensor.py``.
    """
    return type(tensor).__torch_dispatch__ is not Tensor.__torch_dispatch__


def is_fake(tensor: Tensor) -> bool:
    """Whether a tensor has a shape but no numbers, as while a compiler traces.

    Source: ``torch/_subclasses/fake_tensor.py``.
    """
    return type(tensor) is not Tensor and type(tensor).__name__ == "FakeTensor"


def defers_mutations(tensor: Tensor) -> bool:
    """Whether a tensor is one of ``torch.func.functionalize``, which has no rule for our functions.

    Source: ``torch/_functorch``.
    """
    return torch._is_functional_tensor(tensor)


def is_batched_gradient(tensor: Tensor) -> bool:
    """Whether a gradient is many, as with ``is_grads_batched=True``; not so under ``torch.func``.

    Source: ``torch/_vmap_internals.py``.
    """
    return torch._C._functorch.is_legacy_batchedtensor(tensor)


def is_lazy_zero(tensor: Tensor) -> bool:
    """Whether a tensor is zero without having memory, as autograd makes some.

    Source: ``torch._efficientzerotensor``.
    """
    return tensor._is_zerotensor()


def wants_one_chunk(weights: Sequence[Tensor]) -> bool:
    """Whether cuDNN computes with these weights, and would copy them unless they lie together.

    Source: ``torch.nn.RNNBase.flatten_parameters``.
    """
    first = weights[0]
    return all(
        w.is_cuda and w.dtype == first.dtype and torch.backends.cudnn.is_acceptable(w)
        for w in weights
    ) and len({w.data_ptr() for w in weights}) == len(weights)


@torch.no_grad()
def into_one_chunk(kernel: str, weights: Sequence[Tensor]) -> None:
    """Move the weights of one layer in one direction to where cuDNN reads them without a copy.

    Args:
        kernel: a key of :data:`KERNELS`.
        weights: as the kernel takes them: w_ih, w_hh, with biases b_ih, b_hh, perhaps w_hr.

    Source: ``torch.nn.RNNBase.flatten_parameters``.
    """
    import torch.backends.cudnn.rnn as cudnn

    gates = {"lstm": 4, "gru": 3}.get(kernel, 1)
    projects = len(weights) in (3, 5)
    torch._cudnn_rnn_flatten_weight(
        list(weights),
        len(weights),
        weights[0].shape[1],
        cudnn.get_cudnn_mode(kernel.upper()),
        weights[0].shape[0] // gates,
        weights[1].shape[1] if projects else 0,
        1,  # layers
        False,  # batch_first
        False,  # bidirectional
    )
