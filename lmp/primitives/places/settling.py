"""Prediction of where an object comes to rest when it is let go: straight down onto the highest surface below it."""

from __future__ import annotations

from lmp.primitives.places.footprints import near, outline, prisms
from lmp.primitives.places.surfaces import grounds
from lmp.schema.scene import Scene, SceneObject

SHRINK = 0.002
"""Outlines that overlap by less than this pass each other [m]."""


def settled(thing: SceneObject, scene: Scene) -> SceneObject:
    """The object lowered until it meets something; it does not tip or roll."""
    own = outline(thing)
    height = min((top.height for top in grounds(scene)), default=scene.workspace.floor)
    for other in scene.objects:
        if other.name != thing.name:
            tops = [p.top for space, p in near(own, prisms(other), 0.0) if space < -SHRINK and p.top <= own.bottom + SHRINK]
            height = max([height, *tops])
    x, y, z = thing.pose.position
    pose = thing.pose.model_copy(update={"position": (x, y, z + height - own.bottom)})
    return thing.model_copy(update={"pose": pose})
