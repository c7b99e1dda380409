"""The contract of every chooser."""

from __future__ import annotations

from collections.abc import Sequence

from lmp.choosing import Choice, Chooser, Compile
from lmp.schema.proposal import Proposal
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict, Violation


class ChooserContract:
    """Subclass it and say how your chooser is made, and between which proposals it chooses."""

    def chooser(self) -> Chooser:
        """A fresh chooser."""
        raise NotImplementedError("say how your chooser is made: def chooser(self): ...")

    def proposals(self) -> Sequence[Proposal]:
        """Two proposals at least, that differ."""
        raise NotImplementedError("say between what it chooses: def proposals(self): ...")

    def answer_to(self) -> Compile:
        """The compiler's answer to their primitives, in one scene; one compiles at least."""
        raise NotImplementedError("say what the compiler answers: def answer_to(self): ...")

    def test_it_says_how_many_proposals_it_wants(self) -> None:
        assert self.chooser().most >= 1

    def test_it_takes_one_that_compiles_with_its_own_trajectory(self) -> None:
        answer_to, proposals = self.answer_to(), self.proposals()
        taken = self.chooser().choose(proposals, answer_to)
        assert isinstance(taken, Choice)
        assert taken.proposal in proposals
        assert isinstance(taken.compiled, JointTrajectory), f"it took one that is turned down: {taken.compiled}"
        assert taken.compiled == answer_to(taken.proposal.primitive)

    def test_where_none_compiles_it_hands_on_a_verdict(self) -> None:
        taken = self.chooser().choose(self.proposals(), _refusing)
        assert taken.proposal in self.proposals()
        assert taken.compiled == _refusing(taken.proposal.primitive)

    def test_one_proposal_is_the_one_entry_case(self) -> None:
        answer_to = self.answer_to()
        for proposal in self.proposals():
            taken = self.chooser().choose((proposal,), answer_to)
            assert taken.proposal == proposal
            assert taken.compiled == answer_to(proposal.primitive)

    def test_the_same_proposals_have_the_same_answer(self) -> None:
        taken = [self.chooser().choose(self.proposals(), self.answer_to()).proposal for _ in range(2)]
        assert taken[0] == taken[1]


def _refusing(primitive: SkillParameters) -> Verdict:
    words = f"nothing compiles here: {primitive.model_dump_json()}"[:300]
    return Verdict(skill=primitive.kind, violations=(Violation(code="nothing_compiles", message=words),))
