"""Towers, rows, swaps and neighbours: one sentence, several places that depend on each other."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from lmp.planners.scripted import commands
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.frames import Frame
from lmp.planners.scripted.goals import conditions_for, goal_of
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.resolution import Found
from lmp.planners.scripted.rows import row_places
from lmp.planners.scripted.situation import Place2
from lmp.planners.scripted.support import check_on
from lmp.planners.scripted.syntax import NounPhrase, Relation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import At, Condition, In, NextTo, On
from lmp.schema.scene import Scene

if TYPE_CHECKING:
    from lmp.planners.scripted.commands import Command, Understood

MOST_IN_TOWER = 6


def _understood(tasks: list[Task], command: Command, names: tuple[str, ...], noun: str, place: Place | None) -> Understood:
    return commands.Understood(tuple(tasks), command.discourse.after(names, (), (noun,) if noun else (), place))


def _by_size(command: Command, names: tuple[str, ...]) -> list[str]:
    """Names from the largest to the smallest; the order of the words where sizes are equal."""
    return sorted(names, key=lambda name: -round(math.prod(command.scene.get(name).size) * 1e8))


def conditions_of_place(scene: Scene, name: str, former: str, parent: str | None, place: Place2) -> tuple[Condition, ...]:
    """The conditions that put `name` where `former` was: in the same container, on the same thing, or at the same spot."""
    if parent is not None and scene.get(parent).movable:
        if scene.get(parent).cavity is not None:
            return (In(object=name, container=parent),)
        return (On(object=name, support=parent),)
    del former
    return (At(object=name, x=round(place[0], 4), y=round(place[1], 4)),)


def build(command: Command, frame: Frame) -> Understood:
    """ "Build a tower of ..." and "make a row of ...".

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
        parts = [Relation("of", tuple(frame.companions), "with")]
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


def tower(command: Command, frame: Frame) -> Understood:
    """Things on each other, the bottom one first.

    Raises:
        Refused: Fewer than two things, or one that cannot carry the next.
    """
    goals = [
        relation
        for relation in frame.relations
        if relation.value
        in ("on", "in", "next_to", "left_of", "right_of", "front_of", "behind", "side", "to", "middle_of", "between")
    ]
    attempts = [True, False] if goals else [False]
    failure: Refused | None = None
    for with_goal in attempts:
        try:
            return command.best(frame, with_goal, lambda reading: _tower(command, frame, reading))
        except Refused as refused:
            failure = failure or refused
    assert failure is not None  # noqa: S101 - the loop ran at least once
    raise failure


def _tower(command: Command, frame: Frame, reading: Reading) -> Understood:
    found = command._themes(reading.themes)
    names, how = _tower_order(command, frame, reading.themes, found)
    scene, tasks = command.scene, []
    base = None
    if reading.goal is not None:
        goal = goal_of(reading.goal, command.resolver, found.names, found.noun)
        if goal.relation == "in":
            raise Refused(
                "impossible",
                f'"{goal.words}": a tower stands on something flat.',
                "Say 'stack them', or 'put them in ...'.",
                goal.references,
            )
        names = [name for name in names if name not in goal.references]
        if goal.relation == "on":
            base = goal.references[0]
            check_on(scene, names[0], base, goal.words)
        conditions, remark = conditions_for(goal, names[0], command.situation)
        why = "; ".join(filter(None, (found.why, how, goal.why, remark)))
        tasks.append(
            command._task(
                Task(
                    "put",
                    names[0],
                    conditions,
                    f"put {names[0]} {commands._named(goal)}",
                    f"{why}.",
                    tuple(n for n in goal.references if n in scene),
                )
            )
        )
    elif len(names) < 2:
        raise Refused(
            "not_understood", f"{frame.text!r} names one thing; a tower takes two.", "Say on what to stack it.", names
        )
    elif command.situation.parent.get(names[0]) != command.situation.table and command.situation.table is not None:
        condition = On(object=names[0], support=command.situation.table)
        tasks.append(
            command._task(
                Task(
                    "put",
                    names[0],
                    (condition,),
                    f"put {names[0]} on {command.situation.table}",
                    f"{found.why}; {how}; the tower stands on {command.situation.table}.",
                )
            )
        )
    if len(names) > MOST_IN_TOWER:
        raise Refused("impossible", f"A tower of {len(names)} things would not stand.", f"Say at most {MOST_IN_TOWER}.", names)
    for lower, upper in zip(names, names[1:], strict=False):
        check_on(scene, upper, lower, frame.text)
        why = f"{found.why}; {how}; so {upper} goes on {lower}."
        tasks.append(
            command._task(Task("put", upper, (On(object=upper, support=lower),), f"put {upper} on {lower}", why, (lower,)))
        )
    references = (base, *names) if base else tuple(names)
    return _understood(tasks, command, found.names, found.noun, Place("tower", references, frame.text))


