"""A smooth stop on the path: the trajectory's own clock is slowed from its normal rate to nothing.

The commanded positions are q(s(t)) with a rate ds/dt that falls from 1 to 0 along 1 - 3u^2 + 2u^3. So the arm never leaves
the checked path, velocity and acceleration stay continuous, and the stop needs no new collision check.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory, Segment

Array = NDArray[np.float64]

LENGTHS = np.geomspace(0.01, 3.2, 33)
"""Durations of the slowing that are tried [s]."""
DELAYS = np.arange(0.0, 0.65, 0.08)
"""How long the trajectory may go on before the slowing begins, where it is at a limit just now [s]."""
CHECK_STEP = 0.004
"""Spacing at which a candidate is checked against the limits before the winner is checked at every sample [s]."""


@dataclass(frozen=True)
class Stop:
    """Samples from now to rest.

    Attributes:
        times: Instants since now, from 0 [s]. Shape (n,).
        positions: Commands [rad]. Shape (n, dof).
        velocities: [rad/s]. Shape (n, dof).
        accelerations: [rad/s^2]. Shape (n, dof).
        along: Instant of the trajectory whose position each sample has [s]. Shape (n,).
    """

    times: Array
    positions: Array
    velocities: Array
    accelerations: Array
    along: Array


def slow_to_stop(
    times: Array,
    positions: Array,
    velocities: Array,
    accelerations: Array,
    t_now: float,
    *,
    acceleration_limits: Array | None = None,
    jerk_limits: Array | None = None,
    rate_hz: float = 1000.0,
) -> Stop:
    """The quickest smooth stop along the rest of a trajectory within limits.

    Joint speeds never exceed those of the trajectory. Where no slowing keeps the limits, or the next rest of the
    trajectory is nearer, it is followed to that rest; its end has to be one. At rest already, the stop is one sample.

    Args:
        times: Instants of the trajectory, increasing [s]. Shape (n,).
        positions: [rad]. Shape (n, dof).
        velocities: [rad/s]. Shape (n, dof).
        accelerations: [rad/s^2]. Shape (n, dof).
        t_now: Instant of the trajectory at which the stop begins; outside of it counts as its nearest end [s].
        acceleration_limits: [rad/s^2]; what the trajectory itself reaches counts as allowed, and is all that is without
            them. Shape (dof,).
        jerk_limits: [rad/s^3]; likewise. Shape (dof,).
        rate_hz: Samples a second of the result [1/s].

    Raises:
        SetupFault: If shapes disagree or the rate is not positive.
    """
    trace = Trace(times, positions, velocities, accelerations)
    if not (np.isfinite(t_now) and np.isfinite(rate_hz) and rate_hz > 0.0):
        raise SetupFault(f"t_now {t_now} s and rate {rate_hz} came; both have to be finite and the rate positive.")
    now = float(np.clip(t_now, trace.times[0], trace.times[-1]))
    remaining = trace.next_rest(now) - now
    if remaining == 0.0:
        return _sampled(trace, now, np.zeros(1), np.zeros((1, 3)))
    limits = trace.limits(acceleration_limits, jerk_limits)
    candidates = sorted((float(delay + length), float(delay), float(length)) for delay in DELAYS for length in LENGTHS)
    for total, delay, length in candidates:
        if total >= remaining:
            break  # The trajectory's own rest is nearer.
        if all(_fits(trace, now, delay, length, limits, step) for step in (CHECK_STEP, 1.0 / rate_hz)):
            return _sampled(trace, now, *_slowing(delay, length, 1.0 / rate_hz))
    clock = _clock(remaining, 1.0 / rate_hz)
    along = np.minimum(clock, remaining)  # The last sample may come after the rest, where another move may begin.
    return _sampled(trace, now, clock, np.stack([along, np.ones_like(clock), np.zeros_like(clock)], axis=1))


class Trace:
    """A sampled trajectory between its samples: the quintic that meets position, velocity and acceleration at both."""

    def __init__(self, times: Array, positions: Array, velocities: Array, accelerations: Array):
        arrays = [np.asarray(array, dtype=np.float64) for array in (times, positions, velocities, accelerations)]
        self.times, self.positions, self.velocities, self.accelerations = arrays
        n = len(self.times)
        if self.times.ndim != 1 or n < 2 or (np.diff(self.times) <= 0.0).any():
            raise SetupFault("times have to strictly increase, with two samples at least.")
        if len({array.shape for array in arrays[1:]}) != 1 or self.positions.ndim != 2 or len(self.positions) != n:
            raise SetupFault(f"Shapes {[array.shape for array in arrays]} came; (n,) and three times (n, dof) are needed.")

    def next_rest(self, t: float) -> float:
        """The first instant from t on at which nothing moves; the end if there is none before [s]."""
        _, velocity, acceleration, _ = self.at(np.array([t]))
        if _still(velocity, acceleration)[0]:
            return t
        rests = self.times[(self.times >= t) & _still(self.velocities, self.accelerations)]
        return float(rests[0] if rests.size else self.times[-1])

    def limits(self, acceleration: Array | None, jerk: Array | None) -> tuple[Array, Array]:
        """The limits, at least what the trajectory itself reaches, with an allowance for rounding."""
        own_jerk = np.abs(np.diff(self.accelerations, axis=0) / np.diff(self.times)[:, None]).max(axis=0)
        own = np.abs(self.accelerations).max(axis=0), own_jerk
        largest = np.maximum(own[0], 0.0 if acceleration is None else acceleration)
        hardest = np.maximum(own[1], 0.0 if jerk is None else jerk)
        return largest * (1.0 + 1e-6) + 1e-9, hardest * (1.0 + 1e-6) + 1e-6

    def at(self, t: Array) -> tuple[Array, Array, Array, Array]:
        """Position, velocity, acceleration and jerk. Shape (m,) to (m, dof) each."""
        left = np.clip(np.searchsorted(self.times, t, side="right") - 1, 0, len(self.times) - 2)
        h = (self.times[left + 1] - self.times[left])[:, None]
        u = (t[:, None] - self.times[left][:, None]) / h
        q0, v0, a0 = self.positions[left], self.velocities[left] * h, self.accelerations[left] * h**2
        q1, v1, a1 = self.positions[left + 1], self.velocities[left + 1] * h, self.accelerations[left + 1] * h**2
        dq, dv, da = q1 - q0 - v0 - a0 / 2.0, v1 - v0 - a0, a1 - a0
        c3, c4, c5 = 10.0 * dq - 4.0 * dv + da / 2.0, -15.0 * dq + 7.0 * dv - da, 6.0 * dq - 3.0 * dv + da / 2.0
        position = q0 + u * (v0 + u * (a0 / 2.0 + u * (c3 + u * (c4 + u * c5))))
        velocity = (v0 + u * (a0 + u * (3.0 * c3 + u * (4.0 * c4 + u * 5.0 * c5)))) / h
        acceleration = (a0 + u * (6.0 * c3 + u * (12.0 * c4 + u * 20.0 * c5))) / h**2
        # Jerk as the samples tell it; the quintic's own would magnify their rounding.
        return position, velocity, acceleration, da / h**3


def _still(velocities: Array, accelerations: Array) -> NDArray[np.bool_]:
    """At which samples nothing moves. Shape (m, dof) twice to (m,)."""
    still: NDArray[np.bool_] = (np.abs(velocities).max(axis=1) < 1e-9) & (np.abs(accelerations).max(axis=1) < 1e-6)
    return still


def _clock(length: float, step: float) -> Array:
    """Instants at a fixed spacing from 0 to the first one that is not before the length. Shape (m,)."""
    clock: Array = np.arange(int(np.ceil(length / step - 1e-9)) + 1, dtype=np.float64) * step
    return clock


def _slowing(delay: float, length: float, step: float) -> tuple[Array, Array]:
    """Clock and (s - now, ds/dt, d2s/dt2) of a slowing after a delay. Shapes (m,) and (m, 3)."""
    clock = _clock(delay + length, step)
    u = np.clip((clock - delay) / length, 0.0, 1.0)
    along = np.minimum(clock, delay) + length * (u - u**3 + u**4 / 2.0)
    return clock, np.stack([along, 1.0 - 3.0 * u**2 + 2.0 * u**3, (-6.0 * u + 6.0 * u**2) / length], axis=1)


def _fits(trace: Trace, now: float, delay: float, length: float, limits: tuple[Array, Array], step: float) -> bool:
    clock, path = _slowing(delay, length, step)
    rate, slope = path[:, 1:2], path[:, 2:3]
    u = (clock - delay) / length
    third = np.where((u >= 0.0) & (u <= 1.0), (-6.0 + 12.0 * u) / length**2, 0.0)[:, None]
    _, velocity, acceleration, jerk = trace.at(now + path[:, 0])
    scaled = np.abs(acceleration * rate**2 + velocity * slope)
    scaled_jerk = np.abs(jerk * rate**3 + 3.0 * acceleration * rate * slope + velocity * third)
    return bool((scaled <= limits[0]).all() and (scaled_jerk <= limits[1]).all())


def _sampled(trace: Trace, now: float, clock: Array, path: Array) -> Stop:
    along = np.minimum(now + path[:, 0], trace.times[-1])
    position, velocity, acceleration, _ = trace.at(along)
    rate, slope = path[:, 1:2], path[:, 2:3]
    return Stop(clock, position, velocity * rate, acceleration * rate**2 + velocity * slope, along)


BACK_OFF = 0.01
"""How far the tool goes back from where it pressed on something [m]: more than pads give way under the largest forces."""


def stopping_path(trajectory: JointTrajectory, t: float, robot: RobotDescription, rate_hz: float) -> NDArray[np.float64]:
    """Positions of the robot's joints, one a tick, from the instant after `t` [s] to rest on the path [rad]. Shape (n, dof)."""
    limits = {joint.name: joint for joint in robot.joints}
    stop = slow_to_stop(
        trajectory.times,
        trajectory.positions,
        trajectory.velocities,
        trajectory.accelerations,
        t,
        acceleration_limits=np.array([limits[name].acceleration for name in trajectory.joint_names]),
        jerk_limits=np.array([limits[name].jerk for name in trajectory.joint_names]),
        rate_hz=rate_hz,
    )
    path: NDArray[np.float64] = stop.positions[1:, [trajectory.joint_names.index(name) for name in robot.joint_names]]
    return path


def posture_before(
    trajectory: JointTrajectory, t: float, segment: Segment, joint_names: tuple[str, ...]
) -> NDArray[np.float64]:
    """Posture of the arm a little before an instant [s], in the segment at the earliest [rad]. Shape (dof,)."""
    rows = np.flatnonzero((trajectory.times >= segment.start - 1e-9) & (trajectory.times <= t + 1e-9))
    away = np.linalg.norm(trajectory.tool_path[rows] - trajectory.tool_path[rows[-1]], axis=1)
    far = rows[away >= BACK_OFF]
    row = far[-1] if far.size else rows[0]
    posture: NDArray[np.float64] = trajectory.positions[row, [trajectory.joint_names.index(name) for name in joint_names]]
    return posture
