"""Exchanges with a reader of the prompts who saw nothing else: their answers still fit, compile and lead to the same end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

import lmp
from lmp import registry
from lmp.planners.model.model_planner import ModelPlanner
from lmp.planners.model.request import Reply, Request

GOLDEN = {path.stem: json.loads(path.read_text()) for path in sorted((Path(__file__).parent / "golden").glob("*.json"))}


class GoldenClient:
    """Answers as the reader did, question by question."""

    name = "golden:reader"

    def __init__(self, answers: list[dict[str, Any]]):
        self.parameters: dict[str, JsonValue] = {}
        self._answers = iter(answers)

    def reply(self, request: Request) -> Reply:
        kept = next(self._answers)
        assert request.question == kept["question"]
        assert not request.turns, f"a good answer is complained about: {request.turns}"
        return Reply(json.dumps(kept["answer"]))


@pytest.mark.parametrize("name", GOLDEN)
def test_the_episode_ends_as_it_did(name: str, tmp_path: Path) -> None:
    kept = GOLDEN[name]
    skills = {skill: registry.load("skill", skill).spec for skill in registry.known("skill")}
    planner = ModelPlanner(GoldenClient(kept["answers"]), skills)
    with lmp.open_world(kept["world"], seed=kept["seed"]) as world:
        episode = lmp.run(kept["instruction"], world=world, planner=planner, out=tmp_path / "run", pictures=False, report=False)
    assert episode.outcome.value == kept["outcome"], episode.error
    assert episode.models is not None
    assert episode.models.calls == len(kept["answers"])
