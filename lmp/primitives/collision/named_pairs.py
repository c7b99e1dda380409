"""Pairs of bodies by name: those that may touch, and the clearance that a check found."""

from __future__ import annotations

from collections.abc import Container, Iterable
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


PART_OF = "/"
"""Between the name of an object and that of one of its parts, where the part is a body of its own."""
ALLOWED = """pairs of two names each, such as [("fingers", "table")]"""


def part_body(name: str, part: str) -> str:
    """The name of the body that a part of an object with joints is."""
    return f"{name}{PART_OF}{part}"


def object_of(body: str, objects: Container[str]) -> str | None:
    """The object that a body is, or is a part of; None where it is of the robot."""
    while body not in objects:
        body, between, _ = body.rpartition(PART_OF)
        if not between:
            return None
    return body


def named_pairs(pairs: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """The pairs as tuples.

    Raises:
        ValueError: They are no pairs of names: one name alone, one pair that is not in a list, or something else.
    """
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        raise ValueError(f"contacts are {ALLOWED}, got {pairs!r:.80}")
    return tuple(_pair(pair) for pair in pairs)


def _pair(pair: Iterable[str]) -> tuple[str, str]:
    if not isinstance(pair, str) and isinstance(pair, Iterable):
        names = tuple(pair)
        if len(names) == 2 and isinstance(names[0], str) and isinstance(names[1], str):
            return names[0], names[1]
    raise ValueError(f"contacts are {ALLOWED}, got {pair!r:.80} among them")
