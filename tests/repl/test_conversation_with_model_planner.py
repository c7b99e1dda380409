"""A planner that asks a model: it grounds what comes later when it comes, corrects in words, and its exchanges are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conversations import Conversation

from lmp import registry
from lmp.errors import PlannerFault
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.record import RunFolder
from lmp.schema.episode import History
from lmp.schema.exchange import Exchange, ModelUse, Turn
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.stages import Backing


class Thinker(ScriptedPlanner):
    """Thinks by the scripted planner's rules, and keeps an exchange for each question as one that asks a model does."""

    asks_model = corrects_in_words = True

    def __init__(self) -> None:
        super().__init__({name: registry.load("skill", name).spec for name in registry.known("skill")})
        self.use, self.instruction = ModelUse(), ""
        self.backing: Backing | None = None
        self.asked: list[str] = []

    def lend(self, backing: Backing) -> None:
        self.backing, self.use, self.instruction = backing, backing.used, ""

    def _ask(self, question: str) -> None:
        assert self.backing is not None
        turn = Turn(text="{}")
        self.asked.append(question)
        self.use = self.use.plus(turn)
        fields = {"prompt": question, "version": "1", "sha256": "0" * 64, "model": "thinker", "system": "", "user": "?"}
        self.backing.keep(Exchange(question=question, turns=(turn,), answer_schema={}, answer={}, **fields), {})

    def decompose(self, instruction: str, scene: Scene, history: History | None = None) -> tuple[Subgoal, ...] | Refusal:
        self._ask("decompose")
        self.instruction = instruction
        return super().decompose(instruction, scene, history)

    def propose(
        self, subgoal: Subgoal, scene: Scene, history: History | None = None, most: int = 1
    ) -> tuple[Proposal, ...] | Refusal:
        assert self.instruction, "it was told what the instruction is"
        self._ask("ground")
        return super().propose(subgoal, scene, history, most)

    def draft(self, subgoal: Subgoal, scene: Scene) -> SkillParameters | None:
        return None

    def correct_in_words(
        self, words: str, subgoal: Subgoal, primitive: SkillParameters, scene: Scene
    ) -> SkillParameters | Refusal:
        assert scene.held is None, "it sees the scene on which the correction would be carried out"
        self._ask("correct")
        if "moon" in words:
            return Refusal(reason="impossible", message="There is no moon here.")
        return primitive.model_copy(update={"lift": 0.1})


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversation]:
    monkeypatch.chdir(tmp_path)
    conversation = Conversation(tmp_path, Thinker())
    yield conversation
    conversation.world.close()


def questions(talk: Conversation) -> list[str]:
    record = RunFolder.open(Path(str(talk.last.run)))
    return [record.load("exchanges", name, Exchange).question for name in record.names("exchanges")]


def test_what_is_grounded_in_the_middle_is_shown_before_it_moves(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "/save plan.json") == 1
    assert talk.told.said[-1] == "Step 2 has no primitive before it is reached."
    assert talk.hear("yes", "no") == 1
    assert talk.last.outcome is Outcome.REJECTED
    assert talk.reader.prompts[1] == "yes or no? "
    assert talk.session.scene().get("red_block").held
    assert "put red_block in bowl: place object red_block, target in bowl" in talk.told.said[-1]


def test_all_questions_about_a_plan_are_in_the_record_of_its_run(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "yes", "yes", "/save plan.json") == 0
    assert talk.last.verified
    assert questions(talk) == ["decompose", "ground", "ground"]
    assert talk.last.models is not None and talk.last.models.calls == 3
    assert Path("plan.json").is_file()


def test_stepping_shows_each_primitive_first(talk: Conversation):
    assert talk.hear("put the red block in the bowl", "step", "step") == 0
    assert talk.last.outcome is Outcome.PLANNED
    assert talk.last.subgoals[0].skill == "place" and talk.last.subgoals[0].primitive is not None
    assert talk.hear("step") == 0
    assert talk.last.verified


def test_a_correction_by_the_model_waits_for_approval(talk: Conversation):
    assert talk.hear("pick up the mug", "yes", "a bit higher", "no") == 0
    assert talk.session.current is not None and talk.session.current.steps[0].primitive.lift == 0.12
    assert talk.hear("/fix hold it where I can see it", "yes") == 0
    assert talk.last.verified and talk.last.subgoals[0].primitive.lift == 0.1
    assert questions(talk) == ["correct", "correct"]
    assert talk.hear("/fix bring it to the moon") == 1
    assert talk.told.said[-1] == "There is no moon here."


def test_a_fault_while_a_correction_is_looked_at_leaves_all_as_it_was(talk: Conversation):
    assert talk.hear("pick up the mug", "yes") == 0
    current, planner = talk.session.current, talk.session.planner

    def fail(*about: object) -> None:
        raise PlannerFault("the line is dead")

    planner.lend = fail
    assert talk.hear("no, the can") == 1
    assert talk.told.said[-1] == "the line is dead"
    assert talk.session.current is current
    assert talk.session.scene().get("mug").held


def test_a_rejected_plan_is_made_again_with_the_reason(talk: Conversation):
    talk.hear("pick up the mug", "no, the handle is hot")
    assert talk.session.planner.instruction == "pick up the mug (not as you planned it before: the handle is hot)"
