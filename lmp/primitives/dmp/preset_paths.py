"""Paths of the presets beside the default one, as matrices over start, goal and weights of static displacement.

Both primitives stop with what their weights have left at the end of their time, up to a few centimetres. So each is followed
by a time without forcing, in which its spring goes on to the goal.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.dmp import lmp_2602_02839 as published
from lmp.primitives.dmp.basis import GaussianBasis
from lmp.primitives.dmp.deviation import SYSTEM
from lmp.primitives.dmp.dmp import TransformationSystem
from lmp.primitives.dmp.phase import checked_phases
from lmp.primitives.dmp.textbook import TextbookPrimitive
from lmp.schema.motion import Preset

Array = NDArray[np.float64]

SHARPNESS, DECAY = 2.0, 4.5
"""Of the textbook primitive's basis: the first over the squared distance of two centres, the second on phase cubed, so that
1 % of the forcing is left at the end [dimensionless]."""
UNIT = published.ARM.gain * published.WEIGHT_SCALE[0] / (published.ARM.alpha * published.ARM.beta)
"""Static displacement that one published weight stands for [m]: 0.37 m."""
SETTLE = 0.4
"""How much longer than the primitive's own time the path lasts, without forcing [dimensionless]."""


def preset_matrices(preset: Preset, phases: Array, count: int) -> Array:
    """Matrices that turn start, goal and weights into a preset's path and its two derivatives with respect to phase.

    The path begins at rest; the primitive's own time ends at phase 1 / (1 + `SETTLE`).

    Args:
        preset: `textbook` or `lmp-2602.02839`.
        phases: In [0, 1]. Shape (n,).
        count: Number of weights; the published preset has 11.

    Returns:
        Over start [m], goal [m] and weights [m]. Shape (3, n, 2 + count).

    Raises:
        SetupFault: A phase lies outside [0, 1].
    """
    at = checked_phases(phases) * (1.0 + SETTLE)
    moving = np.append(np.minimum(at, 1.0), 1.0)
    if preset == published.NAME:
        system = TransformationSystem(published.ARM.alpha, published.ARM.beta)
        matrices = _published(moving)
    else:
        system, rollout = SYSTEM, textbook(count).compile(moving, 1.0)
        columns = [0, 2, *range(3, 3 + count)]
        matrices = np.stack([rollout.position, rollout.velocity, rollout.acceleration])[:, :, columns]
    matrices, end = matrices[:, :-1].copy(), matrices[:, -1]
    settling = at > 1.0
    matrices[:, settling] = _unforced(system, end, at[settling] - 1.0)
    scaled: Array = matrices * (1.0 + SETTLE) ** np.arange(3)[:, None, None]
    return scaled


@lru_cache(maxsize=32)
def textbook(count: int) -> TextbookPrimitive:
    """The plain primitive with the constants of Ijspeert et al. 2013 and `count` weights in metres."""
    basis = GaussianBasis(count, sharpness=SHARPNESS * max(count - 1, 1) ** 2, decay=DECAY)
    return TextbookPrimitive(SYSTEM, basis, gain=SYSTEM.stiffness)


def _unforced(system: TransformationSystem, state: Array, since: Array) -> Array:
    """The motion of the spring alone from a state, at times since it. Shapes (3, columns), (n,) to (3, n, columns)."""
    goal = np.zeros(state.shape[1])
    goal[1] = 1.0
    about_goal = np.stack([state[0] - goal, state[1]])
    position, velocity = np.moveaxis(system.transition(since) @ about_goal, 1, 0)
    return np.stack([position + goal, velocity, -system.stiffness * position - system.alpha * velocity])


def _published(times: Array) -> Array:
    """The recurrence's samples, in its own time over its whole, and between them the cubic with their slopes."""
    instants, samples = _samples()
    at = times * instants[-1]
    index = np.clip(np.searchsorted(instants, at, side="right") - 1, 0, len(instants) - 2)
    h = np.diff(instants)[index][:, None]
    u, start, end = (at - instants[index])[:, None] / h, samples[:, index], samples[:, index + 1]
    rise, first, last = end[0] - start[0], h * start[1], h * end[1]
    square, cube = 3 * rise - 2 * first - last, first + last - 2 * rise
    position = start[0] + u * (first + u * (square + u * cube))
    slope, bend = first + u * (2 * square + 3 * u * cube), 2 * square + 6 * u * cube
    scale = instants[-1] / h
    return np.stack([position, slope * scale, bend * scale**2])


@lru_cache(maxsize=1)
def _samples() -> tuple[Array, Array]:
    """Instants, from the start on, and position and slope there over start, goal and weights [m]."""
    rollout = published.compile_recurrence(published.ARM)
    samples = np.stack([rollout.position, rollout.velocity])
    start = np.zeros((2, 1, samples.shape[2]))
    start[0, 0, 0] = 1.0
    samples = np.concatenate([start, samples], axis=1)
    samples[:, :, 2:] *= published.WEIGHT_SCALE[0] / UNIT
    return np.concatenate([[0.0], rollout.times]), samples
