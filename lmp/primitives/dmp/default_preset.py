"""The default preset as matrices: minimum jerk from the present state to the goal, plus weights that vanish at the ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.deviation import COUNT, deviation_matrices
from lmp.primitives.dmp.min_jerk import minimum_jerk_matrices
from lmp.primitives.dmp.phase import phases_inside
from lmp.primitives.dmp.rollout import Rollout, compiled_once, weight_names

Array = NDArray[np.float64]


def compile_default(times: Array, duration: float, count: int = COUNT) -> Rollout:
    """The default preset at given instants, over y0, v0, a0, g and weights of static displacement [m] or [rad].

    Zero weights are the minimum-jerk quintic. For any weights the motion starts in the state (y0, v0, a0) and ends at g
    at rest without acceleration. What was compiled last is kept: the same arguments again cost next to nothing.

    Args:
        times: Instants in [0, duration], in any order and spacing [s]. Shape (n,).
        duration: Duration of the motion [s].
        count: Number of weights, 1 to 32.

    Raises:
        SetupFault: If the duration is not positive, an instant lies outside, or count is out of range.
    """
    if not isinstance(count, int | np.integer) or not 1 <= count <= 32:
        raise SetupFault(f"count {count!r} came; it has to be a whole number in [1, 32].")

    def made(times: Array) -> Rollout:
        phases = phases_inside(times, duration)
        in_seconds = np.array([1.0, duration, duration**2, 1.0])
        pairs = zip(minimum_jerk_matrices(phases), deviation_matrices(phases, count), strict=True)
        maps = [np.hstack([base * in_seconds, shape]) / duration**order for order, (base, shape) in enumerate(pairs)]
        return Rollout(("y0", "v0", "a0", "g", *weight_names(count)), times, *maps)

    return compiled_once(("default", count, duration), times, made)
