"""Pushes of an object along the table by a flat-fronted gripper: against which face, how wide the fingers, from where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.places.footprints import Prism
from lmp.schema.robot import GripperDescription

Array = NDArray[np.float64]

OBLIQUE = math.radians(12)
"""Largest angle between a push and the face's normal; friction holds the fingers on the face."""
SHORTEST = 0.004
"""A part of the way that is shorter is left out [m]."""
ROUND = 9
"""Outlines with this many corners or more are round: any direction is square to them [count]."""


@dataclass(frozen=True)
class Push:
    """A straight push.

    Attributes:
        way: Displacement of the object [m]. Shape (2,).
        normal: Direction in which the gripper faces; its front is square to it. Shape (2,), unit length.
        opening: Distance of the fingers [m].
        contact: Distance from the outline's middle back to the front of the fingers when they touch [m].
    """

    way: Array
    normal: Array
    opening: float
    contact: float


def pushes(outline: Prism, way: Array, gripper: GripperDescription) -> tuple[Push, ...]:
    """One push where the way is nearly square to a face or the object is round; else one a face, the longer first."""
    length = float(np.linalg.norm(way))
    direction = way / length
    if len(outline.polygon) >= ROUND:
        return (_push(outline, way, direction, gripper),)
    facing = outline.normals @ direction
    best = outline.normals[int(np.argmax(facing))]
    if float(facing.max()) >= math.cos(OBLIQUE):
        return (_push(outline, way, best, gripper),)
    # A second face that is not parallel to the first: the way is split into a stretch along each normal.
    others = [n for n in outline.normals if n @ direction > 0 and abs(n @ best) < 0.94]
    if not others:
        return (_push(outline, way, direction, gripper),)
    second = max(others, key=lambda n: float(n @ direction))
    shares = np.linalg.solve(np.column_stack([best, second]), way)
    if (shares < 0).any():
        return (_push(outline, way, direction, gripper),)
    legs = [(float(share), normal) for share, normal in zip(shares, (best, second), strict=True) if share > SHORTEST]
    legs.sort(key=lambda leg: -leg[0])
    found, here = [], outline
    for share, normal in legs:
        found.append(_push(here, share * normal, normal, gripper))
        here = here.moved(share * normal)
    return tuple(found)


def _push(outline: Prism, way: Array, normal: Array, gripper: GripperDescription) -> Push:
    """The fingers as far apart as the face allows: two contacts far apart keep the object from turning."""
    across = np.array([-normal[1], normal[0]])
    centred = outline.polygon - outline.centre
    half = min(float((centred @ across).max()), float((-centred @ across).max()))
    thickness = gripper.finger_thickness
    wide = 2 * (0.7 * half if len(outline.polygon) >= ROUND else half - 0.002) - 2 * thickness
    opening = min(max(wide, 0.0), gripper.max_width)
    low, high = opening / 2, opening / 2 + thickness
    contact = max(_reach(centred, -normal, across, low, high), _reach(centred, -normal, across, -high, -low))
    return Push(way, normal, opening, contact)


def _reach(polygon: Array, direction: Array, across: Array, low: float, high: float) -> float:
    """Reach of a convex outline along a direction within a band across it [m]. Shape (n, 2)."""
    along, sideways = polygon @ direction, polygon @ across
    found = list(along[(sideways >= low) & (sideways <= high)])
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        for bound in (low, high):
            if (sideways[i] - bound) * (sideways[j] - bound) < 0:
                share = (bound - sideways[i]) / (sideways[j] - sideways[i])
                found.append(along[i] + share * (along[j] - along[i]))
    return float(max(found, default=0.0))
