"""The contracts of choosing and gating: which proposal is taken, and whether its checked motion may begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from lmp.schema.episode import History
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import Abstain, AskFirst, GateDecision, Go, Proposal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict

Compile = Callable[[SkillParameters], JointTrajectory | Verdict]
"""The compiler's answer to a primitive of the subgoal that is under way, in its scene."""


MAY_BEGIN = '"yes" lets this motion begin, anything else does not: '
"""What a person is told who is asked for a gate."""


@dataclass(frozen=True)
class Choice:
    """The proposal that is taken.

    Attributes:
        proposal: Which.
        compiled: Its trajectory; where no proposal compiles, the verdict against this one.
        why: The reason, in words.
    """

    proposal: Proposal
    compiled: JointTrajectory | Verdict
    why: str = ""


class Chooser(Protocol):
    """Takes one of several proposals.

    Attributes:
        most: How many proposals a planner is asked for [count].
    """

    most: int

    def choose(self, proposals: Sequence[Proposal], answer_to: Compile) -> Choice:
        """The one that is taken. `answer_to` may be called with any primitive; each call compiles it."""


@dataclass(frozen=True)
class CheckedMotion:
    """A motion that has passed all checks and has not begun.

    Attributes:
        subgoal: What it is for.
        scene: The scene in which it begins.
        primitive: What it carries out.
        trajectory: What will be followed, with its margins.
        history: The attempts so far; None at the first.
        asks: The gates that want a person to be asked about it.
    """

    subgoal: Subgoal
    scene: Scene
    primitive: SkillParameters
    trajectory: JointTrajectory
    history: History | None = None
    asks: tuple[GateDecision, ...] = ()

    @property
    def question(self) -> str:
        """The words of the gates that ask."""
        return "; ".join(one.answer.words for one in self.asks if isinstance(one.answer, AskFirst))


class Gate(Protocol):
    """Says whether a checked motion may begin."""

    def judge(self, motion: CheckedMotion) -> Go | Abstain | AskFirst:
        """GO, ABSTAIN with a score, its limit and a reason, or ASK with the words for a person."""
