"""A world without physics: for dry runs and fast tests. What the fingers close on moves with them; what they let go falls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.at_once import strike_now
from lmp.robots.robot_file import robot_urdf
from lmp.schema.episode import WorldObject
from lmp.schema.evidence import Touch
from lmp.schema.observation import Observation
from lmp.schema.pose import Pose
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import SceneObject, Workspace
from lmp.schema.scene_file import ObjectSpec, SceneFile
from lmp.schema.shape import Box
from lmp.sims.kinematic.body import Body
from lmp.sims.kinematic.hand import Hand, between_fingers, push_displacement
from lmp.sims.kinematic.inventory import Inventory, gaps
from lmp.sims.kinematic.kinematic_robot import KinematicRobot
from lmp.sims.kinematic.saved_world import SavedWorld
from lmp.sims.kinematic.scene_bodies import scene_objects
from lmp.sims.kinematic.support import drop, fly, riders, touching
from lmp.sims.kinematic.urdf_chain import UrdfChain
from lmp.sims.scenes.loader import load_scene_file
from lmp.sims.scenes.placement import place_objects
from lmp.sims.world_report import world_report

RATE_HZ = 200.0
"""Control ticks a second."""

Forward = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class KinematicWorld:
    """Objects, an arm that tracks perfectly, and hands that never slip.

    An object between the closing fingers becomes held and moves with the tool, with all that stands on it; when the
    fingers open it falls straight down onto whatever is below: an object, a cavity's floor, the table. Finger tips that
    move sideways through an object push it along. Nothing tips over, rolls or collides otherwise.

    Args:
        scene: The scene file.
        objects: The table and the scene's objects at their places.
        robot: The robot.
        seed: The seed that the objects were placed with, and of disturbances.
        forward: `T_world_tool` for joint positions; read from the robot's URDF by default.
        rate_hz: Control ticks a second.

    Attributes:
        disturbances: What was done to it on purpose, in words.
        inventory: The table and the objects.
        has_forces: False.
    """

    has_forces = False

    def __init__(
        self,
        scene: SceneFile,
        objects: Iterable[SceneObject],
        robot: RobotDescription,
        seed: int = 0,
        *,
        forward: Forward | None = None,
        rate_hz: float = RATE_HZ,
    ):
        self.name, self.seed, self.rate_hz, self.scene_file = scene.name, seed, rate_hz, scene
        self.forward = forward or UrdfChain(robot_urdf(robot), robot).forward
        self.inventory = Inventory(objects)
        self.hand = Hand(robot.gripper)
        self.robot = KinematicRobot(robot, rate_hz, self.hand, self.advance)
        self.ticks = 0
        self.disturbances: list[str] = []
        self._T_world_tool = self.forward(self.robot.q)

    @classmethod
    def open(cls, scene: str | Path | SceneFile, robot: RobotDescription, *, seed: int = 0, gui: bool = False) -> Self:
        """A world from a scene's name or file, with its objects placed for a seed.

        Raises:
            SetupFault: There is no such scene, it has no room, or a window was asked for.
        """
        if gui:
            raise SetupFault("The kinematic world has no window; use the pybullet world for one.")
        file = load_scene_file(scene)
        world = cls(file, scene_objects(file, place_objects(file, np.random.default_rng(seed))), robot, seed)
        world.settle(0.0)
        return world

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Disconnects the robot."""
        self.robot.disconnect()

    @property
    def bodies(self) -> list[Body]:
        """The table and the objects that are there."""
        return self.inventory.bodies

    @property
    def workspace(self) -> Workspace:
        """Where the tool may move and things may be put."""
        return self.scene_file.workspace

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
        if self.hand.held:
            return
        if self.hand.gripper is None:
            return
        if not np.allclose(before[:2, 3], self._T_world_tool[:2, 3], atol=1e-6):
            self._push(before)
        self._move_fingers()

    def observe(self, images: bool = False) -> Observation:
        """The robot's state; this world has no cameras."""
        return Observation(time=self.time, robot=self.robot.get_observation())

    def scene_objects(self) -> tuple[SceneObject, ...]:
        """The objects with shape, present pose and contacts, as an oracle sees them."""
        contacts = self._contacts()
        held = self._held_name
        return tuple(
            body.description.model_copy(
                update={"pose": body.pose, "touching": tuple(contacts[body.name]), "held": body.name == held}
            )
            for body in self.bodies
        )

    def touch(self) -> Touch:
        """What the hand feels: what it holds. There are no forces in this world."""
        held = self._held_name
        return Touch() if held is None else Touch(gripped=held, fingers={held: len(self.robot.description.finger_links)})

    def objects(self) -> tuple[WorldObject, ...]:
        """The objects as the world knows them."""
        return world_report(self.scene_objects())

    def settle(self, seconds: float) -> None:
        """Lets time pass with the arm held still [s]; what nothing carries falls."""
        for _ in range(round(seconds * self.rate_hz)):
            self.robot.hold()
        carried = self._carried
        for body in sorted(self._loose, key=lambda body: body.bottom):
            if body not in carried:
                drop(body, [other for other in self.bodies if other is not body and other not in carried])

    def move_object(self, name: str, pose: Pose) -> None:
        """Puts an object somewhere at once, out of the hand if it was there; for disturbances and tests.

        Raises:
            UnknownName: There is no such object.
        """
        body = self.inventory.body(name)
        self._let_go(body)
        body.T_world_body = pose.matrix

    def add_object(self, spec: ObjectSpec, pose: Pose) -> None:
        """Puts a new object there.

        Raises:
            SetupFault: Its name is taken.
        """
        self.inventory.add(spec, pose)

    def remove_object(self, name: str) -> None:
        """Takes an object out of the world, also out of the hand; what it carried falls with the next tick of rest.

        Raises:
            UnknownName: There is no such object.
        """
        self._let_go(self.inventory.body(name))
        self.inventory.remove(name)

    def throw(self, name: str, velocity: tuple[float, float, float]) -> None:
        """Lets an object fly and fall [m/s]: it comes down where a throw ends, on the first thing below.

        Raises:
            UnknownName: There is no such object.
        """
        body = self.inventory.body(name)
        self._let_go(body)
        fly(body, velocity, [other for other in self.bodies if other is not body and other not in self._carried])

    def set_friction(self, name: str, coefficient: float, seconds: float | None = None) -> None:
        """There is no friction here.

        Raises:
            SetupFault: Always.
        """
        raise SetupFault("The kinematic world has no friction; use the pybullet world.")

    def free_room(self, box: Box, pose: Pose, within: float = 0.3) -> dict[str, float]:
        """Distance of a box that is not there to each thing near it [m], the robot left out."""
        return gaps(Body(SceneObject(name="box", category="box", pose=pose, shape=box)), self.bodies, within)

    def robot_room(self, box: Box, pose: Pose, postures: NDArray[np.float64], within: float = 0.3) -> float:
        """The robot takes no room here: as far as is measured [m]."""
        return within

    def gaps(self, name: str, within: float = 0.3) -> dict[str, float]:
        """Distance of an object to each other thing near it [m]; see `free_room`."""
        return gaps(self.inventory.body(name), self.bodies, within)

    def disturb(self, kind: str, target: str | None) -> str:
        """Disturbs the world at once; says what was done. See `lmp.lab.disturbances`."""
        return strike_now(self, kind, target)

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
        """Takes a body out of the hand; with what is held itself goes what rides on it."""
        if self.hand.held and self.hand.held[0][0] is body:
            self.hand.held = []
        self.hand.held = [entry for entry in self.hand.held if entry[0] is not body]

    @property
    def _held_name(self) -> str | None:
        return self.hand.held[0][0].name if self.hand.held else None

    @property
    def _carried(self) -> list[Body]:
        return [body for body, _ in self.hand.held]

    @property
    def _loose(self) -> list[Body]:
        return [body for body in self.bodies if body.description.movable]

    def _contacts(self) -> dict[str, list[str]]:
        contacts = touching(self.bodies)
        if self._held_name is not None:
            contacts[self._held_name].append("robot")
        return contacts

    def _carry(self) -> None:
        for body, T_tool_body in self.hand.held:
            body.T_world_body = self._T_world_tool @ T_tool_body

    def _command(self, width: float) -> None:
        self.hand.target = width
        if self.hand.held and width > self.hand.width + 1e-6:
            released, self.hand.held = self._carried, []
            for body in sorted(released, key=lambda body: body.bottom):
                drop(body, [other for other in self.bodies if other is not body])

    def _push(self, before: NDArray[np.float64]) -> None:
        for body in self._loose:
            displacement = push_displacement(body, self.hand.width, before, self._T_world_tool)
            if displacement is not None:
                moved = [body, *riders(body, self.bodies)]
                for each in moved:
                    each.shift(displacement)
                drop(body, [other for other in self.bodies if other not in moved])

    def _move_fingers(self) -> None:
        if self.hand.width == self.hand.target:
            return
        found = [(body, between_fingers(body.parts, self._T_world_tool, self.hand.width)) for body in self._loose]
        inside = [(body, stretch) for body, stretch in found if stretch is not None]
        body, stretch = min(inside, key=lambda entry: abs(sum(entry[1])), default=(None, None))
        shift, holds = self.hand.advance(1.0 / self.rate_hz, stretch)
        if body is not None and shift:
            body.shift(shift * self._T_world_tool[:3, 1])
        if body is not None and holds:
            T_tool_world = np.linalg.inv(self._T_world_tool)
            self.hand.held = [(each, T_tool_world @ each.T_world_body) for each in (body, *riders(body, self.bodies))]
