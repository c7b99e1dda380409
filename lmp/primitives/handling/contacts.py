"""Contacts of a skill: the side from which the gripper arrives, and what touches what."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.directions import directions
from lmp.primitives.moves import ToolMove
from lmp.primitives.places.footprints import Prism, near, prisms
from lmp.schema.motion import Side
from lmp.schema.scene import Scene, SceneObject

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
