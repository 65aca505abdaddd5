"""The explorable of chapter 11: a trained character model that writes, and is looked into."""

from __future__ import annotations

import math
from functools import cache

import torch
import traitlets

from rnnbook.experiments import held, stored_results
from rnnbook.experiments.held import Hold
from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, Words, module

UNITS, LONGEST, WRITTEN = 192, 60, 400
"""Units of the model; the longest prompt, and the most characters that it writes."""

STEPS = LONGEST + WRITTEN
PROMPT = 'The "with" statement is'

NOTHING = "nothing"
ALL, ONE = "every unit", "unit n"


@cache
def _stored() -> dict:
    return stored_results("page_model")


@cache
def _model() -> tuple:
    return held.stored_model()


def page_data() -> dict:
    """What the page fetches: the model in 8 bits a weight, and the passage to measure it on."""
    stored = _stored()
    return {**stored["model"], "passage": stored["passage"]}


def writes(prompt: str, count: int, temperature: float, seed: int, hold: Hold | None = None) -> str:
    """The prompt, or a line end, and what the model adds: the page's twin in PyTorch.

    Args:
        prompt: what it reads first.
        count: characters to draw.
        temperature: 0 takes the likeliest always.
        seed: of mulberry32, whose next number draws each character, by adding up the shares.
        hold: what is held, and at what.

    Source: this project.
    """
    model, characters = _model()
    chance, tokens = Chance(seed), held.tokens_of(characters, prompt or "\n").tolist()
    trace = held.Reader(model, hold)
    scores = [trace.read(token) for token in tokens][-1]
    for _ in range(count):
        scores = scores.double()
        if temperature == 0:
            token = int(scores.argmax())
        else:
            shares = torch.softmax(scores / temperature, 0).cumsum(0)
            found = int(torch.searchsorted(shares, chance.uniform(), right=True))
            token = min(found, len(characters) - 1)
        tokens.append(token)
        scores = trace.read(token)
    return "".join(characters[token] for token in tokens)


def held_by(what: str, whose: str, unit: float, value: float) -> Hold | None:
    """The hold that the knobs ask for."""
    if what == NOTHING:
        return None
    return Hold(what, value, int(unit) if whose == ONE else None)


@cache
def _bits(what: str, whose: str, unit: float, value: float) -> float:
    """Bits per character of the passage."""
    model, characters = _model()
    tokens = held.tokens_of(characters, _stored()["passage"])[:, None]
    return float(held.bits(model, tokens, held_by(what, whose, unit, value)))


def _quotes() -> dict:
    """The unit that goes best with being inside double quotes, and its scores."""
    return next(row for row in _stored()["probe"] if "quotes" in row["feature"])


def _presets() -> list[dict[str, object]]:
    costs, unit = _stored()["costs"], _quotes()["unit"]
    free = costs["free"]["passage"]
    lost = costs["silenced"][unit - 1]
    rank = 1 + sum(more > lost for more in costs["silenced"])
    cost = {(row["what"], row["value"]): row["passage"] for row in costs["held"]}
    guess = math.log2(len(_stored()["model"]["characters"]))
    free_hold = {"what": NOTHING, "whose": ALL, "value": 0.0}
    opening = {**free_hold, "prompt": PROMPT, "temperature": 0.5, "draw": 1.0}
    # neither the length of the text nor the chosen character: whoever writes on stays in the preset
    opening |= {"show": "C", "unit": float(unit)}
    return [
        {
            "name": "A unit for quotes",
            "about": f"The cell of unit {unit} rises where a double quote opens and falls where it "
            f"closes. Of a place inside and one outside it names the right one in "
            f"{_quotes()['auc']:.0%} of the pairs, on text held out of its training.",
            "set": opening,
        },
        {
            "name": "Silence it",
            "about": f"h of this one unit is held at 0. The passage costs {lost:.2f} bits per "
            f"character more: of {UNITS} units only {rank - 1} would cost more. Its cell held at 0 "
            "would do the same, for tanh(0) = 0.",
            "set": {**opening, "what": "h", "whose": ONE, "value": 0.0},
        },
        {
            "name": "Forget nothing",
            "about": f"Every forget gate is held at 1. Nothing is dropped any more, and {free:.2f} "
            f"bits become {cost['f', 1.0]:.2f}: more than the {guess:.2f} of a blind guess.",
            "set": {**opening, "what": "f", "whose": ALL, "value": 1.0},
        },
        {
            "name": "Forget half",
            "about": "Every forget gate is held at one half: a step later half of what a cell held "
            f"is gone. {cost['f', 0.5]:.2f} bits, far from a blind guess. The words break up, "
            "and then it writes spaces.",
            "set": {**opening, "what": "f", "whose": ALL, "value": 0.5, "draw": 3.0},
        },
        {
            "name": "Take in everything",
            "about": "Every input gate is held at 1: each candidate is added in full, whether or "
            f"not it matters. {cost['i', 1.0]:.2f} bits.",
            "set": {**opening, "what": "i", "whose": ALL, "value": 1.0},
        },
        {
            "name": "Show everything",
            "about": f"Every output gate is held at 1. h leaves the sizes it was trained for: "
            f"{cost['o', 1.0]:.2f} bits, the worst of these.",
            "set": {**opening, "what": "o", "whose": ALL, "value": 1.0},
        },
        {
            "name": "The likeliest always",
            "about": "At temperature 0 nothing is drawn: the likeliest character is taken, and the "
            "model goes round in a circle.",
            "set": {**opening, "temperature": 0.0},
        },
    ]


