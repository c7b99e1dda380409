"""A tool on its way to a goal that may change: what is followed has been checked up to its end, where it is at rest."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmp.errors import SetupFault
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.primitives.dmp.bulges import deviation_of
from lmp.primitives.moves import Contacts
from lmp.primitives.moving.answers import Followed, Refused
from lmp.primitives.moving.braking import soonest
from lmp.primitives.moving.drawn_shape import STRAIGHT, DrawnShape
from lmp.primitives.moving.joint_curve import JointCurve
from lmp.primitives.moving.look_ahead import LookAhead
from lmp.primitives.moving.tool_curve import ToolCurve, ToolState, moved_by
from lmp.schema.motion import PathShape

Array = NDArray[np.float64]

SHORTEST = 0.1
"""Least duration that is requested where none is said [s]."""
BRAKING_ROOM = 10.0
"""How long an arm that moves at the beginning may take to come to rest [s]."""
NEARLY_OVER = 1e-3
"""What is left of a shape after this phase is dropped [dimensionless]."""


class ToolMotion:
    """A motion in progress, stepped at the control rate.

    It begins where the arm is, at rest or braking, and goes where `retarget` tells it, from the beginning, under way,
    while it brakes, or at rest. The tool's position, its orientation and the joints keep continuous velocities and
    accelerations. The tool follows the default preset in closed form. The joints follow the spline through the
    postures of the look-ahead: what is followed is what was checked, and the tool is where the preset has it to a
    micrometre. Where no goal can be followed it goes on to the last one that could, and rests there.

    Args:
        arm: The arm's models.
        state: Its posture, what it holds, what is around it; all of this has to stand still.
        velocity: Of the joints at the beginning [rad/s]; None is rest. Until the first goal they brake straight on, which
            is not checked for collisions. Shape (dof,).
        allowed: Pairs that may touch.
        margin: Least distance to anything else at the poses ahead [m].
        swept: Whether what lies between the poses ahead is looked at, too. Without it an answer takes a third less time,
            and something thinner than a step from pose to pose can be missed.

    Raises:
        SetupFault: If the velocity is beyond the limits of the robot file.
        UnknownName: If a name in `allowed` is neither of the scene nor of the robot.
    """

    def __init__(
        self,
        arm: Arm,
        state: MotionState,
        velocity: ArrayLike | None = None,
        allowed: Contacts = (),
        margin: float = MARGIN,
        swept: bool = True,
    ):
        self._arm, self._ahead = arm, LookAhead(arm, state, state.known(allowed), margin, swept)
        self._ahead.make_ready()
        rates = np.zeros(len(state.q)) if velocity is None else np.array(velocity, dtype=np.float64)
        if rates.shape != state.q.shape or not (np.abs(rates) <= self._ahead.limits[0]).all():
            limits = ", ".join(f"{limit:.3g}" for limit in self._ahead.limits[0])
            raise SetupFault(f"A joint velocity {velocity!r} came; {len(state.q)} numbers up to {limits} rad/s are needed.")
        self._tool: ToolCurve | None = None
        self._joints = JointCurve.straight(state.q, rates, BRAKING_ROOM)
        self._clock, self._braking = 0.0, soonest(self._joints, 0.0, self._ahead.limits)
        if self._braking is not None and not rates.any():
            self._clock = self._braking.length
        self._now = self._sampled()

    @property
    def q(self) -> Array:
        """Present joint positions [rad]. Shape (dof,)."""
        return np.array(self._now[0])

    @property
    def velocity(self) -> Array:
        """Present joint velocities [rad/s]. Shape (dof,)."""
        return np.array(self._now[1])

    @property
    def acceleration(self) -> Array:
        """Present joint accelerations [rad/s^2]. Shape (dof,)."""
        return np.array(self._now[2])

    @property
    def tool(self) -> ToolState:
        """Commanded pose and motion of the tool."""
        place, rate, change = self._time()
        if self._tool is None:
            return moved_by(self._arm.kinematics, self._now)
        state = self._tool.at(place)
        return state if self._braking is None else state.slowed(rate, change)

    @property
    def goal(self) -> Array | None:
        """`T_world_tool` of the goal that is followed; None before the first. Shape (4, 4)."""
        return None if self._tool is None else self._tool.goal

    @property
    def left(self) -> float:
        """Time until it is at rest [s]."""
        whole = self._joints.duration if self._braking is None else self._braking.length
        return max(whole - self._clock, 0.0)

    @property
    def at_rest(self) -> bool:
        """True if it has come to rest: at its goal, or where it was stopped."""
        return self.left == 0.0

    def step(self, dt: float | None = None) -> Array:
        """Goes on by a time and returns the joint positions [rad]. Shape (dof,).

        Args:
            dt: Length of the step [s]; any length. None is one sample at the arm's rate.

        Raises:
            SetupFault: If dt is no positive number.
        """
        dt = 1.0 / self._arm.rate_hz if dt is None else dt
        if not _positive(dt):
            raise SetupFault(f"A step of {dt!r} s came; it has to be a number above 0 s.")
        self._clock += dt
        self._now = self._sampled()
        return np.array(self._now[0])

    def retarget(
        self, T_world_goal: Array, duration: float | None = None, shape: PathShape | None = None
    ) -> Followed | Refused:
        """Heads for another goal from the present state, if all of the way there passes its checks.

        The rest of the motion is rolled out at 50 poses, evenly spaced in time up to the goal. These are followed with
        inverse kinematics from the present posture. At the poses: joint ranges, workspace, singularity, and distances of
        at least the margin. At every instant: velocity, acceleration and jerk of the joints. Between the poses, unless the
        motion was made without: no touch, for joints that move straight from pose to pose; the spline that is followed
        leaves these chords by at most acceleration x interval^2 / 8, some milliradians.

        Where the limits of velocity, acceleration and jerk ask for it, the duration grows by the least of a few factors
        (`STRETCHES`). A refusal changes nothing: the motion goes on to its old goal.

        Args:
            T_world_goal: Shape (4, 4).
            duration: Requested time from now to the goal [s]; None keeps the time of arrival, but is 0.1 s at least.
            shape: Of the rest of the way; None keeps what is left of the present shape.

        Raises:
            SetupFault: If the goal is no pose, the duration no positive number or the shape none.
            BadShape: If no path has the shape.
        """
        place, _, _ = self._time()
        requested = max(self._joints.duration - place, SHORTEST) if duration is None else duration
        if not _positive(requested):
            raise SetupFault(f"A duration of {duration!r} s came; it has to be a number above 0 s.")
        drawn, begin = (
            self._rest_of_shape(place) if shape is None else (DrawnShape(deviation_of(shape).turned(self._ahead.rotation)), 0.0)
        )
        found = self._ahead.towards(self.tool, self._now[:3], T_world_goal, requested, drawn, begin)
        if isinstance(found, Followed):
            self._tool, self._joints, self._clock, self._braking = found.tool, found.joints, 0.0, None
            self._now = self._sampled()
        return found

    def stop(self) -> float:
        """Brakes to rest on the present way, as soon as the limits allow; returns the time until then [s].

        Near its end it goes on to there, where it rests as well. The way was checked; it is followed more slowly.
        """
        if self._braking is None:
            self._braking = soonest(self._joints, self._clock, self._ahead.limits)
            self._clock = self._clock if self._braking is None else 0.0
        return self.left

    def _time(self) -> tuple[float, float, float]:
        """Place on the joints' curve [s], its rate [dimensionless] and the change of that [1/s]."""
        if self._braking is None:
            return min(self._clock, self._joints.duration), 1.0, 0.0
        place, rate, change, _ = self._braking.at(np.array(self._clock))
        return float(place), float(rate), float(change)

    def _sampled(self) -> Array:
        times = np.array([self._clock])
        curve, braking = self._joints, self._braking
        sample: Array = (curve.at(times) if braking is None else braking.motion(curve, times))[:, 0]
        return sample

    def _rest_of_shape(self, place: float) -> tuple[DrawnShape, float]:
        """The present shape and the phase at which it is; the straight line where nothing is left of it."""
        if self._tool is None or self._tool.phase(place) > 1.0 - NEARLY_OVER:
            return STRAIGHT, 0.0
        return self._tool.shape, self._tool.phase(place)


def _positive(seconds: float) -> bool:
    try:
        return 0.0 < seconds < math.inf
    except (TypeError, ValueError):
        return False
