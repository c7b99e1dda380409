"""Worlds that are made of scene files: what they hold is what the file lists."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lmp.errors import UnknownName
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import load_robot
from lmp.runtime import worlds
from lmp.schema.episode import WorldObject
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.world_report import world_report
from lmp.stages import World

pytestmark = pytest.mark.parametrize("name", ["kinematic", "pybullet"])
PANDA = load_robot("panda")


def open_world(name: str, seed: int = 0) -> World:
    return worlds.open_world(f"{name}:tabletop", seed=seed)


NAMES = {spec.name for spec in load_scene_file("tabletop").objects}


def poses(objects: tuple[WorldObject, ...]) -> np.ndarray:
    return np.array([[*thing.position, *thing.quaternion] for thing in objects])


def rest() -> dict[str, float]:
    return dict(zip(PANDA.joint_names, PANDA.rest, strict=True))


def test_it_has_what_the_scene_file_lists_at_rest_on_the_table(name: str) -> None:
    with open_world(name) as world:
        objects = world_report(world)
        assert {thing.name for thing in objects} == NAMES
        assert all("table" in thing.touching and not thing.held for thing in objects)


def test_a_seed_is_a_world(name: str) -> None:
    with open_world(name, 3) as one, open_world(name, 3) as same, open_world(name, 4) as other:
        np.testing.assert_array_equal(poses(world_report(one)), poses(world_report(same)))
        assert np.abs(poses(world_report(one)) - poses(world_report(other))).max() > 0.05
        assert (one.spec.seed, other.spec.seed, str(one.spec)) == (3, 4, f"{name}:tabletop")


def test_looking_changes_nothing_and_pictures_come_only_when_asked_for(name: str) -> None:
    with open_world(name) as world:
        before = poses(world_report(world))
        assert world.observe().frames == ()
        assert world.observe() == world.observe()
        np.testing.assert_array_equal(poses(world_report(world)), before)


def test_the_oracle_sees_what_the_world_knows(name: str) -> None:
    with open_world(name) as world:
        scene = OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]
        assert set(scene.names) == NAMES | {"table"}
        for thing in world_report(world):
            seen = scene.get(thing.name)
            assert seen.pose.position == thing.position
            assert seen.touching == thing.touching
            assert abs(seen.bounds[0][2]) < 2e-3


def test_a_saved_state_comes_back_in_this_and_in_a_new_world(name: str, tmp_path: Path) -> None:
    with open_world(name) as world, open_world(name) as fresh:
        world.robot.send_action(rest() | {"gripper": 0.03})
        world.settle(0.5)
        world.save(tmp_path / "state")
        before, state = poses(world_report(world)), world.observe()
        strike_now(world, "shift-target", "red_block")
        assert np.abs(poses(world_report(world)) - before).max() > 0.04
        for each in (world, fresh):
            each.restore(tmp_path / "state")
            np.testing.assert_allclose(poses(world_report(each)), before, atol=1e-9)
            assert each.observe().time == state.time
            np.testing.assert_allclose(each.observe().robot.positions, state.robot.positions, atol=1e-9)
            assert each.observe().robot.gripper_width == pytest.approx(state.robot.gripper_width, abs=1e-9)


def test_wrong_disturbances_are_told(name: str) -> None:
    with open_world(name) as world:
        with pytest.raises(UnknownName, match="Did you mean 'shift-target'"):
            strike_now(world, "shift-targt", "red_block")
        with pytest.raises(UnknownName, match="Did you mean 'red_block'"):
            strike_now(world, "shift-target", "red_blck")
