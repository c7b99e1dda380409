"""Pushing a part of an object along its joint: what is asked for, what is wrong with it, and how the gripper does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from lmp.errors import did_you_mean
from lmp.primitives.arm.leeway import AT_AN_OBJECT, IN_THE_AIR
from lmp.primitives.checks.path_checks import COLLISION
from lmp.primitives.collision.named_pairs import part_body
from lmp.primitives.handling.joint_pushes import JointPush, joint_pushes
from lmp.primitives.handling.riding import joint_moved, part_alone, riders
from lmp.primitives.moves import Candidate, Contacts, Drag, Expects, Grip, Move, ToolMove
from lmp.primitives.places.footprints import Prism, near, prisms
from lmp.primitives.skill import OUT_OF_RANGE, Situation, unknown_object
from lmp.primitives.skills.push_parameters import SPEED, JointGoal, PushParameters
from lmp.primitives.visual.lifting import not_seen
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, ObjectJoint
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

BEHIND = 0.02
"""Free distance before the part at which the fingers come [m]."""
STANDOFF = 0.1
"""How far from there the gripper comes straight, the way that it points [m]."""
PLAY = 0.01
"""How far the object may be from where it is known to be [m]: half of the free distance."""
MOST = 30
"""Ways to push a joint that are offered [count]."""
THERE = 0.005
"""Share of a joint's range within which it is where it is to be [dimensionless]."""
UNKNOWN_JOINT = VIOLATIONS.register(
    ViolationKind("unknown_joint", "a joint that the object does not have", about="request", hint="Use a joint of the object.")
)
NO_FACE = VIOLATIONS.register(
    ViolationKind(
        "no_face",
        "no face of a part can be pressed on in the direction in which it has to go",
        about="request",
        hint="Pull it by its handle.",
    )
)


def joint_candidates(
    parameters: PushParameters, goal: JointGoal, situation: Situation
) -> Sequence[Candidate] | Sequence[Violation]:
    """The part pressed on where it takes the least force, the gripper held in several ways; or all that is wrong."""
    scene, name = situation.scene, parameters.object
    if name not in scene:
        return (unknown_object(name, scene),)
    thing = scene.get(name)
    known = [joint.name for joint in thing.joints]
    if goal.name not in known:
        message = f"{thing.name} has no joint {goal.name!r}.{did_you_mean(goal.name, known)}"
        hint = f"Use one of: {', '.join(known)}." if known else "It has no joints; give `dx` and `dy`."
        return (UNKNOWN_JOINT(message, object=thing.name, hint=hint),)
    joint = thing.joint(goal.name)
    complaints = tuple(_joint_complaints(goal, joint, thing, scene))
    if complaints:
        return complaints
    fingers, tip = situation.finger_hulls(0.0), situation.robot.fingers.tip_length
    found = islice(joint_pushes(thing, joint, goal.position(joint), fingers, tip), MOST)
    candidates = [_joint_candidate(push, joint, parameters, thing, situation) for push in found]
    message = f"No face of {joint.child} of {thing.name} can be pressed on in the direction in which it has to go."
    return candidates or (NO_FACE(message, object=thing.name),)


def _joint_complaints(goal: JointGoal, joint: ObjectJoint, thing: SceneObject, scene: Scene) -> Iterator[Violation]:
    name, value = f"{joint.name} of {thing.name}", goal.position(joint)
    if joint.value is None:
        yield not_seen(f"Where {name} is is not known.", "Look again from where it can be seen.")
        return
    if not joint.lower <= value <= joint.upper:
        message = f"{name} goes from {joint.lower:g} to {joint.upper:g} {joint.unit}, not to {value:g} {joint.unit}."
        limit = joint.upper if value > joint.upper else joint.lower
        yield OUT_OF_RANGE(message, value=value, limit=limit, unit=joint.unit, object=thing.name)
        return
    if abs(value - joint.value) < THERE * (joint.upper - joint.lower):
        message = f"{name} is at {joint.value:.3f} {joint.unit} already."
        yield OUT_OF_RANGE(message, value=joint.value, limit=value, unit=joint.unit, object=thing.name, hint="Nothing to do.")
        return
    yield from _jammed(joint, value, thing, scene)


def _jammed(joint: ObjectJoint, value: float, thing: SceneObject, scene: Scene) -> Iterator[Violation]:
    """Complaints about what rides on the part and would be pushed into the rest of the object."""
    if not isinstance(thing.shape, Articulated) or joint.value is None:
        return
    parts = thing.shape.moved_by(joint.name)
    still = part_alone(thing, [part.name for part in thing.shape.parts if part.name not in parts])
    walls = prisms(still)
    riding = riders(scene, thing.name, parts)
    for step in np.linspace(joint.value, value, 12)[1:]:
        then = joint_moved(scene, thing.name, joint.name, float(step))
        for name in riding:
            met = [piece for piece in prisms(then.get(name)) if _meets(piece, walls)]
            if met and not any(_meets(piece, walls) for piece in prisms(scene.get(name))):
                message = f"{name} stands in the way: it would be pushed into {thing.name} with {joint.child}."
                yield COLLISION(message, object=name, hint=f"Take {name} out first.")
                return


def _meets(piece: Prism, walls: Sequence[Prism]) -> bool:
    close = [wall for wall in walls if wall.top > piece.bottom + 0.001 and wall.bottom < piece.top - 0.001]
    return any(True for _ in near(piece, close, 0.0))


def _joint_candidate(
    push: JointPush,
    joint: ObjectJoint,
    parameters: PushParameters,
    thing: SceneObject,
    situation: Situation,
) -> Candidate:
    gripper = situation.robot.fingers
    part = part_body(thing.name, joint.child)
    pressing: Contacts = (("fingers", part),)
    sliding: Contacts = (*pressing, (part, thing.name))
    in_place: Expects = ((thing.name, PLAY),)
    slow = min(parameters.speed, SPEED)
    requests = parameters.speed, parameters.duration, parameters.path
    end = push.steps[-1][0]

    def before(T_world_tool: NDArray[np.float64], direction: NDArray[np.float64], away: float = 0.0) -> NDArray[np.float64]:
        """Clear of the part, and farther away the way that the gripper points from."""
        T = T_world_tool.copy()
        T[:3, 3] -= BEHIND * direction + away * T_world_tool[:3, 2]
        return T

    beside, above = before(push.contact, push.direction), before(push.contact, push.direction, STANDOFF)
    moves: list[Move] = [
        Grip("close", "close", 0.0, 0.0, gripper.force, wait=False),
        ToolMove("approach", above, *requests, free=True, timing=parameters.timing, leeway=IN_THE_AIR),
        ToolMove("descend", beside, min(parameters.speed, 0.25), expects=in_place, leeway=AT_AN_OBJECT),
        ToolMove("touch", push.contact, slow, allowed=pressing, expects=in_place, leeway=AT_AN_OBJECT),
        *(
            ToolMove("push", T, slow, drags=Drag(thing.name, joint.name, value), allowed=sliding, leeway=AT_AN_OBJECT)
            for T, value in push.steps
        ),
        ToolMove("back", before(end, push.last), min(parameters.speed, 0.15), allowed=pressing, leeway=AT_AN_OBJECT),
        ToolMove("retreat", before(end, push.last, STANDOFF), parameters.speed, leeway=IN_THE_AIR),
    ]
    return Candidate(f"{joint.name} by its {joint.child}, {push.label}", tuple(moves))
