"""The preset `lmp-2602.02839`: the published constants of Language Movement Primitives, sample for sample.

Five rows (x, y, z, yaw, gripper) of eleven weights. The motion is the result of a recurrence with step 0.003, not of its
differential equation; the matrices here are those of the recurrence. Source: arXiv 2602.02839 and its published code.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.dmp.basis import Basis, GaussianBasis, PiecewiseConstantBasis
from lmp.primitives.dmp.rollout import Rollout, weight_names

Array = NDArray[np.float64]

NAME = "lmp-2602.02839"
ROWS = ("x", "y", "z", "yaw", "gripper")
WEIGHT_SCALE = (20.0, 20.0, 20.0, 200.0, 10.0)
"""Factor on the weights that the model emits, by row."""
COUNT = 11
STEP = 0.003
STEPS = 334
FLIP = 0.5
"""The gripper is told to change where its row crosses this value."""


@dataclass(frozen=True)
class Recurrence:
    """y and z advance together from their old values, after the clock.

    Attributes:
        alpha, beta: Constants of the spring [dimensionless].
        gain: Factor k on the forcing [dimensionless].
        basis: Basis of the forcing.
    """

    alpha: float
    beta: float
    gain: float
    basis: Basis


ARM = Recurrence(alpha=20.8, beta=5.2, gain=2.0, basis=GaussianBasis(COUNT, sharpness=1600.0, decay=4.5))
GRIPPER = Recurrence(alpha=8.4, beta=10.5, gain=8.0, basis=PiecewiseConstantBasis(COUNT))


@dataclass(frozen=True)
class PublishedMotion:
    """Samples of the recurrence, in the phase's unit time (tau = 1).

    Attributes:
        phases: min(t, 1) after each step [dimensionless]. Shape (334,).
        arm: x, y, z [m] and yaw [rad]. Shape (334, 4).
        gripper: The gripper's row. Shape (334,).
        flip: Phase at which the gripper is told to change; None if its row never crosses 0.5.
    """

    phases: Array
    arm: Array
    gripper: Array
    flip: float | None


def sample_phases(step: float = STEP, steps: int = STEPS) -> Array:
    """Phases of the samples: the clock advances first and stops at 1. Shape (steps,)."""
    held: Array = np.minimum(np.cumsum(np.full(steps, step)), 1.0)
    return held


@lru_cache(maxsize=8)
def compile_recurrence(recurrence: Recurrence, step: float = STEP, steps: int = STEPS) -> Rollout:
    """Matrices of the recurrence over y0, g and unscaled weights, from rest; velocity is its z, acceleration z's slope.

    The published motion has the published step; with shorter ones it comes nearer to its differential equation (order 1).
    """
    forcing = recurrence.gain * recurrence.basis.evaluate(sample_phases(step, steps))
    spring = recurrence.alpha * recurrence.beta
    state = np.zeros((2, 2 + COUNT))
    state[0, 0] = 1.0
    samples = np.empty((steps, 3, 2 + COUNT))
    for index in range(steps):
        push = np.concatenate([[0.0, spring], forcing[index]])
        slope = push - spring * state[0] - recurrence.alpha * state[1]
        state = state + step * np.stack([state[1], slope])
        samples[index] = *state, slope
    times: Array = step * np.arange(1, steps + 1, dtype=np.float64)
    return Rollout(("y0", "g", *weight_names(COUNT)), times, samples[:, 0], samples[:, 1], samples[:, 2])


def roll_out(
    start: Array, goal: Array, weights: Array, *, closes: bool = True, angle: float = 0.0, height: float = 0.0
) -> PublishedMotion:
    """Roll out weights as a model emits them.

    Args:
        start: x, y, z [m] and yaw [rad]. Shape (4,).
        goal: The same at the goal. Shape (4,).
        weights: Emitted weights, before their scale; rows x, y, z, yaw, gripper. Shape (5, 11).
        closes: True where the skill closes the gripper (its row goes from 0 to 1), False where it opens it.
        angle: Added to the goal's yaw [rad].
        height: Added to the goal's z [m].

    Raises:
        SetupFault: If a shape is wrong.
    """
    start, goal, weights = (np.asarray(value, dtype=np.float64) for value in (start, goal, weights))
    if start.shape != (4,) or goal.shape != (4,) or weights.shape != (5, COUNT):
        raise SetupFault(
            f"start {start.shape}, goal {goal.shape}, weights {weights.shape} came; "
            f"the shapes have to be (4,), (4,) and (5, {COUNT})."
        )
    scaled = weights * np.array(WEIGHT_SCALE)[:, None]
    moved = goal + np.array([0.0, 0.0, height, angle])
    arm = compile_recurrence(ARM)(np.vstack([start, moved, scaled[:4].T]))[0]
    ends = (0.0, 1.0) if closes else (1.0, 0.0)
    gripper = compile_recurrence(GRIPPER)(np.concatenate([ends, scaled[4]])[:, None])[0][:, 0]
    return PublishedMotion(sample_phases(), arm, gripper, _flip(gripper, closes))


def _flip(gripper: Array, closes: bool) -> float | None:
    crossed = gripper > FLIP if closes else gripper < FLIP
    return float(sample_phases()[int(np.argmax(crossed))]) if crossed.any() else None
