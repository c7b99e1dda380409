"""Looks at worlds and states of robots, read in one place: what raises, or is no number, is a fault that says which joint."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from lmp.errors import RobotFault, robot_faults
from lmp.schema.observation import NOTHING, Observation, Sensors
from lmp.schema.scene import RobotState
from lmp.stages import Robot, World


def look_at(world: World, wanted: Sensors = NOTHING) -> Observation:
    """What a world sees now.

    Raises:
        RobotFault: It raised, gave something else than an observation, or a state of its robot with values that are no numbers.
    """
    with _reading(world, "observe", world.robot):
        seen = world.observe(wanted)
    if not isinstance(seen, Observation):
        raise RobotFault(f"{type(world).__name__}.observe has to give an Observation, got {seen!r:.80}.")
    check_state(world.robot, seen.robot)
    return seen


def state_of(robot: Robot) -> RobotState:
    """The state that a robot tells.

    Raises:
        RobotFault: It raised, gave something else than a state, or values that are no numbers.
    """
    with _reading(robot, "get_observation", robot):
        state = robot.get_observation()
    check_state(robot, state)
    return state


def check_state(robot: Robot, state: RobotState) -> None:
    """Refuses what no motion may start from: a value that is no number compares with every limit as if it were within.

    Raises:
        RobotFault: It is no state, or one of its values is not finite; says which.
    """
    name = robot.description.name
    if not isinstance(state, RobotState):
        raise RobotFault(f"The robot {name!r} has to tell a RobotState, got {state!r:.80}.")
    if math.isfinite(sum(state.positions) + sum(state.velocities) + state.gripper_width):
        return
    raise RobotFault(f"The robot {name!r} tells {', '.join(_not_finite(state))}; finite numbers are needed.")


@contextmanager
def _reading(part: object, verb: str, robot: Robot) -> Iterator[None]:
    """As `robot_faults`; where a value is refused as a `RobotState` is made, the joint is named as far as it can be known."""
    try:
        with robot_faults(part, verb):
            yield
    except RobotFault as fault:
        joints = _refused_joints(fault.__cause__, robot)
        if not joints:
            raise
        raise RobotFault(f"{fault}. In the order of its description that is {', '.join(joints)}.") from fault.__cause__


def _refused_joints(error: BaseException | None, robot: Robot) -> list[str]:
    """The joints whose values a schema refused, if they came in the order of the robot's description."""
    if not isinstance(error, ValidationError) or error.title != RobotState.__name__:
        return []
    names = dict(enumerate(robot.description.joint_names))
    places = [one["loc"][1] for one in error.errors() if one["loc"][:1] in (("positions",), ("velocities",)) and one["loc"][1:]]
    return [names[place] for place in dict.fromkeys(places) if isinstance(place, int) and place in names]


def _not_finite(state: RobotState) -> Iterator[str]:
    for what, values in (("position", state.positions), ("velocity", state.velocities)):
        for joint, value in zip(state.joint_names, values, strict=True):
            if not math.isfinite(value):
                yield f"{value} as the {what} of {joint}"
    if not math.isfinite(state.gripper_width):
        yield f"{state.gripper_width} as the distance between its fingers"
