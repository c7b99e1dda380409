"""The scene as the steps so far leave it: what stands on what, what is in the gripper, where things are.

There is no second model of the world here: what rests on what is asked of the relations, and a place is the one that the
compiler would try first (`lmp.primitives.places`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from lmp.meaning.directions import directions
from lmp.meaning.relations import is_inside, rests_on
from lmp.planners.scripted.properties import is_table
from lmp.primitives.places.free_places import Place
from lmp.primitives.places.goals import goal_for, middle, spot_for
from lmp.primitives.places.placements import Placement, placements
from lmp.primitives.places.surfaces import ground, top_of
from lmp.schema.condition import CONDITIONS, Condition
from lmp.schema.motion import Timing
from lmp.schema.plan import Request
from lmp.schema.pose import Pose
from lmp.schema.scene import GRIPPER, Scene, SceneObject
from lmp.schema.skill import Needs
from lmp.schema.verdict import Violation

LIFTED = 0.3
"""Height at which what is in the gripper is thought of, clear of what stands below [m]."""


@dataclass(frozen=True)
class Task:
    """One step: bring one thing into one state.

    Attributes:
        kind: hold it, put it somewhere, push it, bring the arm to rest, or do what a skill is asked for by a verb of its own.
        object: The thing; "" where it is about none.
        conditions: What has to hold afterwards.
        description: What happens, in words.
        why: Which words led to it.
        references: The other things that it is about.
        speed: Requested tool speed [m/s], None where nothing was said.
        timing: Requested spread over time, None where nothing was said.
        requests: What else was asked for, by the parameter of the skill that it fills.
        skill: For what is asked for by a verb of a skill, its name.
        asked_needs: For the same, the state of the gripper in which it can begin.
        provisional: True for a place that nobody named, as in "take it out"; a next step for the same thing goes instead.
        transient: True for a stop-over that nobody asked for, as in a swap.
    """

    kind: Literal["hold", "put", "slide", "rest", "asked"]
    object: str
    conditions: tuple[Condition, ...]
    description: str
    why: str
    references: tuple[str, ...] = ()
    speed: float | None = None
    transient: bool = False
    provisional: bool = False
    timing: Timing | None = None
    requests: Mapping[str, Request] = field(default_factory=dict)
    skill: str = ""
    asked_needs: Needs = "nothing"

    @property
    def needs(self) -> Needs:
        """The state of the gripper in which it can begin."""
        usual: dict[str, Needs] = {"hold": "empty_gripper", "put": "object_held", "slide": "empty_gripper", "rest": "nothing"}
        return usual.get(self.kind, self.asked_needs)

    @property
    def effect(self) -> str:
        """The kind of task that leads to the same scene."""
        if self.kind != "asked":
            return self.kind
        if any(condition.in_hand for condition in self.conditions):
            return "hold"
        placed = any(condition.target() is not None for condition in self.conditions)
        return "rest" if not placed else "put" if self.needs == "object_held" else "slide"

    @property
    def keeps_hold(self) -> bool:
        """True if its object is in the gripper afterwards, because it was asked for."""
        return self.effect == "hold" or (self.effect == "rest" and self.needs == "object_held")

    @property
    def pace(self) -> dict[str, Any]:
        """The requested speed and timing, by their names; what is done for the sake of this task goes at its pace."""
        return {"speed": self.speed, "timing": self.timing}


def at(name: str, place: Place, scene: Scene, **more: float) -> Condition:
    """The condition of an object at a place of the world [m]."""
    x, y, _ = directions(scene).coordinates(np.array([*place, 0.0]))
    return CONDITIONS["at"].model_validate({"object": name, "x": round(float(x), 4), "y": round(float(y), 4), **more})


def kind(does: Callable[[type[Condition]], bool]) -> type[Condition]:
    """The first registered kind of condition of which something is true."""
    return next(relation for relation in CONDITIONS.all().values() if does(relation))


def held(name: str) -> Condition:
    """The condition of an object in the gripper."""
    return kind(lambda relation: relation.in_hand).about(name)


def moved(name: str, shift: Place, scene: Scene, tolerance: float) -> Condition:
    """The condition of an object moved from where it is in a scene, along a shift in the world [m]."""
    dx, dy, _ = (float(value) for value in directions(scene).components(np.array([*shift, 0.0])))
    change = kind(lambda relation: relation.is_change)
    said = {"object": name, "origin": (0.0, 0.0, 0.0), "dx": dx, "dy": dy, "tolerance": tolerance}
    return change.model_validate(said).seen_in(scene)


class Situation:
    """A scene that follows the steps of a plan.

    Attributes:
        first: As it was at first.
        scene: As the steps so far leave it.
    """

    def __init__(self, scene: Scene, first: Scene | None = None):
        self.first, self.scene = first or scene, scene
        self._supported: tuple[Scene, dict[str, str]] | None = None

    @property
    def held(self) -> str | None:
        """Name of what is in the gripper."""
        return self.scene.held.name if self.scene.held is not None else None

    def copy(self) -> Situation:
        """An independent one."""
        return Situation(self.scene, self.first)

    def place(self, name: str) -> Place:
        """Middle of an object, x and y [m]."""
        return middle(self.scene, name)

    def furniture(self, name: str) -> str | None:
        """The support of the scene that an object is over, on which it goes where no place is named; None if there is none."""
        owner = ground(self.scene, np.array(self.place(name))).owner
        return owner if owner in self.scene else None

    def support(self, name: str) -> str | None:
        """The support of an object, or what it lies in; None for one that is held, hangs or is fixed."""
        return self._supports().get(name)

    def children(self, name: str) -> list[str]:
        """Objects that stand directly on an object or lie in it."""
        return [child for child, below in self._supports().items() if below == name]

    def _supports(self) -> dict[str, str]:
        if self._supported is None or self._supported[0] is not self.scene:
            self._supported = self.scene, _supports(self.scene)
        return self._supported[1]

    def with_supports(self, names: Iterable[str]) -> list[str]:
        """The objects, and all that they stand on or in."""
        found: list[str] = []
        for name in names:
            below: str | None = name
            while below is not None and below not in found:
                found.append(below)
                below = self.support(below)
        return found

    def lift(self, name: str) -> None:
        """The object is taken into the gripper."""
        self.scene = _lifted(name, self.scene)

    def apply(self, task: Task) -> None:
        """The state after a task."""
        if task.effect != "rest":
            self.scene = _after(task.effect, task.object, task.conditions, self.scene)

    def in_workspace(self, place: Place) -> bool:
        """True if a place is within the arm's workspace."""
        low, high = self.scene.workspace.lower, self.scene.workspace.upper
        return low[0] <= place[0] <= high[0] and low[1] <= place[1] <= high[1]


