"""The answers of a collision check: which pairs come too near, where, and how much room is left."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """Two bodies that come too near to each other.

    Attributes:
        a: A robot link, or the object in the gripper.
        b: Another robot link, or an object of the scene.
        distance: Smallest distance, negative where they overlap [m].
        index: Sample of the smallest distance [count].
        first: First sample that is too near [count].
    """

    a: str
    b: str
    distance: float
    index: int = 0
    first: int = 0


@dataclass(frozen=True)
class Clearance:
    """The room that a path leaves.

    Attributes:
        contacts: Every pair nearer than the margin, once, in the order in which they come too near.
        nearest: The pair that comes nearest, also where that is far enough; None where nothing is within the horizon.
        between: No two bodies are nearer than this anywhere between the samples, if joints move straight from one to
            the next and there are no contacts [m]. A bound: at most half a step below what the samples show.
    """

    contacts: tuple[Contact, ...]
    nearest: Contact | None
    between: float

    @property
    def min_distance(self) -> float | None:
        """Smallest distance at the samples; None where nothing is within the horizon [m]."""
        return None if self.nearest is None else self.nearest.distance
