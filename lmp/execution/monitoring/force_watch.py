"""Whether the arm presses on something harder than it should, for longer than a knock lasts."""

from __future__ import annotations

FAR = 4.0
"""A force this many times over the limit counts at once [dimensionless]."""
LASTING = 0.0125
"""How long a force over the limit has to last to count [s]: three ticks at 240 Hz, a solver's spike lasts one."""


class ForceWatch:
    """Counts the ticks in which a force is over its limit.

    Args:
        ticks: How many of them in a row count.
    """

    def __init__(self, ticks: int):
        self.ticks, self._over = ticks, 0

    def see(self, force: float, limit: float | None) -> bool:
        """One tick; whether the force is too large [N]. Without a limit nothing is."""
        self._over = self._over + 1 if limit is not None and force > limit else 0
        return limit is not None and (self._over >= self.ticks or force > FAR * limit)
