"""Spoils the world just before a verification, to see that no spoilt success is called one.

Whatever the run answers then, it must not be `verified` unless what was asked was true at that instant all the same.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import world_capabilities
from lmp.errors import SetupFault, UnknownName
from lmp.lab.truth.truth import TRUTHS, Predicate
from lmp.schema.plan import Subgoal
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.stages import Disturbable, World

AWAY = np.array([-0.35, 0.5, 0.2])
"""Where an object is put that is taken away, from a corner of all furniture together [m]."""
UP = np.array([0.0, 0.0, 1.0])

ANY = "any"
"""Lets the seed choose, before each verification, among the kinds that can break what the subgoal asks for."""


class Sabotage:
    """Called before each verification with the world and its subgoal; spoils what the subgoal is about if that has to last.

    A seed decides whether it begins with the first such verification, right after the motion, or lets that one pass and
    waits for the next, at the latest the one that ends the run. From then on it spoils every one.

    Args:
        kind: A name in `KINDS`, or "any": then a condition of the subgoal is drawn, and a kind that breaks such a one.
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
        self.kind = kind
        self.judge = judge
        self.done: list[str] = []
        self.truth: bool | None = None
        self._let_pass = int(self._rng.integers(0, 2))

    def __call__(self, world: World, subgoal: Subgoal) -> None:
        """Spoils the first object of what was drawn, or of the subgoal, that can be spoilt so, also one in the gripper."""
        spoilable = world_capabilities(world).disturbable
        if spoilable is None:
            raise SetupFault(f"The world {world.spec} cannot be spoilt; a simulated world can.")
        if not subgoal.lasting:
            return
        kind, names = self._drawn(subgoal)
        items = {item.name: item for item in spoilable.scene().objects}
        spoil, fits = KINDS[kind]
        name = next((name for name in names if name in items and fits(items[name])), None)
        if name is None:
            return
        if self._let_pass > 0:
            self._let_pass -= 1
            return
        self.done.append(spoil(spoilable, items[name], self._rng))
        self.truth = self.judge()

    def _drawn(self, subgoal: Subgoal) -> tuple[str, tuple[str, ...]]:
        """A kind, and the objects that it may be done to, the likeliest first."""
        every = (*subgoal.objects, *(name for condition in subgoal.success for name in condition.names))
        if self.kind != ANY:
            return self.kind, every
        if not subgoal.success:
            return str(self._rng.choice(Predicate.broken_by)), every
        condition = subgoal.success[int(self._rng.integers(len(subgoal.success)))]
        truth = TRUTHS.get(condition.kind) or Predicate
        return str(self._rng.choice(truth.broken_by)), (*condition.names, *every)


def move(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Somewhere else: 10 to 20 cm away in any direction, let go 12 cm above what is there."""
    angle, distance = rng.uniform(-math.pi, math.pi), rng.uniform(0.10, 0.20)
    offset = distance * np.array([math.cos(angle), math.sin(angle)])
    spot = np.array(item.pose.position)[:2] + offset
    _put(world, item, np.append(spot, _height_of_what_is_there(world, item, spot) + 0.12))
    world.settle(0.7)
    return f"{item.name} was moved {distance:.2f} m"


def lift(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Into the air, 15 to 30 cm up, at the instant of the verification."""
    height = rng.uniform(0.15, 0.30)
    _put(world, item, np.array(item.pose.position) + np.array([0.0, 0.0, height]))
    return f"{item.name} was lifted {height:.2f} m"


def tip(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Turned onto its side beside where it was."""
    turn = Pose(quat_xyzw=(math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4)))
    angle = rng.uniform(-math.pi, math.pi)
    x, y = (float(value) for value in np.array(item.pose.position)[:2] + 0.09 * np.array([math.cos(angle), math.sin(angle)]))
    z = _height_of_what_is_there(world, item, np.array([x, y])) + max(item.size) / 2 + 0.02
    world.move_object(item.name, Pose(position=(x, y, z), quat_xyzw=(item.pose @ turn).quat_xyzw))
    world.settle(0.7)
    return f"{item.name} was tipped over"


def take_away(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Out of reach."""
    corners = [support.bounds for support in _supports(world)]
    low, high = (np.min([one for one, _ in corners], axis=0), np.max([one for _, one in corners], axis=0))
    _put(world, item, np.array([low[0], high[1], high[2]]) + AWAY)
    return f"{item.name} was taken away"


def turn(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Turned about the vertical where it stands, by an amount after which next to nothing looks the same."""
    angle = float(rng.choice([-1.0, 1.0]) * rng.uniform(math.radians(30), math.radians(60)))
    x, y, _ = (float(value) for value in item.centre)
    about = Pose(position=(x, y, 0.0)) @ Pose.from_yaw((0.0, 0.0, 0.0), angle) @ Pose(position=(-x, -y, 0.0))
    world.move_object(item.name, about @ item.pose)
    return f"{item.name} was turned by {math.degrees(angle):.0f} degrees"


def nudge(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """A little to the side, 4 to 7 cm, along what it stands on; where it runs into nothing, if there is such a side."""
    distance, place = rng.uniform(0.04, 0.07), np.array(item.pose.position)
    for angle in rng.uniform(-math.pi, math.pi) + 2 * math.pi * np.arange(8) / 8:
        _put(world, item, place + distance * np.array([math.cos(angle), math.sin(angle), 0.0]))
        if min(world.gaps(item.name, within=0.01).values(), default=0.0) > -0.002:
            break
    return f"{item.name} was nudged by {distance:.2f} m"


def slide(world: Disturbable, item: SceneObject, rng: np.random.Generator) -> str:
    """Each of its joints to the other half of its range."""
    for joint in item.joints:
        middle = (joint.lower + joint.upper) / 2
        low = joint.value is None or joint.value < middle
        ends = (middle, joint.upper) if low else (joint.lower, middle)
        share = float(rng.uniform(0.3, 0.9))
        world.move_joint(item.name, joint.name, ends[0] + share * (ends[1] - ends[0]))
    return f"the joints of {item.name} were moved"


def _can_be_moved(item: SceneObject) -> bool:
    return item.movable


def _has_joints(item: SceneObject) -> bool:
    return bool(item.joints)


Spoil = Callable[[Disturbable, SceneObject, np.random.Generator], str]
KINDS: dict[str, tuple[Spoil, Callable[[SceneObject], bool]]] = {
    "move": (move, _can_be_moved),
    "lift": (lift, _can_be_moved),
    "tip": (tip, _can_be_moved),
    "take_away": (take_away, _can_be_moved),
    "turn": (turn, _can_be_moved),
    "nudge": (nudge, _can_be_moved),
    "slide": (slide, _has_joints),
}
"""How the world is spoilt, and which objects can be spoilt so."""


def _supports(world: Disturbable) -> list[SceneObject]:
    return [item for item in world.scene().objects if item.role == "support"]


def _height_of_what_is_there(world: Disturbable, item: SceneObject, spot: NDArray[np.float64]) -> float:
    """Height of the highest of what an object would be over at a spot, or hit [m]; else of the lowest support. Shape (2,)."""
    around = max(item.size)
    tops = [
        other.extent(UP)
        for other in world.scene().objects
        if other.name != item.name and other.over(spot) >= (0.0 if other.role == "support" else -around)
    ]
    return float(max(tops, default=min(support.extent(UP) for support in _supports(world))))


def _put(world: Disturbable, item: SceneObject, place: NDArray[np.float64]) -> None:
    x, y, z = (float(value) for value in place)
    world.move_object(item.name, Pose(position=(x, y, z), quat_xyzw=item.pose.quat_xyzw))
