"""From a goal to the success conditions of one thing, with the checks that make it possible."""

from __future__ import annotations

import math

from lmp.meaning.conditions import At, Between, In, MovedBy, NextTo, On
from lmp.planners.scripted.free_way import DEFAULT_DISTANCE, free_way
from lmp.planners.scripted.goals import ALONG, SIDES, Goal
from lmp.planners.scripted.properties import is_table
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.regions import place_in
from lmp.planners.scripted.situation import Situation
from lmp.planners.scripted.spatial import ROBOT
from lmp.planners.scripted.support import check_inside, check_on, is_shallow
from lmp.schema.condition import Condition


def conditions_for(goal: Goal, name: str, situation: Situation, pushed: bool = False) -> tuple[tuple[Condition, ...], str]:
    """The conditions that one thing has to meet, carried or `pushed` there, and what is said about them.

    Raises:
        Refused: The thing cannot be there.
    """
    scene = situation.scene
    if goal.relation == "region" and goal.region is not None:
        if goal.region.point is not None:
            x, y = goal.region.point
            check_reach(situation, name, (x, y), goal.words)
            return (At(object=name, x=x, y=y),), ""
        x, y = place_in(goal.region, name, situation)
        return (At(object=name, x=x, y=y),), f"a free place there is ({x:.2f}, {y:.2f}) m"
    if name in goal.references:
        raise Refused(
            "impossible", f'"{goal.words}": {name} cannot be put in relation to itself.', "Name another place.", [name]
        )
    reference = goal.references[0]
    if goal.relation == "in":
        check_inside(scene, name, reference, goal.words)
        return (In(object=name, container=reference),), ""
    if goal.relation == "on":
        check_on(scene, name, reference, goal.words)
        return (On(object=name, support=reference),), ""
    if goal.relation == "centre":
        check_on(scene, name, reference, goal.words)
        x, y = situation.place[reference]
        return (On(object=name, support=reference), At(object=name, x=x, y=y)), f"its centre is ({x:.2f}, {y:.2f}) m"
    if goal.relation == "between":
        return (Between(object=name, first=reference, second=goal.references[1]),), ""
    if goal.relation == "next_to":
        _check_beside(goal, situation)
        return (NextTo(object=name, reference=reference),), ""
    if goal.relation in SIDES:
        _check_beside(goal, situation)
        beside = SIDES[goal.relation](object=name, reference=reference)
        if goal.distance:
            x, y = situation.beside(name, reference, ALONG[goal.relation], goal.distance)
            check_reach(situation, name, (x, y), goal.words)
            return (beside, At(object=name, x=x, y=y)), f"{goal.distance:g} m free between the two"
        return (beside,), ""
    if goal.relation in ("towards", "away_from"):
        return _approach(goal, name, situation, pushed)
    if goal.relation == "where":
        return _where(goal, name, situation)
    raise Refused("not_understood", f'"{goal.words}" is no place that I know.', "Say 'on', 'in', 'next to' ...")


def _check_beside(goal: Goal, situation: Situation) -> None:
    reference = goal.references[0]
    parent = situation.parent.get(reference)
    if is_table(situation.scene.get(reference)):
        raise Refused("impossible", f'"{goal.words}" is off the table.', "Say 'on the table', or name an object.")
    if parent is not None and situation.scene.get(parent).cavity is not None and not is_shallow(situation.scene.get(parent)):
        raise Refused(
            "impossible",
            f'"{goal.words}": {reference} is in {parent}, so nothing can stand beside it.',
            f"Say 'next to the {situation.scene.get(parent).category}'.",
            [parent],
        )


def _approach(goal: Goal, name: str, situation: Situation, pushed: bool) -> tuple[tuple[Condition, ...], str]:
    x, y = situation.place[name]
    other = goal.references[0]
    to_x, to_y = (0.0, 0.0) if other == ROBOT else situation.place[other]
    away = math.hypot(to_x - x, to_y - y)
    if other != ROBOT and is_table(situation.scene.get(other)):
        raise Refused("not_understood", f'"{goal.words}" is no direction.', "Say 'towards the robot' or name an object.")
    if away < 1e-3:
        raise Refused("impossible", f'"{goal.words}": {name} is there already.', "Say another direction.", [name])
    sign = 1.0 if goal.relation == "towards" else -1.0
    distance, remark = goal.distance, ""
    if goal.relation == "towards" and other != ROBOT:
        room = away - max(situation.half[name]) - max(situation.half[other]) - 0.01
        if goal.distance and distance > room:
            raise Refused(
                "impossible",
                f'"{goal.words}": {name} would run into {other} after {max(room, 0.0) * 100:.0f} cm.',
                "Say a smaller distance, or 'next to'.",
                [other],
            )
        if room < 0.02:
            raise Refused("impossible", f'"{goal.words}": {name} is next to {other} already.', "Say another place.", [other])
        if not distance and room < DEFAULT_DISTANCE:
            distance, remark = room, f"no distance is said, so {room * 100:.0f} cm, up to {other}"
    along = (sign * (to_x - x) / away, sign * (to_y - y) / away)
    if not distance:
        distance, remark = free_way(situation, name, along, goal.words, pushed)
    return moved_by(name, (distance * along[0], distance * along[1]), situation, goal.words), remark


def moved_by(name: str, step: tuple[float, float], situation: Situation, words: str) -> tuple[Condition, ...]:
    """The condition of a displacement [m] from where the thing is then.

    Raises:
        Refused: It ends outside the workspace.
    """
    dx, dy = step
    length = math.hypot(dx, dy)
    x, y = situation.place[name]
    if length < 0.003:
        raise Refused(
            "impossible",
            f"{words!r} asks for a move of {length * 1000:.1f} mm, which is too small to tell.",
            "Say at least 5 mm.",
        )
    check_reach(situation, name, (x + dx, y + dy), words)
    z = float(situation.scene.get(name).centre[2])
    tolerance = min(0.02, 0.4 * length)
    return (MovedBy(object=name, origin=(x, y, z), dx=dx, dy=dy, tolerance=tolerance),)


def check_reach(situation: Situation, name: str, place: tuple[float, float], words: str) -> None:
    """Refuses a place outside the workspace.

    Raises:
        Refused: With the place and the workspace.
    """
    if situation.inside_workspace(place):
        return
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    raise Refused(
        "infeasible",
        f'"{words}" would bring {name} to ({place[0]:.2f}, {place[1]:.2f}) m, outside the workspace '
        f"x {low[0]:.2f} to {high[0]:.2f}, y {low[1]:.2f} to {high[1]:.2f} m.",
        "Say a smaller distance or another place.",
        [name],
    )


def _where(goal: Goal, name: str, situation: Situation) -> tuple[tuple[Condition, ...], str]:
    """For "where the mug was": its first place, if it is gone from there."""
    other = goal.references[0]
    origin = situation.scene.get(other).centre
    x, y = float(origin[0]), float(origin[1])
    if math.hypot(situation.place[other][0] - x, situation.place[other][1] - y) < 0.02:
        raise Refused(
            "impossible", f'"{goal.words}": {other} still stands there.', f"Move {other} away first, or say 'swap'.", [other]
        )
    return (At(object=name, x=x, y=y),), f"{other} stood at ({x:.2f}, {y:.2f}) m"
