"""Joints and poses are measured late."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import numpy as np

from lmp.lab.disturbances.robot_in_front import RobotInFront
from lmp.schema.observation import Observation
from lmp.schema.scene import RobotState, Scene
from lmp.stages import Disturbable, Perceiver, Robot

LOOK_SECONDS = 0.02
"""How often the poses are looked at while the robot moves [s]."""
ROUND_OFF = 1e-9

Seen = TypeVar("Seen")


class Delay:
    """A measurement that tells what was so some time ago; times in it are not corrected, since nobody knows.

    While the world only rests (`settle`), nothing is sampled; after a rest that is longer than the delay, what is so now
    is what was so then.

    Args:
        world: Tells the time and the poses.
        amount: The delay [s].
        rng: Not used.
    """

    def __init__(self, world: Disturbable, amount: float, rng: np.random.Generator):
        self.world, self.amount = world, amount
        self.words = f"Joints and poses are measured {amount * 1000:.0f} ms late."
        self._look: Callable[[], Scene] | None = None
        self._states: Past[RobotState] = Past(amount, 2.0 * LOOK_SECONDS)
        self._scenes: Past[Scene] = Past(amount, 2.0 * LOOK_SECONDS)

    def robot(self, robot: Robot) -> Robot:
        """The robot with late joints."""
        return _DelayedRobot(robot, self)

    def perceiver(self, perceiver: Perceiver) -> Perceiver:
        """The perceiver with late poses."""
        return _DelayedPerceiver(perceiver, self)

    def sample(self, state: RobotState) -> None:
        """Keeps what is so now."""
        now = self.world.observe().time
        self._states.keep(now, state)
        if self._look is not None and now - self._scenes.newest >= LOOK_SECONDS - ROUND_OFF:
            self._scenes.keep(now, self._look())

    def late_state(self, present: RobotState) -> RobotState:
        """The joints as they were."""
        return self._states.at(self.world.observe().time, present)

    def late_scene(self, behind: Perceiver, observation: Observation) -> Scene:
        """The scene as it was, with the joints as they were."""
        scene = self._scenes.at(self.world.observe().time, behind.perceive(observation))
        return scene.model_copy(update={"robot": self.late_state(observation.robot), "time": observation.time})

    def look_with(self, perceiver: Perceiver) -> None:
        """Takes the eyes that poses come from."""

        def look() -> Scene:
            state = RobotState.model_validate(self.world.robot.get_observation().model_dump())
            return perceiver.perceive(Observation(time=self.world.observe().time, robot=state))

        self._look = look


class Past(Generic[Seen]):
    """The scenes seen lately.

    Args:
        delay: How long ago it is asked for [s].
        stale: What was seen this much earlier than asked for is not given out [s].
    """

    def __init__(self, delay: float, stale: float):
        self._delay, self._stale = delay, stale
        self._seen: deque[tuple[float, Seen]] = deque()

    @property
    def newest(self) -> float:
        """Time of the newest scene seen [s]."""
        return self._seen[-1][0] if self._seen else -np.inf

    def keep(self, now: float, seen: Seen) -> None:
        """Something seen now; a time that runs backwards (a restored world) begins anew."""
        if now < self.newest:
            self._seen.clear()
        self._seen.append((now, seen))
        while len(self._seen) > 1 and self._seen[1][0] <= now - self._delay - self._stale:
            self._seen.popleft()

    def at(self, now: float, present: Seen) -> Seen:
        """Return what was so a delay ago, or what is so now if nothing was seen about then."""
        then = now - self._delay + ROUND_OFF
        before = [(time, seen) for time, seen in self._seen if then - self._stale <= time <= then]
        return before[-1][1] if before else present


class _DelayedRobot(RobotInFront):
    def __init__(self, behind: Robot, delay: Delay):
        super().__init__(behind)
        self._late = delay

    def get_observation(self) -> RobotState:
        return self._late.late_state(self.behind.get_observation())

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        sent = self.behind.send_action(action)
        self._late.sample(self.behind.get_observation())
        return sent


class _DelayedPerceiver:
    def __init__(self, behind: Perceiver, delay: Delay):
        self._behind, self._late = behind, delay
        delay.look_with(behind)

    def perceive(self, observation: Observation) -> Scene:
        return self._late.late_scene(self._behind, observation)
