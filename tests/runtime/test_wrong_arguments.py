"""Arguments of the Python interface that make no sense are refused in a sentence that says what is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import lmp
from lmp.errors import SetupFault
from lmp.runtime.agent import Agent
from lmp.schema.scene import Scene


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with lmp.open_world("kinematic:tabletop", seed=3) as world:
        yield Agent(world)


@pytest.fixture(scope="module")
def scene(agent: Agent) -> Scene:
    return agent.perceive()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: lmp.run("pick up the mug", seed="a"), "seed takes a whole number from 0 to 4294967295, got 'a'."),
        (lambda: lmp.open_world(seed=-1), "seed takes a whole number from 0 to 4294967295, got -1."),
        (lambda: lmp.open_world(seed=True), "seed takes a whole number"),
        (lambda: lmp.open_world(seed=1.5), "seed takes a whole number"),
        (lambda: lmp.open_world(None), "world takes the address of a world, such as kinematic:tabletop, got None."),
        (lambda: lmp.open_world(robot=3), "robot takes the name of a robot, or the path of a robot file, got 3."),
        (lambda: lmp.resume(None), "run takes the path of a run folder, got None."),
    ],
)
def test_worlds_and_runs(call: Callable[[], Any], words: str):
    with pytest.raises(SetupFault) as refused:
        call()
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda agent, scene: agent.decompose(None, scene), "An instruction is a text, got NoneType."),
        (
            lambda agent, scene: agent.decompose("pick up the mug", None),
            "scene takes a Scene, as `perceive` returns it, got None.",
        ),
        (
            lambda agent, scene: agent.ground("pick", scene),
            "subgoal takes a Subgoal, one of those that `decompose` returns, got 'pick'.",
        ),
        (lambda agent, scene: agent.compile(None, scene), "primitive takes a primitive, as `ground` returns it, got None."),
        (
            lambda agent, scene: agent.ground(agent.decompose("pick up the purple block", scene), scene),
            "subgoal takes a Subgoal, one of those that `decompose` returns, got its refusal: ",
        ),
        (lambda agent, scene: agent.verify("x", scene, scene), "subgoal takes a Subgoal"),
        (lambda agent, scene: agent.run("pick up the mug", out=3), "out takes the path of the run folder, got 3."),
        (lambda agent, scene: agent.run("pick up the mug", budget=3), "budget takes a Budget"),
    ],
)
def test_stages(agent: Agent, scene: Scene, call: Callable[[Agent, Scene], Any], words: str):
    with pytest.raises(SetupFault) as refused:
        call(agent, scene)
    assert words in str(refused.value)


def test_a_closed_world_says_so(tmp_path: Path):
    with lmp.open_world("tabletop", seed=3) as world:
        agent = Agent(world)
    with pytest.raises(SetupFault, match="This world is closed"):
        agent.perceive()
    with pytest.raises(SetupFault, match="This world is closed"):
        agent.run("pick up the mug", out=tmp_path / "run")
    assert not (tmp_path / "run").exists()
