"""The object that is wanted vanishes."""

from __future__ import annotations

import numpy as np

from lmp.lab.disturbances.occasion import Occasion


def steal(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Takes the object out of the world, also out of the gripper.

    Raises:
        UnknownName: There is no such movable object.
    """
    name = occasion.target_object().name
    occasion.world.remove_object(name)
    return f"{name} vanished."
