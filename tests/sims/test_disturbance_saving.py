"""A saved world that was disturbed goes on as if it had never been saved, in this world and in a new one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.kinematic_world import KinematicWorld
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")
WORLDS = {"pybullet": PyBulletWorld, "kinematic": KinematicWorld}
CRATE = ObjectSpec(name="crate", category="box", colour="grey", shape=Box(size=(0.08, 0.08, 0.1)), mass=0.2)
PLACE = Pose(position=(0.3, 0.0, 0.06))


def falling(world: PyBulletWorld) -> None:
    """A grasp that has just turned slippery, a crate that is about to fall, a mug that is gone, a can that flies."""
    ScriptedHand(world).pick("red_block")
    strike_now(world, "slip", "red_block")
    world.add_object(CRATE, PLACE)
    strike_now(world, "steal", "mug")
    world.throw("can", (0.0, 0.3, 0.5))
    world.settle(0.05)


def test_a_disturbed_world_goes_on_bit_by_bit(tmp_path: Path) -> None:
    with (
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), PANDA) as world,
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), PANDA) as fresh,
    ):
        world.save(tmp_path / "peace")
        falling(world)
        world.save(tmp_path / "fall")
        saved = world_report(world)
        world.settle(0.8)
        later = world_report(world)
        assert world.inventory.frictions == {}
        for each in (world, fresh):
            each.restore(tmp_path / "fall")
            assert world_report(each) == saved
            assert list(each.inventory.frictions) == ["red_block"]
            each.settle(0.8)
            assert world_report(each) == later
            assert len(each.disturbances) == 2
        world.restore(tmp_path / "peace")
        assert {thing.name for thing in world_report(world)} == {spec.name for spec in world.scene_file.objects}
        assert world.disturbances == []
        assert world.inventory.frictions == {}


@pytest.mark.parametrize("kind", sorted(WORLDS))
def test_things_come_and_go(kind: str, tmp_path: Path) -> None:
    spec = WorldSpec(address="kinematic:tabletop", seed=3)
    with WORLDS[kind].open(spec, PANDA) as world, WORLDS[kind].open(spec, PANDA) as fresh:
        before = world_report(world)
        world.save(tmp_path / "before")
        world.add_object(CRATE, PLACE)
        world.settle(0.5)
        crate = next(thing for thing in world_report(world) if thing.name == "crate")
        assert np.array(crate.position) == pytest.approx((0.3, 0.0, 0.05), abs=1e-3)
        assert (crate.size, crate.touching) == (pytest.approx((0.08, 0.08, 0.1)), ("table",))
        with pytest.raises(SetupFault, match="named 'crate' already"):
            world.add_object(CRATE, PLACE)
        with pytest.raises(SetupFault, match="named 'table' already"):
            world.add_object(CRATE.model_copy(update={"name": "table"}), PLACE)
        world.save(tmp_path / "crate")
        fresh.restore(tmp_path / "crate")
        assert world_report(fresh) == world_report(world)
        world.remove_object("crate")
        for wrong in (world.remove_object, lambda name: world.throw(name, (0.0, 0.0, 0.0))):
            with pytest.raises(UnknownName, match="No object named 'crate'"):
                wrong("crate")
        assert {thing.name for thing in world_report(world)} == {thing.name for thing in before}
        for each in (world, fresh):
            each.restore(tmp_path / "before")
            assert world_report(each) == before


def test_a_saved_state_with_strangers_is_refused(tmp_path: Path) -> None:
    for kind in (PyBulletWorld, KinematicWorld):
        with (
            kind.open(WorldSpec(address="kinematic:tabletop", seed=3), PANDA) as world,
            kind.open(WorldSpec(address="kinematic:kitchen", seed=3), PANDA) as other,
        ):
            world.save(tmp_path / "state")
            with pytest.raises(BadFile):
                other.restore(tmp_path / "state")
