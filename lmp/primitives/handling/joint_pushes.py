"""Presses of closed fingers on a part of an object, and how they go on, so that the part moves along its joint."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.primitives.handling.riding import part_alone
from lmp.primitives.places.footprints import corners
from lmp.schema.scene import SceneObject
from lmp.schema.shape import ObjectJoint, solid_parts

Array = NDArray[np.float64]

OBLIQUE = math.radians(25)
"""Largest angle between the motion and the normal of the face that is pressed on: friction holds the fingers there."""
ARC = math.radians(8)
"""Turn of one straight stretch along a joint that turns [rad]; at 0.2 m from its axis the chord is 0.5 mm off the arc."""
TILTS = (("from above", 0.0), ("at a slant", math.radians(45)), ("level", math.radians(90)))
"""How the gripper is held: angle between the fingers and straight down, towards the motion [rad]."""
SIDEWAYS = (0.0, -0.45, 0.45, -0.75, 0.75)
"""Where across the part it is pressed on, as a share of half its width; a part on a slide goes best by its middle."""
OUTWARDS = (0.8, 0.6, 0.9)
"""Where on a part that turns, as a share of its reach from the axis: far out it takes little force."""
DEPTHS = (0.025, 0.015, 0.04)
"""How far down from the part's top the tips of fingers from above reach [m]."""
HEIGHTS = (0.0, 0.5, -0.5)
"""Where in the height of a part the tips of other fingers are, as a share of half of it."""
SPARE = 0.002
"""How far before the end of a joint's range the fingers stop [m]: against the stop they would press with the arm's force."""
FINENESS = 4
"""Into how many stretches the edges of the fingers' faces are divided to find where they touch [count]."""
_FAR = 1.0


@dataclass(frozen=True)
class JointPush:
    """One way to move a part with the fingers.

    Attributes:
        label: In words.
        contact: `T_world_tool` when the fingers touch. Shape (4, 4).
        steps: `T_world_tool` and the joint's position after each straight stretch, in order [m] or [rad].
        direction: In which the part goes at the beginning, world, unit length. Shape (3,).
        last: In which it goes at the end. Shape (3,).
    """

    label: str
    contact: Array
    steps: tuple[tuple[Array, float], ...]
    direction: Array
    last: Array


def joint_pushes(
    thing: SceneObject, joint: ObjectJoint, value: float, fingers: Sequence[Array], tip_length: float
) -> Iterator[JointPush]:
    """Ways to push a joint from where it is to a position [m] or [rad], those that need the least force first.

    Nothing comes out where no face of the part can be pressed on in the direction in which it has to go, or where the joint's
    present position is not known.

    Args:
        thing: The object.
        joint: Its joint.
        value: Where it is to go [m] or [rad].
        fingers: Corner points of each convex piece of the closed fingers in the tool's frame [m]. Shapes (n, 3).
        tip_length: How far they reach past the tool point [m].
    """
    T_world_part = thing.T_world_part(joint.child)
    if T_world_part is None or joint.value is None:
        return
    part = part_alone(thing, (joint.child,))
    axis, origin = _axis(thing, joint)
    sense = 1.0 if value > joint.value else -1.0
    pieces = [corners(piece, part.pose.matrix) for piece in solid_parts(part.shape)]
    cloud = np.concatenate(pieces)
    faces = _Faces([ConvexHull(points).equations for points in pieces], cloud)
    hulls = [ConvexHull(points) for points in fingers]
    samples = np.concatenate([_on_surface(hull) for hull in hulls])
    touching = partial(_touching, faces=faces, hulls=[hull.equations for hull in hulls], samples=samples)
    for spot, direction, where in _spots(cloud, joint, sense, axis, origin):
        for held, tilt in TILTS:
            for rotation in _gripper_rotations(direction, tilt):
                for tip in _tips(spot, cloud, tilt):
                    T_world_tool = touching(tip - tip_length * rotation[:, 2], rotation, direction)
                    if T_world_tool is None:
                        continue
                    steps = tuple(_steps(thing, joint, value, T_world_tool))
                    turned = _turn(axis, value - joint.value) if joint.kind == "revolute" else np.eye(3)
                    yield JointPush(f"fingers {held}, {where}", T_world_tool, steps, direction, turned @ direction)


