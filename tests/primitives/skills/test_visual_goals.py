"""Goals that are pointed at in a picture, compiled."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from compile_scenes import block, compiler, holding, table_scene, tray, world_model
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_camera import HEIGHT, OBLIQUE, WIDTH, picture, pixel_of, seen

from lmp.meaning.conditions import In, On
from lmp.meaning.relations import holds
from lmp.primitives.places.placements import Placement, placements
from lmp.primitives.places.seen_places import BoxTarget, PointTarget
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.primitives.skills.push import PushParameters
from lmp.schema.condition import Condition
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict, Violation

RED, BLUE = block("red_block", 0.5, 0.1, yaw=0.3), block("blue_block", 0.42, -0.14, 0.05)
TRAY = tray("tray", 0.58, -0.06)


@cache
def before() -> Scene:
    return seen(table_scene(RED, BLUE, TRAY))


@cache
def held() -> Scene:
    return seen(holding(table_scene(RED, BLUE, TRAY), "red_block"))


def point(scene: Scene, x: float, y: float, z: float, camera: int = 0) -> dict[str, Any]:
    return {"kind": "point", **pixel_of(scene.frames[camera], (x, y, z))}


def place(target: dict[str, Any]) -> PlaceParameters:
    return PlaceParameters.model_validate({"kind": "place", "object": "red_block", "target": target})


def after(primitive: SkillParameters, scene: Scene) -> tuple[JointTrajectory, Scene]:
    result = compiler().compile(primitive, scene)
    assert isinstance(result, JointTrajectory), str(result)
    return result, world_model().predict(primitive, scene, result)


def said(primitive: SkillParameters, scene: Scene) -> list[str]:
    result = compiler().compile(primitive, scene)
    assert isinstance(result, Verdict)
    return [f"{violation.code}: {violation.message}" for violation in result.violations]


@pytest.mark.parametrize("camera", [0, 1])
def test_it_is_put_where_the_pixel_shows_the_table(camera: int) -> None:
    _, then = after(place(point(held(), 0.4, 0.02, 0.0, camera)), held())
    assert then.get("red_block").centre == pytest.approx([0.4, 0.02, 0.02], abs=0.006)
    assert then.get("red_block").bounds[0][2] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("target", "condition"),
    [
        (point(held(), 0.425, -0.14, 0.05), On(object="red_block", support="blue_block")),
        (point(held(), 0.445, -0.14, 0.02, 1), On(object="red_block", support="blue_block")),
        (point(held(), 0.6, -0.06, 0.005), In(object="red_block", container="tray")),
        (point(held(), 0.58, -0.116, 0.005), In(object="red_block", container="tray")),
    ],
    ids=["on top", "its side", "on the floor", "at the wall"],
)
def test_the_pixel_of_a_thing_means_on_or_in_it(target: dict[str, Any], condition: Condition) -> None:
    _, then = after(place(target), held())
    result = holds(condition, then)
    assert result.holds, result.measured


@settings(max_examples=40)
@given(column=st.floats(0, WIDTH, exclude_max=True), row=st.floats(0, HEIGHT, exclude_max=True), camera=st.integers(0, 1))
def test_every_pixel_gives_places_there_or_one_violation(column: float, row: float, camera: int) -> None:
    frame = held().frames[camera]
    found = placements(held().get("red_block"), PointTarget(camera=frame.name, column=column, row=row), held())
    lifted = frame.lift(column, row)
    for place_found in found:
        if isinstance(place_found, Violation):
            assert place_found.code in ("not_seen", "does_not_fit", "no_free_place") and len(found) == 1
        elif place_found.surface.owner == "table":
            bounds = held().get("red_block")
            assert place_found.T_world_object[:2, 3] == pytest.approx(lifted[:2], abs=1e-6), bounds
        else:
            assert isinstance(place_found, Placement) and place_found.surface.owner in ("blue_block", "tray")


def box(scene: Scene, low: tuple[float, float], high: tuple[float, float], z: float = 0.0) -> dict[str, Any]:
    ends = np.array([pixel_of_pair(scene, (*low, z)), pixel_of_pair(scene, (*high, z))])
    (left, top), (right, bottom) = ends.min(axis=0), ends.max(axis=0)
    return {"kind": "box", "camera": "top", "left": left, "top": top, "right": right, "bottom": bottom}


def pixel_of_pair(scene: Scene, spot: tuple[float, float, float]) -> tuple[float, float]:
    column, row = scene.frames[0].project(np.array(spot))
    return float(column), float(row)


def test_in_a_box_on_the_table_it_comes_to_the_middle_of_it() -> None:
    _, then = after(place(box(held(), (0.34, -0.02), (0.44, 0.04))), held())
    assert then.get("red_block").centre[:2] == pytest.approx([0.39, 0.01], abs=0.006)


def test_in_a_box_whose_middle_is_taken_it_comes_beside_that() -> None:
    target = BoxTarget.model_validate(box(held(), (0.32, -0.3), (0.52, 0.0)))
    found = placements(held().get("red_block"), target, held())
    assert all(isinstance(one, Placement) and one.surface.owner == "table" for one in found)
    middles = np.array([one.T_world_object[:2, 3] for one in found if isinstance(one, Placement)])
    assert (middles > [0.31, -0.31]).all() and (middles < [0.53, 0.01]).all()
    assert np.linalg.norm(middles - BLUE.centre[:2], axis=1).min() > 0.045


def test_a_box_around_a_thing_means_in_or_on_it() -> None:
    _, then = after(place(box(held(), (0.49, -0.13), (0.67, 0.01))), held())
    assert holds(In(object="red_block", container="tray"), then).holds
    _, then = after(place(box(held(), (0.39, -0.17), (0.45, -0.11), 0.05)), held())
    assert then.get("red_block").centre == pytest.approx([0.42, -0.14, 0.07], abs=1e-3)


def test_the_ground_of_a_scene_without_a_table_can_be_pointed_at() -> None:
    space = held().workspace
    floor = space.model_copy(update={"lower": (*space.lower[:2], 0.0)})
    things = tuple(thing for thing in held().objects if thing.name != "table")
    bare = held().model_copy(update={"objects": things, "workspace": floor})
    frame = picture(held())
    unlabelled = frame.model_copy(update={"segmentation": np.full((1, 1), -1), "labels": ()})
    _, then = after(place(point(held(), 0.4, 0.02, 0.0)), seen(bare, unlabelled))
    assert then.get("red_block").centre == pytest.approx([0.4, 0.02, 0.02], abs=0.006)


def test_what_cannot_be_used_as_a_place_is_told() -> None:
    middle = held().get("red_block").bounds[1][2]
    itself = pixel_of(held().frames[0], (*held().get("red_block").centre[:2], middle))
    words = said(place({"kind": "point", **itself}), held())
    assert len(words) == 1 and words[0].startswith("not_seen: Column ") and words[0].endswith("of top shows red_block itself.")
    frame = held().frames[0]
    robot = frame.model_copy(update={"labels": ("robot", *frame.labels[1:])})
    words = said(place(point(held(), 0.4, 0.02, 0.0)), seen(held(), robot))
    assert words[0].endswith("of top shows robot, on which nothing can be put.")
    words = said(place(point(held(), 0.4, 0.02, 0.0)), held().model_copy(update={"frames": ()}))
    assert words == ["not_seen: There is no picture of camera 'top'."]


@pytest.mark.parametrize("side", [-0.045, 0.045])
def test_a_tray_is_taken_at_the_wall_that_is_pointed_at(side: float) -> None:
    wall = (0.58, -0.06 + side / 0.045 * 0.0625, 0.03)
    primitive = PickParameters.model_validate({"object": "tray", "at": pixel_of(before().frames[0], wall)})
    trajectory, _ = after(primitive, before())
    closed = trajectory.tool_path[round(trajectory.gripper[1].t * 1000)]
    assert closed[:2] == pytest.approx(wall[:2], abs=0.012)


def test_where_no_grasp_is_near_the_point_it_is_refused() -> None:
    primitive = PickParameters.model_validate({"object": "tray", "at": pixel_of(before().frames[0], (0.58, -0.06, 0.005))})
    (words,) = said(primitive, before())
    assert words.startswith("not_as_requested: The nearest free grasp is ") and words.endswith(" mm from the requested point.")


def test_a_pixel_beside_the_thing_names_what_is_there_together_with_the_other_complaints() -> None:
    other = pixel_of(before().frames[0], (0.42, -0.14, 0.05))
    words = said(PickParameters.model_validate({"object": "red_block", "at": other, "force": 150.0}), before())
    assert [sentence.split(":")[0] for sentence in words] == ["force_limit", "not_seen"]
    assert words[1].endswith("of top shows blue_block, not red_block.")


def pair(scene: Scene, start: tuple[float, float, float], end: tuple[float, float, float]) -> PushParameters:
    first, second = pixel_of(scene.frames[0], start), pixel_of(scene.frames[0], end)
    ends = [{"column": one["column"], "row": one["row"]} for one in (first, second)]
    along = {"camera": "top", "source": ends[0], "destination": ends[1]}
    return PushParameters.model_validate({"object": "red_block", "along": along})


def test_a_push_goes_from_pixel_to_pixel() -> None:
    primitive = pair(before(), (0.5, 0.1, 0.04), (0.44, 0.2, 0.0))
    _, then = after(primitive, before())
    frame = before().frames[0]
    ends = [frame.lift(end.column, end.row) for end in primitive.along.ends] if primitive.along else []
    assert then.get("red_block").centre[:2] - RED.centre[:2] == pytest.approx(ends[1][:2] - ends[0][:2], abs=1e-9)
    assert then.get("red_block").centre[:2] == pytest.approx([0.44, 0.2], abs=0.012)


def test_pixels_that_make_no_push_are_told() -> None:
    words = said(pair(before(), (0.42, -0.14, 0.05), (0.44, 0.2, 0.0)), before())
    assert words[0].endswith("of top shows blue_block, not red_block.")
    words = said(pair(before(), (0.5, 0.1, 0.04), (0.503, 0.1, 0.04)), before())
    assert words[0].startswith("out_of_range: From the one pixel to the other it is 0.00")
    frame = before().frames[0]
    robot = seen(before(), frame.model_copy(update={"labels": ("robot", *frame.labels[1:])}))
    words = said(pair(robot, (0.5, 0.1, 0.04), (0.44, 0.2, 0.0)), robot)
    assert words[0].endswith("of top shows robot; nothing can be pushed there.")
    assert said(pair(before(), (0.5, 0.1, 0.04), (0.5, 0.3, 0.0)), table_scene(RED, BLUE)) == [
        "not_seen: There is no picture of camera 'top'."
    ]
    holds_it = said(pair(held(), (0.42, -0.14, 0.05), (0.44, 0.2, 0.0)), held())
    assert [sentence.split(":")[0] for sentence in holds_it] == ["already_holding", "not_seen"]


def test_a_push_is_said_in_one_of_two_ways() -> None:
    along = {"camera": "top", "source": {"column": 1, "row": 1}, "destination": {"column": 2, "row": 2}}
    with pytest.raises(ValueError, match="give either `dx` and `dy`, or `along`, not both"):
        PushParameters.model_validate({"object": "red_block", "dx": 0.1, "along": along})
    with pytest.raises(ValueError, match="or give `along`"):
        PushParameters.model_validate({"object": "red_block"})


def test_a_predicted_scene_keeps_no_wrong_place() -> None:
    """The picture still shows where the block was before it was lifted."""
    lifted = before().model_copy(update={"objects": held().objects, "robot": held().robot})
    words = said(place(point(before(), 0.5, 0.1, 0.04)), lifted)
    assert len(words) == 1 and words[0].endswith("of top shows red_block where it was; it is elsewhere now.")


def test_the_oblique_camera_sees_what_is_pointed_at() -> None:
    frame = picture(before(), OBLIQUE, "front")
    assert {"table", "red_block", "blue_block", "tray"} <= {
        frame.labels[index] for index in np.unique(frame.segmentation) if index >= 0
    }
