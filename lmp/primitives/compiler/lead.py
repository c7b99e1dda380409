"""The beginning of a motion of an arm that stands where it may not; `way_in` finds it."""

from __future__ import annotations

from dataclasses import dataclass

from lmp.primitives.arm.lessening import ROUNDING
from lmp.primitives.checks.path_checks import posture_excesses
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.primitives.moves import JointMove


@dataclass(frozen=True)
class Lead:
    """The beginning of a motion from where something is wrong, before the moves of its candidate.

    Attributes:
        start: Where the arm stands; None where a motion needs no such beginning.
        moves: The way back in.
    """

    start: MotionState | None = None
    moves: tuple[JointMove, ...] = ()


NO_LEAD = Lead()


def is_wrong(start: MotionState, arm: Arm) -> bool:
    """True if anything is wrong where a motion would begin."""
    excess = posture_excesses(arm.kinematics, start.scene.workspace, start.q[None])
    touches = start.obstacles.check(start.q, start.width, margin=MARGIN)
    return bool((excess > ROUNDING).any() or touches)
