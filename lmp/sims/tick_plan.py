"""A trajectory cut into control ticks: which positions, and which gripper commands, at which tick."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.trajectory import GripperEvent, JointTrajectory

_EARLY = 1e-9
"""Round-off that must not move a sample or an event to the next tick [s]."""


@dataclass(frozen=True)
class TickPlan:
    """What to send at each tick.

    Attributes:
        times: The trajectory's time that each tick reaches; the last is its end [s]. Shape (n,).
        positions: Joint positions in the robot's order [rad]. Shape (n, dof).
        start: Where the arm has to be before the first tick [rad]. Shape (dof,).
        gripper: Commands of each tick, in order.
    """

    times: NDArray[np.float64]
    positions: NDArray[np.float64]
    start: NDArray[np.float64]
    gripper: tuple[tuple[GripperEvent, ...], ...]


def tick_plan(trajectory: JointTrajectory, rate_hz: float, joint_names: tuple[str, ...]) -> TickPlan:
    """The trajectory at `rate_hz`: linear between samples, exact at them, and with its end as the last tick.

    An event is sent at the first tick that is not before it.
    """
    count = max(1, math.ceil(trajectory.duration * rate_hz - _EARLY))
    times = np.minimum(np.arange(1, count + 1) / rate_hz, trajectory.duration)
    samples = trajectory.positions[:, [trajectory.joint_names.index(name) for name in joint_names]]
    positions = np.stack([np.interp(times, trajectory.times, column) for column in samples.T], axis=1)
    gripper: list[list[GripperEvent]] = [[] for _ in times]
    for event in sorted(trajectory.gripper, key=lambda event: event.t):
        gripper[min(int(np.searchsorted(times, event.t - _EARLY)), count - 1)].append(event)
    return TickPlan(times, positions, samples[0].copy(), tuple(tuple(events) for events in gripper))


def blend(start: NDArray[np.float64], end: NDArray[np.float64], seconds: float, rate_hz: float) -> NDArray[np.float64]:
    """A minimum-jerk motion between two postures, without the start [rad]. Shape (n, dof).

    10 p^3 - 15 p^4 + 6 p^5 (Flash and Hogan, J. Neuroscience 5(7), 1985).
    """
    count = max(1, math.ceil(seconds * rate_hz - _EARLY))
    phase = np.arange(1, count + 1)[:, None] / count
    motion: NDArray[np.float64] = start + (end - start) * phase**3 * (10 - 15 * phase + 6 * phase**2)
    return motion
