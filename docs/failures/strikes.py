"""What is done to a world so that a failure happens: by physical means, as a person or a fault would do it."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from typing import Any

import numpy as np
from striker import Moment, Strike

from lmp.errors import RobotFault
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import ObjectSpec
from lmp.schema.shape import Box
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

EDGE = 0.10
"""Of the box that is put in the way [m]."""
AHEAD = 0.45
"""How far ahead of the hand the box is put [s]."""


def thing(world: PyBulletWorld, name: str) -> SceneObject:
    """An object as it is now."""
    return next(found for found in world.scene().objects if found.name == name)


def put(name: str, x: float, y: float, z: float) -> Strike:
    """Puts an object there [m], as it is turned."""

    def strike(moment: Moment) -> None:
        moment.world.move_object(name, Pose(position=(x, y, z), quat_xyzw=thing(moment.world, name).pose.quat_xyzw))

    return strike


def shift(name: str, dx: float, dy: float, dz: float = 0.0) -> Strike:
    """Moves an object that far [m]."""

    def strike(moment: Moment) -> None:
        x, y, z = thing(moment.world, name).pose.position
        put(name, x + dx, y + dy, z + dz)(moment)

    return strike


def put_beside(name: str, other: str, dx: float, dy: float) -> Strike:
    """Puts an object on the table, that far from another one [m]."""

    def strike(moment: Moment) -> None:
        x, y, _ = thing(moment.world, other).pose.position
        low, _ = thing(moment.world, name).bounds
        height = thing(moment.world, name).pose.position[2] - low[2]
        put(name, x + dx, y + dy, float(height) + 0.001)(moment)

    return strike


def put_on(name: str, other: str, rise: float = 0.0) -> Strike:
    """Puts an object over the middle of another one, and that far over its top [m]."""

    def strike(moment: Moment) -> None:
        x, y, _ = thing(moment.world, other).pose.position
        top = float(thing(moment.world, other).bounds[1][2])
        low = float(thing(moment.world, name).bounds[0][2])
        put(name, x, y, top + rise + 0.001 + thing(moment.world, name).pose.position[2] - low)(moment)

    return strike


def tip(name: str, degrees: float) -> Strike:
    """Tips an object; it falls by itself if that is far enough."""

    def strike(moment: Moment) -> None:
        x, y, z = thing(moment.world, name).pose.position
        half = math.radians(degrees) / 2
        pose = Pose(position=(x, y, z + 0.02), quat_xyzw=(math.sin(half), 0.0, 0.0, math.cos(half)))
        moment.world.move_object(name, pose)

    return strike


def remove(name: str) -> Strike:
    """Takes an object away."""
    return lambda moment: moment.world.remove_object(name)


def block_the_way(moment: Moment) -> None:
    """Fixes a box where the hand comes through in a moment."""
    ahead = int(np.searchsorted(moment.trajectory.times, moment.t + AHEAD))
    x, y, z = (float(value) for value in moment.trajectory.tool_path[ahead])
    spec = ObjectSpec(name="box", category="box", colour="grey", shape=Box(size=(EDGE, EDGE, EDGE)), role="fixture")
    moment.world.add_object(spec, Pose(position=(x, y, z)))


def lock(joint: str) -> Strike:
    """A brake of the arm falls in, and is let go when the arm has been stopped: until then that joint stays where it is."""

    def strike(moment: Moment) -> Callable[[], object]:
        robot: Any = moment.world.robot
        state, send = robot.get_observation(), robot.send_action
        stays = state.positions[state.joint_names.index(joint)]
        robot.send_action = lambda action: send({**action, joint: stays})
        return lambda: vars(robot).pop("send_action")

    return strike


def lock_the_slowest(moment: Moment) -> Callable[[], object] | None:
    """Locks the joint that has the longest way to go."""
    left = np.abs(moment.trajectory.positions[-1] - moment.trajectory.at(moment.t))
    return lock(moment.trajectory.joint_names[int(np.argmax(left))])(moment)


def fail_to_answer(moment: Moment) -> None:
    """The robot's driver raises an error at every command."""

    def fail(action: dict[str, float]) -> dict[str, float]:
        raise RobotFault("The controller does not answer.")

    robot: Any = moment.world.robot
    robot.send_action = fail


def ctrl_c(moment: Moment) -> None:
    """A person presses Ctrl-C."""
    raise KeyboardInterrupt


def lose_the_record(moment: Moment) -> None:
    """The run folder vanishes, as on a disk that is pulled out."""
    shutil.rmtree(moment.run)


def all_of(*strikes: Callable[[Moment], None]) -> Strike:
    """One after the other."""

    def strike(moment: Moment) -> None:
        for one in strikes:
            one(moment)

    return strike
