"""A trajectory cut into control ticks: which positions, and which gripper commands, at which tick."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline

from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import GripperEvent, JointTrajectory

_PEAK_SPEED, _PEAK_ACCELERATION, _PEAK_JERK = 15.0 / 8.0, 10.0 / math.sqrt(3.0), 60.0
"""Of minimum jerk over a unit way in unit time [dimensionless]."""
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
    """The trajectory at `rate_hz`: exact at its samples, and with its end as the last tick.

    Between two samples runs the cubic that meets position and velocity at both: straight lines would have corners there,
    which at the tick rate are accelerations above those that were checked.

    An event is sent at the first tick that is not before it.
    """
    count = max(1, math.ceil(trajectory.duration * rate_hz - _EARLY))
    times = np.minimum(np.arange(1, count + 1) / rate_hz, trajectory.duration)
    times[-1] = trajectory.duration  # The last one may be a rounding error before it.
    columns = [trajectory.joint_names.index(name) for name in joint_names]
    samples = trajectory.positions[:, columns]
    positions = CubicHermiteSpline(trajectory.times, samples, trajectory.velocities[:, columns])(times)
    positions[-1] = samples[-1]
    gripper: list[list[GripperEvent]] = [[] for _ in times]
    for event in sorted(trajectory.gripper, key=lambda event: event.t):
        gripper[min(int(np.searchsorted(times, event.t - _EARLY)), count - 1)].append(event)
    return TickPlan(times, positions, samples[0].copy(), tuple(tuple(events) for events in gripper))


def blend_seconds(way: NDArray[np.float64], robot: RobotDescription) -> float:
    """How long a minimum-jerk motion over a way takes within a robot's limits [s]; its peaks are those of the polynomial.

    Args:
        way: Distance of each joint [rad]. Shape (dof,).
        robot: The robot.
    """
    away = np.abs(way)
    seconds = (
        _PEAK_SPEED * away / [joint.velocity for joint in robot.joints],
        np.sqrt(_PEAK_ACCELERATION * away / [joint.acceleration for joint in robot.joints]),
        np.cbrt(_PEAK_JERK * away / [joint.jerk for joint in robot.joints]),
    )
    return float(np.max(seconds))


def blend(start: NDArray[np.float64], end: NDArray[np.float64], seconds: float, rate_hz: float) -> NDArray[np.float64]:
    """A minimum-jerk motion between two postures, without the start [rad]. Shape (n, dof).

    10 p^3 - 15 p^4 + 6 p^5 (Flash and Hogan, J. Neuroscience 5(7), 1985).
    """
    count = max(1, math.ceil(seconds * rate_hz - _EARLY))
    phase = np.arange(1, count + 1)[:, None] / count
    motion: NDArray[np.float64] = start + (end - start) * phase**3 * (10 - 15 * phase + 6 * phase**2)
    return motion
