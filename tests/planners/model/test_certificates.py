"""Success is not the model's word: what the instruction asks for is compared with what the model takes for done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from grounding import grounded
from pydantic import JsonValue

from lmp import registry
from lmp.cli.exit_status import FAILED, NOTHING_DONE, REFUSED, SUCCEEDED, exit_status
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.request import Reply, Request
from lmp.planners.scripted.scripted_planner import ScriptedPlanner
from lmp.record import RunFolder
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.budget import Budget
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal

SKILLS = {name: registry.load("skill", name).spec for name in registry.known("skill")}
ON_TABLE = {"kind": "on", "object": "red_block", "support": "table"}
NOTHING = {"understanding": "it is so", "already": [ON_TABLE], "subgoals": [], "refusal": None}


class Claims:
    """A model that says what it is told to say; primitives it grounds by rules."""

    name = "openai:m"

    def __init__(self, *plans: Any, scene: Callable[[], Any] | None = None):
        self.parameters: dict[str, JsonValue] = {}
        self.plans, self.scene, self.heard = list(plans), scene, list[str]()
        self.rules = ScriptedPlanner(SKILLS)
        self.subgoals: list[Any] = []

    def reply(self, request: Request) -> Reply:
        if request.turns:
            self.heard += request.turns[-1].complaints
        if request.question == "decompose":
            plan = self.plans.pop(0) if len(self.plans) > 1 else self.plans[0]
            if isinstance(plan, str):  # the rules' plan for another sentence
                assert self.scene is not None
                self.subgoals = list(self.rules.decompose(plan, self.scene()))
                said = {"description", "skill", "objects", "success", "step", "lasting"}
                told = [{"reasoning": "so", **one.model_dump(mode="json", include=said)} for one in self.subgoals]
                return Reply(json.dumps({"understanding": "so", "subgoals": told, "refusal": None}))
            return Reply(json.dumps(plan))
        assert self.scene is not None
        primitive = grounded(self.rules, self.subgoals.pop(0), self.scene())
        assert not isinstance(primitive, Refusal)
        return Reply(json.dumps({"reasoning": "by rules", "primitive": primitive.model_dump(mode="json"), "refusal": None}))


def run(instruction: str, out: Path, *plans: Any) -> tuple[Episode, Claims]:
    with open_world("kinematic:tabletop", seed=3) as world:
        client = Claims(*plans, scene=world.scene)  # type: ignore[attr-defined]
        planner = ModelPlanner(client, SKILLS)  # type: ignore[arg-type]
        budget = Budget(replans=1)
        return Agent(world, planner).run(instruction, out=out, pictures=False, report=False, budget=budget), client


@pytest.mark.parametrize(
    ("instruction", "asked"),
    [
        ("put the red block in the bowl", "asked for red_block in bowl"),
        ("stack the green block on the blue block", "asked for green_block on blue_block"),
        ("push the red block 10 cm to the left", "asked for red_block moved by"),
        ("put the red block to the left of the mug and the blue block on the tray", "asked for blue_block on tray"),
    ],
)
def test_an_empty_plan_whose_certificate_says_something_else_is_no_success(
    instruction: str, asked: str, tmp_path: Path
) -> None:
    episode, client = run(instruction, tmp_path / "run", NOTHING)
    assert not episode.verified
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert exit_status(episode) == REFUSED
    assert any(asked in complaint for complaint in client.heard), client.heard
    record = RunFolder.open(tmp_path / "run")
    assert not any(event.name == "moving" for event in record.events())


def test_a_model_that_is_told_so_plans_what_is_left(tmp_path: Path) -> None:
    episode, client = run("put the red block in the bowl", tmp_path / "run", NOTHING, "put the red block in the bowl")
    assert episode.verified, episode.error
    assert len(client.heard) == 1 and "asked for red_block in bowl" in client.heard[0]


@pytest.mark.parametrize(
    "instruction", ["make the table look inviting", "bring some order into this, would you", "serve the guest of honour"]
)
def test_where_the_grammar_cannot_tell_an_episode_in_which_nothing_moved_is_nothing_done(
    instruction: str, tmp_path: Path
) -> None:
    episode, _ = run(instruction, tmp_path / "run", NOTHING)
    assert (episode.outcome, episode.verified, exit_status(episode)) == (Outcome.NOTHING_DONE, False, NOTHING_DONE)
    assert episode.error == Outcome.NOTHING_DONE.message
    assert NOTHING_DONE not in (SUCCEEDED, FAILED, REFUSED)


def test_what_is_so_already_as_the_grammar_reads_it_is_a_success(tmp_path: Path) -> None:
    episode, _ = run("put the red block on the table", tmp_path / "run", NOTHING)
    assert episode.verified
    assert "so already" in episode.hint


@pytest.mark.parametrize(
    ("instruction", "done"),
    [
        ("put the red block in the bowl", "put the blue block on the tray"),
        ("put the red block in the bowl", "put the red block on the tray"),
        ("put the green block on the tray", "put the green block to the left of the mug"),
    ],
)
def test_another_deed_than_the_one_that_was_asked_for_is_no_success(instruction: str, done: str, tmp_path: Path) -> None:
    episode, _ = run(instruction, tmp_path / "run", done)
    assert not episode.verified
    assert episode.outcome is not Outcome.SUCCEEDED
    assert "asked for" in (episode.error or "")
    assert exit_status(episode) == FAILED


def test_what_the_model_understood_as_the_grammar_does_is_a_success(tmp_path: Path) -> None:
    episode, _ = run("put the red block in the bowl", tmp_path / "run", "put the red block in the bowl")
    assert episode.verified, episode.error
