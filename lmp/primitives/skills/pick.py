"""Pick: take an object from above and lift it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from lmp.meaning.directions import directions
from lmp.meaning.relations import contents, supported_by
from lmp.primitives.arm.leeway import AT_AN_OBJECT, IN_THE_AIR
from lmp.primitives.handling.contacts import arriving, standing_against, touched, untouched
from lmp.primitives.handling.grasps import NOT_GRASPABLE, Grasp, grasps
from lmp.primitives.handling.requested_grasps import RequestedGrasp
from lmp.primitives.moves import Candidate, Contacts, Grip, ToolMove
from lmp.primitives.skill import ALREADY_HOLDING, Situation, movable_object
from lmp.schema.base import Name
from lmp.schema.motion import Angle, Side, Width
from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription
from lmp.schema.scene import GRIPPER, Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind
from lmp.schema.visual import PixelPoint

STANDOFF = 0.06
"""Height over the grasp from which the gripper comes down straight [m]; more for high objects."""
ABOVE = 0.02
"""Free height of the finger tips over the object before they come down [m]."""
FORCE_LIMIT = 30.0
"""Contact force beside the grip at which the motion is stopped [N].

Normal execution exerts up to 14 N, when a finger pushes a bowl before the other one touches it and the bowl presses on the
table: 172 picks, benchmarks/contact_forces.py. The limit is twice that.
"""
DESCENT_SPEED = 0.25
"""Largest speed near the object [m/s]."""
MOST_RANK = 99
"""Largest rank of a grasp [count]."""
MOST_FORCE = 200.0
"""Largest force of the fingers that can be asked for [N]."""
FIRMER = 1.5
"""Factor on the force of the fingers after a slip [dimensionless]."""
TOO_MUCH_FORCE = VIOLATIONS.register(ViolationKind("force_limit", "more grip force than the gripper has", about="request"))


class PickParameters(SkillParameters):
    """Take an object from above and lift it."""

    kind: Literal["pick"] = "pick"
    object: Name
    grasp: int = Field(default=0, ge=0, le=MOST_RANK, description="rank of the grasp to begin with; 0 is the best [count]")
    lift: float = Field(default=0.12, ge=0.02, le=0.4, description="how far to lift it [m]")
    force: float | None = Field(
        default=None, ge=1.0, le=MOST_FORCE, description="largest force of the fingers, null for the gripper's usual one [N]"
    )
    at: PixelPoint | None = Field(
        default=None, description="pixel that shows where on the object to take it; null for the best place"
    )
    yaw: Angle | None = Field(
        default=None,
        description="direction in which the fingers close, from forward towards the robot's left; 0 is forward and backward, "
        "1.57 left and right; half a turn more is the same; null for the best [rad]",
    )
    approach: Side | None = Field(
        default=None,
        description="side from which the hand arrives over the object before it comes straight down, as the robot sees it: "
        "its left or right, front nearer to the robot, behind farther; null for the straight way",
    )
    opening: Width | None = Field(
        default=None, description="distance of the fingers before they close, wider than the object; null for the best [m]"
    )

    def next_choice(self, rank: int) -> PickParameters:
        """The grasp that comes so many ranks later."""
        return self.model_copy(update={"grasp": (self.grasp + rank) % (MOST_RANK + 1)})

    def firmer(self, usual: float, largest: float) -> PickParameters:
        """The same with half as much force again."""
        force = min(FIRMER * (self.force or usual), largest, MOST_FORCE)
        return self if force <= (self.force or usual) else self.model_copy(update={"force": force})


class Pick:
    """The skill `pick`."""

    spec = SkillSpec(
        name="pick",
        line="Take an object that lies free, from above, and lift it; the hand has to be empty.",
        parameters=PickParameters,
        example=PickParameters(object="red_block"),
        force_limit=FORCE_LIMIT,
        needs_gripper=True,
        needs="empty_gripper",
        achieves=("held",),
    )

    def candidates(self, parameters: PickParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """One candidate a grasp, in their order of rank from the requested one on."""
        thing = movable_object(parameters.object, situation.scene)
        if isinstance(thing, Violation):
            return (thing,)
        point: NDArray[np.float64] | Violation | None = None
        if parameters.at is not None:
            from lmp.primitives.visual.lifting import lifted_on  # Pixels come from models, never from the scripted planner.

            point = lifted_on(parameters.at, thing, situation.scene)
        complaints = _complaints(parameters, thing, situation)
        if isinstance(point, Violation):
            return (*complaints, point)
        found = () if complaints else grasps(thing, situation, parameters.opening)
        yaw = None if parameters.yaw is None else directions(situation.scene).world_yaw(parameters.yaw)
        request = RequestedGrasp(point, yaw)
        ranked = request.ranked([grasp for grasp in found if isinstance(grasp, Grasp)])
        if isinstance(ranked, Violation):
            return (ranked,)
        if not ranked:
            return (*complaints, *(violation for violation in found if isinstance(violation, Violation)))
        first = parameters.grasp % len(ranked)
        standing = tuple((thing.name, other) for other in standing_against(situation.scene, thing))
        return [_candidate(grasp, parameters, thing, situation, standing) for grasp in (*ranked[first:], *ranked[:first])]

    def predict(self, parameters: PickParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The object goes with the gripper from where the fingers closed to the end."""
        scene, forward = situation.scene, situation.forward
        thing = scene.get(parameters.object)
        closed = next(event.t for event in trajectory.gripper if event.action == "close")
        T_world_tool_then, T_world_tool_end = forward(trajectory.at(closed)), forward(trajectory.positions[-1])
        pose = T_world_tool_end @ np.linalg.inv(T_world_tool_then) @ thing.pose.matrix
        held = thing.model_copy(
            update={"pose": Pose.from_matrix(pose), "held_by": GRIPPER, "touching": touched(thing, ("robot",))}
        )
        return scene.replacing(*untouched(scene, thing.name), held)


