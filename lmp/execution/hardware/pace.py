"""Ticks at a fixed rate, and a watchdog for those that come late."""

from __future__ import annotations

import time
from collections.abc import Callable

from lmp.errors import RobotFault

LATE_TICKS = 5
"""How many periods a tick may be late while the arm moves."""


class Pace:
    """Waits for absolute deadlines, so that small delays do not add up.

    Args:
        rate_hz: Ticks a second.
        late_ticks: Periods after which a tick of a moving arm is too late.
        clock: Monotonic time [s].
        sleep: Waits for a time [s].
    """

    def __init__(
        self,
        rate_hz: float,
        late_ticks: int = LATE_TICKS,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ):
        self.period, self.late_ticks = 1.0 / rate_hz, late_ticks
        self._clock, self._sleep = clock, sleep
        self._due: float | None = None

    def check(self, moving: bool) -> None:
        """To be called before a tick is sent. After a pause at rest the deadlines start afresh.

        Raises:
            RobotFault: The arm moves and the tick is too late. The next tick starts afresh, so that the arm can be stopped.
        """
        if self._due is None:
            return
        late = self._clock() - self._due
        if late > self.late_ticks * self.period:
            self._due = None
            if moving:
                raise RobotFault(
                    f"A tick came {late * 1000:.0f} ms late; at most {self.late_ticks * self.period * 1000:.0f} ms are allowed."
                )

    def wait(self) -> None:
        """To be called after a tick was sent: returns when the next one is due."""
        now = self._clock()
        self._due = (now if self._due is None else self._due) + self.period
        while (left := self._due - self._clock()) > 0:
            self._sleep(left)


class NoPace:
    """For simulated controllers, in which time passes as they like."""

    def check(self, moving: bool) -> None:
        """Nothing is ever late."""

    def wait(self) -> None:
        """Nothing is waited for."""
