"""A box appears in the volume that the arm is about to sweep."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.new_box import add_box
from lmp.lab.disturbances.occasion import UP, Motion, Occasion
from lmp.schema.pose import Pose
from lmp.schema.shape import Box
from lmp.sims.scenes.footprint import free_distance, outline

FREE = ("approach", "carry")
"""Segments in which the gripper moves through free space."""
ABOUT = (0.12, 0.12, 0.06)
"""How far from the tool's path a box is looked for: the gripper is wide and the arm comes behind it [m]."""
TRIES = 150
"""Places that are drawn before giving up."""
TALLEST = 0.22
"""The highest box that stands on furniture; where the gripper goes over that, the box is fixed in the air [m]."""
OVER = 0.03
"""How far a standing box reaches above the tool's path [m]."""
CLEAR = {"robot": 0.03}
"""Least distance of the new box from the robot [m]."""
APART = 0.01
"""Least distance of the new box from everything else [m]."""
AWAY = (0.10, 0.06, 0.03)
"""Horizontal distances from what the motion is about, and from where it ends, that are tried in turn [m]."""
PASSING, AT_WORK = 12, 4
"""Postures of each free segment in one of which the arm must meet the box, and of each other one in which it must not."""
DEEP = 0.01
"""How deep the arm would run into the box at least [m]."""
DROP = 1e-3
"""Height from which a standing box is let go [m]."""


def block_path(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Puts a box with edges of at least `amount` where the arm will come through.

    It stands on furniture, or is fixed in the air where the path is high. It touches nothing now, is not where
    the arm has to be at its work, and stays away from what the motion is about and from where it ends.

    Raises:
        SetupFault: There is no such place.
    """
    motion, world = occasion.upcoming(), occasion.world
    passing, working = _postures(motion, FREE, PASSING), _postures(motion, None, AT_WORK)
    path = _path(motion)
    kept = [outline(item.shape, item.pose) for name, item in occasion.objects.items() if name in motion.subgoal.objects]
    end = np.array(motion.trajectory.tool_path[-1, :2])
    for away in AWAY:
        for point in _near(path, rng):
            support = occasion.support_under(point[None, :2], float(point[2]))
            if support is None:
                continue
            ground = float(support.extent(UP))
            box, pose = _around(point, amount, ground)
            own = outline(box, pose)
            near = any(free_distance(own, other) < away for other in kept) or np.abs(own - end).max(axis=1).min() < away
            if near or not all(support.over(corner) >= 0.0 for corner in own) or not _free(occasion, box, pose):
                continue
            if world.robot_room(box, pose, passing, APART) > -DEEP or world.robot_room(box, pose, working, 2 * APART) < APART:
                continue
            name = add_box(world, box.size, pose, role="movable" if pose.position[2] - ground <= TALLEST / 2 else "fixture")
            size = " x ".join(f"{edge * 100:.0f}" for edge in box.size)
            return f"{name}, {size} cm, appeared at ({occasion.said(np.array(pose.position))}) m in the way of the arm."
    raise SetupFault("There is no place in the way of the arm where a box could appear.")


def _postures(motion: Motion, names: tuple[str, ...] | None, count: int) -> NDArray[np.float64]:
    """Some postures of the segments with these names, or of all but the free ones [rad]. Shape (n, dof)."""
    segments = motion.trajectory.segments
    chosen = [segment for segment in segments if (segment.name not in FREE if names is None else segment.name in names)]
    times = [time for segment in chosen for time in np.linspace(segment.start, segment.end, count)]
    return np.array([motion.trajectory.at(time) for time in times]).reshape(len(times), len(motion.trajectory.joint_names))


def _path(motion: Motion) -> NDArray[np.float64]:
    """Way of the tool in its free moves [m]. Shape (n, 3)."""
    times = motion.trajectory.times
    free = [segment for segment in motion.trajectory.segments if segment.name in FREE]
    inside = [(times >= segment.start) & (times <= segment.end) for segment in free]
    return np.array(motion.trajectory.tool_path[np.any(inside, axis=0)] if inside else np.zeros((0, 3)))


def _near(path: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Points on the path and about it, where gripper and arm come through [m]. Shape (n, 3)."""
    if not len(path):
        return path
    points: NDArray[np.float64] = path[rng.integers(0, len(path), TRIES)] + rng.uniform(-1.0, 1.0, (TRIES, 3)) * ABOUT
    return points


def _around(point: NDArray[np.float64], edge: float, ground: float) -> tuple[Box, Pose]:
    """A box that the point is inside of: on the ground at a height [m], or in the air."""
    x, y, z = (float(value) for value in point)
    height = max(edge, z - ground + OVER)
    if height > TALLEST:
        return Box(size=(edge, edge, edge)), Pose(position=(x, y, z))
    return Box(size=(edge, edge, height)), Pose(position=(x, y, ground + height / 2 + DROP))


def _free(occasion: Occasion, box: Box, pose: Pose) -> bool:
    gaps = occasion.world.free_room(box, pose, within=0.05)
    return all(gap >= CLEAR.get(name, 0.0 if name in occasion.supports else APART) for name, gap in gaps.items())
