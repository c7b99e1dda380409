"""Obstacles of a task, and where they go instead: by the compiler's verdicts, and by what stands at the goal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.object_states import is_lying, state_of
from lmp.planners.scripted.lexicon import listing
from lmp.planners.scripted.properties import furniture, is_table, no_room
from lmp.planners.scripted.situation import Situation, Task, at, moved
from lmp.primitives.places.free_places import Place, free_places, free_slide, is_free, occupants
from lmp.primitives.places.goals import OPPOSITE, along
from lmp.primitives.places.surfaces import ground
from lmp.schema.condition import Condition
from lmp.schema.episode import Attempt, History
from lmp.schema.plan import RefusalReason, Refused
from lmp.schema.scene import Scene
from lmp.schema.verdict import all_about

Point = NDArray[np.float64]

TOO_NEAR = 0.002
"""Free distance below which two things cannot stand side by side [m]."""
MOST = 3
"""Things that are moved out of the way of one task before it is given up [count]."""


def at_its_place(task: Task, situation: Situation) -> list[str]:
    """Objects where a definite place is that the task's object goes to; what it is to stand on is not meant."""
    places = [condition.place(situation.scene) for condition in task.conditions if condition.subject == task.object]
    goal = next((place for place in places if place is not None), None)
    if goal is None or task.kind not in ("put", "slide"):
        return []
    beneath = situation.with_supports((*task.references, task.object))
    there = occupants(situation.scene.get(task.object), goal[:2], situation.scene, TOO_NEAR, beneath)
    return [name for name in there if situation.scene.get(name).movable]


def named_by_verdicts(step: int, task: Task, situation: Situation, history: History | None) -> list[str]:
    """Things that the compiler found in the way when this task was last tried in vain, those to be moved first at the front.

    What the task is about stays where it is, and so does what the thing stands on or lies in.

    Raises:
        Refused: Too many are in the way, or the thing lies where the gripper cannot come to it.
    """
    ordered: list[str] = []
    for attempt in _in_vain(step, history):
        own = attempt.subgoal.objects[0] if attempt.subgoal.objects else ""
        if own != task.object and own not in ordered:
            continue
        found = _movable(_blamed(attempt), situation, own, task)
        _check_container(attempt, own, situation)
        ordered = [*(name for name in found[:1] if name not in ordered), *ordered]
    if len(ordered) > MOST:
        message = f"Too much stands in the way of {task.object}: {', '.join(ordered)}."
        raise no_room(message, situation.scene, ordered)
    return ordered


def places_in_vain(step: int, name: str, skill: str, history: History | None) -> list[Place]:
    """The places that a skill could not bring the object to when the step was last tried [m]."""
    tried = [
        condition.place(history.first_scene)
        for attempt in _in_vain(step, history)
        if history is not None and attempt.subgoal.skill == skill
        for condition in attempt.subgoal.success
        if condition.subject == name
    ]
    return [place[:2] for place in tried if place is not None]


def is_out_of_reach_from_here(step: int, task: Task, scene: Scene, history: History | None) -> bool:
    """True if picking the object up failed once, when the step was last tried, for the place of the object alone.

    Raises:
        Refused: It failed so more than once: from the rest posture, too.
    """
    failed = [
        attempt
        for attempt in _in_vain(step, history)
        if _takes(attempt)
        and attempt.subgoal.objects[:1] == (task.object,)
        and attempt.compiled is not None
        and all_about(attempt.compiled.violations, "posture", "place")
    ]
    if len(failed) > 1:
        message = f"{state_of(task.object, scene)}, where the arm cannot take it: {failed[-1].message}"
        raise Refused("infeasible", message, f"Put {task.object} nearer to the middle of {furniture(scene)}.", [task.object])
    return bool(failed)


def cannot_be_taken(step: int, name: str, history: History | None) -> str:
    """The reason for which the object could not be picked up when last tried, through no fault of another; else ""."""
    for attempt in _in_vain(step, history):
        if _takes(attempt) and attempt.subgoal.objects[:1] == (name,) and set(_blamed(attempt)) <= {name}:
            return attempt.message
    return ""


