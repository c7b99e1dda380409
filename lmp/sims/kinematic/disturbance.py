"""Things that go wrong on purpose in the kinematic world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lmp.errors import SetupFault, UnknownName
from lmp.schema.pose import Pose
from lmp.sims.kinematic.support import drop
from lmp.sims.scenes.footprint import free_distance

if TYPE_CHECKING:
    from lmp.sims.kinematic.kinematic_world import KinematicWorld

KINDS = ("shift-target",)
_TRIES = 500
_ROOM = 0.03
"""Free distance that is left around a shifted object [m]."""


def disturb(world: KinematicWorld, kind: str, target: str | None) -> str:
    """Moves the target 5 to 15 cm to a free place on the table within the workspace.

    Raises:
        UnknownName: There is no such kind of disturbance, or no such object.
        SetupFault: It needs a movable target, or there is no free place.
    """
    if kind not in KINDS:
        raise UnknownName("disturbance", kind, KINDS)
    movable = {body.name: body for body in world.bodies if body.description.movable}
    if target is None or target not in movable:
        raise UnknownName("movable object", str(target), movable)
    body, rng = movable[target], np.random.default_rng([world.seed, world.ticks])
    others = [other for other in world.bodies if other is not body]
    start, (low, high) = body.T_world_body, (np.array(world.workspace.lower)[:2], np.array(world.workspace.upper)[:2])
    for _ in range(_TRIES):
        angle, distance = rng.uniform(-np.pi, np.pi), rng.uniform(0.05, 0.15)
        body.T_world_body = start
        body.shift(distance * np.array([np.cos(angle), np.sin(angle), 0.0]))
        inside = (body.outline > low).all() and (body.outline < high).all()
        if inside and all(free_distance(body.outline, other.outline) > _ROOM for other in others if other.description.movable):
            world.place(target, Pose.from_matrix(body.T_world_body))
            drop(body, others)
            return f"{target} was moved {distance:.3f} m."
    body.T_world_body = start
    raise SetupFault(f"There is no free place 5 to 15 cm from {target!r} to move it to.")
