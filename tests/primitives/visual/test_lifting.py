"""What pixels show and where that is, against closed forms."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from compile_scenes import block, table_scene, tray
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from panda_arm import thing
from synthetic_camera import ABOVE, BACKGROUND, FOCAL, HEIGHT, OBLIQUE, WIDTH, looking, picture, seen

from lmp.primitives.visual.lifting import UNKNOWN, Seen, lifted, lifted_box, lifted_on, surface_distances
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.shape import Box, Cylinder, Mesh, Shape, Sphere
from lmp.schema.verdict import Violation
from lmp.schema.visual import PixelBox, PixelPair, PixelPoint

RED, BLUE = block("red_block", 0.5, 0.1, yaw=0.3), block("blue_block", 0.42, -0.1, 0.06)
columns = st.floats(0.0, WIDTH, exclude_max=True)
rows = st.floats(0.0, HEIGHT, exclude_max=True)


@cache
def scene() -> Scene:
    return seen(table_scene(RED, BLUE, tray("tray", 0.6, -0.05)))


def frame(name: str) -> CameraFrame:
    return next(each for each in scene().frames if each.name == name)


def at(column: float, row: float, camera: str = "top", where: Scene | None = None) -> Seen:
    found = lifted(PixelPoint(camera=camera, column=column, row=row), where or scene())
    assert isinstance(found, Seen), found
    return found


def refused(pixel: PixelPoint | PixelBox, where: Scene) -> Violation:
    found = lifted(pixel, where) if isinstance(pixel, PixelPoint) else lifted_box(pixel, where)
    assert isinstance(found, Violation) and found.code == "not_seen", found
    return found


@settings(max_examples=60)
@given(column=columns, row=rows, x=st.floats(-0.3, 0.3), y=st.floats(-0.3, 0.3), height=st.floats(0.3, 1.0))
def test_a_pixel_of_a_plane_lifts_to_where_its_ray_meets_the_plane(
    column: float, row: float, x: float, y: float, height: float
) -> None:
    T_world_camera = looking((0.5 + x, y, height), (0.5, 0.0, 0.0))
    bare = table_scene()
    bare = seen(bare, picture(bare, T_world_camera))
    ray = T_world_camera.rotation @ [(int(column) + 0.5 - WIDTH / 2) / FOCAL, (int(row) + 0.5 - HEIGHT / 2) / FOCAL, 1.0]
    assume(bare.frames[0].depth[int(row), int(column)] < BACKGROUND)
    meets = np.array(T_world_camera.position) - ray * T_world_camera.position[2] / ray[2]
    assert at(column, row, where=bare).point == pytest.approx(meets, abs=1e-9)


@settings(max_examples=60)
@given(column=columns, row=rows, camera=st.sampled_from(["top", "front"]))
def test_projecting_undoes_lifting_to_half_a_pixel(column: float, row: float, camera: str) -> None:
    found = at(column, row, camera)
    assert np.abs(frame(camera).project(found.point) - [column, row]).max() <= 0.5 + 1e-6
    assert frame(camera).lift(column, row) == pytest.approx(found.point, abs=1e-9)


@settings(max_examples=60)
@given(column=columns, row=rows, camera=st.sampled_from(["top", "front"]))
def test_without_a_segmentation_the_nearest_thing_is_shown(column: float, row: float, camera: str) -> None:
    whole = frame(camera)
    label = int(whole.segmentation[int(row), int(column)])
    bare = scene().model_copy(update={"frames": (whole.model_copy(update={"segmentation": np.full((1, 1), -1)}),)})
    told = whole.labels[label] if label >= 0 else UNKNOWN
    found = at(column, row, camera, bare)
    # Where two things meet, either is right.
    near = told == found.name or surface_distances(scene().get(told), found.point[None])[0] < 1e-6
    assert near


def test_at_the_edge_of_a_thing_nothing_is_half_way_in_depth() -> None:
    whole = frame("front")
    edges = [(row, int(column)) for row in range(HEIGHT) for column in np.flatnonzero(np.diff(whole.segmentation[row]))]
    assert len(edges) > 50
    for row, column in edges:
        left, right = at(column + 0.99, row, "front"), at(column + 1.01, row, "front")
        for found in (left, right):
            if found.name != UNKNOWN:
                assert surface_distances(scene().get(found.name), found.point[None])[0] < 1e-9
        assert left.name != right.name


def box_around(name: str, camera: str, margin: float = 0.0) -> PixelBox:
    whole = frame(camera)
    down, across = np.nonzero(whole.segmentation == whole.labels.index(name))
    left, top, right, bottom = across.min() - margin, down.min() - margin, across.max() + 1 + margin, down.max() + 1 + margin
    return PixelBox(camera=camera, left=left, top=top, right=right, bottom=bottom)


@pytest.mark.parametrize("camera", ["top", "front"])
@pytest.mark.parametrize("name", ["red_block", "blue_block"])
def test_a_box_shows_what_fills_most_of_it_and_its_front_surface(camera: str, name: str) -> None:
    found = lifted_box(box_around(name, camera), scene())
    assert isinstance(found, Seen) and found.name == name
    assert surface_distances(scene().get(name), found.points).max() < 1e-9
    assert np.linalg.norm(found.point - scene().get(name).centre) < 0.04
    if camera == "top":
        assert found.point == pytest.approx([*scene().get(name).centre[:2], scene().get(name).bounds[1][2]], abs=0.006)


def test_a_box_on_the_free_table_shows_the_table() -> None:
    found = lifted_box(PixelBox(camera="top", left=5, top=5, right=40.5, bottom=30.2), scene())
    assert isinstance(found, Seen) and found.name == "table"
    pixels = frame("top").project(found.points)
    assert pixels.min(axis=0) == pytest.approx([5.5, 5.5]) and pixels.max(axis=0) == pytest.approx([40.5, 30.5])


def test_a_large_box_is_thinned_out() -> None:
    found = lifted_box(PixelBox(camera="top", left=0, top=0, right=WIDTH, bottom=HEIGHT), scene())
    assert isinstance(found, Seen) and 1000 < len(found.points) <= 64 * 64


def test_an_unknown_camera_is_told_with_the_nearest() -> None:
    violation = refused(PixelPoint(camera="fronf", column=1, row=1), scene())
    assert violation.message == "There is no picture of camera 'fronf'. Did you mean 'front'?"
    assert violation.hint == "Cameras with a picture: top, front."


def test_a_scene_without_pictures_says_so() -> None:
    violation = refused(PixelPoint(camera="top", column=1, row=1), table_scene(RED))
    assert violation.message == "There is no picture of camera 'top'."
    assert violation.hint == "There are no pictures of this scene; name objects."


@pytest.mark.parametrize(
    "pixel",
    [
        PixelPoint(camera="top", column=WIDTH, row=3),
        PixelPoint(camera="top", column=3, row=9000),
        PixelBox(camera="top", left=3, top=3, right=WIDTH + 0.5, bottom=9),
    ],
)
def test_outside_of_the_picture_the_range_is_told(pixel: PixelPoint | PixelBox) -> None:
    violation = refused(pixel, scene())
    assert violation.message.endswith("of top is outside of the picture.")
    assert violation.hint == "Columns of top go from 0 to 160, rows from 0 to 120, the last not included."


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_pixel_without_valid_depth_has_no_place(value: float) -> None:
    depth = frame("top").depth.copy()
    depth[10, 20] = value
    holed = seen(scene(), frame("top").model_copy(update={"depth": depth}))
    violation = refused(PixelPoint(camera="top", column=20.9, row=10.1), holed)
    assert violation.message == "Column 21, row 10 of top has no valid depth."
    found = lifted_box(PixelBox(camera="top", left=18, top=8, right=23, bottom=13), holed)
    assert isinstance(found, Seen) and len(found.points) == 24


@pytest.mark.parametrize(
    ("changes", "lack"),
    [
        ({"depth": np.zeros((0, 0))}, "no depth, so its pixels have no place"),
        ({"depth": np.ones((2, 2))}, "no depth, so its pixels have no place"),
        ({"depth": np.ones(4)}, "no depth, so its pixels have no place"),
        ({"intrinsics": np.zeros((3, 3))}, "no intrinsics"),
        ({"intrinsics": np.eye(2)}, "no intrinsics"),
    ],
)
def test_a_picture_that_cannot_be_lifted_says_what_it_lacks(changes: dict[str, object], lack: str) -> None:
    lame = seen(scene(), frame("top").model_copy(update=changes))
    assert refused(PixelPoint(camera="top", column=1, row=1), lame).message == f"The picture of top has {lack}."


def test_what_was_moved_since_the_picture_is_not_taken_for_where_it_was() -> None:
    moved = scene().replacing(block("red_block", 0.3, 0.3))
    column, row = frame("top").project(np.array([0.5, 0.1, 0.04]))
    violation = refused(PixelPoint(camera="top", column=column, row=row), moved)
    assert "shows red_block where it was; it is elsewhere now" in violation.message


def test_the_robot_and_the_background_are_no_objects() -> None:
    whole = frame("top")
    segmentation = whole.segmentation.copy()
    segmentation[0, :2] = len(whole.labels), -1
    robot = seen(scene(), whole.model_copy(update={"segmentation": segmentation, "labels": (*whole.labels, "robot")}))
    assert (at(0, 0, where=robot).name, at(1, 0, where=robot).name) == ("robot", UNKNOWN)
    odd = seen(scene(), whole.model_copy(update={"segmentation": np.where(segmentation > 0, 99, segmentation)}))
    assert at(5, 5, where=odd).name == "table"


def test_the_pixel_of_another_thing_is_told_with_where_the_right_one_is() -> None:
    column, row = frame("top").project(np.array([0.42, -0.1, 0.06]))
    found = lifted_on(PixelPoint(camera="top", column=column, row=row), RED, scene())
    assert isinstance(found, Violation)
    assert found.message.endswith("of top shows blue_block, not red_block.")
    column, row = frame("top").project(RED.centre)
    assert found.hint == f"The middle of red_block is at column {column:.0f}, row {row:.0f} of top."
    point = lifted_on(PixelPoint(camera="top", column=column, row=row), RED, scene())
    assert not isinstance(point, Violation) and point == pytest.approx([0.5, 0.1, 0.04], abs=0.006)


def test_a_thing_that_the_picture_does_not_have_is_told() -> None:
    away = scene().model_copy(update={"objects": (*scene().objects, block("far_block", 0.5, 0.54))})
    found = lifted_on(PixelPoint(camera="top", column=1, row=1), away.get("far_block"), away)
    assert isinstance(found, Violation) and found.hint.startswith("far_block is not in the picture of top;")


TILTED = Pose.from_matrix(OBLIQUE.matrix)


@pytest.mark.parametrize(
    ("shape", "local", "distance"),
    [
        (Box(size=(0.2, 0.4, 0.6)), (0.1, 0.1, 0.1), 0.0),
        (Box(size=(0.2, 0.4, 0.6)), (0.13, 0.24, 0.3), 0.05),
        (Box(size=(0.2, 0.4, 0.6)), (0.08, 0.0, 0.0), 0.02),
        (Cylinder(radius=0.1, height=0.4), (0.0, 0.13, 0.24), 0.05),
        (Cylinder(radius=0.1, height=0.4), (0.06, 0.0, 0.19), 0.01),
        (Sphere(radius=0.1), (0.0, 0.03, 0.04), 0.05),
        (Sphere(radius=0.1), (0.12, 0.05, 0.0), 0.03),
        (
            Mesh(vertices=tuple((x, y, z) for x in (-0.1, 0.1) for y in (-0.1, 0.1) for z in (-0.1, 0.1))),
            (0.0, 0.17, 0.0),
            0.07,
        ),
    ],
)
def test_distances_to_surfaces_are_those_of_the_closed_form(
    shape: Shape, local: tuple[float, float, float], distance: float
) -> None:
    there = thing("thing", shape, TILTED)
    assert surface_distances(there, TILTED.apply(np.array([local]))) == pytest.approx([distance], abs=1e-12)


def test_boxes_are_ordered_and_pairs_carry_their_camera() -> None:
    with pytest.raises(ValueError, match="left has to be less than right and top less than bottom; they are 5, 5, 1 and 2"):
        PixelBox(camera="top", left=5, top=1, right=5, bottom=2)
    pair = PixelPair.model_validate(
        {"camera": "top", "source": {"column": 1, "row": 2}, "destination": {"column": 3, "row": 4}}
    )
    first, second = pair.ends
    assert first == PixelPoint(camera="top", column=1, row=2) and second == PixelPoint(camera="top", column=3, row=4)
    for value in (-0.1, 10001.0, math.nan):
        with pytest.raises(ValueError, match="column"):
            PixelPoint(camera="top", column=value, row=0)


def test_the_camera_above_sees_the_whole_of_what_is_tested() -> None:
    assert set(np.unique(picture(scene(), ABOVE).segmentation)) == {0, 1, 2, 3}
