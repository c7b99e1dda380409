"""Samples in time of a path whose way follows a profile of piecewise constant acceleration, smoothed or not.

The smoothing is the mean over a window of time that moves along: of a profile of bounded acceleration it makes one of
bounded jerk, in closed form, that starts and ends at rest with acceleration zero and lasts longer by the window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import REAL, array, filled, inner, kernel
from lmp.primitives.kernels.splines import piece_of, quintic
from lmp.primitives.kernels.way import END, phase_of, way_rates

Array = NDArray[np.float64]
State = tuple[float, float, float, float]


@inner
def _profile(s: Array, squares: Array, out: Array) -> None:
    """Rows of out: times at which the grid is passed, speed there, acceleration from there, integral of s until there."""
    last = len(s) - 1
    out[0, 0], out[3, 0] = 0.0, 0.0
    for row in range(last):
        step, speed, after = s[row + 1] - s[row], np.sqrt(squares[row]), np.sqrt(squares[row + 1])
        time = 2.0 * step / (speed + after)
        rate = 0.5 * (squares[row + 1] - squares[row]) / step
        out[1, row], out[2, row] = speed, rate
        out[0, row + 1] = out[0, row] + time
        out[3, row + 1] = out[3, row] + time * (s[row] + time * (speed / 2.0 + time * rate / 6.0))
    out[1, last], out[2, last] = 0.0, 0.0


@inner
def _state(s: Array, profile: Array, row: int, time: float) -> State:
    """Integral of s, s, its speed and acceleration at a time in the interval after a row; at rest before and after all."""
    if time <= 0.0:
        return 0.0, 0.0, 0.0, profile[2, 0] if time == 0.0 else 0.0
    t = time - profile[0, row]
    if row == len(s) - 1:
        return profile[3, row] + t, 1.0, 0.0, 0.0
    speed, rate = profile[1, row], profile[2, row]
    area = profile[3, row] + t * (s[row] + t * (speed / 2.0 + t * rate / 6.0))
    return area, s[row] + t * (speed + 0.5 * t * rate), speed + t * rate, rate


@inner
def _row_at(times: Array, time: float, row: int, last: int) -> int:
    """The grid interval that a time is in, looked for from an earlier one on; not after the last one."""
    while row < last and time >= times[row + 1]:
        row += 1
    return row


@inner
def _phase_rates(p: float, ds: float, dds: float, ddds: float) -> tuple[float, float, float]:
    """Time derivatives of the phase from those of the way; at the ends the root of the third, as the way is 10 p^3."""
    first, second, third = way_rates(p)
    if p < END or p > 1.0 - END:
        return np.cbrt(ddds / third), 0.0, 0.0
    slowness = 1.0 / first
    dp = ds * slowness
    ddp = (dds - second * dp * dp) * slowness
    return dp, ddp, (ddds - third * dp * dp * dp - 3.0 * second * dp * ddp) * slowness


@inner
def _write(k: int, piece: int, x: float, p: float, rates: State, c: Array, peaks: Array, out: Array) -> None:
    """Joint positions and their time derivatives at one sample, by the chain rule; raises the peaks to them."""
    dp, ddp, dddp, dds = rates
    at_end = p < END or p > 1.0 - END
    for joint in range(out.shape[2]):
        q, first, second, third = quintic(c, piece, joint, x)
        # At the ends q' = q'' = 0; without smoothing p' has no bound there, while q follows s by dq/ds = q''' / 60.
        acceleration = third / 60.0 * dds if at_end else second * dp * dp + first * ddp
        jerk = third * dp * dp * dp + 3.0 * second * dp * ddp + first * dddp
        out[0, k, joint], out[1, k, joint], out[2, k, joint], out[3, k, joint] = q, first * dp, acceleration, jerk
        peaks[0, joint] = max(peaks[0, joint], abs(first * dp))
        peaks[1, joint] = max(peaks[1, joint], abs(acceleration))
        peaks[2, joint] = max(peaks[2, joint], abs(jerk))


@inner
def _mean_state(s: Array, profile: Array, rows: tuple[int, int], time: float, window: float) -> State:
    """The way, its speed, acceleration and jerk at a time, as means over the window before it."""
    area, at, ds, dds = _state(s, profile, rows[0], time)
    if window <= 0.0:
        return at, ds, dds, 0.0
    old_area, old_at, old_ds, old_dds = _state(s, profile, rows[1], time - window)
    share = 1.0 / window
    return (area - old_area) * share, (at - old_at) * share, (ds - old_ds) * share, (dds - old_dds) * share


@kernel(REAL, array(1), array(3), array(1), array(1), REAL, REAL, filled(2), filled(3))
def timed_samples(
    knots: Array, c: Array, s: Array, squares: Array, window: float, duration: float, peaks: Array, out: Array
) -> float:
    """Positions, velocities, accelerations and jerks at even times, the last one at the end. Returns the profile's time [s].

    Args:
        knots: Of the spline q(p). Shape (m + 1,).
        c: Its coefficients. Shape (6, m, dof).
        s: The way at a grid from 0 to 1. Shape (n,).
        squares: Its squared speed there, linear between. Shape (n,).
        window: Length of the mean over time; 0 does not smooth [s].
        duration: How long it lasts, slowed down evenly; 0 keeps the profile's time and window [s].
        peaks: Filled with the largest magnitudes of velocities, accelerations and jerks. Shape (3, dof).
        out: Filled with the samples. Shape (4, samples, dof).
    """
    profile = np.empty((4, len(s)))
    _profile(s, squares, profile)
    for joint in range(out.shape[2]):
        peaks[0, joint] = peaks[1, joint] = peaks[2, joint] = 0.0
    natural: float = profile[0, -1] + window
    total = duration if duration > 0.0 else natural
    scale, last, end = natural / total, out.shape[1] - 1, len(s) - 2
    row, trailing, piece, p, dp = 0, 0, 0, 0.0, 0.0
    for k in range(last + 1):
        time = natural * k / last
        row = _row_at(profile[0], time, row, end + 1 if window > 0.0 else end)
        trailing = _row_at(profile[0], time - window, trailing, end)
        at, ds, dds, ddds = _mean_state(s, profile, (row, trailing), time, window)
        ds, dds, ddds = ds * scale, dds * scale**2, ddds * scale**3
        p = phase_of(at, 1.0 - at, p + dp * total / last) if k < last else 1.0
        piece = piece_of(knots, p, piece)
        dp, ddp, dddp = _phase_rates(p, ds, dds, ddds)
        _write(k, piece, p - knots[piece], p, (dp, ddp, dddp, dds), c, peaks, out)
    return natural - window
