"""Truths of contact, edges, corners and gaps in closed form, in worlds that lie elsewhere."""

from __future__ import annotations

import math

import pytest
from arranged import FILE, PLACES, Arranged, arranged, standing, thing
from hypothesis import given, settings
from hypothesis import strategies as st

from lmp.lab.evaluate.sabotage import KINDS
from lmp.lab.truth.truth import TRUTHS
from lmp.schema.pose import Pose

ELSEWHERE = st.sampled_from(["here", "elsewhere", "half a turn"])


def of(kind: str, name: str = "block", **more: object) -> dict[str, object]:
    return {"kind": kind, "object": name, **more}


@given(place=ELSEWHERE, mine=st.booleans(), theirs=st.booleans())
def test_touching_is_a_contact_that_either_reports(place: str, mine: bool, theirs: bool) -> None:
    one = standing("block", 0.5, 0.1, touching=("table", "can") if mine else ("table",))
    other = standing("can", 0.55, 0.1, touching=("block",) if theirs else ())
    assert arranged(PLACES[place], one, other).true(of("touching", reference="can")).holds is (mine or theirs)
    assert not arranged(PLACES[place], one).true(of("touching", reference="can")).holds, "what is gone touches nothing"


@given(place=ELSEWHERE, off=st.floats(0.0, 0.08), lift=st.floats(-0.004, 0.05), yaw=st.floats(-3.0, 3.0))
@settings(deadline=None)
def test_inserted_is_a_depth_with_all_of_the_outline_in_the_opening(place: str, off: float, lift: float, yaw: float) -> None:
    """A ball in a bowl: round in round, so that depth and room are known."""
    bowl = standing("bowl", 0.5, 0.0, yaw)
    cavity, frame = bowl.hollows[0]
    floor, rim = (frame.position[2] + height for height in (cavity.floor, cavity.rim))
    ball = standing("ball", 0.5 + off * math.cos(yaw), off * math.sin(yaw), ground=floor + lift, touching=("bowl",))
    room, depth = cavity.half_x + 0.003 - off - 0.024, rim - floor - lift
    if min(abs(room), abs(depth - 0.015)) > 1e-3:
        found = arranged(PLACES[place], ball, bowl).true(of("inserted", "ball", reference="bowl", depth=0.015))
        assert found.holds is (room > 0.0 and depth > 0.015), found.why


@given(place=ELSEWHERE, x=st.floats(-0.08, 0.08), y=st.floats(-0.06, 0.06), turns=st.integers(0, 3))
@settings(deadline=None)
def test_edges_and_corners_are_distances_of_the_sides(place: str, x: float, y: float, turns: int) -> None:
    """A block on a tray that is turned by quarters: its outer edges are 0.212 and 0.172 m long."""
    tray = standing("tray", 0.5, 0.0, turns * math.pi / 2)
    deep, wide = (0.212, 0.172) if turns % 2 == 0 else (0.172, 0.212)
    block = standing("block", 0.5 + x, y, ground=0.006, touching=("tray",))
    free = {
        "behind": deep / 2 - 0.02 - x,
        "front": deep / 2 - 0.02 + x,
        "left": wide / 2 - 0.02 - y,
        "right": wide / 2 - 0.02 + y,
    }
    if min(abs(gap - bound) for gap in free.values() for bound in (-0.005, 0.06)) < 1e-4:
        return
    on_it, world = min(free.values()) > -0.005, arranged(PLACES[place], block, tray)
    for side, gap in free.items():
        assert world.true(of("at_edge", reference="tray", side=side)).holds is (on_it and gap < 0.06)
    for depth in ("front", "behind"):
        for side in ("left", "right"):
            said = of("at_corner", reference="tray", depth=depth, side=side)
            assert world.true(said).holds is (on_it and max(free[depth], free[side]) < 0.06)
    assert world.true(of("at_edge", reference="tray")).holds is (on_it and min(free.values()) < 0.06)


@given(place=ELSEWHERE, x=st.floats(0.2, 0.75))
@settings(deadline=None)
def test_the_workspace_has_edges_too(place: str, x: float) -> None:
    block = standing("block", x, 0.0)
    for side, gap in (("front", x - 0.02 - 0.2), ("behind", 0.75 - x - 0.02)):
        if min(abs(gap - bound) for bound in (-0.005, 0.06)) > 1e-4:
            inside = x - 0.02 > 0.2 - 0.005 and x + 0.02 < 0.75 + 0.005
            if min(abs(x - 0.215), abs(x - 0.735)) > 1e-4:
                assert arranged(PLACES[place], block).true(of("at_edge", side=side)).holds is (inside and gap < 0.06)


@pytest.mark.parametrize(("gap", "holds"), [(0.05, True), (0.079, True), (0.021, True), (0.081, False), (0.019, False)])
def test_a_gap_is_as_wide_as_said_within_3_cm(gap: float, holds: bool) -> None:
    world = arranged(PLACES["elsewhere"], standing("block", 0.5, 0.04 + gap), standing("post", 0.5, 0.005))
    assert world.true(of("gap", reference="post", distance=0.05)).holds is holds


def jointed(value: float) -> Arranged:
    return arranged(FILE, thing("cabinet", Pose(position=(0.6, 0.0, 0.075)), joints={"top_drawer": value}))


@given(value=st.floats(0.0, 0.13))
def test_joints_are_where_the_world_says_within_5_mm(value: float) -> None:
    if min(abs(value - bound) for bound in (0.045, 0.055)) > 1e-6:
        said = {"object": "cabinet", "joint": "top_drawer", "value": 0.05}
        assert jointed(value).true({"kind": "joint_at_most", **said}).holds is (value < 0.055)
        assert jointed(value).true({"kind": "joint_at_least", **said}).holds is (value > 0.045)
    assert jointed(value).true({"kind": "joint_at_most", "object": "cabinet", "joint": "lid", "value": 0.05}).holds is None


def test_each_truth_says_which_kinds_of_sabotage_break_it() -> None:
    for name, truth in TRUTHS.all().items():
        assert truth.broken_by and set(truth.broken_by) <= set(KINDS), name
