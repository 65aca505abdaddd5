"""SIGINT and SIGTERM ask a training to save and leave; asked twice, it leaves at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What Ctrl-C sends, and what a scheduler or ``kill`` sends."""


class Stop:
    """Within ``with Stop() as stop:``, ``stop.signal`` becomes the signal that came.

    In another thread than the main one nobody can be asked, and signals stay as they are.
    """

    def __init__(self) -> None:
        """Nobody has asked yet."""
        self.signal: int = 0
        self._before: dict[int, object] = {}

    def __enter__(self) -> Stop:
        """Listen."""
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._ask) for number in SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let signals do what they did before."""
        self._restore()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.signal = number
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before = {}
