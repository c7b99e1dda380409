"""Waits that end: for a call that may never come back, and for something to become true."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

POLL_SECONDS = 0.005
"""How often something is looked at that may become true [s]."""
RESULT_SECONDS, RESULT_FACTOR = 10.0, 5.0
"""How long the result of a trajectory is waited for: this [s], and so many times its duration [dimensionless].

It is for simulators slower than time; the executor allows a real arm far less.
"""


def result_seconds(duration: float) -> float:
    """Time for which the result of a trajectory of a duration is waited for [s]."""
    return RESULT_SECONDS + RESULT_FACTOR * duration


class Call:
    """A call in a thread of its own, which does not keep the program from ending.

    Args:
        function: What is called, at once.
    """

    def __init__(self, function: Callable[[], object]):
        self._function = function
        self._value: Any = None
        self._raised: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="lmp-controller", daemon=True)
        self._thread.start()

    def within(self, seconds: float) -> bool:
        """Waits at most a time [s]; True once the call has ended, also by an exception."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def value(self) -> Any:
        """Return what the call returned; what it raised is raised here. To be asked for once it has ended."""
        if self._raised is not None:
            raise self._raised
        return self._value

    def _run(self) -> None:
        try:
            self._value = self._function()
        except BaseException as error:
            self._raised = error


@dataclass(frozen=True)
class Waiting:
    """Looks at something again and again.

    Attributes:
        clock: Monotonic time [s].
        sleep: Waits for a time [s].
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """True if it became true within a time [s]."""
        begun = self.clock()
        while not true():
            if self.clock() - begun >= seconds:
                return False
            self.sleep(POLL_SECONDS)
        return True
