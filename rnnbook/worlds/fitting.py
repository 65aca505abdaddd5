"""Weights from examples: what training finds in a world, beside what Bayes' rule predicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor


def fit(
    answers: Callable[..., Tensor],
    targets: Tensor,
    sizes: Sequence[tuple[int, ...]],
    *,
    loss: Callable[[Tensor], Tensor] = torch.square,
    iterations: int = 60,
) -> tuple[Tensor, ...]:
    r"""Learn weights from a start at zero, by L-BFGS with a strong Wolfe line search.

    .. math:: \text{least mean of } \ell(\text{answers} - \text{targets})

    Args:
        answers: of the weights, of the targets' shape.
        targets: what they should be.
        sizes: of the weights, one for each argument of ``answers``.
        loss: ℓ, of the differences; their square by default.
        iterations: at most so many of L-BFGS.

    Returns:
        The weights, in the targets' precision.

    Source: PyTorch's ``torch.optim.LBFGS``.
    """
    weights = [targets.new_zeros(size).requires_grad_() for size in sizes]
    optimizer = torch.optim.LBFGS(weights, max_iter=iterations, line_search_fn="strong_wolfe")

    def error() -> Tensor:
        optimizer.zero_grad()
        mean = loss(answers(*weights) - targets).mean()
        mean.backward()
        return mean

    optimizer.step(error)
    return tuple(weight.detach() for weight in weights)


GATE = ((2, 1), (1, 1), (1,))
"""The sizes of W_x, W_h and b of one gate that sees two inputs and its own state."""
