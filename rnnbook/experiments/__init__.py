"""The chapters' experiments: seeded trainings, several models and seeds, one record for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources

import torch
from torch import Tensor
from tqdm.auto import tqdm

from rnnbook import tasks
from rnnbook.experiments.carousel import Carousel
from rnnbook.timescales import chrono_bias, set_forget_bias

Sample = Callable[[torch.Generator], tuple[Tensor, Tensor]]

SOLVED = 0.99
"""A task counts as solved if this share of at least 1,000 unseen sequences is answered right.

Training asks for it when the running accuracy on fresh batches has passed the same share. That is
an exponential mean that starts at 0 and forgets a tenth per batch.
"""

_UNSEEN_SEEDS = 1_000_000  # what is scored on comes from other seeds than what is trained on

UNSEEN = 1000
"""On so many unseen sequences at least is a trained network scored."""


class LastStep(torch.nn.Module):
    """A classifier that reads the last state of a recurrent layer.

    Args:
        layer: called with inputs (T, B, D), returns all states (T, B, H) first.
        hidden: H.
        classes: number of classes Q.
    """

    def __init__(
        self, layer: torch.nn.Module, hidden: int, classes: int
    ) -> None:
        """Add a linear read-out to the layer."""
        super().__init__()
        self.layer = layer
        self.read_out = torch.nn.Linear(hidden, classes)

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the logits (B, Q)."""
        return self.read_out(self.layer(inputs)[0][-1])


@dataclass(frozen=True)
class Run:
    """What one training came to.

    Attributes:
        model: name of the model.
        seed: of the weights and of the data.
        steps: optimiser steps taken; training stops when the task is solved.
        solved: whether ``accuracy`` is :data:`SOLVED` at least.
        accuracy: share of right answers in at least 1,000 unseen sequences, after the training.
        curve: running accuracy after each step.
        network: the trained network; two runs are compared without it.
    """

    model: str
    seed: int
    steps: int
    solved: bool
    accuracy: float
    curve: tuple[float, ...]
    network: torch.nn.Module | None = field(
        default=None, repr=False, compare=False
    )


def lstm_with_forget_bias(
    inputs: int, hidden: int, bias: float | Tensor
) -> torch.nn.LSTM:
    """``torch.nn.LSTM`` whose forget bias is set; everything else is PyTorch's default."""
    lstm = torch.nn.LSTM(inputs, hidden)
    set_forget_bias(lstm, bias)
    return lstm


def orthogonal_rnn(inputs: int, hidden: int) -> torch.nn.RNN:
    """``torch.nn.RNN`` with random orthogonal recurrent weights: all singular values are 1."""
    rnn = torch.nn.RNN(inputs, hidden)
    torch.nn.init.orthogonal_(rnn.weight_hh_l0)
    return rnn


def _chrono(inputs: int, hidden: int, longest: float = 50) -> torch.nn.LSTM:
    generator = torch.Generator().manual_seed(torch.initial_seed())
    return lstm_with_forget_bias(
        inputs, hidden, chrono_bias(hidden, longest, generator)
    )


MODELS: dict[str, Callable[[int, int], torch.nn.Module]] = {
    "RNN": torch.nn.RNN,
    "RNN, orthogonal start": orthogonal_rnn,
    "carousel": Carousel,
    "LSTM, PyTorch's default": torch.nn.LSTM,
    "LSTM, forget bias 0": lambda D, H: lstm_with_forget_bias(D, H, 0.0),
    "LSTM, forget bias 1": lambda D, H: lstm_with_forget_bias(D, H, 1.0),
    "LSTM, chrono": _chrono,
    "GRU": torch.nn.GRU,
}
"""Layers by name: a function of input and hidden size."""


