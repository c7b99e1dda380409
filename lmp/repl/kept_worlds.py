"""States of the world to go back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from lmp.stages import Saves
from lmp.uninterrupted import uninterrupted

MOST = 50
"""Instructions that can be taken back [count]."""


@dataclass
class KeptWorlds:
    """Saves and restores one world.

    Attributes:
        world: The world.
        folder: Where the states are kept; it goes with the conversation.
    """

    world: Saves
    folder: Path
    _instructions: list[tuple[str, Path]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)

    def keep(self) -> Path:
        """The state as it is now."""
        path = self.folder / f"{next(self._numbers)}.state"
        with uninterrupted():
            self.world.save(path)
        return path

    def go_back(self, path: Path) -> None:
        """The world as it was then."""
        with uninterrupted():
            self.world.restore(path)

    def begin(self, instruction: str) -> Path:
        """Keeps the state before an instruction is carried out."""
        path = self.keep()
        self._instructions.append((instruction, path))
        for _, old in self._instructions[:-MOST]:
            old.unlink(missing_ok=True)
        del self._instructions[:-MOST]
        return path

    @property
    def before_instruction(self) -> Path | None:
        """The state before the instruction that was carried out last; None where there is none."""
        return self._instructions[-1][1] if self._instructions else None

    def forget(self) -> None:
        """Nothing was moved for the last instruction."""
        self._instructions.pop()

    def undo(self) -> str | None:
        """Restores the world to before the last instruction; says which it was, None if none is left."""
        if not self._instructions:
            return None
        instruction, path = self._instructions.pop()
        self.go_back(path)
        return instruction
