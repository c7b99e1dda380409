"""Each model's way to write pixels, to and from the pixels of the camera's own frame.

A frame's pixels are continuous: column c and row r lie in the pixel of index (floor c, floor r), the origin is the upper
left corner. A model sees the sent picture, which may be smaller than the frame.
"""

from __future__ import annotations

import math
from typing import Literal, assert_never

PixelConvention = Literal["pixels", "thousand_xy", "thousand_yx", "percent"]
Size = tuple[int, int]
"""Width and height [px]."""
Point = tuple[float, float]


def to_pixels(point: Point, convention: PixelConvention, width: int, height: int, sent: Size | None = None) -> Point:
    """A model's point in the frame's pixels (column, row).

    Args:
        point: The two numbers in the order in which the model writes them.
        convention: How it writes them.
        width: Of the frame [px].
        height: Of the frame [px].
        sent: Width and height of the sent picture [px], None for the frame's own.

    Raises:
        ValueError: The point is outside the picture; says what is allowed.
    """
    across, down = _extents(convention, sent or (width, height))
    x, y = (point[1], point[0]) if convention == "thousand_yx" else point
    for value, full, name in ((x, across, "x"), (y, down, "y")):
        if not 0.0 <= value <= full:
            raise ValueError(
                f"{name} {value:g} is outside the picture; allowed: 0 to {full:g} ({convention_words(convention)})"
            )
    # The far edge belongs to the last pixel.
    return _below(x * width / across, width), _below(y * height / down, height)


def slip_of_convention(point: Point, convention: PixelConvention, sent: Size) -> str:
    """The convention in which a point outside of the picture may have been written, in a sentence; empty where there is none.

    Args:
        point: The two numbers, x first.
        convention: The one that was asked for.
        sent: Width and height of the sent picture [px].
    """
    full = _extents(convention, sent)
    for other, name in (("thousand_xy", "thousandths of the picture"), ("pixels", "pixels"), ("percent", "percent")):
        extents = _extents(other, sent)  # type: ignore[arg-type]
        inside = all(0.0 <= value <= most for value, most in zip(point, extents, strict=True))
        if inside and extents != full:
            x, y = (value * most / extent for value, most, extent in zip(point, full, extents, strict=True))
            return f" In {name}, perhaps? ({point[0]:g}, {point[1]:g}) would be ({x:.4g}, {y:.4g})."
    return ""


def from_pixels(pixel: Point, convention: PixelConvention, width: int, height: int, sent: Size | None = None) -> Point:
    """A pixel (column, row) of the frame as the model writes it; undoes `to_pixels`."""
    across, down = _extents(convention, sent or (width, height))
    x, y = pixel[0] * across / width, pixel[1] * down / height
    return (y, x) if convention == "thousand_yx" else (x, y)


def convention_words(convention: PixelConvention, sent: Size | None = None) -> str:
    """Say how points are to be written, for the prompt.

    Args:
        convention: The way.
        sent: Width and height of the sent picture [px], for the ranges of absolute pixels.
    """
    match convention:
        case "pixels":
            ranges = "" if sent is None else f", x 0 to {sent[0]}, y 0 to {sent[1]}"
            return f"pixels of the sent picture, x to the right, then y down, origin at the upper left corner{ranges}"
        case "thousand_xy":
            return "thousandths of the picture's width and height, x to the right, then y down, each 0 to 1000"
        case "thousand_yx":
            return "thousandths of the picture's height and width, y down, then x to the right, each 0 to 1000"
        case "percent":
            return "percent of the picture's width and height, x to the right, then y down, each 0 to 100"
        case _:
            assert_never(convention)


def _extents(convention: PixelConvention, sent: Size) -> Point:
    match convention:
        case "pixels":
            return sent
        case "thousand_xy" | "thousand_yx":
            return (1000.0, 1000.0)
        case "percent":
            return (100.0, 100.0)
        case _:
            assert_never(convention)


def _below(value: float, end: int) -> float:
    return min(max(value, 0.0), math.nextafter(float(end), 0.0))
