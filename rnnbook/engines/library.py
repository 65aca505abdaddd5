r"""PyTorch's own kernels, for the cells that PyTorch has: cuDNN on a GPU, oneDNN for the LSTM.

They give the last cell state and not all of them, so :func:`run` returns the last states. Under
``torch.compile`` they stay what they are: PyTorch would replace them by a loop that it unrolls.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.engines import torch_private
from rnnbook.engines.cells import Cell
from rnnbook.engines.derivatives import is_watched
from rnnbook.layouts import Weights


@torch_private.not_compiled
def run(
    cell: Cell,
    data: Tensor,
    batch_sizes: Sequence[int],
    state: tuple[Tensor, ...],
    weights: Weights,
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """All hidden states (N, H) and the last state, ``(h,)`` or ``(h, C)``, of one layer.

    Arguments as in :func:`rnnbook.engines.reference.run`; here ``weights.w_hr`` may project.

    Raises:
        NotImplementedError: under ``torch.func.vmap``; and, of the float32 LSTM, in forward mode.

    Source: ``torch.nn.LSTM``, ``GRU`` and ``RNN``.
    """
    kernel = torch_private.KERNELS[cell.kernel]
    flat = flat_weights(weights)
    start = tuple(s.unsqueeze(0).contiguous() for s in state)  # cuDNN takes no other
    start = start if len(start) > 1 else start[0]
    # "Training" makes cuDNN keep what its backward pass reads; there is no dropout here.
    training = is_watched((data, *state, *flat))
    options = (weights.b_ih is not None, 1, 0.0, training, False)  # layers, dropout, bidirectional
    try:
        if batch_sizes[0] == batch_sizes[-1]:
            steps = data.unflatten(0, (-1, batch_sizes[0]))
            output, *last = kernel(steps, start, flat, *options, False)  # not batch_first
            output = output.flatten(0, 1)
        else:
            sizes = torch.tensor(batch_sizes, device="cpu")
            output, *last = kernel(data, sizes, start, flat, *options)
    except (NotImplementedError, RuntimeError) as error:
        raise _explained(error) from error
    return output, tuple(s.squeeze(0) for s in last)


def flat_weights(weights: Weights) -> list[Tensor]:
    """The weights as a kernel takes them.

    Source: ``torch.nn.RNNBase``.
    """
    return [w for w in weights[:5] if w is not None]


def flatten(cell: Cell, weights: Weights) -> None:
    """Move one layer's weights in one direction to where cuDNN reads them without copying.

    Elsewhere, and of weights of which two are one tensor, nothing is moved.

    Source: ``torch.nn.RNNBase.flatten_parameters``, which does the same for all layers at once.
    """
    flat = flat_weights(weights)
    if cell.kernel and torch_private.wants_one_chunk(flat):
        torch_private.into_one_chunk(cell.kernel, flat)


def _explained(error: Exception) -> Exception:
    """What PyTorch says of an operation without a rule, in the words of this package."""
    for said, what, able in (
        ("Batching rule not implemented", "torch.func.vmap", "another one"),
        ("forward AD", "forward-mode differentiation", "engine='reference'"),
    ):
        if said in str(error):
            return NotImplementedError(
                f"engine: expected {able} with {what}, for which PyTorch's kernel has no rule; "
                "given 'library'"
            )
    return error
