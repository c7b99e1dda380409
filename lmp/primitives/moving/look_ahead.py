"""The rest of a motion, looked at before it is followed: poses ahead, postures at them, limits and collisions on the way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmp.primitives.arm.lessening import ROUNDING, rises
from lmp.primitives.checks.path_checks import SMALLEST_SINGULAR_VALUE, excess_slacks, posture_excesses
from lmp.primitives.collision.named_pairs import Clearance
from lmp.primitives.collision.scene_collisions import SceneCollisions
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import near_pairs, parting_clearance
from lmp.primitives.kernels.easing import eased_in
from lmp.primitives.kernels.joint_needs import joint_needs
from lmp.primitives.moves import Contacts
from lmp.primitives.moving.answers import Ahead, Followed, Refused
from lmp.primitives.moving.drawn_shape import STRAIGHT, DrawnShape
from lmp.primitives.moving.joint_curve import JointCurve
from lmp.primitives.moving.stretching import next_stretch
from lmp.primitives.moving.tool_curve import ToolCurve, ToolState

Array = NDArray[np.float64]

POSES = 50
"""Poses ahead that are checked, evenly spaced in time over all of the rest of the motion; the last one is the goal [count]."""
SHARES = np.linspace(0.0, 1.0, POSES + 1)
FEW = np.linspace(0.0, 1.0, 11)
"""Shares of the duration at which a first look is taken, to tell how long it has to last."""
ALLOWANCE = 1.06
"""By how much more than a first look tells a duration grows where it has to, since few poses tell it not quite [1]."""
EASING, LEAST_EASING = 0.5, 0.3
"""For how long the free motion passes from what it was to what it will be [s]; the second as a share of all."""
UNSWEPT = Clearance((), None, -np.inf)
"""What is known of the way where only its poses were looked at: nothing."""
STRIDE = 25
"""Every which pose is looked at for collisions before all of them are, and the ways between: most are seen there [count]."""


def prepare() -> None:
    """Compiles and loads the kernels that only a look ahead needs."""
    eased_in.prepare()
    joint_needs.prepare()


@dataclass(frozen=True)
class Drifting:
    """Objects that move while the rest of a motion is followed, all alike; what they are near to is looked at in their frame.

    Attributes:
        obstacles: Distances of the robot and of what it holds from these objects, where they are now.
        allowed: Pairs that may touch.
        velocity: Of the objects in the world [m/s]. Shape (3,).
    """

    obstacles: SceneCollisions
    allowed: Contacts
    velocity: Array


class LookAhead:
    """Looks at the rest of a motion.

    Args:
        arm: The arm's models.
        state: What it holds and what is around it.
        allowed: Pairs that may touch.
        margin: Least distance to anything else at the poses [m].
        swept: Whether what lies between the poses is looked at, too.
        drifting: Objects that are not among what is around it, since they move.
        parting: Whether what is too near already may part, as at the beginning of a compiled motion.

    Attributes:
        limits: Of velocity, acceleration and jerk of each joint [rad/s], [rad/s^2], [rad/s^3]. Shape (3, dof).
        rotation: From the robot's frame, in which shapes are said, to the world. Shape (3, 3).
    """

    def __init__(
        self,
        arm: Arm,
        state: MotionState,
        allowed: Contacts,
        margin: float,
        swept: bool = True,
        drifting: Drifting | None = None,
        parting: bool = False,
    ):
        self._arm, self._state, self._allowed, self._margin = arm, state, state.allowed(allowed), margin
        self._swept, self._drifting = swept, drifting
        self._near = near_pairs(state.obstacles, state.q, state.width, self._allowed) if parting else {}
        limits = [[getattr(joint, name) for joint in arm.robot.joints] for name in ("velocity", "acceleration", "jerk")]
        self.limits: Array = np.array(limits)
        self._chain = arm.chain
        self.rotation = state.R_world_robot

    def towards(
        self, tool: ToolState, joints: Array, T_world_goal: Array, requested: float, shape: DrawnShape, begin: float
    ) -> Followed | Refused:
        """The rest of a motion to a goal, with the requested duration or the least of a few longer ones that the limits allow.

        Args:
            tool: The tool's present state.
            joints: Present positions, velocities, accelerations [rad, s]. Shape (3, dof).
            T_world_goal: Shape (4, 4).
            requested: Duration from now on [s].
            shape: Of its way.
            begin: Phase at which the shape is now.
        """

        def looked(stretch: float, shares: Array) -> Ahead:
            way = ToolCurve.towards(tool, T_world_goal, requested * stretch, shape, begin)
            return self._rolled(way, joints, stretch, shares)

        def longer(found: Ahead, allowance: float = 1.0) -> float | None:
            if found.need <= 1.0 + ROUNDING:
                return None
            return next_stretch(found.stretch, found.need * allowance, joints, found.qs[-1], requested, self.limits)

        more = longer(looked(1.0, FEW), ALLOWANCE)
        found = looked(1.0 if more is None else more, SHARES)
        more = longer(found)
        return self._checked(found if more is None else looked(more, SHARES))

    def make_ready(self) -> None:
        """Loads all that a look needs, so that the first one takes no longer than others."""
        prepare()
        T, still = self._state.T_world_tool, np.zeros((3, len(self._state.q)))
        still[0] = self._state.q
        self.towards(ToolState(T, np.stack([T[:3, 3], *np.zeros((4, 3))])), still, T, 1.0, STRAIGHT, 0.0)

    def _rolled(self, tool: ToolCurve, joints: Array, stretch: float, shares: Array) -> Ahead:
        """The poses at shares of the duration, followed by the joints."""
        poses, interval = tool.poses(shares), tool.duration / (len(shares) - 1)
        paths, counts = self._arm.kinematics.inverse_many(poses[None], joints[0], made=True)
        qs = paths[0]
        if counts[0] < len(shares):
            return Ahead(tool, stretch, poses, qs, None, 1.0)
        if joints[1:].any():
            length = max(min(tool.duration, EASING), tool.duration * LEAST_EASING)
            eased_in(self._chain.links, self._chain.prismatic, poses, interval, length, joints[1:], qs)
        curve = JointCurve.through(qs, joints[1], joints[2], tool.duration)
        velocity, acceleration, jerk = (curve.peaks() / self.limits).max(axis=1)
        need = max(float(velocity), float(acceleration) ** 0.5, float(jerk) ** (1.0 / 3.0))
        return Ahead(tool, stretch, poses, qs, curve, need)

    def _checked(self, ahead: Ahead) -> Followed | Refused:
        """Looks for something that is wrong; one violation is enough here."""
        clearance = self._clearance(ahead) if self._is_fine(ahead) and self._is_free(ahead) else None
        if ahead.joints is None or clearance is None or clearance.contacts or not self._passes_drifting(ahead):
            return Refused(ahead, self._arm, self._state, self._allowed, self._margin)
        near = clearance if self._swept else None
        return Followed(ahead.tool, ahead.joints, ahead.stretch, ahead.T_world_tool, ahead.qs, near)

    def _is_fine(self, ahead: Ahead) -> bool:
        """True if all is well but for collisions."""
        if ahead.joints is None or ahead.need > 1.0 + ROUNDING:
            return False
        kinematics, places, qs = self._arm.kinematics, ahead.T_world_tool[:, :3, 3], ahead.qs
        outside = (self._state.scene.workspace.excess(places) > ROUNDING).any()
        outside = outside or (qs < kinematics.lower).any() or (qs > kinematics.upper).any()
        if not outside and not self._chain.is_singular(qs, SMALLEST_SINGULAR_VALUE):
            return True
        excess = posture_excesses(kinematics, self._state.scene.workspace, qs)
        return not rises(excess, excess_slacks(kinematics.dof)).any()

    def _is_free(self, ahead: Ahead) -> bool:
        """True if nothing comes too near at the poses; only at a few of them where all are looked at afterwards."""
        if self._near:
            return True  # Which of them part is seen where all are looked at.
        qs = ahead.qs[::-STRIDE] if self._swept else ahead.qs
        return bool(self._state.obstacles.free(qs, self._state.width, self._allowed, self._margin).all())

    def _passes_drifting(self, ahead: Ahead) -> bool:
        """True if nothing comes too near to what drifts: the motion is followed once more, as it is seen from there.

        The gripper and what it holds are exactly where they will be as seen from there. The links above stand a little
        otherwise than they will, by less than the objects drift meanwhile.
        """
        drifting = self._drifting
        if drifting is None:
            return True
        poses = ahead.T_world_tool.copy()
        poses[:, :3, 3] -= ahead.times[:, None] * drifting.velocity
        paths, counts = self._arm.kinematics.inverse_many(poses[None], ahead.qs[0], made=True)
        if counts[0] < len(poses):
            return False
        found = drifting.obstacles.check_path(paths[0], self._state.width, drifting.allowed, self._margin)
        return not found.contacts

    def _clearance(self, ahead: Ahead) -> Clearance:
        """Least distances, at the poses and between them."""
        if not self._swept:
            return UNSWEPT
        if self._near:
            widths = np.full(len(ahead.qs), self._state.width)
            return parting_clearance(self._state.obstacles, ahead.qs, widths, self._allowed, self._near, self._margin).clearance
        return self._state.obstacles.check_path(ahead.qs, self._state.width, self._allowed, self._margin)
