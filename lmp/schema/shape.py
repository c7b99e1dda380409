"""Shapes of scene objects, rigid or of parts that joints join, with their exact extent in any direction."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from lmp.errors import UnknownName, did_you_mean
from lmp.schema.base import Metres, Model, Name, Vector3
from lmp.schema.pose import Pose

THINNEST = 1e-4
"""Least extent of anything in any direction [m]."""
Length = Annotated[float, Field(ge=THINNEST, le=10.0)]


class Box(Model):
    """A box centred at its frame's origin."""

    kind: Literal["box"] = "box"
    size: tuple[Length, Length, Length] = Field(description="full edge lengths along x, y, z [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return float(np.abs(direction) @ (np.array(self.size) / 2))


class Cylinder(Model):
    """An upright cylinder (axis z) centred at its frame's origin."""

    kind: Literal["cylinder"] = "cylinder"
    radius: Length = Field(description="radius [m]")
    height: Length = Field(description="full height along z [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return float(self.radius * math.hypot(direction[0], direction[1]) + abs(direction[2]) * self.height / 2)


class Sphere(Model):
    """A ball centred at its frame's origin."""

    kind: Literal["sphere"] = "sphere"
    radius: Length = Field(description="radius [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return self.radius


class Mesh(Model):
    """The convex hull of points; a hollow object is a `Compound` of hulls."""

    kind: Literal["mesh"] = "mesh"
    vertices: tuple[tuple[Metres, Metres, Metres], ...] = Field(
        min_length=4, max_length=512, description="corner points in the shape's frame [m]"
    )

    @model_validator(mode="after")
    def _solid(self) -> Self:
        points = np.array(self.vertices)
        _, _, axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=True)
        thickness = float(np.ptp(points @ axes.T, axis=0).min())
        if thickness < THINNEST:
            raise ValueError(f"the points lie within {thickness:.3g} m of a plane; a body of at least {THINNEST} m is needed")
        return self

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return float((np.array(self.vertices) @ direction).max())


SolidShape = Annotated[Box | Cylinder | Sphere | Mesh, Field(discriminator="kind")]


class Part(Model):
    """One convex piece of a compound shape."""

    pose: Pose = Field(default=Pose(), description="the piece's pose in the object's frame")
    shape: SolidShape


class Compound(Model):
    """Several convex pieces that are rigidly joined: a bowl, a mug, a tray."""

    kind: Literal["compound"] = "compound"
    parts: tuple[Part, ...] = Field(min_length=1, max_length=64)

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return max(
            part.shape.support(part.pose.rotation.T @ direction) + float(np.array(part.pose.position) @ direction)
            for part in self.parts
        )


RigidShape = Annotated[Box | Cylinder | Sphere | Mesh | Compound, Field(discriminator="kind")]

JointKind = Literal["prismatic", "revolute"]
JointPosition = Annotated[float, Field(ge=-10.0, le=10.0)]


class ObjectJoint(Model):
    """A joint between two parts of an object.

    Attributes:
        name: Unique in the object.
        kind: `prismatic` slides along its axis, `revolute` turns about it.
        parent: The part that carries it.
        child: The part that it moves, with all that hangs on that.
        origin: `T_parent_joint`.
        axis: Direction in the joint's frame; it is made a unit vector.
        value: Present position; None where the perceiver cannot tell.
    """

    name: Name
    kind: JointKind
    parent: Name
    child: Name
    origin: Pose = Pose()
    axis: Vector3 = Field(description="direction of the slide or of the turn in the joint's frame [dimensionless]")
    lower: JointPosition = Field(description="lower end of its range, m where it slides, rad where it turns [m or rad]")
    upper: JointPosition = Field(description="upper end of its range, m where it slides, rad where it turns [m or rad]")
    value: JointPosition | None = Field(default=None, description="present position, null where it is not known [m or rad]")

    @field_validator("axis")
    @classmethod
    def _unit(cls, axis: Vector3) -> Vector3:
        norm = math.sqrt(sum(component * component for component in axis))
        if norm < 1e-6:
            raise ValueError("an axis is a direction; (0, 0, 0) is none")
        if abs(norm - 1.0) < 1e-12:
            return axis  # dividing again would change the last bit at each round through JSON
        x, y, z = (component / norm for component in axis)
        return (x, y, z)

    @model_validator(mode="after")
    def _in_range(self) -> Self:
        if self.lower >= self.upper:
            raise ValueError(f"joint {self.name!r}: `lower` has to be below `upper`, got {self.lower:g} and {self.upper:g}")
        # Rounding may carry a value past its range.
        if self.value is not None and not self.lower - 1e-9 <= self.value <= self.upper + 1e-9:
            raise ValueError(
                f"joint {self.name!r}: the value {self.value:g} {self.unit} is outside of its range, "
                f"{self.lower:g} to {self.upper:g} {self.unit}"
            )
        return self

    @property
    def unit(self) -> Literal["m", "rad"]:
        """Unit of its positions."""
        return "m" if self.kind == "prismatic" else "rad"

    @property
    def share(self) -> float | None:
        """Place in its range, 0 at the lower end and 1 at the upper; None where it is not known [dimensionless]."""
        return None if self.value is None else (self.value - self.lower) / (self.upper - self.lower)

    def motion(self, value: float) -> NDArray[np.float64]:
        """Motion of the child at a position, in the joint's frame. Shape (4, 4)."""
        from lmp.schema.sweep import turn  # Most objects have no joints.

        matrix, axis = np.eye(4), np.array(self.axis)
        if self.kind == "prismatic":
            matrix[:3, 3] = axis * value
        else:
            matrix[:3, :3] = turn(axis, value)
        return matrix


class ObjectPart(Model):
    """A rigid part of an object.

    Attributes:
        name: Unique in the object.
        pose: `T_object_part` while all joints are at zero.
        shape: In the part's frame.
    """

    name: Name
    pose: Pose = Pose()
    shape: RigidShape


class Articulated(Model):
    """Parts that joints join: a drawer cabinet, a hinged box, a door, a switch.

    The object's frame is that of all parts' poses; the part that hangs on no joint, its base, stands still in it. Everything
    that is asked of the shape is asked of its parts at the present values of the joints. A part whose place is not known
    counts as everything that it could sweep: too large, never too small.
    """

    kind: Literal["articulated"] = "articulated"
    parts: tuple[ObjectPart, ...] = Field(min_length=2, max_length=32)
    joints: tuple[ObjectJoint, ...] = Field(min_length=1, max_length=32)

    @model_validator(mode="after")
    def _tree(self) -> Self:
        names = [part.name for part in self.parts]
        complaints = [
            f"more than one {kind} is named {name!r}"
            for kind, given in (("part", names), ("joint", [joint.name for joint in self.joints]))
            for name in sorted({name for name in given if given.count(name) > 1})
        ]
        for joint in self.joints:
            complaints += [
                f"joint {joint.name!r}: there is no part {end!r}.{did_you_mean(end, names)} Known: {', '.join(names)}"
                for end in (joint.parent, joint.child)
                if end not in names
            ]
        children = [joint.child for joint in self.joints]
        complaints += [
            f"more than one joint moves the part {name!r}" for name in sorted({n for n in children if children.count(n) > 1})
        ]
        complaints = complaints or self._loops()
        if complaints:
            raise ValueError("; ".join(complaints))
        return self

    def _loops(self) -> list[str]:
        above = {joint.child: joint.parent for joint in self.joints}
        for name in above:
            seen = [name]
            while seen[-1] in above:
                seen.append(above[seen[-1]])
                if seen[-1] == name:
                    return [f"the part {name!r} hangs on itself, by way of {' on '.join(seen)}"]
        bases = [part.name for part in self.parts if part.name not in above]
        return [f"one part has to hang on no joint, the base; here {' and '.join(bases)} do"] if len(bases) != 1 else []

    @property
    def base(self) -> str:
        """Name of the part that hangs on no joint."""
        children = {joint.child for joint in self.joints}
        return next(part.name for part in self.parts if part.name not in children)

    def part(self, name: str) -> ObjectPart:
        """The part of that name.

        Raises:
            UnknownName: There is none; names the nearest.
        """
        for part in self.parts:
            if part.name == name:
                return part
        raise UnknownName("part", name, [part.name for part in self.parts])

    def joint(self, name: str) -> ObjectJoint:
        """The joint of that name.

        Raises:
            UnknownName: There is none; names the nearest.
        """
        for joint in self.joints:
            if joint.name == name:
                return joint
        raise UnknownName("joint", name, [joint.name for joint in self.joints])

    def chain(self, part: str) -> tuple[ObjectJoint, ...]:
        """The joints between a part and the base, its own first."""
        above = {joint.child: joint for joint in self.joints}
        found, name = [], part
        while name in above:
            found.append(above[name])
            name = above[name].parent
        return tuple(found)

    def moved_by(self, joint: str) -> tuple[str, ...]:
        """Names of the parts that a joint moves."""
        return tuple(part.name for part in self.parts if any(each.name == joint for each in self.chain(part.name)))

    def with_values(self, values: dict[str, float | None]) -> Articulated:
        """The same with other positions of some joints [m] or [rad].

        Raises:
            UnknownName: There is no such joint.
            ValueError: A position is outside of its range.
        """
        for name in values:
            self.joint(name)
        joints = [
            ObjectJoint.model_validate(joint.model_copy(update={"value": values[joint.name]}).model_dump())
            if joint.name in values
            else joint
            for joint in self.joints
        ]
        return self.model_copy(update={"joints": tuple(joints)})

    def T_object_part(self, name: str) -> NDArray[np.float64] | None:
        """Pose of a part; None where a joint above it has no known value. Shape (4, 4)."""
        matrix = self.part(name).pose.matrix
        for T_object_parent, T_parent_joint, joint in self._steps(name):
            if joint.value is None:
                return None
            T_object_joint = T_object_parent @ T_parent_joint
            matrix = T_object_joint @ joint.motion(joint.value) @ np.linalg.inv(T_object_joint) @ matrix
        return matrix

    def _steps(self, part: str) -> list[tuple[NDArray[np.float64], NDArray[np.float64], ObjectJoint]]:
        """`T_object_parent` at zero, `T_parent_joint`, and the joint, from a part down to the base."""
        poses = {each.name: each.pose.matrix for each in self.parts}
        return [(poses[joint.parent], joint.origin.matrix, joint) for joint in self.chain(part)]

    def pieces_of(self, name: str) -> tuple[Part, ...]:
        """The convex pieces of one part in the object's frame; all that they could sweep where its place is not known."""
        own = solid_parts(self.part(name).shape)
        matrix = self.T_object_part(name)
        if matrix is not None:
            place = Pose.from_matrix(matrix)
            return tuple(Part(pose=place @ piece.pose, shape=piece.shape) for piece in own)
        from lmp.schema.sweep import JointSweep, swept_points

        motions = [
            JointSweep(T_parent @ T_joint, joint.kind == "revolute", joint.axis, *_values(joint))
            for T_parent, T_joint, joint in self._steps(name)
        ]
        T_object_zero = self.part(name).pose
        hulls = (T_object_zero.apply(piece.pose.apply(_hull(piece))) for piece in own)
        clouds = (cloud for hull in hulls for cloud in swept_points(hull, motions))
        return tuple(Part(shape=Mesh(vertices=tuple(map(tuple, cloud.tolist())))) for cloud in clouds)

    def support(self, direction: NDArray[np.float64]) -> float:
        """Distance that the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return Compound.model_construct(parts=solid_parts(self)).support(direction)


def _values(joint: ObjectJoint) -> tuple[float, float]:
    return (joint.lower, joint.upper) if joint.value is None else (joint.value, joint.value)


def _hull(piece: Part) -> NDArray[np.float64]:
    """A few points in the piece's frame whose hull contains it [m]. Shape (n, 3)."""
    shape = piece.shape
    if isinstance(shape, Mesh) and len(shape.vertices) <= 24:
        return np.array(shape.vertices)
    reach = np.array([[shape.support(sign * axis) for axis in np.eye(3)] for sign in (-1.0, 1.0)])
    signs = np.array(np.meshgrid([0, 1], [0, 1], [0, 1])).reshape(3, -1).T
    corners: NDArray[np.float64] = np.where(signs == 1, reach[1], -reach[0])
    return corners


Shape = Annotated[Box | Cylinder | Sphere | Mesh | Compound | Articulated, Field(discriminator="kind")]


def solid_parts(shape: Box | Cylinder | Sphere | Mesh | Compound | Articulated) -> tuple[Part, ...]:
    """The convex pieces of any shape, each with its pose in the object's frame."""
    if isinstance(shape, Articulated):
        return _articulated_pieces(shape)
    return shape.parts if isinstance(shape, Compound) else (Part(shape=shape),)


@lru_cache(maxsize=256)
def _articulated_pieces(shape: Articulated) -> tuple[Part, ...]:
    return tuple(piece for part in shape.parts for piece in shape.pieces_of(part.name))


class Cavity(Model):
    """An open hollow that can take other objects, a prism along the z axis of its frame.

    Attributes:
        name: Unique in the object.
        part: The part that has it; None for a rigid object.
        pose: Its frame in that of the part, or of the rigid object.
        round: A circle of radius `half_x` if true, else a rectangle of `2 half_x` by `2 half_y`.
        floor: Height of the inner floor in its frame [m].
        rim: Height of the rim in its frame [m].
    """

    name: Name = "inside"
    part: Name | None = None
    pose: Pose = Pose()
    round: bool = Field(description="circular rather than rectangular opening")
    half_x: Length = Field(description="half width of the opening along x, or its radius [m]")
    half_y: Length = Field(description="half width of the opening along y; the radius again where round [m]")
    floor: Metres = Field(description="height of the inner floor in the hollow's frame [m]")
    rim: Metres = Field(description="height of the rim in the hollow's frame [m]")


class Handle(Model):
    """A part that a gripper takes hold of to move an object or a part of it.

    Attributes:
        name: Unique in the object.
        part: The part that has it; None for a rigid object.
        pose: Its frame in that of the part, or of the rigid object: x along the handle, z away from what it is fixed to,
            towards a gripper that comes.
        kind: `bar` and `edge` are taken across x, a `knob` from any side.
        size: Extent of what is taken, along x, y and z of its frame.
    """

    name: Name = "handle"
    part: Name | None = None
    pose: Pose = Pose()
    kind: Literal["bar", "knob", "edge"] = "bar"
    size: tuple[Length, Length, Length] = Field(description="extent along x, y, z of its frame [m]")
