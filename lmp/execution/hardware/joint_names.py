"""Names of joints: those of the robot file, and what a controller calls the same joints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lmp.errors import SetupFault, UnknownName
from lmp.schema.robot import RobotDescription


@dataclass(frozen=True)
class JointNames:
    """The joints of an arm under two names each.

    Attributes:
        own: As the robot file has them, base to tip.
        theirs: As the controller has them, in the same order.
    """

    own: tuple[str, ...]
    theirs: tuple[str, ...]

    @classmethod
    def mapped(cls, robot: RobotDescription, joints: Mapping[str, str] | None = None) -> JointNames:
        """The robot's joints, renamed where a mapping says so.

        Args:
            robot: The robot.
            joints: From names, or beginnings of names, of the robot file to those of the controller: ``{"panda_joint1":
                "fr3_joint1"}``, ``{"panda_": "fr3_"}``, ``{"": "left_"}``. A whole name counts before a beginning.

        Raises:
            SetupFault: It names no joint of the robot, or gives two joints one name.
        """
        said = dict(joints or {})
        for name, other in said.items():
            if not (isinstance(name, str) and isinstance(other, str)):
                raise SetupFault(f"joints= maps names to names, got {name!r:.80}: {other!r:.80}.")
            if not any(own.startswith(name) for own in robot.joint_names):
                raise UnknownName("joint", name, robot.joint_names)
        theirs = tuple(_renamed(own, said) for own in robot.joint_names)
        if twice := sorted({name for name in theirs if theirs.count(name) > 1 or not name}):
            raise SetupFault(f"joints= has to give each joint a name of its own; {', '.join(map(repr, twice))} is none.")
        return cls(robot.joint_names, theirs)


def _renamed(own: str, said: Mapping[str, str]) -> str:
    if own in said:
        return said[own]
    beginning = max((name for name in said if own.startswith(name)), key=len, default=None)
    return own if beginning is None else said[beginning] + own[len(beginning) :]
