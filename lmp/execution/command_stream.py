"""The commands that an arm is sent, tick by tick: where they stand, how they get somewhere near by, and how they are held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.execution.arm import Arm
from lmp.execution.command_shares import CommandShares
from lmp.execution.deferred_signals import Deferred
from lmp.execution.tick_plan import blend, blend_seconds
from lmp.schema.trajectory import GripperEvent

NEAR = 0.05
"""Distance of a joint from its command within which the two belong together [rad]; 5 cm at 1 m of reach."""

AT_REST = 0.01
"""Joint speed below which the arm is at rest [rad/s]."""

REST_SECONDS = 0.5
"""How long the arm may take to come to rest after the last command [s]."""

BLEND_MARGIN = 1.1
"""Factor on the least duration of a blend [dimensionless]: ticks are not the polynomial's own peaks."""


class CommandStream:
    """One motion's commands.

    Args:
        arm: The arm.
        rate_hz: Ticks a second.
        signals: Notes at every tick whether somebody wants the motion to stop.
        present: Where the arm is measured to be [rad]. Shape (dof,).

    Attributes:
        commanded: What was sent last [rad]. Shape (dof,).
        shares: How much of the limits the commands used.
    """

    def __init__(self, arm: Arm, rate_hz: float, signals: Deferred, present: NDArray[np.float64]):
        self.arm, self.rate_hz, self.signals = arm, rate_hz, signals
        # What was sent last is where the robot's own controller stands; what is measured is a little beside it.
        near = arm.sent is not None and np.abs(arm.sent - present).max() <= NEAR
        self.commanded = arm.sent if arm.sent is not None and near else present
        self.shares = CommandShares(arm.robot.description, rate_hz, self.commanded)

    def send(self, positions: NDArray[np.float64], event: GripperEvent | None = None) -> bool:
        """One tick [rad], with a gripper command if there is one. True if somebody wants the motion to stop."""
        self.commanded = positions
        self.shares.sent(positions)
        self.arm.command(positions, event)
        return self.signals.tick()

    def blend_to(self, goal: NDArray[np.float64]) -> bool:
        """Brings the command, at rest, to a posture near by, within limits. True if somebody wants the motion to stop."""
        seconds = BLEND_MARGIN * blend_seconds(goal - self.commanded, self.arm.robot.description)
        if seconds * self.rate_hz <= 1.0:
            return False  # So near that the next tick may begin from there.
        stop = False
        for positions in blend(self.commanded, goal, seconds, self.rate_hz):
            stop = self.send(positions) or stop  # It is short, and to break it off would be the harder stop.
        return stop

    def hold(self) -> None:
        """Sends the last command until the arm is at rest. A Ctrl-C from within the robot's code does not end it."""
        for _ in range(max(1, round(REST_SECONDS * self.rate_hz))):
            try:
                self.send(self.commanded)
                if self.distance()[1] <= AT_REST:
                    return
            except KeyboardInterrupt:
                continue

    def distance(self) -> tuple[float, float]:
        """Largest distance of a joint from its command [rad] and largest joint speed [rad/s]."""
        state = self.arm.observe()
        error = np.abs(self.arm.positions(state) - self.commanded).max()
        return float(error), float(np.abs(self.arm.velocities(state)).max())
