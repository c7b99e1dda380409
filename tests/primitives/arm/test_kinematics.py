from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pybullet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from panda_arm import PANDA, down, kinematics, postures
from scipy.spatial.transform import Rotation

from lmp.errors import BadFile
from lmp.primitives.arm.kinematics import Kinematics
from lmp.primitives.arm.reachability import Posture, Unreachable
from lmp.robots.robot_file import robot_urdf
from lmp.schema.pose import Pose


@contextmanager
def bullet() -> Iterator[int]:
    client = pybullet.connect(pybullet.DIRECT)
    try:
        yield client
    finally:
        pybullet.disconnect(client)


def test_forward_kinematics_agree_with_pybullet() -> None:
    arm = kinematics()
    with bullet() as client:
        body = pybullet.loadURDF(str(robot_urdf(PANDA).path), useFixedBase=True, physicsClientId=client)
        infos = [pybullet.getJointInfo(body, index, client) for index in range(pybullet.getNumJoints(body, client))]
        index = {info[1].decode(): info[0] for info in infos}
        target = next(info[0] for info in infos if info[12] == b"panda_grasptarget")
        for q in postures(20, seed=1):
            for name, value in zip(PANDA.joint_names, q, strict=True):
                pybullet.resetJointState(body, index[name], value, physicsClientId=client)
            state = pybullet.getLinkState(body, target, computeForwardKinematics=True, physicsClientId=client)
            T_world_tool = arm.forward(q)
            np.testing.assert_allclose(T_world_tool[:3, 3], state[4], atol=1e-6)
            np.testing.assert_allclose(T_world_tool[:3, :3], Rotation.from_quat(state[5]).as_matrix(), atol=1e-6)


def test_the_jacobian_is_the_derivative_of_the_pose() -> None:
    arm, h = kinematics(), 1e-6
    for q in postures(10, seed=2):
        J = arm.jacobian(q)
        for joint in range(arm.dof):
            step = h * np.eye(arm.dof)[joint]
            ahead, behind = arm.forward(q + step), arm.forward(q - step)
            turn = Rotation.from_matrix(ahead[:3, :3] @ behind[:3, :3].T).as_rotvec()
            moved = np.concatenate([ahead[:3, 3] - behind[:3, 3], turn]) / (2 * h)
            np.testing.assert_allclose(J[:, joint], moved, atol=1e-8)


def test_a_path_is_its_poses() -> None:
    qs = postures(5, seed=3)
    np.testing.assert_array_equal(kinematics().forward_path(qs), [kinematics().forward(q) for q in qs])


def test_the_arm_is_singular_where_it_comes_nearest_to_what_it_cannot_reach() -> None:
    """At an unhindered minimum of the squared error e the gradient J^T e vanishes, so that J has lost a rank."""
    arm = kinematics()
    result = arm.inverse(down(1.2, 0.0, 0.3))
    assert isinstance(result, Unreachable) and result.problems[0].reason == "reach"
    values = arm.singular_values([arm.rest, result.nearest])
    assert values[0] > 0.1
    assert values[1] < 1e-3
    assert values[1] == pytest.approx(np.linalg.svd(arm.jacobian(result.nearest))[1][-1])


@settings(max_examples=10)
@given(x=st.floats(-1, 1), y=st.floats(-1, 1), yaw=st.floats(-3, 3))
def test_moving_the_base_moves_the_tool_with_it(x: float, y: float, yaw: float) -> None:
    base = Pose.from_yaw((x, y, 0.2), yaw)
    moved = Kinematics(PANDA.model_copy(update={"base": base}))
    for q in postures(3, seed=4):
        np.testing.assert_allclose(moved.forward(q), base.matrix @ kinematics().forward(q), atol=1e-12)


def test_the_rest_posture_points_straight_down_above_the_table() -> None:
    T_world_tool = kinematics().forward(PANDA.rest)
    np.testing.assert_allclose(T_world_tool[:3, :3], np.diag([1.0, -1.0, -1.0]), atol=1e-9)
    assert 0.35 < T_world_tool[2, 3] < 0.45


