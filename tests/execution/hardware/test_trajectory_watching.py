from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from panda_doubles import PANDA, REST, trajectory_of

from lmp.execution.hardware import TrajectoryExecutor, wrap
from lmp.execution.hardware import trajectory_executor as module
from lmp.execution.monitoring.outcome_of import TIMED_OUT
from lmp.meaning.failures import DROPPED, MISSED_GRASP, OBJECT_MISSING, OBJECT_MOVED
from lmp.schema.outcome import Outcome
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene, SceneObject, Workspace
from lmp.schema.shape import Box
from lmp.schema.trajectory import Expected, GripperEvent, JointTrajectory, Segment

EXPECTED = Expected(object="cup", position=(0.5, 0.0, 0.03), tolerance=0.01)


def grasping() -> JointTrajectory:
    """Comes down, closes while it stands still, and carries away."""
    trajectory = trajectory_of(0.0, 0.2, 0.2, 0.0, gripper=(GripperEvent(t=1.0, action="close", width=0.0, force=20.0),))
    segments = (
        Segment(name="descend", start=0.0, end=1.0, expects=(EXPECTED,)),
        Segment(name="grasp", start=1.0, end=2.0, takes="cup"),
        Segment(name="carry", start=2.0, end=3.0, carries="cup"),
    )
    return trajectory.model_copy(update={"segments": segments})


class Controller:
    """Carries out every trajectory at once; the fingers stop at `held`, and open by themselves to nothing when it falls."""

    def __init__(self, held: float, falls_in_part: int = 99):
        self.q, self.width, self.held, self.falls_in_part, self.parts = REST.copy(), 0.08, held, falls_in_part, 0

    def follow(self, trajectory: JointTrajectory) -> None:
        self.parts += 1
        self.q = trajectory.positions[-1].copy()
        if self.parts == self.falls_in_part:
            self.width = 0.0

    def grip(self, width: float, force: float) -> None:
        self.width = max(width, self.held)

    def robot(self, **options: Any) -> Any:
        made = wrap(
            self.follow,
            shape="trajectory",
            state=lambda: self.q,
            gripper=self.grip,
            width=lambda: self.width,
            simulated=True,
            **options,
        )
        made.connect()
        return made


@pytest.mark.parametrize(
    ("controller", "outcome", "parts"),
    [
        (Controller(held=0.04), Outcome.SUCCEEDED, 3),
        (Controller(held=0.0), MISSED_GRASP, 2),
        (Controller(held=0.04, falls_in_part=3), DROPPED, 3),
    ],
)
def test_the_grip_is_looked_after_between_parts(controller: Controller, outcome: Outcome, parts: int) -> None:
    execution = TrajectoryExecutor(controller.robot()).execute(grasping())
    assert execution.outcome is outcome, execution.message
    assert controller.parts == parts
    assert (execution.evidence is None) == (outcome is Outcome.SUCCEEDED)


def test_without_a_width_the_grip_is_not_judged() -> None:
    robot = wrap(lambda trajectory: None, shape="trajectory", simulated=True)
    robot.connect()
    assert not robot.tells_width
    assert TrajectoryExecutor(robot).execute(grasping()).outcome is Outcome.SUCCEEDED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("where", "outcome", "parts"),
    [
        ((0.5, 0.005, 0.03), Outcome.SUCCEEDED, 3),
        ((0.5, 0.02, 0.03), OBJECT_MOVED, 0),
        (None, OBJECT_MISSING, 0),
    ],
)
def test_what_is_not_in_its_place_is_not_touched(
    where: tuple[float, float, float] | None, outcome: Outcome, parts: int
) -> None:
    def look() -> Scene:
        cups = (
            ()
            if where is None
            else (SceneObject(name="cup", category="cup", pose=Pose(position=where), shape=Box(size=(0.05,) * 3)),)
        )
        state = RobotState(joint_names=PANDA.joint_names, positions=tuple(REST), velocities=(0.0,) * 7, gripper_width=0.08)
        return Scene(
            objects=cups, T_world_base=Pose(), robot=state, workspace=Workspace(lower=(0, -1, 0), upper=(1, 1, 1)), time=0.0
        )

    controller = Controller(held=0.04)
    execution = TrajectoryExecutor(controller.robot(), look=look).execute(grasping())
    assert (execution.outcome, controller.parts) == (outcome, parts)


def test_a_controller_that_does_not_come_back_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OVERRUN_SECONDS", 0.05)
    cancelled = threading.Event()
    robot = wrap(lambda trajectory: cancelled.wait(10.0), shape="trajectory", cancel=cancelled.set)
    robot.connect()
    execution = TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.01, seconds=0.1))  # type: ignore[arg-type]
    assert execution.outcome is TIMED_OUT
    assert execution.evidence is not None
    assert execution.evidence.signal == "overrun"
    assert cancelled.is_set()
    assert np.isfinite(execution.acceleration)


def test_what_a_real_controller_raises_arrives() -> None:
    def broken(trajectory: JointTrajectory) -> None:
        raise ValueError("no such joint")

    robot = wrap(broken, shape="trajectory")
    robot.connect()
    with pytest.raises(module.RobotFault, match="no such joint"):
        TrajectoryExecutor(robot).execute(trajectory_of(0.0, 0.01, seconds=0.1))  # type: ignore[arg-type]
