"""Chunks of a closed loop: a stretch of one segment from a state of the arm to rest, looked at before it is followed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.checks.checks import SegmentClearance, margins
from lmp.primitives.checks.sampled_motion import SampledMotion
from lmp.primitives.collision.named_pairs import Clearance
from lmp.primitives.compiler.motion_state import PARTS, Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.primitives.moving.answers import Refused
from lmp.primitives.moving.drawn_shape import STRAIGHT
from lmp.primitives.moving.joint_curve import JointCurve
from lmp.primitives.moving.look_ahead import Drifting, LookAhead, prepare
from lmp.primitives.moving.tool_curve import moved_by
from lmp.schema.scene import Scene
from lmp.schema.trajectory import GripperEvent, JointTrajectory, Segment

Array = NDArray[np.float64]

SAMPLES = 500.0
"""Samples a second of a chunk [1/s]."""
NOTHING_NEAR = Clearance((), None, -np.inf)
"""What is known of a stretch in which the arm stands."""


@dataclass(frozen=True)
class Around:
    """What a chunk is looked at among.

    Attributes:
        scene: What is seen now.
        drifting: Names of the objects that move, all alike.
        velocity: Of these in the world [m/s]. Shape (3,).
        width: Distance of the fingers [m].
    """

    scene: Scene
    drifting: tuple[str, ...]
    velocity: Array
    width: float


class Chunks:
    """Makes chunks for one arm.

    Args:
        arm: The arm's models.
        skill: The skill that they carry out.
    """

    def __init__(self, arm: Arm, skill: str):
        self._arm, self._skill = arm, skill
        prepare()

    def towards(
        self, joints: Array, T_world_goal: Array, seconds: float, segment: Segment, around: Around
    ) -> JointTrajectory | Refused:
        """To rest at a goal; longer than the requested time where the limits ask for it.

        Args:
            joints: Commanded positions, velocities and accelerations [rad, s]. Shape (3, dof).
            T_world_goal: Shape (4, 4).
            seconds: Requested duration [s].
            segment: What it is a stretch of, with what may touch in it.
            around: What it is looked at among.
        """
        moves = bool(joints[1:].any())
        ahead = self._look_ahead(joints[0], segment, around, parting=not moves)
        tool = moved_by(self._arm.kinematics, joints)
        found = ahead.towards(tool, joints, T_world_goal, seconds, STRAIGHT, 0.0)
        if isinstance(found, Refused):
            return found
        assert found.clearance is not None, "the ways between the poses are looked at"
        return self._sampled(found.joints, T_world_goal, segment, found.clearance, found.stretch)

    def standing(self, q: Array, seconds: float, segment: Segment, events: Iterable[GripperEvent] = ()) -> JointTrajectory:
        """The arm stands, for a time [s]; commands of the gripper have times since its beginning. Shape (dof,)."""
        still = JointCurve.straight(q, np.zeros_like(q), seconds)
        chunk = self._sampled(still, self._arm.kinematics.forward(q), segment, NOTHING_NEAR, 1.0)
        return chunk.model_copy(update={"gripper": tuple(events)})

    def tool(self, q: Array) -> Array:
        """`T_world_tool` in a posture. Shape (dof,) to (4, 4)."""
        T_world_tool: Array = self._arm.kinematics.forward(q)
        return T_world_tool

    def has_room(self, q: Array, segment: Segment, around: Around) -> bool:
        """True if the fingers may be as wide apart as is said in a posture. Shape (dof,)."""
        state = self._state(q, around, around.scene)
        allowed = state.allowed(segment.allowed_contacts)
        return bool(state.obstacles.free(q[None], around.width, allowed, MARGIN).all())

    def _look_ahead(self, q: Array, segment: Segment, around: Around, parting: bool) -> LookAhead:
        scene, allowed = around.scene, segment.allowed_contacts
        if not around.velocity.any():
            return LookAhead(self._arm, self._state(q, around, scene), allowed, MARGIN, parting=parting)
        standing = tuple(thing for thing in scene.objects if thing.name not in around.drifting)
        moving = tuple(thing for thing in scene.objects if thing.name in around.drifting or thing.held)
        state = self._state(q, around, scene.model_copy(update={"objects": standing}))
        obstacles = self._arm.collisions.with_scene(scene.model_copy(update={"objects": moving}), state.held, state.T_tool_held)
        known = tuple(pair for pair in allowed if all(name in PARTS or obstacles.has(name) for name in pair))
        drifting = Drifting(obstacles, known, around.velocity)
        return LookAhead(self._arm, state, allowed, MARGIN, drifting=drifting, parting=parting)

    def _state(self, q: Array, around: Around, scene: Scene) -> MotionState:
        """The state of the arm as commanded, among what is seen; what it holds is where it is seen in the gripper."""
        T_world_tool = self._arm.kinematics.forward(q)
        state = MotionState.first(self._arm, scene)
        return replace(state, q=q, T_world_tool=T_world_tool, width=around.width, width_goal=around.width)

    def _sampled(
        self, curve: JointCurve, T_world_goal: Array, segment: Segment, clearance: Clearance, stretch: float
    ) -> JointTrajectory:
        """The trajectory of a curve."""
        count = max(2, int(np.ceil(curve.duration * SAMPLES)) + 1)
        times = np.linspace(0.0, curve.duration, count)
        q, velocity, acceleration, jerk = curve.at(times)
        tool_path, _, singular = self._arm.kinematics.tool_motion(q, velocity)
        timed = segment.model_copy(update={"start": 0.0, "end": curve.duration})
        motion = SampledMotion(times, q, velocity, acceleration, jerk, tool_path, singular, (timed,), T_world_goal[None, :3, 3])
        parts = [SegmentClearance(segment.name, times, clearance, MARGIN)]
        return JointTrajectory(
            skill=self._skill,
            joint_names=self._arm.robot.joint_names,
            times=times,
            positions=q,
            velocities=velocity,
            accelerations=acceleration,
            tool_path=tool_path,
            segments=(timed,),
            margins=margins(motion, self._arm.robot, parts, stretch),
        )
