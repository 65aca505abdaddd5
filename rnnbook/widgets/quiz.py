"""A question with choices, answered in the page."""

from __future__ import annotations

import traitlets

from rnnbook.widgets.explorable import Explorable, module


class Quiz(Explorable):
    """A question that a reader answers before reading on.

    Texts know `code`, *emphasis*, **strong**, H_2 or h_{t-1} (subscript) and 2^n or 10^{-3}
    (superscript); everything else is shown as it stands.

    Args:
        question: the question.
        choices: (text, whether it is right, why), at least two; exactly one right, or several,
            in which case each right one is accepted.

    Raises:
        TypeError: a choice is not (str, bool, str).
        ValueError: fewer than two choices, or none right, or none wrong.
    """

    _esm = module("quiz")

    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List().tag(sync=True)

    def __init__(self, question: str, choices: list[tuple[str, bool, str]]) -> None:
        if not isinstance(question, str):
            raise TypeError(f"Quiz: question must be a str, not {type(question).__name__}.")
        checked = [_checked(place, choice) for place, choice in enumerate(choices, start=1)]
        if len(checked) < 2 or len({choice["right"] for choice in checked}) < 2:
            raise ValueError("Quiz: give at least two choices, of which one is right, one wrong.")
        super().__init__(question=question, choices=checked)

    @property
    def text(self) -> str:
        """The question and its choices, without the answer."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        lines = [f"{mark}. {c['text']}" for mark, c in zip(letters, self.choices, strict=False)]
        return "\n".join([f"Question: {self.question}", *lines])


def _checked(place: int, choice: object) -> dict[str, object]:
    """One choice as the page reads it."""
    kinds = (str, bool, str)
    parts = tuple(choice) if isinstance(choice, (tuple, list)) else ()
    if len(parts) != 3 or not all(map(isinstance, parts, kinds)):
        raise TypeError(f"Quiz: choice {place} must be (text, right, why): a str, a bool, a str.")
    return dict(zip(("text", "right", "why"), parts, strict=True))
