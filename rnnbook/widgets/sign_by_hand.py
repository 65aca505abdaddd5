"""The explorable of equation (3): the reader answers noisy readings of a sign with a curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import traitlets

from rnnbook.widgets.explorable import Adjustable, Choice, Number, Row, module, plain

EDGE, KNOTS, REACH = 3.0, 25, 2.0
"""The curve has so many knots between readings ±EDGE; its answers lie in ±REACH."""

NOISE, CHANCE = 0.8, 0.5

READINGS = [EDGE * (2 * k / (KNOTS - 1) - 1) for k in range(KNOTS)]
"""The readings at the knots."""


def curve(answer: Callable[[float], float]) -> list[float]:
    """The row of shares that draws an answer: 0 for −REACH, 1 for REACH."""
    clipped = (min(max(answer(v), -REACH), REACH) for v in READINGS)
    return [round((a + REACH) / (2 * REACH), 4) for a in clipped]


def answer_at(row: Sequence[float], v: float) -> float:
    """What the curve answers to a reading: straight between its knots, constant beyond them."""
    place = (min(max(v, -EDGE), EDGE) + EDGE) / (2 * EDGE) * (KNOTS - 1)
    k = min(int(place), KNOTS - 2)
    share = row[k] + (place - k) * (row[k + 1] - row[k])
    return 2 * REACH * share - REACH


def mean_sign(v: float, noise: float = NOISE, chance: float = CHANCE) -> float:
    """Equation (3.5): the mean of the sign, given its reading."""
    return math.tanh(v / noise**2 + 0.5 * math.log(chance / (1 - chance)))


def errors(noise: float = NOISE, chance: float = CHANCE) -> dict[str, float]:
    r"""Mean square errors per step of the best straight line, the likelier sign and the mean.

    .. math:: \frac{V \eta^2}{V + \eta^2}, \qquad 4\,P(\text{wrong}), \qquad
        1 - \mathbb{E}\tanh^2, \qquad V = 4 p (1 - p)

    Args:
        noise: η.
        chance: p, the probability of +1.

    Returns:
        ``line``, ``sign`` and ``mean``; the latter two by quadrature.

    Source: chapter 3.
    """
    variance = 4 * chance * (1 - chance)
    mean = wrong = mass = 0.0
    for k in range(-512, 513):
        weight = math.exp(-0.5 * (k / 64) ** 2)
        for sign, prior in ((1, chance), (-1, 1 - chance)):
            m = mean_sign(sign + noise * k / 64, noise, chance)
            mean += weight * prior * (1 - m * m)
            wrong += weight * prior * 2 * (1 - abs(m))  # 4 × the lesser of (1 ± m)/2
        mass += weight
    line = variance * noise**2 / (variance + noise**2)
    return {"line": line, "sign": wrong / mass, "mean": mean / mass}


def error(row: Sequence[float], noise: float = NOISE, chance: float = CHANCE) -> float:
    """The mean square error per step of a curve, by quadrature."""
    total = mass = 0.0
    for k in range(-512, 513):
        weight = math.exp(-0.5 * (k / 64) ** 2)
        for sign, prior in ((1, chance), (-1, 1 - chance)):
            total += weight * prior * (sign - answer_at(row, sign + noise * k / 64)) ** 2
        mass += weight
    return total / mass


PRESETS = [
    {
        "name": "Say nothing",
        "about": "0 to every reading: a square error of 1 at each step.",
        "set": {"answers": curve(lambda v: 0.0)},
    },
    {
        "name": "P(up)",
        "about": "How probable up is, a logistic function. It has no word for down: the memory "
        "climbs.",
        "set": {"answers": curve(lambda v: 1 / (1 + math.exp(-2 * v / NOISE**2)))},
    },
    {
        "name": "The reading",
        "about": "Answer what you read, up to 2. Far-out readings are believed most.",
        "set": {"answers": curve(lambda v: v)},
    },
    {
        "name": "Nearly the sign",
        "about": "+1 or −1, whichever is likelier, but for a step at 0 as steep as the picture has "
        "it. A wrong one is off by 2 floors.",
        "set": {"answers": curve(lambda v: math.copysign(1.0, v) if v else 0.0)},
    },
]


class SignByHand(Adjustable):
    r"""A sign seen through noise, and a curve by which the reader answers every reading.

    Above, readings of a lift that goes up (▲, +1) or down (▼, −1), and the curve, painted across;
    with keys, left and right go from knot to knot, up and down set it. Below, the floor that a
    memory reaches that adds these answers, beside the lift's own. The bars compare the mean square
    error per step over all readings of this kind: of the curve, of the best straight line, of
    the likelier sign, and, once asked for, of the mean of the sign, the least that there is.

    Args:
        answers: the curve, 25 shares from reading −3 to 3; share 0 is the answer −2, 1 is 2.
        noise: η, the standard deviation of the reading.
        chance: p, how often the lift goes up.
        best: "hidden" or "shown": whether the best curve is seen.
        step: the knot in hand, counted from 1.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, or a curve without 25 knots.

    Source: chapter 3.
    """

    presets = PRESETS

    _esm = module("sign_by_hand")

    answers = Row()
    noise = Number(NOISE, 0.3, 2, step=0.05, label="noise η")
    chance = Number(CHANCE, 0.05, 0.95, step=0.05, label="ups p")
    best = Choice("hidden", "shown")
    step = Number(15, 1, KNOTS, whole=True)
    title = traitlets.Unicode("Up or down? Answer every reading").tag(sync=True)
    try_this = traitlets.Unicode(
        "Drag across the upper picture: draw which number you would add for each reading. Get the "
        "error below 0.33, which no button does."
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Near 0 a reading says little, and so should you. Far out it says all there is to "
        "say: one floor, not two."
    ).tag(sync=True)
    key = traitlets.Unicode("sign-by-hand").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        arguments = {"answers": curve(lambda v: 0.0), **arguments}
        if len(arguments["answers"]) != KNOTS:
            found = len(arguments["answers"])
            raise ValueError(f"SignByHand: answers must have {KNOTS} knots; it has {found}.")
        super().__init__(**arguments)

    @property
    def text(self) -> str:
        """The errors of this curve, the best line, the likelier sign and the mean of the sign."""
        least = errors(self.noise, self.chance)
        said = {
            "this curve": error(self.answers, self.noise, self.chance),
            "the best straight line": least["line"],
            "the likelier sign": least["sign"],
            "the mean of the sign": least["mean"],
        }
        told = ", ".join(f"{plain(value)} for {name}" for name, value in said.items())
        return (
            f"{self.title}. A lift goes up with probability {plain(self.chance)}, else down, and "
            f"is seen with noise {plain(self.noise)}. The mean square error per step is {told}. "
            f"Notice: {self.notice}"
        )
