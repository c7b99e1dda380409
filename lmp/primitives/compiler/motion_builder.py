"""Turns the moves of a candidate into legs: roll-out, inverse kinematics, timing, clearance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.checks.checks import SegmentClearance
from lmp.primitives.checks.path_checks import reach_violations
from lmp.primitives.compiler.assembly import Leg
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN, near_pairs, parting_clearance
from lmp.primitives.dmp.orientation_dmp import OrientationPath
from lmp.primitives.dmp.position_path import PositionPath
from lmp.primitives.moves import Contacts, Expects, Follows, Grip, JointMove, Move, ToolMove
from lmp.primitives.timing.arm_timing import TimedPath, timed_path, tool_along
from lmp.primitives.timing.joint_spline import JointSpline, fit_spline, minimum_jerk_spline
from lmp.schema.motion import preset_of
from lmp.schema.scene import SceneObject
from lmp.schema.trajectory import Expected, GripperEvent
from lmp.schema.verdict import Violation

Array = NDArray[np.float64]

SETTLE = {"open": 0.1, "close": 0.25}
"""How long the arm waits after the fingers are there, until they hold or are off [s]."""
WAYPOINTS = (24, 64)
"""Fewest and most waypoints of inverse kinematics along a move [count]."""
PRESET_WAYPOINTS = 120
"""Waypoints along the path of another preset, which covers half of its way in the first sixth of its time [count]."""
WAYPOINT_STEP = 0.012
"""Tool path for each waypoint [m]; a turn by one radian counts as 0.3 m."""
CHECK_STEP = 0.02
"""Tool path between two samples of the collision check [m]; what lies between them is bounded."""
DOUBT, MOST_DOUBT = 2.8, 0.02
"""Standard deviations of a position by which two looks differ seldom [dimensionless], and the most that is granted [m]."""
_CORNERS = np.linspace(0.0, 1.0, 9)


def tool_poses(state: MotionState, move: ToolMove, phases: Array) -> Array:
    """Poses of the tool along a move: the DMP's roll-out at phases. Shapes (4, 4), (n,) to (n, 4, 4)."""
    T_world_start, poses = state.T_world_tool, np.zeros((len(phases), 4, 4))
    poses[:, :3, 3] = _path(state, move).positions(phases)
    poses[:, :3, :3] = OrientationPath(T_world_start[:3, :3], move.T_world_tool[:3, :3]).rotations(phases)
    poses[:, 3, 3] = 1.0
    return poses


def _path(state: MotionState, move: ToolMove) -> PositionPath:
    return PositionPath(state.T_world_tool[:3, 3], move.T_world_tool[:3, 3], move.shape, state.R_world_robot)


def _waypoint_phases(state: MotionState, move: ToolMove) -> Array:
    """Evenly spaced phases, as many as the length of the path asks for. Shape (n,)."""
    if preset_of(move.shape) != "default":
        return np.linspace(0.0, 1.0, PRESET_WAYPOINTS + 1)
    corners = _path(state, move).positions(_CORNERS)
    angle = OrientationPath(state.T_world_tool[:3, :3], move.T_world_tool[:3, :3]).angle
    length = float(np.linalg.norm(np.diff(corners, axis=0), axis=1).sum())
    wanted = round((length + 0.3 * angle) / WAYPOINT_STEP)
    phases: Array = np.linspace(0.0, 1.0, min(max(wanted, WAYPOINTS[0]), WAYPOINTS[1]) + 1)
    return phases


def _doubt(thing: SceneObject) -> float:
    """Distance beyond which one in twenty pairs of looks at an object that has not moved would put it [m]; bounded."""
    return 0.0 if thing.certainty is None else min(DOUBT * thing.certainty.position, MOST_DOUBT)


