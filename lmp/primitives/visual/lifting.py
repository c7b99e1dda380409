"""Lifts points and boxes of pictures to the world, with depth, intrinsics and pose.

A point is lifted with the depth of its own pixel, through the middle of it, where that depth was measured: no interpolation,
since half way between an object's edge and what is behind it there is nothing. Of a box, what counts is the object that fills
most of it, and of that the median point of what is seen of it: a few pixels of something else do not move it.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import did_you_mean
from lmp.primitives.visual.shown import shown
from lmp.primitives.visual.surface_distance import surface_distances
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind
from lmp.schema.visual import PixelBox, PixelPoint

Array = NDArray[np.float64]

STRAY = 0.03
"""How far a pixel of an object may lie from where the scene has the object; farther, it was moved since the picture [m]."""
SAMPLES = 64
"""Most pixels of a box that are looked at, in each direction [count]."""

OTHERWISE = "Use another camera, or name objects in place of pixels."


@dataclass(frozen=True)
class Seen:
    """Object seen in a place of a picture.

    Attributes:
        where: The place in words, as a sentence begins.
        name: What is there: an object of the scene, the robot, or `shown.UNKNOWN`.
        point: Where its surface is in the world [m]. Shape (3,).
        points: All points of it that were looked at [m]. Shape (n, 3).
    """

    where: str
    name: str
    point: Array
    points: Array


NOT_SEEN = VIOLATIONS.register(
    ViolationKind(
        "not_seen",
        "a pixel that is in no picture, shows nothing that could be used, or shows something else than was said",
        about="request",
    )
)


def lifted(pixel: PixelPoint, scene: Scene) -> Seen | Violation:
    """Return what a pixel shows and where that is, or why that cannot be told."""
    where = f"Column {pixel.column:.0f}, row {pixel.row:.0f} of {pixel.camera}"
    frame = _frame(pixel.camera, scene)
    if isinstance(frame, Violation):
        return frame
    height, width = frame.depth.shape
    if not (pixel.column < width and pixel.row < height):
        return _outside(where, frame)
    return _seen(where, frame, np.array([math.floor(pixel.row)]), np.array([math.floor(pixel.column)]), scene)


def lifted_box(box: PixelBox, scene: Scene) -> Seen | Violation:
    """Return what fills most of a box and where that is, or why that cannot be told."""
    where = f"The box {box.left:.0f}, {box.top:.0f} to {box.right:.0f}, {box.bottom:.0f} of {box.camera}"
    frame = _frame(box.camera, scene)
    if isinstance(frame, Violation):
        return frame
    height, width = frame.depth.shape
    if box.right > width or box.bottom > height:
        return _outside(where, frame)
    rows, columns = np.meshgrid(_between(box.top, box.bottom), _between(box.left, box.right), indexing="ij")
    return _seen(where, frame, rows.ravel(), columns.ravel(), scene)


def lifted_on(pixel: PixelPoint, thing: SceneObject, scene: Scene) -> Array | Violation:
    """The point of an object that a pixel shows [m]; a violation where it shows something else. Shape (3,)."""
    seen = lifted(pixel, scene)
    if isinstance(seen, Violation):
        return seen
    if seen.name != thing.name:
        return not_seen(f"{seen.where} shows {seen.name}, not {thing.name}.", where_it_is(thing, pixel.camera, scene))
    return seen.point


def not_seen(message: str, hint: str) -> Violation:
    """The violation of a pixel that cannot be used."""
    return NOT_SEEN(message=message[:2000], hint=hint[:2000])


def where_it_is(thing: SceneObject, camera: str, scene: Scene) -> str:
    """In which pixel the middle of an object is, in words; that it is in no part of the picture where that is so."""
    frame = scene.frame(camera)
    if frame is None:
        return f"Leave the pixel out, or name one of {thing.name}."
    column, row = frame.project(thing.centre)
    height, width = frame.depth.shape
    if not (0 <= column < width and 0 <= row < height):
        return f"{thing.name} is not in the picture of {camera}; use another camera, or leave the pixel out."
    return f"The middle of {thing.name} is at column {column:.0f}, row {row:.0f} of {camera}."


def _frame(camera: str, scene: Scene) -> CameraFrame | Violation:
    """The picture of a camera, if pixels of it can be lifted."""
    names = [frame.name for frame in scene.frames]
    frame = scene.frame(camera)
    if frame is None:
        have = f"Cameras with a picture: {', '.join(names)}." if names else "There are no pictures of this scene; name objects."
        return not_seen(f"There is no picture of camera {camera!r}.{did_you_mean(camera, names)}", have)
    if frame.depth.ndim != 2 or not frame.depth.size or frame.depth.shape != frame.rgb.shape[:2]:
        return not_seen(f"The picture of {camera} has no depth, so its pixels have no place.", OTHERWISE)
    if frame.intrinsics.shape != (3, 3) or abs(np.linalg.det(frame.intrinsics)) < 1e-9:
        return not_seen(f"The picture of {camera} has no intrinsics.", OTHERWISE)
    return frame


def _between(low: float, high: float) -> NDArray[np.intp]:
    """Indices of the pixels between two edges, evenly thinned out. Shape (n,)."""
    first, last = math.floor(low), max(math.ceil(high), math.floor(low) + 1)
    return np.unique(np.linspace(first, last - 1, min(SAMPLES, last - first)).round().astype(np.intp))


def _seen(where: str, frame: CameraFrame, rows: NDArray[np.intp], columns: NDArray[np.intp], scene: Scene) -> Seen | Violation:
    depths = frame.depth[rows, columns].astype(np.float64)
    valid = np.isfinite(depths) & (depths > 0.0)
    if not valid.any():
        hint = "Choose a pixel in the middle of a surface, or another camera."
        return not_seen(f"{where} has no valid depth.", hint)
    rows, columns, depths = rows[valid], columns[valid], depths[valid]
    pixels = np.column_stack([columns + 0.5, rows + 0.5, np.ones(len(rows))])
    rays = np.linalg.solve(frame.intrinsics, pixels.T).T
    points = frame.T_world_camera.apply(rays * depths[:, None])
    names = shown(frame, rows, columns, points, scene)
    name = Counter(names).most_common(1)[0][0]
    there = points[np.array([other == name for other in names])]
    point: Array = np.median(there, axis=0)
    if name in scene and float(np.median(surface_distances(scene.get(name), there))) > STRAY:
        hint = "Look again, or name objects in place of pixels."
        return not_seen(f"{where} shows {name} where it was; it is elsewhere now.", hint)
    return Seen(where, name, point, there)


def _outside(where: str, frame: CameraFrame) -> Violation:
    height, width = frame.depth.shape
    message = f"{where} is outside of the picture."
    return not_seen(message, f"Columns of {frame.name} go from 0 to {width}, rows from 0 to {height}, the last not included.")
