"""Ctrl-C, a request to terminate and a terminal that is gone wait until the arm is at rest."""

from __future__ import annotations

import time
from types import FrameType

from lmp.uninterrupted import HeldBack

_HANGING = 1.0
"""After this time without a tick the robot does not answer, and a further Ctrl-C is let through [s]."""


class Deferred(HeldBack):
    """The requests to stop that came during a motion."""

    def __init__(self) -> None:
        super().__init__()
        self._last_tick = time.monotonic()

    def tick(self) -> bool:
        """To be called at every tick; True once the motion is asked to stop."""
        self._last_tick = time.monotonic()
        return bool(self.pending)

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Notes the request; gives way if the robot hangs, so that a program can always be left."""
        again = bool(self.pending)
        super().handle(number, frame)
        if again and time.monotonic() - self._last_tick > _HANGING:
            raise KeyboardInterrupt
