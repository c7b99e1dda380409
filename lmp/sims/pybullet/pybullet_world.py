"""Furniture with objects, an arm and cameras in PyBullet. Objects are held by friction, never glued."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from lmp.schema.evidence import Touch
from lmp.schema.observation import NOTHING, Observation, Sensors
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import GRIPPER, Scene, SceneObject
from lmp.schema.scene_file import CameraSpec, ObjectSpec, SceneFile
from lmp.schema.shape import Box
from lmp.schema.world_spec import WorldSpec
from lmp.sims.pybullet.camera import carried, render
from lmp.sims.pybullet.contact import contacts, gripped, touch, touching
from lmp.sims.pybullet.engine import Engine
from lmp.sims.pybullet.furniture import add_furniture
from lmp.sims.pybullet.inventory import Inventory
from lmp.sims.pybullet.pybullet_robot import PyBulletRobot
from lmp.sims.pybullet.snapshot import Snapshot
from lmp.sims.scenes.engines import scene_of, with_scene
from lmp.sims.scenes.placement import draw_joints, place_objects
from lmp.sims.scenes.ready_shapes import built_object
from lmp.sims.scenes.supports import standing_in, support_objects
from lmp.stages import World

if TYPE_CHECKING:
    from lmp.sims.pybullet.gaps import Gaps, Ghost

RATE_HZ = 240.0
"""Control ticks a second: two physics steps each; a 1 kHz trajectory sampled at it is off by less than 1e-4 rad."""
SETTLE_SECONDS = 0.5
"""Time that new objects get to come to rest on what they stand on [s]."""
ROBOT = "robot"


class PyBulletWorld(World):
    """A scene in PyBullet.

    Args:
        scene: The scene file.
        robot: The robot.
        seed: Seed of the objects' places, and of disturbances.
        spec: How it was opened; left out for one that is made in Python.
        gui: Shows PyBullet's window.
        rate_hz: Control ticks a second.

    Attributes:
        scene_file: The scene file.
        ticks: Control ticks since the start.
        disturbances: What was done to it on purpose, in words.
        inventory: Its objects.
        has_forces: True.
        simulated: True.
        tracking_hz: Looks a second that are worth while while the arm moves [Hz].

    Raises:
        SetupFault: There is no room for the objects, or the engine or the robot's URDF is missing.
    """

    has_forces, simulated, tracking_hz = True, True, 20.0

    def __init__(
        self,
        scene: SceneFile,
        robot: RobotDescription,
        seed: int,
        *,
        spec: WorldSpec | None = None,
        gui: bool = False,
        rate_hz: float = RATE_HZ,
    ):
        rng = np.random.default_rng(seed)
        self.spec = with_scene(spec or WorldSpec(seed=seed, robot=robot.name), scene)
        scene, robot = standing_in(draw_joints(scene, rng), robot)
        self.rate_hz, self.scene_file = rate_hz, scene
        self.ticks = 0
        self.disturbances: list[str] = []
        poses = place_objects(scene, rng)
        self.engine = Engine(gui, rate_hz)
        try:
            self._build(robot, poses)
        except BaseException:
            self.engine.close()
            raise

    @classmethod
    def open(cls, spec: WorldSpec, robot: RobotDescription, *, gui: bool = False) -> Self:
        """The world of a scene.

        Raises:
            SetupFault: There is no such scene, or what `PyBulletWorld` raises.
        """
        return cls(scene_of(spec), robot, spec.seed, spec=spec, gui=gui)

    def _build(self, robot: RobotDescription, poses: dict[str, Pose]) -> None:
        self._furniture = add_furniture(self.engine, self.scene_file, robot.base)
        self._supports = support_objects(self.scene_file)
        self.robot = PyBulletRobot(self.engine, robot, self.rate_hz, self._count)
        self.inventory = Inventory(self.engine, self.scene_file.objects, poses, [support.name for support in self._supports])
        self._gaps: Gaps | None = None
        self._ghost: Ghost | None = None
        self.settle(SETTLE_SECONDS)
        self.ticks = 0

    def _count(self) -> None:
        self.ticks += 1
        self.inventory.ticked()

    @property
    def names(self) -> dict[int, str]:
        """Names of the furniture, the robot and the objects by the engine's numbers."""
        return self._furniture | {self.robot.uid: ROBOT} | self.inventory.names

    @property
    def time(self) -> float:
        """World time [s]."""
        return self.ticks / self.rate_hz

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        """The robot's state, and pictures of all cameras if they are wanted."""
        frames = tuple(render(self.engine, camera, self.names) for camera in self._cameras()) if wanted.images else ()
        return Observation(time=self.time, robot=self.robot.get_observation(), frames=frames)

    def _cameras(self) -> tuple[CameraSpec, ...]:
        """The cameras as they stand now."""
        mounts = {"world": self.scene_file.T_world_scene, "tool": self.robot.tool_pose()}
        return tuple(carried(camera, mounts[camera.mount]) for camera in self.scene_file.cameras)

    def scene(self) -> Scene:
        """The furniture and all objects with shape, present pose and contacts, as an oracle sees them."""
        return Scene(
            objects=self._scene_objects(),
            T_world_base=self.robot.description.base,
            robot=self.robot.get_observation(),
            workspace=self.scene_file.world_workspace,
            time=self.time,
        )

    def _scene_objects(self) -> tuple[SceneObject, ...]:
        points = contacts(self.engine, self.names)
        held = gripped(points, ROBOT, self.robot.finger_links, self.robot.closing_direction())
        return (
            *(support.model_copy(update={"touching": touching(points, support.name)}) for support in self._supports),
            *(self._scene_object(spec, touching(points, spec.name), spec.name in held) for spec in self.inventory),
        )

    def _scene_object(self, spec: ObjectSpec, touched: tuple[str, ...], held: bool) -> SceneObject:
        body, built = self.inventory.body(spec.name), self.inventory.built(spec.name)
        seen = built_object(spec, body.pose, built).with_joints(dict(body.joint_values))
        return seen.model_copy(update={"touching": touched, "held_by": GRIPPER if held else None})

    def tool_pose(self) -> Pose:
        """Measured `T_world_tool`."""
        return self.robot.tool_pose()

    def touch(self) -> Touch:
        """Return what the gripper feels just now."""
        robot = self.robot
        return touch(self.engine, self.names, robot.uid, robot.link_names, robot.finger_links, robot.closing_direction)

    def settle(self, seconds: float) -> None:
        """Lets time pass with the arm held still [s]."""
        for _ in range(round(seconds * self.rate_hz)):
            self.robot.hold()

    def move_object(self, name: str, pose: Pose) -> None:
        """Puts an object somewhere at once, at rest; for disturbances and tests.

        Raises:
            UnknownName: There is no such object.
        """
        self.inventory.body(name).move(pose)
        self._touch_afresh()

    def move_joint(self, name: str, joint: str, value: float) -> None:
        """Puts a joint of an object somewhere at once, at rest [m] or [rad]; for disturbances and tests.

        Raises:
            UnknownName: There is no such object.
        """
        self.inventory.body(name).set_joints({joint: value})
        self._touch_afresh()

    def add_object(self, spec: ObjectSpec, pose: Pose) -> None:
        """Puts a new object there, at rest.

        Raises:
            SetupFault: Its name is taken.
        """
        self.inventory.add(spec, pose)
        self._touch_afresh()

    def remove_object(self, name: str) -> None:
        """Takes an object out of the world.

        Raises:
            UnknownName: There is no such object.
        """
        self.inventory.remove(name)
        self._touch_afresh()

    def set_friction(self, name: str, coefficient: float, seconds: float | None = None) -> None:
        """Sets an object's Coulomb coefficient [dimensionless] for a time [s], or for ever.

        Raises:
            UnknownName: There is no such object.
        """
        self.inventory.set_friction(name, coefficient, None if seconds is None else max(1, round(seconds * self.rate_hz)))

    def weaken(self, share: float) -> None:
        """Leaves the arm's joints a share of their effort to move with [dimensionless]; its weight is carried beside it."""
        self.robot.weaken(share)

    def throw(self, name: str, velocity: tuple[float, float, float]) -> None:
        """Gives an object a velocity in the world [m/s].

        Raises:
            UnknownName: There is no such object.
        """
        self.inventory.body(name).throw(velocity)

    def free_room(self, box: Box, pose: Pose, within: float = 0.3) -> dict[str, float]:
        """Distance of a box that is not there to each object near it [m]; negative where it would be inside.

        Args:
            box: The box.
            pose: `T_world_box`.
            within: Objects that are farther away are left out [m].
        """
        return self._measuring().of_box(self.names, box, pose, within)

    def robot_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float = 0.3) -> float:
        """Least distance of the robot from a box that is not there, over some postures [m]; at most `within`.

        Args:
            box: The box.
            pose: `T_world_box`.
            postures: Joint positions in the order of the robot file [rad]. Shape (n, dof).
            within: Farther is not measured [m].
        """
        if self._ghost is None:
            from lmp.sims.pybullet.gaps import Ghost

            self._ghost = Ghost(self.robot.description, self.rate_hz)
        return self._ghost.free_room(box, pose, postures, within)

    def gaps(self, name: str, within: float = 0.3) -> dict[str, float]:
        """Distance of an object to each other object near it [m]; see `free_room`.

        Raises:
            UnknownName: There is no such object.
        """
        return self._measuring().of_body(self.names, self.inventory.body(name).uid, within)

    def _measuring(self) -> Gaps:
        """Return what measures gaps, made when it is first asked for: only disturbances ask."""
        if self._gaps is None:
            from lmp.sims.pybullet.gaps import Gaps

            self._gaps = Gaps(self.engine)
        return self._gaps

    def _touch_afresh(self) -> None:
        # Contacts are of the last step otherwise: what was just lifted away would still be said to touch the table.
        self.engine.performCollisionDetection()

    def save(self, path: Path) -> None:
        """Writes the whole state to one file."""
        Snapshot.of(self).write(path)

    def restore(self, path: Path) -> None:
        """Puts this world into a saved state of a world of the same scene, robot and rate.

        Raises:
            BadFile: The file is not such a state.
        """
        Snapshot.read(path).apply(self)

    def close(self) -> None:
        """Ends the engine; a second time does nothing."""
        if self._ghost is not None:
            self._ghost.close()
        self.robot.disconnect()
        self.engine.close()
