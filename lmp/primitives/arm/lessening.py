"""The rule for what is wrong already where a motion begins: it may only lessen until it is gone, and never comes back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ROUNDING = 1e-9
"""Excess that is only rounding [rad], [m]."""
JOINT_SLACK = 1e-4
"""Largest rise of a joint's excess that is not gone yet and still counts as none: what fitting a path may add [rad]."""


def rises(excess: Array, slack: Array | float, best: Array | None = None) -> NDArray[np.bool_]:
    """True where a quantity breaks the rule: it is beyond its limit, and farther than it has been before.

    What is inside its limit at the beginning has to stay inside, so that the rule holds for any beginning.

    Args:
        excess: How far each quantity is beyond its limit at each sample. Shape (n, k).
        slack: By how much it may rise on its way back. Shape () or (k,).
        best: The least that each was beyond its limit before; where it begins if not given. Shape (k,).
    """
    over = np.where(excess > ROUNDING, excess, 0.0)
    first = over[:1] if best is None else np.where(best > ROUNDING, best, 0.0)[None]
    before = np.minimum.accumulate(np.concatenate([first, over[:-1]]), axis=0)
    broken: NDArray[np.bool_] = over > np.where(before > 0.0, before + slack, 0.0)
    return broken


def worst_rise(excess: Array, slack: float) -> int | None:
    """The worst sample at which a quantity breaks the rule; None if none does. Shape (n,)."""
    if excess.max() <= ROUNDING:
        return None
    broken = rises(excess[:, None], slack)[:, 0]
    return int(np.argmax(np.where(broken, excess, -np.inf))) if broken.any() else None
