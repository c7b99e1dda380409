"""Ready-made hollow shapes for scene files, said by a few dimensions; `lmp.sims.scenes.ready_shapes` builds their parts."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lmp.schema.base import Model

Wall = Annotated[float, Field(ge=0.002, le=0.05)]
Extent = Annotated[float, Field(ge=0.005, le=1.0)]


class Bowl(Model):
    """A round open container with a flat floor and straight walls that may lean outwards; a plate is a low, wide one.

    The origin is on the axis, half way up.
    """

    kind: Literal["bowl", "plate"] = "bowl"
    inner_radius: Extent = Field(description="radius of the inner floor [m]")
    height: Extent = Field(description="full height, floor included [m]")
    wall: Wall = Field(default=0.006, description="thickness of floor and wall [m]")
    lean: Annotated[float, Field(ge=0.0, le=1.2)] = Field(default=0.2, description="angle of the wall from the vertical [rad]")

    @model_validator(mode="after")
    def _hollow(self) -> Self:
        if self.height <= self.wall + 0.002:
            raise ValueError(f"the height {self.height} m leaves no hollow over a floor of {self.wall} m")
        return self


class Mug(Model):
    """An upright round cup with a handle towards +x of its frame. The origin is on the axis, half way up."""

    kind: Literal["mug"] = "mug"
    inner_radius: Extent = Field(description="radius of the hollow [m]")
    height: Extent = Field(description="full height, floor included [m]")
    wall: Wall = Field(default=0.004, description="thickness of floor, wall and handle [m]")
    handle: Annotated[float, Field(ge=0.0, le=0.1)] = Field(
        default=0.025, description="how far the handle stands out from the wall; 0 leaves it out [m]"
    )

    @model_validator(mode="after")
    def _hollow(self) -> Self:
        if self.height <= 4 * self.wall:
            raise ValueError(f"the height {self.height} m is too little for walls of {self.wall} m")
        return self


class Tray(Model):
    """A rectangular open container; a bin is a high one. The origin is in the middle, half way up."""

    kind: Literal["tray", "bin"] = "tray"
    inner_size: tuple[Extent, Extent] = Field(description="inner edge lengths along x and y [m]")
    height: Extent = Field(description="full height, floor included [m]")
    wall: Wall = Field(default=0.006, description="thickness of floor and walls [m]")

    @model_validator(mode="after")
    def _hollow(self) -> Self:
        if self.height <= self.wall + 0.002:
            raise ValueError(f"the height {self.height} m leaves no hollow over a floor of {self.wall} m")
        return self
