"""A scene file with drawn places as scene objects, the table among them."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import TABLE, SceneFile
from lmp.schema.shape import Box
from lmp.sims.scenes.ready_shapes import build_shape, built_object


def scene_objects(scene: SceneFile, poses: Mapping[str, Pose]) -> tuple[SceneObject, ...]:
    """The table and every object of the scene at its place."""
    table = scene.table
    top = SceneObject(
        name=TABLE,
        category="table",
        pose=Pose(position=(*table.centre, -table.thickness / 2)),
        shape=Box(size=(*table.size, table.thickness)),
        role="support",
    )
    return (top, *(built_object(spec, poses[spec.name], build_shape(spec)) for spec in scene.objects))
