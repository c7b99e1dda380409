"""The hand holds one thing at a time."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.tasks import Task


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
