"""A motion whose end moves with an object: the closed loop of a compiled trajectory that says which segments follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.compiler.motion_builder import SETTLE
from lmp.primitives.compiler.motion_state import Arm
from lmp.primitives.handling.riding import riders
from lmp.primitives.moving.answers import Refused
from lmp.primitives.moving.chunks import Around, Chunks
from lmp.primitives.moving.drift import Drift
from lmp.schema.evidence import Evidence
from lmp.schema.executable import Motion, UnderWay
from lmp.schema.trajectory import Expected, GripperEvent, JointTrajectory, Segment

Array = NDArray[np.float64]

BEGUN = 0.006
"""Displacement from which on an object is followed [m]; below it the compiled trajectory serves, whose tolerance is larger."""
CHANGED = 0.0015
"""Change of where the object will be for which a segment under way gets another end [m]."""
CLOSE = 0.003
"""How near the tool has to be to where it belongs before the gripper acts [m]."""
SUNK = 0.02
"""Change of height of an object that has fallen or was lifted, and is not followed [m]."""
SHORTEST = 0.15
"""Least duration that is requested [s], and what has to be left of a segment for another end."""
WAIT, MOST_WAITING = 0.1, 1.0
"""How long the arm waits before it looks again, where no chunk is found from rest, and how long in all [s]."""
PATIENCE = 5.0
"""How much longer than compiled it may take until the gripper acts [s]."""
PEAK_SPEED = 15.0 / 8.0
"""Of minimum jerk over a unit way in unit time [dimensionless]."""
SLOWEST = 0.05
"""Speed of the tool that every segment may have [m/s]."""
LEVEL = np.array([1.0, 1.0, 0.0])
"""The part of a displacement that is followed."""
_SAME_INSTANT = 1e-9


class ObjectFollower:
    """Makes closed loops of trajectories that follow objects.

    Args:
        arm: Gives the arm's models, in which chains that do not move are where they were seen last.
        rate_hz: How often to look [Hz].
    """

    def __init__(self, arm: Callable[[], Arm], rate_hz: float):
        self._arm, self._rate = arm, rate_hz

    def motion(self, trajectory: JointTrajectory) -> Motion:
        """The closed loop; the trajectory itself where nothing in it follows an object."""
        follows = any(segment.follows is not None for segment in trajectory.segments)
        return ObjectLoop(self._arm(), trajectory, self._rate) if follows else trajectory


class ObjectLoop:
    """Follows the compiled trajectory until its object is seen elsewhere, and from then on makes chunks.

    A chunk takes a segment to its end: the compiled one, displaced as the object will be when the arm is there. It is made
    again at each look while a segment follows, from the present velocity and acceleration, and for each further segment from
    rest. What the look ahead checks holds for each. The object itself is in the way where it will be and not where it is: it,
    and what rides on it, are looked at in their own frame.

    Only places are followed, not turns, and only along the ground: an object that falls is no longer where it can be used.

    Args:
        arm: The arm's models.
        first: The compiled trajectory.
        rate_hz: How often to look [Hz].
    """

    def __init__(self, arm: Arm, first: JointTrajectory, rate_hz: float):
        self.first, self.rate_hz = first, rate_hz
        self._chunks, self._drift = Chunks(arm, first.skill), Drift()
        self._columns = [first.joint_names.index(name) for name in arm.robot.joint_names]
        self._widest = arm.robot.max_width
        follows = [segment.follows is not None for segment in first.segments]
        self._begins = follows.index(True)
        # The gripper acts in the first segment after those; what it has acted on is brought nowhere any more.
        self._acts = next((at for at in range(self._begins, len(follows)) if not follows[at]), len(follows))
        self._stretches = [_Stretch(first, segment, self._columns, arm) for segment in first.segments]
        self._at, self._end = 0, 0.0
        self._offset: Array | None = None
        self._waited = 0.0
        self._loads: tuple[str, ...] | None = None

    def looks_in(self, segment: Segment) -> bool:
        """True while a segment follows an object."""
        return segment.follows is not None

    def chunk(self, now: UnderWay) -> JointTrajectory | Evidence | None:
        """Another end of the present segment; the next one where that has ended; Evidence where the object is lost."""
        if self._offset is None:
            self._at = _segment_at(now)
        target = self._target
        if target.object not in now.scene:
            return None if self._offset is None else self._displaced(now, 0.0, 1.0, "1")
        thing = now.scene.get(target.object)
        self._drift.see(now.t, thing.pose.position)
        moved, acted = self._moved, self._at >= self._acts
        if self._offset is None:
            away = float(np.hypot(*moved[:2]))
            if now.ended or acted or self.first.segments[self._at].follows is None or abs(moved[2]) > SUNK or away < BEGUN:
                return None
            return self._begun(now)
        if not acted and (thing.held or abs(moved[2]) > SUNK):
            return self._displaced(now, float(np.linalg.norm(moved - self._offset)), target.tolerance, "m")
        return self._onward(now) if now.ended else self._rest(now)

    def _begun(self, now: UnderWay) -> JointTrajectory | None:
        """The first chunk; as long as there is none, what was compiled is followed, which looks where the object is itself."""
        self._offset, end = np.zeros(3), now.trajectory.segments[self._at].end
        self._end = max(end, now.t + SHORTEST)
        chunk = self._rest(now)
        if chunk is None:
            self._offset = None
        return chunk

    def _rest(self, now: UnderWay) -> JointTrajectory | None:
        """The rest of the segment under way, if its end has to be elsewhere and can be."""
        left = self._end - now.t
        offset = self._ahead(left)
        assert self._offset is not None, "it has begun"
        if self._waited or left < SHORTEST or float(np.linalg.norm(offset - self._offset)) < CHANGED:
            return (
                None  # What is missed when there is little time left is made good from rest, which keeps the end from receding.
            )
        found = self._towards(now, self._at, offset, left)
        return None if isinstance(found, Refused | str) else self._taken(now, found, offset)

    def _onward(self, now: UnderWay) -> JointTrajectory | Evidence | None:
        """From the rest at the end of a segment: to where the tool belongs by now, or on with the next one."""
        assert self._offset is not None, "it has begun"
        following = self._at + 1 < len(self.first.segments)
        if self._at < self._acts and self._at + 1 >= self._acts:
            offset, missed = self._ahead(SHORTEST), float(np.linalg.norm(self._ahead(0.0) - self._offset))
            if missed > CLOSE:
                if now.t > self._stretches[self._acts - 1].end + PATIENCE:
                    return self._displaced(now, missed, CLOSE, "m")
                found = self._towards(now, self._at, offset, SHORTEST)
                return self._waiting(now, found) if isinstance(found, Refused | str) else self._taken(now, found, offset)
        return self._next(now) if following else None

    def _next(self, now: UnderWay) -> JointTrajectory | Evidence:
        """The next segment, from rest."""
        assert self._offset is not None, "it has begun"
        at, stretch = self._at + 1, self._stretches[self._at + 1]
        if stretch.stands:
            return self._acting(now, at)
        follows = self.first.segments[at].follows is not None
        offset = self._ahead(stretch.seconds, at) if follows else self._offset
        found = self._towards(now, at, offset, stretch.seconds)
        if isinstance(found, Refused | str):
            return self._waiting(now, found)
        self._at = at
        return self._taken(now, found, offset)

    def _acting(self, now: UnderWay, at: int) -> JointTrajectory | Evidence:
        """The segment in which the arm stands and the gripper acts, where the arm is."""
        segment, stretch = self._segment(at), self._stretches[at]
        width = max([now.scene.robot.gripper_width, *(event.width for event in stretch.events)])
        q = now.joints[0][self._columns]
        if not self._chunks.has_room(q, segment, self._around(now, min(width, self._widest))):
            return self._waiting(now, "The fingers have no room to open.")
        self._at = at
        return self._taken(now, self._chunks.standing(q, stretch.seconds, segment, stretch.events), None)

    def _towards(self, now: UnderWay, at: int, offset: Array, seconds: float) -> JointTrajectory | Refused | str:
        """A chunk to the displaced end of a segment, not faster than that was compiled; or what is wrong with it."""
        if (fallen := self._beside_its_support(now, at, offset)) is not None:
            return fallen
        stretch, joints = self._stretches[at], np.ascontiguousarray(now.joints[:, self._columns])
        T_world_goal = stretch.T_world_end.copy()
        T_world_goal[:3, 3] += offset
        row = int(np.searchsorted(now.trajectory.times, now.t - _SAME_INSTANT))
        way = float(np.linalg.norm(T_world_goal[:3, 3] - now.trajectory.tool_path[min(row, len(now.trajectory.times) - 1)]))
        seconds = max(seconds, PEAK_SPEED * way / stretch.speed)
        opened = [event for event in now.trajectory.gripper if event.t <= now.t + _SAME_INSTANT]
        width = now.scene.robot.gripper_width
        if opened and opened[-1].action == "open":
            width = max(width, opened[-1].width)
        around = self._around(now, min(width, self._widest))
        found = self._chunks.towards(joints, T_world_goal, seconds, self._segment(at, offset), around)
        if isinstance(found, Refused) or at == self._at:
            return found  # What the gripper was to be told in the segment under way it has been told.
        return found.model_copy(update={"gripper": stretch.events})

    def _beside_its_support(self, now: UnderWay, at: int, offset: Array) -> str | None:
        """Words about an object that would be put down beside the furniture on which its place was; None where it would not."""
        segment = self.first.segments[at]
        if segment.carries is None or segment.carries not in now.scene:
            return None
        thing, T_world_tool = now.scene.get(segment.carries), self._chunks.tool(now.joints[0][self._columns])
        centre = (self._stretches[at].T_world_end @ np.linalg.inv(T_world_tool) @ np.append(thing.centre, 1.0))[:3]
        others = {name for pair in segment.allowed_contacts if segment.carries in pair for name in pair}
        for support in (now.scene.get(name) for name in sorted(others & set(now.scene.names))):
            needed = min(max(thing.size[:2]) / 2, support.over(centre))
            if support.role == "support" and support.over(centre + offset) < needed:
                return f"{thing.name} would be put down beside {support.name}."
        return None

    def _around(self, now: UnderWay, width: float) -> Around:
        """What a chunk is looked at among; the object and what rides on it move, if it is not held."""
        name = self._target.object
        velocity = np.zeros(3) if now.scene.get(name).held else self._velocity
        if self._loads is None or self._at >= self._acts:  # What it carries changes by what the gripper does.
            self._loads = (name, *riders(now.scene, name))
        return Around(now.scene, self._loads if velocity.any() else (), velocity, width)

    def _segment(self, at: int, offset: Array | None = None) -> Segment:
        """A segment as it was compiled, with the object expected where it is followed to.

        While it follows it is watched for as long as it lasts.
        """
        segment, target = self.first.segments[at], self._target
        offset = self._offset if offset is None else offset
        expects = [
            each if each.object != target.object else each.model_copy(update={"position": _moved_by(each.position, offset)})
            for each in segment.expects
            if segment.follows is None or each.object != target.object
        ]
        return segment.model_copy(update={"expects": tuple(expects)})

    def _taken(self, now: UnderWay, chunk: JointTrajectory, offset: Array | None) -> JointTrajectory:
        """Notes what is followed from now on."""
        self._offset = self._offset if offset is None else offset
        self._end, self._waited = now.t + chunk.duration, 0.0
        return chunk

    def _waiting(self, now: UnderWay, refused: Refused | str) -> JointTrajectory | Evidence:
        """The arm waits where it is, for a while: what is in the way now may not be there later."""
        if self._waited >= MOST_WAITING:
            words = [refused] if isinstance(refused, str) else [violation.message for violation in refused.violations]
            segment, about = self.first.segments[self._at].name, self._target.object
            return Evidence(
                signal="no_chunk", value=len(words), limit=0.0, unit="1", t=now.t, segment=segment, about=about, words=words[0]
            )
        self._waited += WAIT
        self._end = now.t + WAIT
        return self._chunks.standing(now.joints[0][self._columns], WAIT, self._segment(self._at))

    def _displaced(self, now: UnderWay, value: float, limit: float, unit: Literal["m", "1"]) -> Evidence:
        segment = self.first.segments[self._at].name
        about = self._target.object
        return Evidence(signal="displacement", value=value, limit=limit, unit=unit, t=now.t, segment=segment, about=about)

    @property
    def _target(self) -> Expected:
        """The object that the present segment follows, or that the last one did; before any, the one that the first will."""
        found = [segment.follows for segment in self.first.segments[: self._at + 1] if segment.follows is not None]
        following = found[-1] if found else self.first.segments[self._begins].follows
        assert following is not None, "a loop is made of what follows"
        return following

    @property
    def _moved(self) -> Array:
        """Displacement of the object since it was perceived [m]. Shape (3,)."""
        moved: Array = self._drift.position - np.array(self._target.position)
        return moved

    @property
    def _velocity(self) -> Array:
        """Velocity of the object along the ground [m/s]. Shape (3,)."""
        along: Array = self._drift.velocity * LEVEL
        return along

    def _ahead(self, seconds: float, at: int | None = None) -> Array:
        """Displacement along the ground that the end of a segment, or of the present one, has to have after a time [m].

        Before the gripper acts, the object is where it will be when that has half done it: in the middle between the fingers.
        """
        at = self._at if at is None else at
        later = self._stretches[at + 1] if at + 1 < len(self._stretches) else None
        lead = later.acting / 2 if later is not None and later.stands else 0.0
        ahead: Array = self._moved * LEVEL + (seconds + lead) * self._velocity
        return ahead


class _Stretch:
    """A segment as it was compiled.

    Attributes:
        seconds: How long it takes [s].
        end: When it ends [s].
        speed: Largest speed of the tool in it [m/s].
        stands: Whether the arm stands while it lasts.
        T_world_end: Where the tool is at its end. Shape (4, 4).
        events: Commands of the gripper in it, with times since its beginning.
        acting: For how long the fingers move [s].
    """

    def __init__(self, first: JointTrajectory, segment: Segment, columns: list[int], arm: Arm):
        rows = np.flatnonzero((first.times >= segment.start - _SAME_INSTANT) & (first.times <= segment.end + _SAME_INSTANT))
        q, times = first.positions[rows][:, columns], first.times[rows]
        steps = np.linalg.norm(np.diff(first.tool_path[rows], axis=0), axis=1)
        self.seconds, self.end = segment.end - segment.start, segment.end
        self.speed = max(float((steps / np.diff(times)).max(initial=0.0)), SLOWEST)
        self.stands = bool(np.ptp(q, axis=0).max() == 0.0)
        self.T_world_end = arm.kinematics.forward(q[-1])
        within = (event for event in first.gripper if segment.start - _SAME_INSTANT <= event.t < segment.end - _SAME_INSTANT)
        self.events: tuple[GripperEvent, ...] = tuple(
            event.model_copy(update={"t": max(event.t - segment.start, 0.0)}) for event in within
        )
        settling = max((SETTLE[event.action] for event in self.events), default=self.seconds)
        self.acting = max(self.seconds - settling, 0.0)


def _segment_at(now: UnderWay) -> int:
    """Index of the segment under way; the earlier one where two meet."""
    segments = now.trajectory.segments
    return next((at for at, segment in enumerate(segments) if now.t <= segment.end + _SAME_INSTANT), len(segments) - 1)


def _moved_by(position: tuple[float, float, float], offset: Array | None) -> tuple[float, float, float]:
    x, y, z = np.array(position) + (0.0 if offset is None else offset)
    return float(x), float(y), float(z)
