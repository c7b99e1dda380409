"""Several objects at once: towers, rows, next to each other, apart, changing places, each to the container of its colour."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from lmp.meaning.relations import free_distance
from lmp.planners.scripted.clause_reader import Frame
from lmp.planners.scripted.command import Command, Reading, Understood
from lmp.planners.scripted.conditions import check_carriers, conditions_for
from lmp.planners.scripted.goals import goal_of, named
from lmp.planners.scripted.lexicon import listing
from lmp.planners.scripted.parsing import NounPhrase, Relation, heads_shared
from lmp.planners.scripted.properties import furniture, no_room
from lmp.planners.scripted.resolution import Found, Place
from lmp.planners.scripted.situation import Situation, Task, at, kind
from lmp.primitives.places.free_places import Place as Point
from lmp.primitives.places.free_places import free_places, is_free
from lmp.primitives.places.goals import along
from lmp.schema.condition import CONDITIONS
from lmp.schema.plan import Refused
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.shape import Box

MOST_IN_TOWER, APART = 6, 0.10
"""Things in one tower [count], and free distance of things that are separated [m]."""
GAPS = ((0.07, 0.03), (0.055, 0.03), (0.045, 0.03), (0.055, 0.015), (0.045, 0.015))
"""Free distances between neighbours in a row and to other things, the roomiest first, so that the fingers fit [m]."""
_ALONG = {"left_to_right": "left", "right_to_left": "right", "front_to_back": "front", "back_to_front": "behind"}
"""The side on which an order begins."""
_SIZES = ("largest_first", "by_size", "smallest_first")


def by_size(command: Command, names: tuple[str, ...], order: str = "largest_first") -> tuple[str, ...]:
    """Names from the largest to the smallest, or the other way; the order of the words where sizes are equal."""
    ordered = sorted(names, key=lambda name: -round(math.prod(command.scene.get(name).size) * 1e8))
    return tuple(ordered[::-1] if order == "smallest_first" else ordered)


def in_said_order(command: Command, frame: Frame, names: tuple[str, ...], noun: str) -> tuple[str, ...]:
    """The names in the order in which the clause wants them taken; as they are where it says none.

    Raises:
        Refused: It is no order in which things can be taken.
    """
    for order in frame.orders:
        if order in _SIZES:
            names = by_size(command, names, order)
        elif order in _ALONG:
            names = _along(command, names, _ALONG[order])
        elif order != "as_listed":
            raise _no_order(frame)
    return _taken(command, frame, names, noun)


def _along(command: Command, names: tuple[str, ...], side: str) -> tuple[str, ...]:
    """The names, the one farthest to that side first."""
    return tuple(sorted(names, key=lambda name: -float(np.dot(command.situation.place(name), along(command.scene, side)))))


def _taken(command: Command, frame: Frame, names: tuple[str, ...], noun: str) -> tuple[str, ...]:
    """The names with those first and last of which that is said: "the red one first"."""
    for phrase, end in frame.taken:
        found = _among(command, phrase, names, noun)
        rest = tuple(name for name in names if name not in found)
        names = (*found, *rest) if end == "first" else (*rest, *found)
    return names


def _among(command: Command, phrase: NounPhrase, names: tuple[str, ...], noun: str) -> tuple[str, ...]:
    found = command.resolver.resolve(phrase, noun).names
    other = [name for name in found if name not in names]
    if other:
        message = f'"{phrase.text}" is {listing(other)}, which is none of {listing(names)}.'
        raise Refused("impossible", message, "Name one of them.", names)
    return found


def _no_order(frame: Frame) -> Refused:
    hint = "Say 'from left to right' or 'from largest to smallest'."
    return Refused("not_understood", f"I do not understand the order in {frame.text!r}.", hint)


def _with_ends(command: Command, frame: Frame, names: list[str], noun: str, ends: tuple[str, str]) -> str:
    """Brings the names to the ends that are said, in place, as in "with the red one on top"; and says so."""
    how = ""
    for phrase, end in frame.ends:
        found = _among(command, phrase, tuple(names), noun)
        if len(found) != 1:
            raise Refused("impossible", f'"{phrase.text}" is {listing(found)}, and only one can be there.', "Name one.", names)
        names.remove(found[0])
        at = {ends[0]: 0, ends[1]: len(names), "middle": (len(names) + 1) // 2}.get(end)
        if at is None or (end == "middle" and len(names) % 2):
            message = f"I do not understand where {found[0]} is to be in {frame.text!r}."
            raise Refused("not_understood", message, f"Say 'at the {ends[0]}' or 'at the {ends[1]}'.")
        names.insert(at, found[0])
        how += f', {found[0]} at the {end} for "{phrase.text}"'
    if len(frame.companions) > len(frame.ends):
        message = f'I do not understand "with {frame.companions[-1].text}" in {frame.text!r}.'
        raise Refused("not_understood", message, "Say 'with the red one on top'.")
    return how


def stack(command: Command, frame: Frame) -> Understood:
    """Several objects on each other, the bottom one first.

    Raises:
        Refused: Fewer than two things, or one that cannot carry the next.
    """
    frame.takes("relations", "orders", "ends", "companions", "taken")
    failures: list[Refused] = []
    for with_goal in [True, False] if frame.relations else [False]:
        try:
            return command.best(frame, with_goal, lambda reading: _tower(command, frame, reading))
        except Refused as refused:
            failures.append(refused)
    raise failures[0]


def _tower(command: Command, frame: Frame, reading: Reading) -> Understood:
    found, scene, tasks, base = command.themes(reading.themes), command.scene, [], None
    names, how = _tower_order(command, frame, reading.themes, found)
    if reading.goal is not None:
        goal = goal_of(reading.goal, command.resolver, found.names, found.noun)
        if goal.relation == "in":
            message = f'"{goal.words}": a tower stands on something flat.'
            raise Refused("impossible", message, "Say 'stack them', or 'put them in ...'.", goal.references)
        names = [name for name in names if name not in goal.references]
        if not names:
            raise Refused("impossible", f'"{goal.words}": a thing cannot be put on itself.', "Name another.", goal.references)
        base = goal.references[0] if goal.relation == "on" else None
        conditions, remark = conditions_for(goal, names[0], command.situation, "stack", False)
        why = "; ".join(filter(None, (found.why, how, goal.why, remark)))
        references = tuple(name for name in goal.references if name in scene)
        tasks.append(command.put(names[0], conditions, named(goal), f"{why}.", references))
    elif len(names) < 2:
        message = f"{frame.text!r} names one thing; a tower takes two."
        raise Refused("not_understood", message, "Say on what to stack it.", names)
    elif (table := command.situation.furniture(names[0])) is not None and command.situation.support(names[0]) != table:
        why = f"{found.why}; {how}; the tower stands on {table}."
        tasks.append(command.put(names[0], (CONDITIONS["on"].about(names[0], table),), f"on {table}", why))
    if len(names) > MOST_IN_TOWER:
        raise Refused("impossible", f"A tower of {len(names)} would not stand.", f"Say at most {MOST_IN_TOWER}.", names)
    for lower, upper in itertools.pairwise(names):
        standing = CONDITIONS["on"].about(upper, lower)
        check_carriers(standing, scene, frame.text)
        why = f"{found.why}; {how}; so {upper} goes on {lower}."
        tasks.append(command.put(upper, (standing,), f"on {lower}", why, (lower,)))
    return command.answer(tasks, found, Place("tower", (*([base] if base else ()), *names), frame.text))


def _tower_order(command: Command, frame: Frame, themes: tuple[NounPhrase, ...], found: Found) -> tuple[list[str], str]:
    """Names from bottom to top, and why in that order."""
    listed = len(themes) > 1 or (len(themes) == 1 and themes[0].head == "PRON")
    order = frame.orders[0] if frame.orders else ""
    if len(set(frame.orders)) > 1 or order not in ("", *_SIZES, "bottom_to_top", "top_to_bottom", "as_listed"):
        message = f"I do not understand the order in {frame.text!r}."
        raise Refused("not_understood", message, "Say 'from largest to smallest' or name the things from the bottom up.")
    if order in ("bottom_to_top", "top_to_bottom", "as_listed") and not listed:
        raise Refused("ambiguous", f"{frame.text!r} gives an order of what is not listed.", "Name the things one by one.")
    if order in ("bottom_to_top", "as_listed"):
        names, how = list(found.names), "in the order of the words, from the bottom"
    elif order == "top_to_bottom":
        names, how = list(found.names[::-1]), "in the order of the words, from the top"
    else:
        names = list(by_size(command, found.names, order or "largest_first"))
        how = "from the smallest at the bottom, as said" if order == "smallest_first" else "the largest at the bottom"
        how += "" if order else ", since no order is said"
    names = list(_taken(command, frame, tuple(names), found.noun))
    return names, how + _with_ends(command, frame, names, found.noun, ("bottom", "top"))


def build(command: Command, frame: Frame) -> Understood:
    """For "build a tower of ..." and "make a row of ...".

    Raises:
        Refused: Of what is not said, or it is nothing that can be built.
    """
    if len(frame.themes) != 1 or frame.themes[0].head != "STRUCTURE":
        message = f"I do not know how to do {frame.text!r}."
        raise Refused("not_understood", message, "I can build a tower or a row, such as 'a tower of the red and blue blocks'.")
    structure = frame.themes[0]
    parts = [relation for relation in frame.relations if relation.value in ("of", "from")]
    if not parts and frame.companions and not frame.ends:
        joined = heads_shared(frame.companions, ["and"] * (len(frame.companions) - 1))
        parts, frame = [Relation("of", tuple(joined), "with")], replace(frame, companions=[])
    if len(parts) != 1 or structure.many:
        message = f"{frame.text!r} does not say of what."
        raise Refused("not_understood", message, "Say for example 'build a tower of the red, green and blue blocks'.")
    others = [relation for relation in frame.relations if relation not in parts]
    joints = ["and"] * (len(parts[0].objects) - 1)
    inner = replace(frame, themes=list(parts[0].objects), joints=joints, relations=others, action="stack")
    return stack(command, inner) if structure.noun == "tower" else row(command, inner)


def together(command: Command, frame: Frame) -> Understood:
    """For "next to each other" and "on top of each other".

    Raises:
        Refused: Fewer than two things.
    """
    frame.takes("mutual", "relations", "orders" if frame.mutual == "on" else "mutual")
    if frame.mutual == "on":
        return stack(command, replace(frame, mutual=""))

    def meant(reading: Reading) -> Understood:
        found = _two_or_more(command, frame, reading)
        tasks = []
        for stays, moves in itertools.pairwise(found.names):
            why = f"{found.why}; {stays} stays and {moves} comes to it."
            beside = kind(lambda relation: relation.beside == "any").about(moves, stays)
            tasks.append(command.put(moves, (beside,), f"next to {stays}", why, (stays,)))
        return command.answer(tasks, found)

    return command.best(frame, False, meant)


def separate(command: Command, frame: Frame) -> Understood:
    """Things that are near each other are put apart, each as near as can be to where it is.

    Raises:
        Refused: Fewer than two things, or no room.
    """
    frame.takes("relations")
    away = [relation for relation in frame.relations if relation.value == "from"]
    frame = replace(frame, themes=[*frame.themes, *(phrase for relation in away for phrase in relation.objects)],
                    relations=[relation for relation in frame.relations if relation not in away])  # fmt: skip

    def meant(reading: Reading) -> Understood:
        found, trial, tasks = _two_or_more(command, frame, reading), command.situation.copy(), []
        for i, name in enumerate(found.names[1:], start=1):
            fixed = [trial.scene.get(other) for other in found.names[:i]]
            if all(free_distance(trial.scene.get(name), other) >= APART - 0.005 for other in fixed):
                continue
            thing, radius = trial.scene.get(name), math.hypot(*trial.scene.get(name).size[:2]) / 2
            reach = [(other.centre[:2], APART + radius + math.hypot(*other.size[:2]) / 2) for other in fixed]
            clear = lambda p, reach=reach: all(math.dist(p, middle) >= room for middle, room in reach)  # noqa: E731
            place = next(free_places(thing, trial.place(name), trial.scene, clear), None)
            if place is None:
                message = f"{frame.text!r}: there is no free place for {name} away from the others."
                raise no_room(message, trial.scene, [name])
            why = f"{found.why}; apart means {APART * 100:.0f} cm free between them."
            tasks.append(command.put(name, (at(name, place, trial.scene),), "away from the others", why))
            trial.apply(tasks[-1])
        return command.answer(tasks, found)

    return command.best(frame, False, meant)


def _two_or_more(command: Command, frame: Frame, reading: Reading) -> Found:
    found = command.themes(reading.themes)
    if len(found.names) < 2:
        raise Refused("not_understood", f"{frame.text!r} names one thing only; it takes two.", "Name two.", found.names)
    return found


def row(command: Command, frame: Frame) -> Understood:
    """Things in a row, from left to right unless another order is said.

    Raises:
        Refused: Fewer than two things, no room, or an order that is not known.
    """
    if wants_colours(frame):
        return by_colour(command, frame)
    frame.takes("relations", "orders", "taken", "ends", "companions")
    if frame.companions and not frame.ends:  # "line the red block up with the blue block"
        frame = replace(frame, themes=[*frame.themes, *frame.companions], companions=[])
    shaped = [r for r in frame.relations if r.value in ("in", "of") and r.objects and r.objects[0].head == "STRUCTURE"]
    relations = [relation for relation in frame.relations if relation not in shaped]
    if shaped and frame.relations[-1] in relations:
        words = f'"{frame.relations[-1].text}" after "{shaped[-1].objects[0].noun}" in {frame.text!r}'
        raise Refused("not_understood", f"{words}: I choose the place of a row myself.", "Leave the place out.")
    if any(relation.objects[0].noun == "tower" for relation in shaped):
        return stack(command, replace(frame, relations=relations))

    def meant(reading: Reading) -> Understood:
        found = _two_or_more(command, frame, reading)
        names, how, ordered = _row_order(command, frame, found)
        places, order = _row_places(command.situation, names, ordered, frame.text)
        tasks = []
        for name in order:
            x, y = places[name]
            why = f"{found.why}; {how}; its place in the row is ({x:.2f}, {y:.2f}) m."
            tasks.append(command.put(name, (at(name, (x, y), command.scene),), "at its place in the row", why))
        return command.answer(tasks, found, Place("row", tuple(names), frame.text))

    return command.best(replace(frame, relations=relations), False, meant)


def _row_order(command: Command, frame: Frame, found: Found) -> tuple[list[str], str, str]:
    """Names along the row, why, and the order in which they lie: from left to right, for one."""
    said = frame.orders or frame.relations or frame.taken or frame.ends or frame.action in ("put", "move")
    if not said and frame.verb not in ("line", "align", "make", "build", "form", "create", "request"):
        message = f"{frame.text!r} does not say in what order or shape."
        raise Refused("ambiguous", message, "Say for example 'in a row from largest to smallest'.", found.names)
    names, how = found.names, "in the order of the words"
    lying = next((order for order in frame.orders if order in _ALONG), "left_to_right")
    if len(frame.themes) == 1:
        names, how = _along(command, names, _ALONG[lying]), "in their present order, since none is said"
    for order in frame.orders:
        if order in _SIZES:
            names = by_size(command, found.names, order)
            how = "from the smallest on" if order == "smallest_first" else "from the largest on"
        elif order not in ("as_listed", lying):
            raise _no_order(frame)
    ordered = list(_taken(command, frame, names, found.noun))
    first, last = lying.split("_to_")
    how += _with_ends(command, frame, ordered, found.noun, (first, last))
    return ordered, f"{how}, {lying.replace('_', ' ')}", lying


def _row_places(situation: Situation, names: list[str], order: str, words: str) -> tuple[dict[str, Point], tuple[str, ...]]:
    """Places in a free strip, nearest to the middle of where the members are, and an order in which they can move there.

    Raises:
        Refused: There is no room.
    """
    start = np.array(along(situation.scene, _ALONG[order]))
    scene = situation.scene
    sizes = [2 * max(np.abs(np.array(scene.get(name).bounds)[:, :2] - situation.place(name)).max(axis=0)) for name in names]
    others = scene.model_copy(update={"objects": tuple(thing for thing in scene.objects if thing.name not in names)})
    middle = np.mean([situation.place(name) for name in names], axis=0)
    for gap, room in GAPS:
        length, width = sum(sizes) + gap * (len(names) - 1), max(sizes)
        box = np.abs(start) * (length - width) + width
        strip = SceneObject(
            name="(row)", category="row", pose=Pose(position=(*middle, width / 2)), shape=Box(size=(*map(float, box), width))
        )
        for centre in free_places(strip, (float(middle[0]), float(middle[1])), others, rooms=(room,)):
            places, at = {}, length / 2
            for name, size in zip(names, sizes, strict=True):
                x, y = np.array(centre) + start * (at - size / 2)
                places[name], at = (round(float(x), 4), round(float(y), 4)), at - size - gap
            moving = _moving_order(situation, places, min(room, gap))
            if moving is not None:
                return places, moving
    message = f"{words!r}: there is no free strip on {furniture(scene)} for {len(names)} things in a row."
    raise no_room(message, scene, names)


def _moving_order(situation: Situation, places: dict[str, Point], room: float) -> tuple[str, ...] | None:
    """An order in which every member finds its place free when it moves; None if they block each other in a ring."""
    trial, waiting, order = situation.copy(), list(places), []
    while waiting:
        free = (name for name in waiting if is_free(trial.scene.get(name), places[name], trial.scene, room - 1e-6))
        ready = next(free, None)
        if ready is None:
            return None
        x, y = places[ready]
        trial.apply(Task("put", ready, (at(ready, (x, y), trial.scene),), "", ""))
        waiting.remove(ready)
        order.append(ready)
    return tuple(order)


def wants_colours(frame: Frame) -> bool:
    """True if colours are to decide where objects go: "by colour", "in the matching bins"."""
    phrases = [phrase for relation in frame.relations for phrase in relation.objects]
    return "by_colour" in frame.orders or any(
        adjective.kind == "match" for phrase in phrases for adjective in phrase.adjectives
    )


def by_colour(command: Command, frame: Frame) -> Understood:
    """Each thing into the one container of its colour.

    Raises:
        Refused: A thing has no colour, or no or several containers share it.
    """
    frame.takes("relations", "orders")
    goals = [relation for relation in frame.relations if relation.value in ("in", "on", "to") and relation.objects]
    if len(goals) != len(frame.relations) or len(goals) > 1 or {*frame.orders} - {"by_colour"}:
        message = f"I do not understand {frame.text!r}."
        raise Refused("not_understood", message, "Say 'sort the blocks by colour into the bins'.")
    containers: list[SceneObject] = []
    for phrase in goals[0].objects if goals else ():
        plain = replace(phrase, adjectives=tuple(adjective for adjective in phrase.adjectives if adjective.kind != "match"))
        containers += command.resolver.matches(plain)[0]
    if not goals:
        containers = [thing for thing in command.scene.objects if thing.cavity is not None and thing.colour is not None]
    found, known, tasks = command.themes(tuple(frame.themes)), [container.name for container in containers], []
    for thing in (command.scene.get(name) for name in found.names if name not in known):
        same = [container.name for container in containers if thing.colour is not None and container.colour == thing.colour]
        if len(same) > 1:
            raise Refused("ambiguous", f"{frame.text!r}: {thing.name} could go to {listing(same, 'or')}.", "Name one.", same)
        if not same:
            message = f"{frame.text!r}: nothing to put {thing.name} in is {thing.colour or 'of its colour'}."
            raise Refused("absent", message, f"There is: {listing(known)}." if known else "", [thing.name])
        inside = CONDITIONS["in"].about(thing.name, same[0])
        check_carriers(inside, command.scene, frame.text)
        why = f"{found.why}; {thing.name} is {thing.colour}, and so is {same[0]}."
        tasks.append(command.put(thing.name, (inside,), f"in {same[0]}", why, (same[0],)))
    if not tasks:
        raise Refused("absent", f"{frame.text!r}: there is nothing to sort.", "Name the things.", found.names)
    return command.answer(tasks, found, Place("sorted", tuple(known), frame.text))
