"""Room for a row on the table, and an order in which its members can move there."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.planners.scripted.refused import Refused
from lmp.planners.scripted.situation import Place2, Situation

GAPS = ((0.07, 0.03), (0.055, 0.03), (0.045, 0.03), (0.055, 0.015), (0.045, 0.015))
"""Free distances between neighbours and to other things that are tried, the roomiest first, so that the fingers fit [m]."""
STEP = 0.02


@dataclass(frozen=True)
class Row:
    """Where each member goes, and in which order they move."""

    places: dict[str, Place2]
    order: tuple[str, ...]


def row_places(situation: Situation, names: list[str], axis: str, words: str) -> Row:
    """A free strip for the row, nearest to the middle of where its members are.

    Raises:
        Refused: There is no room.
    """
    along = 1 if axis == "left_to_right" else 0
    across = 1 - along
    sign = -1.0 if axis == "left_to_right" else 1.0
    low, high = situation.scene.workspace.lower, situation.scene.workspace.upper
    sizes = [2 * max(situation.half[name]) for name in names]
    centre = [sum(situation.place[name][i] for name in names) / len(names) for i in (0, 1)]
    for gap, room in GAPS:
        length = sum(sizes) + gap * (len(names) - 1)
        options = [
            (abs(start + length / 2 - centre[along]) + abs(line - centre[across]), start, line)
            for start in _steps(low[along], high[along] - length)
            for line in _steps(low[across] + max(sizes) / 2, high[across] - max(sizes) / 2)
        ]
        for _, start, line in sorted(options):
            places = _places(names, sizes, gap, start, line, along, sign)
            if all(situation.is_free(name, places[name], names, room=room) for name in names):
                order = _moving_order(situation, names, places, room)
                if order is not None:
                    return Row(places, order)
    raise Refused(
        "infeasible",
        f"{words!r}: there is no free strip on the table for {len(names)} things in a row.",
        "Clear the table a little, or name fewer things.",
        names,
    )


def _steps(first: float, last: float) -> list[float]:
    return [first + STEP * i for i in range(int((last - first) / STEP) + 1)] if last >= first else []


def _places(
    names: list[str], sizes: list[float], gap: float, start: float, line: float, along: int, sign: float
) -> dict[str, Place2]:
    places: dict[str, Place2] = {}
    total = sum(sizes) + gap * (len(sizes) - 1)
    at = start if sign > 0 else start + total
    for name, size in zip(names, sizes, strict=True):
        middle = round(at + sign * size / 2, 4)
        places[name] = (middle, round(line, 4)) if along == 0 else (round(line, 4), middle)
        at += sign * (size + gap)
    return places


def _moving_order(situation: Situation, names: list[str], places: dict[str, Place2], room: float) -> tuple[str, ...] | None:
    """An order in which every member finds its place free when it moves; None if they block each other in a ring."""
    trial = situation.copy()
    waiting, order = list(names), []
    while waiting:
        ready = next((name for name in waiting if trial.is_free(name, places[name], room=room)), None)
        if ready is None:
            return None
        trial.place[ready] = places[ready]
        waiting.remove(ready)
        order.append(ready)
    return tuple(order)
