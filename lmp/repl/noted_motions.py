"""The motions of a run as the conversation needs them: with the world as it was just before the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lmp.runtime.flow.telling import Silence
from lmp.schema.plan import Subgoal
from lmp.schema.skill import SkillParameters


@dataclass(frozen=True)
class Motion:
    """A motion that was begun.

    Attributes:
        subgoal, primitive: What it was for, and how it was to be done.
        before: The world before it.
    """

    subgoal: Subgoal
    primitive: SkillParameters
    before: Path


class NotedMotions(Silence):
    """A listener that notes the motions of a run, and keeps the world as it was before the last of them.

    Args:
        keep: Saves the world.
    """

    def __init__(self, keep: Callable[[], Path]):
        self._keep = keep
        self.motions: list[Motion] = []

    def event(self, name: str, **data: object) -> None:
        """Keeps the world before a motion for a subgoal."""
        subgoal, primitive = data.get("subgoal"), data.get("primitive")
        if name == "moving" and isinstance(subgoal, Subgoal) and isinstance(primitive, SkillParameters):
            if self.motions:
                self.motions[-1].before.unlink(missing_ok=True)
            self.motions.append(Motion(subgoal, primitive, self._keep()))
