"""Objects that ride along when an object, or a part of it, is moved: what stands on it and what is in it, and so on."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.relations import CONTACT_GAP, carrying, contents, supported_by, underside
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Articulated, Compound

Array = NDArray[np.float64]


def riders(scene: Scene, name: str, parts: Collection[str] | None = None) -> tuple[str, ...]:
    """Names of all that rides on an object, or on some of its parts, also by way of others; what is held rides on nothing."""
    thing = scene.get(name)
    direct = [other for other in _carried(scene, name) if parts is None or _carrier(thing, scene.get(other)) in parts]
    found: list[str] = []
    while direct:
        rider = direct.pop(0)
        if rider not in found and rider != name:
            found.append(rider)
            direct += _carried(scene, rider)
    return tuple(found)


def _carried(scene: Scene, name: str) -> list[str]:
    names = dict.fromkeys((*supported_by(scene, name), *contents(scene, name)))
    return [other for other in names if not scene.get(other).held]


def _carrier(thing: SceneObject, upper: SceneObject) -> str | None:
    """The part of an object with joints that carries another: the one whose floor or top is nearest below it."""
    shape = thing.shape
    if not isinstance(shape, Articulated):
        return None
    bottom, best, gap = underside(upper), None, np.inf
    for part in shape.parts:
        alone = part_alone(thing, (part.name,))
        levels = [height for height, over in carrying(alone, upper.centre) if over >= 0.0 and height <= bottom + CONTACT_GAP]
        if levels and bottom - max(levels) < gap:
            best, gap = part.name, bottom - max(levels)
    return best


def part_alone(thing: SceneObject, parts: Collection[str]) -> SceneObject:
    """Some parts of an object with joints, where they are, as a rigid object with the hollows of theirs that are known.

    A rigid object carries on the floor of its hollow, else on its top; that is what a part does, too.
    """
    shape = thing.shape
    if not isinstance(shape, Articulated):
        return thing
    pieces = tuple(piece for part in shape.parts if part.name in parts for piece in shape.pieces_of(part.name))
    hollows = [(cavity, frame) for cavity, frame in thing.hollows if cavity.part in parts]
    inverse = thing.pose.inverse()
    cavities = tuple(cavity.model_copy(update={"part": None, "pose": inverse @ frame}) for cavity, frame in hollows)
    changes = {"shape": Compound.model_construct(parts=pieces), "cavities": cavities, "handles": ()}
    return thing.model_copy(update=changes)


def moved(scene: Scene, names: Collection[str], T: Array) -> Scene:
    """The scene with objects moved together by a motion of the world. Shape (4, 4)."""
    things = [scene.get(name) for name in names]
    return scene.replacing(*(thing.model_copy(update={"pose": Pose.from_matrix(T @ thing.pose.matrix)}) for thing in things))


def joint_moved(scene: Scene, name: str, joint: str, value: float) -> Scene:
    """The scene with a joint somewhere else [m] or [rad], and with it what is in and on the parts that it moves.

    Raises:
        UnknownName: The object has no such joint.
        ValueError: The position is outside of its range.
    """
    thing = scene.get(name)
    child, after = thing.joint(joint).child, thing.with_joints({joint: value})
    before, then = thing.T_world_part(child), after.T_world_part(child)
    if before is None or then is None or not isinstance(thing.shape, Articulated):
        return scene.replacing(after)
    riding = riders(scene, name, thing.shape.moved_by(joint))
    return moved(scene, riding, then @ np.linalg.inv(before)).replacing(after)
