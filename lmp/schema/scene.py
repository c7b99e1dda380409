"""The robot's knowledge of the world: named objects with pose, shape and contacts, and the robot's own state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from lmp.errors import UnknownName, did_you_mean
from lmp.schema.base import Model, Name, Vector3
from lmp.schema.camera_frame import CameraFrame
from lmp.schema.pose import Pose
from lmp.schema.shape import Articulated, Cavity, Handle, ObjectJoint, Shape

GRIPPER = "gripper"
"""Name of the effector of a robot whose file names none."""

Role = Literal["support", "fixture", "movable"]
"""An object's part in a task: furniture that others stand on, something fixed otherwise, or something that may be moved."""
UP = (0.0, 0.0, 1.0)
"""The world's vertical, against gravity."""


class RobotState(Model):
    """Joint positions by name, also of chains that do not move, and the opening of the gripper of the one that does."""

    joint_names: tuple[Name, ...] = Field(max_length=128)
    positions: tuple[Annotated[float, Field(ge=-1e3, le=1e3)], ...] = Field(
        max_length=128, description="joint positions in the order of the names [rad]"
    )
    velocities: tuple[Annotated[float, Field(ge=-1e3, le=1e3)], ...] = Field(
        max_length=128, description="joint velocities in the order of the names [rad/s]"
    )
    gripper_width: float = Field(ge=0.0, le=1.0, description="distance between the fingers [m]")

    @model_validator(mode="after")
    def _same_lengths(self) -> Self:
        lengths = {len(self.joint_names), len(self.positions), len(self.velocities)}
        if len(lengths) != 1:
            raise ValueError("joint names, positions and velocities differ in length")
        if twice := sorted({name for name in self.joint_names if self.joint_names.count(name) > 1}):
            raise ValueError(f"joint names have to be unique; {', '.join(twice)} came more than once")
        return self

    def positions_of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Positions of some joints by name, in the order asked for [rad]. Shape (n,).

        Raises:
            UnknownName: The state tells nothing of one of them.
        """
        return self._of(names, self.positions)

    def velocities_of(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Velocities of some joints by name, in the order asked for [rad/s]. Shape (n,).

        Raises:
            UnknownName: The state tells nothing of one of them.
        """
        return self._of(names, self.velocities)

    def _of(self, names: Sequence[str], values: tuple[float, ...]) -> NDArray[np.float64]:
        by_name = dict(zip(self.joint_names, values, strict=True))
        for name in names:
            if name not in by_name:
                raise UnknownName("joint in the robot's state", name, by_name)
        return np.array([by_name[name] for name in names])


class Certainty(Model):
    """The certainty with which an object was perceived.

    Attributes:
        position: Standard deviation of its position in any direction.
        seen: Share of its surface that was seen, from where it could be seen.
    """

    position: float = Field(ge=0.0, le=0.5, description="standard deviation of its position [m]")
    seen: float = Field(default=1.0, ge=0.0, le=1.0, description="share of its surface that was seen [dimensionless]")


