"""Judge if an object has fallen off what carries objects here: by geometry, and robust to the noise of a measurement."""

from __future__ import annotations

import numpy as np

from lmp.schema.scene import Scene, SceneObject

BELOW_TOP = 0.02
"""How far the underside of what is beside every support has to be below the lowest place to have fallen there [m]."""
UNDER_SUPPORT = 0.05
"""How far the highest point of what is measured within a support's outline has to be below its top to be under it [m]."""

_UP = np.array([0.0, 0.0, 1.0])


def lowest_place(scene: Scene) -> float:
    """Height of the lowest place where objects stand: of the lowest support, or of the workspace if that is lower [m]."""
    return min([scene.workspace.floor, *(float(support.extent(_UP)) for support in scene.supports)])


def fallen(scene: Scene, item: SceneObject) -> bool:
    """True if the object lies below all that carries objects here.

    Beside the supports its underside tells. Over a support nothing can be a little too low, since the support is there, so
    that is the noise of a measurement: only what is below it as a whole, and clearly, lies under it.
    """
    over = [support.extent(_UP) for support in scene.supports if support.over(item.centre) >= 0.0]
    if over:
        return bool(item.extent(_UP) < min([scene.workspace.floor, *over]) - UNDER_SUPPORT)
    return bool(-item.extent(-_UP) < lowest_place(scene) - BELOW_TOP)
