"""From a goal to the success conditions of one object, with the checks that make it possible."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.directions import directions
from lmp.planners.scripted.goals import Goal, place_in
from lmp.planners.scripted.properties import is_shallow, is_table
from lmp.planners.scripted.relating import ROBOT, centre_of
from lmp.planners.scripted.situation import Situation, at, fits_alone, moved
from lmp.primitives.places.free_places import Place, free_slide, is_free
from lmp.primitives.places.goals import OPPOSITE, along, beside, nearest_side
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.plan import Refused
from lmp.schema.scene import Scene

USUAL_DISTANCE = 0.10
"""How far "push it to the left" goes where no distance is said [m]."""
LEAST_DISTANCE, FARTHEST, STEP = 0.04, 0.2, 0.005
"""The shortest way that still is what was asked for, the longest that is tried, and the step between [m]."""
PUSH_ROOM, FINGER_ROOM = 0.008, 0.03
"""Free distance that a pushed object, and one that is put down, keeps from others [m]."""
SMALLEST_SUPPORT = 0.12
"""Smallest area of a support, as a share of what is to stand on it [dimensionless]."""
_PUTTING = frozenset({"put", "place", "set", "lay", "position", "deposit"})
"""Verbs that say where an object is to be in the end, whatever the way."""


def conditions_for(goal: Goal, name: str, situation: Situation, verb: str, pushed: bool) -> tuple[tuple[Condition, ...], str]:
    """The conditions that one object has to meet, carried or `pushed` there, and what is said about them.

    Raises:
        Refused: The object cannot be there.
    """
    if goal.region is not None:
        if goal.region.point is not None:
            x, y = (float(value) for value in directions(situation.scene).point(*goal.region.point)[:2])
            check_reach(situation, name, (x, y), goal.words)
            return (at(name, (x, y), situation.scene),), ""
        x, y = place_in(goal.region, name, situation)
        return (at(name, (x, y), situation.scene),), f"a free place there is ({x:.2f}, {y:.2f}) m"
    if name in goal.references:
        message = f'"{goal.words}": {name} cannot be put in relation to itself.'
        raise Refused("impossible", message, "Name another place.", [name])
    reference = goal.references[0]
    match goal.relation:
        case "centre":
            x, y = situation.place(reference)
            resting = CONDITIONS["on"].about(name, reference)
            check_carriers(resting, situation.scene, goal.words)
            return (resting, at(name, (x, y), situation.scene)), f"its centre is ({x:.2f}, {y:.2f}) m"
        case "away_from" if goal.distance and verb in _PUTTING and reference != ROBOT:
            place = nearest_side(situation.scene, name, reference, goal.distance)
            if place is None:
                message = f'"{goal.words}": on no side of {reference} is such a place free and within reach.'
                raise Refused("infeasible", message, "Say another distance, or a side.", [reference])
            return (at(name, place, situation.scene),), f"{goal.distance:g} m free between the two"
        case "towards" | "away_from":
            return _approach(goal, name, situation, pushed)
        case "where":
            return _where(goal, name, situation)
    relation = CONDITIONS.get(goal.relation)
    if relation is None or not relation.is_said_of(1 + len(goal.references), goal.distance > 0.0):
        raise Refused("not_understood", f'"{goal.words}" is no place that I know.', "Say 'on', 'in', 'next to' ...")
    condition = relation.about(name, *goal.references, distance=goal.distance or None)
    check_carriers(condition, situation.scene, goal.words)
    if relation.beside is not None:
        _check_beside(goal, situation)
    if relation.beside not in OPPOSITE or not goal.distance:
        return (condition,), ""
    x, y = beside(situation.scene, name, reference, along(situation.scene, relation.beside), goal.distance)
    check_reach(situation, name, (x, y), goal.words)
    return (condition, at(name, (x, y), situation.scene)), f"{goal.distance:g} m free between the two"


def check_carriers(condition: Condition, scene: Scene, words: str) -> None:
    """Refuses a place inside something that has no hollow or is too small, or on top of something on which nothing can stand.

    Raises:
        Refused: With the reason, or with what the search for a place says if nothing else stood in the scene.
    """
    name = condition.subject
    for container in map(scene.get, condition.named_as("container")):
        if container.cavity is None:
            hollow = [other.name for other in scene.objects if other.cavity is not None and other.name != name]
            hint = "Say 'on' or 'next to'" + (f", or choose something hollow: {', '.join(hollow)}." if hollow else ".")
            raise Refused("impossible", f'"{words}": {container.name} has no inside.', hint, hollow)
    for below in map(scene.get, condition.named_as("support")):
        if is_table(below):
            return
        if below.cavity is not None and not is_shallow(below):
            message = f'"{words}": {below.name} is open at the top; nothing can stand on it.'
            raise Refused("impossible", message, f"Say 'in the {below.category}'.", [below.name])
        area = math.prod(below.size[:2])
        if below.cavity is None and name != below.name and area < SMALLEST_SUPPORT * math.prod(scene.get(name).size[:2]):
            message = f'"{words}": {below.name} is too small to carry {name}.'
            raise Refused("impossible", message, "Choose a larger support.", [below.name])
    wrong = fits_alone(condition, scene) if condition.carriers() else None
    if wrong is not None:
        raise Refused("impossible", f'"{words}": {wrong.message}', wrong.hint, condition.names)


def _check_beside(goal: Goal, situation: Situation) -> None:
    reference = goal.references[0]
    if is_table(situation.scene.get(reference)):
        raise Refused("impossible", f'"{goal.words}" is off {reference}.', f"Say 'on {reference}', or name an object.")
    parent = situation.support(reference)
    around = situation.scene.get(parent) if parent is not None else None
    if around is not None and around.cavity is not None and not is_shallow(around):
        message = f'"{goal.words}": {reference} is in {parent}, so nothing can stand beside it.'
        raise Refused("impossible", message, f"Say 'next to the {around.category}'.", [around.name])


def _approach(goal: Goal, name: str, situation: Situation, pushed: bool) -> tuple[tuple[Condition, ...], str]:
    scene, here, other = situation.scene, np.array(situation.place(name)), goal.references[0]
    line = np.array(centre_of(scene, ROBOT)[:2] if other == ROBOT else situation.place(other)) - here
    away = float(np.hypot(*line))
    if other != ROBOT and is_table(scene.get(other)):
        raise Refused("not_understood", f'"{goal.words}" is no direction.', "Say 'towards the robot' or name an object.")
    if away < 1e-3:
        raise Refused("impossible", f'"{goal.words}": {name} is there already.', "Say another direction.", [name])
    way = line / away if goal.relation == "towards" else -line / away
    distance, remark = goal.distance, ""
    if goal.relation == "towards" and other != ROBOT:
        direction = np.array([*way, 0.0])
        room = -scene.get(other).extent(-direction) - scene.get(name).extent(direction) - PUSH_ROOM
        if distance > room and goal.distance:
            message = f'"{goal.words}": {name} would run into {other} after {max(room, 0.0) * 100:.0f} cm.'
            raise Refused("impossible", message, "Say a smaller distance, or 'next to'.", [other])
        if room < 0.02:
            raise Refused("impossible", f'"{goal.words}": {name} is next to {other} already.', "Say another place.", [other])
        if not distance and room < USUAL_DISTANCE:
            distance, remark = room, f"no distance is said, so {room * 100:.0f} cm, up to {other}"
    step = (float(way[0]), float(way[1]))
    if not distance:
        distance, remark = usual_way(situation, name, step, goal.words, pushed)
    return moved_by(name, (distance * step[0], distance * step[1]), situation, goal.words), remark


def moved_by(name: str, step: Place, situation: Situation, words: str) -> tuple[Condition, ...]:
    """The condition of a displacement [m] from where the object is then.

    Raises:
        Refused: It ends outside the workspace, or is too small to tell.
    """
    length, (x, y) = math.hypot(*step), situation.place(name)
    if length < 0.003:
        message = f"{words!r} asks for a move of {length * 1000:.1f} mm, which is too small to tell."
        raise Refused("impossible", message, "Say at least 5 mm.")
    check_reach(situation, name, (x + step[0], y + step[1]), words)
    return (moved(name, step, situation.scene, min(0.02, 0.4 * length)),)


def check_reach(situation: Situation, name: str, place: Place, words: str) -> None:
    """Refuses a place outside the workspace.

    Raises:
        Refused: With the place and the workspace.
    """
    if situation.in_workspace(place):
        return
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    raise Refused(
        "infeasible",
        f'"{words}" would bring {name} to ({place[0]:.2f}, {place[1]:.2f}) m, outside the workspace '
        f"x {low[0]:.2f} to {high[0]:.2f}, y {low[1]:.2f} to {high[1]:.2f} m.",
        "Say a smaller distance or another place.",
        [name],
    )


def usual_way(situation: Situation, name: str, way: Place, words: str, pushed: bool) -> tuple[float, str]:
    """A distance along a unit vector where none is said [m], and what is said about it: the usual one, or what is free of it.

    A push ends before what stands in its way; what is carried may also go over it and farther.

    Raises:
        Refused: Less than `LEAST_DISTANCE` is free.
    """
    thing, (x, y), usual = situation.scene.get(name), situation.place(name), f"{USUAL_DISTANCE * 100:.0f} cm"
    if pushed:
        free, blocker = free_slide(thing, way, USUAL_DISTANCE, situation.scene, PUSH_ROOM)
        if free >= USUAL_DISTANCE - 1e-9:
            return USUAL_DISTANCE, f"no distance is said, so {usual}"
        if free < LEAST_DISTANCE:
            message = f"{words!r}: {name} can go {free * 100:.0f} cm that way before {blocker}."
            named = [name, *([blocker] if blocker in situation.scene else [])]
            raise Refused("infeasible", message, "Say another direction, or 'put' and a place.", named)
        return free, f"no distance is said, and {free * 100:.1f} cm are free before {blocker}, so that far"
    steps = np.arange(LEAST_DISTANCE, FARTHEST + STEP / 2, STEP)
    for distance in sorted(map(float, steps), key=lambda d: (round(abs(d - USUAL_DISTANCE), 6), d)):
        if is_free(thing, (x + distance * way[0], y + distance * way[1]), situation.scene, FINGER_ROOM):
            if abs(distance - USUAL_DISTANCE) < 1e-9:
                break
            return distance, f"no distance is said, and the nearest free place to {usual} is {distance * 100:.1f} cm away"
    return USUAL_DISTANCE, f"no distance is said, so {usual}"


def _where(goal: Goal, name: str, situation: Situation) -> tuple[tuple[Condition, ...], str]:
    """For "where the mug was": its first place, if it is gone from there."""
    other = goal.references[0]
    x, y = (float(value) for value in situation.first.get(other).centre[:2])
    if math.dist(situation.place(other), (x, y)) < 0.02:
        message = f'"{goal.words}": {other} still stands there.'
        raise Refused("impossible", message, f"Move {other} away first, or say 'swap'.", [other])
    return (at(name, (x, y), situation.scene),), f"{other} stood at ({x:.2f}, {y:.2f}) m"


def conditions_of_place(situation: Situation, name: str, parent: str | None, place: Place) -> tuple[Condition, ...]:
    """The conditions that put `name` where another was: in the same container, on the same thing, or at the same spot."""
    if parent is not None and situation.scene.get(parent).movable:
        return (CONDITIONS["on" if situation.scene.get(parent).cavity is None else "in"].about(name, parent),)
    return (at(name, place, situation.scene),)
