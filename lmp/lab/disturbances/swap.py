"""Two objects change places."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import UP, Occasion
from lmp.lab.disturbances.riders import underside
from lmp.lab.disturbances.shift_target import DROP, within_reach
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.sims.scenes.footprint import free_distance, outline

ROOM = 0.01
"""Least free distance to everything else at the new places [m]."""
GRIPPER_AWAY = 0.05
"""Least distance of the robot from both [m]."""


def swap(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """The object and another one that also stands alone on the same furniture change places; each keeps its heading.

    Raises:
        SetupFault: It does not stand on furniture alone, the gripper is near, or it fits into no other's place.
    """
    world, item = occasion.world, occasion.target_object()
    items = list(occasion.objects.values())
    on = item.touching or ()
    if len(on) != 1 or on[0] not in occasion.supports:
        raise SetupFault(f"{item.name!r} does not stand on furniture alone.")
    alone = [other for other in items if other.movable and other.touching == on and other.name != item.name]
    support = occasion.supports[on[0]]
    for index in rng.permutation(len(alone)):
        other = alone[index]
        rest = [outline(each.shape, each.pose) for each in items if each.name not in (item.name, other.name)]
        shift = np.array(other.pose.position)[:2] - np.array(item.pose.position)[:2]
        new = outline(item.shape, item.pose) + shift, outline(other.shape, other.pose) - shift
        free = all(free_distance(each, standing) >= ROOM for each in new for standing in rest)
        apart = free_distance(*new) >= ROOM and all(within_reach(world, each) for each in new)
        carried = all(support.over(corner) >= 0.0 for each in new for corner in each)
        away = all(world.gaps(name).get("robot", GRIPPER_AWAY) >= GRIPPER_AWAY for name in (item.name, other.name))
        if free and apart and carried and away:
            _put(occasion, item, shift, float(support.extent(UP)))
            _put(occasion, other, -shift, float(support.extent(UP)))
            return f"{item.name} and {other.name} changed places."
    raise SetupFault(f"There is nothing that {item.name!r} can change places with.")


def _put(occasion: Occasion, item: SceneObject, shift: NDArray[np.float64], height: float) -> None:
    x, y = (float(value) for value in np.array(item.pose.position)[:2] + shift)
    z = item.pose.position[2] - underside(item) + height + DROP
    occasion.world.move_object(item.name, Pose(position=(x, y, z), quat_xyzw=item.pose.quat_xyzw))
