"""Whether a task can still be done with things as they lie now: not vanished, not off the table, containers upright."""

from __future__ import annotations

from lmp.object_states import is_lying, state_of
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.support import is_shallow
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition, In, On
from lmp.schema.scene import Scene


def check_present(task: Task, scene: Scene) -> None:
    """Refuses a task about things that have vanished.

    Raises:
        Refused: With their names.
    """
    missing = [name for name in (task.object, *task.references) if name not in scene]
    if missing:
        raise Refused("absent", f"{listing(missing)} is no longer to be seen.", "Put it back on the table.", scene.names[:8])


def check_still_possible(task: Task, scene: Scene) -> None:
    """Refuses a task whose thing the arm cannot come to, or whose goal cannot take it.

    The whole instruction is refused with it: half of it done in silence would not be what was asked for.

    Raises:
        Refused: Says where the thing is, and what would help.
    """
    for name in dict.fromkeys((task.object, *task.references)):
        state = state_of(name, scene)
        lost = state.place == "off_table" or (name == task.object and not state.reachable)
        if lost and scene.get(name).movable:
            raise Refused("impossible", f"{state}.", f"Put {name} back within reach, then say it again.", [name])
    for condition in task.conditions:
        container = _container(condition, scene)
        if container is not None and is_lying(scene.get(container)):
            raise Refused(
                "impossible",
                f"{container} lies on its side, so {task.object} cannot be put in it.",
                f"Set {container} upright first; I cannot.",
                [container],
            )


def _container(condition: Condition, scene: Scene) -> str | None:
    """The hollow thing that a condition wants something in."""
    if isinstance(condition, In):
        return condition.container
    if isinstance(condition, On) and not is_table(scene.get(condition.support)) and is_shallow(scene.get(condition.support)):
        return condition.support
    return None
