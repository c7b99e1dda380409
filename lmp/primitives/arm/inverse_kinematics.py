"""Joint positions for tool poses: one pose from several seeds, or a whole path that stays on one branch."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.damped_newton import Approach, ToolState, approach, pose_error
from lmp.primitives.arm.reachability import Array, IkProblem, Posture, PosturePath, Unreachable

LIMIT_MARGIN = 0.01
"""No joint may come nearer to the end of its range than this [rad]."""
START_POSITION, START_ROTATION = 1e-4, 1e-3
"""How far the first waypoint may be from where the arm is [m], [rad]."""
REST_PULL = 2.0
"""How fast the free motion of the arm returns to the rest posture [1/m of tool path]."""
PULL_REACH = 0.5
"""Distance from the rest posture at which that pull saturates [rad]."""
LIMIT_ZONE, LIMIT_PUSH = 0.5, 10.0
"""Joints this near to the end of their range [rad] are pushed back by at most this much [rad/m of tool path]."""
RADIAN_LENGTH = 0.3
"""Tool path that a turn by one radian counts as [m/rad]."""
LARGEST_STEP = 0.3
"""A joint step between (refined) waypoints beyond this is a jump [rad]."""
REFINEMENTS = 5
"""How often a stretch between two waypoints is halved before it counts as impossible [count]."""
NEARLY_SINGULAR = 0.02
"""Smallest singular value of the Jacobian below which a failure is put down to a singularity [dimensionless]."""
LATTICE = 24
"""Postures over the joint ranges from which a pose is tried besides the given seeds [count]."""


class InverseKinematics:
    """Inverse kinematics over a function that tells the tool's pose and Jacobian.

    Args:
        tool_state: Joint positions to position [m], rotation and world-axes Jacobian of the tool; see `Kinematics`.
        lower, upper: Joint ranges [rad]. Shape (dof,).
        rest: The posture that free motion returns to [rad]. Shape (dof,).
    """

    def __init__(self, tool_state: ToolState, lower: Array, upper: Array, rest: Array):
        self._tool_state, self._rest = tool_state, rest
        self._lower, self._upper = lower + LIMIT_MARGIN, upper - LIMIT_MARGIN

    def posture(self, T_world_tool: Array, seeds: Array) -> Posture | Unreachable:
        """Of all postures found for a pose, the nearest to the first seed. Shapes (4, 4), (k, dof).

        The lattice is the additive recurrence of Roberts (2018), an even spread over a box of any dimension without chance.
        """
        best: Approach | None = None
        found: list[Approach] = []
        for number, seed in enumerate((*seeds, self._rest, *self._lattice())):
            if found and number > len(seeds):
                break
            result = approach(self._tool_state, T_world_tool, seed, self._lower, self._upper)
            if result.reached:
                found.append(result)
            if best is None or result.error @ result.error < best.error @ best.error:
                best = result
        assert best is not None
        if not found:
            return Unreachable((self._problem(best, 0),), best.q, np.empty((0, len(best.q))))
        chosen = min(found, key=lambda result: float(np.linalg.norm(result.q - seeds[0])))
        return Posture(_frozen(chosen.q), chosen.singular_value, chosen.position_error, chosen.rotation_error)

    def path(self, T_world_tool: Array, q_start: Array) -> PosturePath | Unreachable:
        """Joint positions along a tool path, from `q_start`, which has to stand at the first waypoint.

        Each waypoint is solved by Newton's method from the one before, to 1e-9 or better. Free motion of a redundant arm
        takes one step a waypoint, as long as the tool's own step, towards the rest posture and away from the limits: so
        it is as smooth as the tool path, comes to rest with it, and does not depend on how finely the path is sampled.
        Where a step is too large the stretch is halved; what is then still a jump is reported, never returned.

        Args:
            T_world_tool: Waypoints. Shape (n, 4, 4).
            q_start: Joint positions at the first waypoint [rad]. Shape (dof,).
        """
        position, rotation, _ = self._tool_state(q_start)
        error = pose_error(position, rotation, T_world_tool[0])
        distance, angle = float(np.linalg.norm(error[:3])), float(np.linalg.norm(error[3:]))
        if distance > START_POSITION or angle > START_ROTATION:
            smallest = self.singular_values(q_start[None])[0]
            problem = IkProblem("start", 0, None, distance, START_POSITION, distance, angle, float(smallest))
            return Unreachable((problem,), q_start.copy(), np.empty((0, len(q_start))))
        qs = np.empty((len(T_world_tool), len(q_start)))
        qs[0] = q = q_start
        for index in range(1, len(T_world_tool)):
            following = self._follow(q, T_world_tool[index - 1], T_world_tool[index], REFINEMENTS)
            if following is None:
                return self._broken(qs[:index], T_world_tool[index], index)
            qs[index] = q = following
        problems = self._limit_problems(qs)
        values = self.singular_values(qs)
        if problems:
            return Unreachable(problems, np.clip(qs[problems[0].index], self._lower, self._upper), _frozen(qs))
        return PosturePath(_frozen(qs), _frozen(values))

    def _follow(self, q: Array, T_from: Array, T_to: Array, refinements: int) -> Array | None:
        """The posture at the next waypoint, or None where only a jump would lead there."""
        result = self._newton(q, T_to)
        if result is not None and float(np.abs(result - q).max()) <= LARGEST_STEP:
            return result
        if refinements == 0:
            return None
        T_half = _half_way(T_from, T_to)
        half = self._follow(q, T_from, T_half, refinements - 1)
        return None if half is None else self._follow(half, T_half, T_to, refinements - 1)

    def _newton(self, q: Array, T_world_goal: Array) -> Array | None:
        """Newton's method from a nearby posture; the free motion enters its first step only."""
        position, rotation, J = self._tool_state(q)
        error = pose_error(position, rotation, T_world_goal)
        free = self._free_motion(q) * math.sqrt(error[:3] @ error[:3] + RADIAN_LENGTH**2 * (error[3:] @ error[3:]))
        error -= J @ free
        result: Array = q + free
        for _ in range(10):
            _, step, info = dposv(J @ J.T, error)
            if info != 0:
                return None
            result = result + J.T @ step
            position, rotation, J = self._tool_state(result)
            error = pose_error(position, rotation, T_world_goal)
            size = error @ error
            if size < 1e-18:
                return result
            if not size < 10.0:
                return None
        return None

    def _free_motion(self, q: Array) -> Array:
        """Wished joint motion for each metre of tool path [rad/m]. Shape (dof,)."""
        away = self._rest - q
        pull = (REST_PULL / math.sqrt(1.0 + (away @ away) / PULL_REACH**2)) * away
        low = np.maximum(self._lower + LIMIT_ZONE - q, 0.0)
        high = np.maximum(q - self._upper + LIMIT_ZONE, 0.0)
        result: Array = pull + (LIMIT_PUSH / LIMIT_ZONE**2) * (low * low - high * high)
        return result

    def _broken(self, qs: Array, T_world_goal: Array, index: int) -> Unreachable:
        """Why the path could not go on to a waypoint, with the limits that the part before it exceeds."""
        near = approach(self._tool_state, T_world_goal, qs[-1], self._lower, self._upper)
        problem = self._problem(near, index)
        if near.reached:
            joint = int(np.argmax(np.abs(near.q - qs[-1])))
            step = float(near.q[joint] - qs[-1][joint])
            problem = IkProblem(
                "branch_jump", index, joint, step, LARGEST_STEP, near.position_error, near.rotation_error, near.singular_value
            )
        return Unreachable((*self._limit_problems(qs), problem), _frozen(near.q), _frozen(qs))

    def _problem(self, near: Approach, index: int) -> IkProblem:
        """What keeps the arm from a pose, seen from the nearest posture."""
        facts = (near.position_error, near.rotation_error, near.singular_value)
        if len(near.blocked):
            joint = int(near.blocked[0])
            high = near.q[joint] >= self._upper[joint]
            bound = float((self._upper if high else self._lower)[joint])
            return IkProblem("limit", index, joint, float(near.q[joint]), bound, *facts)
        if near.singular_value < NEARLY_SINGULAR and near.position_error < 1e-3:
            return IkProblem("singularity", index, None, near.singular_value, NEARLY_SINGULAR, *facts)
        return IkProblem("reach", index, None, near.position_error, 1e-6, *facts)

    def _limit_problems(self, qs: Array) -> tuple[IkProblem, ...]:
        """One problem for each joint that leaves its range, at its worst waypoint, in the order of the waypoints."""
        problems = []
        for excess, sign, bound in ((self._lower - qs, -1.0, self._lower), (qs - self._upper, 1.0, self._upper)):
            for joint in np.flatnonzero((excess > 0).any(axis=0)):
                index = int(np.argmax(excess[:, joint]))
                smallest = float(self.singular_values(qs[index : index + 1])[0])
                value = float(bound[joint] + sign * excess[index, joint])
                problems.append(IkProblem("limit", index, int(joint), value, float(bound[joint]), 0.0, 0.0, smallest))
        return tuple(sorted(problems, key=lambda problem: problem.index))

    def singular_values(self, qs: Array) -> Array:
        """Smallest singular value of the Jacobian at each posture. Shape (n, dof) to (n,)."""
        jacobians = np.array([self._tool_state(q)[2] for q in qs])
        smallest: Array = np.linalg.svd(jacobians, compute_uv=False)[:, -1]
        return smallest

    def _lattice(self) -> NDArray[np.float64]:
        dof = len(self._rest)
        root = 2.0
        for _ in range(60):
            root = (1.0 + root) ** (1.0 / (dof + 1))
        steps = root ** -np.arange(1.0, dof + 1)
        unit = (0.5 + np.arange(1, LATTICE + 1)[:, None] * steps) % 1.0
        spread: Array = self._lower + unit * (self._upper - self._lower)
        return spread


def _half_way(T_a: Array, T_b: Array) -> Array:
    """The pose half way: mean position, half the turn."""
    T = np.eye(4)
    T[:3, 3] = (T_a[:3, 3] + T_b[:3, 3]) / 2
    turn = Rotation.from_matrix(T_a[:3, :3].T @ T_b[:3, :3]).as_rotvec()
    T[:3, :3] = T_a[:3, :3] @ Rotation.from_rotvec(turn / 2).as_matrix()
    return T


def _frozen(array: Array) -> Array:
    array = np.array(array)
    array.setflags(write=False)
    return array
