r"""What happens inside of the recurrent layers of a model that nobody changed.

The model computes as ever. Beside each of its layers, PyTorch's or ours, one of ours reads the same
numbers with the same weights, and shows its gates.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.func import functional_call
from torch.nn.utils.rnn import PackedSequence

from rnnbook.arguments import check_bool
from rnnbook.convert.torch_nn import TORCH, shadow
from rnnbook.layers import Recurrent

Traces = dict[str, list[Any]]
"""By the name of a layer in its model: an :class:`~rnnbook.layers.LSTMTrace`, or another cell's, of
each call, in their order."""


@contextmanager
def record(model: torch.nn.Module, *, gradients: bool = False) -> Iterator[Traces]:
    """Record gates and states of every RNN, LSTM and GRU of a model, PyTorch's or ours.

    ::

        with rnnbook.record(model) as traces:
            model(x)
        traces["encoder.lstm"][0].f  # the forget gates of its first call

    Outputs, gradients and random numbers of the model are bit for bit what they are without it. A
    trace is laid out as the layer is called: see :class:`rnnbook.layers.RNNTrace`. It is kept in
    memory until it is let go of. It comes from a computation of its own, which takes about as long
    as the layer's; under autocast it has the weights' precision.

    A layer with a ``forward`` of its own is left out, for it may compute anything. Of a layer that
    drops out between its layers while it trains, the same values are dropped; where PyTorch draws
    them otherwise than on a CPU, that is refused.

    Args:
        model: a model, or one layer, whose name is then empty: ``traces[""]``.
        gradients: whether gradients flow through the traces to parameters and inputs.

    Yields:
        The traces of each layer, by its name in ``model.named_modules()``; empty at first.

    Raises:
        ValueError: the model has no such layer, or one has ``proj_size``, for which the book has no
            equations; record the parts of the model without it.
        RuntimeError: in a call, if dropout could not be repeated.

    Source: this project.
    """
    if not isinstance(model, torch.nn.Module):
        raise TypeError(f"model: expected a torch.nn.Module, given {type(model).__name__}")
    check_bool("gradients", gradients)
    recorders = {}
    for name, module in model.named_modules():
        if _is_plain(module):
            if module.proj_size:
                raise ValueError(
                    f"{name or 'the model itself'}: expected proj_size=0, for the book's equations "
                    f"have no projection; given {module.proj_size}"
                )
            recorders[name] = _Recorder(module, gradients)
    if not recorders:
        raise ValueError("model: expected one that holds an RNN, LSTM or GRU, given one without")
    handles = []
    for name, recorder in recorders.items():
        module = model.get_submodule(name)
        handles.append(module.register_forward_pre_hook(recorder.before))
        # ahead of the model's own hooks, which may change the output
        hook = module.register_forward_hook(recorder.after, prepend=True, with_kwargs=True)
        handles.append(hook)
    try:
        yield {name: recorder.traces for name, recorder in recorders.items()}
    finally:
        for handle in handles:
            handle.remove()


def _is_plain(module: torch.nn.Module) -> bool:
    """Whether it is a recurrent layer, and computes what its class does."""
    if isinstance(module, Recurrent):
        return type(module).forward is Recurrent.forward and "forward" not in vars(module)
    kinds = tuple(TORCH.values())
    peer = next((kind for kind in kinds if isinstance(module, kind)), None)
    return peer is not None and getattr(module.forward, "__func__", None) is peer.forward


class _Recorder:
    """What a layer of the model showed; one of PyTorch's needs one of ours beside it."""

    def __init__(self, module: torch.nn.RNNBase, gradients: bool) -> None:
        shows = isinstance(module, Recurrent) and module.engine != "library"
        self.layer = None if shows else shadow(module, engine="auto")
        self.trace = "differentiable" if gradients else True
        self.gradients = gradients
        self.traces: list[Any] = []
        self.random_state: torch.Tensor | None = None

    def before(self, module: torch.nn.RNNBase, arguments: tuple) -> None:
        """Keep the random numbers' state, if the call will draw some."""
        drops = module.training and module.dropout and module.num_layers > 1
        self.random_state = torch.get_rng_state() if drops else None

    @torch._disable_dynamo
    def after(self, module: torch.nn.RNNBase, arguments: tuple, named: dict, output: tuple) -> None:
        """Compute the call once more, beside the model, and keep what it shows."""
        watched = torch.set_grad_enabled(self.gradients and torch.is_grad_enabled())
        with watched, torch.random.fork_rng([]):
            if self.random_state is not None:
                torch.set_rng_state(self.random_state)
            found = self._show(module, *arguments, **{**named, "trace": self.trace})
        if self.random_state is not None:
            _check_same(found[0], output[0])
        self.traces.append(found[2])

    def _show(self, module: torch.nn.RNNBase, *arguments: Any, **named: Any) -> tuple:
        if self.layer is None:
            return module.forward(*arguments, **named)
        weights = {name: getattr(module, name) for name, _ in self.layer.named_parameters()}
        return functional_call(self.layer.train(module.training), weights, arguments, named)


def _check_same(repeated: torch.Tensor | PackedSequence, output: Any) -> None:
    """Refuse a repetition that dropped other values: the rounding of two engines is no reason."""
    ours, theirs = (x.data if isinstance(x, PackedSequence) else x for x in (repeated, output))
    tolerance = 100 * torch.finfo(theirs.dtype).eps ** 0.75
    if not torch.allclose(ours, theirs, rtol=tolerance, atol=tolerance, equal_nan=True):
        raise RuntimeError(
            "record: expected a model in evaluation mode (model.eval()), for the dropout between "
            "its layers could not be repeated here"
        )
