"""Lifts points and boxes of pictures to the world, with depth, intrinsics and pose, and tells which object they show."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.errors import did_you_mean
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, Part, Sphere, solid_parts
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind
from lmp.schema.visual import PixelBox, PixelPoint

Array = NDArray[np.float64]


def surface_distances(thing: SceneObject, points: Array) -> Array:
    """Distances of world points to the nearest surface of any piece of an object [m]. Shape (n, 3) to (n,).

    Exact for boxes, cylinders and balls; beside the edges of a mesh a lower bound.
    """
    local = thing.pose.inverse().apply(points)
    pieces = [np.abs(_signed(part, part.pose.inverse().apply(local))) for part in solid_parts(thing.shape)]
    least: Array = np.min(pieces, axis=0)
    return least


def _signed(part: Part, points: Array) -> Array:
    """Signed distances, negative inside [m]. Shape (n, 3) to (n,)."""
    match part.shape:
        case Box(size=size):
            return _of_excess(np.abs(points) - np.array(size) / 2)
        case Cylinder(radius=radius, height=height):
            across = np.hypot(points[:, 0], points[:, 1]) - radius
            return _of_excess(np.column_stack([across, np.abs(points[:, 2]) - height / 2]))
        case Sphere(radius=radius):
            return _of_excess(np.linalg.norm(points, axis=1, keepdims=True) - radius)
        case Mesh(vertices=vertices):
            planes = ConvexHull(np.array(vertices)).equations
            highest: Array = (points @ planes[:, :3].T + planes[:, 3]).max(axis=1)
            return highest
        case other:
            assert_never(other)


def _of_excess(excess: Array) -> Array:
    """Signed distance from how far a point is beyond each pair of faces [m]. Shape (n, k) to (n,)."""
    inside = np.minimum(excess.max(axis=1), 0.0)
    distance: Array = np.linalg.norm(np.maximum(excess, 0.0), axis=1) + inside
    return distance


Indices = NDArray[np.intp]

CLOSE = 0.02
"""A point this near to an object's surface shows that object, where no segmentation says so [m]."""
UNKNOWN = "nothing that is known"
"""What is shown where nothing of the scene is."""


def shown(frame: CameraFrame, rows: Indices, columns: Indices, points: Array, scene: Scene) -> tuple[str, ...]:
    """Names of what pixels show, such as objects, the robot, or `UNKNOWN`. Shapes (n,), (n,), (n, 3)."""
    if segmented(frame):
        names = np.array([*frame.labels, UNKNOWN], dtype=object)
        labels = frame.segmentation[rows, columns].astype(int)
        known = (labels >= 0) & (labels < len(frame.labels))
        return tuple(str(name) for name in names[np.where(known, labels, len(frame.labels))])
    if not scene.objects:
        return (UNKNOWN,) * len(points)
    distances = np.array([surface_distances(thing, points) for thing in scene.objects])
    nearest = distances.argmin(axis=0)
    near = distances.min(axis=0) <= CLOSE
    return tuple(scene.objects[index].name if close else UNKNOWN for index, close in zip(nearest, near, strict=True))


def segmented(frame: CameraFrame) -> bool:
    """True if the picture says which pixels belong to what."""
    return bool(frame.labels) and frame.segmentation.shape == frame.depth.shape and bool((frame.segmentation >= 0).any())


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
