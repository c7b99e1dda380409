"""The report of a world on its own objects, for those who do not trust anything between."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.capabilities import world_capabilities
from lmp.errors import RobotFault, robot_faults
from lmp.schema.episode import WorldObject
from lmp.schema.scene import Scene, SceneObject
from lmp.stages import World


def world_report(world: World) -> tuple[WorldObject, ...] | None:
    """The objects as a world reports them; None for a world that cannot tell.

    Raises:
        RobotFault: The world raised, or gave something else than a scene.
    """
    knows = world_capabilities(world).knows
    if knows is None:
        return None
    with robot_faults(world, "scene"):
        scene = knows.scene()
    if not isinstance(scene, Scene):
        raise RobotFault(f"{type(world).__name__}.scene has to give a Scene, got {scene!r:.80}.")
    return reported(scene.objects)


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
