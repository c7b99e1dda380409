"""Whether a thing has fallen off the table: by geometry, and robust to the noise of a measurement."""

from __future__ import annotations

import numpy as np

from lmp.schema.scene import Scene, SceneObject

BELOW_TOP = 0.02
"""How far the underside of what is beside the table has to be below its top to have fallen off it [m]."""
UNDER_TABLE = 0.05
"""How far the highest point of what is measured within the table's outline has to be below its top to be under it [m]."""

_UP = np.array([0.0, 0.0, 1.0])


def fallen(scene: Scene, thing: SceneObject) -> bool:
    """Whether the object lies below the table top.

    Beside the table its underside tells. Over the table nothing can be a little too low, since the table is there, so that
    is the noise of a measurement: only what is below the top as a whole, and clearly, lies under the table.
    """
    tables = [other for other in scene.objects if other.category == "table"]
    top = min((table.extent(_UP) for table in tables), default=scene.workspace.lower[2])
    if any(_over(table, thing) for table in tables):
        return bool(thing.extent(_UP) < top - UNDER_TABLE)
    return bool(-thing.extent(-_UP) < top - BELOW_TOP)


def _over(table: SceneObject, thing: SceneObject) -> bool:
    low, high = table.bounds
    return bool((low[:2] <= thing.centre[:2]).all() and (thing.centre[:2] <= high[:2]).all())
