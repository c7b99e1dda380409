"""Whether a task can still be done with things as they lie now: not vanished, not off the table, containers upright."""

from __future__ import annotations

import math
from collections.abc import Iterable

from lmp.meaning.object_states import is_lying, state_of
from lmp.planners.scripted.ordering import references_of
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.support import is_shallow
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition, In, On
from lmp.schema.episode import History
from lmp.schema.plan import RefusalReason
from lmp.schema.scene import Scene

TIPPED = 0.3
"""Tilt of a container from which on nothing is put in it [rad]."""
NEW_PLACE = 0.03
"""Distance from where it stood at first beyond which a thing has come to another place [m]."""


def is_new_there(name: str, scene: Scene, history: History | None) -> bool:
    """Whether a thing was not in the first scene of the run, or was elsewhere."""
    first = scene if history is None else history.first_scene
    return name not in first or math.dist(first.get(name).centre[:2], scene.get(name).centre[:2]) > NEW_PLACE


def check_present(task: Task, scene: Scene) -> None:
    """Refuses a task about things that have vanished.

    Raises:
        Refused: With their names.
    """
    missing = [name for name in (task.object, *task.references) if name not in scene]
    if missing:
        raise Refused("absent", f"{listing(missing)} is no longer to be seen.", "Put it back on the table.", scene.names[:8])


def check_still_possible(name: str, others: Iterable[str], conditions: Iterable[Condition], scene: Scene) -> None:
    """Refuses to bring a thing somewhere if the arm cannot come to it, or if its goal cannot take it.

    A whole instruction is refused with one part of it: half of it done in silence would not be what was asked for.

    Raises:
        Refused: Says where the thing is, and what would help.
    """
    conditions = tuple(conditions)
    named = (name, *others, *(other for condition in conditions for other in references_of(condition)))
    for other in dict.fromkeys(named):
        state = state_of(other, scene)
        lost = state.place in ("off_table", "missing") or (other == name and not state.reachable and state.place != "held")
        if lost and (other not in scene or scene.get(other).movable):
            reason: RefusalReason = "absent" if state.place == "missing" else "impossible"
            raise Refused(reason, f"{state}.", f"Put {other} back within reach, then say it again.", [other])
    for condition in conditions:
        container = _container(condition, scene)
        if container is not None and scene.get(container).tilt > TIPPED:
            degrees = math.degrees(scene.get(container).tilt)
            how = "lies on its side" if is_lying(scene.get(container)) else f"is tipped by {degrees:.0f} degrees"
            message = f"{container} {how}, so {name} cannot be put in it."
            raise Refused("impossible", message, f"Set {container} upright first; I cannot.", [container])


def _container(condition: Condition, scene: Scene) -> str | None:
    """The hollow thing that a condition wants something in."""
    if isinstance(condition, In):
        return condition.container
    if isinstance(condition, On) and not is_table(scene.get(condition.support)) and is_shallow(scene.get(condition.support)):
        return condition.support
    return None
