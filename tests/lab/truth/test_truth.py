from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from lmp.errors import UnknownName
from lmp.lab.truth.truth import AnyPredicate, Predicate, judge
from lmp.lab.truth.truth_snapshot import Snapshot
from lmp.schema.episode import WorldObject
from lmp.schema.pose import Pose
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.scenes.ready_shapes import build_shape

SCENE = load_scene_file("tabletop")
SPECS = {spec.name: spec for spec in SCENE.objects}
HALF = {name: build_shape(spec).shape.support(np.array([0.0, 0.0, -1.0])) for name, spec in SPECS.items()}
RED = HALF["red_block"]
READ: TypeAdapter[Predicate] = TypeAdapter(AnyPredicate)


def thing(
    name: str,
    x: float,
    y: float,
    bottom: float = 0.0,
    touching: Iterable[str] = ("table",),
    yaw: float = 0.0,
    held: bool = False,
    tilt: float = 0.0,
) -> WorldObject:
    T_world_thing = Pose.from_yaw((x, y, bottom + HALF[name]), yaw) @ Pose(
        quat_xyzw=(math.sin(tilt / 2), 0.0, 0.0, math.cos(tilt / 2))
    )
    return WorldObject(
        name=name,
        category=SPECS[name].category,
        colour=SPECS[name].colour,
        position=T_world_thing.position,
        quaternion=T_world_thing.quat_xyzw,
        size=(0.04, 0.04, 0.04),
        touching=tuple(touching),
        held_by="gripper" if held else None,
    )


def holds(predicate: dict[str, object], *after: WorldObject, before: Iterable[WorldObject] = ()) -> bool:
    found = judge(READ.validate_python(predicate), Snapshot(SCENE, before), Snapshot(SCENE, after))
    assert found.why
    return found.holds


def relation(kind: str, name: str = "red_block", reference: str = "bowl") -> dict[str, object]:
    return {"kind": kind, "object": name, "reference": reference}


BOWL = thing("bowl", 0.5, 0.0)
FLOOR = 0.005


@pytest.mark.parametrize(
    ("block", "truth"),
    [
        (thing("red_block", 0.51, 0.01, FLOOR, ["bowl"]), True),
        (thing("red_block", 0.51, 0.01, 0.042, ["bowl"]), False),  # Lies on the rim.
        (thing("red_block", 0.51, 0.01, FLOOR, ["bowl", "robot"]), False),  # The hand is still at it.
        (thing("red_block", 0.51, 0.01, FLOOR, [], held=True), False),
        (thing("red_block", 0.51, 0.01, 0.0, ["table"]), False),
        (thing("red_block", 0.61, 0.0, 0.0, ["table", "bowl"]), False),  # Leans against the bowl.
        (thing("red_block", 0.51, 0.01, FLOOR, []), False),  # Still falling.
    ],
)
def test_in(block: WorldObject, truth: bool) -> None:
    assert holds(relation("in"), block, BOWL) is truth


def test_in_by_way_of_another_thing_in_it_and_not_in_a_tipped_bowl() -> None:
    lower = thing("green_block", 0.5, 0.0, FLOOR, ["bowl", "red_block"])
    leaning = thing("red_block", 0.53, 0.0, 0.02, ["green_block"])
    assert holds(relation("in"), leaning, lower, BOWL)
    assert not holds(relation("in"), thing("red_block", 0.5, 0.0, FLOOR + 0.04, ["green_block"]), lower, BOWL)
    tipped = thing("bowl", 0.5, 0.0, tilt=1.0)
    assert not holds(relation("in"), thing("red_block", 0.5, 0.0, FLOOR, ["bowl"]), tipped)


@pytest.mark.parametrize(
    ("x", "bottom", "touching", "truth"),
    [
        (0.50, 0.054, ["blue_block"], True),
        (0.52, 0.054, ["blue_block"], True),
        (0.53, 0.054, ["blue_block"], False),  # Its middle is beside the support.
        (0.50, 0.054, ["blue_block", "robot"], False),
        (0.547, 0.0, ["table", "blue_block"], False),  # Beside it, touching.
        (0.50, 0.10, [], False),  # In the air.
        (0.52, 0.02, ["blue_block", "table"], False),  # Leans on it.
    ],
)
def test_on_a_block(x: float, bottom: float, touching: list[str], truth: bool) -> None:
    base = thing("blue_block", 0.5, 0.0)
    assert holds(relation("on", reference="blue_block"), thing("red_block", x, 0.0, bottom, touching), base) is truth


def test_on_the_table_and_on_a_tray() -> None:
    assert holds(relation("on", reference="table"), thing("red_block", 0.5, 0.3))
    inside = thing("red_block", 0.5, 0.0, 0.006, ["tray"])
    assert not holds(relation("on", reference="table"), inside, thing("tray", 0.5, 0.0))
    assert holds(relation("on", reference="tray"), inside, thing("tray", 0.5, 0.0))
    assert holds(relation("in", reference="tray"), inside, thing("tray", 0.5, 0.0))


SIDES = {"left_of": 90.0, "right_of": -90.0, "behind": 0.0, "in_front_of": 180.0}


