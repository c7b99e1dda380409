"""Contacts of a skill: the side from which the gripper arrives, pairs that may touch, and slides between closed fingers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lmp.meaning.directions import directions
from lmp.meaning.relations import contents, supported_by
from lmp.primitives.arm.leeway import AT_AN_OBJECT, IN_THE_AIR
from lmp.primitives.handling.grasps import Grasp, grasps
from lmp.primitives.moves import Candidate, Contacts, Grip, ToolMove
from lmp.primitives.places.footprints import Prism, near, prisms
from lmp.primitives.skill import Situation
from lmp.schema.motion import Side
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters

ASIDE = 0.12
"""How far to the side of its end a free motion first goes [m]; less at the edge of the workspace."""
EDGE = 0.01
"""Distance that it keeps from that edge [m]."""


def arriving(move: ToolMove, side: Side | None, scene: Scene) -> tuple[ToolMove, ...]:
    """A free move as it is; with a side, one to a point on that side of its end, and a straight one from there, level.

    The first has the requested duration and shape. Both are free, so that the compiler may lead them past obstacles.
    """
    if side is None:
        return (move,)
    T_world_aside = move.T_world_tool.copy()
    T_world_aside[:3, 3] = scene.workspace.nearest(T_world_aside[:3, 3] + ASIDE * directions(scene).unit(side), EDGE)
    return (replace(move, T_world_tool=T_world_aside), replace(move, name="arrive", duration=None, shape=None))


CLOSE = 0.003
"""Objects this near to each other are taken to touch [m]."""


def standing_against(scene: Scene, thing: SceneObject) -> tuple[str, ...]:
    """Names of what an object touches where it is: what it stands on, and what leans against it."""
    reported = [name for name in thing.touching or () if name in scene and name != thing.name]
    own = prisms(thing)
    close = [
        other.name for other in scene.objects if other.name != thing.name and any(_meet(piece, prisms(other)) for piece in own)
    ]
    return tuple(dict.fromkeys((*reported, *close)))


def _meet(piece: Prism, others: tuple[Prism, ...]) -> bool:
    return any(other.bottom - CLOSE < piece.top and piece.bottom - CLOSE < other.top for _, other in near(piece, others, CLOSE))


def touched(thing: SceneObject, names: tuple[str, ...]) -> tuple[str, ...] | None:
    """Names of what an object touches after a change; None stays None: the perceiver cannot tell."""
    return None if thing.touching is None else names


def untouched(scene: Scene, name: str) -> tuple[SceneObject, ...]:
    """The objects that touched one, without that contact."""
    return tuple(
        other.model_copy(update={"touching": tuple(each for each in other.touching if each != name)})
        for other in scene.objects
        if other.touching is not None and name in other.touching
    )


def touching_now(scene: Scene, thing: SceneObject) -> Scene:
    """The scene with an object put somewhere else, and the contacts on both sides that follow from where it is."""
    before = [other for other in untouched(scene, thing.name) if other.name != thing.name]
    moved = scene.replacing(*before, thing.model_copy(update={"touching": touched(thing, ())}))
    names = standing_against(moved, moved.get(thing.name))
    others = [
        other.model_copy(update={"touching": (*other.touching, thing.name)})
        for other in moved.objects
        if other.name in names and other.touching is not None
    ]
    return moved.replacing(*others, thing.model_copy(update={"touching": touched(thing, names)}))


MOST = 6
"""Grasps that are offered, best first [count]."""
STANDOFF = 0.1
"""Height over the grasp from which the gripper comes down, and to which it goes away [m]."""
LETTING_GO = 0.008
"""How far each finger opens from the object at the end [m]: little, since neighbours may be near there."""


def slides(
    parameters: SkillParameters, thing: SceneObject, way: np.ndarray[tuple[int], np.dtype[np.float64]], situation: Situation
) -> list[Candidate]:
    """The object slides by `way` [m], shape (2,), with the fingers closed on it; empty where it cannot be grasped."""
    scene, gripper = situation.scene, situation.robot.fingers
    if supported_by(scene, thing.name) or contents(scene, thing.name):
        return []
    pinched: Contacts = (("fingers", thing.name), *((thing.name, other) for other in standing_against(scene, thing)))
    found = [grasp for grasp in grasps(thing, situation) if isinstance(grasp, Grasp)]
    return [_candidate(grasp, parameters, thing.name, way, gripper.force, gripper.max_width, pinched) for grasp in found[:MOST]]


def _candidate(
    grasp: Grasp,
    parameters: SkillParameters,
    name: str,
    way: np.ndarray[tuple[int], np.dtype[np.float64]],
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
