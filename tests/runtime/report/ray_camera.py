"""A camera that sees a table and boxes by casting a ray through every pixel: pictures with exact depth, without a simulator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose


@dataclass(frozen=True)
class Brick:
    """An axis-aligned box [m] with a colour."""

    name: str
    centre: tuple[float, float, float]
    size: tuple[float, float, float]
    colour: tuple[int, int, int]


def look_at(eye: tuple[float, float, float], target: tuple[float, float, float]) -> Pose:
    """A camera at `eye` that looks at `target`; x right, y down, z forward."""
    forward = np.subtract(target, eye) / np.linalg.norm(np.subtract(target, eye))
    right = np.cross(forward, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([right, np.cross(forward, right), forward], axis=1)
    matrix[:3, 3] = eye
    return Pose.from_matrix(matrix)


def take_picture(
    bricks: tuple[Brick, ...],
    name: str = "front",
    eye: tuple[float, float, float] = (1.25, 0.0, 0.72),
    target: tuple[float, float, float] = (0.42, 0.0, 0.06),
    width: int = 320,
    height: int = 240,
) -> CameraFrame:
    """What a camera at `eye` sees of the table (z = 0) and the bricks on it."""
    pose, focal = look_at(eye, target), 1.15 * height
    intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1.0]])
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    rays = np.stack([columns, rows, np.ones_like(rows)], axis=-1) @ np.linalg.inv(intrinsics).T @ pose.rotation.T
    depth = np.where(rays[..., 2] < -1e-9, -eye[2] / rays[..., 2], 10.0).clip(0.01, 10.0)
    rgb = np.where((depth < 5.0)[..., None], np.array([196, 178, 150]), np.array([225, 232, 240]))
    segmentation = np.full((height, width), -1, dtype=np.int16)
    for index, brick in enumerate(bricks):
        near, hit, face = _cast(np.array(eye), rays, brick)
        seen = hit & (near < depth)
        depth = np.where(seen, near, depth)
        shade = np.array([0.75, 0.88, 1.0])[face][..., None]
        rgb = np.where(seen[..., None], np.array(brick.colour) * shade, rgb)
        segmentation[seen] = index
    return CameraFrame(
        name=name,
        rgb=rgb.astype(np.uint8),
        depth=depth.astype(np.float32),
        segmentation=segmentation,
        labels=tuple(brick.name for brick in bricks),
        intrinsics=intrinsics,
        T_world_camera=pose,
    )


def _cast(
    eye: NDArray[np.float64], rays: NDArray[np.float64], brick: Brick
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Distance along each ray to the brick, whether it is hit, and the axis of the face that is hit (slab method)."""
    lower, upper = np.array(brick.centre) - np.array(brick.size) / 2, np.array(brick.centre) + np.array(brick.size) / 2
    safe = np.where(np.abs(rays) < 1e-12, 1e-12, rays)
    first, second = (lower - eye) / safe, (upper - eye) / safe
    entry, leave = np.minimum(first, second), np.maximum(first, second).min(axis=-1)
    near = entry.max(axis=-1)
    return near, (near < leave) & (near > 0), entry.argmax(axis=-1)
