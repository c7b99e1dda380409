"""The base of truths about an object at rest."""

from __future__ import annotations

from lmp.lab.truth.truth import Finding, Predicate
from lmp.lab.truth.truth_snapshot import Snapshot, TrueObject
from lmp.schema.base import Name

BROKEN_BY_A_LITTLE = ("nudge", "move", "lift", "take_away")
"""Kinds of sabotage that break what is asked of a place to a centimetre or two."""
LEVEL = 0.01
"""Objects whose undersides differ by less stand on one level [m]."""


class AtRest(Predicate):
    """Something that is asked of an object at rest."""

    object: Name

    def judge(self, before: Snapshot, after: Snapshot) -> Finding:
        """It is there and at rest, and what is asked of it holds."""
        item = after.find(self.object)
        if item is None:
            return Finding(False, f"{self.object} is gone")
        if self.object not in after.supports and not item.rests:
            touched = ", ".join(sorted(item.touching)) or "nothing"
            return Finding(False, f"{item.name} is not at rest: it touches {touched}")
        return self.of_resting(item, before, after)

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """Judge if it holds of the object, which is at rest."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is judged")


class Related(AtRest):
    """A relation of an object at rest to another one."""

    reference: Name

    def of_resting(self, item: TrueObject, before: Snapshot, after: Snapshot) -> Finding:
        """The other one is there, too, and the relation holds."""
        reference = after.find(self.reference)
        return Finding(False, f"{self.reference} is gone") if reference is None else self.between_two(item, reference, after)

    def between_two(self, item: TrueObject, reference: TrueObject, world: Snapshot) -> Finding:
        """Judge if the relation holds."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is judged")


def on_one_level(item: TrueObject, other: TrueObject) -> bool:
    """True if two objects stand at one height."""
    return abs(item.bottom - other.bottom) <= LEVEL
