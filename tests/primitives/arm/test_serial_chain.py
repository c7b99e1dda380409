"""Any serial arm, five to seven joints, turning or sliding: tool, Jacobian and motion as Pinocchio has them."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_arm import RANGE, random_arm

from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.arm.kinematics import TOOL_FRAME, Kinematics, robot_model
from lmp.primitives.arm.serial_chain import SerialChain
from lmp.robots.robot_file import load_robot
from lmp.schema.robot import RobotDescription


def assert_like_pinocchio(description: RobotDescription, rng: np.random.Generator) -> None:
    model, arm = robot_model(description), Kinematics(description)
    locked = [index for index, name in enumerate(model.names) if index and name not in description.joint_names]
    reduced = pin.buildReducedModel(model, locked, pin.neutral(model))
    chain = SerialChain.of(JointTree.of(model, description, TOOL_FRAME))
    data, frame = reduced.createData(), reduced.getFrameId(TOOL_FRAME)
    qs, rates = rng.uniform(-RANGE, RANGE, (2, 4, arm.dof))
    positions, velocities, values = arm.tool_motion(qs, rates)
    np.testing.assert_array_equal(arm.tool_velocities(qs, rates), velocities)
    np.testing.assert_array_equal(arm.singular_values(qs), values)
    for index, (q, rate) in enumerate(zip(qs, rates, strict=True)):
        pin.computeJointJacobians(reduced, data, q)
        truth = pin.updateFramePlacement(reduced, data, frame).homogeneous
        J = pin.getFrameJacobian(reduced, data, frame, pin.LOCAL_WORLD_ALIGNED)
        position, rotation, jacobian = arm.tool_state(q)
        np.testing.assert_allclose(arm.forward(q), truth, atol=1e-13)
        np.testing.assert_allclose(rotation, truth[:3, :3], atol=1e-13)
        np.testing.assert_allclose(position, truth[:3, 3], atol=1e-13)
        np.testing.assert_allclose(jacobian, J, atol=1e-13)
        np.testing.assert_allclose(positions[index], truth[:3, 3], atol=1e-13)
        np.testing.assert_allclose(velocities[index], (J @ rate)[:3], atol=1e-12)
        smallest = np.linalg.svd(J, compute_uv=False)[-1]
        assert values[index] == pytest.approx(smallest, rel=1e-8, abs=1e-13)
        if smallest > 1e-3:  # The Gram matrix squares what is small.
            assert not chain.is_singular(q[None], 0.999 * smallest)
            assert chain.is_singular(np.stack([q, q]), 1.001 * smallest)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), dof=st.integers(2, 8))
def test_the_tool_of_any_arm_is_where_pinocchio_has_it(seed: int, dof: int) -> None:
    assert_like_pinocchio(random_arm(seed, dof), np.random.default_rng(seed))


@pytest.mark.parametrize("name", ["panda", "iiwa14", "xarm6", "ur5e"])
def test_the_tools_of_the_arms_that_come_along_are(name: str) -> None:
    assert_like_pinocchio(load_robot(name), np.random.default_rng(0))


def test_a_motion_needs_as_many_velocities_as_postures() -> None:
    arm = Kinematics(load_robot("panda"))
    with pytest.raises(ValueError, match="2 joint positions and 1 joint velocities do not belong together"):
        arm.tool_motion(np.zeros((2, 7)), np.zeros((1, 7)))
    with pytest.raises(ValueError, match=r"shape \(2, 6\), expected \(n, 7\)"):
        arm.singular_values(np.zeros((2, 6)))
