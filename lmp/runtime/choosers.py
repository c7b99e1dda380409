"""Choosers: which of a planner's proposals is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from lmp import registry
from lmp.capabilities import need_part
from lmp.choosing import Choice, Chooser, Compile
from lmp.errors import SetupFault
from lmp.schema.proposal import MOST_PROPOSALS, Proposal
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

Most = Annotated[int, Field(ge=1, le=MOST_PROPOSALS)]


def chooser_of(choose: str | Chooser) -> tuple[str, Chooser]:
    """A chooser with the name that it is told by."""
    name, part = (
        (choose, registry.configured("chooser", choose)) if isinstance(choose, str) else (type(choose).__name__, choose)
    )
    need_part("chooser", part)
    return name, part


def _checked(most: int) -> int:
    if not 1 <= most <= MOST_PROPOSALS:
        raise SetupFault(f"most is how many proposals are asked for, from 1 to {MOST_PROPOSALS}, got {most}.")
    return most


class FirstThatCompiles:
    """Takes the first proposal that compiles, in the order of their priors.

    Args:
        most: How many proposals a planner is asked for [count].
    """

    def __init__(self, most: Most = 1):
        self.most = _checked(most)

    def choose(self, proposals: Sequence[Proposal], answer_to: Compile) -> Choice:
        """The first that compiles; else the preferred one, with what is wrong with it."""
        ordered = sorted(proposals, key=lambda proposal: -proposal.prior)
        refused: list[Verdict] = []
        for place, proposal in enumerate(ordered, start=1):
            compiled = answer_to(proposal.primitive)
            if isinstance(compiled, JointTrajectory):
                return Choice(
                    proposal, compiled, f"the first of {len(ordered)} that compiles" if place > 1 else "the preferred"
                )
            refused.append(compiled)
        return Choice(ordered[0], refused[0], f"none of {len(ordered)} compiles")


class BestMargin:
    """Compiles all proposals and takes the one that stays farthest from joint limits, contacts and singularities.

    Args:
        most: How many proposals a planner is asked for [count].
    """

    def __init__(self, most: Most = 6):
        self.most = _checked(most)

    def choose(self, proposals: Sequence[Proposal], answer_to: Compile) -> Choice:
        """The most comfortable one, of equals the preferred; where none compiles the preferred one, with what is wrong."""
        from lmp.primitives.compiler.coarse_motion import Margin

        ordered = sorted(proposals, key=lambda proposal: -proposal.prior)
        compiled = [(proposal, answer_to(proposal.primitive)) for proposal in ordered]
        good = [(proposal, found) for proposal, found in compiled if isinstance(found, JointTrajectory)]
        if not good:
            return Choice(*compiled[0], f"none of {len(ordered)} compiles")
        best, trajectory = max(good, key=lambda pair: Margin.of(pair[1]).comfort)
        comfort = Margin.of(trajectory).comfort
        return Choice(best, trajectory, f"the best margin of {len(good)} that compile, comfort {comfort:.2f}")
