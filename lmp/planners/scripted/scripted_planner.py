"""The scripted planner: manipulation English by grammar, lexicon and resolution; it never guesses silently."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.meaning.directions import as_the_robot_sees
from lmp.planners.scripted.commands import tasks_of
from lmp.planners.scripted.frames import frames_of
from lmp.planners.scripted.grounding import ground
from lmp.planners.scripted.lexicon import load_lexicon
from lmp.planners.scripted.ordering import in_buildable_order
from lmp.planners.scripted.parsing import parse
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.schedule import Schedule
from lmp.planners.scripted.separators import prepare
from lmp.planners.scripted.stopover import with_places
from lmp.planners.scripted.tagging import tag
from lmp.planners.scripted.tasks import Task
from lmp.planners.scripted.vocabulary import scene_entries
from lmp.schema.episode import History
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec


class ScriptedPlanner:
    """Plans without a model.

    Words are understood in the first scene of the run, so that "the leftmost block" keeps its meaning; subgoals are made
    for the scene as it is now. The same instruction, scene and history give the same answer, always.
    """

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

    def ground(self, subgoal: Subgoal, scene: Scene, history: History | None = None) -> SkillParameters | Refusal:
        """The primitive for a subgoal on the fresh scene.

        Raises:
            UnknownName: The subgoal's skill is not in the catalogue.
        """
        scene, history = _as_the_robot_sees(scene, history)
        try:
            return ground(subgoal, scene, history, self._skills)
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
