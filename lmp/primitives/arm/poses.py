"""Numbers that come from outside as inverse kinematics needs them: poses that are poses, joint positions that are finite."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.primitives.kernels.orientation import vectors_between

Array = NDArray[np.float64]

TOLERANCE = 2e-5
"""Largest error of R R^T and of the last row, in any entry; a little more than a goal of a motion may have."""
LAST_ROW = np.array([0.0, 0.0, 0.0, 1.0])
LAST_BYTES = LAST_ROW.tobytes()
LAST_ROW.setflags(write=False)


def numbers(what: str, values: ArrayLike) -> Array:
    """An array of floats.

    Raises:
        ValueError: These are no numbers; it names what came.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        array = None
    if array is None or values is None:
        raise ValueError(f"{what} {values!r:.80} came, expected numbers")
    return array


def finite(what: str, array: Array) -> Array:
    """The array itself.

    Raises:
        ValueError: Some of it is not finite.
    """
    flat = array.ravel()
    if not math.isfinite(flat.dot(flat)) and not np.isfinite(array).all():  # The product alone is faster, but may overflow.
        raise ValueError(f"{what} have to be finite, {np.count_nonzero(~np.isfinite(array))} of {array.size} numbers are not")
    return array


def checked_poses(matrices: ArrayLike) -> Array:
    """Poses as floats. Shape (n, 4, 4).

    Raises:
        ValueError: They have another shape, there is none, or one of them is no pose.
    """
    poses = numbers("poses", matrices)
    if poses.ndim != 3 or poses.shape[1:] != (4, 4) or not len(poses):
        raise ValueError(f"poses have shape {poses.shape}, expected (n, 4, 4) with one at least")
    finite("poses", poses)
    if poses[:, 3].tobytes() != LAST_BYTES * len(poses):
        far = np.abs(poses[:, 3] - LAST_ROW).max(axis=1)
        if far.max() > TOLERANCE:
            raise _no_pose(poses, int(far.argmax()))
    rotations = np.ascontiguousarray(poses[:, :3, :3])
    fault = vectors_between(rotations, rotations, TOLERANCE, np.empty((len(poses), 3)))
    if fault >= 0:
        raise _no_pose(poses, fault // 2)
    return poses


def ends_as_pose(T: Array) -> bool:
    """True if the last row is that of a pose. Shape (4, 4)."""
    return T[3].tobytes() == LAST_BYTES or bool(np.abs(T[3] - LAST_ROW).max() <= TOLERANCE)


def pose_complaint(T: Array) -> str:
    """Say what is wrong with a matrix that is no pose. Shape (4, 4)."""
    if not np.isfinite(T).all():
        return "some of its numbers are not finite"
    if not ends_as_pose(T):
        row = ", ".join(f"{value:.4g}" for value in T[3])
        return f"its last row is ({row}), expected (0, 0, 0, 1)" + ("; is it transposed?" if not T[:3, 3].any() else "")
    R = T[:3, :3]
    error, determinant = np.abs(R @ R.T - np.eye(3)).max(), np.linalg.det(R)
    return (
        f"its upper left part has to be a rotation matrix, orthonormal with determinant 1; it is {error:.2g} from orthonormal, "
        f"with determinant {determinant:.4g}"
    )


def _no_pose(poses: Array, index: int) -> ValueError:
    which = "the matrix" if len(poses) == 1 else f"matrix {index} of {len(poses)}"
    return ValueError(f"{which} is no pose: {pose_complaint(poses[index])}")
