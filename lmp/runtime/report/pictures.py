"""Camera pictures as data URIs, and the planned path of the tool drawn into them."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp.schema.camera_frame import CameraFrame
from lmp.schema.trajectory import JointTrajectory

EMPTY, HOLDING, HALO = (47, 129, 247), (240, 120, 20), (255, 255, 255)
"""Colours of the path while the gripper is empty and while it holds something, and of the rim around both."""
OVERSAMPLING = 3
"""The path is drawn on so many times finer a grid, so that it has smooth edges."""
OCCLUSION_GAP = 0.015
"""Depth behind the visible surface from which a point counts as hidden [m]; more than the noise of a depth image."""
HALF_WIDTH, RIM, RADIUS = 2.0, 1.5, 5.0
"""Of the path, of the light rim around it, and of the dots at its ends [px]."""
SPACING = 2.0
"""Distance of the drawn points of the path [px]."""
BESIDE = 40.0
"""Margin around the picture in which the path is still drawn, so that it does not end before the edge [px]."""
DASH = 4
"""Drawn points in a dash of a hidden part, and in the gap after it [count]."""


def data_uri(picture: Any, width: int) -> str:
    """A picture (a PIL image) as a JPEG data URI, at most so wide [px]."""
    if picture.width > width:
        picture = picture.resize((width, round(picture.height * width / picture.width)))
    buffer = io.BytesIO()
    picture.save(buffer, format="JPEG", quality=84, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def plain_picture(frame: CameraFrame) -> Any:
    """The frame's colours as a PIL image."""
    from PIL import Image

    return Image.fromarray(np.ascontiguousarray(frame.rgb))


def picture_with_path(frame: CameraFrame, trajectory: JointTrajectory) -> Any:
    """The frame's colours as a PIL image, with the tool's path drawn in; what is hidden is dashed."""
    from PIL import Image, ImageDraw

    picture = plain_picture(frame)
    pieces = list(_pieces(frame, trajectory))
    window = _window(frame, trajectory)
    if window is None:
        return picture
    left, top, right, bottom = window
    large = Image.new("RGBA", ((right - left) * OVERSAMPLING, (bottom - top) * OVERSAMPLING))
    draw, corner = ImageDraw.Draw(large), np.array([left, top])
    for line, _ in pieces:
        _stroke(draw, line - corner, HALO, HALF_WIDTH + RIM)
    for line, holding in pieces:
        _stroke(draw, line - corner, HOLDING if holding else EMPTY, HALF_WIDTH)
    for index in (0, -1):
        column, row = frame.project(trajectory.tool_path[index]) - corner
        _dot(draw, column, row, RADIUS + RIM, HALO)
        _dot(draw, column, row, RADIUS, HOLDING if _holding(trajectory, float(trajectory.times[index])) else EMPTY)
    drawn = large.resize((right - left, bottom - top), Image.Resampling.BOX)
    picture.paste(drawn, (left, top), drawn)
    return picture


def _window(frame: CameraFrame, trajectory: JointTrajectory) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of the part of the picture that the path is in [px]; None where it is out of sight."""
    pixels = frame.project(trajectory.tool_path)
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    if len(pixels) == 0:
        return None
    height, width = frame.rgb.shape[:2]
    margin = RADIUS + RIM + 2
    left, top = np.clip(np.floor(pixels.min(axis=0) - margin), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(pixels.max(axis=0) + margin), 0, (width, height)).astype(int)
    return (int(left), int(top), int(right), int(bottom)) if left < right and top < bottom else None


def _pieces(frame: CameraFrame, trajectory: JointTrajectory) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """Stretches of the path to draw, in pixels, shape (n, 2), and whether something is held in them."""
    pixels, hidden, times = _resampled(frame, trajectory)
    holding = np.array([_holding(trajectory, t) for t in times])
    unseen = ~(pixels == _near_picture(frame, pixels)).all(axis=1)  # also where there is no pixel, which is nan
    gap = hidden & (np.arange(len(times)) // DASH % 2 == 1) | unseen
    start = 0
    for index in range(1, len(times) + 1):
        if index == len(times) or gap[index] != gap[start] or holding[index] != holding[start]:
            # One point beyond the end, so that neighbours meet.
            stop = index + 1 if index < len(times) and not gap[index] else index
            if not gap[start] and stop - start > 1:
                yield pixels[start:stop], bool(holding[start])
            start = index


def _resampled(
    frame: CameraFrame, trajectory: JointTrajectory
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    """The path evenly spaced in the picture: pixels (n, 2), whether hidden (n,), instants [s] (n,).

    Beside the picture hardly any points are taken: near the plane of the camera a path is millions of pixels long.
    """
    pixels = _near_picture(frame, frame.project(trajectory.tool_path))
    steps = np.nan_to_num(np.linalg.norm(np.diff(pixels, axis=0), axis=1))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    # Where the tool stands still the way does not grow; an interpolation over the way needs it to.
    along += np.linspace(0.0, 1e-6, len(along))
    wanted = np.linspace(0.0, along[-1], max(2, int(along[-1] / SPACING) + 1))
    times = np.interp(wanted, along, trajectory.times)
    points = np.stack([np.interp(times, trajectory.times, column) for column in trajectory.tool_path.T], axis=1)
    return frame.project(points), _hidden(frame, points), times


def _near_picture(frame: CameraFrame, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels brought to the picture, or to a rim around it. Shape (n, 2)."""
    height, width = frame.rgb.shape[:2]
    clipped: NDArray[np.float64] = np.clip(pixels, -BESIDE, np.array([width, height]) + BESIDE)
    return clipped


def _hidden(frame: CameraFrame, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """True for each point that something visible hides from the camera. Shape (n,)."""
    height, width = frame.depth.shape
    pixels = np.nan_to_num(frame.project(points), nan=-1.0)
    columns, rows = np.floor(np.clip(pixels, -1, max(height, width))).astype(int).T
    inside = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    distance = frame.T_world_camera.inverse().apply(points)[:, 2]
    surface = frame.depth[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
    hidden: NDArray[np.bool_] = inside & (distance > surface + OCCLUSION_GAP)
    return hidden


def _holding(trajectory: JointTrajectory, t: float) -> bool:
    """True if the gripper is commanded shut at a time; before the first command it is the opposite of that command."""
    if not trajectory.gripper:
        return False
    past = [event for event in trajectory.gripper if event.t <= t]
    return past[-1].action == "close" if past else trajectory.gripper[0].action == "open"


def _stroke(draw: Any, line: NDArray[np.float64], colour: tuple[int, int, int], half_width: float) -> None:
    # An odd width lies evenly about the pixel that holds the point.
    points = [(int(column), int(row)) for column, row in np.floor(line * OVERSAMPLING)]
    draw.line(points, fill=colour, width=2 * round(half_width * OVERSAMPLING) + 1, joint="curve")


def _dot(draw: Any, column: float, row: float, radius: float, colour: tuple[int, int, int]) -> None:
    if not (-1e4 < column < 1e4 and -1e4 < row < 1e4):
        return
    x, y, r = math.floor(column * OVERSAMPLING), math.floor(row * OVERSAMPLING), round(radius * OVERSAMPLING)
    draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
