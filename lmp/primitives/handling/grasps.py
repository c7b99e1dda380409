"""Grasps from above, from the shape of an object and what stands around it; ranked, best first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.meaning.directions import directions
from lmp.primitives.handling.closings import Closing, closings
from lmp.primitives.places.footprints import Outlines, Prism, near, prism_above, prisms, rectangle
from lmp.primitives.skill import OUT_OF_RANGE, Situation
from lmp.schema.robot import GripperDescription
from lmp.schema.scene import SceneObject
from lmp.schema.shape import solid_parts
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

Array = NDArray[np.float64]

SLACK = 0.004
"""Least free width beside the object when the fingers are fully open [m]."""
FLOOR_GAP = 0.004
"""Free height of the finger tips over what is below them [m]; less over the ground for objects too thin for it."""
THIN_FLOOR_GAP = 0.0015
OVERLAP = 0.008
"""Least height of the faces that the fingers cover, where the faces are as high [m]."""
COMFORT = 0.012
"""Free distance of the fingers to neighbours from which on more is no better [m]."""
LEAST_PLAY, MOST_PLAY = 0.003, 0.015
"""Bounds of what an object may have moved before it is grasped [m]: less is noise, more is another grasp."""
TILT = 0.35
"""Lean of the gripper back to the robot in the alternatives for objects far away [rad]."""
NOT_GRASPABLE = VIOLATIONS.register(
    ViolationKind(
        "not_graspable",
        "no grasp fits between the fingers and stays clear of what is around, or something stands on the object",
        about="obstacle",
    )
)


@dataclass(frozen=True)
class Grasp:
    """One way to take an object.

    Attributes:
        label: In words.
        T_world_tool: Where the tool point closes; its z axis points down, its y axis from finger to finger. Shape (4, 4).
        width: Distance of the two faces [m].
        opening: Distance of the fingers while they come down [m].
        clearance: Free distance of the open fingers to whatever stands around [m].
        cost: Rank; less is better [dimensionless].
    """

    label: str
    T_world_tool: Array
    width: float
    opening: float
    clearance: float
    cost: float

    @property
    def play(self) -> float:
        """Distance of the object from where it is known to be at which the fingers still come down beside it [m]."""
        return min(max((self.opening - self.width) / 2, LEAST_PLAY), MOST_PLAY)


def grasps(thing: SceneObject, situation: Situation, opening: float | None = None) -> tuple[Grasp, ...] | tuple[Violation, ...]:
    """Ranked grasps of an object where it is, or why there is none; with a requested opening of the fingers [m], only such."""
    gripper = situation.robot.fingers
    if opening is not None and opening > gripper.max_width:
        return (_beyond_gripper(opening, gripper.max_width),)
    limit = (gripper.max_width if opening is None else opening) - SLACK
    pinches = closings(thing, directions(situation.scene).heading)
    fitting = [closing for closing in pinches if closing.width <= limit]
    if not fitting:
        least = min((closing.width for closing in pinches), default=min(thing.size[:2]))
        return (_too_wide(thing, least, limit) if opening is None else _too_narrow(thing, least, opening),)
    surroundings = _Surroundings(thing, situation, opening)
    found = [grasp for closing in fitting for grasp in surroundings.grasps(closing)]
    if not found:
        return (_no_room(thing, surroundings),)
    ranked = sorted(found, key=lambda grasp: grasp.cost)
    leaning = [_leaning(grasp, situation) for grasp in ranked[:4]]
    return (*ranked, *leaning)


def tool_pose(position: Sequence[float] | Array, yaw: float) -> Array:
    """`T_world_tool` with the gripper pointing down and the fingers apart along the heading `yaw` [rad]. Shape (4, 4)."""
    c, s = math.cos(yaw), math.sin(yaw)
    pose = np.eye(4)
    pose[:3, 0], pose[:3, 1], pose[:3, 2] = (-s, c, 0.0), (c, s, 0.0), (0.0, 0.0, -1.0)
    pose[:3, 3] = position
    return pose


def finger_prisms(
    gripper: GripperDescription, point: Array, yaw: float, opening: float, bottom: float, top: float
) -> tuple[Prism, Prism]:
    """Outlines of the two fingers about a tool point [m]; shape (2,) or longer."""
    direction = np.array([math.cos(yaw), math.sin(yaw)])
    offset = direction * (opening + gripper.finger_thickness) / 2
    size = (gripper.finger_thickness, gripper.finger_width)
    left, right = (rectangle("fingers", point[:2] + sign * offset, yaw, size, bottom, top) for sign in (1, -1))
    return left, right


class _Surroundings:
    """Surroundings of an object, and the grasps that they leave room for."""

    def __init__(self, thing: SceneObject, situation: Situation, opening: float | None = None):
        self.thing, self.gripper, self.opening = thing, situation.robot.fingers, opening
        self.own = prisms(thing)
        others = [prism for other in situation.scene.objects if other.name != thing.name for prism in prisms(other)]
        self.others = Outlines(others)
        self.all = Outlines([*others, *self.own])
        self._cut: dict[float, list[Prism]] = {}
        self.blocker: str | None = None
        self.centre = _centre_of_mass(thing)
        axis = situation.T_world_tool[:3, 1]
        self.present_yaw = math.atan2(axis[1], axis[0])
        self.robot = directions(situation.scene)

    def grasps(self, closing: Closing) -> Iterable[Grasp]:
        """The grasps on one pair of faces: with the widest opening that has room, the gripper turned either way."""
        choices = [self._at_opening(closing, opening) for opening in self._openings(closing)]
        possible = [choice for choice in choices if choice is not None]
        if not possible:
            return []
        best = next((choice for choice in possible if choice[1] >= COMFORT / 2), max(possible, key=lambda choice: choice[1]))
        z, clearance, opening = best
        return [self._grasp(closing, closing.yaw + turn, z, clearance, opening) for turn in (0.0, math.pi)]

    def _openings(self, closing: Closing) -> tuple[float, ...]:
        if self.opening is not None:
            return (self.opening,)
        limit = self.gripper.max_width
        return tuple(min(limit, opening) for opening in (limit, closing.width + 0.03, closing.width + 0.016))

    def _at_opening(self, closing: Closing, opening: float) -> tuple[float, float, float] | None:
        """Height of the tool point, clearance and opening; None where the fingers have no room."""
        below = self._below(closing, opening)
        lowest_tip = max((prism.top for prism in below), default=-math.inf)
        thin = closing.top - max(lowest_tip, closing.bottom) < FLOOR_GAP + OVERLAP
        lowest = lowest_tip + self.gripper.tip_length + (THIN_FLOOR_GAP if thin else FLOOR_GAP)
        lowest = max(lowest, self._palm_height(closing) - self.gripper.finger_depth)
        cover = min(OVERLAP, (closing.top - closing.bottom) / 2)
        highest = closing.top - cover + self.gripper.tip_length
        if lowest > highest:
            self._blame(below)
            return None
        wanted = (closing.bottom + closing.top) / 2
        z = min(max(wanted, lowest), max(lowest, closing.top - 0.25 * cover))
        return z, self._clearance(closing, opening, z), opening

    def _below(self, closing: Closing, opening: float) -> list[Prism]:
        """Prisms under the fingers, open or on their way to the faces."""
        found: list[Prism] = []
        pieces = self._other_pieces(closing)
        for width in (opening, closing.width + 0.004):
            for finger in finger_prisms(self.gripper, closing.middle, closing.yaw, width, closing.bottom, closing.top):
                # Pieces of the object that join the pinched one may reach a little under the pads: curved walls do.
                found.extend(prism for _, prism in near(finger, self.others, 0.0))
                found.extend(prism for space, prism in near(finger, pieces, 0.0) if space < -0.003)
        return found

    def _other_pieces(self, closing: Closing) -> list[Prism]:
        """The object's own pieces beside the pinched one, from where the fingers reach down to."""
        if closing.part is None:
            return []
        T_world_object = self.thing.pose.matrix
        parts = solid_parts(self.thing.shape)
        height = round(closing.bottom, 4)
        if height not in self._cut:
            self._cut[height] = [prism_above(self.thing.name, part, T_world_object, height) for part in parts]
        return [prism for index, prism in enumerate(self._cut[height]) if index != closing.part]

    def _palm_height(self, closing: Closing) -> float:
        """The highest object under the palm [m]."""
        size = (self.gripper.hand_length, self.gripper.hand_width)
        palm = rectangle("palm", closing.middle, closing.yaw, size, 0.0, 0.0)
        return max((prism.top for _, prism in near(palm, self.all, 0.0)), default=-math.inf)

    def _clearance(self, closing: Closing, opening: float, z: float) -> float:
        tip = z - self.gripper.tip_length
        own = self._other_pieces(closing)
        fingers = finger_prisms(self.gripper, closing.middle, closing.yaw, opening, tip, z)
        beside = (pair for finger in fingers for others in (self.others, own) for pair in near(finger, others, 0.03))
        spaces = [space for space, prism in beside if prism.top > tip]
        return min([*spaces, (opening - closing.width) / 2, 0.03])

    def _grasp(self, closing: Closing, yaw: float, z: float, clearance: float, opening: float) -> Grasp:
        turn = abs(math.remainder(yaw - self.present_yaw, 2 * math.pi))
        point = np.array([*closing.middle, z])
        cost = (
            max(0.0, 1.0 - clearance / COMFORT)
            + 0.4 * turn / math.pi
            + 8.0 * float(np.linalg.norm(closing.middle - self.centre[:2]))
            + 4.0 * max(0.0, abs(z - self.centre[2]) - 0.01)
            + max(0.0, closing.width / self.gripper.max_width - 0.7)
        )
        said = math.degrees(self.robot.viewer_yaw(yaw)) % 360
        label = f"{closing.what}, fingers along {said:.0f} deg, {opening * 1000:.0f} mm open"
        return Grasp(label, tool_pose(point, yaw), closing.width, opening, clearance, cost)

    def _blame(self, below: list[Prism]) -> None:
        owners = [prism.owner for prism in sorted(below, key=lambda prism: -prism.top) if prism.owner != self.thing.name]
        self.blocker = self.blocker or (owners[0] if owners else None)


