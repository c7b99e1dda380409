"""The rules of each adjustment: the field, and by how much. A number stays in its range, and the primitive stays valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from lmp.corrections.change import range_of
from lmp.corrections.reading import Adjustment
from lmp.meaning.directions import AXES, directions
from lmp.schema.motion import Direction
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

STEP = 0.05
"""One small step of a bulge [m]."""
LEAST, MOST = 0.002, 0.5
"""Smallest bulge that is kept, and the largest that there is [m]."""
MIDDLE, LATE = 0.5, 0.75
"""Phases of an arc, and of coming from a side [dimensionless]."""
MOST_BULGES = 4

Data = dict[str, Any]


def arched(adjustment: Adjustment, data: Data) -> Data | str:
    """More or less of an arc over the straight line."""
    return _bulged(adjustment, "up", MIDDLE, data)


def from_side(adjustment: Adjustment, direction: Direction, data: Data) -> Data | str:
    """The last part of the free motion comes from that side; what came from another side does so no longer."""
    bulges = _bulges(data)
    if isinstance(bulges, str):
        return bulges
    kept = [bulge for bulge in bulges if bulge["phase"] != LATE or bulge["direction"] == direction]
    return _bulged(adjustment, direction, LATE, _with(data, kept))


def _bulged(adjustment: Adjustment, direction: Direction, phase: float, data: Data) -> Data | str:
    bulges = _bulges(data)
    if isinstance(bulges, str):
        return bulges
    if adjustment.unit not in (None, "m"):
        return "a path bends by a length: say how many cm"
    step = (
        adjustment.degree * STEP
        if adjustment.amount is None
        else (adjustment.amount if adjustment.degree >= 0 else -adjustment.amount)
    )
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


FACTOR = 1.25
"""Factor of one small step of a speed, a force or a distance [dimensionless]."""
LIFT, RELEASE, SHIFT, GAP = 0.05, 0.005, 0.02, 0.01
"""One small step of a lift, a height of release, a place and a gap [m]."""
SMALLEST = 1 / 64
"""Share of a step below which it counts as impossible [dimensionless]."""


@dataclass(frozen=True)
class Circumstances:
    """The circumstances that the rules may know beside the primitive.

    Attributes:
        scene: The scene as it is now.
        tried: Whether the primitive was carried out already, so that the scene shows what came of it.
        usual: What fields mean that are unset: "force" and "force_limit" [N].
    """

    scene: Scene
    tried: bool = False
    usual: dict[str, float] = field(default_factory=dict)


def edited(adjustment: Adjustment, primitive: SkillParameters, around: Circumstances) -> SkillParameters | str:
    """The primitive as requested, as far as its ranges allow; or why it stays as it is."""
    complaint = "it is at its limit already"
    share = 1.0
    while share >= SMALLEST:
        result = _tried(adjustment.times(share) if share < 1.0 else adjustment, primitive, around)
        if isinstance(result, SkillParameters):
            if result != primitive:
                return result
            break
        complaint = result
        if not result.startswith("invalid"):
            break
        share /= 2
    return complaint.removeprefix("invalid: ")


def _tried(adjustment: Adjustment, primitive: SkillParameters, around: Circumstances) -> SkillParameters | str:
    data = _RULES[adjustment.about](adjustment, primitive, primitive.model_dump(mode="json"), around)
    if isinstance(data, str):
        return data
    try:
        return type(primitive).model_validate(data)
    except ValidationError as error:
        return f"invalid: {error.errors(include_url=False)[0]['msg'].removeprefix('Value error, ')}"


def _moved(primitive: SkillParameters, data: Data, name: str, adjustment: Adjustment, small: float) -> Data | str:
    """A length, moved by the adjustment."""
    if adjustment.unit not in (None, "m", "share"):
        return f"{name} is a length: say how many cm"
    old = float(data[name])
    step = (
        adjustment.degree * small
        if adjustment.amount is None
        else _signed(adjustment) * adjustment.amount * (old if adjustment.unit == "share" else 1.0)
    )
    known = range_of(type(primitive), name)
    return {**data, name: known.within(old + step) if known is not None else old + step}


def _scaled(primitive: SkillParameters, data: Data, name: str, adjustment: Adjustment, old: float, unit: str) -> Data | str:
    """A speed or a force, times a factor, or moved by so many of its units."""
    if adjustment.unit not in (None, unit, "share"):
        return f"{name} is in {unit}: say how many, or how many percent"
    if adjustment.amount is None:
        new = old * FACTOR**adjustment.degree
    else:
        new = (
            old * max(0.0, 1.0 + _signed(adjustment) * adjustment.amount)
            if adjustment.unit == "share"
            else old + _signed(adjustment) * adjustment.amount
        )
    known = range_of(type(primitive), name)
    return {**data, name: known.within(new) if known is not None else new}


def _signed(adjustment: Adjustment) -> float:
    return 1.0 if adjustment.degree >= 0 else -1.0


def _height(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    for name, small in (("lift", LIFT), ("release_height", RELEASE)):
        if name in data:
            return _moved(primitive, data, name, adjustment, small)
    return arched(adjustment, data)


def _speed(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    new = _scaled(primitive, data, "speed", adjustment, data["speed"], "m/s")
    if isinstance(new, str) or data["duration"] is None:
        return new
    known = range_of(type(primitive), "duration")
    assert known is not None, "every skill has a duration"
    # A requested duration would hide the speed: it shrinks as the speed grows.
    return {**new, "duration": known.within(data["duration"] * data["speed"] / new["speed"])}


def _grip(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    for name in ("force", "force_limit"):
        old = data.get(name) or around.usual.get(name)
        if name in data and old is not None:
            return _scaled(primitive, data, name, adjustment, old, "N")
    return f"{primitive.kind} has no force to change"


def _gentleness(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    less = adjustment.model_copy(update={"degree": -adjustment.degree})
    forced = _grip(less, primitive, data, around)
    if adjustment.unit == "N" or isinstance(forced, str):
        return forced if adjustment.unit == "N" else _speed(less, primitive, data, around)
    return _speed(less if adjustment.amount is not None else less.times(0.5), primitive, forced, around)


BY_PIXELS = "it goes from pixel to pixel of a picture; edit dx and dy instead"


def _axis(direction: str) -> tuple[str, float]:
    """The axis of the robot's frame along which a direction goes, and its sign."""
    x, y, _ = AXES[direction]
    return ("x", x) if x else ("y", y)


