"""A whole run with a model, and the same run again from its record: the same plan and the same motion, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from grounding import grounded
from pydantic import JsonValue

from lmp import registry
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.request import Reply, Request
from lmp.record import RunFolder
from lmp.record.check import check
from lmp.runtime.agent import Agent
from lmp.runtime.worlds import open_world
from lmp.schema.episode import Episode
from lmp.schema.outcome import Outcome
from lmp.schema.plan import Refusal, Subgoal
from lmp.schema.skill import SkillParameters

WORDS = "pick up the red block"
SKILLS = {name: registry.load("skill", name).spec for name in registry.known("skill")}


class Dictated:
    """Answers with a plan that was made by rules; its first answer is wrong."""

    name = "openai:m"

    def __init__(self, plan: tuple[Subgoal, ...], primitives: list[SkillParameters]):
        self.parameters: dict[str, JsonValue] = {}
        self.plan, self.primitives = plan, primitives

    def reply(self, request: Request) -> Reply:
        if request.question == "ground":
            primitive = self.primitives.pop(0).model_dump(mode="json")
            return Reply(json.dumps({"reasoning": "as the rules say", "primitive": primitive}))
        if not request.turns:
            return Reply('{"subgoals": "push the cup"}')
        said = {"description", "skill", "objects", "success", "step", "lasting"}
        subgoals = [{"reasoning": "as the rules say", **one.model_dump(mode="json", include=said)} for one in self.plan]
        return Reply(json.dumps({"understanding": "as the rules say", "subgoals": subgoals}))


def run(planner: object, out: Path) -> Episode:
    with open_world("kinematic:tabletop", seed=3) as world:
        return Agent(world, planner).run(WORDS, out=out, report=False)  # type: ignore[arg-type]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run in which a model was asked, and had to be asked again."""
    with open_world("kinematic:tabletop", seed=3) as world:
        rules = Agent(world)
        scene = rules.perceive()
        plan = rules.decompose(WORDS, scene)
        assert not isinstance(plan, Refusal)
        primitives = [grounded(rules, subgoal, scene) for subgoal in plan]
    out = tmp_path_factory.mktemp("work") / "runs" / "then"
    episode = run(ModelPlanner(Dictated(plan, primitives), SKILLS), out)  # type: ignore[arg-type]
    assert (episode.outcome, episode.verified) == (Outcome.SUCCEEDED, True), episode.error
    assert episode.models is not None
    assert (episode.models.questions, episode.models.calls) == (2, 3)
    return out


def test_the_same_plan_and_motion_come_out_of_the_record(recorded: Path, tmp_path: Path) -> None:
    episode = run(f"replay:{recorded}", tmp_path / "now")
    assert (episode.outcome, episode.verified, episode.planner) == (Outcome.SUCCEEDED, True, f"replay:{recorded}")
    for kind in ("plans", "trajectories"):
        then, now = (contents(folder / kind) for folder in (recorded, tmp_path / "now"))
        assert then
        assert then == now
    before, after = (RunFolder.open(folder).load_exchanges() for folder in (recorded, tmp_path / "now"))
    assert [(one.user, one.answer) for one in before] == [(one.user, one.answer) for one in after]
    assert check(recorded).faults == check(tmp_path / "now").faults == []


def test_another_seed_is_another_scene_and_is_said(recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(recorded.parents[1])
    with open_world("kinematic:tabletop", seed=4) as world:
        episode = Agent(world, "replay:then").run(WORDS, out=tmp_path / "now", report=False)
    assert episode.outcome is Outcome.PLANNER_FAILED
    assert episode.error is not None
    assert "has no answer to this question: 'decompose'. The nearest is exchange 1 of 2 ('decompose'); line" in episode.error
