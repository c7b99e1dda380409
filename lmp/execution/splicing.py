"""A chunk of a closed loop, put in place of the rest of a motion: the whole stays one trajectory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import NotExecutable
from lmp.execution.stopping import Trace
from lmp.schema.robot import RobotDescription
from lmp.schema.trajectory import JointTrajectory, Margins, Segment

Array = NDArray[np.float64]

_SAME_INSTANT = 1e-9
"""Round-off within which two instants are one [s]."""
JUMPS = (1e-4, 1e-2, 0.05)
"""Largest steps of a joint where a chunk begins: of position [rad], of velocity [rad/s], and of acceleration as a share of
its limit [dimensionless]."""
STILL = 1e-6
"""Joint speed at the end of a chunk that is rest [rad/s]."""


def commanded_at(trajectory: JointTrajectory, t: float) -> Array:
    """Joint positions, velocities and accelerations at an instant, in the trajectory's order [rad, s]. Shape (3, dof)."""
    trace = Trace(trajectory.times, trajectory.positions, trajectory.velocities, trajectory.accelerations)
    return np.concatenate(trace.at(np.array([min(t, trajectory.duration)]))[:3])


def require_chunk(chunk: JointTrajectory, joints: Array, joint_names: tuple[str, ...], robot: RobotDescription) -> None:
    """Refuses a chunk that does not go on from where the arm is, as it moves, or does not end at rest.

    Args:
        chunk: It may be executed on this robot.
        joints: Commanded positions, velocities and accelerations [rad, s]. Shape (3, dof).
        joint_names: In their order.
        robot: The robot.

    Raises:
        NotExecutable: Says which joint, and by how much.
    """
    columns = [chunk.joint_names.index(name) for name in joint_names]
    begin = np.stack([chunk.positions[0, columns], chunk.velocities[0, columns], chunk.accelerations[0, columns]])
    limits = np.array([next(joint.acceleration for joint in robot.joints if joint.name == name) for name in joint_names])
    allowed = np.outer(JUMPS, np.ones_like(limits))
    allowed[2] *= limits
    beyond = np.abs(begin - joints) > allowed
    if beyond.any():
        order, joint = (int(index) for index in np.argwhere(beyond)[0])
        what = ("position", "velocity", "acceleration")[order]
        raise NotExecutable(
            f"A chunk begins with {what} {begin[order, joint]:.4g} of {joint_names[joint]}; the arm has "
            f"{joints[order, joint]:.4g} then. A chunk has to go on from what is commanded."
        )
    speed = np.abs(chunk.velocities[-1])
    if speed.max() > STILL:
        raise NotExecutable(
            f"A chunk ends with {speed.max():.3g} rad/s of {chunk.joint_names[int(speed.argmax())]}; each one has to end at "
            "rest, since nothing may come after it."
        )


def spliced(trajectory: JointTrajectory, t: float, chunk: JointTrajectory) -> JointTrajectory:
    """The trajectory up to an instant [s], and the chunk from there on. Its first segment goes on in one of the same name."""
    kept = trajectory.times < t - _SAME_INSTANT
    columns = [chunk.joint_names.index(name) for name in trajectory.joint_names]

    def joined(before: Array, after: Array) -> Array:
        return np.concatenate([before[kept], after])

    return JointTrajectory(
        skill=trajectory.skill,
        joint_names=trajectory.joint_names,
        times=joined(trajectory.times, t + chunk.times),
        positions=joined(trajectory.positions, chunk.positions[:, columns]),
        velocities=joined(trajectory.velocities, chunk.velocities[:, columns]),
        accelerations=joined(trajectory.accelerations, chunk.accelerations[:, columns]),
        tool_path=joined(trajectory.tool_path, chunk.tool_path),
        gripper=(
            *(event for event in trajectory.gripper if event.t <= t + _SAME_INSTANT),
            *(event.model_copy(update={"t": t + event.t}) for event in chunk.gripper),
        ),
        segments=_segments(trajectory, t, chunk),
        margins=_worse(trajectory.margins, chunk.margins),
        candidate=trajectory.candidate,
        notes=tuple(dict.fromkeys((*trajectory.notes, *chunk.notes)))[:32],
    )


def _segments(trajectory: JointTrajectory, t: float, chunk: JointTrajectory) -> tuple[Segment, ...]:
    begun = [segment for segment in trajectory.segments if segment.start < t - _SAME_INSTANT]
    later = [segment.model_copy(update={"start": t + segment.start, "end": t + segment.end}) for segment in chunk.segments]
    if not begun:
        return tuple(later)
    *done, last = begun
    if last.name == later[0].name:
        return (*done, later[0].model_copy(update={"start": last.start}), *later[1:])
    return (*done, last.model_copy(update={"end": t}), *later)


def _worse(one: Margins, other: Margins) -> Margins:
    """The smaller distances and the larger shares of two stretches."""
    clearances = [margins.clearance for margins in (one, other) if margins.clearance is not None]
    nearer = min((one, other), key=lambda margins: margins.joint_limit)
    return Margins(
        joint_limit=nearer.joint_limit,
        joint_limit_unit=nearer.joint_limit_unit,
        velocity=max(one.velocity, other.velocity),
        acceleration=max(one.acceleration, other.acceleration),
        jerk=max(one.jerk, other.jerk),
        clearance=min(clearances, default=None),
        smallest_singular_value=min(one.smallest_singular_value, other.smallest_singular_value),
        end_error=max(one.end_error, other.end_error),
        stretch=max(one.stretch, other.stretch),
    )
