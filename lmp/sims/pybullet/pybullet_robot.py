"""The simulated arm: stiff joint position control, and fingers that close with a limited force, if it has any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from lmp.errors import BadFile, RobotFault
from lmp.robots.robot_file import robot_urdf
from lmp.robots.urdf_model import UrdfModel
from lmp.schema.action import GRIPPER, GRIPPER_FORCE, check_action
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import RobotState
from lmp.sims.pybullet.engine import Engine, pybullet, silence
from lmp.sims.pybullet.robot_urdf import engine_file

STIFFNESS = 1.0
"""Share of the position error that the motors remove in one physics step, within the URDF's torque limits."""
FINGER_FRICTION = 1.2
"""Coulomb coefficient of the rubber pads; multiplied with the object's."""
FINGER_SPINNING_FRICTION = 5e-3
"""Lever arm of the pads' friction against turning [m]: half the radius of the patch that they really touch with."""
PAD_STIFFNESS, PAD_DAMPING = 3.0e4, 1.0e3
"""Contact stiffness [N/m] and damping [N s/m] of the pads, as in the URDF: 30 N dent them by 1 mm."""
GEAR_FORCE, GEAR_ERP, LINKAGE_ERP = 200.0, 0.5, 0.9
"""Greatest force [N], [Nm] and error reduction a step of the gear that keeps the two fingers symmetric, as in the real gripper.

In a linkage several light links stand between drive and pad, and their errors add up: at 0.5 pads tilt by 0.02 rad.
"""


