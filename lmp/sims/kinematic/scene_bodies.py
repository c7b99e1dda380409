"""A scene file with drawn places as scene objects, what they stand on among them."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import SceneFile
from lmp.sims.scenes.ready_shapes import build_shape, built_object
from lmp.sims.scenes.supports import support_objects


def scene_objects(scene: SceneFile, poses: Mapping[str, Pose]) -> tuple[SceneObject, ...]:
    """The supports and every object of the scene at its place."""
    return (*support_objects(scene), *(built_object(spec, poses[spec.name], build_shape(spec)) for spec in scene.objects))