def fits_alone(condition: Condition, scene: Scene) -> Violation | None:
    """Why nothing of the kind could be, even if nothing else stood in the scene; None if it could."""
    target = condition.target()
    if target is None:
        return None
    alone = tuple(thing for thing in scene.objects if thing.name in condition.names or is_table(thing))
    found = placements(scene.get(condition.subject), target, scene.model_copy(update={"objects": alone}), most=1)
    return found[0] if found and isinstance(found[0], Violation) else None


def _supports(scene: Scene) -> dict[str, str]:
    """The support of each movable object, else what it lies in; solid ones first, the table last."""
    bounds = {thing.name: thing.bounds for thing in scene.objects}
    order = sorted(scene.objects, key=lambda other: (is_table(other), other.cavity is not None))
    found: dict[str, str] = {}
    for thing in scene.objects:
        if not thing.movable or thing.held:
            continue
        low, high = bounds[thing.name]
        x, y = (low[:2] + high[:2]) / 2
        for other in order:
            (lower, upper), name = bounds[other.name], thing.name
            over = lower[0] - 0.01 <= x <= upper[0] + 0.01 and lower[1] - 0.01 <= y <= upper[1] + 0.01
            if other.name == name or not (over and lower[2] - 0.01 <= low[2] <= upper[2] + 0.01):
                continue  # spares the exact tests
            if _leads_to(name, other.name, found):
                continue  # by a wrong measurement, each is on the other
            if rests_on(scene, name, other.name) or (other.cavity is not None and is_inside(scene, name, other.name)):
                found[name] = other.name
                break
    return found


def _leads_to(name: str, start: str, supports: dict[str, str]) -> bool:
    """True if something stands on an object, at one or more removes."""
    below = supports.get(start)
    while below is not None and below != name:
        below = supports.get(below)
    return below == name


def _lifted(name: str, scene: Scene) -> Scene:
    thing = scene.get(name)
    x, y, z = thing.pose.position
    pose = Pose(position=(x, y, z + LIFTED), quat_xyzw=thing.pose.quat_xyzw)
    return scene.replacing(thing.model_copy(update={"pose": pose, "held_by": GRIPPER, "touching": None}))


@lru_cache(maxsize=512)
def _after(kind: str, name: str, conditions: tuple[Condition, ...], scene: Scene) -> Scene:
    """The scene after a task, with the object where the compiler would put it first."""
    known = (name, *(other for condition in conditions for other in condition.names))
    if any(other not in scene for other in known):
        return scene  # what has vanished is the schedule's to say
    if kind == "hold":
        return _lifted(name, scene)
    situation, thing, goal = Situation(scene), scene.get(name), goal_for(name, conditions, scene)
    spot = spot_for(name, conditions, scene)
    if goal is None or spot is None:
        return scene
    if kind == "slide":
        here = situation.place(name)
        shift = np.array([spot[0] - here[0], spot[1] - here[1], 0.0])
        for other in [item.name for item in scene.objects if name in situation.with_supports([item.name])]:
            scene = scene.replacing(_moved(scene.get(other), shift))
        return scene
    standing = tuple(other for other in scene.objects if not other.held or other.name == name)
    found = placements(thing, goal[0], scene.model_copy(update={"objects": standing}), most=1)
    first = found[0] if found else None
    if isinstance(first, Placement):
        pose = Pose.from_matrix(first.T_world_object)
        return scene.replacing(thing.model_copy(update={"pose": pose, "held_by": None, "touching": None}))
    # No place is free as things are: what is in the way is the schedule's to clear, so it is thought of as gone.
    supports = [scene.get(other) for condition in conditions for other in condition.named_as("support")]
    tops = [top for top in (top_of(support, scene) for support in supports) if top is not None]
    height = tops[0].height if tops else ground(scene, np.array(spot)).height
    low, _ = thing.bounds
    return scene.replacing(_moved(thing, np.array([*spot, height]) - np.array([*thing.centre[:2], low[2]])))


def _moved(thing: SceneObject, shift: np.ndarray[tuple[int], np.dtype[np.float64]]) -> SceneObject:
    position = tuple(float(value) for value in np.array(thing.pose.position) + shift)
    pose = Pose(position=position, quat_xyzw=thing.pose.quat_xyzw)
    return thing.model_copy(update={"pose": pose, "held_by": None, "touching": None})