class PyBulletRobot:
    """An arm with a parallel gripper, or with none.

    Args:
        engine: The engine, whose time each control tick advances.
        description: The robot.
        rate_hz: Control ticks a second.
        ticked: Called after each control tick.

    Attributes:
        simulated: True.
        tells_width: True.
        links: The engine's numbers of its links by name.
        link_names: Names of its links by the engine's numbers.
        targets: The joint positions that were sent last [rad]. Shape (dof,).
        uid: The engine's number of its body.
    """

    simulated = tells_width = True

    def __init__(self, engine: Engine, description: RobotDescription, rate_hz: float, ticked: Callable[[], None]):
        self.description, self.rate_hz, self._engine, self._ticked = description, rate_hz, engine, ticked
        base = description.T_world_root
        self.uid: int = _loaded(engine, robot_urdf(description), base)
        info = [engine.getJointInfo(self.uid, index) for index in range(engine.getNumJoints(self.uid))]
        joints = {entry[1].decode(): index for index, entry in enumerate(info)}
        self.links = {entry[12].decode(): index for index, entry in enumerate(info)}
        self.link_names = {index: name for name, index in self.links.items()}
        self._arm = [joints[name] for name in description.joint_names]
        self._fingers = [joints[name] for name in description.finger_joints]
        self.finger_links = tuple(self.links[name] for name in description.finger_links)
        self.tool_link = self.links[description.tool_link]
        self._torques = [info[joint][10] for joint in self._arm]
        self._movable = [index for index, entry in enumerate(info) if entry[3] > -1]
        self._effort: float | None = None
        self._lower = np.array([joint.lower for joint in description.joints])
        self._upper = np.array([joint.upper for joint in description.joints])
        self._step = np.array([joint.velocity for joint in description.joints]) / rate_hz
        self.targets = np.array(description.rest)
        self.width, self.force = description.max_width, 0.0 if description.gripper is None else description.gripper.force
        self._connected = True
        self._prepare()

    def _prepare(self) -> None:
        """Rest posture, open gripper, pads and gear."""
        for joint, position in zip(self._arm, self.targets, strict=True):
            self._engine.resetJointState(self.uid, joint, position)
        for finger, position in zip(self._fingers, self.description.finger_positions(self.width), strict=True):
            self._engine.resetJointState(self.uid, finger, position)
        for link in self.finger_links:
            self._engine.changeDynamics(
                self.uid,
                link,
                lateralFriction=FINGER_FRICTION,
                spinningFriction=FINGER_SPINNING_FRICTION,
                contactStiffness=PAD_STIFFNESS,
                contactDamping=PAD_DAMPING,
            )
        gripper = self.description.gripper
        if gripper is not None:
            self._gear(gripper.joint_rates(self.width), LINKAGE_ERP if gripper.travel else GEAR_ERP)

    def _gear(self, rates: NDArray[np.float64], erp: float) -> None:
        """Ties the other joints of the gripper to its first one; rates are how much each moves for the same way."""
        for finger, rate in zip(self._fingers[1:], rates[1:], strict=True):
            gear = self._engine.createConstraint(
                self.uid, self._fingers[0], self.uid, finger, self._engine.JOINT_GEAR, [1, 0, 0], [0, 0, 0], [0, 0, 0]
            )
            self._engine.changeConstraint(gear, gearRatio=-rates[0] / rate, erp=erp, maxForce=GEAR_FORCE)

    def connect(self) -> None:
        """Ready at once; a second time does nothing."""
        self._connected = True

    def disconnect(self) -> None:
        """After it, actions are refused; a second time does nothing."""
        self._connected = False

    def get_observation(self) -> RobotState:
        """The measured state."""
        gripper = self.description.gripper
        states = self._engine.getJointStates(self.uid, self._arm)
        fingers = self._engine.getJointStates(self.uid, self._fingers)
        return RobotState(
            joint_names=self.description.joint_names,
            positions=tuple(state[0] for state in states),
            velocities=tuple(state[1] for state in states),
            gripper_width=0.0 if gripper is None else max(0.0, gripper.width_at([state[0] for state in fingers])),
        )

    def send_action(self, action: dict[str, float]) -> dict[str, float]:
        """Goes towards the targets for one control tick. They are clipped to the joint and speed limits.

        Args:
            action: Every arm joint [rad]; "gripper" [m] and "gripper_force" [N] stay as they were where left out.

        Returns:
            What was sent: all joints, "gripper" and "gripper_force".

        Raises:
            SetupFault: The action names something that the robot does not have, or leaves out a joint.
            RobotFault: The robot is disconnected, or a target is not a finite number.
        """
        if not self._connected:
            raise RobotFault(f"The robot {self.description.name!r} is disconnected; call connect() first.")
        names = self.description.joint_names
        check_action(action, names)
        wanted = np.clip([action[name] for name in names], self._lower, self._upper)
        goal = np.clip(wanted, self.targets - self._step, self.targets + self._step)
        self.width = min(max(float(action.get(GRIPPER, self.width)), 0.0), self.description.max_width)
        self.force = min(max(float(action.get(GRIPPER_FORCE, self.force)), 0.0), self.description.max_force)
        self._run(goal)
        sent = {name: float(value) for name, value in zip(names, goal, strict=True)}
        return sent | {GRIPPER: self.width, GRIPPER_FORCE: self.force}

    def hold(self) -> None:
        """One control tick with all targets as they are."""
        self._run(self.targets)

    def jump(self, positions: NDArray[np.float64]) -> None:
        """Puts the arm into a posture at once, without time [rad]; for measuring. Shape (dof,)."""
        for joint, position in zip(self._arm, positions, strict=True):
            self._engine.resetJointState(self.uid, joint, float(position))

    def tool_pose(self) -> Pose:
        """Measured `T_world_tool`."""
        position, quat = self._engine.getLinkState(self.uid, self.tool_link)[4:6]
        return Pose(position=position, quat_xyzw=quat) @ self.description.T_link_tool

    def closing_direction(self) -> NDArray[np.float64]:
        """From finger to finger, world frame, unit length. Shape (3,)."""
        quat = self._engine.getLinkState(self.uid, self.tool_link)[5]
        rotation = np.reshape(self._engine.getMatrixFromQuaternion(quat), (3, 3))
        direction: NDArray[np.float64] = rotation @ self.description.T_link_tool.rotation[:, 1]
        return direction

    def weaken(self, share: float) -> None:
        """Leaves the joints a share of their torque to move with [dimensionless]; the arm's weight is carried beside it."""
        self._effort = share

    def _forces(self) -> list[float]:
        """Greatest torque of each joint now [Nm] or [N]: what the URDF allows, or a share of it and what the weight takes."""
        if self._effort is None:
            return self._torques
        q = [state[0] for state in self._engine.getJointStates(self.uid, self._movable)]
        still = [0.0] * len(q)
        weight = dict(zip(self._movable, self._engine.calculateInverseDynamics(self.uid, q, still, still), strict=True))
        return [self._effort * most + abs(weight[joint]) for joint, most in zip(self._arm, self._torques, strict=True)]

    def _run(self, goal: NDArray[np.float64]) -> None:
        """One control tick: the targets move evenly to the goal, step by step."""
        engine, start = self._engine, self.targets
        self._drive_fingers()
        count, gains, forces = len(self._arm), [STIFFNESS] * len(self._arm), self._forces()
        for share in np.arange(1, engine.substeps + 1) / engine.substeps:
            engine.setJointMotorControlArray(
                self.uid,
                self._arm,
                engine.POSITION_CONTROL,
                targetPositions=start + share * (goal - start),
                targetVelocities=[0.0] * count,
                forces=forces,
                positionGains=gains,
                velocityGains=[1.0] * count,
            )
            engine.stepSimulation()
        self.targets = goal
        self._ticked()

    def _drive_fingers(self) -> None:
        """All joints of the gripper together press with the force on both sides: their work is that of the width."""
        gripper = self.description.gripper
        if gripper is None:
            return
        now = gripper.width_at([state[0] for state in self._engine.getJointStates(self.uid, self._fingers)])
        positions, rates = gripper.joint_positions(self.width), np.abs(gripper.joint_rates(now))
        for finger, position, rate in zip(self._fingers, positions, rates, strict=True):
            self._engine.setJointMotorControl2(
                self.uid,
                finger,
                self._engine.POSITION_CONTROL,
                targetPosition=position,
                force=self.force / (rate * len(self._fingers)),
                maxVelocity=gripper.speed * rate,
            )


def _loaded(engine: Engine, urdf: UrdfModel, base: Pose) -> int:
    """The engine's number of the robot.

    Raises:
        BadFile: The engine cannot read the URDF; what it says goes into the error and not to the terminal.
    """
    with silence() as said, engine_file(urdf) as path:
        try:
            uid: int = engine.loadURDF(str(path), base.position, base.quat_xyzw, useFixedBase=True)
        except pybullet.error as error:
            raise BadFile(str(urdf.path), [f"PyBullet cannot load it: {said() or error}."]) from error
    return uid
