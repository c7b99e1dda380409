"""The objects of a scene as a numbered table in words and metres."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lmp.meaning.directions import Directions, directions
from lmp.meaning.object_states import is_lying, state_of
from lmp.meaning.relations import contents
from lmp.planners.model.words.quoted import listed, quoted
from lmp.schema.findings import ObjectState
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Sphere, solid_parts

TILTED = 0.1
"""Tilt from which on it is told [rad]."""
HEADING = (
    "Each line: number of its marks in the pictures, name, what it is; centre x, y, z [m] and height of its top; own size "
    "along its x, y, z axes [m]; yaw of its x axis [rad]; where it is; what else is known. Names are JSON strings."
)


def object_table(scene: Scene, numbers: Mapping[str, int]) -> str:
    """The objects, one a line; those without a number last.

    Args:
        scene: The scene.
        numbers: Number by name, as in the pictures.
    """
    known = [thing for thing in scene.objects if thing.name in numbers]
    others = [thing for thing in scene.objects if thing.name not in numbers]
    ordered = [*sorted(known, key=lambda thing: numbers[thing.name]), *others]
    states = {thing.name: state_of(thing.name, scene) for thing in scene.objects if thing.movable}
    return "\n".join([HEADING, *(_line(thing, scene, numbers.get(thing.name), states) for thing in ordered)])


def _line(thing: SceneObject, scene: Scene, number: int | None, states: Mapping[str, ObjectState]) -> str:
    robot = directions(scene)
    x, y, z = robot.coordinates(thing.centre)
    top = thing.extent(np.array([0.0, 0.0, 1.0])) - robot.T_world_viewer.position[2]
    a, b, c = thing.size
    colour = "" if thing.colour is None else f"colour {quoted(thing.colour)}, "
    parts = [
        f"{'[-]' if number is None else f'[{number}]'} {quoted(thing.name)}: category {quoted(thing.category)}, {colour}"
        f"{'movable' if thing.movable else 'fixed'}",
        f"centre ({_metres(x)}, {_metres(y)}, {_metres(z)}), top at z {_metres(top)}",
        f"size {_metres(a)} x {_metres(b)} x {_metres(c)}",
        *_turn(thing, robot),
        *_place(states.get(thing.name)),
        *_joints(thing),
        *_hollow(thing, scene),
        *_neighbours(thing, scene, states),
    ]
    return "; ".join(parts)


def _metres(value: float) -> str:
    return f"{round(float(value), 3) + 0.0:.3f}"


def _turn(thing: SceneObject, robot: Directions) -> list[str]:
    if all(isinstance(part.shape, Sphere) for part in solid_parts(thing.shape)):
        return []
    lean = f", lying on its side or upside down (tilt {thing.tilt:.2f})" if is_lying(thing) else f", tilted by {thing.tilt:.2f}"
    return [
        f"yaw {round(robot.viewer_yaw(thing.pose.yaw), 2) + 0.0:.2f}{lean if is_lying(thing) or thing.tilt > TILTED else ''}"
    ]


def _place(state: ObjectState | None) -> list[str]:
    if state is None:
        return []
    match state.place:
        case "held":
            where = "HELD in the hand"
        case "on" | "in":
            where = f"{state.place} {quoted(state.support or '')}"
        case "fallen":
            where = "has fallen off what carried it"
        case _:
            where = "rests on nothing that is known"
    return [where + ("" if state.reachable else ", OUT OF REACH")]


def _joints(thing: SceneObject) -> list[str]:
    """Each joint with its range and where it is in it; a share of 0 is its lower end."""
    told = []
    for joint in thing.joints:
        share = "not known" if joint.share is None else f"{_metres(joint.value or 0.0)}, a share of {joint.share:.2f}"
        does = "slides" if joint.kind == "prismatic" else "turns"
        told.append(
            f"{quoted(joint.name)} {does} from {_metres(joint.lower)} to {_metres(joint.upper)} {joint.unit}, now {share}"
        )
    return [f"joints: {', '.join(told)}"] if told else []


def _hollow(thing: SceneObject, scene: Scene) -> list[str]:
    cavity = thing.cavity
    if cavity is None:
        return []
    depth = _metres(cavity.rim - cavity.floor)
    if cavity.round:
        opening = f"round, {_metres(2 * cavity.half_x)} across"
    else:
        opening = f"{_metres(2 * cavity.half_x)} x {_metres(2 * cavity.half_y)} along its x, y"
    inside = contents(scene, thing.name)
    return [f"hollow: opening {opening}, {depth} deep, {f'holds {listed(inside)}' if inside else 'empty'}"]


def _neighbours(thing: SceneObject, scene: Scene, states: Mapping[str, ObjectState]) -> list[str]:
    """The objects that stand on it, and that it touches beside those and what it stands on; of furniture that would be all."""
    if not thing.movable:
        return []
    inside = contents(scene, thing.name)
    burden = [name for name, state in states.items() if state.support == thing.name and name not in inside]
    told = {states[thing.name].support, *inside, *burden}
    others = [name for name in thing.touching or () if name not in told]
    return [
        *([f"carries {listed(burden)}"] if burden else []),
        *([f"touches {listed(others)}"] if others else []),
    ]