def _axis(thing: SceneObject, joint: ObjectJoint) -> tuple[Array, Array]:
    """Direction and a point of a joint's axis in the world. Shapes (3,), (3,)."""
    T_world_parent = thing.T_world_part(joint.parent)
    T = (thing.pose.matrix if T_world_parent is None else T_world_parent) @ joint.origin.matrix
    return T[:3, :3] @ np.array(joint.axis), T[:3, 3]


def _turn(axis: Array, angle: float) -> Array:
    x, y, z = axis
    K = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    R: Array = np.eye(3) + math.sin(angle) * K + (1.0 - math.cos(angle)) * K @ K
    return R


def _spots(cloud: Array, joint: ObjectJoint, sense: float, axis: Array, origin: Array) -> Iterator[tuple[Array, Array, str]]:
    """Points of the part, before which the fingers come, the direction in which each goes, and where that is in words."""
    middle = (cloud.min(axis=0) + cloud.max(axis=0)) / 2
    if joint.kind == "prismatic":
        direction = sense * axis
        across = np.cross([0.0, 0.0, 1.0], direction)
        length = float(np.linalg.norm(across))
        across = across / length if length > 0.1 else np.array([0.0, 1.0, 0.0])
        half = float(np.ptp(cloud @ across)) / 2
        for share in SIDEWAYS:
            where = "in the middle" if share == 0.0 else f"{abs(share) * half * 1000:.0f} mm off the middle"
            yield middle + share * half * across, direction, where
        return
    away = middle - origin
    away -= (away @ axis) * axis
    reaches = [(float(((cloud - origin) @ outwards).max()), outwards) for outwards in _outwards(away, axis)]
    for farthest, outwards in sorted(reaches, key=lambda entry: -entry[0]):
        for share in OUTWARDS:
            radius = share * farthest
            spot = middle + (radius - float(away @ outwards)) * outwards
            yield spot, sense * np.cross(axis, outwards), f"{radius * 1000:.0f} mm from its axis"


def _outwards(away: Array, axis: Array) -> list[Array]:
    """Directions from an axis to where a part can be pressed on: to its middle, or all round where the axis goes through it."""
    reach = float(np.linalg.norm(away))
    if reach > 1e-3:
        return [away / reach]
    first = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    return [first, -first, second, -second]


def _gripper_rotations(direction: Array, tilt: float) -> Iterator[Array]:
    """Rotations of a gripper that presses along a direction, turned either way. Shape (3, 3)."""
    level = np.array([direction[0], direction[1], 0.0])
    length = float(np.linalg.norm(level))
    down = np.array([0.0, 0.0, -1.0])
    if length < 0.3:
        if direction[2] > 0.0 or tilt > 0.0:
            return
        level, length = np.array([1.0, 0.0, 0.0]), 1.0
    level /= length
    along = math.cos(tilt) * down + math.sin(tilt) * level
    across = np.cross([0.0, 0.0, 1.0], level)
    for sign in (1.0, -1.0):
        yield np.column_stack([np.cross(sign * across, along), sign * across, along])


def _tips(spot: Array, cloud: Array, tilt: float) -> Iterator[Array]:
    """Place of the finger tips, apart from how far along the motion. Shape (3,)."""
    low, high = float(cloud[:, 2].min()), float(cloud[:, 2].max())
    middle, half = (low + high) / 2, (high - low) / 2
    heights = (
        [high - min(depth, 0.9 * (high - low)) for depth in DEPTHS] if tilt == 0.0 else [middle + h * half for h in HEIGHTS]
    )
    for height in dict.fromkeys(heights):
        yield np.array([spot[0], spot[1], height])


@dataclass(frozen=True)
class _Faces:
    """A part: each convex piece as half spaces `normal @ p + offset <= 0`, and all corners. Shapes (k, 4), (n, 3)."""

    spaces: list[Array]
    corners: Array


