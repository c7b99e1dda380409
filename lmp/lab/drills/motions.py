"""Count motions that were carried out twice, and those that do not rest on a fresh look; from the record alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from lmp.record import Event, RunFolder


@dataclass(frozen=True)
class Motions:
    """The motions that a record tells of.

    Attributes:
        begun: How many were begun.
        cut: How many were under way when their process ended.
        repeated: What must not be: a sentence for each trajectory that was followed a second time.
        unseen: What must not be: a sentence for each motion that did not rest on a look and a compilation since the last kill.
        alike: How many have the same samples as one that was cut off; its beginning died with its world, and it was
            planned anew from a look at the world as it had been saved.
    """

    begun: int
    cut: int
    repeated: tuple[str, ...]
    unseen: tuple[str, ...]
    alike: int


def motions_of(run: RunFolder) -> Motions:
    """The motions of a record."""
    events = run.events()
    starts = [event for event in events if event.name in ("moving", "resting")]
    names = [str(event.data["trajectory"]) for event in starts]
    repeated = [
        f"Trajectory {name} was followed {names.count(name)} times." for name in sorted(set(names)) if names.count(name) > 1
    ]
    cut = {name for event, name in zip(starts, names, strict=True) if _was_cut(events, event)}
    same: dict[str, str] = {}
    alike = 0
    for name in dict.fromkeys(names):
        samples = _samples(run, name)
        if samples in same:
            if same[samples] in cut:
                alike += 1
            else:
                repeated.append(f"Trajectory {name} has the samples of {same[samples]}, which was followed to its end.")
        same[samples] = name
    return Motions(len(starts), len(cut), tuple(repeated), tuple(_unseen(events)), alike)


def _was_cut(events: tuple[Event, ...], start: Event) -> bool:
    """True if the process ended between the beginning of a motion and its end."""
    following = next((event.name for event in events[start.index + 1 :] if event.name != "disturbed"), "resumed")
    return following == "resumed"


def _samples(run: RunFolder, name: str) -> str:
    trajectory = run.load_trajectory(name)
    return hashlib.sha256(trajectory.times.tobytes() + trajectory.positions.tobytes()).hexdigest()


def _unseen(events: tuple[Event, ...]) -> list[str]:
    """Motions after a kill that were begun without a look, or were compiled before it."""
    complaints: list[str] = []
    known: set[str] = set()
    looked = True
    for before, event in zip((None, *events), events, strict=False):
        if before is not None and before.name == "resumed" and event.name not in ("perceived", "resumed"):
            complaints.append(f"After event {before.index}, a resumption, the first event was {event.name!r}.")
        match event.name:
            case "resumed":
                known, looked = set(), False
            case "perceived":
                looked = True
            case "compiled" if event.data["compiled"] is not None:
                known.add(str(event.data["compiled"]["trajectory"]))
            case "moving" if str(event.data["trajectory"]) not in known or not looked:
                complaints.append(
                    f"Trajectory {event.data['trajectory']} was followed and not compiled after a look since the kill."
                )
            case "resting" if not looked:
                complaints.append(f"Trajectory {event.data['trajectory']} was followed without a look since the kill.")
    return complaints
