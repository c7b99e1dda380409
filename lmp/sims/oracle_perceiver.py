"""Perception by reading the simulator: the truth, for worlds that know it."""

from __future__ import annotations

from lmp.schema.observation import Observation
from lmp.schema.scene import Scene
from lmp.stages import Knows


class OraclePerceiver:
    """Reports every object where it is, supports included, also what has fallen off them.

    Args:
        world: The world to read.
    """

    def __init__(self, world: Knows):
        self._world = world

    def perceive(self, observation: Observation) -> Scene:
        """The scene of this moment; the observation gives the robot's state and the time."""
        return self._world.scene().model_copy(update={"robot": observation.robot, "time": observation.time})
