"""Repairs of a free path that fails: higher, to the side, straight across, or straight in joint space."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lmp.meaning.directions import directions
from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.raising import OVER, load_of, obstacles_of
from lmp.primitives.moves import Candidate, JointMove, Move, ToolMove
from lmp.schema.motion import Bulge, Bulges, Direction, PathShape
from lmp.schema.robot import RobotDescription
from lmp.schema.verdict import Violation, all_about

MORE = 0.1
"""How much a repair raises a path, or bends it to the side [m]."""


def repairs(
    candidate: Candidate, start: MotionState, arm: Arm, violations: Sequence[Violation], shape_requested: bool = False
) -> Iterator[tuple[Candidate, str]]:
    """Changed candidates to try, with what was changed, where a free move is what fails.

    A shape that was requested and that the arm cannot follow is not left out: whoever requested it has to know.
    """
    failing = {violation.segment for violation in violations}
    free = {move.name for move in candidate.moves if isinstance(move, ToolMove) and move.free}
    if not violations or not failing <= free:
        return
    names = ", ".join(sorted(name for name in failing if name))
    if all_about(violations, "obstacle"):
        yield _bent(candidate, failing, "up", MORE), f"{names} repaired: {MORE * 1000:.0f} mm higher"
        across = _across(candidate, start, failing, arm.robot)
        if across is not None:
            yield across, f"{names} repaired: straight up, across, and down"
        for side in _sides(candidate, start, failing):
            yield _bent(candidate, failing, side, MORE), f"{names} repaired: {MORE * 1000:.0f} mm to the {side}"
    elif all_about(violations, "posture") and not shape_requested:
        swung = _in_joint_space(candidate, start, arm, failing)
        if swung is not None:
            yield swung, f"{names} repaired: straight in joint space"


def _bent(candidate: Candidate, failing: set[str | None], direction: Direction, amount: float) -> Candidate:
    """The candidate with one more bulge on its failing free moves."""
    moves: list[Move] = []
    for move in candidate.moves:
        if isinstance(move, ToolMove) and move.free and move.name in failing:
            moves.append(replace(move, shape=_with_bulge(move.shape, direction, amount)))
        else:
            moves.append(move)
    return replace(candidate, moves=tuple(moves))


def _with_bulge(shape: PathShape | None, direction: Direction, amount: float) -> PathShape:
    """The shape with one more bulge; one of the same direction grows. Weights stay what they are: they were asked for."""
    if shape is None:
        return Bulges(bulges=(Bulge(direction=direction, phase=0.5, amount=amount),))
    if not isinstance(shape, Bulges):
        return shape
    bulges = list(shape.bulges)
    for index, bulge in enumerate(bulges):
        if bulge.direction == direction:
            bulges[index] = bulge.model_copy(update={"amount": min(bulge.amount + amount, 0.5)})
            return Bulges(bulges=tuple(bulges))
    return Bulges(bulges=(*bulges[:3], Bulge(direction=direction, phase=0.5, amount=amount)))


def _sides(candidate: Candidate, start: MotionState, failing: set[str | None]) -> tuple[Direction, Direction]:
    """The two directions that are most nearly square to the failing move."""
    begin = start.T_world_tool[:3, 3]
    for move in candidate.moves:
        if isinstance(move, ToolMove):
            if move.name in failing:
                way = np.abs(directions(start.scene).components(move.T_world_tool[:3, 3] - begin))
                return ("left", "right") if way[0] > way[1] else ("backward", "forward")
            begin = move.T_world_tool[:3, 3]
    return ("left", "right")


def _across(candidate: Candidate, start: MotionState, failing: set[str | None], robot: RobotDescription) -> Candidate | None:
    """Failing straight moves replaced by: straight up, across at one height, and down; None where a shape was asked for."""
    load, begin = load_of(start, robot), start.T_world_tool
    base = np.array(start.scene.T_world_base.position[:2])
    tops = [prism.top for prism in obstacles_of(start) if np.linalg.norm(prism.centre - base) < 1.0]
    moves: list[Move] = []
    for move in candidate.moves:
        if isinstance(move, ToolMove):
            if move.free and move.name in failing:
                height = max([begin[2, 3], move.T_world_tool[2, 3], *(top + load.hang + 2 * OVER for top in tops)])
                height = min(height, start.scene.workspace.ceiling - 0.01)
                up, over = begin.copy(), move.T_world_tool.copy()
                up[2, 3] = over[2, 3] = height
                whole = replace(move, shape=None, duration=None)
                moves += [replace(whole, name="rise", T_world_tool=up), replace(whole, name="cross", T_world_tool=over)]
                moves.append(whole)
            else:
                moves.append(move)
            begin = move.T_world_tool
        else:
            moves.append(move)
    return replace(candidate, moves=tuple(moves))


def _in_joint_space(candidate: Candidate, start: MotionState, arm: Arm, failing: set[str | None]) -> Candidate | None:
    """Failing free moves replaced by straight ones in joint space, to the posture of their goal nearest to rest."""
    moves: list[Move] = []
    for move in candidate.moves:
        if isinstance(move, ToolMove) and move.free and move.name in failing:
            posture = arm.kinematics.inverse(move.T_world_tool, np.array([arm.robot.rest]))
            if isinstance(posture, Unreachable):
                return None
            moves.append(JointMove(move.name, posture.q, move.speed, move.duration, move.allowed, move.timing))
        else:
            moves.append(move)
    return replace(candidate, moves=tuple(moves))
