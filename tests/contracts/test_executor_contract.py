from __future__ import annotations

import numpy as np
import pytest
from implementations import EXECUTORS, open_executor, small_move

from lmp.errors import NotExecutable
from lmp.schema.outcome import Outcome
from lmp.schema.trajectory import GripperEvent
from lmp.schema.verdict import Verdict, Violation

pytestmark = pytest.mark.parametrize("name", EXECUTORS)


def test_following_ends_where_the_trajectory_ends(name: str) -> None:
    trajectory = small_move()
    with open_executor(name) as (executor, robot):
        execution = executor.execute(trajectory)
        assert execution.outcome is Outcome.SUCCEEDED, execution.message
        assert execution.duration == trajectory.duration
        assert execution.tracking_error < 0.03
        state = robot.get_observation()
        np.testing.assert_allclose(state.positions, trajectory.positions[-1], atol=3e-3)
        np.testing.assert_allclose(state.velocities, 0.0, atol=0.01)


def test_the_gripper_is_worked(name: str) -> None:
    event = GripperEvent(t=2.0, action="close", width=0.05, force=20.0)
    with open_executor(name) as (executor, _):
        execution = executor.execute(small_move(gripper=(event,)))
        assert execution.outcome is Outcome.SUCCEEDED
        assert execution.gripper_width == pytest.approx(0.05, abs=3e-3)


@pytest.mark.parametrize(
    "candidate",
    [
        Verdict(skill="pick", violations=(Violation(code="unreachable", message="It is too far away."),)),
        small_move(predicted=True),
        small_move().model_copy(update={"joint_names": tuple("abcdefg")}),
        None,
    ],
    ids=["verdict", "predicted", "other joints", "nothing"],
)
def test_what_must_not_move_is_refused_before_anything_moves(name: str, candidate: object) -> None:
    with open_executor(name) as (executor, robot):
        before = robot.get_observation()
        with pytest.raises(NotExecutable):
            executor.execute(candidate)  # type: ignore[arg-type]
        assert robot.get_observation() == before


def test_it_does_not_start_from_elsewhere(name: str) -> None:
    trajectory = small_move()
    with open_executor(name) as (executor, robot):
        before = robot.get_observation()
        execution = executor.execute(trajectory.model_copy(update={"positions": trajectory.positions + 0.2}))
        assert execution.outcome is Outcome.TRACKING_ERROR
        assert execution.duration == 0.0
        assert robot.get_observation() == before
