"""All that is found in a URDF: what keeps the robot from being used, and what was put right and is only told."""

from __future__ import annotations

from dataclasses import dataclass, field

NAMED, SHOWN = 8, 160
"""Items of one kind that a warning names [count], and how much of each it shows [characters]."""


@dataclass
class UrdfFindings:
    """Filled while a URDF is looked through.

    Attributes:
        problems: Sentences; any of them keeps the robot from being used.
        warnings: Sentences.
        changed: Whether anything was put right that a simulator reads.
    """

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    changed: bool = False
    _kinds: dict[str, list[str]] = field(default_factory=dict)

    def warn(self, words: str) -> None:
        """Tells of one fault that was put right."""
        self.warnings.append(words)
        self.changed = True

    def note(self, kind: str, item: str) -> None:
        """Tells of one of several faults of a kind, which become one sentence."""
        self._kinds.setdefault(kind, []).append(item)
        self.changed = True

    @property
    def told(self) -> tuple[str, ...]:
        """All warnings."""
        kinds = []
        for kind, items in self._kinds.items():
            more = f" and {len(items) - NAMED} more" if len(items) > NAMED else ""
            kinds.append(f"{kind[0].upper()}{kind[1:]}: {'; '.join(item[:SHOWN] for item in items[:NAMED])}{more}.")
        return (*self.warnings, *kinds)
