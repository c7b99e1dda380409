"""A disturbance that strikes at once, outside of a motion: for tests, and for callers that have a world."""

from __future__ import annotations

import numpy as np

from lmp.errors import SetupFault
from lmp.lab.disturbances.occasion import Occasion
from lmp.lab.disturbances.request import parse_disturbance
from lmp.stages import Disturbable

STEP = 0.05
"""Steps in which what lasts goes on where no force has to be kept up at each tick [s]."""


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
    request = parse_disturbance(text)
    strike = request.about.strike
    if strike is None:
        raise SetupFault(f"{request.kind!r} is about how a whole run is measured or driven; it cannot strike at once.")
    request.about.require(world, request.kind)
    rng = np.random.default_rng([world.spec.seed, world.ticks, len(world.disturbances)])
    movable = Occasion(world).movable
    if target is None and movable:
        target = str(rng.choice(sorted(movable)))
    occasion = Occasion(world, target)
    occasion.target_object()
    done = strike(occasion, request.amount, rng)
    if not isinstance(done, str):
        step = 1.0 / world.rate_hz if world.has_forces else STEP
        while done.go_on(step):
            world.settle(step)
    words = done if isinstance(done, str) else done.words
    world.disturbances.append(words)
    return words
