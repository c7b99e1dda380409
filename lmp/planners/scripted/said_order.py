"""In which order several things are taken: "biggest first", "from left to right"."""

from __future__ import annotations

from lmp.planners.scripted.command import Command
from lmp.planners.scripted.frame import Frame
from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.towers import by_size


def in_said_order(command: Command, frame: Frame, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the order that the clause asks for; as they are where it asks for none.

    Raises:
        Refused: It is no order in which things can be taken.
    """
    place = command.situation.place
    for order in frame.orders:
        match order:
            case "largest_first" | "by_size":
                names = tuple(by_size(command, names))
            case "smallest_first":
                names = tuple(by_size(command, names)[::-1])
            case "left_to_right" | "right_to_left":
                sign = -1.0 if order == "left_to_right" else 1.0
                names = tuple(sorted(names, key=lambda name: sign * place[name][1]))
            case "front_to_back" | "back_to_front":
                sign = 1.0 if order == "front_to_back" else -1.0
                names = tuple(sorted(names, key=lambda name: sign * place[name][0]))
            case "as_listed":
                pass
            case _:
                raise no_order(frame)
    return names


def no_order(frame: Frame) -> Refused:
    """The refusal of an order in which things cannot be taken or laid."""
    return Refused(
        "not_understood",
        f"I do not understand the order in {frame.text!r}.",
        "Say 'from left to right' or 'from largest to smallest'.",
    )
