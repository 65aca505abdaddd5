r"""The small worlds in which an equation is the best answer: one module for each, and their oracle.

A world is made of hidden events, drawn anew at each step, each seen through normal evidence of its
own, and of a recursion that makes the target of them. :meth:`World.sample` draws streams.
:meth:`World.posterior_mean` adds up over every course that the events can have taken and gives the
mean of the target given all that was seen. No memory does better than that, in mean square; the
closed forms of the chapters are held to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rnnbook.arguments import check_generator, check_number, check_whole_numbers

MOST_COURSES = 2**20
"""The oracle adds up over at most so many courses of events."""


@dataclass(frozen=True)
class Hidden:
    r"""An event of two outcomes, drawn anew at each step and seen through normal noise.

    .. math:: v_t = \mu + \eta\,\varepsilon_t, \qquad
        \mu = \mu_1 \text{ if it happens, else } \mu_0

    Attributes:
        chance: probability that it happens, in (0, 1).
        noise: η, standard deviation of the evidence, above 0.
        values: what the target's recursion reads, if it does not happen and if it does.
        means: μ₀ and μ₁.
    """

    chance: float
    noise: float
    values: tuple[float, float] = (0.0, 1.0)
    means: tuple[float, float] = (0.0, 1.0)

    def __post_init__(self) -> None:
        """Refuse what is no probability or no spread."""
        for name in ("chance", "noise"):
            check_number(name, getattr(self, name))
        if not 0 < self.chance < 1:
            raise ValueError(f"chance: expected a probability in (0, 1), given {self.chance}")
        if not self.noise > 0:
            raise ValueError(f"noise: expected a standard deviation above 0, given {self.noise}")

    def gate(self) -> tuple[float, float]:
        r"""The weight and the bias that Bayes' rule gives.

        .. math:: P(\text{it happens} \mid v) = \sigma(w v + b), \qquad
            w = \frac{\mu_1 - \mu_0}{\eta^2}, \quad
            b = \ln\frac{P}{1 - P} - \frac{\mu_1^2 - \mu_0^2}{2\eta^2}

        Returns:
            w and b.

        Source: chapter 1, where it is derived.
        """
        low, high = self.means
        weight = (high - low) / self.noise**2
        prior = math.log(self.chance / (1 - self.chance))
        return weight, prior - (high**2 - low**2) / (2 * self.noise**2)

    def log_density(self, evidence: Tensor) -> Tensor:
        """The logarithm of p(evidence | outcome), up to a constant: (…, 2) for evidence (…)."""
        means = torch.tensor(self.means, dtype=evidence.dtype)
        return -((evidence.unsqueeze(-1) - means) ** 2) / (2 * self.noise**2)


@dataclass(frozen=True)
class Streams:
    """What a world did in B streams of T steps.

    Attributes:
        given: numbers that are seen as they are, name to (T, B).
        evidence: what is seen of each event, name to (T, B).
        values: what each event was, name to (T, B).
        targets: what a memory should hold after each step, (T, B).
    """

    given: dict[str, Tensor]
    evidence: dict[str, Tensor]
    values: dict[str, Tensor]
    targets: Tensor

    def inputs(self) -> Tensor:
        """All that is seen, (T, B, D): the numbers, then the evidence, as the world names them."""
        return torch.stack([*self.given.values(), *self.evidence.values()], dim=-1)


@dataclass(frozen=True)
class World:
    r"""Hidden events and the recursion that makes a target of them.

    Attributes:
        hidden: the events, by the names of the recursion's arguments.
        update: the recursion, :math:`y_t` from :math:`y_{t-1}` and, by name, what the events and
            the given numbers are; elementwise on tensors.
        given: names of numbers that are seen as they are; drawn standard normal.
        start: :math:`y_0`.
        answer: what is asked for after a step, from :math:`y_t` and the same names; None asks for
            :math:`y_t`.
    """

    hidden: Mapping[str, Hidden]
    update: Callable[..., Tensor]
    given: Sequence[str] = field(default=())
    start: float = 0.0
    answer: Callable[..., Tensor] | None = None

    def sample(self, length: int, streams: int, generator: torch.Generator) -> Streams:
        """Draw streams of this world.

        Args:
            length: number of steps T, at least 1.
            streams: number of streams B, at least 1.
            generator: source of all randomness.

        Returns:
            The streams, float64.

        Raises:
            ValueError: ``length`` or ``streams`` is less than 1.
            TypeError: one of them is no whole number, or ``generator`` no ``torch.Generator``.

        Source: the definition of the world.
        """
        check_whole_numbers(length=(length, 1), streams=(streams, 1))
        check_generator(generator)
        shape, exact = (length, streams), {"generator": generator, "dtype": torch.float64}
        given = {name: torch.randn(shape, **exact) for name in self.given}
        values, evidence = {}, {}
        for name, event in self.hidden.items():
            happens = (torch.rand(shape, **exact) < event.chance).long()
            values[name] = torch.tensor(event.values, dtype=torch.float64)[happens]
            means = torch.tensor(event.means, dtype=torch.float64)[happens]
            evidence[name] = means + event.noise * torch.randn(shape, **exact)
        y, targets = torch.full((streams,), self.start, dtype=torch.float64), []
        for t in range(length):
            now = {name: seen[t] for name, seen in (given | values).items()}
            y = self.update(y, **now)
            targets.append(self.asked(y, now))
        return Streams(given, evidence, values, torch.stack(targets))

    def posterior_mean(
        self, evidence: Mapping[str, Tensor], given: Mapping[str, Tensor] | None = None
    ) -> Tensor:
        r"""The oracle: :math:`\mathbb{E}[y_t \mid \text{all that was seen up to step } t]`.

        It adds up over all courses of all events, each weighted by its prior and its evidence, so
        it knows nothing of any gate; the time taken is multiplied by :math:`2^n` with each step,
        for n events.

        Args:
            evidence: what is seen of each event of one stream, name to (T,).
            given: the numbers that are seen as they are, name to (T,).

        Returns:
            The mean after each step, (T,), float64.

        Raises:
            ValueError: a name is missing or unknown, lengths differ, or there would be more than
                ``MOST_COURSES`` courses.

        Source: the definition of conditional expectation.
        """
        given = dict(given or {})
        length = self._length(evidence, given)
        y = torch.full((1,), self.start, dtype=torch.float64)
        log_weight, means = torch.zeros(1, dtype=torch.float64), []
        for t in range(length):
            courses = {name: seen[t].double().expand(len(y)) for name, seen in given.items()}
            for name, event in self.hidden.items():
                prior = torch.tensor([1 - event.chance, event.chance], dtype=torch.float64).log()
                likelihood = event.log_density(evidence[name][t].double())
                # Every course goes on in two: the event does not happen, or it does.
                courses = {key: part.repeat_interleave(2) for key, part in courses.items()}
                values = torch.tensor(event.values, dtype=torch.float64)
                courses[name] = values.repeat(len(y))
                y = y.repeat_interleave(2)
                log_weight = (log_weight.unsqueeze(1) + prior + likelihood).flatten()
            y = self.update(y, **courses)
            weight = torch.softmax(log_weight, 0)
            means.append((weight * self.asked(y, courses)).sum())
        return torch.stack(means)

    def asked(self, y: Tensor, now: Mapping[str, Tensor]) -> Tensor:
        """What is asked for after a step, given what is kept, the events and the numbers by name.

        Source: the definition of the world.
        """
        return y if self.answer is None else self.answer(y, **now)

    def _length(self, evidence: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> int:
        for name, seen, expected in (
            ("evidence", evidence, list(self.hidden)),
            ("given", given, list(self.given)),
        ):
            if sorted(seen) != sorted(expected):
                raise ValueError(f"{name}: expected {expected}, given {list(seen)}")
        lengths = {len(part) for part in [*evidence.values(), *given.values()]}
        if len(lengths) != 1:
            raise ValueError(f"evidence: expected one length, given {sorted(lengths)}")
        length = lengths.pop()
        if len(self.hidden) * length > math.log2(MOST_COURSES):
            raise ValueError(
                f"evidence: expected at most {MOST_COURSES} courses of events, given "
                f"2^{len(self.hidden) * length}: fewer steps"
            )
        return length
