import numpy as np
import pytest

from lmp.primitives.dmp.min_jerk import minimum_jerk_matrices
from lmp.primitives.kernels.joint_needs import joint_needs
from lmp.primitives.moving.stretching import STRETCHES, next_stretch

LIMITS = np.array([[2.0, 1.0], [8.0, 6.0], [400.0, 400.0]])
STILL = np.array([[0.1, 0.4], [0.0, 0.0], [0.0, 0.0]])
GOAL = np.array([1.0, -0.3])


def test_needs_are_those_of_quintics():
    joints, durations = np.vstack([STILL[0], [0.4, -0.2], [1.0, 0.5]]), np.array([0.5, 1.0, 2.5])
    found = np.empty(3)
    joint_needs(joints, GOAL, LIMITS, durations, found)
    for need, duration in zip(found, durations, strict=True):
        values = np.stack([joints[0], joints[1] * duration, joints[2] * duration**2, GOAL])
        _, velocity, acceleration = (matrix @ values for matrix in minimum_jerk_matrices(np.linspace(0.0, 1.0, 2001)))
        used = np.abs(velocity / duration / LIMITS[0]).max(), np.abs(acceleration / duration**2 / LIMITS[1]).max()
        assert need == pytest.approx(max(used[0], used[1] ** 0.5), rel=5e-3)


@pytest.mark.parametrize("need", [1.01, 1.3, 3.7, 15.0])
def test_from_rest_the_least_factor_that_is_enough_is_taken(need):
    found = next_stretch(1.0, need, STILL, GOAL, 1.0, LIMITS)
    assert found == STRETCHES[need <= STRETCHES][0]


def test_where_more_time_is_no_help_none_is_taken():
    stopping = np.array([[0.1, 0.4], [0.0, 0.0], [7.9, 5.9]])
    assert next_stretch(float(STRETCHES[-1]), 1.5, STILL, GOAL, 1.0, LIMITS) is None
    assert next_stretch(1.0, 1.5, stopping, stopping[0], 0.2, LIMITS) is None
