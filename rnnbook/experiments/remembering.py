r"""Does an LSTM remember by itself? Adding and temporal order, trained and guessed. Chapter 6.

The layers are the package's own :class:`rnnbook.layers.LSTM` and :class:`rnnbook.layers.RNN`; a
linear read-out answers from the last hidden state. The trainings run side by side, each in its own
row of numbers. Beside them stands the baseline of which Hochreiter & Schmidhuber (1997) warn:
weights that are drawn at random until some happen to do it. What guessing solves asks for no
learning.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import vector_to_parameters

import rnnbook
from rnnbook import tasks
from rnnbook.arguments import check_generator, check_whole_numbers
from rnnbook.experiments import SOLVED, LastStep, Run, _one_thread, trainings

TOLERANCE = 0.2
"""A number is right that misses its target by less."""

MODELS: dict[str, Callable[[int, int], torch.nn.Module]] = {
    "RNN": rnnbook.RNN,
    "LSTM, PyTorch's default": rnnbook.LSTM,
    "LSTM, forget bias 1": functools.partial(rnnbook.LSTM, forget_bias=1.0),
}
"""Layers by name: a function of input and hidden size."""

GUESSES = "guessed LSTM"
"""The model that is drawn instead of trained."""

SMALLEST, LARGEST = 0.1, 100.0
"""Guessed weights are uniform in ±r, with r between these, uniform in its logarithm."""


answers = functools.partial(trainings.module_answers, last=True)
"""The read-outs (N, B, Q) of networks whose weights are rows, for inputs (N, T, B, D)."""


def two_sequences(batch: int, length: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    r"""Which of two sequences was it? Its first three steps say so, the rest is noise.

    .. math:: x_t = \begin{cases} \pm 1 + 0.2\,\varepsilon_t & t \le 3 \\
        0.2\,\varepsilon_t & \text{later} \end{cases}

    with standard normal :math:`\varepsilon_t` and one sign for each sequence.

    Args:
        batch: number of sequences B, at least 1.
        length: number of steps T, at least 3.
        generator: source of all randomness.

    Returns:
        inputs (T, B, 1), float32; targets (B,), int64: 0 for −1, 1 for +1. Baseline: accuracy 1/2.

    Raises:
        ValueError: ``batch`` or ``length`` is too small.
        TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

    Source: after Hochreiter & Schmidhuber (1997), experiment 3, and Bengio, Simard & Frasconi
    (1994). Chapter 6.
    """
    check_whole_numbers(batch=(batch, 1), length=(length, 3))
    check_generator(generator)
    targets = torch.randint(2, (batch,), generator=generator)
    inputs = 0.2 * torch.randn(length, batch, 1, generator=generator)
    inputs[:3, :, 0] += 2.0 * targets - 1
    return inputs, targets


@dataclass(frozen=True)
class Task:
    """A task that is asked once, after the last step.

    Attributes:
        sample: makes inputs (T, B, D) and targets (B,) from B, T and a generator.
        outputs: Q; one is a number, several are classes.
    """

    sample: Callable[..., tuple[Tensor, Tensor]]
    outputs: int

    def losses(self, answers: Tensor, targets: Tensor) -> Tensor:
        """Square error or cross-entropy: (…,) from answers (…, Q) and targets (…,)."""
        if self.outputs == 1:
            return (answers[..., 0] - targets).square()
        return -answers.log_softmax(-1).gather(-1, targets.unsqueeze(-1))[..., 0]

    def right(self, answers: Tensor, targets: Tensor) -> Tensor:
        """Where an answer is near enough, or the class is the one asked for: likewise."""
        if self.outputs == 1:
            return (answers[..., 0] - targets).abs() < TOLERANCE
        return answers.argmax(-1) == targets


TASKS = {
    "adding": Task(tasks.adding, 1),
    "temporal order": Task(tasks.temporal_order, len(tasks.ORDER_CLASSES)),
    "two sequences": Task(two_sequences, 2),
}
"""The tasks by name."""


def train_to_remember(
    task: str,
    cases: Sequence[tuple[str, int, float]],
    *,
    steps: int,
    hidden: int = 8,
    length: int = 30,
    progress: Callable[[int, int], None] | None = None,
) -> list[Run]:
    r"""Train layers with a linear read-out of the last hidden state, side by side.

    Adam, batches of 32 fresh sequences, clipping at 1, a learning rate that falls to a twentieth.
    A run's accuracy is the share of 1,000 unseen sequences that it answers right; its curve is the
    loss of every tenth batch.

    Args:
        task: a key of :data:`TASKS`.
        cases: model, seed and learning rate of each training; all LSTMs, or all RNNs.
        steps: batches.
        hidden: H.
        length: T.
        progress: called with the steps done and all steps, after every step.

    Returns:
        The record of each training, with its network.

    Raises:
        ValueError: there is no such task or model, or LSTMs and RNNs are mixed.

    Source: Hochreiter & Schmidhuber (1997), experiments 4 and 6a. Chapter 6.
    """
    of = _task(task)
    trainings.check_models(cases, MODELS, "model")
    if len({model == "RNN" for model, _, _ in cases}) != 1:
        raise ValueError("cases: expected LSTMs only, or RNNs only")
    with _one_thread():
        return trainings.train_networks(
            cases,
            lambda model: _network(of, MODELS[model], hidden, length),
            lambda batch, source: of.sample(batch, length, source),
            lambda like, weights, x, y: of.losses(answers(like, weights, x), y).mean(1),
            of.right,
            steps=steps,
            falls_to=0.05,
            progress=progress,
        )


def guess(
    task: str, seed: int, guesses: int, *, hidden: int = 8, length: int = 30, together: int = 100
) -> Run:
    """Draw the weights of LSTMs at random, read-out included, and keep the best.

    Many guesses are tried on one batch of 32 fresh sequences; the best of them is then asked 1,000
    unseen ones. Guessing ends with the first that is right in a share
    :data:`rnnbook.experiments.SOLVED` of those.

    Args:
        task: a key of :data:`TASKS`.
        seed: of the guesses and of the data.
        guesses: at most so many.
        hidden: H.
        length: T.
        together: how many share a batch.

    Returns:
        The record of the best, with its network; ``steps`` are the guesses that were taken.

    Raises:
        ValueError: there is no such task.

    Source: Hochreiter & Schmidhuber (1997), who guessed until all of a training set was right.
        Chapter 6.
    """
    of = _task(task)

    def draw(batch: int, source: torch.Generator) -> tuple[Tensor, Tensor]:
        return of.sample(batch, length, source)

    with _one_thread(), torch.no_grad():
        source = torch.Generator().manual_seed(seed)
        network = _network(of, rnnbook.LSTM, hidden, length)
        size = sum(one.numel() for one in network.parameters())
        best, kept, taken = -1.0, torch.zeros(size), 0
        while taken < guesses and best < SOLVED:
            count = min(together, guesses - taken)
            share = torch.rand(count, 1, generator=source)
            spread = SMALLEST * (LARGEST / SMALLEST) ** share
            weights = spread * (2 * torch.rand(count, size, generator=source) - 1)
            x, y = (part.expand(count, *part.shape) for part in draw(32, source))
            right = of.right(answers(network, weights, x), y).double().mean(1)
            place = int((right == right.max()).nonzero()[0])  # the first of the best
            vector_to_parameters(weights[place], network.parameters())
            score = trainings.score_of(network, draw, of.right, seed)
            taken += place + 1 if score >= SOLVED else count
            if score > best:
                best, kept = score, weights[place]
        vector_to_parameters(kept, network.parameters())
        return Run(GUESSES, seed, taken, best >= SOLVED, best, (), network)


def _task(name: str) -> Task:
    if name not in TASKS:
        raise ValueError(f"task: expected one of {', '.join(TASKS)}; given {name!r}")
    return TASKS[name]


def _network(of: Task, layer: Callable, hidden: int, length: int) -> LastStep:
    inputs, _ = of.sample(1, length, torch.Generator().manual_seed(0))
    return LastStep(layer(inputs.shape[-1], hidden), hidden, of.outputs)
