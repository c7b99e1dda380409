from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panda_doubles import PANDA, REST, Client, trajectory_of

from lmp.errors import RobotFault
from lmp.execution.hardware import wrap
from lmp.execution.hardware.goal import follow_joint_trajectory_goal, stretch_between
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.parts import parts_at_rest
from lmp.execution.hardware.trajectory_executor import TrajectoryExecutor
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR
from lmp.schema.outcome import Outcome
from lmp.schema.trajectory import GripperEvent, JointTrajectory


def test_a_whole_trajectory_is_handed_over_once() -> None:
    got: list[JointTrajectory] = []
    robot = wrap(got.append, shape="trajectory", simulated=True)
    robot.connect()
    trajectory = trajectory_of(0.0, 0.4)
    execution = TrajectoryExecutor(robot).execute(trajectory)  # type: ignore[arg-type]
    assert execution.outcome is Outcome.SUCCEEDED
    assert len(got) == 1
    assert got[0] is trajectory
    assert robot.get_observation().positions[0] == 0.4


def test_gripper_commands_come_between_parts_at_rest() -> None:
    log: list[object] = []
    events = (
        GripperEvent(t=0.0, action="open", width=0.08, force=30.0),
        GripperEvent(t=0.95, action="close", width=0.01, force=20.0),
    )
    robot = wrap(log.append, shape="trajectory", gripper=lambda width, force: log.append((width, force)), simulated=True)
    robot.connect()
    trajectory = trajectory_of(0.0, 0.4, 0.1, gripper=events)
    assert TrajectoryExecutor(robot).execute(trajectory).outcome is Outcome.SUCCEEDED  # type: ignore[arg-type]
    opened, first, closed, second = log
    assert (opened, closed) == ((0.08, 30.0), (0.01, 20.0))
    assert isinstance(first, JointTrajectory)
    assert isinstance(second, JointTrajectory)
    assert first.duration + second.duration == pytest.approx(trajectory.duration)
    assert np.abs(first.velocities[-1]).max() <= 1e-3
    np.testing.assert_allclose(first.positions[-1], second.positions[0])
    np.testing.assert_allclose(np.concatenate([first.positions, second.positions[1:]]), trajectory.positions, atol=1e-12)


@given(cuts=st.lists(st.floats(0.0, 2.0), min_size=0, max_size=4))
def test_parts_cover_the_trajectory_without_gaps(cuts: list[float]) -> None:
    events = [GripperEvent(t=t, action="close", width=0.0, force=1.0) for t in cuts]
    trajectory = trajectory_of(0.0, 0.4, 0.1, gripper=events)
    parts = parts_at_rest(trajectory)
    assert parts[0][0] == 0.0
    assert parts[-1][1] == trajectory.duration
    assert all(one[1] == other[0] for one, other in itertools.pairwise(parts))
    assert sorted(event.t for part in parts for event in part[2]) == sorted(cuts)
    assert all(event.t <= part[0] + 1e-9 for part in parts for event in part[2])


def test_a_stretch_starts_at_zero_and_follows_the_same_path() -> None:
    trajectory = trajectory_of(0.0, 0.4)
    part = stretch_between(trajectory, 0.25, 0.75)
    assert (part.times[0], part.duration) == (0.0, 0.5)
    for t in (0.0, 0.1234, 0.5):
        np.testing.assert_allclose(part.at(t), trajectory.at(0.25 + t), atol=1e-12)


def test_an_interrupted_whole_trajectory_is_cancelled() -> None:
    cancelled: list[bool] = []

    def interrupt(trajectory: JointTrajectory) -> None:
        raise KeyboardInterrupt

    robot = wrap(interrupt, cancel=lambda: cancelled.append(True), simulated=True)
    robot.connect()
    with pytest.raises(KeyboardInterrupt):
        TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.4))  # type: ignore[arg-type]
    assert cancelled == [True]


def test_a_trajectory_from_elsewhere_or_that_does_not_arrive_is_told() -> None:
    where = REST.copy()
    robot = wrap(lambda trajectory: None, state=lambda: where, simulated=True)
    robot.connect()
    away = TrajectoryExecutor(robot).execute(trajectory_of(0.2, 0.4))  # type: ignore[arg-type]
    assert (away.outcome, away.duration) == (TRACKING_ERROR, 0.0)
    short = TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.4))  # type: ignore[arg-type]
    assert short.outcome is TRACKING_ERROR
    assert short.tracking_error == pytest.approx(0.4)


def test_an_action_goal_is_plain_data_with_both_ends() -> None:
    client = Client()
    robot = wrap(client, rate_hz=50.0, simulated=True)
    robot.connect()
    trajectory = trajectory_of(0.0, 0.4)
    assert TrajectoryExecutor(robot).execute(trajectory).outcome is Outcome.SUCCEEDED  # type: ignore[arg-type]
    (goal,) = client.goals
    assert goal == follow_joint_trajectory_goal(trajectory, 50.0, JointNames.mapped(PANDA))
    assert goal["joint_names"] == list(PANDA.joint_names)
    assert len(goal["points"]) == 51
    assert (goal["points"][0]["time_from_start"], goal["points"][-1]["time_from_start"]) == (0.0, 1.0)
    for point in goal["points"]:
        np.testing.assert_allclose(point["positions"], trajectory.at(point["time_from_start"]), atol=1e-12)


def test_an_action_that_fails_is_a_fault_and_is_cancelled() -> None:
    client = Client(error_code=-4)
    robot = wrap(client, simulated=True)
    robot.connect()
    with pytest.raises(RobotFault, match="error code -4"):
        TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.4))  # type: ignore[arg-type]
    assert client.cancelled
