"""Where a scene lies in the world, and which way it is turned there, makes no difference to anything that is done in it."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moved_scene import PANDA, CarriedOut, assert_alike, assert_same_motion, carried_out, moved, on_pedestal, spec_of
from pydantic import TypeAdapter

from lmp.lab.truth.truth import AnyPredicate, judge
from lmp.schema.pose import Pose
from lmp.sims.kinematic.kinematic_world import KinematicWorld

SENTENCES: dict[str, dict[str, Any]] = {
    "put the red block in the bowl": {"kind": "in", "object": "red_block", "reference": "bowl"},
    "put the blue block to the left of the mug": {"kind": "left_of", "object": "blue_block", "reference": "mug"},
    "put the green block in front of the tray": {"kind": "in_front_of", "object": "green_block", "reference": "tray"},
    "move the mug 6 cm to the right": {"kind": "moved", "object": "mug", "direction": "right", "distance": 0.06},
    "push the yellow block 5 cm towards the robot": {
        "kind": "moved",
        "object": "yellow_block",
        "direction": "backward",
        "distance": 0.05,
    },
    "put the red block at x 0.5 y 0.02": {"kind": "at", "object": "red_block", "x": 0.5, "y": 0.02},
}
"""Sentences, and what a judge asks who shares no code with planner and verifier."""

placements = st.builds(
    Pose.from_yaw,
    st.tuples(st.floats(-2.0, 2.0), st.floats(-2.0, 2.0), st.floats(-0.5, 1.0)),
    st.floats(-math.pi, math.pi),
)


@cache
def at_home(sentence: str) -> CarriedOut:
    with KinematicWorld.open(spec_of(on_pedestal(), "kinematic", 4), PANDA) as world:
        return carried_out(world, sentence)


@pytest.mark.parametrize("sentence", SENTENCES)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(T=placements)
def test_the_same_is_planned_moved_verified_and_true(sentence: str, T: Pose) -> None:
    here = at_home(sentence)
    with KinematicWorld.open(spec_of(moved(on_pedestal(), T), "kinematic", 4), PANDA) as world:
        there = carried_out(world, sentence)
    assert_alike([goal.model_dump(mode="json") for goal in here.subgoals], [g.model_dump(mode="json") for g in there.subgoals])
    for mine, other in zip(here.trajectories, there.trajectories, strict=True):
        assert_same_motion(mine, other)
    assert [found.outcome for found in there.verifications] == [found.outcome for found in here.verifications]
    assert all(found.outcome.value == "succeeded" for found in there.verifications)
    truth = TypeAdapter(AnyPredicate).validate_python(SENTENCES[sentence])
    assert judge(truth, here.before, here.after).holds
    assert judge(truth, there.before, there.after).holds


@given(T=placements, x=st.floats(0.2, 0.7), y=st.floats(-0.4, 0.4))
def test_the_judge_turns_with_the_robot(T: Pose, x: float, y: float) -> None:
    """Its directions are written apart from the others': they agree with a rotation matrix, not with them."""
    from lmp.lab.truth.truth_snapshot import Snapshot

    world = Snapshot(moved(on_pedestal(), T), ())
    expected = T.apply(np.array([x, y, 0.0]))[:2]
    assert world.place(x, y) == pytest.approx(expected, abs=1e-9)
    assert world.from_base(expected) == pytest.approx(math.hypot(x, y), abs=1e-9)
