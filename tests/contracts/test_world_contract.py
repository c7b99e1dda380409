from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from implementations import PANDA, WORLDS, open_world

from lmp.errors import BadFile, UnknownName
from lmp.schema.episode import WorldObject
from lmp.sims.oracle_perceiver import OraclePerceiver
from lmp.sims.scenes.loader import load_scene_file

pytestmark = pytest.mark.parametrize("name", WORLDS)
NAMES = {spec.name for spec in load_scene_file("tabletop").objects}


def poses(objects: tuple[WorldObject, ...]) -> np.ndarray:
    return np.array([[*thing.position, *thing.quaternion] for thing in objects])


def rest() -> dict[str, float]:
    return dict(zip(PANDA.joint_names, PANDA.rest, strict=True))


def test_it_has_what_the_scene_file_lists_at_rest_on_the_table(name: str) -> None:
    with open_world(name) as world:
        objects = world.objects()
        assert {thing.name for thing in objects} == NAMES
        assert all("table" in thing.touching and not thing.held for thing in objects)


def test_a_seed_is_a_world(name: str) -> None:
    with open_world(name, 3) as one, open_world(name, 3) as same, open_world(name, 4) as other:
        np.testing.assert_array_equal(poses(one.objects()), poses(same.objects()))
        assert np.abs(poses(one.objects()) - poses(other.objects())).max() > 0.05
        assert (one.spec.seed, other.spec.seed, str(one.spec)) == (3, 4, f"{name}:tabletop")


def test_an_action_is_a_tick_and_settling_is_time(name: str) -> None:
    with open_world(name) as world:
        start = world.observe().time
        for _ in range(10):
            world.robot.send_action(rest())
        assert world.observe().time - start == pytest.approx(10 / world.rate_hz)
        world.settle(0.5)
        assert world.observe().time - start == pytest.approx(10 / world.rate_hz + 0.5, abs=1 / world.rate_hz)


def test_nothing_moves_while_nothing_is_done(name: str) -> None:
    with open_world(name) as world:
        before = poses(world.objects())
        world.settle(1.0)
        assert np.abs(poses(world.objects()) - before)[:, :3].max() < 1e-3


def test_looking_changes_nothing_and_pictures_come_only_when_asked_for(name: str) -> None:
    with open_world(name) as world:
        before = poses(world.objects())
        assert world.observe().frames == ()
        assert world.observe() == world.observe()
        np.testing.assert_array_equal(poses(world.objects()), before)


def test_the_oracle_sees_what_the_world_knows(name: str) -> None:
    with open_world(name) as world:
        scene = OraclePerceiver(world).perceive(world.observe())  # type: ignore[arg-type]
        assert set(scene.names) == NAMES | {"table"}
        for thing in world.objects():
            seen = scene.get(thing.name)
            assert seen.pose.position == thing.position
            assert seen.touching == thing.touching
            assert abs(seen.bounds[0][2]) < 2e-3


def test_a_saved_state_comes_back_in_this_and_in_a_new_world(name: str, tmp_path: Path) -> None:
    with open_world(name) as world, open_world(name) as fresh:
        world.robot.send_action(rest() | {"gripper": 0.03})
        world.settle(0.5)
        world.save(tmp_path / "state")
        before, state = poses(world.objects()), world.observe()
        world.disturb("shift-target", "red_block")
        assert np.abs(poses(world.objects()) - before).max() > 0.04
        for each in (world, fresh):
            each.restore(tmp_path / "state")
            np.testing.assert_allclose(poses(each.objects()), before, atol=1e-9)
            assert each.observe().time == state.time
            np.testing.assert_allclose(each.observe().robot.positions, state.robot.positions, atol=1e-9)
            assert each.observe().robot.gripper_width == pytest.approx(state.robot.gripper_width, abs=1e-9)


def test_a_file_of_something_else_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("my notes")
    with open_world(name) as world, pytest.raises(BadFile):
        world.restore(tmp_path / "notes")


def test_wrong_disturbances_are_told(name: str) -> None:
    with open_world(name) as world:
        with pytest.raises(UnknownName, match="Did you mean 'shift-target'"):
            world.disturb("shift-targt", "red_block")
        with pytest.raises(UnknownName, match="Did you mean 'red_block'"):
            world.disturb("shift-target", "red_blck")


def test_closing_twice_does_no_harm(name: str) -> None:
    with open_world(name) as world:
        world.close()
        world.close()
