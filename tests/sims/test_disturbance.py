"""Disturbances of the physical world: 5 to 15 cm, to a free place within reach, with all that stands on the object."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.errors import SetupFault, UnknownName
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.scenes.footprint import free_distance, outline

PANDA = load_robot("panda")


def things(world: PyBulletWorld) -> dict:
    return {thing.name: thing for thing in world.scene().objects}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["red_block", "bowl"])
def test_the_target_moves_by_5_to_15_cm_to_a_free_place(seed: int, name: str) -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=seed), PANDA) as world:
        before = things(world)
        words = strike_now(world, "shift-target", name)
        after = things(world)
        assert words.startswith(f"{name} was moved ")
        way = np.subtract(after[name].pose.position, before[name].pose.position)
        assert 0.049 < np.hypot(*way[:2]) < 0.151
        assert abs(way[2]) < 1e-3
        lower, upper = after[name].bounds
        assert (lower[:2] >= np.array(world.scene().workspace.lower[:2]) - 1e-3).all()
        assert (upper[:2] <= np.array(world.scene().workspace.upper[:2]) + 1e-3).all()
        assert np.hypot(*after[name].centre[:2]) < world.scene_file.placement.radius[1] + 1e-3
        own = outline(after[name].shape, after[name].pose)
        for other in set(after) - {name, "table"}:
            assert after[other].pose.position == pytest.approx(before[other].pose.position, abs=1e-3)
            assert free_distance(own, outline(after[other].shape, after[other].pose)) > 0.009
        assert after[name].touching == ("table",)


def test_it_repeats_for_a_seed_and_goes_on_from_there() -> None:
    def run() -> tuple[str, str]:
        with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=9), PANDA) as world:
            return strike_now(world, "shift-target", "mug"), strike_now(world, "shift-target", "mug")

    first, second = run()
    assert (first, second) == run()
    assert first != second


def test_what_is_in_the_bowl_and_on_that_moves_along() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=4), PANDA) as world:
        x, y, z = things(world)["bowl"].pose.position
        world.move_object("yellow_block", Pose(position=(x, y, z - 0.021 + 0.005 + 0.0237)))
        world.move_object("red_block", Pose(position=(x, y, z - 0.021 + 0.005 + 0.047 + 0.0204)))
        world.settle(0.5)
        before = things(world)
        strike_now(world, "shift-target", "bowl")
        after = things(world)
        ways = [
            np.subtract(after[name].pose.position, before[name].pose.position)[:2]
            for name in ("bowl", "yellow_block", "red_block")
        ]
        assert np.hypot(*ways[0]) > 0.049
        assert np.abs(np.diff(ways, axis=0)).max() < 2e-3
        assert after["yellow_block"].touching == ("bowl", "red_block")


def test_the_top_of_a_tower_leaves_the_rest_and_comes_to_the_table() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=4), PANDA) as world:
        x, y, _ = things(world)["blue_block"].pose.position
        world.move_object("red_block", Pose(position=(x, y, 0.054 + 0.0202)))
        world.settle(0.5)
        assert "blue_block" in things(world)["red_block"].touching
        strike_now(world, "shift-target", "red_block")
        assert things(world)["red_block"].touching == ("table",)
        assert things(world)["blue_block"].pose.position == pytest.approx((x, y, 0.027), abs=1e-3)


def test_what_cannot_be_is_said() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=0), PANDA) as world:
        with pytest.raises(UnknownName, match=r"No disturbance named 'shift-traget'. Did you mean 'shift-target'"):
            strike_now(world, "shift-traget", "red_block")
        with pytest.raises(UnknownName, match=r"No movable object named 'red_bock'. Did you mean 'red_block'"):
            strike_now(world, "shift-target", "red_bock")
        with pytest.raises(UnknownName, match="No movable object named 'table'"):
            strike_now(world, "shift-target", "table")
        assert " was moved " in strike_now(world, "shift-target", None)
        ScriptedHand(world).pick("red_block")
        with pytest.raises(SetupFault, match="'red_block' is in the gripper"):
            strike_now(world, "shift-target", "red_block")
