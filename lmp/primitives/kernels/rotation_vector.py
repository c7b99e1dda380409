"""The rotation vector of a rotation matrix: its logarithm."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.kernels.compiled import inner

Array = NDArray[np.float64]


@inner
def rotation_vector(R: Array, out: Array) -> None:
    """The shorter rotation vector of a rotation, angle in [0, pi] [rad]; of the two at half a turn, a fixed one.

    Shapes (3, 3) and (3,).
    """
    x, y, z = (R[2, 1] - R[1, 2]) / 2.0, (R[0, 2] - R[2, 0]) / 2.0, (R[1, 0] - R[0, 1]) / 2.0
    sine, cosine = math.sqrt(x * x + y * y + z * z), (R[0, 0] + R[1, 1] + R[2, 2] - 1.0) / 2.0
    angle = math.atan2(sine, cosine)
    if cosine > -0.9:
        # angle / sin(angle), which is 1 + angle^2 / 6 near no rotation.
        scale = angle / sine if sine > 1e-4 else 1.0 + sine**2 / 6.0
        out[0], out[1], out[2] = scale * x, scale * y, scale * z
        return
    # Near half a turn the skew part vanishes; the symmetric part cos 1 + (1 - cos) n n^T gives the axis up to its sign.
    best = 0
    for row in range(1, 3):
        if R[row, row] > R[best, best]:
            best = row
    for row in range(3):
        out[row] = (R[row, best] + R[best, row]) / 2.0 - (cosine if row == best else 0.0)
    scale = angle / math.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    if out[0] * x + out[1] * y + out[2] * z < 0.0:
        scale = -scale
    for row in range(3):
        out[row] *= scale
