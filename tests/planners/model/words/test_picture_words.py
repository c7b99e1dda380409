"""The legend says which way the robot's directions point in each picture, as the geometry has it."""

from __future__ import annotations

import numpy as np
import pytest
from small_scenes import block, scene

from lmp.model_settings import ModelSettings
from lmp.planners.model.pictures.ground import ground_of
from lmp.planners.model.words.picture_words import NONE, directions_in, pictures_text
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose

Point = tuple[float, float, float]
SCENE = scene(block("red", 0.5, 0.0))


def frame(position: Point, target: Point, up: Point = (0.0, 0.0, 1.0), name: str = "cam") -> CameraFrame:
    """What a camera sees of an empty table, 160 by 120 pixels."""
    forward = np.subtract(target, position) / np.linalg.norm(np.subtract(target, position))
    right = np.cross(forward, up)
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.column_stack([right, np.cross(forward, right), forward])
    matrix[:3, 3] = position
    pose = Pose.from_matrix(matrix)
    intrinsics = np.array([[120.0, 0, 80], [0, 120.0, 60], [0, 0, 1.0]])
    columns, rows = np.meshgrid(np.arange(160) + 0.5, np.arange(120) + 0.5)
    rays = np.stack([columns, rows, np.ones_like(rows)], axis=-1) @ np.linalg.inv(intrinsics).T @ pose.rotation.T
    depth = np.where(rays[..., 2] < -1e-9, -position[2] / np.minimum(rays[..., 2], -1e-9), 6.0)
    return CameraFrame(
        name=name,
        rgb=np.full((120, 160, 3), 200, dtype=np.uint8),
        depth=depth,
        segmentation=np.zeros((120, 160), dtype=np.int16),
        labels=("table",),
        intrinsics=intrinsics,
        T_world_camera=pose,
    )


@pytest.mark.parametrize(
    ("position", "up", "expected"),
    [
        ((1.5, 0.0, 0.8), (0.0, 0.0, 1.0), ("to the BOTTOM", "to the RIGHT", "to the TOP")),
        ((-0.5, 0.0, 0.8), (0.0, 0.0, 1.0), ("to the TOP", "to the LEFT", "to the TOP")),
        ((0.5, -1.0, 0.8), (0.0, 0.0, 1.0), ("to the RIGHT", "to the TOP", "to the TOP")),
        ((0.5, 1.0, 0.8), (0.0, 0.0, 1.0), ("to the LEFT", "to the BOTTOM", "to the TOP")),
        ((0.5, 0.0, 1.2), (1.0, 0.0, 0.0), ("to the TOP", "to the LEFT", "towards the camera")),
        ((0.5, 0.0, 1.2), (1.0, 1.0, 0.0), ("to the UPPER RIGHT", "to the UPPER LEFT", "towards the camera")),
        ((2.0, 0.0, 0.05), (0.0, 0.0, 1.0), ("towards the camera", "to the RIGHT", "to the TOP")),
        ((-1.0, 0.0, 0.05), (0.0, 0.0, 1.0), ("away from the camera", "to the LEFT", "to the TOP")),
    ],
)
def test_directions_are_told_as_a_person_would_who_looks_at_the_picture(
    position: Point, up: Point, expected: tuple[str, ...]
) -> None:
    seen = frame(position, (0.5, 0.0, 0.0), up)
    assert directions_in(seen, ground_of(SCENE)) == expected


def test_a_camera_that_does_not_look_at_the_table_still_has_directions() -> None:
    seen = frame((0.0, 0.0, 0.5), (-1.0, 0.0, 1.0))
    assert directions_in(seen, ground_of(SCENE))[1] == "to the RIGHT"


def test_the_legend_names_each_picture_in_order_with_its_size_and_the_way_to_write_points() -> None:
    front = frame((1.5, 0.0, 0.8), (0.5, 0.0, 0.0), name="front")
    above = frame((0.5, 0.0, 1.2), (0.5, 0.0, 0.0), (1.0, 0.0, 0.0), name='a"b')
    look = SCENE.model_copy(update={"frames": (front, above)})
    text = pictures_text(look, ModelSettings(picture_width=80))
    lines = text.split("\n")
    assert lines[0] == "2 pictures, in the order in which they are sent:"
    assert lines[1].startswith(
        '"camera front", 80 x 60 px (x 0 to 80, y 0 to 60): in this picture the robot\'s forward (+x) points'
    )
    assert "left (+y) points to the RIGHT" in lines[1]
    assert lines[2].startswith('"camera a\\"b", 80 x 60 px')
    assert "Numbers in dark discs" in text
    thousand = pictures_text(look, ModelSettings(pixels="thousand_yx", pictures="plain"))
    assert "x 0 to" not in thousand
    assert "Numbers in dark discs" not in thousand
    assert thousand.endswith("y down, then x to the right, each 0 to 1000.")


def test_the_legend_says_where_the_axes_are_only_where_they_are_drawn() -> None:
    large = frame((0.5, 0.0, 0.5), (0.5, 0.0, 0.0), (1.0, 0.0, 0.0))
    look = SCENE.model_copy(update={"frames": (large,)})
    assert 'axes, 0.10 m long, are drawn on "table" from (' in pictures_text(look, ModelSettings())
    assert "axes" not in pictures_text(look, ModelSettings(pictures="plain"))
    covered = large.model_copy(update={"depth": large.depth - 0.1})
    hidden = SCENE.model_copy(update={"frames": (covered,)})
    assert "axes, 0.10 m long" not in pictures_text(hidden, ModelSettings())


def test_before_and_after_are_told_apart_and_nothing_is_told_where_there_is_nothing() -> None:
    look = SCENE.model_copy(update={"frames": (frame((1.5, 0.0, 0.8), (0.5, 0.0, 0.0)),)})
    text = pictures_text(look, ModelSettings(), before=look)
    assert text.index('"before: camera cam"') < text.index('"after: camera cam"')
    assert pictures_text(SCENE, ModelSettings()) == NONE
    assert pictures_text(look, ModelSettings(pictures="none")) == NONE
