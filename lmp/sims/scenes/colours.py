"""Colour words and what they look like: clear enough to be told apart in a picture, soft enough to look at."""

from __future__ import annotations

from lmp.schema.scene_file import ObjectSpec, Rgb

COLOURS: dict[str, Rgb] = {
    "red": (0.83, 0.12, 0.13),
    "green": (0.16, 0.62, 0.24),
    "blue": (0.12, 0.34, 0.80),
    "yellow": (0.97, 0.80, 0.10),
    "orange": (0.95, 0.48, 0.08),
    "purple": (0.48, 0.23, 0.66),
    "pink": (0.94, 0.50, 0.67),
    "brown": (0.47, 0.30, 0.18),
    "white": (0.94, 0.94, 0.92),
    "grey": (0.55, 0.57, 0.60),
    "black": (0.12, 0.12, 0.13),
    "cyan": (0.15, 0.70, 0.75),
}
PLAIN: Rgb = (0.75, 0.75, 0.73)
"""What an object without a colour looks like."""


def rgb_of(item: ObjectSpec) -> Rgb:
    """The object's colour as red, green, blue from 0 to 1 [dimensionless]; the loader has checked that the word is known."""
    if item.rgb is not None:
        return item.rgb
    return PLAIN if item.colour is None else COLOURS[item.colour]
