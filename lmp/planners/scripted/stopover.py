"""Places for what only has to be out of the way: free now, and free of where later steps put things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from lmp.meaning.conditions import At, Behind, Between, InFrontOf, LeftOf, MovedBy, NextTo, On, RightOf
from lmp.planners.scripted.situation import Place2, Situation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition
from lmp.schema.scene import Scene

TOLERANCE = 0.05
"""How far from its place a thing may be that was only put out of the way [m]."""
MARGIN = 0.15
"""Share of the workspace at each of its ends where stop-overs are not put if there is room elsewhere [dimensionless]."""
AWAY = 0.03
"""Half the edge of the area around a place that was tried in vain that is not tried again [m]."""
_ON_TABLE = (At, MovedBy, LeftOf, RightOf, InFrontOf, Behind, NextTo, Between)

Taken = tuple[Place2, Place2]
"""Middle and half widths of an area that is to stay free [m]."""


def stop_over(situation: Situation, name: str, later: Iterable[Task], in_vain: Sequence[Place2] = ()) -> Condition | None:
    """A free place for the thing that no later task needs, away from those that were tried `in_vain`; None if there is none."""
    taken = [*taken_by(situation, name, later), *((place, (AWAY, AWAY)) for place in in_vain)]
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    inset = [MARGIN * (high[axis] - low[axis]) for axis in (0, 1)]
    inner = ((low[0] + inset[0], low[1] + inset[1]), (high[0] - inset[0], high[1] - inset[1]))
    wish = situation.place[name]
    for box in (inner, None):
        place = situation.free_place(name, wish, box, vacate=situation.held != name, taken=taken)
        if place is not None:
            return At(object=name, x=place[0], y=place[1], tolerance=TOLERANCE)
    return None


def with_places(tasks: tuple[Task, ...], scene: Scene) -> tuple[Task, ...]:
    """The tasks; what is put just "on the table" while later tasks need places there gets a place that they leave free."""
    situation, kept = Situation(scene), []
    for i, task in enumerate(tasks):
        condition = task.conditions[0] if task.conditions else None
        later = tasks[i + 1 :]
        if (
            task.kind == "put"
            and isinstance(condition, On)
            and condition.support == situation.table
            and not any(isinstance(other, At) for other in task.conditions)
            and situation.parent.get(task.object) != situation.table
            and any(isinstance(c, _ON_TABLE) for other in later if other.object != task.object for c in other.conditions)
        ):
            place = stop_over(situation, task.object, later)
            if place is not None:
                why = f"{task.why} It goes to a place on {situation.table} that later steps leave free."
                task = replace(task, conditions=(*task.conditions, place), why=why)
        situation.apply(task)
        kept.append(task)
    return tuple(kept)


def taken_by(situation: Situation, name: str, later: Iterable[Task]) -> Sequence[Taken]:
    """Where later tasks put other things, as far as that can be told."""
    trial, taken = situation.copy(), []
    for task in later:
        trial.apply(task)
        if task.object in trial.half and task.object != name:
            taken.append((trial.place[task.object], trial.half[task.object]))
    return taken
