r"""How long a forget gate remembers: half-life, lifetime, and the biases that set them."""

from __future__ import annotations

import math

import torch
from torch import Tensor


def half_life(f: float) -> float:
    r"""After how many steps is half of a stored value left?

    .. math:: f^n = \tfrac12 \iff n = \frac{\ln 2}{-\ln f}

    Args:
        f: share kept per step, in [0, 1], dimensionless.

    Returns:
        The half-life in steps; 0 for f = 0, infinity for f = 1.

    Raises:
        ValueError: f is outside of [0, 1].

    Source: solved for n.
    """
    _in_unit_interval(f)
    if f == 0:
        return 0.0
    return math.inf if f == 1 else math.log(2) / -math.log(f)


def lifetime(f: float) -> float:
    r"""Mean number of steps in which a value is seen, counting the first, if each keeps it with f.

    .. math:: \tau = \sum_{n \ge 0} f^n = \frac{1}{1 - f}

    Args:
        f: share kept per step, in [0, 1], dimensionless.

    Returns:
        The lifetime in steps, at least 1; infinity for f = 1. A value survives one step less.

    Raises:
        ValueError: f is outside of [0, 1].

    Source: chapter 1, equation (1.8).
    """
    _in_unit_interval(f)
    return math.inf if f == 1 else 1 / (1 - f)


def bias_for_lifetime(steps: float) -> float:
    r"""The bias with which a forget gate that sees nothing lives for ``steps`` steps on average.

    .. math:: \frac{1}{1 - \sigma(b)} = \tau \iff b = \ln(\tau - 1)

    Args:
        steps: the lifetime τ in steps, greater than 1.

    Returns:
        The bias b, dimensionless: the log-odds of keeping.

    Raises:
        ValueError: the lifetime is not greater than 1.

    Source: chapter 1, equation (1.9); Tallec & Ollivier (2018).
    """
    if not steps > 1:
        raise ValueError(f"steps: expected a lifetime greater than 1, given {steps}")
    return math.log(steps - 1)


def chrono_bias(hidden: int, longest: float, generator: torch.Generator) -> Tensor:
    r"""Forget biases that spread the lifetimes of the units up to the longest dependency.

    .. math:: b_f \sim \ln U(1, T_{\mathrm{max}} - 1)

    Args:
        hidden: number of units H, at least 1.
        longest: T_max, the longest dependency expected, in steps, greater than 2.
        generator: source of randomness.

    Returns:
        Biases (H,), float32; the lifetimes are uniform in (2, T_max).

    Raises:
        ValueError: an argument is out of range.

    Source: Tallec & Ollivier (2018), who set the input gate's bias to :math:`-b_f` as well.
        Chapter 1, equation (1.18).
    """
    if hidden < 1:
        raise ValueError(f"hidden: expected at least 1 unit, given {hidden}")
    if not longest > 2:
        raise ValueError(f"longest: expected more than 2 steps, given {longest}")
    return torch.log(1 + (longest - 2) * torch.rand(hidden, generator=generator))


def set_forget_bias(lstm: torch.nn.LSTM, value: float | Tensor) -> None:
    r"""Set the forget bias of PyTorch's LSTM, which keeps two bias vectors and adds them.

    The rows H to 2H of both hold the forget gate's part (PyTorch's order is i, f, g, o). One gets
    the value and the other zero: setting both to 1 makes the bias 2.

    Args:
        lstm: the module; all its layers and directions are set, in place.
        value: a number, or one bias for each unit (H,).

    Raises:
        TypeError: the module is no ``torch.nn.LSTM``.
        ValueError: the module has no biases, or the values are not one for each unit.

    Source: Jozefowicz, Zaremba & Sutskever (2015) on the value 1; PyTorch's documentation on the
        layout. Chapter 1.
    """
    if not isinstance(lstm, torch.nn.LSTM):
        raise TypeError(f"lstm: expected a torch.nn.LSTM, given {type(lstm).__name__}")
    if not lstm.bias:
        raise ValueError("lstm: expected a module with biases, given one made with bias=False")
    if isinstance(value, Tensor) and value.shape not in [(), (lstm.hidden_size,)]:
        raise ValueError(
            f"value: expected a number or shape ({lstm.hidden_size},), given {tuple(value.shape)}"
        )
    rows = slice(lstm.hidden_size, 2 * lstm.hidden_size)
    with torch.no_grad():
        for name, parameter in lstm.named_parameters():
            if name.startswith("bias_ih"):
                parameter[rows] = value
            elif name.startswith("bias_hh"):
                parameter[rows] = 0


def _in_unit_interval(f: float) -> None:
    if not 0 <= f <= 1:
        raise ValueError(f"f: expected a share in [0, 1], given {f}")
