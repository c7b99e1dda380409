"""The report of a world on its own objects, for those who do not trust anything between."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.capabilities import world_capabilities
from lmp.schema.episode import WorldObject
from lmp.schema.scene import SceneObject
from lmp.stages import World


def world_report(world: World) -> tuple[WorldObject, ...] | None:
    """The objects as a world reports them; None for a world that cannot tell."""
    knows = world_capabilities(world).knows
    return None if knows is None else reported(knows.scene().objects)


def reported(items: Iterable[SceneObject]) -> tuple[WorldObject, ...]:
    """Objects as a world reports them, supports left out."""
    return tuple(
        WorldObject(
            name=item.name,
            category=item.category,
            colour=item.colour,
            position=item.pose.position,
            quaternion=item.pose.quat_xyzw,
            size=item.size,
            touching=item.touching or (),
            held_by=item.held_by,
            joints={joint.name: joint.value for joint in item.joints if joint.value is not None},
        )
        for item in items
        if item.role != "support"
    )
