from __future__ import annotations

import os
import signal
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_joint_arm import TwoJointArm, minimum_jerk_trajectory

from lmp.errors import NotExecutable, RobotFault, SetupFault
from lmp.execution.command_stream import blend, tick_plan
from lmp.execution.executor import MAX_TRACKING_ERROR, START_TOLERANCE, StreamingExecutor
from lmp.execution.monitoring.outcome_of import TIMED_OUT, TRACKING_ERROR
from lmp.meaning.failures import DROPPED, MISSED_GRASP
from lmp.schema.outcome import Outcome
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Segment
from lmp.schema.verdict import Verdict, Violation
from lmp.stages import Robot


def test_follows_to_the_end_at_the_samples() -> None:
    arm, trajectory = TwoJointArm(), minimum_jerk_trajectory()
    shares: list[float] = []
    execution = StreamingExecutor(arm, 100.0, shares.append).execute(trajectory)
    assert execution.outcome is Outcome.SUCCEEDED
    np.testing.assert_allclose(arm.sent[:100], trajectory.positions[10::10], atol=1e-14)
    np.testing.assert_allclose(arm.q, trajectory.positions[-1], atol=1e-15)
    assert execution.tracking_error == 0.0
    assert execution.duration == 1.0
    np.testing.assert_allclose(shares, np.arange(1, 101) / 100)


@given(rate=st.floats(20.0, 500.0), duration=st.floats(0.2, 2.0))
@settings(max_examples=30)
def test_every_rate_ends_at_the_end_and_stays_near_the_true_curve(rate: float, duration: float) -> None:
    duration = round(duration, 3)
    trajectory = minimum_jerk_trajectory(duration=duration)
    plan = tick_plan(trajectory, rate, trajectory.joint_names)
    assert plan.times[-1] == trajectory.duration
    np.testing.assert_array_equal(plan.positions[-1], trajectory.positions[-1])
    p = plan.times[:, None] / duration
    truth = np.array([0.8, -0.4]) * (10 * p**3 - 15 * p**4 + 6 * p**5)
    jounce = 0.8 * 720 / duration**4
    worst = jounce * 0.001**4 / 384  # The bound of cubic Hermite interpolation.
    assert np.abs(plan.positions - truth).max() <= worst * 1.01 + 1e-12
    assert np.diff(np.concatenate([[0.0], plan.times])).max() <= 1 / rate + 1e-9


@given(t=st.floats(0.0, 1.0), rate=st.sampled_from([50.0, 100.0, 240.0]))
def test_gripper_commands_come_at_the_first_tick_not_before_them(t: float, rate: float) -> None:
    event = GripperEvent(t=t, action="close", width=0.0, force=20.0)
    plan = tick_plan(minimum_jerk_trajectory(gripper=(event,)), rate, ("shoulder", "elbow"))
    (index,) = [index for index, events in enumerate(plan.gripper) if events]
    assert plan.times[index] >= t - 1e-9
    assert index == 0 or plan.times[index - 1] < t


def test_gripper_command_is_sent_once_with_its_force() -> None:
    arm = TwoJointArm()
    event = GripperEvent(t=0.5, action="close", width=0.01, force=20.0)
    execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory(gripper=(event,)))
    assert [(i, a["gripper"], a["gripper_force"]) for i, a in enumerate(arm.actions) if "gripper" in a] == [(49, 0.01, 20.0)]
    assert execution.gripper_width == 0.01


def test_joints_are_matched_by_name() -> None:
    trajectory = minimum_jerk_trajectory()
    swapped = trajectory.model_copy(
        update={
            "joint_names": ("elbow", "shoulder"),
            "positions": trajectory.positions[:, ::-1].copy(),
            "velocities": trajectory.velocities[:, ::-1].copy(),
        }
    )
    one, other = TwoJointArm(), TwoJointArm()
    StreamingExecutor(one, 100.0).execute(trajectory)
    StreamingExecutor(other, 100.0).execute(swapped)
    np.testing.assert_array_equal(one.sent, other.sent)


VERDICT = Verdict(skill="pick", violations=(Violation(code="unreachable", message="The cup is 1.2 m away."),))


