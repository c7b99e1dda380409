"""Whether what was asked can still be done after an episode: all that it needs is there, and in the arm's reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lmp.lab.truth.truth_predicates import All, AnyOf, Not, Predicate
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.scene_file import TABLE

OFF_TABLE = 0.03
"""What reaches this far below the table's top has fallen off it [m]."""

RIGHT_REFUSALS = (
    Outcome.OBJECT_MISSING,
    Outcome.OUT_OF_REACH,
    Outcome.ABSENT,
    Outcome.IMPOSSIBLE,
    Outcome.INFEASIBLE,
    Outcome.GOAL_BLOCKED,
)
"""Ends that say in words that what was asked cannot be done."""


def needed(truth: Predicate | None, episode: Episode) -> tuple[str, ...]:
    """Names of the things that the task is about: those of its truth, else those of the plan."""
    names = _named(truth) if truth is not None else (name for goal in episode.subgoals for name in goal.objects)
    return tuple(dict.fromkeys(name for name in names if name != TABLE))


def _named(predicate: Predicate) -> Iterator[str]:
    match predicate:
        case All() | AnyOf():
            for part in predicate.of:
                yield from _named(part)
        case Not():
            yield from _named(predicate.of)
        case _:
            for role in ("object", "reference", "first", "second"):
                if (name := getattr(predicate, role, None)) is not None:
                    yield name


def out_of_reach(names: Iterable[str], after: Snapshot) -> str | None:
    """Why what was asked cannot be done any more; None if everything is there and in the workspace, or in the hand."""
    lower, upper = after.scene.workspace.lower, after.scene.workspace.upper
    for name in names:
        thing = after.find(name)
        if thing is None:
            return f"{name} is gone"
        if thing.held:
            continue
        if thing.bottom < -OFF_TABLE:
            return f"{name} has fallen off the table"
        x, y = (float(value) for value in thing.middle[:2])
        if not (lower[0] <= x <= upper[0] and lower[1] <= y <= upper[1]):
            return f"{name} is at ({x:.2f}, {y:.2f}) m, outside of the workspace"
    return None
