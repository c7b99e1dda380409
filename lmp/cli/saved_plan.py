"""Writes a plan as a file that `lmp run --plan` carries out."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from lmp.errors import SetupFault
from lmp.flow.run_state import Pending
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

    def save(self, path: Path, instruction: str, scene: str, seed: int, robot: str) -> None:
        """Writes the plan; does nothing where there is none that can be carried out.

        Raises:
            SetupFault: The file cannot be written.
        """
        if not self._entries or self._entries[-1].outcome is not Outcome.PLANNED:
            return
        subgoals = tuple(PlannedSubgoal.of(entry.subgoal, entry.primitive) for entry in self._entries if entry.primitive)
        plan = PlanFile(
            instruction=instruction, scene=_seen(scene, path), seed=seed, robot=_seen(robot, path), subgoals=subgoals
        )
        try:
            path.write_text(plan.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
        except (OSError, ValueError) as error:
            raise SetupFault(
                f"The plan cannot be written to {str(path)!r}: {getattr(error, 'strerror', None) or error}."
            ) from error


def _seen(name_or_file: str, plan: Path) -> str:
    """A file's path as seen from the plan file; names stay as they are."""
    is_file = Path(name_or_file).suffix in (".toml", ".json")
    return os.path.relpath(name_or_file, plan.parent) if is_file else name_or_file
