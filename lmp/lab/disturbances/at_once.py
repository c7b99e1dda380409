"""A disturbance that strikes at once, outside of a motion: for tests, and for whoever has a world in hand."""

from __future__ import annotations

import numpy as np

from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import Occasion
from lmp.lab.disturbances.wish import parse_disturbance
from lmp.stages import Disturbable


def strike_now(world: Disturbable, text: str, target: str | None) -> str:
    """Disturbs the world; says what was done.

    Args:
        world: The world; its seed, time and earlier disturbances seed the choices.
        text: ``KIND`` or ``KIND:AMOUNT``.
        target: The object that it is about; drawn from the movable ones where it is None.

    Raises:
        UnknownName: There is no such kind, or no such movable object.
        SetupFault: It is not possible now; says why.
    """
    wish = parse_disturbance(text)
    strike = wish.about.strike
    if strike is None:
        raise SetupFault(f"{wish.kind!r} is about how a whole run is measured or driven; it cannot strike at once.")
    wish.about.require(world, wish.kind)
    rng = np.random.default_rng([world.spec.seed, world.ticks, len(world.disturbances)])
    movable = Occasion(world).movable
    if target is None and movable:
        target = str(rng.choice(sorted(movable)))
    occasion = Occasion(world, target)
    occasion.thing()
    words = strike(occasion, wish.amount, rng)
    world.disturbances.append(words)
    return words