def _check_container(attempt: Attempt, own: str, situation: Situation) -> None:
    """Refuses what lies in something so narrow that the fingers cannot come to it."""
    around = [name for name in situation.with_supports([own])[1:] if situation.scene.get(name).movable]
    blamed = [name for name in _blamed(attempt) if name in around]
    if _takes(attempt) and blamed and set(_blamed(attempt)) <= {own, *around}:
        message = f"{own} lies in or on {blamed[0]}, where there is no room for the gripper."
        raise Refused("infeasible", message, f"Take {own} out of {blamed[0]} by hand.", [own, blamed[0]])


def _in_vain(step: int, history: History | None) -> list[Attempt]:
    """The last attempts at a step, without a break, that the compiler turned down."""
    tail: list[Attempt] = []
    for attempt in reversed(history.attempts if history is not None else ()):
        if attempt.compiled is None or attempt.compiled.feasible:
            break
        if attempt.subgoal.step == step:
            tail.append(attempt)
    return tail[::-1]


def _takes(attempt: Attempt) -> bool:
    """True if the attempt was to bring its object into the gripper."""
    return any(condition.in_hand for condition in attempt.subgoal.success)


def _blamed(attempt: Attempt) -> list[str]:
    violations = attempt.compiled.violations if attempt.compiled is not None else ()
    return [violation.object for violation in violations if all_about([violation], "obstacle") and violation.object is not None]


def _movable(names: Iterable[str], situation: Situation, own: str, task: Task) -> list[str]:
    stays = {*task.references, task.object, *situation.with_supports([own])}
    known = situation.scene.names
    return [name for name in dict.fromkeys(names) if name in known and name not in stays and situation.scene.get(name).movable]


DISTANCES = (0.12, 0.18, 0.07)
"""How far something is pushed out of the way [m]."""
PUSHED_TOLERANCE = 0.04
"""How far from there it may end [m]."""
PUSH_ROOM = 0.008
"""Free distance that a pushed object keeps from what stands in its way [m]."""


def push_aside(situation: Situation, name: str, later: Iterable[Task], in_vain: Sequence[Place] = ()) -> Condition | None:
    """The push that leaves the places of later tasks free and does not lead to one `in_vain`; None if there is none.

    Where all ways are barred, one that is barred by an object which no later task is about: a verdict will name it.
    What lies in or on something else is not pushed: it would be pushed against a wall, or down.
    """
    if situation.support(name) != situation.furniture(name):
        return None
    later, scene = tuple(later), situation.scene
    item, kept_free = scene.get(name), later_places(situation, name, later)
    wanted = {task.object for task in later} | {other for task in later for other in task.references}
    x, y = situation.place(name)
    barred: list[Condition] = []
    for distance in DISTANCES:
        for side in OPPOSITE:
            way = along(scene, side)
            dx, dy = distance * way[0], distance * way[1]
            known = any(math.dist((x + dx, y + dy), other) < AWAY for other in in_vain)
            if known or not is_free(item, (x + dx, y + dy), kept_free, room=0.0, ignore=scene.names):
                continue
            free, blocker = free_slide(item, way, distance, scene, PUSH_ROOM)
            push = moved(name, (dx, dy), scene, PUSHED_TOLERANCE)
            if free >= distance - 1e-6:
                return push
            if blocker in scene and scene.get(blocker).movable and blocker not in wanted:
                barred.append(push)
    return next(iter(barred), None)


TOLERANCE = 0.05
"""How far from its place a thing may be that was only put out of the way [m]."""
MARGIN = 0.15
"""Share of the workspace at each of its ends where stop-overs are not put if there is room elsewhere [dimensionless]."""
AWAY = 0.03
"""Distance from a place that was tried in vain within which none is tried again [m]."""


