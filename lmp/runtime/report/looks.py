"""Which pictures belong to which attempt, from the order of the events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lmp.record import Event


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
