"""Objects as PyBullet bodies, rigid or with joints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lmp.schema.pose import Pose
from lmp.schema.scene_file import ObjectSpec, Rgb
from lmp.schema.shape import Articulated, ObjectJoint
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.object_urdf import joint_id, write_urdf
from lmp.sims.scenes.built_shape import BuiltShape, JointCost

ROLLING_FRICTION = 2e-4
"""Lever arm of the rolling resistance [m]: a wooden ball on a table comes to rest within some decimetres."""
SPINNING_FRICTION = 1e-3
"""Lever arm of the friction against turning about a contact's normal [m]: contacts are small patches, not points."""
AWAY = 5.0
"""Distance by which a body is moved to lose its contacts [m]."""
RESTITUTION = 0.0
"""Objects on a table hardly bounce; any bounce also lets what is put down jump off its place."""


class Body:
    """One object in the engine.

    PyBullet speaks of the centre of mass; this class speaks of the object's own frame.

    Args:
        engine: The engine.
        folder: Where its files are written.
        spec: Its specification.
        built: Its shape, with its joints where they start, and what moving them costs.
        rgb: Its colour from 0 to 1 [dimensionless].
        pose: Where it starts.
    """

    def __init__(self, engine: Engine, folder: Path, spec: ObjectSpec, built: BuiltShape, rgb: Rgb, pose: Pose):
        self.name, self._engine = spec.name, engine
        path = folder / f"{len(list(folder.iterdir()))}.urdf"
        self._T_body_com = write_urdf(built.shape, spec.mass, rgb, path)
        # PyBullet keeps what it reads by its name, for good; these files have names of their own in every world.
        engine.setPhysicsEngineParameter(enableFileCaching=0)
        self.uid: int = engine.loadURDF(
            str(path),
            useFixedBase=spec.role != "movable",
            flags=engine.URDF_USE_INERTIA_FROM_FILE | engine.URDF_USE_IMPLICIT_CYLINDER,
        )
        engine.setPhysicsEngineParameter(enableFileCaching=1)
        numbers = {engine.getJointInfo(self.uid, n)[1].decode(): n for n in range(engine.getNumJoints(self.uid))}
        joints = built.shape.joints if isinstance(built.shape, Articulated) else ()
        self._joints = {joint.name: (numbers[joint_id(joint.name)], joint) for joint in joints}
        self._costs = {joint.name: built.costs.get(joint.name, JointCost()) for joint in joints}
        for link in (-1, *numbers.values()):
            engine.changeDynamics(
                self.uid,
                link,
                lateralFriction=spec.friction,
                rollingFriction=ROLLING_FRICTION,
                spinningFriction=SPINNING_FRICTION,
                restitution=RESTITUTION,
                linearDamping=0.0,
                angularDamping=0.0,
            )
        self.set_joints({joint.name: joint.value for joint in joints if joint.value is not None})
        self.pull()
        self.move(pose)

    @property
    def pose(self) -> Pose:
        """`T_world_body`."""
        position, quat = self._engine.getBasePositionAndOrientation(self.uid)
        return Pose(position=position, quat_xyzw=quat) @ self._T_body_com.inverse()

    @property
    def joint_values(self) -> dict[str, float]:
        """Positions of its joints, within their ranges, at whose ends the engine gives way a little [m] or [rad]."""
        return {
            name: min(max(self._engine.getJointState(self.uid, number)[0], joint.lower), joint.upper)
            for name, (number, joint) in self._joints.items()
        }

    def set_joints(self, values: Mapping[str, float]) -> None:
        """Puts joints somewhere at once, at rest [m] or [rad]."""
        for name, value in values.items():
            self._engine.resetJointState(self.uid, self._joints[name][0], value, 0.0)

    def pull(self) -> None:
        """Tells the joints' motors what resists and what pulls: friction, or a spring towards its nearest rest."""
        for name, (number, joint) in self._joints.items():
            cost = self._costs[name]
            if cost.spring > 0.0 and cost.rests:
                self._to_rest(number, joint, cost)
            else:
                engine = self._engine
                engine.setJointMotorControl2(self.uid, number, engine.VELOCITY_CONTROL, targetVelocity=0.0, force=cost.friction)

    def _to_rest(self, number: int, joint: ObjectJoint, cost: JointCost) -> None:
        engine = self._engine
        value = engine.getJointState(self.uid, number)[0]
        rest = min(cost.rests, key=lambda rest: abs(rest - value))
        engine.setJointMotorControl2(
            self.uid,
            number,
            engine.POSITION_CONTROL,
            targetPosition=rest,
            force=cost.spring,
            positionGain=0.1,
            velocityGain=1.0,
        )

    def move(self, pose: Pose) -> None:
        """Puts it there, at rest."""
        T_world_com = pose @ self._T_body_com
        self._engine.resetBasePositionAndOrientation(self.uid, T_world_com.position, T_world_com.quat_xyzw)
        self._engine.resetBaseVelocity(self.uid, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
        self.set_joints(self.joint_values)

    def throw(self, velocity: tuple[float, float, float]) -> None:
        """Gives it a velocity in the world, without a turn [m/s]."""
        self._engine.resetBaseVelocity(self.uid, velocity, [0.0, 0.0, 0.0])

    def set_friction(self, coefficient: float) -> None:
        """Sets its Coulomb coefficient [dimensionless]; that of a contact is the product of both."""
        for link in range(-1, len(self._joints)):
            self._engine.changeDynamics(self.uid, link, lateralFriction=coefficient)
        # A contact point that sticks keeps the friction that it was made with, so that all are made anew.
        position, quat = self._engine.getBasePositionAndOrientation(self.uid)
        velocities = self._engine.getBaseVelocity(self.uid)
        for place in ((position[0], position[1], position[2] + AWAY), position):
            self._engine.resetBasePositionAndOrientation(self.uid, place, quat)
            self._engine.performCollisionDetection()
        self._engine.resetBaseVelocity(self.uid, *velocities)
