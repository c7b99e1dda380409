"""Postures, widths and grasps as they are given to a collision check: of the right shape and finite, or refused in words.

What is not finite has to be refused, since no distance to it is small: it would count as free.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.schema.robot import RobotDescription

Array = NDArray[np.float64]

SLACK = 0.002
"""How far a width may lie beyond what the gripper reaches, as one that was measured may [m]."""
WIDEST = 1.0
"""Largest width that counts for a robot without a gripper, which has no use for it [m]."""


def one_posture(q: ArrayLike, dof: int) -> Array:
    """Joint positions of one posture [rad]. Shape (dof,).

    Raises:
        ValueError: They have another shape, or are not finite.
    """
    posture = np.asarray(q, dtype=np.float64)
    if posture.shape != (dof,):
        raise ValueError(f"joint positions have shape {posture.shape}, expected ({dof},)")
    if not math.isfinite(sum(posture.tolist())):  # Quicker than a look at each.
        raise _not_finite(posture)
    return posture


def many_postures(qs: ArrayLike, dof: int) -> Array:
    """Joint positions of many postures [rad]. Shape (n, dof).

    Raises:
        ValueError: They have another shape, there is none, or they are not finite.
    """
    postures = np.asarray(qs, dtype=np.float64)
    if postures.ndim != 2 or postures.shape[1] != dof or not len(postures):
        raise ValueError(f"joint positions have shape {postures.shape}, expected (n, {dof}) with one posture at least")
    if not np.vdot(postures, postures) < math.inf:
        raise _not_finite(postures)
    return postures


def one_width(width: float, description: RobotDescription) -> float:
    """A distance between the fingers [m].

    Raises:
        ValueError: It is no number, not finite, below 0 or beyond what the gripper reaches, by more than the slack.
    """
    if np.ndim(width) != 0:
        raise ValueError(f"the gripper width of one posture is one number, got shape {np.shape(width)}")
    return float(many_widths(width, 1, description))


def many_widths(widths: ArrayLike, count: int, description: RobotDescription) -> Array:
    """Distances between the fingers [m]. Shape () or (count,).

    Raises:
        ValueError: As for `one_width`, or there is another number of them.
    """
    given = np.asarray(widths, dtype=np.float64)
    if given.ndim != 0 and given.shape != (count,):
        raise ValueError(f"gripper widths have shape {given.shape}, expected () or ({count},): one, or one a posture")
    least, most = (float(given), float(given)) if given.ndim == 0 else (float(given.min()), float(given.max()))
    widest = WIDEST if description.gripper is None else description.max_width
    if not -SLACK <= least <= most <= widest + SLACK:  # What is not a number is in no range.
        came = f"{least:g}" if given.ndim == 0 else f"{least:g} to {most:g}"
        raise ValueError(f"gripper widths of {description.name!r} lie in [0, {widest:g}] m, got {came} m")
    return given


def checked_pose(name: str, T: ArrayLike) -> Array:
    """A pose. Shape (4, 4).

    Raises:
        ValueError: It has another shape, or is not finite.
    """
    pose = np.asarray(T, dtype=np.float64)
    if pose.shape != (4, 4):
        raise ValueError(f"{name} has shape {pose.shape}, expected (4, 4)")
    if not np.isfinite(pose).all():
        raise ValueError(f"{name} has to be finite, got {pose.tolist()}")
    return pose


def _not_finite(qs: Array) -> ValueError:
    row = next((row for row in np.atleast_2d(qs) if not np.isfinite(row).all()), np.atleast_2d(qs)[0])
    return ValueError(f"joint positions have to be finite, got {row.tolist()}")
