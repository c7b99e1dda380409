"""The backing that a planner that asks a model is lent between runs; what it asks then goes into the record of the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lmp.capabilities import planner_capabilities, tool_position_of
from lmp.runtime.flow.checking import checked
from lmp.schema.budget import Budget
from lmp.schema.exchange import Exchange, ModelUse
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Verdict
from lmp.stages import Backing, Planner, Stages

MOST = 64
"""Exchanges that are kept for the next run; of more, the oldest are let go [count]."""


@dataclass
class ModelBacking:
    """Lends for planning and correcting, and hands over what was asked.

    Attributes:
        planner: Who may ask a model.
        stages: What it may try its primitives with.
        fingers: Whether the robot has a gripper.
    """

    planner: Planner
    stages: Stages
    fingers: bool
    _kept: list[tuple[Exchange, Mapping[str, bytes]]] = field(default_factory=list)
    _used: ModelUse = field(default_factory=ModelUse)

    def lend(self, instruction: str, anew: bool = False) -> None:
        """Lends a budget of its own.

        Args:
            instruction: What the questions will be about.
            anew: What was asked about an instruction before it belongs to no run any more.
        """
        planner = planner_capabilities(self.planner).asks_model
        if planner is None:
            return
        if anew:
            self._kept.clear()
        budget = Budget()
        tool = tool_position_of(self.stages.compiler)
        planner.lend(Backing(self._compile, self._keep, budget, ModelUse(), lambda: budget.seconds, tool, self.fingers))
        planner.instruction = instruction

    def _compile(self, subgoal: Subgoal, primitive: SkillParameters, scene: Scene) -> JointTrajectory | Verdict:
        return checked(self.stages, subgoal, primitive, scene)[0]

    def _keep(self, exchange: Exchange, pictures: Mapping[str, bytes]) -> None:
        self._kept.append((exchange, pictures))
        del self._kept[:-MOST]
        planner = planner_capabilities(self.planner).asks_model
        if planner is not None:
            self._used = planner.use

    def handed_over(self, backing: Backing) -> Backing:
        """A run's backing, with what was asked before it in its record and in its budget."""
        for exchange, pictures in self._kept:
            backing.keep(exchange, pictures)
        used = self._used if self._kept else ModelUse()
        self._kept.clear()
        return backing if backing.used != ModelUse() else replace(backing, used=used)
