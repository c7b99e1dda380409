"""The plain movement primitive: a spring to the goal and a forcing that any basis spans.

It has no constraints at its ends: weights leave an end error unless the basis decays, and acceleration jumps at the start.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp.basis import Basis
from lmp.primitives.dmp.dmp import ForcedResponse, TransformationSystem
from lmp.primitives.dmp.phase import phases_inside
from lmp.primitives.dmp.rollout import Rollout, compiled_once, weight_names

Array = NDArray[np.float64]


@dataclass(frozen=True)
class TextbookPrimitive:
    """tau^2 y'' = alpha (beta (g - y) - tau y') + gain * sum_i w_i f_i(t / tau).

    Ijspeert et al., Neural Computation 25(2), 2013, section 2.1, with a phase that runs evenly in time.

    Attributes:
        system: alpha and beta.
        basis: The f_i, decay included; hashable, since what was compiled is kept by it.
        gain: Factor on the forcing.
    """

    system: TransformationSystem
    basis: Basis
    gain: float = 1.0

    def compile(self, times: Array, duration: float) -> Rollout:
        """The exact solution at given instants as matrices over y0 [m], v0 [m/s], g [m] and the weights.

        Args:
            times: Instants in [0, duration], in any order and spacing [s]. Shape (n,).
            duration: tau [s].

        Raises:
            SetupFault: If the duration is not positive or an instant lies outside.
        """
        return compiled_once((self, duration), times, lambda times: self._compiled(times, duration))

    def _compiled(self, times: Array, duration: float) -> Rollout:
        phases = phases_inside(times, duration)
        forced = _response(self).matrices(phases)
        free = self.system.transition(phases)
        # About the goal the start state is (y0 - g, tau v0); the goal itself is added to the position.
        position = np.stack([free[:, 0, 0], duration * free[:, 0, 1], 1.0 - free[:, 0, 0]], axis=1)
        velocity = np.stack([free[:, 1, 0], duration * free[:, 1, 1], -free[:, 1, 0]], axis=1)
        spring = np.array([0.0, 0.0, self.system.stiffness])
        acceleration = spring - self.system.stiffness * position - self.system.alpha * velocity
        free_maps = (position, velocity, acceleration)
        maps = [np.hstack([a, b]) / duration**order for order, (a, b) in enumerate(zip(free_maps, forced, strict=True))]
        return Rollout(("y0", "v0", "g", *weight_names(self.basis.count)), times, *maps)


@lru_cache(maxsize=32)
def _response(primitive: TextbookPrimitive) -> ForcedResponse:
    return ForcedResponse(primitive.system, primitive.basis, primitive.gain)


def scaled_by_goal(values: Array) -> Array:
    """The parameters of the goal-scaled variant: every weight times its dimension's g - y0.

    Args:
        values: Rows y0, v0, g, weights. Shape (..., 3 + count, dims).
    """
    scaled = np.array(values, dtype=np.float64)
    scaled[..., 3:, :] *= (scaled[..., 2, :] - scaled[..., 0, :])[..., None, :]
    return scaled
