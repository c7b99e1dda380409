"""Whether what was asked can still be done after an episode: all that it needs is there, and in the arm's reach."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.lab.truth.truth import Predicate
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.episode import Episode
from lmp.schema.scene_file import TABLE

OFF_TABLE = 0.03
"""What reaches this far below the table's top has fallen off it [m]."""


def needed(truth: Predicate | None, episode: Episode) -> tuple[str, ...]:
    """Names of the things that the task is about: those of its truth, else those of the plan."""
    names: Iterable[str] = truth.names if truth is not None else (name for goal in episode.subgoals for name in goal.objects)
    return tuple(dict.fromkeys(name for name in names if name != TABLE))


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
