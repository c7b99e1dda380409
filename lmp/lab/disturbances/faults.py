"""Faults of measuring and driving that last a whole run: what lies between the library and its robot and eyes."""

from __future__ import annotations

from typing import Protocol

from lmp.stages import Perceiver, Robot


class Faults(Protocol):
    """Puts itself before the robot and the perceiver.

    Attributes:
        words: What is wrong, in one sentence.
    """

    words: str

    def robot(self, robot: Robot) -> Robot: ...

    def perceiver(self, perceiver: Perceiver) -> Perceiver: ...