@pytest.mark.parametrize(
    ("candidate", "words"),
    [
        (VERDICT, "The cup is 1.2 m away"),
        (minimum_jerk_trajectory(predicted=True), "predicted scene"),
        ({"positions": []}, "this is a dict"),
        (minimum_jerk_trajectory().model_copy(update={"joint_names": ("a", "b")}), "the robot has shoulder, elbow"),
    ],
)
def test_refuses_what_must_not_move(candidate: object, words: str) -> None:
    arm = TwoJointArm()
    with pytest.raises(NotExecutable, match=words):
        StreamingExecutor(arm, 100.0).execute(candidate)  # type: ignore[arg-type]
    assert arm.actions == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (lambda t: {"times": t.times / 4}, "velocity limit"),
        (lambda t: {"positions": t.positions + 0.5 * (np.arange(len(t.times)) == 500)[:, None]}, "velocity limit"),
        (lambda t: {"positions": t.positions + 1e-4 * (np.arange(len(t.times)) % 2)[:, None]}, "acceleration limit"),
        (lambda t: {"positions": t.positions + 100.0}, "range"),
        (lambda t: {"velocities": t.velocities + 50.0}, "velocity limit"),
    ],
)
def test_a_trajectory_that_was_changed_beyond_the_limits_moves_nothing(
    changed: Callable[[JointTrajectory], dict[str, np.ndarray]], words: str
) -> None:
    arm, trajectory = TwoJointArm(), minimum_jerk_trajectory()
    with pytest.raises(NotExecutable, match=words):
        StreamingExecutor(arm, 100.0).execute(trajectory.model_copy(update=changed(trajectory)))
    assert arm.actions == []


def test_a_robot_with_a_rate_of_its_own_is_not_driven_at_another() -> None:
    arm = TwoJointArm()
    arm.rate_hz = 100.0
    with pytest.raises(SetupFault, match=r"100 ticks a second and the executor would send 50: .* 2 times as fast"):
        StreamingExecutor(arm, 50.0)
    assert StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory()).outcome is Outcome.SUCCEEDED


def test_does_not_start_from_another_posture() -> None:
    arm = TwoJointArm()
    execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory(start=(START_TOLERANCE * 1.01, 0.0)))
    assert execution.outcome is TRACKING_ERROR
    assert "shoulder is 0.051 rad away" in execution.message
    assert arm.actions == []


def test_converges_smoothly_from_a_small_distance() -> None:
    arm = TwoJointArm()
    execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory(start=(START_TOLERANCE * 0.99, 0.0)))
    assert execution.outcome is Outcome.SUCCEEDED
    steps = np.diff(np.concatenate([[[0.0, 0.0]], arm.sent]), axis=0) * 100.0
    assert np.abs(steps).max() < 2.0
    assert np.abs(np.diff(steps, axis=0)).max() * 100.0 < 10.0


def test_blend_has_no_speed_at_its_ends_and_the_known_peak() -> None:
    motion = blend(np.zeros(1), np.ones(1), 1.0, 1000.0)[:, 0]
    speed = np.diff(motion) * 1000.0
    assert speed.max() == pytest.approx(1.875, rel=1e-5)  # Peak speed of minimum jerk over a unit way and time.
    assert max(speed[0], speed[-1]) < 1e-4


def accelerations_of(arm: TwoJointArm) -> np.ndarray:
    """By finite differences of what was sent, from rest at zero [rad/s^2]."""
    return np.diff(np.concatenate([np.zeros((2, 2)), arm.sent]), n=2, axis=0) * arm.rate_hz**2


def test_a_blocked_arm_is_stopped_where_it_is_without_a_jump() -> None:
    arm = TwoJointArm(blocked_at=0.3)
    execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory())
    assert execution.outcome is TRACKING_ERROR
    assert MAX_TRACKING_ERROR < execution.tracking_error < MAX_TRACKING_ERROR + 0.02
    evidence = execution.evidence
    assert evidence is not None
    assert (evidence.signal, evidence.about, evidence.value) == ("tracking_error", "shoulder", execution.tracking_error)
    assert "shoulder" in execution.message
    assert 0.0 < execution.duration < 1.0
    assert arm.sent[-1][0] == pytest.approx(0.3)
    assert np.abs(arm.v).max() < 0.01
    limit = arm.description.joints[0].acceleration
    assert np.abs(accelerations_of(arm)).max() <= limit
    assert execution.acceleration == pytest.approx(np.abs(accelerations_of(arm)).max() / limit)


def test_an_arm_that_does_not_arrive_is_timed_out() -> None:
    arm = TwoJointArm(blocked_at=0.7)  # Not far enough off its command to count as held back.
    execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory())
    assert execution.outcome is TIMED_OUT
    assert execution.evidence is not None
    assert (execution.evidence.signal, execution.evidence.about) == ("overrun", "shoulder")
    assert arm.sent[-1][0] == pytest.approx(0.7)
    assert np.abs(accelerations_of(arm)).max() <= arm.description.joints[0].acceleration


