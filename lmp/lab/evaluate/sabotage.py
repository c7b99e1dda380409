"""Spoils the world just before a verification, to see that no spoilt success is called one.

Whatever the run answers then, it must not be `verified` unless what was asked was true at that instant all the same.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lmp.errors import UnknownName
from lmp.schema.plan import Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject

AWAY = (-0.6, 1.2, 0.2)
"""Where a thing is put that is taken away: beside the table, behind the robot [m]."""

ANY = "any"
"""Lets the seed choose the kind."""


class Spoilable(Protocol):
    """A world whose objects can be put elsewhere by hand."""

    def scene_objects(self) -> tuple[SceneObject, ...]: ...

    def move_object(self, name: str, pose: Pose) -> None: ...

    def settle(self, seconds: float) -> None: ...


class Sabotage:
    """Called before each verification with the world and its subgoal; spoils what the subgoal is about if that has to last.

    A seed decides whether it begins with the first such verification, right after the motion, or lets that one pass and
    waits for the next, at the latest the one that ends the run. From then on it spoils every one.

    Args:
        kind: A name in `KINDS`, or "any" to let the seed choose.
        seed: Seed of its choices.
        judge: Tells whether what was asked is true at this instant.

    Attributes:
        done: What was spoilt, in words.
        truth: Whether what was asked was still true after the last spoiling; None before the first.

    Raises:
        UnknownName: There is no such kind.
    """

    def __init__(self, kind: str, seed: int, judge: Callable[[], bool | None] = lambda: None):
        if kind not in (*KINDS, ANY):
            raise UnknownName("sabotage", kind, (*KINDS, ANY))
        self._rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
        self.kind = str(self._rng.choice(sorted(KINDS))) if kind == ANY else kind
        self.judge = judge
        self.done: list[str] = []
        self.truth: bool | None = None
        self._let_pass = int(self._rng.integers(0, 2))

    def __call__(self, world: Spoilable, subgoal: Subgoal) -> None:
        """Spoils the subgoal's first object that can be moved, also one in the hand."""
        things = {thing.name: thing for thing in world.scene_objects() if thing.movable}
        name = next((name for name in subgoal.objects if name in things), None)
        if not subgoal.lasting or name is None:
            return
        if self._let_pass > 0:
            self._let_pass -= 1
            return
        self.done.append(KINDS[self.kind](world, things[name], self._rng))
        self.truth = self.judge()


def move(world: Spoilable, thing: SceneObject, rng: np.random.Generator) -> str:
    """Somewhere else: 10 to 20 cm away in any direction, let go 12 cm above the table."""
    angle, distance = rng.uniform(-math.pi, math.pi), rng.uniform(0.10, 0.20)
    offset = distance * np.array([math.cos(angle), math.sin(angle)])
    place = np.append(np.array(thing.pose.position)[:2] + offset, 0.12)
    _put(world, thing, place)
    world.settle(0.7)
    return f"{thing.name} was moved {distance:.2f} m"


def lift(world: Spoilable, thing: SceneObject, rng: np.random.Generator) -> str:
    """Into the air, 15 to 30 cm up, at the instant of the verification."""
    height = rng.uniform(0.15, 0.30)
    _put(world, thing, np.array(thing.pose.position) + np.array([0.0, 0.0, height]))
    return f"{thing.name} was lifted {height:.2f} m"


def tip(world: Spoilable, thing: SceneObject, rng: np.random.Generator) -> str:
    """Turned onto its side beside where it was."""
    turn = Pose(quat_xyzw=(math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4)))
    angle = rng.uniform(-math.pi, math.pi)
    place = np.array(thing.pose.position) + np.array([0.09 * math.cos(angle), 0.09 * math.sin(angle), 0.06])
    x, y, z = (float(value) for value in place)
    world.move_object(thing.name, Pose(position=(x, y, z), quat_xyzw=(thing.pose @ turn).quat_xyzw))
    world.settle(0.7)
    return f"{thing.name} was tipped over"


def take_away(world: Spoilable, thing: SceneObject, rng: np.random.Generator) -> str:
    """Out of reach."""
    _put(world, thing, np.array(AWAY))
    return f"{thing.name} was taken away"


KINDS: dict[str, Callable[[Spoilable, SceneObject, np.random.Generator], str]] = {
    "move": move,
    "lift": lift,
    "tip": tip,
    "take_away": take_away,
}


def _put(world: Spoilable, thing: SceneObject, place: NDArray[np.float64]) -> None:
    x, y, z = (float(value) for value in place)
    world.move_object(thing.name, Pose(position=(x, y, z), quat_xyzw=thing.pose.quat_xyzw))
