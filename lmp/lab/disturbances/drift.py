"""The object that is reached for, or to which something is carried, drifts along what it stands on."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import world_capabilities
from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import UP, Occasion
from lmp.lab.disturbances.riders import riders, underside
from lmp.lab.disturbances.shift_target import DROP, within_reach
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.sims.scenes.footprint import free_distance, outline
from lmp.stages import Disturbable

Array = NDArray[np.float64]

FARTHEST = 0.10
"""How far it drifts, if there is so much room [m]."""
SHARES = (1.0, 0.75, 0.5, 0.3)
"""Shares of that for which room is looked for in turn [dimensionless]."""
WAYS = 48
"""Directions that are drawn before less is tried [count]."""
ROOM = 0.02
"""Free distance to everything else all along [m], or as much as there is where it begins."""
STEP = 0.01
"""Distance between the places on the way at which room is looked for [m]."""
STANDING = 2e-3
"""Height over its furniture up to which an object stands on that and on nothing else [m]."""
STUCK = 0.005
"""How far behind its drift an object is that something holds back [m]."""


def drift(occasion: Occasion, amount: float, rng: np.random.Generator) -> Drifting:
    """Lets the object that the motion follows drift with `amount` [m/s] in a random direction, on its furniture, for 10 cm.

    It goes less far where there is no room for so much in any direction.

    Raises:
        SetupFault: The motion follows nothing that could drift, it does not stand on furniture, or there is no room.
    """
    item = _followed(occasion)
    others = [other for name, other in occasion.objects.items() if name != item.name and not other.held]
    loads = riders(item, others, occasion.supports)
    own, low = outline(item.shape, item.pose), underside(item)
    support = occasion.support_under(own, low + 2 * DROP)
    if support is None or low - float(support.extent(UP)) > STANDING:
        raise SetupFault(f"{item.name!r} does not stand on furniture on which it could drift.")
    standing = [outline(other.shape, other.pose) for other in others if other not in loads]
    ground = float(support.extent(UP))
    walls = occasion.bodies_at(ground + 2 * DROP, ground + item.extent(UP) - low)
    standing += [outline(wall.shape, wall.pose) for wall in walls]
    for share in SHARES:
        for _ in range(WAYS):
            angle, distance = rng.uniform(-math.pi, math.pi), share * FARTHEST
            way = np.array([math.cos(occasion.heading + angle), math.sin(occasion.heading + angle)])
            places = [own + way * at for at in (*np.arange(STEP, distance, STEP), distance)]
            if all(_has_room(occasion, support, own, place, standing) for place in places):
                words = (
                    f"{item.name} drifts at {amount * 100:.1f} cm/s for {distance * 100:.0f} cm, "
                    f"{math.degrees(angle):.0f} degrees from forward towards the left."
                )
                return Drifting(occasion.world, (item, *loads), amount * way, distance, words)
    raise SetupFault(f"There is no room around {item.name!r} for it to drift.")


def _followed(occasion: Occasion) -> SceneObject:
    """The object that the motion follows; outside of a motion the object that it is about."""
    if occasion.motion is None:
        return occasion.target_object()
    names = [segment.follows.object for segment in occasion.motion.following if segment.follows is not None]
    found = next((occasion.movable[name] for name in names if name in occasion.movable), None)
    if found is None or found.held:
        raise SetupFault("The motion goes to nothing that could drift.")
    return found


def _has_room(occasion: Occasion, support: SceneObject, own: Array, place: Array, standing: list[Array]) -> bool:
    free = all(free_distance(place, other) >= min(ROOM, free_distance(own, other)) for other in standing)
    return free and all(support.over(point) >= 0.0 for point in place) and within_reach(occasion.world, place)


class Drifting:
    """An object on its way, tick by tick. What stands on it comes along: by friction, or by hand where there is none.

    Args:
        world: The world.
        items: The object, and what stands on or in it.
        velocity: Along the ground [m/s]. Shape (2,).
        distance: How far it goes [m].
        words: What happens.
    """

    def __init__(self, world: Disturbable, items: tuple[SceneObject, ...], velocity: Array, distance: float, words: str):
        self._world, self._items, self._velocity, self._distance = world, items, velocity, distance
        self._feels = world_capabilities(world).feels
        self._gone, self.words = 0.0, words

    def go_on(self, seconds: float) -> bool:
        """Lets it drift for a time [s]; false once it has come to its end, the gripper has it, or something holds it back."""
        name = self._items[0].name
        present = next((item for item in self._world.scene().objects if item.name == name), None) if self._forces else None
        touched = self._feels is not None and name in self._feels.touch().fingers
        if self._gone >= self._distance or touched or (self._forces and present is None):
            return self._over(present)
        self._gone += float(np.linalg.norm(self._velocity)) * seconds
        way = self._velocity / np.linalg.norm(self._velocity) * min(self._gone, self._distance)
        if not self._forces:
            for item in self._items:
                self._world.move_object(item.name, _displaced(item.pose, way))
            return True
        assert present is not None, "it was looked for"
        behind = np.array(self._items[0].pose.position[:2]) + way - np.array(present.pose.position[:2])
        if float(np.linalg.norm(behind)) > STUCK:
            return self._over(present)
        vx, vy = (float(value) for value in behind / seconds)
        self._world.throw(name, (vx, vy, 0.0))
        return True

    @property
    def _forces(self) -> bool:
        return self._world.has_forces

    def _over(self, present: SceneObject | None) -> bool:
        if present is not None and not present.held:
            self._world.throw(present.name, (0.0, 0.0, 0.0))
        return False


def _displaced(pose: Pose, way: Array) -> Pose:
    x, y, z = pose.position
    return Pose(position=(x + float(way[0]), y + float(way[1]), z), quat_xyzw=pose.quat_xyzw)
