"""A scene as a data file: what objects stand on, where the robot is, cameras, and objects with fixed or random places."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from lmp.errors import did_you_mean
from lmp.schema.base import Model, Name, Text, Vector3
from lmp.schema.pose import Pose
from lmp.schema.ready_shape import Bowl, Button, Door, DrawerCabinet, HingedBox, Knob, Mug, Switch, Tray
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Role, Workspace
from lmp.schema.shape import Articulated, Box, Cavity, Compound, Cylinder, Handle, Mesh, Sphere

FLOOR = "floor"
RESERVED = ("robot", FLOOR)
"""Names that a scene has of itself: nothing else may take them."""

ObjectShape = Annotated[
    Box
    | Cylinder
    | Sphere
    | Mesh
    | Compound
    | Articulated
    | Bowl
    | Mug
    | Tray
    | DrawerCabinet
    | HingedBox
    | Door
    | Button
    | Switch
    | Knob,
    Field(discriminator="kind"),
]


def _span(value: Any) -> Any:
    """One number means exactly there."""
    return (value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Coordinate = Annotated[float, Field(ge=-2.0, le=2.0)]
Angle = Annotated[float, Field(ge=-6.2832, le=6.2832)]
Span = Annotated[tuple[Coordinate, Coordinate], BeforeValidator(_span)]
AngleSpan = Annotated[tuple[Angle, Angle], BeforeValidator(_span)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Rgb = tuple[Share, Share, Share]


class Place(Model):
    """The place where an object starts; each coordinate is one number, or a [low, high] range from which a seed draws.

    Attributes:
        on: What it stands on: a support, the floor, or another object, whose hollow takes it if it has one. The first support
            where left out, the floor where there is none. On a support and on the floor, x, y and yaw are in the scene's frame;
            on an object in that object's frame, or in the frame of its hollow that takes it.
        cavity: Which hollow of an object with several takes it, or with joints; on top of such an object where left out.
        radius: Allowed distance of its centre from the robot's base; only for objects on supports or the floor.
    """

    on: Name | None = None
    cavity: Name | None = None
    x: Span = Field(default=(0.0, 0.0), description="x of its origin, or a range [m]")
    y: Span = Field(default=(0.0, 0.0), description="y of its origin, or a range [m]")
    yaw: AngleSpan = Field(default=(0.0, 0.0), description="heading of its x axis, or a range [rad]")
    radius: Span = Field(default=(0.0, 2.0), description="range of the distance from the robot's base [m]")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("x", "y", "yaw", "radius"):
            low, high = getattr(self, name)
            if low > high:
                raise ValueError(f"{name}: the range goes from low to high, got [{low}, {high}]")
        return self


JointStart = Annotated[float, Field(ge=-10.0, le=10.0)]


class JointSpec(Model):
    """One joint of an object: where it starts, and what its motion costs. A number alone, or a range, is where it starts.

    Attributes:
        value: One number, or a [low, high] range from which a seed draws; what is nearest to 0 where left out.
        friction: What resists its motion; a ready-made shape's own where left out.
        spring: What pulls it to the nearest of its rests; a ready-made shape's own where left out.
        rests: Where a spring pulls it.
    """

    value: Annotated[tuple[JointStart, JointStart], BeforeValidator(_span)] | None = Field(
        default=None, description="position at the start, or a range [m or rad]"
    )
    friction: Annotated[float, Field(ge=0.0, le=100.0)] | None = Field(
        default=None, description="force, or torque where it turns, below which it does not move [N or N m]"
    )
    spring: Annotated[float, Field(ge=0.0, le=100.0)] | None = Field(
        default=None, description="force, or torque where it turns, that pulls it to its nearest rest [N or N m]"
    )
    rests: tuple[JointStart, ...] | None = Field(
        default=None, max_length=8, description="positions to which a spring pulls [m or rad]"
    )

    @model_validator(mode="before")
    @classmethod
    def _alone(cls, given: Any) -> Any:
        return {"value": given} if isinstance(given, int | float | list | tuple) and not isinstance(given, bool) else given

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.value is not None and self.value[0] > self.value[1]:
            raise ValueError(f"value: the range goes from low to high, got [{self.value[0]}, {self.value[1]}]")
        return self


class ObjectSpec(Model):
    """One object of a scene file.

    Attributes:
        category: What people call it: block, bowl, mug.
        colour: Its colour in one word.
        rgb: The exact colour, for words that the colour table does not have.
        shape: A plain shape, an articulated one, or a ready-made one, hollow (bowl, plate, mug, tray, bin) or with joints
            (drawer_cabinet, hinged_box, door, button, switch, knob).
        cavities: The hollows of a compound or articulated shape; ready-made shapes know theirs.
        handles: The handles of a compound or articulated shape; ready-made shapes know theirs.
        joints: Where joints start and what they cost, by name; a number alone is where one starts.
        place: Where it starts; the scene's `placement` where left out.
        clearance: Free distance to everything else; the scene's where left out.
        role: `fixture` fixes it to its place.
    """

    name: Name
    category: Name
    colour: Name | None = None
    rgb: Rgb | None = Field(default=None, description="red, green, blue from 0 to 1 [dimensionless]")
    shape: ObjectShape
    cavities: tuple[Cavity, ...] = Field(default=(), max_length=16)
    handles: tuple[Handle, ...] = Field(default=(), max_length=16)
    joints: dict[Name, JointSpec] = Field(default_factory=dict, max_length=32)
    mass: Annotated[float, Field(gt=0.0, le=20.0)] = Field(default=0.1, description="mass [kg]")
    friction: Annotated[float, Field(gt=0.0, le=2.0)] = Field(default=0.6, description="Coulomb coefficient [dimensionless]")
    place: Place | None = None
    clearance: Annotated[float, Field(ge=0.0, le=0.5)] | None = Field(
        default=None, description="free distance to everything else at the start [m]"
    )
    role: Role = "movable"


Edge = Annotated[float, Field(ge=0.05, le=4.0)]


class SupportSpec(Model):
    """Furniture with a flat top on which objects stand: a table, a shelf, a plinth.

    Attributes:
        category: What people call it.
        legs: Whether legs are drawn from its corners down to the floor.
    """

    name: Name = "table"
    category: Name = "table"
    size: tuple[Edge, Edge] = Field(default=(1.3, 1.4), description="edge lengths along its x and y [m]")
    centre: tuple[Coordinate, Coordinate, Coordinate] = Field(
        default=(0.4, 0.0, 0.0), description="x, y, z of the middle of its top in the scene's frame [m]"
    )
    yaw: Angle = Field(default=0.0, description="heading of its x axis in the scene's frame [rad]")
    thickness: Annotated[float, Field(ge=0.01, le=2.0)] = Field(default=0.05, description="thickness of its top [m]")
    legs: bool = True
    rgb: Rgb = Field(default=(0.80, 0.74, 0.65), description="red, green, blue from 0 to 1 [dimensionless]")
    friction: Annotated[float, Field(gt=0.0, le=2.0)] = Field(default=0.8, description="Coulomb coefficient [dimensionless]")

    @property
    def T_scene_support(self) -> Pose:
        """The frame in the middle of its body."""
        x, y, z = self.centre
        return Pose.from_yaw((x, y, z - self.thickness / 2), self.yaw)


class CameraSpec(Model):
    """One camera: at a fixed place, or on the gripper.

    Attributes:
        mount: What it is fixed to, in whose frame its place is given: the scene ("world"), or the tool. The tool's frame has
            its origin between the finger tips, z out of the gripper and y from finger to finger.
    """

    name: Name
    mount: Literal["world", "tool"] = "world"
    position: Vector3 = Field(description="where its lens is, x, y, z in the mount's frame [m]")
    target: Vector3 = Field(description="the point in the middle of its picture, x, y, z in the mount's frame [m]")
    up: Vector3 = Field(
        default=(0.0, 0.0, 1.0), description="the direction that is up in its picture, x, y, z in the mount's frame [m]"
    )
    vertical_fov: Annotated[float, Field(ge=0.1, le=2.5)] = Field(default=0.8, description="vertical angle of view [rad]")
    width: Annotated[int, Field(ge=16, le=1920)] = Field(default=640, description="picture width [px]")
    height: Annotated[int, Field(ge=16, le=1920)] = Field(default=480, description="picture height [px]")

    @model_validator(mode="after")
    def _has_direction(self) -> Self:
        forward = tuple(b - a for a, b in zip(self.position, self.target, strict=True))
        cross = (
            forward[1] * self.up[2] - forward[2] * self.up[1],
            forward[2] * self.up[0] - forward[0] * self.up[2],
            forward[0] * self.up[1] - forward[1] * self.up[0],
        )
        if sum(value * value for value in cross) < 1e-12:
            raise ValueError("`up` has to differ from the viewing direction, and `target` from `position`")
        return self


class SceneFile(Model):
    """A whole scene.

    Attributes:
        T_world_scene: Where the scene's frame is, in which all places of the file are given.
        T_scene_base: Where the robot's base is; where left out, the robot file says where in the world.
        workspace: Where the tool may move and objects may be put down, in the scene's frame.
        supports: What objects stand on; one table where left out. Without any, objects stand on the floor.
        placement: Where objects without a place of their own start.
        clearance: Free distance between objects at the start: room for a finger.
    """

    name: Name
    description: Text = ""
    T_world_scene: Pose = Pose()
    T_scene_base: Pose | None = None
    workspace: Workspace
    supports: tuple[SupportSpec, ...] = Field(default=(SupportSpec(),), max_length=16)
    floor: Coordinate = Field(default=-0.7, description="height of the floor in the scene's frame [m]")
    placement: Place = Place(x=(0.3, 0.65), y=(-0.35, 0.35), yaw=(-3.14159, 3.14159), radius=(0.3, 0.7))
    clearance: Annotated[float, Field(ge=0.0, le=0.5)] = Field(default=0.035, description="free distance between objects [m]")
    cameras: tuple[CameraSpec, ...] = Field(default=(), max_length=16)
    objects: tuple[ObjectSpec, ...] = Field(max_length=64)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [*(support.name for support in self.supports), *(item.name for item in self.objects)]
        complaints = [
            *_repeated("object", names),
            *_repeated("camera", [camera.name for camera in self.cameras]),
            *(f"no object may be named {name!r}: that is the scene's own" for name in names if name in RESERVED),
            *(
                f"the top of {support.name!r} is at z = {support.centre[2]:g} m, below the floor at {self.floor:g} m"
                for support in self.supports
                if support.centre[2] < self.floor
            ),
            *self._unfounded(),
        ]
        if complaints:
            raise ValueError("; ".join(complaints))
        return self

    @field_validator("T_world_scene")
    @classmethod
    def _upright(cls, pose: Pose) -> Pose:
        if pose.rotation[2, 2] < 1.0 - 1e-6:
            raise ValueError("the scene's z axis has to point up: turn its frame about the vertical only")
        return pose

    def _unfounded(self) -> list[str]:
        """Complaints about objects whose supports do not lead down to furniture or the floor."""
        on = {item.name: self.carrier_of(self.place_of(item)) for item in self.objects}
        complaints = []
        for name, support in on.items():
            seen, below = [name], support
            while below in on and below not in seen:
                seen.append(below)
                below = on[below]
            if below in self.grounds:
                continue
            if below in on:
                complaints.append(f"{name!r} stands on itself by way of {' on '.join([*seen[1:], below])}")
            elif below == support:
                known = [*self.grounds, *on]
                complaints.append(
                    f"{name!r} stands on {below!r}, which does not exist.{did_you_mean(below, known)} Known: {', '.join(known)}"
                )
        return complaints

    @property
    def grounds(self) -> tuple[str, ...]:
        """Names of what does not stand on anything: the supports, then the floor."""
        return (*(support.name for support in self.supports), FLOOR)

    def carrier_of(self, place: Place) -> str:
        """Name of what a place is on."""
        return self.grounds[0] if place.on is None else place.on

    def with_base(self, robot: RobotDescription) -> SceneFile:
        """The scene with the robot's base said in it: its own, or where the robot file has it in the world."""
        if self.T_scene_base is not None:
            return self
        return self.model_copy(update={"T_scene_base": self.T_world_scene.inverse() @ robot.base})

    @property
    def T_world_base(self) -> Pose:
        """Pose of the robot's base in the world; at the scene's origin where nothing says it."""
        return self.T_world_scene @ (self.T_scene_base or Pose())

    @property
    def world_workspace(self) -> Workspace:
        """The workspace as it lies in the world."""
        frame = self.T_world_scene @ self.workspace.T_world_workspace
        return self.workspace.model_copy(update={"T_world_workspace": frame})

    def place_of(self, item: ObjectSpec) -> Place:
        """The object's own place, or the scene's."""
        return self.placement if item.place is None else item.place


def _repeated(kind: str, names: list[str]) -> list[str]:
    return [f"more than one {kind} is named {name!r}" for name in sorted({name for name in names if names.count(name) > 1})]
