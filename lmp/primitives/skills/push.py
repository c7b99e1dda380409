"""Push: slide an object along what it stands on, with the fingers behind it, or closed on it where there is no room.

Or a part of an object along its joint: a drawer is closed by its front.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lmp.meaning.directions import directions
from lmp.primitives.arm.leeway import AT_AN_OBJECT, IN_THE_AIR
from lmp.primitives.checks.path_checks import COLLISION, OUT_OF_WORKSPACE
from lmp.primitives.handling.contacts import slides, standing_against, touching_now
from lmp.primitives.handling.grasps import tool_pose
from lmp.primitives.handling.push_geometry import Push, pushes
from lmp.primitives.handling.riding import joint_moved, moved, riders
from lmp.primitives.moves import Candidate, Contacts, Drag, Expects, Grip, Move, ToolMove
from lmp.primitives.places.footprints import Prism, near, outline, prisms
from lmp.primitives.places.seen_places import is_bare_ground
from lmp.primitives.places.surfaces import below
from lmp.primitives.skill import ALREADY_HOLDING, OUT_OF_RANGE, Situation, movable_object
from lmp.primitives.skills.joint_push import JointGoal, joint_candidates
from lmp.primitives.visual.lifting import lifted, lifted_on, not_seen
from lmp.schema.base import Name
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation
from lmp.schema.visual import PixelPair

SHORTEST, LONGEST = 0.01, 0.4
"""Displacements that are possible [m]."""
SPEED = 0.08
"""Largest speed of a push; faster, objects slide on after the gripper has stopped [m/s]."""
BEHIND = 0.02
"""Free distance behind the object at which the gripper comes down [m]."""
STANDOFF = 0.1
"""Height over what it stands on from which the gripper comes down [m]."""
FORCE_LIMIT = 30.0
"""Contact force beside the grip at which the motion is stopped [N], while pushing, too.

Normal execution exerts up to 16 N, when a bowl is drawn along between the fingers, and up to 9 N from behind: 28 pushes,
benchmarks/contact_forces.py. The limit is about twice that.
"""
TIP_GAP = 0.006
"""Free height of the finger tips over what it stands on [m]; less for flat objects."""
PLAY, PLAY_AFTER_A_PUSH = 0.01, 0.02
"""How far the object may be from where it is known to be, and from where the first of two pushes was to bring it [m].

