"""Random situations for each kind of condition: objects, contacts, and the same said to the verifier and to the judge."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from arranged import NAMES, PLACES, Arranged, arranged, standing, thing
from hypothesis import strategies as st

from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.sims.scenes.footprint import free_distance, outline

MOVABLE = tuple(name for name in NAMES if name != "cabinet")
CABINET = Pose.from_yaw((0.62, -0.3, 0.075), 0.2)
ODD = 1.2345678e-5
"""Added to what is drawn, so that nothing lies at the very bound of two equal numbers [m]."""


@dataclass(frozen=True)
class Situation:
    """One arrangement, which can be put into any world.

    Attributes:
        items: The objects, the subject first.
        others: Names of its references.
        before: The subject where it was at the start.
        draw: Numbers from 0 to 1, for what else is asked.
    """

    items: tuple[SceneObject, ...]
    others: tuple[str, str]
    before: SceneObject
    draw: tuple[float, ...]

    @property
    def subject(self) -> str:
        return self.items[0].name

    def in_world(self, place: str) -> Arranged:
        return arranged(PLACES[place], *self.items)

    def at_start(self, place: str) -> Arranged:
        return arranged(PLACES[place], self.before, *self.items[1:])


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """A subject near, on or in a reference, with contacts as they may be reported."""
    mode = draw(st.sampled_from(["anyhow", "anyhow", "beside", "inside"]))
    names = draw(st.permutations(MOVABLE))
    if mode == "inside":
        hollow = draw(st.sampled_from(["bowl", "tray", "mug"]))
        names = [draw(st.sampled_from(["block", "ball", "plank"])), hollow, *(name for name in names if name != hollow)]
        names = list(dict.fromkeys(names))
    name, others = names[0], (names[1], names[2])
    unit, turn = st.floats(0.0, 1.0), st.floats(-3.1, 3.1)
    tilt = draw(st.sampled_from([0.0, 0.0, 0.0, 0.05, 0.15, 0.4, math.pi / 2, math.pi]))
    first = standing(others[0], 0.5, 0.05, draw(turn), draw(st.sampled_from([0.0, 0.0, 0.0, 0.2, math.pi / 2])))
    gap, angle = draw(st.floats(0.1, 0.4)), draw(turn)
    second = standing(others[1], 0.5 + gap * math.cos(angle), 0.05 + gap * math.sin(angle), draw(turn))
    reach, towards = draw(st.sampled_from([0.01, 0.05, 0.2, 0.4])) * draw(unit), draw(turn)
    x, y = 0.5 + reach * math.cos(towards) + ODD, 0.05 + reach * math.sin(towards) + ODD
    if mode == "beside":
        towards = draw(st.sampled_from([0.0, math.pi / 2, math.pi, -math.pi / 2])) + 0.9 * (draw(unit) - 0.5)
        reach = 0.06 + 0.25 * draw(unit)
        x, y = 0.5 + reach * math.cos(towards) + ODD, 0.05 + reach * math.sin(towards) + ODD
    elif mode == "inside":
        x, y = 0.5 + 0.07 * (draw(unit) - 0.5), 0.05 + 0.07 * (draw(unit) - 0.5)
    elif draw(st.booleans()):
        share = draw(st.floats(-0.2, 1.2))
        x, y = x + share * gap * math.cos(angle), y + share * gap * math.sin(angle)
    moving = standing(name, x, y, draw(turn), tilt)
    tops = [0.0, 0.0, 0.006, 0.12, *(height for item in (first, second) for height in _carriers(item, moving))]
    lowest = max(height for item in (first, second) for height in (0.0, *_carriers(item, moving)[:1]))
    ground = max(lowest, draw(st.sampled_from(tops)) + draw(st.sampled_from([0.0, 0.0, 0.0, 0.004, 0.0095, 0.02])))
    sunk = draw(st.sampled_from([0.0, 0.0, 0.002]))
    if mode != "anyhow":
        ground = lowest + draw(st.sampled_from([0.0, 0.0, 0.0, 0.004, 0.03]))
    touched = [("table",), ("table",), (others[0],), (others[0], "table"), (others[1],), ("shelf",), (), ("table", "robot")]
    likely = {"beside": [("table",)], "inside": [(others[0],)]}.get(mode, touched)
    contacts = draw(st.sampled_from([*likely, *(touched if draw(st.booleans()) else likely)]))
    raised = moving.pose.model_copy(update={"position": (x, y, moving.pose.position[2] + ground - sunk)})
    moving = moving.model_copy(update={"pose": raised, "touching": contacts})
    before = standing(
        name, x + 0.1 * draw(unit), y - 0.1 * draw(unit), draw(turn), 0.0, draw(st.sampled_from([0.0, 0.0, 0.05]))
    )
    drawer = 0.13 * draw(unit)
    cabinet = thing("cabinet", CABINET, joints={"top_drawer": drawer})
    numbers = tuple(draw(unit) for _ in range(4))
    return Situation((moving, first, second, cabinet), others, before, numbers)


def _carriers(item: SceneObject, moving: SceneObject) -> list[float]:
    """Heights at which it can carry the other where that is, the lowest first: nothing is in another object's solid body."""
    if free_distance(outline(item.shape, item.pose), outline(moving.shape, moving.pose)) > 0.0:
        return []
    top, (x, y) = float(item.extent(np.array([0.0, 0.0, 1.0]))), moving.centre[:2]
    floors = []
    for cavity, frame in item.hollows:
        away = frame.inverse().apply(np.array([x, y, 0.0]))[:2]
        within = np.hypot(*away) < cavity.half_x if cavity.round else (np.abs(away) < [cavity.half_x, cavity.half_y]).all()
        if within and frame.rotation[2, 2] > 0.9:
            floors.append(float(frame.position[2] + cavity.floor))
    return [*floors, top]


