r"""Long short-term memory: the post's equations (1) to (6).

Equation (1) stands here; the others join it, one chapter each.
"""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.shapes import shapes


@shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
def forget_gate(
    x: Tensor, h: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor
) -> Tensor:
    r"""Equation (1): the share of each cell state to keep.

    .. math:: f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)

    Shapes: x (B, D), h (B, H), W_x (D, H), W_h (H, H), b (H,); returns (B, H) in (0, 1),
    dimensionless. A value near 1 means *keep*.

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: the post, eq. (1); Gers, Schmidhuber & Cummins (2000). Chapter 1.
    """
    return torch.sigmoid(x @ W_x + h @ W_h + b)
