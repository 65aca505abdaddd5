"""What a training can be told, and what must stay the same when it goes on."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from rnnbook.arguments import check_bool, check_number, check_whole_numbers
from rnnbook.engines import ENGINES
from rnnbook.training.model import KINDS, CharacterModel

PRECISIONS = ("float32", "tf32", "bfloat16", "float16")
"""How products are computed: strictly, in TF32 where there is a GPU that has it, or by autocast."""

CHANGEABLE = (
    *("steps", "accumulate", "device", "precision", "deterministic", "engine"),
    *("evaluate_every", "save_every"),
)
"""Settings that may differ when a training goes on; with the others it would be another one."""


@dataclass(frozen=True)
class Settings:
    """All about a training but its text.

    Attributes:
        model: one of :data:`rnnbook.training.model.KINDS`.
        hidden: units of each layer H.
        layers: number of layers.
        embedding: numbers in the vector of a token.
        dropout: share of the values dropped after each layer.
        forget_bias: of the gate that keeps, at first; an RNN has none.
        reset_after: whether a GRU resets after the product.
        maker: of the layers, ``"rnnbook"`` or ``"torch"``.
        engine: of the layers of ``rnnbook``.
        steps: optimiser steps.
        batch: sequences read side by side, of all processes together.
        length: tokens of each in one step, through which gradients flow; the state goes on.
        accumulate: parts in which a batch is computed one after the other, to save memory.
        learning_rate: at its highest.
        warm_up: steps in which the learning rate rises from 0.
        last_rate: share of the learning rate that is left at the end of a half cosine.
        weight_decay: AdamW's.
        clip: largest norm of the gradient; infinity for none.
        seed: of weights, dropout and the order of the data.
        held_out: share of the text, at its end, that is never trained on.
        patience: evaluations without a better result after which to stop; 0 for never. They read a
            part of their own, the end of what would be trained on, as long as half of what is held
            out: what chose a model cannot measure it.
        evaluate_every: steps; 0 for 20 times in all.
        save_every: steps; 0 for at the end alone.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``, …
        precision: one of :data:`PRECISIONS`, or ``"auto"``: TF32 on a GPU, else float32.
        deterministic: whether to refuse operations whose result is not always the same.
    """

    model: str = "lstm"
    hidden: int = 192
    layers: int = 1
    embedding: int = 32
    dropout: float = 0.0
    forget_bias: float = 1.0
    reset_after: bool = False
    maker: str = "rnnbook"
    engine: str = "auto"
    steps: int = 4500
    batch: int = 16
    length: int = 64
    accumulate: int = 1
    learning_rate: float = 0.005
    warm_up: int = 50
    last_rate: float = 0.02
    weight_decay: float = 0.0
    clip: float = 1.0
    seed: int = 0
    held_out: float = 0.1
    patience: int = 0
    evaluate_every: int = 0
    save_every: int = 500
    device: str = "auto"
    precision: str = "auto"
    deterministic: bool = False

    def __post_init__(self) -> None:
        """Refuse what no training can be told.

        Raises:
            TypeError, ValueError: names the setting, what was expected and what given.
        """
        least = {"warm_up": 0, "seed": 0, "patience": 0, "evaluate_every": 0, "save_every": 0}
        whole = ("hidden", "layers", "embedding", "steps", "batch", "length", "accumulate", *least)
        check_whole_numbers(**{name: (getattr(self, name), least.get(name, 1)) for name in whole})
        for name, values in {
            "model": KINDS,
            "maker": ("rnnbook", "torch"),
            "engine": ENGINES,
            "precision": ("auto", *PRECISIONS),
        }.items():
            if getattr(self, name) not in values:
                given = getattr(self, name)
                raise ValueError(f"{name}: expected one of {', '.join(values)}; given {given!r}")
        if not isinstance(self.device, str):
            raise TypeError(f"device: expected a string, given {type(self.device).__name__}")
        for name in ("reset_after", "deterministic"):
            check_bool(name, getattr(self, name))
        for name, (low, high) in {
            "dropout": (0, 1),
            "last_rate": (0, 1),
            "held_out": (0, 0.5),
            "learning_rate": (0, math.inf),
            "weight_decay": (0, math.inf),
            "clip": (0, math.inf),
        }.items():
            value = getattr(self, name)
            if not (name == "clip" and value == math.inf):
                check_number(name, value)
            if not low <= value <= high or (name in ("clip", "learning_rate") and value == 0):
                raise ValueError(f"{name}: expected a number from {low} to {high}, given {value}")
        check_number("forget_bias", self.forget_bias)
        if self.batch % self.accumulate:
            raise ValueError(
                f"accumulate: expected a divisor of the batch of {self.batch}, "
                f"given {self.accumulate}"
            )

    def make_model(self, tokens: int) -> CharacterModel:
        """An untrained model; the random numbers are PyTorch's global ones."""
        return CharacterModel(
            tokens,
            self.model,
            self.hidden,
            self.layers,
            self.embedding,
            self.dropout,
            self.forget_bias,
            self.reset_after,
            self.maker,
            self.engine,
        )

    def rate_at(self, step: int) -> float:
        """The learning rate of a step: a straight rise, then half a cosine."""
        if step < self.warm_up:
            return self.learning_rate * (step + 1) / self.warm_up
        share = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, share)))
        return self.learning_rate * (self.last_rate + (1 - self.last_rate) * fall)

    @property
    def evaluation_steps(self) -> int:
        """Steps from one evaluation to the next."""
        return self.evaluate_every or max(1, self.steps // 20)

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON can hold them; no clipping is null there."""
        return {k: None if v == math.inf else v for k, v in asdict(self).items()}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Settings:
        """The settings that :meth:`as_dict` made.

        Raises:
            TypeError, ValueError: they are none.
        """
        names = {field.name for field in fields(cls)}
        if set(stored) != names:
            raise ValueError(f"settings: expected {', '.join(sorted(names))}")
        return cls(**stored | {"clip": math.inf if stored["clip"] is None else stored["clip"]})


LARGE = {"hidden": 768, "layers": 2, "embedding": 128, "dropout": 0.2, "steps": 10_000}
LARGE |= {"batch": 128, "length": 256, "learning_rate": 0.002, "warm_up": 300}
"""What differs where a GPU makes a large model possible; see :func:`settings_for`."""


def settings_for(device: str, **chosen: Any) -> Settings:
    """The default settings on a device: the small model, or on a CUDA device the large one.

    Args:
        device: its type, such as ``"cuda"``.
        chosen: settings that are not the default.
    """
    return Settings(**(LARGE if device == "cuda" else {}) | chosen)
