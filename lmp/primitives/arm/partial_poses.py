"""Poses for an arm of fewer than six joints: the place exactly, the orientation as near to the requested one as it can be.

Damped least squares with positions weighted far above turns, so that what cannot be met is missed by a turn; what is found is
then the pose that is requested, until its place is met to rounding. See Siciliano et al., Robotics (2009), section 3.5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.damped_newton import approaches
from lmp.primitives.arm.leeway import Leeway, turned_by
from lmp.primitives.arm.reachability import PartialPose
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION
from lmp.primitives.kernels.path_following import LARGEST_STEP

Array = NDArray[np.float64]

WEIGHTS = (100.0, 1000.0, 1000.0)
"""Turns that count as much as a metre [rad/m]: at first 1 mm as 0.1 rad, since a heavier weight is slow from afar.

Each round requests the orientation that the one before has found, and misses the place by a hundredth of what that did.
"""
RESERVE = 0.02
"""Distance from the ends of ranges that the end of a move keeps, so that the path to it has room [rad]."""
ALIKE = 0.02
"""Turns that differ by less are equally good [rad]."""


class PartialPoses:
    """Poses of an arm that has too few joints for all of them.

    Args:
        chain: The arm.
        ranges: Lower, then upper ends of the joint ranges [rad]. Shape (2 or more, dof).
        fallback: Postures that are begun from besides the given seeds [rad]. Shape (k, dof).
    """

    def __init__(self, chain: SerialChain, ranges: Array, fallback: Array):
        self._chain, self._fallback = chain, fallback
        self._weighted = {weight: _scaled(chain, weight) for weight in WEIGHTS}
        middle = ranges[:2].mean(axis=0)
        self._ranges = np.stack([ranges[0], ranges[1]])
        self._inner = np.stack([np.minimum(ranges[0] + RESERVE, middle), np.maximum(ranges[1] - RESERVE, middle)])

    def nearest(self, T_world_tool: Array, seed: Array, leeway: Leeway) -> PartialPose | None:
        """The pose at that place that is turned least, within the leeway; of equals the posture nearest to the seed.

        It is looked for from the seed and the rest posture, and where these lead to none from the lattice over the ranges.
        None where there is none. Shapes (4, 4), (dof,).
        """
        first = np.stack([seed, self._fallback[0]])
        for seeds in (first, self._fallback[1:]):
            qs = self._placed(np.tile(T_world_tool, (len(seeds), 1, 1)), seeds, self._inner)
            poses = self._chain.poses(qs)
            turned = turned_by(T_world_tool[:3, :3], poses[:, :3, :3])
            placed = np.linalg.norm(poses[:, :3, 3] - T_world_tool[:3, 3], axis=1) <= 0.1 * CLOSE_POSITION
            good = np.flatnonzero(placed & (np.abs(turned) <= leeway.most).all(axis=1))
            if len(good):
                angle = np.linalg.norm(turned, axis=1)
                good = good[angle[good] <= angle[good].min() + ALIKE]
                best = good[np.linalg.norm(qs[good] - seed, axis=1).argmin()]
                reached = T_world_tool.copy()
                reached[:3, :3] = poses[best, :3, :3]
                return PartialPose(qs[best], reached, turned[best])
        return None

    def follow(self, T_world_tool: Array, q_start: Array, leeway: Leeway) -> Array:
        """Joint positions along a path from where the arm is, as far as it can be followed within the leeway.

        The places are those of the path; each posture continues the one before without a jump. Shapes (n, 4, 4), (dof,) to
        (m, dof), m <= n.
        """
        qs = [q_start]
        for T in T_world_tool[1:]:
            (q,) = self._placed(T[None], qs[-1][None], self._ranges)
            (reached,) = self._chain.poses(q[None])
            missed = float(np.linalg.norm(reached[:3, 3] - T[:3, 3])) > CLOSE_POSITION
            if missed or np.abs(q - qs[-1]).max() > LARGEST_STEP or not leeway.leaves(turned_by(T[:3, :3], reached[:3, :3])):
                break
            qs.append(q)
        return np.array(qs)

    def _placed(self, T_world_tool: Array, seeds: Array, ranges: Array) -> Array:
        """Postures at the places of poses, as little turned from them as can be, each from its seed. Shape (k, dof)."""
        goals, qs = T_world_tool.copy(), seeds
        for weight in WEIGHTS:
            chain, scale = self._weighted[weight], np.where(self._chain.prismatic != 0, weight, 1.0)
            goals[:, :3, 3] = weight * T_world_tool[:, :3, 3]
            qs = approaches(chain, goals, (qs * scale)[:, None], ranges * scale, 1).qs[:, 0] / scale
            goals[:, :3, :3] = self._chain.poses(qs)[:, :3, :3]
        return qs


def _scaled(chain: SerialChain, scale: float) -> SerialChain:
    """The arm with all its lengths multiplied; the positions of joints that slide are then, too."""
    links = chain.links.copy()
    links[:, :, 3] *= scale
    return SerialChain(links, chain.prismatic)
