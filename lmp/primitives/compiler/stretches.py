"""Straight stretches of joint space that the arm can go with what it holds, whatever is wrong where it begins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.lessening import rises
from lmp.primitives.checks.posture_excess import excess_slacks, posture_excesses
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN, parting_clearance
from lmp.primitives.moves import Contacts

Array = NDArray[np.float64]

STEP = 0.08
"""Largest joint step between two samples of a stretch; what lies between them is bounded [rad]."""
FINER = 5
"""Parts of such a step at whose ends joint ranges, workspace and singularity are looked at, which nothing bounds [count]."""
ROOM = 0.006
"""Distance that a route keeps from what is in its way [m]."""
JOINT_COMFORT, TOOL_COMFORT, SINGULAR_COMFORT = 0.05, 0.01, 0.05
"""How far inside its limits a way back in ends, for what follows to have room [rad], [m], [dimensionless]."""
TINY = 1e-5
"""Step of finite differences [rad]."""
DAMPING = 1e-6
"""Damping of the least joint motion, for what no joint can change [dimensionless]."""


class Stretches:
    """Straight stretches from where the arm is.

    Args:
        state: Where the arm is.
        arm: Its models.
        allowed: Pairs that may touch.
    """

    def __init__(self, state: MotionState, arm: Arm, allowed: Contacts = ()):
        self._state, self._arm, self._allowed = state, arm, state.allowed(allowed)
        self._width = max(state.width, state.width_goal)
        self._begun = {*self._near(state.q)}
        dof = arm.kinematics.dof
        self._comfort = np.array([JOINT_COMFORT] * (2 * dof) + [TOOL_COMFORT] * 6 + [SINGULAR_COMFORT])

    def free(self, one: Array, other: Array) -> bool:
        """True if the arm can go from one posture to another: see `lessening` and `near_pairs`. Shapes (dof,), (dof,).

        Each stretch keeps the rule by itself, so that stretches that follow each other keep it together.
        """
        count = max(2, int(np.ceil(np.abs(other - one).max() / STEP)) + 1)
        fine = np.linspace(one, other, (count - 1) * FINER + 1)
        # No stretch in joint space is barred by a singularity: see `singularity_violations`.
        if rises(self._excesses(fine)[:, :-1], excess_slacks(len(one))[:-1]).any():
            return False
        qs = fine[::FINER]
        # What the arm is near to from the beginning has to keep the margin, all else a little more.
        here = self._near(one)
        near = {pair: here.get(pair, MARGIN) for pair in self._begun}
        widths = np.full(count, self._width)
        return not parting_clearance(self._state.obstacles, qs, widths, self._allowed, near, ROOM).clearance.contacts

    def stands(self, q: Array) -> bool:
        """True if nothing is too near to the arm in a posture. Shape (dof,)."""
        return not self._state.obstacles.check(q, self._width, self._allowed, MARGIN)

    def clear(self, qs: Array, allowed: Contacts) -> bool:
        """True if the arm can follow postures near to each other, with pairs that may touch. Shape (n, dof)."""
        return not self._state.obstacles.check_path(qs, self._width, self._state.allowed(allowed), MARGIN).contacts

    def inside(self, q: Array) -> bool:
        """True if nothing is wrong in a posture, but that it may be singular. Shape (dof,)."""
        return bool((self._excesses(q[None])[0, :-1] <= 0.0).all()) and self.stands(q)

    def well_inside(self, q: Array) -> bool:
        """True if nothing is wrong in a posture, with some room. Shape (dof,)."""
        return bool((self._excesses(q[None])[0] < -self._comfort).all()) and self.stands(q)

    def inward(self, q: Array, rng: np.random.Generator) -> Array:
        """A posture at which less is wrong, or about as little, if all goes straight. Shape (dof,) to (dof,).

        What is wrong, or nearly so, is brought inside by the least joint motion; the rest of the joints' freedom goes
        towards the rest posture, as far as chance has it, which also tells the length of the step.
        """
        tries = np.concatenate([q[None], q + TINY * np.eye(len(q))])
        excess = np.concatenate([self._excesses(tries), self._closeness(tries)], axis=1)
        comfort = np.append(self._comfort, np.full(excess.shape[1] - len(self._comfort), ROOM - MARGIN)) * 1.5
        active = excess[0] > -comfort
        slopes = (excess[1:, active] - excess[0, active]).T / TINY
        solve = slopes.T @ np.linalg.inv(slopes @ slopes.T + DAMPING * np.eye(len(slopes)))
        chance = rng.uniform() * (self._arm.kinematics.rest - q) + rng.normal(size=len(q)) * 10.0 ** rng.uniform(-2.0, 0.0)
        step = solve @ (-excess[0, active] - comfort[active]) + chance - solve @ (slopes @ chance)
        aim: Array = q + step * 10.0 ** rng.uniform(-1.0, 0.0)
        return aim

    def _closeness(self, qs: Array) -> Array:
        """Excess nearness of the pairs that are near at the first of some postures [m]. Shape (n, dof) to (n, pairs)."""
        found = [self._near(q) for q in qs]
        rows = [[MARGIN - near.get(pair, ROOM) for pair in found[0]] for near in found]
        return np.array(rows).reshape(len(qs), -1)

    def _excesses(self, qs: Array) -> Array:
        return posture_excesses(self._arm.kinematics, self._state.scene.workspace, qs)

    def _near(self, q: Array) -> dict[frozenset[str], float]:
        found = self._state.obstacles.check(q, self._width, self._allowed, ROOM)
        return {frozenset((contact.a, contact.b)): contact.distance for contact in found}
