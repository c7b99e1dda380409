"""The arm has only a share of its joint efforts left to move with."""

from __future__ import annotations

import numpy as np

from lmp.stages import Disturbable, Perceiver, Robot


class Weak:
    """An arm that is held back: it carries its own weight, as arms with a gravity-compensating controller do, and little more.

    Args:
        world: Whose arm is weakened.
        amount: The share of each joint's effort that is left [dimensionless].
        rng: Not used.
    """

    def __init__(self, world: Disturbable, amount: float, rng: np.random.Generator):
        self.words = f"The joints have {amount:.3g} of their efforts left to move with."
        world.weaken(amount)

    def robot(self, robot: Robot) -> Robot:
        """The robot as it is: its own joints are weak."""
        return robot

    def perceiver(self, perceiver: Perceiver) -> Perceiver:
        """The perceiver as it is."""
        return perceiver