def _leaning(grasp: Grasp, situation: Situation) -> Grasp:
    """The same grasp with the gripper leaning back to the robot, for objects near the end of its reach."""
    away = grasp.T_world_tool[:3, 3] - np.array(situation.robot.base.position)
    axis = grasp.T_world_tool[:3, 1]
    outward = float(np.cross(axis, [0.0, 0.0, 1.0]) @ away)
    angle = TILT if outward < 0 else -TILT
    c, s = math.cos(angle), math.sin(angle)
    lean = np.array([[c, 0.0, s, 0.0], [0.0, 1.0, 0.0, 0.0], [-s, 0.0, c, 0.0], [0.0, 0.0, 0.0, 1.0]])
    pose = grasp.T_world_tool @ lean
    pose[2, 3] += math.sin(TILT) * situation.robot.fingers.finger_width / 2
    return replace(grasp, label=f"{grasp.label}, leaning back", T_world_tool=pose, cost=grasp.cost + 2.0)


def _centre_of_mass(thing: SceneObject) -> Array:
    """Centre of mass of an object of even density, its pieces' bounding boxes standing for their volumes [m]. Shape (3,)."""
    total, weighted = 0.0, np.zeros(3)
    for part in solid_parts(thing.shape):
        sizes = [part.shape.support(axis) + part.shape.support(-axis) for axis in np.eye(3)]
        middle = [(part.shape.support(axis) - part.shape.support(-axis)) / 2 for axis in np.eye(3)]
        volume = math.prod(sizes)
        total += volume
        weighted += volume * part.pose.apply(np.array(middle))
    return thing.pose.apply(weighted / total)


