"""The context of a question to a model: the scene, the robot, the pictures, the skills, what was tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import JsonValue

from lmp.planners.model.answers import condition_answer
from lmp.planners.model.asking import Answer
from lmp.planners.model.pictures.numbers import numbers_of
from lmp.planners.model.pictures.views import before_after, pictures_of, views_of
from lmp.planners.model.request import Picture, PromptText
from lmp.planners.model.shown import Shown
from lmp.planners.model.words.attempt_words import attempts_text
from lmp.planners.model.words.condition_words import conditions_text, wanted_text
from lmp.planners.model.words.goal_words import goals_text
from lmp.planners.model.words.moved_words import moved_lines
from lmp.planners.model.words.object_table import object_table
from lmp.planners.model.words.picture_words import pictures_text
from lmp.planners.model.words.quoted import quoted
from lmp.planners.model.words.robot_words import robot_text
from lmp.planners.model.words.skill_words import shared_text, skill_lines, skill_text, skills_text
from lmp.planners.model.words.subgoal_words import subgoal_text
from lmp.prompts.prompt_file import load_prompt
from lmp.schema.episode import Attempt, History
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene

SceneCheck = Callable[[JsonValue, Answer | None, Shown], Sequence[str]]
"""Faults of an answer in the scene: gets its JSON, the answer where it fits its schema, and what the model was shown."""

if TYPE_CHECKING:
    from lmp.planners.model.model_planner import ModelPlanner


class Briefing:
    """The texts and pictures of one question.

    Args:
        planner: Who asks: its skills, settings and prompts.
        scene: As it is now.
        before: As it was before a motion, where the question is about one; its pictures go along.
    """

    def __init__(self, planner: ModelPlanner, scene: Scene, before: Scene | None = None):
        self._planner, self._scene = planner, scene
        self._earlier = before
        self._before = before if before is not None and before.frames and before is not scene else None

    @cached_property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures of what is seen: now, or before and after."""
        settings = self._planner.settings
        return pictures_of(self._scene, settings) if self._before is None else before_after(self._before, self._scene, settings)

    def ask(
        self, question: str, told: Mapping[str, str], answer: type[Answer], check: SceneCheck[Answer] | None = None
    ) -> Answer:
        """The model's answer to the question, put with what it is told and with the pictures; raises what the asker raises.

        No complaint about an answer names an object that neither the question nor the answer named.
        """
        file = load_prompt(question, self._planner.prompts)
        system, user = file.render(**{name: text for name, text in told.items() if name in file.header.variables})
        prompt = PromptText(file.name, file.version, file.sha256, system, user)
        shown = self._shown(f"{system}\n{user}", told)

        def checked(raw: JsonValue, valid: Answer | None) -> Sequence[str]:
            return [] if check is None else [shown.without_unshown(sentence, raw) for sentence in check(raw, valid, shown)]

        return self._planner.asker.ask(question=question, prompt=prompt, pictures=self.pictures, answer=answer, check=checked)

    def _shown(self, text: str, told: Mapping[str, str]) -> Shown:
        """The part of the scene that this question shows."""
        views = views_of(self._scene, self._planner.settings, self._before)
        drawn = {number for view in views for number in view.tags}
        marks = {name: number for name, number in numbers_of(self._before or self._scene).items() if number in drawn}
        return Shown.of_question(self._scene, text, told, marks, dict.fromkeys(view.frame.name for view in views))

    def situation(self) -> dict[str, str]:
        """The table of objects, the robot, and the legend of the pictures."""
        scene = self._scene
        numbers = numbers_of(self._before or scene)
        pictures = pictures_text(scene, self._planner.settings, self._before) if self.pictures else ""
        objects = "\n".join([object_table(scene, numbers), *moved_lines(self._earlier, scene)])
        robot = robot_text(scene, self._planner.tool_position(scene), self._planner.fingers)
        return {"objects": objects, "robot": robot, "pictures": pictures}

    def skills(self, parameters: bool = False) -> str:
        """The skills that there are to plan with, and what the primitives take where they are asked for, too."""
        specs = self._planner.skills.values()
        return skills_text(specs) if parameters else skill_lines(specs)

    def skill(self, name: str) -> str:
        """One skill with all its parameters."""
        return f"{skill_text(self._planner.skills[name])}\n{shared_text()}"

    def conditions(self) -> str:
        """The kinds of success conditions."""
        return conditions_text(condition_answer())

    def goals(self) -> str:
        """The kinds of goals."""
        return goals_text()

    def subgoal(self, subgoal: Subgoal) -> str:
        """One subgoal, and what comes after it: room may have to be left."""
        later = [f"  {quoted(following.description)}" for following in self._planner.after(subgoal)]
        return "\n".join([subgoal_text(subgoal), *(["Still to come after it:", *later] if later else [])])

    def wanted(self, subgoal: Subgoal) -> str:
        """The conditions of a subgoal, one a line."""
        return wanted_text(subgoal.success)

    def history(self, history: History | None) -> str:
        """The attempts so far, in words; empty where nothing was tried."""
        return attempts_text(history.attempts) if history is not None and history.attempts else ""

    def attempts(self, attempts: Sequence[Attempt]) -> str:
        """Attempts in full."""
        return attempts_text(attempts)
