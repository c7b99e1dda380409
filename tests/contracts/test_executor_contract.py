from __future__ import annotations

import numpy as np
import pytest
from implementations import EXECUTORS, open_executor, small_move

from lmp.errors import NotExecutable
from lmp.execution.monitoring.outcome_of import TRACKING_ERROR
from lmp.meaning.failures import OBJECT_MOVED
from lmp.schema.outcome import Outcome
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.trajectory import Expected, GripperEvent, Segment
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
        assert execution.outcome is TRACKING_ERROR
        assert execution.duration == 0.0
        assert robot.get_observation() == before


def test_it_says_how_much_of_the_limits_it_used_and_saw_nothing(name: str) -> None:
    with open_executor(name) as (executor, _):
        execution = executor.execute(small_move())
        assert execution.evidence is None
        assert 0.0 < execution.velocity <= 1.0
        assert 0.0 < execution.acceleration <= 1.0


@pytest.mark.parametrize(("away", "outcome"), [(0.005, Outcome.SUCCEEDED), (0.03, OBJECT_MOVED)])
def test_it_does_not_go_on_to_what_has_moved(name: str, away: float, outcome: Outcome) -> None:
    expected = Expected(object="cup", position=(0.5, 0.0, 0.03), tolerance=0.01)
    segments = (Segment(name="there", start=0.0, end=2.0), Segment(name="touch", start=2.0, end=2.5, expects=(expected,)))
    trajectory = small_move().model_copy(update={"segments": segments})
    with open_executor(name) as (executor, robot):

        def look() -> Scene:
            pose = Pose(position=(0.5, away, 0.03))
            cup = SceneObject(name="cup", category="cup", pose=pose, shape=Box(size=(0.05, 0.05, 0.05)))
            workspace = Workspace(lower=(0.0, -1.0, 0.0), upper=(1.0, 1.0, 1.0))
            return Scene(objects=(cup,), T_world_base=Pose(), robot=robot.get_observation(), workspace=workspace, time=0.0)

        executor.look = look  # type: ignore[attr-defined]
        execution = executor.execute(trajectory)
        assert execution.outcome is outcome, execution.message
        if execution.evidence is not None:
            assert (execution.evidence.about, execution.evidence.segment) == ("cup", "touch")
            assert execution.evidence.value == pytest.approx(away)
            assert execution.duration == pytest.approx(2.0, abs=0.01)
        np.testing.assert_allclose(robot.get_observation().velocities, 0.0, atol=0.011)
