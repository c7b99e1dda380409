"""Ready-made shapes for scene files, hollow or jointed, said by a few dimensions.

`lmp.sims.scenes.ready_shapes` builds the hollow ones, `lmp.sims.scenes.jointed_shapes` those with joints. The front of those
looks along -x of their frame: towards a robot at the origin where they stand before it unturned.
"""

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


Gap = Annotated[float, Field(ge=0.0005, le=0.02)]


class DrawerCabinet(Model):
    """A cabinet with drawers one above the other, its front along -x. The origin is in its middle.

    Each drawer is a part, a joint and a hollow of one name: `drawer` where it is the only one, else `top_drawer`,
    `middle_drawer`, `bottom_drawer`, or `drawer_1` (the top one), `drawer_2` ... of more than three. 0 is closed.
    """

    kind: Literal["drawer_cabinet"] = "drawer_cabinet"
    size: tuple[Extent, Extent, Extent] = Field(description="outer depth, width and height along x, y, z [m]")
    drawers: Annotated[int, Field(ge=1, le=6)] = Field(default=1, description="how many drawers [count]")
    wall: Wall = Field(default=0.008, description="thickness of the cabinet's walls and the drawers' fronts and floors [m]")
    gap: Gap = Field(default=0.002, description="free distance between a drawer and the cabinet around it [m]")
    handle: Annotated[float, Field(ge=0.0, le=0.1)] = Field(
        default=0.03, description="how far the handle bars stand out from the fronts; 0 leaves them out [m]"
    )
    travel: Extent | None = Field(
        default=None, description="how far a drawer comes out; four fifths of the drawer's depth where left out [m]"
    )

    @model_validator(mode="after")
    def _hollow(self) -> Self:
        depth, width, height = self.size
        cell = (height - self.wall) / self.drawers - self.wall
        if cell - 2 * self.gap <= self.wall + 0.01:
            raise ValueError(f"{self.drawers} drawers leave no hollow in a height of {height} m with walls of {self.wall} m")
        if min(depth - 2 * self.wall, width - 4 * self.wall) - 2 * self.gap <= 0.01:
            raise ValueError(f"a depth of {depth} m and a width of {width} m leave no hollow within walls of {self.wall} m")
        if self.travel is not None and self.travel > depth - self.wall:
            raise ValueError(f"a drawer that comes out by {self.travel} m falls out of a cabinet with a depth of {depth} m")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the drawers, the top one first."""
        known: dict[int, tuple[str, ...]] = {
            1: ("drawer",),
            2: ("top_drawer", "bottom_drawer"),
            3: ("top_drawer", "middle_drawer", "bottom_drawer"),
        }
        return known.get(self.drawers, tuple(f"drawer_{number + 1}" for number in range(self.drawers)))


class HingedBox(Model):
    """A box with a lid that is hinged along its back, +x. The origin is in the middle of the box, without the lid.

    Parts `box` and `lid`, the joint `lid`, the hollow `inside`. 0 is closed.
    """

    kind: Literal["hinged_box"] = "hinged_box"
    inner_size: tuple[Extent, Extent] = Field(description="inner edge lengths along x and y [m]")
    height: Extent = Field(description="height of the box without its lid, floor included [m]")
    wall: Wall = Field(default=0.006, description="thickness of floor, walls and lid [m]")
    gap: Gap = Field(default=0.001, description="free distance between the closed lid and the rim [m]")
    opening: Annotated[float, Field(ge=0.2, le=3.0)] = Field(default=1.9, description="how far the lid opens [rad]")
    lip: Annotated[float, Field(ge=0.0, le=0.05)] = Field(
        default=0.015, description="how far the lid stands out over the front to be lifted by; 0 leaves that out [m]"
    )

    @model_validator(mode="after")
    def _hollow(self) -> Self:
        if self.height <= self.wall + 0.002:
            raise ValueError(f"the height {self.height} m leaves no hollow over a floor of {self.wall} m")
        return self


class Door(Model):
    """A door in a frame. Its hinge is at +y, and it opens towards its front, -x. The origin is in the middle of the frame.

    Parts `frame` and `leaf`, the joint `door`. 0 is closed.
    """

    kind: Literal["door"] = "door"
    size: tuple[Extent, Extent] = Field(description="width and height of the leaf along y and z [m]")
    thickness: Wall = Field(default=0.015, description="thickness of the leaf [m]")
    post: Wall = Field(default=0.02, description="width of the frame's posts, lintel and sill [m]")
    foot: Extent = Field(default=0.12, description="depth of the frame's sill along x, on which it stands [m]")
    gap: Gap = Field(default=0.003, description="free distance between the leaf and its frame [m]")
    knob: Annotated[float, Field(ge=0.0, le=0.1)] = Field(
        default=0.03, description="how far the knobs stand out from the leaf; 0 leaves them out [m]"
    )
    opening: Annotated[float, Field(ge=0.2, le=2.8)] = Field(default=1.6, description="how far it opens [rad]")


class Button(Model):
    """A button that is pressed down into its housing and comes back by itself. The origin is in the middle of the housing.

    Parts `housing` and `cap`, the joint `button`. 0 is let go.
    """

    kind: Literal["button"] = "button"
    radius: Extent = Field(default=0.02, description="radius of the cap [m]")
    travel: Annotated[float, Field(ge=0.001, le=0.05)] = Field(default=0.008, description="how far it can be pressed [m]")
    housing: tuple[Extent, Extent, Extent] = Field(
        default=(0.08, 0.08, 0.04), description="edge lengths of the housing along x, y, z [m]"
    )
    spring: Annotated[float, Field(gt=0.0, le=100.0)] = Field(default=3.0, description="force that lifts the cap [N]")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if 2 * self.radius >= min(self.housing[:2]):
            raise ValueError(f"a cap with a radius of {self.radius} m does not fit on a housing of {self.housing[:2]} m")
        return self


class Switch(Model):
    """A rocker that stays on the side to which it was tipped. The origin is in the middle of the housing.

    Parts `housing` and `rocker`, the joint `switch`, which turns about y: its lower end has the front, -x, pressed down,
    its upper end the back.
    """

    kind: Literal["switch"] = "switch"
    size: tuple[Extent, Extent] = Field(default=(0.05, 0.03), description="edge lengths of the rocker along x and y [m]")
    tilt: Annotated[float, Field(ge=0.05, le=0.6)] = Field(default=0.2, description="how far it tips to either side [rad]")
    housing: tuple[Extent, Extent, Extent] = Field(
        default=(0.09, 0.06, 0.04), description="edge lengths of the housing along x, y, z [m]"
    )
    snap: Annotated[float, Field(gt=0.0, le=5.0)] = Field(default=0.03, description="torque that keeps it on its side [N m]")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if any(rocker >= room for rocker, room in zip(self.size, self.housing, strict=False)):
            raise ValueError(f"a rocker of {self.size} m does not fit on a housing of {self.housing[:2]} m")
        return self


class Knob(Model):
    """A knob that turns about the vertical on its housing. The origin is in the middle of the housing.

    Parts `housing` and `knob`, the joint `knob`; counter-clockwise from above is positive, and 0 points to the front, -x.
    """

    kind: Literal["knob"] = "knob"
    radius: Extent = Field(default=0.02, description="radius of the knob [m]")
    height: Extent = Field(default=0.025, description="height of the knob over its housing [m]")
    housing: tuple[Extent, Extent, Extent] = Field(
        default=(0.08, 0.08, 0.03), description="edge lengths of the housing along x, y, z [m]"
    )
    turn: Annotated[float, Field(ge=0.1, le=3.1)] = Field(default=2.4, description="how far it turns to either side [rad]")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if 2 * self.radius >= min(self.housing[:2]):
            raise ValueError(f"a knob with a radius of {self.radius} m does not fit on a housing of {self.housing[:2]} m")
        return self


JointedShape = DrawerCabinet | HingedBox | Door | Button | Switch | Knob
