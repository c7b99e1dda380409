"""How far up to lift: "lift the red block by 10 cm", "raise it 5 cm above the table"."""

from __future__ import annotations

from dataclasses import replace

from lmp.planners.scripted.command import Command
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.refused import Refused

LOWEST, HIGHEST = 0.02, 0.4
"""Heights to which a thing can be lifted [m]."""


def with_height(command: Command, frame: Frame) -> tuple[Frame, float | None]:
    """The frame without the height that it says, and the height [m]; None where it says none.

    Raises:
        Refused: It cannot be lifted so far, or by so little.
    """
    above = [relation for relation in frame.relations if relation.value == "above" and command.is_table(relation)]
    if len(frame.steps) == 1 and frame.steps[0][1] == "" and not above:
        height = frame.steps[0][0]
    elif len(above) == 1 and above[0].distance and not frame.steps:
        height = above[0].distance
    else:
        return frame, None
    if not LOWEST <= height <= HIGHEST:
        raise Refused(
            "infeasible",
            f"{frame.text!r} asks for {height * 100:g} cm; I can lift things by {LOWEST * 100:g} to {HIGHEST * 100:g} cm.",
            "Say a height between these.",
        )
    return replace(frame, steps=[], relations=[relation for relation in frame.relations if relation not in above]), height
