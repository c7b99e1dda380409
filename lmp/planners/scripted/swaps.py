"""Two things that change places, and things that come next to each other."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.conditions import At, In, On
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Place2
from lmp.planners.scripted.stopover import stop_over
from lmp.planners.scripted.support import check_inside
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import Condition
from lmp.schema.scene import Scene


def conditions_of_place(scene: Scene, name: str, former: str, parent: str | None, place: Place2) -> tuple[Condition, ...]:
    """The conditions that put `name` where `former` was: in the same container, on the same thing, or at the same spot."""
    if parent is not None and scene.get(parent).movable:
        if scene.get(parent).cavity is not None:
            return (In(object=name, container=parent),)
        return (On(object=name, support=parent),)
    del former
    return (At(object=name, x=round(place[0], 4), y=round(place[1], 4)),)


def swap(command: Command, frame: Frame) -> Understood:
    """Two things change places: one steps aside, the other moves, the first takes its place.

    Raises:
        Refused: Not two things, or one is the other's support.
    """
    phrases = [*frame.themes, *frame.companions]
    sides = [
        relation
        for relation in frame.relations
        if relation.value in ("from", "of", "next_to", "in", "on", "left_of", "right_of", "side", "front_of", "behind", "to")
    ]
    for relation in list(sides):
        if relation.value == "to":
            raise Refused("not_understood", f"I do not understand {frame.text!r}.", "Say 'swap the red and the blue block'.")

    def meant(reading: Reading) -> Understood:
        found = command.themes((*reading.themes, *frame.companions))
        if len(found.names) != 2:
            raise Refused(
                "not_understood",
                f"{frame.text!r} names {len(found.names)} things; a swap takes two.",
                "Say 'swap the red and the blue block'.",
                found.names,
            )
        return _swap_two(command, frame, found)

    if not phrases:
        raise Refused("not_understood", f"{frame.text!r} does not say what to swap.", "Say 'swap the red and the blue block'.")
    return command.best(replace(frame, relations=sides), False, meant)


def _swap_two(command: Command, frame: Frame, found: Found) -> Understood:
    first, second = found.names
    scene, situation = command.scene, command.situation
    if situation.parent.get(first) == second or situation.parent.get(second) == first:
        raise Refused(
            "ambiguous",
            f"{first} and {second} stand on each other; what swapping them means is open.",
            "Say which goes where.",
            found.names,
        )
    places = {
        name: conditions_of_place(scene, other, name, situation.parent.get(name), situation.place[name])
        for name, other in ((first, second), (second, first))
    }
    for name, other in ((first, second), (second, first)):
        for condition in places[name]:
            if isinstance(condition, In):
                check_inside(scene, other, condition.container, frame.text)
    aside = stop_over(situation, first, [Task("put", second, places[first], "", "")])
    if aside is None:
        first, second = second, first
        aside = stop_over(situation, first, [Task("put", second, places[first], "", "")])
    if aside is None:
        raise Refused(
            "infeasible",
            f"There is no free place to put {first} or {second} aside.",
            "Clear the table a little.",
            [first, second],
        )
    spot = (aside,)
    tasks = [
        Task(
            "put",
            first,
            spot,
            f"put {first} aside",
            f"{found.why}; to change places, {first} first steps aside.",
            (),
            None,
            True,
        ),
        Task(
            "put",
            second,
            places[first],
            f"put {second} where {first} was",
            f"{found.why}; {second} takes the place of {first}.",
            (),
        ),
        Task(
            "put",
            first,
            places[second],
            f"put {first} where {second} was",
            f"{found.why}; {first} takes the place of {second}.",
            (),
        ),
    ]
    return command.answer([command.task(task) for task in tasks], found)
