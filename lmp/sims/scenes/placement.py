"""Random places for a scene's objects: apart from one another, within their ranges, repeatable for a seed."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.schema.pose import Pose
from lmp.schema.scene_file import TABLE, ObjectSpec, Place, SceneFile
from lmp.sims.scenes.footprint import free_distance, outline
from lmp.sims.scenes.ready_shapes import build_shape

TRIES = 2000
"""Draws for one object before a layout is given up."""
LAYOUTS = 40
"""Layouts that are begun before the scene is called too full."""
CANDIDATES = 12
"""Free places of which the roomiest is taken (Mitchell's best candidate), so that places beside things stay free."""
ROOMY = 0.12
"""Free distance beyond which more room is no better [m]: a block with a finger on both sides."""
SPACE = 5e-4
"""Height over the support at which things start, so that nothing starts inside anything [m]."""
WALL_GAP = 0.002
"""Free distance to a container's wall at the start [m]."""


def place_objects(scene: SceneFile, rng: np.random.Generator) -> dict[str, Pose]:
    """Draws a pose for every object; supports come before what stands on them, large things before small ones.

    Raises:
        SetupFault: There is no room; says for which object.
    """
    fixed = all(_is_fixed(scene.place_of(thing)) for thing in scene.objects)
    missing: Counter[str] = Counter()
    for _ in range(1 if fixed else LAYOUTS):
        layout = _Layout(scene)
        failed = next((thing.name for thing in layout.order() if not layout.add(thing, rng)), None)
        if failed is None:
            return {thing.name: layout.poses[thing.name] for thing in scene.objects}
        missing[failed] += 1
    name = missing.most_common(1)[0][0]
    raise SetupFault(
        f"Scene {scene.name!r}: there is no free place for {name!r} within its range "
        f"({missing.total()} layouts tried): widen its `place`, or lower `clearance`."
    )


def _is_fixed(place: Place) -> bool:
    return all(low == high for low, high in (place.x, place.y, place.yaw))


class _Layout:
    """What has been placed so far."""

    def __init__(self, scene: SceneFile):
        self.scene = scene
        self.poses: dict[str, Pose] = {}
        self._specs = {thing.name: thing for thing in scene.objects}
        self._shapes = {thing.name: build_shape(thing) for thing in scene.objects}
        self._outlines: dict[str, NDArray[np.float64]] = {}

    def order(self) -> list[ObjectSpec]:
        """Supports first, then fixed places before ranges, then large before small."""

        def key(thing: ObjectSpec) -> tuple[int, bool, float]:
            place, depth = self.scene.place_of(thing), 0
            fixed = _is_fixed(place)
            while place.on != TABLE:
                depth, place = depth + 1, self.scene.place_of(self._specs[place.on])
            return depth, not fixed, -float(np.ptp(outline(self._shapes[thing.name][0], Pose()), axis=0).max())

        return sorted(self.scene.objects, key=key)

    def add(self, thing: ObjectSpec, rng: np.random.Generator) -> bool:
        """Places one object at the roomiest of some free places; False if there is none."""
        place = self.scene.place_of(thing)
        best, most, found = None, -1.0, 0
        for _ in range(1 if _is_fixed(place) else TRIES):
            pose = self._draw(thing, place, rng)
            room = self._room(thing, place, pose)
            if room is None:
                continue
            found += 1
            if min(room, ROOMY) > most:
                best, most = pose, min(room, ROOMY)
            if found == CANDIDATES or most == ROOMY:
                break
        if best is None:
            return False
        self.poses[thing.name] = best
        self._outlines[thing.name] = outline(self._shapes[thing.name][0], best)
        return True

    def _draw(self, thing: ObjectSpec, place: Place, rng: np.random.Generator) -> Pose:
        """A pose within the ranges, resting on the support; free distances are not asked here."""
        x, y, yaw = (float(rng.uniform(low, high)) for low, high in (place.x, place.y, place.yaw))
        down = self._shapes[thing.name][0].support(np.array([0.0, 0.0, -1.0]))
        if place.on == TABLE:
            return Pose.from_yaw((x, y, down + SPACE), yaw)
        support, cavity = self._shapes[place.on]
        top = support.support(np.array([0.0, 0.0, 1.0])) if cavity is None else cavity.floor
        return self.poses[place.on] @ Pose.from_yaw((x, y, top + down + SPACE), yaw)

    def _room(self, thing: ObjectSpec, place: Place, pose: Pose) -> float | None:
        """Free distance to the nearest thing on the same support [m]; None if the pose is not allowed."""
        own = outline(self._shapes[thing.name][0], pose)
        if not (self._on_table(own, place, pose) if place.on == TABLE else self._on_support(own, place.on)):
            return None
        room = math.inf
        for name, other in self._outlines.items():
            if self.scene.place_of(self._specs[name]).on != place.on:
                continue
            free = free_distance(own, other)
            if free < max(self._clearance(thing), self._clearance(self._specs[name])):
                return None
            room = min(room, free)
        return room

    def _clearance(self, thing: ObjectSpec) -> float:
        return self.scene.clearance if thing.clearance is None else thing.clearance

    def _on_table(self, points: NDArray[np.float64], place: Place, pose: Pose) -> bool:
        low, high = place.radius
        if not low <= math.hypot(*pose.position[:2]) <= high:
            return False
        centre, half = np.array(self.scene.table.centre), np.array(self.scene.table.size) / 2
        return bool((np.abs(points - centre) <= half).all())

    def _on_support(self, points: NDArray[np.float64], support: str) -> bool:
        """Whether an outline fits into the support's hollow, or its middle is over a support without one."""
        (shape, cavity), pose = self._shapes[support], self.poses[support]
        local = pose.inverse().apply(np.column_stack([points, np.full(len(points), pose.position[2])]))[:, :2]
        if cavity is None:
            speck = 1e-6 * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
            return free_distance(local.mean(axis=0) + speck, outline(shape, Pose())) <= 0
        if cavity.round:
            return bool((np.linalg.norm(local, axis=1) <= cavity.half_x - WALL_GAP).all())
        return bool((np.abs(local) <= np.array([cavity.half_x, cavity.half_y]) - WALL_GAP).all())
