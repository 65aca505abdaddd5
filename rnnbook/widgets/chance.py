"""Random numbers that the page's JavaScript draws, too: the same ones from the same seed."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class Chance:
    """mulberry32: the same numbers in (0, 1) here and in the page, from a whole-number seed."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def uniform(self) -> float:
        self.state = t = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        t = (t ^ t >> 15) * (1 | t) & 0xFFFFFFFF
        t = (t + ((t ^ t >> 7) * (61 | t) & 0xFFFFFFFF) & 0xFFFFFFFF) ^ t
        return ((t ^ t >> 14) + 0.5) / 2**32

    def within(self, bound: float, *shape: int) -> Tensor:
        """Uniform numbers in (-bound, bound), as PyTorch's layers draw their weights."""
        numbers = [bound * (2 * self.uniform() - 1) for _ in range(math.prod(shape))]
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape)

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers, by Box and Muller."""
        pairs = [(self.uniform(), self.uniform()) for _ in range(math.prod(shape))]
        numbers = [math.sqrt(-2 * math.log(u)) * math.cos(2 * math.pi * v) for u, v in pairs]
        return torch.tensor(numbers, dtype=torch.float64).reshape(shape)

    def pair(self) -> tuple[float, float]:
        """Two independent standard normal numbers, by Box and Muller."""
        radius = math.sqrt(-2 * math.log(self.uniform()))
        angle = 2 * math.pi * self.uniform()
        return radius * math.cos(angle), radius * math.sin(angle)
