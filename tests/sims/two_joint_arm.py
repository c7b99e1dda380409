"""A small arm for tests: two joints, perfectly tracked unless told otherwise, and trajectories for it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription, JointLimits, RobotDescription
from lmp.schema.scene import RobotState
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Margins, Segment

NAMES = ("shoulder", "elbow")


def two_joint_description() -> RobotDescription:
    limits = {"lower": -2.0, "upper": 2.0, "velocity": 2.0, "acceleration": 10.0, "jerk": 1000.0, "rest": 0.0, "source": "test"}
    gripper = GripperDescription(
        joints=("finger",),
        links=("pad",),
        max_width=0.08,
        speed=0.1,
        force=30.0,
        max_force=70.0,
        finger_depth=0.03,
        tip_length=0.008,
        finger_width=0.022,
        finger_thickness=0.015,
        hand_width=0.064,
        hand_length=0.206,
    )
    return RobotDescription(
        name="two_joint",
        urdf="two_joint.urdf",
        joints=tuple(JointLimits(name=name, **limits) for name in NAMES),
        tool_link="hand",
        T_link_tool=Pose(),
        gripper=gripper,
    )


class TwoJointArm:
    """Goes where it is told within a tick; `before_send` may raise or block, `blocked_at` stops the shoulder."""

    def __init__(self, before_send: Callable[[int], None] = lambda tick: None, blocked_at: float = np.inf):
        self.description = two_joint_description()
        self.before_send, self.blocked_at = before_send, blocked_at
        self.q, self.v, self.width = np.zeros(2), np.zeros(2), 0.08
        self.actions: list[dict[str, float]] = []
        self.rate_hz, self.simulated, self.tells_width = 100.0, True, True
        self._calls = 0

    def connect(self) -> None: ...

    def disconnect(self) -> None: ...

    def get_observation(self) -> RobotState:
        return RobotState(joint_names=NAMES, positions=tuple(self.q), velocities=tuple(self.v), gripper_width=self.width)

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        self._calls += 1
        self.before_send(self._calls)
        self.actions.append(action)
        goal = np.array([min(action["shoulder"], self.blocked_at), action["elbow"]])
        self.q, self.v = goal, (goal - self.q) * self.rate_hz
        self.width = action.get("gripper", self.width)
        return action

    @property
    def sent(self) -> np.ndarray:
        return np.array([[action[name] for name in NAMES] for action in self.actions])


def minimum_jerk_trajectory(
    goal: tuple[float, float] = (0.8, -0.4),
    duration: float = 1.0,
    start: tuple[float, float] = (0.0, 0.0),
    gripper: tuple[GripperEvent, ...] = (),
    predicted: bool = False,
) -> JointTrajectory:
    """From start to goal in `duration`, sampled at 1 kHz."""
    times = np.linspace(0.0, duration, round(duration * 1000) + 1)
    p = times[:, None] / duration
    span = np.array(goal) - np.array(start)
    return JointTrajectory(
        skill="move",
        joint_names=NAMES,
        times=times,
        positions=np.array(start) + span * (10 * p**3 - 15 * p**4 + 6 * p**5),
        velocities=span * (30 * p**2 - 60 * p**3 + 30 * p**4) / duration,
        accelerations=span * (60 * p - 180 * p**2 + 120 * p**3) / duration**2,
        tool_path=np.zeros((len(times), 3)),
        gripper=gripper,
        segments=(Segment(name="move", start=0.0, end=duration),),
        margins=Margins(
            joint_limit=1.0, velocity=0.5, acceleration=0.5, jerk=0.5, smallest_singular_value=1.0, end_error=0.0, stretch=1.0
        ),
        predicted=predicted,
    )
