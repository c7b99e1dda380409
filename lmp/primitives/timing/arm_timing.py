"""From a joint path to samples in time, within the limits of the robot file and a tool speed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault, need
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.kernels.between_samples import between_samples
from lmp.primitives.timing.joint_spline import JointSpline
from lmp.primitives.timing.retime import Samples, least_duration, refuse_too_long, sample
from lmp.schema.motion import Timing

Array = NDArray[np.float64]

SPEED_PHASES = np.linspace(0.0, 1.0, 121)
"""Where the tool's speed is looked at: a quintic piece can peak between 41 of them by 3 %, between these by 0.1 %."""
_STRIDE = 8


@dataclass(frozen=True)
class TimedPath:
    """A joint path in time.

    Attributes:
        duration: [s].
        times: Control instants [s]. Shape (n,).
        positions, velocities, accelerations, jerks: Shape (n, dof).
        tool_path: [m]. Shape (n, 3).
        singular_values: Shape (n,).
    """

    duration: float
    times: Array
    positions: Array
    velocities: Array
    accelerations: Array
    jerks: Array
    tool_path: Array
    singular_values: Array


def timed_path(
    path: JointSpline,
    kinematics: Kinematics,
    requested: float | None,
    speed: float,
    rate_hz: float,
    timing: Timing = "keep",
) -> TimedPath:
    """The path in time, within all limits at every sample.

    With timing `keep` at the requested duration, or the least longer one that the limits allow; the shortest without a request.
    With `fastest` as fast as the limits allow.

    Args:
        path: At rest at both ends.
        kinematics: Of the arm.
        requested: Requested duration [s].
        speed: Largest tool speed [m/s].
        rate_hz: Control rate [1/s].
        timing: How the path is spread over time.

    Raises:
        SetupFault: If a duration is requested together with `fastest`, the path has other joints than the arm, something is no
            number, there is no such timing, or the motion would last longer than an hour.
    """
    _refuse_wrong_use(path, kinematics, requested, speed, rate_hz, timing)
    if timing == "fastest" and requested is not None:
        raise SetupFault(f"A requested duration of {requested} s came with timing 'fastest'; leave out one of the two.")
    joints = kinematics.description.joints
    limits = [np.array([getattr(joint, name) for joint in joints]) for name in ("velocity", "acceleration", "jerk")]
    if timing == "fastest":
        from lmp.primitives.timing.fastest import ToolSpeed, fastest  # Most motions keep the timing of their primitive.

        samples = fastest(path, limits[0], limits[1], limits[2], rate_hz, ToolSpeed(speed, kinematics.tool_velocities))
    else:
        samples = _kept(path, kinematics, requested, speed, rate_hz, limits)
    times, positions, rates, accelerations, jerks = samples
    tool_path, singular_values = tool_along(kinematics, times, positions, rates)
    return TimedPath(float(times[-1]), times, positions, rates, accelerations, jerks, tool_path, singular_values)


def _refuse_wrong_use(
    path: JointSpline, kinematics: Kinematics, requested: float | None, speed: float, rate_hz: float, timing: Timing
) -> None:
    for what, value in (("requested", 1.0 if requested is None else requested), ("speed", speed), ("rate_hz", rate_hz)):
        need(what, value, (float, int, np.floating, np.integer), "a number" + (" or None" if what == "requested" else ""))
    if timing not in ("keep", "fastest"):
        raise SetupFault(f"A timing {timing!r} came; it has to be 'keep' or 'fastest'.")
    if path.dof != kinematics.dof:
        raise SetupFault(f"A path of {path.dof} joints came for an arm that has {kinematics.dof}.")


def _kept(
    path: JointSpline, kinematics: Kinematics, requested: float | None, speed: float, rate_hz: float, limits: list[Array]
) -> Samples:
    """The samples with timing `keep`."""
    q, q_rate, _, _ = path.evaluate(SPEED_PHASES)
    velocities = kinematics.tool_velocities(q, q_rate)
    timing = least_duration(path, requested, limits[0], limits[1], limits[2], speed, velocities)
    slow = timing.bound_by == "tool_speed" and timing.duration == timing.least
    refuse_too_long(timing.duration, speed if slow else None)
    return sample(path, timing.duration, rate_hz)


def tool_along(kinematics: Kinematics, times: Array, positions: Array, velocities: Array) -> tuple[Array, Array]:
    """Tool positions [m] and smallest singular values along a motion. Shapes (n,), (n, dof) twice to (n, 3), (n,).

    Kinematics at every eighth sample; between them cubics with the exact velocities at both ends, which at 1 kHz leave less
    than a micrometre; with `fastest`, whose accelerations change within a few milliseconds, less than ten.
    """
    last = len(times) - 1
    rows = np.append(np.arange(0, last, _STRIDE), last)
    points, rates, singular = kinematics.tool_motion(positions[rows], velocities[rows])
    path, values = np.empty((len(times), 3)), np.empty(len(times))
    between_samples(rows, points, rates, singular, float(times[-1]) / last, path, values)
    return path, values
