"""lmp: from a sentence to a checked robot motion, by way of typed movement primitives.

Names are loaded when they are used, so that ``import lmp`` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lmp.errors import LmpError, PlannerFault, RobotFault, SetupFault
    from lmp.execution.hardware import wrap
    from lmp.record import RunFolder
    from lmp.runtime.agent import Agent, resume, run
    from lmp.runtime.carrying_out import Interrupted
    from lmp.runtime.worlds import open_world
    from lmp.schema.budget import Budget
    from lmp.schema.episode import Episode
    from lmp.schema.outcome import Outcome
    from lmp.schema.plan import Refusal, Subgoal
    from lmp.schema.proposal import Abstain, AskFirst, Go, Proposal
    from lmp.schema.scene import Scene
    from lmp.schema.trajectory import JointTrajectory
    from lmp.schema.verdict import Verdict

__version__ = "0.1.0"

_HOMES = {
    "Abstain": "lmp.schema.proposal",
    "Agent": "lmp.runtime.agent",
    "AskFirst": "lmp.schema.proposal",
    "Budget": "lmp.schema.budget",
    "Episode": "lmp.schema.episode",
    "Go": "lmp.schema.proposal",
    "Interrupted": "lmp.runtime.carrying_out",
    "JointTrajectory": "lmp.schema.trajectory",
    "LmpError": "lmp.errors",
    "Outcome": "lmp.schema.outcome",
    "PlannerFault": "lmp.errors",
    "Proposal": "lmp.schema.proposal",
    "Refusal": "lmp.schema.plan",
    "RobotFault": "lmp.errors",
    "RunFolder": "lmp.record",
    "Scene": "lmp.schema.scene",
    "SetupFault": "lmp.errors",
    "Subgoal": "lmp.schema.plan",
    "Verdict": "lmp.schema.verdict",
    "open_world": "lmp.runtime.worlds",
    "resume": "lmp.runtime.agent",
    "run": "lmp.runtime.agent",
    "wrap": "lmp.execution.hardware",
}

__all__ = [
    "Abstain",
    "Agent",
    "AskFirst",
    "Budget",
    "Episode",
    "Go",
    "Interrupted",
    "JointTrajectory",
    "LmpError",
    "Outcome",
    "PlannerFault",
    "Proposal",
    "Refusal",
    "RobotFault",
    "RunFolder",
    "Scene",
    "SetupFault",
    "Subgoal",
    "Verdict",
    "open_world",
    "resume",
    "run",
    "wrap",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'lmp' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
