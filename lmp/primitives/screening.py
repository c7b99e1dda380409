"""A first look at a candidate: can the hand be where its moves end? It turns away bad candidates at a small price."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lmp.primitives.checks import SegmentClearance
from lmp.primitives.clearance import Clearance
from lmp.primitives.collision_checks import clearance_violations
from lmp.primitives.motion_builder import MARGIN
from lmp.primitives.motion_state import Arm, Array, MotionState
from lmp.primitives.moves import Candidate, Grip, ToolMove
from lmp.primitives.reachability import Unreachable
from lmp.primitives.unreachable import unreachable_violations
from lmp.schema.verdict import Violation

_NOW = np.zeros(1)


def screened(arm: Arm, start: MotionState, candidate: Candidate) -> tuple[Violation, ...]:
    """Why the hand cannot be where a move ends: out of reach, or in collision. Looks at what comes before the first grip."""
    state = start
    for move in candidate.moves:
        if isinstance(move, Grip):
            if move.wait:
                return ()
            state = replace(state, width=move.expected)
        elif isinstance(move, ToolMove) and move.drags is None:
            result = arm.kinematics.inverse(move.T_world_tool, state.q[None])
            if isinstance(result, Unreachable):
                return unreachable_violations(result, arm.robot, move.name)
            complaints = _hand_contacts(arm, state, result.q, move)
            if complaints:
                return complaints
            state = replace(state, q=result.q)
    return ()


def _hand_contacts(arm: Arm, state: MotionState, q: Array, move: ToolMove) -> tuple[Violation, ...]:
    """What the hand, or what it holds, would touch. The rest of the arm may come another way, so it does not count."""
    hand = {*arm.robot.gripper.links, arm.robot.tool_link, state.held}
    found = state.obstacles.check(q, state.width, state.allowed(move.allowed), MARGIN)
    contacts = tuple(contact for contact in found if contact.a in hand and contact.b not in arm.collisions.links)
    part = SegmentClearance(move.name, _NOW, Clearance(contacts, None, 0.0), MARGIN)
    return tuple(clearance_violations(part.clearance, part.times, state.scene, MARGIN, move.name))
