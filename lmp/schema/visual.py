"""Visual primitives: points, boxes and point pairs in the picture of a named camera.

Pixels are continuous: column c and row r lie in the pixel of index (floor c, floor r), whose middle is half a pixel on; the
origin is the upper left corner of the picture, rows go down.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from lmp.schema.base import Model, Name

Pixels = Annotated[float, Field(ge=0.0, le=10000.0)]


class Pixel(Model):
    """One pixel of a picture that is named beside it."""

    column: Pixels = Field(description="how far to the right of the picture's left edge [px]")
    row: Pixels = Field(description="how far down from the picture's upper edge [px]")


class PixelPoint(Model):
    """A point of a camera's picture: the surface that is seen there.

    Attributes:
        camera: Name of the camera.
    """

    camera: Name = Field(description="name of the camera")
    column: Pixels = Field(description="how far to the right of the picture's left edge [px]")
    row: Pixels = Field(description="how far down from the picture's upper edge [px]")


class PixelBox(Model):
    """An upright box in a camera's picture.

    Attributes:
        camera: Name of the camera.
    """

    camera: Name = Field(description="name of the camera")
    left: Pixels = Field(description="left side, columns from the picture's left edge [px]")
    top: Pixels = Field(description="upper side, rows from the picture's upper edge [px]")
    right: Pixels = Field(description="right side, columns from the picture's left edge; more than left [px]")
    bottom: Pixels = Field(description="lower side, rows from the picture's upper edge; more than top [px]")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError(
                f"left has to be less than right and top less than bottom; they are {self.left:g}, {self.right:g}, "
                f"{self.top:g} and {self.bottom:g}"
            )
        return self


class PixelPair(Model):
    """Two points of one camera's picture: from where to where.

    Attributes:
        camera: Name of the camera.
        source: On what is to be moved.
        destination: Where that very point is to be afterwards.
    """

    camera: Name = Field(description="name of the camera")
    source: Pixel = Field(description="a pixel on the object that is to be moved")
    destination: Pixel = Field(description="the pixel to which that point of the object is to go")

    @property
    def ends(self) -> tuple[PixelPoint, PixelPoint]:
        """Source and destination, each with the camera."""
        first, second = (
            PixelPoint(camera=self.camera, column=end.column, row=end.row) for end in (self.source, self.destination)
        )
        return first, second
