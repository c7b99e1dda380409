"""The scripted planner: manipulation English by grammar, lexicon and resolution; it never guesses silently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from pydantic import ValidationError

from lmp.errors import UnknownName
from lmp.meaning.conditions import AtTarget
from lmp.meaning.directions import as_the_robot_sees, directions
from lmp.planners.scripted.clauses import prepare
from lmp.planners.scripted.commands import frames_of, tasks_of
from lmp.planners.scripted.lexicon import load_lexicon, scene_entries
from lmp.planners.scripted.obstacles import check_still_possible, is_new_there, with_places
from lmp.planners.scripted.parsing import parse
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.schedule import Schedule, in_buildable_order
from lmp.planners.scripted.situation import Situation, Task, spot_for, target_for
from lmp.planners.scripted.tagging import tag
from lmp.primitives.places.footprints import outline
from lmp.schema.condition import Target
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal, ranked_choices
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec


class ScriptedPlanner:
    """Plans without a model.

    Words are understood in the first scene of the run, so that "the leftmost block" keeps its meaning; subgoals are made
    for the scene as it is now. The same instruction, scene and history give the same answer, always.
    """

    certifies: ClassVar[bool] = True

    def __init__(self, skills: Mapping[str, SkillSpec]):
        self._skills = dict(skills)

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals that are still to be done; empty when all is done; a Refusal where the words cannot be followed."""
        scene, history = _as_the_robot_sees(scene, history)
        first = history.first_scene if history is not None else scene
        try:
            tasks = self._understand(instruction, first)
            return Schedule(tasks, scene, history).subgoals_left()
        except Refused as refused:
            return refused.refusal

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The primitive for a subgoal on the fresh scene, then the skill's next choices for it.

        Raises:
            UnknownName: The subgoal's skill is not in the registry.
        """
        scene, history = _as_the_robot_sees(scene, history)
        try:
            return ranked_choices(ground(subgoal, scene, history, self._skills), most)
        except Refused as refused:
            return refused.refusal

    def _understand(self, instruction: str, scene: Scene) -> tuple[Task, ...]:
        lexicon = load_lexicon()
        words = prepare(tag(instruction, lexicon, scene_entries(scene, lexicon)))
        frames = frames_of(parse(words, instruction), instruction)
        return with_places(in_buildable_order(tasks_of(frames, scene, lexicon)), scene)


def _as_the_robot_sees(scene: Scene, history: History | None) -> tuple[Scene, History | None]:
    """Scene and history in the robot's frame, in which subgoals and primitives say all places."""
    if history is not None:
        history = history.model_copy(update={"first_scene": as_the_robot_sees(history.first_scene)})
    return as_the_robot_sees(scene), history


def ground(subgoal: Subgoal, scene: Scene, history: History | None, skills: Mapping[str, SkillSpec]) -> SkillParameters:
    """The primitive for one subgoal on the fresh scene.

    Raises:
        UnknownName: The subgoal names a skill that is not in the registry.
        Refused: The scene lacks an object, the subgoal says no place, or asks for more than the skill can do.
    """
    if subgoal.skill not in skills:
        raise UnknownName("skill", subgoal.skill, skills)
    for name in subgoal.objects:
        if name not in scene:
            raise Refused("absent", f"{name} is not in the scene.", "Perceive again.", scene.names)
    requested = {"speed": subgoal.speed, "timing": subgoal.timing}
    fields: dict[str, Any] = {name: value for name, value in requested.items() if value is not None}
    if subgoal.skill != "home":
        if not subgoal.objects:
            raise Refused("impossible", f"The subgoal {subgoal.description!r} names no object.", "Name what to move.")
        fields["object"] = name = subgoal.objects[0]
        check_still_possible(name, subgoal.objects[1:], subgoal.success, scene)
    if subgoal.skill == "pick":
        fields |= {} if subgoal.lift is None else {"lift": subgoal.lift}
    elif subgoal.skill == "place":
        target = target_for(name, subgoal.success)
        if target is None:
            raise Refused("impossible", f"The subgoal {subgoal.description!r} says no place.", "Name where to put it.")
        fields["target"] = _not_on_newcomers(target, name, scene, history) if isinstance(target, AtTarget) else target
    elif subgoal.skill == "push":
        situation = Situation(scene)
        spot, (x, y) = spot_for(name, subgoal.success, situation), situation.place(name)
        if spot is None:
            message = f"The subgoal {subgoal.description!r} says no place to push to."
            raise Refused("impossible", message, "Name a direction or a place.")
        way = directions(scene).components(np.array([spot[0] - x, spot[1] - y, 0.0]))
        fields["dx"], fields["dy"] = float(way[0]), float(way[1])
    try:
        return skills[subgoal.skill].parameters(kind=subgoal.skill, **fields)
    except ValidationError as error:
        # What is asked for lies outside the skill's own range: so far away was the object carried, for one.
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc'])) or subgoal.skill}: {fault['msg']}" for fault in error.errors())
        message = f"{subgoal.description!r} goes beyond what {subgoal.skill} can do: {wrong}."
        raise Refused("infeasible", message[:2000], "Ask for less, or pick it up and put it there.") from error


def _not_on_newcomers(target: AtTarget, name: str, scene: Scene, history: History | None) -> Target:
    """The target with the support that was meant, where something has come to the place since the words were understood."""
    others = [
        thing
        for thing in scene.objects
        if thing.name != name and outline(thing).depth(directions(scene).point(target.x, target.y)[:2]) > 0
    ]
    new = [thing for thing in others if thing.movable and not thing.held and is_new_there(thing.name, scene, history)]
    meant = [thing for thing in others if thing not in new and not thing.held]
    if not new or not meant:
        return target
    return target.model_copy(update={"support": max(meant, key=lambda thing: float(thing.bounds[1][2])).name})
