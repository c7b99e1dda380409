"""The last repair of a candidate: its first free move goes another way through joint space, to another posture if need be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.compiler.joint_route import joint_route
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.stretches import Stretches
from lmp.primitives.moves import Candidate, Grip, JointMove, Move, ToolMove

Array = NDArray[np.float64]

POSTURES = 2
"""Postures of the move's end that are tried [count]."""
SEEDS = 100
"""Seeds of inverse kinematics from which those are found: few of an arm's postures avoid what hangs in its way [count]."""
APART = 0.3
"""Postures that differ by less than this are one [rad]."""
DRAWS = 160
"""Draws of a search before it gives up [count]."""
SEARCHES = 12
"""Searches for a route before the compiler gives up [count]."""
AHEAD = 8
"""Waypoints of each following tool move in the first look at a posture [count]."""


def detours(candidates: Iterable[Candidate], start: MotionState, arm: Arm) -> Iterator[tuple[Candidate, str]]:
    """Candidates whose first motion is a route through joint space, with what was changed.

    Of candidates that lead the gripper to the same pose, the first is tried; those whose first motion is no free move are not.
    A posture is good for more than the end of the free move: the tool moves that follow it have to be free as well.
    """
    seen: list[Array] = []
    searches = 0
    for candidate in candidates:
        index = next((i for i, move in enumerate(candidate.moves) if not isinstance(move, Grip)), None)
        move = None if index is None else candidate.moves[index]
        if index is None or not (isinstance(move, JointMove) or (isinstance(move, ToolMove) and move.free)):
            continue
        goal = move.T_world_tool if isinstance(move, ToolMove) else move.q
        if any(goal.shape == other.shape and np.allclose(goal, other, atol=1e-6) for other in seen):
            continue
        seen.append(goal)
        way = Stretches(start, arm, move.allowed)
        for posture in _postures(move, candidate.moves[index + 1 :], start, arm, way):
            searches += 1
            if searches > SEARCHES:
                return
            lower, upper = arm.kinematics.lower, arm.kinematics.upper
            route = joint_route(start.q, posture, way.free, lower, upper, np.random.default_rng(0), DRAWS)
            if route is not None:
                yield _rerouted(candidate, index, move, route)


def _rerouted(candidate: Candidate, index: int, move: ToolMove | JointMove, route: list[Array]) -> tuple[Candidate, str]:
    """The candidate with a move replaced by the stretches of a route."""
    stretches: list[Move] = [
        JointMove("around" if place < len(route) - 1 else move.name, q, move.speed, None, move.allowed, move.timing)
        for place, q in enumerate(route[1:], start=1)
    ]
    moves = (*candidate.moves[:index], *stretches, *candidate.moves[index + 1 :])
    note = f"{move.name} repaired: another way through joint space, {len(stretches)} stretches"
    if isinstance(move, ToolMove) and move.shape is not None:
        note += ", without the requested shape"
    return Candidate(candidate.label, moves, candidate.notes), note


def _postures(
    move: ToolMove | JointMove, following: Sequence[Move], start: MotionState, arm: Arm, way: Stretches
) -> list[Array]:
    """Postures in which the move can end and the next ones go on, the nearest to where the arm is first."""
    if isinstance(move, JointMove):
        return [move.q]
    kinematics, rng = arm.kinematics, np.random.default_rng(0)
    spread = rng.uniform(kinematics.lower, kinematics.upper, (SEEDS, kinematics.dof))
    spread[::2] = 0.5 * (spread[::2] + kinematics.rest)
    seeds = np.concatenate([[start.q, kinematics.rest], spread])[:, None]
    qs, reached, _ = kinematics.inverse_poses(np.tile(move.T_world_tool, (len(seeds), 1, 1)), seeds)
    near_first = sorted(qs[reached], key=lambda q: float(np.linalg.norm(q - start.q)))
    found: list[Array] = []
    tried: list[Array] = []
    for q in near_first:
        if any(np.abs(q - other).max() < APART for other in tried):
            continue
        if way.stands(q):
            tried.append(q)
            if _goes_on(q, move.T_world_tool, following, arm, way):
                found.append(q)
                if len(found) == POSTURES:
                    break
    return found


def _goes_on(q: Array, T_world_tool: Array, following: Sequence[Move], arm: Arm, way: Stretches) -> bool:
    """True if the straight tool moves up to the next grip can be followed from a posture."""
    for move in following:
        if not isinstance(move, ToolMove):
            return True
        shares = np.linspace(0.0, 1.0, AHEAD)[:, None]
        poses = np.tile(move.T_world_tool, (AHEAD, 1, 1))
        poses[:, :3, 3] = T_world_tool[:3, 3] + shares * (move.T_world_tool[:3, 3] - T_world_tool[:3, 3])
        path = arm.kinematics.inverse_path(poses, q)
        if isinstance(path, Unreachable) or not way.clear(path.qs, move.allowed):
            return False
        q, T_world_tool = path.qs[-1], move.T_world_tool
    return True
