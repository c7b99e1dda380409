"""What a planner that asks a model is lent between runs; what it asks then goes into the record of the next run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lmp.schema.budget import Budget
from lmp.schema.exchange import Exchange, ModelUse
from lmp.stages import AsksModel, Backing, Compiler, Planner

MOST = 64
"""Exchanges that are kept for the next run; of more, the oldest are let go [count]."""


@dataclass
class ModelBacking:
    """Lends for planning and correcting, and hands over what was asked.

    Attributes:
        planner: Who may ask a model.
        compiler: What it may try its primitives with.
        fingers: Whether the robot has a gripper.
    """

    planner: Planner
    compiler: Compiler
    fingers: bool
    _kept: list[tuple[Exchange, Mapping[str, bytes]]] = field(default_factory=list)
    _used: ModelUse = field(default_factory=ModelUse)

    def lend(self, instruction: str, anew: bool = False) -> None:
        """Lends a budget of its own.

        Args:
            instruction: What the questions will be about.
            anew: What was asked about an instruction before it belongs to no run any more.
        """
        if not isinstance(self.planner, AsksModel):
            return
        if anew:
            self._kept.clear()
        budget = Budget()
        tool = getattr(self.compiler, "tool_position", None)
        self.planner.lend(
            Backing(self.compiler.compile, self._keep, budget, ModelUse(), lambda: budget.seconds, tool, self.fingers)
        )
        remind(self.planner, instruction)

    def _keep(self, exchange: Exchange, pictures: Mapping[str, bytes]) -> None:
        self._kept.append((exchange, pictures))
        del self._kept[:-MOST]
        if isinstance(self.planner, AsksModel):
            self._used = self.planner.use

    def handed_over(self, backing: Backing) -> Backing:
        """A run's backing, with what was asked before it in its record and in its budget."""
        for exchange, pictures in self._kept:
            backing.keep(exchange, pictures)
        used = self._used if self._kept else ModelUse()
        self._kept.clear()
        return backing if backing.used != ModelUse() else replace(backing, used=used)


def remind(planner: Planner, instruction: str) -> None:
    """Tells a planner that keeps the instruction for its questions what it is; being lent to, it has forgotten it."""
    if hasattr(planner, "instruction"):
        planner.instruction = instruction
