"""Random places for a scene's objects: apart from one another, within their ranges, repeatable for a seed."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.schema.pose import Pose
from lmp.schema.scene_file import FLOOR, ObjectSpec, Place, SceneFile
from lmp.schema.shape import Articulated, Cavity
from lmp.sims.scenes.built_shape import BuiltShape
from lmp.sims.scenes.footprint import free_distance, outline
from lmp.sims.scenes.ready_shapes import build_shape, hollow_complaint

TRIES = 800
"""Draws for one object before a layout is given up."""
LAYOUTS = 20
"""Layouts that are begun before the scene is called too full."""
CANDIDATES = 30
"""Free places of which the roomiest is taken (Mitchell's best candidate), so that places beside objects stay free."""
ROOMY = 0.12
"""Free distance beyond which more room is no better [m]: a block with a finger on both sides."""
SPACE = 5e-4
"""Height over the support at which objects start, so that nothing starts inside anything [m]."""
WALL_GAP = 0.002
"""Free distance to a container's wall at the start [m]."""


def draw_joints(scene: SceneFile, rng: np.random.Generator) -> SceneFile:
    """The scene with each joint's start drawn from its range; random numbers are drawn for ranges only."""

    def drawn(spec: ObjectSpec) -> ObjectSpec:
        joints = {}
        for name, joint in spec.joints.items():
            low, high = joint.value or (0.0, 0.0)
            start = float(rng.uniform(low, high)) if low < high else low
            joints[name] = joint if joint.value is None else joint.model_copy(update={"value": (start, start)})
        return spec.model_copy(update={"joints": joints}) if joints else spec

    return scene.model_copy(update={"objects": tuple(drawn(spec) for spec in scene.objects)})


def place_objects(scene: SceneFile, rng: np.random.Generator) -> dict[str, Pose]:
    """Draws a pose in the world for every object; what carries comes before what stands on it, large before small.

    Raises:
        SetupFault: There is no room; says for which object.
    """
    fixed = all(_is_fixed(scene.place_of(item)) for item in scene.objects)
    missing: Counter[str] = Counter()
    for _ in range(1 if fixed else LAYOUTS):
        layout = _Layout(scene)
        failed = next((item.name for item in layout.order() if not layout.add(item, rng)), None)
        if failed is None:
            return {item.name: scene.T_world_scene @ layout.poses[item.name] for item in scene.objects}
        missing[failed] += 1
    name = missing.most_common(1)[0][0]
    raise SetupFault(
        f"Scene {scene.name!r}: there is no free place for {name!r} within its range "
        f"({missing.total()} layouts tried): widen its `place`, or lower `clearance`."
    )


def _is_fixed(place: Place) -> bool:
    return all(low == high for low, high in (place.x, place.y, place.yaw))


def _moved(points: NDArray[np.float64], x: float, y: float, yaw: float) -> NDArray[np.float64]:
    """An outline turned, then moved. Shape (k, 2)."""
    c, s = math.cos(yaw), math.sin(yaw)
    moved: NDArray[np.float64] = points @ np.array([[c, s], [-s, c]]) + np.array([x, y])
    return moved


class _Layout:
    """The objects placed so far, in the scene's frame."""

    def __init__(self, scene: SceneFile):
        self.scene, self.base = scene, scene.T_scene_base or Pose()
        self._grounds = {support.name: support for support in scene.supports}
        self.poses: dict[str, Pose] = {}
        self._specs = {item.name: item for item in scene.objects}
        self._shapes = {item.name: build_shape(item) for item in scene.objects}
        self._outlines: dict[str, NDArray[np.float64]] = {}

    def order(self) -> list[ObjectSpec]:
        """Supports first, then fixed places before ranges, then large before small."""

        def key(item: ObjectSpec) -> tuple[int, bool, float]:
            place, depth = self.scene.place_of(item), 0
            fixed = _is_fixed(place)
            while (on := self.scene.carrier_of(place)) in self._specs:
                depth, place = depth + 1, self.scene.place_of(self._specs[on])
            return depth, not fixed, -float(np.ptp(outline(self._shapes[item.name].shape, Pose()), axis=0).max())

        return sorted(self.scene.objects, key=key)

    def add(self, item: ObjectSpec, rng: np.random.Generator) -> bool:
        """Places one object at the roomiest of some free places; False if there is none."""
        place = self.scene.place_of(item)
        own = outline(self._shapes[item.name].shape, Pose())
        best, most, found = None, -1.0, 0
        for _ in range(1 if _is_fixed(place) else TRIES):
            x, y, yaw = (float(rng.uniform(low, high)) for low, high in (place.x, place.y, place.yaw))
            spot = self._spot(place, x, y, yaw)
            room = self._room(item, place, _moved(own, *spot), spot)
            if room is None:
                continue
            found += 1
            if min(room, ROOMY) > most:
                best, most = spot, min(room, ROOMY)
            if found == CANDIDATES or most == ROOMY:
                break
        if best is None:
            return False
        x, y, yaw = best
        down = self._shapes[item.name].shape.support(np.array([0.0, 0.0, -1.0]))
        self.poses[item.name] = Pose.from_yaw((x, y, self._top(place) + down + SPACE), yaw)
        self._outlines[item.name] = _moved(own, x, y, yaw)
        return True

    def _hollow(self, place: Place) -> tuple[Cavity | None, Pose]:
        """The hollow that takes what is put at a place, and its frame; the support's own where there is none."""
        on = self.scene.carrier_of(place)
        built, pose = self._shapes[on], self.poses[on]
        cavity = _hollow_of(place, built)
        if cavity is None:
            return None, pose
        T_object_part = np.eye(4)
        if isinstance(built.shape, Articulated) and cavity.part is not None:
            found = built.shape.T_object_part(cavity.part)
            T_object_part = T_object_part if found is None else found
        return cavity, Pose.from_matrix(pose.matrix @ T_object_part) @ cavity.pose

    def _spot(self, place: Place, x: float, y: float, yaw: float) -> tuple[float, float, float]:
        """x, y, yaw in the scene's frame of what a place says in its support's."""
        if self._on_ground(place):
            return x, y, yaw
        _, base = self._hollow(place)
        (u, v), turn = base.position[:2], base.yaw
        return u + math.cos(turn) * x - math.sin(turn) * y, v + math.sin(turn) * x + math.cos(turn) * y, turn + yaw

    def _top(self, place: Place) -> float:
        """Height of the support's floor or top [m]."""
        on = self.scene.carrier_of(place)
        if self._on_ground(place):
            return self.scene.floor if on == FLOOR else self._grounds[on].centre[2]
        cavity, base = self._hollow(place)
        return base.position[2] + (
            self._shapes[on].shape.support(np.array([0.0, 0.0, 1.0])) if cavity is None else cavity.floor
        )

    def _room(self, item: ObjectSpec, place: Place, own: NDArray[np.float64], spot: tuple[float, float, float]) -> float | None:
        """Free distance to the nearest object on the same support [m]; None if the spot is not allowed."""
        if not (self._allowed(own, place, spot) if self._on_ground(place) else self._on_object(own, place)):
            return None
        room = math.inf
        for name, other in self._outlines.items():
            theirs = self.scene.place_of(self._specs[name])
            if (self.scene.carrier_of(theirs), theirs.cavity) != (self.scene.carrier_of(place), place.cavity):
                continue
            free = free_distance(own, other)
            if free < max(self._clearance(item), self._clearance(self._specs[name])):
                return None
            room = min(room, free)
        return room

    def _clearance(self, item: ObjectSpec) -> float:
        return self.scene.clearance if item.clearance is None else item.clearance

    def _on_ground(self, place: Place) -> bool:
        """True if it is on a support or the floor, not on another object."""
        return self.scene.carrier_of(place) not in self._specs

    def _allowed(self, points: NDArray[np.float64], place: Place, spot: tuple[float, float, float]) -> bool:
        """True if an outline is as far from the robot as the place says, and wholly on its support."""
        low, high = place.radius
        if not low <= math.hypot(spot[0] - self.base.position[0], spot[1] - self.base.position[1]) <= high:
            return False
        on = self.scene.carrier_of(place)
        if on == FLOOR:
            return True
        support = self._grounds[on]
        local = support.T_scene_support.inverse().apply(np.column_stack([points, np.zeros(len(points))]))[:, :2]
        return bool((np.abs(local) <= np.array(support.size) / 2).all())

    def _on_object(self, points: NDArray[np.float64], place: Place) -> bool:
        """True if an outline fits into the support's hollow, or its middle is over a support without one."""
        cavity, pose = self._hollow(place)
        local = pose.inverse().apply(np.column_stack([points, np.full(len(points), pose.position[2])]))[:, :2]
        if cavity is None:
            speck = 1e-6 * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
            return (
                free_distance(local.mean(axis=0) + speck, outline(self._shapes[self.scene.carrier_of(place)].shape, Pose()))
                <= 0
            )
        if cavity.round:
            return bool((np.linalg.norm(local, axis=1) <= cavity.half_x - WALL_GAP).all())
        return bool((np.abs(local) <= np.array([cavity.half_x, cavity.half_y]) - WALL_GAP).all())


def _hollow_of(place: Place, built: BuiltShape) -> Cavity | None:
    """The hollow that a place means: the one that it names, or that of a rigid container.

    Raises:
        SetupFault: There is none of that name.
    """
    if complaint := hollow_complaint(place, built):
        raise SetupFault(complaint)
    if place.cavity is None:
        return None if isinstance(built.shape, Articulated) else built.cavity
    return next(cavity for cavity in built.cavities if cavity.name == place.cavity)
