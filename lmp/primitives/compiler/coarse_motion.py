"""A candidate followed at few poses, without timing: how far it stays from joint limits, contacts and singularities."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.lessening import rises
from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.checks.path_checks import (
    COLLISION,
    SMALLEST_SINGULAR_VALUE,
    excess_kinds,
    excess_slacks,
    posture_excesses,
    reach_violations,
)
from lmp.primitives.compiler.motion_builder import tool_poses
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import near_pairs, parting_clearance
from lmp.primitives.moves import Candidate, Contacts, Grip, JointMove, ToolMove
from lmp.schema.trajectory import JointTrajectory

Array = NDArray[np.float64]

FEWEST = 6
"""Poses of the shortest move [count]."""
FAR = 0.025
"""A clearance that is not measured counts as this [m]: the horizon of the collision check."""
JOINT_SCALE, CLEARANCE_SCALE, SINGULAR_SCALE = 0.2, 0.01, 0.05
"""Margins at which half of the comfort is reached [rad], [m], [dimensionless]."""


@dataclass(frozen=True)
class Margin:
    """Distances of a motion from what it must not come near.

    Attributes:
        joint_limit: Smallest distance to a joint limit [rad].
        clearance: Smallest distance to what must not be touched; None where nothing is near [m].
        smallest_singular_value: Smallest singular value of the tool's Jacobian.
    """

    joint_limit: float
    clearance: float | None
    smallest_singular_value: float

    @classmethod
    def of(cls, trajectory: JointTrajectory) -> Margin:
        """The margin of what was compiled in full."""
        return cls(trajectory.margins.joint_limit, trajectory.margins.clearance, trajectory.margins.smallest_singular_value)

    @property
    def comfort(self) -> float:
        """The three margins as one number in (0, 1), more is better: the mean of m / (m + scale) [dimensionless].

        It grows with each of them, for ever but ever less, so that one that is large already does not outweigh a small one.
        """
        clearance = FAR if self.clearance is None else min(self.clearance, FAR)
        pairs = (
            (self.joint_limit, JOINT_SCALE),
            (clearance, CLEARANCE_SCALE),
            (self.smallest_singular_value, SINGULAR_SCALE),
        )
        return sum(max(value, 0.0) / (max(value, 0.0) + scale) for value, scale in pairs) / len(pairs)


def coarse_margin(arm: Arm, start: MotionState, candidate: Candidate, poses: int) -> Margin | str:
    """The margin of a candidate at about as many poses, or the code of the first violation.

    Timing is left out, since it has always a solution: tau is stretched until the limits hold.
    """
    motion = _CoarseMotion(arm, start)
    for move, count in zip(candidate.moves, _shares(candidate, start, poses), strict=True):
        wrong = motion.add(move, count)
        if wrong is not None:
            return wrong
    return motion.margin


def _shares(candidate: Candidate, start: MotionState, poses: int) -> list[int]:
    """Number of poses of each move: by its length, a turn by one radian counting as 0.3 m."""
    lengths, T = [], start.T_world_tool
    for move in candidate.moves:
        if isinstance(move, ToolMove):
            turn = math.acos(min(1.0, max(-1.0, (float(np.trace(T[:3, :3].T @ move.T_world_tool[:3, :3])) - 1.0) / 2.0)))
            lengths.append(float(np.linalg.norm(move.T_world_tool[:3, 3] - T[:3, 3])) + 0.3 * turn)
            T = move.T_world_tool
        else:
            lengths.append(0.3 if isinstance(move, JointMove) else 0.0)
    total = max(sum(lengths), 1e-9)
    return [max(FEWEST, math.ceil(poses * length / total)) for length in lengths]


class _CoarseMotion:
    """The state of the arm along a candidate, and its smallest margins so far."""

    def __init__(self, arm: Arm, start: MotionState):
        self._arm, self._state = arm, start
        self._near = near_pairs(start.obstacles, start.q, start.width)
        self._excess = posture_excesses(arm.kinematics, start.scene.workspace, start.q[None])[0]
        self._limit, self._clearance, self._singular = math.inf, math.inf, math.inf

    @property
    def margin(self) -> Margin:
        """The smallest margins so far."""
        clearance = None if math.isinf(self._clearance) else self._clearance
        return Margin(self._limit, clearance, self._singular)

    def add(self, move: ToolMove | JointMove | Grip, count: int) -> str | None:
        """Follows a move at a number of poses; tells what is wrong with it."""
        state, drags = self._state, move.drags if isinstance(move, ToolMove) else None
        if isinstance(move, Grip):
            return self._grip(move)
        if isinstance(move, JointMove):
            qs = np.linspace(state.q, move.q, count)
        else:
            path = self._arm.kinematics.inverse_path(tool_poses(state, move, _even_phases(count)), state.q, move.leeway)
            if isinstance(path, Unreachable):
                return reach_violations(path, self._arm.robot, move.name)[0].code
            qs = path.qs
            if drags is not None:
                state = state.dragging(self._arm, drags)
        widths = np.linspace(state.width, state.width_goal, len(qs))
        wrong = self._look(state, qs, widths, move.allowed, isinstance(move, JointMove))
        T_world_tool = self._arm.kinematics.forward(qs[-1])
        here = self._state if drags is None else self._state.dragged(self._arm, drags, qs[-1], T_world_tool)
        self._state = replace(here, q=qs[-1], T_world_tool=T_world_tool, width=state.width_goal)
        return wrong

    def _grip(self, grip: Grip) -> str | None:
        state = self._state
        if not grip.wait:
            self._state = replace(state, width_goal=grip.expected)
            return None
        wrong = self._look(state, np.stack([state.q, state.q]), np.array([state.width, grip.expected]), grip.allowed, True)
        self._state = replace(state, width=grip.expected, width_goal=grip.expected).after(self._arm, grip)
        return wrong

    def _look(self, state: MotionState, qs: Array, widths: Array, pairs: Contacts, straight: bool) -> str | None:
        """Takes the margins of postures into account."""
        kinematics = self._arm.kinematics
        parting = parting_clearance(state.obstacles, qs, widths, state.allowed(pairs), self._near)
        excess = posture_excesses(kinematics, state.scene.workspace, qs)
        dof, singular = kinematics.dof, SMALLEST_SINGULAR_VALUE - float(excess[:, -1].max())
        if straight:  # See `singularity_violations`.
            excess[:, -1] = -np.inf
        broken = rises(excess, excess_slacks(dof), self._excess).any(axis=0)
        self._near, self._excess = parting.near, np.minimum(self._excess, excess.min(axis=0))
        room = -float(excess[:, : 2 * dof].max())
        self._limit, self._singular = min(self._limit, room), min(self._singular, singular)
        distance = parting.clearance.min_distance
        self._clearance = min(self._clearance, math.inf if distance is None else distance)
        if parting.clearance.contacts:
            return COLLISION.code
        return excess_kinds(dof)[int(broken.argmax())].code if broken.any() else None


def _even_phases(count: int) -> Array:
    """Phases at which a minimum-jerk move has gone equal shares of its way. Shape (count,)."""
    grid = np.linspace(0.0, 1.0, 201)
    phases: Array = np.interp(np.linspace(0.0, 1.0, count), grid**3 * (10.0 - 15.0 * grid + 6.0 * grid**2), grid)
    return phases
