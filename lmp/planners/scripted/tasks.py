"""The hand holds one thing at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from lmp.planners.scripted.refused import Refused, listing
from lmp.schema.condition import At, Between, Cleared, Condition, Held, In, MovedBy, On
from lmp.schema.motion import Timing


@dataclass(frozen=True)
class Task:
    """One step: bring one thing into one state.

    Attributes:
        kind: hold it, put it somewhere, push it, or bring the arm home.
        object: The thing; "" for home.
        conditions: What has to hold afterwards.
        description: What happens, in words.
        why: Which words led to it.
        references: The other things that it is about.
        speed: Wished tool speed [m/s], None where nothing was said.
        timing: Wished spread over time, None where nothing was said.
        lift: For hold, how far up [m]; None where nothing was said.
        provisional: True for a place that nobody named, as in "take it out"; a next step for the same thing goes instead.
        transient: True for a stop-over that nobody asked for, as in a swap.
    """

    kind: Literal["hold", "put", "push", "home"]
    object: str
    conditions: tuple[Condition, ...]
    description: str
    why: str
    references: tuple[str, ...] = ()
    speed: float | None = None
    transient: bool = False
    lift: float | None = None
    provisional: bool = False
    timing: Timing | None = None

    @property
    def pace(self) -> dict[str, Any]:
        """The wishes for speed and timing, by their names; what is done for the sake of this task goes at its pace."""
        return {"speed": self.speed, "timing": self.timing}


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
    match condition:
        case On(support=name) | In(container=name):
            return (name,)
        case Between(first=first, second=second):
            return (first, second)
        case Held() | At() | MovedBy() | Cleared():
            return ()
        case _:
            return (condition.reference,)


def check_one_hand(tasks: Iterable[Task]) -> None:
    """What an instruction says to pick up has to be put down before the next thing.

    Raises:
        Refused: It is not.
    """
    holding: str | None = None
    for task in tasks:
        if task.kind == "home":
            continue
        if holding is not None and task.object != holding:
            raise Refused(
                "impossible",
                f"The hand would still hold {holding} when it has to take {task.object}; it holds one thing at a time.",
                f"Say where to put {holding} first.",
                [holding, task.object],
            )
        holding = task.object if task.kind == "hold" else None
