import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.errors import SetupFault
from lmp.primitives.dmp.orientation_dmp import OrientationPath
from lmp.primitives.dmp.rotation_vector import (
    angular_acceleration,
    angular_velocity,
    exp_rotation,
    log_rotation,
    rates_of_vector,
)

P = np.linspace(0.0, 1.0, 101)
components = st.floats(-1.8, 1.8)
vectors = st.tuples(components, components, components).map(np.array)
rotations = st.integers(0, 2**32 - 1).map(lambda seed: Rotation.random(rng=np.random.default_rng(seed)).as_matrix())


def angle_between(one: np.ndarray, other: np.ndarray) -> float:
    return float(Rotation.from_matrix(one @ other.T).magnitude())


@given(vectors)
def test_exponential_agrees_with_scipy(vector):
    assert exp_rotation(vector) == pytest.approx(Rotation.from_rotvec(vector).as_matrix(), abs=1e-14)


@settings(max_examples=200)
@given(rotations)
def test_logarithm_agrees_with_scipy(rotation):
    assert log_rotation(rotation) == pytest.approx(Rotation.from_matrix(rotation).as_rotvec(), abs=1e-12)


@given(vectors, st.floats(0.0, np.pi))
def test_logarithm_undoes_the_exponential_from_nothing_to_half_a_turn(vector, angle):
    norm = np.linalg.norm(vector)
    axis = vector / norm if norm > 1e-3 else np.array([0.0, 0.6, -0.8])
    again = exp_rotation(log_rotation(exp_rotation(angle * axis)))
    assert again == pytest.approx(exp_rotation(angle * axis), abs=1e-13)


@pytest.mark.parametrize("angle", [1e-12, 1e-7, 1e-4, 0.0499, 0.0501, 2.0, 3.0, np.pi - 1e-7])
def test_logarithm_is_exact_at_every_scale(angle):
    vector = angle * np.array([0.48, -0.6, 0.64])
    assert log_rotation(exp_rotation(vector)) == pytest.approx(vector, abs=1e-9 if angle > 3.1 else 1e-14)


@pytest.mark.parametrize("axis", [[1.0, 0.0, 0.0], [0.0, 0.6, 0.8], [-0.6, 0.0, 0.8]])
def test_half_a_turn_has_one_answer(axis):
    axis = np.array(axis)
    half = log_rotation(2.0 * np.outer(axis, axis) - np.eye(3))
    assert np.linalg.norm(half) == pytest.approx(np.pi, abs=1e-12)
    assert abs(half @ axis) == pytest.approx(np.pi, abs=1e-12)


@pytest.mark.parametrize("scale", [0.0, 1e-3, 0.04, 0.06, 1.0, 2.9])
def test_angular_velocity_and_acceleration_are_derivatives_of_the_rotation(scale):
    """Observed order: central differences of the rotation come nearer with the square of their step."""
    rng = np.random.default_rng(7)
    e, rate, second = scale * np.array([0.48, -0.6, 0.64]), rng.normal(size=3), rng.normal(size=3)

    def moved(t: float) -> tuple[np.ndarray, np.ndarray]:
        return e + rate * t + second * t**2 / 2, rate + second * t

    errors = []
    for h in (4e-2, 2e-2, 1e-2):
        turn = exp_rotation(moved(h)[0]) @ exp_rotation(moved(-h)[0]).T
        velocity = Rotation.from_matrix(turn).as_rotvec() / (2 * h)
        ahead, behind = angular_velocity(*moved(h)), angular_velocity(*moved(-h))
        change = (ahead - behind) / (2 * h)
        errors.append(
            [
                np.linalg.norm(velocity - angular_velocity(e, rate)),
                np.linalg.norm(change - angular_acceleration(e, rate, second)),
            ]
        )
    orders = np.log2(np.array(errors)[:-1] / np.array(errors)[1:])
    assert orders == pytest.approx(2.0 * np.ones((2, 2)), abs=0.2)


