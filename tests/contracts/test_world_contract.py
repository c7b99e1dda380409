"""The suite that ships with the package, over every world that is listed, and one of somebody."""

from __future__ import annotations

from lmp import registry
from lmp.runtime.worlds import open_world, schemes
from lmp.stages import World
from lmp.testing import WorldContract

ADDRESSES = {name: f"{name}:{scheme.default}" for name, scheme in schemes().items() if scheme.default}


class TestPyBullet(WorldContract):
    def open(self, seed: int = 0) -> World:
        return open_world(ADDRESSES["pybullet"], seed=seed)


class TestKinematic(WorldContract):
    def open(self, seed: int = 0) -> World:
        return open_world(ADDRESSES["kinematic"], seed=seed)


class TestOffTheOriginAndTurned(WorldContract):
    def open(self, seed: int = 0) -> World:
        return open_world("python:tests.plinth_world:PlinthWorld", seed=seed)


class TestExample(WorldContract):
    def open(self, seed: int = 0) -> World:
        return open_world("python:examples.09_your_own_world:ShelfWorld?distance=0.5", seed=seed)


def test_every_world_that_is_listed_is_here() -> None:
    assert set(registry.known("world")) == {*ADDRESSES, "python"}
    assert set(ADDRESSES) == {"pybullet", "kinematic"}
