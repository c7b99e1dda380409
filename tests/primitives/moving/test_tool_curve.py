import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lmp.errors import SetupFault
from lmp.primitives.dmp.bulges import deviation_of
from lmp.primitives.dmp.deviation import Deviation
from lmp.primitives.dmp.orientation_dmp import OrientationPath
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.moving.drawn_shape import STRAIGHT, DrawnShape
from lmp.primitives.moving.tool_curve import ToolCurve, ToolState
from lmp.schema.motion import Bulge, Bulges

SHAPE = Bulges(bulges=(Bulge(direction="up", phase=0.4, amount=0.1),))


def pose(rng: np.random.Generator) -> np.ndarray:
    T = np.eye(4)
    T[:3, :3], T[:3, 3] = Rotation.from_rotvec(rng.uniform(-1.7, 1.7, 3)).as_matrix(), rng.uniform(-0.5, 0.5, 3)
    return T


def at_rest(T: np.ndarray) -> ToolState:
    return ToolState(T, np.stack([T[:3, 3], *np.zeros((4, 3))]))


def test_from_rest_it_is_the_default_preset():
    rng = np.random.default_rng(0)
    T_start, T_goal, duration = pose(rng), pose(rng), 1.3
    curve = ToolCurve.towards(at_rest(T_start), T_goal, duration, DrawnShape(deviation_of(SHAPE)))
    shares = np.linspace(0.0, 1.0, 23)
    position = PositionPath(T_start[:3, 3], T_goal[:3, 3], SHAPE).evaluate(shares)
    turns, turning = OrientationPath(T_start[:3, :3], T_goal[:3, :3]).evaluate(shares)
    poses, states = curve.poses(shares), [curve.at(share * duration) for share in shares]
    assert np.abs(poses[:, :3, 3] - position[0]).max() <= 1e-9
    assert max(np.abs(state.T_world_tool[:3, 3] - at).max() for state, at in zip(states, position[0], strict=True)) <= 1e-12
    assert np.abs(poses[:, :3, :3] - turns).max() <= 1e-12
    rates = np.array([state.rates for state in states])
    assert np.abs(rates[:, 1] - position[1] / duration).max() <= 1e-11
    assert np.abs(rates[:, 2] - position[2] / duration**2).max() <= 1e-10
    assert np.abs(rates[:, 3] - turning / duration).max() <= 1e-12


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.97), st.floats(0.2, 3.0))
def test_a_new_goal_keeps_the_state_and_is_reached_at_rest(seed, share, duration):
    rng = np.random.default_rng(seed)
    deviation = DrawnShape(Deviation.from_weights(rng.uniform(-0.2, 0.2, (5, 3))))
    T_start, T_first, T_goal = pose(rng), pose(rng), pose(rng)
    first = ToolCurve.towards(at_rest(T_start), T_first, 1.1, deviation)
    before = first.at(share * 1.1)
    second = ToolCurve.towards(before, T_goal, duration, deviation, first.phase(share * 1.1))
    after, end = second.at(0.0), second.at(duration)
    size = 1.0 + np.abs(before.rates).max()
    assert np.abs(after.T_world_tool - before.T_world_tool).max() <= 1e-12
    assert np.abs(after.rates - before.rates).max() <= 1e-10 * size
    assert np.abs(end.T_world_tool - T_goal).max() <= 1e-11 * size
    assert np.abs(end.rates[1:]).max() <= 1e-8 * size
    assert np.abs(second.goal - T_goal).max() == 0.0


def test_a_new_goal_turns_as_the_orientation_path_does():
    rng = np.random.default_rng(5)
    T_start, T_first, T_goal, duration, share = pose(rng), pose(rng), pose(rng), 1.4, 0.35
    first = ToolCurve.towards(at_rest(T_start), T_first, duration, STRAIGHT)
    second = ToolCurve.towards(first.at(share * duration), T_goal, (1 - share) * duration, STRAIGHT, share)
    expected = OrientationPath(T_start[:3, :3], T_first[:3, :3]).with_goal(T_goal[:3, :3], share)
    turns, turning = expected.evaluate(share + (1 - share) * np.linspace(0.0, 1.0, 9))
    for t, R, velocity in zip(np.linspace(0.0, (1 - share) * duration, 9), turns, turning, strict=True):
        state = second.at(t)
        assert np.abs(state.T_world_tool[:3, :3] - R).max() <= 1e-10
        assert np.abs(state.rates[3] - velocity / duration).max() <= 1e-9


@pytest.mark.parametrize("turn", [1e-7, 0.03, 0.05, 0.06, 1.0, 3.1])
def test_rates_are_those_of_finite_differences(turn):
    """Of turns about every angle, on both sides of where series take the place of quotients."""
    rng = np.random.default_rng(1)
    axis = rng.normal(size=3)
    T_goal, T_start = pose(rng), np.eye(4)
    T_start[:3, :3] = Rotation.from_rotvec(turn * axis / np.linalg.norm(axis)).as_matrix() @ T_goal[:3, :3]
    rates = np.vstack([np.zeros((3, 3)), rng.normal(size=(2, 3))])
    curve = ToolCurve.towards(ToolState(T_start, rates), T_goal, 1.0, DrawnShape(deviation_of(SHAPE)))
    h = 1e-4
    for t in (h, 0.3, 0.8):
        low, here, high = (curve.at(t + side * h) for side in (-1, 0, 1))
        ahead, behind = (
            Rotation.from_matrix(s.T_world_tool[:3, :3] @ here.T_world_tool[:3, :3].T).as_rotvec() for s in (high, low)
        )
        assert (ahead - behind) / (2 * h) == pytest.approx(here.rates[3], abs=1e-6)
        assert (high.rates[3] - low.rates[3]) / (2 * h) == pytest.approx(here.rates[4], abs=1e-5)
        assert (high.rates[0] - low.rates[0]) / (2 * h) == pytest.approx(here.rates[1], abs=1e-6)
        assert (high.rates[1] - low.rates[1]) / (2 * h) == pytest.approx(here.rates[2], abs=1e-5)


def test_a_slowed_state_is_that_of_the_slowed_time():
    rng = np.random.default_rng(2)
    curve = ToolCurve.towards(at_rest(pose(rng)), pose(rng), 1.0, DrawnShape(deviation_of(SHAPE)))
    place, rate, change, h = 0.4, 0.6, -1.5, 1e-4
    slowed = curve.at(place).slowed(rate, change)
    low, high = (curve.at(place + rate * d + change * d**2 / 2).rates for d in (-h, h))
    assert (high[0] - low[0]) / (2 * h) == pytest.approx(slowed.rates[1], abs=1e-6)
    assert (high[0] - 2 * slowed.rates[0] + low[0]) / h**2 == pytest.approx(slowed.rates[2], abs=1e-5)


@pytest.mark.parametrize("goal", [np.eye(3), np.diag([1.0, 1.0, -1.0, 1.0]), np.full((4, 4), np.nan)])
def test_a_goal_that_is_no_pose_is_refused(goal):
    with pytest.raises(SetupFault, match="goal"):
        ToolCurve.towards(at_rest(np.eye(4)), goal, 1.0, STRAIGHT)
