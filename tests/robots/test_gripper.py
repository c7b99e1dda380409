"""From a width to the positions of the finger joints and back, against the URDF's own kinematics."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from lmp.errors import SetupFault
from lmp.robots.robot_file import load_robot, robot_urdf
from lmp.schema.gripper import FingerTravel, GripperDescription

PANDA, XARM = (load_robot(name) for name in ("panda", "xarm6"))
INNER_FACE = 0.026
"""Distance of the pad's face from the joint of an xArm finger, along the closing direction: an extent of its mesh [m]."""


@pytest.mark.parametrize("width", [0.0, 0.013, 0.08])
def test_fingers_that_slide_stand_half_of_the_width_away(width: float) -> None:
    gripper = PANDA.fingers
    assert gripper.joint_positions(width).tolist() == [width / 2, width / 2]
    assert gripper.width_at([width / 2, width / 2]) == width
    assert gripper.joint_rates(width).tolist() == [0.5, 0.5]


@given(st.floats(0.0016, 0.084))
@settings(max_examples=30)
def test_the_pads_of_the_linkage_are_as_far_apart_as_the_width(width: float) -> None:
    model = pin.buildModelFromUrdf(str(robot_urdf(XARM).path))
    data, q = model.createData(), pin.neutral(model)
    for joint, position in zip(XARM.fingers.joints, XARM.fingers.joint_positions(width), strict=True):
        q[model.joints[model.getJointId(joint)].idx_q] = position
    pin.framesForwardKinematics(model, data, q)
    hand, left, right = (data.oMf[model.getFrameId(name)] for name in ("xarm_gripper_base_link", "left_finger", "right_finger"))
    one, other = (hand.actInv(finger.act(np.array([0.0, y, 0.05]))) for finger, y in ((left, -INNER_FACE), (right, INNER_FACE)))
    np.testing.assert_allclose(one - other, [0.0, width, 0.0], atol=2e-4)
    np.testing.assert_allclose((hand.inverse() * left).rotation, np.eye(3), atol=1e-6)


@given(st.floats(0.002, 0.083))
def test_width_and_positions_belong_together(width: float) -> None:
    gripper = XARM.fingers
    assert gripper.width_at(gripper.joint_positions(width)) == pytest.approx(width, abs=1e-12)


@pytest.mark.parametrize("width", [0.003, 0.015, 0.045, 0.0825])
def test_rates_are_the_slope_of_the_positions(width: float) -> None:
    gripper, step = XARM.fingers, 1e-6
    slope = (gripper.joint_positions(width + step) - gripper.joint_positions(width - step)) / (2 * step)
    np.testing.assert_allclose(gripper.joint_rates(width), slope, rtol=1e-6)


def test_many_widths_at_once_and_widths_beyond_the_ends() -> None:
    gripper = XARM.fingers
    widths = np.array([0.0, 0.02, 0.084, 0.2])
    many = gripper.joint_positions(widths)
    assert many.shape == (4, 6)
    np.testing.assert_array_equal(many[1], gripper.joint_positions(0.02))
    assert many[0, 0] == gripper.travel[0].position and many[3, 0] == gripper.travel[-1].position


def test_joints_may_turn_by_multiples() -> None:
    gripper = PANDA.fingers.model_copy(update={"ratios": (1.0, -2.0)})
    assert gripper.joint_positions(0.06).tolist() == [0.03, -0.06]
    assert gripper.width_at([0.03, -0.06]) == pytest.approx(0.06)
    assert gripper.joint_rates(0.06).tolist() == [0.5, -1.0]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ratios": (1.0,)}, "one number other than 0 for each of the 2 joints"),
        ({"ratios": (1.0, 0.0)}, "one number other than 0 for each of the 2 joints"),
        ({"travel": ((0.0, 0.8),)}, "two rows or more are needed"),
        ({"travel": ((0.0, 0.8), (0.09, 0.1), (0.05, 0.0))}, "from the narrowest width to the widest"),
        ({"travel": ((0.0, 0.8), (0.05, 0.1), (0.09, 0.2))}, "the position has to rise from row to row, or to fall"),
        ({"travel": ((0.0, 0.8), (0.05, 0.1))}, "it ends at a width of 0.05 m; max_width is 0.08 m"),
    ],
)
def test_a_gripper_that_cannot_be_is_refused(changed: dict, words: str) -> None:
    if "travel" in changed:
        changed = {"travel": [FingerTravel(width=width, position=position) for width, position in changed["travel"]]}
    with pytest.raises(ValidationError, match=words):
        GripperDescription.model_validate(PANDA.fingers.model_dump() | changed)


def test_a_robot_without_a_gripper_says_so_where_one_is_needed() -> None:
    arm = load_robot("iiwa14")
    assert arm.gripper is None and arm.max_width == arm.max_force == arm.tip_length == 0.0
    assert arm.finger_joints == arm.finger_links == ()
    assert arm.finger_positions(np.zeros(3)).shape == (3, 0) and arm.finger_positions(0.0).shape == (0,)
    with pytest.raises(SetupFault, match="The robot 'iiwa14' has no gripper; choose one that has"):
        _ = arm.fingers
