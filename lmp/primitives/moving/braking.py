"""To rest on the way: time along a joint curve slows down to a stop, as soon as the limits allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.lessening import ROUNDING
from lmp.primitives.moving.joint_curve import JointCurve

Array = NDArray[np.float64]

TIMES = 0.02 * 1.25 ** np.arange(26)
"""Times to rest that are tried, the shortest first [s]."""
SHARES = np.linspace(0.0, 1.0, 33)
"""Where the limits are looked at while time slows down."""


@dataclass(frozen=True)
class Braking:
    """Time along a curve that slows down from its normal speed to none; its second derivative is zero at both ends.

    Attributes:
        begin: Place on the curve at which it begins [s].
        length: How long it lasts; half of that is the stretch of the curve that is still followed [s].
    """

    begin: float
    length: float

    def at(self, t: Array) -> tuple[Array, Array, Array, Array]:
        """Places on the curve and their first three derivatives after times since the beginning [s]. Shape (n,) each."""
        x = np.clip(t / self.length, 0.0, 1.0)
        place = self.begin + self.length * x * (1.0 - x**2 * (1.0 - 0.5 * x))
        rate = (1.0 - x) ** 2 * (1.0 + 2.0 * x)
        change = -6.0 * x * (1.0 - x) / self.length
        return place, rate, change, (12.0 * x - 6.0) / self.length**2

    def motion(self, curve: JointCurve, t: Array) -> Array:
        """Joint positions, velocities, accelerations and jerks after times [rad, s]. Shape (n,) to (4, n, dof)."""
        place, *rates = self.at(t)
        rate, change, second = (values[:, None] for values in rates)
        q, first, bend, twist = curve.at(place)
        jerk = twist * rate**3 + 3.0 * bend * rate * change + first * second
        return np.stack([q, first * rate, bend * rate**2 + first * change, jerk])


def soonest(curve: JointCurve, begin: float, limits: Array) -> Braking | None:
    """The shortest braking within the limits; None where the curve's own end, at which it rests, comes before that.

    Args:
        curve: Followed at its normal speed up to now.
        begin: Where on it [s].
        limits: Of velocity, acceleration and jerk of each joint. Shape (3, dof).
    """
    for length in TIMES[begin + 0.5 * TIMES <= curve.duration]:
        braking = Braking(begin, float(length))
        used = np.abs(braking.motion(curve, SHARES * length)[1:]).max(axis=1)
        if (used <= limits * (1.0 + ROUNDING)).all():
            return braking
    return None
