"""Things that go wrong on purpose, so that recovery can be tested. A new kind is one function and one line of the table."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from lmp.errors import SetupFault, UnknownName
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject, Workspace
from lmp.schema.scene_file import TABLE, SceneFile
from lmp.sims.scenes.footprint import free_distance, outline

TRIES = 3000
"""Places that are drawn before giving up."""
LEAST, MOST = 0.05, 0.15
"""How far `shift-target` moves an object [m]."""
ROOM = (0.035, 0.02, 0.01)
"""Free distances to everything else that are tried in turn [m]: first room for a finger, in a full scene less."""
DROP = 1e-3
"""Height from which a moved object is let go [m]."""


class Disturbable(Protocol):
    """A world whose objects can be moved by hand."""

    @property
    def scene_file(self) -> SceneFile: ...

    @property
    def workspace(self) -> Workspace: ...

    def scene_objects(self) -> tuple[SceneObject, ...]: ...

    def move_object(self, name: str, pose: Pose) -> None: ...

    def settle(self, seconds: float) -> None: ...


def disturb(world: Disturbable, kind: str, target: str | None, rng: np.random.Generator) -> str:
    """Disturbs the world; says what was done.

    Args:
        world: The world.
        kind: A name in `DISTURBANCES`.
        target: The object that it is about; drawn from the movable ones where it is None.
        rng: Where its choices come from.

    Raises:
        UnknownName: There is no such kind, or no such movable object.
        SetupFault: It is not possible for this object now; says why.
    """
    if kind not in DISTURBANCES:
        raise UnknownName("disturbance", kind, DISTURBANCES)
    movable = {thing.name: thing for thing in world.scene_objects() if thing.movable}
    if target is None and movable:
        target = str(rng.choice(sorted(movable)))
    if target not in movable:
        raise UnknownName("movable object", str(target), movable)
    return DISTURBANCES[kind](world, movable[target], rng)


def shift_target(world: Disturbable, thing: SceneObject, rng: np.random.Generator) -> str:
    """Moves the object, and what stands on or in it, 5 to 15 cm to a free place on the table within reach.

    Raises:
        SetupFault: It is in the hand, or there is no free place.
    """
    if thing.held:
        raise SetupFault(f"{thing.name!r} is in the hand and cannot be moved away.")
    others = [other for other in world.scene_objects() if other.name not in (thing.name, TABLE)]
    moving = _riders(thing, others)
    standing = [outline(other.shape, other.pose) for other in others if other not in moving]
    own = outline(thing.shape, thing.pose)
    for room in ROOM:
        for _ in range(TRIES):
            distance, direction = rng.uniform(LEAST, MOST), rng.uniform(-math.pi, math.pi)
            shift = distance * np.array([math.cos(direction), math.sin(direction)])
            if _within_reach(world, own + shift) and all(free_distance(own + shift, other) >= room for other in standing):
                _move(world, thing, moving, shift)
                return f"{thing.name} was moved {distance * 100:.1f} cm, to ({', '.join(_place(thing, shift))}) m."
    raise SetupFault(f"There is no free place {LEAST * 100:.0f} to {MOST * 100:.0f} cm from {thing.name!r} to move it to.")


DISTURBANCES: dict[str, Callable[[Disturbable, SceneObject, np.random.Generator], str]] = {
    "shift-target": shift_target,
}


def _place(thing: SceneObject, shift: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[str]:
    return [f"{value:.3f}" for value in np.array(thing.pose.position)[:2] + shift]


def _underside(thing: SceneObject) -> float:
    return -thing.extent(np.array([0.0, 0.0, -1.0]))


def _riders(thing: SceneObject, others: list[SceneObject]) -> list[SceneObject]:
    """What stands on or in the object, directly or not: it touches, is higher up, and does not touch the table."""
    riders: list[SceneObject] = []
    carrying = [thing]
    while carrying:
        below = carrying.pop()
        for other in others:
            touched = other.touching or ()
            higher = _underside(other) > _underside(below) + 1e-3
            if (
                other not in riders
                and other.movable
                and not other.held
                and below.name in touched
                and TABLE not in touched
                and higher
            ):
                riders.append(other)
                carrying.append(other)
    return riders


def _within_reach(world: Disturbable, points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> bool:
    """Whether an outline lies in the workspace, and its middle as far from the robot as the scene puts things."""
    lower, upper = np.array(world.workspace.lower)[:2], np.array(world.workspace.upper)[:2]
    low, high = world.scene_file.placement.radius
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return bool((points >= lower).all() and (points <= upper).all() and low <= np.hypot(*middle) <= high)


def _move(
    world: Disturbable, thing: SceneObject, riders: list[SceneObject], shift: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> None:
    """Puts all down on the table as they stood on one another."""
    offset = np.append(shift, DROP - _underside(thing))
    for moved in (thing, *riders):
        x, y, z = (float(value) for value in np.array(moved.pose.position) + offset)
        world.move_object(moved.name, Pose(position=(x, y, z), quat_xyzw=moved.pose.quat_xyzw))
    world.settle(0.5)
