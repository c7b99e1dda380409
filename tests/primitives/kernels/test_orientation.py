import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.primitives.kernels.orientation import orientations, vectors_between

angles = st.one_of(st.floats(0.0, np.pi), st.sampled_from([0.0, 1e-12, 1e-5, 0.0499, 0.0501, 2.69, 2.7, np.pi - 1e-7, np.pi]))
axes = st.tuples(*[st.floats(-1.0, 1.0)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 1e-2)
seeds = st.integers(0, 2**32 - 1)


def rotation(seed: int) -> np.ndarray:
    return Rotation.random(rng=np.random.default_rng(seed)).as_matrix()


def turned(vectors: np.ndarray, goal: np.ndarray, phases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rotations, velocities = np.empty((1, len(phases), 3, 3)), np.empty((1, len(phases), 3))
    quintic = np.zeros((1, 4, 3))
    quintic[0, 0] = vectors
    orientations(quintic, 0.0, np.ascontiguousarray(goal)[None], phases, True, rotations, velocities)
    return rotations[0], velocities[0]


@settings(max_examples=100)
@given(axes, angles, seeds)
def test_the_vector_between_two_rotations_turns_one_into_the_other(axis, angle, seed):
    goal = rotation(seed)
    start = Rotation.from_rotvec(angle * axis / np.linalg.norm(axis)).as_matrix() @ goal
    vectors = np.empty((1, 3))
    assert vectors_between(start[None], goal[None], 1e-5, vectors) == -1
    assert np.linalg.norm(vectors[0]) == pytest.approx(angle, abs=1e-7)
    assert np.linalg.norm(vectors[0]) <= np.pi + 1e-12
    assert Rotation.from_rotvec(vectors[0]).as_matrix() @ goal == pytest.approx(start, abs=1e-12)


@settings(max_examples=50)
@given(axes, angles, seeds)
def test_orientations_are_scipys_along_the_minimum_jerk_quintic(axis, angle, seed):
    vector, goal, p = angle * axis / np.linalg.norm(axis), rotation(seed), np.linspace(0.0, 1.0, 9)
    left = 1.0 - (10 * p**3 - 15 * p**4 + 6 * p**5)
    expected = Rotation.from_rotvec(left[:, None] * vector).as_matrix() @ goal
    assert turned(vector, goal, p)[0] == pytest.approx(expected, abs=1e-13)


@pytest.mark.parametrize("scale", [1e-3, 0.04, 0.06, 1.0, 3.0])
def test_angular_velocities_are_the_derivatives_of_the_rotations(scale):
    """Observed order: central differences come nearer with the square of their step."""
    vector, goal, p = scale * np.array([0.48, -0.6, 0.64]), rotation(3), np.array([0.2, 0.5, 0.77])
    quintic = np.stack([vector, [3.0, -1.0, 2.0], [0.5, 4.0, -1.0], np.zeros(3)])[None]
    errors = []
    for h in (4e-3, 2e-3, 1e-3):
        samples = []
        for phases in (p + h, p - h, p):
            rotations, velocities = np.empty((1, 3, 3, 3)), np.empty((1, 3, 3))
            orientations(quintic, 0.1, goal[None], phases, True, rotations, velocities)
            samples.append(rotations[0])
        turns = Rotation.from_matrix(samples[0] @ samples[1].transpose(0, 2, 1)).as_rotvec()
        errors.append(np.abs(turns / (2.0 * h) - velocities[0]).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.2)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(("place", "answer"), [(("start", 1), 2), (("goal", 0), 1), (("goal", 2), 5)])
def test_what_is_no_rotation_is_named(place, answer):
    for wrong in (np.zeros((3, 3)), np.diag([1.0, 1.0, -1.0]), np.full((3, 3), np.nan), np.eye(3) + 1e-3):
        both = {"start": np.tile(np.eye(3), (3, 1, 1)), "goal": np.tile(np.eye(3), (3, 1, 1))}
        both[place[0]][place[1]] = wrong
        assert vectors_between(both["start"], both["goal"], 1e-5, np.empty((3, 3))) == answer
