"""What each wish changes: the field, and by how much. A number stays in its range, and the primitive stays valid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from lmp.corrections.path_rules import arched, from_side
from lmp.corrections.ranges import range_of
from lmp.corrections.wish import Wish
from lmp.meaning.directions import directions
from lmp.schema.motion import Direction
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters

FACTOR = 1.25
"""What one small step multiplies a speed, a force or a distance by [dimensionless]."""
LIFT, RELEASE, SHIFT, GAP = 0.05, 0.005, 0.02, 0.01
"""One small step of a lift, a height of release, a place and a gap [m]."""
WAYS = {"left": ("y", 1.0), "right": ("y", -1.0), "forward": ("x", 1.0), "backward": ("x", -1.0)}
SIDES = {"left": ("y", 1.0), "right": ("y", -1.0), "behind": ("x", 1.0), "front": ("x", -1.0)}
SMALLEST = 1 / 64
"""Share of a step below which it counts as impossible [dimensionless]."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Circumstances:
    """What the rules may know beside the primitive.

    Attributes:
        scene: The scene as it is now.
        tried: Whether the primitive was carried out already, so that the scene shows what came of it.
        usual: What fields mean that are unset: "force" and "force_limit" [N].
    """

    scene: Scene
    tried: bool = False
    usual: dict[str, float] = field(default_factory=dict)


def edited(wish: Wish, primitive: SkillParameters, around: Circumstances) -> SkillParameters | str:
    """The primitive as wished, as far as its ranges allow; or why it stays as it is."""
    complaint = "it is at its limit already"
    share = 1.0
    while share >= SMALLEST:
        result = _tried(wish.times(share) if share < 1.0 else wish, primitive, around)
        if isinstance(result, SkillParameters):
            if result != primitive:
                return result
            break
        complaint = result
        if not result.startswith("invalid"):
            break
        share /= 2
    return complaint.removeprefix("invalid: ")


def _tried(wish: Wish, primitive: SkillParameters, around: Circumstances) -> SkillParameters | str:
    data = _RULES[wish.about](wish, primitive, primitive.model_dump(mode="json"), around)
    if isinstance(data, str):
        return data
    try:
        return type(primitive).model_validate(data)
    except ValidationError as error:
        return f"invalid: {error.errors(include_url=False)[0]['msg'].removeprefix('Value error, ')}"


def _moved(primitive: SkillParameters, data: Data, name: str, wish: Wish, small: float) -> Data | str:
    """A length, moved by the wish."""
    if wish.unit not in (None, "m", "share"):
        return f"{name} is a length: say how many cm"
    old = float(data[name])
    step = wish.degree * small if wish.amount is None else _signed(wish) * wish.amount * (old if wish.unit == "share" else 1.0)
    known = range_of(type(primitive), name)
    return {**data, name: known.within(old + step) if known is not None else old + step}


def _scaled(primitive: SkillParameters, data: Data, name: str, wish: Wish, old: float, unit: str) -> Data | str:
    """A speed or a force, times a factor, or moved by so many of its units."""
    if wish.unit not in (None, unit, "share"):
        return f"{name} is in {unit}: say how many, or how many percent"
    if wish.amount is None:
        new = old * FACTOR**wish.degree
    else:
        new = old * max(0.0, 1.0 + _signed(wish) * wish.amount) if wish.unit == "share" else old + _signed(wish) * wish.amount
    known = range_of(type(primitive), name)
    return {**data, name: known.within(new) if known is not None else new}


def _signed(wish: Wish) -> float:
    return 1.0 if wish.degree >= 0 else -1.0


