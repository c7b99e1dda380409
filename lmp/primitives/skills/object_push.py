"""Pushing an object along what it stands on: what is wrong with it, and how the gripper does it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.meaning.relations import contents, supported_by
from lmp.primitives.arm.leeway import AT_AN_OBJECT, IN_THE_AIR
from lmp.primitives.checks.path_checks import COLLISION, OUT_OF_WORKSPACE
from lmp.primitives.handling.contacts import standing_against
from lmp.primitives.handling.grasps import Grasp, grasps, tool_pose
from lmp.primitives.handling.push_geometry import Push, pushes
from lmp.primitives.moves import Candidate, Contacts, Drag, Expects, Grip, Move, ToolMove
from lmp.primitives.places.footprints import Prism, near, outline, prisms
from lmp.primitives.places.surfaces import below
from lmp.primitives.skill import OUT_OF_RANGE, Situation
from lmp.primitives.skills.push_parameters import LONGEST, SHORTEST, SPEED, PushParameters
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]

BEHIND = 0.02
"""Free distance behind the object at which the gripper comes down [m]."""
STANDOFF = 0.1
"""Height over what it stands on from which the gripper comes down [m]."""
TIP_GAP = 0.006
"""Free height of the finger tips over what it stands on [m]; less for flat objects."""
PLAY, PLAY_AFTER_A_PUSH = 0.01, 0.02
"""How far the object may be from where it is known to be, and from where the first of two pushes was to bring it [m].

Half of the free distance behind it: the fingers still come down beside it, and it ends that much off the goal at most.
"""
ROOM = 0.003
"""Free distance that a pushed object has to keep from others [m]."""


def displacement(parameters: PushParameters, thing: SceneObject, scene: Scene) -> Array | Violation:
    """The requested displacement in the world [m]: as it is told, or from one lifted pixel to the other. Shape (2,)."""
    if parameters.along is None:
        return directions(scene).vector(parameters.dx, parameters.dy)[:2]
    # Pixels come from models, never from the scripted planner.
    from lmp.primitives.places.seen_places import is_bare_ground
    from lmp.primitives.visual.lifting import lifted, lifted_on, not_seen

    source, destination = parameters.along.ends
    start, end = lifted_on(source, thing, scene), lifted(destination, scene)
    if isinstance(start, Violation):
        return start
    if isinstance(end, Violation):
        return end
    if end.name not in scene and not is_bare_ground(end, scene):
        return not_seen(f"{end.where} shows {end.name}; nothing can be pushed there.", "Choose a pixel of what it stands on.")
    way: Array = end.point[:2] - start[:2]
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


def object_candidates(
    parameters: PushParameters, way: Array, thing: SceneObject, situation: Situation
) -> Sequence[Candidate] | Sequence[Violation]:
    """From behind, the gripper turned either way, two pushes where no face is square to the way; else drawn along.

    Args:
        parameters: Of the push.
        way: Displacement [m]. Shape (2,).
        thing: What is pushed.
        situation: What is known.
    """
    complaints = tuple(_complaints(way, thing, situation.scene))
    if complaints:
        return complaints
    steps = pushes(outline(thing), way, situation.robot.fingers)
    axis = situation.T_world_tool[:2, 1]
    turns = sorted((1.0, -1.0), key=lambda sign: -sign * float(axis @ _across(steps[0].normal)))
    from_behind = [_candidate(steps, sign, parameters, thing, situation) for sign in turns]
    return [*from_behind, *_slides(parameters, thing, way, situation)]


def _complaints(way: Array, thing: SceneObject, scene: Scene) -> Iterator[Violation]:
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


def _swept(start: Prism, way: Array) -> list[Prism]:
    steps = max(2, math.ceil(float(np.linalg.norm(way)) / 0.01))
    return [start.moved(way * step / steps) for step in range(1, steps + 1)]


def _approaches(start: Prism, end: Prism, others: Sequence[Prism], name: str) -> bool:
    """True if the way leads towards a neighbour that is near from the beginning."""
    theirs = [prism for prism in others if prism.owner == name]
    before = min((space for space, _ in near(start, theirs, 1.0)), default=1.0)
    after = min((space for space, _ in near(end, theirs, 1.0)), default=1.0)
    return after < before


def _across(normal: Array) -> Array:
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

        def at(spot: Array, z: float, yaw: float = yaw) -> Array:
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


MOST = 6
"""Grasps that are offered, best first [count]."""
LETTING_GO = 0.008
"""How far each finger opens from the object at the end [m]: little, since neighbours may be near there."""


def _slides(parameters: PushParameters, thing: SceneObject, way: Array, situation: Situation) -> list[Candidate]:
    """The object slides by `way` [m], shape (2,), with the fingers closed on it; empty where it cannot be grasped."""
    scene, gripper = situation.scene, situation.robot.fingers
    if supported_by(scene, thing.name) or contents(scene, thing.name):
        return []
    pinched: Contacts = (("fingers", thing.name), *((thing.name, other) for other in standing_against(scene, thing)))
    found = [grasp for grasp in grasps(thing, situation) if isinstance(grasp, Grasp)]
    return [_slide(grasp, parameters, thing.name, way, gripper.force, gripper.max_width, pinched) for grasp in found[:MOST]]


def _slide(
    grasp: Grasp,
    parameters: PushParameters,
    name: str,
    way: Array,
    force: float,
    max_width: float,
    pinched: Contacts,
) -> Candidate:
    above, end = grasp.T_world_tool.copy(), grasp.T_world_tool.copy()
    above[2, 3] += STANDOFF
    end[:2, 3] += way
    away = end.copy()
    away[2, 3] += STANDOFF
    in_place = ((name, grasp.play),)
    slow, opened = min(parameters.speed, 0.25), min(max_width, grasp.width + 2 * LETTING_GO)
    requests = parameters.speed, parameters.duration, parameters.path
    return Candidate(
        f"drawn along between the fingers; {grasp.label}",
        (
            Grip("open", "open", grasp.opening, grasp.opening, force, wait=False),
            ToolMove("approach", above, *requests, free=True, timing=parameters.timing, leeway=IN_THE_AIR),
            ToolMove("descend", grasp.T_world_tool, slow, expects=in_place, leeway=AT_AN_OBJECT),
            Grip("grasp", "close", 0.0, grasp.width, force, takes=name, allowed=pinched, expects=in_place),
            ToolMove("slide", end, min(slow, 0.12), allowed=pinched, leeway=AT_AN_OBJECT),
            Grip("release", "open", opened, opened, force, lets_go=True, allowed=pinched),
            ToolMove("retreat", away, slow, allowed=pinched, leeway=IN_THE_AIR),
        ),
    )
