"""Building, rows, and things next to each other."""

from __future__ import annotations

from dataclasses import replace

from lmp.meaning.conditions import At, NextTo
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.colours import by_colour, wants_colours
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.coordination import heads_shared
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.rows import row_places
from lmp.planners.scripted.said_order import no_order
from lmp.planners.scripted.syntax import Relation
from lmp.planners.scripted.tasks import Task
from lmp.planners.scripted.towers import by_size, tower


def build(command: Command, frame: Frame) -> Understood:
    """For "Build a tower of ..." and "make a row of ...".

    Raises:
        Refused: Of what is not said, or it is nothing that can be built.
    """
    if len(frame.themes) != 1 or frame.themes[0].head != "STRUCTURE":
        raise Refused(
            "not_understood",
            f"I do not know how to do {frame.text!r}.",
            "I can build a tower or a row, such as 'a tower of the red and blue blocks'.",
        )
    structure = frame.themes[0]
    parts = [relation for relation in frame.relations if relation.value in ("of", "from")]
    if not parts and len(frame.companions) > 0 and not frame.ends:
        joined = heads_shared(frame.companions, ["and"] * (len(frame.companions) - 1))
        parts = [Relation("of", tuple(joined), "with")]
        frame = replace(frame, companions=[])
    if len(parts) != 1 or structure.many:
        raise Refused(
            "not_understood",
            f"{frame.text!r} does not say of what.",
            "Say for example 'build a tower of the red, green and blue blocks'.",
        )
    others = [relation for relation in frame.relations if relation not in parts]
    inner = replace(
        frame, themes=list(parts[0].objects), joints=["and"] * (len(parts[0].objects) - 1), relations=others, action="stack"
    )
    return tower(command, inner) if structure.noun == "tower" else row(command, inner)


def together(command: Command, frame: Frame) -> Understood:
    """For "Next to each other" and "on top of each other".

    Raises:
        Refused: Fewer than two things.
    """
    if frame.mutual == "on":
        return tower(command, replace(frame, mutual=""))

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        if len(found.names) < 2:
            raise Refused("not_understood", f"{frame.text!r} names one thing only.", "Name two.", found.names)
        tasks = []
        for stays, moves in zip(found.names, found.names[1:], strict=False):
            condition = NextTo(object=moves, reference=stays)
            why = f"{found.why}; {stays} stays and {moves} comes to it."
            tasks.append(command.task(Task("put", moves, (condition,), f"put {moves} next to {stays}", why, (stays,))))
        return command.answer(tasks, found)

    return command.best(frame, False, meant)


def row(command: Command, frame: Frame) -> Understood:
    """Things in a row, from left to right unless another order is said.

    Raises:
        Refused: Fewer than two things, no room, or an order that is not known.
    """
    if wants_colours(frame):
        return by_colour(command, frame)
    relations = [
        relation
        for relation in frame.relations
        if not (relation.value in ("in", "of") and relation.objects and relation.objects[0].head == "STRUCTURE")
    ]
    structures = [relation.objects[0].noun for relation in frame.relations if relation not in relations]
    if structures and frame.relations[-1] in relations:
        raise Refused(
            "not_understood",
            f'"{frame.relations[-1].text}" after "{structures[-1]}" in {frame.text!r}: I choose the place of a row myself.',
            "Leave the place out.",
        )
    if "tower" in structures:
        return tower(command, replace(frame, relations=relations))

    def meant(reading: Reading) -> Understood:
        found = command.themes(reading.themes)
        if len(found.names) < 2:
            raise Refused(
                "not_understood", f"{frame.text!r} names one thing; a row takes two.", "Name the things.", found.names
            )
        names, how, axis = _row_order(command, frame, found)
        places = row_places(command.situation, names, axis, frame.text)
        tasks = []
        for name in places.order:
            x, y = places.places[name]
            why = f"{found.why}; {how}; its place in the row is ({x:.2f}, {y:.2f}) m."
            tasks.append(
                command.task(Task("put", name, (At(object=name, x=x, y=y),), f"put {name} at its place in the row", why))
            )
        return command.answer(tasks, found, Place("row", tuple(names), frame.text))

    return command.best(replace(frame, relations=relations), False, meant)


def _row_order(command: Command, frame: Frame, found: Found) -> tuple[list[str], str, str]:
    """Names along the row, why, and the axis: "left_to_right", or "front_to_back"."""
    if not (
        frame.orders
        or frame.verb in ("line", "align", "make", "build", "form", "create")
        or frame.relations
        or frame.verb == "wish"
        or frame.action in ("put", "move")
    ):
        raise Refused(
            "ambiguous",
            f"{frame.text!r} does not say in what order or shape.",
            "Say for example 'in a row from largest to smallest'.",
            found.names,
        )
    names, how, axis = list(found.names), "in the order of the words, from left to right", "left_to_right"
    if len(frame.themes) == 1:
        names.sort(key=lambda name: -command.situation.place[name][1])
        how = "in their present order from left to right, since none is said"
    backwards = False
    for order in frame.orders:
        match order:
            case "largest_first" | "by_size":
                names, how = by_size(command, found.names), "from the largest on"
            case "smallest_first":
                names, how = by_size(command, found.names)[::-1], "from the smallest on"
            case "front_to_back" | "back_to_front":
                axis, backwards = "front_to_back", order == "back_to_front"
            case "right_to_left":
                backwards = True
            case "left_to_right" | "as_listed":
                pass
            case _:
                raise no_order(frame)
    return (names[::-1] if backwards else names), how + (", reversed" if backwards else ""), axis
