"""The means lent to a planner that asks a model: the compiler, the record, the budget, the clock."""

from __future__ import annotations

from collections.abc import Mapping

from lmp.capabilities import planner_capabilities, tool_position_of
from lmp.runtime.flow.checking import checked
from lmp.runtime.flow.steps import Steps
from lmp.schema.budget import Budget
from lmp.schema.exchange import Exchange, ModelUse
from lmp.stages import Backing, Stages


def lend(stages: Stages, steps: Steps | None = None, used: ModelUse | None = None) -> None:
    """Lends a run's means to its planner, if that asks a model; what no run stands behind is not recorded.

    Args:
        stages: Whose planner and compiler.
        steps: The run.
        used: What a run that is resumed had used before.
    """
    planner = planner_capabilities(stages.planner).asks_model
    if planner is None:
        return
    budget = Budget() if steps is None else steps.budget
    planner.lend(
        Backing(
            compile=lambda subgoal, primitive, scene: checked(stages, subgoal, primitive, scene)[0],
            keep=_forget if steps is None else steps.memory.record.save_exchange,
            budget=budget,
            used=used or ModelUse(),
            tool_position=tool_position_of(stages.compiler),
            fingers=stages.world.robot.description.gripper is not None,
            seconds_left=(lambda: budget.seconds) if steps is None else (lambda: budget.seconds - steps.telling.seconds),
        )
    )


def _forget(exchange: Exchange, pictures: Mapping[str, bytes]) -> None:
    """Nothing is kept of what is asked outside of a run."""
