"""One compiled subgoal in a world under the monitor, with a hook at every tick and all that was sent written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmp import registry
from lmp.execution.executor import StreamingExecutor
from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.robots.robot_file import load_robot
from lmp.runtime.worlds import open_world
from lmp.schema.findings import Execution
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory, Segment
from lmp.sims.oracle_perceiver import OraclePerceiver

PANDA = load_robot("panda")
COMPILER = PrimitiveCompiler(PANDA, {name: registry.load("skill", name) for name in registry.known("skill")})

Hook = Callable[[Segment, float], None]
"""Called after each tick with its segment and the share of it that is done."""


class MonitoredRun:
    """Compiles and carries out primitives in a world of its own.

    Attributes:
        actions: Everything that the robot was sent, since the last start.
        looks: How often it was looked where things are.
    """

    def __init__(self, seed: int = 1, world: str = "pybullet"):
        self.world: Any = open_world(f"{world}:tabletop", seed=seed, robot=PANDA)
        self.actions: list[dict[str, float]] = []
        self.looks, self.hook = 0, lambda segment, share: None
        send = self.world.robot.send_action

        def noted(action: dict[str, float]) -> dict[str, float]:
            self.actions.append(action)
            return send(action)

        self.world.robot.send_action = noted
        self.executor = StreamingExecutor(
            self.world.robot, self.world.rate_hz, self._progress, touch=self.world.touch, look=self.look
        )

    def scene(self) -> Scene:
        return OraclePerceiver(self.world).perceive(self.world.observe())

    def look(self) -> Scene:
        self.looks += 1
        return self.scene()

    def thing(self, name: str) -> SceneObject:
        return self.scene().get(name)

    def do(self, primitive: SkillParameters, hook: Hook | None = None) -> Execution:
        """Compiles on the scene as it is, starts afresh with the notes, and executes."""
        compiled = COMPILER.compile(primitive, self.scene())
        assert isinstance(compiled, JointTrajectory), str(compiled)
        self.trajectory, self.hook = compiled, hook or (lambda segment, share: None)
        self.actions.clear()
        self.looks = 0
        return self.executor.execute(compiled)

    def _progress(self, fraction: float) -> None:
        t = fraction * self.trajectory.duration
        segment = next((s for s in self.trajectory.segments if t <= s.end), self.trajectory.segments[-1])
        self.hook(segment, (t - segment.start) / max(segment.end - segment.start, 1e-9))

    def shift(self, name: str, by: tuple[float, float, float]) -> None:
        pose = self.thing(name).pose
        x, y, z = np.array(pose.position) + by
        self.world.move_object(name, Pose(position=(x, y, z), quat_xyzw=pose.quat_xyzw))

    @property
    def sent(self) -> NDArray[np.float64]:
        """Joint positions that were sent [rad]. Shape (ticks, 7)."""
        return np.array([[action[name] for name in PANDA.joint_names] for action in self.actions])

    def shares_of_limits(self) -> tuple[float, float]:
        """Largest shares of the speed and acceleration limits, by finite differences of what was sent."""
        steps = np.diff(self.sent, axis=0) * self.world.rate_hz
        changes = np.diff(steps, axis=0) * self.world.rate_hz
        speeds, accelerations = (np.array([getattr(j, name) for j in PANDA.joints]) for name in ("velocity", "acceleration"))
        return float((np.abs(steps) / speeds).max()), float((np.abs(changes) / accelerations).max())
