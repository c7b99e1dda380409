"""Objects with joints in the kinematic world: fingers move a part along its joint, and what is in or on it rides along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from lmp.schema.robot import GripperDescription
from lmp.schema.shape import Articulated, ObjectJoint, Shape
from lmp.sims.kinematic.body import Body
from lmp.sims.scenes.built_shape import JointCost
from lmp.sims.solids import part_points

Array = NDArray[np.float64]

STEP = 0.005
"""Distance of the points that stand for a finger [m]: thinner objects slip through it."""
BACK = 0.2
"""Share of its range by which a spring moves a joint back in a tenth of a second [dimensionless]."""
_HALVINGS = 30


@dataclass(frozen=True)
class Fingers:
    """Both fingers at an instant, as points all over them.

    Attributes:
        points: In the world [m]. Shape (n, 3).
    """

    points: Array

    @classmethod
    def at(cls, gripper: GripperDescription, T_world_tool: Array, width: float) -> Fingers:
        """The fingers of a tool at a pose, so far apart [m]. Shape (4, 4)."""
        x, inner, outer = gripper.finger_width / 2, width / 2, width / 2 + gripper.finger_thickness
        one = _grid((-x, inner, -gripper.finger_depth), (x, outer, gripper.tip_length))
        both = np.concatenate([one, one * (1.0, -1.0, 1.0)])
        return cls(both @ T_world_tool[:3, :3].T + T_world_tool[:3, 3])


@lru_cache(maxsize=64)
def _grid(low: tuple[float, float, float], high: tuple[float, float, float]) -> Array:
    """Points of a box, not farther than `STEP` apart along any axis [m]. Shape (n, 3)."""
    axes = [np.linspace(a, b, max(2, int(np.ceil((b - a) / STEP)) + 1)) for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 3)


def pushed(body: Body, before: Fingers, after: Fingers) -> dict[str, float]:
    """New positions of the joints whose parts the fingers run into, just so far that they no longer overlap [m] or [rad].

    Quasi-static: a part goes where its joint lets it, in the direction in which the fingers move, at most to the end of its
    range.
    """
    shape = body.shape
    if not isinstance(shape, Articulated):
        return {}
    found: dict[str, float] = {}
    for joint in shape.joints:
        here, now = _place(body, shape, joint, {}), joint.value
        if here is None or now is None:
            continue
        depth, point = _overlap(shape, joint.child, here, after)
        if depth <= 0.0:
            continue
        motion = (after.points - before.points).mean(axis=0)
        rate = _rate(body, shape, joint, point) @ motion
        if abs(rate) < 1e-12:
            continue
        found[joint.name] = _cleared(body, shape, joint, after, end=joint.upper if rate > 0 else joint.lower)
    return found


def sprung(body: Body, costs: Mapping[str, JointCost], seconds: float, fingers: Fingers | None) -> dict[str, float]:
    """New positions of joints that a spring pulls to the nearest of its rests, unless a finger is in the way [m] or [rad]."""
    shape, found = body.shape, {}
    for joint in shape.joints if isinstance(shape, Articulated) else ():
        cost, now = costs.get(joint.name), joint.value
        if cost is None or now is None or cost.spring <= 0.0 or not cost.rests:
            continue
        step = BACK * (joint.upper - joint.lower) * seconds / 0.1
        rest = min(cost.rests, key=lambda rest, now=now: abs(rest - now))  # type: ignore[misc]
        new = now + float(np.clip(rest - now, -step, step))
        if new != now and not (fingers is not None and _blocked(body, joint, new, fingers)):
            found[joint.name] = new
    return found


def move_joints(body: Body, values: Mapping[str, float], riders: Mapping[str, Sequence[Body]]) -> None:
    """Moves joints of a body [m] or [rad], and with each part what rides on it.

    Args:
        body: The body.
        values: New positions.
        riders: What rides on each part, by the part's name.
    """
    shape = body.shape
    if not isinstance(shape, Articulated) or not values:
        return
    moved = shape.with_values(dict(values))
    for part, carried in riders.items():
        before, after = shape.T_object_part(part), moved.T_object_part(part)
        if before is None or after is None or np.allclose(before, after, atol=1e-12):
            continue
        T = body.T_world_body @ after @ np.linalg.inv(before) @ np.linalg.inv(body.T_world_body)
        for rider in carried:
            rider.T_world_body = T @ rider.T_world_body
    body.shape = moved


def _place(body: Body, shape: Articulated, joint: ObjectJoint, values: dict[str, float | None]) -> Array | None:
    """`T_world_part` of a joint's child, with other positions of some joints."""
    T_object_part = (shape.with_values(values) if values else shape).T_object_part(joint.child)
    return None if T_object_part is None else body.T_world_body @ T_object_part


def _rate(body: Body, shape: Articulated, joint: ObjectJoint, point: Array) -> Array:
    """Rate of a point of the child while the joint moves, in the world [m] a metre or a radian. Shape (3,)."""
    T_object_parent = shape.T_object_part(joint.parent)
    T = body.T_world_body @ (np.eye(4) if T_object_parent is None else T_object_parent) @ joint.origin.matrix
    axis = T[:3, :3] @ np.array(joint.axis)
    rate: Array = axis if joint.kind == "prismatic" else np.cross(axis, point - T[:3, 3])
    return rate


def _cleared(body: Body, shape: Articulated, joint: ObjectJoint, fingers: Fingers, end: float) -> float:
    """The first position on the way to the end of the range at which no finger is in the part; the end if there is none."""
    clear, blocked = end, joint.value or 0.0
    if _blocked(body, joint, end, fingers) or end == blocked:
        return end
    for _ in range(_HALVINGS):
        middle = (clear + blocked) / 2
        if _blocked(body, joint, middle, fingers):
            blocked = middle
        else:
            clear = middle
    return clear


def _blocked(body: Body, joint: ObjectJoint, value: float, fingers: Fingers) -> bool:
    shape = body.shape
    if not isinstance(shape, Articulated):
        return False
    place = _place(body, shape, joint, {joint.name: value})
    return place is not None and _overlap(shape, joint.child, place, fingers)[0] > 0.0


def _overlap(shape: Articulated, part: str, T_world_part: Array, fingers: Fingers) -> tuple[float, Array]:
    """Depth of the fingers in a part, and the point of them that is deepest [m]; not above 0 where they are outside."""
    local = (fingers.points - T_world_part[:3, 3]) @ T_world_part[:3, :3]
    depths = np.full(len(local), -np.inf)
    for normals, offsets in _half_spaces(shape.part(part).shape):
        depths = np.maximum(depths, -(local @ normals.T + offsets).max(axis=1))
    deepest = int(np.argmax(depths))
    return float(depths[deepest]), fingers.points[deepest]


@lru_cache(maxsize=256)
def _half_spaces(shape: Shape) -> tuple[tuple[Array, Array], ...]:
    """Each convex piece as half spaces `normals @ p + offsets <= 0`. Shapes (k, 3), (k,)."""
    equations = [ConvexHull(points).equations for points in part_points(shape)]
    return tuple((each[:, :3], each[:, 3]) for each in equations)
