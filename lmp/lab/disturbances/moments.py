"""The moments of a run at which a disturbance strikes; drawn once, by the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from lmp.lab.disturbances.occasion import Motion


class Moment(Protocol):
    """The moment at which a disturbance is due."""

    def due(self, motion: Motion, t: float | None) -> bool:
        """True if it is due at a time in a motion [s]; None just before the motion begins."""


@dataclass(frozen=True)
class Before:
    """Just before a motion; before any later one if it was not possible then.

    Attributes:
        number: How many motions pass first.
    """

    number: int = 0

    def due(self, motion: Motion, t: float | None) -> bool:
        return t is None and motion.number >= self.number


@dataclass(frozen=True)
class During:
    """In the middle of a motion.

    Attributes:
        share: The share of the motion that passes first [dimensionless].
    """

    share: float

    def due(self, motion: Motion, t: float | None) -> bool:
        return t is not None and t >= self.share * motion.trajectory.duration


@dataclass(frozen=True)
class Carrying:
    """While something is carried.

    Attributes:
        share: The share of the time with something in the gripper that passes first [dimensionless].
    """

    share: float

    def due(self, motion: Motion, t: float | None) -> bool:
        if t is None or not motion.carrying:
            return False
        start, end = motion.carrying[0].start, motion.carrying[-1].end
        inside = any(segment.start <= t < segment.end for segment in motion.carrying)
        return inside and t >= start + self.share * (end - start)


@dataclass(frozen=True)
class Going:
    """While the arm is on its way to an object that it reaches for, or carries something to.

    Attributes:
        number: How many motions pass first, if a later one of the plan is about two objects.
        share: The share of the way above the object that passes first [dimensionless].
    """

    number: int
    share: float

    def due(self, motion: Motion, t: float | None) -> bool:
        later = motion.number < self.number and any(len(subgoal.objects) > 1 for subgoal in motion.plan[1:])
        if t is None or later or not motion.following:
            return False
        first = motion.following[0]
        return first.start + self.share * (first.end - first.start) <= t <= motion.following[-1].end


def before_first(rng: np.random.Generator) -> Moment:
    """Before the first motion."""
    return Before(0)


def before_first_or_second(rng: np.random.Generator) -> Moment:
    """Before the first motion or the second."""
    return Before(int(rng.integers(0, 2)))


def before_or_during(rng: np.random.Generator) -> Moment:
    """Before the first motion, or at any time in it."""
    return Before(0) if rng.random() < 0.5 else During(float(rng.uniform(0.05, 0.9)))


def before_or_early(rng: np.random.Generator) -> Moment:
    """Before the first motion, or while the gripper is still on its way."""
    return Before(0) if rng.random() < 0.5 else During(float(rng.uniform(0.02, 0.3)))


def while_carrying(rng: np.random.Generator) -> Moment:
    """At any time in the first motion that carries something."""
    return Carrying(float(rng.uniform(0.1, 0.9)))


def while_going(rng: np.random.Generator) -> Moment:
    """On the way of the first motion or the second, before the last tenth of the way above the object."""
    return Going(int(rng.integers(0, 2)), float(rng.uniform(0.1, 0.9)))