def _complaints(parameters: PickParameters, thing: SceneObject, situation: Situation) -> tuple[Violation, ...]:
    """Complaints that hold whichever grasp is used."""
    scene, name, found = situation.scene, thing.name, []
    if scene.held is not None:
        message = f"The gripper holds {scene.held.name} already."
        found.append(ALREADY_HOLDING(message=message, object=scene.held.name, hint="Place it first."))
    burden = tuple(dict.fromkeys((*supported_by(scene, name), *contents(scene, name))))
    if burden:
        message = f"{name} cannot be taken while {', '.join(burden)} is on or in it."
        found.append(NOT_GRASPABLE(message=message, object=burden[0], hint=f"Move {burden[0]} away first."))
    limit = situation.robot.fingers.max_force
    if parameters.force is not None and parameters.force > limit:
        found.append(
            TOO_MUCH_FORCE(
                message=f"A force of {parameters.force:.0f} N is requested; the gripper holds with at most {limit:.0f} N.",
                value=parameters.force,
                limit=limit,
                unit="N",
                hint="Leave the force out, or ask for less.",
            )
        )
    return tuple(found)


def _candidate(
    grasp: Grasp,
    parameters: PickParameters,
    thing: SceneObject,
    situation: Situation,
    standing: Contacts,
) -> Candidate:
    gripper = situation.robot.fingers
    T_world_before = grasp.T_world_tool.copy()
    T_world_before[:3, 3] -= grasp.T_world_tool[:3, 2] * _standoff(grasp, thing, gripper)
    T_world_lifted = grasp.T_world_tool.copy()
    T_world_lifted[2, 3] += parameters.lift
    slow = min(parameters.speed, DESCENT_SPEED)
    pinched: Contacts = (("fingers", thing.name),)
    force, followed = parameters.force or gripper.force, (thing.name, grasp.play)
    in_place = (followed,)
    requests = parameters.speed, parameters.duration, parameters.path
    approach = ToolMove(
        "approach",
        T_world_before,
        *requests,
        free=True,
        timing=parameters.timing,
        follows=followed,
        leeway=IN_THE_AIR,
    )
    return Candidate(
        grasp.label,
        (
            Grip("open", "open", grasp.opening, grasp.opening, gripper.force, wait=False),
            *arriving(approach, parameters.approach, situation.scene),
            ToolMove("descend", grasp.T_world_tool, slow, expects=in_place, follows=followed, leeway=AT_AN_OBJECT),
            Grip("grasp", "close", 0.0, grasp.width, force, takes=thing.name, allowed=(*pinched, *standing), expects=in_place),
            ToolMove("lift", T_world_lifted, slow, allowed=(*pinched, *standing), leeway=IN_THE_AIR),
        ),
    )


def _standoff(grasp: Grasp, thing: SceneObject, gripper: GripperDescription) -> float:
    top = thing.extent(np.array([0.0, 0.0, 1.0]))
    return max(STANDOFF, top + ABOVE + gripper.tip_length - float(grasp.T_world_tool[2, 3]))


PICK = Pick()
