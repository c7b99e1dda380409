"""Arms of fewer than six joints: the place exactly, the orientation as near as a witness comes, within the leeway."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
import pytest
from few_joints import ARMS, few_joints
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from panda_arm import PANDA
from scipy.spatial.transform import Rotation

from lmp.primitives.arm.kinematics import TOOL_FRAME, Kinematics, robot_model
from lmp.primitives.arm.leeway import IN_THE_AIR, Leeway, turned_by
from lmp.primitives.arm.partial_poses import ALIKE, RESERVE
from lmp.primitives.arm.reachability import PosturePath, Unreachable

Array = NDArray[np.float64]
KINEMATICS = {name: Kinematics(few_joints(name)) for name in ARMS}
NAMES = st.sampled_from(sorted(ARMS))
UNIT = st.floats(0.0, 1.0)


def peer(name: str, q: Array) -> Array:
    """The tool's pose as Pinocchio has it. Shape (4, 4)."""
    model = robot_model(few_joints(name))
    data, full = model.createData(), pin.neutral(model)
    for index, value in enumerate(q, start=1):
        full[model.idx_qs[model.getJointId(f"j{index}")]] = value
    pin.framesForwardKinematics(model, data, full)
    return np.array(data.oMf[model.getFrameId(TOOL_FRAME)].homogeneous)


def posture(name: str, shares: list[float]) -> Array:
    """A posture well inside the ranges, by shares of them. Shape (dof,)."""
    kinematics = KINEMATICS[name]
    room = RESERVE + 0.02
    low, high = kinematics.lower + room, kinematics.upper - room
    return low + np.array(shares[: kinematics.dof]) * (high - low)


@settings(max_examples=60, deadline=None)
@given(name=NAMES, shares=st.lists(UNIT, min_size=5, max_size=5), axis=st.integers(0, 2), angle=st.floats(-0.6, 0.6))
def test_the_turn_is_no_larger_than_that_of_a_posture_that_is_known_to_be_there(
    name: str, shares: list[float], axis: int, angle: float
) -> None:
    """The witness: a posture whose pose is the requested one but for a turn. Its place has to be met, too."""
    witness = posture(name, shares)
    T_world_goal = peer(name, witness)
    T_world_goal[:3, :3] = T_world_goal[:3, :3] @ Rotation.from_rotvec(angle * np.eye(3)[axis]).as_matrix()
    found = KINEMATICS[name].turned(T_world_goal, witness, IN_THE_AIR)
    assert found is not None
    assert np.abs(found.T_world_tool[:3, 3] - T_world_goal[:3, 3]).max() == 0.0
    np.testing.assert_allclose(peer(name, found.q), found.T_world_tool, atol=2e-5)
    np.testing.assert_allclose(turned_by(T_world_goal[:3, :3], found.T_world_tool[:3, :3]), found.turned, atol=1e-9)
    assert np.linalg.norm(found.turned) <= abs(angle) + ALIKE
    assert (found.q >= KINEMATICS[name].lower).all() and (found.q <= KINEMATICS[name].upper).all()


@settings(max_examples=30, deadline=None)
@given(name=NAMES, shares=st.lists(UNIT, min_size=5, max_size=5))
def test_a_pose_in_reach_is_not_turned(name: str, shares: list[float]) -> None:
    q = posture(name, shares)
    found = KINEMATICS[name].turned(peer(name, q), q, Leeway(slope=1e-3, lean=1e-3, turn=1e-3))
    assert found is not None and np.linalg.norm(found.turned) < 1e-4


@settings(max_examples=40, deadline=None)
@given(
    name=NAMES,
    shares=st.lists(UNIT, min_size=5, max_size=5),
    rotation=st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=3),
    most=st.tuples(*[st.floats(0.01, 0.5)] * 3),
)
def test_no_turn_is_larger_than_the_leeway(
    name: str, shares: list[float], rotation: list[float], most: tuple[float, float, float]
) -> None:
    T_world_goal = peer(name, posture(name, shares))
    T_world_goal[:3, :3] = T_world_goal[:3, :3] @ Rotation.from_rotvec(rotation).as_matrix()
    found = KINEMATICS[name].turned(T_world_goal, KINEMATICS[name].rest, Leeway(*most))
    if found is not None:
        assert (np.abs(found.turned) <= np.array(most)).all()


def test_a_place_out_of_reach_has_no_pose_however_it_is_turned() -> None:
    for kinematics in KINEMATICS.values():
        T_world_goal = kinematics.forward(kinematics.rest)
        T_world_goal[0, 3] += 2.0
        assert kinematics.turned(T_world_goal, kinematics.rest, Leeway(4.0, 4.0, 4.0)) is None


@pytest.mark.parametrize("name", ["small", "large"])
def test_a_path_that_has_to_lean_keeps_its_places_and_goes_without_a_jump(name: str) -> None:
    """Straight up from a posture with the gripper down, to a height at which the gripper cannot point down any more."""
    kinematics = KINEMATICS[name]
    T_world_start = kinematics.forward(kinematics.rest)
    T_world_end = T_world_start.copy()
    rises = np.arange(0.02, 0.4, 0.02)
    rise = next(z for z in rises if not reached(kinematics, T_world_start, z))
    T_world_end[2, 3] += rise
    end = kinematics.turned(T_world_end, kinematics.rest, IN_THE_AIR)
    assert end is not None
    shares = np.linspace(0.0, 1.0, 30)
    poses = np.tile(T_world_start, (30, 1, 1))
    poses[:, 2, 3] += shares * rise
    between = Rotation.from_matrix(T_world_start[:3, :3].T @ end.T_world_tool[:3, :3]).as_rotvec()
    poses[:, :3, :3] = T_world_start[:3, :3] @ Rotation.from_rotvec(shares[:, None] * between).as_matrix()
    path = kinematics.inverse_path(poses, kinematics.rest, IN_THE_AIR)
    assert isinstance(path, PosturePath)
    places = np.array([peer(name, q)[:3, 3] for q in path.qs])
    assert np.abs(places - poses[:, :3, 3]).max() < 1e-4
    assert np.abs(np.diff(path.qs, axis=0)).max() < 0.1
    np.testing.assert_allclose(peer(name, path.qs[-1]), end.T_world_tool, atol=2e-3)


def reached(kinematics: Kinematics, T_world_start: Array, rise: float) -> bool:
    T_world_up = T_world_start.copy()
    T_world_up[2, 3] += rise
    return not isinstance(kinematics.inverse(T_world_up), Unreachable)


def test_a_path_is_refused_that_leaves_the_leeway() -> None:
    """Sideways, the gripper held as it is: an arm of five joints turns with its first joint where it leans."""
    kinematics = KINEMATICS["large"]
    q = kinematics.rest - np.array([0.0, 0.0, 0.0, 0.8, 0.0])
    poses = np.tile(kinematics.forward(q), (20, 1, 1))
    poses[:, 1, 3] += np.linspace(0.0, 0.15, 20)
    assert isinstance(kinematics.inverse_path(poses, q, Leeway(0.01, 0.01, 0.01)), Unreachable)
    assert isinstance(kinematics.inverse_path(poses, q), Unreachable)


def test_six_joints_and_more_are_left_alone() -> None:
    kinematics = Kinematics(PANDA)
    T_world_goal = kinematics.forward(kinematics.rest)
    assert kinematics.takes_any_pose
    assert kinematics.turned(T_world_goal, kinematics.rest, IN_THE_AIR) is None
