"""Bodies made of convex pieces as the flat arrays that kernels read; those of a robot once, those of a scene behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.collision.convex_pieces import Piece, Solids, joined, object_pieces, packed
from lmp.schema.shape import Shape

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PackedBodies:
    """Bodies of a robot, of what it holds and of what stands; see `placed_bodies` and `motion_bounds` in the kernels.

    Attributes:
        solids: What the pieces are.
        owners, runs, pieces: Which joint moves each body of the robot, which pieces belong to each body, where they are.
        balls, reaches: A ball around each body of the robot, and how far it can be from each joint's axis [m].
    """

    solids: Solids
    owners: Integers
    runs: Integers
    pieces: Array
    balls: Array
    reaches: Array

    @classmethod
    def of(cls, tree: JointTree, slides: Mapping[int, float], bodies: Sequence[tuple[int, Sequence[Piece]]]) -> PackedBodies:
        """Pack the bodies that a robot is made of.

        Args:
            tree: Its joints.
            slides: How far each joint that slides can be from its zero [m].
            bodies: Joint and pieces of each, in the frame of the joint.
        """
        owners = np.array([joint for joint, _ in bodies], dtype=np.int64)
        balls = np.array([_ball(own) for _, own in bodies])
        reaches = np.array([_reaches(tree, slides, joint, ball) for (joint, _), ball in zip(bodies, balls, strict=True)])
        runs = np.cumsum([0, *(len(own) for _, own in bodies)], dtype=np.int64)
        solids, pieces = _arrays([piece for _, own in bodies for piece in own])
        return cls(solids, owners, runs, pieces, balls, reaches)

    def holding(self, tree: JointTree, slides: Mapping[int, float], shape: Shape, T_joint_object: Array) -> PackedBodies:
        """With one more body, that moves with the tool."""
        ball = _ball([piece.moved(T_joint_object) for piece in object_pieces(shape)])
        reaches = _reaches(tree, slides, tree.tool, ball)
        solids, pieces = _object_arrays(shape)
        return replace(
            self._with([solids], [_moved(pieces, T_joint_object)]),
            owners=np.append(self.owners, tree.tool),
            balls=np.concatenate([self.balls, ball[None]]),
            reaches=np.concatenate([self.reaches, reaches[None]]),
        )

    def among(self, things: Sequence[tuple[Shape, Array]]) -> PackedBodies:
        """With bodies that stand, each a shape at its `T_world_object`."""
        if not things:
            return self
        own = [_object_arrays(shape) for shape, _ in things]
        pieces = [_moved(pieces, T) for (_, pieces), (_, T) in zip(own, things, strict=True)]
        return self._with([solids for solids, _ in own], [_standing(part) for part in pieces])

    def _with(self, solids: Sequence[Solids], pieces: Sequence[Array]) -> PackedBodies:
        runs = self.runs[-1] + np.cumsum([len(part) for part in pieces])
        return replace(
            self,
            solids=joined([self.solids, *solids]),
            runs=np.concatenate([self.runs, runs]),
            pieces=np.concatenate([self.pieces, *pieces]),
        )

    def flat(self, tree: JointTree, pairs: Integers, common: Integers) -> tuple[Integers, Array]:
        """All in two arrays, with the joints and the pairs to measure; see `flat_scene` in the kernels."""
        forms, sizes, corners, edges = self.solids.arrays
        counts = (len(tree.parents), len(forms), len(corners), len(edges), len(self.owners), len(self.runs) - 1, len(pairs))
        whole = (counts, tree.parents, tree.prismatic, forms, edges, self.owners, self.runs, pairs, common)
        reals = (tree.rotations, tree.translations, tree.axes, sizes, corners, self.pieces, self.balls, self.reaches)
        return np.concatenate([np.ravel(part) for part in whole]), np.concatenate([np.ravel(part) for part in reals])


@lru_cache(maxsize=512)
def _object_arrays(shape: Shape) -> tuple[Solids, Array]:
    return _arrays(object_pieces(shape))


def _arrays(pieces: Sequence[Piece]) -> tuple[Solids, Array]:
    """Solids, and where they are: one row of 24 numbers each, the last six for `_standing`."""
    rows = [[*p.rotation.flat, *p.translation, *p.solid.centre, *p.solid.half, *[0.0] * 6] for p in pieces]
    return packed([piece.solid for piece in pieces]), np.array(rows)


def _moved(pieces: Array, T: Array) -> Array:
    """The rows in the frame in which `T` places their present frame. Shapes (k, 24), (4, 4)."""
    moved = pieces.copy()
    moved[:, :9] = (T[:3, :3] @ pieces[:, :9].reshape(-1, 3, 3)).reshape(-1, 9)
    moved[:, 9:12] = pieces[:, 9:12] @ T[:3, :3].T + T[:3, 3]
    return moved


def _standing(pieces: Array) -> Array:
    """The rows with the box along the world's axes, lower and upper corner."""
    standing = pieces.copy()
    R = pieces[:, :9].reshape(-1, 3, 3)
    middle = (R @ pieces[:, 12:15, None])[..., 0] + pieces[:, 9:12]
    half = (np.abs(R) @ pieces[:, 15:18, None])[..., 0]
    standing[:, 18:21], standing[:, 21:24] = middle - half, middle + half
    return standing


def _ball(pieces: Iterable[Piece]) -> Array:
    """Centre and radius of a ball around pieces [m]. Shape (4,)."""
    outlines = [(piece.outline, piece.solid.rounding) for piece in pieces]
    lower = np.min([points.min(axis=0) - rounding for points, rounding in outlines], axis=0)
    upper = np.max([points.max(axis=0) + rounding for points, rounding in outlines], axis=0)
    centre = (lower + upper) / 2
    radius = max(float(np.linalg.norm(points - centre, axis=1).max()) + rounding for points, rounding in outlines)
    return np.append(centre, radius)


def _reaches(tree: JointTree, slides: Mapping[int, float], joint: int, ball: Array) -> Array:
    """Largest distance of a point of the ball from each joint's axis, whatever the joints below do [m]. Shape (joints,)."""
    reaches = np.zeros(len(tree.names))
    offset, below = ball[:3], float(ball[3])  # From the joint to a point below it that moves with it, and on from there.
    while joint != 0:
        axis = tree.axes[joint]
        across = float(np.linalg.norm(offset - (offset @ axis) * axis))
        reaches[joint] = 1.0 if tree.prismatic[joint] else across + below
        below += float(np.linalg.norm(offset)) + slides.get(joint, 0.0)
        offset = tree.translations[joint]
        joint = int(tree.parents[joint])
    return reaches