class SceneObject(Model):
    """One object, rigid or of parts that joints join.

    Attributes:
        name: Unique in the scene.
        category: What it is: block, bowl, tray, mug, table, ...
        colour: Its main colour in one word, or None where it has none to speak of.
        pose: `T_world_object`.
        shape: In the object's frame; an articulated one has parts, and joints with their present values.
        cavities: The hollows that can take other objects, each in the frame of its part.
        handles: What a gripper can take hold of, each in the frame of its part.
        certainty: How well it was perceived; None where it is known exactly, or the perceiver does not say. What has to be in
            its place before it is touched may be that much farther off; no success condition is any looser for it.
        role: `support` for furniture that carries other objects (a table, a shelf, a plinth), `fixture` for what is fixed
            otherwise, `movable` for what a robot may move.
        touching: Names of what it touches, the robot's links as "robot"; None where the perceiver cannot tell.
        held_by: Name of the effector that holds it; None while none does.
    """

    name: Name
    category: Name
    colour: Name | None = None
    pose: Pose
    shape: Shape
    cavities: tuple[Cavity, ...] = Field(default=(), max_length=16)
    handles: tuple[Handle, ...] = Field(default=(), max_length=16)
    certainty: Certainty | None = None
    role: Role = "movable"
    touching: tuple[Name, ...] | None = Field(default=None, max_length=64)
    held_by: Name | None = None

    @model_validator(mode="after")
    def _of_its_parts(self) -> Self:
        parts = [part.name for part in self.shape.parts] if isinstance(self.shape, Articulated) else []
        complaints = []
        for kind, features in (("cavity", self.cavities), ("handle", self.handles)):
            names = [each.name for each in features]
            complaints += [
                f"more than one {kind} is named {name!r}" for name in sorted({n for n in names if names.count(n) > 1})
            ]
            for each in features:
                if not parts and each.part is not None:
                    complaints.append(f"{kind} {each.name!r} is of the part {each.part!r}, and the object is rigid")
                elif parts and each.part not in parts:
                    nearest = did_you_mean(each.part or "", parts)
                    complaints.append(
                        f"{kind} {each.name!r} is of no part of it: {each.part!r}.{nearest} Known: {', '.join(parts)}"
                    )
        if complaints:
            raise ValueError("; ".join(complaints))
        return self

    @property
    def held(self) -> bool:
        """True while an effector holds it."""
        return self.held_by is not None

    @property
    def joints(self) -> tuple[ObjectJoint, ...]:
        """Its joints with their present values; none where it is rigid."""
        return self.shape.joints if isinstance(self.shape, Articulated) else ()

    def joint(self, name: str) -> ObjectJoint:
        """The joint of that name.

        Raises:
            UnknownName: It has none of that name; names the nearest.
        """
        for joint in self.joints:
            if joint.name == name:
                return joint
        raise UnknownName(f"joint of {self.name}", name, [joint.name for joint in self.joints])

    def with_joints(self, values: dict[str, float | None]) -> SceneObject:
        """The same with other positions of some joints [m] or [rad].

        Raises:
            UnknownName: There is no such joint.
            ValueError: A position is outside of its range.
        """
        for name in values:
            self.joint(name)
        if not isinstance(self.shape, Articulated):
            return self
        return self.model_copy(update={"shape": self.shape.with_values(values)})

    def T_world_part(self, part: str | None) -> NDArray[np.float64] | None:
        """Pose of a part, the object itself for None; None where a joint above it has no known value. Shape (4, 4).

        Raises:
            UnknownName: It has no such part.
        """
        if part is None:
            return self.pose.matrix
        if not isinstance(self.shape, Articulated):
            raise UnknownName(f"part of {self.name}", part, [])
        T_object_part = self.shape.T_object_part(part)
        return None if T_object_part is None else self.pose.matrix @ T_object_part

    def T_world_cavity(self, cavity: Cavity) -> NDArray[np.float64] | None:
        """Pose of the frame of one of its hollows; None where a joint above it has no known value. Shape (4, 4)."""
        T_world_part = self.T_world_part(cavity.part)
        return None if T_world_part is None else T_world_part @ cavity.pose.matrix

    def T_world_handle(self, handle: Handle) -> NDArray[np.float64] | None:
        """Pose of the frame of one of its handles; None where a joint above it has no known value. Shape (4, 4)."""
        T_world_part = self.T_world_part(handle.part)
        return None if T_world_part is None else T_world_part @ handle.pose.matrix

    @property
    def hollows(self) -> tuple[tuple[Cavity, Pose], ...]:
        """Its hollows whose place is known, each with its frame in the world, `T_world_cavity`."""
        found = ((cavity, self.T_world_cavity(cavity)) for cavity in self.cavities)
        return tuple((cavity, Pose.from_matrix(T)) for cavity, T in found if T is not None)

    @property
    def cavity(self) -> Cavity | None:
        """Its first hollow, which is the only one of a bowl, a mug or a tray; None where it has none."""
        return self.cavities[0] if self.cavities else None

    @property
    def movable(self) -> bool:
        """True if a robot may move it."""
        return self.role == "movable"

    def extent(self, direction: NDArray[np.float64]) -> float:
        """The largest coordinate of the object along a world direction [m]. Shape (3,), unit length."""
        local = self.pose.rotation.T @ direction
        return self.shape.support(local) + float(np.array(self.pose.position) @ direction)

    def over(self, point: NDArray[np.float64]) -> float:
        """Distance of a point from the edges of the upright box around the object, seen from above; negative outside [m].

        The box is turned as the object is, so that it makes no difference which way the world's axes point. Shape (2,) or more.
        """
        along = self._level_axis()
        across = np.array([-along[1], along[0], 0.0])
        reach = ((axis, float(axis[:2] @ point[:2])) for axis in (along, across, -along, -across))
        return min(self.extent(axis) - at for axis, at in reach)

    def _level_axis(self) -> NDArray[np.float64]:
        """The level direction of its x axis; of its y axis where x is steep. Shape (3,), unit length."""
        axes = self.pose.rotation[:2].T
        level = axes[0] if math.hypot(*axes[0]) > 0.7 else axes[1]
        return np.array([*(level / math.hypot(*level)), 0.0])

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper corner of the axis-aligned box around it in the world [m]. Shapes (3,), (3,)."""
        eye = np.eye(3)
        lower = np.array([-self.extent(-axis) for axis in eye])
        upper = np.array([self.extent(axis) for axis in eye])
        return lower, upper

    @property
    def size(self) -> tuple[float, float, float]:
        """Edge lengths of the box around it in its own frame [m]."""
        x, y, z = (self.shape.support(axis) + self.shape.support(-axis) for axis in np.eye(3))
        return (x, y, z)

    @property
    def centre(self) -> NDArray[np.float64]:
        """Centre of the box around it in its own frame, in the world [m]: it turns with the object. Shape (3,)."""
        local = np.array([(self.shape.support(axis) - self.shape.support(-axis)) / 2 for axis in np.eye(3)])
        return self.pose.apply(local)

    @property
    def tilt(self) -> float:
        """Angle between its own z axis and the vertical [rad]."""
        return float(np.arccos(np.clip(self.pose.rotation[2, 2], -1.0, 1.0)))


class Workspace(Model):
    """The box in which the tool may move and objects may be put down.

    Attributes:
        T_world_workspace: The frame along whose axes its edges lie; upright. The world's where it is left out.
    """

    lower: Vector3 = Field(description="lower corner x, y, z in the workspace's frame [m]")
    upper: Vector3 = Field(description="upper corner x, y, z in the workspace's frame [m]")
    T_world_workspace: Pose = Pose()

    @field_validator("T_world_workspace")
    @classmethod
    def _upright(cls, pose: Pose) -> Pose:
        if pose.rotation[2, 2] < 1.0 - 1e-6:
            raise ValueError("the workspace's z axis has to point up: turn its frame about the vertical only")
        return pose

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if any(low >= high for low, high in zip(self.lower, self.upper, strict=True)):
            raise ValueError("each lower bound has to be below its upper bound")
        return self

    @property
    def floor(self) -> float:
        """Height of its lower side in the world [m]."""
        return self.T_world_workspace.position[2] + self.lower[2]

    @property
    def ceiling(self) -> float:
        """Height of its upper side in the world [m]."""
        return self.T_world_workspace.position[2] + self.upper[2]

    @property
    def corners(self) -> NDArray[np.float64]:
        """Its outline from above, counter-clockwise, in the world [m]. Shape (4, 2)."""
        (x, y, z), (far, left, _) = self.lower, self.upper
        local = np.array([[x, y, z], [far, y, z], [far, left, z], [x, left, z]])
        return self.T_world_workspace.apply(local)[:, :2]

    def coordinates(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the world in its frame [m]. Shape (..., 3)."""
        frame = self.T_world_workspace
        local: NDArray[np.float64] = (np.asarray(points) - np.array(frame.position)) @ frame.rotation
        return local

    def excess(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Distance by which points of the world are outside, not positive inside [m]. Shape (..., 3) to (...)."""
        local = self.coordinates(points)
        outside: NDArray[np.float64] = np.maximum(np.array(self.lower) - local, local - np.array(self.upper)).max(axis=-1)
        return outside

    def nearest(self, point: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
        """The point over or under the same height that is at least `edge` inside its sides [m]. Shape (3,)."""
        local = self.coordinates(point)
        local[:2] = np.clip(local[:2], np.array(self.lower[:2]) + edge, np.array(self.upper[:2]) - edge)
        return self.T_world_workspace.apply(local)


class Scene(Model):
    """Everything that planning, compiling and verifying may know.

    Attributes:
        objects: With unique names; furniture included.
        T_world_base: Where the arm's base is. It has no default: a perceiver that says where objects are says where the arm is.
            Directions such as left and in front of derive from it, see `lmp/meaning/directions.py`.
        up: The vertical, against gravity.
        robot: The arm's state.
        T_world_tool: Where the tool point is; None where nobody has told it from the arm's state.
        workspace: Where objects may be put.
        time: World time of the observation [s].
        predicted: True if this is what a skill is expected to lead to, not what was seen.
        frames: The pictures of this look, for readers of pictures; never part of the JSON, the record keeps them as files.
    """

    objects: tuple[SceneObject, ...] = Field(max_length=256)
    T_world_base: Pose
    up: Vector3 = Field(default=UP, description="unit vector against gravity, world x, y, z [dimensionless]")
    robot: RobotState
    T_world_tool: Pose | None = None
    workspace: Workspace
    time: Annotated[float, Field(ge=0.0, le=1e7)] = Field(default=0.0, description="world time [s]")
    predicted: bool = False
    frames: SkipJsonSchema[tuple[CameraFrame, ...]] = Field(default=(), max_length=16, exclude=True, repr=False)

    @field_validator("up")
    @classmethod
    def _vertical_is_z(cls, up: Vector3) -> Vector3:
        if up != UP:
            raise ValueError(f"the world's z axis has to point up, {UP}; got {up}: turn the world so that it does")
        return up

    @model_validator(mode="after")
    def _unique(self) -> Self:
        names = [item.name for item in self.objects]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"object names have to be unique; more than once: {', '.join(twice)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all objects, in the scene's order."""
        return tuple(item.name for item in self.objects)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def get(self, name: str) -> SceneObject:
        """The object of that name.

        Raises:
            UnknownName: There is none; names the nearest.
        """
        for item in self.objects:
            if item.name == name:
                return item
        raise UnknownName("object", name, self.names)

    @property
    def supports(self) -> tuple[SceneObject, ...]:
        """The furniture that other objects stand on."""
        return tuple(item for item in self.objects if item.role == "support")

    def frame(self, camera: str | None) -> CameraFrame | None:
        """The picture of a camera; None where there is none of it."""
        return next((frame for frame in self.frames if frame.name == camera), None)

    @property
    def held(self) -> SceneObject | None:
        """The object in the gripper, if any."""
        return next((item for item in self.objects if item.held), None)

    def replacing(self, *items: SceneObject, **changes: object) -> Scene:
        """A copy with the objects of the same names replaced, and other fields changed."""
        new = {item.name: item for item in items}
        objects = tuple(new.get(item.name, item) for item in self.objects)
        return self.model_copy(update={"objects": objects, **changes})
