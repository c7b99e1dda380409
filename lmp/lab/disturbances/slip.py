"""The carried object turns slippery in the fingers for a moment."""

from __future__ import annotations

import numpy as np

from lmp.lab.disturbances.occasion import Occasion
from lmp.sims.scenes.engines import scene_of

SECONDS = 0.5
"""How long it stays slippery [s]: long enough to fall, not so long that it could never be taken again."""
UNKNOWN = 0.6
"""The friction of what did not come with the scene file [dimensionless]."""


def slip(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """The friction of what is held drops to the share `amount` of what it was.

    Raises:
        SetupFault: Nothing is held.
    """
    world, item = occasion.world, occasion.held()
    usual = {spec.name: spec.friction for spec in scene_of(world.spec).objects}.get(item.name, UNKNOWN)
    world.set_friction(item.name, usual * amount, SECONDS)
    return f"The friction of {item.name} dropped from {usual:.2f} to {usual * amount:.4f} for {SECONDS} s."