def _height(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    for name, small in (("lift", LIFT), ("release_height", RELEASE)):
        if name in data:
            return _moved(primitive, data, name, wish, small)
    return arched(wish, data)


def _speed(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    new = _scaled(primitive, data, "speed", wish, data["speed"], "m/s")
    if isinstance(new, str) or data["duration"] is None:
        return new
    known = range_of(type(primitive), "duration")
    assert known is not None, "every skill has a duration"
    # A wished duration would hide the speed: it shrinks as the speed grows.
    return {**new, "duration": known.within(data["duration"] * data["speed"] / new["speed"])}


def _grip(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    for name in ("force", "force_limit"):
        old = data.get(name) or around.usual.get(name)
        if name in data and old is not None:
            return _scaled(primitive, data, name, wish, old, "N")
    return f"{primitive.kind} has no force to change"


def _gentleness(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    less = wish.model_copy(update={"degree": -wish.degree})
    forced = _grip(less, primitive, data, around)
    if wish.unit == "N" or isinstance(forced, str):
        return forced if wish.unit == "N" else _speed(less, primitive, data, around)
    return _speed(less if wish.amount is not None else less.times(0.5), primitive, forced, around)


BY_PIXELS = "it goes from pixel to pixel of a picture; edit dx and dy instead"


def _shift(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    axis, sign = WAYS[wish.direction or "forward"]
    if wish.unit not in (None, "m"):
        return "a place moves by a length: say how many cm"
    step = sign * (wish.degree * SHIFT if wish.amount is None else _signed(wish) * wish.amount)
    if data.get("along") is not None:
        return BY_PIXELS
    if "dx" in data and "dy" in data:
        return _within(primitive, data, f"d{axis}", data[f"d{axis}"] + step)
    if "target" not in data:
        return f"{primitive.kind} goes to a thing, not to a place that could be shifted"
    beside = data["target"]
    side, away = SIDES.get(beside.get("side", ""), ("", 1.0))
    if side == axis:  # Along that side, it is the gap that grows or shrinks.
        parameters: Any = primitive
        gap = _moved(parameters.target, beside, "gap", wish.times(sign * away), SHIFT)
        return gap if isinstance(gap, str) else {**data, "target": gap}
    target = _place(data, around)
    return target if isinstance(target, str) else {**data, "target": {**target, axis: min(max(target[axis] + step, -2.0), 2.0)}}


def _place(data: Data, around: Circumstances) -> Data | str:
    """The target as a place: where it is said to be, else where the thing stands now."""
    target: Data = data["target"]
    if target["kind"] == "at" and target.get("axes", "robot") == "robot":
        return target
    if not around.tried or data["object"] not in around.scene:
        return "nobody knows yet where it will stand; say it after the motion"
    thing = around.scene.get(data["object"])
    if thing.held:
        return f"{thing.name} is still in the hand; say it once it stands somewhere"
    support = target.get("support") or target.get("container")
    x, y, _ = directions(around.scene).coordinates(thing.centre)
    return {"kind": "at", "x": round(float(x), 4), "y": round(float(y), 4), "support": support}


def _within(primitive: SkillParameters, data: Data, name: str, value: float) -> Data:
    known = range_of(type(primitive), name)
    return {**data, name: known.within(value) if known is not None else value}


def _distance(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    target = data.get("target")
    if isinstance(target, dict) and target["kind"] == "beside":
        parameters: Any = primitive
        gap = _moved(parameters.target, target, "gap", wish, GAP)
        return gap if isinstance(gap, str) else {**data, "target": gap}
    if data.get("along") is not None:
        return BY_PIXELS
    if "dx" in data and "dy" in data:
        length = (data["dx"] ** 2 + data["dy"] ** 2) ** 0.5
        new = length + _signed(wish) * wish.amount if wish.amount is not None and wish.unit == "m" else 0.0
        factor = new / length if new > 0 else FACTOR**wish.degree
        if wish.unit == "share" and wish.amount is not None:
            factor = max(0.0, 1.0 + _signed(wish) * wish.amount)
        return {**data, "dx": round(data["dx"] * factor, 6), "dy": round(data["dy"] * factor, 6)}
    if target is not None:
        return _shift(wish.model_copy(update={"about": "shift", "direction": "forward"}), primitive, data, around)
    return f"{primitive.kind} has no distance to change"


def _grasp(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    if "grasp" not in data:
        return f"{primitive.kind} takes nothing"
    return {**data, "grasp": (data["grasp"] + (1 if wish.degree >= 0 else -1)) % 100}


def _straight(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return {**data, "path": None} if data["path"] is not None else "it is straight already"


def _arc(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return arched(wish, data)


def _from(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    name = data.get("object")
    thing = around.scene.get(name) if isinstance(name, str) and name in around.scene else None
    on_left = thing is None or directions(around.scene).coordinates(thing.centre)[1] >= 0.0
    nearer: Direction = "left" if on_left else "right"
    return from_side(wish, wish.direction or nearer, data)


def _again(wish: Wish, primitive: SkillParameters, data: Data, around: Circumstances) -> Data | str:
    return "there is no correction yet of which this could be more or less"


_RULES: dict[str, Callable[[Wish, SkillParameters, Data, Circumstances], Data | str]] = {
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
    """What a primitive's own fields can be corrected by, in words."""
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
