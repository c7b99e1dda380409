"""Your own skill: one file holds its parameters, verb, moves, condition, violation, failure class and recovery.

    python examples/04_your_own_skill.py

You see the skill in the list beside the ones that come with lmp, "hover 10 cm above the mug" carried out and verified, and the
refusal of a height at which it would touch. A package of yours would list it under the entry-point group `lmp.skills`.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

import lmp
from lmp.primitives.moves import Candidate, ToolMove
from lmp.primitives.skill import Situation, unknown_object
from lmp.schema.base import Name
from lmp.schema.condition import CONDITIONS, Condition, Measured
from lmp.schema.outcome import FAILURES, FailureClass, Response, Rule
from lmp.schema.roles import Reference
from lmp.schema.skill import SkillParameters, SkillSpec, Verb
from lmp.schema.verdict import VIOLATIONS, Violation, ViolationKind

TOLERANCE = 0.02
"""How far beside or above the place the tool may be [m]."""
NOT_ABOVE = FAILURES.register(
    FailureClass(
        "not_above",
        "The tool is not above the object.",
        "Afterwards: it is farther to the side than the tolerance; the object has moved away beneath it.",
        recovery=Rule(((Response.GROUND_AGAIN, 2),)),
    )
)
"""The failure class, and what is done about it: the skill is grounded again on a fresh look, at most twice."""
TOUCHES = VIOLATIONS.register(
    ViolationKind(
        "would_touch", "a height at which the fingers touch the object", about="request", after_motion=NOT_ABOVE.outcome
    )
)
LEAST = 0.05
"""Least height at which the fingers stay clear of the object [m]."""


@CONDITIONS.register
class Hovering(Condition):
    """The tool point is above the object, touching nothing of it."""

    kind: Literal["hovering"] = "hovering"
    reference: Reference
    height: float = Field(default=0.12, ge=0.0, le=1.5, description="distance of the tool point from the object's top [m]")

    of_arm: ClassVar[bool] = True
    said: ClassVar[str] = "the gripper above {reference}"
    distance_field: ClassVar[str] = "height"
    example: ClassVar[dict] = {"reference": "mug"}

    def measure(self, scene: lmp.Scene) -> Measured:
        """The distance from the place above the object, to the side and in height."""
        if scene.T_world_tool is None:
            return Measured.undecided("nobody told where the tool is")
        off = np.array(scene.T_world_tool.position) - above(scene, self.reference, self.height)
        level, up = float(np.hypot(*off[:2])), abs(float(off[2]))
        return Measured.by(
            f"{level * 1000:.0f} mm to the side, {up * 1000:.0f} mm in height", TOLERANCE - level, TOLERANCE - up
        )

    def blame(self, before: lmp.Scene, after: lmp.Scene) -> lmp.Outcome:
        """It is of no other class: the arm is where it was sent."""
        return NOT_ABOVE.outcome


def above(scene: lmp.Scene, name: str, height: float) -> np.ndarray:
    """The point so high above the top of an object [m]. Shape (3,)."""
    item = scene.get(name)
    return np.array([*item.centre[:2], item.bounds[1][2] + height])


class Hover(SkillParameters):
    """Brings the tool point above an object and stops there."""

    kind: Literal["hover"] = "hover"
    object: Name = Field(description="the object to stop above")
    height: float = Field(default=0.12, ge=0.0, le=1.5, description="distance of the tool point from the object's top [m]")

    def requests(self) -> tuple[Condition, ...]:
        """The height that was asked for is tested afterwards, whoever asked."""
        return (Hovering(reference=self.object, height=self.height),)


class HoverSkill:
    """One candidate: straight there, the gripper turned as it is now."""

    spec = SkillSpec(
        name="hover",
        line="Stops the gripper above an object, to point at it or to look at it; what it holds stays in it.",
        parameters=Hover,
        example=Hover(object="mug"),
        verbs=(Verb("hover", "over|above OBJECT", distance="height"), Verb("point at", "OBJECT")),
        achieves=("hovering",),
    )

    def candidates(self, parameters: Hover, situation: Situation) -> Sequence[Candidate] | Sequence[Violation]:
        """The one way to do it, or all that is wrong with it."""
        if parameters.object not in situation.scene:
            return [unknown_object(parameters.object, situation.scene)]
        if parameters.height < LEAST:
            message = f"The fingers would touch {parameters.object} from {parameters.height * 100:g} cm above it."
            return [TOUCHES(message=message, object=parameters.object, value=parameters.height, limit=LEAST, unit="m")]
        goal = np.array(situation.T_world_tool)
        goal[:3, 3] = above(situation.scene, parameters.object, parameters.height)
        move = ToolMove("approach", goal, parameters.speed, parameters.duration, parameters.path, free=True)
        return [Candidate(f"above {parameters.object}", (move,))]

    def predict(self, parameters: Hover, situation: Situation, trajectory: lmp.JointTrajectory) -> lmp.Scene:
        """Nothing in the scene changes; where the arm ends, the trajectory tells."""
        return situation.scene


HOVER = HoverSkill()

if __name__ == "__main__":
    with lmp.open_world("tabletop", seed=3) as world:
        agent = lmp.Agent(world, skills={"hover": HOVER})
        print(f"skills: {', '.join(agent.skills)}")
        episode = agent.run("hover 10 cm above the mug, slowly", pictures=False)
        last = episode.attempts[-1]
        print(f"{last.subgoal.description}: {episode.outcome}; {last.verification.results[0].measured}")
        too_low = agent.compile(Hover(object="mug", height=0.01), agent.perceive())
        print(f"hover 1 cm above it: {too_low}")
