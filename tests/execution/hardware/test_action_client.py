"""Clients of actions: their own result decides, and nothing but a clear success is one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from action_doubles import ActionlibClient, FakeTime, Future, RclpyClient
from panda_doubles import PANDA, trajectory_of
from ros_1_messages import FollowJointTrajectoryResult

from lmp.errors import RobotFault
from lmp.execution.hardware import action_client, sent_goal, waiting, wrap
from lmp.execution.hardware.action_client import ActionClient
from lmp.execution.hardware.controller import Functions
from lmp.execution.hardware.joint_names import JointNames
from lmp.execution.hardware.trajectory_executor import TrajectoryExecutor
from lmp.execution.hardware.wrapped_robots import TrajectoryRobot
from lmp.schema.outcome import Outcome

TRAJECTORY = trajectory_of(0.0, 0.4)


def robot_of(client: Any, **options: Any) -> Any:
    """The client as a robot of which nothing waits longer than the clock of the test."""
    time = FakeTime()
    names = JointNames.mapped(PANDA, {"panda_": "fr3_"})
    beside = Functions(PANDA, names, waiting=time.waiting)
    controller = ActionClient(client, 50.0, names, beside, waiting=time.waiting)
    robot = TrajectoryRobot(controller, PANDA, 50.0, simulated=True, waiting=time.waiting, **options)
    robot.connect()
    return robot


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads, which the clock of a test does not move, are waited for only shortly."""
    monkeypatch.setattr(waiting, "RESULT_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "RESULT_FACTOR", 0.0)
    monkeypatch.setattr(action_client, "SERVER_SECONDS", 0.05)


@pytest.mark.parametrize("client", [RclpyClient(), ActionlibClient()])
def test_a_typed_client_is_sent_a_goal_of_its_own_types(client: Any) -> None:
    robot = robot_of(client)
    assert TrajectoryExecutor(robot).execute(TRAJECTORY).outcome is Outcome.SUCCEEDED
    (goal,) = client.goals
    sent = goal.trajectory
    assert sent.joint_names == [f"fr3_joint{index}" for index in range(1, 8)]
    assert len(sent.points) == 51
    for point in sent.points:
        time = point.time_from_start
        seconds = time.sec + 1e-9 * time.nanosec if isinstance(client, RclpyClient) else time.secs + 1e-9 * time.nsecs
        np.testing.assert_allclose(point.positions, TRAJECTORY.at(seconds), atol=1e-12)
    assert seconds == pytest.approx(TRAJECTORY.duration)
    assert sent.points[-1].velocities == [0.0] * 7
    assert client.cancelled == 0


REJECTED = "server rejected the goal; nothing was moved"


@pytest.mark.parametrize(
    ("client", "words"),
    [
        (RclpyClient(accepted=False), REJECTED),
        (
            RclpyClient(status=6, result=FollowJointTrajectoryResult(-4, "joint 3")),
            "aborted; error code -4, PATH_TOLERANCE.*joint 3",
        ),
        (RclpyClient(status=5), "the goal is canceled"),
        (RclpyClient(status=2), "the goal is executing"),
        (RclpyClient(status=0), "the goal is unknown"),
        (RclpyClient(status=17), r"unknown \(17\)"),
        (RclpyClient(status=-1), r"unknown \(-1\)"),
        (RclpyClient(status=None), "status is None"),
        (RclpyClient(result=FollowJointTrajectoryResult(-1)), "INVALID_GOAL"),
        (RclpyClient(result=FollowJointTrajectoryResult(7)), "error code 7, which FollowJointTrajectory does not define"),
        (RclpyClient(result=FollowJointTrajectoryResult(False)), "error code is False, which is no whole number"),
        (RclpyClient(result=FollowJointTrajectoryResult(None)), "error code is None"),
        (ActionlibClient(state=2), r"the goal is preempted \(so it was\)"),
        (ActionlibClient(state=4, result=FollowJointTrajectoryResult(-5)), "aborted.*GOAL_TOLERANCE_VIOLATED"),
        (ActionlibClient(state=5), "the goal is rejected"),
        (ActionlibClient(state=8), "the goal is recalled"),
        (ActionlibClient(state=9), "the goal is lost"),
        (ActionlibClient(state=1), "the goal is active"),
        (ActionlibClient(result=None), "nobody knows whether it succeeded"),
        (ActionlibClient(result=FollowJointTrajectoryResult(-2)), "INVALID_JOINTS.*joints= maps the names"),
        (ActionlibClient(result=FollowJointTrajectoryResult(-3)), "OLD_HEADER_TIMESTAMP"),
    ],
)
def test_what_is_not_a_clear_success_is_a_fault(client: Any, words: str) -> None:
    robot = robot_of(client)
    with pytest.raises(RobotFault, match=words):
        TrajectoryExecutor(robot).execute(TRAJECTORY)
    with pytest.raises(RobotFault, match="Nobody knows where"):
        robot.get_observation()


def test_a_server_that_does_not_answer_to_a_goal_is_a_fault() -> None:
    with pytest.raises(RobotFault, match=r"neither accepted nor rejected the goal within 5 s.*spin the client's node"):
        robot_of(RclpyClient(answers=False)).follow(TRAJECTORY)


@pytest.mark.parametrize("cancels", [True, False])
@pytest.mark.parametrize("kind", [RclpyClient, ActionlibClient])
@pytest.mark.usefixtures("short")
def test_a_result_that_does_not_come_has_the_goal_cancelled(kind: Any, cancels: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not cancels:
        monkeypatch.setattr(sent_goal, "CANCEL_SECONDS", 0.05)
    client = kind(ends=False, cancels=cancels)
    unknown = "nobody knows whether the arm has stopped"
    with pytest.raises(RobotFault, match=r"no result after 0\.05 s; it is cancelled") as caught:
        robot_of(client).follow(TRAJECTORY)
    assert client.cancelled >= 1
    assert (unknown in str(caught.value)) == (not cancels)


def test_a_server_that_vanishes_is_noticed() -> None:
    client = RclpyClient(ends=False)
    robot = robot_of(client)
    client.ready = False
    with pytest.raises(RobotFault, match="server is gone"):
        robot.follow(TRAJECTORY)


@pytest.mark.parametrize("server", ["rclpy", "actionlib"])
@pytest.mark.usefixtures("short")
def test_a_server_that_is_not_there_is_a_fault_before_anything_is_sent(server: str) -> None:
    client: Any = RclpyClient() if server == "rclpy" else ActionlibClient(server=False)
    client.ready = False
    with pytest.raises(RobotFault, match="Is the controller running"):
        robot_of(client)
    assert client.goals == []


def test_a_client_that_can_only_wait_for_its_server_is_made_to() -> None:
    asked: list[float] = []
    client = SimpleNamespace(send_goal_async=lambda goal: None, wait_for_server=lambda timeout_sec: asked.append(timeout_sec))
    robot_of(client)
    assert asked == [action_client.SERVER_SECONDS]


class Raising(RclpyClient):
    def send_goal_async(self, goal: Any) -> Future:
        raise ConnectionError("the wire is cut")


def test_what_a_client_raises_is_a_fault() -> None:
    with pytest.raises(RobotFault, match="ConnectionError: the wire is cut"):
        robot_of(Raising()).follow(TRAJECTORY)
    broken = RclpyClient()
    broken.future.value = ConnectionError("lost in between")
    with pytest.raises(RobotFault, match="lost in between"):
        robot_of(broken).follow(TRAJECTORY)


def client_that_answers(answer: Any, **more: Any) -> Any:
    return SimpleNamespace(send_goal=lambda goal: answer, **more)


GOOD: list[Any] = [
    {"error_code": 0},
    SimpleNamespace(error_code=np.int32(0)),
    {"status": 4, "result": {"error_code": 0}},
    {"status": {"status": 3}, "result": {"error_code": 0}},
    {"status": "succeeded", "result": {}},
    Future({"error_code": 0}),
    Future(SimpleNamespace(accepted=True, get_result_async=lambda: Future({"status": 4, "result": {"error_code": 0}}))),
    SimpleNamespace(get_result=lambda: {"error_code": 0}),
    SimpleNamespace(wait=lambda: True, error_code=0),
]
BAD: list[Any] = [
    None,
    True,
    0,
    "done",
    {},
    {"error_code": None},
    {"error_code": "0"},
    {"error_code": 0, "status": 6},
    {"status": 3, "result": {"error_code": 0}},
    {"status": {"status": 4}, "result": {"error_code": 0}},
    {"status": 4, "result": None},
    {"status": "aborted", "result": {"error_code": 0}},
    {"success": False, "error_code": 0},
    Future(done=False),
    Future(None),
    Future(SimpleNamespace(accepted=False)),
    Future(SimpleNamespace(accepted=True, get_result_async=lambda: Future(done=False))),
    SimpleNamespace(accepted=False, get_result=lambda: {"error_code": 0}),
    SimpleNamespace(get_result=lambda: None),
    SimpleNamespace(wait=lambda: True),
]


@pytest.mark.parametrize("answer", GOOD)
def test_an_answer_that_says_that_it_succeeded_is_a_success(answer: Any) -> None:
    assert TrajectoryExecutor(robot_of(client_that_answers(answer))).execute(TRAJECTORY).outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize("answer", BAD)
def test_an_answer_that_does_not_say_so_is_a_fault(answer: Any) -> None:
    with pytest.raises(RobotFault):
        TrajectoryExecutor(robot_of(client_that_answers(answer))).execute(TRAJECTORY)


def test_a_client_that_keeps_its_result_is_asked_for_it() -> None:
    answers = [{"error_code": 0}, {"error_code": -4}]
    client = client_that_answers(None, get_result=lambda: answers.pop(0))
    robot = robot_of(client)
    robot.follow(TRAJECTORY)
    with pytest.raises(RobotFault, match="PATH_TOLERANCE_VIOLATED"):
        robot.follow(TRAJECTORY)


def test_a_goal_that_is_cancelled_before_it_is_sent_is_not_sent() -> None:
    client = RclpyClient()
    handed = robot_of(client).hand_over(TRAJECTORY)
    handed._motion.cancel()
    with pytest.raises(RobotFault, match="cancelled before it was sent"):
        handed.run()
    assert client.goals == []


def test_no_client_is_imported() -> None:
    assert wrap(RclpyClient(), simulated=True).simulated
    assert wrap(ActionlibClient(), simulated=True).simulated
