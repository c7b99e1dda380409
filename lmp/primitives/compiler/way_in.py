"""The way back in, for an arm that stands where it may not: beyond a range, outside the workspace, singular, too near."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lmp.figures import apart
from lmp.primitives.arm.lessening import ROUNDING
from lmp.primitives.checks.path_checks import (
    JOINT_LIMIT,
    OUT_OF_WORKSPACE,
    SMALLEST_SINGULAR_VALUE,
    clearance_violations,
    excess_kinds,
    posture_excesses,
)
from lmp.primitives.collision.named_pairs import Clearance
from lmp.primitives.compiler.joint_route import joint_route, way_out
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.primitives.compiler.stretches import Stretches
from lmp.primitives.moves import JointMove
from lmp.robots.joint_units import joint_units
from lmp.schema.motion import Timing
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]

DRAWS, ROUTE_DRAWS = 300, 1500
"""Draws of the searches for where all is well, and for a way to the rest posture, before they give up [count]."""
TRIES = 4
"""Ways back in from whose ends the rest of a motion is tried [count]."""
RESTING = 0.2
"""Share of them that go towards the rest posture [dimensionless]."""
NAME = "lead in"
"""Of the moves of a way back in."""
NO_WAY = "no way was found on which it only lessens"
ONLY_IN = "a way was found on which it only lessens, but none on from its end"


def ways_in(start: MotionState, arm: Arm, speed: float, timing: Timing) -> Iterator[tuple[JointMove, ...]]:
    """Ways along which all that is wrong lessens until it is gone: to where that is so first, then on to the rest posture."""
    stretches, rest = Stretches(start, arm, ()), arm.kinematics.rest

    def aim(q: Array, rng: np.random.Generator) -> Array:
        return rest if rng.random() < RESTING else stretches.inward(q, rng)

    def moves(way: list[Array]) -> tuple[JointMove, ...]:
        return tuple(JointMove(NAME, q, speed, timing=timing) for q in way[1:])

    for seed in range(TRIES):
        inside = way_out(start.q, aim, stretches.free, stretches.well_inside, np.random.default_rng(seed), DRAWS)
        if inside is None:
            break
        yield moves(inside)
    if stretches.inside(rest):
        ranges, rng = (arm.kinematics.lower, arm.kinematics.upper), np.random.default_rng(0)
        home = joint_route(start.q, rest, stretches.free, *ranges, rng, ROUTE_DRAWS)
        if home is not None:
            yield moves(home)


def led_in(scene: Scene, start: MotionState, arm: Arm, q: Array) -> Scene:
    """The scene with the arm, and what it holds, where a way back in ends. Shape (dof,)."""
    state, moved = scene.robot, dict(zip(arm.robot.joint_names, map(float, q), strict=True))
    positions = tuple(moved.get(name, at) for name, at in zip(state.joint_names, state.positions, strict=True))
    robot = state.model_copy(update={"positions": positions, "velocities": (0.0,) * len(positions)})
    if start.held is None or start.T_tool_held is None:
        return scene.replacing(robot=robot)
    pose = Pose.from_matrix(arm.kinematics.forward(q) @ start.T_tool_held)
    return scene.replacing(scene.get(start.held).model_copy(update={"pose": pose}), robot=robot)


def stuck(start: MotionState, arm: Arm, why: str) -> Iterator[Violation]:
    """All that is wrong where the arm stands, for a person who has to move it by hand, and where to."""
    excess = posture_excesses(arm.kinematics, start.scene.workspace, start.q[None])[0]
    for column in np.flatnonzero(excess > ROUNDING).tolist():
        yield _beyond(column, float(excess[column]), start, arm, why)
    touching = start.obstacles.check(start.q, start.width, margin=MARGIN)
    found = Clearance(touching, None, 0.0)
    for violation, contact in zip(clearance_violations(found, np.zeros(1), start.scene, MARGIN), touching, strict=True):
        words = f"{violation.message.rstrip('.')}, where the arm stands; {why}."
        hint = f"Move the arm by hand until {contact.a!r} is away from {contact.b!r}, {_towards_rest(arm)}"
        yield violation.model_copy(update={"message": words, "hint": hint})


def _beyond(column: int, excess: float, start: MotionState, arm: Arm, why: str) -> Violation:
    """One column of `posture_excesses` that is beyond its limit."""
    dof, robot = arm.kinematics.dof, arm.robot
    kind = excess_kinds(dof)[column]
    joint, unit, below = None, "", column < dof
    if kind is JOINT_LIMIT:
        limits, unit = robot.joints[column % dof], joint_units(robot)[column % dof]
        joint, limit = limits.name, limits.lower if below else limits.upper
        value = float(start.q[column % dof])
        subject, until = f"Joint {joint!r} is at", f"{joint!r} is {'above' if below else 'below'}"
    elif kind is OUT_OF_WORKSPACE:
        axis, below, unit = (column - 2 * dof) % 3, column < 2 * dof + 3, "m"
        limit = (start.scene.workspace.lower if below else start.scene.workspace.upper)[axis]
        value = float(start.scene.workspace.coordinates(start.T_world_tool[None, :3, 3])[0, axis])
        subject = f"The tool is outside the workspace, at {'xyz'[axis]} ="
        until = f"the tool is {'above' if below else 'below'} {'xyz'[axis]} ="
    else:
        value, limit = SMALLEST_SINGULAR_VALUE - excess, SMALLEST_SINGULAR_VALUE
        subject, until = "The arm is singular: the smallest singular value of the tool's Jacobian is", "it is bent, above"
    found, allowed = apart(value, limit)
    said = f"{found} {unit}".rstrip(), f"{allowed} {unit}".rstrip()
    return kind(
        message=f"{subject} {said[0]} where the arm stands, and the limit is {said[1]}; {why}.",
        value=value,
        limit=limit,
        unit=unit,
        t=0.0,
        joint=joint,
        hint=f"Move the arm by hand until {until} {said[1]}, {_towards_rest(arm)}",
    )


def _towards_rest(arm: Arm) -> str:
    joints = zip(arm.robot.joint_names, arm.robot.rest, joint_units(arm.robot), strict=True)
    return f"towards its rest posture: {', '.join(f'{name} {value:.2f} {unit}' for name, value, unit in joints)}."
