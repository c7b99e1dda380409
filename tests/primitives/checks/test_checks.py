from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panda_arm import PANDA, TABLE, WORKSPACE, collision_model, down, kinematics, scene, straight, thing

from lmp.primitives.arm.reachability import PosturePath, Unreachable
from lmp.primitives.checks.checks import SegmentClearance, check_motion, margins
from lmp.primitives.checks.path_checks import reach_violations
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.schema.pose import Pose
from lmp.schema.scene import Workspace
from lmp.schema.shape import Box
from lmp.schema.trajectory import Segment

N, DURATION = 101, 3.0


def free_motion() -> SampledMotion:
    """A slow motion from rest over the table that keeps every limit."""
    arm = kinematics()
    path = arm.inverse_path(straight(arm.forward(arm.rest), down(0.5, 0.1, 0.3, 0.3), N), arm.rest)
    assert isinstance(path, PosturePath)
    times = np.linspace(0.0, DURATION, N)
    v = np.gradient(path.qs, times, axis=0)
    a = np.gradient(v, times, axis=0)
    tool_path = arm.forward_path(path.qs)[:, :3, 3]
    segments = (Segment(name="approach", start=0.0, end=1.5), Segment(name="descend", start=1.5, end=DURATION))
    ends = tool_path[[(N - 1) // 2, -1]]
    return SampledMotion(times, path.qs, v, a, np.gradient(a, times, axis=0), tool_path, path.singular_values, segments, ends)


def changed(field: str, row: int, column: int | None, value: float) -> SampledMotion:
    motion = free_motion()
    array = np.array(getattr(motion, field))
    array[row if column is None else (row, column)] = value
    return dataclasses.replace(motion, **{field: array})


def test_a_motion_that_keeps_every_limit_has_no_violation() -> None:
    motion = free_motion()
    clearance = collision_model().with_scene(scene(TABLE)).check_path(motion.positions, 0.08, margin=0.005)
    parts = [SegmentClearance("approach", motion.times, clearance, 0.005)]
    assert check_motion(motion, PANDA, scene(TABLE), parts) == ()
    found = margins(motion, PANDA, parts, stretch=1.2)
    assert 0 < found.velocity < 1 and 0 < found.acceleration < 1 and 0 < found.jerk < 1
    assert found.joint_limit > 0.1 and found.end_error == 0.0 and found.stretch == 1.2
    assert found.smallest_singular_value == pytest.approx(motion.singular_values.min())
    assert found.clearance is None


@pytest.mark.parametrize(
    ("field", "column", "value", "code", "limit", "unit"),
    [
        ("positions", 1, 1.9, "joint_limit", 1.7628, "rad"),
        ("positions", 3, -3.2, "joint_limit", -3.0718, "rad"),
        ("velocities", 0, -2.3, "velocity_limit", 2.175, "rad/s"),
        ("accelerations", 1, 7.6, "acceleration_limit", 7.5, "rad/s^2"),
        ("jerks", 6, 10001.0, "jerk_limit", 10000.0, "rad/s^3"),
        ("tool_path", 0, -1.25, "out_of_workspace", -1.0, "m"),
        ("tool_path", 2, 1.6, "out_of_workspace", 1.5, "m"),
        ("singular_values", None, 0.004, "singularity", 0.02, ""),
    ],
)
def test_a_planted_fault_gives_exactly_its_violation(
    field: str, column: int | None, value: float, code: str, limit: float, unit: str
) -> None:
    (violation,) = check_motion(changed(field, 70, column, value), PANDA, scene())
    assert (violation.code, violation.value, violation.limit, violation.unit) == (code, value, limit, unit)
    assert violation.t == pytest.approx(70 * DURATION / (N - 1))
    assert violation.segment == "descend" and violation.hint
    if field in {"positions", "velocities", "accelerations", "jerks"} and column is not None:
        assert violation.joint == PANDA.joint_names[column]
        assert repr(violation.joint) in violation.message


def test_all_faults_are_listed_in_the_order_of_time() -> None:
    motion = free_motion()
    v, a = np.array(motion.velocities), np.array(motion.accelerations)
    v[80, 0], v[20, 5], a[50, 2] = 3.0, -3.0, 11.0
    faults = check_motion(dataclasses.replace(motion, velocities=v, accelerations=a), PANDA, scene())
    assert [(fault.code, fault.joint) for fault in faults] == [
        ("velocity_limit", "panda_joint6"),
        ("acceleration_limit", "panda_joint3"),
        ("velocity_limit", "panda_joint1"),
    ]


@given(factor=st.floats(0.5, 2.0), joint=st.integers(0, 6), row=st.integers(0, N - 1))
def test_a_rate_is_a_violation_exactly_beyond_its_limit(factor: float, joint: int, row: int) -> None:
    limit = PANDA.joints[joint].velocity
    motion = free_motion()
    velocities = np.zeros_like(motion.velocities)
    velocities[row, joint] = factor * limit
    motion = dataclasses.replace(motion, velocities=velocities)
    faults = check_motion(motion, PANDA, scene())
    assert (faults != ()) == (factor > 1 + 1e-9)
    assert margins(motion, PANDA).velocity == pytest.approx(factor)


def test_a_segment_that_ends_elsewhere_is_named() -> None:
    motion = free_motion()
    ends = motion.ends + np.array([[0.0, 0.0, 0.0], [0.003, 0.0, 0.004]])
    motion = dataclasses.replace(motion, ends=ends)
    (fault,) = check_motion(motion, PANDA, scene())
    assert (fault.code, fault.segment, fault.t) == ("end_error", "descend", DURATION)
    assert fault.value == pytest.approx(0.005) == margins(motion, PANDA).end_error


def collided(
    goal: np.ndarray, *things: object, width: float = 0.0, held: str | None = None
) -> list[tuple[str, str | None, str | None]]:
    arm = kinematics()
    path = arm.inverse_path(straight(arm.forward(arm.rest), goal, 80), arm.rest)
    assert isinstance(path, PosturePath)
    world = scene(*things)
    clearance = collision_model().with_scene(world, held=held).check_path(path.qs, width, margin=0.003)
    parts = [SegmentClearance("approach", np.linspace(0.0, 2.0, 80), clearance, 0.003)]
    motion = dataclasses.replace(free_motion(), segments=(), ends=np.empty((0, 3)))
    faults = check_motion(motion, PANDA, world, parts)
    assert all(fault.value is not None and fault.value < 0.003 == fault.limit and fault.unit == "m" for fault in faults)
    return [(fault.code, fault.link, fault.object) for fault in faults]


def test_coming_too_near_to_the_table_is_about_the_table() -> None:
    found = collided(down(0.45, 0.0, 0.005), TABLE)
    assert found == [("support_clearance", link, "table") for link in ("panda_leftfinger", "panda_rightfinger")]


def test_a_block_in_the_way_is_named_with_the_link() -> None:
    block = thing("red block", Box(size=(0.05, 0.05, 0.05)), Pose(position=(0.5, 0.0, 0.025)))
    assert set(collided(down(0.5, 0.0, 0.05), TABLE, block)) == {
        ("collision", "panda_leftfinger", "red block"),
        ("collision", "panda_rightfinger", "red block"),
    }


def test_the_object_in_the_hand_that_hits_another_is_a_collision_without_a_link() -> None:
    arm = kinematics()
    rod = thing("rod", Box(size=(0.03, 0.03, 0.16)), Pose.from_matrix(arm.forward(arm.rest)))
    block = thing("block", Box(size=(0.04, 0.04, 0.1)), Pose(position=(0.5, 0.0, 0.05)))
    assert collided(down(0.5, 0.0, 0.15), TABLE, rod, block, width=0.04, held="rod") == [("collision", None, "block")]


def test_folding_the_hand_into_the_forearm_is_a_self_collision() -> None:
    q = np.array(PANDA.rest)
    q[5:] = 0.05, PANDA.rest[6] + np.pi / 2
    clearance = collision_model().with_scene(scene()).check_path(np.array([PANDA.rest, q]), 0.0, margin=0.001)
    faults = check_motion(free_motion(), PANDA, scene(), [SegmentClearance("approach", np.array([0.0, 1.0]), clearance, 0.001)])
    assert faults and {fault.code for fault in faults} == {"self_collision"}
    assert any(fault.link == "panda_link5" and "panda_hand" in fault.message for fault in faults)


def far() -> np.ndarray:
    return straight(kinematics().forward(PANDA.rest), down(1.3, 0.0, 0.3), 50)


def aside() -> np.ndarray:
    waypoints = straight(kinematics().forward(PANDA.rest), down(0.5, 0.0, 0.3), 50)
    waypoints[:, 1, 3] += 0.02
    return waypoints


def over_the_wrist() -> np.ndarray:
    qs = np.tile(PANDA.rest, (50, 1))
    qs[:, 6] = np.linspace(PANDA.rest[6], 3.4, 50)
    return kinematics().forward_path(qs)


@pytest.mark.parametrize(
    ("waypoints", "codes", "words"),
    [
        (far, {"unreachable", "singularity", "joint_limit"}, "reach|singular|go to"),
        (aside, {"unreachable"}, "begins 20.0 mm"),
        (over_the_wrist, {"joint_limit"}, "'panda_joint7' would have to go to"),
    ],
)
def test_what_inverse_kinematics_cannot_do_is_said_in_words(
    waypoints: Callable[[], np.ndarray], codes: set[str], words: str
) -> None:
    result = kinematics().inverse_path(waypoints(), PANDA.rest)
    assert isinstance(result, Unreachable)
    faults = reach_violations(result, PANDA, "approach")
    assert {fault.code for fault in faults} <= codes
    assert re.search(words, faults[-1].message)
    for fault, problem in zip(faults, result.problems, strict=True):
        assert fault.segment == "approach" and fault.message.endswith(" in 'approach'.")
        assert fault.value == problem.value and fault.limit == problem.limit


def test_a_motion_of_unequal_lengths_is_wrong_use() -> None:
    motion = free_motion()
    with pytest.raises(ValueError, match="velocities has shape"):
        dataclasses.replace(motion, velocities=motion.velocities[:-1])


def test_a_narrow_workspace_names_each_side_that_is_left() -> None:
    narrow = Workspace(lower=WORKSPACE.lower, upper=(0.45, 0.05, 1.5))
    world = scene().model_copy(update={"workspace": narrow})
    faults = check_motion(free_motion(), PANDA, world)
    assert [(fault.code, fault.limit) for fault in faults] == [("out_of_workspace", 0.45), ("out_of_workspace", 0.05)]