def _shift(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    axis, sign = _axis(adjustment.direction or "forward")
    if adjustment.unit not in (None, "m"):
        return "a place moves by a length: say how many cm"
    step = sign * (adjustment.degree * SHIFT if adjustment.amount is None else _signed(adjustment) * adjustment.amount)
    if data.get("along") is not None:
        return BY_PIXELS
    if "dx" in data and "dy" in data:
        return _within(primitive, data, f"d{axis}", data[f"d{axis}"] + step)
    if "target" not in data:
        return f"{primitive.kind} goes to an object, not to a place that could be shifted"
    beside = data["target"]
    side, away = _axis(beside["side"]) if beside.get("side") in AXES else ("", 1.0)
    if side == axis:  # Along that side, it is the gap that grows or shrinks.
        parameters: Any = primitive
        gap = _moved(parameters.target, beside, "gap", adjustment.times(sign * away), SHIFT)
        return gap if isinstance(gap, str) else {**data, "target": gap}
    target = _place(data, around)
    return target if isinstance(target, str) else {**data, "target": {**target, axis: min(max(target[axis] + step, -2.0), 2.0)}}


def _place(data: Data, around: Circumstances) -> Data | str:
    """The target as a place: where it is said to be, else where the object stands now."""
    target: Data = data["target"]
    if target["kind"] == "at" and target.get("axes", "robot") == "robot":
        return target
    if not around.tried or data["object"] not in around.scene:
        return "nobody knows yet where it will stand; say it after the motion"
    thing = around.scene.get(data["object"])
    if thing.held:
        return f"{thing.name} is still in the gripper; say it once it stands somewhere"
    support = target.get("support") or target.get("container")
    x, y, _ = directions(around.scene).coordinates(thing.centre)
    return {"kind": "at", "x": round(float(x), 4), "y": round(float(y), 4), "support": support}


def _within(primitive: SkillParameters, data: Data, name: str, value: float) -> Data:
    known = range_of(type(primitive), name)
    return {**data, name: known.within(value) if known is not None else value}


def _distance(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    target = data.get("target")
    if isinstance(target, dict) and target["kind"] == "beside":
        parameters: Any = primitive
        gap = _moved(parameters.target, target, "gap", adjustment, GAP)
        return gap if isinstance(gap, str) else {**data, "target": gap}
    if data.get("along") is not None:
        return BY_PIXELS
    if "dx" in data and "dy" in data:
        length = (data["dx"] ** 2 + data["dy"] ** 2) ** 0.5
        new = (
            length + _signed(adjustment) * adjustment.amount
            if adjustment.amount is not None and adjustment.unit == "m"
            else 0.0
        )
        factor = new / length if new > 0 else FACTOR**adjustment.degree
        if adjustment.unit == "share" and adjustment.amount is not None:
            factor = max(0.0, 1.0 + _signed(adjustment) * adjustment.amount)
        return {**data, "dx": round(data["dx"] * factor, 6), "dy": round(data["dy"] * factor, 6)}
    if target is not None:
        return _shift(adjustment.model_copy(update={"about": "shift", "direction": "forward"}), primitive, data, around)
    return f"{primitive.kind} has no distance to change"


def _grasp(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    if "grasp" not in data:
        return f"{primitive.kind} takes nothing"
    return {**data, "grasp": (data["grasp"] + (1 if adjustment.degree >= 0 else -1)) % 100}


def _straight(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return {**data, "path": None} if data["path"] is not None else "it is straight already"


def _arc(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return arched(adjustment, data)


def _from(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    name = data.get("object")
    thing = around.scene.get(name) if isinstance(name, str) and name in around.scene else None
    on_left = thing is None or directions(around.scene).coordinates(thing.centre)[1] >= 0.0
    nearer: Direction = "left" if on_left else "right"
    return from_side(adjustment, adjustment.direction or nearer, data)


def _again(adjustment: Adjustment, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return "there is no correction yet of which this could be more or less"


_RULES: dict[str, Callable[[Adjustment, SkillParameters, Data, Circumstances], Data | str]] = {
    "height": _height,
    "arc": _arc,
    "speed": _speed,
    "gentleness": _gentleness,
    "grip": _grip,
    "shift": _shift,
    "from": _from,
    "distance": _distance,
    "grasp": _grasp,
    "straight": _straight,
    "again": _again,
}


def possible(primitive: SkillParameters) -> Iterator[str]:
    """The corrections that a primitive's own fields allow, in words."""
    fields = type(primitive).model_fields
    yield "slower, faster, gentler"
    if "lift" in fields or "release_height" in fields:
        yield "higher, lower"
    if "force" in fields:
        yield "firmer, looser"
    if "target" in fields or "dx" in fields:
        yield "more to the left, right, front, back"
    if "dx" in fields:
        yield "farther, less far"
    if "grasp" in fields:
        yield "another grasp"
    yield "from the left, in a higher arc, straight"
