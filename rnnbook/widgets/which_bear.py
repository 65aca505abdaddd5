"""The explorable of equation (9): the mean over all that may bear, and the one shortcut."""

from __future__ import annotations

import torch
import traitlets

from rnnbook.widgets.explorable import Adjustable, Number, Row, module, plain
from rnnbook.worlds.bearing import mean_over_cases, shortcut

MEMORIES = (1.0, 0.6, -0.8, 0.4)
"""What is held, h."""

DOUBT = {"r": [0.5, 0.5, 0.2, 0.5], "U": 3.0, "w": -1.0}

PRESETS = [
    {
        "name": "Doubtful",
        "about": "Strong pulls, doubtful gates: the answers of the cases reach from −1 to 1, and "
        "their mean lies between. The shortcut is far too sure.",
        "set": DOUBT,
    },
    {
        "name": "Sure gates",
        "about": "Every r is 0 or 1: only one of the 16 cases is possible. Its answer is the mean, "
        "and the shortcut.",
        "set": {**DOUBT, "r": [1.0, 0.0, 0.0, 1.0]},
    },
    {
        "name": "Weak pulls",
        "about": "The same doubt, but U is small: all 16 cases lie where the curve is nearly a "
        "line. Along a line mean and shortcut would be one; here they nearly are.",
        "set": {**DOUBT, "U": 0.5},
    },
    {
        "name": "Right by symmetry",
        "about": "All in doubt, strong pulls, and no gap: the cases lie evenly about 0, where the "
        "curve bends neither way.",
        "set": {"r": [0.5] * 4, "U": 2.5, "w": -1.5},
    },
]


class WhichBear(Adjustable):
    r"""Four memories, each of which bears on a new sign with the probability that the reader sets.

    Above, the 16 cases as dots on the curve of tanh, each as large as it is probable, the mean of
    their answers, and the shortcut: tanh of the mean argument. Below, the probabilities r_n, bars
    to be painted. The memories are h = (1, 0.6, −0.8, 0.4); one that bears adds U·h_n to the
    argument, and the input adds w.

    Args:
        r: four probabilities.
        U: weight of every memory.
        w: what the input adds.
        step: the bar that keys move.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, or a row that is not four long.

    Source: the post, eq. (9). Chapter 9.
    """

    presets = PRESETS

    _esm = module("which_bear")
    _memories = traitlets.List(list(MEMORIES)).tag(sync=True)

    r = Row()
    U = Number(DOUBT["U"], 0, 4, step=0.1, label="weight U")
    w = Number(DOUBT["w"], -3, 3, step=0.1, label="input w")
    step = Number(1, 1, len(MEMORIES), whole=True)
    title = traitlets.Unicode("Which memories bear?").tag(sync=True)
    try_this = traitlets.Unicode(
        "Bring the shortcut within 0.02 of the mean by the bars, and leave at least one of them at "
        "½ or above. What did the dots do?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "The shortcut lies on the curve. The mean lies where the dots balance, off the curve, "
        "nearer to 0 than the shortcut in most states. A small U brings the two together, too."
    ).tag(sync=True)
    key = traitlets.Unicode("which-bear").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        arguments = {**DOUBT, **arguments}
        if len(arguments["r"]) != len(MEMORIES):
            expected = len(MEMORIES)
            raise ValueError(
                f"WhichBear: r must have {expected} entries; it has {len(arguments['r'])}."
            )
        super().__init__(**arguments)

    @property
    def text(self) -> str:
        """The mean over the cases, the shortcut and the bound, in sentences."""
        fields = {"dtype": torch.float64}
        parts = (
            torch.tensor(self.w, **fields),
            self.U * torch.tensor(MEMORIES, **fields),
            torch.tensor(self.r, **fields),
        )
        mean, short = mean_over_cases(*parts).item(), shortcut(*parts).item()
        chances = ", ".join(plain(one) for one in self.r)
        held = ", ".join(plain(one) for one in MEMORIES)
        return (
            f"{self.title} Memories {held} bear on a new sign with the probabilities {chances}. "
            f"One that bears adds {plain(self.U)} times itself to the argument of tanh; the input "
            f"adds {plain(self.w)}. The mean of the 16 answers is {plain(mean)}; the "
            f"shortcut, tanh of the mean argument, says {plain(short)}. They differ by "
            f"{plain(abs(mean - short))}. Notice: {self.notice}"
        )
