"""A block is taken where a picture shows it, and put where a picture shows the table: in PyBullet, with rendered pictures."""

from __future__ import annotations

import numpy as np
import pytest

from lmp.primitives.places.seen_places import PointTarget
from lmp.primitives.skills.pick import PickParameters
from lmp.primitives.skills.place import PlaceParameters
from lmp.robots.robot_file import load_robot
from lmp.runtime.agent import Agent
from lmp.schema.observation import IMAGES
from lmp.schema.outcome import Outcome
from lmp.schema.scene import Scene
from lmp.schema.visual import PixelPoint
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.pybullet_world import PyBulletWorld


def look(agent: Agent, world: PyBulletWorld) -> Scene:
    observation = world.observe(IMAGES)
    return agent.stages.perceiver.perceive(observation).model_copy(update={"frames": observation.frames})


def test_what_is_put_at_a_pixel_ends_where_the_pixel_lifts_to() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), load_robot("panda")) as world:
        agent = Agent(world)
        scene = look(agent, world)
        front = next(frame for frame in scene.frames if frame.name == "front")
        column, row = front.project(scene.get("red_block").centre)
        pick = PickParameters(object="red_block", at=PixelPoint(camera="front", column=column, row=row))
        assert agent.execute(agent.compile(pick, scene)).outcome is Outcome.SUCCEEDED
        scene = look(agent, world)
        frame = next(frame for frame in scene.frames if frame.name == "top")
        free = np.array([0.48, -0.01, 0.0])
        column, row = frame.project(free)
        place = PlaceParameters(object="red_block", target=PointTarget(camera="top", column=column, row=row))
        assert agent.execute(agent.compile(place, scene)).outcome is Outcome.SUCCEEDED
        block = look(agent, world).get("red_block")
        assert np.linalg.norm(block.centre[:2] - frame.lift(column, row)[:2]) < 0.015
        assert block.centre[2] == pytest.approx(0.02, abs=0.003) and not block.held
