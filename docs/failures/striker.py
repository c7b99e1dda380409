"""Lets something happen in the world at one moment of a run, by what the run tells its listener."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lmp
from lmp.schema.trajectory import JointTrajectory
from lmp.sims.pybullet.pybullet_world import PyBulletWorld

When = Callable[[JointTrajectory], float | None]
"""The instant of a motion at which to strike [s]; None for a motion in which not to."""


@dataclass(frozen=True)
class Moment:
    """When and in what it happens.

    Attributes:
        world: The world.
        trajectory: The motion that is under way.
        t: The instant in it [s].
        run: The run folder.
    """

    world: Any
    trajectory: JointTrajectory
    t: float
    run: Path


Strike = Callable[[Moment], Callable[[], object] | None]
"""What happens; it may give back how it is undone once the arm has been stopped."""


def at(segment: str, share: float) -> When:
    """When this share of the first segment of that name is over [dimensionless]."""

    def when(trajectory: JointTrajectory) -> float | None:
        found = next((part for part in trajectory.segments if part.name == segment), None)
        return None if found is None else found.start + share * (found.end - found.start)

    return when


def with_so_much_left(radians: float, name: str) -> When:
    """When the joint that still has that far to go [rad] has it for the last time; only in motions with such a segment."""

    def when(trajectory: JointTrajectory) -> float | None:
        if not any(part.name == name for part in trajectory.segments):
            return None
        left = abs(trajectory.positions - trajectory.positions[-1]).max(axis=1)
        return float(trajectory.times[(left >= radians).nonzero()[0][-1]])

    return when


class Striker:
    """A listener that strikes once, in the first motion that has the moment.

    Args:
        world: The world.
        run: The run folder.
        when: The moment.
        strike: What happens.
    """

    def __init__(self, world: PyBulletWorld, run: Path, when: When, strike: Strike):
        self.world, self.run, self.when, self.strike = world, run, when, strike
        self._trajectory: JointTrajectory | None = None
        self._due: float | None = None
        self._struck = False
        self._undo: Callable[[], object] | None = None

    def event(self, name: str, **data: object) -> None:
        """Takes in which motion begins, and that one has ended."""
        self._due = None
        if name == "executed" and self._undo is not None:
            self._undo()
            self._undo = None
        if name == "moving" and not self._struck:
            self._trajectory = lmp.RunFolder.open(self.run).load_trajectory(str(data["trajectory"]))
            self._due = self.when(self._trajectory)

    def progress(self, fraction: float) -> None:
        """Strikes when it is due."""
        if self._due is None or self._trajectory is None:
            return
        t = fraction * self._trajectory.duration
        if t >= self._due:
            self._due, self._struck = None, True
            self._undo = self.strike(Moment(self.world, self._trajectory, t, self.run))
