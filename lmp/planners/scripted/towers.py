"""Towers: things on each other, and in which order."""

from __future__ import annotations

import itertools
import math

from lmp.meaning.conditions import On
from lmp.planners.scripted.attachment import Reading
from lmp.planners.scripted.command import Command, Understood
from lmp.planners.scripted.conditions import conditions_for
from lmp.planners.scripted.discourse import Place
from lmp.planners.scripted.found import Found
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.goals import Goal, goal_of, named
from lmp.planners.scripted.refused import Refused, listing
from lmp.planners.scripted.support import check_on
from lmp.planners.scripted.syntax import NounPhrase
from lmp.planners.scripted.tasks import Task

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
