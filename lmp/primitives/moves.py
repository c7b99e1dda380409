"""The moves that a skill is made of: tool moves, joint moves and grips, before inverse kinematics and timing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.leeway import Leeway
from lmp.schema.motion import PathShape, Timing

Contacts = tuple[tuple[str, str], ...]
"""Pairs of names that may touch: objects of the scene, or "fingers" and "robot" for the robot's parts."""

Expects = tuple[tuple[str, float], ...]
"""Objects that have to be where they are known to be when a move begins, each with how far it may be from there [m]."""

Follows = tuple[str, float] | None
"""Object with which the end of a move moves, and by how much it may be missed in the end [m]; None for an end that stays."""


@dataclass(frozen=True)
class Drag:
    """Object that moves along with the fingers without being held, and all that rides on it.

    Attributes:
        object: An object.
        joint: One of its joints, where only what that moves comes along; None for the whole object.
        value: Where the joint is in the end [m] or [rad].
    """

    object: str
    joint: str | None = None
    value: float = 0.0


@dataclass(frozen=True)
class ToolMove:
    """The tool point moves to a pose, at rest at both ends.

    Attributes:
        name: What it is for: approach, descend, lift, carry, lower, retreat, push.
        T_world_tool: Where it ends. Shape (4, 4).
        speed: Largest speed of the tool point [m/s].
        duration: Requested duration [s]; None asks for the shortest that the limits allow.
        timing: `keep` for the minimum-jerk profile, `fastest` for the time-optimal one, without a requested duration.
        shape: Deviation from the straight line; None is straight.
        free: True for a move through open space, whose path may be raised or bent to pass an obstacle.
        drags: What moves along with the fingers without being held: what is pushed.
        allowed: Pairs that may touch while it lasts.
        expects: What has to be in its place when it begins.
        follows: What its end moves with, if that moves while the arm is on its way.
        leeway: Turns from its poses that the task leaves to an arm of fewer than six joints, which cannot take every
            orientation; others take the poses as they are. None leaves none.
    """

    name: str
    T_world_tool: NDArray[np.float64]
    speed: float
    duration: float | None = None
    shape: PathShape | None = None
    free: bool = False
    drags: Drag | None = None
    allowed: Contacts = ()
    expects: Expects = ()
    timing: Timing = "keep"
    follows: Follows = None
    leeway: Leeway | None = None


@dataclass(frozen=True)
class JointMove:
    """The arm moves to a posture, straight in joint space, at rest at both ends.

    Attributes:
        q: Where it ends [rad]. Shape (dof,).
        speed: Largest speed of the tool point [m/s].
        duration: Requested duration [s]; None asks for the shortest that the limits allow.
        timing: `keep` for the minimum-jerk profile, `fastest` for the time-optimal one, without a requested duration.
    """

    name: str
    q: NDArray[np.float64]
    speed: float
    duration: float | None = None
    allowed: Contacts = ()
    timing: Timing = "keep"


@dataclass(frozen=True)
class Grip:
    """The fingers open or close.

    Attributes:
        width: Commanded distance between the fingers [m].
        expected: Where the fingers will stop [m]: the object's width when closing on it, else `width`.
        force: Largest force [N].
        wait: True if the arm stands still until the fingers are there; false opens them on the way.
        takes: Object that is held after it.
        lets_go: True if the held object is released by it.
        expects: What has to be in its place when it begins.
    """

    name: str
    action: Literal["open", "close"]
    width: float
    expected: float
    force: float
    wait: bool = True
    takes: str | None = None
    lets_go: bool = False
    allowed: Contacts = ()
    expects: Expects = ()


Move = ToolMove | JointMove | Grip


@dataclass(frozen=True)
class Candidate:
    """One way to carry out a primitive.

    Attributes:
        label: Which grasp or place it is, in words.
        moves: In order.
        notes: What was changed about it, in words.
    """

    label: str
    moves: tuple[Move, ...]
    notes: tuple[str, ...] = ()
