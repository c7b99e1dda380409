"""The contract of a skill: typed parameters, ranked ways to do it, and what it changes in the scene."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from lmp.errors import did_you_mean
from lmp.meaning.failures import DROPPED
from lmp.primitives.moves import Candidate
from lmp.schema.plan import LONGEST, Refusal, Subgoal
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

ForwardKinematics = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Joint positions [rad], shape (dof,), to `T_world_tool`, shape (4, 4)."""
UNKNOWN_OBJECT = VIOLATIONS.register(ViolationKind("unknown_object", "a name that the scene does not have", about="request"))
NOT_MOVABLE = VIOLATIONS.register(ViolationKind("not_movable", "an object that is fixed", about="request"))
NO_GRIPPER = VIOLATIONS.register(
    ViolationKind("no_gripper", "the skill needs fingers, and the robot has none", about="request")
)
ALREADY_HOLDING = VIOLATIONS.register(
    ViolationKind("already_holding", "the gripper has to be empty and is not", about="request")
)
NOT_HOLDING = VIOLATIONS.register(
    ViolationKind("not_holding", "the object has to be in the gripper and is not", about="request", after_motion=DROPPED)
)
OUT_OF_RANGE = VIOLATIONS.register(
    ViolationKind("out_of_range", "a distance or an opening that the gripper cannot do with this object", about="request")
)


@dataclass(frozen=True)
class Situation:
    """Knowledge that a skill may use when it proposes candidates.

    Attributes:
        scene: The scene, with the arm's present state.
        robot: The robot.
        forward: Forward kinematics of the tool point.
        finger_hulls: Corner points of each convex piece of the fingers in the tool's frame, for a distance between them [m].
    """

    scene: Scene
    robot: RobotDescription
    forward: ForwardKinematics
    finger_hulls: Callable[[float], tuple[NDArray[np.float64], ...]]

    @cached_property
    def T_world_tool(self) -> NDArray[np.float64]:
        """Pose of the tool point now. Shape (4, 4)."""
        return self.forward(self.scene.robot.positions_of(self.robot.joint_names))

    @cached_property
    def T_tool_held(self) -> NDArray[np.float64] | None:
        """Pose of the held object in the tool's frame, None with an empty gripper. Shape (4, 4)."""
        held = self.scene.held
        if held is None:
            return None
        relative: NDArray[np.float64] = np.linalg.inv(self.T_world_tool) @ held.pose.matrix
        return relative


def filled(parameters: type[SkillParameters], subgoal: Subgoal, **fields: Any) -> SkillParameters | Refusal:
    """The parameters for a subgoal: its first object, what it asks for where there is a field of that name, and `fields`.

    A Refusal where it names no object, asks for what there is no field for, or for more than the field takes.
    """
    name, known = parameters.model_fields["kind"].default, parameters.model_fields
    said: dict[str, Any] = {"speed": subgoal.speed, "timing": subgoal.timing, **subgoal.requests}
    said = {field: value for field, value in said.items() if value is not None}
    unknown = [field for field in said if field not in known]
    if unknown:
        message = f"{subgoal.description!r} asks for {', '.join(unknown)}, and {name} takes no such thing."
        return Refusal(reason="impossible", message=message[:LONGEST], hint=f"It takes: {takes(parameters)}."[:LONGEST])
    if "object" in known and "object" not in {**said, **fields}:
        if not subgoal.objects:
            message = f"The subgoal {subgoal.description!r} names no object."
            return Refusal(reason="impossible", message=message[:LONGEST], hint="Name an object.")
        said["object"] = subgoal.objects[0]
    try:
        return parameters(**{"kind": name, **said, **fields})
    except ValidationError as error:
        # What is asked for lies outside the skill's own range: so far away was the object carried, for one.
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc'])) or name}: {fault['msg']}" for fault in error.errors())
        message = f"{subgoal.description!r} goes beyond what {name} can do: {wrong}."
        return Refusal(
            reason="infeasible", message=message[:LONGEST], hint=f"Ask for less. It takes: {takes(parameters)}."[:LONGEST]
        )


def takes(parameters: type[SkillParameters]) -> str:
    """The parameters of a skill in words, with their units."""
    said = []
    for field, info in parameters.model_fields.items():
        unit = re.search(r"\[[^\]]+\]$", info.description or "")
        said += [] if field == "kind" else [f"{field} {unit[0]}" if unit else field]
    return ", ".join(said)


P = TypeVar("P", bound=SkillParameters, contravariant=True)


class Skill(Protocol[P]):
    """A skill is one file that exports one of these; the registry lists it by name.

    Attributes:
        spec: Name, one line, parameters and an example, for the planners.
    """

    @property
    def spec(self) -> SkillSpec: ...

    def candidates(self, parameters: P, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """Ways to do it, best first; or all that is wrong with the parameters in this scene. One of either at least."""

    def predict(self, parameters: P, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The scene after the trajectory was followed; the arm's own state need not be set."""


def unknown_object(name: str, scene: Scene) -> Violation:
    """The violation for a name that the scene does not have."""
    known = [thing.name for thing in scene.objects]
    return UNKNOWN_OBJECT(
        message=f"There is no object named {name!r} in the scene.{did_you_mean(name, known)}",
        object=name[:64] or None,
        hint=f"Use one of: {', '.join(known)}." if known else "The scene is empty.",
    )


def movable_object(name: str, scene: Scene) -> SceneObject | Violation:
    """The object of that name if a robot may move it, else what is wrong with the name."""
    if name not in scene:
        return unknown_object(name, scene)
    thing = scene.get(name)
    if not thing.movable:
        return NOT_MOVABLE(
            message=f"{name} is fixed and cannot be moved.",
            object=name,
            hint="Choose something that is not furniture.",
        )
    return thing


def without_gripper(robot: RobotDescription, skill: str) -> Violation:
    """The violation for a skill that needs fingers, on a robot that has none."""
    has = "no gripper" if robot.suction is None else "a suction cup, with which no skill works yet, and no gripper"
    return NO_GRIPPER(
        message=f"The robot {robot.name} has {has}, and {skill!r} needs one.",
        hint="Use a robot with a gripper, or a robot file that describes one; this one can move, and go to its rest posture.",
    )
