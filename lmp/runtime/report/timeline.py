"""The timeline of a run: looks, changes of the scene, and incidents from outside."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lmp.record import Event
from lmp.schema.episode import Attempt, Episode, WorldObject


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
    told = ((event.seconds, incident(event.name, event.data)) for event in events)
    return [Incident(kind_and_words[0], seconds, kind_and_words[1]) for seconds, kind_and_words in told if kind_and_words]


def incident(event: str, data: Mapping[str, object]) -> tuple[str, str] | None:
    """The kind and the words of what an event tells from outside; None where it is a stage's."""
    match event:
        case "disturbed":
            return "Disturbed on purpose", str(data.get("words", ""))
        case "resumed":
            return "Cut off and resumed", _resumed(data)
        case "answered":
            return "A person said", str(data.get("said", ""))
        case _:
            return None


def _resumed(data: Mapping[str, object]) -> str:
    afresh = " The world does not save its state: it was opened afresh, and the instruction began anew."
    return _interrupted(data.get("interrupted")) + (afresh if data.get("afresh") else "")


def _interrupted(attempt: object) -> str:
    if isinstance(attempt, Attempt):
        subgoal: object = attempt.subgoal.description
    else:
        recorded = attempt.get("subgoal") if isinstance(attempt, dict) else None
        subgoal = recorded.get("description", "") if isinstance(recorded, dict) else None
    return "no motion was under way." if subgoal is None else f"the motion that was under way ({subgoal}) was not repeated."


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
    """One entry for each attempt that was answered, or found cut off when the run was resumed, in order."""
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
