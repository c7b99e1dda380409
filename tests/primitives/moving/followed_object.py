"""An ideal arm that follows an object over a table whose way is known as a function of time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from compile_scenes import block, compiler, table_scene
from numpy.typing import NDArray
from panda_arm import PANDA

from lmp.execution.executor import StreamingExecutor
from lmp.execution.hardware import wrap
from lmp.primitives.moving.object_loop import ObjectFollower
from lmp.primitives.skills.pick import PickParameters
from lmp.schema.findings import Execution
from lmp.schema.pose import Pose
from lmp.schema.scene import GRIPPER, Scene, SceneObject
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory

Array = NDArray[np.float64]
Way = Callable[[float], Array]
"""Displacement of the object since the motion began, by the time since then [s] to [m], shape (3,)."""
RATE, LOOKS = 250.0, 25.0


def straight(vx: float, vy: float, since: float = 0.0) -> Way:
    return lambda t: np.array([vx, vy, 0.0]) * max(t - since, 0.0)


@dataclass
class Trial:
    """A motion that was followed.

    Attributes:
        compiled: What was compiled.
        execution: How it went.
        sent: Joint positions of each tick. Shape (n, dof).
        acted: Time at which the gripper was told to act last [s]; None if it was not.
    """

    compiled: JointTrajectory
    execution: Execution | None = None
    sent: list[Array] = field(default_factory=list)
    acted: float | None = None

    def tool(self, t: float) -> Array:
        """Where the tool was commanded to be [m]. Shape (3,)."""
        place: Array = compiler().arm.kinematics.forward(self.sent[round(t * RATE) - 1])[:3, 3]
        return place

    @property
    def planned(self) -> Array:
        """Where the tool was compiled to be when the gripper acts [m]. Shape (3,)."""
        event = self.compiled.gripper[-1]
        place: Array = compiler().arm.kinematics.forward(self.compiled.at(event.t))[:3, 3]
        return place


def follow(
    primitive: SkillParameters, scene: Scene, name: str, way: Way, seen: Callable[[Scene], Scene] | None = None
) -> Trial:
    """Follows a primitive whose object `name` goes its way until the gripper has closed on it."""
    compiled = compiler().compile(primitive, scene)
    assert isinstance(compiled, JointTrajectory), str(compiled)
    trial = Trial(compiled)

    def look() -> Scene:
        t = len(trial.sent) / RATE
        held = name if isinstance(primitive, PickParameters) and trial.acted is not None else None
        there = way(t if held is None or trial.acted is None else trial.acted)
        state = robot.get_observation()
        if trial.acted is None:
            state = state.model_copy(update={"gripper_width": scene.robot.gripper_width})
        T_tools = [compiler().arm.kinematics.forward(q) for q in (scene.robot.positions, state.positions)]
        carried = T_tools[1] @ np.linalg.inv(T_tools[0])

        def moved(thing: SceneObject) -> SceneObject:
            if thing.held:
                return thing.model_copy(update={"pose": Pose.from_matrix(carried @ thing.pose.matrix)})
            if thing.name != name:
                return thing
            x, y, z = (float(value) for value in np.array(thing.pose.position) + there)
            pose = Pose(position=(x, y, z), quat_xyzw=thing.pose.quat_xyzw)
            return thing.model_copy(update={"pose": pose, "held_by": GRIPPER if held else None})

        now = scene.model_copy(update={"objects": tuple(map(moved, scene.objects)), "robot": state, "time": t})
        return now if seen is None else seen(now)

    robot = wrap(ideal, PANDA, rate_hz=RATE, simulated=True, start=scene.robot.positions)
    robot.connect()
    send = robot.send_action

    def note(action: dict[str, float]) -> dict[str, float]:
        trial.sent.append(np.array([action[joint] for joint in PANDA.joint_names]))
        if "gripper" in action and len(trial.sent) > 5:
            trial.acted = len(trial.sent) / RATE
        return send(action)

    robot.send_action = note  # type: ignore[method-assign]
    executor = StreamingExecutor(robot, RATE, look=look)
    loop: Any = ObjectFollower(lambda: compiler().arm, LOOKS).motion(compiled)
    trial.execution = executor.execute(loop)
    return trial


def ideal(q: Array) -> None:
    """An arm that is where it is sent."""


def pick_scene(*others: SceneObject) -> Scene:
    return table_scene(block("red_block", 0.5, 0.0), *others)
