"""Poses and joints are measured with noise."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from lmp.lab.disturbances.robot_in_front import RobotInFront
from lmp.schema.observation import Observation
from lmp.schema.pose import Pose, quat_xyzw_from_rotation
from lmp.schema.scene import RobotState, Scene, SceneObject
from lmp.stages import Disturbable, Perceiver, Robot

JOINT_SHARE = 0.2
"""Noise of a joint for each metre of noise of a pose [rad/m]: 2 mm go with 0.4 mrad."""
TURN_SHARE = 5.0
"""Noise of an orientation for each metre of noise of its position [rad/m]: 2 mm go with 0.6 degrees."""


class Noise:
    """Gaussian noise on every look and on every joint; furniture, speeds and the gripper's width are measured well.

    Args:
        world: Not used: the noise lies before it.
        amount: Standard deviation of a position along each axis [m].
        rng: Where the noise comes from.
    """

    def __init__(self, world: Disturbable, amount: float, rng: np.random.Generator):
        self.amount, self._rng = amount, rng
        self.words = (
            f"Poses are measured with noise of {amount * 1000:.1f} mm, joints with {amount * JOINT_SHARE * 1000:.2f} mrad."
        )

    def robot(self, robot: Robot) -> Robot:
        """The robot with noisy joints."""
        return _NoisyRobot(robot, self)

    def perceiver(self, perceiver: Perceiver) -> Perceiver:
        """The perceiver with noisy poses."""
        return _NoisyPerceiver(perceiver, self)

    def of_state(self, state: RobotState) -> RobotState:
        """The state with noise on its positions."""
        noise = self._rng.normal(0.0, self.amount * JOINT_SHARE, len(state.positions))
        return state.model_copy(update={"positions": tuple(float(value) for value in np.array(state.positions) + noise)})

    def of_object(self, item: SceneObject) -> SceneObject:
        """The object with noise on its pose."""
        position = np.array(item.pose.position) + self._rng.normal(0.0, self.amount, 3)
        turn = Rotation.from_rotvec(self._rng.normal(0.0, self.amount * TURN_SHARE, 3)).as_matrix()
        x, y, z = (float(value) for value in position)
        pose = Pose(position=(x, y, z), quat_xyzw=quat_xyzw_from_rotation(turn @ item.pose.rotation))
        return item.model_copy(update={"pose": pose})


class _NoisyRobot(RobotInFront):
    def __init__(self, behind: Robot, noise: Noise):
        super().__init__(behind)
        self._noise = noise

    def get_observation(self) -> RobotState:
        return self._noise.of_state(self.behind.get_observation())


class _NoisyPerceiver:
    def __init__(self, behind: Perceiver, noise: Noise):
        self._behind, self._noise = behind, noise

    def perceive(self, observation: Observation) -> Scene:
        scene = self._behind.perceive(observation)
        objects = tuple(item if item.role == "support" else self._noise.of_object(item) for item in scene.objects)
        return scene.model_copy(update={"objects": objects, "robot": self._noise.of_state(scene.robot)})
