"""Timing `fastest`: along the path as fast as the limits of its joints and of the tool's speed allow.

Without a limit of jerk: the time-optimal speed by reachability analysis (kernels/time_optimal.py), in which at any instant
some joint is at its limit. With one: the mean of that motion over a short window of time, which turns jumps of acceleration
into ramps. At any place the speeds and accelerations that the limits allow, (speed^2, acceleration), are a convex set, so
that the mean hardly leaves it; what it does, and what is left of jerk, is undone by slowing all down evenly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.kernels.time_optimal import fastest_squares
from lmp.primitives.kernels.timed_samples import timed_samples
from lmp.primitives.kernels.way import along_the_way
from lmp.primitives.timing.joint_spline import JointSpline
from lmp.primitives.timing.retime import SHORTEST, Samples, checked_limits, least_duration, refuse_too_long, sample

Array = NDArray[np.float64]

GRID = 400
"""Intervals of the grid over the path at least [count]. With them motions last 0.2 % longer than with 6000, at worst 0.7 %."""
WINDOWS = (1.0, 0.7, 1.4, 0.5, 2.0)
"""Smoothing windows that are tried, as shares of the time from one limit of acceleration to the other [dimensionless]."""
NEAR_ENOUGH = 1.03
"""No other window is tried where the motion lasts at most this much longer than without a limit of jerk [dimensionless]."""
LEAST_RATE = 1000.0
"""Limits are looked at as often as this at least, even if fewer samples are wanted [1/s]."""
TOOL_STRIDE = 8
"""Every which sample the tool's speed is looked at [count]."""
_ROUNDING = 1e-12


@dataclass(frozen=True)
class ToolSpeed:
    """Largest speeds of the tool.

    Attributes:
        limit: Largest speed of the tool point [m/s].
        velocities: Joint positions and rates to the tool's velocities [m/s]. Shapes (n, dof) twice to (n, 3).
    """

    limit: float
    velocities: Callable[[Array, Array], Array]

    def share(self, q: Array, rates: Array) -> Array:
        """Share of the limit that is used; joint rates may be per second or per anything. Shape (n, dof) twice to (n,)."""
        used: Array = np.linalg.norm(self.velocities(q, rates), axis=1) / self.limit
        return used


def fastest(
    path: JointSpline,
    velocity_limits: Array,
    acceleration_limits: Array,
    jerk_limits: Array | None = None,
    rate_hz: float = 1000.0,
    tool: ToolSpeed | None = None,
) -> Samples:
    """Samples of the fastest motion along a path, from rest to rest; never slower than timing `keep` without a request.

    The limits hold at every sample. With a limit of jerk, acceleration begins and ends at zero and is continuous; without,
    it jumps, and jerks are those between the jumps.

    Args:
        path: The joint path, with q' = q'' = 0 at both ends.
        velocity_limits: [rad/s]. Shape (dof,).
        acceleration_limits: [rad/s^2]. Shape (dof,).
        jerk_limits: [rad/s^3]. Shape (dof,). None does not limit jerk.
        rate_hz: Samples a second [1/s].
        tool: Limit of the tool's speed.

    Returns:
        times [s] (n,), positions [rad], velocities [rad/s], accelerations [rad/s^2], jerks [rad/s^3], (n, dof) each.

    Raises:
        SetupFault: If a limit or the rate is not positive, a shape is wrong, or the motion would last longer than an hour.
    """
    jerks = np.full(path.dof, np.inf) if jerk_limits is None else jerk_limits
    limits = np.stack(checked_limits(path, velocity_limits, acceleration_limits, jerks))
    if not (np.isfinite(rate_hz) and rate_hz > 0.0):
        raise SetupFault(f"{rate_hz} samples a second came; the rate has to be positive.")
    if tool is not None and not tool.limit > 0.0:
        raise SetupFault(f"A tool speed limit of {tool.limit} m/s came; it has to be positive.")
    motion = _Motion(path, limits, rate_hz, tool)
    kept = motion.kept_duration()
    best = min(motion.smoothed(), key=lambda found: found[0]) if kept > 0.0 else (np.inf, 0.0)
    found = None if best[0] >= kept else motion.within_limits(*best)
    return found if found is not None and found[0][-1] <= max(kept, SHORTEST) else sample(path, max(kept, SHORTEST), rate_hz)


