"""A first look at a candidate: can the gripper be where its moves end? It turns away bad candidates at a small price."""

from __future__ import annotations

from dataclasses import replace

from lmp.primitives.arm.reachability import Unreachable
from lmp.primitives.checks.collision_checks import COLLISION, SUPPORT_CLEARANCE
from lmp.primitives.checks.reach_checks import reach_violations
from lmp.primitives.collision.named_pairs import object_of
from lmp.primitives.compiler.motion_state import Arm, Array, MotionState
from lmp.primitives.compiler.near_pairs import MARGIN
from lmp.primitives.moves import Candidate, Grip, ToolMove
from lmp.schema.verdict import Violation


def screened(arm: Arm, start: MotionState, candidate: Candidate) -> tuple[Violation, ...]:
    """Return why the gripper cannot be where a move ends: out of reach or in collision; up to the first grip only."""
    state = start
    for move in candidate.moves:
        if isinstance(move, Grip):
            if move.wait:
                return ()
            state = replace(state, width=move.expected)
        elif isinstance(move, ToolMove):
            result = arm.kinematics.inverse(move.T_world_tool, state.q[None])
            if isinstance(result, Unreachable):
                return reach_violations(result, arm.robot, move.name)
            if move.drags is not None:
                state = state.dragged(arm, move.drags, result.q, move.T_world_tool)
                continue
            complaints = _gripper_contacts(arm, state, result.q, move)
            if complaints:
                return complaints
            state = replace(state, q=result.q, T_world_tool=move.T_world_tool)
    return ()


def _gripper_contacts(arm: Arm, state: MotionState, q: Array, move: ToolMove) -> tuple[Violation, ...]:
    """Contacts of the gripper and of what it holds. The rest of the arm may come another way, so it does not count."""
    gripper = {*arm.robot.finger_links, arm.robot.tool_link, state.held}
    found = state.obstacles.check(q, state.width, state.allowed(move.allowed), MARGIN)
    return tuple(
        (SUPPORT_CLEARANCE if _is_support(contact.b, state) else COLLISION)(
            message=f"{contact.a!r} and {contact.b!r} would {_meet(contact.distance)} where {move.name!r} ends.",
            value=contact.distance,
            limit=MARGIN,
            unit="m",
            link=contact.a if contact.a in arm.collisions.links else None,
            object=object_of(contact.b, state.scene),
            segment=move.name,
            hint="Choose another approach direction or place, or move "
            f"{object_of(contact.b, state.scene) or contact.b} away first.",
        )
        for contact in found
        if contact.a in gripper and contact.b not in arm.collisions.links
    )


def _is_support(body: str, state: MotionState) -> bool:
    name = object_of(body, state.scene)
    return name is not None and state.scene.get(name).role == "support"


def _meet(distance: float) -> str:
    if distance <= 0.0:
        return f"overlap by {-distance * 1000:.1f} mm"
    return f"come within {distance * 1000:.1f} mm"
