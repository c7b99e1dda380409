"""Answers of a look at the rest of a motion: what will be followed, or why it will not be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.checks.checks import SegmentClearance, check_motion
from lmp.primitives.checks.limit_checks import ACCELERATION_LIMIT, JERK_LIMIT, VELOCITY_LIMIT
from lmp.primitives.checks.reach_checks import UNREACHABLE, reach_violations
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.primitives.collision.clearance import Clearance
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION, CLOSE_ROTATION
from lmp.primitives.moves import Contacts
from lmp.primitives.moving.joint_curve import JointCurve
from lmp.primitives.moving.tool_curve import ToolCurve
from lmp.robots.joint_units import joint_units
from lmp.schema.trajectory import Segment
from lmp.schema.verdict import Violation, ViolationKind

Array = NDArray[np.float64]

NAME = "re-target"
"""Of the segment in violations."""
SAMPLES = 1001
"""Instants at which what is refused is looked at, for its reasons [count]."""
_RATES: dict[str, tuple[ViolationKind, str]] = {
    "velocity": (VELOCITY_LIMIT, "/s"),
    "acceleration": (ACCELERATION_LIMIT, "/s^2"),
    "jerk": (JERK_LIMIT, "/s^3"),
}
_HINT = "Make the motion a little longer."


@dataclass(frozen=True)
class Ahead:
    """The rest of a motion as it would be followed, before its checks.

    Attributes:
        tool: The tool's way.
        stretch: Its duration over the requested one [dimensionless].
        T_world_tool: The present pose, then poses ahead, evenly spaced in time; the last one is the goal. Shape (n, 4, 4).
        qs: Postures at these [rad]. Shape (n, dof).
        joints: The joints' way through the postures; None if a posture is missing.
        need: Factor by which the duration falls short of the limits of velocity, acceleration and jerk [dimensionless].
    """

    tool: ToolCurve
    stretch: float
    T_world_tool: Array
    qs: Array
    joints: JointCurve | None
    need: float

    @property
    def times(self) -> Array:
        """Instants of the poses since now [s]. Shape (n,)."""
        times: Array = np.linspace(0.0, self.tool.duration, len(self.qs))
        return times


@dataclass(frozen=True)
class Followed:
    """Motion that will be followed: it has passed every check.

    Attributes:
        tool: The tool's way.
        joints: The joints' way.
        stretch: The duration over the requested one [dimensionless].
        T_world_tool: The present pose, then the poses that were checked. Shape (n, 4, 4).
        qs: Postures at these [rad]. Shape (n, dof).
        clearance: How near anything comes; None where only the poses were looked at.
    """

    tool: ToolCurve
    joints: JointCurve
    stretch: float
    T_world_tool: Array
    qs: Array
    clearance: Clearance | None

    @property
    def duration(self) -> float:
        """From now to the goal [s]."""
        return self.tool.duration

    def __str__(self) -> str:
        x, y, z = self.T_world_tool[-1, :3, 3]
        late = f", {self.stretch:.2f} times as long as requested" if self.stretch > 1.0 else ""
        return f"to ({x:.3f}, {y:.3f}, {z:.3f}) m in {self.duration:.3f} s{late}; {self._room()}"

    def _room(self) -> str:
        if self.clearance is None:
            return "nothing is too near at the poses that were looked at"
        near = self.clearance.nearest
        return "nothing is near" if near is None else f"{near.a!r} comes within {near.distance * 1e3:.1f} mm of {near.b!r}"


@dataclass(frozen=True)
class Refused:
    """Motion that will not be followed. The reasons are looked for when they are asked for, which may last longer than a tick.

    Attributes:
        ahead: What it would have been.
        arm: The arm's models.
        state: What it holds and what is around it.
        allowed: Pairs that may touch.
        margin: Least distance to anything else [m].
    """

    ahead: Ahead
    arm: Arm
    state: MotionState
    allowed: Contacts
    margin: float

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        """All that is wrong, with times since now [s]."""
        return self._unreached() if self.ahead.joints is None else self._broken(self.ahead.joints)

    def _unreached(self) -> tuple[Violation, ...]:
        """Say what is missing to the goal itself, if no posture reaches it; else where and why the path to it breaks."""
        poses, q = self.ahead.T_world_tool, self.ahead.qs[0]
        goal = self.arm.kinematics.inverse(poses[-1], q)
        if isinstance(goal, Unreachable):
            return (self._out_of_reach(goal),)
        missed = self.arm.kinematics.inverse_path(poses, q)
        assert isinstance(missed, Unreachable)
        words, times = reach_violations(missed, self.arm.robot, NAME), self.ahead.times
        at = [float(times[problem.index]) for problem in missed.problems]
        return tuple(_on_the_way(violation, t) for violation, t in zip(words, at, strict=True))

    def _out_of_reach(self, goal: Unreachable) -> Violation:
        problem = goal.problems[0]
        joint = None if problem.joint is None else self.arm.robot.joint_names[problem.joint]
        blocked = "" if joint is None else f", with joint {joint!r} at the end of its range"
        placed = problem.position_error <= CLOSE_POSITION
        return UNREACHABLE(
            message=f"The goal is out of reach by {problem.missing}: the nearest pose found is at {goal.place}{blocked}.",
            value=problem.rotation_error if placed else problem.position_error,
            limit=CLOSE_ROTATION if placed else CLOSE_POSITION,
            unit="rad" if placed else "m",
            t=self.ahead.tool.duration,
            joint=joint,
            segment=NAME,
            hint="Choose a goal nearer to the robot, or another orientation.",
        )

    def _broken(self, joints: JointCurve) -> tuple[Violation, ...]:
        ahead, times = self.ahead, np.linspace(0.0, self.ahead.tool.duration, SAMPLES)
        q, velocity, acceleration, jerk = joints.at(times)
        tool_path, _, singular = self.arm.kinematics.tool_motion(q, velocity)
        segment, goal = Segment(name=NAME, start=0.0, end=ahead.tool.duration), ahead.T_world_tool[-1:, :3, 3]
        motion = SampledMotion(times, q, velocity, acceleration, jerk, tool_path, singular, (segment,), goal)
        found = self.state.obstacles.check_path(ahead.qs, self.state.width, self.allowed, self.margin)
        near = SegmentClearance(NAME, ahead.times, found, self.margin)
        return check_motion(motion, self.arm.robot, self.state.scene, [near]) or (self._short_of_time(joints),)

    def _short_of_time(self, joints: JointCurve) -> Violation:
        """The limit that is exceeded most, if only between the samples."""
        robot, peaks = self.arm.robot, joints.peaks()
        limits = np.array([[getattr(joint, name) for joint in robot.joints] for name in _RATES])
        order, joint = np.unravel_index(int((peaks / limits).argmax()), peaks.shape)
        kind, per = _RATES[tuple(_RATES)[order]]
        unit = joint_units(robot)[joint] + per
        value, limit, name = float(peaks[order, joint]), float(limits[order, joint]), robot.joint_names[joint]
        message = f"Joint {name!r} comes to {value:.4g} {unit}; {limit:.4g} {unit} is allowed."
        return kind(message, value=value, limit=limit, unit=unit, joint=name, segment=NAME, hint=_HINT)

    def __str__(self) -> str:
        return "; ".join(violation.message for violation in self.violations)


def _on_the_way(violation: Violation, t: float) -> Violation:
    """A violation at a time since now [s], before a goal that can be reached."""
    message = f"{violation.message.rstrip('.')}, {t:.2f} s from now; the goal itself can be reached."
    return violation.model_copy(update={"t": t, "message": message})
