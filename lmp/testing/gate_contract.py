"""The contract of every gate."""

from __future__ import annotations

from lmp.choosing import CheckedMotion, Gate
from lmp.schema.proposal import Abstain, AskFirst, GateDecision, Go


class GateContract:
    """Subclass it and say how your gate is made, and of which checked motions it is asked."""

    def gate(self) -> Gate:
        """A fresh gate."""
        raise NotImplementedError("say how your gate is made: def gate(self): ...")

    def motion(self) -> CheckedMotion:
        """A motion that has passed all checks."""
        raise NotImplementedError("say of what it is asked: def motion(self): ...")

    def test_it_answers_go_abstain_or_ask(self) -> None:
        answer = self.gate().judge(self.motion())
        assert isinstance(answer, Go | Abstain | AskFirst), f"it answered {answer!r}"

    def test_the_same_motion_has_the_same_answer(self) -> None:
        gate = self.gate()
        first = gate.judge(self.motion())
        assert gate.judge(self.motion()) == first == self.gate().judge(self.motion())

    def test_its_answer_goes_into_a_record_and_says_why(self) -> None:
        answer = self.gate().judge(self.motion())
        decision = GateDecision(gate="mine", answer=answer)
        assert GateDecision.model_validate_json(decision.model_dump_json()) == decision
        if isinstance(answer, Abstain):
            assert answer.why
        if isinstance(answer, AskFirst):
            assert answer.words

    def test_it_changes_nothing(self) -> None:
        motion = self.motion()
        before = motion.trajectory.model_dump_json(), motion.scene.model_dump_json()
        self.gate().judge(motion)
        assert (motion.trajectory.model_dump_json(), motion.scene.model_dump_json()) == before
