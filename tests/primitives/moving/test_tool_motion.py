import numpy as np
import pytest
from compile_scenes import block, holding, table_scene
from hypothesis import given, settings
from hypothesis import strategies as st
from moving_arm import DT, LIMITS, UP, arm, followed, moving, state, worst_shares
from panda_arm import down, thing
from scipy.spatial.transform import Rotation

from lmp.errors import SetupFault
from lmp.primitives.arm.reachability import Posture
from lmp.primitives.compiler.motion_state import MotionState
from lmp.primitives.dmp.bulges import BadShape
from lmp.primitives.moving.answers import Followed, Refused
from lmp.primitives.moving.look_ahead import POSES
from lmp.primitives.moving.tool_motion import ToolMotion
from lmp.schema.motion import Weights
from lmp.schema.pose import Pose
from lmp.schema.shape import Box

FIRST, OTHER = down(0.5, 0.2, 0.25), down(0.45, -0.2, 0.2, 0.5)


def codes(answer: Followed | Refused) -> set[str]:
    assert isinstance(answer, Refused)
    return {violation.code for violation in answer.violations}


def test_it_goes_where_it_is_told_on_the_way_of_the_preset():
    motion = moving(FIRST, ticks=0)
    assert not motion.at_rest
    assert motion.left == pytest.approx(1.0)
    qs = followed(motion)
    assert len(qs) == 1001
    assert np.abs(arm().kinematics.forward(motion.q) - FIRST).max() <= 1e-8
    assert np.abs(motion.velocity).max() <= 1e-12
    halfway = arm().kinematics.forward(qs[500])
    straight = (state().T_world_tool[:3, 3] + FIRST[:3, 3]) / 2
    assert halfway[2, 3] - straight[2] == pytest.approx(0.06, abs=2e-3)


@settings(max_examples=12)
@given(st.integers(0, 2**32 - 1), st.integers(50, 900))
def test_a_new_goal_keeps_the_state_and_all_limits(seed, ticks):
    """Of the joints and of the tool; the limits are looked at by differences of samples, across the change of goal."""
    rng = np.random.default_rng(seed)
    motion = moving(FIRST, ticks=ticks)
    before, tool = (motion.q, motion.velocity, motion.acceleration), motion.tool
    past = moving(FIRST, ticks=max(ticks - 4, 0))
    qs = [past.q, *(past.step() for _ in range(min(ticks, 4)))]
    goal = down(*rng.uniform((0.3, -0.35, 0.15), (0.6, 0.35, 0.4)), rng.uniform(-1.0, 1.0))
    answer = motion.retarget(goal, rng.uniform(0.5, 1.5))
    for old, new, size in zip(before, (motion.q, motion.velocity, motion.acceleration), (1e-14, 1e-12, 1e-9), strict=True):
        assert np.abs(old - new).max() <= size
    assert np.abs(tool.T_world_tool - motion.tool.T_world_tool).max() <= 1e-12
    assert np.abs(tool.rates - motion.tool.rates).max() <= 1e-9
    if isinstance(answer, Refused):
        assert answer.violations
        goal = FIRST
    while not motion.at_rest:
        qs.append(motion.step())
        assert np.linalg.norm(arm().kinematics.forward(motion.q)[:3, 3] - motion.tool.rates[0]) <= 1e-5
    assert (worst_shares(np.array(qs)) <= 1.005).all()
    assert np.abs(arm().kinematics.forward(motion.q) - goal).max() <= 1e-7


def test_the_free_motion_of_the_arm_goes_on_as_it_was():
    """Told its own goal again, a redundant arm moves as before: the way of the joints has no kink to take."""
    motion, other = moving(FIRST), moving(FIRST)
    answer = motion.retarget(FIRST)
    assert isinstance(answer, Followed)
    assert answer.stretch == 1.0
    assert np.abs(followed(motion) - followed(other)).max() <= 0.02
    assert (answer.joints.peaks() / LIMITS).max() <= 1.01 * (moving(FIRST, ticks=0)._joints.peaks() / LIMITS).max()


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (down(0.55, 0.3, 0.03), "collision"),
        (down(0.45, -0.2, -0.005), "support_clearance"),
        (down(0.45, -0.2, -0.1), "out_of_workspace"),
        (down(0.79, 0.54, 0.75), "unreachable"),
    ],
)
def test_a_goal_that_cannot_be_followed_changes_nothing(goal, expected):
    motion, untouched = moving(FIRST), moving(FIRST)
    answer = motion.retarget(goal)
    assert expected in codes(answer)
    assert all(0.0 <= violation.t <= answer.ahead.tool.duration for violation in answer.violations)
    assert str(answer)
    assert np.abs(followed(motion) - followed(untouched)).max() == 0.0
    assert np.abs(arm().kinematics.forward(motion.q) - FIRST).max() <= 1e-8


def test_all_that_is_wrong_is_said():
    found = codes(moving(FIRST).retarget(down(0.55, 0.3, -0.1)))
    assert {"collision", "support_clearance", "out_of_workspace"} <= found