class _Motion:
    """A path with its limits, on a grid of the way that it has come."""

    def __init__(self, path: JointSpline, limits: Array, rate_hz: float, tool: ToolSpeed | None):
        self.path, self.limits, self.rate_hz, self.tool = path, limits, rate_hz, tool
        self.phases = _grid(path.knots)
        self.s, along = np.empty(len(self.phases)), np.empty((3, len(self.phases), path.dof))
        along_the_way(path.knots, path.pieces.c, self.phases, self.s, along)
        self.q, self.rates, self.bends = along
        self.tool_shares = None if tool is None else tool.share(self.q, self.rates)
        """Share of the tool's speed limit if s grew by 1 a second. Shape (n,)."""

    def kept_duration(self) -> float:
        """The least duration with timing `keep` [s]; 0 for a path without motion."""
        least = least_duration(self.path, None, *self.limits).least
        if self.tool_shares is None:
            return least
        p = self.phases
        return max(least, float((self.tool_shares * 30.0 * (p * (1.0 - p)) ** 2).max()))

    def smoothed(self) -> Iterator[tuple[float, float]]:
        """Smoothing windows [s], each after the least duration with it [s]; the one without, 0, if jerk has no limit."""
        self.squares = np.empty(len(self.s))
        limits = np.tile(self.limits[1], (len(self.s), 1))
        natural = fastest_squares(self.s, self.rates, self.bends, limits, self._largest_squares(), self.squares)
        if not np.isfinite(self.limits[2]).any():
            yield natural, 0.0
            return
        ramp = 2.0 * float((self.limits[1] / self.limits[2]).max())
        for length in WINDOWS:
            window = length * ramp
            duration = (natural + window) * self._sampled(window, 0.0, natural + window)[1]
            yield duration, window
            if duration <= NEAR_ENOUGH * natural:
                return

    def within_limits(self, duration: float, window: float) -> Samples | None:
        """Samples with a window, of the duration or one a little longer that fits to the limits; None if none is found."""
        for _ in range(20):
            intervals = max(int(np.ceil(max(duration, SHORTEST) * self.rate_hz * (1.0 - _ROUNDING))), 1)
            rounded = intervals / self.rate_hz
            out, share = self._sampled(window, rounded, rounded)
            if share <= 1.0 + _ROUNDING:
                every = (out.shape[1] - 1) // intervals
                q, v, a, j = (np.ascontiguousarray(values[::every]) for values in out)
                return np.arange(intervals + 1) / self.rate_hz, q, v, a, j
            duration = rounded * share
        return None

    def _largest_squares(self) -> Array:
        """The largest squared speeds of s that joint velocities and the tool's speed allow. Shape (n,)."""
        shares = (np.abs(self.rates) / self.limits[0]).max(axis=1)
        if self.tool_shares is not None:
            shares = np.maximum(shares, self.tool_shares)
        squares: Array = np.maximum(shares, SHORTEST / 4.0) ** -2.0  # A stretch without motion takes some time as well.
        return squares

    def _sampled(self, window: float, duration: float, about: float) -> tuple[Array, float]:
        """Samples that are close enough to judge, (4, n, dof), and the factor by which they have to be slowed down."""
        refuse_too_long(about, None if self.tool is None else self.tool.limit)
        every = int(np.ceil(LEAST_RATE / self.rate_hz))
        intervals = every * max(round(about * self.rate_hz), 2)
        out, peaks = np.empty((4, intervals + 1, self.path.dof)), np.empty((3, self.path.dof))
        pieces = self.path.pieces
        timed_samples(pieces.x, pieces.c, self.s, self.squares, window, duration, peaks, out)
        velocity, acceleration, jerk = (peaks / self.limits).max(axis=1)
        tool = 0.0 if self.tool is None else float(self.tool.share(out[0, ::TOOL_STRIDE], out[1, ::TOOL_STRIDE]).max())
        return out, float(max(velocity, acceleration**0.5, jerk ** (1.0 / 3.0), tool))


def _grid(knots: Array) -> Array:
    """Phases between which the fastest speed is looked for: the knots, and evenly between them. Shape (n,)."""
    parts = -(-GRID // (len(knots) - 1))
    inside = knots[:-1, None] + np.diff(knots)[:, None] * (np.arange(parts) / parts)
    return np.append(inside.ravel(), knots[-1])