def _on_surface(hull: ConvexHull) -> Array:
    """Points all over the surface of a convex body, its corners among them. Shape (n, 3)."""
    shares = np.array([(i, j, FINENESS - i - j) for i in range(FINENESS + 1) for j in range(FINENESS + 1 - i)]) / FINENESS
    points: Array = np.einsum("sk,tkc->tsc", shares, hull.points[hull.simplices]).reshape(-1, 3)
    return np.unique(points.round(6), axis=0)


def _touching(
    tool: Array, rotation: Array, direction: Array, faces: _Faces, hulls: list[Array], samples: Array
) -> Array | None:
    """`T_world_tool` of a gripper that goes on from a place along the direction until a finger touches; None if it misses.

    Args:
        tool: The place, apart from how far along the direction [m]. Shape (3,).
        rotation: Of the gripper. Shape (3, 3).
        direction: Unit length. Shape (3,).
        faces: The part.
        hulls: Each convex piece of the fingers as half spaces in the tool's frame. Shapes (k, 4).
        samples: Points all over their surfaces in the tool's frame [m]. Shape (n, 3).
    """
    start = tool - _FAR * direction
    found = [_first_hit(start + samples @ rotation.T, direction, space) for space in faces.spaces]
    local = (faces.corners - start) @ rotation
    found += [_first_hit(local, -direction @ rotation, hull, flat=False) for hull in hulls]
    hits = [hit for hit in found if hit is not None]
    distance, flat = min(hits, default=(0.0, False))
    if not flat:
        return None
    T = np.eye(4)
    T[:3, :3], T[:3, 3] = rotation, start + distance * direction
    return T


def _first_hit(points: Array, direction: Array, space: Array, flat: bool = True) -> tuple[float, bool] | None:
    """Distance that the first of some points goes until it enters a convex body; True if it meets a face nearly square to it.

    Args:
        points: They all move in the direction [m]. Shape (n, 3).
        direction: Unit length. Shape (3,).
        space: The body as half spaces `normal @ p + offset <= 0`. Shape (k, 4).
        flat: False takes every face for square.
    """
    rates, rest = space[:, :3] @ direction, points @ space[:, :3].T + space[:, 3]
    level = np.abs(rates) < 1e-9
    inside = (rest[:, level] <= 0.0).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = -rest / rates
    enters = np.where(rates < -1e-9, times, -np.inf)
    leaves = np.where(rates > 1e-9, times, np.inf).min(axis=1)
    entry, face = enters.max(axis=1), enters.argmax(axis=1)
    hit = inside & (entry < leaves) & (entry > 0.0)
    if not hit.any():
        return None
    first = int(np.argmin(np.where(hit, entry, np.inf)))
    return float(entry[first]), not flat or float(-rates[face[first]]) >= math.cos(OBLIQUE)


def _rate_at(thing: SceneObject, joint: ObjectJoint, point: Array) -> Array:
    """Motion of a point with the joint [m] a metre or a radian. Shape (3,)."""
    axis, origin = _axis(thing, joint)
    rate: Array = axis if joint.kind == "prismatic" else np.cross(axis, point - origin)
    return rate


def _steps(thing: SceneObject, joint: ObjectJoint, value: float, T_world_tool: Array) -> Iterator[tuple[Array, float]]:
    """The tool goes on with the part: in one stretch where that slides, in several where it turns."""
    now = joint.value or 0.0
    if value in (joint.lower, joint.upper):
        # On the way there the fingers go as far as the joint does where they press.
        way = float(np.linalg.norm(_rate_at(thing, joint, T_world_tool[:3, 3])))
        value += float(np.clip(now - value, -SPARE / max(way, 0.02), SPARE / max(way, 0.02)))
    count = 1 if joint.kind == "prismatic" else max(1, math.ceil(abs(value - now) / ARC))
    T_world_part = thing.T_world_part(joint.child)
    for position in np.linspace(now, value, count + 1)[1:]:
        T_world_then = thing.with_joints({joint.name: float(position)}).T_world_part(joint.child)
        if T_world_part is not None and T_world_then is not None:
            yield T_world_then @ np.linalg.inv(T_world_part) @ T_world_tool, float(position)
