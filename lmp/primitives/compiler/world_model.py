"""Prediction of the scene after a primitive: the skill's own prediction, and the arm where the trajectory ends."""

from __future__ import annotations

from lmp.primitives.compiler.compiler import PrimitiveCompiler
from lmp.primitives.handling.closings import width_between
from lmp.schema.pose import Pose
from lmp.schema.scene import RobotState, Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory


class SkillWorldModel:
    """Predicts scenes with the skills of a compiler.

    Args:
        compiler: It knows the skills and the robot.
    """

    def __init__(self, compiler: PrimitiveCompiler):
        self.compiler = compiler

    def predict(self, primitive: SkillParameters, scene: Scene, trajectory: JointTrajectory) -> Scene:
        """The scene after the trajectory, marked as predicted."""
        skill = self.compiler.skill_of(primitive)
        changed = skill.predict(primitive, self.compiler.situation(scene), trajectory)
        q = tuple(float(value) for value in trajectory.positions[-1])
        width = self._width(scene, changed, trajectory)
        robot = RobotState(joint_names=trajectory.joint_names, positions=q, velocities=(0.0,) * len(q), gripper_width=width)
        tool = Pose.from_matrix(self.compiler.arm.kinematics.forward(trajectory.positions[-1]))
        return changed.replacing(robot=robot, T_world_tool=tool, time=scene.time + trajectory.duration, predicted=True)

    def _width(self, before: Scene, after: Scene, trajectory: JointTrajectory) -> float:
        """Distance of the fingers in the end [m]: as told, or as wide as what they hold."""
        if not trajectory.gripper:
            return before.robot.gripper_width
        last, held = trajectory.gripper[-1], after.held
        if last.action == "close" and held is not None:
            T_world_tool = self.compiler.arm.kinematics.forward(trajectory.positions[-1])
            return min(width_between(held, T_world_tool), self.compiler.robot.max_width)
        return last.width
