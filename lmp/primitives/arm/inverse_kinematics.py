"""Joint positions for tool poses: one pose from several seeds, or a whole path that stays on one branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.damped_newton import Approach, approaches
from lmp.primitives.arm.leeway import Leeway, turned_by
from lmp.primitives.arm.lessening import JOINT_SLACK, rises
from lmp.primitives.arm.reachability import Array, IkProblem, PartialPose, Posture, PosturePath, Unreachable
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION, CLOSE_ROTATION
from lmp.primitives.kernels.path_following import LARGEST_STEP, START_POSITION, START_ROTATION, follow_paths

if TYPE_CHECKING:
    from lmp.primitives.arm.partial_poses import PartialPoses

LIMIT_MARGIN = 0.01
"""No joint may come nearer to the end of its range than this [rad]."""
NEARLY_SINGULAR = 0.02
"""Smallest singular value of the Jacobian below which a failure is put down to a singularity [dimensionless]."""
CHUNK = 1024
"""Poses that are searched for at once, so that working memory stays below some megabytes [count]."""
LATTICE = 24
"""Postures over the joint ranges from which a pose is tried besides the given seeds [count]."""


class InverseKinematics:
    """Inverse kinematics of a serial arm.

    Args:
        chain: The arm.
        lower, upper: Joint ranges [rad]. Shape (dof,).
        rest: The posture that free motion returns to [rad]. Shape (dof,).
    """

    def __init__(self, chain: SerialChain, lower: Array, upper: Array, rest: Array):
        self._chain, self._rest = chain, rest
        self._lower, self._upper = lower + LIMIT_MARGIN, upper - LIMIT_MARGIN
        self._ranges = np.stack([self._lower, self._upper, rest])
        self._fallback = np.concatenate([rest[None], self._lattice()])
        self._partial: PartialPoses | None = None
        if chain.dof < 6:
            from lmp.primitives.arm.partial_poses import PartialPoses

            self._partial = PartialPoses(chain, self._ranges, self._fallback)

    def posture(self, T_world_tool: Array, seeds: Array) -> Posture | Unreachable:
        """Of all postures found for a pose, the nearest to the first seed. Shapes (4, 4), (k, dof).

        The lattice is the additive recurrence of Roberts (2018), an even spread over a box of any dimension without chance.
        """
        tried = self._approaches(T_world_tool, seeds)
        found = [result for result in tried if result.reached]
        if not found:
            best = min(tried, key=lambda result: float(result.error @ result.error))
            return self._unreachable((self._problem(best, 0),), best.q, np.empty((0, len(best.q))))
        chosen = min(found, key=lambda result: float(np.linalg.norm(result.q - seeds[0])))
        return Posture(_frozen(chosen.q), chosen.singular_value, chosen.position_error, chosen.rotation_error)

    def postures(self, T_world_tool: Array, seeds: Array) -> tuple[Array, NDArray[np.bool_], Array]:
        """The posture nearest to the first seed for each of many poses, whether it is there, and its singular value.

        Shapes (k, 4, 4), (k, s, dof) to (k, dof), (k,), (k,). Where a pose is not reached: the nearest posture found.
        """
        parts = [self._postures(T_world_tool[a : a + CHUNK], seeds[a : a + CHUNK]) for a in range(0, len(seeds), CHUNK)]
        qs, ok, values = (np.concatenate(column) for column in zip(*parts, strict=True))
        return qs, ok, values

    def turned(self, T_world_tool: Array, seed: Array, leeway: Leeway) -> PartialPose | None:
        """The pose in reach at a place that is turned least, within the leeway; None for an arm that can take any pose.

        Shapes (4, 4), (dof,).
        """
        return None if self._partial is None else self._partial.nearest(T_world_tool, seed, leeway)

    def path(self, T_world_tool: Array, q_start: Array, leeway: Leeway | None = None) -> PosturePath | Unreachable:
        """Joint positions along a tool path, from `q_start`, which has to stand at the first waypoint.

        Each waypoint is solved by Newton's method from the one before, to 1e-9 or better; by an arm of fewer than six joints
        to 0.1 mm and 2 mrad. Free motion of a redundant arm
        takes one step a waypoint, as long as the tool's own step, towards the rest posture and away from the limits: so
        it is as smooth as the tool path, comes to rest with it, and does not depend on how finely the path is sampled.
        Where a step is too large the stretch is halved; what is then still a jump is reported, never returned.

        Args:
            T_world_tool: Waypoints. Shape (n, 4, 4).
            q_start: Joint positions at the first waypoint [rad]. Shape (dof,).
            leeway: Turns from the waypoints' orientations that an arm of fewer than six joints may take where the path is
                none that it can follow exactly; the places are met all the same, and the first and the last pose.
        """
        paths, counts = self._followed(T_world_tool[None], q_start[None])
        qs, count = paths[0, : counts[0]], int(counts[0])
        if self._partial is not None and leeway is not None and 0 < count < len(T_world_tool):
            near = self._partial.follow(T_world_tool, q_start, leeway)
            if len(near) == len(T_world_tool) and self._ends_at(T_world_tool[-1], near[-1]):
                qs, count = near, len(near)
        if count == 0:
            return self._misplaced(T_world_tool[0], q_start)
        if count < len(T_world_tool):
            return self._broken(qs, T_world_tool[count], count)
        problems = self._limit_problems(qs)
        if problems:
            return self._unreachable(problems, np.clip(qs[problems[0].index], self._lower, self._upper), qs)
        return PosturePath(_frozen(qs), self.singular_values)

    def paths(self, T_world_tool: Array, q_start: Array) -> tuple[Array, NDArray[np.int64]]:
        """Joint positions along many tool paths, and how many waypoints of each can be had.

        A waypoint can be had if those before it can, no jump leads to it and it is inside the joint ranges, or on the way
        back to them from a start outside: see `lessening`.
        Shapes (k, n, 4, 4), (k, dof) to (k, n, dof), (k,).
        """
        qs, counts = self._followed(T_world_tool, q_start)
        outside: NDArray[np.bool_] = np.any((qs < self._lower) | (qs > self._upper), axis=2)
        for k in np.flatnonzero(outside.any(axis=1)):
            sides = np.concatenate([self._lower - qs[k], qs[k] - self._upper], axis=1)
            outside[k] = rises(sides, JOINT_SLACK).any(axis=1)
        first = np.where(outside.any(axis=1), outside.argmax(axis=1), qs.shape[1])
        return qs, np.minimum(counts, first)

    def singular_values(self, qs: Array) -> Array:
        """Smallest singular value of the Jacobian at each posture. Shape (n, dof) to (n,)."""
        qs = np.asarray(qs, dtype=np.float64)
        return self._chain.motions(qs, np.zeros_like(qs), True)[2]

    def _followed(self, T_world_tool: Array, q_start: Array) -> tuple[Array, NDArray[np.int64]]:
        """See `follow_paths`: as `paths`, whatever the joint ranges. Shapes (k, n, 4, 4), (k, dof) to (k, n, dof), (k,)."""
        poses, begin = (np.ascontiguousarray(given, dtype=np.float64) for given in (T_world_tool, q_start))
        k, n = poses.shape[:2]
        qs, counts = np.empty((k, n, self._chain.dof)), np.empty(k, np.int64)
        follow_paths(self._chain.links, self._chain.prismatic, self._ranges, poses, begin, qs, counts)
        return qs, counts

    def _postures(self, T_world_tool: Array, seeds: Array) -> tuple[Array, NDArray[np.bool_], Array]:
        """See `postures`."""
        k, s, _ = seeds.shape
        begin = np.concatenate([seeds, np.broadcast_to(self._fallback, (k, *self._fallback.shape))], axis=1)
        found = approaches(self._chain, T_world_tool, begin, self._ranges, s + 1)
        reached = found.reached
        ok: NDArray[np.bool_] = np.any(reached, axis=1)
        far = np.where(reached, np.linalg.norm(found.qs - seeds[:, :1], axis=2), np.inf)
        used = np.arange(begin.shape[1]) < found.tried[:, None]
        missing = np.where(used, (found.errors**2).sum(axis=2), np.inf)
        best = np.where(ok, far.argmin(axis=1), missing.argmin(axis=1))
        rows = np.arange(k)
        return found.qs[rows, best], ok, found.singular_values[rows, best]

    def _approaches(self, T_world_tool: Array, seeds: Array) -> list[Approach]:
        """From all seeds and the rest posture; from the lattice as long as none of them has led there."""
        begin = np.concatenate([seeds, self._fallback])[None]
        return approaches(self._chain, T_world_tool[None], begin, self._ranges, len(seeds) + 1).of(0)

    def _misplaced(self, T_world_tool: Array, q_start: Array) -> Unreachable:
        """A path that begins elsewhere."""
        (T_world_start,) = self._chain.poses(q_start[None])
        distance = float(np.linalg.norm(T_world_tool[:3, 3] - T_world_start[:3, 3]))
        angle = float(Rotation.from_matrix(T_world_tool[:3, :3] @ T_world_start[:3, :3].T).magnitude())
        wrong = (distance, START_POSITION, "m") if distance > START_POSITION else (angle, START_ROTATION, "rad")
        problem = IkProblem("start", 0, None, *wrong, distance, angle, self._smallest(q_start))
        return self._unreachable((problem,), q_start, np.empty((0, len(q_start))))

    def _broken(self, qs: Array, T_world_goal: Array, index: int) -> Unreachable:
        """Return why the path could not go on to a waypoint, with the limits that the part before it exceeds.

        From the last posture damped least squares either arrives, so that the way there is a jump; or is stopped by the
        end of a range; or by a direction that the arm has lost. The last is a singularity if some other posture arrives,
        and the end of the arm's reach if none does. A jump that begins next to a singularity is put down to it.
        """
        (near,) = approaches(self._chain, T_world_goal[None], qs[None, -1:], self._ranges, 1).of(0)
        problem, value = self._problem(near, index), self._smallest(qs[-1])
        if problem.reason == "reach" and not near.reached:
            others = [other for other in self._approaches(T_world_goal, qs[-1:]) if other.reached]
            if others:
                value = min(value, near.singular_value)
                near = min(others, key=lambda other: float(np.linalg.norm(other.q - qs[-1])))
        if near.reached:
            facts = (near.position_error, near.rotation_error, near.singular_value)
            joint = int(np.argmax(np.abs(near.q - qs[-1])))
            step = float(near.q[joint] - qs[-1][joint])
            problem = IkProblem("branch_jump", index, joint, step, LARGEST_STEP, self._unit(joint), *facts)
            if value < NEARLY_SINGULAR:
                problem = IkProblem("singularity", index, None, value, NEARLY_SINGULAR, "", *facts)
        return self._unreachable((*self._limit_problems(qs), problem), near.q, qs)

    def _problem(self, near: Approach, index: int) -> IkProblem:
        """Return what keeps the arm from a pose, seen from the nearest posture."""
        facts = (near.position_error, near.rotation_error, near.singular_value)
        if len(near.blocked):
            joint = int(near.blocked[0])
            high = near.q[joint] >= self._upper[joint]
            bound = float((self._upper if high else self._lower)[joint])
            return IkProblem("limit", index, joint, float(near.q[joint]), bound, self._unit(joint), *facts)
        placed = near.position_error <= CLOSE_POSITION and near.rotation_error > CLOSE_ROTATION
        wrong = (near.rotation_error, CLOSE_ROTATION, "rad") if placed else (near.position_error, CLOSE_POSITION, "m")
        return IkProblem("reach", index, None, *wrong, *facts)

    def _limit_problems(self, qs: Array) -> tuple[IkProblem, ...]:
        """One problem for each joint that leaves its range, at its worst waypoint, in the order of the waypoints.

        A joint that is outside where the path begins may come back: see `lessening`.
        """
        problems = []
        for excess, sign, bound in ((self._lower - qs, -1.0, self._lower), (qs - self._upper, 1.0, self._upper)):
            broken = rises(excess, JOINT_SLACK)
            for joint in np.flatnonzero(broken.any(axis=0)):
                index = int(np.argmax(np.where(broken[:, joint], excess[:, joint], -np.inf)))
                value = float(bound[joint] + sign * excess[index, joint])
                facts = (0.0, 0.0, self._smallest(qs[index]))
                unit = self._unit(int(joint))
                problems.append(IkProblem("limit", index, int(joint), value, float(bound[joint]), unit, *facts))
        return tuple(sorted(problems, key=lambda problem: problem.index))

    def _unit(self, joint: int) -> str:
        """In what the position of a joint is measured."""
        return "m" if self._chain.prismatic[joint] else "rad"

    def _ends_at(self, T_world_tool: Array, q: Array) -> bool:
        """True if a posture brings the tool to a pose. Shapes (4, 4), (dof,)."""
        (reached,) = self._chain.poses(q[None])
        distance = float(np.linalg.norm(reached[:3, 3] - T_world_tool[:3, 3]))
        angle = float(np.linalg.norm(turned_by(T_world_tool[:3, :3], reached[:3, :3])))
        return distance <= CLOSE_POSITION and angle <= CLOSE_ROTATION

    def _smallest(self, q: Array) -> float:
        return float(self.singular_values(q[None])[0])

    def _unreachable(self, problems: tuple[IkProblem, ...], nearest: Array, qs: Array) -> Unreachable:
        return Unreachable(problems, _frozen(nearest), _frozen(qs), _frozen(self._chain.poses(nearest[None])[0]))

    def _lattice(self) -> NDArray[np.float64]:
        dof = len(self._rest)
        root = 2.0
        for _ in range(60):
            root = (1.0 + root) ** (1.0 / (dof + 1))
        steps = root ** -np.arange(1.0, dof + 1)
        unit = (0.5 + np.arange(1, LATTICE + 1)[:, None] * steps) % 1.0
        spread: Array = self._lower + unit * (self._upper - self._lower)
        return spread


def _frozen(array: Array) -> Array:
    array = np.array(array)
    array.setflags(write=False)
    return array