Said = tuple[dict[str, Any], dict[str, Any]]
"""The same as a condition and as a predicate."""


def _related(kind: str, role: str = "reference", **extra: Any) -> Callable[[Situation, str], Said]:
    def said(situation: Situation, place: str) -> Said:
        first = situation.others[0]
        return (
            {"kind": kind, "object": situation.subject, role: first, **extra},
            {"kind": kind, "object": situation.subject, "reference": first, **extra},
        )

    return said


def _own(kind: str, **extra: Any) -> Callable[[Situation, str], Said]:
    def said(situation: Situation, place: str) -> Said:
        both = {"kind": kind, "object": situation.subject, **extra}
        return both, both

    return said


def _from_base(situation: Situation, item: SceneObject, place: str) -> Pose:
    """The object's pose as the robot counts."""
    file = PLACES[place]
    return (
        file.T_world_base.inverse()
        @ file.T_world_scene
        @ item.pose.model_copy(update={"position": tuple(float(value) for value in item.centre)})
    )


def _at(situation: Situation, place: str) -> Said:
    x, y, _ = _from_base(situation, situation.items[0], place).position
    both = {
        "kind": "at",
        "object": situation.subject,
        "x": x + 0.06 * (situation.draw[0] - 0.5),
        "y": y + 0.06 * (situation.draw[1] - 0.5),
    }
    return both, both


def _moved(situation: Situation, place: str) -> Said:
    x, y, z = _from_base(situation, situation.before, place).position
    now = _from_base(situation, situation.items[0], place).position
    way = {"dx": float(np.clip(now[0] - x + 0.06 * (situation.draw[0] - 0.5), -1, 1)), "dy": float(np.clip(now[1] - y, -1, 1))}
    both = {"kind": "moved_by", "object": situation.subject, **way}
    return {**both, "origin": (x, y, z)}, both


def _heading(situation: Situation, place: str) -> Said:
    rotation = _from_base(situation, situation.items[0], place).rotation
    off = 0.4 * (situation.draw[0] - 0.5) + (math.pi / 2 if situation.draw[1] > 0.5 else 0.0)
    yaw = math.remainder(math.atan2(rotation[1, 0], rotation[0, 0]) + off, 2 * math.pi)
    both = {"kind": "heading", "object": situation.subject, "yaw": max(-3.1415, min(3.1415, yaw))}
    return both, both


def _tilted(situation: Situation, place: str) -> Said:
    both = {
        "kind": "tilted",
        "object": situation.subject,
        "least": situation.draw[0],
        "most": situation.draw[0] + situation.draw[1],
    }
    return both, both


def _joint(kind: str, *fields: str) -> Callable[[Situation, str], Said]:
    def said(situation: Situation, place: str) -> Said:
        low, high = sorted(situation.draw[:2])
        values = {"value": 0.13 * low, "least": low, "most": high}
        both = {"kind": kind, "object": "cabinet", "joint": "top_drawer", **{field: values[field] for field in fields}}
        return both, both

    return said


def _apart(situation: Situation, place: str) -> Said:
    return _related("apart_from", distance=0.01 + 0.3 * situation.draw[0])(situation, place)


def _between(situation: Situation, place: str) -> Said:
    both = {"kind": "between", "object": situation.subject, "first": situation.others[0], "second": situation.others[1]}
    return both, both


def _border(kind: str, *sides: dict[str, str]) -> Callable[[Situation, str], Said]:
    def said(situation: Situation, place: str) -> Said:
        which = sides[int(situation.draw[0] * (len(sides) - 1))]
        support = (None, "table", "shelf", *situation.others)[int(situation.draw[1] * 4.99)]
        both = {"kind": kind, "object": situation.subject, **which}
        return {**both, "support": support}, {**both, "reference": support}

    return said


EDGES = tuple({"side": side} for side in ("any", "left", "right", "front", "behind"))
CORNERS = tuple({"depth": depth, "side": side} for depth in ("any", "front", "behind") for side in ("any", "left", "right"))
SAID: dict[str, Callable[[Situation, str], Said]] = {
    "on": _related("on", "support"),
    "in": _related("in", "container"),
    "held": _own("held"),
    "cleared": lambda situation, place: tuple({"kind": "cleared", "object": situation.others[0]} for _ in range(2)),  # type: ignore[return-value]
    "left_of": _related("left_of"),
    "right_of": _related("right_of"),
    "in_front_of": _related("in_front_of"),
    "behind": _related("behind"),
    "next_to": _related("next_to"),
    "between": _between,
    "at": _at,
    "moved_by": _moved,
    "heading": _heading,
    "upright": _own("upright"),
    "tilted": _tilted,
    "joint_at_least": _joint("joint_at_least", "value"),
    "joint_at_most": _joint("joint_at_most", "value"),
    "joint_share": _joint("joint_share", "least", "most"),
    "touching": _related("touching"),
    "inserted": _related("inserted", "container"),
    "apart_from": _apart,
    "aligned": _related("aligned"),
    "aligned forward": _related("aligned", row="forward"),
    "at_edge": _border("at_edge", *EDGES),
    "at_corner": _border("at_corner", *CORNERS),
}
"""What is asked of a situation, by kind."""