def test_a_duration_that_is_too_short_grows_by_the_least_factor_or_is_refused():
    motion = ToolMotion(arm(), state())
    answer = motion.retarget(FIRST, 0.4)
    assert isinstance(answer, Followed)
    assert answer.stretch > 1.0
    assert answer.duration == pytest.approx(0.4 * answer.stretch)
    assert (
        0.7 <= max(share ** (1 / order) for order, share in enumerate((answer.joints.peaks() / LIMITS).max(axis=1), 1)) <= 1.0
    )
    refused = ToolMotion(arm(), state()).retarget(FIRST, 0.01)
    assert {"velocity_limit", "acceleration_limit"} <= codes(refused)


def test_a_limit_that_is_exceeded_between_samples_is_said_as_well():
    answer = moving(FIRST).retarget(down(0.45, -0.2, -0.1))
    assert isinstance(answer, Refused)
    violation = answer._short_of_time(answer.ahead.joints)
    assert violation.code in ("velocity_limit", "acceleration_limit", "jerk_limit")
    assert violation.value / violation.limit == pytest.approx((answer.ahead.joints.peaks() / LIMITS).max())


def test_what_stands_between_two_poses_is_seen():
    """A board that is thinner than the step from pose to pose, across a quick way."""
    board = thing("board", Box(size=(0.002, 0.5, 0.5)), Pose(position=(0.5003, 0.0, 0.3)), "board")
    scene = table_scene(board)
    first = MotionState.first(arm(), scene)
    answer = ToolMotion(arm(), first).retarget(down(0.6, 0.0, 0.35), 2.0)
    assert "collision" in codes(answer)
    assert {violation.object for violation in answer.violations} >= {"board"}


def test_what_is_in_the_hand_is_looked_at_as_well():
    scene = holding(table_scene(block("block_0", 0.45, 0.1), block("box_1", 0.6, -0.15, 0.07)), "block_0")
    over = down(0.6, -0.15, 0.08)
    answer = ToolMotion(arm(), MotionState.first(arm(), scene)).retarget(over, 1.5)
    assert any({"block_0", "box_1"} == {v.object, v.link} or "block_0" in v.message for v in answer.violations)


def test_stopped_it_comes_to_rest_within_the_limits_on_its_way():
    motion = moving(FIRST)
    way = followed(moving(FIRST, ticks=0))
    goal, left = motion.goal, motion.stop()
    assert 0.0 < left < 0.6
    assert motion.stop() == left
    qs = followed(motion)
    assert len(qs) == pytest.approx(left / DT, abs=2)
    assert (worst_shares(np.concatenate([way[397:400], qs])) <= 1.01).all()
    assert np.abs(motion.velocity).max() == np.abs(motion.acceleration).max() == 0.0
    assert np.linalg.norm(qs[:, None] - way, axis=2).min(axis=1).max() <= 2e-3
    assert np.abs(motion.goal - goal).max() == 0.0
    assert (motion.step() == motion.q).all()


def test_it_goes_on_after_a_stop_and_under_way_to_one():
    for ticks in (0, 40, 2000):
        motion = moving(FIRST)
        motion.stop()
        for _ in range(ticks):
            motion.step()
        before = motion.velocity, motion.acceleration, motion.tool
        assert isinstance(motion.retarget(OTHER, 1.5), Followed)
        assert np.abs(motion.velocity - before[0]).max() <= 1e-12
        assert np.abs(motion.acceleration - before[1]).max() <= 1e-9
        assert np.abs(motion.tool.rates - before[2].rates).max() <= 1e-9
        assert (worst_shares(followed(motion)) <= 1.005).all()
        assert np.abs(arm().kinematics.forward(motion.q) - OTHER).max() <= 1e-7


def test_near_its_end_a_stop_lets_it_arrive():
    motion = moving(FIRST, ticks=995)
    assert motion.stop() == pytest.approx(0.005)
    followed(motion)
    assert np.abs(arm().kinematics.forward(motion.q) - FIRST).max() <= 1e-8


def test_an_arm_that_moves_at_the_beginning_brakes_or_goes_on():
    other = moving(FIRST)
    start = MotionState(other.q, other.tool.T_world_tool, 0.0, 0.08, 0.08, state().scene, None, None, state().obstacles)
    motion = ToolMotion(arm(), start, velocity=other.velocity)
    assert motion.goal is None
    assert not motion.at_rest
    assert motion.tool.rates[1] == pytest.approx(other.tool.rates[1], abs=1e-6)
    assert motion.tool.rates[3] == pytest.approx(other.tool.rates[3], abs=1e-6)
    answer = motion.retarget(OTHER, 1.5)
    assert isinstance(answer, Followed), str(answer)
    assert (worst_shares(followed(motion)) <= 1.005).all()
    braked = ToolMotion(arm(), start, velocity=other.velocity)
    assert (worst_shares(followed(braked)) <= 1.005).all()
    assert np.abs(braked.velocity).max() == 0.0


