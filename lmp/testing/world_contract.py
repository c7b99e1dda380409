"""The contract of every world, and what each of its capabilities promises."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lmp.capabilities import missing_of, world_capabilities
from lmp.errors import LmpError
from lmp.runtime.default_parts import check_tool
from lmp.schema.evidence import Touch
from lmp.schema.observation import Judgement
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.stages import Knows, World
from lmp.testing.refused import refused
from lmp.testing.robot_contract import action

STILL = 1e-3
"""How far an object may come by itself while nothing is done [m]."""


class WorldContract:
    """Subclass it and say how your world is opened. A capability that it does not have is not tested.

    Attributes:
        seconds: How long it may need to come to rest after it was opened [s].
    """

    seconds: float = 0.5

    def open(self, seed: int = 0) -> World:
        """A fresh world, as it is opened for that seed."""
        raise NotImplementedError("say how your world is opened: def open(self, seed=0): ...")

    def test_it_has_what_every_world_has(self) -> None:
        with self.open() as world:
            assert missing_of("world", world) == ()
            world_capabilities(world)
            assert world.rate_hz > 0.0
            assert world.spec == type(world.spec).model_validate_json(world.spec.model_dump_json())

    def test_it_was_opened_for_that_seed(self) -> None:
        with self.open(4) as world:
            assert world.spec.seed == 4

    def test_a_look_tells_the_robots_state_and_nothing_that_was_not_wanted(self) -> None:
        with self.open() as world:
            seen = world.observe()
            assert seen.robot.joint_names == world.robot.description.joint_names
            assert seen.frames == ()

    def test_an_action_is_a_tick_and_settling_is_time(self) -> None:
        with self.open() as world:
            begun = world.observe()
            for _ in range(10):
                world.robot.send_action(action(world.robot, np.array(begun.robot.positions)))
            passed = world.observe().time - begun.time
            assert abs(passed - 10 / world.rate_hz) < 0.5 / world.rate_hz, f"10 ticks took {passed} s"
            world.settle(0.5)
            passed = world.observe().time - begun.time
            assert abs(passed - 10 / world.rate_hz - 0.5) <= 1.01 / world.rate_hz, f"settling for 0.5 s took it to {passed} s"

    def test_looking_changes_nothing_and_nothing_moves_by_itself(self) -> None:
        with self.open() as world:
            knows = world_capabilities(world).knows
            if knows is None:
                return
            world.settle(self.seconds)
            before = places(knows)
            world.observe()
            assert np.array_equal(places(knows), before)
            world.settle(1.0)
            assert np.abs(places(knows) - before).max(initial=0.0) < STILL

    def test_what_it_knows_is_a_whole_scene(self) -> None:
        with self.open() as world:
            knows = world_capabilities(world).knows
            if knows is None:
                return
            scene = knows.scene()
            assert isinstance(scene, Scene)
            assert not scene.predicted
            assert scene.robot == world.observe().robot
            assert scene.time == world.observe().time
            base = world.robot.description.base
            apart = np.abs(scene.T_world_base.matrix - base.matrix).max()
            assert apart < 2e-3, f"the scene has the base at {scene.T_world_base}, the robot's description at {base}"
            assert any(thing.role == "support" for thing in scene.objects), "nothing in it supports anything"

    def test_a_seed_is_a_world(self) -> None:
        with self.open(1) as one, self.open(1) as same:
            knows, other = world_capabilities(one).knows, world_capabilities(same).knows
            if knows is None or other is None or not world_capabilities(one).simulated:
                return
            assert knows.scene().objects == other.scene().objects

    def test_a_saved_state_comes_back_in_this_and_in_a_new_world(self) -> None:
        with self.open() as world, self.open() as fresh, tempfile.TemporaryDirectory() as folder:
            saves, file = world_capabilities(world).saves, Path(folder) / "saved.state"
            if saves is None:
                return
            move(world)
            saves.save(file)
            before = world.observe()
            knows = world_capabilities(world).knows
            positions = None if knows is None else places(knows)
            move(world)
            for each in (world, fresh):
                can = world_capabilities(each)
                assert can.saves is not None
                can.saves.restore(file)
                now = each.observe()
                assert now.time == before.time
                assert np.allclose(now.robot.positions, before.robot.positions, atol=1e-6)
                if positions is not None and can.knows is not None:
                    assert np.allclose(places(can.knows), positions, atol=1e-6)

    def test_a_file_of_something_else_is_refused(self) -> None:
        with self.open() as world, tempfile.TemporaryDirectory() as folder:
            saves, file = world_capabilities(world).saves, Path(folder) / "notes"
            if saves is None:
                return
            file.write_text("my notes")
            refused(lambda: saves.restore(file), LmpError)

    def test_its_tool_is_where_the_robots_description_puts_it(self) -> None:
        with self.open() as world:
            check_tool(world)
            move(world)
            check_tool(world)

    def test_its_own_task_can_be_said_and_judged(self) -> None:
        with self.open() as world:
            judges = world_capabilities(world).judges
            if judges is None:
                return
            assert judges.instruction.strip(), "its instruction is empty"
            found = judges.success()
            assert isinstance(found, Judgement)
            assert judges.success() == found

    def test_what_it_feels_is_a_touch(self) -> None:
        with self.open() as world:
            feels = world_capabilities(world).feels
            assert feels is None or isinstance(feels.touch(), Touch)

    def test_what_it_tracks_is_seen_where_it_is_while_the_arm_moves(self) -> None:
        with self.open() as world:
            can = world_capabilities(world)
            if can.tracks is None or can.knows is None:
                return
            assert can.tracks.tracking_hz <= world.rate_hz
            world.settle(self.seconds)
            thing = next((thing for thing in can.knows.scene().objects if thing.movable), None)
            if thing is None or can.disturbable is None:
                return
            x, y, z = thing.pose.position
            start, before = np.array(world.observe().robot.positions), can.knows.scene().time
            for tick in range(1, round(0.1 * world.rate_hz) + 1):
                there = Pose(position=(x + 1e-4 * tick, y, z), quat_xyzw=thing.pose.quat_xyzw)
                can.disturbable.move_object(thing.name, there)
                world.robot.send_action(action(world.robot, start))
                seen = can.knows.scene()
                assert seen.time > before
                assert abs(seen.get(thing.name).pose.position[0] - there.position[0]) < STILL

    def test_closing_twice_does_no_harm(self) -> None:
        with self.open() as world:
            world.close()
            world.close()


def places(world: Knows) -> NDArray[np.float64]:
    """Positions of everything that can be moved [m]. Shape (n, 3)."""
    found = [thing.pose.position for thing in sorted(world.scene().objects, key=lambda thing: thing.name) if thing.movable]
    return np.array(found).reshape(-1, 3)


def move(world: World) -> None:
    """Turns the last joint by 0.1 rad in a second, away from the nearer end of its range."""
    joint = world.robot.description.joints[-1]
    start = np.array(world.observe().robot.positions)
    way = np.zeros(len(start))
    way[-1] = -0.1 if start[-1] > (joint.lower + joint.upper) / 2 else 0.1
    for share in np.linspace(0.0, 1.0, round(world.rate_hz))[1:]:
        world.robot.send_action(action(world.robot, start + share**2 * (3 - 2 * share) * way))
    world.settle(0.1)