@given(side=st.sampled_from(sorted(SIDES)), off=st.floats(-44.0, 44.0), distance=st.floats(0.2, 0.3))
@settings(max_examples=60)
def test_sides_are_those_of_the_robot(side: str, off: float, distance: float) -> None:
    angle = math.radians(SIDES[side] + off)
    block = thing("red_block", 0.5 + distance * math.cos(angle), distance * math.sin(angle))
    assert holds(relation(side), block, BOWL)
    others = set(SIDES) - {side}
    assert not any(holds(relation(other), block, BOWL) for other in others)


@pytest.mark.parametrize(
    ("dx", "dy", "bottom", "truth"),
    [
        (0.0, 0.15, 0.0, True),
        (0.0, 0.10, 0.0, False),  # Overlaps the bowl as seen from the front.
        (0.0, 0.45, 0.0, False),  # Far away.
        (0.16, 0.15, 0.0, False),  # Rather behind it.
        (0.0, 0.15, 0.05, False),  # On something higher.
    ],
)
def test_left_of(dx: float, dy: float, bottom: float, truth: bool) -> None:
    assert holds(relation("left_of"), thing("red_block", 0.5 + dx, dy, bottom), BOWL) is truth


@given(angle=st.floats(-3.1, 3.1), gap=st.floats(0.0, 0.2))
@settings(max_examples=40)
def test_next_to_is_a_gap_of_10_cm_at_most(angle: float, gap: float) -> None:
    """Can and can: round outlines, so the gap is known."""
    other = thing("ball", 0.5 + (0.028 + 0.024 + gap) * math.cos(angle), (0.052 + gap) * math.sin(angle))
    truth = holds(relation("next_to", "ball", "can"), other, thing("can", 0.5, 0.0))
    if abs(gap - 0.10) > 1e-3:
        assert truth is (gap < 0.10)


@pytest.mark.parametrize(
    ("x", "y", "truth"),
    [(0.5, 0.0, True), (0.52, 0.05, True), (0.54, 0.0, False), (0.5, 0.21, False), (0.5, 0.28, False), (0.35, 0.0, False)],
)
def test_between(x: float, y: float, truth: bool) -> None:
    predicate = {"kind": "between", "object": "red_block", "first": "can", "second": "ball"}
    for first, second in ((0.2, -0.2), (-0.2, 0.2)):
        assert holds(predicate, thing("red_block", x, y), thing("can", 0.5, first), thing("ball", 0.5, second)) is truth


START = thing("red_block", 0.4, 0.1)


@given(dx=st.floats(-0.15, 0.15), dy=st.floats(-0.15, 0.15))
@settings(max_examples=40)
def test_moved_means_within_3_cm_of_the_goal(dx: float, dy: float) -> None:
    after = thing("red_block", 0.4 + dx, 0.1 + dy)
    for direction, goal in {"left": (0, 0.1), "right": (0, -0.1), "forward": (0.1, 0), "backward": (-0.1, 0)}.items():
        away = math.hypot(dx - goal[0], dy - goal[1])
        if abs(away - 0.03) > 1e-6:
            named = {"kind": "moved", "object": "red_block", "direction": direction, "distance": 0.1}
            plain = {"kind": "moved_by", "object": "red_block", "dx": goal[0], "dy": goal[1]}
            assert holds(named, after, before=[START]) is (away < 0.03)
            assert holds(plain, after, before=[START]) is (away < 0.03)


def test_not_moved_cleared_held_at() -> None:
    stay = {"kind": "not_moved", "object": "red_block"}
    assert holds(stay, thing("red_block", 0.41, 0.1, yaw=2.0), before=[START])
    assert not holds(stay, thing("red_block", 0.43, 0.1), before=[START])
    assert not holds(stay, thing("red_block", 0.4, 0.1, tilt=math.pi / 2), before=[START])
    clear = {"kind": "cleared", "object": "bowl"}
    assert holds(clear, BOWL, START)
    assert not holds(clear, BOWL, thing("red_block", 0.5, 0.0, FLOOR, ["bowl"]))
    assert holds(clear, BOWL, thing("red_block", 0.5, 0.12, 0.0, ["bowl", "table"]))
    held = {"kind": "held", "object": "red_block"}
    assert holds(held, thing("red_block", 0.4, 0.1, 0.2, ["robot"], held=True))
    assert not holds(held, START)
    assert holds({"kind": "at", "object": "red_block", "x": 0.42, "y": 0.1}, START)
    assert not holds({"kind": "at", "object": "red_block", "x": 0.44, "y": 0.1}, START)


def test_all_any_not_and_what_is_gone() -> None:
    near, far = relation("next_to"), relation("behind")
    world = (thing("red_block", 0.5, 0.13), BOWL)
    assert holds({"kind": "any", "of": [near, far]}, *world)
    assert not holds({"kind": "all", "of": [near, far]}, *world)
    assert holds({"kind": "not", "of": far}, *world)
    assert not holds(relation("in"), BOWL)
    assert not holds(relation("in"), START)
    assert not holds({"kind": "held", "object": "red_block"}, BOWL)
    with pytest.raises(UnknownName, match="Did you mean 'red_block'"):
        holds(relation("in", "red_blok"), BOWL)
