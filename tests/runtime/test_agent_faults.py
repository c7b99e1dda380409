"""Runs that are used wrongly, broken by a part or cut short: refused before anything moves, or recorded to their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import lmp
from lmp.errors import SetupFault
from lmp.execution.executor import StreamingExecutor
from lmp.primitives.skills.home import HomeParameters
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.carrying_out import Interrupted
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.schema.proposal import Proposal
from lmp.stages import World

SENTENCE = "put the red block in the bowl"


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def run(world: World, tmp_path: Path, sentence: str = SENTENCE, **options: object) -> Episode:
    return Agent(world).run(sentence, out=tmp_path / "run", pictures=False, report=False, **options)


def test_a_controller_of_real_hardware_is_asked_for_whichever_part_moves_it(world: World, tmp_path: Path):
    sent: list[np.ndarray] = []
    robot = lmp.wrap(sent.append, robot="panda", rate_hz=100, shape="positions")
    agent = Agent(world, executor=StreamingExecutor(robot, 100))
    with pytest.raises(SetupFault, match="pass approve="):
        agent.run(SENTENCE, out=tmp_path / "run", pictures=False, report=False)
    assert sent == []


@pytest.mark.parametrize("sentence", ["x" * 2001, None, 7])
def test_what_is_no_instruction_is_wrong_use(world: World, tmp_path: Path, sentence: str):
    with pytest.raises(SetupFault, match="An instruction"):
        run(world, tmp_path, sentence)
    with pytest.raises(SetupFault, match="An instruction"):
        Agent(world).plan(sentence)
    assert not (tmp_path / "run").exists()


class Broken:
    """A planner that breaks its contract."""

    def __init__(self, decompose: object, propose: object = None):
        self.answers = {"decompose": decompose, "propose": propose}

    def decompose(self, instruction, scene, history=None):
        return self._answer("decompose")

    def propose(self, subgoal, scene, history=None, most=1):
        return self._answer("propose")

    def _answer(self, verb):
        if isinstance(self.answers[verb], Exception):
            raise self.answers[verb]
        return self.answers[verb]


GOAL = Subgoal(description="pick it", reasoning="", skill="pick", objects=("red_block",))


@pytest.mark.parametrize(
    ("planner", "words"),
    [
        (Broken(RuntimeError("no idea")), "raised RuntimeError: no idea"),
        (Broken("pick up the block"), "has to give a tuple of Subgoal"),
        (Broken((GOAL,), {"kind": "pick"}), "has to give a tuple of Proposal"),
        (Broken((GOAL,), ()), "has to give a tuple of Proposal, one at least"),
        (Broken((GOAL,), (HomeParameters(),)), "has to give a tuple of Proposal"),
        (Broken((GOAL,), ValueError("bad")), "raised ValueError: bad"),
        (
            Broken((GOAL,), (Proposal(primitive=HomeParameters()),)),
            "gave parameters of 'home' for a subgoal of the skill 'pick'",
        ),
    ],
)
def test_a_planner_that_breaks_its_contract_ends_the_run_with_a_record(
    world: World, tmp_path: Path, planner: Broken, words: str
):
    episode = Agent(world, planner).run("x", out=tmp_path / "run", pictures=False, report=False)
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert words in (episode.error or "")
    assert RunFolder.open(tmp_path / "run").episode().outcome is Outcome.PLANNER_FAILED


def interrupt(_: World, subgoal: Subgoal) -> None:
    raise KeyboardInterrupt


def interrupt_what_clears_up_badly(_: World, subgoal: Subgoal) -> None:
    """As libraries are whose cleaning up fails where Ctrl-C met them."""
    try:
        raise KeyboardInterrupt
    finally:
        raise ValueError("there is an open handle")


@pytest.mark.parametrize("interrupt", [interrupt, interrupt_what_clears_up_badly])
def test_the_record_of_an_interrupted_motion_has_the_attempt(
    world: World, tmp_path: Path, interrupt: Callable[[World, Subgoal], None]
):
    with pytest.raises(Interrupted) as caught:
        run(world, tmp_path, before_verify=interrupt)
    episode = caught.value.episode
    assert [attempt.outcome for attempt in episode.attempts] == [Outcome.INTERRUPTED]
    assert episode.subgoals[0].outcome is Outcome.INTERRUPTED
    assert "red_block is still in the gripper" in episode.hint