def test_wrong_use_is_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(6,\), expected \(7,\)"):
        kinematics().forward(np.zeros(6))
    with pytest.raises(ValueError, match=r"expected \(n, 7\)"):
        kinematics().forward_path(np.zeros(7))
    with pytest.raises(ValueError, match="finite"):
        kinematics().inverse(np.full((4, 4), np.nan))
    with pytest.raises(BadFile, match=r"'panda_hnd' \(tool_link\) that is not there. Did you mean 'panda_hand'\?"):
        Kinematics(PANDA.model_copy(update={"tool_link": "panda_hnd"}))
    renamed = PANDA.joints[0].model_copy(update={"name": "panda_joint8x"})
    with pytest.raises(BadFile, match="names a joint 'panda_joint8x'"):
        Kinematics(PANDA.model_copy(update={"joints": (renamed, *PANDA.joints[1:])}))


def transposed() -> np.ndarray:
    return kinematics().forward(PANDA.rest).T


@pytest.mark.parametrize(
    ("T", "said"),
    [
        (2.0 * np.eye(4), r"the matrix is no pose: its last row is \(0, 0, 0, 2\)"),
        (np.zeros((4, 4)), r"its last row is \(0, 0, 0, 0\)"),
        (np.diag([2.0, 2.0, 2.0, 1.0]), "it is 3 from orthonormal, with determinant 8"),
        (np.diag([1.0, 1.0, -1.0, 1.0]), "it is 0 from orthonormal, with determinant -1"),
        (transposed(), "expected \\(0, 0, 0, 1\\); is it transposed?"),
        (np.full((4, 4), np.nan), "poses have to be finite, 16 of 16 numbers are not"),
    ],
)
def test_a_matrix_that_is_no_pose_is_refused_by_every_inverse(T: np.ndarray, said: str) -> None:
    arm, good = kinematics(), kinematics().forward(PANDA.rest)
    with pytest.raises(ValueError, match=said):
        arm.inverse(T)
    for inverse in (arm.inverse_poses, lambda poses: arm.inverse_path(poses, arm.rest)):
        with pytest.raises(ValueError, match=said.replace("the matrix", "matrix 1 of 2").replace("16 of 16", "16 of 32")):
            inverse(np.stack([good, T]))
    with pytest.raises(ValueError, match=r"no pose|finite"):
        arm.inverse_many(np.stack([good, T])[None], arm.rest)


def test_rounding_makes_no_other_pose() -> None:
    arm = kinematics()
    T = arm.forward(arm.rest + 0.1)
    rounded = np.round(T, 6)
    rounded[3, :3] = -0.0, 1e-17, 0.0
    assert isinstance(arm.inverse(rounded), Posture)
    listed = arm.inverse(T.tolist(), seeds=list(arm.rest))
    assert isinstance(listed, Posture)
    assert listed.position_error <= 1e-6


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda arm, T: arm.inverse(None), "a pose None came, expected numbers"),
        (lambda arm, T: arm.inverse("here"), "a pose 'here' came, expected numbers"),
        (lambda arm, T: arm.inverse(T[:3, :3]), r"a pose has shape \(3, 3\), expected \(4, 4\)"),
        (lambda arm, T: arm.inverse(T, np.zeros(6)), r"seeds have shape \(6,\), expected \(k, 7\)"),
        (lambda arm, T: arm.inverse(T, np.zeros((1, 1, 7))), r"seeds have shape \(1, 1, 7\), expected \(k, 7\)"),
        (lambda arm, T: arm.inverse(T, []), r"seeds have shape \(0,\), expected \(k, 7\) with one at least"),
        (lambda arm, T: arm.inverse_poses(T[None], np.zeros((0, 7))), "with one at least"),
        (lambda arm, T: arm.inverse(T, np.full(7, np.nan)), "seeds have to be finite"),
        (lambda arm, T: arm.inverse_path(T[None], np.full(7, np.nan)), "joint positions have to be finite, 7 of 7"),
        (lambda arm, T: arm.inverse_path(T[None], "rest"), "joint positions 'rest' came"),
        (lambda arm, T: arm.inverse_many(T[None, None], np.full(7, np.nan)), "joint positions have to be finite"),
        (lambda arm, T: arm.inverse_many(T[None], arm.rest), r"paths have shape \(1, 4, 4\), expected \(k, n, 4, 4\)"),
    ],
)
def test_what_inverse_kinematics_cannot_begin_with_is_named(use: Callable[[Kinematics, np.ndarray], object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        use(kinematics(), kinematics().forward(PANDA.rest))
