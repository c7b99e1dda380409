from __future__ import annotations

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA
from random_arm import random_arm

from lmp.primitives.arm.joint_tree import JointTree
from lmp.primitives.arm.kinematics import TOOL_FRAME, robot_model
from lmp.schema.robot import RobotDescription


def configuration(model: pin.Model, values: np.ndarray) -> np.ndarray:
    """Pinocchio's configuration for joint values by number; joints without ends take cosine and sine."""
    q = pin.neutral(model)
    for joint, value in zip(model.joints[1:], values[1:], strict=True):
        q[joint.idx_q : joint.idx_q + joint.nq] = (np.cos(value), np.sin(value)) if joint.nq == 2 else value
    return q


def assert_like_pinocchio(description: RobotDescription, rng: np.random.Generator) -> None:
    model = robot_model(description)
    data = model.createData()
    tree = JointTree.of(model, description, TOOL_FRAME)
    values = rng.uniform(-2.0, 2.0, (3, len(tree.names)))
    R, p = tree.placements(values)
    for row, one in enumerate(values):
        pin.framesForwardKinematics(model, data, configuration(model, one))
        np.testing.assert_allclose(R[row], [placement.rotation for placement in data.oMi], atol=1e-13)
        np.testing.assert_allclose(p[row], [placement.translation for placement in data.oMi], atol=1e-13)
        T_world_joint = np.eye(4)
        T_world_joint[:3, :3], T_world_joint[:3, 3] = R[row, tree.tool], p[row, tree.tool]
        tool = data.oMf[model.getFrameId(TOOL_FRAME)].homogeneous
        np.testing.assert_allclose(T_world_joint @ tree.T_joint_tool, tool, atol=1e-13)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6), dof=st.integers(1, 8))
def test_the_joints_of_any_arm_are_where_pinocchio_has_them(seed: int, dof: int) -> None:
    assert_like_pinocchio(random_arm(seed, dof), np.random.default_rng(seed))


def test_the_joints_of_the_panda_are_where_pinocchio_has_them() -> None:
    assert_like_pinocchio(PANDA, np.random.default_rng(0))


def test_values_are_filed_under_the_joints_they_are_of() -> None:
    tree = JointTree.of(robot_model(PANDA), PANDA, TOOL_FRAME)
    values = tree.values(PANDA.rest, 0.04)
    by_name = dict(zip(tree.names, values, strict=True))
    assert [by_name[name] for name in PANDA.joint_names] == list(PANDA.rest)
    assert [by_name[name] for name in PANDA.gripper.joints] == [0.04, 0.04]
    assert tree.names[tree.tool] == "panda_joint7" and values[0] == 0.0
    assert tree.values(np.ones((5, 7)), np.zeros((5, 2))).shape == (5, len(tree.names))


def test_wrong_shapes_are_refused() -> None:
    tree = JointTree.of(robot_model(PANDA), PANDA, TOOL_FRAME)
    with pytest.raises(ValueError, match=r"shape \(7,\), expected \(k, 10\)"):
        tree.placements(np.zeros(7))