def _tower_order(command: Command, frame: Frame, themes: tuple[NounPhrase, ...], found: Found) -> tuple[list[str], str]:
    """Names from bottom to top, and why in that order."""
    listed = len(themes) > 1 or (len(themes) == 1 and themes[0].head == "PRON")
    names, how = list(found.names), "in the order of the words, from the bottom"
    order = frame.orders[0] if frame.orders else ""
    if order in ("largest_first", "by_size", ""):
        names = _by_size(command, found.names)
        how = "from the largest at the bottom to the smallest" if order else "the largest at the bottom, since no order is said"
    elif order == "smallest_first":
        names, how = _by_size(command, found.names)[::-1], "from the smallest at the bottom, as said"
    elif order == "top_to_bottom":
        names, how = names[::-1], "in the order of the words, from the top"
    elif order not in ("", "bottom_to_top", "as_listed"):
        raise Refused(
            "not_understood",
            f"I do not understand the order in {frame.text!r}.",
            "Say 'from largest to smallest' or name the things from the bottom up.",
        )
    if order in ("bottom_to_top", "top_to_bottom", "as_listed") and not listed:
        raise Refused("ambiguous", f"{frame.text!r} gives an order of what is not listed.", "Name the things one by one.")
    for phrase, end in frame.ends:
        found_end = command.resolver.resolve(phrase, found.noun)
        if len(found_end.names) != 1 or found_end.names[0] not in names:
            raise Refused(
                "impossible",
                f'"{phrase.text}" is {listing(found_end.names)}, which is not one part of that tower.',
                "Name one of the things in it.",
                found.names,
            )
        name = found_end.names[0]
        names.remove(name)
        at = {"top": len(names), "bottom": 0, "middle": (len(names) + 1) // 2}.get(end)
        if at is None or (end == "middle" and len(names) % 2):
            raise Refused(
                "not_understood",
                f"I do not understand where {name} is to be in {frame.text!r}.",
                "Say 'on top' or 'at the bottom'.",
            )
        names.insert(at, name)
        how += f', {name} at the {end} for "{phrase.text}"'
    if len(frame.companions) > len(frame.ends):
        raise Refused(
            "not_understood",
            f'I do not understand "with {frame.companions[-1].text}" in {frame.text!r}.',
            "Say 'with the red one on top'.",
        )
    return names, how


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
        found = command._themes((*reading.themes, *frame.companions))
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
                from lmp.planners.scripted.support import check_inside

                check_inside(scene, other, condition.container, frame.text)
    aside = situation.free_place(first, situation.place[first], vacate=True)
    if aside is None:
        raise Refused("infeasible", f"There is no free place to put {first} aside.", "Clear the table a little.", [first])
    spot = (At(object=first, x=aside[0], y=aside[1]),)
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
    return _understood([command._task(task) for task in tasks], command, found.names, found.noun, None)


def together(command: Command, frame: Frame) -> Understood:
    """ "Next to each other" and "on top of each other".

    Raises:
        Refused: Fewer than two things.
    """
    if frame.mutual == "on":
        return tower(command, replace(frame, mutual=""))

    def meant(reading: Reading) -> Understood:
        found = command._themes(reading.themes)
        if len(found.names) < 2:
            raise Refused("not_understood", f"{frame.text!r} names one thing only.", "Name two.", found.names)
        tasks = []
        for stays, moves in zip(found.names, found.names[1:], strict=False):
            condition = NextTo(object=moves, reference=stays)
            why = f"{found.why}; {stays} stays and {moves} comes to it."
            tasks.append(command._task(Task("put", moves, (condition,), f"put {moves} next to {stays}", why, (stays,))))
        return _understood(tasks, command, found.names, found.noun, None)

    return command.best(frame, False, meant)


def row(command: Command, frame: Frame) -> Understood:
    """Things in a row, from left to right unless another order is said.

    Raises:
        Refused: Fewer than two things, no room, or an order that is not known.
    """
    relations = [
        relation
        for relation in frame.relations
        if not (relation.value in ("in", "of") and relation.objects and relation.objects[0].head == "STRUCTURE")
    ]
    structures = [relation.objects[0].noun for relation in frame.relations if relation not in relations]
    if "tower" in structures:
        return tower(command, replace(frame, relations=relations))

    def meant(reading: Reading) -> Understood:
        found = command._themes(reading.themes)
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
                command._task(Task("put", name, (At(object=name, x=x, y=y),), f"put {name} at its place in the row", why))
            )
        return _understood(tasks, command, found.names, found.noun, Place("row", tuple(names), frame.text))

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
                names, how = _by_size(command, found.names), "from the largest on"
            case "smallest_first":
                names, how = _by_size(command, found.names)[::-1], "from the smallest on"
            case "front_to_back" | "back_to_front":
                axis, backwards = "front_to_back", order == "back_to_front"
            case "right_to_left":
                backwards = True
            case "left_to_right" | "as_listed":
                pass
            case _:
                raise Refused(
                    "not_understood",
                    f"I do not understand the order in {frame.text!r}.",
                    "Say 'from left to right' or 'from largest to smallest'.",
                )
    return (names[::-1] if backwards else names), how + (", reversed" if backwards else ""), axis
