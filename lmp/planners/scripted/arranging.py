"""Building, rows, and things next to each other."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace

from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.conditions import conditions_for
from lmp.planners.scripted.frames import Frame, heads_shared
from lmp.planners.scripted.goals import Goal, goal_of, named
from lmp.planners.scripted.obstacles import stop_over
from lmp.planners.scripted.parsing import NounPhrase, Relation
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.resolution import Found, Place
from lmp.planners.scripted.situation import Place2, Situation, check_inside, check_on
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import At, Condition, In, NextTo, On
from lmp.schema.scene import Scene, SceneObject


def in_said_order(command: Command, frame: Frame, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the order that the clause asks for; as they are where it asks for none.

    Raises:
        Refused: It is no order in which things can be taken.
    """
    place = command.situation.place
    for order in frame.orders:
        match order:
            case "largest_first" | "by_size":
                names = tuple(by_size(command, names))
            case "smallest_first":
                names = tuple(by_size(command, names)[::-1])
            case "left_to_right" | "right_to_left":
                sign = -1.0 if order == "left_to_right" else 1.0
                names = tuple(sorted(names, key=lambda name: sign * place[name][1]))
            case "front_to_back" | "back_to_front":
                sign = 1.0 if order == "front_to_back" else -1.0
                names = tuple(sorted(names, key=lambda name: sign * place[name][0]))
            case "as_listed":
                pass
            case _:
                raise no_order(frame)
    return names


def no_order(frame: Frame) -> Refused:
    """The refusal of an order in which things cannot be taken or laid."""
    return Refused(
        "not_understood",
        f"I do not understand the order in {frame.text!r}.",
        "Say 'from left to right' or 'from largest to smallest'.",
    )


GAPS = ((0.07, 0.03), (0.055, 0.03), (0.045, 0.03), (0.055, 0.015), (0.045, 0.015))
"""Free distances between neighbours and to other things that are tried, the roomiest first, so that the fingers fit [m]."""
STEP = 0.02


@dataclass(frozen=True)
class Row:
    """Where each member goes, and in which order they move."""

    places: dict[str, Place2]
    order: tuple[str, ...]


def row_places(situation: Situation, names: list[str], axis: str, words: str) -> Row:
    """A free strip for the row, nearest to the middle of where its members are.

    Raises:
        Refused: There is no room.
    """
    along = 1 if axis == "left_to_right" else 0
    across = 1 - along
    sign = -1.0 if axis == "left_to_right" else 1.0
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    sizes = [2 * max(situation.half[name]) for name in names]
    centre = [sum(situation.place[name][i] for name in names) / len(names) for i in (0, 1)]
    for gap, room in GAPS:
        length = sum(sizes) + gap * (len(names) - 1)
        options = [
            (abs(start + length / 2 - centre[along]) + abs(line - centre[across]), start, line)
            for start in _steps(low[along], high[along] - length)
            for line in _steps(low[across] + max(sizes) / 2, high[across] - max(sizes) / 2)
        ]
        for _, start, line in sorted(options):
            places = _places(names, sizes, gap, start, line, along, sign)
            if all(situation.is_free(name, places[name], names, room=room) for name in names):
                order = _moving_order(situation, names, places, room)
                if order is not None:
                    return Row(places, order)
    raise Refused(
        "infeasible",
        f"{words!r}: there is no free strip on the table for {len(names)} things in a row.",
        "Clear the table a little, or name fewer things.",
        names,
    )


def _steps(first: float, last: float) -> list[float]:
    return [first + STEP * i for i in range(int((last - first) / STEP) + 1)] if last >= first else []


def _places(
    names: list[str], sizes: list[float], gap: float, start: float, line: float, along: int, sign: float
) -> dict[str, Place2]:
    places: dict[str, Place2] = {}
    total = sum(sizes) + gap * (len(sizes) - 1)
    at = start if sign > 0 else start + total
    for name, size in zip(names, sizes, strict=True):
        middle = round(at + sign * size / 2, 4)
        places[name] = (middle, round(line, 4)) if along == 0 else (round(line, 4), middle)
        at += sign * (size + gap)
    return places


def _moving_order(situation: Situation, names: list[str], places: dict[str, Place2], room: float) -> tuple[str, ...] | None:
    """An order in which every member finds its place free when it moves; None if they block each other in a ring."""
    trial = situation.copy()
    waiting, order = list(names), []
    while waiting:
        ready = next((name for name in waiting if trial.is_free(name, places[name], room=room)), None)
        if ready is None:
            return None
        trial.place[ready] = places[ready]
        waiting.remove(ready)
        order.append(ready)
    return tuple(order)


MOST_IN_TOWER = 6


def by_size(command: Command, names: tuple[str, ...]) -> list[str]:
    """Names from the largest to the smallest; the order of the words where sizes are equal."""
    return sorted(names, key=lambda name: -round(math.prod(command.scene.get(name).size) * 1e8))


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
    assert failure is not None
    raise failure


