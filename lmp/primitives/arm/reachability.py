"""The answers of inverse kinematics: a posture, postures along a path, or why there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmp.figures import apart
from lmp.primitives.kernels.damped_newton import CLOSE_POSITION, CLOSE_ROTATION
from lmp.primitives.kernels.path_following import START_POSITION, START_ROTATION

Array = NDArray[np.float64]

Reason = Literal["limit", "reach", "singularity", "branch_jump", "start"]


@dataclass(frozen=True)
class Posture:
    """Joint positions that reach a pose.

    Attributes:
        q: Joint positions [rad]. Shape (dof,).
        singular_value: Smallest singular value of the tool's Jacobian.
        position_error: Distance from the requested position [m].
        rotation_error: Angle from the requested orientation [rad].
    """

    q: Array
    singular_value: float
    position_error: float
    rotation_error: float


@dataclass(frozen=True)
class PartialPose:
    """A pose in reach whose place is the requested one.

    Attributes:
        q: Joint positions [rad]. Shape (dof,).
        T_world_tool: The pose. Shape (4, 4).
        turned: The turn from the requested orientation, in its axes [rad]. Shape (3,).
    """

    q: Array
    T_world_tool: Array
    turned: Array


@dataclass(frozen=True)
class PosturePath:
    """Joint positions that follow a tool path.

    Attributes:
        qs: Joint positions, one row a waypoint; the first is the given start [rad]. Shape (n, dof).
        watch: Tells the smallest singular value of the tool's Jacobian at postures. Shape (n, dof) to (n,).
    """

    qs: Array
    watch: Callable[[Array], Array] = field(repr=False, compare=False)

    @cached_property
    def singular_values(self) -> Array:
        """Smallest singular value of the tool's Jacobian at each waypoint, worked out when asked for. Shape (n,)."""
        values = self.watch(self.qs)
        values.setflags(write=False)
        return values


@dataclass(frozen=True)
class IkProblem:
    """One reason why a pose or path cannot be followed.

    Attributes:
        reason: "limit": a joint would leave its range. "reach": the pose is too far away, or lies where the arm cannot
            get to. "singularity": the arm cannot move on in the requested direction, though the pose can be reached.
            "branch_jump": the pose can be reached, but only with a sudden change of posture. "start": the path does not
            begin where the arm is.
        index: Waypoint that it is about [count].
        joint: Index of the joint that it is about, for "limit" and "branch_jump".
        value: Limit: the joint's position [rad], beyond the limit where a path leads there; for a pose that no posture in the
            ranges reaches it is the limit, at which the joint is held, and the errors tell what is missing. Reach: missing
            distance [m]; singularity: smallest singular value; branch_jump: step of the joint [rad]; start: distance [m].
            Positions of joints that slide are in [m]; where the position is reached, what is missing is an angle [rad].
        limit: What is allowed, in the unit of the value.
        unit: That unit; empty for a singular value.
        position_error, rotation_error: How near the best posture found comes [m], [rad].
        singular_value: Smallest singular value of the tool's Jacobian there.
    """

    reason: Reason
    index: int
    joint: int | None
    value: float
    limit: float
    unit: str
    position_error: float
    rotation_error: float
    singular_value: float

    @property
    def missed(self) -> bool:
        """True if the best posture found does not reach the pose, to 0.1 mm and 2 mrad."""
        return self.position_error > CLOSE_POSITION or self.rotation_error > CLOSE_ROTATION

    @property
    def missing(self) -> str:
        """The errors that are too large, in words, with enough digits to be told from what is allowed [mm], [rad]."""
        position, rotation = (START_POSITION, START_ROTATION) if self.reason == "start" else (CLOSE_POSITION, CLOSE_ROTATION)
        words = []
        if self.position_error > position:
            words.append(f"{apart(self.position_error * 1e3, position * 1e3, 1)[0]} mm")
        if self.rotation_error > rotation:
            words.append(f"{apart(self.rotation_error, rotation)[0]} rad")
        return " and ".join(words)

    def __str__(self) -> str:
        joint = "" if self.joint is None else f", joint index {self.joint}"
        unit = f" {self.unit}" if self.unit else ""
        value, limit = apart(self.value, self.limit, 4, "g")
        said = f"{self.reason} at way-point {self.index}{joint}: {value}{unit}, limit {limit}{unit}"
        return said + (f", missed by {self.missing}" if self.missed else "")


@dataclass(frozen=True)
class Unreachable:
    """A pose or path that cannot be followed.

    Attributes:
        problems: All that was found wrong, in the order of the waypoints. At least one.
        nearest: The posture that comes nearest at the first waypoint that is missed [rad]. Shape (dof,).
        qs: The joint path as far as it was found [rad]. Shape (m, dof).
        T_world_nearest: The tool's pose at `nearest`: the nearest that was found to be in reach. Shape (4, 4).
    """

    problems: tuple[IkProblem, ...]
    nearest: Array
    qs: Array
    T_world_nearest: Array

    @property
    def place(self) -> str:
        """Place of the tool at `nearest`, in words [m]."""
        x, y, z = self.T_world_nearest[:3, 3]
        return f"({x:.3f}, {y:.3f}, {z:.3f}) m"

    def __str__(self) -> str:
        return "; ".join(map(str, self.problems)) + f"; nearest position in reach {self.place}"
