"""What is different in the world after a run, object by object."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lmp.schema.episode import Episode, WorldObject

MOVED = 0.003
"""Displacement that is worth a mark [m]."""


@dataclass(frozen=True)
class SceneChange:
    """One object before and after; None where it was not there."""

    name: str
    what: str
    before: WorldObject | None
    after: WorldObject | None

    @property
    def distance(self) -> float | None:
        """How far its origin moved [m]."""
        if self.before is None or self.after is None:
            return None
        return math.dist(self.before.position, self.after.position)

    @property
    def moved(self) -> bool:
        """Whether it moved, appeared or disappeared."""
        return self.distance is None or self.distance > MOVED


def scene_changes(episode: Episode) -> list[SceneChange]:
    """Every object, in the order of the scene before; what moved comes first."""
    before = {thing.name: thing for thing in episode.scene_before or ()}
    after = {thing.name: thing for thing in episode.scene_after or ()}
    changes = []
    for name, thing in {**after, **before}.items():
        changes.append(
            SceneChange(name, " ".join(filter(None, (thing.colour, thing.category))), before.get(name), after.get(name))
        )
    order = list(before)
    return sorted(changes, key=lambda change: (not change.moved, order.index(change.name) if change.name in before else -1))