def test_series_and_quotients_agree_where_they_meet():
    axis, rate = np.array([0.48, -0.6, 0.64]), np.array([20.0, 3.0, -10.0])
    below, above = ((0.05 + side) * axis for side in (-1e-12, 1e-12))
    for one, other in (
        (exp_rotation(below), exp_rotation(above)),
        (angular_velocity(below, rate), angular_velocity(above, rate)),
        (angular_acceleration(below, rate, axis), angular_acceleration(above, rate, axis)),
    ):
        assert np.abs(one - other).max() <= 1e-8 * np.abs(one).max() / 100.0


@settings(max_examples=60)
@given(vectors, vectors, vectors)
def test_rates_of_the_vector_give_back_angular_velocity_and_acceleration(e, velocity, acceleration):
    rate, second = rates_of_vector(e, velocity, acceleration)
    assert angular_velocity(e, rate) == pytest.approx(velocity, abs=1e-10)
    assert angular_acceleration(e, rate, second) == pytest.approx(acceleration, abs=1e-9)


@settings(max_examples=60)
@given(rotations, rotations)
def test_path_goes_the_short_way_at_rest_at_both_ends(start, goal):
    path = OrientationPath(start, goal)
    turned, velocity = path.evaluate(P)
    assert turned[0] == pytest.approx(start, abs=1e-12)
    assert turned[-1] == pytest.approx(goal, abs=1e-12)
    assert np.abs(velocity[[0, -1]]).max() <= 1e-13
    assert np.abs(path.angular_acceleration(P[[0, -1]])).max() <= 1e-12
    assert path.angle == pytest.approx(angle_between(start, goal), abs=1e-9)
    travelled = sum(angle_between(one, other) for one, other in zip(turned[1:], turned[:-1], strict=True))
    assert travelled == pytest.approx(path.angle, abs=1e-6)
    assert angle_between(turned[50], goal) == pytest.approx(path.angle / 2, abs=1e-9)


@settings(max_examples=30)
@given(rotations, rotations, rotations)
def test_a_turned_world_turns_the_path(start, goal, turn):
    if angle_between(start, goal) > 3.1:
        return  # Near half a turn both ways are the shortest; which one is taken may differ.
    before, velocity = OrientationPath(start, goal).evaluate(P)
    after, turned_velocity = OrientationPath(turn @ start, turn @ goal).evaluate(P)
    assert np.abs(after - turn @ before).max() <= 1e-9
    assert np.abs(turned_velocity - velocity @ turn.T).max() <= 1e-8


@settings(max_examples=40)
@given(rotations, rotations, rotations, st.floats(0.05, 0.9))
def test_a_goal_change_keeps_orientation_velocity_and_acceleration(start, goal, other, phase):
    at = np.array([phase])
    path = OrientationPath(start, goal)
    changed = path.with_goal(other, phase)
    if changed.angle > 3.1:
        return  # At half a turn the vector cannot follow every rotation.
    for before, after in zip(path.evaluate(at), changed.evaluate(at), strict=True):
        assert np.abs(before - after).max() <= 1e-9
    scale = 1.0 + np.abs(path.angular_acceleration(at)).max()
    assert np.abs(path.angular_acceleration(at) - changed.angular_acceleration(at)).max() <= 1e-9 * scale
    turned, velocity = changed.evaluate(np.array([1.0]))
    assert turned[0] == pytest.approx(other, abs=1e-12)
    assert np.abs(velocity).max() <= 1e-12


def test_goal_changes_follow_each_other():
    rng = np.random.default_rng(11)
    start, goal, third = (exp_rotation(rng.normal(size=3) / 2) for _ in range(3))
    path = OrientationPath(start, goal).with_goal(third, 0.3).with_goal(goal, 0.5)
    assert path.begin == 0.5
    assert path.evaluate(np.array([1.0]))[0][0] == pytest.approx(goal, abs=1e-12)
    with pytest.raises(SetupFault, match=r"begins at 0\.5"):
        path.evaluate(np.array([0.4]))
    with pytest.raises(SetupFault, match=r"\[0.5, 1\)"):
        path.with_goal(third, 0.4)


@pytest.mark.parametrize("wrong", [np.zeros((3, 3)), np.diag([1.0, 1.0, -1.0]), np.eye(4), np.full((3, 3), np.nan)])
def test_what_is_no_rotation_is_refused(wrong):
    with pytest.raises(SetupFault, match="R_goal has to be a rotation matrix"):
        OrientationPath(np.eye(3), wrong)
