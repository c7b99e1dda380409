"""Which pictures belong to which attempt, from the order of the events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lmp.record import Event


@dataclass(frozen=True)
class Looks:
    """Names of the scenes that were seen before and after an attempt; None where nobody looked."""

    before: str | None = None
    after: str | None = None


def looks_of_attempts(events: Iterable[Event]) -> list[Looks]:
    """One entry for each attempt that was answered, in order."""
    found: list[Looks] = []
    latest: str | None = None
    before: str | None = None
    after: str | None = None
    for event in events:
        scene = event.data.get("scene")
        if isinstance(scene, str):
            latest = scene
        match event.name:
            case "grounded":
                before, after = latest, None
            case "verifying":
                after = latest
            case "responded":
                found.append(Looks(before, after))
                before = after = None
    return found
