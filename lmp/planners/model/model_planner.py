"""The planner that asks a vision-language model: the same contract as any other, and everything bounded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from lmp.errors import UnknownName
from lmp.model_settings import ModelSettings
from lmp.planners.model.asking import Asker
from lmp.planners.model.questions.correct import asked_to_correct
from lmp.planners.model.questions.decompose import asked_to_decompose
from lmp.planners.model.questions.ground import asked_to_ground
from lmp.planners.model.questions.verify import asked_to_verify
from lmp.planners.model.request import ModelClient
from lmp.planners.scripted.scripted_planner import ground as ground_by_rules
from lmp.schema.episode import Attempt, History
from lmp.schema.exchange import ModelUse
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Refused, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.verdict import Verdict
from lmp.stages import Backing


class ModelPlanner:
    """Asks a model to decompose, to ground, and to correct what failed.

    A subgoal is grounded once for a scene; a failed one is corrected, with the evidence and everything that was tried.

    Args:
        client: Who is asked.
        skills: What there is to plan with; their lines and schemas go into the prompts.
        settings: How the model is asked.
    """

    asks_model: ClassVar[bool] = True
    corrects_in_words: ClassVar[bool] = True

    def __init__(self, client: ModelClient, skills: Mapping[str, SkillSpec], settings: ModelSettings | None = None):
        self.skills, self.settings = dict(skills), settings or ModelSettings()
        self.prompts = Path(self.settings.prompts) if self.settings.prompts else None
        self.client = client
        self.instruction = ""
        self._backing: Backing | None = None
        self.asker = Asker(client, self.settings, None)
        self._answers: dict[str, tuple[Proposal, ...] | Refusal] = {}
        self._given: dict[str, SkillParameters] = {}
        self._plan: tuple[Subgoal, ...] = ()
        self._before: Scene | None = None

    @property
    def use(self) -> ModelUse:
        """The use of the model in this run, also before it was cut off."""
        use: ModelUse = self.asker.use
        return use if self._backing is None else self._backing.used.together(use)

    def lend(self, backing: Backing) -> None:
        """Takes what a run lends: its compiler, its record and its budget."""
        self._backing, self.asker = backing, Asker(self.client, self.settings, backing)
        self._answers, self._given, self._plan, self._before, self.instruction = {}, {}, (), None, ""

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        """The subgoals that are still to be done, as the model sees it.

        Raises:
            ModelFault: The model gave no valid answer within the re-asks and the budget.
            SetupFault: The server wants another key, or does not have the model.
        """
        self.instruction, self._given = instruction, {}
        plan = asked_to_decompose(self, instruction, scene, history)
        if isinstance(plan, Refusal):
            return plan
        self._given = {_key(subgoal): primitive for subgoal, primitive in plan if primitive is not None}
        self._plan = tuple(subgoal for subgoal, _ in plan)
        return self._plan

    def after(self, subgoal: Subgoal) -> tuple[Subgoal, ...]:
        """The subgoals of the last plan that come after this one."""
        return self._plan[self._plan.index(subgoal) + 1 :] if subgoal in self._plan else ()

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        """The primitive for a subgoal on the fresh scene, or several where the settings say so; a correction if it failed.

        Raises:
            UnknownName: The subgoal's skill is not in the registry.
            ModelFault: The model gave no valid answer within the re-asks and the budget.
        """
        if subgoal.skill not in self.skills:
            raise UnknownName("skill", subgoal.skill, self.skills)
        failed = failures(subgoal, history)
        given = self._given.get(_key(subgoal))
        if given is not None and not failed and self.verdict(subgoal, given, scene) is None:
            return (Proposal(primitive=given),)
        key = f"{len(failed)} {_key(subgoal)} {scene.model_dump_json()}"
        if key not in self._answers:
            self._answers = {key: self._proposed(subgoal, scene, history, failed, min(most, self.settings.proposals))}
        self._before = scene
        return self._answers[key]

    def _proposed(
        self, subgoal: Subgoal, scene: Scene, history: History | None, failed: tuple[Attempt, ...], most: int
    ) -> tuple[Proposal, ...] | Refusal:
        if failed and failed[-1].primitive is not None:
            return asked_to_correct(self, subgoal, failed, self._before, scene)
        return asked_to_ground(self, subgoal, scene, history, most)

    def draft(self, subgoal: Subgoal, scene: Scene) -> SkillParameters | None:
        """A primitive for a look ahead: the model's own if it gave one with the plan, else by the scripted planner's rules."""
        given = self._given.get(_key(subgoal))
        if given is not None:
            return given
        try:
            return ground_by_rules(subgoal, scene, None, self.skills)
        except (Refused, UnknownName):
            return None

    def correct_in_words(
        self, words: str, subgoal: Subgoal, primitive: SkillParameters, scene: Scene
    ) -> SkillParameters | Refusal:
        """The primitive as a person wants it changed.

        Raises:
            ModelFault: The model gave no valid answer within the re-asks and the budget.
        """
        said = f"A person watched the motion and says: {words}"
        attempt = Attempt(subgoal=subgoal, primitive=primitive, outcome=Outcome.REJECTED, message=said[:2000])
        edited = asked_to_correct(self, subgoal, (attempt,), self._before, scene)
        return edited if isinstance(edited, Refusal) else edited[0].primitive

    def held(self, subgoal: Subgoal, before: Scene, after: Scene) -> tuple[bool, float, str]:
        """Judge by the pictures if the subgoal's conditions hold: the answer, how sure it is (0 to 1), and the reason."""
        return asked_to_verify(self, subgoal, before, after)

    def tool_position(self, scene: Scene) -> tuple[float, float, float] | None:
        """Position of the tool, world x, y, z [m]; None where nobody can tell."""
        ask = None if self._backing is None else self._backing.tool_position
        return None if ask is None else ask(scene)

    @property
    def fingers(self) -> bool:
        """True if the robot has a gripper, as far as anybody said."""
        return self._backing is None or self._backing.fingers

    def verdict(self, subgoal: Subgoal, primitive: SkillParameters, scene: Scene) -> Verdict | None:
        """The verdict against a primitive for a subgoal; None if there is none, or if nobody lent a compiler."""
        if self._backing is None:
            return None
        compiled = self._backing.compile(subgoal, primitive, scene)
        return compiled if isinstance(compiled, Verdict) else None


def failures(subgoal: Subgoal, history: History | None) -> tuple[Attempt, ...]:
    """The tries at this subgoal that failed one after the other up to now; none if something else was tried since."""
    found: list[Attempt] = []
    for attempt in reversed(history.attempts if history is not None else ()):
        same = (attempt.subgoal.skill, attempt.subgoal.objects) == (subgoal.skill, subgoal.objects)
        if attempt.outcome is Outcome.SUCCEEDED or not same:
            break
        found.append(attempt)
    return tuple(reversed(found))


def _key(subgoal: Subgoal) -> str:
    return subgoal.model_dump_json()
