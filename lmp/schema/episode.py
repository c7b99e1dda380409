"""A whole run: every attempt at every subgoal, and how it ended."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lmp.schema.base import Model, Name, Text, Vector3
from lmp.schema.exchange import ModelUse
from lmp.schema.findings import Execution, Verification
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import GateDecision
from lmp.schema.scene import Scene
from lmp.schema.skill import AnyParameters
from lmp.schema.trajectory import Margins
from lmp.schema.verdict import Violation


class Compiled(Model):
    """The compiler's answer to a primitive, without the samples.

    Attributes:
        feasible: True if a checked trajectory came out.
        trajectory: Name of the trajectory's file in the run folder.
        target: Where the tool takes or lets go last, or ends.
    """

    feasible: bool
    violations: tuple[Violation, ...] = Field(default=(), max_length=256)
    margins: Margins | None = None
    duration: Annotated[float, Field(ge=0.0, description="duration of the motion [s]")] = 0.0
    candidate: Text = ""
    notes: tuple[Text, ...] = Field(default=(), max_length=32)
    predicted: bool = False
    trajectory: str | None = None
    target: Vector3 | None = Field(default=None, description="where the tool takes or lets go last, or ends, in the world [m]")


class Attempt(Model):
    """One try at one subgoal.

    Attributes:
        primitive: What was taken of the proposals.
        changed: What recoveries changed about the proposal, in words.
        proposed: How many proposals there were.
        chosen: Why this one was taken.
        gates: What the gates answered.
        rule: What was done about it: the rule of the response table that fired; empty after a success.
    """

    subgoal: Subgoal
    primitive: AnyParameters | None = None
    changed: tuple[Text, ...] = Field(default=(), max_length=16)
    proposed: Annotated[int, Field(ge=0, le=1000, description="proposals that there were [count]")] = 0
    chosen: Text = ""
    gates: tuple[GateDecision, ...] = Field(default=(), max_length=16)
    compiled: Compiled | None = None
    execution: Execution | None = None
    verification: Verification | None = None
    outcome: Outcome
    message: Text = ""
    rule: Text = ""


class History(Model):
    """The run so far, as far as a planner may know it.

    Attributes:
        first_scene: The scene in which the instruction was understood; words keep the meaning that they had there.
        attempts: In order.
    """

    first_scene: Scene
    attempts: tuple[Attempt, ...] = Field(default=(), max_length=1000)


class SubgoalReport(Model):
    """One subgoal of an episode with its last primitive and verdict, and what the gates answered last."""

    description: Text
    reasoning: Text
    skill: Name
    objects: tuple[Name, ...]
    primitive: AnyParameters | None
    verdict: Compiled | None
    gates: tuple[GateDecision, ...] = Field(default=(), max_length=16)
    attempts: Annotated[int, Field(ge=0, description="tries [count]")]
    outcome: Outcome


class Episode(Model):
    """The result of a run.

    Attributes:
        outcome: How it ended.
        world: Address of the world, with its options.
        verified: True only if every lasting condition held at the end.
        error: Why not, in words; None after a success.
        hint: The nearest request that would work, after a failure; after a success without motion, that nothing was to do.
        subgoals: What was planned and how each part ended.
        replans: How often the plan had to be made again or repaired.
        seconds: Wall time.
        models: What was asked of models; None for a planner that asks none.
        run: The run folder.
        scene_before, scene_after: Straight from the simulator; None for worlds that cannot tell.
    """

    outcome: Outcome
    verified: bool
    error: Text | None = None
    hint: Text = ""
    instruction: Text
    world: Text
    seed: Annotated[int, Field(ge=0, le=2**32 - 1, description="seed of the world [count]")]
    robot: Name
    planner: Text
    subgoals: tuple[SubgoalReport, ...] = Field(default=(), max_length=256)
    attempts: tuple[Attempt, ...] = Field(default=(), max_length=1000)
    replans: Annotated[int, Field(ge=0, description="times that the plan was repaired or made again [count]")] = 0
    seconds: Annotated[float, Field(ge=0.0, description="wall time [s]")]
    timings: dict[Name, float] = Field(default_factory=dict, description="wall time by stage [s]")
    models: ModelUse | None = None
    run: str | None = None
    scene_before: tuple[WorldObject, ...] | None = None
    scene_after: tuple[WorldObject, ...] | None = None


class WorldObject(Model):
    """An object as the simulator itself reports it, so that nobody has to trust `verified`."""

    name: Name
    category: Name
    colour: Name | None
    position: tuple[float, float, float] = Field(description="origin of the object in the world [m]")
    quaternion: tuple[float, float, float, float] = Field(description="orientation x, y, z, w [dimensionless]")
    size: tuple[float, float, float] = Field(description="edge lengths of the box around it in its own frame [m]")
    touching: tuple[str, ...]
    held_by: Name | None = None
    joints: dict[Name, float] = Field(default_factory=dict, description="positions of its joints by name [m or rad]")

    @property
    def held(self) -> bool:
        """True while an effector holds it."""
        return self.held_by is not None


Episode.model_rebuild()
