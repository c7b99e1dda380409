"""States of objects, where they are and how they lie: held, on or in something, fallen, on their side, out of reach."""

from __future__ import annotations

import math

import numpy as np

from lmp.meaning.directions import directions
from lmp.meaning.fallen import fallen
from lmp.meaning.relations import is_inside, rests, rests_on
from lmp.schema.findings import ObjectState
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Cylinder, Sphere, solid_parts

LYING = math.radians(40)
"""Tilt from which on an object that has an upright lies on its side [rad]; what merely leans on a wall is tilted less."""
TALL = 1.25
"""How many times higher than wide an object is that has an upright by its height alone [dimensionless]."""
SHALLOW = 0.02
"""Depth of a hollow up to which what is in it is said to be on it [m]: trays and plates."""
BESIDE = 0.01
"""How far an object has to reach into the workspace for the gripper to come to it [m]."""


def state_of(name: str, scene: Scene) -> ObjectState:
    """State of an object in a scene; a name that the scene lacks is missing."""
    if name not in scene:
        return ObjectState(object=name, place="missing", reachable=False)
    item = scene.get(name)
    x, y, z = (float(value) for value in directions(scene).coordinates(item.centre))
    lying, position = is_lying(item), (x, y, z)
    if item.held:
        return ObjectState(object=name, place="held", lying=lying, position=position)
    if fallen(scene, item):
        return ObjectState(object=name, place="fallen", lying=lying, reachable=False, position=position)
    within = is_within_reach(item, scene)
    support = None if not rests(scene, item) else _support_of(item, scene)
    if support is None:
        return ObjectState(object=name, place="in_air", lying=lying, reachable=within, position=position)
    place = "in" if _deep(scene.get(support)) and is_inside(scene, name, support) else "on"
    return ObjectState(object=name, place=place, support=support, lying=lying, reachable=within, position=position)


def is_lying(item: SceneObject) -> bool:
    """True if it lies on its side or upside down; false for what looks the same whichever way it lies.

    What has an upright: anything hollow (mug, bowl, tray), whose hollow has to be at the top; cylinders, and whatever is
    clearly higher than it is wide in its own frame, either end up. A cube or a flat box on another face stands, a ball
    cannot lie.
    """
    if item.cavity is not None:
        return item.tilt > LYING
    parts = solid_parts(item.shape)
    if all(isinstance(part.shape, Sphere) for part in parts):
        return False
    x, y, z = item.size
    single_cylinder = len(parts) == 1 and isinstance(parts[0].shape, Cylinder)
    axis = item.pose.rotation[:, 2]
    if single_cylinder:
        axis = (item.pose.rotation @ parts[0].pose.rotation)[:, 2]
    elif z < TALL * max(x, y):
        return False
    return math.acos(min(1.0, abs(float(axis[2])))) > LYING


def is_within_reach(item: SceneObject, scene: Scene) -> bool:
    """True if a part of the object is in the workspace.

    That is generous: whether the arm has a posture for it is for the compiler to say, so nothing is given up too early.
    """
    space = scene.workspace
    axes, origin = space.T_world_workspace.rotation.T, np.array(space.T_world_workspace.position)
    upper = np.array([item.extent(axis) - axis @ origin for axis in axes])
    lower = np.array([-item.extent(-axis) - axis @ origin for axis in axes])
    low, high = np.array(space.lower), np.array(space.upper)
    inside = (upper[:2] > low[:2] + BESIDE).all() and (lower[:2] < high[:2] - BESIDE).all()
    return bool(inside and lower[2] < high[2] and not fallen(scene, item))


def _deep(item: SceneObject) -> bool:
    return item.cavity is not None and item.cavity.rim - item.cavity.floor > SHALLOW


def _support_of(item: SceneObject, scene: Scene) -> str | None:
    """The object that carries it: what it stands on or in; else the highest of those it touches, as where it leans."""
    others = [other for other in scene.objects if other.name != item.name]
    for other in sorted(others, key=lambda other: (not other.movable, other.cavity is not None)):
        if rests_on(scene, item.name, other.name) or (other.cavity is not None and is_inside(scene, item.name, other.name)):
            return other.name
    if item.touching is not None:
        near = [other for other in others if other.name in item.touching]
    else:
        low, high = item.bounds
        near = [other for other in others if (other.bounds[0] <= high).all() and (other.bounds[1] >= low - BESIDE).all()]
    up = np.array([0.0, 0.0, 1.0])
    return max(near, key=lambda other: other.extent(up)).name if near else None
