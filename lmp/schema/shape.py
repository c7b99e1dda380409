"""Shapes of scene objects, with their exact extent in any direction."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from lmp.schema.base import Metres, Model
from lmp.schema.pose import Pose

THINNEST = 1e-4
"""Least extent of anything in any direction [m]."""
Length = Annotated[float, Field(ge=THINNEST, le=10.0)]


class Box(Model):
    """A box centred at its frame's origin."""

    kind: Literal["box"] = "box"
    size: tuple[Length, Length, Length] = Field(description="full edge lengths along x, y, z [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """How far the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return float(np.abs(direction) @ (np.array(self.size) / 2))


class Cylinder(Model):
    """An upright cylinder (axis z) centred at its frame's origin."""

    kind: Literal["cylinder"] = "cylinder"
    radius: Length = Field(description="radius [m]")
    height: Length = Field(description="full height along z [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """How far the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return float(self.radius * math.hypot(direction[0], direction[1]) + abs(direction[2]) * self.height / 2)


class Sphere(Model):
    """A ball centred at its frame's origin."""

    kind: Literal["sphere"] = "sphere"
    radius: Length = Field(description="radius [m]")

    def support(self, direction: NDArray[np.float64]) -> float:
        """How far the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return self.radius


class Mesh(Model):
    """The convex hull of points; a hollow thing is a `Compound` of hulls."""

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
        """How far the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
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
        """How far the shape reaches along `direction` from its frame's origin [m]. Shape (3,), unit length."""
        return max(
            part.shape.support(part.pose.rotation.T @ direction) + float(np.array(part.pose.position) @ direction)
            for part in self.parts
        )


Shape = Annotated[Box | Cylinder | Sphere | Mesh | Compound, Field(discriminator="kind")]


def solid_parts(shape: Box | Cylinder | Sphere | Mesh | Compound) -> tuple[Part, ...]:
    """The convex pieces of any shape, each with its pose in the object's frame."""
    return shape.parts if isinstance(shape, Compound) else (Part(shape=shape),)


class Cavity(Model):
    """The open hollow of a container, an upright prism in the object's frame.

    Attributes:
        round: A circle of radius `half_x` if true, else a rectangle of `2 half_x` by `2 half_y`.
        floor: Height of the inner floor in the object's frame [m].
        rim: Height of the rim in the object's frame [m].
    """

    round: bool = Field(description="circular rather than rectangular opening")
    half_x: Length = Field(description="half width of the opening along x, or its radius [m]")
    half_y: Length = Field(description="half width of the opening along y; the radius again where round [m]")
    floor: Metres = Field(description="height of the inner floor in the object's frame [m]")
    rim: Metres = Field(description="height of the rim in the object's frame [m]")
