"""Notes each motion of a run, with the world as it was just before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lmp.runtime.flow.telling import Listener
from lmp.schema.plan import Subgoal
from lmp.schema.skill import SkillParameters


@dataclass(frozen=True)
class Motion:
    """A motion that was begun.

    Attributes:
        subgoal, primitive: What it was.
        before: The world before it.
    """

    subgoal: Subgoal
    primitive: SkillParameters
    before: Path


class NotedMotions:
    """A listener that passes everything on.

    Args:
        listener: Who is told.
        keep: Saves the world.
    """

    def __init__(self, listener: Listener, keep: Callable[[], Path]):
        self.listener, self._keep = listener, keep
        self.motions: list[Motion] = []

    def event(self, name: str, **data: object) -> None:
        """Keeps the world before a motion for a subgoal."""
        subgoal, primitive = data.get("subgoal"), data.get("primitive")
        if name == "moving" and isinstance(subgoal, Subgoal) and isinstance(primitive, SkillParameters):
            if self.motions:
                self.motions[-1].before.unlink(missing_ok=True)
            self.motions.append(Motion(subgoal, primitive, self._keep()))
        self.listener.event(name, **data)

    def progress(self, fraction: float) -> None:
        """Passes the progress on."""
        self.listener.progress(fraction)