@pytest.mark.parametrize(("simulated", "outcome"), [(False, TIMED_OUT), (True, Outcome.SUCCEEDED)])
def test_a_real_arm_whose_ticks_take_too_long_is_timed_out(simulated: bool, outcome: Outcome) -> None:
    arm = TwoJointArm()
    arm.simulated = simulated
    executor = StreamingExecutor(arm, 100.0, clock=lambda: 0.025 * len(arm.actions))
    execution = executor.execute(minimum_jerk_trajectory())
    assert execution.outcome is outcome
    assert np.abs(arm.v).max() < 0.01
    if execution.evidence is not None:
        assert execution.evidence.signal == "overrun"
        assert 0.015 * len(arm.actions) >= execution.evidence.value > execution.evidence.limit


def carrying(closed_to: float) -> JointTrajectory:
    """Grasps in the first half, and carries in the second."""
    event = GripperEvent(t=0.1, action="close", width=closed_to, force=20.0)
    segments = (
        Segment(name="grasp", start=0.0, end=0.5, takes="cup"),
        Segment(name="carry", start=0.5, end=1.0, carries="cup"),
    )
    return minimum_jerk_trajectory(gripper=(event,)).model_copy(update={"segments": segments})


@pytest.mark.parametrize(
    ("widths", "outcome"),
    [
        ({0: 0.03}, Outcome.SUCCEEDED),
        ({0: 0.0}, MISSED_GRASP),
        ({0: 0.03, 75: 0.0}, DROPPED),
        ({0: 0.03, 75: 0.0, 77: 0.03}, Outcome.SUCCEEDED),
    ],
)
def test_a_hand_that_feels_nothing_is_judged_by_the_width_between_its_fingers(
    widths: dict[int, float], outcome: Outcome
) -> None:
    arm = TwoJointArm()

    def stop_the_fingers(call: int) -> None:
        arm.width = next(width for start, width in sorted(widths.items(), reverse=True) if call >= start)

    arm.before_send = stop_the_fingers
    send = arm.send_action
    arm.send_action = lambda action: send({name: value for name, value in action.items() if name != "gripper"})  # type: ignore[method-assign]
    execution = StreamingExecutor(arm, 100.0).execute(carrying(0.0))
    assert execution.outcome is outcome, execution.message
    assert (execution.evidence is None) == (outcome is Outcome.SUCCEEDED)


def test_a_failing_robot_becomes_a_robot_fault_and_is_told_to_stop() -> None:
    def fail_once(call: int) -> None:
        if call == 50:
            raise OSError("cable pulled")

    arm = TwoJointArm(before_send=fail_once)
    with pytest.raises(RobotFault, match="OSError: cable pulled"):
        StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory())
    assert len(arm.actions) > 49
    assert np.abs(arm.v).max() <= 0.01


def test_a_robot_that_is_dead_reports_its_first_failure() -> None:
    def fail(call: int) -> None:
        if call >= 50:
            raise OSError(f"call {call}")

    with pytest.raises(RobotFault, match="call 50"):
        StreamingExecutor(TwoJointArm(before_send=fail), 100.0).execute(minimum_jerk_trajectory())


def interrupting(*calls: int, number: int = signal.SIGINT) -> TwoJointArm:
    def interrupt(call: int) -> None:
        if call in calls:
            os.kill(os.getpid(), number)

    return TwoJointArm(before_send=interrupt)


@pytest.mark.parametrize("calls", [(50,), (50, 51), (50, 51, 52, 53, 60, 70, 80), (1,), (100,)])
def test_ctrl_c_brings_the_arm_to_rest_first_however_often(calls: tuple[int, ...]) -> None:
    arm = interrupting(*calls)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory())
    assert np.abs(arm.v).max() <= 0.01
    assert calls[0] == 100 or arm.q[0] < 0.8
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_request_to_terminate_reaches_its_handler_after_the_arm_is_at_rest() -> None:
    speeds: list[float] = []
    arm = interrupting(50, number=signal.SIGTERM)
    previous = signal.signal(signal.SIGTERM, lambda *_: speeds.append(float(np.abs(arm.v).max())))
    try:
        execution = StreamingExecutor(arm, 100.0).execute(minimum_jerk_trajectory())
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert execution.outcome is Outcome.INTERRUPTED
    assert len(speeds) == 1
    assert speeds[0] <= 0.01


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), ValueError("listener")])
def test_whatever_a_listener_raises_comes_out_when_the_arm_is_at_rest(error: BaseException) -> None:
    def listen(share: float) -> None:
        if share > 0.5:
            raise error

    arm = TwoJointArm()
    with pytest.raises(type(error)):
        StreamingExecutor(arm, 100.0, listen).execute(minimum_jerk_trajectory())
    assert np.abs(arm.v).max() <= 0.01
    assert arm.q[0] < 0.8


def test_the_arm_of_these_tests_keeps_the_contract() -> None:
    assert isinstance(TwoJointArm(), Robot)
