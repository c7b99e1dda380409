"""Looks at the simulated table, taken once: as it is, with a block in the bowl, with the arm over the things."""

from __future__ import annotations

import functools

import numpy as np

from lmp.robots.robot_file import load_robot
from lmp.schema.observation import IMAGES
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.world_spec import WorldSpec
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

LOOKS = ("seed 0", "seed 1", "in the bowl", "arm in front")


@functools.cache
def look(name: str) -> Scene:
    """A scene with its frames."""
    with PyBulletWorld.open(
        WorldSpec(address="pybullet:tabletop", seed=int(name[-1]) if name.startswith("seed") else 3), load_robot("panda")
    ) as world:
        if name == "in the bowl":
            x, y, z = world.inventory.body("bowl").pose.position
            world.move_object("red_block", Pose(position=(x, y, z + 0.05)))
            world.settle(0.3)
        if name == "arm in front":
            world.robot.jump(np.array([-0.4, 0.5, 0.0, -1.9, 0.0, 2.4, 0.4]))
        observation = world.observe(IMAGES)
        return OraclePerceiver(world).perceive(observation).model_copy(update={"frames": observation.frames})
