"""Functions of one's own: None and True are a success by contract, and nothing else is that does not say so."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from action_doubles import FakeTime, Future, RclpyClient
from hypothesis import given
from hypothesis import strategies as st
from panda_doubles import REST, action_of, trajectory_of

from lmp.errors import RobotFault
from lmp.execution.hardware import TrajectoryExecutor, wrap
from lmp.execution.hardware.answers import ERROR_CODES, ROS_1_STATUSES, ROS_2_STATUSES, require_done, require_success
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.outcome import Outcome
from lmp.schema.trajectory import GripperEvent

GRASP = GripperEvent(t=0.0, action="close", width=0.02, force=10.0)
TRAJECTORY = trajectory_of(0.0, 0.4, gripper=(GRASP,))


async def unawaited() -> None: ...


GOOD: list[Any] = [None, True, np.True_, {"error_code": 0}, {"success": True}, Future(None), Future(True)]
BAD: list[Any] = [
    False,
    np.False_,
    0,
    1,
    -1,
    0.0,
    "failed",
    "ok",
    (True, "moved"),
    (False, "refused"),
    [],
    {},
    {"success": False},
    {"error_code": -4},
    {"success": "yes"},
    SimpleNamespace(error_code=99999),
    Future(False),
    Future(ValueError("no plan")),
]


def carried_out(function: Any, gripper: Any = None) -> Outcome:
    robot = wrap(function, shape="trajectory", gripper=gripper, simulated=True)
    robot.connect()
    return TrajectoryExecutor(robot).execute(TRAJECTORY).outcome  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", GOOD)
def test_a_function_that_says_that_it_is_done_has_succeeded(answer: Any) -> None:
    assert carried_out(lambda trajectory: answer, lambda width, force: answer) is Outcome.SUCCEEDED
    robot = wrap(lambda q: answer, simulated=True)
    robot.connect()
    robot.send_action(action_of(REST))


@pytest.mark.parametrize("answer", BAD)
def test_any_other_answer_is_a_fault(answer: Any) -> None:
    with pytest.raises(RobotFault):
        carried_out(lambda trajectory: answer)
    with pytest.raises(RobotFault, match=r"gripper=|no plan"):
        carried_out(lambda trajectory: None, lambda width, force: answer)
    robot = wrap(lambda q: answer, simulated=True)
    robot.connect()
    with pytest.raises(RobotFault):
        robot.send_action(action_of(REST))


def test_what_would_have_to_be_awaited_is_a_fault() -> None:
    with pytest.raises(RobotFault, match="returned a coroutine"):
        carried_out(lambda trajectory: unawaited())


def test_a_future_that_is_not_done_is_waited_for_and_then_a_fault() -> None:
    time = FakeTime()
    with pytest.raises(RobotFault, match="a future that was not done within 7 s"):
        require_done(Future(done=False), "It", 7.0, time.waiting)
    assert time.now == pytest.approx(7.0, abs=0.01)


@pytest.mark.parametrize(
    ("reached", "stalled", "good"), [(True, False, True), (False, True, True), (True, True, True), (False, False, False)]
)
def test_a_gripper_has_done_its_work_if_it_is_there_or_holds_something(reached: bool, stalled: bool, good: bool) -> None:
    result = SimpleNamespace(position=0.02, effort=9.0, reached_goal=reached, stalled=stalled)
    if good:
        require_success(result, "The gripper")
        return
    with pytest.raises(RobotFault, match="neither reached its goal nor stalled"):
        require_success(result, "The gripper")


@given(code=st.integers(-(2**31), 2**31 - 1), status=st.integers(-3, 12), wrapped=st.booleans())
def test_only_code_0_with_the_status_succeeded_of_its_own_numbering_is_a_success(code: int, status: int, wrapped: bool) -> None:
    succeeded = (ROS_1_STATUSES if wrapped else ROS_2_STATUSES).index("succeeded")
    told: Any = SimpleNamespace(status=status, text="") if wrapped else status
    answer = SimpleNamespace(status=told, result=SimpleNamespace(error_code=code, error_string=""))
    if code == 0 and status == succeeded:
        require_success(answer, "The action")
        return
    with pytest.raises(RobotFault, match="did not succeed") as caught:
        require_success(answer, "The action")
    assert code == 0 or ERROR_CODES.get(code, "does not define") in str(caught.value)


def test_a_run_whose_controller_rejects_the_goal_ends_as_the_robots_fault(tmp_path: Path) -> None:
    with open_world("kinematic:tabletop", seed=3) as world:
        robot = wrap(RclpyClient(accepted=False), simulated=True)
        robot.connect()
        agent = Agent(world, executor=TrajectoryExecutor(robot))  # type: ignore[arg-type]
        episode = agent.run("pick up the red block", out=tmp_path / "run", report=False, pictures=False)
    assert (episode.outcome, episode.verified) == (Outcome.ROBOT_FAILED, False)
    assert "rejected the goal" in (episode.error or "")