class ModelInPage(Adjustable):
    """A trained character LSTM that the reader's browser runs: it writes, and can be held.

    Below the text stand all units while it was written, one of them followed; the chances of the
    next character; and what the passage, which no training used, costs in bits per character,
    beside what it costs with nothing held.

    Args:
        prompt: what the model reads first, of the characters that it knows.
        written: how many characters it has added.
        temperature: 0 takes the likeliest always, 1 draws as the model says.
        draw: of the random numbers.
        step: the character that is looked at, from 1; past the end it is the last one.
        unit: the unit that is followed; 1 has the largest mean forget gate.
        show: "f", "i", "o", "C" or "h": what is seen of the units.
        what: "nothing", "f", "i", "o" or "h": what is held.
        whose: "every unit" or "unit n".
        value: the value at which it is held.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range, or a character that the model does not know.

    Source: this project; its model is made by :mod:`rnnbook.experiments.page_model`. Chapter 11.
    """

    _esm = module("model_in_page")
    _large_model = traitlets.Dict().tag(sync=True)
    _written = traitlets.Unicode().tag(sync=True)  # seen until the model is there

    prompt = Words(PROMPT, _stored()["model"]["characters"], LONGEST, label="begin with")
    written = Number(150, 0, WRITTEN, whole=True)
    draw = Number(1, 1, 9999, whole=True)
    step = Number(STEPS, 1, STEPS, whole=True)
    temperature = Number(0.5, 0, 1.5, step=0.05, label="temperature τ")
    unit = Number(1, 1, UNITS, whole=True, label="unit n")
    show = Choice("C", "h", "f", "i", "o", label="show")
    what = Choice(NOTHING, "f", "i", "o", "h", label="hold")
    whose = Choice(ALL, ONE, label="of")
    value = Number(0, 0, 1, step=0.05, label="held at v")
    title = traitlets.Unicode("A trained model, in this page").tag(sync=True)
    try_this = traitlets.Unicode(
        "Let it write on, and see the followed unit at every quotation mark. Then hold one gate of "
        "every unit at 1: which one can the model least spare?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "What it is worth that a gate moves is what the passage costs while it is held. Gates at 1 "
        "do not mean more memory: a model that can forget nothing reads worse than one that "
        "forgets half."
    ).tag(sync=True)
    key = traitlets.Unicode("model-in-page").tag(sync=True)

    def __init__(self, **arguments: object) -> None:
        self._refuse_unknown(arguments)
        super().__init__(**{"unit": float(_quotes()["unit"]), **arguments})

    @traitlets.default("_large_model")
    def _stored_model(self) -> dict[str, object]:
        return page_data()

    @traitlets.default("_written")
    def _own_writing(self) -> str:
        return self.writing

    @traitlets.default("_presets")
    def _own_presets(self) -> list[dict[str, object]]:
        return _presets()

    @property
    def writing(self) -> str:
        """The prompt and what the model adds."""
        hold = held_by(self.what, self.whose, self.unit, self.value)
        return writes(self.prompt, int(self.written), self.temperature, int(self.draw), hold)

    @property
    def text(self) -> str:
        """What it writes, and what the passage costs, in sentences."""
        free = _bits(NOTHING, ALL, 1.0, 0.0)
        told = f"With nothing held it costs {free:.2f} bits per character"
        if self.what != NOTHING:
            now = _bits(self.what, self.whose, self.unit, self.value)
            whose = f"unit {int(self.unit)}" if self.whose == ONE else ALL
            told += f", with {self.what} of {whose} held at {self.value:g}: {now:.2f}"
        added = self.writing[len(self.prompt) :]
        return (
            f"{self.title}. A character LSTM of {UNITS} units, trained on Python’s reference "
            f"manual, goes on from “{self.prompt}”: “{added}” It is measured on a passage that it "
            f"was not trained on. {told}. Notice: {self.notice}"
        )
