"""A small picture of a failure: the part of a camera's picture that it is about, with rings around what is meant."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from lmp.runtime.report.pictures import picture_with_path, plain_picture
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.trajectory import JointTrajectory

WIDTH, HEIGHT = 480, 360
"""Of the small picture [px]."""
LEAST = 340
"""Least width of what is cut out [px]."""
ROOM = 90
"""Kept free around what it is about [px]."""
COLOURS = 128
"""Of the palette: what is drawn here has few colours, and the file stays small [count]."""
RING = "#e8590c"


def portrait(
    frame: CameraFrame,
    names: tuple[str, ...],
    points: NDArray[np.float64],
    gone: Mapping[str, tuple[float, float, float]],
    path: JointTrajectory | None = None,
) -> bytes:
    """The picture as PNG.

    Args:
        frame: What a camera saw.
        names: Objects that get a ring, as far as they can be seen.
        points: Places that have to be in the picture, in the world [m]. Shape (n, 3).
        gone: Where objects were that may be there no more, in the world [m].
        path: A motion whose tool path is drawn in.
    """
    found = [_ring(frame, name) or _place(frame, gone.get(name)) for name in names]
    rings = [ring for ring in found if ring is not None]
    pixels = [(x, y) for x, y in frame.project(points) if np.isfinite((x, y)).all()] if len(points) else []
    corners = [corner for x, y, radius in rings for corner in ((x - radius, y - radius), (x + radius, y + radius))]
    left, top, right, bottom = _cut(np.array([*pixels, *corners]), frame)
    scale = WIDTH / (right - left)
    whole = plain_picture(frame) if path is None else picture_with_path(frame, path)
    picture = whole.crop((left, top, right, bottom)).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(picture)
    for x, y, radius in rings:
        x, y, radius = (x - left) * scale, (y - top) * scale, radius * scale
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=RING, width=3)
    buffer = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()


def _ring(frame: CameraFrame, name: str) -> tuple[float, float, float] | None:
    """Middle and radius of what is seen of an object [px]; None where nothing is."""
    if name not in frame.labels:
        return None
    rows, columns = np.nonzero(frame.segmentation == frame.labels.index(name))
    if len(rows) == 0:
        return None
    x, y = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    return float(x), float(y), float(max(np.ptp(columns), np.ptp(rows)) / 2 + 9)


def _place(frame: CameraFrame, position: tuple[float, float, float] | None) -> tuple[float, float, float] | None:
    """A ring where something was."""
    if position is None:
        return None
    x, y = frame.project(np.array([position]))[0]
    return (float(x), float(y), 30.0) if np.isfinite((x, y)).all() else None


def _cut(pixels: NDArray[np.float64], frame: CameraFrame) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a part of the same proportions with all of the pixels in it."""
    height, width = frame.rgb.shape[:2]
    if len(pixels) == 0:
        return 0, 0, width, height
    low, high = pixels.min(axis=0) - ROOM, pixels.max(axis=0) + ROOM
    wide = min(max(high[0] - low[0], (high[1] - low[1]) * WIDTH / HEIGHT, LEAST), width, height * WIDTH / HEIGHT)
    tall = wide * HEIGHT / WIDTH
    left = float(np.clip((low[0] + high[0] - wide) / 2, 0, width - wide))
    top = float(np.clip((low[1] + high[1] - tall) / 2, 0, height - tall))
    return round(left), round(top), round(left + wide), round(top + tall)
