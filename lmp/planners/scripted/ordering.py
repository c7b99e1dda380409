"""Which task has to come before which, and which still has to hold when all is done."""

from __future__ import annotations

from lmp.meaning.conditions import Cleared, In, On
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition


def in_buildable_order(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    """The tasks with towers built from below, and containers put in their own places before things go into them.

    Raises:
        Refused: Things are to stand on each other in a ring.
    """
    ordered = list(tasks)
    for _ in range(len(ordered) ** 2 + 1):
        swap = next(
            ((i, j) for i in range(len(ordered)) for j in range(i + 1, len(ordered)) if _stands_on(ordered, i, j)), None
        )
        if swap is None:
            return tuple(ordered)
        i, j = swap
        ordered.insert(i, ordered.pop(j))
    names = {task.object for task in ordered if any(isinstance(condition, On) for condition in task.conditions)}
    raise Refused(
        "impossible",
        f"{listing(sorted(names))} cannot stand on each other in a ring.",
        "Say which is at the bottom.",
        sorted(names),
    )


def _stands_on(tasks: list[Task], i: int, j: int) -> bool:
    """Whether task i puts something on what task j then puts on something else, or into what j then carries away."""
    first, second = tasks[i], tasks[j]
    built = any(isinstance(condition, On) for condition in second.conditions) and any(
        isinstance(condition, On) and condition.support == second.object for condition in first.conditions
    )
    filled = second.kind == "put" and any(
        isinstance(condition, In) and condition.container == second.object for condition in first.conditions
    )
    return (
        (built or filled)
        and not any(task.object in (first.object, second.object) for task in tasks[i + 1 : j])
        and not any(task.object in (first.object, second.object) and task.kind == "put" for task in tasks[:i])
    )


def lasting(tasks: tuple[Task, ...]) -> list[bool]:
    """For each task, whether its conditions still have to hold when all is done."""
    return [not task.transient and not any(_undoes(later, task) for later in tasks[i + 1 :]) for i, task in enumerate(tasks)]


def _undoes(later: Task, task: Task) -> bool:
    if not task.object or not later.object:
        return False
    if later.object == task.object:
        return True
    about = {name for condition in task.conditions for name in references_of(condition)}
    if later.object in about and not (later.kind == "push" and any(isinstance(condition, In) for condition in task.conditions)):
        return True
    cleared = {condition.object for condition in task.conditions if isinstance(condition, Cleared)}
    return any(isinstance(condition, On | In) and references_of(condition)[0] in cleared for condition in later.conditions)


def references_of(condition: Condition) -> tuple[str, ...]:
    """Names of the other things that a condition is about."""
    return condition.names[1:]
