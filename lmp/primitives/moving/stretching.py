"""Factor on the duration of a motion: foretold from one look at it, so that a second look mostly confirms it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.joint_needs import joint_needs

Array = NDArray[np.float64]

STRETCHES = np.array([1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0])
"""Factors by which a duration may grow where the limits ask for it [dimensionless]."""


def next_stretch(stretch: float, need: float, joints: Array, q_goal: Array, requested: float, limits: Array) -> float | None:
    """The least of the longer factors that should do, or the best of them; None where a longer duration helps no more.

    Each joint is taken for a quintic of its own from its present state to the goal's posture: what that one needs
    changes with the duration much as what the motion needs does, and what both need now gives the proportion.

    Args:
        stretch: The factor that was looked at.
        need: The factor by which the duration then fell short of the limits [dimensionless].
        joints: Present positions, velocities, accelerations [rad, s]. Shape (3, dof).
        q_goal: Posture at the goal [rad]. Shape (dof,).
        requested: Duration with the factor 1 [s].
        limits: Of velocity, acceleration and what else. Shape (2 or more, dof).
    """
    longer = STRETCHES[stretch < STRETCHES]
    if not len(longer):
        return None
    needs = np.empty(len(longer) + 1)
    joint_needs(joints, q_goal, limits, np.append(stretch, longer) * requested, needs)
    before, after = needs[0], needs[1:]
    if after.min() >= before:
        return None
    enough = np.flatnonzero(after * need <= before)
    return float(longer[enough[0] if len(enough) else after.argmin()])
