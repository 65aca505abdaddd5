r"""A lift that moves one floor up or down at each step, seen through noise. Chapter 3.

A sensor says which way it goes, and somebody has pressed a button one step before. To be kept is
the floor: a sum of signs. So what a memory should add at each step is the mean of a sign, given the
reading now and the button then. The oracle is that of :func:`rnnbook.worlds.thread.signs`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from rnnbook.lstm import candidate
from rnnbook.shapes import shapes
from rnnbook.worlds.fitting import fit


def lift(
    batch: int,
    length: int,
    generator: torch.Generator,
    noise: float = 0.8,
    agree: float = 0.9,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Rides of a lift: readings, buttons and floors.

    .. math:: y_t = y_{t-1} + s_t, \qquad v_t = s_t + \eta\,\varepsilon_t, \qquad
        P(s_t = c_{t-1}) = \rho

    Args:
        batch: number of rides B, at least 1.
        length: number of steps T, at least 1.
        generator: source of all randomness.
        noise: η, standard deviation of the reading's error, above 0.
        agree: ρ, probability that the lift goes where the button before said; one half makes the
            button say nothing.

    Returns:
        readings v (T, B), the buttons c before each step (T, B), ±1, and the floors y (T, B),
        float64. The button pressed at step t is the next row.

    Raises:
        ValueError: an argument is out of range.

    Source: made for chapter 3.
    """
    if batch < 1 or length < 1:
        raise ValueError(f"batch, length: expected at least 1, given {batch}, {length}")
    _in_range(noise, agree)
    exact = {"generator": generator, "dtype": torch.float64}
    before = 2.0 * (torch.rand(length, batch, **exact) < 0.5).double() - 1
    kept = 2.0 * (torch.rand(length, batch, **exact) < agree).double() - 1
    signs = before * kept
    readings = signs + noise * torch.randn(length, batch, **exact)
    return readings, before, signs.cumsum(0)


def derived_candidate(noise: float, agree: float = 0.5) -> tuple[Tensor, Tensor, Tensor]:
    r"""The candidate that is the mean of the sign, from Bayes' rule.

    .. math:: \tilde{C}_t = \tanh(w_v v_t + w_c c_{t-1}), \qquad
        w_v = \frac{1}{\eta^2}, \quad w_c = \tfrac12 \ln\frac{\rho}{1 - \rho}

    Args:
        noise: η, above 0.
        agree: ρ, in (0, 1).

    Returns:
        W_x (1, 1), W_h (1, 1) and b (1,), float64, where the state is the button.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 3, equation (3.6).
    """
    _in_range(noise, agree)
    weights = [[1 / noise**2]], [[0.5 * math.log(agree / (1 - agree))]], [0.0]
    return tuple(torch.tensor(one, dtype=torch.float64) for one in weights)


@shapes(readings="T B", before="T B", W_x="1 1", W_h="1 1", b="1")
def answers(readings: Tensor, before: Tensor, W_x: Tensor, W_h: Tensor, b: Tensor) -> Tensor:
    r"""What equation (3) answers at each step, where :math:`h_{t-1}` is the button.

    Args:
        readings: v, (T, B).
        before: the buttons c before each step, (T, B).
        W_x: (1, 1).
        W_h: (1, 1).
        b: (1,).

    Returns:
        The candidates (T, B); their running sum is the memory's floor.

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.candidate`.

    Source: chapter 3.
    """
    x, h = (part.reshape(-1, 1) for part in (readings, before))
    return candidate(x, h, W_x, W_h, b).view_as(readings)


@shapes(readings="T B", before="T B", floors="T B")
def fit_candidate(
    readings: Tensor,
    before: Tensor,
    floors: Tensor,
    loss: Callable[[Tensor], Tensor] = torch.square,
    iterations: int = 60,
) -> tuple[Tensor, Tensor, Tensor]:
    r"""Learn equation (3) from a start at zero by L-BFGS, told the floors alone.

    .. math:: C_t = C_{t-1} + \tilde{C}_t, \qquad \text{least mean of } \ell(C_t - y_t)

    Args:
        readings: v, (T, B).
        before: the buttons c before each step, (T, B).
        floors: y, (T, B).
        loss: ℓ, of the differences; their square by default.
        iterations: at most so many of L-BFGS.

    Returns:
        W_x (1, 1), W_h (1, 1) and b (1,).

    Raises:
        ShapeError, TypeError: as in :func:`rnnbook.lstm.candidate`.

    Source: chapter 3.
    """

    def memory(*weights: Tensor) -> Tensor:
        return answers(readings, before, *weights).cumsum(0)

    return fit(memory, floors, ((1, 1), (1, 1), (1,)), loss=loss, iterations=iterations)


def answer_error(answer: Callable[[Tensor], Tensor], noise: float, chance: float = 0.5) -> float:
    r"""The mean square error per step of any answer to a reading, by quadrature.

    .. math:: \mathbb{E}\,(s - g(v))^2 = \sum_{s = \pm 1} P(s) \int p(v \mid s)\,(s - g(v))^2\,dv

    Args:
        answer: g, of a tensor of readings.
        noise: η, above 0.
        chance: probability of +1, in (0, 1).

    Returns:
        The error, to about 6 digits for a continuous g.

    Raises:
        ValueError: an argument is out of range.

    Source: the definition of the mean.
    """
    _in_range(noise, chance)
    return _over_readings(lambda s, v: (s - answer(v)).square(), noise, chance)


def drift(answer: Callable[[Tensor], Tensor], noise: float, chance: float = 0.5) -> tuple:
    r"""Mean and variance of what is written at each step, by quadrature.

    .. math:: \mathbb{E}\,g(v), \qquad \operatorname{Var} g(v)

    Args:
        answer: g, of a tensor of readings.
        noise: η, above 0.
        chance: probability of +1, in (0, 1).

    Returns:
        The mean and the variance; a cell that starts at 0 has t times as much of both after t
        steps.

    Raises:
        ValueError: an argument is out of range.

    Source: chapter 3, equation (3.7).
    """
    _in_range(noise, chance)
    mean = _over_readings(lambda _, v: answer(v), noise, chance)
    return mean, _over_readings(lambda _, v: (answer(v) - mean).square(), noise, chance)


def _over_readings(says: Callable, noise: float, chance: float) -> float:
    """The mean, over signs and their readings, of what a function says of both."""
    grid = torch.arange(-512, 513, dtype=torch.float64) / 64  # in units of the noise
    weight = torch.softmax(-0.5 * grid**2, 0)
    up, down = (says(s, s + noise * grid) @ weight for s in (1.0, -1.0))
    return (chance * up + (1 - chance) * down).item()


def _in_range(noise: float, chance: float) -> None:
    if not noise > 0:
        raise ValueError(f"noise: expected a standard deviation above 0, given {noise}")
    if not 0 < chance < 1:
        raise ValueError(f"agree, chance: expected a probability in (0, 1), given {chance}")
