"""The explorable of Appendix A: a trained LSTM, and eight changes to take out its gates by."""

from __future__ import annotations

import functools

import torch
import traitlets
from torch import Tensor

from rnnbook.experiments import stored_results
from rnnbook.experiments.variants import LENGTH, OPTIONS, trace
from rnnbook.variants import VARIANTS, Options
from rnnbook.widgets.chance import Chance
from rnnbook.widgets.explorable import Adjustable, Choice, Number, module, plain
from rnnbook.worlds.questions import ANNOUNCED

STREAM, STEP = 20, 4
UNSEEN = (1001, 400)
"""The first and the number of the streams over which errors are taken; none is on the slider."""

WRITTEN = {
    "no input gate": "i_t = 1",
    "no forget gate": "f_t = 1",
    "no output gate": "o_t = 1",
    "no input activation": "C̃_{t} = W·[h, x] + b",
    "no output activation": "h_t = o_t · C_t",
    "coupled gates": "f_t = 1 − i_t",
    "peepholes": "σ(… + p·C)",
    "full gate recurrence": "σ(… + R·[i, f, o])",
}
"""The changed equations as short as a line beside a box is."""

AFTER, BEFORE = "after training", "before training"


def question_stream(seed: int) -> tuple[list[list[float]], list[float]]:
    """What the network sees at each step (s, R, A, N), and what it should answer.

    Source: :func:`rnnbook.worlds.questions.announced`, with the page's own numbers of chance.
    """
    source, kept, asked, x, answers = Chance(seed), 0.0, 0.0, [], []
    for t in range(LENGTH):
        chances = (0.5, *ANNOUNCED.values())
        sign, *drawn = (float(source.uniform() < chance) for chance in chances)
        s, (write, ask, now) = 2 * sign - 1, drawn
        write = 1.0 if t == 0 else write
        kept = s if write else kept
        x.append([s, write, ask, now])
        answers.append(asked * now * kept)
        asked = ask
    return x, answers


@functools.cache
def unseen_streams() -> tuple[Tensor, Tensor]:
    """All streams of which the error is taken: inputs (1, T, B, 4) and answers (1, T, B)."""
    first, many = UNSEEN
    drawn = [question_stream(seed) for seed in range(first, first + many)]
    x, y = (torch.tensor(part).double() for part in zip(*drawn, strict=True))
    return x.transpose(0, 1).unsqueeze(0), y.T.unsqueeze(0)


def changed(titles: list[str]) -> Options:
    """The options of all these changes together."""
    each = [OPTIONS[title] for title in titles]
    return Options(
        without="".join(one.without for one in each),
        linear="".join(one.linear for one in each),
        coupled=any(one.coupled for one in each),
    )


def page_networks() -> dict[str, dict[str, object]]:
    """The stored networks as the page's JavaScript has them.

    Source: ``rnnbook/results/variants.json``, made by :mod:`rnnbook.experiments.variants`.
    """
    stored = stored_results("variants")["networks"]
    found = {}
    for title, options in OPTIONS.items():
        weights = dict(stored[title]["weights"])
        weights["W_q"] = [row[0] for row in weights["W_q"]]
        weights["b_q"] = weights["b_q"][0]
        found[title] = {"blocks": options.blocks, **weights}
    return found


def run(titles: list[str], how: str, x: Tensor) -> tuple[Tensor, str]:
    """Answers (1, T, B) to inputs (1, T, B, 4), and whose: the network's name.

    Args:
        titles: the changes.
        how: they were made "after training", or the network was trained with them; of several,
            none was.
        x: inputs.
    """
    name = titles[0] if how == BEFORE and len(titles) == 1 else "LSTM"
    options = changed(titles) if name == "LSTM" else OPTIONS[name]
    stored = stored_results("variants")["networks"][name]["weights"]
    weights = {k: torch.tensor([part], dtype=torch.float64) for k, part in stored.items()}
    return trace(options, weights, x)["answer"], name


def error(titles: list[str], how: str) -> float:
    """Mean square error over the unseen streams."""
    x, y = unseen_streams()
    return (run(titles, how, x)[0] - y).square().mean().item()


def _set(*out: str, how: str = AFTER) -> dict[str, object]:
    boxes = {one.name: float(title in out) for title, one in VARIANTS.items()}
    return {**boxes, "how": how}


PRESETS = [
    {
        "name": "Nothing cut",
        "about": "Nothing is taken out: it keeps the last marked sign, and says it where it is "
        "asked for, else nearly nothing.",
        "set": _set(),
    },
    {
        "name": "f cut",
        "about": "f = 1: the + of step 2 is added to the − of step 1, and their sum says nothing. "
        "Chapter 1’s failure is back.",
        "set": _set("no forget gate") | {"stream": STREAM},
    },
    {
        "name": "Trained without f",
        "about": "f = 1 from the first step of training on. The other weights had the time to "
        "make up for it, as far as they can.",
        "set": _set("no forget gate", how=BEFORE),
    },
    {
        "name": "o cut",
        "about": "o = 1: what is kept is said all the time, and heard by every gate.",
        "set": _set("no output gate"),
    },
    {
        "name": "i, f and o cut",
        "about": "i = f = o = 1: every sign is added up and told at once.",
        "set": _set("no input gate", "no forget gate", "no output gate"),
    },
]


