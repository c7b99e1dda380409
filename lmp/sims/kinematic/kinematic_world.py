"""A world without physics: for dry runs and fast tests. What the fingers close on moves with them; what they let go falls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.robots.robot_file import robot_urdf
from lmp.schema.evidence import Touch
from lmp.schema.observation import NOTHING, Observation, Sensors
from lmp.schema.pose import Pose
from lmp.schema.robot import GripperDescription, RobotDescription
from lmp.schema.scene import GRIPPER, Scene, SceneObject
from lmp.schema.scene_file import ObjectSpec, SceneFile
from lmp.schema.shape import Articulated, Box
from lmp.schema.world_spec import WorldSpec
from lmp.sims.kinematic.body import Body
from lmp.sims.kinematic.gripper import Gripper, between_fingers, push_displacement
from lmp.sims.kinematic.inventory import Inventory, gaps
from lmp.sims.kinematic.jointed import Fingers, move_joints, pushed, sprung
from lmp.sims.kinematic.kinematic_robot import KinematicRobot
from lmp.sims.kinematic.saved_world import SavedWorld
from lmp.sims.kinematic.scene_bodies import scene_objects
from lmp.sims.kinematic.support import drop, fly, riders, riders_by_part, touching
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.sims.scenes.engines import scene_of, with_scene
from lmp.sims.scenes.placement import draw_joints, place_objects
from lmp.sims.scenes.ready_shapes import build_shape
from lmp.sims.scenes.supports import floor_height, standing_in
from lmp.stages import World

RATE_HZ = 200.0
"""Control ticks a second."""

Forward = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class KinematicWorld(World):
    """Objects, an arm that tracks perfectly, and a gripper that never slips.

    An object between the closing fingers becomes held and moves with the tool, with all that stands on it; when the
    fingers open it falls straight down onto whatever is below: an object, a cavity's floor, furniture, the floor. Finger
    tips that move sideways through an object push it along. Nothing tips over, rolls or collides otherwise.

    Args:
        scene: The scene file.
        objects: What objects stand on, and the scene's objects at their places.
        robot: The robot.
        seed: The seed that the objects were placed with, and of disturbances.
        spec: How it was opened; left out for one that is made in Python.
        forward: `T_world_tool` for joint positions; read from the robot's URDF by default.
        rate_hz: Control ticks a second.

    Attributes:
        disturbances: What was done to it on purpose, in words.
        inventory: The furniture and the objects.
        has_forces: False.
        simulated: True.
        tracking_hz: Looks a second that are worth while while the arm moves [Hz].
    """

    has_forces, simulated, tracking_hz = False, True, 20.0

    def __init__(
        self,
        scene: SceneFile,
        objects: Iterable[SceneObject],
        robot: RobotDescription,
        seed: int = 0,
        *,
        spec: WorldSpec | None = None,
        forward: Forward | None = None,
        rate_hz: float = RATE_HZ,
    ):
        self.spec = with_scene(spec or WorldSpec(seed=seed, robot=robot.name), scene)
        self.rate_hz, self.scene_file = rate_hz, scene
        self.forward = forward or UrdfChain(robot_urdf(robot), robot).forward
        self._floor = floor_height(scene)
        self.inventory = Inventory(objects)
        self.gripper = Gripper(robot.gripper)
        self.robot = KinematicRobot(robot, rate_hz, self.gripper, self.advance)
        self.ticks = 0
        self.disturbances: list[str] = []
        self._costs = {spec.name: build_shape(spec).costs for spec in scene.objects}
        self._T_world_tool = self.forward(self.robot.q)

    @classmethod
    def open(cls, spec: WorldSpec, robot: RobotDescription) -> Self:
        """The world of a scene, with its objects placed for the seed.

        Raises:
            SetupFault: There is no such scene, or it has no room.
        """
        file, rng = scene_of(spec), np.random.default_rng(spec.seed)
        kept = with_scene(spec, file)
        file, robot = standing_in(draw_joints(file, rng), robot)
        world = cls(file, scene_objects(file, place_objects(file, rng)), robot, spec.seed, spec=kept)
        world.settle(0.0)
        return world

    def close(self) -> None:
        """Disconnects the robot."""
        self.robot.disconnect()

    @property
    def bodies(self) -> list[Body]:
        """The furniture and the objects that are there."""
        return self.inventory.bodies

    @property
    def time(self) -> float:
        """World time [s]."""
        return self.ticks / self.rate_hz

    def advance(self, width: float | None) -> None:
        """One tick after the arm has moved, with a new gripper command [m] or none."""
        self.ticks += 1
        before, self._T_world_tool = self._T_world_tool, self.forward(self.robot.q)
        self._carry()
        if width is not None:
            self._command(width)
        if self.gripper.description is not None:
            self._push_joints(self.gripper.description, before)
        if self.gripper.held or self.gripper.description is None:
            return
        if not np.allclose(before[:2, 3], self._T_world_tool[:2, 3], atol=1e-6):
            self._push(before)
        self._move_fingers()

    def observe(self, wanted: Sensors = NOTHING) -> Observation:
        """The robot's state; this world has no cameras."""
        return Observation(time=self.time, robot=self.robot.get_observation())

    def scene(self) -> Scene:
        """Everything with shape, present pose and contacts, as an oracle sees it."""
        return Scene(
            objects=self._scene_objects(),
            T_world_base=self.robot.description.base,
            robot=self.robot.get_observation(),
            workspace=self.scene_file.world_workspace,
            time=self.time,
        )

    def _scene_objects(self) -> tuple[SceneObject, ...]:
        contacts = self._contacts()
        held = self._held_name
        return tuple(
            body.description.model_copy(
                update={
                    "pose": body.pose,
                    "shape": body.shape,
                    "touching": tuple(contacts[body.name]),
                    "held_by": GRIPPER if body.name == held else None,
                }
            )
            for body in self.bodies
        )

    def tool_pose(self) -> Pose:
        """`T_world_tool`."""
        return Pose.from_matrix(self._T_world_tool)

    def touch(self) -> Touch:
        """Return what the gripper feels: what it holds. There are no forces in this world."""
        held = self._held_name
        return Touch() if held is None else Touch(gripped=held, fingers={held: len(self.robot.description.finger_links)})

    def settle(self, seconds: float) -> None:
        """Lets time pass with the arm held still [s]; what nothing carries falls."""
        for _ in range(round(seconds * self.rate_hz)):
            self.robot.hold()
        carried = self._carried
        for body in sorted(self._loose, key=lambda body: body.bottom):
            if body not in carried:
                drop(body, [other for other in self.bodies if other is not body and other not in carried], self._floor)

    def move_object(self, name: str, pose: Pose) -> None:
        """Puts an object somewhere at once, out of the gripper if it was there; for disturbances and tests.

        Raises:
            UnknownName: There is no such object.
        """
        body = self.inventory.body(name)
        self._let_go(body)
        body.T_world_body = pose.matrix

    def move_joint(self, name: str, joint: str, value: float) -> None:
        """Puts a joint of an object somewhere at once [m] or [rad], with what rides on it; for disturbances and tests.

        Raises:
            UnknownName: There is no such object, or it has no such joint.
        """
        body = self.inventory.body(name)
        loose = [other for other in self.bodies if other not in self._carried]
        move_joints(body, {joint: value}, riders_by_part(body, loose))

    def add_object(self, spec: ObjectSpec, pose: Pose) -> None:
        """Puts a new object there.

        Raises:
            SetupFault: Its name is taken.
        """
        self.inventory.add(spec, pose)

    def remove_object(self, name: str) -> None:
        """Takes an object out of the world, also out of the gripper; what it carried falls with the next tick of rest.

        Raises:
            UnknownName: There is no such object.
        """
        self._let_go(self.inventory.body(name))
        self.inventory.remove(name)

    def throw(self, name: str, velocity: tuple[float, float, float]) -> None:
        """Lets an object fly and fall [m/s]: it comes down where a throw ends, on the first object below.

        Raises:
            UnknownName: There is no such object.
        """
        body = self.inventory.body(name)
        self._let_go(body)
        fly(body, velocity, [other for other in self.bodies if other is not body and other not in self._carried], self._floor)

    def set_friction(self, name: str, coefficient: float, seconds: float | None = None) -> None:
        """There is no friction here.

        Raises:
            SetupFault: Always.
        """
        raise SetupFault("The kinematic world has no friction; use the pybullet world.")

    def weaken(self, share: float) -> None:
        """There are no efforts here.

        Raises:
            SetupFault: Always.
        """
        raise SetupFault("The kinematic world has no efforts; use the pybullet world.")

    def free_room(self, box: Box, pose: Pose, within: float = 0.3) -> dict[str, float]:
        """Distance of a box that is not there to each object near it [m], the robot left out."""
        return gaps(Body(SceneObject(name="box", category="box", pose=pose, shape=box)), self.bodies, within)

    def robot_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float = 0.3) -> float:
        """The robot takes no room here: as far as is measured [m]."""
        return within

    def gaps(self, name: str, within: float = 0.3) -> dict[str, float]:
        """Distance of an object to each other object near it [m]; see `free_room`."""
        return gaps(self.inventory.body(name), self.bodies, within)

    def save(self, path: Path) -> None:
        """Writes the whole state to a file."""
        path.write_text(SavedWorld.of(self).model_dump_json())

    def restore(self, path: Path) -> None:
        """Reads a state that `save` wrote.

        Raises:
            BadFile: The file is not such a state, or one of other objects.
        """
        SavedWorld.read(path).apply(self)
        self._T_world_tool = self.forward(self.robot.q)

    def _let_go(self, body: Body) -> None:
        """Takes a body out of the gripper; with what is held itself goes what rides on it."""
        if self.gripper.held and self.gripper.held[0][0] is body:
            self.gripper.held = []
        self.gripper.held = [entry for entry in self.gripper.held if entry[0] is not body]

    @property
    def _held_name(self) -> str | None:
        return self.gripper.held[0][0].name if self.gripper.held else None

    @property
    def _carried(self) -> list[Body]:
        return [body for body, _ in self.gripper.held]

    @property
    def _loose(self) -> list[Body]:
        return [body for body in self.bodies if body.description.movable]

    def _contacts(self) -> dict[str, list[str]]:
        contacts = touching(self.bodies)
        if self._held_name is not None:
            contacts[self._held_name].append("robot")
        return contacts

    def _carry(self) -> None:
        for body, T_tool_body in self.gripper.held:
            body.T_world_body = self._T_world_tool @ T_tool_body

    def _command(self, width: float) -> None:
        self.gripper.target = width
        if self.gripper.held and width > self.gripper.width + 1e-6:
            released, self.gripper.held = self._carried, []
            for body in sorted(released, key=lambda body: body.bottom):
                drop(body, [other for other in self.bodies if other is not body], self._floor)

    def _push_joints(self, gripper: GripperDescription, before: NDArray[np.float64]) -> None:
        """Move what the fingers run into along its joint, and let what hangs on springs come back where they leave it."""
        width = self.gripper.width
        jointed = [body for body in self.bodies if isinstance(body.shape, Articulated)]
        if not jointed:
            return
        then, now = (Fingers.at(gripper, T_world_tool, width) for T_world_tool in (before, self._T_world_tool))
        for body in jointed:
            values = sprung(body, self._costs.get(body.name, {}), 1.0 / self.rate_hz, now)
            if not np.allclose(before, self._T_world_tool, atol=1e-9):
                values |= pushed(body, then, now)
            if values:
                loose = [other for other in self.bodies if other not in self._carried]
                move_joints(body, values, riders_by_part(body, loose))

    def _push(self, before: NDArray[np.float64]) -> None:
        for body in self._loose:
            displacement = push_displacement(body, self.gripper.width, before, self._T_world_tool)
            if displacement is not None:
                moved = [body, *riders(body, self.bodies)]
                for each in moved:
                    each.shift(displacement)
                drop(body, [other for other in self.bodies if other not in moved], self._floor)

    def _move_fingers(self) -> None:
        if self.gripper.width == self.gripper.target:
            return
        found = [(body, between_fingers(body.parts, self._T_world_tool, self.gripper.width)) for body in self._loose]
        inside = [(body, stretch) for body, stretch in found if stretch is not None]
        body, stretch = min(inside, key=lambda entry: abs(sum(entry[1])), default=(None, None))
        shift, holds = self.gripper.advance(1.0 / self.rate_hz, stretch)
        if body is not None and shift:
            body.shift(shift * self._T_world_tool[:3, 1])
        if body is not None and holds:
            T_tool_world = np.linalg.inv(self._T_world_tool)
            self.gripper.held = [(each, T_tool_world @ each.T_world_body) for each in (body, *riders(body, self.bodies))]
