"""Something is put where the object has to go."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.new_box import add_box
from lmp.lab.disturbances.occasion import UP, Motion, Occasion
from lmp.schema.pose import Pose
from lmp.schema.shape import Box, Cavity
from lmp.sims.planar import depth_inside
from lmp.sims.scenes.footprint import outline

DROP = 1e-3
"""Height from which it is let go [m]."""
NEAR = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04)
"""Distances from the goal that are tried in turn [m]."""
AROUND = 8
"""Directions from the goal in which they are tried."""
APART = 1e-3
"""Least free distance to everything but what carries it [m]."""
UPRIGHT = math.cos(0.2)
"""Cosine of the tilt up to which objects are put into a hollow [dimensionless]."""
SETTLE = 0.3
"""Time that it gets to come to rest [s]."""


def occupy(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Puts a cube with edges of `amount` onto the goal: in or on the support, or at the spot where the object has to go.

    Raises:
        SetupFault: The goal is not known yet, or there is no room for it there.
    """
    world = occasion.world
    goal, where = _goal(occasion, occasion.upcoming())
    first, yaw = (occasion.heading + float(rng.uniform(-math.pi, math.pi)) for _ in range(2))
    box = Box(size=(amount,) * 3)
    for distance in NEAR:
        for angle in first + 2 * math.pi * np.arange(AROUND if distance else 1) / AROUND:
            spot = goal + distance * np.array([math.cos(angle), math.sin(angle)])
            height = _height_of_what_is_below(occasion, spot)
            if height is None:
                continue
            pose = Pose.from_yaw((float(spot[0]), float(spot[1]), height + amount / 2 + DROP), yaw)
            if min(_gaps(occasion, box, pose).values(), default=1.0) >= min(APART, DROP / 2):
                name = add_box(world, box.size, pose)
                world.settle(SETTLE)
                return f"{name}, a cube of {amount * 100:.1f} cm, was put {where}."
    raise SetupFault(f"There is no room for a cube of {amount * 100:.1f} cm {where}.")


def _goal(occasion: Occasion, motion: Motion) -> tuple[NDArray[np.float64], str]:
    """The place where the object has to go [m], and the same in words. Shape (2,)."""
    subgoal, items = motion.subgoal, occasion.objects
    if subgoal.skill == "pick":
        later = (other for other in motion.plan if other.objects[:1] == subgoal.objects[:1] and other.step == subgoal.step)
        subgoal = next((other for other in later if other.skill == "place"), subgoal)
        if subgoal.skill == "pick":
            raise SetupFault("It is not known yet where the object has to go.")
    for condition in subgoal.success:
        for name in condition.named_as("support"):
            if name in items:
                return items[name].centre[:2], f"on {name}"
        for name in condition.named_as("container"):
            if name in items:
                return np.array(items[name].pose.position)[:2], f"in {name}"
        place = condition.place(occasion.scene)
        if place is not None:
            return np.array(place[:2]), "on the goal"
    if subgoal is not motion.subgoal:
        raise SetupFault("It is not known yet where the object has to go.")
    release = [event.t for event in motion.trajectory.gripper if event.action == "open"]
    if not release:
        raise SetupFault("The motion puts nothing down.")
    sample = int(np.searchsorted(motion.trajectory.times, release[-1]))
    return np.array(motion.trajectory.tool_path[min(sample, len(motion.trajectory.times) - 1), :2]), "on the goal"


def _height_of_what_is_below(occasion: Occasion, spot: NDArray[np.float64]) -> float | None:
    """Height of the floor or top on which an object at the spot would stand [m]; None where nothing carries it. Shape (2,)."""
    supports = occasion.supports.values()
    heights = [float(support.extent(UP)) for support in supports if support.over(spot) >= 0.0]
    for item in occasion.objects.values():
        if not item.held and depth_inside(outline(item.shape, item.pose), spot) > 0.0:
            over = [(cavity, frame) for cavity, frame in item.hollows if _over_hollow(cavity, frame, spot)]
            floors = [frame.position[2] + cavity.floor for cavity, frame in over]
            heights.append(max(floors, default=item.extent(UP)))
    return max(heights, default=None)


def _over_hollow(cavity: Cavity, frame: Pose, spot: NDArray[np.float64]) -> bool:
    if frame.rotation[2, 2] < UPRIGHT:
        return False
    local = frame.inverse().apply(np.array([spot[0], spot[1], frame.position[2]]))[:2]
    half = np.array([cavity.half_x, cavity.half_y])
    return bool(np.hypot(*(local / half)) < 1.0 if cavity.round else (np.abs(local) < half).all())


def _gaps(occasion: Occasion, box: Box, pose: Pose) -> dict[str, float]:
    """Free distances of the cube, without containers in worlds where hollows count as filled."""
    found = occasion.world.free_room(box, pose)
    if occasion.world.has_forces:
        return found
    hollow = {name for name, item in occasion.objects.items() if item.cavity is not None}
    return {name: gap for name, gap in found.items() if name not in hollow and name not in occasion.supports}
