"""The suite that ships with the package, over every skill that is listed, and the one of the examples."""

from __future__ import annotations

import functools
import runpy
from pathlib import Path
from typing import Any

import pytest

from lmp import registry
from lmp.capabilities import world_capabilities
from lmp.runtime.agent import Agent
from lmp.runtime.flow.planning import preview
from lmp.runtime.worlds import open_world
from lmp.schema.findings import Execution
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import Proposal
from lmp.schema.robot import RobotDescription
from lmp.schema.scene import Scene
from lmp.schema.skill import SkillParameters
from lmp.schema.trajectory import JointTrajectory
from lmp.testing import SkillContract

EXAMPLE = Path(__file__).parents[2] / "examples" / "04_your_own_skill.py"


@functools.lru_cache
def seen() -> tuple[Scene, RobotDescription]:
    with open_world("kinematic:tabletop", seed=3) as world:
        knows = world_capabilities(world).knows
        assert knows is not None
        return knows.scene(), world.robot.description


@functools.lru_cache
def holding() -> Scene:
    """The scene with the red block in the hand, as picking it up is expected to leave it."""
    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world)
        scene, pick = agent.perceive(), registry.load("skill", "pick").spec.parameters(object="red_block")
        compiled = agent.compile(pick, scene)
        assert isinstance(compiled, JointTrajectory)
        assert isinstance(agent.execute(compiled), Execution)
        return agent.perceive()


@functools.lru_cache
def example() -> dict[str, Any]:
    """The classes of the example."""
    return runpy.run_path(str(EXAMPLE), run_name="example")


class _Listed(SkillContract):
    name: str

    def skill(self) -> Any:
        return registry.load("skill", self.name)

    def scene(self) -> Scene:
        return seen()[0]

    def robot(self) -> RobotDescription:
        return seen()[1]


class TestPick(_Listed):
    name = "pick"


class TestPlace(_Listed):
    name = "place"

    def scene(self) -> Scene:
        return holding()


class TestPush(_Listed):
    name = "push"

    def parameters(self) -> SkillParameters:
        return registry.load("skill", "push").spec.parameters(object="green_block", dx=0.0, dy=0.06)


class TestHome(_Listed):
    name = "home"


class TestHoverOfTheExample(_Listed):
    name = "hover"

    def skill(self) -> Any:
        return example()["HoverSkill"]()


def test_every_skill_that_is_listed_is_here() -> None:
    assert set(registry.known("skill")) == {kind.name for kind in _Listed.__subclasses__()} - {"hover"}


@pytest.mark.parametrize("after", ["pick", "push"])
def test_a_plan_of_two_steps_looks_past_the_skill_of_the_example(after: str) -> None:
    """The documented signature of `predict` is the one that is called."""
    hover = example()["Hover"](object="mug")
    other = TestPush().parameters() if after == "push" else registry.load("skill", "pick").spec.parameters(object="red_block")
    steps = {"hover": hover, after: other}

    class Planned:
        def decompose(self, instruction: str, scene: Scene, history: object = None) -> tuple[Subgoal, ...]:
            return tuple(plan)

        def propose(self, subgoal: Subgoal, scene: Scene, history: object = None, most: int = 1) -> tuple[Proposal, ...]:
            return (Proposal(primitive=steps[subgoal.skill]),)

    with open_world("kinematic:tabletop", seed=3) as world:
        agent = Agent(world, planner=Planned(), skills={"hover": example()["HoverSkill"]()})
        plan = [Subgoal(description=name, reasoning="so", skill=name, objects=(), success=()) for name in steps]
        entries = preview(agent.stages, plan, agent.perceive())
    assert [(entry.subgoal.skill, entry.outcome) for entry in entries] == [(name, Outcome.PLANNED) for name in steps]
    assert entries[1].before.predicted
