"""What may move a robot: a checked trajectory for its joints, compiled on what was seen."""

from __future__ import annotations

from lmp.errors import NotExecutable
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict


def require_executable(candidate: object, joint_names: tuple[str, ...]) -> JointTrajectory:
    """The candidate itself, if it may be executed on a robot with these joints.

    Raises:
        NotExecutable: It is a Verdict, not a trajectory, predicted, or made for other joints.
    """
    if isinstance(candidate, Verdict):
        raise NotExecutable(
            f"This is a Verdict, not a motion: {candidate} Mend the primitive and compile it again; nothing was moved."
        )
    if not isinstance(candidate, JointTrajectory):
        raise NotExecutable(
            f"Only a checked JointTrajectory can be executed, as `compile` returns it; this is a {type(candidate).__name__}."
        )
    if candidate.predicted:
        raise NotExecutable(
            f"This {candidate.skill!r} trajectory was compiled on a predicted scene. "
            "Carry out what comes before it, perceive, and compile it again."
        )
    if set(candidate.joint_names) != set(joint_names):
        raise NotExecutable(
            f"The trajectory is for the joints {', '.join(candidate.joint_names)}; the robot has {', '.join(joint_names)}."
        )
    return candidate