def train(
    model: str,
    sample: Sample,
    seed: int,
    *,
    steps: int,
    hidden: int = 16,
    learning_rate: float = 0.01,
    epsilon: float = 1e-8,
    clip: float = 1.0,
    dtype: torch.dtype = torch.float32,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    r"""Train a classifier with Adam on fresh batches until it is solved or the steps run out.

    Args:
        model: a key of :data:`MODELS`.
        sample: makes inputs (T, B, D) and targets (B,), in 0…3, from a generator.
        seed: of the weights and of the data.
        steps: at most so many, at least 1.
        hidden: H.
        learning_rate: Adam's.
        epsilon: Adam's; a gradient well below it makes a step well below the learning rate.
        clip: largest norm of the gradient.
        dtype: of weights and inputs; float32 loses the squares of tiny gradients, which Adam needs.
        progress: called with the steps done and the most there can be, after every step.

    Returns:
        The record of the run.

    Raises:
        ValueError: the model is unknown, or steps is less than 1.

    Source: none; the chapters' common training loop.
    """
    if model not in MODELS:
        raise ValueError(
            f"model: expected one of {', '.join(MODELS)}; given {model!r}"
        )
    if steps < 1:
        raise ValueError(f"steps: expected at least 1, given {steps}")
    with _one_thread():
        torch.manual_seed(seed)
        generator = torch.Generator().manual_seed(seed)
        inputs, targets = sample(generator)
        layer = MODELS[model](inputs.shape[-1], hidden)
        network = LastStep(layer, hidden, classes=4).to(dtype)
        optimizer = torch.optim.Adam(
            network.parameters(), learning_rate, eps=epsilon
        )
        unseen = torch.Generator().manual_seed(seed + _UNSEEN_SEEDS)
        running, curve, score = 0.0, [], None
        while len(curve) < steps and (score is None or score < SOLVED):
            logits = network(inputs.to(dtype))
            loss = torch.nn.functional.cross_entropy(logits, targets)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip)
            optimizer.step()
            running = 0.9 * running + 0.1 * accuracy(logits, targets)
            curve.append(running)
            if progress:
                progress(len(curve), steps)
            inputs, targets = sample(generator)
            score = (
                unseen_accuracy(network, sample, unseen)
                if running > SOLVED
                else None
            )
        if score is None:
            score = unseen_accuracy(network, sample, unseen)
        return Run(
            model,
            seed,
            len(curve),
            score >= SOLVED,
            score,
            tuple(curve),
            network,
        )


def unseen_accuracy(
    network: torch.nn.Module, sample: Sample, generator: torch.Generator
) -> float:
    """Share of right answers in at least 1,000 sequences fresh from the generator."""
    dtype = next(network.parameters()).dtype
    scores, count = [], 0
    with torch.no_grad():
        while count < UNSEEN:
            inputs, targets = sample(generator)
            scores.append(accuracy(network(inputs.to(dtype)), targets))
            count += len(targets)
    return sum(scores) / len(scores)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Layers this small gain nothing from a second thread, and lose much on a busy machine."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def accuracy(logits: Tensor, targets: Tensor) -> float:
    """Share of right answers; logits (B, Q), targets (B,)."""
    return (logits.argmax(1) == targets).float().mean().item()


def recall_sweep(
    models: Sequence[str],
    delays: Sequence[int],
    seeds: Sequence[int],
    *,
    steps: int,
    batch: int = 64,
    epsilon: float = 1e-8,
    dtype: torch.dtype = torch.float32,
) -> dict[tuple[str, int], list[Run]]:
    """Train every model at every delay of :func:`rnnbook.tasks.recall_first`, once a seed."""
    cases = [
        (model, delay, seed)
        for model in models
        for delay in delays
        for seed in seeds
    ]
    runs: dict[tuple[str, int], list[Run]] = {}
    for model, delay, seed in tqdm(cases, desc="trainings", leave=False):
        sample = _fixed_size(tasks.recall_first, batch, delay)
        run = train(
            model, sample, seed, steps=steps, epsilon=epsilon, dtype=dtype
        )
        runs.setdefault((model, delay), []).append(run)
    return runs


def symbol_gradient(
    model: str, delay: int, seed: int, *, batch: int = 64, hidden: int = 16
) -> float:
    r"""How much the loss can teach about the symbol before training begins.

    In :func:`rnnbook.tasks.recall_first` four inputs show the symbol at the first step and are
    silent ever after. The gradient of their columns of W_x therefore comes from that step alone.

    Args:
        model: a key of :data:`MODELS`: a plain RNN or the carousel.
        delay: number of noise steps between the symbol and the question.
        seed: of the weights and of the data.
        batch: number of sequences B.
        hidden: H.

    Returns:
        The Frobenius norm of the gradient of these columns, in float64.

    Raises:
        ValueError: the model is unknown or has no single W_x.

    Source: chapter 0.
    """
    if model not in MODELS:
        raise ValueError(
            f"model: expected one of {', '.join(MODELS)}; given {model!r}"
        )
    torch.manual_seed(seed)
    inputs, targets = tasks.recall_first(
        batch, delay, torch.Generator().manual_seed(seed)
    )
    network = LastStep(
        MODELS[model](inputs.shape[-1], hidden), hidden, classes=4
    ).double()
    weights = dict(network.layer.named_parameters())
    W_x = weights.get("weight_ih_l0", weights.get("write.weight"))
    if W_x is None or len(W_x) != hidden:
        raise ValueError(
            f"model: expected one with a single W_x, given {model!r}"
        )
    torch.nn.functional.cross_entropy(
        network(inputs.double()), targets
    ).backward()
    return W_x.grad[:, : tasks.RECALL_SYMBOLS].norm().item()


