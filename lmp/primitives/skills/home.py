"""Home: bring the arm to its rest posture, out of the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from lmp.primitives.arm.leeway import IN_THE_AIR
from lmp.primitives.handling.contacts import standing_against
from lmp.primitives.moves import Candidate, Contacts, JointMove, Move, ToolMove
from lmp.primitives.skill import Situation
from lmp.schema.pose import Pose
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.trajectory import JointTrajectory
from lmp.schema.verdict import Violation

FORCE_LIMIT = 30.0
"""Contact force at which the motion is stopped [N]: on its way nothing is touched on purpose; the limit is that of a pick."""
HEIGHTS = (0.0, 0.08, 0.18, 0.3)
"""How far up the gripper goes first, in the order in which that is tried [m]."""


class HomeParameters(SkillParameters):
    """Bring the arm to its rest posture."""

    kind: Literal["home"] = "home"
    turn: float = Field(
        default=0.0,
        ge=-1.6,
        le=1.6,
        description="how far the first joint is turned away from the rest posture, 0 for the rest posture itself [rad or m]",
    )


class Home:
    """The skill `home`."""

    spec = SkillSpec(
        name="home",
        line="Bring the arm to its rest posture, out of the way of objects and cameras; the hand keeps what it holds.",
        parameters=HomeParameters,
        example=HomeParameters(),
        force_limit=FORCE_LIMIT,
        rests=True,
    )

    def candidates(self, parameters: HomeParameters, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """Straight in joint space, or along the requested tool path first; then the same after going up."""
        rest, timing = np.array(situation.robot.rest), parameters.timing
        base = situation.robot.joints[0]
        rest[0] = min(max(rest[0] + parameters.turn, base.lower), base.upper)
        last: tuple[Move, ...] = (JointMove("home", rest, parameters.speed, parameters.duration, timing=timing),)
        if parameters.path is not None:
            T_world_rest = situation.forward(rest)
            requests = parameters.speed, parameters.duration, parameters.path
            shaped = ToolMove("carry", T_world_rest, *requests, free=True, timing=timing)
            last = (shaped, JointMove("home", rest, parameters.speed, timing=timing))
        held = situation.scene.held
        allowed: Contacts = () if held is None else tuple((held.name, n) for n in standing_against(situation.scene, held))
        found = []
        for height in HEIGHTS:
            T_world_up = situation.T_world_tool.copy()
            T_world_up[2, 3] += height
            first = (ToolMove("retreat", T_world_up, parameters.speed, allowed=allowed, leeway=IN_THE_AIR),) if height else ()
            label = f"{height * 1000:.0f} mm up, then home" if height else "straight home"
            found.append(Candidate(label, (*first, *last)))
        return found

    def predict(self, parameters: HomeParameters, situation: Situation, trajectory: JointTrajectory) -> Scene:
        """Move what is held with the gripper; nothing else moves."""
        held, T_tool_held = situation.scene.held, situation.T_tool_held
        if held is None or T_tool_held is None:
            return situation.scene
        pose = situation.forward(trajectory.positions[-1]) @ T_tool_held
        return situation.scene.replacing(held.model_copy(update={"pose": Pose.from_matrix(pose)}))


HOME = Home()
