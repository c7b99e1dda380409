"""The tool's way in time: the default preset for the position, the same system on the rotation vector for the orientation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.poses import ends_as_pose, pose_complaint
from lmp.primitives.dmp.deviation import FREQUENCY
from lmp.primitives.dmp.orientation_dmp import TOLERANCE
from lmp.primitives.kernels.tool_curve import redirected, tool_curve
from lmp.primitives.moving.drawn_shape import STRAIGHT, DrawnShape

Array = NDArray[np.float64]


@dataclass(frozen=True)
class ToolState:
    """A tool in motion, in world axes.

    Attributes:
        T_world_tool: Shape (4, 4).
        rates: Position [m], velocity [m/s], acceleration [m/s^2], angular velocity [rad/s], angular acceleration
            [rad/s^2]. Shape (5, 3).
    """

    T_world_tool: Array
    rates: Array

    def slowed(self, rate: float, change: float) -> ToolState:
        """The state on the same way while time runs slower.

        Args:
            rate: Speed of its time over the normal one [dimensionless].
            change: How fast that changes [1/s].
        """
        rates = self.rates.copy()
        rates[2::2] = rate**2 * self.rates[2::2] + change * self.rates[1::2]
        rates[1::2] = rate * self.rates[1::2]
        return ToolState(self.T_world_tool, rates)


@dataclass(frozen=True)
class ToolCurve:
    """From a state to rest at a goal, in closed form: no step, so no error of steps.

    Attributes:
        quintics: Of the position and of the rotation vector about the goal: y0, y0', y0'' with respect to phase, g.
            Shape (2, 4, 3).
        R_goal: Orientation at the goal. Shape (3, 3).
        shape: What is added to the position's quintic.
        begin: Phase at which it begins [dimensionless].
        duration: From there to the goal [s].
    """

    quintics: Array
    R_goal: Array
    shape: DrawnShape
    begin: float
    duration: float

    @classmethod
    def towards(
        cls, state: ToolState, T_world_goal: Array, duration: float, shape: DrawnShape, begin: float = 0.0
    ) -> ToolCurve:
        """The curve that goes on from a state; position, velocity and acceleration, and those of turning, stay continuous.

        The quintics are rebuilt from the state over the phase that remains. What remains of the shape stays.

        Args:
            state: Where the tool is and how it moves.
            T_world_goal: Where it comes to rest. Shape (4, 4).
            duration: From now on [s].
            shape: What is added to the position's quintic.
            begin: Phase at which the shape is now, in [0, 1).

        Raises:
            SetupFault: If the goal is no pose.
        """
        goal = _goal(T_world_goal)
        quintics, span = np.empty((2, 4, 3)), duration / (1.0 - begin)
        R_present = np.ascontiguousarray(state.T_world_tool[:3, :3])
        forced = (*shape.deviation.driven, FREQUENCY)
        if not redirected(R_present, state.rates, goal, span, begin, *forced, TOLERANCE, quintics):
            raise SetupFault(f"The goal is no pose: {pose_complaint(goal)}.")
        return cls(quintics, np.ascontiguousarray(goal[:3, :3]), shape, begin, duration)

    @property
    def goal(self) -> Array:
        """Pose at its end: `T_world_tool`. Shape (4, 4)."""
        T = np.eye(4)
        T[:3, :3], T[:3, 3] = self.R_goal, self.quintics[0, 3]
        return T

    def phase(self, t: float) -> float:
        """Phase of the shape after a time since the beginning [s]."""
        return self.begin + (1.0 - self.begin) * min(max(t / self.duration, 0.0), 1.0)

    def at(self, t: float) -> ToolState:
        """The state after a time since the beginning [s]."""
        poses, states = self._rolled(np.array([self.phase(t)]), self.shape)
        return ToolState(poses[0], states[0])

    def poses(self, shares: Array) -> Array:
        """`T_world_tool` after shares of the duration, in [0, 1], with the shape as it is drawn. Shape (n,) to (n, 4, 4)."""
        phases = np.minimum(self.begin + (1.0 - self.begin) * shares, 1.0)
        poses = self._rolled(phases, STRAIGHT)[0]
        poses[:, :3, 3] += self.shape.positions(phases)
        return poses

    def _rolled(self, phases: Array, shape: DrawnShape) -> tuple[Array, Array]:
        poses, states = np.empty((len(phases), 4, 4)), np.empty((len(phases), 5, 3))
        span, forced = self.duration / (1.0 - self.begin), (*shape.deviation.driven, FREQUENCY)
        tool_curve(self.quintics, self.begin, *forced, self.R_goal, span, phases, poses, states)
        return poses, states


def moved_by(kinematics: Kinematics, joints: Array) -> ToolState:
    """The tool's state for positions, velocities and accelerations of the joints [rad, s]. Shape (3 or more, dof)."""
    q, velocity, acceleration = joints[:3]
    T = kinematics.forward(q)
    step = 1e-5
    change = (kinematics.jacobian(q + step * velocity) - kinematics.jacobian(q - step * velocity)) / (2.0 * step)
    jacobian = kinematics.jacobian(q)
    first, second = jacobian @ velocity, jacobian @ acceleration + change @ velocity
    return ToolState(T, np.stack([T[:3, 3], first[:3], second[:3], first[3:], second[3:]]))


def _goal(T_world_goal: Array) -> Array:
    """A goal as floats, whose upper left part is still to be looked at. Shape (4, 4)."""
    try:
        goal = np.ascontiguousarray(T_world_goal, dtype=np.float64)
    except (TypeError, ValueError):
        raise SetupFault(f"A goal {T_world_goal!r:.80} came; it has to be a pose of shape (4, 4).") from None
    if goal.shape != (4, 4):
        raise SetupFault(f"A goal of shape {np.shape(T_world_goal)} came; it has to be a pose of shape (4, 4).")
    if not np.isfinite(goal).all() or not ends_as_pose(goal):
        raise SetupFault(f"The goal is no pose: {pose_complaint(goal)}.")
    return goal
