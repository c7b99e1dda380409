"""Random places for a scene's objects: apart from one another, within their ranges, repeatable for a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.schema.pose import Pose
from lmp.schema.scene_file import TABLE, ObjectSpec, Place, SceneFile
from lmp.schema.shape import Cavity, Shape
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


@dataclass
class _Layout:
    """What has been placed so far."""

    poses: dict[str, Pose] = field(default_factory=dict)
    outlines: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    clearances: dict[str, float] = field(default_factory=dict)


class _TooFull(Exception):
    """No free place was found for the object."""


def place_objects(scene: SceneFile, rng: np.random.Generator) -> dict[str, Pose]:
    """Draws a pose for every object; supports come before what stands on them, large things before small ones.

    Raises:
        SetupFault: There is no room; says for which object.
    """
    shapes = {thing.name: build_shape(thing) for thing in scene.objects}
    full: dict[str, int] = {}
    for _ in range(LAYOUTS):
        try:
            return _draw_layout(scene, shapes, rng)
        except _TooFull as error:
            full[str(error)] = full.get(str(error), 0) + 1
            if _is_certain(scene, str(error)):
                break
    name = max(full, key=lambda key: full[key])
    raise SetupFault(
        f"Scene {scene.name!r}: there is no free place for {name!r} within its range "
        f"({sum(full.values())} layouts tried): widen its `place`, or lower `clearance`."
    )


def _is_certain(scene: SceneFile, name: str) -> bool:
    """True if another layout would not help: all places are fixed."""
    return all(_is_fixed(scene.place_of(thing)) for thing in scene.objects) and name != ""


def _is_fixed(place: Place) -> bool:
    return all(low == high for low, high in (place.x, place.y, place.yaw))


def _draw_layout(scene: SceneFile, shapes: dict[str, tuple[Shape, Cavity | None]], rng: np.random.Generator) -> dict[str, Pose]:
    layout = _Layout()
    for thing in _in_order(scene, shapes):
        place = scene.place_of(thing)
        clearance = scene.clearance if thing.clearance is None else thing.clearance
        best: tuple[float, Pose] | None = None
        found = 0
        for _ in range(1 if _is_fixed(place) else TRIES):
            pose = _draw(scene, place, thing, shapes, layout, rng)
            room = _room(scene, thing, place, pose, clearance, shapes, layout)
            if room is None:
                continue
            found += 1
            if best is None or min(room, ROOMY) > best[0]:
                best = (min(room, ROOMY), pose)
            if found == CANDIDATES or best[0] == ROOMY:
                break
        if best is None:
            raise _TooFull(thing.name)
        layout.poses[thing.name] = best[1]
        layout.outlines[thing.name] = outline(shapes[thing.name][0], best[1])
        layout.clearances[thing.name] = clearance
    return {thing.name: layout.poses[thing.name] for thing in scene.objects}


def _in_order(scene: SceneFile, shapes: dict[str, tuple[Shape, Cavity | None]]) -> list[ObjectSpec]:
    """Supports first, then fixed places before ranges, then large before small."""
    on = {thing.name: scene.place_of(thing).on for thing in scene.objects}

    def key(thing: ObjectSpec) -> tuple[int, bool, float]:
        depth, below = 0, on[thing.name]
        while below != TABLE:
            depth, below = depth + 1, on[below]
        reach = float(np.ptp(outline(shapes[thing.name][0], Pose()), axis=0).max())
        return depth, not _is_fixed(scene.place_of(thing)), -reach

    return sorted(scene.objects, key=key)


def _draw(
    scene: SceneFile,
    place: Place,
    thing: ObjectSpec,
    shapes: dict[str, tuple[Shape, Cavity | None]],
    layout: _Layout,
    rng: np.random.Generator,
) -> Pose:
    """A pose within the ranges, resting on the support; free distances are not asked here."""
    x, y, yaw = (float(rng.uniform(low, high)) for low, high in (place.x, place.y, place.yaw))
    down = shapes[thing.name][0].support(np.array([0.0, 0.0, -1.0]))
    if place.on == TABLE:
        return Pose.from_yaw((x, y, down + SPACE), yaw)
    support, cavity = shapes[place.on]
    top = support.support(np.array([0.0, 0.0, 1.0])) if cavity is None else cavity.floor
    return layout.poses[place.on] @ Pose.from_yaw((x, y, top + down + SPACE), yaw)


def _room(
    scene: SceneFile,
    thing: ObjectSpec,
    place: Place,
    pose: Pose,
    clearance: float,
    shapes: dict[str, tuple[Shape, Cavity | None]],
    layout: _Layout,
) -> float | None:
    """Free distance to the nearest thing on the same support [m]; None if the pose is not allowed."""
    own = outline(shapes[thing.name][0], pose)
    if place.on == TABLE:
        if not place.radius[0] <= math.hypot(*pose.position[:2]) <= place.radius[1] or not _on_table(scene, own):
            return None
    elif not _within(own, layout.poses[place.on], *shapes[place.on]):
        return None
    room = math.inf
    for other in layout.poses:
        spec = next(spec for spec in scene.objects if spec.name == other)
        if scene.place_of(spec).on != place.on:
            continue
        free = free_distance(own, layout.outlines[other])
        if free < max(clearance, layout.clearances[other]):
            return None
        room = min(room, free)
    return room


def _on_table(scene: SceneFile, points: NDArray[np.float64]) -> bool:
    centre, half = np.array(scene.table.centre), np.array(scene.table.size) / 2
    return bool((np.abs(points - centre) <= half).all())


def _within(points: NDArray[np.float64], support: Pose, shape: Shape, cavity: Cavity | None) -> bool:
    """Whether an outline fits in the support's hollow, or its middle is over a support without one."""
    local = support.inverse().apply(np.column_stack([points, np.full(len(points), support.position[2])]))[:, :2]
    if cavity is None:
        middle = np.append(local.mean(axis=0), 0.0)
        return free_distance(middle[None, :2] + 1e-6 * np.array([[0, 0], [1, 0], [0, 1]]), outline(shape, Pose())) <= 0
    if cavity.round:
        return bool((np.linalg.norm(local, axis=1) <= cavity.half_x - WALL_GAP).all())
    return bool((np.abs(local) <= np.array([cavity.half_x, cavity.half_y]) - WALL_GAP).all())
