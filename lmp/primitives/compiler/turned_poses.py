"""A candidate's poses as an arm of fewer than six joints can take them: their places, and orientations within the leeway."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lmp.primitives.arm.leeway import words
from lmp.primitives.compiler.motion_state import Arm, MotionState
from lmp.primitives.kernels.damped_newton import CLOSE_ROTATION
from lmp.primitives.moves import Candidate, JointMove, Move, ToolMove


def in_reach(candidate: Candidate, start: MotionState, arm: Arm) -> Candidate:
    """The candidate with each pose that leaves a turn to the arm turned as little as brings it in reach, which its notes say.

    What is compiled, checked and told from here on are the poses that it has then. A pose that no allowed turn brings in reach
    stays what it is, so that the refusal is about what was requested.
    """
    q, moves, notes = start.q, list[Move](), list(candidate.notes)
    for move in candidate.moves:
        if isinstance(move, JointMove):
            q = move.q
        elif isinstance(move, ToolMove) and move.leeway is not None:
            found = arm.kinematics.turned(move.T_world_tool, q, move.leeway)
            if found is not None:
                q = found.q
                if float(np.linalg.norm(found.turned)) > CLOSE_ROTATION:
                    move = replace(move, T_world_tool=found.T_world_tool)
                    notes.append(
                        f"{move.name} with the gripper turned by {words(found.turned)}, since the arm has {len(q)} joints"
                    )
        moves.append(move)
    return replace(candidate, moves=tuple(moves), notes=tuple(notes))
