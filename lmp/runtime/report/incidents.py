"""What happened to a run from outside: it was disturbed, cut off and taken up again, or a person said something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lmp.record import Event


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
                found.append(Incident("Cut off and taken up again", event.seconds, _interrupted(event.data.get("interrupted"))))
            case "answered":
                found.append(Incident("A person said", event.seconds, str(event.data.get("said", ""))))
    return found


def _interrupted(attempt: object) -> str:
    subgoal = attempt.get("subgoal") if isinstance(attempt, dict) else None
    if not isinstance(subgoal, dict):
        return "no motion was under way."
    return f"the motion that was under way ({subgoal.get('description', '')}) was not repeated."
