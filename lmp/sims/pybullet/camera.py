"""Colour, depth and segmentation pictures with the pose and intrinsics that place a pixel in the world."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.scene_file import CameraSpec
from lmp.sims.pybullet.engine import Engine

NEAR, FAR = 0.05, 6.0
"""Nearest and farthest distance that is drawn [m]."""
SAMPLE = (0.5, -0.5)
"""Shift of the principal point [px]: TinyRenderer samples a pixel at its lower left corner, not in its middle."""
LIGHT = {
    "lightDirection": [0.6, -0.5, 1.6],
    "lightColor": [1.0, 1.0, 1.0],
    "lightDistance": 3.0,
    "lightAmbientCoeff": 0.62,
    "lightDiffuseCoeff": 0.42,
    "lightSpecularCoeff": 0.06,
    "shadow": 1,
}
"""Soft light from the upper left of the robot: faces differ in brightness, shadows show what stands and what floats."""


def camera_pose(spec: CameraSpec) -> Pose:
    """`T_world_camera` of the optical frame: x right, y down, z forward."""
    forward = np.array(spec.target) - np.array(spec.position)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, np.array(spec.up))
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = np.column_stack([right, np.cross(forward, right), forward])
    matrix[:3, 3] = spec.position
    return Pose.from_matrix(matrix)


def carried(spec: CameraSpec, T_world_mount: Pose) -> CameraSpec:
    """The camera as it stands in the world while its mount is at a pose."""
    position, target = (T_world_mount.apply(np.array(point)) for point in (spec.position, spec.target))
    up = T_world_mount.rotation @ np.array(spec.up)
    names = ("position", "target", "up")
    there = {name: tuple(float(value) for value in vector) for name, vector in zip(names, (position, target, up), strict=True)}
    return spec.model_copy(update={**there, "mount": "world"})


def render(engine: Engine, spec: CameraSpec, names: Mapping[int, str]) -> CameraFrame:
    """Takes one picture.

    Args:
        engine: The engine.
        spec: The camera, as it stands in the world.
        names: Names by body; bodies without a name are segmented as nothing.
    """
    view = engine.computeViewMatrix(spec.position, spec.target, spec.up)
    projection = engine.computeProjectionMatrixFOV(math.degrees(spec.vertical_fov), spec.width / spec.height, NEAR, FAR)
    _, _, rgb, buffer, bodies = engine.getCameraImage(
        spec.width, spec.height, view, projection, renderer=engine.ER_TINY_RENDERER, **LIGHT
    )
    shape = (spec.height, spec.width)
    nearness = np.reshape(buffer, shape).astype(np.float64)
    labels = tuple(names.values())
    index = {uid: number for number, uid in enumerate(names)}
    segmentation = np.full(shape, -1, dtype=np.int16)
    seen = np.reshape(bodies, shape)
    for uid in np.unique(seen):
        segmentation[seen == uid] = index.get(int(uid), -1)
    column, row = spec.width / 2 + SAMPLE[0], spec.height / 2 + SAMPLE[1]
    focal = spec.height / 2 / math.tan(spec.vertical_fov / 2)
    return CameraFrame(
        name=spec.name,
        rgb=np.reshape(rgb, (*shape, 4))[..., :3].astype(np.uint8),
        depth=(FAR * NEAR / (FAR - (FAR - NEAR) * nearness)).astype(np.float32),
        segmentation=segmentation,
        labels=labels,
        intrinsics=np.array([[focal, 0.0, column], [0.0, focal, row], [0.0, 0.0, 1.0]]),
        T_world_camera=camera_pose(spec),
    )