def stop_over(situation: Situation, name: str, later: Iterable[Task], in_vain: Sequence[Place] = ()) -> Condition | None:
    """A free place that no later task needs, away from those that were tried `in_vain`; None if there is none."""
    item, requested = situation.scene.get(name), situation.place(name)
    scene = later_places(situation, name, later, vacate=situation.held != name)
    area = ground(scene, np.array(requested)).area
    inset = MARGIN * float(np.ptp(area.polygon, axis=0).min())
    for edge in (inset, 0.0):

        def will_do(point: Point, edge: float = edge) -> bool:
            return area.depth(point) >= edge and all(math.dist(point, known) > AWAY for known in in_vain)

        place = next(free_places(item, requested, scene, will_do), None)
        if place is not None:
            return at(name, place, situation.scene, tolerance=TOLERANCE)
    return None


def with_places(tasks: tuple[Task, ...], scene: Scene) -> tuple[Task, ...]:
    """The tasks; what is put just "on the table" while later tasks need places there gets a place that they leave free."""
    situation, kept = Situation(scene), []
    for i, task in enumerate(tasks):
        anywhere = [name for condition in task.conditions[:1] for name in condition.named_as("support")]
        later = [other for other in tasks[i + 1 :] if other.object != task.object]
        if (
            task.kind == "put"
            and any(is_table(scene.get(name)) and situation.support(task.object) != name for name in anywhere)
            and not any(condition.place(scene) for condition in task.conditions)
            and any(c.target() is not None and not c.carriers() for other in later for c in other.conditions)
        ):
            place = stop_over(situation, task.object, tasks[i + 1 :])
            if place is not None:
                why = f"{task.why} It goes to a place on {anywhere[0]} that later steps leave free."
                task = replace(task, conditions=(*task.conditions, place), why=why)
        situation.apply(task)
        kept.append(task)
    return tuple(kept)


def later_places(situation: Situation, name: str, later: Iterable[Task], vacate: bool = False) -> Scene:
    """The scene with a copy of each object where later tasks put it, as far as that can be told; `vacate` adds its own."""
    trial, copies = situation.copy(), [situation.scene.get(name)] if vacate else []
    for task in later:
        trial.apply(task)
        if task.object in trial.scene and task.object != name and task.kind != "hold":
            copies.append(trial.scene.get(task.object))
    named = tuple(copy.model_copy(update={"name": f"{copy.name} {i}"}) for i, copy in enumerate(copies))
    return situation.scene.model_copy(update={"objects": (*situation.scene.objects, *named)})


TIPPED = 0.3
"""Tilt of a container from which on nothing is put in it [rad]."""


def check_present(task: Task, scene: Scene) -> None:
    """Refuses a task about things that have vanished.

    Raises:
        Refused: With their names.
    """
    missing = [name for name in (task.object, *task.references) if name and name not in scene]
    if missing:
        raise Refused(
            "absent", f"{listing(missing)} is no longer to be seen.", f"Put it back on {furniture(scene)}.", scene.names[:8]
        )


def check_still_possible(name: str, others: Iterable[str], conditions: Iterable[Condition], scene: Scene) -> None:
    """Refuses to bring a thing somewhere if the arm cannot come to it, or if its goal cannot take it.

    A whole instruction is refused with one part of it: half of it done in silence would not be what was asked for.

    Raises:
        Refused: Says where the thing is, and what would help.
    """
    conditions = tuple(conditions)
    named = (name, *others, *(other for condition in conditions for other in condition.names[1:]))
    for other in dict.fromkeys(named):
        state = state_of(other, scene)
        lost = state.place in ("fallen", "missing") or (other == name and not state.reachable and state.place != "held")
        if lost and (other not in scene or scene.get(other).movable):
            reason: RefusalReason = "absent" if state.place == "missing" else "impossible"
            raise Refused(reason, f"{state}.", f"Put {other} back within reach, then say it again.", [other])
    carriers = [other for condition in conditions for other in condition.named_as("support", "container")]
    for container in (scene.get(other) for other in carriers):
        if container.cavity is not None and container.tilt > TIPPED:
            how = "lies on its side" if is_lying(container) else f"is tipped by {math.degrees(container.tilt):.0f} degrees"
            message = f"{container.name} {how}, so {name} cannot be put in it."
            raise Refused("impossible", message, f"Set {container.name} upright first; I cannot.", [container.name])
