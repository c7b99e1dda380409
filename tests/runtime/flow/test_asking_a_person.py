"""Where a run would end without success, a person can help: look again, stop, or say it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lmp.errors import SetupFault
from lmp.meaning.conditions import In
from lmp.meaning.relations import holds
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import ABSENT, Subgoal
from lmp.stages import World

FAR = (3.0, 3.0, 0.02)


@pytest.fixture
def world() -> Iterator[World]:
    with open_world("kinematic:tabletop", seed=3) as opened:
        yield opened


def run(world: World, tmp_path: Path, sentence: str, ask: Callable[[str], str], **options: object) -> Episode:
    return Agent(world).run(sentence, out=tmp_path / "run", pictures=False, report=False, ask=ask, **options)


def test_another_instruction_takes_the_place_of_the_first(world: World, tmp_path: Path):
    reasons: list[str] = []

    def ask(reason: str) -> str:
        reasons.append(reason)
        return "put the red block in the bowl"

    episode = run(world, tmp_path, "put the purple block in the bowl", ask)
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True)
    assert len(reasons) == 1
    assert "purple" in reasons[0]
    assert holds(In(object="red_block", container="bowl"), Agent(world).perceive()).holds
    answers = [event.data for event in RunFolder.open(tmp_path / "run").events() if event.name == "answered"]
    assert answers == [{"said": "put the red block in the bowl"}]


def test_stop_ends_the_run_with_its_reason(world: World, tmp_path: Path):
    episode = run(world, tmp_path, "put the purple block in the bowl", lambda reason: " Stop ")
    assert episode.outcome is ABSENT
    assert not episode.attempts


def test_going_on_looks_again_after_a_person_has_helped(world: World, tmp_path: Path):
    """What was taken away is put back by the person who is asked."""
    thing = next(thing for thing in world.scene().objects if thing.name == "red_block")
    taken: list[str] = []

    def take(tampered: World, subgoal: Subgoal) -> None:
        if not taken:
            taken.append(subgoal.skill)
            tampered.move_object("red_block", thing.pose.model_copy(update={"position": FAR}))

    def put_back(reason: str) -> str:
        world.move_object("red_block", thing.pose)
        return ""

    episode = run(world, tmp_path, "put the red block in the bowl", put_back, before_verify=take)
    assert taken
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True)
    assert episode.replans >= 1


def test_the_budget_ends_a_run_whatever_a_person_says(world: World, tmp_path: Path):
    asked: list[str] = []
    episode = run(world, tmp_path, "put the purple block in the bowl", lambda reason: asked.append(reason) or "go on")
    assert episode.outcome is not Outcome.SUCCEEDED
    assert 1 <= len(asked) <= 20


def test_who_is_asked_has_to_be_callable(world: World, tmp_path: Path):
    with pytest.raises(SetupFault, match="ask= takes a function"):
        Agent(world).run("put the red block in the bowl", out=tmp_path / "run", ask="me")
