r"""A counter made of equation (4): what it holds after n letters a and m letters b. Chapter 4.

Each a writes one number into the cell, each b another, and a forget gate keeps a share at each
step. Where that share is below 1, a letter that came earlier counts for less, and so there is an n
beyond which the count is wrong.
"""

from __future__ import annotations

import torch
from torch import Tensor


def count_after(
    n: Tensor | int,
    m: Tensor | int,
    *,
    keep: tuple[Tensor | float, Tensor | float],
    write: tuple[Tensor | float, Tensor | float],
    start: Tensor | float = 0.0,
) -> Tensor:
    r"""The cell state after n letters a and then m letters b, in closed form.

    .. math:: C = f_b^m \left( f_a^n\,C_0 + g_a\,\frac{1 - f_a^n}{1 - f_a} \right)
        + g_b\,\frac{1 - f_b^m}{1 - f_b}

    Args:
        n: number of letters a, at least 0.
        m: number of letters b after them, at least 0.
        keep: the shares f_a and f_b that are kept at an a and at a b, in [0, 1].
        write: what an a and a b write: g = i·C̃.
        start: C_0.

    Returns:
        The state, in the shape to which the arguments broadcast, float64.

    Source: chapter 4, equations (4.3) and (4.6).
    """
    n, m, start = (torch.as_tensor(value, dtype=torch.float64) for value in (n, m, start))
    (f_a, f_b), (g_a, g_b) = (
        [torch.as_tensor(value, dtype=torch.float64) for value in pair] for pair in (keep, write)
    )
    return f_b**m * (f_a**n * start + g_a * _steps(f_a, n)) + g_b * _steps(f_b, m)


def _steps(f: Tensor, n: Tensor) -> Tensor:
    """1 + f + … + f^(n−1), which is n where f is 1."""
    rest = 1 - f
    return torch.where(rest == 0, n, (1 - f**n) / torch.where(rest == 0, 1.0, rest))


def longest_count(
    f: float, *, write: tuple[float, float] = (1.0, -1.0), theta: float = 0.5, most: int = 1000
) -> int:
    r"""Up to which n a counter is right that says "over" as soon as C is at most theta.

    After n letters a that must be so after the n-th b, and not after the one before. For the
    writes 1 and −1 it is so while

    .. math:: \left(1 - f^n\right)^2 < (1 - f)(1 - \theta f)

    Args:
        f: the share kept at each step, in [0, 1].
        write: what an a and a b write.
        theta: where it says that the string is over.
        most: the largest n that is looked at.

    Returns:
        The largest n up to which all are right; 0 if not even n = 1 is, ``most`` if all are.

    Raises:
        ValueError: the share is out of range.

    Source: chapter 4, equation (4.7).
    """
    if not 0 <= f <= 1:
        raise ValueError(f"f: expected a share in [0, 1], given {f}")
    n = torch.arange(1, most + 1)
    counter = {"keep": (f, f), "write": write}
    right = (count_after(n, n - 1, **counter) > theta) & (count_after(n, n, **counter) <= theta)
    return most if right.all() else int(right.long().argmin())
