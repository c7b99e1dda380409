"""Keeps the plan that was compiled last, for `lmp plan --save`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lmp.planners.plan_file.saving import save_plan
from lmp.runtime.flow.run_state import Pending
from lmp.schema.outcome import Outcome
from lmp.schema.plan_file import PlanFile, PlannedSubgoal


class PlanKeeper:
    """A listener that keeps the plan that was compiled last."""

    def __init__(self) -> None:
        self._entries: Sequence[Pending] = ()

    def event(self, name: str, **data: object) -> None:
        """Takes in a plan."""
        entries = data.get("entries")
        if name == "previewed" and isinstance(entries, list):
            self._entries = entries

    def progress(self, fraction: float) -> None:
        """Nothing moves while a plan is made."""

    def save(self, path: Path, instruction: str, world: str, seed: int, robot: str | None) -> None:
        """Writes the plan; does nothing where there is none that can be carried out.

        Raises:
            SetupFault: The file cannot be written.
        """
        if not self._entries or self._entries[-1].outcome is not Outcome.PLANNED:
            return
        subgoals = tuple(PlannedSubgoal.of(entry.subgoal, entry.primitive) for entry in self._entries if entry.primitive)
        save_plan(PlanFile(instruction=instruction, world=world, seed=seed, robot=robot, subgoals=subgoals), path)
