"""A failed attempt goes back to the model with its evidence; a model that looks, too, can only make a success stricter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from answers_said import INSTRUCTION, PICK, PLACE, PLAN
from loopback.server import Asked, Loopback

import lmp
from lmp.lab.disturbances.at_once import strike_now
from lmp.meaning.conditions import On
from lmp.meaning.failures import CONDITION_NOT_MET, OBJECT_MOVED
from lmp.model_settings import ModelSettings
from lmp.runtime.agent import run
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Subgoal
from lmp.stages import World

CORRECTED = {
    "first_failure": {"time": None, "what": "the block was no longer in the hand"},
    "correction": {"direction": "up", "phase": 1.0, "amount": 0.03, "words": "lift it 0.03 m higher"},
    "reasoning": "It is held less long near the others.",
    "primitive": {"kind": "pick", "object": "red_block", "lift": 0.15},
    "refusal": None,
}


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with lmp.open_world(f"{getattr(request, 'param', 'kinematic')}:tabletop", seed=3) as opened:
        yield opened


def settings(loopback: Loopback, **more: Any) -> ModelSettings:
    return ModelSettings.model_validate({"base_url": loopback.url, "retries": 0, **more})


class KnockedOnce:
    """Takes the object out of the hand before the first verification."""

    def __init__(self) -> None:
        self.done = False

    def __call__(self, world: World, subgoal: Subgoal) -> None:
        if not self.done:
            self.done = True
            strike_now(world, "knock", subgoal.objects[0])


def test_a_failure_is_corrected_with_its_evidence(world: World, loopback: Loopback, tmp_path: Path) -> None:
    loopback.answer(PLAN).answer(PICK).answer(CORRECTED).answer(PLACE)
    episode = run(
        INSTRUCTION, world=world, planner="openai:tiny", model=settings(loopback), out=tmp_path / "run",
        before_verify=KnockedOnce(), report=False,
    )  # fmt: skip
    assert episode.verified, episode.error
    asked = loopback.requests[2].text
    assert "What failed first, and which primitive corrects it?" in asked
    assert "CorrectAnswer" in asked
    assert episode.attempts[0].outcome is OBJECT_MOVED
    for evidence in ("<attempts>", "object_moved", "lift", "held"):
        assert evidence in asked
    assert getattr(episode.attempts[1].primitive, "lift") == 0.15  # noqa: B009


def test_a_person_s_words_edit_a_primitive(world: World, loopback: Loopback) -> None:
    agent = lmp.Agent(world, "openai:tiny", model=settings(loopback))
    loopback.answer(PLAN).answer(PICK).answer(CORRECTED)
    scene = agent.perceive()
    subgoals = agent.decompose(INSTRUCTION, scene)
    assert isinstance(subgoals, tuple)
    primitive = agent.ground(subgoals[0], scene)
    planner: Any = agent.stages.planner
    edited = planner.correct_in_words("a bit higher please", subgoals[0], primitive, scene)
    assert edited.lift == 0.15
    assert "A person watched the motion and says: a bit higher please" in loopback.requests[2].text


def said(question: str, asked: Asked) -> bool:
    return question in asked.text


@pytest.mark.parametrize("world", ["pybullet"], indirect=True)
@pytest.mark.parametrize(
    ("held", "confidence", "outcome"),
    [(True, 0.9, Outcome.SUCCEEDED), (False, 0.9, CONDITION_NOT_MET), (False, 0.2, Outcome.SUCCEEDED)],
)
def test_a_model_that_looks_too_can_object(
    held: bool, confidence: float, outcome: Outcome, world: World, loopback: Loopback
) -> None:
    agent = lmp.Agent(world, "openai:tiny", model=settings(loopback, verify=True))
    loopback.answer(PLAN).answer({"reason": "as the pictures show", "held": held, "confidence": confidence})
    before = agent.perceive()
    subgoals = agent.decompose("leave the red block on the table", before)
    assert isinstance(subgoals, tuple)
    standing = subgoals[0].model_copy(update={"success": (On(object="red_block", support="table"),)})
    found = agent.verify(standing, before, agent.perceive())
    assert found.outcome is outcome
    assert "as the pictures show" in found.message
    asked = loopback.requests[1]
    assert said("Do all of these conditions hold now?", asked)
    assert asked.text.count("data:image/png;base64,") == 2 * len(before.frames)


def test_the_model_is_not_asked_about_what_was_measured_to_be_false(world: World, loopback: Loopback) -> None:
    agent = lmp.Agent(world, "openai:tiny", model=settings(loopback, verify=True))
    loopback.answer(PLAN)
    scene = agent.perceive()
    subgoals = agent.decompose(INSTRUCTION, scene)
    assert isinstance(subgoals, tuple)
    assert agent.verify(subgoals[1], scene, scene).outcome is not Outcome.SUCCEEDED
    assert len(loopback.requests) == 1
