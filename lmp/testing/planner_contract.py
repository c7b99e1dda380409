"""The contract of every planner."""

from __future__ import annotations

from lmp import registry
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import Planner

NONSENSE = "frobnicate the gizmo over yonder thing"


class PlannerContract:
    """Subclass it and say how your planner is made, for which scene, and what it can be told there.

    Attributes:
        refuses: Whether it refuses what it does not understand; False for one that does the same whatever is said.
    """

    refuses: bool = True

    def planner(self) -> Planner:
        """A fresh planner."""
        raise NotImplementedError("say how your planner is made: def planner(self): ...")

    def scene(self) -> Scene:
        """A scene that was seen."""
        raise NotImplementedError("say for which scene it plans: def scene(self): ...")

    def instruction(self) -> str:
        """An instruction that can be followed in that scene and is not done in it already."""
        raise NotImplementedError("say what it is told: def instruction(self): ...")

    def skills(self) -> tuple[str, ...]:
        """Names of the skills that it may use."""
        return tuple(registry.known("skill"))

    def test_an_instruction_becomes_subgoals_with_reasons_about_what_is_there(self) -> None:
        scene = self.scene()
        subgoals = self.planner().decompose(self.instruction(), scene)
        assert isinstance(subgoals, tuple), f"it was refused: {subgoals}"
        assert subgoals, "there is nothing to do"
        for subgoal in subgoals:
            assert isinstance(subgoal, Subgoal)
            assert subgoal.reasoning
            assert subgoal.skill in self.skills()
            assert set(subgoal.objects) <= set(scene.names)

    def test_a_subgoal_becomes_primitives_of_its_skill_the_preferred_one_first(self) -> None:
        scene = self.scene()
        subgoals = self.planner().decompose(self.instruction(), scene)
        assert isinstance(subgoals, tuple), f"it was refused: {subgoals}"
        for most in (1, 4):
            planner = self.planner()
            planner.decompose(self.instruction(), scene)
            proposals = planner.propose(subgoals[0], scene, None, most)
            assert isinstance(proposals, tuple), f"it was refused: {proposals}"
            assert proposals, "there is no proposal"
            assert all(isinstance(one, Proposal) for one in proposals)
            assert all(isinstance(one.primitive, SkillParameters) for one in proposals)
            assert {one.primitive.kind for one in proposals} == {subgoals[0].skill}
            assert proposals[0].prior == max(one.prior for one in proposals)
            assert len({one.primitive.model_dump_json() for one in proposals}) == len(proposals), "one is proposed twice"

    def test_the_same_question_has_the_same_answer(self) -> None:
        scene = self.scene()
        assert self.planner().decompose(self.instruction(), scene) == self.planner().decompose(self.instruction(), scene)

    def test_what_it_does_not_understand_is_refused_with_a_reason(self) -> None:
        answer = self.planner().decompose(NONSENSE, self.scene())
        if self.refuses:
            assert isinstance(answer, Refusal), f"{NONSENSE!r} became {answer}"
            assert answer.message

    def test_any_text_gets_an_answer(self) -> None:
        planner, scene = self.planner(), self.scene()
        for text in ("", " ", ".", "the", "\u0000\u202e", "{{7*7}} %s", "put " * 400, "lift \U0001f9f1 now"):
            answer = planner.decompose(text, scene)
            assert isinstance(answer, Refusal) or all(isinstance(subgoal, Subgoal) for subgoal in answer), text
