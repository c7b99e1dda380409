"""Places that a seed draws: apart, in range, repeatable; free distances against closed forms and invariances."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.errors import SetupFault
from lmp.schema.pose import Pose
from lmp.schema.scene_file import Place, SceneFile
from lmp.schema.shape import Box, Cylinder, solid_parts
from lmp.sims.scenes.footprint import free_distance, outline
from lmp.sims.scenes.loader import load_scene_file, scene_names
from lmp.sims.scenes.placement import place_objects
from lmp.sims.scenes.ready_shapes import build_shape

small = st.floats(-0.5, 0.5)
edge = st.floats(0.01, 0.3)


@settings(deadline=None, max_examples=60)
@given(small, small, edge, edge, edge, edge, st.floats(-3, 3), small, small)
def test_distance_of_two_boxes(
    x: float, y: float, a: float, b: float, c: float, d: float, turn: float, u: float, v: float
) -> None:
    """Two boxes with parallel sides, both turned and moved together, have the distance of their gaps along the sides."""
    gaps = np.array([abs(x) - (a + c) / 2, abs(y) - (b + d) / 2])
    expected = gaps.max() if (gaps <= 0).all() else float(np.hypot(*np.maximum(gaps, 0)))
    T_world_both = Pose.from_yaw((u, v, 0.0), turn)
    first = outline(Box(size=(a, b, 0.1)), T_world_both)
    second = outline(Box(size=(c, d, 0.1)), T_world_both @ Pose(position=(x, y, 0.3)))
    assert free_distance(first, second) == pytest.approx(expected, abs=1e-9)
    assert free_distance(second, first) == pytest.approx(expected, abs=1e-9)


def test_a_round_outline_contains_its_circle() -> None:
    circle = outline(Cylinder(radius=0.05, height=0.1), Pose(position=(1.0, 2.0, 0.0)))
    point = outline(Box(size=(1e-4, 1e-4, 1e-4)), Pose(position=(1.2, 2.0, 0.0)))
    assert 0.15 - 6e-4 <= free_distance(circle, point) <= 0.15


@pytest.mark.parametrize("name", scene_names())
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 2**32 - 1])
def test_things_stand_apart_within_their_ranges(name: str, seed: int) -> None:
    scene = load_scene_file(name)
    poses = place_objects(scene, np.random.default_rng(seed))
    assert poses == place_objects(scene, np.random.default_rng(seed))
    outlines = {thing.name: outline(build_shape(thing).shape, poses[thing.name]) for thing in scene.objects}
    for index, thing in enumerate(scene.objects):
        place = scene.place_of(thing)
        if place.on is None:
            x, y, _ = poses[thing.name].position
            assert place.x[0] <= x <= place.x[1]
            assert place.y[0] <= y <= place.y[1]
            assert place.radius[0] <= math.hypot(x, y) <= place.radius[1]
        for other in scene.objects[:index]:
            if scene.place_of(other).on == place.on:
                assert free_distance(outlines[thing.name], outlines[other.name]) >= scene.clearance


def test_seeds_differ() -> None:
    scene = load_scene_file("tabletop")
    spots = {place_objects(scene, np.random.default_rng(seed))["bowl"].position for seed in range(8)}
    assert len(spots) == 8


def test_a_thing_on_another_is_inside_its_hollow_and_over_its_floor() -> None:
    scene = load_scene_file("kitchen")
    plate, lemon = (next(thing for thing in scene.objects if thing.name == name) for name in ("plate", "lemon"))
    cavity = build_shape(plate).cavity
    assert cavity is not None
    for seed in range(5):
        poses = place_objects(scene, np.random.default_rng(seed))
        x, y, z = poses["plate"].inverse().apply(np.array(poses["lemon"].position))
        assert math.hypot(x, y) + 0.026 <= cavity.half_x
        assert 0 < z - build_shape(lemon).shape.support(np.array([0.0, 0.0, -1.0])) - cavity.floor < 1e-3


def test_a_scene_without_room_names_what_does_not_fit() -> None:
    scene = load_scene_file("tabletop")
    tight = scene.model_copy(update={"placement": Place(x=(0.4, 0.42), y=(0.0, 0.02))})
    with pytest.raises(SetupFault, match=r"there is no free place for '\w+' within its range .* widen its `place`"):
        place_objects(tight, np.random.default_rng(0))


def test_places_beside_things_stay_free() -> None:
    """Crowding would make instructions impossible: nothing stands closer to anything than a finger with room to spare."""
    scene = load_scene_file("tabletop")
    nearest = []
    for seed in range(20):
        poses = place_objects(scene, np.random.default_rng(seed))
        outlines = [outline(build_shape(thing).shape, poses[thing.name]) for thing in scene.objects]
        nearest.append(min(free_distance(a, b) for i, a in enumerate(outlines) for b in outlines[:i]))
    assert np.median(nearest) > 0.05


@pytest.mark.parametrize(
    "shape",
    [
        {"kind": "bowl", "inner_radius": 0.07, "height": 0.05, "wall": 0.005, "lean": 0.3},
        {"kind": "plate", "inner_radius": 0.08, "height": 0.015, "wall": 0.005, "lean": 1.0},
        {"kind": "mug", "inner_radius": 0.03, "height": 0.08, "wall": 0.004, "handle": 0.03},
        {"kind": "tray", "inner_size": [0.2, 0.15], "height": 0.03},
    ],
    ids=lambda shape: str(shape["kind"]),
)
def test_hollow_shapes_are_hollow(shape: dict[str, object]) -> None:
    """No point of the cavity is in any part; points just outside its floor, and beyond its wall at the floor, are."""
    data = {"name": "x", "workspace": {"lower": [0, 0, 0], "upper": [1, 1, 1]}}
    spec = SceneFile.model_validate(data | {"objects": [{"name": "a", "category": "a", "shape": shape}]}).objects[0]
    shaped = build_shape(spec)
    built, cavity = shaped.shape, shaped.cavity
    assert cavity is not None
    rng = np.random.default_rng(0)
    points = rng.uniform(-1, 1, (4000, 3)) * [cavity.half_x, cavity.half_y, 0]
    if cavity.round:
        points = points[np.hypot(points[:, 0], points[:, 1]) < cavity.half_x]
    heights = rng.uniform(cavity.floor, cavity.rim, len(points))
    assert not inside(built, np.column_stack([points[:, :2], heights])).any()
    assert inside(built, np.column_stack([points[:, :2], np.full(len(points), cavity.floor - 1e-3)])).all()
    angles = rng.uniform(-math.pi, math.pi, 500)
    if cavity.round:
        rim = (cavity.half_x + 0.002) * np.column_stack([np.cos(angles), np.sin(angles)])
        assert inside(built, np.column_stack([rim, np.full(500, cavity.floor + 1e-4)])).all()
    assert built.support(np.array([0.0, 0.0, 1.0])) == pytest.approx(cavity.rim, abs=1e-9)
    assert built.support(np.array([0.0, 0.0, -1.0])) == pytest.approx(cavity.rim, abs=1e-9)


def inside(shape: object, points: np.ndarray) -> np.ndarray:
    found = np.zeros(len(points), dtype=bool)
    for part in solid_parts(shape):
        local = part.pose.inverse().apply(points)
        if isinstance(part.shape, Box):
            found |= (np.abs(local) < np.array(part.shape.size) / 2 - 1e-9).all(axis=1)
        else:
            radial = np.hypot(local[:, 0], local[:, 1])
            found |= (radial < part.shape.radius - 1e-9) & (np.abs(local[:, 2]) < part.shape.height / 2 - 1e-9)
    return found
