"""Timing `keep`: the phase stays t / tau, and tau is the requested duration or the least longer one that the limits allow.

With q(p) fixed, velocity is q' / tau, acceleration q'' / tau^2, jerk q''' / tau^3: the least tau follows in closed form from
the largest derivatives, which are found at the roots of the next derivative of each polynomial piece, not at samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.primitives.kernels.splines import spline_peaks
from lmp.primitives.timing.joint_spline import JointSpline

Array = NDArray[np.float64]
Samples = tuple[Array, Array, Array, Array, Array]

SHORTEST = 0.05
"""Floor of a duration that nobody requested, so that a path without motion still has samples [s]."""

LONGEST = 3600.0
"""A motion that would last longer is refused, rather than to fill the memory with its samples [s]."""


@dataclass(frozen=True)
class Timing:
    """A duration and how much of each limit it uses; 1 is at the limit.

    Attributes:
        duration: Duration of the path [s].
        least: The least duration within all limits [s].
        stretch: Duration over requested duration; 1 if none was requested [dimensionless].
        velocity, acceleration, jerk: Share of each joint's limit that is used at its worst. Shape (dof,).
        tool_speed: Share of the tool's speed limit; 0 if none was given [dimensionless].
        bound_by: What sets `least`: velocity, acceleration, jerk, tool_speed, or nothing for a path without motion.
        joint: Index of the joint that sets it; None for the tool.
    """

    duration: float
    least: float
    stretch: float
    velocity: Array
    acceleration: Array
    jerk: Array
    tool_speed: float
    bound_by: str
    joint: int | None


def largest_derivatives(path: JointSpline) -> tuple[Array, Array, Array]:
    """Largest |q'|, |q''|, |q'''| of each joint over the whole path, exactly. Shape (dof,) each."""
    peaks = np.empty((3, path.dof))
    spline_peaks(path.pieces.x, path.pieces.c, peaks)
    return peaks[0], peaks[1], peaks[2]


def least_duration(
    path: JointSpline,
    requested_duration: float | None,
    velocity_limits: Array,
    acceleration_limits: Array,
    jerk_limits: Array,
    tool_speed_limit: float | None = None,
    tool_derivative: Array | None = None,
) -> Timing:
    """The requested duration, or the least longer one within all limits; without a request the least one itself.

    Args:
        path: The joint path.
        requested_duration: Requested duration [s]; None for the least one, which is SHORTEST at least.
        velocity_limits: [rad/s]. Shape (dof,).
        acceleration_limits: [rad/s^2]. Shape (dof,).
        jerk_limits: [rad/s^3]. Shape (dof,).
        tool_speed_limit: Largest speed of the tool point [m/s]; needs `tool_derivative`.
        tool_derivative: Derivative of the tool's position with respect to phase, at samples [m]. Shape (n, 3).

    Raises:
        SetupFault: If a limit or the requested duration is not positive, a shape is wrong, or one of the tool arguments
            comes without the other.
    """
    limits = checked_limits(path, velocity_limits, acceleration_limits, jerk_limits)
    if requested_duration is not None and not (np.isfinite(requested_duration) and requested_duration > 0.0):
        raise SetupFault(f"A requested duration of {requested_duration} s came; a motion lasts longer than 0 s.")
    peaks = largest_derivatives(path)
    needs = [(peak / limit) ** (1.0 / order) for order, (peak, limit) in enumerate(zip(peaks, limits, strict=True), start=1)]
    tool = _tool_need(tool_speed_limit, tool_derivative)
    worst = [float(need.max(initial=0.0)) for need in needs] + [tool]
    least = max(worst)
    duration = max(least, SHORTEST if requested_duration is None else requested_duration)
    binding = int(np.argmax(worst))
    return Timing(
        duration=duration,
        least=least,
        stretch=1.0 if requested_duration is None else duration / requested_duration,
        velocity=needs[0] / duration,
        acceleration=(needs[1] / duration) ** 2,
        jerk=(needs[2] / duration) ** 3,
        tool_speed=tool / duration,
        bound_by=("velocity", "acceleration", "jerk", "tool_speed")[binding] if least > 0.0 else "nothing",
        joint=int(np.argmax(needs[binding])) if least > 0.0 and binding < 3 else None,
    )


def checked_limits(path: JointSpline, *limits: Array) -> list[Array]:
    """Limits of velocity, acceleration and jerk as arrays. Shape (dof,) each.

    Raises:
        SetupFault: If one is not positive or has another shape.
    """
    checked = []
    for name, limit in zip(("velocity", "acceleration", "jerk"), limits, strict=True):
        array = np.asarray(limit, dtype=np.float64)
        if array.shape != (path.dof,) or not (array > 0.0).all():
            raise SetupFault(f"{name}_limits {limit!r} came; they have to be {path.dof} positive numbers, one a joint.")
        checked.append(array)
    return checked


def refuse_too_long(duration: float, speed: float | None = None) -> None:
    """Refuses a motion whose samples nobody wants.

    Args:
        duration: How long it would last [s].
        speed: The limit of the tool's speed, if that is why [m/s].

    Raises:
        SetupFault: If it lasts longer than an hour.
    """
    if duration > LONGEST:
        why = "" if speed is None else f" with the tool at {speed:g} m/s at most"
        raise SetupFault(f"The motion would last {duration:.4g} s{why}; {LONGEST:g} s is the longest that is sampled.")


def sample(path: JointSpline, duration: float, rate_hz: float = 1000.0) -> Samples:
    """Samples of the path at a fixed rate; the last one is exactly the end.

    The duration is rounded up to a whole number of samples, so that the limits keep holding.

    Args:
        path: The joint path.
        duration: Duration [s].
        rate_hz: Samples a second [1/s].

    Returns:
        times [s] (n,), positions [rad], velocities [rad/s], accelerations [rad/s^2], jerks [rad/s^3], (n, dof) each.

    Raises:
        SetupFault: If duration or rate is not positive, or the duration longer than an hour.
    """
    if not (np.isfinite(duration) and duration > 0.0 and np.isfinite(rate_hz) and rate_hz > 0.0):
        raise SetupFault(f"A duration of {duration} s at {rate_hz} samples a second came; both have to be positive.")
    refuse_too_long(duration)
    # Without the allowance a duration such as 0.3 s, which is not a binary number, would gain a sample.
    intervals = max(int(np.ceil(duration * rate_hz * (1.0 - 1e-12))), 1)
    steps = np.arange(intervals + 1)
    rounded = intervals / rate_hz
    q, first, second, third = path.evaluate(steps / intervals)
    for derivative, power in ((first, 1), (second, 2), (third, 3)):
        derivative /= rounded**power
    return steps / rate_hz, q, first, second, third


def _tool_need(limit: float | None, derivative: Array | None) -> float:
    """Least duration for the tool's speed [s]; 0 without a limit."""
    if limit is None and derivative is None:
        return 0.0
    if limit is None or derivative is None:
        raise SetupFault("tool_speed_limit and tool_derivative come together or not at all.")
    if not limit > 0.0:
        raise SetupFault(f"A tool speed limit of {limit} m/s came; it has to be positive.")
    return float(np.linalg.norm(derivative, axis=-1).max(initial=0.0)) / limit
