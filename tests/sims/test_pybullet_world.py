"""The physical world: scenes start at rest, runs repeat bit by bit, states survive a file and a new process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scripted_hand import ScriptedHand

from lmp.errors import BadFile, SetupFault, UnknownName
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import load_robot
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.pybullet_world import PyBulletWorld
from lmp.sims.scenes.loader import load_scene_file, scene_names
from lmp.sims.scenes.placement import draw_joints, place_objects
from lmp.sims.world_report import world_report

PANDA = load_robot("panda")


@pytest.fixture
def world() -> PyBulletWorld:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=3), PANDA) as opened:
        yield opened


def state(world: PyBulletWorld) -> np.ndarray:
    robot = world.robot.get_observation()
    poses = [[*thing.pose.position, *thing.pose.quat_xyzw] for thing in world.scene().objects]
    return np.concatenate([np.ravel(poses), robot.positions, robot.velocities, [robot.gripper_width]])


def thing(world: PyBulletWorld, name: str):
    return next(found for found in world.scene().objects if found.name == name)


@pytest.mark.parametrize("scene", scene_names())
@pytest.mark.parametrize("seed", range(4))
def test_a_scene_starts_at_rest_where_it_was_drawn(scene: str, seed: int) -> None:
    file = load_scene_file(scene)
    rng = np.random.default_rng(seed)
    drawn = place_objects(draw_joints(file, rng), rng)
    with PyBulletWorld(file, PANDA, seed) as world:
        world.settle(1.0)
        for found in world.scene().objects:
            if found.movable:
                moved = np.linalg.norm(np.array(found.pose.position) - drawn[found.name].position)
                assert moved < 2e-3, found.name
                place = file.place_of(next(s for s in file.objects if s.name == found.name))
                assert found.touching == (file.carrier_of(place),) or (
                    found.name == "plate" and found.touching == ("lemon", "table")
                )
        assert min(point[8] for point in world.engine.getContactPoints()) > -5e-4


def test_blocks_stand_on_the_table_by_half_their_height(world: PyBulletWorld) -> None:
    for found in world.scene().objects:
        if found.category == "block":
            assert found.pose.position[2] == pytest.approx(found.size[2] / 2, abs=2e-4)
            assert found.tilt < 2e-3


def test_the_same_seed_and_actions_give_the_same_bits() -> None:
    def run() -> np.ndarray:
        with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=5), PANDA) as world:
            ScriptedHand(world).pick("green_block")
            strike_now(world, "shift-target", "red_block")
            return state(world)

    assert (run() == run()).all()


def test_two_worlds_do_not_meet() -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=1), PANDA) as alone:
        alone.settle(0.5)
        expected = state(alone)
    with (
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=1), PANDA) as world,
        PyBulletWorld.open(WorldSpec(address="pybullet:sorting", seed=2), PANDA) as other,
    ):
        ScriptedHand(other).pick("red_cylinder")
        world.settle(0.5)
        assert (state(world) == expected).all()
        other.close()
        other.close()
        world.settle(0.1)


def test_a_saved_grasp_continues_in_this_and_in_a_new_process(world: PyBulletWorld, tmp_path: Path) -> None:
    hand = ScriptedHand(world)
    hand.pick("red_block")
    path = tmp_path / "state"
    world.save(path)
    saved, objects, ticks = state(world), world_report(world), world.ticks
    world.settle(0.5)
    later = state(world)
    world.restore(path)
    assert (state(world) == saved).all()
    assert world_report(world) == objects
    assert world.ticks == ticks
    world.settle(0.5)
    assert (state(world) == later).all()
    script = (
        "import sys\nfrom pathlib import Path\nfrom lmp import open_world\nfrom lmp.sims.world_report import world_report\n"
        "world = open_world('pybullet:tabletop', seed=3)\n"
        "world.restore(Path(sys.argv[1])); world.settle(0.5)\n"
        "print(next(thing for thing in world_report(world) if thing.name == 'red_block').model_dump_json())"
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True)
    now = next(found for found in world_report(world) if found.name == "red_block")
    assert now.held
    assert done.stdout.strip() == now.model_dump_json()
    assert done.stderr == ""


def test_a_state_of_something_else_is_refused(world: PyBulletWorld, tmp_path: Path) -> None:
    with PyBulletWorld.open(WorldSpec(address="pybullet:sorting", seed=0), PANDA) as other:
        other.save(tmp_path / "sorting")
    with pytest.raises(BadFile, match="It is of scene 'sorting'"):
        world.restore(tmp_path / "sorting")
    (tmp_path / "torn").write_text('{"scene": "tabl')
    with pytest.raises(BadFile, match="It is not the saved state"):
        world.restore(tmp_path / "torn")
    with pytest.raises(BadFile):
        world.restore(tmp_path / "absent")


def test_a_tower_of_four_stays(world: PyBulletWorld) -> None:
    z = 0.0
    tower = ["blue_block", "yellow_block", "red_block", "green_block"]
    for name in tower:
        edge = thing(world, name).size[2]
        world.move_object(name, Pose.from_yaw((0.33, -0.02, z + edge / 2 + 2e-4), 0.4))
        z += edge + 2e-4
    world.move_object("bowl", Pose(position=(0.6, 0.3, 0.021)))
    for name, spot in (("mug", (0.6, -0.3)), ("can", (0.5, -0.4)), ("ball", (0.5, 0.45)), ("tray", (0.6, 0.0))):
        world.move_object(name, Pose(position=(*spot, thing(world, name).size[2] / 2 + 2e-4)))
    world.settle(1.0)
    before = np.array([thing(world, name).pose.position for name in tower])
    world.settle(4.0)
    after = np.array([thing(world, name).pose.position for name in tower])
    assert np.abs(after - before).max() < 2e-4
    touching = [set(thing(world, name).touching) for name in tower]
    assert touching == [{"table", "yellow_block"}, {"blue_block", "red_block"}, {"yellow_block", "green_block"}, {"red_block"}]


def test_what_is_dropped_into_the_bowl_rests_on_its_floor(world: PyBulletWorld) -> None:
    bowl = thing(world, "bowl")
    x, y, _ = bowl.pose.position
    world.move_object("red_block", Pose.from_yaw((x, y, 0.08), 0.5))
    world.settle(2.0)
    block = thing(world, "red_block")
    assert block.touching == ("bowl",)
    floor = bowl.pose.position[2] + bowl.cavity.floor
    assert block.pose.position[2] == pytest.approx(floor + 0.02, abs=5e-4)
    assert np.hypot(*np.subtract(thing(world, "bowl").pose.position, bowl.pose.position)[:2]) < 1e-3


def test_what_falls_off_the_table_is_still_listed(world: PyBulletWorld) -> None:
    world.move_object("ball", Pose(position=(0.5, 0.9, 0.1)))
    world.settle(1.5)
    ball = next(found for found in world_report(world) if found.name == "ball")
    assert ball.position[2] < -0.5
    assert "table" not in ball.touching


def test_wrong_use_is_said(world: PyBulletWorld) -> None:
    with pytest.raises(UnknownName, match=r"No object named 'red_blok'. Did you mean 'red_block'"):
        world.move_object("red_blok", Pose())
    with pytest.raises(SetupFault, match="rate_hz has to lie between 1 and 2000 Hz, got 0"):
        PyBulletWorld(load_scene_file("tabletop"), PANDA, 0, rate_hz=0.0)
    joints = tuple(joint.model_copy(update={"name": f"{joint.name}x"}) for joint in PANDA.joints)
    other = RobotDescription.model_validate(PANDA.model_dump() | {"joints": joints, "groups": {}})
    with pytest.raises(BadFile, match=r"joint 'panda_joint1x' \(joints\) that is not there. Did you mean 'panda_joint1'"):
        PyBulletWorld(load_scene_file("tabletop"), other, 0)


def test_a_window_needs_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(SetupFault, match="there is no display"):
        PyBulletWorld.open(WorldSpec(address="pybullet:tabletop", seed=0), PANDA, gui=True)


def test_without_pybullet_the_message_says_which_python() -> None:
    script = (
        "import sys\nsys.modules['pybullet'] = None\nfrom lmp.errors import SetupFault\n"
        "try:\n    import lmp.sims.pybullet.engine\nexcept SetupFault as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "PyBullet is not installed" in done.stdout
    assert "wheels for CPython 3.10 and 3.11 only" in done.stdout


def test_what_is_lifted_away_touches_nothing_at_once() -> None:
    from lmp.runtime.worlds import open_world

    with open_world("tabletop", seed=1) as world:
        thing = next(thing for thing in world.scene().objects if thing.name == "red_block")
        assert thing.touching == ("table",)
        x, y, z = thing.pose.position
        world.move_object("red_block", thing.pose.model_copy(update={"position": (x, y, z + 0.2)}))
        assert next(thing for thing in world.scene().objects if thing.name == "red_block").touching == ()
