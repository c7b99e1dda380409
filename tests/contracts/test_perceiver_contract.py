"""The suite that ships with the package, over the oracle, in worlds with and without a scene file."""

from __future__ import annotations

from functools import cached_property

import pytest

from lmp.capabilities import world_capabilities
from lmp.runtime.worlds import open_world
from lmp.schema.observation import Observation
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.stages import Perceiver
from lmp.testing import PerceiverContract


class _Oracle(PerceiverContract):
    address: str

    @cached_property
    def world(self):
        return open_world(self.address, seed=3)

    def perceiver(self) -> Perceiver:
        knows = world_capabilities(self.world).knows
        assert knows is not None
        return OraclePerceiver(knows)

    def observation(self) -> Observation:
        return self.world.observe()

    @pytest.fixture(autouse=True)
    def _closed(self):
        yield
        self.world.close()


class TestKinematic(_Oracle):
    address = "kinematic:tabletop"


class TestPyBullet(_Oracle):
    address = "pybullet:kitchen"


class TestPlinth(_Oracle):
    address = "python:tests.plinth_world:PlinthWorld"
