"""A world in which something goes wrong on purpose, once: it wraps another one, and the runtime knows nothing of it."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from lmp.lab.disturbances import OPTION
from lmp.lab.disturbances.disturber import Disturber
from lmp.lab.disturbances.robot_in_front import RobotInFront
from lmp.schema.observation import NOTHING, Observation, Sensors
from lmp.schema.plan import Subgoal
from lmp.schema.scene import Scene
from lmp.schema.trajectory import JointTrajectory
from lmp.stages import Tell, World


class DisturbedWorld:
    """Passes everything on to the world behind it, and disturbs that at a moment which the seed chooses.

    Faults of measuring and driving lie before its robot and its objects; an evaluation judges by the world behind
    it (`true_world`).

    Args:
        behind: The world.
        text: ``KIND`` or ``KIND:AMOUNT``; see `lmp.lab.disturbances.kinds`.

    Raises:
        UnknownName: There is no such kind.
        SetupFault: The amount is out of its range, or the kind means nothing in this world.
    """

    def __init__(self, behind: World, text: str):
        self.behind = behind
        self.spec = behind.spec.model_copy(update={"options": {**behind.spec.options, OPTION: text}})
        self.disturber = Disturber(text, behind)
        self.robot = _Ticking(self.disturber.robot(behind.robot), self)
        self._tell: Tell | None = None
        self._ticks: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Closes the world behind it."""
        self.behind.close()

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        """Return what the sensors say now, as far as they say it rightly."""
        seen = self.behind.observe(wanted)
        return seen.model_copy(update={"robot": self.robot.get_observation()})

    def scene(self) -> Scene:
        """Return the world's scene, as it is perceived."""
        return self.disturber.perceived()

    def hear(self, tell: Tell) -> None:
        """Takes what is to be told of each disturbance."""
        self._tell, self._ticks = tell, None

    def moving(self, trajectory: JointTrajectory, subgoal: Subgoal | None, plan: tuple[Subgoal, ...]) -> None:
        """Strikes before a motion if that is the moment."""
        self._ticks = 0
        self._told(self.disturber.before_motion(subgoal, trajectory, plan))

    def ticked(self) -> None:
        """Strikes in a motion if that is the moment."""
        if self._ticks is not None:
            self._ticks += 1
            self._told(self.disturber.during(self._ticks / self.behind.rate_hz))

    def _told(self, words: str | None) -> None:
        if words is not None and self._tell is not None:
            self._tell(words)


def true_world(world: World) -> World:
    """The world as it truly is: the one behind a disturbed one."""
    return world.behind if isinstance(world, DisturbedWorld) else world


class _Ticking(RobotInFront):
    """Tells the world of each control tick."""

    def __init__(self, behind: Any, world: DisturbedWorld):
        super().__init__(behind)
        self._world = world

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        sent = super().send_action(action)
        self._world.ticked()
        return sent
