"""Where an object is going: its place and velocity from looks at it, as far as they can be told from noise."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

SECONDS = 0.25
"""Looks that are used: no older than this [s]."""
FEWEST = 3
"""Looks that tell a velocity at least [count]."""
SURE = 3.0
"""Standard deviations by which a velocity has to differ from none [dimensionless]."""
NOISE = 0.005
"""Distance between two looks beyond which, and beyond the fastest drift, an object has jumped [m]."""
SLOWEST, FASTEST = 0.003, 0.3
"""Speeds between which an object drifts [m/s]: below it stands, above it has jumped or is thrown."""


class Drift:
    """The looks at one object in the last quarter of a second, and the straight line through them."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Array]] = deque()
        self._told: tuple[Array, Array] | None = None

    def see(self, t: float, position: ArrayLike) -> None:
        """One look: when [s] and where [m], shape (3,). What was seen before a jump counts no more."""
        place = np.array(position, dtype=np.float64)
        if self._looks:
            then, before = self._looks[-1]
            if float(np.linalg.norm(place - before)) > NOISE + FASTEST * (t - then):
                self._looks.clear()
        self._looks.append((t, place))
        self._told = None
        while t - self._looks[0][0] > SECONDS:
            self._looks.popleft()

    @property
    def position(self) -> Array:
        """Where it is now [m]: on the line through the looks if it drifts, in their middle if it stands. Shape (3,)."""
        return self._line[0]

    @property
    def velocity(self) -> Array:
        """Its velocity [m/s]; none where it cannot be told from standing, or is no drift. Shape (3,)."""
        return self._line[1]

    @property
    def _line(self) -> tuple[Array, Array]:
        """Place and velocity by the looks so far; fitted once for each. Shape (3,) each."""
        if self._told is None:
            times, places = self._arrays
            velocity = self._fitted(times, places)
            self._told = places.mean(axis=0) + (times[-1] - times.mean()) * velocity, velocity
        return self._told

    def _fitted(self, times: Array, places: Array) -> Array:
        """The slope of the line through places [m/s]; none where it is no drift. Shapes (n,) and (n, 3) to (3,)."""
        still = np.zeros(3)
        if len(times) < FEWEST:
            return still
        since = times - times.mean()
        spread = float(since @ since)
        if spread == 0.0:
            return still
        slope: Array = since @ places / spread
        rest = places - places.mean(axis=0) - np.outer(since, slope)
        sigma = np.sqrt((rest**2).sum() / (max(len(times) - 2, 1) * 3) / spread)
        speed = float(np.linalg.norm(slope))
        return slope if max(SLOWEST, SURE * sigma) < speed < FASTEST else still

    @property
    def _arrays(self) -> tuple[Array, Array]:
        """Instants and places of the looks. Shapes (n,) and (n, 3)."""
        return np.array([t for t, _ in self._looks]), np.array([place for _, place in self._looks])
