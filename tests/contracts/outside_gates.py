"""A gate and a chooser as another package has them."""

from __future__ import annotations

from collections.abc import Sequence

from lmp.choosing import CheckedMotion, Choice, Compile
from lmp.schema.proposal import Abstain, Go, Proposal
from lmp.schema.trajectory import JointTrajectory


class ShortMotions:
    """Abstains from motions that last longer than it likes."""

    def __init__(self, seconds: float):
        self.seconds = seconds

    def judge(self, motion: CheckedMotion) -> Go | Abstain:
        took = motion.trajectory.duration
        if took <= self.seconds:
            return Go()
        return Abstain(score=-took, limit=-self.seconds, unit="s", why=f"it lasts {took:.1f} s, {self.seconds:g} s at most")


class LastThatCompiles:
    """Takes the least preferred one."""

    most = 3

    def choose(self, proposals: Sequence[Proposal], answer_to: Compile) -> Choice:
        found = [Choice(proposal, answer_to(proposal.primitive)) for proposal in proposals]
        good = [choice for choice in found if isinstance(choice.compiled, JointTrajectory)]
        return good[-1] if good else found[0]
