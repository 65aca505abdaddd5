r"""PyTorch's own kernels, for the cells that PyTorch has: cuDNN on a GPU, oneDNN for the LSTM.

They give the last cell state and not all of them, so :func:`run` returns the last states. Under
``torch.compile`` they stay what they are: PyTorch would replace them by a loop that it unrolls.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from rnnbook.layouts import Weights

KERNELS = {
    "rnn_tanh": torch._VF.rnn_tanh,
    "rnn_relu": torch._VF.rnn_relu,
    "lstm": torch._VF.lstm,
    "gru_reset_after": torch._VF.gru,
}
"""PyTorch's kernel for each cell that it has; none resets before the product."""


@torch._disable_dynamo
def run(
    cell: str,
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
    kernel = KERNELS[cell]
    flat = [weight for weight in weights if weight is not None]
    start = tuple(s.unsqueeze(0) for s in state)
    start = start if cell == "lstm" else start[0]
    biased = weights.b_ih is not None
    options = (biased, 1, 0.0, False, False)  # layers, dropout, training, bidirectional
    try:
        if batch_sizes[0] == batch_sizes[-1]:
            steps = data.unflatten(0, (len(batch_sizes), -1))
            output, *last = kernel(steps, start, flat, *options, False)  # not batch_first
            output = output.flatten(0, 1)
        else:
            sizes = torch.tensor(batch_sizes)
            output, *last = kernel(data, sizes, start, flat, *options)
    except (NotImplementedError, RuntimeError) as error:
        raise _explained(error) from error
    return output, tuple(s.squeeze(0) for s in last)


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
