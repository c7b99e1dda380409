"""The state of the loop: a small one for checkpoints, and the attempt that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from lmp.schema.base import cut
from lmp.schema.episode import Attempt, Compiled
from lmp.schema.findings import Execution, Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import AskFirst, GateDecision, Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict


class RunState(TypedDict, total=False):
    """The content of a checkpoint: counters, words, and names of files in the run folder.

    An empty `outcome` means that the run goes on.
    """

    instruction: str
    since: int
    scene: str
    first_scene: str
    index: int
    tries: int
    replans: int
    response: str
    outcome: str
    message: str
    hint: str
    verified: bool


@dataclass
class Pending:
    """A subgoal with what the stages made of it so far."""

    subgoal: Subgoal
    before: Scene
    proposals: tuple[Proposal, ...] = ()
    primitive: SkillParameters | None = None
    changed: tuple[str, ...] = ()
    proposed: int = 0
    chosen: str = ""
    gates: tuple[GateDecision, ...] = ()
    compiled: Compiled | None = None
    trajectory: JointTrajectory | None = None
    execution: Execution | None = None
    verification: Verification | None = None
    outcome: Outcome = Outcome.NOT_RUN
    message: str = ""

    def fail(self, outcome: Outcome, message: str) -> None:
        """Notes how the attempt failed."""
        self.outcome, self.message = outcome, cut(message)

    def take_in(self, verification: Verification, picture: str | None) -> None:
        """Take in what a look after the motion says; a motion that was stopped has failed whatever holds.

        Args:
            verification: The verifier's finding.
            picture: Label of the pictures of that look, if any were taken.
        """
        self.verification = verification
        if self.execution is not None and self.execution.evidence is not None:
            evidence = self.execution.evidence.model_copy(update={"picture": picture})
            self.execution = self.execution.model_copy(update={"evidence": evidence})
        if self.outcome is Outcome.NOT_RUN:
            self.fail(verification.outcome, verification.message)
        elif verification.outcome.outweighs:
            # Where the object is now decides what can be done, more than what stopped the motion.
            self.fail(verification.outcome, f"{self.message} {verification.message}")
        elif verification.states:
            self.fail(self.outcome, f"{self.message} Now {'; '.join(map(str, verification.states))}.")

    @property
    def asks(self) -> tuple[GateDecision, ...]:
        """The decisions of gates that want a person to be asked."""
        return tuple(decision for decision in self.gates if isinstance(decision.answer, AskFirst))

    def answered(self, approved: bool) -> None:
        """Notes what the person said who was asked."""
        self.gates = tuple(
            one.model_copy(update={"approved": approved}) if isinstance(one.answer, AskFirst) else one for one in self.gates
        )

    @property
    def holds_all_the_same(self) -> bool:
        """True if the motion was stopped, and what it was for is so nevertheless."""
        stopped = self.execution is not None and self.execution.outcome is not Outcome.SUCCEEDED
        return stopped and self.verification is not None and self.verification.outcome is Outcome.SUCCEEDED

    def close(self, rule: str) -> Attempt:
        """The attempt as it goes into the record, with the rule that answered it."""
        return Attempt(
            subgoal=self.subgoal,
            primitive=self.primitive,
            changed=self.changed,
            proposed=self.proposed,
            chosen=self.chosen,
            gates=self.gates,
            compiled=self.compiled,
            execution=self.execution,
            verification=self.verification,
            outcome=self.outcome,
            message=self.message,
            rule=rule,
        )


def summary(result: JointTrajectory | Verdict, file: str | None = None) -> Compiled:
    """Return what the compiler said, without the samples."""
    if isinstance(result, Verdict):
        return Compiled(feasible=False, violations=result.violations, predicted=result.predicted)
    return Compiled(
        feasible=True,
        margins=result.margins,
        duration=result.duration,
        candidate=result.candidate,
        notes=result.notes,
        predicted=result.predicted,
        trajectory=file,
        target=result.target,
    )
