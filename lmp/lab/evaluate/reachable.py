"""Judge if a request can still be done after an episode: all that it needs is there, and in the arm's reach."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.lab.truth.truth import Predicate
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.episode import Episode

FALLEN = 0.03
"""What reaches this far below the lowest place where objects stand has fallen [m]."""


def needed(truth: Predicate | None, episode: Episode) -> tuple[str, ...]:
    """Names of the objects that the task is about: those of its truth, else those of the plan."""
    names: Iterable[str] = truth.names if truth is not None else (name for goal in episode.subgoals for name in goal.objects)
    return tuple(dict.fromkeys(names))


def out_of_reach(names: Iterable[str], after: Snapshot) -> str | None:
    """The reason why a request cannot be done any more; None if everything is there and in the workspace, or held."""
    space = after.scene.world_workspace
    for name in names:
        if name in after.supports:
            continue
        item = after.find(name)
        if item is None:
            return f"{name} is gone"
        if item.held:
            continue
        if item.bottom < after.lowest - FALLEN:
            return f"{name} has fallen off what carried it"
        x, y = (float(value) for value in item.middle[:2])
        ahead, left, _ = space.T_world_workspace.inverse().apply(item.middle)
        if not (space.lower[0] <= ahead <= space.upper[0] and space.lower[1] <= left <= space.upper[1]):
            return f"{name} is at ({x:.2f}, {y:.2f}) m, outside of the workspace"
    return None
