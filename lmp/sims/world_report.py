"""What a world says of its own objects, for those who do not trust anything between."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.schema.episode import WorldObject
from lmp.schema.scene import SceneObject


def world_report(things: Iterable[SceneObject]) -> tuple[WorldObject, ...]:
    """The objects as a world reports them, the furniture left out."""
    return tuple(
        WorldObject(
            name=thing.name,
            category=thing.category,
            colour=thing.colour,
            position=thing.pose.position,
            quaternion=thing.pose.quat_xyzw,
            size=thing.size,
            touching=thing.touching or (),
            held_by=thing.held_by,
            joints={joint.name: joint.value for joint in thing.joints if joint.value is not None},
        )
        for thing in things
        if thing.role != "support"
    )