class MotionBuilder:
    """Builds the legs of one candidate, each from where the last one ended.

    Args:
        arm: The arm's models.
        start: Where it starts.
        force_limit: Largest contact force beside the grip in a segment of a name [N]; None does not watch it.
    """

    def __init__(self, arm: Arm, start: MotionState, force_limit: Callable[[str], float | None] = lambda name: None):
        self.arm, self.state, self.force_limit = arm, start, force_limit
        self.legs: list[Leg] = []
        self.pending: list[GripperEvent] = []
        self.notes: list[str] = []
        self._near = near_pairs(start.obstacles, start.q, start.width)

    @property
    def collides(self) -> bool:
        """True if the last leg comes too near to something."""
        return bool(self.legs and self.legs[-1].clearance.clearance.contacts)

    def add(self, move: Move) -> tuple[Violation, ...]:
        """Adds a move; returns why it cannot be followed, if so."""
        match move:
            case Grip():
                self._grip(move)
                return ()
            case JointMove():
                self._follow(move, minimum_jerk_spline(self.state.q, move.q), self.arm.kinematics.forward(move.q)[:3, 3])
                return ()
            case ToolMove():
                path = self._joint_path(move)
                if isinstance(path, Unreachable):
                    return reach_violations(path, self.arm.robot, move.name)
                self._follow(move, path, move.T_world_tool[:3, 3])
                return ()

    def _joint_path(self, move: ToolMove) -> JointSpline | Unreachable:
        """The joint path of a tool move: the DMP's roll-out through inverse kinematics."""
        phases = _waypoint_phases(self.state, move)
        poses = tool_poses(self.state, move, phases)
        result = self.arm.kinematics.inverse_path(poses, self.state.q, move.leeway)
        if isinstance(result, Unreachable):
            return result
        spline, preset = fit_spline(phases, result.qs), preset_of(move.shape)
        if preset != "default":
            reached = self.arm.kinematics.forward_path(spline.evaluate(phases)[0])
            off = float(np.linalg.norm((reached - poses)[:, :3, 3], axis=1).max())
            self.notes.append(f"{move.name} follows the preset {preset} within {off * 1e3:.1f} mm, from rest to rest")
        return spline

    def _follow(self, move: ToolMove | JointMove, path: JointSpline, goal: Array) -> None:
        """Adds the leg of a joint path."""
        arm, state = self.arm, self.state
        drags = move.drags if isinstance(move, ToolMove) else None
        if drags is not None:
            state = state.dragging(arm, drags)
        timed = timed_path(path, arm.kinematics, move.duration, move.speed, arm.rate_hz, move.timing)
        widths = self._widths(timed.times)
        allowed = state.allowed(move.allowed)
        clearance = self._clearance(state, move.name, timed, widths, allowed)
        free = isinstance(move, ToolMove) and move.free
        straight = isinstance(move, JointMove)
        leg = Leg(move.name, free, straight, state.t, timed, goal, tuple(self.pending), allowed, clearance, move.duration)
        expects, follows = (move.expects, move.follows) if isinstance(move, ToolMove) else ((), None)
        self._watched(leg, carries=state.held if drags is None else None, expects=expects, follows=follows)
        self.pending = []
        q = timed.positions[-1]
        T_world_tool = arm.kinematics.forward(q)
        here = self.state if drags is None else self.state.dragged(arm, drags, q, T_world_tool)
        self.state = replace(here, q=q, T_world_tool=T_world_tool, t=state.t + timed.duration, width=float(widths[-1]))

    def _clearance(self, state: MotionState, name: str, timed: TimedPath, widths: Array, allowed: Contacts) -> SegmentClearance:
        steps = np.linalg.norm(np.diff(timed.tool_path, axis=0), axis=1)
        turns = np.abs(np.diff(timed.positions, axis=0)).sum(axis=1)
        way = np.concatenate([[0.0], np.cumsum(steps + 0.1 * turns)])
        count = max(int(np.ceil(way[-1] / CHECK_STEP)), 2)
        rows = np.unique(np.searchsorted(way, np.linspace(0.0, way[-1], count + 1)[:-1], side="right") - 1)
        rows = np.unique(np.append(rows, len(way) - 1))
        return self._parting(state, name, timed.positions[rows], widths[rows], allowed, state.t + timed.times[rows])

    def _parting(
        self, state: MotionState, name: str, qs: Array, widths: Array, allowed: Contacts, instants: Array
    ) -> SegmentClearance:
        """The room that a stretch leaves, where what is too near from the beginning may part."""
        parting = parting_clearance(state.obstacles, qs, widths, allowed, self._near)
        self._near = parting.near
        if not self.legs:
            self.notes += [f"starts while {a} is near {b}" for a, b in parting.parted]
        return SegmentClearance(name, instants, parting.clearance, MARGIN)

    def _grip(self, grip: Grip) -> None:
        state = self.state
        event = GripperEvent(t=state.t, action=grip.action, width=grip.width, force=grip.force)
        if not grip.wait:
            self.pending.append(event)
            self.state = replace(state, width_goal=grip.expected)
            return
        rate = self.arm.rate_hz
        travel = abs(grip.expected - state.width) / self.arm.robot.fingers.speed
        count = int(np.ceil((travel + SETTLE[grip.action]) * rate)) + 1
        times = np.arange(count) / rate
        positions = np.tile(state.q, (count, 1))
        still = np.zeros_like(positions)
        ends = np.array([0, count - 1])
        allowed = state.allowed(grip.allowed)
        widths, instants = np.array([state.width, grip.expected]), state.t + times[ends]
        clearance = self._parting(state, grip.name, positions[ends], widths, allowed, instants)
        tool_path, singular = tool_along(self.arm.kinematics, times[ends], positions[ends], still[ends])
        tool, values = np.tile(tool_path[0], (count, 1)), np.full(count, singular[0])
        standing = TimedPath(float(times[-1]), times, positions, still, still, still, tool, values)
        events = (*self.pending, event)
        leg = Leg(grip.name, False, True, state.t, standing, tool_path[0], events, allowed, clearance)
        carries = None if grip.lets_go or grip.takes is not None else state.held
        self._watched(leg, carries=carries, takes=grip.takes, expects=grip.expects)
        self.pending = []
        later = replace(state, t=state.t + float(times[-1]), width=grip.expected, width_goal=grip.expected)
        self.state = later.after(self.arm, grip)

    def _watched(
        self, leg: Leg, *, carries: str | None, takes: str | None = None, expects: Expects = (), follows: Follows = None
    ) -> None:
        """Adds a leg, with what has to be true while it is carried out."""
        places, limit = tuple(self._expected(*each) for each in expects), self.force_limit(leg.name)
        followed = None if follows is None else self._expected(*follows)
        self.legs.append(replace(leg, carries=carries, takes=takes, expects=places, follows=followed, force_limit=limit))

    def _expected(self, name: str, tolerance: float) -> Expected:
        """The place at which an object is known to be, and how far it may be from there [m], its uncertainty included."""
        thing = self.state.scene.get(name)
        return Expected(object=name, position=thing.pose.position, tolerance=tolerance + _doubt(thing))

    def _widths(self, times: Array) -> Array:
        """The fingers' distance while they follow their last command [m]. Shape (n,)."""
        state = self.state
        way = state.width_goal - state.width
        if way == 0.0:
            return np.full(len(times), state.width)
        widths: Array = state.width + np.sign(way) * np.minimum(abs(way), self.arm.robot.fingers.speed * times)
        return widths
