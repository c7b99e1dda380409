"""Free places and slides against distances of boxes, which are known exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.primitives.places.free_places import SLIDE_STEP, free_places, free_slide, is_free, occupants
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box

ROBOT = RobotState(joint_names=("j1",), positions=(0.0,), velocities=(0.0,), gripper_width=0.08)
SPACE = Workspace(lower=(0.2, -0.4, 0.0), upper=(0.8, 0.4, 0.7))
PLACES = st.tuples(st.floats(0.3, 0.7), st.floats(-0.3, 0.3))


def cube(name: str, x: float, y: float, edge: float = 0.04, z: float = 0.0) -> SceneObject:
    return SceneObject(
        name=name, category="block", colour=None, pose=Pose(position=(x, y, z + edge / 2)), shape=Box(size=(edge, edge, edge))
    )


def scene(*things: SceneObject) -> Scene:
    return Scene(objects=things, robot=ROBOT, workspace=SPACE, T_world_base=Pose())


def apart(first: tuple[float, float], second: tuple[float, float], reach: float) -> float:
    """Free distance of two boxes along the axes whose half widths add up to `reach`, by the widest of the two gaps [m]."""
    return max(abs(a - b) - reach for a, b in zip(first, second, strict=True))


@settings(deadline=None, max_examples=60)
@given(place=PLACES, other=PLACES, room=st.floats(0.005, 0.1))
def test_what_is_nearer_than_the_room_stands_there(place: tuple[float, float], other: tuple[float, float], room: float) -> None:
    now = scene(cube("moved", 0.5, 0.0), cube("other", *other, edge=0.06))
    sideways = [max(abs(a - b) - 0.05, 0.0) for a, b in zip(place, other, strict=True)]
    found = occupants(now.get("moved"), place, now, room)
    if math.hypot(*sideways) < room - 1e-6:  # nearer than that as the crow flies, the corners too
        assert found == ["other"]
    elif apart(place, other, 0.05) > room + 1e-6:
        assert found == []


@settings(deadline=None, max_examples=25)
@given(wish=PLACES, other=PLACES)
def test_the_nearest_free_place_is_free_and_none_on_a_grid_is_nearer(
    wish: tuple[float, float], other: tuple[float, float]
) -> None:
    now = scene(cube("moved", 0.5, 0.0), cube("other", *other, edge=0.1))
    place = next(free_places(now.get("moved"), wish, now, rooms=(0.03,)))
    assert apart(place, other, 0.07) >= 0.03 - 1e-3 and is_free(now.get("moved"), place, now, 0.029)
    distance = math.dist(place, wish)
    for i in range(24):
        nearer = [
            wish[0] + 0.6 * distance * math.cos(i / 24 * math.tau),
            wish[1] + 0.6 * distance * math.sin(i / 24 * math.tau),
        ]
        inside = 0.23 < nearer[0] < 0.77 and -0.37 < nearer[1] < 0.37
        assert distance < 0.02 or not inside or apart((nearer[0], nearer[1]), other, 0.07) < 0.035


def test_places_keep_to_the_part_that_is_asked_for_and_end_where_there_is_none() -> None:
    now = scene(cube("moved", 0.5, 0.0))
    (x, _) = next(free_places(now.get("moved"), (0.3, 0.0), now, lambda point: bool(point[0] > 0.6)))
    assert 0.6 < x < 0.62
    assert list(free_places(cube("wide", 0.5, 0.0, edge=0.9), (0.5, 0.0), now)) == []


@pytest.mark.parametrize("gap", [0.02, 0.05, 0.08])
@pytest.mark.parametrize("along", [(0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)])
def test_a_slide_ends_before_what_is_in_its_way(gap: float, along: tuple[float, float]) -> None:
    x, y = 0.5 + along[0] * (0.04 + gap), along[1] * (0.04 + gap)
    now = scene(cube("moved", 0.5, 0.0), cube("wall", x, y))
    distance, ended_by = free_slide(now.get("moved"), along, 0.15, now, 0.008)
    assert ended_by == "wall" and gap - 0.008 - SLIDE_STEP <= distance <= gap - 0.008 + 1e-6
    back, nothing = free_slide(now.get("moved"), (-along[0], -along[1]), 0.1, now, 0.008)
    assert (back, nothing) == (pytest.approx(0.1), "")


def test_a_slide_ends_at_the_edge_and_what_is_held_or_above_is_not_in_the_way() -> None:
    now = scene(cube("moved", 0.5, 0.3), cube("rider", 0.5, 0.35, z=0.04))
    distance, ended_by = free_slide(now.get("moved"), (0.0, 1.0), 0.2, now, 0.008)
    assert ended_by == "the edge of the workspace" and 0.075 <= distance <= 0.08
    held = now.get("rider").model_copy(update={"held_by": "gripper", "pose": Pose(position=(0.5, 0.3, 0.02))})
    assert occupants(now.get("moved"), (0.5, 0.3), now.replacing(held)) == []
