"""The oracle reports what the simulator knows: poses, shapes, hollows, contacts; and contacts are judged soberly."""

from __future__ import annotations

import numpy as np
import pytest

from lmp.meaning.conditions import In, On
from lmp.meaning.relations import holds
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.world_spec import WorldSpec
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.pybullet.contact import Contact, gripped, touching
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")
Y = np.array([0.0, 1.0, 0.0])


def press(link: int, normal: tuple[float, float, float], force: float = 5.0) -> Contact:
    """A contact of the hand's link with the block; the normal points from the block to the hand."""
    return Contact("robot", link, "block", -1, np.array(normal), 0.0, force)


@pytest.mark.parametrize(
    ("points", "held"),
    [
        ([press(9, (0, 1, 0)), press(10, (0, -1, 0))], {"block"}),
        ([press(9, (0, 1, 0))], set()),
        ([press(9, (0, 1, 0)), press(10, (0, 1, 0))], set()),
        ([press(9, (0, 0, -1)), press(10, (0, 0, -1))], set()),
        ([press(9, (0, 1, 0)), press(10, (0, -1, 0), 0.01)], set()),
        ([press(9, (0, 1, 0)), press(8, (0, -1, 0))], set()),
        ([Contact("block", -1, "robot", 9, np.array([0, -1.0, 0]), 0.0, 5.0), press(10, (0, -1, 0))], {"block"}),
    ],
    ids=["both sides", "one finger", "same side", "lies on top", "too weak", "finger and palm", "other order"],
)
def test_held_means_squeezed_from_both_sides(points: list[Contact], held: set[str]) -> None:
    assert gripped(points, "robot", (9, 10), Y) == held


def test_touching_names_each_neighbour_once() -> None:
    points = [press(9, (0, 1, 0)), press(9, (0, 1, 0)), Contact("block", -1, "table", -1, np.array([0, 0, 1.0]), 0.0, 1.0)]
    assert touching(points, "block") == ("robot", "table")
    assert touching(points, "table") == ("block",)
    assert touching(points, "cup") == ()


def test_the_scene_is_the_world() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=2), PANDA) as world:
        scene = OraclePerceiver(world).perceive(world.observe())
        assert scene.names[0] == "table"
        table = scene.get("table")
        assert (table.category, table.role) == ("table", "support")
        assert table.bounds[1][2] == pytest.approx(0.0, abs=1e-12)
        assert scene.workspace == world.scene_file.workspace
        assert scene.robot == world.robot.get_observation()
        for truth in world_report(world):
            found = scene.get(truth.name)
            assert found.pose == Pose(position=truth.position, quat_xyzw=truth.quaternion)
            assert found.touching == truth.touching == ("table",)
            assert not found.held
        hollow = {found.name for found in scene.objects if found.cavity is not None}
        assert hollow == {"bowl", "tray", "mug"}


def test_relations_hold_on_what_the_oracle_sees() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=2), PANDA) as world:
        perceiver = OraclePerceiver(world)
        objects = {found.name: found for found in world.scene().objects}
        x, y, _ = objects["bowl"].pose.position
        world.move_object("yellow_block", Pose(position=(x, y, 0.04)))
        u, v, _ = objects["blue_block"].pose.position
        world.move_object("green_block", Pose(position=(u, v, 0.054 + 0.0175)))
        world.settle(1.0)
        scene = perceiver.perceive(world.observe())
        assert holds(In(object="yellow_block", container="bowl"), scene).holds
        assert holds(On(object="green_block", support="blue_block"), scene).holds
        assert not holds(In(object="green_block", container="bowl"), scene).holds
        assert not holds(On(object="yellow_block", support="table"), scene).holds
        assert scene.time == pytest.approx(1.0)