def _tower(command: Command, frame: Frame, reading: Reading) -> Understood:
    found = command.themes(reading.themes)
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
        names = _without(names, goal)
        if goal.relation == "on":
            base = goal.references[0]
            check_on(scene, names[0], base, goal.words)
        conditions, remark = conditions_for(goal, names[0], command.situation)
        why = "; ".join(filter(None, (found.why, how, goal.why, remark)))
        tasks.append(
            command.task(
                Task(
                    "put",
                    names[0],
                    conditions,
                    f"put {names[0]} {named(goal)}",
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
            command.task(
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
    for lower, upper in itertools.pairwise(names):
        check_on(scene, upper, lower, frame.text)
        why = f"{found.why}; {how}; so {upper} goes on {lower}."
        tasks.append(
            command.task(Task("put", upper, (On(object=upper, support=lower),), f"put {upper} on {lower}", why, (lower,)))
        )
    references = (base, *names) if base else tuple(names)
    return command.answer(tasks, found, Place("tower", references, frame.text))


def _without(names: list[str], goal: Goal) -> list[str]:
    """The parts of a tower without what it is put on."""
    kept = [name for name in names if name not in goal.references]
    if not kept:
        raise Refused("impossible", f'"{goal.words}": a thing cannot be put on itself.', "Name another.", names)
    return kept


def _tower_order(command: Command, frame: Frame, themes: tuple[NounPhrase, ...], found: Found) -> tuple[list[str], str]:
    """Names from bottom to top, and why in that order."""
    listed = len(themes) > 1 or (len(themes) == 1 and themes[0].head == "PRON")
    names, how = list(found.names), "in the order of the words, from the bottom"
    order = frame.orders[0] if frame.orders else ""
    if order in ("largest_first", "by_size", ""):
        names = by_size(command, found.names)
        how = "from the largest at the bottom to the smallest" if order else "the largest at the bottom, since no order is said"
    elif order == "smallest_first":
        names, how = by_size(command, found.names)[::-1], "from the smallest at the bottom, as said"
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


def wants_colours(frame: Frame) -> bool:
    """Whether colours are to decide where things go: "by colour", "in the matching bins"."""
    return "by_colour" in frame.orders or any(
        adjective.kind == "match"
        for relation in frame.relations
        for phrase in relation.objects
        for adjective in phrase.adjectives
    )


def by_colour(command: Command, frame: Frame) -> Understood:
    """Each thing into the one container of its colour.

    Raises:
        Refused: A thing has no colour, or no or several containers share it.
    """
    goals = [relation for relation in frame.relations if relation.value in ("in", "on", "to") and relation.objects]
    if len(goals) != len(frame.relations) or len(goals) > 1 or frame.steps:
        raise Refused(
            "not_understood", f"I do not understand {frame.text!r}.", "Say 'sort the blocks by colour into the bins'."
        )
    containers = _containers(command, goals[0] if goals else None)
    found = command.themes(tuple(frame.themes))
    tasks = []
    for name in found.names:
        if name in [container.name for container in containers]:
            continue
        container = _of_colour(command.scene.get(name), containers, frame)
        check_inside(command.scene, name, container.name, frame.text)
        why = f"{found.why}; {name} is {container.colour}, and so is {container.name}."
        condition = In(object=name, container=container.name)
        task = Task("put", name, (condition,), f"put {name} in {container.name}", why, (container.name,))
        tasks.append(command.task(task))
    if not tasks:
        raise Refused("absent", f"{frame.text!r}: there is nothing to sort.", "Name the things.", found.names)
    return command.answer(tasks, found, Place("sorted", tuple(container.name for container in containers), frame.text))


def _containers(command: Command, goal: Relation | None) -> list[SceneObject]:
    """Those that are named, whichever their number; all that have a colour where none is."""
    if goal is None:
        return [thing for thing in command.scene.objects if thing.cavity is not None and thing.colour is not None]
    kept: list[SceneObject] = []
    for phrase in goal.objects:
        plain: NounPhrase = replace(phrase, adjectives=tuple(a for a in phrase.adjectives if a.kind != "match"))
        kept += command.resolver.matches(plain)[0]
    return kept


def _of_colour(thing: SceneObject, containers: list[SceneObject], frame: Frame) -> SceneObject:
    same = [container for container in containers if thing.colour is not None and container.colour == thing.colour]
    if len(same) == 1:
        return same[0]
    if same:
        names = [container.name for container in same]
        raise Refused("ambiguous", f"{frame.text!r}: {thing.name} could go to {listing(names, 'or')}.", "Name one.", names)
    raise Refused(
        "absent",
        f"{frame.text!r}: nothing to put {thing.name} in is {thing.colour or 'of its colour'}.",
        f"There is: {listing(container.name for container in containers)}." if containers else "",
        [thing.name],
    )


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
