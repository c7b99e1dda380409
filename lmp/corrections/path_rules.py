"""Corrections of the path's shape: how far it goes over the straight line, and from which side it comes."""

from __future__ import annotations

from typing import Any

from lmp.corrections.wish import Wish
from lmp.schema.motion import Direction

STEP = 0.05
"""One small step of a bulge [m]."""
LEAST, MOST = 0.002, 0.5
"""Smallest bulge that is kept, and the largest that there is [m]."""
MIDDLE, LATE = 0.5, 0.75
"""Phases of an arc, and of coming from a side [dimensionless]."""
MOST_BULGES = 4

Data = dict[str, Any]


def arched(wish: Wish, data: Data) -> Data | str:
    """More or less of an arc over the straight line."""
    return _bulged(wish, "up", MIDDLE, data)


def from_side(wish: Wish, direction: Direction, data: Data) -> Data | str:
    """The last part of the free motion comes from that side; what came from another side does so no longer."""
    bulges = _bulges(data)
    if isinstance(bulges, str):
        return bulges
    kept = [bulge for bulge in bulges if bulge["phase"] != LATE or bulge["direction"] == direction]
    return _bulged(wish, direction, LATE, _with(data, kept))


def _bulged(wish: Wish, direction: Direction, phase: float, data: Data) -> Data | str:
    bulges = _bulges(data)
    if isinstance(bulges, str):
        return bulges
    if wish.unit not in (None, "m"):
        return "a path bends by a length: say how many cm"
    step = wish.degree * STEP if wish.amount is None else (wish.amount if wish.degree >= 0 else -wish.amount)
    same = next((bulge for bulge in bulges if bulge["direction"] == direction and bulge["phase"] == phase), None)
    others = [bulge for bulge in bulges if bulge is not same]
    amount = round(min((same["amount"] if same is not None else 0.0) + step, MOST), 6)
    if amount < LEAST:
        return _with(data, others) if same is not None else "its path has no such bend that could be less"
    if len(others) >= MOST_BULGES:
        return f"its path has {MOST_BULGES} bends already, which is the most"
    return _with(data, [*others, {"direction": direction, "phase": phase, "amount": amount}])


def _bulges(data: Data) -> list[Data] | str:
    path = data["path"]
    if path is None:
        return []
    return list(path["bulges"]) if path["kind"] == "bulges" else "its path is given as weights; say 'straight' first"


def _with(data: Data, bulges: list[Data]) -> Data:
    return {**data, "path": {"kind": "bulges", "bulges": bulges} if bulges else None}
