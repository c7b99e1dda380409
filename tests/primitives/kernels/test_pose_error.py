from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.primitives.kernels.pose_error import half_way, pose_error
from lmp.primitives.kernels.rotation_vector import rotation_vector

DIRECTIONS = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: math.hypot(*axis) > 0.1)
ANGLES = st.one_of(
    st.floats(0, math.pi),
    st.floats(-12, -1).map(lambda exponent: 10.0**exponent),
    st.floats(-12, -1).map(lambda exponent: math.pi - 10.0**exponent),
)


def turned(axis: tuple[float, ...], angle: float) -> np.ndarray:
    return Rotation.from_rotvec(angle * np.array(axis) / math.hypot(*axis)).as_matrix()


@settings(max_examples=150)
@given(axis=DIRECTIONS, angle=ANGLES)
def test_the_rotation_vector_turns_as_the_matrix_does(axis: tuple[float, ...], angle: float) -> None:
    R, found = turned(axis, angle), np.empty(3)
    rotation_vector(R, found)
    np.testing.assert_allclose(Rotation.from_rotvec(found).as_matrix(), R, atol=1e-11)
    if angle < 3.1:
        np.testing.assert_allclose(found, Rotation.from_matrix(R).as_rotvec(), rtol=1e-9, atol=1e-15)
    assert np.linalg.norm(found) <= math.pi + 1e-12


@settings(max_examples=50)
@given(axis=DIRECTIONS, angle=ANGLES, place=DIRECTIONS)
def test_what_is_missing_brings_one_pose_to_the_other(axis: tuple[float, ...], angle: float, place: tuple[float, ...]) -> None:
    R, T_goal, error = turned(place, 1.0), np.eye(4), np.empty(6)
    T_goal[:3, :3], T_goal[:3, 3] = turned(axis, angle) @ R, place
    square = pose_error(R, np.ones(3), T_goal, np.empty((3, 3)), error)
    np.testing.assert_allclose(np.ones(3) + error[:3], place, atol=1e-15)
    np.testing.assert_allclose(Rotation.from_rotvec(error[3:]).as_matrix() @ R, T_goal[:3, :3], atol=1e-11)
    np.testing.assert_allclose(square, error @ error, rtol=1e-14)


@settings(max_examples=50)
@given(axis=DIRECTIONS, angle=ANGLES.filter(lambda angle: angle < 3.1), place=DIRECTIONS)
def test_half_the_way_twice_is_the_way(axis: tuple[float, ...], angle: float, place: tuple[float, ...]) -> None:
    T_a, T_b, T_half = np.eye(4), np.eye(4), np.empty((4, 4))
    T_a[:3, :3] = turned(place, 0.7)
    T_b[:3, :3], T_b[:3, 3] = turned(axis, angle) @ T_a[:3, :3], place
    half_way(T_a, T_b, np.empty((3, 3)), T_half)
    step = T_half[:3, :3] @ T_a[:3, :3].T
    np.testing.assert_allclose(step @ step @ T_a[:3, :3], T_b[:3, :3], atol=1e-11)
    np.testing.assert_allclose(Rotation.from_matrix(step).magnitude(), angle / 2, atol=1e-9)
    np.testing.assert_allclose(T_half[:3, 3], np.array(place) / 2, atol=1e-15)
    np.testing.assert_array_equal(T_half[3], [0, 0, 0, 1])