def test_the_tool_state_of_a_moving_arm_is_that_of_finite_differences():
    rng = np.random.default_rng(3)
    motion, h = ToolMotion(arm(), state(), velocity=rng.uniform(-0.3, 0.3, 7)), 1e-4
    motion.step(0.02)
    low = motion.tool
    motion.step(h)
    here = motion.tool
    motion.step(h)
    high = motion.tool
    assert (high.rates[0] - low.rates[0]) / (2 * h) == pytest.approx(here.rates[1], abs=1e-6)
    assert (high.rates[1] - low.rates[1]) / (2 * h) == pytest.approx(here.rates[2], abs=1e-4)
    turn = Rotation.from_matrix(high.T_world_tool[:3, :3] @ low.T_world_tool[:3, :3].T).as_rotvec()
    assert turn / (2 * h) == pytest.approx(here.rates[3], abs=1e-6)
    assert (high.rates[3] - low.rates[3]) / (2 * h) == pytest.approx(here.rates[4], abs=1e-3)


def test_what_will_be_followed_is_told():
    motion = ToolMotion(arm(), state())
    answer = motion.retarget(FIRST, 1.0, UP)
    assert isinstance(answer, Followed)
    assert answer.T_world_tool.shape == (POSES + 1, 4, 4)
    assert np.abs(answer.T_world_tool[-1] - FIRST).max() <= 1e-9
    assert np.abs(arm().kinematics.forward_path(answer.qs) - answer.T_world_tool).max() <= 1e-6
    times = np.linspace(0.0, answer.duration, POSES + 1)
    assert np.abs(answer.joints.at(times)[0] - answer.qs).max() <= 1e-12
    assert answer.clearance.between > 0.0
    assert not answer.clearance.contacts


@pytest.mark.parametrize(
    "use",
    [
        lambda motion: motion.step(0.0),
        lambda motion: motion.retarget(FIRST, 0.0),
        lambda motion: motion.retarget(FIRST, float("nan")),
        lambda motion: motion.retarget(np.eye(3)),
        lambda motion: ToolMotion(arm(), state(), velocity=np.full(7, 50.0)),
        lambda motion: ToolMotion(arm(), state(), velocity=np.zeros(6)),
    ],
)
def test_wrong_use_is_refused(use):
    with pytest.raises(SetupFault):
        use(moving(FIRST, ticks=1))


def test_a_shape_that_no_path_has_is_refused():
    with pytest.raises(BadShape, match="the same number"):
        moving(FIRST).retarget(OTHER, shape=Weights(x=(0.1, 0.1), y=(0.0,), z=(0.0,)))


def test_without_the_way_between_the_poses_the_same_is_followed_and_contacts_at_poses_are_refused():
    swept, unswept = (ToolMotion(arm(), state(), swept=swept) for swept in (True, False))
    both = [motion.retarget(FIRST, 1.0) for motion in (swept, unswept)]
    assert all(isinstance(answer, Followed) for answer in both)
    assert both[0].clearance is not None
    assert both[1].clearance is None
    assert np.array_equal(both[0].qs, both[1].qs)
    assert "support_clearance" in codes(unswept.retarget(down(0.45, -0.2, -0.005), 1.0))


def test_a_goal_out_of_reach_tells_its_own_shortfall():
    goal = down(1.2, 0.3, 0.4)
    (violation,) = moving(FIRST).retarget(goal, 2.0).violations
    nearest = arm().kinematics.inverse(goal, state().q).T_world_nearest
    assert violation.code == "unreachable"
    assert violation.t == pytest.approx(2.0)
    assert violation.value == pytest.approx(np.linalg.norm(goal[:3, 3] - nearest[:3, 3]), abs=0.05)
    assert violation.value > 0.25
    assert f"The goal is out of reach by {violation.value * 1e3:.1f} mm" in violation.message
    assert "the nearest pose found is at (" in violation.message


def test_a_way_that_breaks_before_a_goal_in_reach_says_when():
    """Through the arm's own column: behind the base there is a posture, and no way in a straight line."""
    goal = down(-0.45, 0.05, 0.4)
    assert isinstance(arm().kinematics.inverse(goal), Posture)
    answer = ToolMotion(arm(), state()).retarget(goal, 4.0)
    assert isinstance(answer, Refused)
    assert answer.violations
    for violation in answer.violations:
        assert f"{violation.t:.2f} s from now; the goal itself can be reached." in violation.message
        assert violation.t <= answer.ahead.tool.duration


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda motion: motion.step("a"), "A step of 'a' s came"),
        (lambda motion: motion.retarget(FIRST, "2"), "A duration of '2' s came"),
        (lambda motion: motion.retarget(FIRST, shape="up"), "shape 'up' came; it has to be Bulges, Weights or None"),
        (lambda motion: motion.retarget(np.full((4, 4), np.nan)), "not finite"),
        (lambda motion: motion.retarget(FIRST.T), "last row is .*expected"),
        (lambda motion: motion.retarget("there"), "A goal 'there' came"),
        (lambda motion: motion.retarget(None), "goal"),
    ],
)
def test_what_is_no_goal_or_time_is_named(use, said):
    with pytest.raises(SetupFault, match=said):
        use(moving(FIRST, ticks=1))
