"""A trajectory cut where it rests: whole trajectories leave room for gripper commands, and for a look, only there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lmp.schema.trajectory import GripperEvent, JointTrajectory

AT_REST = 1e-3
"""Joint speed below which a sample is at rest [rad/s]."""


class Part(NamedTuple):
    """A part from rest to rest.

    Attributes:
        start, end: Instants in the whole trajectory [s].
        events: Gripper commands before it.
    """

    start: float
    end: float
    events: tuple[GripperEvent, ...]


def parts_at_rest(trajectory: JointTrajectory, instants: Sequence[float] = ()) -> list[Part]:
    """The trajectory cut at its first rest at or after each gripper command, and after each of some instants [s]."""
    resting = trajectory.times[(np.abs(trajectory.velocities) <= AT_REST).all(axis=1)]

    def rest_after(t: float) -> float:
        later = resting[resting >= t - 1e-9]
        return float(later[0]) if later.size else trajectory.duration

    cuts: dict[float, list[GripperEvent]] = {0.0: []}
    for event in sorted(trajectory.gripper, key=lambda event: event.t):
        cuts.setdefault(rest_after(event.t), []).append(event)
    for t in instants:
        cuts.setdefault(rest_after(t), [])
    starts = sorted(cuts)
    return [Part(start, end, tuple(cuts[start])) for start, end in zip(starts, [*starts[1:], trajectory.duration], strict=True)]
