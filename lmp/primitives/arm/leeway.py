"""Turns of the gripper that a task leaves to an arm that cannot take every orientation."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Leeway:
    """Largest turns of the tool from a requested orientation, about the axes that it would then have.

    Attributes:
        slope: About x, which tips the line from finger to finger [rad].
        lean: About y, that line itself [rad].
        turn: About z, the direction in which the gripper points [rad].
    """

    slope: float
    lean: float
    turn: float

    @property
    def most(self) -> Array:
        """The three. Shape (3,)."""
        return np.array([self.slope, self.lean, self.turn])

    def leaves(self, turned: Array) -> bool:
        """True if a turn is one of those. Shape (3,)."""
        return bool((np.abs(turned) <= self.most).all())


IN_THE_AIR = Leeway(slope=0.8, lean=0.8, turn=0.8)
"""Where nothing has to be met: half of the turn to the horizontal."""
AT_AN_OBJECT = Leeway(slope=0.05, lean=0.15, turn=0.05)
"""Where the fingers come down beside an object: pads that slope or turn by more would not lie on its faces."""
SET_DOWN = Leeway(slope=0.05, lean=0.05, turn=0.05)
"""Where an object is let go: it falls flat from there."""


def turned_by(requested: Array, reached: Array) -> Array:
    """Rotation vectors from requested to reached orientations, in the former's axes [rad]. Shapes (..., 3, 3) to (..., 3)."""
    between = np.swapaxes(requested, -1, -2) @ reached
    vectors: Array = Rotation.from_matrix(between.reshape(-1, 3, 3)).as_rotvec().reshape(*between.shape[:-2], 3)
    return vectors


def words(turned: Array) -> str:
    """A turn in words. Shape (3,)."""
    return f"{math.degrees(float(np.linalg.norm(turned))):.0f} deg"
