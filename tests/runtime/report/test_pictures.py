from __future__ import annotations

import numpy as np
import pytest
from ray_camera import Brick, take_picture
from recorded_run import margins

from lmp.runtime.report.pictures import EMPTY, HOLDING, _pieces, picture_with_path
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Segment

GREY = Brick("grey", (0.45, 0.0, 0.15), (0.02, 0.5, 0.3), (128, 128, 128))
WALL = (GREY,)


def _straight(
    start: tuple[float, float, float], end: tuple[float, float, float], events: tuple[GripperEvent, ...] = ()
) -> JointTrajectory:
    t = np.linspace(0.0, 1.0, 1001)
    zeros = np.zeros((1001, 1))
    path = np.array(start) + t[:, None] * np.subtract(end, start)
    return JointTrajectory(
        skill="go", joint_names=("a",), times=t, positions=zeros, velocities=zeros, accelerations=zeros, tool_path=path,
        gripper=events, segments=(Segment(name="go", start=0.0, end=1.0),), margins=margins(),
    )  # fmt: skip


def _coloured(frame: CameraFrame, trajectory: JointTrajectory, colour: tuple[int, int, int]) -> np.ndarray:
    """Centres (column, row) of the pixels that show the colour. Shape (n, 2)."""
    drawn = np.asarray(picture_with_path(frame, trajectory)).astype(int)
    rows, columns = np.nonzero(np.abs(drawn - colour).max(axis=2) < 40)
    return np.stack([columns, rows], axis=1) + 0.5


def _point_on_screen(frame: CameraFrame, point: tuple[float, float, float]) -> np.ndarray:
    """The pinhole equation written out, apart from `CameraFrame.project`."""
    camera = np.linalg.inv(frame.T_world_camera.matrix) @ np.array([*point, 1.0])
    K = frame.intrinsics
    return np.array([K[0, 0] * camera[0] / camera[2] + K[0, 2], K[1, 1] * camera[1] / camera[2] + K[1, 2]])


@pytest.mark.parametrize(
    ("start", "end"),
    [((0.4, -0.2, 0.1), (0.5, 0.2, 0.1)), ((0.3, 0.1, 0.02), (0.3, 0.1, 0.3)), ((0.6, 0.0, 0.0), (0.3, 0.0, 0.0))],
)
def test_the_path_is_drawn_where_the_camera_would_see_it(
    start: tuple[float, float, float], end: tuple[float, float, float]
) -> None:
    frame = take_picture(())
    drawn = np.asarray(picture_with_path(frame, _straight(start, end))).astype(float)
    # How blue a pixel is: the table and the white rim are not, and a pixel on the edge is in part.
    blue = np.clip(drawn[..., 2] - drawn[..., 0], 0.0, None)
    rows, columns = np.nonzero(blue > 20)
    seen, weight = np.stack([columns, rows], axis=1) + 0.5, blue[rows, columns]
    first, last = _point_on_screen(frame, start), _point_on_screen(frame, end)
    length = np.linalg.norm(last - first)
    direction = (last - first) / length
    along, across = (seen - first) @ direction, (seen - first) @ np.array([-direction[1], direction[0]])
    # A straight line in space is one in the picture, four pixels wide; at its ends are dots of ten.
    between = (along > 8) & (along < length - 8)
    assert np.abs(across[between]).max() < 3.0
    assert np.average(across[between], weights=weight[between]) == pytest.approx(0.0, abs=0.3)
    for place in (0.0, length):
        dot = np.hypot(along - place, across) < 7
        assert np.average(across[dot], weights=weight[dot]) == pytest.approx(0.0, abs=0.3)
    assert (along.min(), along.max()) == pytest.approx((-5.0, length + 5.0), abs=1.0)


def test_the_colour_tells_when_the_gripper_is_shut() -> None:
    frame = take_picture(())
    shut = GripperEvent(t=0.5, action="close", width=0.0, force=10.0)
    start, middle, end = (0.4, -0.2, 0.1), (0.4, 0.0, 0.1), (0.4, 0.2, 0.1)
    trajectory = _straight(start, end, (shut,))
    columns = [_coloured(frame, trajectory, colour)[:, 0] for colour in (EMPTY, HOLDING)]
    border = _point_on_screen(frame, middle)[0]
    left, right = sorted(columns, key=lambda found: found.mean())
    assert left.max() == pytest.approx(border, abs=3.0)
    assert right.min() == pytest.approx(border, abs=3.0)


def test_what_is_hidden_is_dashed() -> None:
    """A path behind a wall, seen from the front (x = 1.25): the wall hides it."""
    line = _straight((0.3, -0.2, 0.02), (0.3, 0.2, 0.02))
    hidden = len(_coloured(take_picture(WALL), line, EMPTY))
    shown = len(_coloured(take_picture(()), line, EMPTY))
    before_the_wall = len(_coloured(take_picture(WALL), _straight((0.6, -0.2, 0.02), (0.6, 0.2, 0.02)), EMPTY))
    assert 0.35 * shown < hidden < 0.75 * shown
    assert before_the_wall > shown


@pytest.mark.parametrize("end", [(3.0, 0.0, 2.0), (1.25, 0.0, 0.72), (0.4, 40.0, 0.1)])
def test_a_path_that_leaves_the_picture_is_drawn_as_far_as_it_is_seen(end: tuple[float, float, float]) -> None:
    frame = take_picture(())
    assert len(_coloured(frame, _straight((0.4, 0.0, 0.1), end), EMPTY)) > 20


def test_a_tool_that_stands_still_is_a_dot() -> None:
    frame = take_picture(())
    seen = _coloured(frame, _straight((0.4, 0.0, 0.1), (0.4, 0.0, 0.1)), EMPTY)
    assert seen.mean(axis=0) == pytest.approx(_point_on_screen(frame, (0.4, 0.0, 0.1)), abs=0.3)
    assert np.ptp(seen, axis=0).max() < 13


def test_a_world_behind_the_camera_draws_nothing() -> None:
    frame = take_picture(())
    picture = np.asarray(picture_with_path(frame, _straight((3.0, 0.0, 1.0), (3.0, 0.5, 1.0)))).astype(int)
    assert np.abs(picture - frame.rgb).max() < 40


@pytest.mark.parametrize("ahead", [1e-3, 1e-6, 1e-12])
def test_a_path_beside_the_camera_takes_few_points(ahead: float) -> None:
    frame = take_picture(())
    camera = frame.T_world_camera.matrix
    near = tuple(camera[:3, 3] + ahead * camera[:3, 2] + 0.2 * camera[:3, 0])
    assert sum(len(line) for line, _ in _pieces(frame, _straight((0.4, 0.0, 0.1), near))) < 2000
    assert len(_coloured(frame, _straight((0.4, 0.0, 0.1), near), EMPTY)) > 20
