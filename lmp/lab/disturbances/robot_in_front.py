"""A robot that stands before another one and passes everything on; faults override what they change."""

from __future__ import annotations

from lmp.capabilities import robot_capabilities
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState
from lmp.stages import Robot


class RobotInFront:
    """Passes everything on, and declares what the robot behind it declares.

    Args:
        behind: The robot behind it.
    """

    description: RobotDescription

    def __init__(self, behind: Robot):
        self.behind = behind
        self.description = behind.description
        declared = robot_capabilities(behind)
        self.simulated, self.rate_hz, self.tells_width = declared.simulated, declared.rate_hz, declared.tells_width

    def connect(self) -> None:
        self.behind.connect()

    def disconnect(self) -> None:
        self.behind.disconnect()

    def get_observation(self) -> RobotState:
        return self.behind.get_observation()

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        return self.behind.send_action(action)
