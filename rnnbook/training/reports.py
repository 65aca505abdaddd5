"""What tells how a training goes: a bar, plain lines, a live plot in a notebook, TensorBoard."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tqdm.auto import tqdm

from rnnbook.plots import Figure, Line, lines
from rnnbook.training.errors import TrainingError

if TYPE_CHECKING:
    from rnnbook.training.loop import Point, Result, Training


class Report:
    """Hears of everything and says nothing; the others say what they care for."""

    def begins(self, training: Training) -> None:
        """Before the first step of this sitting."""

    def advanced(self, training: Training, loss: float, rate: float) -> None:
        """After a step: its loss in bits per character, and tokens per second so far."""

    def evaluated(self, training: Training, point: Point) -> None:
        """After an evaluation."""

    def saved(self, training: Training, path: Path) -> None:
        """After a checkpoint was written."""

    def warns(self, sentence: str) -> None:
        """Something went wrong, and the training goes on."""

    def ends(self, training: Training, result: Result) -> None:
        """At the end."""


class Lines(Report):
    """Plain lines, for a log file or a pipe: one for each evaluation.

    Args:
        stream: where to write, the standard error by default.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        """Keep the stream."""
        self.stream = stream
        self.rate = 0.0

    def _say(self, line: str) -> None:
        print(line, file=self.stream or sys.stderr, flush=True)

    def begins(self, training: Training) -> None:
        """Say where it begins."""
        _say_passed_over(self, training)
        steps = training.settings.steps
        if training.step:
            self._say(f"going on from step {training.step} of {steps}")

    def advanced(self, training: Training, loss: float, rate: float) -> None:
        """Keep the speed for the next line."""
        self.rate = rate

    def evaluated(self, training: Training, point: Point) -> None:
        """One line of numbers."""
        settings = training.settings
        tokens = (settings.steps - point.step) * settings.batch * settings.length
        left = f", {_duration(tokens / self.rate)} left" if tokens and self.rate else ""
        self._say(
            f"step {point.step} of {settings.steps}: {point.trained:.3f} bits per character, "
            f"held out {point.held_out:.3f}, {self.rate:,.0f} tokens/s{left}"
        )

    def warns(self, sentence: str) -> None:
        """As it is."""
        self._say(sentence)


class Bar(Report):
    """A progress bar: bits per character, those held out, tokens per second, time left."""

    def __init__(self) -> None:
        """No bar yet."""
        self.bar: tqdm | None = None
        self.held_out = ""

    def begins(self, training: Training) -> None:
        """Draw it."""
        _say_passed_over(self, training)
        self.bar = tqdm(
            total=training.settings.steps, initial=training.step, unit="step", leave=False
        )
        if training.history:
            self.held_out = f"{training.history[-1].held_out:.3f}"

    def advanced(self, training: Training, loss: float, rate: float) -> None:
        """Move it on."""
        numbers = {"bits/char": f"{loss:.3f}", "held out": self.held_out or "–"}
        self.bar.set_postfix(numbers | {"tokens/s": f"{rate:,.0f}"}, refresh=False)
        self.bar.update()

    def evaluated(self, training: Training, point: Point) -> None:
        """Keep the number."""
        self.held_out = f"{point.held_out:.3f}"

    def warns(self, sentence: str) -> None:
        """Above the bar."""
        tqdm.write(sentence, file=sys.stderr)

    def ends(self, training: Training, result: Result) -> None:
        """Take it away."""
        self.bar.close()


class Plot(Report):
    """The curves in a notebook, drawn anew after each evaluation."""

    def __init__(self) -> None:
        """No picture yet."""
        self.handle: Any = None

    def evaluated(self, training: Training, point: Point) -> None:
        """Draw them."""
        from IPython.display import display

        figure = curves(training.history)
        if self.handle is None:
            self.handle = display(figure, display_id=True)
        else:
            self.handle.update(figure)


class TensorBoard(Report):
    """Writes scalars for TensorBoard.

    Args:
        folder: where its files go.

    Raises:
        TrainingError: TensorBoard is not installed.
    """

    def __init__(self, folder: str | Path) -> None:
        """Open a file for it."""
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            raise TrainingError(
                "TensorBoard is not installed: `pip install tensorboard`, or leave --tensorboard "
                "out."
            ) from error
        self.writer = SummaryWriter(str(folder))

    def advanced(self, training: Training, loss: float, rate: float) -> None:
        """The step's loss, the speed and the learning rate."""
        self.writer.add_scalar("bits per character/trained", loss, training.step)
        self.writer.add_scalar("tokens per second", rate, training.step)
        learning_rate = training.settings.rate_at(training.step - 1)
        self.writer.add_scalar("learning rate", learning_rate, training.step)

    def evaluated(self, training: Training, point: Point) -> None:
        """The part that is held out."""
        self.writer.add_scalar("bits per character/held out", point.held_out, point.step)

    def ends(self, training: Training, result: Result) -> None:
        """Close the file."""
        self.writer.close()


def curves(history: list[Point] | tuple[Point, ...]) -> Figure:
    """Bits per character over the steps, while training and of what is held out.

    Args:
        history: of a :class:`~rnnbook.training.loop.Result`; at least one point.
    """
    steps = [point.step for point in history]
    last = history[-1]
    return lines(
        Line(steps, [point.trained for point in history], "trained on", style="bound"),
        Line(steps, [point.held_out for point in history], "held out"),
        xlabel="steps",
        ylabel="bits per character",
        alt=f"Bits per character over {last.step} steps: {last.trained:.2f} on what is trained "
        f"on, {last.held_out:.2f} on what is held out.",
    )


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this, so that a picture can be shown."""
    shell = sys.modules.get("IPython")
    return shell is not None and type(shell.get_ipython()).__name__ == "ZMQInteractiveShell"


def usual_reports(stream: TextIO | None = None) -> list[Report]:
    """What suits the place: a bar and a plot in a notebook, a bar on a terminal, lines elsewhere.

    Args:
        stream: that would show them, the standard error by default.
    """
    if in_notebook():
        return [Bar(), Plot()]
    return [Bar()] if (stream or sys.stderr).isatty() else [Lines(stream)]


def _say_passed_over(report: Report, training: Training) -> None:
    for sentence in training.passed_over:
        report.warns(f"{sentence} Going on from step {training.step}, the last that is whole.")


def _duration(seconds: float) -> str:
    return time.strftime("%H:%M:%S" if seconds >= 3600 else "%M:%S", time.gmtime(seconds))
