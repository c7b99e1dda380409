"""What stands in the way of a task: at the very place where its thing goes, or named by the compiler's verdicts."""

from __future__ import annotations

from collections.abc import Iterable

from lmp.meaning.object_states import state_of
from lmp.meaning.relations import free_distance
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Place2, Situation
from lmp.planners.scripted.tasks import Task
from lmp.schema.condition import At, MovedBy
from lmp.schema.episode import Attempt, History
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject

TOO_NEAR = 0.002
"""Free distance below which two things cannot stand side by side [m]."""
MOST = 3
"""Things that are moved out of the way of one task before it is given up [count]."""
_REACH = frozenset({"unreachable", "joint_limit", "out_of_workspace", "singularity", "branch_jump"})
_BLOCKED = frozenset({"no_free_place", "not_graspable", "collision"})


def at_its_place(task: Task, situation: Situation) -> list[str]:
    """Things that stand where an `At` or `MovedBy` condition wants the task's thing; what it is to stand on is not meant."""
    goal = _goal(task)
    if goal is None or task.kind not in ("put", "push"):
        return []
    there = _at(situation, task.object, goal)
    beneath = _ancestors(situation, (*task.references, task.object))
    others = (name for name in situation.place if name not in beneath and name != situation.held)
    movable = (name for name in others if situation.scene.get(name).movable and _boxes_meet(situation, task.object, goal, name))
    return [name for name in movable if free_distance(there, _at(situation, name, situation.place[name])) < TOO_NEAR]


def named_by_verdicts(step: int, task: Task, situation: Situation, history: History | None) -> list[str]:
    """Things that the compiler found in the way when this task was last tried in vain, those to be moved first at the front.

    What the task is about stays where it is, and so does what the thing stands on or lies in.

    Raises:
        Refused: Too many are in the way, or the thing lies where the fingers cannot come to it.
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
        raise Refused(
            "infeasible",
            f"Too much stands in the way of {task.object}: {', '.join(ordered)}.",
            "Clear the table a little.",
            ordered,
        )
    return ordered


def places_in_vain(step: int, name: str, history: History | None) -> list[Place2]:
    """Where the thing could not be put down when the step was last tried."""
    return [
        (condition.x, condition.y)
        for attempt in _in_vain(step, history)
        if attempt.subgoal.skill == "place" and attempt.subgoal.objects[:1] == (name,)
        for condition in attempt.subgoal.success
        if isinstance(condition, At)
    ]


def is_out_of_reach_from_here(step: int, task: Task, scene: Scene, history: History | None) -> bool:
    """Whether picking the thing up failed once, when the step was last tried, for the place of the thing alone.

    Raises:
        Refused: It failed so more than once: from the rest posture, too.
    """
    failed = [
        attempt
        for attempt in _in_vain(step, history)
        if attempt.subgoal.skill == "pick"
        and attempt.subgoal.objects[:1] == (task.object,)
        and attempt.compiled is not None
        and {violation.code for violation in attempt.compiled.violations} <= _REACH
    ]
    if len(failed) > 1:
        raise Refused(
            "infeasible",
            f"{state_of(task.object, scene)}, where the arm cannot take it: {failed[-1].message}",
            f"Put {task.object} nearer to the middle of the table.",
            [task.object],
        )
    return bool(failed)


def cannot_be_taken(step: int, name: str, history: History | None) -> str:
    """Why the thing could not be picked up when the step was last tried, through no fault of another; else ""."""
    for attempt in _in_vain(step, history):
        if attempt.subgoal.skill == "pick" and attempt.subgoal.objects[:1] == (name,) and set(_blamed(attempt)) <= {name}:
            return attempt.message
    return ""


def pushes_in_vain(step: int, name: str, history: History | None) -> list[Place2]:
    """The displacements by which the thing could not be pushed when the step was last tried [m]."""
    return [
        (condition.dx, condition.dy)
        for attempt in _in_vain(step, history)
        if attempt.subgoal.skill == "push"
        for condition in attempt.subgoal.success
        if isinstance(condition, MovedBy) and condition.object == name
    ]


def _check_container(attempt: Attempt, own: str, situation: Situation) -> None:
    """Refuses what lies in something so narrow that the fingers cannot come to it."""
    around = [name for name in _ancestors(situation, [own])[1:] if situation.scene.get(name).movable]
    blamed = [name for name in _blamed(attempt) if name in around]
    if attempt.subgoal.skill == "pick" and blamed and set(_blamed(attempt)) <= {own, *around}:
        raise Refused(
            "infeasible",
            f"{own} lies in or on {blamed[0]}, where there is no room for the fingers.",
            f"Take {own} out of {blamed[0]} by hand.",
            [own, blamed[0]],
        )


def _in_vain(step: int, history: History | None) -> list[Attempt]:
    """The last attempts at a step, without a break, that the compiler turned down."""
    tail: list[Attempt] = []
    for attempt in reversed(history.attempts if history is not None else ()):
        if attempt.compiled is None or attempt.compiled.feasible:
            break
        if attempt.subgoal.step == step:
            tail.append(attempt)
    return tail[::-1]


def _blamed(attempt: Attempt) -> list[str]:
    violations = attempt.compiled.violations if attempt.compiled is not None else ()
    return [violation.object for violation in violations if violation.code in _BLOCKED and violation.object is not None]


def _movable(names: Iterable[str], situation: Situation, own: str, task: Task) -> list[str]:
    stays = {*task.references, task.object, *_ancestors(situation, [own])}
    known = situation.scene.names
    return [name for name in dict.fromkeys(names) if name in known and name not in stays and situation.scene.get(name).movable]


def _goal(task: Task) -> Place2 | None:
    for condition in task.conditions:
        if isinstance(condition, At):
            return condition.x, condition.y
        if isinstance(condition, MovedBy):
            return condition.origin[0] + condition.dx, condition.origin[1] + condition.dy
    return None


def _at(situation: Situation, name: str, place: Place2) -> SceneObject:
    """The thing with its middle over a place."""
    thing = situation.scene.get(name)
    (x, y, z), (cx, cy, _) = thing.pose.position, thing.centre
    pose = Pose(position=(x + place[0] - float(cx), y + place[1] - float(cy), z), quat_xyzw=thing.pose.quat_xyzw)
    return thing.model_copy(update={"pose": pose})


def _boxes_meet(situation: Situation, name: str, goal: Place2, other: str) -> bool:
    """Whether the boxes around the two would meet; spares the exact distance."""
    place, reach = situation.place[other], (situation.half[name], situation.half[other])
    return all(abs(goal[axis] - place[axis]) < reach[0][axis] + reach[1][axis] + TOO_NEAR for axis in (0, 1))


def _ancestors(situation: Situation, names: Iterable[str]) -> list[str]:
    """The things, and all that they stand on or in."""
    found: list[str] = []
    for name in names:
        below: str | None = name
        while below is not None and below not in found:
            found.append(below)
            below = situation.parent.get(below)
    return found
