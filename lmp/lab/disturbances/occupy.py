"""Something is put where the object has to go."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lmp.errors import SetupFault
from lmp.lab.disturbances.new_box import add_box
from lmp.lab.disturbances.occasion import Motion, Occasion
from lmp.schema.pose import Pose
from lmp.schema.scene import SceneObject
from lmp.schema.scene_file import TABLE
from lmp.schema.shape import Box
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
SETTLE = 0.3
"""Time that it gets to come to rest [s]."""


def occupy(occasion: Occasion, amount: float, rng: np.random.Generator) -> str:
    """Puts a cube with edges of `amount` onto the goal: in or on the support, or at the spot where the object has to go.

    Raises:
        SetupFault: The goal is not known yet, or there is no room for it there.
    """
    world = occasion.world
    goal, where = _goal(occasion, occasion.upcoming())
    box, first, yaw = Box(size=(amount,) * 3), rng.uniform(-math.pi, math.pi), float(rng.uniform(-math.pi, math.pi))
    for distance in NEAR:
        for angle in first + 2 * math.pi * np.arange(AROUND if distance else 1) / AROUND:
            spot = goal + distance * np.array([math.cos(angle), math.sin(angle)])
            height = _height_of_what_is_below(occasion, spot)
            pose = Pose.from_yaw((float(spot[0]), float(spot[1]), height + amount / 2 + DROP), yaw)
            if min(_gaps(occasion, box, pose).values(), default=1.0) >= min(APART, DROP / 2):
                name = add_box(world, box.size, pose)
                world.settle(SETTLE)
                return f"{name}, a cube of {amount * 100:.1f} cm, was put {where}."
    raise SetupFault(f"There is no room for a cube of {amount * 100:.1f} cm {where}.")


def _goal(occasion: Occasion, motion: Motion) -> tuple[NDArray[np.float64], str]:
    """Where the object has to go [m], and the place in words. Shape (2,)."""
    subgoal, things = motion.subgoal, occasion.things
    if subgoal.skill == "pick":
        later = (other for other in motion.plan if other.objects[:1] == subgoal.objects[:1] and other.step == subgoal.step)
        subgoal = next((other for other in later if other.skill == "place"), subgoal)
        if subgoal.skill == "pick":
            raise SetupFault("It is not known yet where the object has to go.")
    for condition in subgoal.success:
        if condition.kind == "on" and condition.support in things:
            return things[condition.support].centre[:2], f"on {condition.support}"
        if condition.kind == "in" and condition.container in things:
            return np.array(things[condition.container].pose.position)[:2], f"in {condition.container}"
        if condition.kind == "at":
            return np.array([condition.x, condition.y]), "on the goal"
        if condition.kind == "moved_by":
            return np.array([condition.origin[0] + condition.dx, condition.origin[1] + condition.dy]), "on the goal"
    if subgoal is not motion.subgoal:
        raise SetupFault("It is not known yet where on the table the object has to go.")
    release = [event.t for event in motion.trajectory.gripper if event.action == "open"]
    if not release:
        raise SetupFault("The motion puts nothing down.")
    sample = int(np.searchsorted(motion.trajectory.times, release[-1]))
    return np.array(motion.trajectory.tool_path[min(sample, len(motion.trajectory.times) - 1), :2]), "on the goal"


def _height_of_what_is_below(occasion: Occasion, spot: NDArray[np.float64]) -> float:
    """Height of the floor or top on which a thing at the spot would stand [m]."""
    heights = [0.0]
    for thing in occasion.things.values():
        if not thing.held and depth_inside(outline(thing.shape, thing.pose), spot) > 0.0:
            hollow = thing.cavity is not None and thing.tilt < 0.2 and _over_hollow(thing, spot)
            top = thing.extent(np.array([0.0, 0.0, 1.0]))
            heights.append(thing.pose.position[2] + thing.cavity.floor if hollow and thing.cavity else top)
    return max(heights)


def _over_hollow(thing: SceneObject, spot: NDArray[np.float64]) -> bool:
    assert thing.cavity is not None
    local = thing.pose.inverse().apply(np.array([spot[0], spot[1], thing.pose.position[2]]))[:2]
    half = np.array([thing.cavity.half_x, thing.cavity.half_y])
    return bool(np.hypot(*(local / half)) < 1.0 if thing.cavity.round else (np.abs(local) < half).all())


def _gaps(occasion: Occasion, box: Box, pose: Pose) -> dict[str, float]:
    """Free distances of the cube, without containers in worlds where hollows count as filled."""
    found = occasion.world.free_room(box, pose)
    if occasion.world.has_forces:
        return found
    hollow = {name for name, thing in occasion.things.items() if thing.cavity is not None}
    return {name: gap for name, gap in found.items() if name not in hollow and name != TABLE}
