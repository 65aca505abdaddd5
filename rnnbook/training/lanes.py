r"""The order of the data: B lanes through the text, a stretch of each at every step.

The training part of a text, N tokens, is a circle. In each round B lanes start at equal distances
from a place drawn for that round; at every step each lane goes on by T tokens, so that its state
can be carried from one step to the next, and after :math:`\lfloor N / (BT) \rfloor` steps a new
round starts. Which tokens a step sees depends on the seed and the number of the step alone: that
number is the whole position in the data, and how many processes share the lanes changes nothing.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rnnbook.training.errors import TrainingError


class Lanes:
    """Inputs and targets of every step.

    Args:
        tokens: the training part, (N,).
        batch: number of lanes B.
        length: tokens T of a lane in a step.
        seed: of the places where rounds start.
    """

    def __init__(self, tokens: np.ndarray, batch: int, length: int, seed: int) -> None:
        """Refuse a text that is too short for one step."""
        self.tokens, self.batch, self.length, self.seed = tokens, batch, length, seed
        self.round = len(tokens) // (batch * length)
        """Steps of a round."""
        if self.round < 1:
            raise TrainingError(
                f"The text has {len(tokens):,} tokens to train on, and one step needs "
                f"{batch} × {length} = {batch * length:,} (--batch × --length); make these smaller."
            )

    def starts_afresh(self, step: int) -> bool:
        """Whether a round begins with this step, so that no state is carried into it."""
        return step % self.round == 0

    def at(self, step: int, first: int = 0, last: int | None = None) -> tuple[Tensor, Tensor]:
        """Inputs and targets (T, B) of a step, of the lanes from ``first`` up to ``last``."""
        number, place = divmod(step, self.round)
        last = self.batch if last is None else last
        start = np.random.default_rng((self.seed, number)).integers(len(self.tokens))
        distance = len(self.tokens) // self.batch
        rows = [
            self._stretch((start + lane * distance + place * self.length) % len(self.tokens))
            for lane in range(first, last)
        ]
        stretches = torch.from_numpy(np.stack(rows, axis=1).astype(np.int64))
        return stretches[:-1], stretches[1:]

    def _stretch(self, start: int) -> np.ndarray:
        """T + 1 tokens of the circle."""
        part = self.tokens[start : start + self.length + 1]
        missing = self.length + 1 - len(part)
        return np.concatenate([part, self.tokens[:missing]]) if missing else np.asarray(part)