Half of the free distance behind it: the fingers still come down beside it, and it ends that much off the goal at most.
"""
ROOM = 0.003
"""Free distance that a pushed object has to keep from others [m]."""


class PushParameters(SkillParameters):
    """Slide an object along what it stands on, or a part of it along its joint."""

    kind: Literal["push"] = "push"
    object: Name
    dx: float = Field(default=0.0, ge=-LONGEST, le=LONGEST, description="displacement away from the robot [m]")
    dy: float = Field(default=0.0, ge=-LONGEST, le=LONGEST, description="displacement to the left [m]")
    along: PixelPair | None = Field(
        default=None, description="from a pixel on the object to the pixel where that point is to go; dx and dy stay 0 then"
    )

    joint: JointGoal | None = Field(
        default=None, description="joint of the object to push instead, and where to; dx and dy stay 0 then, `along` null"
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        length = math.hypot(self.dx, self.dy)
        if self.joint is not None:
            if length > 0.0 or self.along is not None:
                raise ValueError("give `joint`, or how far the object itself goes (`dx` and `dy`, or `along`), not both")
        elif self.along is not None:
            if length > 0.0:
                raise ValueError("give either `dx` and `dy`, or `along`, not both")
        elif not SHORTEST <= length <= LONGEST:
            raise ValueError(
                f"the displacement is {length:.3f} m long; it has to be between {SHORTEST} m and {LONGEST} m, "
                "or give `along` or `joint`"
            )
        return self


class PushSkill:
    """The skill `push`."""

    spec = SkillSpec(
        name="push",
        line="Slide an object along what it stands on by a displacement, with an empty hand; for things too wide to take, too. "
        "With `joint`, move a part of it along its joint: close a drawer by its front.",
        parameters=PushParameters,
        example=PushParameters(object="red_block", dx=0.0, dy=0.1),
        force_limit=FORCE_LIMIT,
        needs_gripper=True,
    )

    def candidates(self, parameters: PushParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """From behind, the gripper turned either way, two pushes where no face is square to the way; else drawn along."""
        if parameters.joint is not None:
            return [*_not_empty(situation.scene)] or joint_candidates(
                parameters, parameters.object, parameters.joint, SPEED, situation
            )
        thing = movable_object(parameters.object, situation.scene)
        if isinstance(thing, Violation):
            return (thing,)
        way = _way(parameters, thing, situation.scene)
        if isinstance(way, Violation):
            return (*_not_empty(situation.scene), way)
        complaints = (*_not_empty(situation.scene), *_complaints(way, thing, situation.scene))
        if complaints:
            return complaints
        steps = pushes(outline(thing), way, situation.robot.fingers)
        axis = situation.T_world_tool[:2, 1]
        turns = sorted((1.0, -1.0), key=lambda sign: -sign * float(axis @ _across(steps[0].normal)))
        from_behind = [_candidate(steps, sign, parameters, thing, situation) for sign in turns]
        return [*from_behind, *slides(parameters, thing, way, situation)]

    def predict(self, parameters: PushParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """The object stands displaced, or its joint is elsewhere, and what is in or on it has come along."""
        thing = situation.scene.get(parameters.object)
        if parameters.joint is not None:
            value = parameters.joint.position(thing.joint(parameters.joint.name))
            return joint_moved(situation.scene, thing.name, parameters.joint.name, value)
        way = _way(parameters, thing, situation.scene)
        if isinstance(way, Violation):
            return situation.scene
        T = np.eye(4)
        T[:2, 3] = way
        scene = moved(situation.scene, riders(situation.scene, thing.name), T)
        pose = Pose.from_matrix(T @ thing.pose.matrix)
        return touching_now(scene, thing.model_copy(update={"pose": pose}))


def _way(parameters: PushParameters, thing: SceneObject, scene: Scene) -> NDArray[np.float64] | Violation:
    """The requested displacement in the world [m]: as it is told, or from one lifted pixel to the other. Shape (2,)."""
    if parameters.along is None:
        return directions(scene).vector(parameters.dx, parameters.dy)[:2]
    source, destination = parameters.along.ends
    start, end = lifted_on(source, thing, scene), lifted(destination, scene)
    if isinstance(start, Violation):
        return start
    if isinstance(end, Violation):
        return end
    if end.name not in scene and not is_bare_ground(end, scene):
        return not_seen(f"{end.where} shows {end.name}; nothing can be pushed there.", "Choose a pixel of what it stands on.")
    way: NDArray[np.float64] = end.point[:2] - start[:2]
    length = float(np.linalg.norm(way))
    if SHORTEST <= length <= LONGEST:
        return way
    return OUT_OF_RANGE(
        message=f"From the one pixel to the other it is {length:.3f} m; a push goes from {SHORTEST} m to {LONGEST} m.",
        value=length,
        limit=LONGEST if length > LONGEST else SHORTEST,
        unit="m",
        object=thing.name,
        hint="Choose a destination that is nearer." if length > LONGEST else "Choose a destination that is farther.",
    )


def _not_empty(scene: Scene) -> Iterator[Violation]:
    if scene.held is not None:
        message = f"The gripper holds {scene.held.name}; a push needs it empty."
        yield ALREADY_HOLDING(message=message, object=scene.held.name, hint="Place it first.")


def _complaints(way: NDArray[np.float64], thing: SceneObject, scene: Scene) -> Iterator[Violation]:
    """Complaints that hold whichever way the gripper is turned."""
    surface, start = below(thing, scene), outline(thing)
    end = start.moved(way)
    over = -min(surface.area.depth(corner) for corner in end.polygon)
    if over > 0.0:
        message = f"{thing.name} would end {over * 1000:.0f} mm over the edge of {surface.owner}."
        yield OUT_OF_WORKSPACE(
            message=message,
            value=over,
            limit=0.0,
            unit="m",
            object=thing.name,
            hint="Push it less far.",
        )
    swept = _swept(start, way)
    above = [
        prism
        for other in scene.objects
        if other.name not in (thing.name, surface.owner)
        for prism in prisms(other)
        if prism.top > start.bottom + 0.002 and prism.bottom < start.top
    ]
    blockers = dict.fromkeys(prism.owner for piece in swept for _, prism in near(piece, above, ROOM))
    for name in blockers:
        if not any(prism.owner == name for _, prism in near(start, above, ROOM)) or _approaches(start, end, above, name):
            message = f"{thing.name} would be pushed into {name}."
            yield COLLISION(message=message, object=name, hint=f"Move {name} first, or push less far.")


def _swept(start: Prism, way: NDArray[np.float64]) -> list[Prism]:
    steps = max(2, math.ceil(float(np.linalg.norm(way)) / 0.01))
    return [start.moved(way * step / steps) for step in range(1, steps + 1)]


def _approaches(start: Prism, end: Prism, others: Sequence[Prism], name: str) -> bool:
    """True if the way leads towards a neighbour that is near from the beginning."""
    theirs = [prism for prism in others if prism.owner == name]
    before = min((space for space, _ in near(start, theirs, 1.0)), default=1.0)
    after = min((space for space, _ in near(end, theirs, 1.0)), default=1.0)
    return after < before


def _across(normal: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([-normal[1], normal[0]])


def _candidate(
    steps: Sequence[Push], sign: float, parameters: PushParameters, thing: SceneObject, situation: Situation
) -> Candidate:
    gripper, scene = situation.robot.fingers, situation.scene
    surface = below(thing, scene)
    top = thing.extent(np.array([0.0, 0.0, 1.0]))
    tip = surface.height + min(TIP_GAP, 0.35 * (top - surface.height))
    height = max(tip + gripper.tip_length, top + 0.004 - gripper.finger_depth)
    standing: Contacts = tuple((thing.name, other) for other in standing_against(scene, thing))
    touching: Contacts = (("fingers", thing.name), *standing)
    slow = min(parameters.speed, SPEED)
    moves: list[Move] = []
    in_place: Expects = ((thing.name, PLAY),)
    middle = outline(thing).centre
    for step in steps:
        yaw = math.atan2(*(sign * _across(step.normal))[::-1])
        front = step.contact + gripper.finger_width / 2
        behind = middle - step.normal * (front + BEHIND)
        touch = middle - step.normal * front
        end = touch + step.way
        back = end - step.normal * BEHIND

        def at(spot: NDArray[np.float64], z: float, yaw: float = yaw) -> NDArray[np.float64]:
            return tool_pose(np.array([*spot, z]), yaw)

        requests = parameters.speed, parameters.duration, parameters.path
        moves += [
            Grip("open", "open", step.opening, step.opening, gripper.force, wait=False),
            ToolMove(
                "approach", at(behind, height + STANDOFF), *requests, free=True, timing=parameters.timing, leeway=IN_THE_AIR
            ),
            ToolMove("descend", at(behind, height), min(parameters.speed, 0.25), expects=in_place, leeway=AT_AN_OBJECT),
            ToolMove("touch", at(touch, height), slow, allowed=touching, expects=in_place, leeway=AT_AN_OBJECT),
            ToolMove("push", at(end, height), slow, drags=Drag(thing.name), allowed=touching, leeway=AT_AN_OBJECT),
            ToolMove("back", at(back, height), min(parameters.speed, 0.15), allowed=touching, leeway=AT_AN_OBJECT),
            ToolMove("retreat", at(back, height + STANDOFF), parameters.speed, leeway=IN_THE_AIR),
        ]
        middle, in_place = middle + step.way, ((thing.name, PLAY_AFTER_A_PUSH),)
    faces = "one face" if len(steps) == 1 else "two faces, one after the other"
    turned = "" if sign > 0 else ", hand turned round"
    return Candidate(f"on {faces}, fingers {steps[0].opening * 1000:.0f} mm apart{turned}", tuple(moves))


PUSH = PushSkill()
