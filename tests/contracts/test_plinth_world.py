"""The suites that ship with the package, over a world that has neither scene file nor table, nor its base at the origin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lmp.runtime.worlds import open_world
from lmp.stages import Robot, World
from lmp.testing import RobotContract, WorldContract

ADDRESS = "python:tests.plinth_world:PlinthWorld"


class TestPlinthWorld(WorldContract):
    def open(self, seed: int = 0) -> World:
        return open_world(ADDRESS, seed=seed)


class TestPlinthRobot(RobotContract):
    @contextmanager
    def robot(self) -> Iterator[Robot]:
        with open_world(ADDRESS) as world:
            yield world.robot
