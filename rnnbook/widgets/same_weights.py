"""The explorable of the two conventions: one trained GRU, read with the reset before and after."""

from __future__ import annotations

import torch
import traitlets

from rnnbook.experiments.choosing import stored_chooser, trace
from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, module

STEPS = 16
COMMANDS = ("store in a", "store in b", "copy a", "copy b")
ANSWER, A, B = 2, 1, 0
"""The units that were found to hold the answer and the two registers."""


def command_stream(seed: int) -> list[tuple[int, int, int]]:
    """Sign, number of the command and what the answer should hold, for each step.

    Source: :func:`rnnbook.worlds.choosing.choose_source`, with the page's own numbers of chance.
    """
    source, registers, answer, found = Chance(seed), [0, 0], 0, []
    for t in range(STEPS):
        sign = -1 if source.uniform() < 0.5 else 1
        drawn = int(4 * source.uniform())
        command = t if t < 2 else drawn
        if command < 2:
            registers[command] = sign
        else:
            answer = registers[command - 2]
        found.append((sign, command, answer))
    return found


def page_weights() -> dict[str, object]:
    """The stored network as the page's JavaScript has it: rows of units for z, r and c."""
    kept = {name: part[0] for name, part in stored_chooser().items()}
    parts = {}
    for k, gate in enumerate("zrc"):
        columns = slice(3 * k, 3 * k + 3)
        parts[gate] = {
            "x": _plain(kept["W_x"][:, columns].T),
            "h": _plain(kept["W_h"][:, columns].T),
            "b": _plain(kept["b"][columns]),
        }
    return {**parts, "y": {"h": _plain(kept["W_q"][:, 0]), "b": _plain(kept["b_q"][0])}}


def _plain(numbers: torch.Tensor) -> object:
    return numbers.tolist()


def answers(seed: int, reset: str) -> list[float]:
    """What the network answers after each step of a stream."""
    stream = command_stream(seed)
    told = torch.nn.functional.one_hot(torch.tensor([c for _, c, _ in stream]), 4)
    signs = torch.tensor([[s] for s, _, _ in stream])
    x = torch.cat([signs, told], -1).double()
    return trace([reset], stored_chooser(), x.view(1, STEPS, 1, 5))["answer"].flatten().tolist()


def right(seed: int, reset: str) -> int:
    """After how many steps the answer lies within one half of what it should hold."""
    wanted = [y for _, _, y in command_stream(seed)]
    given = answers(seed, reset)
    return sum(abs(a - y) < 0.5 for a, y in zip(given, wanted, strict=True))


STREAM, STEP = 3, 8

PRESETS = [
    {
        "name": "As it was trained",
        "about": "Reset before the product: r is a share for each memory that is read.",
        "set": {"reset": "before", "stream": STREAM, "step": STEP},
    },
    {
        "name": "The other convention",
        "about": "The same numbers, reset after the product: r is now a share for each unit that "
        "reads. No error is raised, no shape is wrong.",
        "set": {"reset": "after", "stream": STREAM, "step": STEP},
    },
]


class SameWeights(Adjustable):
    r"""One trained GRU of three units, and a switch: reset before the product, or after it.

    The network was trained, reset before, on two registers and one answer. At each step comes a
    sign and one of four commands: store it in a or in b, copy a or b into the answer. Above, what
    it answers along a stream; below, what its answering unit hears of the two registers at the
    chosen step.

    Args:
        reset: "before" or "after".
        stream: number of the stream.
        step: the step that is looked at.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range.

    Source: the post, eqs. (7) to (10). Chapter 9.
    """

    presets = PRESETS

    _esm = module("same_weights")
    _weights = traitlets.Dict().tag(sync=True)

    reset = Choice("before", "after", label="reset")
    stream = Number(STREAM, 1, 99, whole=True, label="stream n")
    step = Number(STEP, 1, STEPS, whole=True, label="step t")
    title = traitlets.Unicode("One set of weights, read in two ways").tag(sync=True)
    try_this = traitlets.Unicode(
        "Guess which answers change. Then switch reset to “after”, and drag the point to a wrong "
        "copy: which two shares of r chose before, and which one counts now?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "At a copy, the registers’ gates choose: one is near 1, one near 0. After the product the "
        "answering unit’s own gate counts instead. It scales both registers alike: all it can "
        "tell is their weighted sum."
    ).tag(sync=True)
    key = traitlets.Unicode("same-weights").tag(sync=True)

    @traitlets.default("_weights")
    def _stored(self) -> dict[str, object]:
        return page_weights()

    @property
    def text(self) -> str:
        """How many answers are right in either convention, in sentences."""
        seed, t = int(self.stream), int(self.step) - 1
        _, command, wanted = command_stream(seed)[t]
        said = {reset: f"{answers(seed, reset)[t]:.2f}" for reset in ("before", "after")}
        said = {reset: text.replace("-", "−") for reset, text in said.items()}
        return (
            f"{self.title}. A trained GRU of three units follows {STEPS} commands. With the reset "
            f"before the product, as it was trained, {right(seed, 'before')} of {STEPS} answers "
            f"are right; with the reset after it, {right(seed, 'after')}. At step {t + 1}, "
            f"“{COMMANDS[command]}”, it should answer {str(wanted).replace('-', '−')}: before, it "
            f"says {said['before']}; after, {said['after']}. Notice: {self.notice}"
        )
