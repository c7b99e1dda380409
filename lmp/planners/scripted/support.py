"""What can stand on what and fit into what: the checks behind "impossible"."""

from __future__ import annotations

import math

import numpy as np

from lmp.planners.scripted.properties import category_of, is_table
from lmp.planners.scripted.refused import Refused
from lmp.schema.scene import Scene, SceneObject
from lmp.schema.shape import Box, Cylinder, Mesh, solid_parts

_SHALLOW = 0.18
"""Largest depth of a hollow, as a share of its width, whose thing still counts as a tray rather than a bowl [dimensionless]."""

_FLAT = frozenset({"tray", "plate", "platter"})
_DEEP = frozenset({"bowl", "basin", "mug", "cup", "beaker", "tumbler", "glass", "pot", "bin", "basket", "jar", "vase", "jug"})


def is_shallow(thing: SceneObject) -> bool:
    """True for a tray or plate: what is "in" it is also "on" it. Its kind decides, and its shape where the kind is open."""
    cavity, kind = thing.cavity, category_of(thing).split()[-1]
    if cavity is None or kind in _DEEP:
        return False
    return kind in _FLAT or (cavity.rim - cavity.floor) <= _SHALLOW * 2 * min(cavity.half_x, cavity.half_y)


def check_inside(scene: Scene, name: str, container_name: str, words: str) -> None:
    """Refuses a place inside something that has no hollow, or one that is too small.

    Raises:
        Refused: With the sizes.
    """
    thing, container = scene.get(name), scene.get(container_name)
    if name == container_name:
        raise Refused("impossible", f'"{words}": {name} cannot be put into itself.', "Name another place.", [name])
    cavity = container.cavity
    if cavity is None:
        hollow = [other.name for other in scene.objects if other.cavity is not None and other.name != name]
        hint = (
            f"Say 'on' or 'next to', or choose something hollow: {', '.join(hollow)}." if hollow else "Say 'on' or 'next to'."
        )
        raise Refused("impossible", f'"{words}": {container_name} has no inside.', hint, hollow)
    small, large = sorted(thing.size[:2])
    around = _width_around(thing)
    if cavity.round:
        fits, room = around < 2 * cavity.half_x + 0.002, 2 * cavity.half_x
        if thing.cavity is not None and thing.cavity.round:
            fits = large < 2 * cavity.half_x
    else:
        narrow, wide = sorted((2 * cavity.half_x, 2 * cavity.half_y))
        fits, room = small < narrow and large < wide, narrow
    across = f" and {around * 100:.1f} cm from corner to corner" if cavity.round and around > 1.02 * large else ""
    if not fits:
        raise Refused(
            "impossible",
            f'"{words}": {name}, {small * 100:.1f} by {large * 100:.1f} cm{across}, does not fit into {container_name}, '
            f"whose opening is {room * 100:.1f} cm wide.",
            "Choose a smaller thing or a larger container.",
            [name, container_name],
        )


def _width_around(thing: SceneObject) -> float:
    """Diameter of the circle about the middle of its outline that takes the thing in as it stands [m].

    From the shape's support function in horizontal directions: exact for balls, upright cylinders and boxes.
    """
    angles = np.linspace(0.0, 2 * math.pi, 360, endpoint=False)
    reach = [thing.shape.support(np.array([math.cos(a), math.sin(a), 0.0])) for a in angles]
    middle = np.array([reach[0] - reach[180], reach[90] - reach[270]]) / 2
    return 2 * max(r - float(middle @ (math.cos(a), math.sin(a))) for a, r in zip(angles, reach, strict=True))


def check_on(scene: Scene, name: str, support_name: str, words: str) -> None:
    """Refuses a place on top of something on which nothing can stand.

    Raises:
        Refused: With the reason.
    """
    thing, support = scene.get(name), scene.get(support_name)
    if name == support_name:
        raise Refused("impossible", f'"{words}": {name} cannot be put on itself.', "Name another place.", [name])
    if is_table(support):
        return
    if support.cavity is not None:
        if not is_shallow(support):
            raise Refused(
                "impossible",
                f'"{words}": {support_name} is open at the top; nothing can stand on it.',
                f"Say 'in the {support.category}'.",
                [support_name],
            )
        check_inside(scene, name, support_name, words)
        return
    if not _flat_on_top(support):
        raise Refused(
            "impossible",
            f'"{words}": {support_name} has no flat top to stand on.',
            "Choose a block, a book or the table.",
            [support_name],
        )
    area, own = (math.prod(item.size[:2]) for item in (support, thing))
    if area < 0.12 * own:
        raise Refused(
            "impossible", f'"{words}": {support_name} is too small to carry {name}.', "Choose a larger support.", [support_name]
        )


def _flat_on_top(thing: SceneObject) -> bool:
    top = thing.extent(np.array([0.0, 0.0, 1.0]))
    for part in solid_parts(thing.shape):
        pose = thing.pose @ part.pose
        rotation = pose.rotation
        height = part.shape.support(rotation.T @ np.array([0.0, 0.0, 1.0])) + float(pose.position[2])
        if height < top - 0.003:
            continue
        aligned = np.abs(rotation[2]).max() > 0.97
        if isinstance(part.shape, Box) and aligned:
            return True
        if isinstance(part.shape, Cylinder) and abs(rotation[2, 2]) > 0.97:
            return True
        if isinstance(part.shape, Mesh):
            points = pose.apply(np.array(part.shape.vertices))
            level = points[points[:, 2] > top - 0.002][:, :2]
            if len(level) >= 3 and (np.ptp(level, axis=0) > 0.02).all():
                return True
    return False
