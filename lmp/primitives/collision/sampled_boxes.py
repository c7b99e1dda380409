"""Boxes around pieces and bodies at every sample of a path, all at once: what is far apart needs no exact distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.collision.convex_pieces import Piece

Array = NDArray[np.float64]

_CORNERS = np.array(list(product((-1.0, 1.0), repeat=3)))


@dataclass(frozen=True)
class BoxesAtSamples:
    """Where pieces and bodies are at n samples.

    Attributes:
        rotations, translations: `T_world_piece` of the moving pieces. Shapes (n, m, 3, 3), (n, m, 3) [m].
        piece_lower, piece_upper: Boxes around all pieces. Shape (n, pieces, 3) [m].
        body_lower, body_upper: Boxes around all bodies. Shape (n, bodies, 3) [m].
        steps: How far a point of each body may be from both ends of the step between two samples, added. Shape
            (n - 1, bodies) [m].
    """

    rotations: Array
    translations: Array
    piece_lower: Array
    piece_upper: Array
    body_lower: Array
    body_upper: Array
    steps: Array


class SampledBoxes:
    """Boxes around pieces that move with joints or stand still.

    Args:
        pieces: Moving pieces first; those of one body in one run.
        joints: Joint that each moving piece moves with. Shape (m,).
        owners: Body of each piece, in rising order. Shape (pieces,).
    """

    def __init__(self, pieces: Sequence[Piece], joints: NDArray[np.intp], owners: NDArray[np.intp]):
        self._joints, self._moving = joints, len(joints)
        self._rotation = np.array([piece.rotation for piece in pieces])
        self._translation = np.array([piece.translation for piece in pieces])
        self._centre = np.array([piece.centre for piece in pieces])
        self._half = np.array([piece.half for piece in pieces])
        self._starts = np.searchsorted(owners, np.arange(owners[-1] + 1))
        self._still = self._boxes(self._rotation[self._moving :], self._translation[self._moving :], slice(self._moving, None))

    def at(self, rotations: Array, translations: Array, joint_steps: Array) -> BoxesAtSamples:
        """The boxes at n samples.

        Args:
            rotations: Axes of all joints. Shape (n, joints, 3, 3).
            translations: Origins of all joints [m]. Shape (n, joints, 3).
            joint_steps: Sum of all joints' steps from sample to sample [rad]. Shape (n - 1,).
        """
        moving = slice(0, self._moving)
        joint_rotation = rotations[:, self._joints]
        R = joint_rotation @ self._rotation[moving]
        t = (joint_rotation @ self._translation[moving, :, None])[..., 0] + translations[:, self._joints]
        lower, upper = self._boxes(R, t, moving)
        n = len(R)
        piece_lower, piece_upper = (
            np.concatenate([own, np.broadcast_to(still, (n, *still.shape))], axis=1)
            for own, still in zip((lower, upper), self._still, strict=True)
        )
        body_lower = np.minimum.reduceat(piece_lower, self._starts, axis=1)
        body_upper = np.maximum.reduceat(piece_upper, self._starts, axis=1)
        steps = self._steps(R, t, lower, upper, joint_steps)
        return BoxesAtSamples(R, t, piece_lower, piece_upper, body_lower, body_upper, steps)

    def _boxes(self, R: Array, t: Array, which: slice) -> tuple[Array, Array]:
        centre = (R @ self._centre[which, :, None])[..., 0] + t
        half = (np.abs(R) @ self._half[which, :, None])[..., 0]
        return centre - half, centre + half

    def _steps(self, R: Array, t: Array, lower: Array, upper: Array, joint_steps: Array) -> Array:
        """Bounds on a body's motion within a step.

        The corners of a piece's box bound the chord of each of its points. A path that turns by a total of h rad leaves
        its chord by at most h^2 r / 8, r the greatest distance between anything that moves and a joint; both ends
        together see twice that.
        """
        local = self._centre[: self._moving, None] + _CORNERS * self._half[: self._moving, None]
        corners = local @ R.swapaxes(-1, -2) + t[:, :, None]
        chords = np.linalg.norm(np.diff(corners, axis=0), axis=-1).max(axis=-1)
        radius = max(float(np.linalg.norm(upper.max(axis=(0, 1)) - lower.min(axis=(0, 1)))), 1.0)
        moves = chords + radius * joint_steps[:, None] ** 2 / 4
        still = np.zeros((len(moves), len(self._rotation) - self._moving))
        steps: Array = np.maximum.reduceat(np.concatenate([moves, still], axis=1), self._starts, axis=1)
        return steps


def box_gaps(lower_a: Array, upper_a: Array, lower_b: Array, upper_b: Array) -> Array:
    """Distance between axis-aligned boxes, 0 where they overlap [m]. Shapes (..., 3) to (...)."""
    apart = np.maximum(np.maximum(lower_a - upper_b, lower_b - upper_a), 0.0)
    gaps: Array = np.sqrt(np.einsum("...i,...i->...", apart, apart))
    return gaps
