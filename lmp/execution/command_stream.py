"""Commands of a trajectory, one each control tick: when it is due, what is sent, and its share of the limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline

from lmp.execution.arm import Arm
from lmp.execution.deferred_signals import Deferred
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import GripperEvent, JointTrajectory

_PEAK_SPEED, _PEAK_ACCELERATION, _PEAK_JERK = 15.0 / 8.0, 10.0 / math.sqrt(3.0), 60.0
"""Of minimum jerk over a unit way in unit time [dimensionless]."""
_EARLY = 1e-9
"""Round-off that must not move a sample or an event to the next tick [s]."""


@dataclass(frozen=True)
class TickPlan:
    """The commands to send at each tick.

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
    """Duration of a minimum-jerk motion along a path within a robot's limits [s]; its peaks are those of the polynomial.

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


class CommandShares:
    """Differences of the sent positions at the tick rate: what the arm is asked for, stops and blends included.

    Args:
        robot: The robot, with its limits.
        rate_hz: Ticks a second.
        start: Where the command stood before the first tick [rad]. Shape (dof,).

    Attributes:
        velocity: Largest share of a velocity limit so far [dimensionless].
        acceleration: Largest share of an acceleration limit so far [dimensionless].
    """

    def __init__(self, robot: RobotDescription, rate_hz: float, start: NDArray[np.float64]):
        self._velocities = np.array([joint.velocity for joint in robot.joints])
        self._accelerations = np.array([joint.acceleration for joint in robot.joints])
        self._rate, self._last, self._speed = rate_hz, start, np.zeros_like(start)
        self.velocity = self.acceleration = 0.0

    def sent(self, positions: NDArray[np.float64]) -> None:
        """A tick was sent [rad]. Shape (dof,)."""
        speed = (positions - self._last) * self._rate
        change = (speed - self._speed) * self._rate
        self.velocity = max(self.velocity, float((np.abs(speed) / self._velocities).max()))
        self.acceleration = max(self.acceleration, float((np.abs(change) / self._accelerations).max()))
        self._last, self._speed = positions, speed


NEAR = 0.05
"""Distance of a joint from its command within which the two belong together [rad]; 5 cm at 1 m of reach."""

AT_REST = 0.01
"""Joint speed below which the arm is at rest [rad/s]."""

REST_SECONDS = 0.5
"""How long the arm may take to come to rest after the last command [s]."""

BLEND_MARGIN = 1.1
"""Factor on the least duration of a blend [dimensionless]: ticks are not the polynomial's own peaks."""


class CommandStream:
    """One motion's commands.

    Args:
        arm: The arm.
        rate_hz: Ticks a second.
        signals: Notes at every tick whether the motion is asked to stop.
        present: Where the arm is measured to be [rad]. Shape (dof,).

    Attributes:
        commanded: What was sent last [rad]. Shape (dof,).
        shares: How much of the limits the commands used.
    """

    def __init__(self, arm: Arm, rate_hz: float, signals: Deferred, present: NDArray[np.float64]):
        self.arm, self.rate_hz, self.signals = arm, rate_hz, signals
        # What was sent last is where the robot's own controller stands; what is measured is a little beside it.
        near = arm.sent is not None and np.abs(arm.sent - present).max() <= NEAR
        self.commanded = arm.sent if arm.sent is not None and near else present
        self.shares = CommandShares(arm.robot.description, rate_hz, self.commanded)

    def send(self, positions: NDArray[np.float64], event: GripperEvent | None = None) -> bool:
        """One tick [rad], with a gripper command if there is one. True if the motion is asked to stop."""
        self.commanded = positions
        self.shares.sent(positions)
        self.arm.command(positions, event)
        return self.signals.tick()

    def blend_to(self, goal: NDArray[np.float64]) -> bool:
        """Brings the command, at rest, to a posture near by, within limits. True if the motion is asked to stop."""
        seconds = BLEND_MARGIN * blend_seconds(goal - self.commanded, self.arm.robot.description)
        if seconds * self.rate_hz <= 1.0:
            return False  # So near that the next tick may begin from there.
        stop = False
        for positions in blend(self.commanded, goal, seconds, self.rate_hz):
            stop = self.send(positions) or stop  # It is short, and to break it off would be the harder stop.
        return stop

    def hold(self) -> None:
        """Sends the last command until the arm is at rest. A Ctrl-C from within the robot's code does not end it."""
        for _ in range(max(1, round(REST_SECONDS * self.rate_hz))):
            try:
                self.send(self.commanded)
                if self.distance()[1] <= AT_REST:
                    return
            except KeyboardInterrupt:
                continue

    def distance(self) -> tuple[float, float]:
        """Largest distance of a joint from its command [rad] and largest joint speed [rad/s]."""
        state = self.arm.observe()
        error = np.abs(self.arm.positions(state) - self.commanded).max()
        return float(error), float(np.abs(self.arm.velocities(state)).max())
