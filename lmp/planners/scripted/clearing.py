"""Emptying things, and taking things off or out of others."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.conditions import Cleared, On
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.placing import moves, put
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition


def clear(command: Command, frame: Frame) -> Understood:
    """For "Clear the tray": everything on it goes to the table; "clear the blocks into the bowl" is a put."""
    if (
        frame.relations
        and frame.relations[-1].value in ("in", "on", "to")
        and not frame.relations[-1].text.startswith(("in ", "on "))
    ):
        return put(command, replace(frame, action="put", particles=[]))

    def meant(reading: Reading) -> Understood:
        found = command.resolver.resolve(reading.themes[0])
        name = found.names[0]
        if len(found.names) > 1 or name == ROBOT or is_table(command.scene.get(name)):
            raise Refused(
                "ambiguous",
                f"{frame.text!r} does not say where the things are to go.",
                "Say for example 'put everything in the bowl'.",
            )
        if command.situation.table is None:
            raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
        inside = command.situation.children(name)
        cleared = Cleared(object=name)
        tasks = []
        for i, child in enumerate(inside):
            conditions: tuple[Condition, ...] = (On(object=child, support=command.situation.table),)
            conditions = (*conditions, cleared) if i == len(inside) - 1 else conditions
            tasks.append(
                command.task(
                    Task(
                        "put",
                        child,
                        conditions,
                        f"put {child} on {command.situation.table}",
                        f'{found.why}; {child} is on or in it and "{frame.verb}" asks for it to be empty.',
                        (name,),
                    )
                )
            )
        return Understood(tuple(tasks), command.discourse.after((name,), (), (found.noun,) if found.noun else (), None))

    return command.best(frame, False, meant)


def remove(command: Command, frame: Frame) -> Understood:
    """For "Take the block out of the bowl": onto the table, unless a place is named."""
    if any(moves(relation) or relation.value == "next_to" for relation in frame.relations):
        return put(command, replace(frame, action="put", particles=[]))
    table = command.situation.table
    if table is None:
        raise Refused("absent", f"{frame.text!r}: there is no table to put things on.", "Say where to put them.")
    sources = list(frame.relations)

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        tasks = []
        for name in found.names:
            if command.situation.parent.get(name) == table:
                raise Refused(
                    "impossible",
                    f"{name} stands on {table} already; there is nothing to take it from.",
                    "Say where it is to go.",
                    [name],
                )
            why = f'{found.why}; "{frame.verb}" without a place means onto {table}.'
            tasks.append(
                command.task(
                    Task(
                        "put",
                        name,
                        (On(object=name, support=table),),
                        f"put {name} on {table}",
                        why,
                        (table,),
                        provisional=True,
                    )
                )
            )
        return command.answer(tasks, found)

    try:
        return command.best(replace(frame, relations=sources), False, meant)
    except Refused:
        found = _from_where_it_will_be(command, frame)
        if found is None:
            raise
        return meant(Reading(tuple(frame.themes), None))


def _from_where_it_will_be(command: Command, frame: Frame) -> Found | None:
    """For "then take it out of the bowl": the things that an earlier step brings to the place that is named."""
    if not frame.themes or not command.discourse.themes or any(relation.value != "from" for relation in frame.relations):
        return None
    try:
        found = command.themes(tuple(frame.themes))
        sources = {name for r in frame.relations for phrase in r.objects for name in command.resolver.resolve(phrase).names}
    except Refused:
        return None
    return found if all(command.situation.parent.get(name) in sources for name in found.names) else None