def _too_wide(thing: SceneObject, width: float, limit: float) -> Violation:
    return NOT_GRASPABLE(
        message=f"{thing.name} is at least {width * 1000:.0f} mm wide where fingers could close on it; "
        f"the gripper takes {limit * 1000:.0f} mm.",
        value=width,
        limit=limit,
        unit="m",
        object=thing.name,
        hint="Push it instead, or choose something narrower.",
    )


def _too_narrow(thing: SceneObject, width: float, opening: float) -> Violation:
    return OUT_OF_RANGE(
        message=f"Fingers {opening * 1000:.0f} mm apart do not go round {thing.name}, which is at least "
        f"{width * 1000:.0f} mm wide where they could close on it; {SLACK * 1000:.0f} mm more are needed.",
        value=opening,
        limit=width + SLACK,
        unit="m",
        object=thing.name,
        hint="Open wider, or leave the opening out.",
    )


def _beyond_gripper(opening: float, widest: float) -> Violation:
    return OUT_OF_RANGE(
        message=f"An opening of {opening * 1000:.0f} mm is requested; the fingers go {widest * 1000:.0f} mm apart at most.",
        value=opening,
        limit=widest,
        unit="m",
        hint="Ask for less, or leave the opening out.",
    )


def _no_room(thing: SceneObject, surroundings: _Surroundings) -> Violation:
    blocker = surroundings.blocker
    beside = f" beside {blocker}" if blocker else ""
    return NOT_GRASPABLE(
        message=f"There is no room for the fingers around {thing.name}{beside}.",
        object=blocker or thing.name,
        hint=f"Move {blocker} away first." if blocker else "Push it instead, or choose something higher.",
    )