class GatesTakenOut(Adjustable):
    r"""A trained LSTM of two units, and eight boxes, each of which changes one of its equations.

    The network was trained to keep the last sign that was marked, and to say it when it is asked
    for, else 0. A tick changes the trained network by hand, and ticks go together; or, where one
    box is ticked, shows the network that was trained with that change. Above, its answers along a
    stream; then what its two cells hold, and its error over many streams.

    Args:
        no_input_gate, no_forget_gate, no_output_gate: 1 where the gate is 1, else 0.
        no_input_activation, no_output_activation: 1 where (3), or (6), has no tanh, else 0.
        coupled_gates: 1 where f = 1 − i, else 0.
        peepholes, full_gate_recurrence: 1 where the gates have these further weights, else 0; in a
            network that was trained without them they are 0 and change nothing.
        how: the change was made "after training" or "before training".
        stream: number of the stream.
        step: the step that is looked at.
        title, try_this, notice: the widget's heading and its two lines of guidance.
        key: the widget's name in the page's address.

    Raises:
        TypeError: names an argument that does not exist, and those that do.
        ValueError: names an argument out of its range.

    Source: the post, eqs. (1) to (6); Greff et al. (2017). Appendix A.
    """

    presets = PRESETS

    _esm = module("gates_taken_out")
    _networks = traitlets.Dict().tag(sync=True)
    _boxes = traitlets.List().tag(sync=True)
    _unseen = traitlets.List(list(UNSEEN)).tag(sync=True)

    no_input_gate = Number(0, 0, 1, whole=True)
    no_forget_gate = Number(0, 0, 1, whole=True)
    no_output_gate = Number(0, 0, 1, whole=True)
    no_input_activation = Number(0, 0, 1, whole=True)
    no_output_activation = Number(0, 0, 1, whole=True)
    coupled_gates = Number(0, 0, 1, whole=True)
    peepholes = Number(0, 0, 1, whole=True)
    full_gate_recurrence = Number(0, 0, 1, whole=True)
    how = Choice(AFTER, BEFORE, label="changed")
    stream = Number(STREAM, 1, 99, whole=True, label="stream n")
    step = Number(STEP, 1, LENGTH, whole=True)
    title = traitlets.Unicode("Take the gates out one by one").tag(sync=True)
    try_this = traitlets.Unicode(
        "The network says the last **marked** sign when an A, then an N ask for it. Guess what "
        "goes wrong, and tick a box. Then set “before training”: does another part take over?"
    ).tag(sync=True)
    notice = traitlets.Unicode(
        "Cut after training, the other weights still count on what is gone. Trained with the "
        "change, they had the chance to do without."
    ).tag(sync=True)
    key = traitlets.Unicode("gates-taken-out").tag(sync=True)

    @traitlets.default("_networks")
    def _stored(self) -> dict[str, object]:
        return page_networks()

    @traitlets.default("_boxes")
    def _changes(self) -> list[dict[str, object]]:
        return [
            {
                "name": one.name,
                "title": title,
                "equation": WRITTEN[title],
                "without": one.options.without,
                "linear": one.options.linear,
                "coupled": one.options.coupled,
            }
            for title, one in VARIANTS.items()
        ]

    @property
    def ticked(self) -> list[str]:
        """The titles of the boxes that are ticked."""
        return [title for title, one in VARIANTS.items() if getattr(self, one.name)]

    @property
    def text(self) -> str:
        """What the network answers and how much it errs, in sentences."""
        x, wanted = question_stream(int(self.stream))
        answer, name = run(self.ticked, self.how, torch.tensor(x).double()[None, :, None])
        given = answer.flatten().tolist()
        right = sum(abs(a - y) < 0.5 for a, y in zip(given, wanted, strict=True))
        out = ", ".join(self.ticked) or "nothing"
        made = "by training with it" if name != "LSTM" else "after training"
        t = int(self.step)
        return (
            f"{self.title}. An LSTM of two units was trained to keep the last marked sign and to "
            f"say it when it is asked for, else 0. Changed: {out}, {made}. In stream "
            f"{int(self.stream)}, {right} of {LENGTH} answers lie within one half of the right "
            f"one; at step {t} it says {plain(given[t - 1])}, and should say "
            f"{plain(wanted[t - 1])}. Its mean square error over {UNSEEN[1]} unseen streams is "
            f"{plain(error(self.ticked, self.how))}; the whole network’s is "
            f"{plain(error([], AFTER))}. Notice: {self.notice}"
        )
