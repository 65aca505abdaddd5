r"""The constant error carousel: a memory that neither fades nor forgets. Chapter 0."""

from __future__ import annotations

import torch
from torch import Tensor

from rnnbook.shapes import shapes


@shapes(inputs="T B D", C="B H", W_x="D H", b="H")
def carousel_states(
    inputs: Tensor, C: Tensor, W_x: Tensor, b: Tensor
) -> Tensor:
    r"""Add what each input writes to what is there.

    .. math:: C_t = C_{t-1} + \tanh(W_x \cdot x_t + b)

    Shapes: inputs (T, B, D), C (B, H), W_x (D, H), b (H,); returns all cell states (T, B, H).

    Raises:
        ShapeError: names the argument, the shape expected and the shape given.
        TypeError: an argument is no floating-point tensor, or dtypes or devices differ.

    Source: Hochreiter & Schmidhuber (1997), without their gates and recurrent inputs. Chapter 0.
    """
    return C + torch.tanh(inputs @ W_x + b).cumsum(0)


class Carousel(torch.nn.Module):
    """:func:`carousel_states` as a layer that is called like ``torch.nn.RNN``.

    Args:
        input_size: number of inputs D.
        hidden_size: number of cells H.

    Source: chapter 0.
    """

    def __init__(self, input_size: int, hidden_size: int) -> None:
        """Draw the weights as ``torch.nn.Linear`` does."""
        super().__init__()
        self.write = torch.nn.Linear(input_size, hidden_size)

    def forward(self, inputs: Tensor) -> tuple[Tensor, Tensor]:
        """Return all cell states (T, B, H) and the last one (1, B, H), starting from zero."""
        C = inputs.new_zeros(inputs.shape[1], self.write.out_features)
        states = carousel_states(
            inputs, C, self.write.weight.T, self.write.bias
        )
        return states, states[-1:]
