"""Your own skill: one file holds its parameters, its moves and what it changes in the scene.

    python examples/04_your_own_skill.py

You see the skill in the list beside the ones that come with lmp, its checked motion above the mug, and the refusal of a
height that is out of reach. A package of yours would list it under the entry-point group `lmp.skills`.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

import lmp
from lmp.primitives.moves import Candidate, ToolMove
from lmp.primitives.skill import Situation, unknown_object
from lmp.schema.base import Name
from lmp.schema.skill import SkillParameters, SkillSpec
from lmp.schema.verdict import Violation


class Hover(SkillParameters):
    """Brings the tool point above an object and stops there."""

    kind: Literal["hover"] = "hover"
    object: Name = Field(description="the object to stop above")
    height: float = Field(default=0.12, ge=0.05, le=1.5, description="distance of the tool point from the object's top [m]")


class HoverSkill:
    """One candidate: straight there, the hand turned as it is now."""

    spec = SkillSpec(
        name="hover",
        line="Stops the hand above an object, to point at it or to look at it.",
        parameters=Hover,
        example=Hover(object="mug"),
    )

    def candidates(self, parameters: Hover, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """The one way to do it, or that the object is not there."""
        if parameters.object not in situation.scene:
            return [unknown_object(parameters.object, situation.scene)]
        _, upper = situation.scene.get(parameters.object).bounds
        goal = np.array(situation.T_world_tool)
        goal[:3, 3] = [*situation.scene.get(parameters.object).centre[:2], upper[2] + parameters.height]
        move = ToolMove("approach", goal, parameters.speed, parameters.duration, parameters.path, free=True)
        return [Candidate(f"above {parameters.object}", (move,))]

    def predict(self, parameters: Hover, situation: Situation, trajectory: lmp.JointTrajectory) -> lmp.Scene:
        """Nothing in the scene changes; where the arm ends, the trajectory tells."""
        return situation.scene


if __name__ == "__main__":
    with lmp.open_world("tabletop", seed=3) as world:
        agent = lmp.Agent(world, skills={"hover": HoverSkill()})
        print(f"skills: {', '.join(agent.skills)}")
        scene = agent.perceive()
        compiled = agent.compile(Hover(object="mug"), scene)
        if isinstance(compiled, lmp.Verdict):
            raise SystemExit(str(compiled))
        execution = agent.execute(compiled)
        print(f"hover: {execution.outcome.value} in {execution.duration:.2f} s")
        too_high = agent.compile(Hover(object="mug", height=1.5), agent.perceive())
        print(f"hover 1.5 m above it: {too_high}")