def symbol_in_last_state(
    layer: torch.nn.Module, delay: int, *, batch: int = 64
) -> float:
    r"""How much of the symbol is left in the last state: how far exchanging it moves that state.

    .. math:: \max_{n,s} \big\lVert h_T^{(n,s)} - \operatorname{mean}_s h_T^{(n,s)} \big\rVert

    over sequences n of :func:`rnnbook.tasks.recall_first` and its symbols s, the noise unchanged.

    Args:
        layer: called with inputs (T, B, D) in float64, returns all states (T, B, H) first.
        delay: number of noise steps between the symbol and the question.
        batch: number of sequences of noise B.

    Returns:
        The largest distance; below about 1e-15 it is float64's rounding.

    Source: chapter 0.
    """
    inputs, _ = tasks.recall_first(
        batch, delay, torch.Generator().manual_seed(0)
    )
    inputs = inputs.double()
    last = []
    with torch.no_grad():
        for symbol in torch.eye(tasks.RECALL_SYMBOLS):
            inputs[0, :, : tasks.RECALL_SYMBOLS] = symbol
            last.append(layer(inputs)[0][-1])
    states = torch.stack(last)
    return (states - states.mean(0)).norm(dim=-1).max().item()


def temporal_order_runs(
    models: Sequence[str],
    length: int,
    seeds: Sequence[int],
    *,
    steps: int,
    batch: int = 64,
) -> dict[str, list[Run]]:
    """Train every model on :func:`rnnbook.tasks.temporal_order`, once for each seed."""
    cases = [(model, seed) for model in models for seed in seeds]
    runs: dict[str, list[Run]] = {}
    for model, seed in tqdm(cases, desc="trainings", leave=False):
        sample = _fixed_size(tasks.temporal_order, batch, length)
        runs.setdefault(model, []).append(
            train(model, sample, seed, steps=steps)
        )
    return runs


def temporal_order_curve(
    model: str,
    length: int,
    seed: int,
    steps: int,
    progress: Callable[[int, int], None],
) -> Run:
    """One training on :func:`rnnbook.tasks.temporal_order`, for the control that re-runs it."""
    sample = _fixed_size(tasks.temporal_order, 64, length)
    return train(model, sample, seed, steps=steps, progress=progress)


def cell_memory(lstm: torch.nn.LSTM, inputs: Tensor) -> Tensor:
    r"""How much of the first cell state is left in the gradient after each step.

    .. math:: \frac{1}{BH} \sum_{n,j} \Big| \frac{\partial \sum_k C_{t,k}}{\partial C_{0,j}} \Big|

    All paths count: through the cell, and through the hidden state and the gates.

    Args:
        lstm: one layer, one direction.
        inputs: (T, B, D), in the module's dtype.

    Returns:
        (T,), without gradient.

    Raises:
        ValueError: the sequence is empty.

    Source: chapter 1, equation (1.10), by autograd.
    """
    if len(inputs) == 0:
        raise ValueError(
            "inputs: expected at least one step (T ≥ 1), given T = 0"
        )
    h = inputs.new_zeros(1, inputs.shape[1], lstm.hidden_size)
    C_0 = h.clone().requires_grad_()
    C, left = C_0, []
    for x in inputs.unbind():
        _, (h, C) = lstm(x.unsqueeze(0), (h, C))
        (gradient,) = torch.autograd.grad(C.sum(), C_0, retain_graph=True)
        left.append(gradient.abs().mean())
    return torch.stack(left)


def stored_results(name: str) -> dict:
    """What a long experiment stored with the package: its rows, date, versions, seeds, command.

    Raises:
        ValueError: names the results that there are.
    """
    folder = resources.files("rnnbook") / "results"
    file = folder / f"{name}.json"
    if not file.is_file():
        known = ", ".join(
            sorted(
                entry.name.removesuffix(".json")
                for entry in folder.iterdir()
            )
        )
        raise ValueError(f"name: expected one of {known}; given {name!r}")
    return json.loads(file.read_text(encoding="utf-8"))


def verdict(runs: Sequence[Run]) -> str:
    """How many of the runs solved their task: ``"2 of 3"``."""
    return f"{sum(run.solved for run in runs)} of {len(runs)}"


def _fixed_size(
    task: Callable[..., tuple[Tensor, Tensor]], batch: int, size: int
) -> Sample:
    return lambda generator: task(batch, size, generator)
