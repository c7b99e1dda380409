"""The timeline of a run: looks, changes of the scene, and incidents from outside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lmp.record import Event
from lmp.schema.episode import Episode, WorldObject


@dataclass(frozen=True)
class Incident:
    """One of them.

    Attributes:
        kind: What it was.
        seconds: Time since the run began [s].
        words: What happened.
    """

    kind: str
    seconds: float
    words: str


def incidents(events: Iterable[Event]) -> list[Incident]:
    """All of them, in order."""
    found = []
    for event in events:
        match event.name:
            case "disturbed":
                found.append(Incident("Disturbed on purpose", event.seconds, str(event.data.get("words", ""))))
            case "resumed":
                found.append(Incident("Cut off and taken up again", event.seconds, _resumed(event.data)))
            case "answered":
                found.append(Incident("A person said", event.seconds, str(event.data.get("said", ""))))
    return found


def _resumed(data: Mapping[str, object]) -> str:
    afresh = " The world does not save its state: it was opened afresh, and the instruction began anew."
    return _interrupted(data.get("interrupted")) + (afresh if data.get("afresh") else "")


def _interrupted(attempt: object) -> str:
    subgoal = attempt.get("subgoal") if isinstance(attempt, dict) else None
    if not isinstance(subgoal, dict):
        return "no motion was under way."
    return f"the motion that was under way ({subgoal.get('description', '')}) was not repeated."


@dataclass(frozen=True)
class Looks:
    """Names of the scenes that were seen before and after an attempt; None where nobody looked.

    Attributes:
        trajectory: The motion that began; None where none did.
    """

    before: str | None = None
    after: str | None = None
    trajectory: str | None = None


def looks_of_attempts(events: Iterable[Event]) -> list[Looks]:
    """One entry for each attempt that was answered, or found cut off when the run was taken up again, in order."""
    found: list[Looks] = []
    latest: str | None = None
    before: str | None = None
    after: str | None = None
    moving: str | None = None
    for event in events:
        scene = event.data.get("scene")
        if isinstance(scene, str):
            latest = scene
        match event.name:
            case "grounded":
                before, after, moving = latest, None, None
            case "moving":
                name = event.data.get("trajectory")
                moving = name if isinstance(name, str) else None
            case "verifying":
                after = latest
            case "responded":
                found.append(Looks(before, after, moving))
                before = after = moving = None
            case "resumed":
                # A motion that was under way when the process ended is an attempt without an answer.
                if event.data.get("interrupted") is not None:
                    found.append(Looks(before, None, moving))
                before = after = moving = None
    return found


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
        """Distance that its origin moved [m]."""
        if self.before is None or self.after is None:
            return None
        return math.dist(self.before.position, self.after.position)

    @property
    def moved(self) -> bool:
        """True if it moved, appeared or disappeared."""
        return self.distance is None or self.distance > MOVED


def scene_changes(episode: Episode) -> list[SceneChange]:
    """Every object, in the order of the scene before; what moved comes first."""
    before = {item.name: item for item in episode.scene_before or ()}
    after = {item.name: item for item in episode.scene_after or ()}
    changes = []
    for name, item in {**after, **before}.items():
        changes.append(
            SceneChange(name, " ".join(filter(None, (item.colour, item.category))), before.get(name), after.get(name))
        )
    order = list(before)
    return sorted(changes, key=lambda change: (not change.moved, order.index(change.name) if change.name in before else -1))
