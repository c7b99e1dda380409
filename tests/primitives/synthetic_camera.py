"""Pictures of scenes that are made of boxes, by the closed form of a ray that meets a box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.shape import Box, solid_parts

Array = NDArray[np.float64]
WIDTH, HEIGHT, FOCAL = 160, 120, 150.0
BACKGROUND = 5.0


def looking(eye: tuple[float, float, float], at: tuple[float, float, float]) -> Pose:
    """`T_world_camera` of a camera in one place that looks at another, its picture upright or with forward up."""
    z = np.subtract(at, eye) / np.linalg.norm(np.subtract(at, eye))
    up = np.array([1.0, 0.0, 0.0]) if abs(z[2]) > 0.99 else np.array([0.0, 0.0, 1.0])
    x = np.cross(z, up) / np.linalg.norm(np.cross(z, up))
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = np.column_stack([x, np.cross(z, x), z]), eye
    return Pose.from_matrix(matrix)


OBLIQUE = looking((1.1, 0.1, 0.6), (0.5, 0.05, 0.0))
ABOVE = looking((0.5, 0.05, 0.8), (0.5, 0.05, 0.0))


def picture(scene: Scene, T_world_camera: Pose = ABOVE, name: str = "top", segmented: bool = True) -> CameraFrame:
    """What a camera sees of the boxes of a scene."""
    K = np.array([[FOCAL, 0.0, WIDTH / 2], [0.0, FOCAL, HEIGHT / 2], [0.0, 0.0, 1.0]])
    columns, rows = np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5)
    rays = np.stack([(columns - K[0, 2]) / FOCAL, (rows - K[1, 2]) / FOCAL, np.ones_like(rows)], axis=-1)
    depth, labels = np.full(rows.shape, BACKGROUND), np.full(rows.shape, -1, dtype=np.int16)
    for index, thing in enumerate(scene.objects):
        for part in solid_parts(thing.shape):
            assert isinstance(part.shape, Box)
            T_box_camera = (thing.pose @ part.pose).inverse() @ T_world_camera
            way, start = rays @ T_box_camera.rotation.T, np.array(T_box_camera.position)
            half = np.array(part.shape.size) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                first, second = (-half - start) / way, (half - start) / way
            enter = np.minimum(first, second).max(axis=-1)
            leave = np.maximum(first, second).min(axis=-1)
            hit = (enter <= leave) & (enter > 0.0) & (enter < depth)
            depth[hit], labels[hit] = enter[hit], index
    return CameraFrame(
        name=name,
        rgb=np.zeros((HEIGHT, WIDTH, 3), dtype=np.uint8),
        depth=depth,
        segmentation=labels if segmented else np.full(rows.shape, -1, dtype=np.int16),
        labels=scene.names,
        intrinsics=K,
        T_world_camera=T_world_camera,
    )


def seen(scene: Scene, *frames: CameraFrame) -> Scene:
    """The scene with pictures of it; those of a camera above it and of one before it unless others are given."""
    return scene.model_copy(update={"frames": frames or (picture(scene), picture(scene, OBLIQUE, "front"))})


def pixel_of(frame: CameraFrame, point: tuple[float, float, float] | Array) -> dict[str, float | str]:
    """The fields of the pixel at which a point of the world is."""
    column, row = frame.project(np.array(point, dtype=float))
    return {"camera": frame.name, "column": float(column), "row": float(row)}
